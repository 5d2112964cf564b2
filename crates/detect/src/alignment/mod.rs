//! The sensors' clocks against each other, from the frames they share.
//!
//! One transmission that two sensors hear gives the difference of their clocks to a few microseconds. Which of a
//! sender's transmissions belong together is not known beforehand, so all differences of one identifier with one
//! payload are taken; `peak` says on which of them a pair agrees, and whether that can be chance. Along the surest
//! pairs every sensor is reached that shares frames with any other. What is not known is not stated. Estimated
//! behind the hold, never waited for: what is known now is used.
//!
//! Memory: `SENDERS` rings of `RING` receptions, and for each pair of the first `SENSORS` sensors
//! `DIFFERENCES` differences.

mod differences;
mod peak;
mod relation;
#[cfg(test)]
mod tests;

use crate::sighting::{Identifier, ONE_EVENT_US};
use differences::{Differences, Senders, pair_index};
use relation::Relation;

/// Sensors that are aligned; those beyond are taken as they are.
const SENSORS: usize = 16;
/// Older differences do not count: clocks drift, µs.
const FRESH_US: i64 = 300_000_000;
/// First estimate after so long, then after twice as long each time, up to `EVERY_US`, µs.
const FIRST_US: i64 = 10_000_000;
/// See `FIRST_US`.
const EVERY_US: i64 = 150_000_000;
/// A clock known this well has a voice in which one is right, µs: an eighth of the interval of tags.
const SURE_US: f64 = 250_000.0;
/// A drift is stated once it is known within this, parts of one.
const DRIFT_STATED: f64 = 5e-6;

/// Two sensors, the first one's index below the second's.
#[derive(Debug, Clone, Default)]
struct Pair {
    differences: Differences,
    found: Option<Relation>,
}

/// One sensor's clock against the others'.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Offset {
    /// It shows so much more than the clock in the middle of all, seconds.
    pub offset_s: f64,
    /// Half-width within which that is known, seconds, 95 %.
    pub uncertainty_s: f64,
    /// How much faster it runs, parts per million; `None` until it is known within 5.
    pub drift_ppm: Option<f64>,
}

/// What is known of one sensor's clock.
#[derive(Debug, Clone, Copy)]
struct Clock {
    /// Of the clock in the middle of its group to it.
    relation: Relation,
    /// First of the sensors that shared frames tie together.
    group: usize,
}

/// The clocks of all sensors.
#[derive(Debug, Default)]
pub struct Alignment {
    senders: Senders,
    pairs: Vec<Pair>,
    clocks: Vec<Option<Clock>>,
    /// The group that is stated.
    stated: usize,
    now_us: i64,
    next_us: i64,
    began_us: i64,
}

impl Alignment {
    /// A sensor heard a frame at a time of its own clock, µs since 1970. `true`: the clocks were estimated anew.
    #[inline]
    pub fn heard(
        &mut self,
        sensor: u16,
        identifier: Identifier,
        payload: &[u8],
        time_us: i64,
    ) -> bool {
        let at = usize::from(sensor);
        if at >= SENSORS {
            return false;
        }
        if at >= self.clocks.len() {
            self.clocks.resize(at + 1, None);
        }
        if self.clocks.len() < 2 {
            return false;
        }
        self.now_us = self.now_us.max(time_us);
        self.senders
            .compare(sensor, identifier, payload, time_us, &mut self.pairs);
        if time_us < self.next_us {
            return false;
        }
        if self.next_us == 0 {
            self.next_us = time_us + FIRST_US;
            self.began_us = time_us;
            return false;
        }
        self.next_us = time_us + (time_us - self.began_us).min(EVERY_US);
        self.estimate(time_us);
        true
    }

    /// All clocks anew.
    #[cold]
    fn estimate(&mut self, now_us: i64) {
        for pair in &mut self.pairs {
            pair.estimate(now_us);
        }
        let n = self.clocks.len();
        let mut edges: Vec<(usize, usize, Relation)> = Vec::new();
        for second in 1..n {
            for first in 0..second {
                let pair = self.pairs.get(pair_index(first as u16, second as u16));
                if let Some(found) = pair.and_then(|p| p.found) {
                    edges.push((first, second, found.at(now_us)));
                }
            }
        }
        edges.sort_by(|a, b| a.2.uncertainty_us().total_cmp(&b.2.uncertainty_us()));
        // Sensors that no frames tie to each other know nothing of each other: each group has a clock in the middle
        // of its own, and the largest group is the one that is stated, of as large ones the first.
        self.clocks = vec![None; n];
        let mut largest = 0;
        for from in 0..n {
            if self.clocks.get(from).is_none_or(Option::is_some) {
                continue;
            }
            let reached = reach(from, n, &edges, now_us);
            let size = reached.iter().flatten().count();
            if size < 2 {
                continue;
            }
            if size > largest {
                largest = size;
                self.stated = from;
            }
            for (clock, reached) in self
                .clocks
                .iter_mut()
                .zip(around_middle(&reached, &edges, now_us))
            {
                if let Some(relation) = reached {
                    *clock = Some(Clock {
                        relation,
                        group: from,
                    });
                }
            }
        }
    }

    /// What is known of a sensor's clock now.
    #[must_use]
    pub fn offset(&self, sensor: u16) -> Option<Offset> {
        let clock = self.clock(sensor).filter(|c| c.group == self.stated)?;
        let now = clock.relation.at(self.now_us);
        let drift = clock.relation.drift * 1e6;
        let known = clock.relation.drift_uncertainty() <= DRIFT_STATED;
        Some(Offset {
            offset_s: now.offset_us / 1e6,
            uncertainty_s: now.uncertainty_us() / 1e6,
            drift_ppm: known.then_some(drift),
        })
    }

    #[inline]
    fn clock(&self, sensor: u16) -> Option<Clock> {
        *self.clocks.get(usize::from(sensor))?
    }

    /// Whether it can be told which clock is off: three are known well, or there are only two sensors.
    #[must_use]
    pub fn tells_which(&self) -> bool {
        let sure = |c: &&Clock| c.group == self.stated && c.relation.uncertainty_us() < SURE_US;
        let known = self.clocks.iter().flatten().filter(sure).count();
        known >= 3 || known == self.clocks.len()
    }

    /// A time of a sensor's own clock as the clock in the middle would show it, µs since 1970; as it is where
    /// nothing is known of that sensor.
    #[must_use]
    #[inline]
    pub fn aligned_us(&self, sensor: u16, time_us: i64) -> i64 {
        let Some(Clock { relation, .. }) = self.clock(sensor) else {
            return time_us;
        };
        let passed_us = (time_us - relation.at_us) as f64;
        time_us - (relation.offset_us + relation.drift * passed_us).round() as i64
    }

    /// Half-width within which the times of two sensors are known against each other after [`Self::aligned_us`],
    /// µs; `None` where no frames tie them.
    #[must_use]
    #[inline]
    pub fn unsure_us(&self, a: u16, b: u16) -> Option<f64> {
        if a == b {
            return Some(0.0);
        }
        let (a, b) = (self.clock(a)?, self.clock(b)?);
        let unsure_us = |c: Clock| c.relation.at(self.now_us).uncertainty_us();
        (a.group == b.group).then(|| unsure_us(a) + unsure_us(b))
    }

    /// How far apart two sensors' aligned times of one transmission may be, µs: its three channels lie within 15 ms, and
    /// the rest is what is unsure about the clocks, where nothing is known of one `otherwise_us`, never more.
    #[must_use]
    pub fn apart_us(&self, a: u16, b: u16, otherwise_us: i64) -> i64 {
        if a == b {
            return ONE_EVENT_US;
        }
        match self.unsure_us(a, b) {
            Some(unsure_us) => ONE_EVENT_US + unsure_us.min(otherwise_us as f64) as i64,
            None => otherwise_us,
        }
    }
}

/// From the clock in the middle of those that were reached to all of them: one clock that is off must not make all
/// others look wrong.
fn around_middle(
    reached: &[Option<Relation>],
    surest_first: &[(usize, usize, Relation)],
    now_us: i64,
) -> Vec<Option<Relation>> {
    let n = reached.len();
    let is_reached = |at: &usize| reached.get(*at).is_some_and(Option::is_some);
    // Ways from the surest pair: along it others are surest.
    let from = surest_first.iter().map(|(a, _, _)| *a).find(is_reached);
    let ways = reach(from.unwrap_or_default(), n, surest_first, now_us);
    let mut sure: Vec<(f64, usize)> = ways
        .iter()
        .enumerate()
        .filter_map(|(at, way)| {
            let way = way.filter(|w| w.uncertainty_us() < SURE_US)?;
            Some((way.offset_us, at))
        })
        .collect();
    sure.sort_by(|a, b| a.0.total_cmp(&b.0));
    match sure.get(sure.len().saturating_sub(1) / 2) {
        Some((_, middle)) => reach(*middle, n, surest_first, now_us),
        None => ways,
    }
}

/// From one sensor to all that it is tied to: Prim's tree, the surest pair that reaches a new one, again and again.
fn reach(
    from: usize,
    sensors: usize,
    surest_first: &[(usize, usize, Relation)],
    now_us: i64,
) -> Vec<Option<Relation>> {
    let mut found: Vec<Option<Relation>> = vec![None; sensors];
    if let Some(place) = found.get_mut(from) {
        *place = Some(Relation::none(now_us));
    }
    loop {
        let of = |at: &usize| found.get(*at).copied().flatten();
        let reaching = surest_first
            .iter()
            .find_map(|(a, b, r)| match (of(a), of(b)) {
                (Some(from), None) => Some((*b, from.then(*r, 1.0))),
                (None, Some(from)) => Some((*a, from.then(*r, -1.0))),
                _ => None,
            });
        let Some((at, reached)) = reaching else {
            return found;
        };
        if let Some(place) = found.get_mut(at) {
            *place = Some(reached);
        }
    }
}

impl Pair {
    fn estimate(&mut self, now_us: i64) {
        let Some(new) = peak::relation(&self.differences.fresh(now_us, FRESH_US)) else {
            return;
        };
        // What was known before and is carried on may be better, unless the clock was set since.
        let (then, is) = (self.found.map(|f| f.at(now_us)), new.at(now_us));
        let keeps = then.is_some_and(|then| {
            let apart_us = (then.offset_us - is.offset_us).abs();
            let (a, b) = (then.uncertainty_us(), is.uncertainty_us());
            a < b && apart_us <= a + b
        });
        if !keeps {
            self.found = Some(new);
        }
    }
}
