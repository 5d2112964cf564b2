//! Analyzer `loud-chains@1` (T3 of `detection.md` section 3): keys that begin loud and end as loud, one after the
//! other at one receiver, while what passes by fades in and out.
//!
//! Known false positives: many tags switched on and off around us; a receiver with many short gaps.

use super::constants::ChainConstants;
use super::lives::{Ended, seconds};

/// Name and version, as results carry it.
pub const ANALYZER: &str = "loud-chains@1";

/// Receiver and level of a key that was loud at both ends; `None` for every other life.
#[must_use]
pub fn chain(constants: &ChainConstants, ended: &Ended, started_us: i64) -> Option<(u16, f64)> {
    let (head, tail) = (ended.head_dbm?, ended.tail_dbm?);
    let life_us = ended.last_us - ended.first_us;
    let [shortest_s, longest_s] = constants.life_s;
    let lived = (seconds(shortest_s)..seconds(longest_s)).contains(&life_us);
    let loud = head > constants.loud_dbm && tail > constants.loud_dbm;
    let born = ended.first_us - started_us > seconds(constants.born_after_s);
    let level = (head - tail).abs() < constants.differ_db;
    (ended.events >= constants.events && lived && loud && born && level)
        .then_some((ended.receiver?, (head + tail) / 2.0))
}
