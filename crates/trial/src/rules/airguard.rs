//! AirGuard (SEEMOO, TU Darmstadt), its Android app.
//!
//! Source: `seemoo-lab/AirGuard`, `RiskLevelEvaluator.kt` (30, 60, 120 minutes and 2, 3, 4 places
//! for the sensitivities high, medium, low; at least 3 records), `TrackingDetectorWorker.kt`
//! (time since the earliest record of the last 24 hours, distinct places among the records) and
//! `BackgroundBluetoothScanner.kt` (one record per device in 15 minutes; a position more than
//! 150 m from the nearest known place is a new place, and places are shared by all devices).
//!
//! Kinder than the app: it listens all the time instead of 20 s every 15 minutes and decides at
//! every sighting. Not ported: its filters by tracker type and state (logs without payload do not
//! tell), altitude, the "false alarm" button, and the repetition of an alert after 8 hours.

use std::collections::VecDeque;

use super::{PerIdentifier, Rule};
use crate::{Sighting, distance::metres, log::seconds_between};

const RECORD_EVERY_S: f64 = 15.0 * 60.0;
const WINDOW_S: f64 = 24.0 * 3600.0;
const NEW_PLACE_M: f64 = 150.0;
const MIN_RECORDS: usize = 3;

#[derive(Clone, Copy)]
struct Sensitivity {
    name: &'static str,
    minutes: f64,
    places: usize,
}

/// The app's rule.
pub struct AirGuard {
    sensitivity: Sensitivity,
    /// Shared by all identifiers, as in the app's database.
    places: Vec<(f64, f64)>,
    records: PerIdentifier<VecDeque<Record>>,
}

struct Record {
    time_us: i64,
    place: Option<usize>,
}

impl AirGuard {
    /// Sensitivity high: 30 minutes, 2 places.
    #[must_use]
    pub fn high() -> Self {
        Self::new("airguard-high", 30.0, 2)
    }

    /// Sensitivity medium, the app's default: 60 minutes, 3 places.
    #[must_use]
    pub fn medium() -> Self {
        Self::new("airguard-medium", 60.0, 3)
    }

    /// Sensitivity low: 120 minutes, 4 places.
    #[must_use]
    pub fn low() -> Self {
        Self::new("airguard-low", 120.0, 4)
    }

    fn new(name: &'static str, minutes: f64, places: usize) -> Self {
        Self {
            sensitivity: Sensitivity {
                name,
                minutes,
                places,
            },
            places: Vec::new(),
            records: PerIdentifier::default(),
        }
    }
}

/// The nearest known place when it is within 150 m, otherwise a new one.
fn place_of(places: &mut Vec<(f64, f64)>, position: (f64, f64)) -> usize {
    let nearest = places
        .iter()
        .enumerate()
        .map(|(i, &p)| (i, metres(p, position)))
        .min_by(|a, b| a.1.total_cmp(&b.1));
    match nearest {
        Some((i, distance)) if distance <= NEW_PLACE_M => i,
        _ => {
            places.push(position);
            places.len() - 1
        }
    }
}

impl Rule for AirGuard {
    fn name(&self) -> &'static str {
        self.sensitivity.name
    }

    fn source(&self) -> &'static str {
        "seemoo-lab/AirGuard: RiskLevelEvaluator.kt, TrackingDetectorWorker.kt, \
         BackgroundBluetoothScanner.kt (30/60/120 min, 2/3/4 places 150 m apart, 3 records)"
    }

    fn push(&mut self, s: &Sighting) -> bool {
        let Sensitivity {
            minutes,
            places: enough,
            ..
        } = self.sensitivity;
        let places = &mut self.places;
        self.records.judge(s.identifier, VecDeque::new, |records| {
            while records
                .front()
                .is_some_and(|r| seconds_between(r.time_us, s.time_us) > WINDOW_S)
            {
                records.pop_front();
            }
            match records.back_mut() {
                Some(last) if seconds_between(last.time_us, s.time_us) < RECORD_EVERY_S => {
                    // The app fills in the place of a record that had none.
                    if last.place.is_none() {
                        last.place = s.position.map(|p| place_of(places, p));
                    }
                }
                _ => records.push_back(Record {
                    time_us: s.time_us,
                    place: s.position.map(|p| place_of(places, p)),
                }),
            }
            let followed = records
                .front()
                .map_or(0.0, |r| seconds_between(r.time_us, s.time_us))
                / 60.0;
            if followed < minutes || records.len() < MIN_RECORDS {
                return false;
            }
            let mut visited: Vec<usize> = records.iter().filter_map(|r| r.place).collect();
            visited.sort_unstable();
            visited.dedup();
            visited.len() >= enough
        })
    }
}

/// AirGuard's times and numbers of places with every sighting a record and places 100 m apart:
/// the most generous reading of the rule, and the one behind the baseline table of the reference
/// (`onperson.md` section 2). Not what the app does.
pub struct EverySighting {
    sensitivity: Sensitivity,
    states: PerIdentifier<(i64, Vec<(f64, f64)>)>,
}

impl EverySighting {
    const APART_M: f64 = 100.0;

    /// 30 minutes, 2 places.
    #[must_use]
    pub fn high() -> Self {
        Self::new("airguard-high-every-sighting", 30.0, 2)
    }

    /// 60 minutes, 3 places.
    #[must_use]
    pub fn medium() -> Self {
        Self::new("airguard-medium-every-sighting", 60.0, 3)
    }

    fn new(name: &'static str, minutes: f64, places: usize) -> Self {
        Self {
            sensitivity: Sensitivity {
                name,
                minutes,
                places,
            },
            states: PerIdentifier::default(),
        }
    }
}

impl Rule for EverySighting {
    fn name(&self) -> &'static str {
        self.sensitivity.name
    }

    fn source(&self) -> &'static str {
        "AirGuard's minutes and places with every sighting a record, places 100 m apart: \
         the reading of the reference's baseline table, not the app's rule"
    }

    fn push(&mut self, s: &Sighting) -> bool {
        let Sensitivity {
            minutes,
            places: enough,
            ..
        } = self.sensitivity;
        let first = || (s.time_us, Vec::new());
        self.states
            .judge(s.identifier, first, |(first_us, places)| {
                // More places than are asked for change nothing.
                if places.len() < enough
                    && let Some(p) = s.position
                    && places.iter().all(|&q| metres(q, p) > Self::APART_M)
                {
                    places.push(p);
                }
                seconds_between(*first_us, s.time_us) >= minutes * 60.0 && places.len() >= enough
            })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{alert_times, at};
    use super::*;

    /// One sighting a minute at 10 m a minute.
    fn stroll(minutes: u32) -> Vec<Sighting> {
        (0..=minutes)
            .map(|m| at(f64::from(m) * 60.0, 0, f64::from(m) * 10.0))
            .collect()
    }

    #[test]
    fn high_waits_for_three_records_and_a_second_place() {
        // Records at 0, 15, 30 min at 0, 150, 300 m. 150 m is not more than 150 m away, so the
        // second place comes with the record at 30 min; that is also the third record.
        assert_eq!(alert_times(&mut AirGuard::high(), &stroll(60)), [1800.0]);
    }

    #[test]
    fn medium_waits_for_the_third_place() {
        // Records at 30 and 60 min found the places at 300 and 600 m: third place at 60 min.
        assert_eq!(alert_times(&mut AirGuard::medium(), &stroll(90)), [3600.0]);
    }

    #[test]
    fn low_waits_for_two_hours() {
        assert_eq!(alert_times(&mut AirGuard::low(), &stroll(180)), [7200.0]);
    }

    #[test]
    fn one_place_is_never_enough() {
        let still: Vec<_> = (0..600).map(|m| at(f64::from(m) * 60.0, 0, 0.0)).collect();
        assert!(alert_times(&mut AirGuard::high(), &still).is_empty());
    }

    #[test]
    fn records_older_than_a_day_do_not_count() {
        // Seen for 20 min at one place; a day and a minute later for 20 min at another.
        let mut log: Vec<_> = (0..=20).map(|m| at(f64::from(m) * 60.0, 0, 0.0)).collect();
        let day = 86_400.0 + 21.0 * 60.0;
        log.extend((0..=20).map(|m| at(day + f64::from(m) * 60.0, 0, 1000.0)));
        assert!(alert_times(&mut AirGuard::high(), &log).is_empty());
    }

    #[test]
    fn every_sighting_needs_no_third_record() {
        // 100 m is passed at 11 min, 30 min decide.
        assert_eq!(
            alert_times(&mut EverySighting::high(), &stroll(60)),
            [1800.0]
        );
        // Two sightings suffice.
        let two = [at(0.0, 0, 0.0), at(1900.0, 0, 101.0)];
        assert_eq!(alert_times(&mut EverySighting::high(), &two), [1900.0]);
        assert!(alert_times(&mut AirGuard::high(), &two).is_empty());
    }
}
