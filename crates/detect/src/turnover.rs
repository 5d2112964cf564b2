//! Analyzer `turnover@1`, profile on-person: how often were the surroundings replaced while this one stayed?
//!
//! `onperson.md` section 5 (two tiers, level as a slope, receiver-relative), with one change: instead of one
//! more turnover where no displacement was seen, turnover has to be earned by moving (`ground.rs`), so a
//! device beside a long stop stays silent; where there are no positions at all the old guard applies.
//!
//! Known false positives: fellow travellers of more than ten minutes; devices of one's own that are not
//! enrolled, above all phones and watches whose address changes every quarter of an hour.

use serde::{Deserialize, Serialize};

use crate::ground::{Ground, GroundConstants, RunStart, Turnover};
use crate::outcome::{Reason, ReasonCode};

/// Name and version, as alerts carry it.
pub const ANALYZER: &str = "turnover@1";

/// Constants of the analyzer, all from `onperson.md` section 5 unless said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TurnoverConstants {
    /// Fast tier.
    pub fast: Tier,
    /// Slow tier, for tags heard with long gaps.
    pub slow: Tier,
    /// Neighbours silent for this long are gone, seconds; also the window in which they are counted.
    pub window_s: f64,
    /// Fewer neighbours than this count as this many.
    pub floor: f64,
    /// A stranger at arm's length is this much louder than the median stranger at first sight, dB.
    pub level_offset_db: f64,
    /// Without positions, this much more turnover is asked for.
    pub guard: f64,
    /// Where the level is unknown throughout, this much more turnover is asked for: nothing then tells a loud
    /// companion from a quiet one (`onperson.md` section 3, "U alone").
    pub guard_without_level: f64,
    /// An alert needs this many sightings: two can be one neighbour passed twice.
    pub min_sightings: u64,
    /// Log-likelihood ratio at margin 0, nats (calibration on the nine logs: 2.8 - logit of the share planted).
    pub llr_at_alert: f64,
    /// Nats for each turnover of margin.
    pub llr_per_turnover: f64,
    /// What it weighs that an emitter left before it came to an alert, nats: among those that stopped at a
    /// margin, the odds of being planted are lower by this than among those that reached it.
    pub llr_of_leaving: f64,
    /// Largest log-likelihood ratio stated, nats: some 8,000 strangers were measured, and no larger ratio can
    /// be shown from them (ln 8,000). Decisions use the ratio as it is.
    pub llr_cap: f64,
    /// Share of identifiers that are planted, at threat level `normal`.
    pub prior: f64,
    /// Posterior from which an alert is raised: margin 0 at threat level `normal`.
    pub act_probability: f64,
    /// Posterior from which an emitter is watched.
    pub watch_probability: f64,
    /// Largest probability displayed while our own devices are not enrolled (`onperson.md` section 5, R0).
    pub display_cap: f64,
    /// Positions.
    pub ground: GroundConstants,
}

/// One tier: tolerance of gaps against turnover asked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// A silence longer than this ends the run, seconds of listening.
    pub gap_s: f64,
    /// Turnovers asked for.
    pub turnovers: f64,
    /// More of them for each dB that the emitter lacks.
    pub per_db: f64,
}

impl Tier {
    /// The tolerated silence in microseconds.
    #[must_use]
    pub fn gap_us(&self) -> f64 {
        self.gap_s * 1e6
    }
}

impl Default for TurnoverConstants {
    fn default() -> Self {
        Self {
            fast: Tier {
                gap_s: 60.0,
                turnovers: 2.0,
                per_db: 0.2,
            },
            slow: Tier {
                gap_s: 300.0,
                turnovers: 6.0,
                per_db: 0.6,
            },
            window_s: 60.0,
            floor: 5.0,
            level_offset_db: 21.0,
            guard: 1.0,
            guard_without_level: 0.5,
            min_sightings: 3,
            llr_at_alert: 8.1,
            llr_per_turnover: 1.66,
            llr_of_leaving: -3.0,
            llr_cap: 9.0,
            prior: 0.005,
            act_probability: 0.943,
            watch_probability: 0.75,
            display_cap: 0.75,
            ground: GroundConstants::default(),
        }
    }
}

/// Level tracker gains: +0.8 up and -0.2 down settle at the 80 % quantile.
const UP_DB: f32 = 0.8;
const DOWN_DB: f32 = 0.2;
/// Step of the median of strangers' first levels, dB, and where it starts.
const MEDIAN_STEP_DB: f32 = 0.25;
const MEDIAN_START_DBM: f32 = -80.0;

/// What the analyzer knows of the surroundings.
#[derive(Debug)]
pub struct Surroundings {
    /// Turnover so far, moved or not.
    pub raw: Turnover,
    strangers_dbm: f32,
    floor: f64,
}

impl Surroundings {
    /// At the start of a recording.
    #[must_use]
    pub fn new(constants: &TurnoverConstants) -> Self {
        Self {
            raw: Turnover::default(),
            strangers_dbm: MEDIAN_START_DBM,
            floor: constants.floor,
        }
    }

    /// A new emitter among `present` others; `rssi` where known, dBm.
    pub fn birth(&mut self, present: usize, rssi: Option<i8>) {
        self.raw.births += 1.0 / (present as f64).max(self.floor);
        if let Some(r) = rssi {
            let up = f32::from(r) > self.strangers_dbm;
            self.strangers_dbm += if up { MEDIAN_STEP_DB } else { -MEDIAN_STEP_DB };
        }
    }

    /// An emitter fell silent for the first time; `present` were there when it was last heard.
    pub fn death(&mut self, present: u32) {
        self.raw.deaths += 1.0 / f64::from(present).max(self.floor);
    }

    /// Median level of emitters at first sight, dBm.
    #[must_use]
    pub const fn strangers_dbm(&self) -> f32 {
        self.strangers_dbm
    }
}

/// What the analyzer keeps of one emitter.
#[derive(Debug, Clone, Copy)]
pub struct Companion {
    fast: RunStart,
    slow: RunStart,
    /// 80 % quantile of the level, dBm; NaN while unknown.
    level_dbm: f32,
    /// Turnovers of the fast tier at the last sighting.
    reached: f32,
}

/// What an emitter has from those it follows (`chain.rs`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Carried {
    /// Turnovers.
    pub turnovers: f64,
    /// We moved while they were in contact.
    pub moved: bool,
    /// Their level, dBm, and what it weighs beside the emitter's own, 0 to 1.
    pub level: Option<(f64, f64)>,
}

/// Margin over the alert line and what it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margin {
    /// Turnovers above what is asked for; at or above 0 is an alert at threat level `normal`.
    pub margin: f64,
    /// Turnovers earned in the deciding tier.
    pub turnovers: f64,
    /// We moved a step while it was in contact, or positions are missing.
    pub decidable: bool,
    /// Decided by what is carried along its links.
    pub carried: bool,
}

impl Companion {
    /// First sighting.
    #[must_use]
    pub fn new(ground: &Ground, raw: Turnover, rssi: Option<i8>) -> Self {
        let run = ground.start_run(raw);
        Self {
            fast: run,
            slow: run,
            level_dbm: rssi.map_or(f32::NAN, f32::from),
            reached: 0.0,
        }
    }

    /// A further sighting, `gap_us` microseconds of listening after the last.
    pub fn sighted(
        &mut self,
        constants: &TurnoverConstants,
        ground: &Ground,
        raw: Turnover,
        gap_us: f64,
        rssi: Option<i8>,
    ) {
        if gap_us > constants.fast.gap_us() {
            self.fast = ground.start_run(raw);
        }
        if gap_us > constants.slow.gap_us() {
            self.slow = ground.start_run(raw);
        }
        if let Some(r) = rssi {
            let r = f32::from(r);
            if self.level_dbm.is_nan() {
                self.level_dbm = r;
            } else {
                self.level_dbm += if r > self.level_dbm { UP_DB } else { -DOWN_DB };
            }
        }
    }

    /// Tracked level, dBm, where known.
    #[must_use]
    pub fn level_dbm(&self) -> Option<f64> {
        (!self.level_dbm.is_nan()).then_some(f64::from(self.level_dbm))
    }

    /// Distance between here and where the longer run began, metres.
    #[must_use]
    pub fn displacement_m(&self, ground: &Ground) -> f64 {
        ground.distance_from_start(&self.slow)
    }

    /// Whether we moved a step during the present contact; remembers it.
    pub fn moved(&mut self, ground: &Ground) -> bool {
        ground.moved(&mut self.slow)
    }

    /// Whether we were seen to move a step during the present contact.
    #[must_use]
    pub const fn has_moved(&self) -> bool {
        self.slow.has_moved()
    }

    /// Where it stands now. `time_us` tells whether our position is stale.
    pub fn margin(
        &mut self,
        constants: &TurnoverConstants,
        ground: &Ground,
        surroundings: &Surroundings,
        time_us: i64,
    ) -> Margin {
        let (deficit_db, unknown_level) = if self.level_dbm.is_nan() {
            (0.0, constants.guard_without_level)
        } else {
            let near = surroundings.strangers_dbm + constants.level_offset_db as f32;
            (f64::from((near - self.level_dbm).max(0.0)), 0.0)
        };
        let positioned = ground.is_known(time_us);
        let raw = surroundings.raw;
        let mut best = Margin {
            margin: f64::NEG_INFINITY,
            turnovers: 0.0,
            decidable: false,
            carried: false,
        };
        let mut of_tiers = [0.0f32; 2];
        for ((run, tier), reached) in [
            (&mut self.fast, &constants.fast),
            (&mut self.slow, &constants.slow),
        ]
        .into_iter()
        .zip(&mut of_tiers)
        {
            let asked = tier.turnovers + tier.per_db * deficit_db + unknown_level;
            let (turnovers, guard, decidable) = if positioned {
                (ground.earned(run, raw).replaced(), 0.0, ground.moved(run))
            } else {
                (run.raw_turnover(raw).replaced(), constants.guard, true)
            };
            *reached = turnovers as f32;
            let margin = turnovers - asked - guard;
            let better = (decidable, margin) > (best.decidable, best.margin);
            if better {
                best = Margin {
                    margin,
                    turnovers,
                    decidable,
                    carried: false,
                };
            }
        }
        [self.reached, _] = of_tiers;
        best
    }

    /// Turnovers of the fast tier at the last sighting.
    #[must_use]
    pub fn reached(&self) -> f64 {
        f64::from(self.reached)
    }

    /// The margin with what is carried, where positions are known: the fast tier of the whole chain, as of the last
    /// sighting.
    #[must_use]
    pub fn chain_margin(
        &self,
        constants: &TurnoverConstants,
        surroundings: &Surroundings,
        carried: &Carried,
    ) -> Margin {
        let own = (!self.level_dbm.is_nan()).then_some(f64::from(self.level_dbm));
        let level = match (own, carried.level) {
            (Some(own), Some((dbm, weight))) => Some(own + weight * (dbm - own)),
            (own, _) => own,
        };
        let near = f64::from(surroundings.strangers_dbm) + constants.level_offset_db;
        let missing = level.map_or(constants.guard_without_level, |l| {
            constants.fast.per_db * (near - l).max(0.0)
        });
        let turnovers = self.reached() + carried.turnovers;
        Margin {
            margin: turnovers - constants.fast.turnovers - missing,
            turnovers,
            decidable: carried.moved || self.has_moved(),
            carried: true,
        }
    }
}

/// The analyzer's figures as reasons.
#[must_use]
pub fn reasons(
    margin: &Margin,
    companion: &Companion,
    ground: &Ground,
    strangers_dbm: f64,
) -> Vec<Reason> {
    let supports = |code, value| Reason {
        code,
        supports: true,
        value: Some(value),
    };
    let mut out = vec![supports(ReasonCode::Turnover, margin.turnovers)];
    if ground.has_positions() {
        out.push(supports(
            ReasonCode::Displacement,
            companion.displacement_m(ground),
        ));
    }
    if let Some(level) = companion.level_dbm() {
        let above = level - strangers_dbm;
        out.push(Reason {
            code: ReasonCode::LevelAboveStrangers,
            supports: above > 0.0,
            value: Some(above),
        });
    }
    out
}
