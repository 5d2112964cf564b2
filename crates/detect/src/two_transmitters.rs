//! Is one address sent by two transmitters? One transmitter is loud at one vehicle and quieter, by always about the
//! same, at the others; two of them take turns at being loud.

use std::collections::{BTreeMap, VecDeque};

use crate::alignment::Alignment;
use crate::enrolled::EnrolmentConstants;
use crate::fleet::Vehicle;

/// What one transmission was heard with, and by which sensor: most are heard by few vehicles, a convoy has at most 64.
type Levels = BTreeMap<Vehicle, (f32, u16)>;

/// Steps of the tracker of that level: they settle at the 90 % quantile.
const UP_DB: f32 = 0.9;
const DOWN_DB: f32 = 0.1;

/// Level taken for a vehicle that did not hear the device at all, dBm: the limit of reception.
const UNHEARD_DBM: f32 = -95.0;

/// One sighting of the address.
#[derive(Debug, Clone, Copy)]
pub struct Reception {
    /// Which sensor.
    pub sensor: u16,
    /// Where it rides.
    pub vehicle: Vehicle,
    /// By the sensor's own clock, µs since 1970.
    pub time_us: i64,
    /// Level, dBm.
    pub level_dbm: f32,
}

/// One advertising event of the address, as far as it was heard.
#[derive(Debug)]
struct Transmission {
    at_us: i64,
    sensor: u16,
    levels: Levels,
}

/// Follows one address. Memory is bounded by the vehicles of the convoy, squared.
#[derive(Debug, Default)]
pub struct TwoTransmitters {
    open: Option<Transmission>,
    /// By loudest and other vehicle: how the other hears it meanwhile.
    under: BTreeMap<(Vehicle, Vehicle), Heard>,
    /// The vehicle, and its sensor that heard it.
    loudest: Option<(Vehicle, u16)>,
    /// What it is heard with where it is loudest: 90 % quantile, dBm. Not the mean, which falls where clocks disagree
    /// and each vehicle seems to hear a transmission of its own.
    usual_dbm: f32,
    changes_us: VecDeque<i64>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Heard {
    together: u32,
    mean_dbm: f32,
}

impl TwoTransmitters {
    /// Takes a sighting; true once two transmitters are assumed.
    pub fn hear(
        &mut self,
        constants: &EnrolmentConstants,
        clocks: &Alignment,
        heard: Reception,
    ) -> bool {
        let Reception {
            sensor,
            vehicle,
            level_dbm,
            ..
        } = heard;
        let at_us = clocks.aligned_us(sensor, heard.time_us);
        if let Some(open) = &mut self.open {
            // A sensor that hears the address again after more than an event's time hears another event.
            let again = open.levels.contains_key(&vehicle);
            let within_us = if again {
                (constants.event_s * 1e6) as i64
            } else {
                clocks.apart_us(open.sensor, sensor, (constants.transmission_s * 1e6) as i64)
            };
            if (at_us - open.at_us).abs() <= within_us {
                let loudest = open.levels.entry(vehicle).or_insert((level_dbm, sensor));
                if level_dbm > loudest.0 {
                    *loudest = (level_dbm, sensor);
                }
                return false;
            }
        }
        let next = Transmission {
            at_us,
            sensor,
            levels: Levels::from([(vehicle, (level_dbm, sensor))]),
        };
        let done = self.open.replace(next);
        done.is_some_and(|done| self.close(constants, clocks, done.at_us, &done.levels))
    }

    /// Whether a sighting is the other transmitter's, as far as one can tell: louder than the one in `home` is there.
    pub fn is_other(
        &self,
        constants: &EnrolmentConstants,
        home: Vehicle,
        vehicle: Vehicle,
        level_dbm: f32,
    ) -> bool {
        let heard = self.under.get(&(home, vehicle));
        let usual_dbm = heard.map_or(UNHEARD_DBM, |h| h.mean_dbm);
        vehicle != home && f64::from(level_dbm - usual_dbm) >= constants.bimodal_db
    }

    fn close(
        &mut self,
        constants: &EnrolmentConstants,
        clocks: &Alignment,
        at_us: i64,
        levels: &Levels,
    ) -> bool {
        let loudest = levels.iter().max_by(|a, b| a.1.0.total_cmp(&b.1.0));
        let Some((&loudest, &(level_dbm, sensor))) = loudest else {
            return false;
        };
        for (&other, &(level, _)) in levels.iter().filter(|(v, _)| **v != loudest) {
            let heard = self.under.entry((loudest, other)).or_default();
            heard.together += 1;
            let step = 1.0 / heard.together.min(64) as f32;
            heard.mean_dbm += (level - heard.mean_dbm) * step;
        }
        self.usual_dbm += if level_dbm > self.usual_dbm {
            UP_DB
        } else {
            -DOWN_DB
        };
        let Some((before, sensor_before)) = self.loudest else {
            self.usual_dbm = level_dbm;
            self.loudest = Some((loudest, sensor));
            return false;
        };
        if before == loudest {
            return false;
        }
        let usual_dbm = match self.under.get(&(before, loudest)) {
            Some(heard) => heard.mean_dbm,
            None => UNHEARD_DBM,
        };
        // Louder than the device usually is there, and louder than where it was loudest before.
        let there_dbm = levels.get(&before).map_or(UNHEARD_DBM, |there| there.0);
        let louder_db = f64::from(level_dbm - usual_dbm.max(there_dbm));
        // What is heard at another vehicle only because its own missed it is quiet.
        let near = f64::from(self.usual_dbm - level_dbm) < constants.near_db;
        // Where clocks are not known to agree, one transmission looks like two, and nothing may be concluded.
        let unsure_us = clocks.unsure_us(sensor, sensor_before);
        let agree = unsure_us.is_some_and(|us| us <= constants.transmission_s * 1e6);
        if louder_db < constants.bimodal_db || !near || !agree {
            return false;
        }
        self.loudest = Some((loudest, sensor));
        self.changes_us.push_back(at_us);
        let window_us = (constants.alternation_s * 1e6) as i64;
        while self
            .changes_us
            .front()
            .is_some_and(|t| at_us - t > window_us)
        {
            self.changes_us.pop_front();
        }
        self.changes_us.len() >= constants.alternations
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sighting::Identifier;

    const A: Vehicle = Vehicle(0);
    const B: Vehicle = Vehicle(1);

    fn reception(vehicle: Vehicle, time_us: i64, level_dbm: f32) -> Reception {
        Reception {
            sensor: vehicle.0.into(),
            vehicle,
            time_us,
            level_dbm,
        }
    }

    /// Transmissions of one device in A and, if `copied`, another in B in between, 600 s long.
    fn run(copied: bool, offset_us: i64, lost_at_a: impl Fn(i64) -> bool) -> bool {
        let c = EnrolmentConstants::default();
        let mut test = TwoTransmitters::default();
        let mut clocks = Alignment::default();
        let mut found = false;
        let mut sightings = Vec::new();
        for i in 0..600_i64 {
            let at = i * 1_000_000 + (i * 7919) % 10_000;
            // Fading of a few decibels, in a fixed pattern.
            let fade = ((i * 37) % 13 - 6) as f32;
            if !lost_at_a(i) {
                sightings.push((at, A, -60.0 + fade));
            }
            sightings.push((at + offset_us, B, -79.0 - fade));
            if copied && i > 60 {
                sightings.push((at + 430_000 + offset_us, B, -62.0 - fade));
                sightings.push((at + 430_000, A, -80.0 + fade));
            }
        }
        sightings.sort_by_key(|s| s.0);
        for (at, vehicle, level) in sightings {
            let heard = reception(vehicle, at, level);
            clocks.heard(heard.sensor, Identifier::of_opaque(1), &[], at);
            found |= test.hear(&c, &clocks, heard);
        }
        found
    }

    #[test]
    fn a_copy_in_another_vehicle_is_told() {
        assert!(run(true, 1_000, |_| false));
        assert!(run(true, 1_000, |i| i % 4 == 0));
    }

    #[test]
    fn one_device_is_one_also_where_frames_are_lost_or_clocks_disagree() {
        assert!(!run(false, 1_000, |_| false));
        assert!(!run(false, 1_000, |i| i % 2 == 0));
        assert!(!run(false, 400_000, |_| false));
    }

    #[test]
    fn a_device_carried_to_another_vehicle_is_one() {
        let c = EnrolmentConstants::default();
        let mut test = TwoTransmitters::default();
        let mut clocks = Alignment::default();
        for i in 0..900_i64 {
            let (near, far) = if (i / 150) % 2 == 0 { (A, B) } else { (B, A) };
            let at = i * 1_000_000 + (i * 7919) % 10_000;
            for heard in [reception(near, at, -60.0), reception(far, at + 500, -80.0)] {
                clocks.heard(heard.sensor, Identifier::of_opaque(1), &[], heard.time_us);
                assert!(!test.hear(&c, &clocks, heard));
            }
        }
    }
}
