//! From the score of a test to evidence and belief, by the tail that clean drives gave it.
//!
//! False alarms per hour fall as FA(h) = A exp(-kappa h). The evidence stated is the logarithm of how rarely an
//! identifier that is not aboard gets so far, llr = kappa h - ln(A / nu), with nu identifiers an hour. The prior odds
//! are the false alarms allowed over nu, so the alert line is where FA(h) is what is allowed.

use serde::{Deserialize, Serialize};

use crate::config::logit;

/// The tail of one stratum without trackers, as fitted. All rates are those of a convoy of as many vehicles as it was
/// fitted on; fewer hear no more.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tail {
    /// A: identifiers an hour whose highest score exceeds 0, as extrapolated from the tail.
    pub alarms_per_h: f64,
    /// kappa: by how much their logarithm falls for each unit of score.
    pub exponent: f64,
    /// nu: identifiers an hour that are weighed at all.
    pub identifiers_per_h: f64,
    /// Clean hours that the fit rests on: no ratio is stated beyond what they can show.
    pub clean_h: f64,
}

impl Tail {
    /// That of a convoy which meets `longer` times as much, in a world whose false alarms are `unlike` times those of the
    /// fit.
    #[must_use]
    pub fn of_convoy(self, longer: f64, unlike: f64) -> Self {
        Self {
            alarms_per_h: self.alarms_per_h * longer * unlike,
            identifiers_per_h: self.identifiers_per_h * longer,
            ..self
        }
    }
}

/// What scores are worth in one stratum of one test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// The tail, its rates those of this convoy.
    pub tail: Tail,
    /// False alarms allowed, per hour of this convoy.
    pub allowed_per_h: f64,
    /// Logarithm of the threat level's factor.
    pub threat: f64,
    /// Score below which nothing is decided.
    pub lowest: f64,
}

impl Scale {
    /// Log-odds of the prior: false alarms allowed against identifiers met, times the threat level's factor.
    #[must_use]
    pub fn prior(&self) -> f64 {
        (self.allowed_per_h / self.tail.identifiers_per_h).ln() + self.threat
    }

    /// The calibrated ratio of a score, nats.
    #[must_use]
    pub fn llr(&self, score: f64) -> f64 {
        let tail = self.tail;
        tail.exponent * score - (tail.alarms_per_h / tail.identifiers_per_h).ln()
    }

    /// The largest ratio that may be stated: one in as many identifiers as were met in the clean hours. Where those are
    /// too few to show even what an alert rests on (a posterior of `act` at the prior of `normal`), the fitted tail is
    /// believed for a decade beyond that, and no further.
    #[must_use]
    pub fn llr_cap(&self, act: f64) -> f64 {
        let shown = (self.tail.identifiers_per_h * self.tail.clean_h)
            .max(1.0)
            .ln();
        let at_line = logit(act) - self.prior() + self.threat;
        shown.max(at_line + std::f64::consts::LN_10)
    }

    /// Score at which an alert is raised at a posterior of `act`.
    #[must_use]
    pub fn line(&self, act: f64) -> f64 {
        let llr = logit(act) - self.prior();
        let tail = self.tail;
        let score = (llr + (tail.alarms_per_h / tail.identifiers_per_h).ln()) / tail.exponent;
        score.max(self.lowest)
    }
}
