//! BLE-Doubt (Briggs and Geeng, 2022).
//!
//! Source: BLE-Doubt's analysis code, `trajectory.py` (`get_epsilon_components`) and
//! `classifiers.py` (`EpsilonComponentClassifier`, the paper's topological classifier): an
//! identifier is suspicious when one unbroken run of it (gaps up to 60 s) lasts 300 s and spans
//! 300 m between its two farthest positions. There the comparisons are strict; on logs in whole
//! seconds the difference has not changed a verdict. The app judges the whole log each time, which
//! for this rule is the same as judging online.

use super::{PerIdentifier, Rule};
use crate::{Sighting, distance::metres, log::seconds_between};

/// BLE-Doubt's topological classifier.
#[derive(Default)]
pub struct BleDoubt {
    runs: PerIdentifier<Run>,
}

const GAP_S: f64 = 60.0;
const DIAMETER_M: f64 = 300.0;
const DURATION_S: f64 = 300.0;

impl Rule for BleDoubt {
    fn name(&self) -> &'static str {
        "ble-doubt"
    }

    fn source(&self) -> &'static str {
        "Briggs and Geeng 2022, BLE-Doubt: EpsilonComponentClassifier (gap <= 60 s, \
         diameter >= 300 m, duration >= 300 s)"
    }

    fn push(&mut self, s: &Sighting) -> bool {
        self.runs.judge(
            s.identifier,
            || Run::new(s),
            |run| {
                run.extend(s, GAP_S);
                run.duration_s() >= DURATION_S && run.spans(DIAMETER_M)
            },
        )
    }
}

/// An unbroken run of one identifier, and how far its positions reach.
pub(super) struct Run {
    start_us: i64,
    last_us: i64,
    positions: Vec<(f64, f64)>,
    south_west: (f64, f64),
    north_east: (f64, f64),
    diameter_m: f64,
}

impl Run {
    pub(super) fn new(s: &Sighting) -> Self {
        Self {
            start_us: s.time_us,
            last_us: s.time_us,
            positions: Vec::new(),
            south_west: (f64::MAX, f64::MAX),
            north_east: (f64::MIN, f64::MIN),
            diameter_m: 0.0,
        }
    }

    /// Takes in a sighting; a gap longer than `gap_s` starts a new run.
    pub(super) fn extend(&mut self, s: &Sighting, gap_s: f64) {
        if seconds_between(self.last_us, s.time_us) > gap_s {
            *self = Self::new(s);
        }
        self.last_us = s.time_us;
        if let Some(p) = s.position
            && self.positions.last() != Some(&p)
        {
            self.south_west = (self.south_west.0.min(p.0), self.south_west.1.min(p.1));
            self.north_east = (self.north_east.0.max(p.0), self.north_east.1.max(p.1));
            // Only pairs that can pass a threshold are worth measuring: those in a box that large.
            // The box never shrinks, so pairs left out stay below its diagonal of that time.
            if self.box_diagonal_m() >= 0.9 * DIAMETER_M {
                for &q in &self.positions {
                    self.diameter_m = self.diameter_m.max(metres(q, p));
                }
            }
            self.positions.push(p);
        }
    }

    fn box_diagonal_m(&self) -> f64 {
        metres(self.south_west, self.north_east)
    }

    pub(super) fn duration_s(&self) -> f64 {
        seconds_between(self.start_us, self.last_us)
    }

    /// Whether two positions of the run are at least `metres` apart; `metres` not below 300.
    pub(super) fn spans(&self, metres: f64) -> bool {
        self.diameter_m >= metres
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{alert_times, at};
    use super::*;

    #[test]
    fn both_duration_and_diameter_must_be_reached() {
        // 2 m/s, a sighting every 10 s: 300 m after 150 s, 300 s decide.
        let fast: Vec<_> = (0..60)
            .map(|i| at(f64::from(i) * 10.0, 0, f64::from(i) * 20.0))
            .collect();
        assert_eq!(alert_times(&mut BleDoubt::default(), &fast), [300.0]);
        // 0.5 m/s: 300 s pass first, 300 m are reached at 600 s (just short by rounding: 610 s).
        let slow: Vec<_> = (0..90)
            .map(|i| at(f64::from(i) * 10.0, 0, f64::from(i) * 5.01))
            .collect();
        assert_eq!(alert_times(&mut BleDoubt::default(), &slow), [600.0]);
    }

    #[test]
    fn a_gap_of_61_seconds_starts_anew() {
        let mut log: Vec<_> = (0..=25)
            .map(|i| at(f64::from(i) * 10.0, 0, f64::from(i) * 20.0))
            .collect();
        // 250 s and 500 m, then 61 s of silence, then as before.
        log.extend((0..=40).map(|i| at(311.0 + f64::from(i) * 10.0, 0, f64::from(i) * 20.0)));
        assert_eq!(alert_times(&mut BleDoubt::default(), &log), [611.0]);
        // With 60 s it is one run: 300 s are passed at its next sighting, at 310 s.
        let mut log: Vec<_> = (0..=25)
            .map(|i| at(f64::from(i) * 10.0, 0, f64::from(i) * 20.0))
            .collect();
        log.push(at(310.0, 0, 0.0));
        assert_eq!(alert_times(&mut BleDoubt::default(), &log), [310.0]);
    }

    #[test]
    fn going_in_circles_does_not_add_up() {
        // 200 m to and fro: the path is long, the diameter is 200 m.
        let log: Vec<_> = (0..600)
            .map(|i| at(f64::from(i) * 10.0, 0, f64::from((i % 2) * 200)))
            .collect();
        assert!(alert_times(&mut BleDoubt::default(), &log).is_empty());
    }

    #[test]
    fn without_positions_it_is_silent() {
        let log: Vec<_> = (0..600)
            .map(|i| Sighting {
                position: None,
                ..at(f64::from(i) * 10.0, 0, 0.0)
            })
            .collect();
        assert!(alert_times(&mut BleDoubt::default(), &log).is_empty());
    }
}
