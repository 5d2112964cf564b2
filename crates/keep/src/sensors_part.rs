//! What the summary tells of the sensors, as it is written.

use std::collections::BTreeMap;

use serde::Serialize;
use vigie_detect::outcome::{ClockFigures, SensorFigures};

use crate::number::Significant;

/// Members of the summary.
#[derive(Serialize)]
pub(crate) struct SensorsPart<'a> {
    channels: BTreeMap<&'a str, BTreeMap<&'static str, u64>>,
    late_share: BTreeMap<&'a str, Significant>,
    clocks: BTreeMap<&'a str, ClockPart>,
    unheard: &'a [String],
}

#[derive(Serialize)]
struct ClockPart {
    offset_s: Significant,
    uncertainty_s: Significant,
    drift_ppm: Option<Significant>,
}

impl<'a> From<&'a SensorFigures> for SensorsPart<'a> {
    fn from(sensors: &'a SensorFigures) -> Self {
        Self {
            channels: written(&sensors.channels, by_channel),
            late_share: written(&sensors.late_share, |share| Significant(*share)),
            clocks: written(&sensors.clocks, ClockPart::from),
            unheard: &sensors.unheard,
        }
    }
}

impl From<&ClockFigures> for ClockPart {
    fn from(clock: &ClockFigures) -> Self {
        Self {
            offset_s: Significant(clock.offset_s),
            uncertainty_s: Significant(clock.uncertainty_s),
            drift_ppm: clock.drift_ppm.map(Significant),
        }
    }
}

fn written<'a, T, U>(
    by_sensor: &'a BTreeMap<String, T>,
    write: impl Fn(&'a T) -> U,
) -> BTreeMap<&'a str, U> {
    let each = by_sensor.iter();
    each.map(|(sensor, x)| (sensor.as_str(), write(x)))
        .collect()
}

/// Frames by channel, where there are any.
fn by_channel(frames: &[u64; 4]) -> BTreeMap<&'static str, u64> {
    let names = ["37", "38", "39", "unknown"].into_iter();
    names
        .zip(frames.iter().copied())
        .filter(|(_, n)| *n > 0)
        .collect()
}
