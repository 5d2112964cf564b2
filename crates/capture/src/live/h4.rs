//! A controller that speaks H4 (Core Specification Vol 4 Part A) over TCP or a Unix socket.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use vigie_decode::Condition;

use crate::DamageKind;
use crate::live::scanning::{self, Controller, Event, Learnt};
use crate::live::{Lost, Outlet, PATIENCE, Packet, Receiver};

/// How long to wait for a connection and for an answer.
const ANSWER: Duration = Duration::from_secs(2);
/// After so much silence the controller is asked whether it is there.
const ASK_AFTER: Duration = Duration::from_secs(10);

/// Where the controller is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
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
pub struct H4 {
    place: Place,
    link: Option<Link>,
    learnt: Learnt,
}

impl H4 {
    /// Not yet connected.
    #[must_use]
    pub fn new(place: Place) -> Self {
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
                    out.packet(link.framing.read_us, Packet::Hci(packet));
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
                self.framing.read_us = out.clock().now_us();
                self.framing.take(buffer.get(..got).unwrap_or_default());
                Ok(())
            }
            Err(e) if is_patience(&e) => Ok(()),
            Err(e) => Err(Lost::new(Condition::Unplugged, e.to_string())),
        }
    }

    fn report_damage(&mut self, out: &Outlet) {
        let passed_over = std::mem::take(&mut self.framing.passed_over);
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
                    Event::Reports => out.packet(link.framing.read_us, Packet::Hci(packet)),
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

/// Packets out of a stream of bytes.
///
/// Only events are packets here: data belong to connections, and none is ever made. A byte that was lost could otherwise turn a
/// report into data of 64 KiB that swallow every report behind it.
#[derive(Debug, Default)]
pub(crate) struct Framing {
    bytes: Vec<u8>,
    start: usize,
    /// When the latest bytes came, µs since 1970.
    read_us: i64,
    /// Bytes passed over because they begin no packet, since this was last taken.
    passed_over: u64,
    /// Where packets begin is not known: only what proves itself is one.
    astray: bool,
}

impl Framing {
    pub(crate) fn take(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.start);
        self.start = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole event with its indicator. What begins none is passed over byte by byte.
    pub(crate) fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            let rest = self.bytes.get(self.start..)?;
            match First::of(rest, self.astray) {
                First::Incomplete => return None,
                First::Event(length) => {
                    let packet = rest.get(..length)?.to_vec();
                    self.start += length;
                    self.astray = false;
                    return Some(packet);
                }
                First::Nothing => {
                    self.astray = true;
                    self.start += 1;
                    self.passed_over += 1;
                }
            }
        }
    }
}

/// What bytes begin with.
enum First {
    /// An event of so many bytes.
    Event(usize),
    /// What comes next will tell.
    Incomplete,
    Nothing,
}

impl First {
    fn of(bytes: &[u8], astray: bool) -> Self {
        let [scanning::EVENT, _, length, ..] = bytes else {
            return match bytes {
                [] | [scanning::EVENT] | [scanning::EVENT, _] => Self::Incomplete,
                _ => Self::Nothing,
            };
        };
        let length = 3 + usize::from(*length);
        if astray && !scanning::begins_what_we_asked_for(bytes) {
            return Self::Nothing;
        }
        match (bytes.get(..length), bytes.get(length)) {
            (None, _) => Self::Incomplete,
            (Some(event), _) if scanning::adds_up(event) => Self::Event(length),
            (Some(_), _) if astray => Self::Nothing,
            // A broken report is for the decoder to judge, if the next event begins where it ends.
            (Some(_), Some(&scanning::EVENT)) => Self::Event(length),
            (Some(_), Some(_)) => Self::Nothing,
            (Some(_), None) => Self::Incomplete,
        }
    }
}

/// For the fuzz target: any bytes, in pieces, give packets and never more bytes than came.
#[doc(hidden)]
pub fn fuzz(bytes: &[u8]) {
    let mut framing = Framing::default();
    let mut out = 0;
    for piece in bytes.chunks(7) {
        framing.take(piece);
        while let Some(packet) = framing.next() {
            out += packet.len();
            std::hint::black_box(scanning::event(&packet));
        }
    }
    assert!(out + framing.passed_over as usize <= bytes.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A legacy report with this much payload.
    fn report(payload: usize) -> Vec<u8> {
        let mut event = vec![4, 0x3E, (12 + payload) as u8, 2, 1, 3, 1];
        event.extend_from_slice(&[1, 2, 3, 4, 5, 0xC6, payload as u8]);
        // As confusing as it can be: every byte may begin an event.
        event.extend(std::iter::repeat_n(4, payload));
        event.push(0xC0);
        event
    }

    fn packets(stream: &[u8], size: usize) -> (Vec<Vec<u8>>, u64) {
        let mut framing = Framing::default();
        let mut packets = Vec::new();
        for piece in stream.chunks(size) {
            framing.take(piece);
            while let Some(packet) = framing.next() {
                packets.push(packet);
            }
        }
        (packets, framing.passed_over)
    }

    #[test]
    fn events_are_cut_out_of_pieces_and_garbage_is_counted() {
        let other = [4, 0x13, 1, 7];
        let stream = [&report(7)[..], &other, &[0xFF, 0xEE], &report(31)].concat();
        for size in 1..stream.len() {
            let expected = vec![report(7), other.to_vec(), report(31)];
            assert_eq!(packets(&stream, size), (expected, 2), "{size}");
        }
    }

    #[test]
    fn a_byte_lost_anywhere_costs_one_report_and_its_bytes_are_counted() {
        let whole = report(20);
        for lost in 0..whole.len() {
            let mut torn = whole.clone();
            torn.remove(lost);
            let after: Vec<u8> = (0..20).flat_map(|_| report(20)).collect();
            let stream = [&whole[..], &torn, &after].concat();
            let (packets, passed_over) = packets(&stream, 11);
            let good = packets.iter().filter(|p| **p == whole).count();
            assert!(good >= 20, "byte {lost}: {good}");
            let bytes: usize = packets.iter().map(Vec::len).sum();
            assert_eq!(
                bytes as u64 + passed_over,
                stream.len() as u64,
                "byte {lost}"
            );
        }
    }

    #[test]
    fn a_broken_report_between_whole_ones_is_handed_on() {
        let mut broken = report(20);
        broken[4] = 9;
        let stream = [report(3), broken.clone(), report(3)].concat();
        let expected = vec![report(3), broken, report(3)];
        assert_eq!(packets(&stream, 1000), (expected, 0));
    }
}
