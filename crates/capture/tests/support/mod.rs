//! Reads a recording from memory into owned events.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use std::path::PathBuf;

use vigie_capture::{Damage, DamageKind, Error, Event, Format, Input, Note, Recording, Sensors};
use vigie_decode::{AddressKind, Body, CrcCheck, Fix, Frame, PduType};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeenBody {
    Air(Vec<u8>, CrcCheck),
    H4(Vec<u8>),
    HciEvent(Vec<u8>),
    Row(
        String,
        Option<AddressKind>,
        Option<PduType>,
        Option<Vec<u8>>,
    ),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenFrame {
    pub time_us: i64,
    pub sensor: String,
    pub offset: u64,
    pub rssi: Option<i8>,
    pub channel: Option<u8>,
    pub body: SeenBody,
}

impl SeenFrame {
    pub fn of(frame: &Frame<'_>, sensors: &Sensors) -> Self {
        let body = match frame.body {
            Body::LinkLayer { bytes, crc } => SeenBody::Air(bytes.to_vec(), crc),
            Body::H4(bytes) => SeenBody::H4(bytes.to_vec()),
            Body::HciEvent(bytes) => SeenBody::HciEvent(bytes.to_vec()),
            Body::Row(row) => SeenBody::Row(
                row.address.to_owned(),
                row.address_kind,
                row.pdu,
                row.payload.map(<[u8]>::to_vec),
            ),
        };
        Self {
            time_us: frame.time_us,
            sensor: sensors.name(frame.sensor).to_owned(),
            offset: frame.offset,
            rssi: frame.rssi,
            channel: frame.channel,
            body,
        }
    }

    pub fn address(&self) -> &str {
        match &self.body {
            SeenBody::Row(address, ..) => address,
            other => panic!("no row: {other:?}"),
        }
    }
}

#[derive(Debug, Default)]
pub struct Seen {
    pub format: Option<Format>,
    pub frames: Vec<SeenFrame>,
    pub fixes: Vec<Fix>,
    pub damage: Vec<Damage>,
    pub notes: Vec<Note>,
    pub statuses: Vec<vigie_decode::Status>,
    pub sensors: Sensors,
    pub vehicles: Vec<(String, String)>,
}

impl Seen {
    pub fn times(&self) -> Vec<i64> {
        self.frames.iter().map(|f| f.time_us).collect()
    }

    pub fn kinds(&self) -> Vec<DamageKind> {
        self.damage.iter().map(|d| d.kind).collect()
    }

    pub fn has_note(&self, detail: &str, text: &str) -> bool {
        self.notes
            .iter()
            .any(|n| n.detail == detail && n.text.contains(text))
    }

    /// Damage that stands for a packet or row.
    pub fn lost_frames(&self) -> usize {
        self.damage.iter().filter(|d| d.frames).count()
    }
}

/// A name that says nothing about the content.
pub fn read(bytes: &[u8]) -> Result<Seen, Error> {
    let input = Input {
        path: PathBuf::from("some/where/thing.dat"),
        sensor: None,
    };
    let mut sensors = Sensors::new();
    let recording = Recording::from_bytes(&input, bytes.to_vec(), &mut sensors)?;
    drain(recording, sensors)
}

pub fn read_file(path: &std::path::Path) -> Result<Seen, Error> {
    let mut sensors = Sensors::new();
    let recording = Recording::open(&Input::from(path), &mut sensors)?;
    drain(recording, sensors)
}

fn drain(mut recording: Recording, mut sensors: Sensors) -> Result<Seen, Error> {
    let mut seen = Seen {
        format: Some(recording.format()),
        ..Seen::default()
    };
    loop {
        // The event borrows the recording, not the sensors.
        match recording.next(&mut sensors)? {
            None => break,
            Some(Event::Frame(frame)) => seen.frames.push(SeenFrame::of(&frame, &sensors)),
            Some(Event::Fix(fix)) => seen.fixes.push(fix),
            Some(Event::Damage(damage)) => seen.damage.push(damage),
            Some(Event::Note(note)) => seen.notes.push(note),
            Some(Event::Status(status)) => seen.statuses.push(status),
        }
    }
    let vehicles = recording.vehicles();
    seen.vehicles = vehicles
        .into_iter()
        .map(|(s, v)| (sensors.name(s).to_owned(), v))
        .collect();
    seen.sensors = sensors;
    Ok(seen)
}
