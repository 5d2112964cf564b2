//! What every format's reader does, and the frame it holds ready.

use std::io;

use vigie_decode::{AddressKind, Body, Frame, Row, Status};

use crate::link::{BodyKind, IN_SCRATCH, NO_CHANNEL, Packet};
use crate::window::Window;
use crate::{Damage, DamageKind, Event, Sensors};

/// Why a reader gives up; the recording adds the path.
#[derive(Debug)]
pub(crate) enum Failure {
    Io(io::Error),
    Unreadable { offset: u64, what: String },
    Unrecognised { hint: String },
}

impl From<io::Error> for Box<Failure> {
    fn from(e: io::Error) -> Self {
        Self::new(Failure::Io(e))
    }
}

/// What the merge needs to know of an event to order it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// `number`: place in the order of arrival, where a live run recorded it; else 0.
    Frame {
        time_us: i64,
        sensor: u16,
        number: u64,
    },
    Fix {
        time_us: i64,
        sensor: Option<u16>,
        number: u64,
    },
    /// Damage and notes: they go with what was read before them.
    Aside,
}

/// Reading is in two steps, so that an event can be looked at again without borrowing the reader meanwhile:
/// `advance` goes to the next event (`false`: there is none), `key` tells its order, `event` lends it.
///
/// What goes through these calls once per frame fits in registers: moving events by value through every layer cost a third of the time.
pub(crate) trait Reader: Send {
    fn advance(&mut self, sensors: &mut Sensors) -> Result<bool, Box<Failure>>;
    fn key(&self) -> Key;
    fn event(&self) -> Event<'_>;
    /// Bytes of the file read so far.
    fn position(&self) -> u64;
}

/// What a reader may hold ready in a frame's stead; rare.
#[derive(Debug)]
pub(crate) enum Stead {
    Damage(Damage),
    Status(Status),
    Row(Sighted),
}

/// A sighting from a source that shows no frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sighted {
    pub(crate) address: String,
    pub(crate) address_kind: Option<AddressKind>,
    pub(crate) payload: Option<Vec<u8>>,
    pub(crate) rssi: Option<i8>,
}

/// The event a capture reader holds ready: a frame, as places in the buffer instead of slices, or what is in its stead.
#[derive(Debug)]
pub(crate) struct Ready {
    time_us: i64,
    number: u64,
    offset: u64,
    packet: Packet,
    sensor: u16,
    /// Place of the packet in the window.
    at: usize,
    len: usize,
    stead: Option<Box<Stead>>,
}

impl Ready {
    pub(crate) const fn new() -> Self {
        Self {
            time_us: 0,
            number: 0,
            offset: 0,
            packet: Packet {
                rssi: 0,
                channel: 0,
                body: BodyKind::H4,
                head: 0,
            },
            sensor: 0,
            at: 0,
            len: 0,
            stead: None,
        }
    }

    /// The packet at `at` in the window, read on `offset` of the file.
    #[inline]
    pub(crate) fn place(&mut self, offset: u64, at: usize, len: usize) {
        self.offset = offset;
        self.at = at;
        self.len = len;
        if self.stead.is_some() {
            self.stead = None;
        }
    }

    /// Its place in the order of arrival.
    #[inline]
    pub(crate) const fn number(&mut self, number: u64) {
        self.number = number;
    }

    #[cold]
    pub(crate) fn status(&mut self, status: Status) {
        self.time_us = status.time_us;
        self.sensor = status.sensor.unwrap_or(0);
        self.stead = Some(Box::new(Stead::Status(status)));
    }

    #[cold]
    pub(crate) fn row(&mut self, time_us: i64, sensor: u16, row: Sighted) {
        self.time_us = time_us;
        self.sensor = sensor;
        self.stead = Some(Box::new(Stead::Row(row)));
    }

    #[inline]
    pub(crate) const fn frame(&mut self, time_us: i64, sensor: u16, packet: Packet) {
        self.time_us = time_us;
        self.sensor = sensor;
        self.packet = packet;
    }

    #[cold]
    pub(crate) fn damage(&mut self, damage: Damage) {
        self.stead = Some(Box::new(Stead::Damage(damage)));
    }

    #[inline]
    pub(crate) fn key(&self) -> Key {
        if matches!(self.stead.as_deref(), Some(Stead::Damage(_))) {
            Key::Aside
        } else {
            Key::Frame {
                time_us: self.time_us,
                sensor: self.sensor,
                number: self.number,
            }
        }
    }

    /// Lends the event. `scratch` is where [`IN_SCRATCH`] points to.
    #[inline(always)]
    pub(crate) fn event<'a>(&'a self, window: &'a Window, scratch: &'a [u8]) -> Event<'a> {
        match self.stead.as_deref() {
            None => {}
            // Field by field, so that the frame's path is not forced through memory by a call that returns an event.
            Some(&Stead::Damage(Damage {
                kind,
                offset,
                ref detail,
                frames,
            })) => {
                return Event::Damage(Damage {
                    kind,
                    offset,
                    detail: detail.clone(),
                    frames,
                });
            }
            Some(&Stead::Status(status)) => return Event::Status(status),
            Some(Stead::Row(row)) => {
                return Event::Frame(Frame {
                    time_us: self.time_us,
                    sensor: self.sensor,
                    offset: self.offset,
                    rssi: row.rssi,
                    channel: None,
                    body: Body::Row(Row {
                        address: &row.address,
                        address_kind: row.address_kind,
                        pdu: None,
                        payload: row.payload.as_deref(),
                    }),
                });
            }
        }
        let Packet {
            rssi,
            channel,
            body,
            head,
        } = self.packet;
        let bytes = if head == IN_SCRATCH {
            scratch
        } else {
            window
                .slice(self.at, self.len)
                .get(usize::from(head)..)
                .unwrap_or_default()
        };
        Event::Frame(Frame {
            time_us: self.time_us,
            sensor: self.sensor,
            offset: self.offset,
            rssi: if rssi == 0 { None } else { Some(rssi) },
            channel: if channel == NO_CHANNEL {
                None
            } else {
                Some(channel)
            },
            body: body.with(bytes),
        })
    }
}

/// Shorthand: damage that stands for one packet.
pub(crate) fn lost_frame(kind: DamageKind, offset: u64, detail: impl Into<String>) -> Damage {
    Damage {
        kind,
        offset,
        detail: detail.into(),
        frames: true,
    }
}

/// Shorthand: damage that stands for no packet.
pub(crate) fn lost_bytes(kind: DamageKind, offset: u64, detail: impl Into<String>) -> Damage {
    Damage {
        kind,
        offset,
        detail: detail.into(),
        frames: false,
    }
}

/// What a search from `from` for the next whole record came to, in words. Where it found none, the rest is passed over.
pub(crate) fn passed_over(window: &mut Window, from: u64, found: bool) -> io::Result<String> {
    if found {
        let bytes = window.offset() - from;
        return Ok(format!(
            "{bytes} bytes passed over to the next whole record"
        ));
    }
    while window.fill(1)? {
        let all = window.bytes().len();
        window.consume(all);
    }
    Ok("no whole record behind it".to_owned())
}
