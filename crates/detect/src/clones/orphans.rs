//! Analyzer `loud-orphans@1` (T2 of `detection.md` section 3): keys heard in exactly one advertising event, one
//! after the other at one level at one receiver. A tag with a lasting key that is loud enough to be heard once
//! is heard again.
//!
//! An orphan is confirmed when three intervals have passed without a second event. Only frames of a tracker
//! family count: phones make hundreds of orphans an hour of other classes. Known false positives: another
//! vehicle that carries such a clone and keeps station with us.

use super::constants::OrphanConstants;
use super::lives::Ended;

/// Name and version, as results carry it.
pub const ANALYZER: &str = "loud-orphans@1";

/// Receiver and level of an orphan; `None` for every other life.
#[must_use]
pub fn orphan(constants: &OrphanConstants, ended: &Ended) -> Option<(u16, f64)> {
    let level_dbm = ended.head_dbm?;
    (ended.events == 1 && level_dbm > constants.loud_dbm).then_some((ended.receiver?, level_dbm))
}
