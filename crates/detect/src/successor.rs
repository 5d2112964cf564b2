//! Which alert looks like the new address of a device that was with us before?
//!
//! A phone or watch of our own changes its address every 11 to 21 minutes and each new one alerts
//! (`onperson.md` section 1, log k). The label names that possibility; it never silences an alert, because a
//! tracker planted at random falls into such a window one time in three, and a clone that rotates does so by
//! design.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::outcome::EmitterId;

/// Constants of the label: rule R2 of `onperson.md` section 1, without the class of the log's app.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SuccessorConstants {
    /// The new one is first heard at most this long after the old one was last heard, seconds.
    pub gap_s: f64,
    /// Both may overlap by this much, seconds.
    pub overlap_s: f64,
    /// Both are at least this loud, dBm.
    pub level_dbm: f64,
    /// Their levels differ by at most this, dB.
    pub level_difference_db: f64,
    /// The old one was in contact for at least this long, seconds.
    pub contact_s: f64,
    /// Both were sighted at least this often.
    pub sightings: u64,
}

impl Default for SuccessorConstants {
    fn default() -> Self {
        Self {
            gap_s: 140.0,
            overlap_s: 5.0,
            level_dbm: -66.0,
            level_difference_db: 20.0,
            contact_s: 120.0,
            sightings: 5,
        }
    }
}

/// A loud emitter that was with us and fell silent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ended {
    /// Which.
    pub emitter: EmitterId,
    /// Last sighting, µs since 1970.
    pub last_us: i64,
    /// Level, dBm.
    pub level_dbm: f64,
}

/// The latest of them.
#[derive(Debug, Default)]
pub struct Predecessors {
    ended: VecDeque<Ended>,
}

/// As many as a crowd could hide a device of ours behind.
const KEPT: usize = 256;

impl Predecessors {
    /// Notes one that fell silent.
    pub fn note(&mut self, ended: Ended) {
        if self.ended.len() == KEPT {
            self.ended.pop_front();
        }
        self.ended.push_back(ended);
    }

    /// Whom an emitter first heard at `first_us` with this level may have been before, and the seconds
    /// between; the closest in time.
    #[must_use]
    pub fn of(
        &self,
        constants: &SuccessorConstants,
        first_us: i64,
        level_dbm: f64,
    ) -> Option<(Ended, f64)> {
        if level_dbm < constants.level_dbm {
            return None;
        }
        self.ended
            .iter()
            .map(|e| (*e, (first_us - e.last_us) as f64 / 1e6))
            .filter(|(e, gap)| {
                (-constants.overlap_s..=constants.gap_s).contains(gap)
                    && (e.level_dbm - level_dbm).abs() <= constants.level_difference_db
            })
            .min_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
    }
}
