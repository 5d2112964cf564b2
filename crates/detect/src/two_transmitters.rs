//! Is one address sent by two transmitters? One transmitter is loud at one vehicle and quieter, by always about the
//! same, at the others; two of them take turns at being loud.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::enrolled::EnrolmentConstants;
use crate::fleet::Vehicle;

/// What one transmission was heard with: most are heard by few vehicles, a convoy has at most 64.
type Levels = BTreeMap<Vehicle, f32>;

/// Fewer transmissions heard at two vehicles together do not show that their clocks agree.
const TOGETHER: u32 = 10;

/// Steps of the tracker of that level: they settle at the 90 % quantile.
const UP_DB: f32 = 0.9;
const DOWN_DB: f32 = 0.1;

/// Level taken for a vehicle that did not hear the device at all, dBm: the limit of reception.
const UNHEARD_DBM: f32 = -95.0;

/// Which vehicles' clocks agree, as the transmissions of all our devices show. Where they do not, one transmission
/// looks like two and nothing may be concluded. Memory is bounded by the vehicles, squared.
#[derive(Debug, Default)]
pub struct InStep {
    together: BTreeMap<(Vehicle, Vehicle), u32>,
    clocks: BTreeMap<Vehicle, Clock>,
}

/// What is to be added to a vehicle's times.
#[derive(Debug, Default, Clone, Copy)]
struct Clock {
    heard: u32,
    correction_us: f64,
}

/// One advertising event of the address, as far as it was heard.
#[derive(Debug)]
struct Transmission {
    at_us: i64,
    vehicle: Vehicle,
    levels: Levels,
}

/// Transmissions heard with others after which a clock's correction has settled.
const SETTLED: u32 = 100;
/// Weight of one of them then.
const GAIN: f64 = 0.05;

impl InStep {
    /// A transmission was heard at both, at `b` so much later.
    fn heard_together(&mut self, a: Vehicle, b: Vehicle, later_us: f64) {
        *self.together.entry((a.min(b), a.max(b))).or_default() += 1;
        for (vehicle, step_us) in [(a, later_us), (b, -later_us)] {
            let clock = self.clocks.entry(vehicle).or_default();
            clock.heard += 1;
            // Each gives way by half, at first wholly, later as a slow mean.
            clock.correction_us += step_us / 2.0 * (1.0 / f64::from(clock.heard)).max(GAIN);
        }
    }

    /// A time as all clocks would have it.
    fn corrected(&self, vehicle: Vehicle, time_us: i64) -> i64 {
        let clock = self.clocks.get(&vehicle);
        time_us + clock.map_or(0.0, |c| c.correction_us) as i64
    }

    /// Whether enough was heard to correct a vehicle's clock.
    fn is_known(&self, vehicle: Vehicle) -> bool {
        self.clocks
            .get(&vehicle)
            .is_some_and(|c| c.heard >= SETTLED)
    }

    /// Whether two vehicles agree, directly or over others between them.
    fn linked(&self, a: Vehicle, b: Vehicle) -> bool {
        let mut reached = BTreeSet::from([a]);
        loop {
            let before = reached.len();
            for (x, y) in self
                .together
                .iter()
                .filter(|(_, n)| **n >= TOGETHER)
                .map(|(pair, _)| *pair)
            {
                if reached.contains(&x) || reached.contains(&y) {
                    reached.extend([x, y]);
                }
            }
            if reached.contains(&b) {
                return true;
            }
            if reached.len() == before {
                return false;
            }
        }
    }
}

/// Follows one address. Memory is bounded by the vehicles of the convoy, squared.
#[derive(Debug, Default)]
pub struct TwoTransmitters {
    open: Option<Transmission>,
    /// By loudest and other vehicle: how the other hears it meanwhile.
    under: BTreeMap<(Vehicle, Vehicle), Heard>,
    loudest: Option<Vehicle>,
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
        in_step: &mut InStep,
        vehicle: Vehicle,
        time_us: i64,
        level_dbm: f32,
    ) -> bool {
        let at_us = in_step.corrected(vehicle, time_us);
        if let Some(open) = &mut self.open {
            let apart_us = (at_us - open.at_us).abs();
            let known = in_step.is_known(vehicle) && in_step.is_known(open.vehicle);
            let window_s = if known {
                constants.event_s
            } else {
                constants.transmission_s
            };
            // A sensor that hears the address again after more than an event's time hears another event.
            let again = open.levels.contains_key(&vehicle);
            let window_s = if again { constants.event_s } else { window_s };
            if apart_us as f64 <= window_s * 1e6 {
                if !again {
                    in_step.heard_together(open.vehicle, vehicle, (at_us - open.at_us) as f64);
                }
                let level = open.levels.entry(vehicle).or_insert(level_dbm);
                *level = level.max(level_dbm);
                return false;
            }
        }
        let next = Transmission {
            at_us,
            vehicle,
            levels: Levels::from([(vehicle, level_dbm)]),
        };
        let done = self.open.replace(next);
        done.is_some_and(|done| self.close(constants, in_step, done.at_us, &done.levels))
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
        in_step: &mut InStep,
        at_us: i64,
        levels: &Levels,
    ) -> bool {
        let loudest = levels.iter().max_by(|a, b| a.1.total_cmp(b.1));
        let Some((&loudest, &level_dbm)) = loudest else {
            return false;
        };
        for (&other, &level) in levels.iter().filter(|(v, _)| **v != loudest) {
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
        let Some(before) = self.loudest else {
            self.usual_dbm = level_dbm;
            self.loudest = Some(loudest);
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
        let there_dbm = levels.get(&before).copied().unwrap_or(UNHEARD_DBM);
        let louder_db = f64::from(level_dbm - usual_dbm.max(there_dbm));
        // What is heard at another vehicle only because its own missed it is quiet.
        let near = f64::from(self.usual_dbm - level_dbm) < constants.near_db;
        if louder_db < constants.bimodal_db || !near || !in_step.linked(before, loudest) {
            return false;
        }
        self.loudest = Some(loudest);
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

    const A: Vehicle = Vehicle(0);
    const B: Vehicle = Vehicle(1);

    /// Transmissions of one device in A and, if `copied`, another in B in between, 600 s long.
    fn run(copied: bool, offset_us: i64, lost_at_a: impl Fn(i64) -> bool) -> bool {
        let c = EnrolmentConstants::default();
        let mut test = TwoTransmitters::default();
        let mut steps = InStep::default();
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
                sightings.push((at + 430_000, B, -62.0 - fade));
                sightings.push((at + 431_000, A, -80.0 + fade));
            }
        }
        sightings.sort_by_key(|s| s.0);
        for (at, vehicle, level) in sightings {
            found |= test.hear(&c, &mut steps, vehicle, at, level);
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
        let mut steps = InStep::default();
        for i in 0..900_i64 {
            let (near, far) = if (i / 150) % 2 == 0 { (A, B) } else { (B, A) };
            assert!(!test.hear(&c, &mut steps, near, i * 1_000_000, -60.0));
            assert!(!test.hear(&c, &mut steps, far, i * 1_000_000 + 500, -80.0));
        }
    }
}
