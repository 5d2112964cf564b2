//! One position.

/// A position of whoever carries the sensor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    /// Time, microseconds since 1970-01-01T00:00:00Z.
    pub time_us: i64,
    /// Whose position: index of the sensor; `None` holds for all of them.
    pub sensor: Option<u16>,
    /// Degrees north, WGS 84.
    pub lat: f64,
    /// Degrees east, WGS 84.
    pub lon: f64,
    /// Accuracy radius, metres, where the source states it.
    pub accuracy_m: Option<f32>,
    /// Speed over ground, metres a second, where the source states it.
    pub speed_m_s: Option<f32>,
}
