//! What a source of positions gives, judged before it is handed on: loss is said, jumps are left out and said.

use vigie_decode::{Condition, Fix};

use crate::live::Outlet;

/// Without a fix for so long they count as lost, µs.
const LOST_AFTER_US: i64 = 10_000_000;
/// Nothing on a road is faster, m/s; and positions may be off by so much on top, m.
const FASTEST_M_S: f64 = 100.0;
const SLACK_M: f64 = 100.0;
/// A jump is said again after this at the earliest, µs: disturbed signals make many a second.
const SAY_AGAIN_US: i64 = 10_000_000;
/// Satellites and run may differ by so much before it is said, µs: a sentence takes up to a second to arrive.
const CLOCKS_APART_US: i64 = 2_000_000;
/// So many in a row at the other place are believed: it was the first that was wrong.
const BELIEVED: u32 = 5;
/// Metres in a degree of latitude.
const DEGREE_M: f64 = 111_320.0;

/// What was seen of one source.
#[derive(Debug, Default)]
pub(crate) struct Fixes {
    last: Option<Fix>,
    lost: bool,
    /// Fixes far from the last good one, in a row, and the latest of them.
    astray: Option<(Fix, u32)>,
    /// Since when a first fix is waited for, µs.
    waiting_us: Option<i64>,
    /// When a jump was last said, µs.
    jump_said_us: Option<i64>,
    /// By how much the clocks were last said to differ, µs.
    apart_us: i64,
}

impl Fixes {
    /// Takes a fix and hands it on where it can be.
    pub(crate) fn take(&mut self, fix: Fix, out: &Outlet) {
        if self.last.is_some_and(|last| cannot_be_driven(&last, &fix)) {
            let close = self
                .astray
                .filter(|(before, _)| !cannot_be_driven(before, &fix));
            let row = close.map_or(1, |(_, row)| row + 1);
            if row < BELIEVED {
                let silent = self
                    .jump_said_us
                    .is_none_or(|said_us| fix.time_us - said_us >= SAY_AGAIN_US);
                if let Some(last) = self.last
                    && row == 1
                    && silent
                {
                    self.jump_said_us = Some(fix.time_us);
                    out.condition(Condition::PositionJump, distance_m(&last, &fix), "");
                }
                self.astray = Some((fix, row));
                return;
            }
        }
        self.astray = None;
        if std::mem::take(&mut self.lost) {
            let since_us = self.last.map(|last| last.time_us).or(self.waiting_us);
            let seconds = (fix.time_us - since_us.unwrap_or(fix.time_us)) as f64 / 1e6;
            out.condition(Condition::PositionsBack, seconds, "");
        }
        self.last = Some(fix);
        out.fix(fix);
    }

    /// Compares the time that came with a fix with the run's, and says when they differ or differ by more than was said.
    pub(crate) fn compare_clocks(&mut self, satellites_us: i64, now_us: i64, out: &Outlet) {
        let apart_us = satellites_us.saturating_sub(now_us);
        if apart_us.abs_diff(self.apart_us) > CLOCKS_APART_US.unsigned_abs() {
            self.apart_us = apart_us;
            out.condition(Condition::GnssClock, apart_us as f64 / 1e6, "");
        }
    }

    /// Says when they are lost.
    pub(crate) fn look(&mut self, now_us: i64, out: &Outlet) {
        let waiting_us = *self.waiting_us.get_or_insert(now_us);
        let since_us = self.last.map_or(waiting_us, |last| last.time_us);
        if !self.lost && now_us - since_us > LOST_AFTER_US {
            self.lost = true;
            out.condition(Condition::PositionsLost, 0.0, "no fix");
        }
    }

    /// The source itself is gone: the next fix brings positions back.
    pub(crate) const fn gone(&mut self) {
        self.lost = true;
    }
}

fn cannot_be_driven(from: &Fix, to: &Fix) -> bool {
    let seconds = (to.time_us - from.time_us).max(0) as f64 / 1e6;
    let stated = [from, to]
        .iter()
        .map(|f| f64::from(f.accuracy_m.unwrap_or(0.0)))
        .sum::<f64>();
    distance_m(from, to) > FASTEST_M_S * seconds + SLACK_M.max(stated)
}

/// On a plane: enough for what lies a second apart.
fn distance_m(from: &Fix, to: &Fix) -> f64 {
    let north = to.lat - from.lat;
    let across = (to.lon - from.lon + 540.0).rem_euclid(360.0) - 180.0;
    let east = across * from.lat.to_radians().cos();
    north.hypot(east) * DEGREE_M
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::{Heard, Received, SteadyClock};
    use std::sync::Arc;
    use std::sync::mpsc::{Receiver, sync_channel};

    fn outlet() -> (Outlet, Receiver<Received>) {
        let (sender, received) = sync_channel(1000);
        let out = Outlet::new(None, SteadyClock::start(), sender, Arc::default());
        (out, received)
    }

    fn at(second: i64, lat: f64) -> Fix {
        Fix {
            time_us: second * 1_000_000,
            sensor: None,
            lat,
            lon: 2.0,
            accuracy_m: None,
            speed_m_s: None,
        }
    }

    fn said(received: &Receiver<Received>) -> Vec<String> {
        let name = |r: Received| match r.what {
            Heard::Fix(fix) => format!("{:.1}", fix.lat),
            Heard::Status(condition, ..) => condition.as_str().to_owned(),
            other => format!("{other:?}"),
        };
        received.try_iter().map(name).collect()
    }

    #[test]
    fn a_jump_is_left_out_until_it_is_believed() {
        let (out, received) = outlet();
        let mut fixes = Fixes::default();
        for (second, lat) in [48.0, 48.0, 49.0, 48.0].into_iter().enumerate() {
            fixes.take(at(second as i64, lat), &out);
        }
        assert_eq!(said(&received), ["48.0", "48.0", "position_jump", "48.0"]);
        for second in 20..26 {
            fixes.take(at(second, 50.0), &out);
        }
        assert_eq!(said(&received), ["position_jump", "50.0", "50.0"]);
    }

    #[test]
    fn disturbed_signals_do_not_flood() {
        let (out, received) = outlet();
        let mut fixes = Fixes::default();
        fixes.take(at(0, 48.0), &out);
        for second in 1..25 {
            fixes.take(at(second, 50.0 + second as f64), &out);
        }
        assert_eq!(
            said(&received),
            ["48.0", "position_jump", "position_jump", "position_jump"]
        );
    }

    #[test]
    fn clocks_that_differ_are_said_once() {
        let (out, received) = outlet();
        let mut fixes = Fixes::default();
        for satellites_s in [99, 99, 50, 51, 52, 90, 100] {
            fixes.compare_clocks(satellites_s * 1_000_000, 100_000_000, &out);
        }
        let values: Vec<f64> = received
            .try_iter()
            .filter_map(|r| match r.what {
                Heard::Status(Condition::GnssClock, value, _) => Some(value),
                _ => None,
            })
            .collect();
        assert_eq!(values, [-50.0, -10.0, 0.0]);
    }

    #[test]
    fn loss_is_said_once_and_the_next_fix_brings_them_back() {
        let (out, received) = outlet();
        let mut fixes = Fixes::default();
        fixes.take(at(0, 48.0), &out);
        for second in [5, 10, 11, 12] {
            fixes.look(second * 1_000_000, &out);
        }
        fixes.take(at(13, 48.0), &out);
        assert_eq!(
            said(&received),
            ["48.0", "positions_lost", "positions_back", "48.0"]
        );
    }
}
