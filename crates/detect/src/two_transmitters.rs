//! Is one address sent by two transmitters? One transmitter is loud at one vehicle and quieter, by always about the
//! same, at the others; two of them take turns at being loud.

use std::collections::{BTreeMap, VecDeque};

use crate::enrolled::EnrolmentConstants;
use crate::fleet::Vehicle;

/// What one transmission was heard with: most are heard by few vehicles, a convoy has at most 64.
type Levels = BTreeMap<Vehicle, f32>;

/// Transmissions heard at two vehicles together, less which the levels there tell nothing.
const TOGETHER: u32 = 10;

/// Level taken for a vehicle that did not hear the device at all, dBm: the limit of reception.
const UNHEARD_DBM: f32 = -95.0;

/// Follows one address. Memory is bounded by the vehicles of the convoy, squared.
#[derive(Debug, Default)]
pub struct TwoTransmitters {
    open: Option<(i64, Levels)>,
    /// By loudest and other vehicle: how the other hears it meanwhile.
    under: BTreeMap<(Vehicle, Vehicle), Heard>,
    loudest: Option<Vehicle>,
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
        vehicle: Vehicle,
        time_us: i64,
        level_dbm: f32,
    ) -> bool {
        let window_us = (constants.transmission_s * 1e6) as i64;
        match &mut self.open {
            Some((since_us, levels)) if time_us - *since_us <= window_us => {
                let level = levels.entry(vehicle).or_insert(level_dbm);
                *level = level.max(level_dbm);
                return false;
            }
            _ => {}
        }
        let next = (time_us, Levels::from([(vehicle, level_dbm)]));
        let done = self.open.replace(next);
        done.is_some_and(|(at_us, levels)| self.close(constants, at_us, &levels))
    }

    fn close(&mut self, constants: &EnrolmentConstants, at_us: i64, levels: &Levels) -> bool {
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
        let Some(before) = self.loudest else {
            self.loudest = Some(loudest);
            return false;
        };
        if before == loudest || !self.in_step(before, loudest) {
            return false;
        }
        let usual_dbm = match self.under.get(&(before, loudest)) {
            Some(heard) if heard.together > 0 => heard.mean_dbm,
            _ => UNHEARD_DBM,
        };
        if f64::from(level_dbm - usual_dbm) < constants.bimodal_db {
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

    /// Whether the two vehicles' clocks agree: enough transmissions were heard at both at one time. Where they do
    /// not, one transmission looks like two and nothing may be concluded.
    fn in_step(&self, a: Vehicle, b: Vehicle) -> bool {
        let together = |pair| self.under.get(&pair).map_or(0, |h| h.together);
        together((a, b)) + together((b, a)) >= TOGETHER
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
            found |= test.hear(&c, vehicle, at, level);
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
        for i in 0..900_i64 {
            let (near, far) = if (i / 150) % 2 == 0 { (A, B) } else { (B, A) };
            assert!(!test.hear(&c, near, i * 1_000_000, -60.0));
            assert!(!test.hear(&c, far, i * 1_000_000 + 500, -80.0));
        }
    }
}
