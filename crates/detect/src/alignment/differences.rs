//! Which receptions of one frame lie how far apart: the differences of two sensors' times, as they come.

use crate::cotravel::SLOT_US;
use crate::emitter::mark;
use crate::sighting::{Identifier, ONE_EVENT_US};

/// Senders followed at one time.
const SENDERS: usize = 512;
/// Receptions remembered of each.
const RING: usize = 48;
/// Differences remembered of a pair of sensors, the latest.
const DIFFERENCES: usize = 1024;
/// Clocks further apart are not found, µs.
pub(super) const REACH_US: i64 = 30_000_000;
/// A sender heard again by the same sensor sooner than this is too fast to tell its transmissions apart, µs.
pub(super) const FAST_US: i64 = 300_000;
/// Receptions that a pair takes in a slot until the memory is full: the first estimate comes soon.
const AT_FIRST: u32 = 40;
/// And then: with the seven differences that each brings where seven sensors hear the same, the memory spans
/// five minutes, in which a drift shows.
const LATER: u32 = 5;
/// Gaps of one length after which it is taken for the sender's interval.
const REPEATED: u32 = 3;
/// Most that the random delay adds to an interval, µs: gaps that differ by no more are of one length.
pub(super) const DELAY_US: i64 = 10_000;

/// Time of the second sensor's clock less that of the first, for one frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Difference {
    /// When, by the clock of the one that was later, µs since 1970.
    pub(super) at_us: i64,
    /// At most `REACH_US`.
    pub(super) us: i32,
    /// Tells senders apart.
    pub(super) sender: u32,
    /// The sender's interval, where it is known, else 0, µs.
    pub(super) interval_us: u32,
}

/// Latest differences of one pair of sensors.
#[derive(Debug, Clone, Default)]
pub(super) struct Differences {
    ring: Vec<Difference>,
    next: usize,
    slot: i64,
    taken: u32,
    /// The reception that is being compared, and whether it is taken.
    of: Option<(u32, i64, bool)>,
}

impl Differences {
    fn take(&mut self, d: Difference) {
        let taken = match self.of {
            Some((sender, at_us, taken)) if (sender, at_us) == (d.sender, d.at_us) => taken,
            _ => self.admits(d.at_us),
        };
        self.of = Some((d.sender, d.at_us, taken));
        if !taken {
            return;
        }
        if self.ring.len() < DIFFERENCES {
            self.ring.push(d);
        } else if let Some(place) = self.ring.get_mut(self.next) {
            *place = d;
        }
        self.next = (self.next + 1) % DIFFERENCES;
    }

    /// Whole receptions are taken or left, so that right and wrong differences stay in proportion.
    fn admits(&mut self, at_us: i64) -> bool {
        let slot = at_us.div_euclid(SLOT_US);
        if slot != self.slot {
            self.slot = slot;
            self.taken = 0;
        }
        let most = if self.ring.len() < DIFFERENCES {
            AT_FIRST
        } else {
            LATER
        };
        self.taken += 1;
        self.taken <= most
    }

    /// Those no older than `fresh_us`.
    pub(super) fn fresh(&self, now_us: i64, fresh_us: i64) -> Vec<Difference> {
        let fresh = self.ring.iter().filter(|d| now_us - d.at_us <= fresh_us);
        fresh.copied().collect()
    }
}

/// Who sent one payload lately, and who heard it when.
#[derive(Debug, Clone)]
struct Sender {
    identifier: Identifier,
    payload: u64,
    last_us: i64,
    ring: Vec<(u16, i64)>,
    next: usize,
    fast: bool,
    /// Shortest gap at one sensor, and how often it was met, µs.
    gap_us: i64,
    gaps: u32,
}

impl Sender {
    fn new(identifier: Identifier, payload: u64, time_us: i64) -> Self {
        Self {
            identifier,
            payload,
            last_us: time_us,
            ring: Vec::new(),
            next: 0,
            fast: false,
            gap_us: i64::MAX / 2,
            gaps: 0,
        }
    }

    fn gap(&mut self, gap_us: i64) {
        if gap_us < self.gap_us - DELAY_US {
            self.gap_us = gap_us;
            self.gaps = 1;
        } else if gap_us <= self.gap_us + DELAY_US {
            self.gap_us = self.gap_us.min(gap_us);
            self.gaps += 1;
        }
    }

    fn interval_us(&self) -> u32 {
        if self.gaps < REPEATED {
            0
        } else {
            u32::try_from(self.gap_us).unwrap_or_default()
        }
    }
}

/// Everybody who is followed.
#[derive(Debug, Default)]
pub(super) struct Senders {
    places: Vec<Option<Sender>>,
}

impl Senders {
    /// Compares a reception with the earlier ones of the same frame at other sensors: for each pair, by
    /// [`pair_index`], the difference.
    pub(super) fn compare(
        &mut self,
        sensor: u16,
        identifier: Identifier,
        payload: &[u8],
        time_us: i64,
        pairs: &mut Vec<super::Pair>,
    ) {
        if self.places.is_empty() {
            self.places = vec![None; SENDERS];
        }
        let payload = mark(payload);
        let hash = identifier.mark(payload);
        let Some(place) = self.places.get_mut(hash as usize % SENDERS) else {
            return;
        };
        match place {
            Some(s) if s.identifier == identifier && s.payload == payload => {}
            Some(s) if time_us - s.last_us < REACH_US && s.ring.len() > 1 => return,
            _ => *place = Some(Sender::new(identifier, payload, time_us)),
        }
        let Some(s) = place else { return };
        s.last_us = time_us;
        if s.fast {
            return;
        }
        let mut gap_us = i64::MAX;
        for (other, other_us) in &s.ring {
            if *other == sensor {
                let apart_us = (time_us - other_us).abs();
                if apart_us < ONE_EVENT_US {
                    return;
                }
                gap_us = gap_us.min(apart_us);
            }
        }
        if gap_us < FAST_US {
            s.fast = true;
            s.ring = Vec::new();
            return;
        }
        s.gap(gap_us);
        let interval_us = s.interval_us();
        for (other, other_us) in &s.ring {
            let us = time_us - other_us;
            if *other == sensor || us.abs() > REACH_US {
                continue;
            }
            let (first, second, us) = if *other < sensor {
                (*other, sensor, us)
            } else {
                (sensor, *other, -us)
            };
            let pair = pair_index(first, second);
            if pair >= pairs.len() {
                pairs.resize(pair + 1, super::Pair::default());
            }
            if let Some(pair) = pairs.get_mut(pair) {
                pair.differences.take(Difference {
                    at_us: time_us,
                    us: us as i32,
                    sender: (hash >> 32) as u32,
                    interval_us,
                });
            }
        }
        if s.ring.len() < RING {
            s.ring.push((sensor, time_us));
        } else if let Some(place) = s.ring.get_mut(s.next) {
            *place = (sensor, time_us);
        }
        s.next = (s.next + 1) % RING;
    }
}

/// Index of a pair of sensors, `first` below `second`.
pub(super) const fn pair_index(first: u16, second: u16) -> usize {
    (second as usize) * (second as usize - 1) / 2 + first as usize
}
