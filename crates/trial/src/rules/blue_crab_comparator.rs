//! The comparator that BL(u)E CRAB's authors call "AirGuard".
//!
//! Source: `DIPrLab/BLuE-CRAB`, `classifiers.dart` (class `AirGuard`: distance travelled with us
//! over 420 m, time over 300 s, seen in the last 5 minutes) and `device_stats.dart` (both summed
//! over the stretches in which consecutive sightings are at most the time threshold apart).
//! It is a re-implementation by its authors, **not the rule of the AirGuard app**, and not
//! BL(u)E CRAB's own classifier either: that one groups the finished log (outliers among all its
//! devices), which no online rule can do.
//!
//! Two readings of "distance travelled": the summed path, as the source has it, and the diameter
//! of one unbroken stretch, as the reference's baseline table has it (fewer false alarms, the same
//! recall).

use super::{PerIdentifier, Rule, ble_doubt::Run};
use crate::{Sighting, distance::metres, log::seconds_between};

const GAP_S: f64 = 300.0;
const DISTANCE_M: f64 = 420.0;
const DURATION_S: f64 = 300.0;

/// BL(u)E CRAB's comparator.
pub struct BlueCrabComparator {
    reading: Reading,
}

enum Reading {
    Path(PerIdentifier<Path>),
    Diameter(PerIdentifier<Run>),
}

struct Path {
    last: Sighting,
    path_m: f64,
    time_s: f64,
}

impl BlueCrabComparator {
    /// Distance as the summed path, as the source has it.
    #[must_use]
    pub fn path() -> Self {
        Self {
            reading: Reading::Path(PerIdentifier::default()),
        }
    }

    /// Distance as the diameter of one unbroken stretch, as the reference's table has it.
    #[must_use]
    pub fn diameter() -> Self {
        Self {
            reading: Reading::Diameter(PerIdentifier::default()),
        }
    }
}

impl Rule for BlueCrabComparator {
    fn name(&self) -> &'static str {
        match self.reading {
            Reading::Path(_) => "blue-crab-comparator-path",
            Reading::Diameter(_) => "blue-crab-comparator-diameter",
        }
    }

    fn source(&self) -> &'static str {
        "DIPrLab/BLuE-CRAB, class AirGuard in classifiers.dart (420 m, 300 s, gap 300 s): \
         comparator as re-implemented by its authors; not the app's rule"
    }

    fn push(&mut self, s: &Sighting) -> bool {
        match &mut self.reading {
            Reading::Path(states) => {
                let first = || Path {
                    last: *s,
                    path_m: 0.0,
                    time_s: 0.0,
                };
                states.judge(s.identifier, first, |p| {
                    let gap = seconds_between(p.last.time_us, s.time_us);
                    if gap <= GAP_S {
                        p.time_s += gap;
                        if let (Some(a), Some(b)) = (p.last.position, s.position) {
                            p.path_m += metres(a, b);
                        }
                    }
                    p.last = *s;
                    p.path_m > DISTANCE_M && p.time_s > DURATION_S
                })
            }
            Reading::Diameter(states) => states.judge(
                s.identifier,
                || Run::new(s),
                |run| {
                    run.extend(s, GAP_S);
                    run.duration_s() >= DURATION_S && run.spans(DISTANCE_M)
                },
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{alert_times, at};
    use super::*;

    #[test]
    fn path_adds_up_and_diameter_does_not() {
        // 100 m to and fro every 30 s: 420 m are passed at 150 s, 300 s at 330 s (more than 300).
        let log: Vec<_> = (0..100)
            .map(|i| at(f64::from(i) * 30.0, 0, f64::from((i % 2) * 100)))
            .collect();
        assert_eq!(alert_times(&mut BlueCrabComparator::path(), &log), [330.0]);
        assert!(alert_times(&mut BlueCrabComparator::diameter(), &log).is_empty());
    }

    #[test]
    fn straight_on() {
        // 1 m/s, every 60 s: 420 m are reached at 420 s (diameter >=), passed at 480 s (path >).
        let log: Vec<_> = (0..20)
            .map(|i| at(f64::from(i) * 60.0, 0, f64::from(i) * 60.0001))
            .collect();
        assert_eq!(
            alert_times(&mut BlueCrabComparator::diameter(), &log),
            [420.0]
        );
        let log: Vec<_> = (0..20)
            .map(|i| at(f64::from(i) * 60.0, 0, f64::from(i) * 59.99))
            .collect();
        assert_eq!(alert_times(&mut BlueCrabComparator::path(), &log), [480.0]);
    }

    #[test]
    fn a_gap_over_300_seconds_is_not_travelled() {
        let log = [at(0.0, 0, 0.0), at(301.0, 0, 1000.0), at(602.0, 0, 2000.0)];
        assert!(alert_times(&mut BlueCrabComparator::path(), &log).is_empty());
        assert!(alert_times(&mut BlueCrabComparator::diameter(), &log).is_empty());
    }
}
