//! Frames and fixes in, outcomes out: decodes, counts, puts in order, hands to the judge.

use std::collections::BTreeMap;

use vigie_decode::{Decoded, Decoder, Fix, Frame, Sender};

use crate::config::Config;
use crate::hold::{Held, Hold};
use crate::identifiers::Identifiers;
use crate::judge::Judge;
use crate::outcome::{Notice, NoticeKind, Outcome, Summary};
use crate::sighting::{Identifier, Payload, Sighting};

/// What was read, good or not.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Counts {
    /// PDUs, HCI report entries or rows.
    pub frames: u64,
    /// Of these, damaged.
    pub malformed: u64,
    /// Damaged ones by kind.
    pub malformed_by_kind: BTreeMap<&'static str, u64>,
    /// Good advertisements.
    pub sightings: u64,
    /// Taken in behind the hold.
    pub late: u64,
}

/// One run: feed it in the order of the recording (merged by time), then finish it.
#[derive(Debug)]
pub struct Intake {
    decoder: Decoder,
    counts: Counts,
    identifiers: Identifiers,
    hold: Hold,
    judge: Judge,
    sensors: Vec<String>,
}

/// Receives outcomes as they are reached.
pub type Sink<'s> = &'s mut dyn FnMut(Outcome);

impl Intake {
    /// Begins a run.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            decoder: Decoder::new(),
            counts: Counts::default(),
            identifiers: Identifiers::default(),
            hold: Hold::new(config.limits.hold_us),
            judge: Judge::new(config.clone()),
            sensors: Vec::new(),
        }
    }

    /// Names a sensor, for notices and the summary.
    pub fn name_sensor(&mut self, sensor: u16, name: &str) {
        let at = usize::from(sensor);
        if at >= self.sensors.len() {
            self.sensors.resize(at + 1, String::new());
        }
        if let Some(place) = self.sensors.get_mut(at) {
            name.clone_into(place);
        }
    }

    /// Takes a frame.
    pub fn frame(&mut self, frame: &Frame<'_>, sink: Sink<'_>) {
        let Self {
            decoder,
            counts,
            identifiers,
            hold,
            judge,
            sensors,
        } = self;
        decoder.decode(frame, &mut |decoded: Decoded<'_>| {
            counts.frames += 1;
            if let Some((kind, _)) = decoded.damage() {
                counts.damaged(kind.as_str());
            }
            // With a broken AD structure the address still came through intact: the sender was heard.
            let Decoded::Advertisement(a) = decoded else {
                return;
            };
            if !a.is_sighting() {
                return;
            }
            counts.sightings += 1;
            let identifier = match a.sender {
                Sender::Address(address) => Identifier::of_address(address, a.address_kind),
                Sender::Opaque(text) => identifiers.of_opaque(text),
            };
            let sighting = Sighting {
                time_us: frame.time_us,
                sensor: frame.sensor,
                late: false,
                rssi: a.rssi,
                pdu: a.pdu,
                address_kind: a.address_kind,
                identifier,
                payload: Payload::new(a.payload),
            };
            if let Some(late) = hold.push(Held::Sighting(sighting)) {
                counts.late += 1;
                judge.take(&late, identifiers, sensors, sink);
            }
            while let Some(due) = hold.due() {
                judge.take(due, identifiers, sensors, sink);
                hold.release();
            }
        });
    }

    /// Takes a position.
    pub fn fix(&mut self, fix: Fix, sink: Sink<'_>) {
        let Self {
            identifiers,
            hold,
            judge,
            sensors,
            ..
        } = self;
        if let Some(late) = hold.push(Held::Fix(fix)) {
            judge.take(&late, identifiers, sensors, sink);
        }
        while let Some(due) = hold.due() {
            judge.take(due, identifiers, sensors, sink);
            hold.release();
        }
    }

    /// Counts a damaged record of the file; `is_frame` where it stands for a frame or row.
    pub fn damaged(&mut self, kind: &'static str, is_frame: bool) {
        self.counts.frames += u64::from(is_frame);
        self.counts.damaged(kind);
    }

    /// Passes on something worth saying about the input: a code, and what it is about.
    pub fn note(&mut self, detail: &str, about: &str, sink: Sink<'_>) {
        sink(Outcome::Notice(Notice {
            at_us: None,
            kind: NoticeKind::Input,
            emitter: None,
            sensor: None,
            detail: detail.to_owned(),
            about: Some(about.to_owned()),
            value: None,
        }));
    }

    /// What was read so far.
    #[must_use]
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Ends the run: what is still held is taken in, every living emitter told, and the summary returned.
    pub fn finish(mut self, interrupted: bool, sink: Sink<'_>) -> Summary {
        while let Some(held) = self.hold.pop() {
            self.judge
                .take(&held, &self.identifiers, &self.sensors, sink);
        }
        self.judge.finish(
            &self.counts,
            &self.identifiers,
            &self.sensors,
            interrupted,
            sink,
        )
    }
}

impl Counts {
    fn damaged(&mut self, kind: &'static str) {
        self.malformed += 1;
        *self.malformed_by_kind.entry(kind).or_default() += 1;
    }
}
