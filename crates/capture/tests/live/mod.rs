//! A receiver at work in a test, and programs it talks to.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver as Channel, channel, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use vigie_capture::live::{
    GnssSpec, Heard, Outlet, Received, SensorSpec, SteadyClock, listen, positions, receiver,
};
use vigie_decode::Condition;

/// So long at most for something that must come; only a failing test waits so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A receiver in a thread of its own.
pub struct Listening {
    received: Channel<Received>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    pub clock: SteadyClock,
}

impl Listening {
    /// By the name of a sensor or of a source of positions.
    pub fn to(name: &str) -> Self {
        let (sensor, mut receiver) = match name.parse::<SensorSpec>() {
            Ok(spec) => (Some(3), receiver(&spec)),
            Err(_) => (None, positions(&name.parse::<GnssSpec>().unwrap())),
        };
        let (sender, received) = sync_channel(100_000);
        let (stop, clock) = (Arc::<AtomicBool>::default(), SteadyClock::start());
        let out = Outlet::new(sensor, clock, sender, stop.clone());
        let thread = std::thread::spawn(move || listen(&mut *receiver, &out));
        Self {
            received,
            stop,
            thread: Some(thread),
            clock,
        }
    }

    pub fn next(&self) -> Received {
        self.received
            .recv_timeout(PATIENCE)
            .expect("nothing came any more")
    }

    /// All up to what is looked for, that included.
    pub fn until(&self, mut wanted: impl FnMut(&Heard) -> bool) -> Vec<Received> {
        let mut all = Vec::new();
        loop {
            let next = self.next();
            let found = wanted(&next.what);
            all.push(next);
            if found {
                return all;
            }
        }
    }

    pub fn until_condition(&self, wanted: Condition) -> Vec<Received> {
        self.until(|what| matches!(what, Heard::Status(condition, ..) if *condition == wanted))
    }

    /// Stops it and gives what was left.
    pub fn stop(mut self) -> Vec<Received> {
        self.stop.store(true, Ordering::Relaxed);
        let rest = self.received.iter().collect();
        self.thread.take().unwrap().join().unwrap();
        rest
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// What was said, apart from the second's word that it listens.
pub fn conditions(received: &[Received]) -> Vec<(Condition, String)> {
    let said = received.iter().filter_map(|r| match &r.what {
        Heard::Status(condition, _, detail) => Some((*condition, detail.clone())),
        _ => None,
    });
    said.filter(|(condition, detail)| *condition != Condition::Listening || !detail.is_empty())
        .collect()
}

/// A program of this test alone; ended with it, and its standard output line by line.
pub struct Program {
    child: Child,
    lines: Channel<String>,
}

impl Program {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, lines }
    }

    /// Its lines up to one that begins so, that included.
    pub fn until(&self, start: &str) -> Vec<String> {
        let mut all = Vec::new();
        loop {
            let line = self.lines.recv_timeout(PATIENCE).expect(start);
            let found = line.starts_with(start);
            all.push(line);
            if found {
                return all;
            }
        }
    }

    /// Ends it and gives its remaining lines.
    pub fn end(mut self) -> Vec<String> {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.lines.iter().collect()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A Python that has bumble: the one that `VIGIE_BUMBLE_PYTHON` names, or the one that check.sh made.
pub fn bumble() -> Option<PathBuf> {
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/bumble/bin/python");
    std::env::var_os("VIGIE_BUMBLE_PYTHON")
        .filter(|p| !p.is_empty())
        .map(PathBuf::from)
        .or_else(|| made.is_file().then_some(made))
}

/// Our script that plays a scenario into a virtual controller.
pub fn controller(python: &Path, transport: &str, scenario: &Path) -> Command {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/virtual_controller.py");
    let mut command = Command::new(python);
    command.arg(script).arg(transport).arg(scenario);
    command
}
