//! From the raw ratio of the co-travel test to evidence and belief, stratum by stratum: environment, class, level
//! (`detection.md` 1.3 and 1.4) and how steady the level is.
//!
//! The raw ratio is no likelihood ratio: what it is worth is read off how often clean drives reach it. In each
//! stratum false alarms per hour fall as FA(h) = A exp(-kappa h). The evidence stated is the logarithm of how
//! rarely an identifier that is not aboard gets so far, llr = kappa h - ln(A / nu), with nu identifiers an hour.
//! The prior odds are the false alarms allowed over nu, so the alert line is where FA(h) is what is allowed.

use serde::{Deserialize, Serialize};

use crate::config::{Budget, logit};
use crate::environment::{ByEnvironment, Environment, Plausible};

/// What an identifier's frames say that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A tracker family was decoded.
    Tag,
    /// Everything else, and where frames say nothing.
    Other,
}

/// How loud an identifier is at the strongest receiver, as a mean over the contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Loudness {
    /// At or above `near_dbm`: hardly anybody who is not in the vehicle stays so near.
    Near,
    /// At or above `loud_dbm`.
    Loud,
    /// Below.
    Quiet,
}

impl Class {
    /// All, in order.
    pub const ALL: [Self; 2] = [Self::Tag, Self::Other];

    /// As the settings name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Other => "other",
        }
    }
}

impl Loudness {
    /// All, the loudest first.
    pub const ALL: [Self; 3] = [Self::Near, Self::Loud, Self::Quiet];

    /// As the settings name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Near => "near",
            Self::Loud => "loud",
            Self::Quiet => "quiet",
        }
    }
}

/// How the level behaves, by the manner of riding aboard that explains it best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Steadiness {
    /// As it does from a place in a vehicle that stays the same: few strangers keep such a level.
    Steady,
    /// It comes and goes, as from some hiding places or with a changing transmit power, and as with many
    /// strangers.
    Restless,
}

impl Steadiness {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Steady, Self::Restless];

    /// As the settings name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Steady => "steady",
            Self::Restless => "restless",
        }
    }
}

/// One figure for each level and its behaviour, at [`place`].
pub type Peaks = [f32; Loudness::ALL.len() * Steadiness::ALL.len()];

/// Never so.
pub const NO_PEAKS: Peaks = [f32::NEG_INFINITY; Loudness::ALL.len() * Steadiness::ALL.len()];

/// Where in [`Peaks`] a level with such a behaviour stands.
#[must_use]
pub const fn place(loudness: Loudness, steadiness: Steadiness) -> usize {
    loudness as usize * Steadiness::ALL.len() + steadiness as usize
}

/// One stratum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stratum {
    /// Environment.
    pub environment: Environment,
    /// Class.
    pub class: Class,
    /// Level.
    pub loudness: Loudness,
    /// How the level behaves.
    pub steadiness: Steadiness,
}

/// The tail of one stratum without trackers, as fitted. All rates are those of a convoy of
/// [`StrataConstants::vehicles`]; fewer hear no more.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tail {
    /// A: identifiers an hour whose highest raw ratio exceeds 0, as extrapolated from the tail.
    pub alarms_per_h: f64,
    /// kappa: by how much their logarithm falls for each nat of raw ratio.
    pub exponent: f64,
    /// nu: identifiers an hour that are weighed at all.
    pub identifiers_per_h: f64,
    /// Clean hours that the fit rests on: no ratio is stated beyond what they can show.
    pub clean_h: f64,
}

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

/// What a raw ratio is worth in one stratum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weight {
    /// Calibrated log-likelihood ratio, nats.
    pub llr: f64,
    /// Where it was weighed.
    pub stratum: Stratum,
}

/// The strata of a convoy with a given number of vehicles, ready to be asked.
#[derive(Debug, Clone, Copy)]
pub struct Strata {
    constants: StrataConstants,
    budget: Budget,
    vehicles: f64,
    /// Logarithm of the threat level's factor.
    threat: f64,
}

impl Strata {
    /// Of a convoy of `vehicles` (one at least); `threat` multiplies the odds of the prior.
    #[must_use]
    pub fn new(constants: StrataConstants, budget: Budget, vehicles: usize, threat: f64) -> Self {
        Self {
            constants,
            budget,
            vehicles: vehicles.max(1) as f64,
            threat: threat.ln(),
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
        let unlike = self.constants.unlike.of(stratum.environment);
        Tail {
            alarms_per_h: fitted.alarms_per_h * longer * unlike,
            identifiers_per_h: fitted.identifiers_per_h * longer,
            ..fitted
        }
    }

    /// Identifiers an hour that are weighed in a stratum, of this convoy.
    #[must_use]
    pub fn met_per_h(&self, stratum: Stratum) -> f64 {
        self.tail(stratum).identifiers_per_h
    }

    /// False alarms allowed in a stratum, per hour of this convoy.
    #[must_use]
    pub fn allowed_per_h(&self, class: Class, loudness: Loudness, steadiness: Steadiness) -> f64 {
        let share = match class {
            Class::Tag => self.budget.tags,
            Class::Other => self.budget.others,
        };
        let by_level = match loudness {
            Loudness::Near => self.budget.near,
            Loudness::Loud => self.budget.loud,
            Loudness::Quiet => 1.0 - self.budget.near - self.budget.loud,
        };
        let by_steadiness = match steadiness {
            Steadiness::Steady => 1.0 - self.budget.restless,
            Steadiness::Restless => self.budget.restless,
        };
        self.budget.per_vehicle_hour * self.vehicles * share * by_level * by_steadiness
    }

    /// Log-odds of the prior in a stratum: false alarms allowed against identifiers met, times the threat level's
    /// factor.
    #[must_use]
    pub fn prior(&self, stratum: Stratum) -> f64 {
        let allowed = self.allowed_per_h(stratum.class, stratum.loudness, stratum.steadiness);
        (allowed / self.met_per_h(stratum)).ln() + self.threat
    }

    /// The calibrated ratio of a raw one, nats.
    #[must_use]
    pub fn llr(&self, stratum: Stratum, raw: f64) -> f64 {
        let tail = self.tail(stratum);
        tail.exponent * raw - (tail.alarms_per_h / tail.identifiers_per_h).ln()
    }

    /// The largest ratio that may be stated: one in as many identifiers as were met in the clean hours. Where those are
    /// too few to show even what an alert rests on (a posterior of `act` at the prior of `normal`), the fitted tail is
    /// believed for a decade beyond that, and no further.
    #[must_use]
    pub fn llr_cap(&self, stratum: Stratum, act: f64) -> f64 {
        let tail = self.tail(stratum);
        let shown = (tail.identifiers_per_h * tail.clean_h).max(1.0).ln();
        let at_line = logit(act) - self.prior(stratum) + self.threat;
        shown.max(at_line + std::f64::consts::LN_10)
    }

    /// Raw ratio at which an alert is raised in a stratum at a posterior of `act`, nats.
    #[must_use]
    pub fn line(&self, stratum: Stratum, act: f64) -> f64 {
        let llr = logit(act) - self.prior(stratum);
        let tail = self.tail(stratum);
        let raw = (llr + (tail.alarms_per_h / tail.identifiers_per_h).ln()) / tail.exponent;
        raw.max(self.constants.lowest_nats)
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
        let known = self.loudness(level_dbm);
        let loudnesses = known
            .as_ref()
            .map_or(&Loudness::ALL[..], std::slice::from_ref);
        let strata = plausible.each().flat_map(|environment| {
            loudnesses.iter().map(move |loudness| Stratum {
                environment,
                class,
                loudness: *loudness,
                steadiness,
            })
        });
        let weights = strata.map(|stratum| Weight {
            llr: self.llr(stratum, raw),
            stratum,
        });
        let posterior = |w: &Weight| w.llr + self.prior(w.stratum);
        weights.min_by(|a, b| posterior(a).total_cmp(&posterior(b)))
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
            // Chosen on seeds of the other half of the simulated world, the table made on further ones.
            unlike: ByEnvironment {
                rural: 1.0,
                motorway: 1.0,
                city: 2.0,
                crowd: 4.0,
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
        Strata::new(
            StrataConstants::default(),
            Budget::default(),
            vehicles,
            threat,
        )
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
        let mut constants = StrataConstants::default();
        constants.tails.crowd.tag.loud.steady.alarms_per_h = 1e30;
        constants.tails.rural.tag.quiet.steady.alarms_per_h = 1e6;
        let strata = Strata::new(constants, Budget::default(), 7, 1.0);
        let weigh = |plausible, level| {
            let weight = strata.weigh(20.0, plausible, Class::Tag, level, Steadiness::Steady);
            weight.map(|w| (w.stratum.environment, w.stratum.loudness))
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
}
