//! Do we stand, since when, and did we just leave?

use serde::{Deserialize, Serialize};
use vigie_decode::Fix;

use crate::distance::metres;

/// When a stand begins and ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ParkingConstants {
    /// Standing for longer than this is parking, seconds: traffic lights are shorter.
    pub parked_s: f64,
    /// From this speed on we move, metres a second: above what positions wander by.
    pub moving_m_s: f64,
    /// Further than this from where we stopped we have left, metres: several times the error of a fix.
    pub place_m: f64,
    /// Whoever stops again this near, metres, within `same_s` was not away: a jump of the positions, a manoeuvre.
    pub same_place_m: f64,
    /// See `same_place_m`, seconds.
    pub same_s: f64,
}

impl Default for ParkingConstants {
    fn default() -> Self {
        Self {
            parked_s: 120.0,
            moving_m_s: 2.0,
            place_m: 30.0,
            same_place_m: 100.0,
            same_s: 600.0,
        }
    }
}

/// Follows one stream of positions.
#[derive(Debug, Default)]
pub struct Parking {
    stream: Option<u16>,
    stand: Option<Fix>,
    fast_fixes: u32,
    moving: bool,
}

impl Parking {
    /// Takes a fix; true when it ends a stand of more than `parked_s`.
    pub fn fix(&mut self, constants: &ParkingConstants, fix: &Fix) -> bool {
        let stream = fix.sensor.unwrap_or(u16::MAX);
        if *self.stream.get_or_insert(stream) != stream {
            return false;
        }
        let fast = fix
            .speed_m_s
            .is_some_and(|v| f64::from(v) >= constants.moving_m_s);
        self.fast_fixes = if fast { self.fast_fixes + 1 } else { 0 };
        let Some(stand) = self.stand else {
            self.moving = fast;
            if !fast {
                self.stand = Some(*fix);
            }
            return false;
        };
        if self.fast_fixes < 2 && metres(&stand, fix) < constants.place_m {
            return false;
        }
        self.stand = if fast { None } else { Some(*fix) };
        self.moving = fast;
        (fix.time_us - stand.time_us) as f64 / 1e6 >= constants.parked_s
    }

    /// Whether we are seen to move.
    #[must_use]
    pub const fn moving(&self) -> bool {
        self.moving
    }

    /// Where and since when we stand.
    #[must_use]
    pub const fn stand(&self) -> Option<&Fix> {
        self.stand.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distance::METRES_PER_DEGREE;

    fn fix(second: i64, metres_north: f64, speed: Option<f32>) -> Fix {
        Fix {
            time_us: second * 1_000_000,
            sensor: None,
            lat: 48.0 + metres_north / METRES_PER_DEGREE,
            lon: 2.0,
            accuracy_m: None,
            speed_m_s: speed,
        }
    }

    #[test]
    fn a_stop_is_parking_when_it_lasts() {
        let c = ParkingConstants::default();
        let mut p = Parking::default();
        for t in 0..60 {
            assert!(!p.fix(&c, &fix(t, 10.0 * t as f64, Some(10.0))));
            assert!(p.moving());
        }
        for t in 60..400 {
            let wander = f64::from((t % 7) as i32);
            assert!(!p.fix(&c, &fix(t, 600.0 + wander, Some(0.3))));
        }
        assert_eq!(p.stand().map(|f| f.time_us), Some(60_000_000));
        // One fast fix may be noise.
        assert!(!p.fix(&c, &fix(400, 601.0, Some(3.0))));
        assert!(!p.fix(&c, &fix(401, 601.0, Some(0.0))));
        assert!(!p.fix(&c, &fix(402, 603.0, Some(3.0))));
        assert!(p.fix(&c, &fix(403, 607.0, Some(4.0))));
        assert!(p.moving());
    }

    #[test]
    fn a_light_is_no_parking_and_distance_does_without_speed() {
        let c = ParkingConstants::default();
        let mut p = Parking::default();
        for t in 0..90 {
            assert!(!p.fix(&c, &fix(t, 0.0, None)));
        }
        assert!(!p.fix(&c, &fix(90, 40.0, None)));
        for t in 91..300 {
            assert!(!p.fix(&c, &fix(t, 40.0, None)));
        }
        assert!(p.fix(&c, &fix(300, 90.0, None)));
    }
}
