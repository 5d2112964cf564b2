//! From the raw ratio of the co-travel test to evidence and belief, stratum by stratum: environment, class, level
//! (`detection.md` 1.3 and 1.4) and how steady the level is.
//!
//! The raw ratio is no likelihood ratio: what it is worth is read off how often clean drives reach it. In each
//! stratum it has its tail (`scale.rs`). The turnover test of a vehicle has strata of its own, by environment and level.

use serde::{Deserialize, Serialize};

use crate::config::{Budget, Config};
use crate::environment::{ByEnvironment, Environment, Plausible};
use crate::scale::{Scale, Tail};
pub use crate::stratum::{Class, Loudness, NO_PEAKS, Peaks, Steadiness, Stratum, Weighing, place};
use crate::turnover_in_vehicle::{TownStratum, TurnoverInVehicleConstants};

/// By the behaviour of the level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BySteadiness {
    /// It stays.
    pub steady: Tail,
    /// It comes and goes.
    pub restless: Tail,
}

/// By level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByLoudness {
    /// At or above `near_dbm`.
    pub near: BySteadiness,
    /// At or above `loud_dbm`.
    pub loud: BySteadiness,
    /// Below.
    pub quiet: BySteadiness,
}

/// By class.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByClass {
    /// Identifiers with a tracker's frame.
    pub tag: ByLoudness,
    /// All others.
    pub other: ByLoudness,
}

/// The strata's constants: fitted on clean simulated drives by `vigie fit`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StrataConstants {
    /// Mean level at the strongest receiver from which an identifier is near, dBm: a tag in the cabin is (section 9).
    pub near_dbm: f64,
    /// Mean level at the strongest receiver from which an identifier is loud, dBm (`detection.md` 1.4).
    pub loud_dbm: f64,
    /// Vehicles of the convoy that the tails were fitted on.
    pub vehicles: f64,
    /// Factor on the false alarms of the tails, for worlds unlike those they were fitted on.
    pub unlike: ByEnvironment<f64>,
    /// Raw ratio below which nothing is decided whatever the prior, nats: the tails are not known there.
    pub lowest_nats: f64,
    /// The tails.
    pub tails: ByEnvironment<ByClass>,
}

/// What a score is worth in one stratum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weight {
    /// Calibrated log-likelihood ratio, nats.
    pub llr: f64,
    /// Where it was weighed.
    pub weighing: Weighing,
}

/// The strata of a convoy with a given number of vehicles, ready to be asked.
#[derive(Debug, Clone, Copy)]
pub struct Strata {
    constants: StrataConstants,
    turnover: TurnoverInVehicleConstants,
    budget: Budget,
    vehicles: f64,
    /// Logarithm of the threat level's factor.
    threat: f64,
}

impl Strata {
    /// Of a convoy of `vehicles` (one at least); `threat` multiplies the odds of the prior.
    #[must_use]
    pub fn new(config: &Config, vehicles: usize, threat: f64) -> Self {
        Self {
            constants: config.strata,
            turnover: config.turnover_in_vehicle,
            budget: config.budget,
            vehicles: vehicles.max(1) as f64,
            threat: threat.ln(),
        }
    }

    /// What the scores of a stratum are worth.
    #[must_use]
    pub fn scale(&self, weighing: Weighing) -> Scale {
        let (tail, lowest) = match weighing {
            Weighing::CoTravel(stratum) => (self.tail(stratum), self.constants.lowest_nats),
            Weighing::Turnover(stratum) => (
                self.tail_of_turnover(stratum),
                self.lowest_turnovers(stratum),
            ),
        };
        Scale {
            tail,
            allowed_per_h: self.allowed_per_h(weighing),
            threat: self.threat,
            lowest,
        }
    }

    /// The tail of a stratum, its rates those of this convoy.
    fn tail(&self, stratum: Stratum) -> Tail {
        let by_class = self.constants.tails.of(stratum.environment);
        let by_loudness = match stratum.class {
            Class::Tag => &by_class.tag,
            Class::Other => &by_class.other,
        };
        let by_steadiness = match stratum.loudness {
            Loudness::Near => &by_loudness.near,
            Loudness::Loud => &by_loudness.loud,
            Loudness::Quiet => &by_loudness.quiet,
        };
        let fitted = match stratum.steadiness {
            Steadiness::Steady => by_steadiness.steady,
            Steadiness::Restless => by_steadiness.restless,
        };
        // A longer convoy meets more; a shorter one is not taken to meet less.
        let longer = (self.vehicles / self.constants.vehicles).max(1.0);
        fitted.of_convoy(longer, *self.constants.unlike.of(stratum.environment))
    }

    /// The same of the turnover test. Where it does not apply it is never asked; were it, the crowd is the safe answer.
    fn tail_of_turnover(&self, stratum: TownStratum) -> Tail {
        let c = &self.turnover;
        let tails = c.tails.of(stratum.environment).unwrap_or(&c.tails.crowd);
        let unlike = c.unlike.of(stratum.environment).unwrap_or(&c.unlike.crowd);
        let longer = (self.vehicles / c.vehicles).max(1.0);
        tails.of(stratum.loudness).of_convoy(longer, *unlike)
    }

    /// Turnovers below which nothing is decided in a stratum.
    fn lowest_turnovers(&self, stratum: TownStratum) -> f64 {
        let lowest = &self.turnover.lowest;
        let by_level = lowest.of(stratum.environment).unwrap_or(&lowest.crowd);
        *by_level.of(stratum.loudness)
    }

    /// Identifiers an hour that are weighed in a stratum, of this convoy.
    #[must_use]
    pub fn met_per_h(&self, weighing: impl Into<Weighing>) -> f64 {
        self.scale(weighing.into()).tail.identifiers_per_h
    }

    /// False alarms allowed in a stratum, per hour of this convoy.
    #[must_use]
    pub fn allowed_per_h(&self, weighing: impl Into<Weighing>) -> f64 {
        let budget = &self.budget;
        let (share, loudness, of_level) = match weighing.into() {
            Weighing::CoTravel(stratum) => {
                let (share, to_turnover) = match stratum.class {
                    Class::Tag if stratum.environment.is_town() => {
                        (budget.tags, budget.turnover_in_towns)
                    }
                    Class::Tag => (budget.tags, 0.0),
                    Class::Other => (budget.others, 0.0),
                };
                let by_steadiness = match stratum.steadiness {
                    Steadiness::Steady => 1.0 - budget.restless,
                    Steadiness::Restless => budget.restless * (1.0 - to_turnover),
                };
                (share, stratum.loudness, by_steadiness)
            }
            Weighing::Turnover(stratum) => {
                let of_restless = budget.restless * budget.turnover_in_towns;
                (budget.tags, stratum.loudness, of_restless)
            }
        };
        let by_level = match loudness {
            Loudness::Near => budget.near,
            Loudness::Loud => budget.loud,
            Loudness::Quiet => 1.0 - budget.near - budget.loud,
        };
        budget.per_vehicle_hour * self.vehicles * share * by_level * of_level
    }

    /// Log-odds of the prior in a stratum.
    #[must_use]
    pub fn prior(&self, weighing: impl Into<Weighing>) -> f64 {
        self.scale(weighing.into()).prior()
    }

    /// The calibrated ratio of a score, nats.
    #[must_use]
    pub fn llr(&self, weighing: impl Into<Weighing>, score: f64) -> f64 {
        self.scale(weighing.into()).llr(score)
    }

    /// The largest ratio that may be stated.
    #[must_use]
    pub fn llr_cap(&self, weighing: impl Into<Weighing>, act: f64) -> f64 {
        self.scale(weighing.into()).llr_cap(act)
    }

    /// Score at which an alert is raised in a stratum at a posterior of `act`.
    #[must_use]
    pub fn line(&self, weighing: impl Into<Weighing>, act: f64) -> f64 {
        self.scale(weighing.into()).line(act)
    }

    /// Weighs a raw ratio. Of the environments that are plausible, and of all levels where none is known, the
    /// one that leaves the lowest posterior counts. `None` below `lowest_nats`.
    #[must_use]
    pub fn weigh(
        &self,
        raw: f64,
        plausible: Plausible,
        class: Class,
        level_dbm: Option<f64>,
        steadiness: Steadiness,
    ) -> Option<Weight> {
        if raw < self.constants.lowest_nats {
            return None;
        }
        let strata = self.places(plausible, level_dbm);
        self.most_demanding(
            raw,
            strata.map(|(environment, loudness)| {
                Weighing::CoTravel(Stratum {
                    environment,
                    class,
                    loudness,
                    steadiness,
                })
            }),
        )
    }

    /// The same for a tag's turnovers, where that test applies.
    #[must_use]
    pub fn weigh_turnovers(
        &self,
        turnovers: f64,
        plausible: Plausible,
        level_dbm: Option<f64>,
    ) -> Option<Weight> {
        let strata = || {
            self.places(plausible, level_dbm)
                .map(|(environment, loudness)| TownStratum {
                    environment,
                    loudness,
                })
        };
        if strata().any(|stratum| turnovers < self.lowest_turnovers(stratum)) {
            return None;
        }
        self.most_demanding(turnovers, strata().map(Weighing::Turnover))
    }

    /// The environments that are plausible, at the level, or at all where it is not known.
    fn places(
        &self,
        plausible: Plausible,
        level_dbm: Option<f64>,
    ) -> impl Iterator<Item = (Environment, Loudness)> {
        let known = self.loudness(level_dbm);
        plausible.each().flat_map(move |environment| {
            Loudness::ALL
                .into_iter()
                .filter(move |l| known.is_none_or(|k| k == *l))
                .map(move |loudness| (environment, loudness))
        })
    }

    /// Of the strata that may be right, the one that leaves the lowest posterior.
    fn most_demanding(&self, score: f64, strata: impl Iterator<Item = Weighing>) -> Option<Weight> {
        strata
            .map(|weighing| {
                let scale = self.scale(weighing);
                let llr = scale.llr(score);
                (llr + scale.prior(), Weight { llr, weighing })
            })
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, weight)| weight)
    }

    /// Near, loud or quiet, where the level is known.
    #[must_use]
    pub fn loudness(&self, level_dbm: Option<f64>) -> Option<Loudness> {
        level_dbm.map(|level| {
            if level >= self.constants.near_dbm {
                Loudness::Near
            } else if level >= self.constants.loud_dbm {
                Loudness::Loud
            } else {
                Loudness::Quiet
            }
        })
    }
}

impl Default for StrataConstants {
    fn default() -> Self {
        Self {
            near_dbm: -72.0,
            loud_dbm: -82.0,
            vehicles: 7.0,
            // Chosen on seeds of both halves of the simulated world, the table made on further ones.
            unlike: ByEnvironment {
                rural: 1.0,
                motorway: 1.0,
                city: 4.0,
                crowd: 8.0,
            },
            lowest_nats: 2.0,
            tails: crate::tails::FITTED,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::logistic;

    const STRATUM: Stratum = Stratum {
        environment: Environment::City,
        class: Class::Tag,
        loudness: Loudness::Loud,
        steadiness: Steadiness::Steady,
    };

    fn strata(vehicles: usize, threat: f64) -> Strata {
        Strata::new(&Config::default(), vehicles, threat)
    }

    #[test]
    fn at_the_line_false_alarms_are_those_allowed() {
        for vehicles in [1, 7, 12] {
            let strata = strata(vehicles, 1.0);
            let line = strata.line(STRATUM, 0.5);
            let tail = strata.tail(STRATUM);
            let alarms_per_h = tail.alarms_per_h * (-tail.exponent * line).exp();
            let allowed_per_h = 1e-3 * vehicles as f64 * 0.4 * 0.15 * 0.5;
            assert!((alarms_per_h / allowed_per_h - 1.0).abs() < 1e-9);
            let posterior = logistic(strata.prior(STRATUM) + strata.llr(STRATUM, line));
            assert!((posterior - 0.5).abs() < 1e-9);
        }
    }

    #[test]
    fn the_threat_level_moves_the_prior_and_never_the_evidence() {
        let (normal, critical) = (strata(7, 1.0), strata(7, 100.0));
        assert_eq!(normal.llr(STRATUM, 9.0), critical.llr(STRATUM, 9.0));
        let moved = critical.prior(STRATUM) - normal.prior(STRATUM);
        assert!((moved - 100_f64.ln()).abs() < 1e-9);
        let lower = normal.line(STRATUM, 0.5) - critical.line(STRATUM, 0.5);
        let exponent = normal.tail(STRATUM).exponent;
        assert!((lower - 100_f64.ln() / exponent).abs() < 1e-9);
    }

    #[test]
    fn where_unsure_the_most_demanding_counts() {
        let mut config = Config::default();
        config.strata.tails.crowd.tag.loud.steady.alarms_per_h = 1e30;
        config.strata.tails.rural.tag.quiet.steady.alarms_per_h = 1e6;
        let strata = Strata::new(&config, 7, 1.0);
        let weigh = |plausible, level| {
            let weight = strata.weigh(20.0, plausible, Class::Tag, level, Steadiness::Steady);
            weight.map(|w| match w.weighing {
                Weighing::CoTravel(stratum) => (stratum.environment, stratum.loudness),
                Weighing::Turnover(stratum) => (stratum.environment, stratum.loudness),
            })
        };
        let (loud, quiet) = (Loudness::Loud, Loudness::Quiet);
        let crowd = Some((Environment::Crowd, loud));
        assert_eq!(weigh(Plausible::ALL, Some(-76.0)), crowd);
        let rural = Plausible::only(Environment::Rural);
        assert_eq!(weigh(rural, Some(-76.0)), Some((Environment::Rural, loud)));
        assert_eq!(weigh(rural, None), Some((Environment::Rural, quiet)));
        assert_eq!(
            strata.weigh(1.9, rural, Class::Tag, None, Steadiness::Steady),
            None
        );
    }

    #[test]
    fn in_a_crowd_turnover_waits_for_those_that_keep_pace() {
        let strata = strata(7, 1.0);
        let crowd = Plausible::only(Environment::Crowd);
        let city = Plausible::only(Environment::City);
        let towns = city.or(crowd);
        let weigh = |turnovers, plausible, level| {
            strata
                .weigh_turnovers(turnovers, plausible, level)
                .is_some()
        };
        assert!(weigh(5.9, city, Some(-85.0)));
        assert!(!weigh(5.9, crowd, Some(-85.0)) && !weigh(5.9, towns, Some(-85.0)));
        assert!(weigh(6.1, crowd, Some(-85.0)) && weigh(6.1, towns, None));
        assert!(weigh(3.1, crowd, Some(-65.0)) && !weigh(3.1, crowd, None));
    }

    #[test]
    fn turnover_takes_its_share_from_a_restless_level_in_towns() {
        let strata = strata(7, 1.0);
        for environment in Environment::ALL {
            let of = |loudness, steadiness| {
                strata.allowed_per_h(Stratum {
                    environment,
                    class: Class::Tag,
                    loudness,
                    steadiness,
                })
            };
            let all: f64 = Loudness::ALL
                .into_iter()
                .map(|l| {
                    let turnover = TownStratum {
                        environment,
                        loudness: l,
                    };
                    let by_turnover = if environment.is_town() {
                        strata.allowed_per_h(turnover)
                    } else {
                        0.0
                    };
                    of(l, Steadiness::Steady) + of(l, Steadiness::Restless) + by_turnover
                })
                .sum();
            assert!((all / (7e-3 * 0.4) - 1.0).abs() < 1e-9, "{all}");
        }
    }
}
