//! The sensors: when each listens, on which channel, what collides there, and what its clock says.

use super::{
    parameters::Parameters,
    plan::{Plan, SensorFault},
    trace::ClockTruth,
};
use crate::random::Draws;

/// Period of a sensor that listens only part of the time, s (Android's low-power scan).
const DUTY_PERIOD_S: f64 = 5.12;
/// Load is kept for bins of this length, s.
pub const LOAD_BIN_S: f64 = 10.0;

/// One sensor.
pub struct Ear {
    pub clock: ClockTruth,
    hop: f64,
    dwell_s: f64,
    fault: SensorFault,
    sound: bool,
    /// Chance of receiving a frame at a good level, per bin of time.
    ceilings: Vec<f64>,
}

impl Ear {
    /// The channel that it is on.
    pub fn channel(&self, t: f64) -> u8 {
        match self.fault.fixed_channel {
            Some(channel) => channel,
            None => 37 + (((t / self.dwell_s + self.hop) as u64) % 3) as u8,
        }
    }

    /// Whether it listens.
    pub fn listens(&self, t: f64) -> bool {
        self.sound
            || (!self.fault.deaf.iter().any(|&(a, b)| a <= t && t < b)
                && t.rem_euclid(DUTY_PERIOD_S) < self.fault.duty * DUTY_PERIOD_S)
    }

    /// Its clock at a true time, both in us since the start.
    pub fn stamp(&self, at_us: f64) -> f64 {
        self.clock.offset_us + at_us + at_us * self.clock.drift_ppm * 1e-6
    }

    /// Chance that a frame at a good level is received.
    pub fn ceiling(&self, t: f64) -> f64 {
        match self.ceilings.as_slice() {
            [whole] => *whole,
            bins => {
                let bin = ((t / LOAD_BIN_S) as usize).min(bins.len().saturating_sub(1));
                bins.get(bin).copied().unwrap_or_default()
            }
        }
    }
}

/// One per vehicle. `load` gives the events a second in range per sensor and bin; one bin stands for
/// the whole time.
pub fn ears(plan: &Plan, p: &Parameters, load: &[Vec<f64>], draws: &mut Draws) -> Vec<Ear> {
    load.iter()
        .enumerate()
        .map(|(i, load)| {
            let fault = plan
                .faults
                .sensors
                .iter()
                .find(|f| usize::from(f.sensor) == i)
                .cloned()
                .unwrap_or(SensorFault::none(i as u8));
            let offset_s = draws.gauss() * p.clock_offset_sd_s + fault.clock_offset_s;
            let drift_ppm = draws.gauss() * p.clock_drift_sd_ppm + fault.drift_ppm;
            Ear {
                clock: ClockTruth {
                    offset_us: offset_s * 1e6,
                    drift_ppm,
                },
                hop: draws.between(0.0, 3.0),
                dwell_s: p.dwell_s,
                sound: fault.deaf.is_empty() && fault.duty >= 1.0,
                fault,
                ceilings: load
                    .iter()
                    .map(|events| p.reception * survival(p.frame_s, events + plan.extra_load))
                    .collect(),
            }
        })
        .collect()
}

/// Chance that a frame overlaps with no other, at so many frames a second on its channel
/// (`detection.md` section 5).
pub fn survival(frame_s: f64, per_second: f64) -> f64 {
    (-2.0 * frame_s * per_second).exp()
}
