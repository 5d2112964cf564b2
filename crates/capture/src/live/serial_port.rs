//! A serial port, or what behaves like one: raw, read with patience.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::termios::{ControlModes, OptionalActions, tcgetattr, tcsetattr};
use vigie_decode::Condition;

use crate::live::connection::is_patience;
use crate::live::{Lost, PATIENCE};

/// How long the other side may take to accept what we write.
const WRITES: Duration = Duration::from_secs(2);

/// How a port is to be set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    /// Bits per second; `None` leaves what is set. USB devices with a port of their own do not care.
    pub(crate) speed: Option<u32>,
    /// Whether the lines RTS and CTS say when to send.
    pub(crate) flow_control: bool,
}

/// An open port.
pub(crate) struct SerialPort {
    path: PathBuf,
    file: File,
}

impl SerialPort {
    /// Opens a character device and makes it raw, or opens a pipe in the file system; a file that just ends is refused.
    pub(crate) fn open(path: &Path, settings: Settings) -> Result<Self, Lost> {
        let lost = |e: io::Error| lost(path, &e);
        let kind = std::fs::metadata(path).map_err(lost)?.file_type();
        if !kind.is_char_device() && !kind.is_fifo() {
            let what = format!(
                "{}: neither a serial port nor a pipe; recordings are read by `vigie replay`",
                path.display()
            );
            return Err(Lost::new(Condition::Refused, what));
        }
        // A pipe opened for writing as well does not end when a writer goes.
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags((OFlags::NOCTTY | OFlags::NONBLOCK).bits() as i32)
            .open(path)
            .map_err(lost)?;
        if kind.is_char_device() {
            make_raw(&file, settings).map_err(|e| lost(e.into()))?;
        }
        Ok(Self {
            path: path.to_owned(),
            file,
        })
    }

    /// What came; nothing after [`PATIENCE`].
    pub(crate) fn read<'b>(&mut self, buffer: &'b mut [u8]) -> Result<&'b [u8], Lost> {
        let ready = self.wait(PollFlags::IN, PATIENCE)?;
        if !ready {
            return Ok(&[]);
        }
        match self.file.read(buffer) {
            Ok(0) => Err(Lost::new(
                Condition::Unplugged,
                format!("{}: closed", self.path.display()),
            )),
            Ok(got) => Ok(buffer.get(..got).unwrap_or_default()),
            Err(e) if is_patience(&e) => Ok(&[]),
            Err(e) => Err(lost(&self.path, &e)),
        }
    }

    /// Writes all of it.
    pub(crate) fn write(&mut self, mut bytes: &[u8]) -> Result<(), Lost> {
        let until = Instant::now() + WRITES;
        while !bytes.is_empty() {
            match self.file.write(bytes) {
                Ok(taken) => bytes = bytes.get(taken..).unwrap_or_default(),
                Err(e) if is_patience(&e) && Instant::now() < until => {
                    self.wait(PollFlags::OUT, PATIENCE)?;
                }
                Err(e) if is_patience(&e) => {
                    let what = format!("{}: takes nothing", self.path.display());
                    return Err(Lost::new(Condition::Failing, what));
                }
                Err(e) => return Err(lost(&self.path, &e)),
            }
        }
        Ok(())
    }

    fn wait(&self, events: PollFlags, patience: Duration) -> Result<bool, Lost> {
        let timeout = Timespec::try_from(patience).ok();
        let mut wanted = [PollFd::new(&self.file, events)];
        match poll(&mut wanted, timeout.as_ref()) {
            Ok(ready) => Ok(ready > 0),
            Err(rustix::io::Errno::INTR) => Ok(false),
            Err(e) => Err(lost(&self.path, &e.into())),
        }
    }
}

/// What came before is dropped: nobody knows when that was.
fn make_raw(file: &File, settings: Settings) -> Result<(), rustix::io::Errno> {
    let mut modes = tcgetattr(file)?;
    modes.make_raw();
    modes.control_modes |= ControlModes::CLOCAL | ControlModes::CREAD;
    modes
        .control_modes
        .set(ControlModes::CRTSCTS, settings.flow_control);
    if let Some(speed) = settings.speed {
        modes.set_speed(speed)?;
    }
    tcsetattr(file, OptionalActions::Flush, &modes)
}

fn lost(path: &Path, e: &io::Error) -> Lost {
    let condition = match e.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ResourceBusy => Condition::Refused,
        _ => Condition::Unplugged,
    };
    let hint = match e.kind() {
        io::ErrorKind::PermissionDenied => "; ports usually belong to the group dialout",
        io::ErrorKind::ResourceBusy => "; another program has it",
        _ => "",
    };
    Lost::new(condition, format!("{}: {e}{hint}", path.display()))
}
