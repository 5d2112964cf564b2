//! What the strata of the tests in a vehicle are told apart by, and how they are named.

use crate::environment::Environment;
use crate::turnover_in_vehicle::TownStratum;

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

/// By which test an emitter in a vehicle was weighed, and in which of its strata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weighing {
    /// `co-travel`.
    CoTravel(Stratum),
    /// `turnover-in-vehicle`.
    Turnover(TownStratum),
}

impl From<Stratum> for Weighing {
    fn from(stratum: Stratum) -> Self {
        Self::CoTravel(stratum)
    }
}

impl From<TownStratum> for Weighing {
    fn from(stratum: TownStratum) -> Self {
        Self::Turnover(stratum)
    }
}
