//! Which vehicle carries an emitter: a probability for each of ours and for none of them (`detection.md` section 4).
//!
//! Every hypothesis (this vehicle and that hiding place; or beside, behind or ahead of us) says how loud the emitter
//! should be at each sensor. What was heard is held against that, unheard frames included: they say that a level lies
//! near the floor. The part of the error that stays for a pair of places is integrated out, so that listening longer
//! does not make it surer than standing still can; standing and driving are two looks with an error each.
//!
//! Needs the order of the convoy: a tag under a rear bumper is louder at the vehicle behind, and only the order tells
//! which of the two carries it.

use serde::{Deserialize, Serialize};

/// How an emitter in a hiding place is heard.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HidingPlace {
    /// Share of hidden trackers expected there.
    pub weight: f64,
    /// Loss towards the sensor of its own vehicle, dB below a tag in the cabin.
    pub own_db: f64,
    /// Loss towards other vehicles beside those of the bodies, dB.
    pub leak_db: f64,
    /// Loss of its own vehicle's body towards other vehicles, dB.
    pub body_db: f64,
    /// How far behind the sensor of its own vehicle, metres.
    pub behind_m: f64,
}

/// Constants of the attribution to vehicles. Levels and distances: `detection.md` sections 4 and 9 (simulated).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AttributionConstants {
    /// A vehicle is named from this probability on.
    pub name_probability: f64,
    /// Where no vehicle can be named, two are from this probability on.
    pub pair_probability: f64,
    /// Below this probability of "none of ours" the verdict is `aboard`.
    pub aboard_outside: f64,
    /// Slots of contact looked back on: a minute.
    pub window_slots: usize,
    /// Slots for which a change must last before it is told: twenty seconds.
    pub stable_slots: u32,
    /// Probability of the named vehicle in the last slots alone below which the emitter has left it.
    pub left_probability: f64,
    /// Of emitters that raised an alert, the share that is not aboard before levels are looked at (own estimate).
    pub outside_prior: f64,
    /// Of those that keep station with us without being aboard, the share before or behind us in our lane.
    pub in_our_lane: f64,
    /// Level of a tag in the cabin at the sensor of its own vehicle, dBm.
    pub cabin_dbm: f64,
    /// Distance to which that level belongs, metres.
    pub cabin_m: f64,
    /// Loss for every tenfold distance, dB.
    pub per_decade_db: f64,
    /// Loss of one vehicle's body, dB.
    pub body_db: f64,
    /// Level of a bystander's emitter at one metre, dBm.
    pub one_metre_dbm: f64,
    /// Spread of bystanders' transmit power, dB.
    pub power_sd_db: f64,
    /// Error that stays while parked, dB: 5 in `detection.md` section 4, and a part for bodies that differ from ours.
    pub parked_sd_db: f64,
    /// The same while driving (4 in section 4), dB.
    pub driving_sd_db: f64,
    /// The same for emitters that are not aboard, who wander against the convoy, dB.
    pub outside_sd_db: f64,
    /// How much of the level of an emitter that drives beside us comes and goes with the distance, slot by slot, dB.
    pub outside_wander_db: f64,
    /// Error that changes every six seconds while driving, dB.
    pub wander_db: f64,
    /// Error from frame to frame, dB.
    pub fading_db: f64,
    /// Level at which half of what arrives is decoded, dBm.
    pub sensitivity_dbm: f64,
    /// Scale of the logistic around it, dB.
    pub sensitivity_scale_db: f64,
    /// Share of loud frames that is received.
    pub reception: f64,
    /// Chance that a sensor which heard nothing of it was deaf to it.
    pub deaf_share: f64,
    /// Chance that the staying error is three times its usual size: bodies and doors differ.
    pub outlier_share: f64,
    /// From vehicle to vehicle when parked, metres.
    pub parked_pitch_m: f64,
    /// From vehicle to vehicle when standing in traffic, metres.
    pub queue_pitch_m: f64,
    /// From vehicle to vehicle driving: so many metres, and so many seconds.
    pub driving_pitch_m: f64,
    /// See `driving_pitch_m`, seconds.
    pub headway_s: f64,
    /// Factor on the log-likelihood: levels at several sensors err together (fitted).
    pub temper: f64,
    /// Hiding places: cabin, boot, cavity of metal, rear underbody.
    pub places: [HidingPlace; 4],
}

impl Default for AttributionConstants {
    fn default() -> Self {
        let place = |own_db, leak_db, body_db, behind_m| HidingPlace {
            weight: 0.25,
            own_db,
            leak_db,
            body_db,
            behind_m,
        };
        Self {
            name_probability: 0.8,
            pair_probability: 0.9,
            aboard_outside: 0.05,
            window_slots: 6,
            stable_slots: 2,
            left_probability: 0.02,
            outside_prior: 0.25,
            in_our_lane: 0.8,
            cabin_dbm: -62.0,
            cabin_m: 2.2,
            per_decade_db: 24.0,
            body_db: 7.0,
            one_metre_dbm: -59.0,
            power_sd_db: 4.0,
            parked_sd_db: 5.5,
            driving_sd_db: 5.0,
            outside_sd_db: 6.0,
            outside_wander_db: 5.0,
            wander_db: 4.0,
            fading_db: 3.5,
            sensitivity_dbm: -93.0,
            sensitivity_scale_db: 1.5,
            reception: 0.8,
            deaf_share: 0.02,
            outlier_share: 0.05,
            parked_pitch_m: 6.0,
            queue_pitch_m: 8.0,
            driving_pitch_m: 9.0,
            headway_s: 1.2,
            temper: 0.65,
            places: [
                place(0.0, 0.0, 7.0, 0.0),
                place(8.0, 4.0, 7.0, 2.3),
                place(22.0, 22.0, 7.0, 2.3),
                place(14.0, 0.0, 0.0, 2.3),
            ],
        }
    }
}

/// What the sensor of one vehicle heard of an emitter during a look; of several the loudest.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tally {
    /// Frames heard.
    pub count: u32,
    /// Their mean level, dBm.
    pub level_dbm: f64,
}

/// How the mean levels of slots differ at one sensor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wandering {
    /// Their variance, dB².
    pub variance: f64,
    /// Slots less one.
    pub freedom: f64,
    /// Frames in a slot, on average.
    pub frames: f64,
}

/// How the convoy stood or moved during a look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Regime {
    /// Standing for longer than traffic makes one stand.
    Parked,
    /// Standing in traffic.
    Queue,
    /// Moving, metres a second.
    Driving(f64),
    /// No positions tell: parked or driving through a town.
    Unknown,
}

/// What was heard of an emitter while the convoy kept one regime.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// Standing or moving.
    pub regime: Regime,
    /// Advertising events: the most frames that any sensor heard in each slot.
    pub events: u32,
    /// Slots looked at.
    pub slots: u32,
    /// By vehicle in the order of the convoy; `None` where no sensor rides.
    pub heard: Vec<Option<Tally>>,
    /// How the level wandered from slot to slot where it is loudest, where enough was heard to tell.
    pub wandering: Option<Wandering>,
}

/// Probabilities, which sum to one.
#[derive(Debug, Clone, PartialEq)]
pub struct Posterior {
    /// By vehicle in the order of the convoy.
    pub vehicles: Vec<f64>,
    /// In none of ours.
    pub outside: f64,
}

/// What can be said of where an emitter is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Named {
    /// This vehicle, by its place in the convoy, with its probability.
    One(usize, f64),
    /// One of these two, in the order of the convoy, with the probability that it is.
    Two(usize, usize, f64),
    /// Neither.
    Unknown,
}

impl Posterior {
    /// One vehicle if it is likely enough, else two if they are, else nothing.
    #[must_use]
    pub fn named(&self, constants: &AttributionConstants) -> Named {
        let mut order: Vec<(usize, f64)> = self.vehicles.iter().copied().enumerate().collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1));
        match order.as_slice() {
            [(at, p), ..] if *p >= constants.name_probability => Named::One(*at, *p),
            [(a, p), (b, q), ..] if p + q >= constants.pair_probability => {
                Named::Two(*a.min(b), *a.max(b), p + q)
            }
            _ => Named::Unknown,
        }
    }
}

/// Effective level, dBm: frames that others heard and this sensor did not pull it towards the floor
/// (`detection.md` section 4).
#[must_use]
pub fn effective_level_dbm(heard: &Tally, events: u32) -> f64 {
    if heard.count == 0 || events == 0 {
        return UNHEARD_DBM;
    }
    let (count, events) = (f64::from(heard.count), f64::from(events));
    (count * heard.level_dbm + (events - count).max(0.0) * FLOOR_DBM) / events.max(count)
}

/// Stands for the level of a frame that was not heard, dBm.
const FLOOR_DBM: f64 = -95.0;
/// Effective level of a sensor that heard none, dBm.
const UNHEARD_DBM: f64 = -97.0;
/// Of levels in whole dB and of what is not modelled, dB².
const ROUNDING_VARIANCE: f64 = 0.25;
/// Levels that are told apart, dBm: from `LOWEST_DBM`, one apart.
const LOWEST_DBM: f64 = -140.0;
const LEVELS: usize = 121;
/// A level this much less likely than the likeliest adds nothing.
const NEGLIGIBLE: f64 = 1e-12;
/// Beyond this a spread adds nothing, dB.
const REACH_DB: usize = 60;
/// Emitters outside are looked for this far before and behind the convoy, metres.
const BEYOND_M: f64 = 60.0;
/// And so far apart along it, metres.
const STEP_M: f64 = 3.0;
/// Beside the convoy, metres: same lane, next, next but one.
const LANES_M: [f64; 3] = [1.0, 3.5, 7.0];
/// Our lane is ours from so far before the first vehicle's sensor to so far behind the last one's, metres.
const OWN_LANE_M: f64 = 5.0;
/// Transmit powers tried, in spreads, each with the weight of its share of a Gaussian.
const POWERS: [(f64, f64); 5] = [
    (-1.6, 0.1),
    (-0.7, 0.24),
    (0.0, 0.32),
    (0.7, 0.24),
    (1.6, 0.1),
];
/// Nodes by which fading is integrated over, in spreads, and their weights.
const FADES: [(f64, f64); 7] = [
    (-2.4, 0.018),
    (-1.6, 0.089),
    (-0.8, 0.232),
    (0.0, 0.322),
    (0.8, 0.232),
    (1.6, 0.089),
    (2.4, 0.018),
];
/// Seconds for which shadows stay while driving (`detection.md` section 9), and in a slot.
const SHADOWS_PER_SLOT: f64 = 10.0 / 6.0;

/// Speed that stands for "driving" where no positions tell, metres a second (`detection.md` section 9, city).
const TOWN_M_S: f64 = 12.0;

/// Log-likelihoods of one look: by vehicle and hiding place, and of none of ours.
#[derive(Debug, Clone)]
struct Held {
    aboard: Vec<[f64; 4]>,
    outside: f64,
}

impl Held {
    fn new(vehicles: usize) -> Self {
        Self {
            aboard: vec![[0.0; 4]; vehicles],
            outside: 0.0,
        }
    }

    /// Either of two circumstances, equally likely.
    fn mean_with(&mut self, other: &Self) {
        let mean = |a: f64, b: f64| log_sum([a, b].into_iter()) - std::f64::consts::LN_2;
        let pairs = self.aboard.iter_mut().flatten();
        for (log, other) in pairs.zip(other.aboard.iter().flatten()) {
            *log = mean(*log, *other);
        }
        self.outside = mean(self.outside, other.outside);
    }
}

/// The hypotheses' levels, held against what was heard.
#[derive(Debug)]
pub struct Attribution {
    constants: AttributionConstants,
    /// By true level: what frames from there are worth.
    received: Vec<Received>,
    /// The staying error parked, driving, and of emitters that are not aboard.
    spreads: [Spread; 3],
}

/// Frames of one true level.
#[derive(Debug, Clone, Copy)]
struct Received {
    /// Logarithm of the share received, and of the share that is not.
    ln_share: f64,
    ln_missed: f64,
    /// How far the mean of the received lies above the level, dB.
    above_db: f64,
}

/// The staying error: how much weight each size has, and for each level all weights that lie within the levels told
/// apart.
#[derive(Debug)]
struct Spread {
    by_db: Vec<f64>,
    within: Vec<f64>,
}

impl Spread {
    fn new(sd_db: f64, outlier_share: f64) -> Self {
        let density = |x: f64, sd: f64| (-0.5 * (x / sd).powi(2)).exp() / sd;
        let by_db: Vec<f64> = (0..=REACH_DB)
            .map(|d| {
                let x = d as f64;
                (1.0 - outlier_share) * density(x, sd_db) + outlier_share * density(x, 3.0 * sd_db)
            })
            .collect();
        let within = (0..LEVELS)
            .map(|at| {
                let apart = (0..LEVELS).map(|i| at.abs_diff(i));
                apart.filter_map(|d| by_db.get(d)).sum()
            })
            .collect();
        Self { by_db, within }
    }
}

impl Attribution {
    /// Prepares what does not depend on the emitter.
    #[must_use]
    pub fn new(constants: AttributionConstants) -> Self {
        let c = &constants;
        let received = (0..LEVELS)
            .map(|i| {
                let level = LOWEST_DBM + i as f64;
                let (mut share, mut above) = (0.0, 0.0);
                for (spreads, weight) in FADES {
                    let fade = spreads * c.fading_db;
                    let x = (level + fade - c.sensitivity_dbm) / c.sensitivity_scale_db;
                    let p = weight / (1.0 + (-x).exp());
                    share += p;
                    above += p * fade;
                }
                let received = (c.reception * share).max(1e-12);
                Received {
                    ln_share: received.ln(),
                    ln_missed: (1.0 - received).ln(),
                    above_db: above / share.max(1e-12),
                }
            })
            .collect();
        let spreads = [
            Spread::new(c.parked_sd_db, c.outlier_share),
            Spread::new(c.driving_sd_db, c.outlier_share),
            // No outliers here: they would let somebody far behind us be as loud as a tag in our boot.
            Spread::new(c.outside_sd_db, 0.0),
        ];
        Self {
            constants,
            received,
            spreads,
        }
    }

    /// The constants.
    #[must_use]
    pub const fn constants(&self) -> &AttributionConstants {
        &self.constants
    }

    /// Where the emitter is, after these looks. `None` where nothing with a level was heard.
    #[must_use]
    pub fn posterior(&self, looks: &[Look]) -> Option<Posterior> {
        let vehicles = looks.iter().map(|look| look.heard.len()).max()?;
        let heard = |look: &Look| look.heard.iter().flatten().any(|t| t.count > 0);
        if vehicles == 0 || !looks.iter().any(heard) {
            return None;
        }
        let c = &self.constants;
        let mut aboard = vec![[0.0; 4]; vehicles];
        let mut outside = 0.0;
        for look in looks.iter().filter(|look| heard(look)) {
            let mut held = Held::new(vehicles);
            match look.regime {
                Regime::Unknown => {
                    let mut driving = Held::new(vehicles);
                    self.hold_against(look, Regime::Parked, &mut held);
                    self.hold_against(look, Regime::Driving(TOWN_M_S), &mut driving);
                    held.mean_with(&driving);
                }
                known => self.hold_against(look, known, &mut held),
            }
            let sums = aboard.iter_mut().flatten();
            for (sum, log) in sums.zip(held.aboard.iter().flatten()) {
                *sum += log;
            }
            outside += held.outside;
        }
        let each = (1.0 - c.outside_prior).ln() - (vehicles as f64).ln();
        let logs: Vec<f64> = aboard
            .iter()
            .map(|places| {
                let places = places.iter().zip(&c.places);
                each + log_sum(places.map(|(log, place)| place.weight.ln() + c.temper * log))
            })
            .collect();
        let outside = c.outside_prior.ln() + c.temper * outside;
        let all = log_sum(logs.iter().copied().chain([outside]));
        Some(Posterior {
            vehicles: logs.iter().map(|log| (log - all).exp()).collect(),
            outside: (outside - all).exp(),
        })
    }

    /// Adds the log-likelihoods of one look.
    fn hold_against(&self, look: &Look, regime: Regime, held: &mut Held) {
        let c = &self.constants;
        let [parked, driving, beside] = &self.spreads;
        let (pitch_m, spread) = match regime {
            Regime::Parked | Regime::Unknown => (c.parked_pitch_m, parked),
            Regime::Queue => (c.queue_pitch_m, driving),
            Regime::Driving(m_s) => (c.driving_pitch_m + c.headway_s * m_s, driving),
        };
        let sensors: Vec<(f64, &Tally)> = look
            .heard
            .iter()
            .enumerate()
            .filter_map(|(at, tally)| Some((-(at as f64) * pitch_m, tally.as_ref()?)))
            .collect();
        // Most sensors hear nothing of most emitters: what that says is worked out once.
        let same = |at: usize, t: &Tally| sensors.iter().take(at).position(|(_, u)| *u == t);
        let fits = |spread: &Spread| -> Vec<Vec<f64>> {
            let mut fits: Vec<Vec<f64>> = Vec::with_capacity(sensors.len());
            for (at, (_, t)) in sensors.iter().enumerate() {
                let before = same(at, t).and_then(|before| fits.get(before).cloned());
                fits.push(before.unwrap_or_else(|| self.fit(t, look, regime, spread)));
            }
            fits
        };
        let fit = fits(spread);
        for (at, logs) in held.aboard.iter_mut().enumerate() {
            for (log, place) in logs.iter_mut().zip(&c.places) {
                let x_m = -(at as f64) * pitch_m - place.behind_m;
                for ((sensor_m, _), fit) in sensors.iter().zip(&fit) {
                    let own = (sensor_m + at as f64 * pitch_m).abs() < 1e-6;
                    let level_dbm = if own {
                        c.cabin_dbm - place.own_db
                    } else {
                        let far = ((sensor_m - x_m).abs() / c.cabin_m).max(1.0);
                        c.cabin_dbm
                            - c.per_decade_db * far.log10()
                            - (c.body_db + place.body_db + place.leak_db)
                    };
                    *log += at_level(fit, level_dbm);
                }
            }
        }
        if let (Regime::Driving(_), Some(w)) = (regime, look.wandering) {
            // Aboard, shadows and fading alone move the level; beside us the distance does too.
            let steady = c.fading_db.powi(2) / w.frames.max(1.0)
                + c.wander_db.powi(2) / SHADOWS_PER_SLOT
                + ROUNDING_VARIANCE;
            let wandering = steady + c.outside_wander_db.powi(2);
            held.outside += w.freedom / 2.0
                * ((steady / wandering).ln() + w.variance * (1.0 / steady - 1.0 / wandering));
        }
        let fit = fits(beside);
        held.outside += self.outside(&sensors, &fit, look.heard.len(), pitch_m);
    }

    /// Log-likelihood of an emitter somewhere beside, behind or ahead of the convoy.
    fn outside(
        &self,
        sensors: &[(f64, &Tally)],
        fit: &[Vec<f64>],
        vehicles: usize,
        pitch_m: f64,
    ) -> f64 {
        let c = &self.constants;
        let length_m = vehicles.saturating_sub(1) as f64 * pitch_m;
        let steps = ((length_m + 2.0 * BEYOND_M) / STEP_M) as usize;
        // Log-likelihoods in our lane, where only before and behind us is room, and in the others.
        let mut lanes = [Vec::new(), Vec::new()];
        for step in 0..=steps {
            let x_m = BEYOND_M - step as f64 * STEP_M;
            let among_us = x_m < OWN_LANE_M && x_m > -length_m - OWN_LANE_M;
            for lane_m in LANES_M {
                let ours = lane_m < OWN_LANE_M / 2.0;
                let [own, others] = &mut lanes;
                let logs = match (ours, among_us) {
                    (true, true) => continue,
                    (true, false) => own,
                    (false, _) => others,
                };
                let mut sums = POWERS.map(|(_, weight)| f64::ln(weight));
                for ((sensor_m, _), fit) in sensors.iter().zip(fit) {
                    let far = (sensor_m - x_m).hypot(lane_m).max(1.0);
                    let usual_dbm =
                        c.one_metre_dbm - c.per_decade_db * far.log10() - 2.0 * c.body_db;
                    for (sum, (spreads, _)) in sums.iter_mut().zip(POWERS) {
                        *sum += at_level(fit, usual_dbm + spreads * c.power_sd_db);
                    }
                }
                logs.extend(sums);
            }
        }
        let mean = |logs: &[f64]| {
            let places = logs.len() as f64 / POWERS.len() as f64;
            log_sum(logs.iter().copied()) - places.ln()
        };
        let [own, others] = lanes;
        log_sum(
            [
                c.in_our_lane.ln() + mean(&own),
                (1.0 - c.in_our_lane).ln() + mean(&others),
            ]
            .into_iter(),
        )
    }

    /// Log-likelihood of what one sensor heard, by the true level at it.
    fn likely(&self, tally: &Tally, look: &Look, regime: Regime) -> Vec<f64> {
        let c = &self.constants;
        let count = f64::from(tally.count);
        let missed = f64::from(look.events.saturating_sub(tally.count));
        let wander_db = match regime {
            Regime::Parked | Regime::Queue | Regime::Unknown => 0.0,
            Regime::Driving(_) => c.wander_db,
        };
        let shadows = (f64::from(look.slots) * SHADOWS_PER_SLOT).max(1.0);
        let variance =
            c.fading_db.powi(2) / count.max(1.0) + wander_db.powi(2) / shadows + ROUNDING_VARIANCE;
        let levels = self.received.iter().enumerate();
        levels
            .map(|(i, of)| {
                let mut log = missed * of.ln_missed;
                if tally.count > 0 {
                    let level = LOWEST_DBM + i as f64;
                    log += count * of.ln_share
                        - (tally.level_dbm - level - of.above_db).powi(2) / (2.0 * variance);
                }
                log
            })
            .collect()
    }

    /// Log-likelihood by the level that a hypothesis predicts: the staying error is integrated out.
    fn fit(&self, tally: &Tally, look: &Look, regime: Regime, spread: &Spread) -> Vec<f64> {
        let likely = self.likely(tally, look, regime);
        let top = likely.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let likely: Vec<(usize, f64)> = likely
            .iter()
            .map(|log| (log - top).exp())
            .enumerate()
            .filter(|(_, likely)| *likely > NEGLIGIBLE)
            .collect();
        let deaf = self.constants.deaf_share;
        spread
            .within
            .iter()
            .enumerate()
            .map(|(at, within)| {
                let weighted = likely
                    .iter()
                    .filter_map(|(i, likely)| Some(likely * spread.by_db.get(at.abs_diff(*i))?));
                let heard = weighted.sum::<f64>() / within;
                let p = if tally.count == 0 {
                    (1.0 - deaf) * heard + deaf
                } else {
                    heard
                };
                p.max(1e-30).ln() + top
            })
            .collect()
    }
}

/// A table by level, read at a level, dBm.
fn at_level(table: &[f64], level_dbm: f64) -> f64 {
    let at = (level_dbm - LOWEST_DBM)
        .round()
        .clamp(0.0, (LEVELS - 1) as f64);
    table.get(at as usize).copied().unwrap_or(0.0)
}

/// Logarithm of a sum of exponentials.
fn log_sum(logs: impl Iterator<Item = f64> + Clone) -> f64 {
    let top = logs.clone().fold(f64::NEG_INFINITY, f64::max);
    if top == f64::NEG_INFINITY {
        return top;
    }
    top + logs.map(|log| (log - top).exp()).sum::<f64>().ln()
}
