//! Where we are, how far we went, and how much of the turnover around us was earned by moving.
//!
//! Neighbours change address every quarter of an hour and passers-by come and go, so a device beside a
//! long stop also sees its surroundings replaced (`onperson.md` section 7). Turnover therefore counts only
//! as far as we moved meanwhile: what piled up since the last step is credited in proportion to the pace,
//! full at `pace_m_s` and above.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use vigie_decode::Fix;

/// Constants of the ground, in one place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GroundConstants {
    /// A step: being this far from the last anchor means that we moved, metres. About the reach of a
    /// tag's signal outdoors; below it a fixed device can be heard at both ends.
    pub step_m: f64,
    /// Pace at which all turnover counts, metres a second: a walk with stops.
    pub pace_m_s: f64,
    /// Time constant of the position filter, seconds of listening: steadies the noise of a receiver
    /// at rest, and lags a real step by less than one contact gap.
    pub filter_s: f64,
    /// A position older than this is none, seconds.
    pub stale_s: f64,
}

impl Default for GroundConstants {
    fn default() -> Self {
        Self {
            step_m: 75.0,
            pace_m_s: 0.3,
            filter_s: 10.0,
            stale_s: 180.0,
        }
    }
}

/// Cumulated births and deaths around us, each weighted by the number present (`turnover.rs`).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Turnover {
    /// Births.
    pub births: f64,
    /// Deaths.
    pub deaths: f64,
}

impl Turnover {
    fn since(self, start: Self, credit: f64) -> Self {
        Self {
            births: credit * (self.births - start.births),
            deaths: credit * (self.deaths - start.deaths),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            births: self.births + other.births,
            deaths: self.deaths + other.deaths,
        }
    }

    /// What was earned after `start`.
    #[must_use]
    pub fn minus(self, start: Self) -> Self {
        self.since(start, 1.0)
    }

    /// How many times the surroundings were replaced: both in and out are needed, since walking into
    /// a crowd gives births without deaths (`onperson.md` section 3).
    #[must_use]
    pub fn replaced(self) -> f64 {
        self.births.min(self.deaths)
    }
}

/// Metres east and north of the first fix.
pub type Place = [f32; 2];

/// A stay between two steps, closed.
#[derive(Debug, Clone, Copy)]
struct Stay {
    raw_at_close: Turnover,
    credit: f64,
    credited_after: Turnover,
}

/// Start of a run of contact.
#[derive(Debug, Clone, Copy)]
pub struct RunStart {
    raw: Turnover,
    stay: u32,
    place: Place,
    has_place: bool,
    moved: bool,
}

/// Stays kept: 75 m each, so 4,900 km of road; older ones count as the oldest.
const STAYS: usize = 65_536;

/// Positions, reduced to what the analyzers ask.
#[derive(Debug)]
pub struct Ground {
    constants: GroundConstants,
    origin: Option<(f64, f64)>,
    /// Which stream of fixes is followed: several vehicles' fixes must not be mixed into one path.
    stream: Option<u16>,
    raw_place: Place,
    place: Place,
    place_scan_us: i64,
    last_fix_us: i64,
    anchor: Place,
    anchor_scan_us: i64,
    anchor_raw: Turnover,
    stays: VecDeque<Stay>,
    first_stay: u32,
    credited: Turnover,
    travelled_m: f64,
}

impl Ground {
    /// Nothing known yet.
    #[must_use]
    pub fn new(constants: GroundConstants) -> Self {
        Self {
            constants,
            origin: None,
            stream: None,
            raw_place: [0.0; 2],
            place: [0.0; 2],
            place_scan_us: 0,
            last_fix_us: i64::MIN,
            anchor: [0.0; 2],
            anchor_scan_us: 0,
            anchor_raw: Turnover::default(),
            stays: VecDeque::new(),
            first_stay: 0,
            credited: Turnover::default(),
            travelled_m: 0.0,
        }
    }

    /// Takes a fix. `scan_us` is the scan clock, `raw` the turnover up to now.
    pub fn fix(&mut self, fix: &Fix, scan_us: i64, raw: Turnover) {
        let stream = fix.sensor.unwrap_or(u16::MAX);
        match self.stream {
            None => self.stream = Some(stream),
            Some(s) if s != stream => {
                if self.is_known(fix.time_us) {
                    return;
                }
                self.stream = Some(stream);
            }
            Some(_) => {}
        }
        let Some((lat0, lon0)) = self.origin else {
            self.origin = Some((fix.lat, fix.lon));
            self.last_fix_us = fix.time_us;
            self.place_scan_us = scan_us;
            self.anchor_scan_us = scan_us;
            self.anchor_raw = raw;
            return;
        };
        let mut east = fix.lon - lon0;
        if east > 180.0 {
            east -= 360.0;
        } else if east < -180.0 {
            east += 360.0;
        }
        self.raw_place = [
            (east.to_radians() * EARTH_M * lat0.to_radians().cos()) as f32,
            ((fix.lat - lat0).to_radians() * EARTH_M) as f32,
        ];
        self.last_fix_us = self.last_fix_us.max(fix.time_us);
        self.advance(scan_us, raw);
    }

    /// Lets the filter follow the latest fix and closes a stay where a step is complete.
    pub fn advance(&mut self, scan_us: i64, raw: Turnover) {
        if self.origin.is_none() || scan_us == self.place_scan_us {
            return;
        }
        let dt = (scan_us - self.place_scan_us) as f64 / 1e6;
        self.place_scan_us = scan_us;
        if self.place != self.raw_place {
            let weight = 1.0 - (-dt / self.constants.filter_s).exp();
            for (p, r) in self.place.iter_mut().zip(self.raw_place) {
                *p += weight as f32 * (r - *p);
                if (r - *p).abs() < 0.01 {
                    *p = r;
                }
            }
        }
        let step = distance(self.place, self.anchor);
        if step >= self.constants.step_m {
            let credit = self.pending_credit(step);
            self.credited = self.credited.plus(raw.since(self.anchor_raw, credit));
            self.stays.push_back(Stay {
                raw_at_close: raw,
                credit,
                credited_after: self.credited,
            });
            if self.stays.len() > STAYS {
                self.stays.pop_front();
                self.first_stay += 1;
            }
            self.anchor = self.place;
            self.anchor_scan_us = scan_us;
            self.anchor_raw = raw;
            self.travelled_m += step;
        }
    }

    fn pending_credit(&self, moved_m: f64) -> f64 {
        let stay_s = (self.place_scan_us - self.anchor_scan_us) as f64 / 1e6;
        let full_m = stay_s * self.constants.pace_m_s;
        // The step is the resolution: up to one step may have been made unseen.
        if full_m <= 0.0 {
            1.0
        } else {
            (moved_m.max(self.constants.step_m) / full_m).min(1.0)
        }
    }

    /// Whether there is a position that is not stale at `time_us`.
    #[must_use]
    pub fn is_known(&self, time_us: i64) -> bool {
        self.origin.is_some() && (time_us - self.last_fix_us) as f64 <= self.constants.stale_s * 1e6
    }

    /// Whether any fix was ever taken.
    #[must_use]
    pub const fn has_positions(&self) -> bool {
        self.origin.is_some()
    }

    /// Distance covered in whole steps, metres.
    #[must_use]
    pub const fn travelled_m(&self) -> f64 {
        self.travelled_m
    }

    /// Where we are, filtered.
    #[must_use]
    pub const fn place(&self) -> Place {
        self.place
    }

    /// Begins a run here.
    #[must_use]
    pub fn start_run(&self, raw: Turnover) -> RunStart {
        RunStart {
            raw,
            stay: self.first_stay + self.stays.len() as u32,
            place: self.place,
            has_place: self.origin.is_some(),
            moved: false,
        }
    }

    /// Whether we were ever a step away from where the run began; remembered in the run.
    pub fn moved(&self, run: &mut RunStart) -> bool {
        if !run.moved && self.origin.is_some() {
            if !run.has_place {
                run.place = self.place;
                run.has_place = true;
            }
            run.moved = distance(run.place, self.place) >= self.constants.step_m;
        }
        run.moved
    }

    /// Distance from where the run began, metres.
    #[must_use]
    pub fn distance_from_start(&self, run: &RunStart) -> f64 {
        if run.has_place {
            distance(run.place, self.place)
        } else {
            0.0
        }
    }

    /// Turnover since the run began, as far as it was earned by moving.
    #[must_use]
    pub fn earned(&self, run: &RunStart, raw: Turnover) -> Turnover {
        let pending = self.pending_credit(distance(self.place, self.anchor));
        let open = self.first_stay + self.stays.len() as u32;
        if run.stay >= open {
            return raw.since(run.raw, pending);
        }
        let at = run.stay.saturating_sub(self.first_stay) as usize;
        let Some(stay) = self.stays.get(at) else {
            return raw.since(run.raw, pending);
        };
        stay.raw_at_close
            .since(run.raw, stay.credit)
            .plus(self.credited.since(stay.credited_after, 1.0))
            .plus(raw.since(self.anchor_raw, pending))
    }

    /// All turnover earned so far.
    #[must_use]
    pub fn earned_in_all(&self, raw: Turnover) -> Turnover {
        let pending = self.pending_credit(distance(self.place, self.anchor));
        self.credited.plus(raw.since(self.anchor_raw, pending))
    }
}

impl RunStart {
    /// Whether a step away from its start was seen.
    #[must_use]
    pub const fn has_moved(&self) -> bool {
        self.moved
    }

    /// Turnover since the run began, moved or not.
    #[must_use]
    pub fn raw_turnover(&self, raw: Turnover) -> Turnover {
        raw.since(self.raw, 1.0)
    }
}

/// Mean radius of the Earth, metres.
const EARTH_M: f64 = 6_371_000.0;

fn distance(a: Place, b: Place) -> f64 {
    f64::from(a[0] - b[0]).hypot(f64::from(a[1] - b[1]))
}
