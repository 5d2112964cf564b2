//! Distances between positions.

/// Great-circle distance in metres between two (latitude, longitude) pairs in degrees, by the
/// haversine formula on a sphere of radius 6371 km.
#[must_use]
pub fn metres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let degree = std::f64::consts::PI / 180.0;
    let half_lat = ((b.0 - a.0) * degree / 2.0).sin();
    let half_lon = ((b.1 - a.1) * degree / 2.0).sin();
    // In the order of the reference detector, so that both round alike.
    let x =
        half_lat * half_lat + (a.0 * degree).cos() * (b.0 * degree).cos() * (half_lon * half_lon);
    12_742_000.0 * x.sqrt().min(1.0).asin()
}

/// The position `north` and `east` metres from `from`, for distances of some kilometres.
#[must_use]
pub fn offset(from: (f64, f64), north: f64, east: f64) -> (f64, f64) {
    let metres_per_degree = 12_742_000.0 * std::f64::consts::PI / 360.0;
    let shrink = from.0.to_radians().cos().max(1e-6);
    (
        from.0 + north / metres_per_degree,
        from.1 + east / (metres_per_degree * shrink),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_degree_of_latitude() {
        // pi * 12742 km / 360
        assert!((metres((48.0, 2.0), (49.0, 2.0)) - 111_194.926_644_558_7).abs() < 1e-6);
    }

    #[test]
    fn offset_and_back() {
        let a = (48.85, 2.35);
        let b = offset(a, 300.0, 400.0);
        assert!((metres(a, b) - 500.0).abs() < 0.1);
    }
}
