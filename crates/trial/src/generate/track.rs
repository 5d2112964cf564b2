//! Where we go, second by second.

use std::fmt::Write as _;

use super::Scenario;
use crate::{distance::offset, random::Draws};

/// One position a second.
pub struct Track(Vec<(f64, f64)>);

impl Track {
    /// A path that bends now and then; the drive also halts at lights.
    pub fn new(scenario: Scenario, draws: &mut Draws) -> Self {
        let speed = match scenario {
            Scenario::Walk => 1.3,
            Scenario::Drive => 12.0,
        };
        let mut here = (48.0, 2.0);
        let mut heading = draws.between(0.0, std::f64::consts::TAU);
        let (mut halt_s, mut until_turn_s) = (0.0, 60.0);
        let mut points = vec![here];
        for _ in 0..scenario.seconds() as u32 {
            until_turn_s -= 1.0;
            if until_turn_s <= 0.0 {
                until_turn_s = draws.between(40.0, 160.0);
                heading += draws.normal(0.0, 0.6);
                if scenario == Scenario::Drive && draws.unit() < 0.4 {
                    halt_s = draws.between(15.0, 45.0);
                }
            }
            if halt_s > 0.0 {
                halt_s -= 1.0;
            } else {
                here = offset(here, speed * heading.cos(), speed * heading.sin());
            }
            points.push(here);
        }
        Self(points)
    }

    /// The position in the given second since the start.
    pub fn at(&self, second: i64) -> Option<(f64, f64)> {
        self.0.get(usize::try_from(second).ok()?).copied()
    }

    /// The track as GPX 1.1, the first point at `start_us`.
    pub fn gpx(&self, start_us: i64) -> String {
        let mut out = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <gpx version=\"1.1\" creator=\"vigie (simulated)\" \
             xmlns=\"http://www.topografix.com/GPX/1/1\">\n<trk><trkseg>\n",
        );
        for (i, (lat, lon)) in self.0.iter().enumerate() {
            let time = utc(start_us / 1_000_000 + i as i64);
            // Writing to a String cannot fail.
            let _ = writeln!(
                out,
                "<trkpt lat=\"{lat:.7}\" lon=\"{lon:.7}\"><time>{time}</time></trkpt>"
            );
        }
        out.push_str("</trkseg></trk>\n</gpx>\n");
        out
    }
}

/// `2025-06-01T08:00:00Z` from seconds since 1970 (civil date after Hinnant).
pub(crate) fn utc(seconds: i64) -> String {
    let (days, clock) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (h, m, s) = (clock / 3600, clock / 60 % 60, clock % 60);
    format!("{year:04}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distance::metres;

    #[test]
    fn times() {
        assert_eq!(utc(0), "1970-01-01T00:00:00Z");
        assert_eq!(utc(951_782_399), "2000-02-28T23:59:59Z");
        assert_eq!(utc(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(
            utc(super::super::START_US / 1_000_000),
            "2025-06-01T08:00:00Z"
        );
    }

    #[test]
    fn speeds() {
        let walk = Track::new(Scenario::Walk, &mut Draws::new(1)).0;
        let path: f64 = walk.windows(2).map(|w| metres(w[0], w[1])).sum();
        assert!((path - 1.3 * 1500.0).abs() < 5.0, "{path}");
        let drive = Track::new(Scenario::Drive, &mut Draws::new(1)).0;
        let path: f64 = drive.windows(2).map(|w| metres(w[0], w[1])).sum();
        assert!((9_000.0..14_401.0).contains(&path), "{path}");
    }
}
