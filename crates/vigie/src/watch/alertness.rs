//! What the run notices of itself: steps of the wall clock, positions lost and back.

use vigie_decode::{Condition, Status};

/// A wall clock that moved by more than this against the run's was set, µs. A clock that is led to the right time moves 0.5 ms a
/// second.
const STEP_US: i64 = 500_000;

/// What was noticed last.
#[derive(Debug)]
pub struct Alertness {
    wall_ahead_us: i64,
    /// Since when there are no positions, µs.
    lost_us: Option<i64>,
}

impl Alertness {
    /// `wall_ahead_us`: how far the wall clock is ahead of the run's.
    pub const fn new(wall_ahead_us: i64) -> Self {
        Self {
            wall_ahead_us,
            lost_us: None,
        }
    }

    /// By how much the wall clock was set since this was last asked, seconds; `None`: it was not.
    pub fn clock_step_s(&mut self, wall_ahead_us: i64) -> Option<f64> {
        let step_us = wall_ahead_us - self.wall_ahead_us;
        if step_us.abs() < STEP_US {
            return None;
        }
        self.wall_ahead_us = wall_ahead_us;
        Some(step_us as f64 / 1e6)
    }

    /// What sources of positions say, told once: a receiver of positions that is gone has lost them, and says so at each attempt.
    pub fn of_positions(&mut self, status: Status) -> Option<Status> {
        if status.sensor.is_some() {
            return Some(status);
        }
        match status.condition {
            Condition::Listening => None,
            condition if condition.is_deaf() || condition == Condition::PositionsLost => {
                if self.lost_us.is_some() {
                    return None;
                }
                self.lost_us = Some(status.time_us);
                Some(Status {
                    condition: Condition::PositionsLost,
                    ..status
                })
            }
            Condition::PositionsBack => {
                let since_us = self.lost_us.take()?;
                Some(Status {
                    value: (status.time_us - since_us) as f64 / 1e6,
                    ..status
                })
            }
            _ => Some(status),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_step_is_a_step() {
        let mut alertness = Alertness::new(100);
        assert_eq!(alertness.clock_step_s(40_000), None);
        assert_eq!(alertness.clock_step_s(-3_600_000_000), Some(-3600.0001));
        assert_eq!(alertness.clock_step_s(-3_600_000_000), None);
    }

    #[test]
    fn positions_are_lost_once_and_come_back_once() {
        let mut alertness = Alertness::new(0);
        let mut of = |condition, time_us| {
            let status = Status {
                time_us,
                sensor: None,
                condition,
                value: 0.0,
            };
            alertness
                .of_positions(status)
                .map(|s| (s.condition, s.value))
        };
        assert_eq!(of(Condition::PositionsBack, 0), None);
        let lost = Some((Condition::PositionsLost, 0.0));
        assert_eq!(of(Condition::Unplugged, 1_000_000), lost);
        assert_eq!(of(Condition::Unplugged, 2_000_000), None);
        assert_eq!(of(Condition::PositionsLost, 3_000_000), None);
        assert_eq!(
            of(Condition::PositionsBack, 5_000_000),
            Some((Condition::PositionsBack, 4.0))
        );
        assert_eq!(
            of(Condition::DiskFull, 6_000_000),
            Some((Condition::DiskFull, 0.0))
        );
    }
}
