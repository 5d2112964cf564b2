//! Where we went: positions thinned out as they come, so that a track of a day is no longer than one of an hour.

/// Points kept of a track.
const POINTS: usize = 2_000;
/// At first a point is kept when we moved so far, metres.
const FIRST_STEP_M: f64 = 15.0;
/// Or when so much time went by, µs.
const FIRST_STEP_US: i64 = 20_000_000;
/// Between two positions further apart in time than this, nobody knows where we were, µs; many steps of a thinned track.
const UNKNOWN_US: i64 = 120_000_000;
/// Metres of a degree of latitude.
const DEGREE_M: f64 = 111_320.0;

/// A position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Time, µs since 1970.
    pub at_us: i64,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
}

/// A series of positions, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    points: Vec<Point>,
    last: Point,
    /// Steps are so many times the first ones.
    coarseness: f64,
}

impl Track {
    /// Begins.
    pub fn new(first: Point) -> Self {
        Self {
            points: vec![first],
            last: first,
            coarseness: 1.0,
        }
    }

    /// Takes the next position; one from before the last is passed over.
    pub fn take(&mut self, point: Point) {
        if point.at_us < self.last.at_us {
            return;
        }
        self.last = point;
        let Some(kept) = self.points.last() else {
            return;
        };
        let waited_us = (point.at_us - kept.at_us) as f64;
        if metres(*kept, point) < FIRST_STEP_M * self.coarseness
            && waited_us < FIRST_STEP_US as f64 * self.coarseness
        {
            return;
        }
        self.points.push(point);
        if self.points.len() > POINTS {
            self.coarseness *= 2.0;
            let mut keep = false;
            self.points.retain(|_| {
                keep = !keep;
                keep
            });
        }
    }

    /// The points kept, oldest first, the latest position included.
    pub fn points(&self) -> impl Iterator<Item = Point> + '_ {
        let kept_last = self.points.last().is_some_and(|kept| *kept == self.last);
        let last = (!kept_last).then_some(self.last);
        self.points.iter().copied().chain(last)
    }

    /// The latest position.
    pub const fn last(&self) -> Point {
        self.last
    }

    /// Where we were at a time, on a straight line between two positions.
    pub fn at(&self, at_us: i64) -> Option<(f64, f64)> {
        let after = self.points.partition_point(|p| p.at_us <= at_us);
        let before = *self.points.get(after.checked_sub(1)?)?;
        let next = self.points.get(after).copied().unwrap_or(self.last);
        let gap_us = next.at_us - before.at_us;
        if gap_us <= 0 {
            return (at_us - before.at_us <= UNKNOWN_US).then_some((before.lat, before.lon));
        }
        if gap_us as f64 > UNKNOWN_US as f64 * self.coarseness || at_us > next.at_us + UNKNOWN_US {
            return None;
        }
        let share = ((at_us - before.at_us) as f64 / gap_us as f64).min(1.0);
        Some((
            before.lat + (next.lat - before.lat) * share,
            before.lon + (next.lon - before.lon) * share,
        ))
    }
}

fn metres(a: Point, b: Point) -> f64 {
    let north = (b.lat - a.lat) * DEGREE_M;
    let east = (b.lon - a.lon) * DEGREE_M * a.lat.to_radians().cos();
    north.hypot(east)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(s: i64, lat: f64) -> Point {
        Point {
            at_us: s * 1_000_000,
            lat,
            lon: 2.0,
        }
    }

    #[test]
    fn a_day_is_bounded_and_ends_where_we_are() {
        let mut track = Track::new(point(0, 48.0));
        for s in 1..86_400 {
            track.take(point(s, 48.0 + s as f64 * 1e-4));
        }
        assert!(track.points().count() <= POINTS + 1);
        assert_eq!(track.points().last(), Some(point(86_399, 48.0 + 8.6399)));
        let (lat, _) = track.at(43_200_000_000).unwrap();
        assert!((lat - 52.32).abs() < 1e-3, "{lat}");
        assert_eq!(track.at(-1), None);
    }

    #[test]
    fn where_we_were_in_a_long_gap_is_not_known() {
        let mut track = Track::new(point(0, 48.0));
        track.take(point(1000, 48.5));
        assert_eq!(track.at(500_000_000), None);
        assert!(track.at(1_000_000_000).is_some());
    }
}
