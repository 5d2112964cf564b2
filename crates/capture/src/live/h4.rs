//! A controller that speaks H4 (Core Specification Vol 4 Part A) over TCP or a Unix socket.

use std::io;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

use vigie_decode::Condition;

use crate::live::connection::connect;
use crate::live::controller::{ANSWER, Session, Stream};
use crate::live::{Lost, Outlet, PATIENCE, Receiver};

/// Where the controller is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// `HOST:PORT`.
    Tcp(String),
    /// Path of a socket.
    Unix(PathBuf),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tcp(address) => f.write_str(address),
            Self::Unix(path) => write!(f, "{}", path.display()),
        }
    }
}

/// The receiver.
pub(crate) struct H4 {
    place: Place,
    session: Option<Session>,
}

impl H4 {
    /// Not yet connected.
    pub(crate) fn new(place: Place) -> Self {
        Self {
            place,
            session: None,
        }
    }

    fn connect(&self) -> io::Result<Box<dyn Stream>> {
        match &self.place {
            Place::Tcp(address) => {
                let stream = connect(address, ANSWER)?;
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
            Place::Unix(path) => {
                let stream = UnixStream::connect(path)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(ANSWER))?;
                Ok(Box::new(stream))
            }
        }
    }
}

impl Receiver for H4 {
    fn open(&mut self, out: &Outlet) -> Result<(), Lost> {
        let stream = self
            .connect()
            .map_err(|e| Lost::new(Condition::Unplugged, format!("{}: {e}", self.place)))?;
        self.session = Some(Session::begin(stream, out)?);
        Ok(())
    }

    fn receive(&mut self, out: &Outlet) -> Result<(), Lost> {
        match &mut self.session {
            Some(session) => session.receive(out),
            None => Err(Lost::new(Condition::Unplugged, "not connected")),
        }
    }

    fn close(&mut self) {
        if let Some(session) = self.session.take() {
            session.end();
        }
    }

    fn description(&self) -> String {
        self.session
            .as_ref()
            .map(Session::description)
            .unwrap_or_default()
    }
}
