//! Judges in the test's own process, through the same steps as the program, so that thousands of runs are cheap.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use vigie_capture::{Error, Event, Input, Merge};
use vigie_decode::{Body, CrcCheck, Fix, Frame, Row};
use vigie_detect::outcome::{Outcome, Summary};
use vigie_detect::{Config, Intake};
use vigie_trial::Log;

/// All that recordings hold, in their order, owned.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    pub sensors: Vec<String>,
    pub events: Vec<Owned>,
}

/// A frame or a position, owned.
#[derive(Debug, Clone)]
pub enum Owned {
    Frame {
        time_us: i64,
        sensor: u16,
        rssi: Option<i8>,
        channel: Option<u8>,
        body: OwnedBody,
    },
    Fix(Fix),
}

#[derive(Debug, Clone)]
pub enum OwnedBody {
    Air(Vec<u8>, CrcCheck),
    Row(String),
}

impl Owned {
    pub fn time_us(&self) -> i64 {
        match self {
            Self::Frame { time_us, .. } => *time_us,
            Self::Fix(fix) => fix.time_us,
        }
    }

    fn feed(&self, intake: &mut Intake, sink: &mut dyn FnMut(Outcome)) {
        match self {
            Self::Fix(fix) => intake.fix(*fix, sink),
            Self::Frame {
                time_us,
                sensor,
                rssi,
                channel,
                body,
            } => {
                let body = match body {
                    OwnedBody::Air(bytes, crc) => Body::LinkLayer { bytes, crc: *crc },
                    OwnedBody::Row(address) => Body::Row(Row {
                        address,
                        address_kind: None,
                        pdu: None,
                        payload: None,
                    }),
                };
                let (time_us, sensor, rssi, channel) = (*time_us, *sensor, *rssi, *channel);
                intake.frame(
                    &Frame {
                        time_us,
                        sensor,
                        offset: 0,
                        rssi,
                        channel,
                        body,
                    },
                    sink,
                );
            }
        }
    }
}

impl Heard {
    /// Reads whole recordings of link-layer packets or rows.
    pub fn read(inputs: &[Input]) -> Self {
        let mut merge = Merge::open(inputs).unwrap();
        let mut heard = Self::default();
        while let Some(event) = merge.next().unwrap() {
            match event {
                Event::Fix(fix) => heard.events.push(Owned::Fix(fix)),
                Event::Frame(f) => heard.events.push(Owned::Frame {
                    time_us: f.time_us,
                    sensor: f.sensor,
                    rssi: f.rssi,
                    channel: f.channel,
                    body: match f.body {
                        Body::LinkLayer { bytes, crc } => OwnedBody::Air(bytes.to_vec(), crc),
                        Body::Row(row) => OwnedBody::Row(row.address.to_owned()),
                        other => panic!("{other:?}"),
                    },
                }),
                Event::Damage(_) | Event::Note(_) | Event::Status(_) => {}
            }
        }
        let sensors = merge.sensors();
        heard.sensors = (0..sensors.len())
            .map(|s| sensors.name(s as u16).to_owned())
            .collect();
        heard
    }

    /// A recording that exists only in memory.
    pub fn of_log(log: &Log) -> Self {
        let mut heard = Self {
            sensors: vec!["log".into()],
            events: Vec::new(),
        };
        for s in &log.sightings {
            if let Some((lat, lon)) = s.position {
                let (time_us, sensor) = (s.time_us, Some(0));
                let (accuracy_m, speed_m_s) = (None, None);
                heard.events.push(Owned::Fix(Fix {
                    time_us,
                    sensor,
                    lat,
                    lon,
                    accuracy_m,
                    speed_m_s,
                }));
            }
            heard.events.push(Owned::Frame {
                time_us: s.time_us,
                sensor: 0,
                rssi: s.rssi,
                channel: None,
                body: OwnedBody::Row(log.identifiers[s.identifier as usize].clone()),
            });
        }
        heard
    }

    /// Judges the first `count` events.
    pub fn judge_first(&self, count: usize, config: &Config) -> Vec<Outcome> {
        let mut intake = Intake::new(config);
        for (at, name) in self.sensors.iter().enumerate() {
            intake.name_sensor(at as u16, name);
        }
        let mut outcomes = Vec::new();
        let mut sink = |outcome| outcomes.push(outcome);
        for event in &self.events[..count] {
            event.feed(&mut intake, &mut sink);
        }
        intake.finish(false, &mut sink);
        outcomes
    }

    /// Judges all of it.
    pub fn judge(&self, config: &Config) -> Vec<Outcome> {
        self.judge_first(self.events.len(), config)
    }
}

/// Judges files as `vigie replay` does.
pub fn judge_files(inputs: &[Input], config: &Config) -> Result<(Vec<Outcome>, Summary), Error> {
    let mut merge = Merge::open(inputs)?;
    let mut intake = Intake::new(config);
    let mut outcomes = Vec::new();
    let mut sink = |outcome| outcomes.push(outcome);
    let mut named = 0;
    loop {
        for at in named..merge.sensors().len() {
            intake.name_sensor(at as u16, merge.sensors().name(at as u16));
        }
        named = merge.sensors().len();
        match merge.next()? {
            None => break,
            Some(Event::Frame(frame)) => intake.frame(&frame, &mut sink),
            Some(Event::Fix(fix)) => intake.fix(fix, &mut sink),
            Some(Event::Damage(d)) => intake.damaged(d.kind.as_str(), d.frames),
            Some(Event::Status(status)) => intake.status(status, &mut sink),
            Some(Event::Note(note)) => intake.note(note.detail, &note.text, &mut sink),
        }
    }
    let summary = intake.finish(false, &mut sink);
    Ok((outcomes, summary))
}
