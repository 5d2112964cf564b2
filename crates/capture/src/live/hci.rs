//! An adapter of this machine through its HCI user channel: the whole adapter is ours while we listen, and as it was found
//! afterwards.

use std::io;
use std::time::{Duration, Instant};

use vigie_decode::Condition;

use crate::live::controller::Session;
use crate::live::hci_socket;
use crate::live::{Lost, Outlet, PATIENCE, Receiver};

/// How long the kernel may take to let go of an adapter that was brought down.
const LET_GO: Duration = Duration::from_secs(5);
const STEP: Duration = Duration::from_millis(50);

/// Error numbers of Linux that [`io::ErrorKind`] does not tell apart (`errno.h`; the same on every architecture we build for).
const EPERM: i32 = 1;
const EACCES: i32 = 13;
const EBUSY: i32 = 16;
const EUSERS: i32 = 87;
const ERFKILL: i32 = 132;

/// The receiver.
pub(crate) struct Hci {
    adapter: u16,
    session: Option<Session>,
    /// It was up when we came.
    brought_down: bool,
}

impl Hci {
    pub(crate) const fn new(adapter: u16) -> Self {
        Self {
            adapter,
            session: None,
            brought_down: false,
        }
    }

    /// Takes the adapter, bringing it down where it is up.
    fn take(&mut self) -> Result<std::fs::File, Lost> {
        let lost = |doing: &str, e: &io::Error| lost(self.adapter, doing, e);
        let until = Instant::now() + LET_GO;
        loop {
            match hci_socket::user_channel(self.adapter, PATIENCE) {
                Ok(channel) => return Ok(channel),
                Err(e) if e.raw_os_error() == Some(EBUSY) && Instant::now() < until => {
                    // Again each time: bluetoothd may have brought it up in between.
                    hci_socket::bring_down(self.adapter)
                        .map_err(|e| lost("bringing it down", &e))?;
                    self.brought_down = true;
                    std::thread::sleep(STEP);
                }
                Err(e) => return Err(lost("taking it", &e)),
            }
        }
    }
}

impl Receiver for Hci {
    fn open(&mut self, out: &Outlet) -> Result<(), Lost> {
        let channel = self.take()?;
        self.session = Some(Session::begin(Box::new(channel), out)?);
        Ok(())
    }

    fn receive(&mut self, out: &Outlet) -> Result<(), Lost> {
        match &mut self.session {
            Some(session) => session.receive(out),
            None => Err(Lost::new(Condition::Unplugged, "not open")),
        }
    }

    fn close(&mut self) {
        if let Some(session) = self.session.take() {
            session.end();
        }
        if std::mem::take(&mut self.brought_down) {
            // It may be gone, or up already by bluetoothd: both are as they should be.
            let _ = hci_socket::bring_up(self.adapter);
        }
    }

    fn description(&self) -> String {
        self.session
            .as_ref()
            .map(Session::description)
            .unwrap_or_default()
    }
}

/// What went wrong, and what to do about it.
fn lost(adapter: u16, doing: &str, e: &io::Error) -> Lost {
    let (condition, what) = match e.raw_os_error() {
        Some(EPERM | EACCES) => (
            Condition::Refused,
            "not permitted; the program needs the capabilities cap_net_admin and cap_net_raw",
        ),
        Some(EBUSY | EUSERS) => (
            Condition::Refused,
            "another program holds it; end that program",
        ),
        Some(ERFKILL) => (
            Condition::Refused,
            "switched off; `rfkill unblock bluetooth` switches it on",
        ),
        // No such adapter, or a kernel without Bluetooth: it may come.
        _ => (Condition::Unplugged, "no such adapter"),
    };
    Lost::new(condition, format!("hci{adapter}: {doing}: {what} ({e})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_wrong_decides_the_condition() {
        let of = |number| lost(0, "taking it", &io::Error::from_raw_os_error(number)).condition;
        for refused in [EPERM, EACCES, EBUSY, EUSERS, ERFKILL] {
            assert_eq!(of(refused), Condition::Refused);
        }
        // ENODEV, EAFNOSUPPORT.
        assert_eq!(of(19), Condition::Unplugged);
        assert_eq!(of(97), Condition::Unplugged);
    }

    #[test]
    fn an_adapter_that_is_not_there_is_unplugged() {
        // No machine has that many.
        let lost = Hci::new(u16::MAX - 1).take().unwrap_err();
        assert_eq!(lost.condition, Condition::Unplugged, "{lost}");
    }
}
