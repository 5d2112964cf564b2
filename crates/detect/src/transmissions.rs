//! How often a device sent, however many sensors heard it: receptions within what is unsure about their clocks are one
//! transmission, and so is one advertising event on several channels.
//!
//! A count is a lower bound where devices send faster than clocks are known. Where one clock is wrong by seconds, the
//! first transmissions that two sensors share may be counted twice: what a sole sensor heard is not remembered. Each
//! sighting costs `RECENT` comparisons at most; the memory of a device heard by several sensors is freed when it is
//! dormant.

use crate::alignment::Alignment;
use crate::sighting::ONE_EVENT_US;

/// Receptions remembered of a device that several sensors hear: of seven sensors the last three transmissions.
const RECENT: usize = 24;
/// Clocks of which nothing is known are taken to be this close, µs: set over a network.
const OTHERWISE_US: i64 = 100_000;

/// Counts the transmissions of one device.
#[derive(Debug, Clone, Default)]
pub struct Transmissions {
    count: u64,
    latest: Option<Reception>,
    /// Once a second sensor heard it: the last receptions.
    several: Option<Box<Several>>,
}

/// The first reception of one transmission at one sensor.
#[derive(Debug, Clone, Copy, Default)]
struct Reception {
    /// By the clock in the middle of all, µs since 1970.
    at_us: i64,
    /// Which transmission; 0: none.
    number: u64,
    sensor: u16,
}

#[derive(Debug, Clone, Default)]
struct Several {
    ring: [Reception; RECENT],
    next: usize,
}

impl Transmissions {
    /// Transmissions so far.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// A sensor heard it, at a time of its own clock, µs since 1970. `true`: nobody had heard this transmission.
    #[inline]
    pub fn hear(&mut self, clocks: &Alignment, sensor: u16, time_us: i64) -> bool {
        let at_us = clocks.aligned_us(sensor, time_us);
        let number = match (&self.several, self.latest) {
            (None, None) => None,
            (None, Some(latest)) if latest.sensor == sensor => {
                let same = (at_us - latest.at_us).abs() <= ONE_EVENT_US;
                same.then_some(latest.number)
            }
            _ => return self.hear_among_several(clocks, sensor, at_us),
        };
        if number.is_some() {
            return false;
        }
        self.count += 1;
        self.latest = Some(Reception {
            at_us,
            number: self.count,
            sensor,
        });
        true
    }

    fn hear_among_several(&mut self, clocks: &Alignment, sensor: u16, at_us: i64) -> bool {
        let latest = self.latest;
        let several = self.several.get_or_insert_with(|| {
            let mut several = Box::<Several>::default();
            if let Some(latest) = latest {
                several.remember(latest);
            }
            several
        });
        // Of the last 64 transmissions those that this sensor heard already.
        let mut had = 0_u64;
        let bit = |number: u64| 1_u64.checked_shl((self.count - number) as u32).unwrap_or(0);
        let known = |r: &&Reception| r.number > 0;
        for r in several
            .ring
            .iter()
            .filter(known)
            .filter(|r| r.sensor == sensor)
        {
            if (at_us - r.at_us).abs() <= ONE_EVENT_US {
                return false;
            }
            had |= bit(r.number);
        }
        let apart_us = |r: &&Reception| (at_us - r.at_us).abs();
        let same = several
            .ring
            .iter()
            .filter(known)
            .filter(|r| r.sensor != sensor && had & bit(r.number) == 0)
            .filter(|r| apart_us(r) <= clocks.apart_us(sensor, r.sensor, OTHERWISE_US))
            .min_by_key(apart_us)
            .map(|r| r.number);
        let number = same.unwrap_or_else(|| {
            self.count += 1;
            self.count
        });
        let reception = Reception {
            at_us,
            number,
            sensor,
        };
        several.remember(reception);
        self.latest = Some(reception);
        same.is_none()
    }

    /// It fell silent: what was remembered to compare with is freed, the count stays.
    pub fn rest(&mut self) {
        self.several = None;
    }
}

impl Several {
    fn remember(&mut self, reception: Reception) {
        if let Some(place) = self.ring.get_mut(self.next) {
            *place = reception;
        }
        self.next = (self.next + 1) % RECENT;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sighting::Identifier;

    /// Receptions as (time by the sensor's own clock, sensor, sender), in order of time; what of them are transmissions
    /// of sender 0 from `from_us` on.
    fn counted(mut heard: Vec<(i64, u16, u32)>, from_us: i64) -> u64 {
        heard.sort_unstable();
        let mut clocks = Alignment::default();
        let mut sent = Transmissions::default();
        for (at, sensor, sender) in heard {
            clocks.heard(sensor, Identifier::of_opaque(sender), &[], at);
            if sender == 0 && at >= from_us {
                sent.hear(&clocks, sensor, at);
            }
        }
        sent.count()
    }

    #[test]
    fn an_event_on_three_channels_at_one_sensor_is_one() {
        let heard = (0..100i64)
            .flat_map(|i| [0, 400, 9_800].map(|channel| (i * 20_000 + channel, 0, 0)))
            .collect();
        assert_eq!(counted(heard, 0), 100);
    }

    /// Six senders, four sensors one of which is 3 s off, 600 s long; everything is heard by all, or one in three
    /// receptions is lost.
    fn shared(off_us: i64, lossy: bool) -> (u64, u64) {
        let mut heard = Vec::new();
        let mut sent = 0;
        for sender in 0..6i64 {
            let mut at = sender * 271_000;
            for i in 0..290i64 {
                at += 2_000_000 + (i * 7919 + sender * 104_729) % 17 * 625;
                let mut by_any = false;
                for sensor in 0..4i64 {
                    if lossy && (i * 31 + sensor * 17 + i * sensor) % 3 == 0 {
                        continue;
                    }
                    by_any = true;
                    let own = at + if sensor == 2 { off_us } else { sensor * 30 };
                    heard.push((own, sensor as u16, sender as u32));
                }
                sent += u64::from(by_any && sender == 0 && at >= 300_000_000);
            }
        }
        (counted(heard, 300_000_000), sent)
    }

    #[test]
    fn one_transmission_heard_by_several_is_one_also_where_a_clock_is_wrong() {
        for lossy in [false, true] {
            assert_eq!(shared(40_000, lossy).0, shared(40_000, lossy).1);
            let (counted, sent) = shared(3_000_000, lossy);
            assert!(counted.abs_diff(sent) <= 3, "{counted} {sent}");
        }
    }
}
