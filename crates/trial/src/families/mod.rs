//! The scenario families A to M of `detection.md` section 8, what is expected of each, and the scoring.
//!
//! A [`Case`] is one row of the table: a family with one set of parameters. It makes a plan for every
//! environment in which it exists and every seed. What a product answered comes in as plain data
//! ([`Answer`]), so the product and the rival rules are scored on the same traces by the same code.

mod answer;
mod cases;
pub mod demonstration;
mod figures;
pub mod files;
pub mod oracle;
mod rivals;
mod run;

pub use answer::{Answer, Named, Raised, State, Told};
pub use cases::{Case, cases, with_drive};
pub use figures::{Bin, CaseFigures, CleanFigures, CleanTally, Forecasts, RivalFigures, Tally};
pub use rivals::{Rival, rival_log, rivals_on};
pub use run::{Roles, Run, score};

/// The families.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// Arrival at a meeting in a town: drive, stop, drive; the tag is planted at the stop.
    A,
    /// An hour of motorway among vehicles that keep pace.
    B,
    /// Parked overnight; the tag is planted at three in the morning.
    C,
    /// Through the crowd of a rally, tags from loud to hardly hearable.
    D,
    /// A bystander's tag on the same road, and one that rides along.
    E,
    /// Our own devices, nothing else.
    F,
    /// The owner follows, or comes back again and again: near-owner frames.
    G,
    /// Trackers that change their key.
    H,
    /// Switched on now and then.
    I,
    /// Taken off before the search.
    J,
    /// On a person, on foot.
    K,
    /// Faulty sensors.
    L,
    /// An adversary who plays with power and place.
    M,
    /// A lasting key at three levels: the table of `detection.md` 1.4.
    Levels,
    /// Hiding places, driving and parked: which vehicle (`detection.md` section 4).
    Places,
}

impl Family {
    /// All.
    pub const ALL: [Self; 15] = [
        Self::A,
        Self::B,
        Self::C,
        Self::D,
        Self::E,
        Self::F,
        Self::G,
        Self::H,
        Self::I,
        Self::J,
        Self::K,
        Self::L,
        Self::M,
        Self::Levels,
        Self::Places,
    ];

    /// `a` to `m`, `levels`, `places`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
            Self::C => "c",
            Self::D => "d",
            Self::E => "e",
            Self::F => "f",
            Self::G => "g",
            Self::H => "h",
            Self::I => "i",
            Self::J => "j",
            Self::K => "k",
            Self::L => "l",
            Self::M => "m",
            Self::Levels => "levels",
            Self::Places => "places",
        }
    }

    /// By name, whatever its case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|f| f.as_str().eq_ignore_ascii_case(name.trim()))
    }
}

/// What is expected of a product on a case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Expected {
    /// An alert on the planted tag before the recording ends.
    Alert,
    /// The same, at most so many seconds after the clock's zero.
    AlertWithin(f64),
    /// The same, before the end of so many periods in which the tag was switched on.
    WithinPeriods(usize),
    /// No alert at all.
    Silent,
    /// Alert or not: what is not aboard is never called aboard.
    NotAboard,
    /// An alert while it was there, and when it was last heard, to the minute.
    Gone,
    /// An alert, or never `clear` while it was there.
    FoundOrNotClear,
}

/// From when the time to alert is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The first reception of the planted tag by any sensor.
    FirstHeard,
    /// The departure after the last stop.
    Departure,
}
