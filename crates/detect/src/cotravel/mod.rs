//! Analyzer `co-travel@2`, profile vehicle: does one identifier stay in contact as only something aboard would?
//!
//! `detection.md` 1.2 and 1.3: slots of ten seconds, one channel (the strongest receiver), a contact chain and
//! a level under five manners of riding aboard against a mixture of roadside, stream and platoon. Checked against golden numbers of
//! the Python prototype. What its raw ratio is worth depends on environment, class, level
//! and how steady that is (`strata.rs`).
//!
//! While we are parked nothing is weighed, for or against: who stands beside us all night stays with us as well
//! as anything aboard, and tells itself apart only when we drive off.
//!
//! Known false positives: vehicles that keep station with us for a quarter of an hour on a motorway; a tail car.

mod constants;

pub use constants::{Alternative, CoTravelConstants, Gate, MANNERS, Manner};

/// Name and version, as alerts carry it.
pub const ANALYZER: &str = "co-travel@2";

/// Length of a slot, microseconds.
pub const SLOT_US: i64 = 10_000_000;

/// Mean remaining stretch within reach of a roadside emitter, metres.
const ROADSIDE_REACH_M: f64 = 60.0;

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
mod tests;
