//! What is kept of a tracklet's two ends while its emitter is present. Dropped a minute after the last sighting, so
//! memory is bounded by the emitters present.

use vigie_decode::AddressKind;

use super::score::{End, SensorLevel, Traits};
use crate::emitter;
use crate::outcome::EmitterId;
use crate::sighting::{ONE_EVENT_US, Sighting};

/// Frames whose mean is the level at an end.
const END_FRAMES: u32 = 4;
/// A gap longer than this says nothing of the habit, seconds.
const GAP_CAP_S: f64 = 60.0;
/// Gaps from which an interval is estimated: advDelay is 0 to 10 ms, so the least of n exceeds it by 10 ms/n.
const INTERVAL_GAPS: u32 = 8;

/// Both ends of a tracklet.
#[derive(Debug, Clone)]
pub struct Ends {
    sensors: Vec<SensorEnds>,
    /// The sensor that heard it first: its clock alone measures gaps.
    clock: u16,
    first_us: i64,
    last_us: i64,
    gaps: u32,
    mean_gap_s: f32,
    least_gap_s: f32,
    /// The source stamps microseconds: only sniffers name the channel.
    sniffed: bool,
}

#[derive(Debug, Clone, Copy)]
struct SensorEnds {
    sensor: u16,
    frames: u32,
    first_dbm: f32,
    last_dbm: f32,
}

impl Ends {
    /// First sighting.
    #[must_use]
    pub fn new(s: &Sighting) -> Self {
        let mut ends = Self {
            sensors: Vec::new(),
            clock: s.sensor,
            first_us: s.time_us,
            last_us: s.time_us,
            gaps: 0,
            mean_gap_s: 0.0,
            least_gap_s: f32::INFINITY,
            sniffed: s.channel.is_some(),
        };
        ends.level(s);
        ends
    }

    /// A further one.
    #[inline]
    pub fn sighted(&mut self, s: &Sighting) {
        if s.sensor == self.clock {
            let gap_us = s.time_us - self.last_us;
            if gap_us >= ONE_EVENT_US {
                self.last_us = s.time_us;
                let capped = (gap_us as f64 / 1e6).min(GAP_CAP_S) as f32;
                self.gaps += 1;
                self.mean_gap_s += (capped - self.mean_gap_s) / self.gaps.min(16) as f32;
                self.least_gap_s = self.least_gap_s.min(capped);
            }
        }
        self.level(s);
    }

    fn level(&mut self, s: &Sighting) {
        let Some(rssi) = s.rssi.map(f32::from) else {
            return;
        };
        let at = self.sensors.iter().position(|x| x.sensor == s.sensor);
        match at.and_then(|i| self.sensors.get_mut(i)) {
            Some(x) => {
                x.frames += 1;
                let n = x.frames.min(END_FRAMES) as f32;
                x.last_dbm += (rssi - x.last_dbm) / n;
                if x.frames <= END_FRAMES {
                    x.first_dbm += (rssi - x.first_dbm) / n;
                }
            }
            None => self.sensors.push(SensorEnds {
                sensor: s.sensor,
                frames: 1,
                first_dbm: rssi,
                last_dbm: rssi,
            }),
        }
    }

    /// Usual time between two sightings, seconds; `otherwise` where there were none.
    #[must_use]
    pub fn usual_gap_s(&self, otherwise: f64) -> f64 {
        if self.gaps == 0 {
            otherwise
        } else {
            f64::from(self.mean_gap_s)
        }
    }

    /// Mean level of the last frames at the loudest sensor, dBm.
    #[must_use]
    pub fn last_dbm(&self) -> Option<f64> {
        let levels = self.sensors.iter().map(|x| f64::from(x.last_dbm));
        levels.max_by(f64::total_cmp)
    }

    /// Advertising interval, seconds.
    #[must_use]
    pub fn interval_s(&self) -> Option<f64> {
        (self.sniffed && self.gaps >= INTERVAL_GAPS)
            .then(|| f64::from(self.least_gap_s) - 0.01 / f64::from(self.gaps))
    }

    fn end(&self, emitter: EmitterId, at_us: i64, otherwise: f64, traits: Traits) -> End {
        End {
            emitter,
            at_us,
            levels: Vec::new(),
            interval_s: self.interval_s(),
            usual_gap_s: self.usual_gap_s(otherwise),
            phase_us: self.sniffed.then(|| at_us.rem_euclid(625) as f64),
            traits,
            abrupt_nats: 0.0,
        }
    }

    /// The end at which it fell silent, `at_us` µs since 1970.
    #[must_use]
    pub fn ended(&self, emitter: EmitterId, at_us: i64, otherwise: f64, traits: Traits) -> End {
        let level = |x: &SensorEnds| SensorLevel {
            sensor: x.sensor,
            dbm: f64::from(x.last_dbm),
            frames: x.frames.min(END_FRAMES),
        };
        End {
            levels: self.sensors.iter().map(level).collect(),
            ..self.end(emitter, at_us, otherwise, traits)
        }
    }

    /// The end at which it began.
    #[must_use]
    pub fn begun(&self, emitter: EmitterId, otherwise: f64, traits: Traits) -> End {
        let level = |x: &SensorEnds| SensorLevel {
            sensor: x.sensor,
            dbm: f64::from(x.first_dbm),
            frames: x.frames.min(END_FRAMES),
        };
        End {
            levels: self.sensors.iter().map(level).collect(),
            ..self.end(emitter, self.first_us, otherwise, traits)
        }
    }
}

/// What should not change with the address.
#[must_use]
pub fn traits(of: Option<&emitter::Traits>, address_kind: Option<AddressKind>) -> Traits {
    let mut out = Traits {
        address_kind,
        ..Traits::default()
    };
    if let Some(t) = of {
        out.family = Some(t.family);
        out.token = t.battery.map(|b| b as u8);
        out.aging_counter = t.aging_counter;
        out.key_mark = t.first_key_mark();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sighting::{Identifier, Payload};

    fn sighting(at_us: i64, sensor: u16, rssi: i8, channel: Option<u8>) -> Sighting {
        Sighting {
            time_us: at_us,
            sensor,
            late: false,
            rssi: Some(rssi),
            channel,
            pdu: None,
            address_kind: None,
            identifier: Identifier::of_opaque(1),
            payload: Payload::new(&[]),
        }
    }

    #[test]
    fn levels_of_both_ends_and_the_interval() {
        let at = |k: i64| k * 2_000_000 + (k * 7_919) % 10_000;
        let mut ends = Ends::new(&sighting(at(0), 0, -60, Some(37)));
        for k in 1..40 {
            // The other sensor hears the same transmission 3 µs later: no gap.
            let rssi = if k < 20 { -60 } else { -70 };
            ends.sighted(&sighting(at(k), 0, rssi, Some(37)));
            ends.sighted(&sighting(at(k) + 3, 1, rssi - 9, Some(37)));
        }
        let id = EmitterId(1);
        let (a, b) = (
            ends.begun(id, 1.0, Traits::default()),
            ends.ended(id, at(39), 1.0, Traits::default()),
        );
        assert!((a.levels[0].dbm + 60.0).abs() < 0.1 && (b.levels[0].dbm + 70.0).abs() < 0.1);
        assert!((b.levels[1].dbm + 79.0).abs() < 0.1, "{b:?}");
        assert!((a.interval_s.unwrap() - 2.0).abs() < 0.011, "{a:?}");
        assert!((a.usual_gap_s - 2.0).abs() < 0.02);
    }

    #[test]
    fn without_channels_there_is_no_interval_and_no_phase() {
        let mut ends = Ends::new(&sighting(0, 0, -60, None));
        for k in 1..40 {
            ends.sighted(&sighting(k * 2_000_000, 0, -60, None));
        }
        let end = ends.begun(EmitterId(1), 1.0, Traits::default());
        assert_eq!((end.interval_s, end.phase_us), (None, None));
    }
}
