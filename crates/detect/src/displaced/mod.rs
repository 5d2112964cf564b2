//! Notices a sensor that rides elsewhere than stated, from the order in which the convoy passes what stands beside
//! the road: the first vehicle hears it first, the last one last. No landmark and no device of ours is needed, only a
//! road with devices along it. Two vehicles that drive in another order than entered look the same. So does a clock
//! that is off by the time in which we drive from one vehicle's place to the next one's, one to three seconds: a sensor
//! whose clock is known to be off is left out.

mod orders;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fleet::{Fleet, Vehicle};
use crate::sighting::Identifier;
use orders::{Orders, Timed};

/// Constants of the check where sensors ride. Own figures, tried on simulated convoys.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DisplacedConstants {
    /// Silence after which an identifier was passed, seconds.
    pub silence_s: f64,
    /// How far a device beside the road is heard before and behind the convoy, metres together. Whoever is heard for
    /// longer than we need for that and our own length drives our way, and may come from behind.
    pub reach_m: f64,
    /// From vehicle to vehicle: so many metres, and so many seconds (`detection.md` section 9).
    pub pitch_m: f64,
    /// See `pitch_m`, seconds.
    pub headway_s: f64,
    /// Times that lie closer together tell no order, seconds.
    pub nearest_s: f64,
    /// Log-likelihood ratio against the places as stated from which it is told, nats. The share of passes that keep
    /// the order is taken to be the same for all pairs of sensors that are equally far apart.
    pub told_nats: f64,
    /// And so much of it has to be left when every pair may have a share of its own, nats: a sensor that hears badly
    /// mixes up the order of its pairs, but does not turn it round.
    pub each_pair_nats: f64,
    /// Passes heard by most sensors, none of them by this one, after which it was left behind.
    pub missed_passes: u32,
    /// Log-likelihoods are compared again after this many passes.
    pub look_every: u32,
}

impl Default for DisplacedConstants {
    fn default() -> Self {
        Self {
            silence_s: 60.0,
            reach_m: 120.0,
            pitch_m: 9.0,
            headway_s: 1.2,
            nearest_s: 0.3,
            told_nats: 12.0,
            each_pair_nats: 6.0,
            missed_passes: 30,
            look_every: 10,
        }
    }
}

/// Passes followed at once; in a crowd not everybody is needed.
const PASSES: usize = 1024;
/// Levels weigh by how far they lie above this, dBm: the nearer, the louder.
const FLOOR_DBM: f64 = -96.0;
/// A sensor that heard nothing at all for this long is deaf, not left behind, µs.
const DEAF_US: i64 = 60_000_000;

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Displacement {
    /// The sensor seems to ride in the second vehicle, not in the first; the weight of that in nats.
    Elsewhere(u16, Vehicle, Vehicle, f64),
    /// The sensor hears nothing of what the others pass: how many passes it missed.
    LeftBehind(u16, u32),
}

/// One identifier as the sensors heard it go by.
#[derive(Debug)]
struct Pass {
    first_us: i64,
    last_us: i64,
    heard: Vec<Part>,
}

/// One sensor's part of a pass.
#[derive(Debug, Clone, Copy)]
struct Part {
    sensor: u16,
    /// Sum of the weights of its sightings.
    weight: f64,
    /// Sum of the times since the first sighting by any sensor, each times its weight, seconds.
    moment: f64,
    last_us: i64,
}

impl Pass {
    /// Whether this sensor and another one heard it within the time after which a sensor is deaf.
    fn shared_lately(&self, sensor: u16, now_us: i64) -> bool {
        let lately = |part: &&Part| now_us - part.last_us < DEAF_US;
        let (mut its, mut others) = (false, false);
        for part in self.heard.iter().filter(lately) {
            its |= part.sensor == sensor;
            others |= part.sensor != sensor;
        }
        its && others
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Ear {
    stated: Option<Vehicle>,
    /// Its clock is known to be off: its times tell no order.
    clock_off: bool,
    last_us: Option<i64>,
    missed: u32,
    /// Bit by bit the vehicles that it was told to ride in: where two fit about alike, each is told once.
    told: u64,
    told_left: bool,
}

/// The check. Memory is bounded by the passes followed and the pairs of sensors that ride in vehicles.
#[derive(Debug, Default)]
pub struct Displaced {
    passes: BTreeMap<Identifier, Pass>,
    swept_us: i64,
    orders: Orders,
    ears: Vec<Ear>,
    fresh: u32,
}

impl Displaced {
    /// Takes a sighting, as its sensor stamped it. True when it is time to sweep.
    #[inline]
    pub fn heard(
        &mut self,
        sensor: u16,
        identifier: Identifier,
        stamped_us: i64,
        rssi: Option<i8>,
    ) -> bool {
        let at = usize::from(sensor);
        if at >= self.ears.len() {
            self.ears.resize(at + 1, Ear::default());
        }
        if let Some(ear) = self.ears.get_mut(at) {
            ear.last_us = Some(stamped_us);
        }
        if let Some(rssi) = rssi
            && (self.passes.len() < PASSES || self.passes.contains_key(&identifier))
        {
            let pass = self.passes.entry(identifier).or_insert_with(|| Pass {
                first_us: stamped_us,
                last_us: stamped_us,
                heard: Vec::new(),
            });
            pass.last_us = pass.last_us.max(stamped_us);
            let weight = (f64::from(rssi) - FLOOR_DBM).max(1.0);
            let moment = weight * (stamped_us - pass.first_us) as f64 / 1e6;
            match pass.heard.iter_mut().find(|part| part.sensor == sensor) {
                Some(part) => {
                    part.weight += weight;
                    part.moment += moment;
                    part.last_us = stamped_us;
                }
                None => pass.heard.push(Part {
                    sensor,
                    weight,
                    moment,
                    last_us: stamped_us,
                }),
            }
        }
        stamped_us - self.swept_us >= SWEEP_US || stamped_us < self.swept_us
    }

    /// Closes the passes that are over; `speed` tells how fast we were, metres a second, where we moved throughout
    /// a stretch of time and met this identifier for the first time in it: one that drives our way at the edge of
    /// what can be heard comes and goes, and would be counted again and again. `clock_off` tells whether a sensor's
    /// clock is known to be off.
    pub fn sweep(
        &mut self,
        c: &DisplacedConstants,
        fleet: &Fleet,
        now_us: i64,
        clock_off: &dyn Fn(u16) -> bool,
        speed: &mut dyn FnMut(Identifier, i64, i64) -> Option<f64>,
    ) -> Vec<Displacement> {
        self.swept_us = now_us;
        self.restate(fleet, now_us, clock_off);
        let silent_us = now_us - (c.silence_s * 1e6) as i64;
        let gaps = fleet.names().len().saturating_sub(1) as f64;
        let over: Vec<Identifier> = self
            .passes
            .iter()
            .filter(|(_, p)| p.last_us < silent_us)
            .map(|(identifier, _)| *identifier)
            .collect();
        let mut told = Vec::new();
        for identifier in over {
            let Some(pass) = self.passes.remove(&identifier) else {
                continue;
            };
            let Some(m_s) = speed(identifier, pass.first_us, pass.last_us) else {
                continue;
            };
            let reach_m = c.reach_m + gaps * (c.pitch_m + c.headway_s * m_s);
            let took_s = (pass.last_us - pass.first_us) as f64 / 1e6;
            if took_s * m_s <= reach_m {
                self.passed(c, &pass);
                self.count_missed(c, &pass, now_us, &mut told);
            }
        }
        if self.fresh >= c.look_every {
            self.fresh = 0;
            self.compare(c, fleet, &mut told);
        }
        told
    }

    /// Tells where sensors ride if the orders counted fit another place far better than the one stated.
    fn compare(&mut self, c: &DisplacedConstants, fleet: &Fleet, told: &mut Vec<Displacement>) {
        let stated: BTreeMap<u16, Vehicle> = (0..)
            .zip(&self.ears)
            .filter_map(|(sensor, _)| Some((sensor, self.stated(sensor)?)))
            .collect();
        let Some((moves, nats)) = self.orders.elsewhere(c, &stated, fleet.names().len()) else {
            return;
        };
        for (sensor, vehicle) in moves {
            let bit = 1_u64.checked_shl(u32::from(vehicle.0)).unwrap_or(0);
            if let Some(ear) = self.ears.get_mut(usize::from(sensor))
                && let Some(place) = ear.stated
                && ear.told & bit == 0
            {
                ear.told |= bit;
                told.push(Displacement::Elsewhere(sensor, place, vehicle, nats));
            }
        }
    }

    /// Where sensors ride now, and whose times are of use; what was counted before that changed is over.
    fn restate(&mut self, fleet: &Fleet, now_us: i64, clock_off: &dyn Fn(u16) -> bool) {
        for (sensor, ear) in (0..).zip(&mut self.ears) {
            let stated = fleet.of_sensor(sensor, now_us);
            let off = clock_off(sensor);
            if stated != ear.stated {
                *ear = Ear {
                    stated,
                    clock_off: off,
                    last_us: ear.last_us,
                    ..Ear::default()
                };
            } else if off == ear.clock_off {
                continue;
            }
            ear.clock_off = off;
            self.orders.forget(sensor);
        }
    }

    /// Where a sensor is stated to ride whose times are of use.
    fn stated(&self, sensor: u16) -> Option<Vehicle> {
        let ear = self.ears.get(usize::from(sensor))?;
        ear.stated.filter(|_| !ear.clock_off)
    }

    fn passed(&mut self, c: &DisplacedConstants, pass: &Pass) {
        let times: Vec<Timed> = pass
            .heard
            .iter()
            .filter_map(|part| {
                let stated = self.stated(part.sensor)?;
                Some(Timed {
                    sensor: part.sensor,
                    stated,
                    at_s: part.moment / part.weight,
                })
            })
            .collect();
        if times.len() < 2 {
            return;
        }
        self.orders.count(c, times);
        self.fresh += 1;
    }

    /// Counts who of the living did not hear what most others heard.
    fn count_missed(
        &mut self,
        c: &DisplacedConstants,
        pass: &Pass,
        now_us: i64,
        told: &mut Vec<Displacement>,
    ) {
        let riding = self.ears.iter().filter(|e| e.stated.is_some()).count();
        if riding < 3 {
            return;
        }
        let passes = &self.passes;
        for (sensor, ear) in (0..).zip(&mut self.ears) {
            if ear.stated.is_none() {
                continue;
            }
            if pass.heard.iter().any(|part| part.sensor == sensor) {
                if pass.heard.len() > 1 {
                    ear.missed = 0;
                    ear.told_left = false;
                }
                continue;
            }
            let hears = ear.last_us.is_some_and(|last| now_us - last < DEAF_US);
            if hears && pass.heard.len() * 2 >= riding {
                ear.missed += 1;
                if ear.missed >= c.missed_passes && !ear.told_left {
                    // A sensor that hears badly still hears what rides with us.
                    if passes.values().any(|p| p.shared_lately(sensor, now_us)) {
                        ear.missed = 0;
                        continue;
                    }
                    ear.told_left = true;
                    told.push(Displacement::LeftBehind(sensor, ear.missed));
                }
            }
        }
    }
}

/// From one sweep to the next, µs.
const SWEEP_US: i64 = 10_000_000;

#[cfg(test)]
mod tests;
