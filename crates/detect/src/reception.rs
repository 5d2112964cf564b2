//! How large a share of a steady sender's frames each sensor receives: what collisions leave of them.
//!
//! Traffic that only collides is not heard, so it cannot be counted. But a device that sends at a fixed interval
//! and is received at a good level shows every frame that is lost: the gaps between its frames are whole
//! multiples of the shortest, and the share of single gaps is the share received. Memory: `WATCHED` senders and
//! `SAMPLES` samples a sensor.

use crate::sighting::{Identifier, ONE_EVENT_US};

/// Senders watched at one time.
const WATCHED: usize = 512;
/// Samples remembered for each sensor.
const SAMPLES: usize = 16;
/// Gaps that make a sample: in full air (`detection.md` section 10) a tag's take two minutes.
const GAPS: u32 = 8;
/// The two ways to read a sample may differ by so much: three standard errors and more of a share among so few gaps.
const AGREEING: f64 = 0.35;
/// Samples below which nothing is said.
const ENOUGH: usize = 3;
/// Older samples do not count, µs.
const FRESH_US: i64 = 600_000_000;
/// Below this level frames are lost for other reasons, dBm (sensitivity -93 dBm, spread of one frame 3.5 dB:
/// `detection.md` section 9).
const GOOD_DBM: i8 = -80;
/// A silence of so many intervals ends the watching: it left.
const SILENT_INTERVALS: i64 = 60;
/// Length of a frame, seconds (`detection.md` section 5: 31 octets of payload).
const FRAME_S: f64 = 376e-6;

#[derive(Debug, Clone, Copy)]
struct Sender {
    identifier: Identifier,
    sensor: u16,
    last_us: i64,
    shortest_us: i64,
    gaps: u32,
    single: u32,
    span_us: i64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Samples {
    ring: [(i64, f32); SAMPLES],
    next: usize,
    count: usize,
}

/// The share received, by sensor.
#[derive(Debug)]
pub struct Reception {
    senders: Vec<Option<Sender>>,
    sensors: Vec<Samples>,
}

impl Default for Reception {
    fn default() -> Self {
        Self {
            senders: vec![None; WATCHED],
            sensors: Vec::new(),
        }
    }
}

impl Reception {
    /// A sensor heard a sender at a level, dBm.
    #[inline]
    pub fn heard(&mut self, identifier: Identifier, sensor: u16, rssi: Option<i8>, now_us: i64) {
        let at = identifier.mark(u64::from(sensor)) as usize % WATCHED;
        let Some(place) = self.senders.get_mut(at) else {
            return;
        };
        let good = rssi.is_some_and(|dbm| dbm >= GOOD_DBM);
        match place {
            Some(s) if s.identifier == identifier && s.sensor == sensor => {
                if !good {
                    *place = None;
                    return;
                }
                if let Some(share) = s.gap(now_us) {
                    self.sample(sensor, share, now_us);
                }
            }
            // One that is still heard keeps its place.
            Some(s) if now_us - s.last_us < (3 * s.shortest_us).clamp(10_000_000, 60_000_000) => {}
            _ if good => {
                *place = Some(Sender {
                    identifier,
                    sensor,
                    last_us: now_us,
                    shortest_us: i64::MAX / 4,
                    gaps: 0,
                    single: 0,
                    span_us: 0,
                });
            }
            _ => {}
        }
    }

    #[cold]
    fn sample(&mut self, sensor: u16, share: f64, now_us: i64) {
        let at = usize::from(sensor);
        if at >= self.sensors.len() {
            self.sensors.resize(at + 1, Samples::default());
        }
        if let Some(samples) = self.sensors.get_mut(at) {
            if let Some(place) = samples.ring.get_mut(samples.next) {
                *place = (now_us, share as f32);
            }
            samples.next = (samples.next + 1) % SAMPLES;
            samples.count = (samples.count + 1).min(SAMPLES);
        }
    }

    /// Share of the frames at a good level that a sensor received lately; `None` where too few steady senders tell.
    #[must_use]
    pub fn share(&self, sensor: u16, now_us: i64) -> Option<f64> {
        let samples = self.sensors.get(usize::from(sensor))?;
        let mut fresh: Vec<f32> = samples
            .ring
            .iter()
            .take(samples.count)
            .filter(|(at, _)| now_us - at <= FRESH_US)
            .map(|(_, share)| *share)
            .collect();
        if fresh.len() < ENOUGH {
            return None;
        }
        fresh.sort_by(f32::total_cmp);
        fresh.get(fresh.len() / 2).map(|share| f64::from(*share))
    }
}

impl Sender {
    /// Takes the next frame; a sample once there are gaps enough and they agree with each other.
    fn gap(&mut self, now_us: i64) -> Option<f64> {
        let gap = now_us - self.last_us;
        if gap < ONE_EVENT_US {
            return None;
        }
        self.last_us = now_us;
        if gap.saturating_mul(4) < self.shortest_us.saturating_mul(3) {
            // Shorter than all before: those were several intervals each.
            (self.shortest_us, self.gaps, self.single, self.span_us) = (gap, 0, 0, 0);
        } else if gap > self.shortest_us.saturating_mul(SILENT_INTERVALS) {
            (self.gaps, self.single, self.span_us) = (0, 0, 0);
            return None;
        }
        self.shortest_us = self.shortest_us.min(gap);
        self.gaps += 1;
        self.span_us += gap;
        self.single += u32::from(2 * gap <= 3 * self.shortest_us);
        if self.gaps < GAPS {
            return None;
        }
        let by_single = f64::from(self.single) / f64::from(self.gaps);
        let by_mean = f64::from(self.gaps) * self.shortest_us as f64 / self.span_us as f64;
        (self.gaps, self.single, self.span_us) = (0, 0, 0);
        // A device that changes its interval loses nothing: then the two do not agree.
        ((by_single - by_mean).abs() < AGREEING).then_some(by_mean)
    }
}

/// Chance that a frame survives among those heard around it, frames a second good and damaged
/// (`detection.md` section 5). Of two loads that leave as many good frames the lower: what is heard alone cannot
/// tell them apart.
#[must_use]
pub fn survival(good_s: f64, damaged_s: f64) -> f64 {
    let mut load_s = good_s;
    for _ in 0..40 {
        load_s = (good_s * (2.0 * FRAME_S * load_s).exp()).min(0.5 / FRAME_S);
    }
    (-2.0 * FRAME_S * load_s.max(good_s + damaged_s)).exp()
}

#[cfg(test)]
mod tests {
    use super::*;
    /// Twelve senders for ten minutes, each frame received with chance `p`.
    fn measured(p: f64, interval_us: i64) -> f64 {
        let mut state = 7u64;
        let mut unit = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as f64 / (1u64 << 31) as f64
        };
        let mut reception = Reception::default();
        let mut events: Vec<(i64, u32)> = Vec::new();
        for sender in 0..12u32 {
            let mut at = i64::from(sender) * 137_000;
            while at < 600_000_000 {
                at += interval_us + (unit() * 10_000.0) as i64;
                events.push((at, sender));
            }
        }
        events.sort_unstable();
        for (at, sender) in events {
            if unit() < p {
                reception.heard(Identifier::of_opaque(sender), 0, Some(-60), at);
            }
        }
        reception.share(0, 600_000_000).unwrap()
    }

    #[test]
    fn the_share_received_is_found_from_the_gaps() {
        for interval_us in [2_000_000, 200_000] {
            for (p, within) in [(0.8, 0.12), (0.5, 0.12), (0.14, 0.08)] {
                let share = measured(p, interval_us);
                assert!((share - p).abs() < within, "{interval_us} {p}: {share}");
            }
        }
    }

    #[test]
    fn a_faint_sender_tells_nothing() {
        let mut reception = Reception::default();
        for i in 0..200 {
            reception.heard(Identifier::of_opaque(1), 0, Some(-88), i * 2_000_000);
        }
        assert_eq!(reception.share(0, 400_000_000), None);
    }

    #[test]
    fn the_load_that_is_heard_gives_the_formulas_survival() {
        // 200 devices four times a second: a factor of 0.55 (`detection.md` section 5).
        let load_s = 800.0_f64;
        let heard_s = load_s * (-2.0 * FRAME_S * load_s).exp();
        assert!((survival(heard_s, 0.0) - 0.548).abs() < 0.002);
        assert!((survival(heard_s, load_s - heard_s) - 0.548).abs() < 0.002);
        assert!(survival(360.0, 2300.0) < 0.14);
        assert!(survival(0.0, 0.0) > 0.999);
    }
}
