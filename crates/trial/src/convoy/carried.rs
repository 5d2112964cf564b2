//! Which devices people and vehicles have with them.

use super::{
    parameters::Parameters,
    trace::{Class, Kind},
};
use crate::random::Draws;

/// What is on the air of a group of vehicles or people.
#[derive(Clone, Copy, PartialEq)]
pub enum Carried {
    /// One separated tag.
    Tag,
    /// Everything but tags.
    Others,
}

impl Carried {
    /// A device, and its advertising interval in s.
    pub fn device(self, kind: Kind, p: &Parameters, draws: &mut Draws) -> (Class, f64) {
        match self {
            Self::Tag => (tag_class(p, draws), p.tag_interval_s),
            Self::Others => (other_class(kind, draws), other_interval(draws)),
        }
    }

    /// How many a vehicle has: two to four that are no tags.
    pub fn in_a_vehicle(self, draws: &mut Draws) -> usize {
        match self {
            Self::Tag => 1,
            Self::Others => 2 + draws.below(3),
        }
    }
}

fn tag_class(p: &Parameters, draws: &mut Draws) -> Class {
    let [find_my, smart_tag, find_hub, _] = p.families;
    match draws.unit() {
        u if u < find_my => Class::FindMySeparated,
        u if u < find_my + smart_tag => Class::SmartTag,
        u if u < find_my + smart_tag + find_hub => Class::FindHub,
        _ => Class::Tile,
    }
}

/// Shares are own estimates.
fn other_class(kind: Kind, draws: &mut Draws) -> Class {
    let u = draws.unit();
    match kind {
        Kind::Passer => match u {
            u if u < 0.65 => Class::Phone,
            u if u < 0.85 => Class::Watch,
            _ => Class::Earbuds,
        },
        Kind::Roadside => match u {
            u if u < 0.45 => Class::Phone,
            u if u < 0.57 => Class::Watch,
            u if u < 0.69 => Class::Earbuds,
            u if u < 0.84 => Class::Computer,
            _ => Class::Beacon,
        },
        Kind::ParkedNeighbour => match u {
            u if u < 0.25 => Class::Phone,
            _ => Class::CarDevice,
        },
        _ => match u {
            u if u < 0.45 => Class::Phone,
            u if u < 0.60 => Class::Watch,
            u if u < 0.75 => Class::Earbuds,
            _ => Class::CarDevice,
        },
    }
}

/// Advertising intervals of other devices, s (`q2geo.py`).
pub fn other_interval(draws: &mut Draws) -> f64 {
    const INTERVALS: [f64; 5] = [0.2, 0.285, 0.5, 1.0, 2.0];
    let pick = draws.below(INTERVALS.len());
    INTERVALS.get(pick).copied().unwrap_or(1.0)
}
