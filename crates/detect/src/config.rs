//! Everything that can be set, with its default.

use serde::{Deserialize, Serialize};

use crate::attribution::AttributionConstants;
use crate::clones::constants::CloneConstants;
use crate::cotravel::CoTravelConstants;
use crate::departure::{BeforeDeparture, DepartureConstants};
use crate::displaced::DisplacedConstants;
use crate::enrolled::{Enrolled, EnrolmentConstants};
use crate::environment::EnvironmentConstants;
use crate::health::HealthConstants;
use crate::linking::LinkingConstants;
use crate::orphans_on_person::OrphanConstants;
use crate::strata::StrataConstants;
use crate::successor::SuccessorConstants;
use crate::turnover::TurnoverConstants;
use crate::turnover_in_vehicle::TurnoverInVehicleConstants;

/// How the sensor travels: decides which analyzer judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Receivers fixed in a vehicle.
    #[default]
    Vehicle,
    /// A receiver carried by a person.
    OnPerson,
}

impl Profile {
    /// As written on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vehicle => "vehicle",
            Self::OnPerson => "on-person",
        }
    }
}

/// The commander's assessment: moves the prior and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Threat {
    /// Less reason than usual.
    Low,
    /// The everyday setting, at which error rates were measured.
    #[default]
    Normal,
    /// A concrete hint.
    High,
    /// Word has arrived.
    Critical,
}

impl Threat {
    /// As written on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// Factors by which a threat level multiplies the odds of the prior.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ThreatFactors {
    /// Factor of `low`.
    pub low: f64,
    /// Factor of `normal`.
    pub normal: f64,
    /// Factor of `high`.
    pub high: f64,
    /// Factor of `critical`. On a person ten times the odds is already 1.4 turnovers earlier
    /// (`detection.md` 1.3 takes a hundred for a closed vehicle).
    pub critical: f64,
}

impl Default for ThreatFactors {
    fn default() -> Self {
        Self {
            low: 0.3,
            normal: 1.0,
            high: 3.0,
            critical: 10.0,
        }
    }
}

impl ThreatFactors {
    /// The factor of a level.
    #[must_use]
    pub const fn of(&self, threat: Threat) -> f64 {
        match threat {
            Threat::Low => self.low,
            Threat::Normal => self.normal,
            Threat::High => self.high,
            Threat::Critical => self.critical,
        }
    }
}

/// Factors by which a threat level multiplies the odds of the prior in a vehicle: nobody rides along by chance in
/// a closed car, so a hint may move it further than on a person (`detection.md` 1.3: a hundred for `critical`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VehicleThreatFactors {
    /// Factor of `low`.
    pub low: f64,
    /// Factor of `normal`.
    pub normal: f64,
    /// Factor of `high`.
    pub high: f64,
    /// Factor of `critical`.
    pub critical: f64,
}

impl Default for VehicleThreatFactors {
    fn default() -> Self {
        Self {
            low: 0.3,
            normal: 1.0,
            high: 10.0,
            critical: 100.0,
        }
    }
}

impl VehicleThreatFactors {
    /// The factor of a level.
    #[must_use]
    pub const fn of(&self, threat: Threat) -> f64 {
        match threat {
            Threat::Low => self.low,
            Threat::Normal => self.normal,
            Threat::High => self.high,
            Threat::Critical => self.critical,
        }
    }
}

/// False alarms that are allowed while nothing is aboard, and how they are shared out among the tests of the
/// profile vehicle: every threshold of a convoy follows from here and from the tail without trackers that was
/// fitted for its test (`detection.md` 1.3 and section 3).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Budget {
    /// False alarms per hour and vehicle, in all, at threat level `normal` (`detection.md` 1.4 and section 10:
    /// one in fourteen ten-hour days of a convoy of seven).
    pub per_vehicle_hour: f64,
    /// Share of the tests on identifiers with a tracker's frame.
    pub tags: f64,
    /// Of what those of them whose level comes and goes have (`restless`), in a city and in a crowd, what goes to the
    /// turnover test; elsewhere co-travel has it all.
    pub turnover_in_towns: f64,
    /// Share of the co-travel test on every other identifier.
    pub others: f64,
    /// Of each of these two, how much goes to those that are near (`near_dbm` of the strata).
    pub near: f64,
    /// And how much to the loud ones; the rest is for the quiet ones. Little costs the loud ones, whose tails are
    /// steep, less than a nat, and gives the quiet ones several on a motorway.
    pub loud: f64,
    /// Of each of these, how much goes to those whose level comes and goes.
    pub restless: f64,
    /// Share of the tests for trackers that change their key, all of them together.
    pub clones: f64,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            per_vehicle_hour: 1e-3,
            tags: 0.4,
            turnover_in_towns: 0.5,
            others: 0.2,
            near: 0.1,
            loud: 0.15,
            restless: 0.5,
            clones: 0.4,
        }
    }
}

/// Settings of one run. The same settings and the same events give the same outcomes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Profile.
    pub profile: Profile,
    /// Threat level.
    pub threat: Threat,
    /// Factors of the threat levels on a person.
    pub threat_factors: ThreatFactors,
    /// Factors of the threat levels in a vehicle.
    pub vehicle_threat_factors: VehicleThreatFactors,
    /// False alarms allowed in a vehicle, and how they are shared out.
    pub budget: Budget,
    /// Bookkeeping limits.
    pub limits: Limits,
    /// Constants of the on-person analyzer.
    pub turnover: TurnoverConstants,
    /// Constants of the vehicle analyzer.
    pub co_travel: CoTravelConstants,
    /// Constants of the recognition of our own devices.
    pub enrolment: EnrolmentConstants,
    /// Our own devices. Never read from or written to settings: they hold keys.
    #[serde(skip)]
    pub enrolled: Vec<Enrolled>,
    /// Constants of the check before departure.
    pub departure: DepartureConstants,
    /// Whether what is new before departure is asked for. Of one run, never of the settings.
    #[serde(skip)]
    pub before_departure: Option<BeforeDeparture>,
    /// Constants of the turnover test in a vehicle.
    pub turnover_in_vehicle: TurnoverInVehicleConstants,
    /// How the vehicle analyzer's ratio becomes evidence and belief.
    pub strata: StrataConstants,
    /// How the environment is told.
    pub environment: EnvironmentConstants,
    /// Constants of the attribution to vehicles.
    pub attribution: AttributionConstants,
    /// Constants of the tests for trackers that change their key.
    pub clones: CloneConstants,
    /// Constants of the label `probably_ours`.
    pub successor: SuccessorConstants,
    /// Constants of the check where sensors ride.
    pub displaced: DisplacedConstants,
    /// What a sensor's health is told by.
    pub health: HealthConstants,
    /// Constants of the linking across changes of address.
    pub linking: LinkingConstants,
    /// Constants of the on-person test for identifiers heard once.
    pub orphans_on_person: OrphanConstants,
    /// What has to be heard before `clear` is said.
    pub clearance: ClearanceRule,
}

impl Config {
    /// The factor by which the threat level multiplies the odds of the prior, by profile.
    #[must_use]
    pub const fn threat_factor(&self) -> f64 {
        self.factor_at(self.threat)
    }

    /// Factor by which a threat level multiplies the odds of the prior.
    #[must_use]
    pub const fn factor_at(&self, threat: Threat) -> f64 {
        match self.profile {
            Profile::OnPerson => self.threat_factors.of(threat),
            Profile::Vehicle => self.vehicle_threat_factors.of(threat),
        }
    }
}

/// Limits of memory and of order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// How long events are held to be put in order, microseconds (DESIGN section 3).
    pub hold_us: i64,
    /// An emitter silent for this much listened time is forgotten, seconds. After ten minutes already a tag that
    /// comes back would be taken for a new address of something else (log k). One that alerted is kept to the end.
    pub forget_s: f64,
    /// At most this many emitters are kept; beyond it those silent longest go first.
    pub emitters: usize,
    /// A silence longer than this is deafness, not quiet, seconds; also the cap of the scan clock.
    pub silence_s: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            hold_us: 20_000,
            forget_s: 1800.0,
            emitters: 2_000_000,
            silence_s: 15.0,
        }
    }
}

/// What has to be heard before `clear` is said (DESIGN section 3: never from a just-started or deaf system).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClearanceRule {
    /// Listened time on a person, seconds.
    pub on_person_heard_s: f64,
    /// Driven and listened time in a vehicle since the last long stop, seconds.
    pub vehicle_heard_s: f64,
    /// A stop in a vehicle is long from here on, seconds: something may have been put on, and what was heard
    /// before says nothing of it. Longer than nearly all lights and queues.
    pub stop_s: f64,
    /// Share of the recording's time that must have been listened.
    pub heard_share: f64,
    /// Distance covered, metres.
    pub travelled_m: f64,
    /// Times the surroundings were replaced while we moved.
    pub turnovers: f64,
}

impl Default for ClearanceRule {
    fn default() -> Self {
        Self {
            on_person_heard_s: 900.0,
            vehicle_heard_s: 1800.0,
            stop_s: 180.0,
            heard_share: 0.5,
            travelled_m: 1000.0,
            turnovers: 5.0,
        }
    }
}

/// Log-odds of a probability.
#[must_use]
pub fn logit(p: f64) -> f64 {
    (p / (1.0 - p)).ln()
}

/// Probability of log-odds.
#[must_use]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}
