//! How we moved, slot by slot: mean speed, share of time in motion, turns.

use std::collections::VecDeque;

use vigie_decode::Fix;

use crate::cotravel::{CoTravelConstants, SLOT_US, SlotMotion};
use crate::distance::{metres, way};

/// Change of heading within one slot's time that counts as a turn, degrees: less is a bend of the road.
const TURN_DEG: f64 = 45.0;
/// Shortest leg from which a heading is taken, metres: below it position noise decides.
const LEG_M: f64 = 15.0;
/// Two fixes further apart than this tell no speed for the time between, microseconds.
const GAP_US: i64 = 180_000_000;
/// Slots remembered: an hour, longer than a silent emitter is.
const SLOTS: usize = 360;

/// Motion from fixes, one stream of them.
#[derive(Debug, Default)]
pub struct Motion {
    slots: VecDeque<(i64, Seen)>,
    last: Option<Fix>,
    stream: Option<u16>,
    leg_from: Option<Fix>,
    heading: Option<(f64, i64)>,
    /// Where we have stayed near, and since when.
    stay: Option<Fix>,
    open: Open,
    speed: Option<(i64, f64)>,
}

/// What positions tell of a slot.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub struct Seen {
    /// How we moved.
    pub motion: SlotMotion,
    /// We were parked.
    pub parked: bool,
}

/// Sums over the slot that is being filled.
#[derive(Debug, Default, Clone, Copy)]
struct Open {
    slot: i64,
    metres: f64,
    known_us: i64,
    moving_us: i64,
    turns: u32,
    parked: bool,
}

impl Motion {
    /// Takes a fix.
    pub fn fix(&mut self, fix: &Fix, constants: &CoTravelConstants) {
        let stream = fix.sensor.unwrap_or(u16::MAX);
        if *self.stream.get_or_insert(stream) != stream {
            return;
        }
        let Some(last) = self.last else {
            self.last = Some(*fix);
            self.leg_from = Some(*fix);
            self.stay = Some(*fix);
            return;
        };
        let span_us = fix.time_us - last.time_us;
        if span_us <= 0 {
            return;
        }
        self.last = Some(*fix);
        if span_us > GAP_US {
            self.leg_from = Some(*fix);
            self.heading = None;
            self.stay = Some(*fix);
            return;
        }
        let speed = fix
            .speed_m_s
            .map_or_else(|| metres(&last, fix) / (span_us as f64 / 1e6), f64::from);
        self.spread(
            last.time_us,
            fix.time_us,
            speed,
            speed > constants.moving_m_s,
        );
        self.stays(fix, constants);
        self.speed = Some((fix.time_us, speed));
        self.turn(fix);
    }

    /// The last known speed, metres a second, and when (µs since 1970).
    #[must_use]
    pub const fn speed(&self) -> Option<(i64, f64)> {
        self.speed
    }

    /// Spreads a stretch of constant speed over the slots that it touches.
    fn spread(&mut self, from_us: i64, to_us: i64, speed: f64, moving: bool) {
        let mut at = from_us;
        while at < to_us {
            let slot = at.div_euclid(SLOT_US);
            self.turn_to(slot);
            let end = ((slot + 1) * SLOT_US).min(to_us);
            let part = end - at;
            self.open.metres += speed * part as f64 / 1e6;
            self.open.known_us += part;
            if moving {
                self.open.moving_us += part;
            }
            at = end;
        }
    }

    /// Marks the open slot where we have been parked throughout the time asked for.
    fn stays(&mut self, fix: &Fix, constants: &CoTravelConstants) {
        let near = self
            .stay
            .filter(|from| metres(from, fix) < constants.parked_within_m);
        let Some(from) = near else {
            self.stay = Some(*fix);
            self.open.parked = false;
            return;
        };
        let stayed_s = (fix.time_us - from.time_us) as f64 / 1e6;
        self.open.parked = stayed_s >= constants.parked_after_s;
    }

    fn turn(&mut self, fix: &Fix) {
        let Some(from) = self.leg_from else { return };
        let leg = way(&from, fix);
        if leg.0.hypot(leg.1) < LEG_M {
            return;
        }
        self.leg_from = Some(*fix);
        let heading = leg.0.atan2(leg.1).to_degrees();
        match self.heading {
            Some((before, since_us)) => {
                let change = (heading - before + 540.0).rem_euclid(360.0) - 180.0;
                if change.abs() >= TURN_DEG {
                    self.open.turns += 1;
                    self.heading = Some((heading, fix.time_us));
                } else if fix.time_us - since_us > SLOT_US {
                    self.heading = Some((heading, fix.time_us));
                }
            }
            None => self.heading = Some((heading, fix.time_us)),
        }
    }

    fn turn_to(&mut self, slot: i64) {
        if slot <= self.open.slot {
            return;
        }
        if self.open.known_us > 0 {
            let known_s = self.open.known_us as f64 / 1e6;
            self.slots.push_back((
                self.open.slot,
                Seen {
                    motion: SlotMotion {
                        speed_m_s: self.open.metres / known_s,
                        moving: self.open.moving_us as f64 / self.open.known_us as f64,
                        turns: self.open.turns,
                    },
                    parked: self.open.parked,
                },
            ));
            if self.slots.len() > SLOTS {
                self.slots.pop_front();
            }
        }
        self.open = Open {
            slot,
            ..Open::default()
        };
    }

    /// What positions tell of a slot that is over; `None` where there were none.
    pub fn of(&mut self, slot: i64) -> Option<Seen> {
        self.turn_to(slot + 1);
        let at = self.slots.partition_point(|(s, _)| *s < slot);
        match self.slots.get(at) {
            Some((s, seen)) if *s == slot => Some(*seen),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distance::METRES_PER_DEGREE;

    fn fix(t_s: i64, lat: f64, lon: f64) -> Fix {
        Fix {
            time_us: t_s * 1_000_000,
            sensor: None,
            lat,
            lon,
            accuracy_m: None,
            speed_m_s: None,
        }
    }

    #[test]
    fn speed_of_a_straight_way() {
        let mut motion = Motion::default();
        for t in 0..=60 {
            motion.fix(
                &fix(t, 48.0 + t as f64 * 10.0 / METRES_PER_DEGREE, 2.0),
                &CoTravelConstants::default(),
            );
        }
        let m = motion.of(2).unwrap().motion;
        assert!((m.speed_m_s - 10.0).abs() < 0.01, "{m:?}");
        assert_eq!((m.moving, m.turns), (1.0, 0));
    }

    #[test]
    fn a_right_angle_is_one_turn() {
        let mut motion = Motion::default();
        for t in 0..=40 {
            let (n, e) = if t <= 20 {
                (t * 10, 0)
            } else {
                (200, (t - 20) * 10)
            };
            let (n, e) = (
                f64::from(n) / METRES_PER_DEGREE,
                f64::from(e) / METRES_PER_DEGREE,
            );
            motion.fix(&fix(i64::from(t), n, e), &CoTravelConstants::default());
        }
        let turns: u32 = (0..4).map(|s| motion.of(s).unwrap().motion.turns).sum();
        assert_eq!(turns, 1);
    }

    #[test]
    fn silence_tells_nothing() {
        let mut motion = Motion::default();
        motion.fix(&fix(0, 0.0, 0.0), &CoTravelConstants::default());
        motion.fix(&fix(4000, 0.1, 0.0), &CoTravelConstants::default());
        assert_eq!(motion.of(10), None);
    }

    #[test]
    fn parked_after_a_while_until_we_drive_off() {
        let mut motion = Motion::default();
        for t in 0..=400_i64 {
            let m = match t {
                0..=99 => 10 * t,
                // A light, then a way on, then parked with positions that wander.
                100..=140 => 1000,
                141..=200 => 1000 + 10 * (t - 140),
                201..=360 => 1600 + 7 * (t % 3),
                _ => 1600 + 10 * (t - 360),
            };
            let lat = 48.0 + m as f64 / METRES_PER_DEGREE;
            motion.fix(&fix(t, lat, 2.0), &CoTravelConstants::default());
        }
        let parked: Vec<i64> = (0..39).filter(|s| motion.of(*s).unwrap().parked).collect();
        assert_eq!(parked, (29..36).collect::<Vec<_>>());
    }
}
