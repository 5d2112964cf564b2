//! Who heard passers first, pair by pair of sensors, and which places of the sensors fit that best.

use std::collections::BTreeMap;

use super::DisplacedConstants;
use crate::fleet::Vehicle;

/// The share of passes that keep the order is taken to lie between these: chance, and not quite certainty.
const KEEP: (f64, f64) = (0.5, 0.98);

/// How often one sensor of a pair heard passers before the other did.
#[derive(Debug, Clone, Copy, Default)]
struct Order {
    first: f64,
    second: f64,
}

/// When a sensor heard somebody go by.
#[derive(Debug, Clone, Copy)]
pub struct Timed {
    pub sensor: u16,
    /// The vehicle that it is stated to ride in.
    pub stated: Vehicle,
    /// Mean of the times of its sightings, the louder weighing more, seconds.
    pub at_s: f64,
}

/// Orders counted, by pair of sensors.
#[derive(Debug, Default)]
pub struct Orders {
    pairs: BTreeMap<(u16, u16), Order>,
}

impl Orders {
    /// What was counted of a sensor is over.
    pub fn forget(&mut self, sensor: u16) {
        self.pairs.retain(|(a, b), _| *a != sensor && *b != sensor);
    }

    /// Counts one pass.
    pub fn count(&mut self, c: &DisplacedConstants, mut times: Vec<Timed>) {
        times.sort_by_key(|t| t.sensor);
        // The pairs of one pass err together: it counts as often as it has steps from sensor to sensor.
        let weight = 2.0 / times.len() as f64;
        for (at, a) in times.iter().enumerate() {
            for b in times.iter().skip(at + 1) {
                // Two in one vehicle have an order too, of a few metres: it tells nothing of vehicles.
                if a.stated == b.stated || (a.at_s - b.at_s).abs() < c.nearest_s {
                    continue;
                }
                let order = self.pairs.entry((a.sensor, b.sensor)).or_default();
                if a.at_s < b.at_s {
                    order.first += weight;
                } else {
                    order.second += weight;
                }
            }
        }
    }

    /// Holds one sensor elsewhere, and two exchanged, against the places as stated: the moves that fit far better,
    /// with the log-likelihood ratio of that, nats.
    pub fn elsewhere(
        &self,
        c: &DisplacedConstants,
        stated: &BTreeMap<u16, Vehicle>,
        vehicles: usize,
    ) -> Option<(Vec<(u16, Vehicle)>, f64)> {
        let as_stated = self.fit(stated);
        let mut best = (Fit::default(), Vec::new());
        let mut consider = |moves: Vec<(u16, Vehicle)>| {
            let mut places = stated.clone();
            places.extend(moves.iter().copied());
            let fit = self.fit(&places);
            let gain = Fit {
                by_distance: fit.by_distance - as_stated.by_distance,
                by_pair: fit.by_pair - as_stated.by_pair,
            };
            if gain.by_distance > best.0.by_distance {
                best = (gain, moves);
            }
        };
        for (sensor, place) in stated {
            for vehicle in (0..vehicles).map(|at| Vehicle(at as u8)) {
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
        if gain.by_distance < c.told_nats || gain.by_pair < c.each_pair_nats {
            return None;
        }
        Some((moves, gain.by_distance))
    }

    /// How well the orders counted fit, were the sensors to ride like this. The further apart, the surer is the
    /// order; two in one vehicle have none.
    fn fit(&self, places: &BTreeMap<u16, Vehicle>) -> Fit {
        let mut by_distance: BTreeMap<u8, (f64, f64)> = BTreeMap::new();
        let mut by_pair = 0.0;
        for ((a, b), order) in &self.pairs {
            let (Some(a), Some(b)) = (places.get(a), places.get(b)) else {
                continue;
            };
            let (first, second) = if a < b {
                (order.first, order.second)
            } else {
                (order.second, order.first)
            };
            let distance = a.0.abs_diff(b.0);
            by_pair += log_likelihood(distance, first, second);
            let (kept, broken) = by_distance.entry(distance).or_default();
            *kept += first;
            *broken += second;
        }
        let distances = by_distance.into_iter();
        Fit {
            by_distance: distances.map(|(d, (k, b))| log_likelihood(d, k, b)).sum(),
            by_pair,
        }
    }
}

/// Log-likelihoods of the orders counted, nats.
#[derive(Debug, Clone, Copy, Default)]
struct Fit {
    /// Pairs equally far apart keep the order equally often.
    by_distance: f64,
    /// Every pair has a share of its own.
    by_pair: f64,
}

/// Of passes that kept the order and passes that broke it, at the share of right orders that fits best.
fn log_likelihood(distance: u8, kept: f64, broken: f64) -> f64 {
    if distance == 0 {
        return (kept + broken) * 0.5_f64.ln();
    }
    let share = ((kept + 1.0) / (kept + broken + 2.0)).clamp(KEEP.0, KEEP.1);
    kept * share.ln() + broken * (1.0 - share).ln()
}
