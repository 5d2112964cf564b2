//! Ways between positions that lie near each other.

use vigie_decode::Fix;

/// Metres on a degree of latitude.
pub const METRES_PER_DEGREE: f64 = 111_195.0;

/// East and north from one fix to another, metres; good over a few kilometres.
#[must_use]
pub fn way(a: &Fix, b: &Fix) -> (f64, f64) {
    (
        (b.lon - a.lon) * METRES_PER_DEGREE * a.lat.to_radians().cos(),
        (b.lat - a.lat) * METRES_PER_DEGREE,
    )
}

/// Distance between two fixes, metres; good over a few kilometres.
#[must_use]
pub fn metres(a: &Fix, b: &Fix) -> f64 {
    let (east, north) = way(a, b);
    east.hypot(north)
}
