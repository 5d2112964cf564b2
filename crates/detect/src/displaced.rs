//! Notices a sensor that rides elsewhere than stated, from the order in which the convoy passes what stands beside
//! the road: the first vehicle hears it first, the last one last. No landmark and no device of ours is needed, only a
//! road with devices along it. Two vehicles that drive in another order than entered look the same, and so does a
//! clock that is off by the time in which we drive from one vehicle's place to the next one's: one to three seconds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fleet::{Fleet, Vehicle};
use crate::sighting::Identifier;

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
    /// Log-likelihood ratio against the places as stated from which it is told, nats.
    pub told_nats: f64,
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
            missed_passes: 30,
            look_every: 10,
        }
    }
}

/// Passes followed at once; in a crowd not everybody is needed.
const PASSES: usize = 1024;
/// Levels weigh by how far they lie above this, dBm: the nearer, the louder.
const FLOOR_DBM: f64 = -96.0;
/// The share of passes that keep the order is taken to lie between these: chance, and not quite certainty.
const KEEP: (f64, f64) = (0.5, 0.98);
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
    /// By sensor: weights, and times since the first sighting by weight, seconds.
    heard: Vec<(u16, f64, f64)>,
}

/// How often one sensor of a pair heard passers before the other did.
#[derive(Debug, Clone, Copy, Default)]
struct Order {
    first: f64,
    second: f64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Ear {
    stated: Option<Vehicle>,
    last_us: Option<i64>,
    missed: u32,
    told: Option<Vehicle>,
    told_left: bool,
}

/// The check. Memory is bounded by the passes followed and the pairs of sensors that ride in vehicles.
#[derive(Debug, Default)]
pub struct Displaced {
    passes: BTreeMap<Identifier, Pass>,
    swept_us: i64,
    orders: BTreeMap<(u16, u16), Order>,
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
            match pass.heard.iter_mut().find(|h| h.0 == sensor) {
                Some(h) => {
                    h.1 += weight;
                    h.2 += moment;
                }
                None => pass.heard.push((sensor, weight, moment)),
            }
        }
        stamped_us - self.swept_us >= SWEEP_US || stamped_us < self.swept_us
    }

    /// Closes the passes that are over; `speed` tells how fast we were, metres a second, where we moved throughout
    /// a stretch of time and met this identifier for the first time in it: one that drives our way at the edge of
    /// what can be heard comes and goes, and would be counted again and again.
    pub fn sweep(
        &mut self,
        c: &DisplacedConstants,
        fleet: &Fleet,
        now_us: i64,
        speed: &mut dyn FnMut(Identifier, i64, i64) -> Option<f64>,
    ) -> Vec<Displacement> {
        self.swept_us = now_us;
        self.restate(fleet, now_us);
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

    /// Where sensors ride now; what was counted of one that was moved is over.
    fn restate(&mut self, fleet: &Fleet, now_us: i64) {
        for (sensor, ear) in (0..).zip(&mut self.ears) {
            let stated = fleet.of_sensor(sensor, now_us);
            if stated != ear.stated {
                *ear = Ear {
                    stated,
                    last_us: ear.last_us,
                    ..Ear::default()
                };
                self.orders.retain(|(a, b), _| *a != sensor && *b != sensor);
            }
        }
    }

    fn stated(&self, sensor: u16) -> Option<Vehicle> {
        self.ears.get(usize::from(sensor))?.stated
    }

    fn passed(&mut self, c: &DisplacedConstants, pass: &Pass) {
        let mut times: Vec<(u16, f64)> = pass
            .heard
            .iter()
            .filter(|h| self.stated(h.0).is_some())
            .map(|(sensor, weight, moment)| (*sensor, moment / weight))
            .collect();
        if times.len() < 2 {
            return;
        }
        times.sort_by_key(|t| t.0);
        // The pairs of one pass err together: it counts as often as it has steps from sensor to sensor.
        let weight = 2.0 / times.len() as f64;
        for (at, (a, a_s)) in times.iter().enumerate() {
            for (b, b_s) in times.iter().skip(at + 1) {
                if (a_s - b_s).abs() < c.nearest_s {
                    continue;
                }
                let order = self.orders.entry((*a, *b)).or_default();
                if a_s < b_s {
                    order.first += weight;
                } else {
                    order.second += weight;
                }
            }
        }
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
        for (sensor, ear) in (0..).zip(&mut self.ears) {
            if ear.stated.is_none() {
                continue;
            }
            if pass.heard.iter().any(|h| h.0 == sensor) {
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
                    ear.told_left = true;
                    told.push(Displacement::LeftBehind(sensor, ear.missed));
                }
            }
        }
    }

    /// Holds one sensor elsewhere, and two exchanged, against the places as stated.
    fn compare(&mut self, c: &DisplacedConstants, fleet: &Fleet, told: &mut Vec<Displacement>) {
        let stated: BTreeMap<u16, Vehicle> = (0..)
            .zip(&self.ears)
            .filter_map(|(sensor, ear)| Some((sensor, ear.stated?)))
            .collect();
        let as_stated = self.log_likelihood(&stated);
        let mut best = (0.0, Vec::new());
        let mut consider = |moves: Vec<(u16, Vehicle)>| {
            let mut places = stated.clone();
            places.extend(moves.iter().copied());
            let gain = self.log_likelihood(&places) - as_stated;
            if gain > best.0 {
                best = (gain, moves);
            }
        };
        for (sensor, place) in &stated {
            for vehicle in (0..fleet.names().len()).map(|at| Vehicle(at as u8)) {
                if vehicle != *place {
                    consider(vec![(*sensor, vehicle)]);
                }
            }
            for (other, its) in stated.range(sensor + 1..) {
                if its != place {
                    consider(vec![(*sensor, *its), (*other, *place)]);
                }
            }
        }
        let (gain, moves) = best;
        if gain < c.told_nats {
            return;
        }
        for (sensor, vehicle) in moves {
            if let Some(ear) = self.ears.get_mut(usize::from(sensor))
                && let Some(place) = ear.stated
                && ear.told.replace(vehicle) != Some(vehicle)
            {
                told.push(Displacement::Elsewhere(sensor, place, vehicle, gain));
            }
        }
    }

    /// Of the orders counted, were the sensors to ride like this. The further apart, the surer is the order, so each
    /// distance has a share of its own; two in one vehicle have none.
    fn log_likelihood(&self, places: &BTreeMap<u16, Vehicle>) -> f64 {
        let mut by_distance: BTreeMap<u8, (f64, f64)> = BTreeMap::new();
        for ((a, b), order) in &self.orders {
            let (Some(a), Some(b)) = (places.get(a), places.get(b)) else {
                continue;
            };
            let (kept, broken) = by_distance.entry(a.0.abs_diff(b.0)).or_default();
            let (first, second) = if a < b {
                (order.first, order.second)
            } else {
                (order.second, order.first)
            };
            *kept += first;
            *broken += second;
        }
        by_distance
            .into_iter()
            .map(|(distance, (kept, broken))| {
                if distance == 0 {
                    return (kept + broken) * 0.5_f64.ln();
                }
                let share = ((kept + 1.0) / (kept + broken + 2.0)).clamp(KEEP.0, KEEP.1);
                kept * share.ln() + broken * (1.0 - share).ln()
            })
            .sum()
    }
}

/// From one sweep to the next, µs.
const SWEEP_US: i64 = 10_000_000;

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_decode::Address;

    const S: i64 = 1_000_000;

    fn fleet(vehicles: u8) -> Fleet {
        let mut fleet = Fleet::default();
        for i in 0..vehicles {
            let vehicle = fleet.vehicle(&format!("V{}", i + 1));
            fleet.ride(u16::from(i), vehicle, i64::MIN);
        }
        fleet
    }

    /// Sensor `s` in truth rides at `places[s]`, and passes a device every ten seconds, two seconds a vehicle.
    fn drive(places: &[Option<u8>], passes: i64, mut each: impl FnMut(&[Displacement])) {
        let fleet = fleet(places.len() as u8);
        let c = DisplacedConstants::default();
        let mut displaced = Displaced::default();
        let mut wander = 7_u64;
        for n in 0..passes {
            for (sensor, place) in (0..).zip(places) {
                let key = match place {
                    Some(_) => n as u8,
                    None => 255,
                };
                let address = Address([0xC0, 0, 0, 0, (n >> 8) as u8, key]);
                let identifier = Identifier::of_address(address, None);
                // The times are off by up to three seconds, so that one pass alone proves nothing.
                wander = wander
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                let off_us = ((wander >> 40) % 6_000_000) as i64 - 3 * S;
                let place = i64::from(place.unwrap_or(0));
                let at_us = 1000 * S + n * 10 * S + place * 2 * S + off_us;
                displaced.heard(sensor, identifier, at_us, Some(-80));
            }
            each(&displaced.sweep(&c, &fleet, 1000 * S + n * 10 * S, &mut |_, _, _| Some(6.0)));
        }
    }

    #[test]
    fn as_stated_nothing_is_told() {
        drive(
            &[Some(0), Some(1), Some(2), Some(3), Some(4)],
            400,
            |told| {
                assert_eq!(told, []);
            },
        );
    }

    #[test]
    fn two_sensors_exchanged_are_named() {
        let mut all = Vec::new();
        drive(
            &[Some(0), Some(3), Some(2), Some(1), Some(4)],
            100,
            |told| {
                all.extend_from_slice(told);
            },
        );
        let moves: Vec<_> = all
            .iter()
            .map(|d| match d {
                Displacement::Elsewhere(s, from, to, nats) => {
                    assert!(*nats >= 12.0);
                    (*s, from.0, to.0)
                }
                Displacement::LeftBehind(..) => panic!("{d:?}"),
            })
            .collect();
        assert_eq!(moves, [(1, 1, 3), (3, 3, 1)]);
    }

    #[test]
    fn one_that_was_put_into_another_vehicle_is_named() {
        let mut all = Vec::new();
        drive(
            &[Some(0), Some(4), Some(2), Some(3), Some(4)],
            200,
            |told| {
                all.extend_from_slice(told);
            },
        );
        let last = all.last();
        assert!(
            matches!(
                last,
                Some(Displacement::Elsewhere(1, Vehicle(1), Vehicle(4), _))
            ),
            "{all:?}"
        );
    }

    #[test]
    fn one_left_behind_hears_nothing_of_what_the_others_pass() {
        let mut all = Vec::new();
        drive(&[Some(0), Some(1), None, Some(3), Some(4)], 60, |told| {
            all.extend_from_slice(told);
        });
        assert_eq!(all, [Displacement::LeftBehind(2, 30)]);
    }

    #[test]
    fn memory_is_bounded_by_the_passes_followed() {
        let mut displaced = Displaced::default();
        for n in 0..10_000_u32 {
            let [a, b, c, d] = n.to_be_bytes();
            let identifier = Identifier::of_address(Address([1, 1, a, b, c, d]), None);
            displaced.heard(0, identifier, i64::from(n), Some(-70));
        }
        assert_eq!(displaced.passes.len(), PASSES);
    }
}
