//! How long and how far we drove since somebody could last have put something on us.
//!
//! What was heard on the way to a stop says nothing about what was attached there: each long stop starts the
//! account anew, and while it lasts nothing can be cleared.

use crate::cotravel::{SLOT_US, SlotMotion};
use crate::ground::Turnover;

/// Share of a slot in motion from which it counts as driven: less is moving up in a queue.
const DRIVEN_SHARE: f64 = 0.1;

/// The account, moved on slot by slot.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Journey {
    stood_s: f64,
    driven_s: f64,
    /// Of this, outside crowds.
    apart_s: f64,
    driven_m: f64,
    /// Turnover earned when the last long stop ended.
    turnover: Turnover,
}

impl Journey {
    /// A slot is over; `motion` is how we moved in it, where positions tell, `crowd` whether that was in a crowd,
    /// `turnover` what was earned so far, and `stop_s` how long a stop must last to count, seconds.
    pub fn slot(
        &mut self,
        motion: Option<SlotMotion>,
        crowd: bool,
        turnover: Turnover,
        stop_s: f64,
    ) {
        let slot_s = SLOT_US as f64 / 1e6;
        // Without positions nothing is claimed of the time, neither a drive nor a stop.
        let Some(motion) = motion else { return };
        if motion.moving >= DRIVEN_SHARE {
            self.stood_s = 0.0;
            self.driven_s += slot_s;
            self.apart_s += if crowd { 0.0 } else { slot_s };
            self.driven_m += motion.speed_m_s * slot_s;
            return;
        }
        self.stood_s += slot_s;
        if self.stood_s >= stop_s {
            self.driven_s = 0.0;
            self.apart_s = 0.0;
            self.driven_m = 0.0;
            self.turnover = turnover;
        }
    }

    /// Driven since the last long stop, seconds.
    #[must_use]
    pub const fn driven_s(&self) -> f64 {
        self.driven_s
    }

    /// Of the time driven, what was outside crowds, seconds.
    #[must_use]
    pub const fn apart_s(&self) -> f64 {
        self.apart_s
    }

    /// Driven since the last long stop, metres.
    #[must_use]
    pub const fn driven_m(&self) -> f64 {
        self.driven_m
    }

    /// How often the surroundings were replaced since the last long stop, given all turnover earned.
    #[must_use]
    pub fn replaced(&self, earned: Turnover) -> f64 {
        earned.minus(self.turnover).replaced()
    }

    /// Whether a long stop lasts.
    #[must_use]
    pub fn parked(&self, stop_s: f64) -> bool {
        self.stood_s >= stop_s
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn go(journey: &mut Journey, slots: u32, speed_m_s: f64, births: f64) {
        let moving = f64::from(u8::from(speed_m_s > 0.5));
        let motion = SlotMotion {
            speed_m_s,
            moving,
            turns: 0,
        };
        let turnover = Turnover {
            births,
            deaths: births,
        };
        for _ in 0..slots {
            journey.slot(Some(motion), speed_m_s < 5.0, turnover, 180.0);
        }
    }

    #[test]
    fn a_light_is_no_stop_and_a_long_stop_starts_anew() {
        let mut journey = Journey::default();
        go(&mut journey, 30, 12.0, 4.0);
        go(&mut journey, 17, 0.0, 5.0);
        assert_eq!((journey.driven_s(), journey.driven_m()), (300.0, 3600.0));
        assert!(!journey.parked(180.0));
        go(&mut journey, 1, 0.0, 5.0);
        assert_eq!((journey.driven_s(), journey.driven_m()), (0.0, 0.0));
        assert!(journey.parked(180.0));
        go(&mut journey, 6, 12.0, 7.0);
        assert_eq!(journey.driven_s(), 60.0);
        assert!(!journey.parked(180.0));
        let earned = Turnover {
            births: 7.0,
            deaths: 9.0,
        };
        assert_eq!(journey.replaced(earned), 2.0);
    }

    #[test]
    fn what_was_driven_in_a_crowd_is_told_apart() {
        let mut journey = Journey::default();
        go(&mut journey, 30, 12.0, 4.0);
        go(&mut journey, 12, 3.0, 5.0);
        assert_eq!((journey.driven_s(), journey.apart_s()), (420.0, 300.0));
    }

    #[test]
    fn unknown_motion_neither_drives_nor_stops() {
        let mut journey = Journey::default();
        go(&mut journey, 6, 12.0, 0.0);
        for _ in 0..100 {
            journey.slot(None, false, Turnover::default(), 180.0);
        }
        assert_eq!(journey.driven_s(), 60.0);
        assert!(!journey.parked(180.0));
    }
}
