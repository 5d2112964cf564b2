//! Opens the console of a run: where it listens, what is printed of it, and the browser.

use std::io::{IsTerminal, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::NamedTempFile;
use vigie_console::{Console, ConsoleError, Hub, Run, Settings};
use vigie_show::{Texts, Value};

use crate::stop::Stop;

/// Where it listens unless somebody says otherwise.
pub const USUAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8750);
/// The link that is handed to the browser is void after so long: others on this machine may see what is started with what.
const BROWSER_LINK: Duration = Duration::from_secs(60);

/// How to open it.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// Where to listen; `None`: as usual, or on any address that is free.
    pub listen: Option<SocketAddr>,
    /// Folder of the case, for its log and its alarms.
    pub case: Option<&'a Path>,
    /// Open a browser where there is one.
    pub browser: bool,
}

/// A console that is open, until it is dropped.
pub struct Opened {
    hub: Arc<Hub>,
    _console: Console,
    /// Holds the link where there is no terminal to print it to.
    _link: Option<NamedTempFile>,
}

impl Opened {
    /// Opens it, and prints on standard error where.
    pub fn begin(run: Run, wanted: &Wanted<'_>, texts: &Texts) -> Result<Self> {
        let hub = Arc::new(Hub::new(run));
        let settings = Settings {
            address: wanted.listen.unwrap_or(USUAL),
            elsewhere: wanted.listen.is_none(),
            language: texts.language(),
            case: wanted.case.map(PathBuf::from),
            who: user(),
        };
        let console = Console::start(Arc::clone(&hub), &settings)
            .map_err(|e| anyhow::Error::msg(worded(&e, texts)))?;
        let link = if std::io::stderr().is_terminal() {
            let link = console.link();
            let values = [("address", Value::Text(&link))];
            eprintln!("{}", texts.text_with("console-open", &values));
            None
        } else {
            let file = written(&console.link())?;
            let address = console.address();
            let path = file.path().display().to_string();
            let values = [
                ("address", Value::Text(&address)),
                ("path", Value::Text(&path)),
            ];
            eprintln!("{}", texts.text_with("console-address", &values));
            Some(file)
        };
        if wanted.browser
            && let Some(link) = console.link_for_a_while(BROWSER_LINK)
        {
            open_browser(&link);
        }
        Ok(Self {
            hub,
            _console: console,
            _link: link,
        })
    }

    /// What is shown.
    pub const fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// Serves until it is interrupted.
    pub fn until_interrupted(&self, stop: &Stop, texts: &Texts) {
        if !stop.asked() {
            eprintln!("{}", texts.text("console-serves"));
        }
        while !stop.asked() {
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn worded(error: &ConsoleError, texts: &Texts) -> String {
    match error {
        ConsoleError::NotLoopback(address) => {
            let address = address.to_string();
            texts.text_with(
                "console-not-loopback",
                &[("address", Value::Text(&address))],
            )
        }
        ConsoleError::Address { address, source } => {
            let (address, reason) = (address.to_string(), source.to_string());
            let values = [
                ("address", Value::Text(&address)),
                ("reason", Value::Text(&reason)),
            ];
            texts.text_with("console-busy", &values)
        }
        other => other.to_string(),
    }
}

/// The link in a file that only we can read: it goes to no log and to no list of processes.
fn written(link: &str) -> Result<NamedTempFile> {
    let folder = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let folder = folder.filter(|f| f.is_dir());
    let mut builder = tempfile::Builder::new();
    // Mode 0600, as all that this makes.
    builder.prefix("vigie-console-").suffix(".txt");
    let made = match folder {
        Some(folder) => builder.tempfile_in(folder),
        None => builder.tempfile(),
    };
    let mut file = made.context("the file for the link of the console")?;
    writeln!(file, "{link}").context("the file for the link of the console")?;
    Ok(file)
}

/// Whoever runs this, for the log.
fn user() -> String {
    let named = ["USER", "LOGNAME"].into_iter();
    let named = named.filter_map(|name| std::env::var(name).ok());
    named
        .into_iter()
        .find(|n| !n.is_empty())
        .unwrap_or_else(|| "?".to_owned())
}

/// Where there is a display, and somebody at a terminal to look at it.
fn open_browser(link: &str) {
    let display = ["DISPLAY", "WAYLAND_DISPLAY"];
    let display = display
        .into_iter()
        .any(|name| std::env::var_os(name).is_some());
    if !display || !std::io::stderr().is_terminal() {
        return;
    }
    // That there is no such program is no failure: the link is printed.
    let _ = Command::new("xdg-open")
        .arg(link)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
}

/// `127.0.0.1:8750`, `[::1]:8750`, `localhost:8750` or a port alone.
pub fn parse_listen(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.parse::<u16>() {
        return Ok(SocketAddr::new(USUAL.ip(), port));
    }
    let plain = text
        .strip_prefix("localhost:")
        .map(|port| format!("127.0.0.1:{port}"));
    let plain = plain.as_deref().unwrap_or(text);
    plain.parse().map_err(|_| "127.0.0.1:8750".to_owned())
}
