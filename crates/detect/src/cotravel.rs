//! Analyzer `co-travel@2`, profile vehicle: does one identifier stay in contact as only something aboard would?
//!
//! `detection.md` 1.2 and 1.3: slots of ten seconds, one channel (the strongest receiver), a contact chain and
//! a level under "aboard" against a mixture of roadside, stream and platoon. Checked against golden numbers of
//! the Python prototype. What its raw ratio is worth depends on environment, class and level (`strata.rs`).
//!
//! While we are parked nothing is weighed, for or against: who stands beside us all night stays with us as well
//! as anything aboard, and tells itself apart only when we drive off.
//!
//! Known false positives: vehicles that keep station with us for a quarter of an hour on a motorway; a tail car.

use serde::{Deserialize, Serialize};

/// Name and version, as alerts carry it.
pub const ANALYZER: &str = "co-travel@2";

/// Length of a slot, microseconds.
pub const SLOT_US: i64 = 10_000_000;

/// Constants of the analyzer; all from `detection.md` 1.2 unless said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CoTravelConstants {
    /// Advertising events that a slot can hold: ten seconds over an interval of two.
    pub opportunities: u32,
    /// Beta prior of the share heard: hits and misses.
    pub heard_prior: [f64; 2],
    /// Aboard, from one slot to the next: contact lost.
    pub lost: f64,
    /// Aboard: contact regained.
    pub regained: f64,
    /// Not aboard: contact regained after it was lost; the upper end of the range in `detection.md` 1.2. At its
    /// lower end every gap of a weak vehicle that keeps station counted as proof of riding aboard.
    pub returns: f64,
    /// How much of the past share heard is carried on under "not aboard".
    pub share_memory: f64,
    /// Not aboard: fast fading of one frame and slow error of a slot's mean, dB.
    pub fading_db: f64,
    /// See `fading_db`.
    pub slot_error_db: f64,
    /// Of something switched on only while we stand, or only while we move: chance that it is heard in a slot in which
    /// it should not be, or not heard in one in which it should.
    pub gate: f64,
    /// How the level of something aboard may behave.
    pub manners: [Manner; MANNERS],
    /// Span of levels at first sight, dB.
    pub first_level_span_db: f64,
    /// Chance that a vehicle of the stream takes another way at a turn.
    pub split: f64,
    /// Speed above which we move, metres a second.
    pub moving_m_s: f64,
    /// The three alternatives: roadside, stream, platoon.
    pub alternatives: [Alternative; 3],
    /// Posterior from which an alert is raised.
    pub act_probability: f64,
    /// Posterior from which an emitter is watched.
    pub watch_probability: f64,
    /// An alert needs contact over at least this time, not counting the time parked, seconds.
    pub min_contact_s: f64,
    /// We are parked when we stayed within this distance, metres: more than positions wander, less than a walk.
    pub parked_within_m: f64,
    /// For at least this time, seconds: longer than nearly every traffic light.
    pub parked_after_s: f64,
}

/// Ways in which the level of something aboard may behave.
pub const MANNERS: usize = 5;

/// One way in which the level of something aboard may behave at a receiver: steadily, as `detection.md` 1.2 has it;
/// restlessly, as from a hiding place whose surroundings change while driving (section 9: 4 dB every six seconds); or
/// hopping, where the transmit power changes from frame to frame.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manner {
    /// Share of what is aboard that behaves like this.
    pub weight: f64,
    /// Error of one frame, dB.
    pub fading_db: f64,
    /// Error of a slot's mean that more frames do not lessen, dB.
    pub slot_error_db: f64,
    /// How far the level wanders from slot to slot, dB.
    pub walk_db: f64,
    /// When it is switched on.
    pub gate: Gate,
}

/// When something aboard is switched on (`detection.md` 1.1, Hg).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// Always.
    Always,
    /// While we stand.
    Standing,
    /// While we move.
    Moving,
}

/// One way of not being aboard.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alternative {
    /// Share of emitters heard that are of this kind.
    pub weight: f64,
    /// Chance of leaving in a slot while we move; NaN for the roadside, where it follows from our speed.
    pub exit_moving: Option<f64>,
    /// Chance of leaving in a slot while we stand.
    pub exit_standing: f64,
    /// How far the level wanders in a slot while we move, dB.
    pub walk_db: f64,
}

/// Mean remaining stretch within reach of a roadside emitter, metres.
const ROADSIDE_REACH_M: f64 = 60.0;

impl Default for CoTravelConstants {
    fn default() -> Self {
        Self {
            opportunities: 5,
            heard_prior: [2.0, 1.0],
            lost: 0.005,
            regained: 0.05,
            returns: 2e-3,
            share_memory: 0.6,
            fading_db: 3.5,
            slot_error_db: 1.5,
            manners: [
                Manner {
                    weight: 0.6,
                    fading_db: 3.5,
                    slot_error_db: 1.5,
                    walk_db: 0.5,
                    gate: Gate::Always,
                },
                Manner {
                    weight: 0.25,
                    fading_db: 3.5,
                    slot_error_db: 3.5,
                    walk_db: 0.5,
                    gate: Gate::Always,
                },
                Manner {
                    weight: 0.05,
                    fading_db: 12.5,
                    slot_error_db: 3.5,
                    walk_db: 0.5,
                    gate: Gate::Always,
                },
                Manner {
                    weight: 0.05,
                    fading_db: 3.5,
                    slot_error_db: 3.5,
                    walk_db: 0.5,
                    gate: Gate::Standing,
                },
                Manner {
                    weight: 0.05,
                    fading_db: 3.5,
                    slot_error_db: 3.5,
                    walk_db: 0.5,
                    gate: Gate::Moving,
                },
            ],
            gate: 0.2,
            first_level_span_db: 40.0,
            split: 0.5,
            moving_m_s: 0.5,
            alternatives: [
                Alternative {
                    weight: 0.90,
                    exit_moving: None,
                    exit_standing: 0.01,
                    walk_db: 8.0,
                },
                Alternative {
                    weight: 0.09,
                    exit_moving: Some(0.08),
                    exit_standing: 0.01,
                    walk_db: 4.0,
                },
                Alternative {
                    weight: 0.01,
                    exit_moving: Some(0.012),
                    exit_standing: 0.004,
                    walk_db: 3.0,
                },
            ],
            act_probability: 0.5,
            watch_probability: 0.2,
            min_contact_s: 20.0,
            parked_within_m: 40.0,
            parked_after_s: 90.0,
        }
    }
}

/// What one slot showed of one emitter at one receiver.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SlotHeard {
    /// Frames heard.
    pub count: u32,
    /// Mean level of those with a known one, dBm.
    pub level_dbm: Option<f64>,
}

/// How we moved during one slot.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SlotMotion {
    /// Mean speed, metres a second.
    pub speed_m_s: f64,
    /// Share of the slot in which we moved.
    pub moving: f64,
    /// Turns at which others may have taken another way.
    pub turns: u32,
}

/// What a slot means for those who are not aboard: computed once for all emitters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conditions {
    /// Chance that each alternative leaves us in this slot.
    leaves: [f64; 3],
    /// Factor on how far levels wander: little while we stand.
    wander: f64,
    /// What is switched on while we stand, and while we move: lost and regained in this slot.
    standing: (f64, f64),
    /// See `standing`.
    moving: (f64, f64),
}

impl Conditions {
    /// Of a slot in which we moved like this.
    #[must_use]
    pub fn new(constants: &CoTravelConstants, motion: SlotMotion) -> Self {
        let moving = motion.speed_m_s > constants.moving_m_s;
        let stays_at_turns = (1.0 - constants.split * 0.8).powi(motion.turns as i32);
        let leaves = constants.alternatives.map(|alternative| {
            let exit = if moving {
                let metres = motion.speed_m_s * SLOT_US as f64 / 1e6;
                let roadside = || 1.0 - (-metres / ROADSIDE_REACH_M).exp();
                alternative.exit_moving.unwrap_or_else(roadside)
            } else {
                alternative.exit_standing
            };
            (1.0 - (1.0 - exit) * stays_at_turns).min(1.0 - 1e-9)
        });
        let wander = motion.moving.max(0.05).sqrt();
        // A share `on` of the slot in which it is switched on.
        let gate = constants.gate;
        let gated = |on: f64| {
            (
                gate + (1.0 - 2.0 * gate) * (1.0 - on),
                gate * gate + (1.0 - gate) * on,
            )
        };
        Self {
            leaves,
            wander,
            standing: gated(1.0 - motion.moving),
            moving: gated(motion.moving),
        }
    }
}

/// Level under one hypothesis: scalar random walk. A variance of infinity is "not heard yet".
#[derive(Debug, Clone, Copy)]
struct Level {
    mean: f64,
    variance: f64,
}

impl Level {
    const UNKNOWN: Self = Self {
        mean: 0.0,
        variance: f64::INFINITY,
    };

    /// Moves on by one slot and returns the density of what was heard.
    fn step(&mut self, heard: Option<f64>, walk_db: f64, error: f64, span_db: f64) -> f64 {
        let spread = self.variance + walk_db * walk_db;
        let Some(level) = heard else {
            self.variance = spread;
            return 1.0;
        };
        if self.variance.is_infinite() {
            *self = Self {
                mean: level,
                variance: error + 4.0,
            };
            return 1.0 / span_db;
        }
        let precision = 1.0 / (spread + error);
        let off = level - self.mean;
        let gain = spread * precision;
        self.mean += gain * off;
        self.variance = (1.0 - gain) * spread;
        (-0.5 * off * off * precision).exp() * (precision / std::f64::consts::TAU).sqrt()
    }
}

/// Weights of a chain: in contact, out of contact.
type Chain = [f64; 2];

/// The state of the test for one emitter at one receiver.
///
/// Weights are kept as numbers and not as logarithms, scaled so that all of them together are 1: only their
/// ratio matters, and a slot then costs no logarithm but the one of the result.
#[derive(Debug, Clone)]
pub struct CoTravel {
    /// Slots taken, the silent ones included.
    slots: u32,
    /// Frames with a known level, and the sum of their levels, dBm.
    leveled: f64,
    level_sum: f64,
    aboard: [Chain; MANNERS],
    aboard_level: [Level; MANNERS],
    aboard_share: [f64; 2],
    away: [Chain; 3],
    away_level: [Level; 3],
    away_share: [f64; 2],
}

impl CoTravel {
    /// Before the first slot.
    #[must_use]
    pub fn new(constants: &CoTravelConstants) -> Self {
        Self {
            slots: 0,
            leveled: 0.0,
            level_sum: 0.0,
            aboard: constants.manners.map(|manner| [manner.weight, 0.0]),
            aboard_level: [Level::UNKNOWN; MANNERS],
            aboard_share: constants.heard_prior,
            away: [[1.0, 0.0]; 3],
            away_level: [Level::UNKNOWN; 3],
            away_share: constants.heard_prior,
        }
    }

    /// Takes one slot.
    pub fn step(
        &mut self,
        constants: &CoTravelConstants,
        heard: SlotHeard,
        conditions: &Conditions,
    ) {
        let n = constants.opportunities;
        let count = heard.count.min(n);
        let any = count > 0;
        let frames = f64::from(count.max(1));
        let error_of = |fading_db: f64, slot_error_db: f64| {
            fading_db * fading_db / frames + slot_error_db * slot_error_db
        };
        let error = error_of(constants.fading_db, constants.slot_error_db);
        let level = if any { heard.level_dbm } else { None };
        let span_db = constants.first_level_span_db;
        let silent = if any { 0.0 } else { 1.0 };

        let started = self.slots > 0;
        let share = beta_binomial(count, n, self.aboard_share);
        let manners = self.aboard.iter_mut().zip(&mut self.aboard_level);
        for ((chain, aboard_level), manner) in manners.zip(&constants.manners) {
            if started {
                let [inside, outside] = *chain;
                let (lost, regained) = match manner.gate {
                    Gate::Always => (constants.lost, constants.regained),
                    Gate::Standing => conditions.standing,
                    Gate::Moving => conditions.moving,
                };
                *chain = [
                    inside * (1.0 - lost) + outside * regained,
                    inside * lost + outside * (1.0 - regained),
                ];
            }
            let error = error_of(manner.fading_db, manner.slot_error_db);
            chain[0] *= share * aboard_level.step(level, manner.walk_db, error, span_db);
            chain[1] *= silent;
        }

        let share = beta_binomial(count, n, self.away_share);
        for (((chain, away_level), alternative), leaves) in self
            .away
            .iter_mut()
            .zip(&mut self.away_level)
            .zip(&constants.alternatives)
            .zip(conditions.leaves)
        {
            if started {
                let [present, absent] = *chain;
                *chain = [
                    present * (1.0 - leaves) + absent * constants.returns,
                    present * leaves + absent,
                ];
            }
            let walk_db = alternative.walk_db * conditions.wander;
            chain[0] *= share * away_level.step(level, walk_db, error, span_db);
            chain[1] *= silent;
        }
        self.rescale();

        let (hits, misses) = (f64::from(count), f64::from(n - count));
        self.aboard_share[0] += hits;
        self.aboard_share[1] += misses;
        let keep = constants.share_memory;
        for (share, (prior, new)) in self
            .away_share
            .iter_mut()
            .zip(constants.heard_prior.into_iter().zip([hits, misses]))
        {
            *share = keep * *share + (1.0 - keep) * prior + new;
        }
        self.slots = self.slots.saturating_add(1);
        if let Some(level) = level {
            self.leveled += frames;
            self.level_sum += frames * level;
        }
    }

    /// Forgets how loud it was, not how long: doors that close, people who get in and the way out of a yard change the
    /// level of what is aboard as they do that of everything else.
    pub fn forget_levels(&mut self) {
        self.aboard_level = [Level::UNKNOWN; MANNERS];
        self.away_level = [Level::UNKNOWN; 3];
        self.leveled = 0.0;
        self.level_sum = 0.0;
    }

    /// Scales the weights up again before they run out of numbers.
    fn rescale(&mut self) {
        let chains = self.aboard.iter_mut().chain(&mut self.away);
        let all: f64 = chains.map(|c| c[0] + c[1]).sum();
        if all < SMALL {
            let factor = 1.0 / all.max(VANISHED);
            let chains = self.aboard.iter_mut().chain(&mut self.away);
            for weight in chains.flatten() {
                *weight *= factor;
            }
        }
    }

    /// Log-likelihood ratio of aboard against the mixture, nats.
    #[must_use]
    pub fn llr(&self, constants: &CoTravelConstants) -> f64 {
        let weighted = |(a, chain): (&Alternative, &Chain)| a.weight * (chain[0] + chain[1]);
        let alternatives = constants.alternatives.iter();
        let away: f64 = alternatives.zip(&self.away).map(weighted).sum();
        let aboard = self.riding();
        (aboard.max(VANISHED) / away.max(VANISHED)).ln()
    }

    /// Weight of "aboard", in whatever manner.
    fn riding(&self) -> f64 {
        self.aboard.iter().map(|c| c[0] + c[1]).sum()
    }

    /// Against each alternative alone (roadside, stream, platoon), nats; 600 and more is written as 600.
    #[must_use]
    pub fn against(&self) -> [f64; 3] {
        let aboard = self.riding();
        self.away
            .map(|[present, absent]| (aboard / (present + absent).max(VANISHED)).ln().min(600.0))
    }

    /// The manner of riding aboard that explains the levels best, by its place in the constants.
    #[must_use]
    pub fn manner(&self) -> usize {
        let weight = |at: &usize| self.aboard.get(*at).map_or(0.0, |c| c[0] + c[1]);
        // The first of equals: before the second slot all levels are alike.
        let best = (0..MANNERS)
            .rev()
            .max_by(|a, b| weight(a).total_cmp(&weight(b)));
        best.unwrap_or(0)
    }

    /// Contact so far: from the first slot taken to the latest, seconds.
    #[must_use]
    pub fn contact_s(&self) -> f64 {
        f64::from(self.slots.saturating_sub(1)) * SLOT_US as f64 / 1e6
    }

    /// Mean level over the contact, dBm, where known.
    #[must_use]
    pub fn mean_level_dbm(&self) -> Option<f64> {
        (self.leveled > 0.0).then(|| self.level_sum / self.leveled)
    }

    /// Level under "aboard", dBm, where known.
    #[must_use]
    pub fn level_dbm(&self) -> Option<f64> {
        let level = self.aboard_level.get(self.manner())?;
        level.variance.is_finite().then_some(level.mean)
    }
}

/// A weight below this has vanished: e^-667 of the rest.
const VANISHED: f64 = 1e-290;
/// Weights are scaled up when all of them together are below this.
const SMALL: f64 = 1e-100;

/// Probability of one certain sequence of `k` hits in `n` under a beta-binomial, as products: `n` is small. The
/// number of sequences is the same for every hypothesis and left out.
fn beta_binomial(k: u32, n: u32, [a, b]: [f64; 2]) -> f64 {
    rising(a, k) * rising(b, n - k) / rising(a + b, n)
}

/// x (x + 1) ... (x + n - 1). The ordinary slot has at most five factors, and no loop is worth them.
fn rising(x: f64, n: u32) -> f64 {
    match n {
        0 => 1.0,
        1 => x,
        2 => x * (x + 1.0),
        3 => x * (x + 1.0) * (x + 2.0),
        4 => (x * (x + 1.0)) * ((x + 2.0) * (x + 3.0)),
        5 => (x * (x + 1.0)) * ((x + 2.0) * (x + 3.0)) * (x + 4.0),
        _ => (0..n).map(|i| x + f64::from(i)).product(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beta_binomial_is_a_distribution() {
        for share in [[2.0, 1.0], [0.3, 7.5], [40.0, 3.0]] {
            let total: f64 = [1.0, 5.0, 10.0, 10.0, 5.0, 1.0]
                .into_iter()
                .zip(0..)
                .map(|(sequences, k)| sequences * beta_binomial(k, 5, share))
                .sum();
            assert!((total - 1.0).abs() < 1e-12, "{share:?}: {total}");
        }
    }

    #[test]
    fn hours_aboard_do_not_overflow() {
        let constants = CoTravelConstants::default();
        let mut test = CoTravel::new(&constants);
        let motion = SlotMotion {
            speed_m_s: 20.0,
            moving: 1.0,
            turns: 0,
        };
        let conditions = Conditions::new(&constants, motion);
        for _ in 0..5000 {
            test.step(
                &constants,
                SlotHeard {
                    count: 5,
                    level_dbm: Some(-60.0),
                },
                &conditions,
            );
            assert!(test.llr(&constants).is_finite());
        }
        assert!(test.llr(&constants) > 300.0 && test.against().iter().all(|x| x.is_finite()));
    }

    /// The prototype knows the steady manner alone.
    fn steady() -> [Manner; MANNERS] {
        let mut manners = CoTravelConstants::default().manners;
        for (manner, weight) in manners.iter_mut().zip([1.0, 0.0, 0.0, 0.0, 0.0]) {
            manner.weight = weight;
        }
        manners
    }

    /// `golden/cotravel.tsv`: made by `golden/make_cotravel.py` from the Python prototype's `llr_path`.
    #[test]
    fn equals_the_prototype() {
        let golden = include_str!("../golden/cotravel.tsv");
        let mut tests: std::collections::BTreeMap<u32, CoTravel> = Default::default();
        let mut compared = 0;
        for line in golden.lines().filter(|l| !l.starts_with('#')) {
            let f: Vec<f64> = line.split('\t').map(|x| x.parse().unwrap()).collect();
            let constants = CoTravelConstants {
                split: f[7],
                // As the prototype has it.
                returns: 1e-4,
                manners: steady(),
                ..Default::default()
            };
            let test = tests
                .entry(f[0] as u32)
                .or_insert_with(|| CoTravel::new(&constants));
            let motion = SlotMotion {
                speed_m_s: f[4],
                moving: f[5],
                turns: f[6] as u32,
            };
            test.step(
                &constants,
                SlotHeard {
                    count: f[2] as u32,
                    level_dbm: (f[2] > 0.0).then_some(f[3]),
                },
                &Conditions::new(&constants, motion),
            );
            let llr = test.llr(&constants);
            assert!((llr - f[8]).abs() < 1e-8, "{line}: {llr}");
            compared += 1;
        }
        assert!(compared > 500, "{compared}");
    }
}
