//! The picture in parts, as the server gives them: one file each.

mod alerts;
mod ours;
mod sensors;
mod shift;
mod state;
mod threat;
mod timeline;
mod tracks;

pub use alerts::{Course, alerts};
pub use ours::ours;
pub use sensors::sensors;
pub use shift::shift;
pub use state::state;
pub use threat::threat;
pub use timeline::timeline;
pub use tracks::tracks;

use serde_json::{Value, json};
use vigie_show::Coded;

/// A part that changes on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The state and what to do.
    State,
    /// Alerts.
    Alerts,
    /// Tracks, and where suspects were heard.
    Tracks,
    /// When what was heard where.
    Timeline,
    /// Sensors and deaf time.
    Sensors,
    /// Our own devices.
    Ours,
    /// Acts and consultations.
    Log,
}

impl Part {
    /// All.
    pub const ALL: [Self; 7] = [
        Self::State,
        Self::Alerts,
        Self::Tracks,
        Self::Timeline,
        Self::Sensors,
        Self::Ours,
        Self::Log,
    ];

    /// Those that a run changes.
    pub const OF_RUN: [Self; 6] = [
        Self::State,
        Self::Alerts,
        Self::Tracks,
        Self::Timeline,
        Self::Sensors,
        Self::Ours,
    ];

    /// As the page knows it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Alerts => "alerts",
            Self::Tracks => "tracks",
            Self::Timeline => "timeline",
            Self::Sensors => "sensors",
            Self::Ours => "ours",
            Self::Log => "log",
        }
    }
}

/// When each part last changed.
#[derive(Debug, Default)]
pub struct Revisions {
    now: u64,
    of: [u64; Part::ALL.len()],
}

impl Revisions {
    /// Marks parts as changed, and says the new revision.
    pub fn mark(&mut self, parts: &[Part]) -> u64 {
        self.now += 1;
        for part in parts {
            if let Some(of) = self.of.get_mut(*part as usize) {
                *of = self.now;
            }
        }
        self.now
    }

    /// The revision now, and the parts that changed since another.
    pub fn since(&self, revision: u64) -> (u64, Vec<Part>) {
        let changed = Part::ALL.iter().zip(&self.of);
        let changed = changed.filter(|(_, of)| **of > revision);
        (self.now, changed.map(|(part, _)| *part).collect())
    }
}

fn coded(list: &[Coded]) -> Vec<Value> {
    let one = |c: &Coded| json!({ "code": c.code, "text": c.text });
    list.iter().map(one).collect()
}
