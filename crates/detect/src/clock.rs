//! A sensor's clock as its recording shows it: one wild time is damage, a step back is a step.
//!
//! A single time hours ahead (a flipped bit) would make everything after it late, and a clock set back would
//! stop the run's time until it has caught up; in both a tracker would pass unseen.

use crate::hold::Held;

/// Two events of one sensor further apart than this ask for a second look, microseconds.
const JUMP_US: i64 = 3_600_000_000;
/// So many events in a row behind a step back show that the clock was set back.
const AGREEING: u32 = 3;

/// What became of an event's time.
#[derive(Debug, Clone, PartialEq)]
pub enum Admitted {
    /// As it is.
    One(Held),
    /// After one that had to wait for it.
    Two(Held, Held),
    /// It waits for the next one to agree.
    Waits,
    /// The first had a wild time and is dropped; the second goes on.
    Dropped(Held, Held),
    /// The clock was set back by so many seconds; from here on its times are shifted so that they go on.
    SetBack(Held, f64),
}

/// One sensor's clock.
#[derive(Debug, Default)]
struct Clock {
    last_us: Option<i64>,
    shift_us: i64,
    behind: Option<(i64, u32)>,
}

/// The clocks of all sensors. Leaps forward are judged on all events together, so that nothing waits for a
/// sensor that is rarely heard; steps back on each sensor's own.
#[derive(Debug, Default)]
pub struct Clocks {
    newest_us: Option<i64>,
    waiting: Option<(usize, Held)>,
    sensors: Vec<Clock>,
}

impl Clocks {
    /// Whether an event of `sensor` at this time goes on as it is: the ordinary case.
    #[inline]
    pub fn passes(&mut self, sensor: u16, time_us: i64) -> bool {
        let Some(clock) = self.sensors.get_mut(usize::from(sensor)) else {
            return false;
        };
        let Some(newest_us) = self.newest_us else {
            return false;
        };
        // Not a difference: this is the one place that sees times of any size.
        let near = time_us.abs_diff(newest_us) <= JUMP_US as u64;
        if !near || self.waiting.is_some() || clock.shift_us != 0 {
            return false;
        }
        self.newest_us = Some(newest_us.max(time_us));
        clock.last_us = clock.last_us.max(Some(time_us));
        clock.behind = None;
        true
    }

    /// Looks at the time of an event of `sensor` that does not simply pass, in the order of the recordings.
    #[cold]
    pub fn admit(&mut self, sensor: u16, mut event: Held) -> Admitted {
        let at = usize::from(sensor);
        if at >= self.sensors.len() {
            self.sensors.resize_with(at + 1, Clock::default);
        }
        if let Some(clock) = self.sensors.get(at) {
            event.shift(clock.shift_us);
        }
        let time_us = event.time_us();
        if self.waiting.is_none()
            && self
                .newest_us
                .is_some_and(|newest| (time_us - newest).abs() <= JUMP_US)
        {
            self.accept(at, time_us);
            return Admitted::One(event);
        }
        self.look_again(at, event, time_us)
    }

    fn look_again(&mut self, at: usize, event: Held, time_us: i64) -> Admitted {
        if let Some((waited_at, waiting)) = self.waiting.take() {
            let waited_us = waiting.time_us();
            if time_us < waited_us - JUMP_US {
                self.accept(at, time_us);
                return Admitted::Dropped(waiting, event);
            }
            self.accept(waited_at, waited_us);
            if time_us > waited_us + JUMP_US {
                // Another leap: what waited is confirmed to lie behind it, and this one waits in turn.
                self.waiting = Some((at, event));
                return Admitted::One(waiting);
            }
            self.accept(at, time_us);
            return Admitted::Two(waiting, event);
        }
        if self
            .newest_us
            .is_none_or(|newest| time_us - newest > JUMP_US)
        {
            self.waiting = Some((at, event));
            return Admitted::Waits;
        }
        let Some(clock) = self.sensors.get_mut(at) else {
            return Admitted::One(event);
        };
        match clock.set_back_by(time_us) {
            None => Admitted::One(event),
            Some(back_us) => {
                let mut event = event;
                event.shift(back_us);
                Admitted::SetBack(event, back_us as f64 / 1e6)
            }
        }
    }

    /// What still waits at the end: nothing came to disagree.
    pub fn rest(&mut self) -> Option<Held> {
        self.waiting.take().map(|(_, event)| event)
    }

    fn accept(&mut self, at: usize, time_us: i64) {
        self.newest_us = self.newest_us.max(Some(time_us));
        if let Some(clock) = self.sensors.get_mut(at) {
            clock.last_us = clock.last_us.max(Some(time_us));
            clock.behind = None;
        }
    }
}

impl Clock {
    /// Takes a time far behind the run's. Once enough of this sensor's agree, the clock was set back by this.
    fn set_back_by(&mut self, time_us: i64) -> Option<i64> {
        let back_us = self.last_us? - time_us;
        if back_us <= JUMP_US {
            return None;
        }
        let agreeing = match self.behind {
            Some((before_us, n)) if (time_us - before_us).abs() <= JUMP_US => n + 1,
            _ => 1,
        };
        self.behind = Some((time_us, agreeing));
        if agreeing < AGREEING {
            return None;
        }
        self.behind = None;
        self.shift_us += back_us;
        Some(back_us)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_decode::Fix;

    fn at(time_s: i64) -> Held {
        let time_us = time_s * 1_000_000;
        let (lat, lon) = (0.0, 0.0);
        Held::Fix(Fix {
            time_us,
            sensor: Some(0),
            lat,
            lon,
            accuracy_m: None,
            speed_m_s: None,
        })
    }

    fn run(times_s: &[i64]) -> (Vec<i64>, u32, Vec<f64>) {
        let mut clocks = Clocks::default();
        let (mut out, mut dropped, mut steps) = (Vec::new(), 0, Vec::new());
        for t in times_s {
            if clocks.passes(0, t * 1_000_000) {
                out.push(at(*t));
                continue;
            }
            match clocks.admit(0, at(*t)) {
                Admitted::One(e) => out.push(e),
                Admitted::Two(a, b) => out.extend([a, b]),
                Admitted::Waits => {}
                Admitted::Dropped(_, e) => {
                    dropped += 1;
                    out.push(e);
                }
                Admitted::SetBack(e, s) => {
                    steps.push(s);
                    out.push(e);
                }
            }
        }
        out.extend(clocks.rest());
        (
            out.iter().map(|e| e.time_us() / 1_000_000).collect(),
            dropped,
            steps,
        )
    }

    #[test]
    fn steady_time_passes_as_it_is() {
        let times = [100, 101, 102, 101, 160, 3000];
        assert_eq!(run(&times), (times.to_vec(), 0, vec![]));
    }

    #[test]
    fn one_wild_time_is_dropped_wherever_it_stands() {
        assert_eq!(run(&[9_000_000, 100, 101]), (vec![100, 101], 1, vec![]));
        assert_eq!(
            run(&[100, 101, 9_000_000, 102, 103]),
            (vec![100, 101, 102, 103], 1, vec![])
        );
    }

    #[test]
    fn a_real_gap_of_hours_is_kept() {
        let times = [100, 101, 20_000, 20_001, 50_000, 90_000, 90_001];
        assert_eq!(run(&times), (times.to_vec(), 0, vec![]));
        assert_eq!(run(&[100, 20_000]), (vec![100, 20_000], 0, vec![]));
    }

    #[test]
    fn a_clock_set_back_goes_on_from_where_it_was() {
        let (out, dropped, steps) = run(&[10_000, 10_001, 2_000, 2_001, 2_002, 2_003, 2_010]);
        assert_eq!(dropped, 0);
        assert_eq!(steps, [7_999.0]);
        // The first two behind the step are taken as late; from the third on time goes on.
        assert_eq!(out, [10_000, 10_001, 2_000, 2_001, 10_001, 10_002, 10_009]);
    }
}
