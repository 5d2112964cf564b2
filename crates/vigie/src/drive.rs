//! A real track as the road of a simulated convoy.

use std::path::Path;

use anyhow::{Result, bail};
use vigie_capture::{Event, Input, Merge};
use vigie_trial::convoy::Point;
use vigie_trial::distance::metres;

/// Time between the points that are kept, seconds.
const STEP_S: f64 = 1.0;
/// A silence longer than this is left out: the drive goes on where it was, seconds.
const LONGEST_GAP_S: f64 = 30.0;

/// Reads the positions of a file (any format that is read) as a drive: one point a second. Speeds are those of the
/// positions, because some recorders write 0 where they do not know.
///
/// # Errors
/// When the file cannot be read, or holds fewer than two positions.
pub fn read(path: &Path) -> Result<Vec<Point>> {
    let mut merge = Merge::open(&[Input::from(path)])?;
    let mut points: Vec<Point> = Vec::new();
    let mut last_us = None;
    let mut t_s = 0.0;
    while let Some(event) = merge.next()? {
        let Event::Fix(fix) = event else { continue };
        let since_s = last_us.map_or(STEP_S, |last| (fix.time_us - last) as f64 / 1e6);
        if since_s < STEP_S {
            continue;
        }
        if last_us.is_some() {
            t_s += if since_s > LONGEST_GAP_S {
                STEP_S
            } else {
                since_s
            };
        }
        last_us = Some(fix.time_us);
        let (lat, lon) = (fix.lat, fix.lon);
        let speed = points
            .last()
            .map_or(0.0, |p| metres((p.lat, p.lon), (lat, lon)) / (t_s - p.t_s));
        points.push(Point {
            t_s,
            lat,
            lon,
            speed,
        });
    }
    if points.len() < 2 {
        bail!("{}: fewer than two positions", path.display());
    }
    // A speed belongs to the way ahead.
    let ahead: Vec<f64> = points.iter().skip(1).map(|p| p.speed).collect();
    for (point, speed) in points.iter_mut().zip(ahead) {
        point.speed = speed;
    }
    Ok(points)
}
