//! The case that `vigie demo` tells: seven vehicles in a town, a tag hidden while they stand, and the drive.

use crate::convoy::{Class, Classes, Environment, Place, Plan, Planted, Split, Start};
use crate::random::Draws;

/// Parked until, seconds from the start.
pub const DEPARTURE_S: f64 = 240.0;
/// The tag is hidden at, seconds from the start.
pub const PLANTED_S: f64 = 120.0;

/// Twelve minutes: four parked, eight through the town. The seed draws who carries the tag.
#[must_use]
pub fn demonstration(seed: u64) -> Plan {
    let seconds = 720.0;
    Plan {
        environment: Environment::City,
        split: Split::Fit,
        seed,
        vehicles: 7,
        seconds,
        start: Start::Parked {
            seconds: DEPARTURE_S,
        },
        classes: Classes::All,
        planted: vec![Planted {
            vehicle: Draws::new(seed).below(7) as u8,
            place: Place::Boot,
            class: Class::FindMySeparated,
            on: vec![(PLANTED_S, seconds)],
            ..Planted::default()
        }],
        ..Plan::default()
    }
}
