//! Judges which emitters travel with us.
//!
//! Pure and deterministic: no I/O, no clock, no randomness; the same events give the same outcomes.
#![forbid(unsafe_code)]

pub mod outcome;

pub use vigie_decode::Fix;
