//! Judges which emitters travel with us.
//!
//! Pure and deterministic: no I/O, no clock, no randomness; the same events give the same outcomes, whether
//! they come live or from a file. Frames and fixes go into [`Intake`]; [`outcome::Outcome`]s come out.
#![forbid(unsafe_code)]

mod clock;
mod closing;
pub mod config;
pub mod cotravel;
mod emitter;
pub mod fleet;
pub mod ground;
mod hold;
mod identifiers;
mod intake;
mod judge;
mod listening;
mod motion;
pub mod outcome;
mod raising;
mod roster;
pub mod sighting;
mod slots;
mod standing;
pub mod successor;
pub mod turnover;

pub use config::{Config, Profile, Threat};
pub use intake::Intake;
pub use vigie_decode::Fix;
