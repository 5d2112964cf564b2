//! Judges which emitters travel with us.
//!
//! Pure and deterministic: no I/O, no clock, no randomness; the same events give the same outcomes, whether
//! they come live or from a file. Frames and fixes go into [`Intake`]; [`outcome::Outcome`]s come out.
#![forbid(unsafe_code)]

pub mod alignment;
pub mod attribution;
pub mod chain;
mod clock;
pub mod clones;
mod cloning;
mod closing;
pub mod config;
pub mod cotravel;
mod course;
pub mod departure;
pub mod displaced;
mod distance;
mod doorstep;
mod emitter;
pub mod enrolled;
pub mod environment;
pub mod fleet;
pub mod ground;
pub mod health;
mod hold;
mod identifiers;
mod intake;
mod journey;
mod judge;
mod latest;
pub mod linking;
mod listening;
mod locating;
mod motion;
pub mod now;
pub mod orphans_on_person;
pub mod outcome;
mod own_devices;
mod parking;
mod raising;
mod readiness;
pub mod reception;
mod roster;
pub mod scale;
mod sensing;
pub mod sighting;
mod slots;
mod standing;
mod stated;
pub mod strata;
mod stratum;
pub mod successor;
mod tails;
pub mod transmissions;
pub mod turnover;
pub mod turnover_in_vehicle;
mod two_transmitters;

pub use config::{Config, Profile, Threat};
pub use departure::BeforeDeparture;
pub use enrolled::{Enrolled, Irk};
pub use intake::Intake;
pub use vigie_decode::Fix;
