//! Whether sensors that say they listen do hear: one that delivers nothing any more, or not our own reference tag, is deaf whatever
//! it says.

use serde::Deserialize;
use vigie_capture::live::Packet;
use vigie_decode::{Address, Condition, Status};

/// A sensor is called starved after so much silence, µs, and after [`HABITS`] of its usual gaps, whichever is longer.
const STARVED_US: i64 = 60_000_000;
/// See [`STARVED_US`].
const HABITS: i64 = 50;
/// A sensor that delivered fewer packets has no habit yet.
const HABIT_PACKETS: u32 = 100;
/// Weight of the newest gap in the usual one.
const NEWEST: i64 = 32;
/// A reference tag is missed after so many of its intervals: beside the receiver at least half of what it sends is heard, in air
/// that is not full (`doctor`, `detection.md` section 5), and so many in a row are missed once in a million.
const MISSED_INTERVALS: f64 = 20.0;
/// The shortest time after which one is missed, seconds.
const MISSED_S: f64 = 30.0;

/// Settings `[[watch.reference]]`: a tag of our own that stays beside a sensor.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The sensor that must hear it; without, all.
    #[serde(default)]
    pub sensor: Option<String>,
    /// Its address, which must not change.
    pub address: String,
    /// Its advertising interval, seconds.
    #[serde(default = "usual_interval_s")]
    pub interval_s: f64,
}

const fn usual_interval_s() -> f64 {
    2.0
}

/// What is wrong with a reference tag in the settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongReference {
    /// Not an address.
    #[error("[[watch.reference]] address {0:?}: write it like C0:11:22:33:44:55")]
    Address(String),
    /// No such sensor.
    #[error("[[watch.reference]] sensor {0:?}: there is no such sensor in this watch")]
    Sensor(String),
    /// Not an interval.
    #[error("[[watch.reference]] interval_s: a number of seconds above 0 and up to 60")]
    Interval,
}

/// All sensors of a run.
pub struct Hearing(Vec<Ear>);

/// One sensor.
#[derive(Default)]
struct Ear {
    /// It said itself that it hears nothing.
    lost: bool,
    packets: u32,
    last_us: Option<i64>,
    /// Its usual time between two packets, µs.
    gap_us: i64,
    references: Vec<Sought>,
    /// What was said of it.
    told: Option<Condition>,
}

/// A tag that a sensor must hear.
struct Sought {
    address: Address,
    missed_us: i64,
    /// When it was last heard; from the beginning, and from when the sensor came back, it has its time.
    last_us: i64,
}

impl Hearing {
    /// For sensors by name.
    pub fn new(
        sensors: &[&str],
        references: &[Reference],
        now_us: i64,
    ) -> Result<Self, WrongReference> {
        let mut ears: Vec<Ear> = sensors.iter().map(|_| Ear::default()).collect();
        for reference in references {
            let address = Address::parse(&reference.address)
                .ok_or_else(|| WrongReference::Address(reference.address.clone()))?;
            if !(reference.interval_s > 0.0 && reference.interval_s <= 60.0) {
                return Err(WrongReference::Interval);
            }
            let missed_s = (reference.interval_s * MISSED_INTERVALS).max(MISSED_S);
            let mut known = false;
            for (name, ear) in sensors.iter().zip(&mut ears) {
                if reference.sensor.as_deref().is_none_or(|s| s == *name) {
                    known = true;
                    ear.references.push(Sought {
                        address,
                        missed_us: (missed_s * 1e6) as i64,
                        last_us: now_us,
                    });
                }
            }
            if !known {
                return Err(WrongReference::Sensor(
                    reference.sensor.clone().unwrap_or_default(),
                ));
            }
        }
        Ok(Self(ears))
    }

    /// A sensor delivered something.
    pub fn hears(&mut self, sensor: u16, packet: &Packet, now_us: i64) {
        let Some(ear) = self.0.get_mut(usize::from(sensor)) else {
            return;
        };
        if let Some(last_us) = ear.last_us.replace(now_us) {
            let gap_us = (now_us - last_us).max(0);
            ear.gap_us += (gap_us - ear.gap_us) / NEWEST;
        }
        ear.packets = ear.packets.saturating_add(1);
        for sought in &mut ear.references {
            if names(packet, sought.address) {
                sought.last_us = now_us;
            }
        }
    }

    /// What a sensor says of itself. Where it says that it listens and we know better, only that time goes on.
    pub fn of_sensor(&mut self, status: Status) -> Status {
        let ear = status
            .sensor
            .and_then(|sensor| self.0.get_mut(usize::from(sensor)));
        let Some(ear) = ear else {
            return status;
        };
        if status.condition.is_deaf() {
            ear.lost = true;
            ear.told = None;
        } else if status.condition == Condition::Listening {
            if std::mem::take(&mut ear.lost) {
                ear.come_back(status.time_us);
            }
            if ear.told.is_some() {
                return Status {
                    sensor: None,
                    ..status
                };
            }
        }
        status
    }

    /// What is to be said of sensors now, each thing once.
    pub fn look(&mut self, now_us: i64) -> Vec<Status> {
        let mut out = Vec::new();
        for (sensor, ear) in (0_u16..).zip(&mut self.0) {
            let finding = ear.finding(now_us);
            let condition = finding.map(|(condition, _)| condition);
            if condition != ear.told {
                ear.told = condition;
                if let Some((condition, value)) = finding {
                    out.push(Status {
                        time_us: now_us,
                        sensor: Some(sensor),
                        condition,
                        value,
                    });
                }
            }
        }
        out
    }
}

impl Ear {
    /// After it was away it has its time again.
    fn come_back(&mut self, now_us: i64) {
        self.last_us = self.last_us.map(|_| now_us);
        for sought in &mut self.references {
            sought.last_us = now_us;
        }
    }

    fn finding(&self, now_us: i64) -> Option<(Condition, f64)> {
        if self.lost {
            return None;
        }
        if let Some(last_us) = self.last_us {
            let silent_us = now_us - last_us;
            let habit_us = (self.gap_us * HABITS).max(STARVED_US);
            if self.packets >= HABIT_PACKETS && silent_us > habit_us {
                return Some((Condition::Starved, silent_us as f64 / 1e6));
            }
        }
        let missed = self
            .references
            .iter()
            .filter(|sought| now_us - sought.last_us > sought.missed_us);
        let longest_us = missed.map(|sought| now_us - sought.last_us).max()?;
        Some((Condition::ReferenceUnheard, longest_us as f64 / 1e6))
    }
}

/// Whether a packet names an address. Its six octets in a row elsewhere in the packet would be taken for it, which is as good as
/// never by chance.
fn names(packet: &Packet, address: Address) -> bool {
    let bytes = match packet {
        Packet::Hci(bytes) | Packet::LinkLayer { bytes, .. } => bytes,
        Packet::Row { address: of, .. } => return Address::parse(of) == Some(address),
    };
    let mut on_air = address.0;
    on_air.reverse();
    bytes.windows(on_air.len()).any(|window| window == on_air)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAG: &str = "C0:11:22:33:44:55";

    fn packet(first: u8) -> Packet {
        Packet::Hci(vec![
            4, 0x3E, 12, 2, 1, first, 0x55, 0x44, 0x33, 0x22, 0x11, 0xC0,
        ])
    }

    fn other() -> Packet {
        Packet::Hci(vec![4, 0x3E, 12, 2, 1, 0, 1, 2, 3, 4, 5, 6])
    }

    fn listening(sensor: u16, time_us: i64) -> Status {
        Status {
            time_us,
            sensor: Some(sensor),
            condition: Condition::Listening,
            value: 0.0,
        }
    }

    fn said(hearing: &mut Hearing, s: i64) -> Vec<(u16, &'static str)> {
        let all = hearing.look(s * 1_000_000);
        all.iter()
            .map(|status| (status.sensor.unwrap(), status.condition.as_str()))
            .collect()
    }

    #[test]
    fn a_sensor_that_delivers_nothing_any_more_is_starved_until_it_delivers_again() {
        let mut hearing = Hearing::new(&["V1", "V2"], &[], 0).unwrap();
        for n in 0..200 {
            hearing.hears(0, &other(), n * 100_000);
        }
        assert_eq!(said(&mut hearing, 79), []);
        assert_eq!(said(&mut hearing, 81), [(0, "starved")]);
        assert_eq!(said(&mut hearing, 82), []);
        // It says that it listens, and is not believed.
        assert_eq!(hearing.of_sensor(listening(0, 83_000_000)).sensor, None);
        assert_eq!(hearing.of_sensor(listening(1, 83_000_000)).sensor, Some(1));
        hearing.hears(0, &other(), 84_000_000);
        assert_eq!(said(&mut hearing, 85), []);
        assert_eq!(hearing.of_sensor(listening(0, 85_000_000)).sensor, Some(0));
    }

    #[test]
    fn quiet_air_is_no_starvation() {
        let mut hearing = Hearing::new(&["V1"], &[], 0).unwrap();
        for n in 0..200 {
            hearing.hears(0, &other(), n * 5_000_000);
        }
        assert_eq!(said(&mut hearing, 1000 + 200), []);
        assert_eq!(said(&mut hearing, 1000 + 300), [(0, "starved")]);
        // Nor is what was never heard.
        let mut silent = Hearing::new(&["V1"], &[], 0).unwrap();
        assert_eq!(said(&mut silent, 10_000), []);
    }

    #[test]
    fn a_reference_tag_that_is_not_heard_makes_its_sensor_deaf() {
        let reference = Reference {
            sensor: Some("V2".into()),
            address: TAG.into(),
            interval_s: 2.0,
        };
        let mut hearing = Hearing::new(&["V1", "V2"], &[reference], 0).unwrap();
        for s in 0..200 {
            let at_us = s * 1_000_000;
            hearing.hears(0, &other(), at_us);
            hearing.hears(1, &if s < 100 { packet(0) } else { other() }, at_us);
        }
        assert_eq!(said(&mut hearing, 138), []);
        assert_eq!(said(&mut hearing, 140), [(1, "reference_unheard")]);
        assert_eq!(hearing.of_sensor(listening(1, 141_000_000)).sensor, None);
        // Pulled out meanwhile, and back: it has its time again.
        let gone = Status {
            condition: Condition::Unplugged,
            ..listening(1, 150_000_000)
        };
        assert_eq!(hearing.of_sensor(gone), gone);
        assert_eq!(said(&mut hearing, 151), []);
        assert_eq!(hearing.of_sensor(listening(1, 160_000_000)).sensor, Some(1));
        assert_eq!(said(&mut hearing, 199), []);
        assert_eq!(said(&mut hearing, 201), [(1, "reference_unheard")]);
    }

    #[test]
    fn wrong_settings_are_named() {
        let reference = |sensor: Option<&str>, address: &str, interval_s| Reference {
            sensor: sensor.map(Into::into),
            address: address.into(),
            interval_s,
        };
        let wrong = |r| Hearing::new(&["V1"], &[r], 0).err();
        assert_eq!(wrong(reference(None, TAG, 2.0)), None);
        assert_eq!(
            wrong(reference(None, "13", 2.0)),
            Some(WrongReference::Address("13".into()))
        );
        assert_eq!(
            wrong(reference(Some("V9"), TAG, 2.0)),
            Some(WrongReference::Sensor("V9".into()))
        );
        assert_eq!(
            wrong(reference(None, TAG, f64::NAN)),
            Some(WrongReference::Interval)
        );
    }
}
