//! A pseudo-terminal whose other end plays a device.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// A pseudo-terminal, linked to from a path that stays: the port of a device that is plugged in. Dropped, it is pulled out.
pub struct Port {
    device: File,
}

impl Port {
    pub fn plug_in(link: &Path) -> Self {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
        let device = openpt(flags).unwrap();
        grantpt(&device).unwrap();
        unlockpt(&device).unwrap();
        let name = ptsname(&device, Vec::new()).unwrap();
        let _ = std::fs::remove_file(link);
        std::os::unix::fs::symlink(name.to_str().unwrap(), link).unwrap();
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::RDWR;
        rustix::fs::fcntl_setfl(&device, flags).unwrap();
        Self {
            device: File::from(device),
        }
    }

    /// What the host wrote; nothing while it has not opened the port.
    pub fn read(&mut self) -> Vec<u8> {
        let mut buffer = [0; 4096];
        let got = self.device.read(&mut buffer).unwrap_or(0);
        buffer[..got].to_vec()
    }

    /// What does not fit is lost, as from a device whose host does not listen.
    pub fn write(&mut self, bytes: &[u8]) {
        let _ = self.device.write(bytes);
    }
}

/// A device that runs until it is pulled out.
pub struct Device {
    pull: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Device {
    /// `step` is called again and again with the port.
    pub fn plug_in(link: &Path, mut step: impl FnMut(&mut Port) + Send + 'static) -> Self {
        let mut port = Port::plug_in(link);
        let pull = Arc::new(AtomicBool::new(false));
        let pulled = pull.clone();
        let thread = std::thread::spawn(move || {
            while !pulled.load(Ordering::Relaxed) {
                step(&mut port);
                std::thread::sleep(Duration::from_millis(4));
            }
        });
        Self {
            pull,
            thread: Some(thread),
        }
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        self.pull.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A folder, and the path of a port in it.
pub fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("port");
    (folder, link)
}
