//! Which alert looks like the new address of a device that was with us before?
//!
//! A phone or watch of our own changes its address every 11 to 21 minutes and each new one alerts
//! (`onperson.md` section 1, log k). The label names that possibility; it never silences an alert, because a
//! tracker planted at random falls into such a window one time in three, and a clone that rotates does so by
//! design.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use vigie_decode::AddressKind;

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
    /// Sub-type of its address: a device does not change it.
    pub address_kind: Option<AddressKind>,
}

/// An emitter that alerts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Newcomer {
    /// First sighting, µs since 1970.
    pub first_us: i64,
    /// Level, dBm.
    pub level_dbm: f64,
    /// Sub-type of its address.
    pub address_kind: Option<AddressKind>,
}

/// The latest of them.
#[derive(Debug, Default)]
pub struct Predecessors {
    ended: VecDeque<Ended>,
}

/// As many as a crowd could hide a device of ours behind.
const KEPT: usize = 64;

impl Predecessors {
    /// Notes one that fell silent.
    pub fn note(&mut self, ended: Ended) {
        if self.ended.len() == KEPT {
            self.ended.pop_front();
        }
        self.ended.push_back(ended);
    }

    /// One that was noted is heard again: it did not end.
    pub fn returned(&mut self, emitter: EmitterId) {
        self.ended.retain(|e| e.emitter != emitter);
    }

    /// Whom an emitter may have been before, and the seconds between: the closest in time. A device has one
    /// successor, so who is claimed is claimed.
    pub fn claim(
        &mut self,
        constants: &SuccessorConstants,
        newcomer: &Newcomer,
    ) -> Option<(EmitterId, f64)> {
        if newcomer.level_dbm < constants.level_dbm {
            return None;
        }
        let gap = |e: &Ended| (newcomer.first_us - e.last_us) as f64 / 1e6;
        let (at, _) = self
            .ended
            .iter()
            .enumerate()
            .filter(|(_, e)| {
                (-constants.overlap_s..=constants.gap_s).contains(&gap(e))
                    && (e.level_dbm - newcomer.level_dbm).abs() <= constants.level_difference_db
                    && e.address_kind == newcomer.address_kind
            })
            .min_by(|a, b| gap(a.1).abs().total_cmp(&gap(b.1).abs()))?;
        let ended = self.ended.remove(at)?;
        Some((ended.emitter, gap(&ended)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(number: u64, last_s: i64, level_dbm: f64) -> Ended {
        let last_us = last_s * 1_000_000;
        Ended {
            emitter: EmitterId(number),
            last_us,
            level_dbm,
            address_kind: None,
        }
    }

    fn newcomer(first_s: i64, level_dbm: f64) -> Newcomer {
        Newcomer {
            first_us: first_s * 1_000_000,
            level_dbm,
            address_kind: None,
        }
    }

    #[test]
    fn the_closest_in_time_and_only_once() {
        let c = SuccessorConstants::default();
        let mut p = Predecessors::default();
        p.note(ended(1, 100, -50.0));
        p.note(ended(2, 180, -55.0));
        assert_eq!(
            p.claim(&c, &newcomer(200, -52.0)),
            Some((EmitterId(2), 20.0))
        );
        assert_eq!(
            p.claim(&c, &newcomer(200, -52.0)),
            Some((EmitterId(1), 100.0))
        );
        assert_eq!(p.claim(&c, &newcomer(200, -52.0)), None);
    }

    #[test]
    fn who_comes_back_had_no_successor() {
        let c = SuccessorConstants::default();
        let mut p = Predecessors::default();
        p.note(ended(1, 100, -50.0));
        p.returned(EmitterId(1));
        assert_eq!(p.claim(&c, &newcomer(110, -50.0)), None);
    }

    #[test]
    fn too_quiet_too_late_or_of_another_kind_is_no_successor() {
        let c = SuccessorConstants::default();
        let mut p = Predecessors::default();
        p.note(ended(1, 100, -50.0));
        assert_eq!(p.claim(&c, &newcomer(110, -67.0)), None);
        assert_eq!(p.claim(&c, &newcomer(241, -50.0)), None);
        assert_eq!(p.claim(&c, &newcomer(90, -50.0)), None);
        let rpa = Newcomer {
            address_kind: Some(AddressKind::Rpa),
            ..newcomer(110, -50.0)
        };
        assert_eq!(p.claim(&c, &rpa), None);
        assert!(p.claim(&c, &newcomer(110, -50.0)).is_some());
    }
}
