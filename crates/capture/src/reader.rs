//! What every format's reader does, and the frame it holds ready.

use std::io;

use vigie_decode::Frame;

use crate::link::{Packet, Place};
use crate::window::Window;
use crate::{Damage, DamageKind, Event, Note, Sensors};

/// Why a reader gives up; the recording adds the path.
#[derive(Debug)]
pub(crate) enum Failure {
    Io(io::Error),
    Unreadable { offset: u64, what: String },
    Unrecognised { hint: String },
}

impl From<io::Error> for Failure {
    fn from(e: io::Error) -> Self {
        Self::Io(e)
    }
}

/// What the merge needs to know of an event to order it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Frame { time_us: i64, sensor: u16 },
    Fix { time_us: i64, sensor: Option<u16> },
    /// Damage and notes: they go with what was read before them.
    Aside,
}

/// Reading is in two steps, so that an event can be looked at again without borrowing the reader meanwhile:
/// `advance` goes to the next event and tells its order, `event` lends it.
pub(crate) trait Reader: Send {
    fn advance(&mut self, sensors: &mut Sensors) -> Result<Option<Key>, Failure>;
    fn event(&self) -> Event<'_>;
    /// Bytes of the file read so far.
    fn position(&self) -> u64;
}

/// The event a capture reader holds ready: like [`Event`], with places in the buffer instead of slices.
#[derive(Debug)]
pub(crate) enum Ready {
    Nothing,
    Frame(ReadyFrame),
    Damage(Damage),
    Note(Note),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct ReadyFrame {
    pub(crate) time_us: i64,
    pub(crate) offset: u64,
    pub(crate) packet: Packet,
    pub(crate) sensor: u16,
    /// Place of the packet in the window.
    pub(crate) at: usize,
    pub(crate) len: usize,
}

impl Ready {
    /// Lends the event. `scratch` is where [`Place::Scratch`] points to.
    #[inline]
    pub(crate) fn event<'a>(&self, window: &'a Window, scratch: &'a [u8]) -> Event<'a> {
        match self {
            Self::Frame(f) => Event::Frame(f.lend(window, scratch)),
            Self::Damage(damage) => Event::Damage(damage.clone()),
            Self::Note(note) => Event::Note(note.clone()),
            // Only reached when nothing was advanced to, which `Recording` does not do.
            Self::Nothing => Event::Note(Note { detail: "nothing", text: String::new() }),
        }
    }
}

impl ReadyFrame {
    #[inline]
    fn lend<'a>(&self, window: &'a Window, scratch: &'a [u8]) -> Frame<'a> {
        let bytes = match self.packet.place {
            Place::From(head) => {
                window.slice(self.at, self.len).get(head..).unwrap_or_default()
            }
            Place::Scratch => scratch,
        };
        Frame {
            time_us: self.time_us,
            sensor: self.sensor,
            offset: self.offset,
            rssi: self.packet.rssi,
            channel: self.packet.channel,
            body: self.packet.body.with(bytes),
        }
    }
}

/// Shorthand: damage that stands for one packet.
pub(crate) fn lost_frame(kind: DamageKind, offset: u64, detail: impl Into<String>) -> Damage {
    Damage { kind, offset, detail: detail.into(), frames: true }
}

/// Shorthand: damage that stands for no packet.
pub(crate) fn lost_bytes(kind: DamageKind, offset: u64, detail: impl Into<String>) -> Damage {
    Damage { kind, offset, detail: detail.into(), frames: false }
}
