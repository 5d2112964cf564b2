//! What tests of live receivers share: a receiver that listens, and a pseudo-terminal whose other end plays the device.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use vigie_capture::live::{self, GnssSpec, Heard, Outlet, Received, SensorSpec, SteadyClock};
use vigie_decode::Condition;

/// So long a test waits for what must come; it is no measure of speed.
const HANGS: Duration = Duration::from_secs(120);

/// A receiver that listens in a thread of its own.
pub struct Listening {
    pub clock: SteadyClock,
    received: Receiver<Received>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Listening {
    pub fn to_sensor(spec: &str) -> Self {
        let spec: SensorSpec = spec.parse().unwrap();
        Self::begin(Some(0), move || live::receiver(&spec))
    }

    pub fn to_positions(spec: &str) -> Self {
        let spec: GnssSpec = spec.parse().unwrap();
        Self::begin(None, move || live::positions(&spec))
    }

    fn begin(
        sensor: Option<u16>,
        make: impl FnOnce() -> Box<dyn live::Receiver> + Send + 'static,
    ) -> Self {
        let (sender, received) = sync_channel(100_000);
        let stop = Arc::new(AtomicBool::new(false));
        let clock = SteadyClock::start();
        let out = Outlet::new(sensor, clock, sender, stop.clone());
        let thread = std::thread::spawn(move || live::listen(&mut *make(), &out));
        Self {
            clock,
            received,
            stop,
            thread: Some(thread),
        }
    }

    /// Everything up to the first for which `is_it` holds, that one included.
    pub fn until(&self, what: &str, mut is_it: impl FnMut(&Received) -> bool) -> Vec<Received> {
        let began = Instant::now();
        let mut all = Vec::new();
        while began.elapsed() < HANGS {
            if let Ok(one) = self.received.recv_timeout(Duration::from_millis(100)) {
                let found = is_it(&one);
                all.push(one);
                if found {
                    return all;
                }
            }
        }
        let tail = &all[all.len().saturating_sub(10)..];
        panic!(
            "never came: {what}; of {} things the last are {tail:#?}",
            all.len()
        );
    }

    pub fn until_stated(&self, condition: Condition) -> Vec<Received> {
        self.until(condition.as_str(), |one| stated(one) == Some(condition))
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub fn stated(received: &Received) -> Option<Condition> {
    match received.what {
        Heard::Status(condition, ..) => Some(condition),
        _ => None,
    }
}

pub fn damage(all: &[Received]) -> usize {
    let is_damage = |r: &&Received| matches!(r.what, Heard::Damage(..));
    all.iter().filter(is_damage).count()
}

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

pub fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("port");
    (folder, link)
}
