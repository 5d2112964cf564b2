//! Runs a program of yours: the text on its standard input, the rest in its environment.
//!
//! Its environment is what a desktop's notifier needs and `VIGIE_ALARM_*`, not ours: that may hold passwords. It is started
//! directly, no shell reads anything. What it prints is dropped.

use std::io::Write;
use std::path::Path;
use std::process::{Command as Process, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde::Deserialize;
use vigie_keep::outbox::Message;

use super::failure::{Failure, Why};
use super::{Channel, PATIENCE};

/// Variables that are handed on.
const HANDED_ON: [&str; 12] = [
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "LC_ALL",
    "LC_MESSAGES",
    "TZ",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XDG_RUNTIME_DIR",
    "DBUS_SESSION_BUS_ADDRESS",
    "PULSE_SERVER",
];
/// Between two looks whether it has ended.
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// Settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// The program and its arguments.
    program: Vec<String>,
    /// It is ended after so long.
    timeout_s: Option<f64>,
}

impl Command {
    /// Ready to send, with the words that no error may show.
    pub fn open(&self, _folder: &Path) -> Result<(Box<dyn Channel>, Vec<String>)> {
        if self.program.first().is_none_or(String::is_empty) {
            bail!("program: [\"PROGRAM\", \"ARGUMENT\", …]");
        }
        let timeout = match self.timeout_s {
            None => PATIENCE,
            Some(s) if (0.1..=300.0).contains(&s) => Duration::from_secs_f64(s),
            Some(_) => bail!("timeout_s: 0.1 to 300"),
        };
        let open = Open {
            program: self.program.clone(),
            timeout,
        };
        Ok((Box::new(open), Vec::new()))
    }
}

struct Open {
    program: Vec<String>,
    timeout: Duration,
}

impl Channel for Open {
    fn send(&mut self, message: &Message) -> Result<(), Failure> {
        run(
            &self.program,
            message.text.as_bytes(),
            message,
            self.timeout,
        )
    }
}

/// Runs a program to its end, which must be a good one. `input` must fit into a pipe, 64 KiB: a program need not read it.
pub fn run(
    program: &[String],
    input: &[u8],
    message: &Message,
    timeout: Duration,
) -> Result<(), Failure> {
    let failed = |what: String| Failure::new(Why::Program, what);
    let Some((name, arguments)) = program.split_first() else {
        return Err(failed("no program is named".to_owned()));
    };
    let kept = HANDED_ON
        .iter()
        .filter_map(|n| Some((n, std::env::var_os(n)?)));
    let mut child = Process::new(name)
        .args(arguments)
        .env_clear()
        .envs(kept)
        .env("VIGIE_ALARM_ID", &message.key)
        .env("VIGIE_ALARM_KIND", &message.kind)
        .env("VIGIE_ALARM_TITLE", &message.title)
        .env("VIGIE_ALARM_TEXT", &message.text)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| failed(format!("{name} cannot be started: {e}")))?;
    if let Some(mut stdin) = child.stdin.take() {
        // Whoever does not want it closes it.
        let _ = stdin.write_all(input);
    }
    let until = Instant::now() + timeout;
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(failed(format!("{name} ended with {status}"))),
            Ok(None) if Instant::now() < until => std::thread::sleep(BETWEEN_LOOKS),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                let what = format!("{name} did not end within {timeout:?} and was ended");
                return Err(Failure::new(Why::TimedOut, what));
            }
            Err(e) => return Err(failed(format!("{name}: {e}"))),
        }
    }
}
