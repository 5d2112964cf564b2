//! The sensors' clocks against each other, from the frames they share.
//!
//! One transmission that two sensors hear gives the difference of their clocks to a few microseconds. Which of a
//! sender's transmissions belong together is not known beforehand, so all differences of one identifier with one
//! payload are taken: the right one repeats for every transmission of every sender, the wrong ones are whole
//! advertising intervals away and smeared by the random delay of up to 10 ms (Core Specification Vol 6 Part B
//! 4.4.2.2). Where several stand equally high, the smallest is taken and the distance of the farthest is the
//! uncertainty. Estimated behind the hold, never waited for: what is known now is used.
//!
//! Memory: `SENDERS` rings of `RING` receptions, and for each pair of the first `SENSORS` sensors
//! `DIFFERENCES` differences.

use crate::emitter::mark;
use crate::sighting::{Identifier, ONE_EVENT_US};

/// Senders followed at one time.
const SENDERS: usize = 512;
/// Receptions remembered of each.
const RING: usize = 48;
/// Sensors that are aligned; those beyond are taken as they are.
const SENSORS: usize = 16;
/// Differences remembered of a pair of sensors, the latest.
const DIFFERENCES: usize = 1024;
/// Clocks further apart are not found, µs.
const REACH_US: i64 = 30_000_000;
/// Older differences do not count: clocks drift, µs.
const FRESH_US: i64 = 300_000_000;
/// First estimate after so long, then after twice as long each time, up to `EVERY_US`, µs: a drift of 40 ppm is
/// 12 ms by then, and it is carried on.
const FIRST_US: i64 = 10_000_000;
/// See `FIRST_US`.
const EVERY_US: i64 = 300_000_000;
/// A sender heard again by the same sensor sooner than this is too fast to tell its transmissions apart, µs.
const FAST_US: i64 = 300_000;
/// Widths of the window in which differences agree, µs: receivers with their own clock, hosts.
const WIDTHS_US: [i64; 3] = [400, 4_000, 40_000];
/// Agreeing differences that are needed.
const ENOUGH: usize = 6;
/// Another peak with this share of the highest is as good.
const AS_GOOD: f64 = 0.7;
/// A clock known this well has a voice in which one is right, µs: an eighth of the interval of tags.
const SURE_US: f64 = 250_000.0;
/// Standard deviations of a count by which a peak must stand out.
const CHANCE: f64 = 2.5;
/// Estimates remembered of each sensor for its drift.
const ESTIMATES: usize = 24;
/// Until it is known, a clock is taken to drift by no more than this, parts per million: cheap crystals.
const DRIFT_PPM: f64 = 40.0;

#[derive(Debug, Clone)]
struct Sender {
    identifier: Identifier,
    payload: u64,
    last_us: i64,
    ring: Vec<(u16, i64)>,
    next: usize,
    fast: bool,
}

/// Differences of one pair: time of the second sensor's clock less that of the first.
#[derive(Debug, Clone, Default)]
struct Pair {
    ring: Vec<(i64, i64)>,
    next: usize,
    found: Option<Found>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Found {
    /// When it was so: the middle of those that agree, µs since 1970.
    at_us: i64,
    offset_us: f64,
    uncertainty_us: f64,
    agreeing: usize,
}

/// One sensor's clock against the others'.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Offset {
    /// It shows so much more than the clock in the middle of all, seconds.
    pub offset_s: f64,
    /// Half-width within which that is known, seconds.
    pub uncertainty_s: f64,
    /// How much faster it runs, parts per million; `None` until several estimates show it.
    pub drift_ppm: Option<f64>,
}

/// A sensor reached from the first one.
#[derive(Debug, Clone, Copy)]
struct Reached {
    at_us: i64,
    offset_us: f64,
    uncertainty_us: f64,
}

impl Reached {
    fn along(self, f: &Found, sign: f64) -> Self {
        Self {
            at_us: f.at_us,
            offset_us: self.offset_us + sign * f.offset_us,
            uncertainty_us: self.uncertainty_us.hypot(f.uncertainty_us),
        }
    }
}

#[derive(Debug, Clone, Default)]
struct Clock {
    now: Option<(i64, f64, f64)>,
    estimates: Vec<(i64, f64)>,
    drift_ppm: Option<f64>,
}

/// The clocks of all sensors.
#[derive(Debug, Default)]
pub struct Alignment {
    senders: Vec<Option<Sender>>,
    pairs: Vec<Pair>,
    clocks: Vec<Clock>,
    next_us: i64,
    began_us: i64,
}

impl Alignment {
    /// A sensor heard a frame at a time of its own clock, µs since 1970. `true`:
    /// the clocks were estimated anew.
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
            self.clocks.resize(at + 1, Clock::default());
        }
        if self.clocks.len() < 2 {
            return false;
        }
        self.match_up(sensor, identifier, mark(payload), time_us);
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

    fn match_up(&mut self, sensor: u16, identifier: Identifier, payload: u64, time_us: i64) {
        if self.senders.is_empty() {
            self.senders = vec![None; SENDERS];
        }
        let at = identifier.mark(payload) as usize % SENDERS;
        let Some(place) = self.senders.get_mut(at) else {
            return;
        };
        match place {
            Some(s) if s.identifier == identifier && s.payload == payload => {}
            Some(s) if time_us - s.last_us < REACH_US && s.ring.len() > 1 => return,
            _ => {
                *place = Some(Sender {
                    identifier,
                    payload,
                    last_us: time_us,
                    ring: Vec::new(),
                    next: 0,
                    fast: false,
                });
            }
        }
        let Some(s) = place else { return };
        s.last_us = time_us;
        if s.fast {
            return;
        }
        for (other, other_us) in &s.ring {
            let difference_us = time_us - other_us;
            if *other == sensor {
                if difference_us.abs() < ONE_EVENT_US {
                    return;
                }
                if difference_us.abs() < FAST_US {
                    s.fast = true;
                    s.ring = Vec::new();
                    return;
                }
            }
        }
        for (other, other_us) in &s.ring {
            let difference_us = time_us - other_us;
            if *other == sensor || difference_us.abs() > REACH_US {
                continue;
            }
            let (first, second, difference_us) = if *other < sensor {
                (*other, sensor, difference_us)
            } else {
                (sensor, *other, -difference_us)
            };
            let pair = pair_index(first, second);
            if pair >= self.pairs.len() {
                self.pairs.resize(pair + 1, Pair::default());
            }
            if let Some(pair) = self.pairs.get_mut(pair) {
                pair.take(time_us, difference_us);
            }
        }
        if s.ring.len() < RING {
            s.ring.push((sensor, time_us));
        } else if let Some(place) = s.ring.get_mut(s.next) {
            *place = (sensor, time_us);
        }
        s.next = (s.next + 1) % RING;
    }

    /// All clocks anew: from the pair that shares most, along the best-founded pairs, to every sensor.
    #[cold]
    fn estimate(&mut self, now_us: i64) {
        for pair in &mut self.pairs {
            pair.estimate(now_us);
        }
        let n = self.clocks.len();
        let mut found: Vec<Option<Reached>> = vec![None; n];
        let mut edges: Vec<(usize, usize, Found)> = Vec::new();
        for second in 1..n {
            for first in 0..second {
                let pair = self.pairs.get(pair_index(first as u16, second as u16));
                if let Some(f) = pair.and_then(|p| p.found) {
                    edges.push((first, second, f));
                }
            }
        }
        edges.sort_by(|a, b| {
            a.2.uncertainty_us
                .total_cmp(&b.2.uncertainty_us)
                .then(b.2.agreeing.cmp(&a.2.agreeing))
        });
        let Some((root, _, f)) = edges.first() else {
            return;
        };
        if let Some(place) = found.get_mut(*root) {
            *place = Some(Reached {
                at_us: f.at_us,
                offset_us: 0.0,
                uncertainty_us: 0.0,
            });
        }
        // Prim's tree: the surest edge that reaches a new sensor, again and again.
        loop {
            let of = |at: &usize| found.get(*at).copied().flatten();
            let reaching = edges.iter().find_map(|(a, b, f)| match (of(a), of(b)) {
                (Some(from), None) => Some((*b, from.along(f, 1.0))),
                (None, Some(from)) => Some((*a, from.along(f, -1.0))),
                _ => None,
            });
            let Some((at, reached)) = reaching else {
                break;
            };
            if let Some(place) = found.get_mut(at) {
                *place = Some(reached);
            }
        }
        // One clock that is off must not make all others look wrong: the one in the middle is the reference.
        let all = found.iter().flatten().copied();
        let mut reached: Vec<Reached> = all.filter(|f| f.uncertainty_us < SURE_US).collect();
        reached.sort_by(|a, b| a.offset_us.total_cmp(&b.offset_us));
        let Some(middle) = reached.get((reached.len() - 1) / 2).copied() else {
            return;
        };
        for (clock, found) in self.clocks.iter_mut().zip(found) {
            if let Some(f) = found {
                // Both were reached on ways of their own: what is unsure about either is unsure between them.
                let sure_us = if f.offset_us.total_cmp(&middle.offset_us).is_eq() {
                    0.0
                } else {
                    f.uncertainty_us.hypot(middle.uncertainty_us)
                };
                clock.take(f.at_us, f.offset_us - middle.offset_us, sure_us);
            }
        }
    }

    /// What is known of a sensor's clock.
    #[must_use]
    pub fn offset(&self, sensor: u16) -> Option<Offset> {
        let clock = self.clocks.get(usize::from(sensor))?;
        let (_, offset_us, uncertainty_us) = clock.now?;
        Some(Offset {
            offset_s: offset_us / 1e6,
            uncertainty_s: uncertainty_us / 1e6,
            drift_ppm: clock.drift_ppm,
        })
    }

    /// Whether it can be told which clock is off: three are known well, or there are only two sensors.
    #[must_use]
    pub fn tells_which(&self) -> bool {
        let sure = |c: &&Clock| c.now.is_some_and(|(_, _, us)| us < SURE_US);
        let known = self.clocks.iter().filter(sure).count();
        known >= 3 || known == self.clocks.len()
    }

    /// A time of a sensor's own clock as the clock in the middle would show it, µs since 1970; as it is where
    /// nothing is known of that sensor.
    #[must_use]
    #[inline]
    pub fn aligned_us(&self, sensor: u16, time_us: i64) -> i64 {
        let clock = self.clocks.get(usize::from(sensor));
        let Some((at_us, offset_us, _)) = clock.and_then(|c| c.now) else {
            return time_us;
        };
        let drift = clock.and_then(|c| c.drift_ppm).unwrap_or(0.0) * 1e-6;
        time_us - (offset_us + drift * (time_us - at_us) as f64) as i64
    }

    /// Whether two receptions of one frame can be one transmission, by what is known of the clocks. Sensors of
    /// which nothing is known are taken to be `otherwise_us` apart at most.
    #[must_use]
    pub fn one_transmission(&self, a: (u16, i64), b: (u16, i64), otherwise_us: i64) -> bool {
        let sure = |sensor: u16| self.offset(sensor).map(|o| o.uncertainty_s * 1e6);
        let apart_us = (self.aligned_us(a.0, a.1) - self.aligned_us(b.0, b.1)).abs();
        let within = match (sure(a.0), sure(b.0)) {
            _ if a.0 == b.0 => ONE_EVENT_US,
            // The three channels of one event lie within 15 ms.
            (Some(x), Some(y)) => ONE_EVENT_US + (3.0 * x.hypot(y)).min(otherwise_us as f64) as i64,
            _ => otherwise_us,
        };
        apart_us <= within
    }
}

/// Index of a pair of sensors, `first` below `second`.
const fn pair_index(first: u16, second: u16) -> usize {
    (second as usize) * (second as usize - 1) / 2 + first as usize
}

impl Pair {
    fn take(&mut self, at_us: i64, difference_us: i64) {
        if self.ring.len() < DIFFERENCES {
            self.ring.push((at_us, difference_us));
        } else if let Some(place) = self.ring.get_mut(self.next) {
            *place = (at_us, difference_us);
        }
        self.next = (self.next + 1) % DIFFERENCES;
    }

    fn estimate(&mut self, now_us: i64) {
        let mut fresh: Vec<(i64, i64)> = self
            .ring
            .iter()
            .filter(|(at, _)| now_us - at <= FRESH_US)
            .map(|(at, d)| (*d, *at))
            .collect();
        if fresh.len() < ENOUGH {
            return;
        }
        fresh.sort_unstable();
        if let Some(found) = WIDTHS_US
            .iter()
            .filter_map(|w| peak(&fresh, *w))
            .min_by(|a, b| a.uncertainty_us.total_cmp(&b.uncertainty_us))
        {
            self.found = Some(found);
        }
    }
}

/// The difference on which most agree within `width_us`, of differences in order, each with its time.
fn peak(sorted: &[(i64, i64)], width_us: i64) -> Option<Found> {
    // Windows that begin at each difference: how many lie in each.
    let mut windows: Vec<(usize, usize)> = Vec::with_capacity(sorted.len());
    let mut end = 0;
    for (begin, (from, _)) in sorted.iter().enumerate() {
        while sorted.get(end).is_some_and(|(d, _)| d - from <= width_us) {
            end += 1;
        }
        windows.push((begin, end - begin));
    }
    let most = windows.iter().map(|w| w.1).max()?;
    if most < ENOUGH {
        return None;
    }
    let middle_of =
        |(begin, count): &(usize, usize)| sorted.get(begin + count / 2).map_or(0, |(d, _)| *d);
    // As good is also what chance may have put below the highest.
    let least = (AS_GOOD * most as f64).min(most as f64 - CHANCE * (most as f64).sqrt());
    let as_good = |w: &&(usize, usize)| w.1 as f64 >= least;
    let chosen = windows
        .iter()
        .filter(as_good)
        .min_by_key(|w| (middle_of(w).abs() / (2 * width_us), most - w.1))?;
    let (begin, agreeing) = *chosen;
    let offset_us = middle_of(chosen);
    let other = windows
        .iter()
        .filter(as_good)
        .map(|w| (middle_of(w) - offset_us).abs())
        .filter(|apart| *apart > 2 * width_us)
        .max();
    let mut off: Vec<i64> = sorted
        .get(begin..begin + agreeing)?
        .iter()
        .map(|(d, _)| (d - offset_us).abs())
        .collect();
    off.sort_unstable();
    // Two standard errors of a median, by the median of the deviations.
    let spread = 1.4826 * 1.2533 * off.get(off.len() / 2).copied().unwrap_or(0) as f64;
    let sure = 2.0 * spread.max(1.0) / (agreeing as f64).sqrt();
    let mut times: Vec<i64> = sorted
        .get(begin..begin + agreeing)?
        .iter()
        .map(|(_, at)| *at)
        .collect();
    times.sort_unstable();
    Some(Found {
        at_us: times.get(agreeing / 2).copied()?,
        offset_us: offset_us as f64,
        uncertainty_us: other.map_or(sure, |apart| apart as f64),
        agreeing,
    })
}

impl Clock {
    fn take(&mut self, now_us: i64, offset_us: f64, uncertainty_us: f64) {
        self.now = Some((now_us, offset_us, uncertainty_us));
        let due = self
            .estimates
            .last()
            .is_none_or(|(at, _)| now_us - at >= 60_000_000);
        if !due {
            return;
        }
        if self.estimates.len() >= ESTIMATES {
            self.estimates.remove(0);
        }
        self.estimates.push((now_us, offset_us));
        // Theil and Sen: the median of the slopes between all estimates.
        let mut slopes: Vec<f64> = Vec::new();
        for (i, (at, offset)) in self.estimates.iter().enumerate() {
            for (before, then) in self.estimates.iter().take(i) {
                slopes.push((offset - then) / (at - before) as f64 * 1e6);
            }
        }
        slopes.sort_by(f64::total_cmp);
        if self.estimates.len() >= 4
            && let Some(slope) = slopes.get(slopes.len() / 2)
        {
            // A slope beyond any crystal is a change of peak, no drift.
            self.drift_ppm = (slope.abs() <= 10.0 * DRIFT_PPM).then_some(*slope);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Draws(u64);

    impl Draws {
        fn below(&mut self, n: i64) -> i64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            ((self.0 >> 33) as i64 * n) >> 31
        }
    }

    /// Senders with these intervals (µs), ten estimates, heard by sensors with these clocks: offset (µs), drift
    /// (ppm), jitter (µs). Each frame is received with chance 0.8.
    fn aligned(intervals_us: &[i64], clocks: &[(i64, f64, i64)]) -> Alignment {
        received(intervals_us, clocks, 80)
    }

    /// The same with another chance of reception, per cent.
    fn received(intervals_us: &[i64], clocks: &[(i64, f64, i64)], percent: i64) -> Alignment {
        let mut draws = Draws(11);
        let mut heard: Vec<(i64, u16, u32)> = Vec::new();
        for (sender, interval) in intervals_us.iter().enumerate() {
            let mut at = draws.below(*interval);
            while at < 600_000_000 {
                at += interval + draws.below(17) * 625;
                for (sensor, (offset, drift, jitter)) in clocks.iter().enumerate() {
                    if draws.below(100) < percent {
                        let own = at
                            + offset
                            + (at as f64 * drift * 1e-6) as i64
                            + draws.below(jitter + 1);
                        heard.push((own, sensor as u16, sender as u32));
                    }
                }
            }
        }
        heard.sort_unstable();
        let mut alignment = Alignment::default();
        for (at, sensor, sender) in heard {
            alignment.heard(sensor, Identifier::of_opaque(sender), &[], at);
        }
        alignment
    }

    #[test]
    fn offsets_and_drift_are_found_from_shared_frames() {
        let clocks = [
            (0, 0.0, 5),
            (20_000, 10.0, 5),
            (-3_000_000, -5.0, 5),
            (150, 0.0, 5),
        ];
        let alignment = aligned(&[2_000_000; 6], &clocks);
        let at = |sensor| alignment.offset(sensor).unwrap();
        let true_us = 599_000_000;
        let stamp = |sensor: usize| {
            let (offset, drift, _) = clocks[sensor];
            true_us + offset + (true_us as f64 * drift * 1e-6) as i64
        };
        for sensor in 1..4 {
            let here = alignment.aligned_us(sensor, stamp(sensor.into()));
            let apart = here - alignment.aligned_us(0, stamp(0));
            assert!(apart.abs() < 300, "{sensor}: {apart} us");
            assert!(at(sensor).uncertainty_s < 0.001, "{:?}", at(sensor));
        }
        let drift = |s| at(s).drift_ppm.unwrap();
        assert!(
            (drift(1) - drift(0) - 10.0).abs() < 3.0,
            "{} {}",
            drift(1),
            drift(0)
        );
        // Most clocks agree: the one that is off is named, not the others.
        assert!(at(0).offset_s.abs() < 0.05 && at(2).offset_s < -2.9);
        let same = |a, b| alignment.one_transmission(a, b, 1_000_000);
        assert!(same((0, true_us), (2, true_us - 3_000_000 - 2_995)));
        assert!(!same((0, true_us), (2, true_us)));
        assert!(!same((0, true_us), (3, true_us + 2_000_000)));
    }

    /// Full air and clocks that drift: few transmissions are shared, and none may be taken for another.
    #[test]
    fn where_little_is_shared_no_clock_is_called_wrong() {
        for percent in [10, 20, 40] {
            let clocks = [
                (0, 20.0, 5),
                (30_000, -20.0, 5),
                (-40_000, 5.0, 5),
                (10_000, -10.0, 5),
            ];
            let alignment = received(&[1_000_000; 8], &clocks, percent);
            for sensor in 0..4 {
                if let Some(o) = alignment.offset(sensor) {
                    let called_wrong =
                        o.offset_s.abs() > 0.5 && o.uncertainty_s < o.offset_s.abs() / 2.0;
                    assert!(!called_wrong, "{percent} % {sensor}: {o:?}");
                }
            }
        }
    }

    #[test]
    fn host_times_are_aligned_too_and_less_exactly() {
        let intervals: Vec<i64> = (0..16).map(|i| 1_022_500 + i * 131_250).collect();
        let alignment = aligned(&intervals, &[(0, 0.0, 8_000), (700_000, 0.0, 8_000)]);
        let [a, b] = [0, 1].map(|sensor| alignment.offset(sensor).unwrap());
        assert!((b.offset_s - a.offset_s - 0.7).abs() < 0.01, "{a:?} {b:?}");
        let uncertainty_s = a.uncertainty_s.max(b.uncertainty_s);
        assert!((1e-4..0.35).contains(&uncertainty_s), "{a:?} {b:?}");
    }

    /// Two senders with one rigid interval: which transmissions belong together cannot be known.
    #[test]
    fn where_whole_intervals_are_as_good_that_is_the_uncertainty() {
        let mut alignment = Alignment::default();
        for i in 0..300i64 {
            for sender in 0..2 {
                let at = i * 2_000_000 + i64::from(sender) * 300_000;
                alignment.heard(0, Identifier::of_opaque(sender), &[], at);
                alignment.heard(1, Identifier::of_opaque(sender), &[], at + 100_000);
            }
        }
        let worst = [0, 1]
            .map(|s| alignment.offset(s).unwrap().uncertainty_s)
            .into_iter()
            .fold(0.0, f64::max);
        assert!(worst > 1.99, "{worst}");
    }

    #[test]
    fn keys_heard_once_align_as_well() {
        let mut alignment = Alignment::default();
        for i in 0..60u32 {
            let at = i64::from(i) * 2_000_000;
            alignment.heard(0, Identifier::of_opaque(i), &[], at);
            alignment.heard(1, Identifier::of_opaque(i), &[], at + 5_500_000);
        }
        let (a, b) = (alignment.offset(0).unwrap(), alignment.offset(1).unwrap());
        assert!((b.offset_s - a.offset_s - 5.5).abs() < 1e-4, "{a:?} {b:?}");
    }
}
