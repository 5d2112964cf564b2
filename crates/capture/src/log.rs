//! A log held in memory: rows and fixes, sorted stably by time, with what was wrong and what is worth saying in front.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use vigie_decode::{AddressKind, Body, Fix, Frame, PduType, Row};

use crate::link::known_rssi;
use crate::reader::{Failure, Key, Reader};
use crate::{Damage, DamageKind, Event, Note, Sensors};

/// Logs must be sorted, so they are held whole; what is longer than this is not read.
pub(crate) const MAX_LOG: u64 = 1 << 30;

#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: Vec<Entry>,
    /// Addresses and payloads, one after another.
    arena: Vec<u8>,
    lost: Vec<Lost>,
    notes: Vec<Note>,
    said: BTreeSet<(&'static str, String)>,
    pub(crate) vehicles: BTreeMap<u16, String>,
    length: u64,
}

#[derive(Debug)]
enum Entry {
    Row(StoredRow),
    /// With its place in the order of arrival, where a live run recorded it; else 0.
    Fix(Fix, u64),
}

#[derive(Debug)]
struct StoredRow {
    time_us: i64,
    offset: u64,
    address: Span,
    payload: Option<Span>,
    sensor: u16,
    rssi: Option<i8>,
    channel: Option<u8>,
    address_kind: Option<AddressKind>,
    pdu: Option<PduType>,
    frame: Option<StoredFrame>,
}

/// A row that does hold a frame (Kismet's database): `payload` are its bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StoredFrame(pub(crate) crate::link::BodyKind);

#[derive(Debug, Clone, Copy)]
struct Span {
    start: usize,
    len: usize,
}

#[derive(Debug)]
struct Lost {
    kind: DamageKind,
    offset: u64,
    detail: Cow<'static, str>,
    frames: bool,
}

/// One row as a format's parser gives it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct NewRow<'a> {
    pub(crate) time_us: i64,
    pub(crate) sensor: u16,
    pub(crate) offset: u64,
    /// dBm as written; 0, 127 and what does not fit are unknown.
    pub(crate) rssi: Option<i64>,
    pub(crate) channel: Option<u8>,
    pub(crate) address: &'a str,
    pub(crate) address_kind: Option<AddressKind>,
    pub(crate) pdu: Option<PduType>,
    pub(crate) payload: Option<&'a [u8]>,
}

/// What a position turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Position {
    Good,
    /// Both zero, or not there: no fix.
    Absent,
    OutOfRange,
}

/// Judges a latitude and longitude in degrees.
pub(crate) fn judge_position(lat: f64, lon: f64) -> Position {
    if lat == 0.0 && lon == 0.0 {
        Position::Absent
    } else if lat.is_finite() && lon.is_finite() && lat.abs() <= 90.0 && lon.abs() <= 180.0 {
        Position::Good
    } else {
        Position::OutOfRange
    }
}

impl Log {
    pub(crate) fn new(length: u64) -> Self {
        Self {
            length,
            ..Self::default()
        }
    }

    fn store(&mut self, bytes: &[u8]) -> Span {
        let start = self.arena.len();
        self.arena.extend_from_slice(bytes);
        Span {
            start,
            len: bytes.len(),
        }
    }

    fn stored(&self, span: Span) -> &[u8] {
        self.arena
            .get(span.start..span.start + span.len)
            .unwrap_or_default()
    }

    pub(crate) fn row(&mut self, row: NewRow<'_>) {
        let address = self.store(row.address.as_bytes());
        let payload = row.payload.map(|p| self.store(p));
        self.entries.push(Entry::Row(StoredRow {
            time_us: row.time_us,
            offset: row.offset,
            address,
            payload,
            sensor: row.sensor,
            rssi: row
                .rssi
                .and_then(|r| i8::try_from(r).ok())
                .and_then(known_rssi),
            channel: row.channel.filter(|&c| c < 40),
            address_kind: row.address_kind,
            pdu: row.pdu,
            frame: None,
        }));
    }

    /// A row that holds a frame's bytes.
    pub(crate) fn frame(&mut self, row: NewRow<'_>, frame: StoredFrame) {
        self.row(row);
        if let Some(Entry::Row(stored)) = self.entries.last_mut() {
            stored.frame = Some(frame);
        }
    }

    /// Takes a position in, if it is one; says damage if it cannot be.
    pub(crate) fn fix(&mut self, fix: Fix, offset: u64) {
        self.numbered_fix(fix, offset, 0);
    }

    /// The same with its place in the order of arrival.
    pub(crate) fn numbered_fix(&mut self, fix: Fix, offset: u64, number: u64) {
        match judge_position(fix.lat, fix.lon) {
            Position::Good => self.entries.push(Entry::Fix(fix, number)),
            Position::Absent => {}
            Position::OutOfRange => {
                self.lose(
                    DamageKind::BadPosition,
                    offset,
                    "latitude or longitude out of range",
                    false,
                );
            }
        }
    }

    pub(crate) fn lose(
        &mut self,
        kind: DamageKind,
        offset: u64,
        detail: impl Into<Cow<'static, str>>,
        frames: bool,
    ) {
        self.lost.push(Lost {
            kind,
            offset,
            detail: detail.into(),
            frames,
        });
    }

    /// Says something once.
    pub(crate) fn note(&mut self, detail: &'static str, text: &str) {
        const MOST: usize = 1000;
        if self.said.len() < MOST && self.said.insert((detail, text.to_owned())) {
            self.notes.push(Note {
                detail,
                text: text.to_owned(),
            });
        }
    }

    /// Whether nothing at all came out of the file.
    pub(crate) fn is_barren(&self) -> bool {
        self.entries.is_empty()
    }

    /// What is wrong first, for an error when nothing could be read.
    pub(crate) fn first_damage(&self) -> Option<(u64, String)> {
        self.lost.first().map(|l| (l.offset, l.detail.to_string()))
    }

    pub(crate) fn into_reader(mut self) -> LogReader {
        self.entries.sort_by_key(|e| (e.number(), e.time_us()));
        LogReader { log: self, next: 0 }
    }
}

impl Entry {
    const fn time_us(&self) -> i64 {
        match self {
            Self::Row(row) => row.time_us,
            Self::Fix(fix, _) => fix.time_us,
        }
    }

    const fn number(&self) -> u64 {
        match self {
            Self::Row(_) => 0,
            Self::Fix(_, number) => *number,
        }
    }
}

/// Gives notes, then damage, then rows and fixes in order of time.
pub(crate) struct LogReader {
    log: Log,
    /// Number of events advanced over.
    next: usize,
}

impl LogReader {
    pub(crate) const fn vehicles(&self) -> &BTreeMap<u16, String> {
        &self.log.vehicles
    }

    /// Whether a live run wrote it: positions with their place in the order of arrival.
    pub(crate) fn is_numbered(&self) -> bool {
        let numbered = |entry: &Entry| matches!(entry, Entry::Fix(_, number) if *number > 0);
        self.log.entries.iter().all(numbered)
    }

    fn entry(&self, index: usize) -> Option<&Entry> {
        self.log
            .entries
            .get(index.checked_sub(self.log.notes.len() + self.log.lost.len())?)
    }
}

impl Reader for LogReader {
    fn advance(&mut self, _: &mut Sensors) -> Result<bool, Box<Failure>> {
        let all = self.log.notes.len() + self.log.lost.len() + self.log.entries.len();
        let more = self.next < all;
        self.next += usize::from(more);
        Ok(more)
    }

    fn key(&self) -> Key {
        match self.entry(self.next.saturating_sub(1)) {
            None => Key::Aside,
            Some(Entry::Row(row)) => Key::Frame {
                time_us: row.time_us,
                sensor: row.sensor,
                number: 0,
            },
            Some(Entry::Fix(fix, number)) => Key::Fix {
                time_us: fix.time_us,
                sensor: fix.sensor,
                number: *number,
            },
        }
    }

    fn event(&self) -> Event<'_> {
        let index = self.next.saturating_sub(1);
        if let Some(note) = self.log.notes.get(index) {
            return Event::Note(note.clone());
        }
        if let Some(lost) = self.log.lost.get(index - self.log.notes.len()) {
            return Event::Damage(Damage {
                kind: lost.kind,
                offset: lost.offset,
                detail: lost.detail.to_string(),
                frames: lost.frames,
            });
        }
        match self.entry(index) {
            Some(Entry::Fix(fix, _)) => Event::Fix(*fix),
            Some(Entry::Row(row)) => Event::Frame(self.log.lend(row)),
            None => Event::Note(Note {
                detail: "nothing",
                text: String::new(),
            }),
        }
    }

    fn position(&self) -> u64 {
        // The file is read; progress is how much of it was given out.
        let all = self.log.notes.len() + self.log.lost.len() + self.log.entries.len();
        let share = self.next as f64 / all.max(1) as f64;
        (share * self.log.length as f64) as u64
    }
}

impl Log {
    fn lend<'a>(&'a self, row: &StoredRow) -> Frame<'a> {
        let bytes = row.payload.map(|p| self.stored(p));
        let body = match row.frame {
            Some(StoredFrame(kind)) => kind.with(bytes.unwrap_or_default()),
            None => Body::Row(Row {
                // Stored from a `str`, so this does not fail.
                address: std::str::from_utf8(self.stored(row.address)).unwrap_or_default(),
                address_kind: row.address_kind,
                pdu: row.pdu,
                payload: bytes,
            }),
        };
        Frame {
            time_us: row.time_us,
            sensor: row.sensor,
            offset: row.offset,
            rssi: row.rssi,
            channel: row.channel,
            body,
        }
    }
}
