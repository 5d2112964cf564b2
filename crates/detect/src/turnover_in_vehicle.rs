//! Analyzer `turnover-in-vehicle@1`, profile vehicle: how often were the surroundings replaced while a tag stayed?
//!
//! For trackers in a city and in a crowd, where strangers come and go by the hundred. A hidden tag's level wanders as
//! theirs do, so `co-travel@2` can hardly tell it from one of them; but they leave. The idea is that of `turnover@1`
//! (`onperson.md` section 5). What differs: all sensors of the convoy are one ear; nothing is asked of the level, which
//! chooses the stratum instead; what a turnover is worth is read off clean drives, as for co-travel (`scale.rs`).
//!
//! Emitters of all classes are surroundings, once heard transmitting twice: a tracker aboard that changes its key with
//! every frame, or a flood, would else replace everybody in a minute. What rides with us, like a vehicle that keeps
//! station, never leaves and never comes again: it makes turnover slower, and cannot stop it. It has to be earned by
//! moving (`ground.rs`); while we are parked nothing is weighed.
//!
//! Known false positives: a vehicle that keeps station beside us or a car that follows, with a tag aboard; a fellow
//! traveller on foot in a slow crowd; one who lets many addresses of their own come and go around us.

use serde::{Deserialize, Serialize};
use vigie_decode::Fix;

use crate::environment::{Environment, Plausible};
use crate::ground::{Ground, GroundConstants, RunStart, Turnover};
use crate::scale::Tail;
use crate::strata::{Class, Loudness};

/// Name and version, as alerts carry it.
pub const ANALYZER: &str = "turnover-in-vehicle@1";

/// Transmissions from which an emitter belongs to the surroundings.
const COUNTS_FROM: u64 = 2;

/// One value for each environment in which the test applies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InTowns<T> {
    /// In a city.
    pub city: T,
    /// In a crowd.
    pub crowd: T,
}

impl<T> InTowns<T> {
    /// That of an environment, where the test applies.
    #[must_use]
    pub const fn of(&self, environment: Environment) -> Option<&T> {
        match environment {
            Environment::City => Some(&self.city),
            Environment::Crowd => Some(&self.crowd),
            Environment::Rural | Environment::Motorway => None,
        }
    }
}

/// One value for each level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByLevel<T> {
    /// At or above `near_dbm` of the strata.
    pub near: T,
    /// At or above `loud_dbm`.
    pub loud: T,
    /// Below.
    pub quiet: T,
}

impl<T> ByLevel<T> {
    /// That of a level.
    #[must_use]
    pub const fn of(&self, loudness: Loudness) -> &T {
        match loudness {
            Loudness::Near => &self.near,
            Loudness::Loud => &self.loud,
            Loudness::Quiet => &self.quiet,
        }
    }
}

/// Where the test weighed an emitter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TownStratum {
    /// City or crowd.
    pub environment: Environment,
    /// Level.
    pub loudness: Loudness,
}

/// Constants of the analyzer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TurnoverInVehicleConstants {
    /// A silence longer than this ends the run, seconds of listening (fast tier of `turnover@1`).
    pub gap_s: f64,
    /// Fewer neighbours than this count as this many (`onperson.md` section 5).
    pub floor: f64,
    /// An alert needs this many sightings, as on a person.
    pub min_sightings: u64,
    /// Turnovers below which nothing is decided whatever the prior. In a crowd the tails are those of the many who walk
    /// by; of the few vehicles that keep pace for a quarter of an hour they know next to nothing.
    pub lowest: InTowns<ByLevel<f64>>,
    /// Vehicles of the convoy that the tails were fitted on.
    pub vehicles: f64,
    /// Factor on the false alarms of the tails, for worlds unlike those they were fitted on.
    pub unlike: InTowns<f64>,
    /// The tails, scores in turnovers.
    pub tails: InTowns<ByLevel<Tail>>,
}

impl Default for TurnoverInVehicleConstants {
    fn default() -> Self {
        Self {
            gap_s: 60.0,
            floor: 5.0,
            min_sightings: 3,
            // Chosen, as `unlike` was, on seeds of both halves of the simulated world, the figures made on further ones.
            lowest: InTowns {
                city: ByLevel {
                    near: 1.0,
                    loud: 1.0,
                    quiet: 1.0,
                },
                crowd: ByLevel {
                    near: 3.0,
                    loud: 6.0,
                    quiet: 6.0,
                },
            },
            vehicles: 7.0,
            unlike: InTowns {
                city: 4.0,
                crowd: 8.0,
            },
            tails: FITTED,
        }
    }
}

/// A an hour, kappa, nu an hour, clean hours.
const fn tail(alarms_per_h: f64, exponent: f64, identifiers_per_h: f64, clean_h: f64) -> Tail {
    Tail {
        alarms_per_h,
        exponent,
        identifiers_per_h,
        clean_h,
    }
}

/// As fitted by `vigie fit` with the clean hours that stand last: simulated, the half of the world called `Split::Fit`.
const FITTED: InTowns<ByLevel<Tail>> = InTowns {
    city: ByLevel {
        near: tail(0.0704, 3.497, 0.1216, 2500.0),
        loud: tail(0.53, 2.124, 6.803, 2500.0),
        quiet: tail(1.118, 1.842, 126.8, 2500.0),
    },
    crowd: ByLevel {
        near: tail(5.507, 5.385, 0.6787, 800.0),
        loud: tail(717.8, 5.883, 64.96, 800.0),
        quiet: tail(20.43, 2.996, 1008.0, 800.0),
    },
};

/// What the analyzer knows of the surroundings.
#[derive(Debug)]
pub struct TownSurroundings {
    raw: Turnover,
    ground: Ground,
}

impl TownSurroundings {
    /// At the start of a recording.
    #[must_use]
    pub fn new(ground: GroundConstants) -> Self {
        Self {
            raw: Turnover::default(),
            ground: Ground::new(ground),
        }
    }

    /// Takes a position; `scan_us` is the scan clock.
    pub fn fix(&mut self, fix: &Fix, scan_us: i64) {
        self.ground.fix(fix, scan_us, self.raw);
    }

    /// Lets the way follow the positions, once a slot.
    pub fn advance(&mut self, scan_us: i64) {
        self.ground.advance(scan_us, self.raw);
    }

    /// An emitter among `present` others has transmitted `times`.
    pub fn transmitted(&mut self, c: &TurnoverInVehicleConstants, times: u64, present: u32) {
        if times == COUNTS_FROM {
            self.raw.births += 1.0 / f64::from(present).max(c.floor);
        }
    }

    /// An emitter that had transmitted `times` fell silent for the first time; `present` were there when it was last
    /// heard.
    pub fn fell_silent(&mut self, c: &TurnoverInVehicleConstants, times: u64, present: u32) {
        if times >= COUNTS_FROM {
            self.raw.deaths += 1.0 / f64::from(present).max(c.floor);
        }
    }

    /// Begins a run of contact.
    #[must_use]
    pub fn begin(&self) -> RunStart {
        self.ground.start_run(self.raw)
    }

    /// How often the surroundings were replaced during a run, and whether we moved a step meanwhile.
    pub fn replaced(&self, run: &mut RunStart) -> (f64, bool) {
        let turnovers = self.ground.earned(run, self.raw).replaced();
        (turnovers, self.ground.moved(run))
    }
}

/// Where the test applies to a tag: the environments that are plausible, all of them towns.
#[must_use]
pub fn applies(plausible: Plausible, class: Class) -> bool {
    class == Class::Tag
        && !plausible.holds(Environment::Rural)
        && !plausible.holds(Environment::Motorway)
}

/// Highest score at each level, turnovers.
pub type TurnoverPeaks = [f32; Loudness::ALL.len()];

/// Never so.
pub const NO_TURNOVER: TurnoverPeaks = [f32::NEG_INFINITY; Loudness::ALL.len()];

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND_US: i64 = 1_000_000;

    /// Ten strangers at a time for a minute each, ten times over, while we drive or stand; how often they were replaced
    /// beside what was there from the start.
    fn replaced_in_ten_minutes(speed_m_s: f64, transmissions: u64) -> (f64, bool) {
        let c = TurnoverInVehicleConstants::default();
        let mut town = TownSurroundings::new(GroundConstants::default());
        let fix = |s: i64| Fix {
            time_us: s * SECOND_US,
            lat: 50.0 + s as f64 * speed_m_s / 111_195.0,
            lon: 4.0,
            accuracy_m: None,
            speed_m_s: None,
            sensor: None,
        };
        town.fix(&fix(0), 0);
        let mut run = town.begin();
        for s in 1..=600 {
            town.fix(&fix(s), s * SECOND_US);
            town.advance(s * SECOND_US);
            if s % 6 == 0 {
                town.fell_silent(&c, transmissions, 10);
                for nth in 1..=transmissions {
                    town.transmitted(&c, nth, 10);
                }
            }
        }
        town.replaced(&mut run)
    }

    #[test]
    fn strangers_that_come_and_go_while_we_drive_are_counted() {
        let (turnovers, moved) = replaced_in_ten_minutes(3.0, 2);
        assert!(moved && (9.0..=10.0).contains(&turnovers), "{turnovers}");
    }

    #[test]
    fn standing_earns_next_to_nothing() {
        let (turnovers, moved) = replaced_in_ten_minutes(0.0, 2);
        assert!(!moved && turnovers < 5.0, "{turnovers}");
    }

    #[test]
    fn what_transmits_once_is_no_surroundings() {
        assert_eq!(replaced_in_ten_minutes(3.0, 1).0, 0.0);
    }

    #[test]
    fn few_around_count_as_five() {
        let c = TurnoverInVehicleConstants::default();
        let mut town = TownSurroundings::new(GroundConstants::default());
        let run = town.begin();
        town.transmitted(&c, 2, 1);
        town.fell_silent(&c, 2, 1);
        assert_eq!(run.raw_turnover(town.raw).replaced(), 0.2);
    }

    #[test]
    fn it_applies_to_tags_in_towns_alone() {
        let (city, crowd) = (Environment::City, Environment::Crowd);
        let towns = Plausible::only(city).or(Plausible::only(crowd));
        assert!(applies(towns, Class::Tag));
        assert!(!applies(towns, Class::Other));
        assert!(!applies(Plausible::ALL, Class::Tag));
        let doubtful = towns.or(Plausible::only(Environment::Rural));
        assert!(!applies(doubtful, Class::Tag));
    }
}
