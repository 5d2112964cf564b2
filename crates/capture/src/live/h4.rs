//! A controller that speaks H4 (Core Specification Vol 4 Part A) over TCP or a Unix socket.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use vigie_decode::Condition;

use crate::DamageKind;
use crate::live::framing::Framing;
use crate::live::scanning::{self, Controller, Event, Learnt};
use crate::live::{Lost, Outlet, PATIENCE, Packet, Receiver};

/// How long to wait for a connection and for an answer.
const ANSWER: Duration = Duration::from_secs(2);
/// After so much silence the controller is asked whether it is there.
const ASK_AFTER: Duration = Duration::from_secs(10);

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
    link: Option<Link>,
    learnt: Learnt,
}

impl H4 {
    /// Not yet connected.
    pub(crate) fn new(place: Place) -> Self {
        Self {
            place,
            link: None,
            learnt: Learnt::default(),
        }
    }

    fn connect(&self) -> io::Result<Box<dyn Stream>> {
        match &self.place {
            Place::Tcp(address) => {
                let mut last = io::Error::from(io::ErrorKind::NotFound);
                for address in address.to_socket_addrs()? {
                    match TcpStream::connect_timeout(&address, ANSWER) {
                        Ok(stream) => {
                            stream.set_read_timeout(Some(PATIENCE))?;
                            stream.set_write_timeout(Some(ANSWER))?;
                            stream.set_nodelay(true)?;
                            return Ok(Box::new(stream));
                        }
                        Err(e) => last = e,
                    }
                }
                Err(last)
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

trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

impl Receiver for H4 {
    fn open(&mut self, out: &Outlet) -> Result<(), Lost> {
        let stream = self
            .connect()
            .map_err(|e| Lost::new(Condition::Unplugged, format!("{}: {e}", self.place)))?;
        let mut link = Link {
            stream,
            framing: Framing::default(),
            heard: Instant::now(),
        };
        self.learnt = scanning::begin(&mut Asking(&mut link, out), true)?;
        self.link = Some(link);
        Ok(())
    }

    fn receive(&mut self, out: &Outlet) -> Result<(), Lost> {
        let Some(link) = &mut self.link else {
            return Err(Lost::new(Condition::Unplugged, "not connected"));
        };
        if link.heard.elapsed() >= ASK_AFTER {
            // Quiet air, or a controller that is no longer there?
            let version = scanning::opcode::READ_LOCAL_VERSION;
            Asking(link, out).ask(version, &[])?;
            link.heard = Instant::now();
        }
        link.read(out)?;
        let mut trouble = None;
        while let Some(packet) = link.framing.next() {
            match scanning::event(&packet) {
                Event::Reports => {
                    link.heard = Instant::now();
                    out.packet(link.framing.read_us(), Packet::Hci(packet));
                }
                Event::HardwareError(code) => trouble = Some(code),
                Event::Answer(..) | Event::Other => {}
            }
        }
        link.report_damage(out);
        match trouble {
            None => Ok(()),
            Some(code) => Err(Lost::new(
                Condition::Failing,
                format!("the controller reports hardware error {code:#04x}"),
            )),
        }
    }

    fn close(&mut self) {
        let Some(mut link) = self.link.take() else {
            return;
        };
        // A connection that is cut cannot be told, and need not be.
        let _ = link.stream.write_all(&scanning::end(self.learnt.extended));
    }

    fn description(&self) -> String {
        self.learnt.description()
    }
}

struct Link {
    stream: Box<dyn Stream>,
    framing: Framing,
    heard: Instant,
}

impl Link {
    /// Reads what is there, or waits a little.
    fn read(&mut self, out: &Outlet) -> Result<(), Lost> {
        let mut buffer = [0; 16 * 1024];
        match self.stream.read(&mut buffer) {
            Ok(0) => Err(Lost::new(Condition::Unplugged, "the connection was closed")),
            Ok(got) => {
                let now_us = out.clock().now_us();
                self.framing
                    .take(buffer.get(..got).unwrap_or_default(), now_us);
                Ok(())
            }
            Err(e) if is_patience(&e) => Ok(()),
            Err(e) => Err(Lost::new(Condition::Unplugged, e.to_string())),
        }
    }

    fn report_damage(&mut self, out: &Outlet) {
        let passed_over = self.framing.take_passed_over();
        if passed_over > 0 {
            let detail = format!("{passed_over} bytes that begin no packet");
            out.damage(DamageKind::ImpossibleLength, detail);
        }
    }
}

fn is_patience(e: &io::Error) -> bool {
    matches!(
        e.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
    )
}

/// A link that is asked something; reports that come meanwhile are handed on.
struct Asking<'l>(&'l mut Link, &'l Outlet);

impl Controller for Asking<'_> {
    fn ask(&mut self, opcode: u16, parameters: &[u8]) -> Result<(u8, Vec<u8>), Lost> {
        let Self(link, out) = self;
        link.stream
            .write_all(&scanning::command(opcode, parameters))
            .map_err(|e| Lost::new(Condition::Unplugged, e.to_string()))?;
        let until = Instant::now() + ANSWER;
        while Instant::now() < until && !out.is_stopped() {
            link.read(out)?;
            while let Some(packet) = link.framing.next() {
                match scanning::event(&packet) {
                    Event::Answer(answered, status, returned) if answered == opcode => {
                        return Ok((status, returned.to_vec()));
                    }
                    Event::Reports => out.packet(link.framing.read_us(), Packet::Hci(packet)),
                    _ => {}
                }
            }
            link.report_damage(out);
        }
        if out.is_stopped() {
            return Err(Lost::new(Condition::Stopped, "stopped"));
        }
        Err(scanning::no_answer(opcode))
    }
}
