//! `case.toml` of a case folder: our vehicles in the order of the convoy, and which sensor rides where, as a dated log.
//!
//! What is not known is noted and passed over, so that an older Vigie reads a newer case; what is known but wrong is an error:
//! a sensor put into the wrong vehicle would send the search to the wrong place.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Value;

use crate::time::{rfc3339_or_us, zone_offset_s};
use crate::{Error, Input, Note};

/// Name of the file in its folder.
pub const FILE: &str = "case.toml";
/// Name of the file with our own devices, where [`FILE`] names no other.
pub const ENROLLED_FILE: &str = "enrolled.toml";
/// A larger file is refused, bytes.
pub const MAX_BYTES: u64 = 1 << 20;
/// More vehicles are refused.
pub const MAX_VEHICLES: usize = 64;

/// What a case says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Case {
    /// Name of the convoy.
    pub convoy: Option<String>,
    /// How the sensors travel, where it says so.
    pub profile: Option<Profile>,
    /// Time zone in which people read the case; times without an offset are read in it where its offset is known.
    pub time_zone: Option<String>,
    /// File with our own devices, as written: relative to the case's folder.
    pub enrolled: Option<PathBuf>,
    /// Vehicles in the order of the convoy, those that only rides name at the end.
    pub vehicles: Vec<String>,
    /// Who rides where, in the order of the file.
    pub rides: Vec<Ride>,
    /// What is known of sensors, by name.
    pub sensors: BTreeMap<String, SensorFacts>,
}

/// How the sensors travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Fixed in vehicles.
    Vehicle,
    /// Carried by a person.
    OnPerson,
}

/// From a time on, a sensor rides in a vehicle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ride {
    /// Sensor.
    pub sensor: String,
    /// Vehicle; `None`: in none of ours.
    pub vehicle: Option<String>,
    /// From when, µs since 1970; `i64::MIN`: from the beginning.
    pub from_us: i64,
}

/// What is known of a sensor beforehand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SensorFacts {
    /// The one advertising channel on which it stays, 37 to 39; `None`: it changes, or it is not known.
    pub channel: Option<u8>,
    /// What kind of receiver it is.
    pub source: Option<Source>,
}

/// Kinds of receivers, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Every frame on the air, µs times, channel.
    Sniffer,
    /// Reports of a controller: no channel, host times.
    Hci,
    /// Reports of a system service: lossy.
    Dbus,
    /// What a gateway publishes: lossy, and late.
    Gateway,
}

/// The file as it is written. `rest` is what nobody here knows.
#[derive(Deserialize)]
struct Written {
    convoy: Option<String>,
    profile: Option<Profile>,
    time_zone: Option<String>,
    enrolled: Option<PathBuf>,
    #[serde(default)]
    vehicle: Vec<WrittenVehicle>,
    #[serde(default)]
    ride: Vec<WrittenRide>,
    #[serde(default)]
    sensor: BTreeMap<String, WrittenSensor>,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct WrittenVehicle {
    name: String,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct WrittenRide {
    sensor: String,
    vehicle: Option<String>,
    from: Option<Value>,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct WrittenSensor {
    channel: Option<u8>,
    source: Option<Source>,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

/// What is wrong with a `case.toml`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaseError {
    /// Not TOML, or a known setting of the wrong kind.
    #[error("{what}")]
    Toml {
        /// Where, bytes from the start of the file.
        offset: u64,
        /// What is wrong there.
        what: String,
    },
    /// Larger than [`MAX_BYTES`].
    #[error("larger than {MAX_BYTES} bytes")]
    TooLarge,
    /// More than [`MAX_VEHICLES`].
    #[error("more than {MAX_VEHICLES} vehicles")]
    TooManyVehicles,
    /// A vehicle or a sensor without a name.
    #[error("a vehicle or a sensor without a name")]
    NoName,
    /// The time from which a ride holds cannot be read.
    #[error("ride of sensor {sensor}: `from` is no time: {from}")]
    BadTime {
        /// Sensor.
        sensor: String,
        /// As written.
        from: String,
    },
    /// No advertising channel.
    #[error("sensor {sensor}: channel {channel} is not 37, 38 or 39")]
    BadChannel {
        /// Sensor.
        sensor: String,
        /// As written.
        channel: u8,
    },
}

impl CaseError {
    fn in_file(self, path: &Path) -> Error {
        Error::Unreadable {
            path: path.to_owned(),
            offset: match self {
                Self::Toml { offset, .. } => offset,
                _ => 0,
            },
            what: self.to_string(),
        }
    }
}

impl Case {
    /// Reads the text of a `case.toml`, and notes what it does not know.
    ///
    /// # Errors
    /// When it is no TOML, or a setting that is known cannot be what it is.
    pub fn parse(text: &str) -> Result<(Self, Vec<Note>), CaseError> {
        let written: Written = toml::from_str(text).map_err(|e| CaseError::Toml {
            offset: e.span().map_or(0, |span| span.start as u64),
            what: e.message().to_owned(),
        })?;
        let mut notes = Vec::new();
        unknown(&mut notes, "", &written.rest);
        let mut case = Self {
            convoy: written.convoy,
            profile: written.profile,
            time_zone: written.time_zone,
            enrolled: written.enrolled,
            ..Self::default()
        };
        for vehicle in written.vehicle {
            unknown(&mut notes, "vehicle.", &vehicle.rest);
            case.enter(vehicle.name)?;
        }
        for ride in written.ride {
            unknown(&mut notes, "ride.", &ride.rest);
            if let Some(vehicle) = &ride.vehicle {
                case.enter(vehicle.clone())?;
            }
            if ride.sensor.is_empty() {
                return Err(CaseError::NoName);
            }
            let from_us = match &ride.from {
                None => i64::MIN,
                Some(from) => {
                    let zone = case.time_zone.as_deref();
                    time_of(from, zone, &mut notes).ok_or_else(|| CaseError::BadTime {
                        sensor: ride.sensor.clone(),
                        from: from.to_string(),
                    })?
                }
            };
            case.rides.push(Ride {
                sensor: ride.sensor,
                vehicle: ride.vehicle,
                from_us,
            });
        }
        for (sensor, facts) in written.sensor {
            unknown(&mut notes, "sensor.", &facts.rest);
            if let Some(channel) = facts.channel
                && !(37..=39).contains(&channel)
            {
                return Err(CaseError::BadChannel { sensor, channel });
            }
            let facts = SensorFacts {
                channel: facts.channel,
                source: facts.source,
            };
            case.sensors.insert(sensor, facts);
        }
        notes.dedup();
        Ok((case, notes))
    }

    /// Enters a vehicle, once.
    fn enter(&mut self, name: String) -> Result<(), CaseError> {
        if name.is_empty() {
            return Err(CaseError::NoName);
        }
        if self.vehicles.contains(&name) {
            return Ok(());
        }
        if self.vehicles.len() >= MAX_VEHICLES {
            return Err(CaseError::TooManyVehicles);
        }
        self.vehicles.push(name);
        Ok(())
    }

    /// The rides of one sensor, in the order of the file: a later one at the same time replaces the earlier.
    pub fn rides_of<'a>(&'a self, sensor: &'a str) -> impl Iterator<Item = &'a Ride> {
        self.rides.iter().filter(move |r| r.sensor == sensor)
    }
}

/// Reads the `case.toml` of every folder among the inputs that has one, in the order of the inputs.
///
/// # Errors
/// When one is there and cannot be read.
pub fn read_all(inputs: &[Input]) -> Result<(Vec<Case>, Vec<Note>), Error> {
    let (mut cases, mut notes) = (Vec::new(), Vec::new());
    for input in inputs {
        let path = input.path.join(FILE);
        if !path.is_file() {
            continue;
        }
        let (case, noted) = read(&path)?;
        cases.push(case);
        notes.extend(noted);
    }
    Ok((cases, notes))
}

fn read(path: &Path) -> Result<(Case, Vec<Note>), Error> {
    let io = |source| Error::Io {
        path: path.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(io)?;
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(io)?;
    from_bytes(&bytes).map_err(|e| e.in_file(path))
}

/// The same from what the file holds.
pub(crate) fn from_bytes(bytes: &[u8]) -> Result<(Case, Vec<Note>), CaseError> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(CaseError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|e| CaseError::Toml {
        offset: e.valid_up_to() as u64,
        what: "no UTF-8".to_owned(),
    })?;
    Case::parse(text)
}

fn unknown(notes: &mut Vec<Note>, place: &str, rest: &BTreeMap<String, Value>) {
    notes.extend(rest.keys().map(|key| Note {
        detail: "unknown_setting",
        text: format!("{place}{key}"),
    }));
}

/// A time of TOML's own kind, a text in RFC 3339, or µs since 1970. Without an offset it is in the case's zone, where that
/// zone's offset is known, else in UTC, and that is noted.
fn time_of(from: &Value, zone: Option<&str>, notes: &mut Vec<Note>) -> Option<i64> {
    let text = match from {
        Value::Integer(us) => return Some(*us),
        Value::String(text) => text.clone(),
        Value::Datetime(time) => time.to_string(),
        _ => return None,
    };
    if let Some(us) = rfc3339_or_us(&text) {
        return Some(us);
    }
    let civil: jiff::civil::DateTime = text.trim().parse().ok()?;
    let offset_s = match zone.map(|z| (z, zone_offset_s(z))) {
        Some((_, Some(offset_s))) => offset_s,
        Some((zone, None)) => {
            notes.push(Note {
                detail: "unknown_time_zone",
                text: zone.to_owned(),
            });
            0
        }
        None => {
            notes.push(Note {
                detail: "time_read_as_utc",
                text,
            });
            0
        }
    };
    crate::time::from_civil(civil, offset_s)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
convoy = "delegation"
profile = "vehicle"
time_zone = "CET"
enrolled = "enrolled.toml"
colour = "black"

[[vehicle]]
name = "V1"
[[vehicle]]
name = "V2"
plate = "AB-123"

[[ride]]
sensor = "front"
vehicle = "V1"
[[ride]]
sensor = "front"
vehicle = "V2"
from = 2026-11-24T12:00:00Z
[[ride]]
sensor = "front"
from = "2026-11-24T14:00:00+01:00"
[[ride]]
sensor = "rear"
vehicle = "V3"
from = 2026-11-24T13:00:00

[sensor.rear]
channel = 38
source = "sniffer"
"#;

    /// `date -u -d '2026-11-24 12:00:00' +%s`
    const NOON_US: i64 = 1_795_521_600_000_000;

    #[test]
    fn vehicles_rides_and_sensors_are_read_and_the_rest_is_noted() {
        let (case, notes) = Case::parse(WHOLE).unwrap();
        assert_eq!(case.convoy.as_deref(), Some("delegation"));
        assert_eq!(case.profile, Some(Profile::Vehicle));
        assert_eq!(case.enrolled.as_deref(), Some(Path::new("enrolled.toml")));
        assert_eq!(case.vehicles, ["V1", "V2", "V3"]);
        let front: Vec<_> = case
            .rides_of("front")
            .map(|r| (r.vehicle.as_deref(), r.from_us))
            .collect();
        let hour_us = 3_600_000_000;
        assert_eq!(
            front,
            [
                (Some("V1"), i64::MIN),
                (Some("V2"), NOON_US),
                (None, NOON_US + hour_us)
            ]
        );
        // Without an offset: in the case's own zone.
        assert_eq!(case.rides_of("rear").next().unwrap().from_us, NOON_US);
        assert_eq!(
            case.sensors["rear"],
            SensorFacts {
                channel: Some(38),
                source: Some(Source::Sniffer)
            }
        );
        let told: Vec<_> = notes.iter().map(|n| (n.detail, n.text.as_str())).collect();
        assert_eq!(
            told,
            [
                ("unknown_setting", "colour"),
                ("unknown_setting", "vehicle.plate")
            ]
        );
    }

    #[test]
    fn a_time_without_offset_in_a_zone_not_known_is_utc_and_said_so() {
        let ride = "[[ride]]\nsensor = \"a\"\nvehicle = \"V\"\nfrom = 2026-11-24T12:00:00\n";
        let (case, notes) = Case::parse(ride).unwrap();
        assert_eq!(case.rides[0].from_us, NOON_US);
        assert_eq!(notes[0].detail, "time_read_as_utc");
        let (_, notes) = Case::parse(&format!("time_zone = \"Europe/Paris\"\n{ride}")).unwrap();
        assert_eq!(
            (notes[0].detail, notes[0].text.as_str()),
            ("unknown_time_zone", "Europe/Paris")
        );
    }

    #[test]
    fn what_is_known_but_wrong_is_refused() {
        let kind = |text: &str| Case::parse(text).unwrap_err();
        assert!(matches!(kind("convoy = "), CaseError::Toml { .. }));
        assert!(matches!(
            kind("profile = \"submarine\""),
            CaseError::Toml { .. }
        ));
        assert!(matches!(
            kind("[[ride]]\nsensor = \"a\"\nfrom = \"noon\""),
            CaseError::BadTime { .. }
        ));
        assert!(matches!(
            kind("[sensor.a]\nchannel = 12"),
            CaseError::BadChannel { .. }
        ));
        assert_eq!(kind("[[vehicle]]\nname = \"\""), CaseError::NoName);
        let many: String = (0..65)
            .map(|i| format!("[[vehicle]]\nname = \"V{i}\"\n"))
            .collect();
        assert_eq!(kind(&many), CaseError::TooManyVehicles);
        let large = vec![b'#'; MAX_BYTES as usize + 1];
        assert_eq!(from_bytes(&large).unwrap_err(), CaseError::TooLarge);
    }
}
