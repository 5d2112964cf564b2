//! Chasing-Your-Tail.
//!
//! Source: `SwampPop/Chasing-Your-Tail-NG`, `surveillance_detector.py`: at least 3 appearances
//! over at least 1 hour, at least half an appearance an hour; score = min(rate / 2, 1), plus 0.3
//! when seen at more than one place; flagged above 0.5. The tool takes its place names from
//! elsewhere; here a place is new when it is more than 100 m from the first one. The tool judges a
//! finished recording; here it judges at every sighting, which is kinder to it.

use super::{PerIdentifier, Rule};
use crate::{Sighting, distance::metres, log::seconds_between};

const MIN_APPEARANCES: u32 = 3;
const MIN_HOURS: f64 = 1.0;
const MIN_RATE_PER_HOUR: f64 = 0.5;
const PLACES_BONUS: f64 = 0.3;
const FLAG_ABOVE: f64 = 0.5;
const PLACE_M: f64 = 100.0;

/// Chasing-Your-Tail's persistence score.
#[derive(Default)]
pub struct ChasingYourTail {
    states: PerIdentifier<Appearances>,
}

struct Appearances {
    first_us: i64,
    count: u32,
    place: Option<(f64, f64)>,
    moved: bool,
}

impl Rule for ChasingYourTail {
    fn name(&self) -> &'static str {
        "chasing-your-tail"
    }

    fn source(&self) -> &'static str {
        "SwampPop/Chasing-Your-Tail-NG, surveillance_detector.py (3 appearances, 1 h, \
         rate >= 0.5/h, score > 0.5)"
    }

    fn push(&mut self, s: &Sighting) -> bool {
        let first = || Appearances {
            first_us: s.time_us,
            count: 0,
            place: None,
            moved: false,
        };
        self.states.judge(s.identifier, first, |a| {
            a.count = a.count.saturating_add(1);
            if let Some(p) = s.position {
                let home = *a.place.get_or_insert(p);
                a.moved = a.moved || metres(home, p) > PLACE_M;
            }
            let hours = seconds_between(a.first_us, s.time_us) / 3600.0;
            if a.count < MIN_APPEARANCES || hours < MIN_HOURS {
                return false;
            }
            let rate = f64::from(a.count) / hours;
            let bonus = if a.moved { PLACES_BONUS } else { 0.0 };
            rate >= MIN_RATE_PER_HOUR && ((rate / 2.0).min(1.0) + bonus).min(1.0) > FLAG_ABOVE
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{alert_times, at};
    use super::*;

    #[test]
    fn third_appearance_after_an_hour() {
        let log = [
            at(0.0, 0, 0.0),
            at(10.0, 0, 0.0),
            at(3599.0, 0, 0.0),
            at(3600.0, 0, 0.0),
        ];
        assert_eq!(alert_times(&mut ChasingYourTail::default(), &log), [3600.0]);
    }

    #[test]
    fn a_second_place_makes_up_for_a_low_rate() {
        // 3 appearances in 4 h: rate 0.75, score 0.375; with a second place 0.675.
        let far = [at(0.0, 0, 0.0), at(7200.0, 0, 0.0), at(14_400.0, 0, 500.0)];
        assert_eq!(
            alert_times(&mut ChasingYourTail::default(), &far),
            [14_400.0]
        );
        let near = [at(0.0, 0, 0.0), at(1000.0, 0, 0.0), at(14_400.0, 0, 50.0)];
        assert!(alert_times(&mut ChasingYourTail::default(), &near).is_empty());
        // 3 in 7 h: rate below 0.5.
        let rare = [at(0.0, 0, 0.0), at(1000.0, 0, 0.0), at(25_200.0, 0, 500.0)];
        assert!(alert_times(&mut ChasingYourTail::default(), &rare).is_empty());
    }
}
