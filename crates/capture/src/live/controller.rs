//! A controller at the other end of a stream of H4 packets (Core Specification Vol 4 Part A): asked to listen, listened to, asked
//! whether it is still there.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use vigie_decode::Condition;

use crate::DamageKind;
use crate::live::connection::is_patience;
use crate::live::framing::Framing;
use crate::live::scanning::{self, Controller, Event, Learnt};
use crate::live::silence::ASK_AFTER;
use crate::live::{Lost, Outlet, Packet};

/// How long to wait for an answer.
pub(crate) const ANSWER: Duration = Duration::from_secs(2);

pub(crate) trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

/// A controller that listens.
pub(crate) struct Session {
    link: Link,
    learnt: Learnt,
}

impl Session {
    /// Makes the controller listen. Reading from `stream` must end after [`PATIENCE`](crate::live::PATIENCE).
    pub(crate) fn begin(stream: Box<dyn Stream>, out: &Outlet) -> Result<Self, Lost> {
        let mut link = Link {
            stream,
            framing: Framing::default(),
            heard: Instant::now(),
        };
        let learnt = scanning::begin(&mut Asking(&mut link, out), true)?;
        Ok(Self { link, learnt })
    }

    /// Hands out what came.
    pub(crate) fn receive(&mut self, out: &Outlet) -> Result<(), Lost> {
        let link = &mut self.link;
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

    /// Stops listening.
    pub(crate) fn end(mut self) {
        // A connection that is cut cannot be told, and need not be.
        let _ = self
            .link
            .stream
            .write_all(&scanning::end(self.learnt.extended));
    }

    /// What kind of controller it is.
    pub(crate) fn description(&self) -> String {
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
        Err(scanning::no_answer(opcode))
    }
}
