//! Analyzer `orphans-on-person@1`: a tracker that changes its identifier with every frame, found on a person.
//!
//! Each of its identifiers is heard once, loud, and never again. Strangers make such orphans too (phones, a receiver
//! that sleeps), in proportion to all newcomers and ever fewer with the level. A Poisson CUSUM (`detection.md` section
//! 3, T2) holds the loud orphans against that proportion. It is learned on the way, from a prior that stands for four
//! thousand newcomers: a clone heard from the start must not become what is usual. It has to be earned by moving: what
//! comes at one place may come from a device at that place, so every step of 75 m carries part of the threshold at
//! most. Without positions or without levels nothing is concluded.
//!
//! Known false positives: crowds that press past loudly for minutes while we move; a companion's devices, if they
//! change address with every frame.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::outcome::EmitterId;

/// Name and version, as alerts carry it.
pub const ANALYZER: &str = "orphans-on-person@1";

/// Constants of the analyzer. The levels count from the median level of strangers at first sight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OrphanConstants {
    /// A newcomer is loud from this far above the median, dB: above nine in ten or more of the strangers.
    pub loud_db: f64,
    /// An orphan is one that was not heard again for this long, seconds of listening: a carried tag's usual gap is 2 to
    /// 6 s on a phone.
    pub confirmed_s: f64,
    /// Loud orphans for each quiet newcomer, before anything was learned.
    pub share: f64,
    /// They fall off by a factor e in this many dB: the slope of the levels of strangers (`onperson.md` section 0 has
    /// 136 single sightings an hour at -80 dBm and above, 21 at -70).
    pub fall_db: f64,
    /// The prior stands for this many quiet newcomers.
    pub prior_weight: f64,
    /// Fewest quiet newcomers an hour that are reckoned with: one loud passer-by in an empty street is no clone.
    pub newcomers_at_least_per_h: f64,
    /// Time constant of the rate of quiet newcomers, seconds of listening.
    pub rate_s: f64,
    /// Orphans of a clone, a second: one in ten seconds gets through to a phone that listens part of the time.
    pub clone_per_s: f64,
    /// Most nats for one orphan.
    pub nats_at_most: f64,
    /// Nats at which an alert is raised at threat level `normal`.
    pub threshold_nats: f64,
    /// Share of them that one step can carry.
    pub step_share: f64,
}

impl Default for OrphanConstants {
    fn default() -> Self {
        Self {
            loud_db: 10.0,
            confirmed_s: 15.0,
            share: 0.04,
            fall_db: 6.0,
            prior_weight: 4000.0,
            newcomers_at_least_per_h: 300.0,
            rate_s: 300.0,
            clone_per_s: 0.1,
            nats_at_most: 4.0,
            threshold_nats: 20.0,
            step_share: 0.5,
        }
    }
}

/// Bands of level, 5 dB each from `loud_db` on; the last has no upper end.
const BANDS: usize = 4;
const BAND_DB: f64 = 5.0;
/// Step of the median of first levels, dB; a loud newcomer moves it by little, or a clone would raise it and hide.
const STEP_DB: f64 = 0.25;
const LOUD_STEP_DB: f64 = 0.02;
const MEDIAN_START_DBM: f64 = -80.0;
/// Time in which a step is made on foot, µs.
const STEP_US: f64 = 60e6;
/// Where nothing at all is heard for longer, the receiver may have slept, and nobody's silence means anything, seconds.
const AWAKE_S: f64 = 3.0;
/// Loud newcomers awaiting confirmation. A flood brings more in fifteen seconds; those beyond are not counted.
const WAITING: usize = 1024;

/// The state of the test.
#[derive(Debug)]
pub(crate) struct Orphans {
    median_dbm: f64,
    quiet_per_s: f64,
    quiet: f64,
    loud: [f64; BANDS],
    scan_us: i64,
    /// Time listened without doubt, µs.
    listened_us: i64,
    /// Loud newcomers by time of birth, and which of them were heard again.
    waiting: VecDeque<Newborn>,
    again: BTreeMap<EmitterId, ()>,
    /// Nats carried by completed steps, and those of the present place.
    carried: f64,
    here: f64,
    here_since_us: i64,
    steps: f64,
    run: Option<Run>,
    alerted: bool,
}

#[derive(Debug, Clone, Copy)]
struct Newborn {
    emitter: EmitterId,
    listened_us: i64,
    at_us: i64,
    dbm: f64,
    above_db: f64,
}

#[derive(Debug, Clone, Copy)]
struct Run {
    since_us: i64,
    count: u64,
    level_sum: f64,
    steps: f64,
}

/// A clone that the test concludes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Found {
    /// First orphan counted, µs since 1970.
    pub since_us: i64,
    /// Orphans counted.
    pub count: u64,
    /// Their mean level, dBm.
    pub level_dbm: f64,
    /// Nats over the threshold.
    pub over_nats: f64,
    /// Steps of 75 m meanwhile.
    pub steps: f64,
}

impl Orphans {
    /// Nothing known yet.
    pub fn new(c: &OrphanConstants) -> Self {
        Self {
            median_dbm: MEDIAN_START_DBM,
            quiet_per_s: 2.0 * c.newcomers_at_least_per_h / 3600.0,
            quiet: 0.0,
            loud: [0.0; BANDS],
            scan_us: 0,
            listened_us: 0,
            waiting: VecDeque::new(),
            again: BTreeMap::new(),
            carried: 0.0,
            here: 0.0,
            here_since_us: 0,
            steps: 0.0,
            run: None,
            alerted: false,
        }
    }

    /// One began.
    pub fn began(&mut self, c: &OrphanConstants, emitter: EmitterId, rssi: Option<i8>, at_us: i64) {
        let Some(dbm) = rssi.map(f64::from) else {
            return;
        };
        let above_db = dbm - self.median_dbm;
        if above_db < c.loud_db {
            self.quiet += 1.0;
            self.quiet_per_s += 1.0 / c.rate_s;
            self.median_dbm += if above_db > 0.0 { STEP_DB } else { -STEP_DB };
            return;
        }
        self.median_dbm += LOUD_STEP_DB;
        if self.waiting.len() < WAITING {
            self.waiting.push_back(Newborn {
                emitter,
                listened_us: self.listened_us,
                at_us,
                dbm,
                above_db,
            });
        }
    }

    /// One was heard again.
    #[inline]
    pub fn heard_again(&mut self, emitter: EmitterId) {
        if self.waiting.iter().any(|n| n.emitter == emitter) {
            self.again.insert(emitter, ());
        }
    }

    /// Lets time pass: `steps` of 75 m made so far, `more_asked` nats above the threshold at threat level `normal`.
    pub fn advance(
        &mut self,
        c: &OrphanConstants,
        scan_us: i64,
        steps: f64,
        more_asked: f64,
    ) -> Option<Found> {
        let dt = (scan_us - self.scan_us) as f64 / 1e6;
        if dt > 0.0 {
            self.scan_us = scan_us;
            self.listened_us += (dt.min(AWAKE_S) * 1e6) as i64;
            self.quiet_per_s *= (-dt / c.rate_s).exp();
            let mut due = c.clone_per_s * dt;
            for nats in [&mut self.here, &mut self.carried] {
                let less = due.min(*nats);
                *nats -= less;
                due -= less;
            }
        }
        let threshold = c.threshold_nats + more_asked;
        let at_most = c.step_share * threshold;
        if steps > self.steps {
            // On foot a step takes a minute: a crowd that presses past in half of one is one event, wherever the next
            // position is.
            let minutes = (self.listened_us - self.here_since_us) as f64 / STEP_US;
            let made = (steps - self.steps).min(minutes);
            self.carried = (self.carried + self.here.min(at_most * made)).min(threshold);
            self.here_since_us = self.listened_us;
            self.here = 0.0;
            self.steps = steps;
        }
        if self.carried + self.here <= 0.0 {
            self.run = None;
            self.alerted = false;
        }
        let confirmed_us = (c.confirmed_s * 1e6) as i64;
        let mut found = None;
        while let Some(n) = self.waiting.front().copied() {
            if self.listened_us - n.listened_us < confirmed_us {
                break;
            }
            self.waiting.pop_front();
            if self.again.remove(&n.emitter).is_some() {
                continue;
            }
            self.count(c, &n, threshold);
            let nats = self.carried + self.here.min(at_most);
            if nats >= threshold && !self.alerted {
                self.alerted = true;
                found = self.run.map(|run| Found {
                    since_us: run.since_us,
                    count: run.count,
                    level_dbm: run.level_sum / run.count as f64,
                    over_nats: nats - threshold,
                    steps: self.steps - run.steps,
                });
            }
        }
        found
    }

    fn count(&mut self, c: &OrphanConstants, n: &Newborn, threshold: f64) {
        let band = (((n.above_db - c.loud_db) / BAND_DB) as usize).min(BANDS - 1);
        let as_loud: f64 = self.loud.iter().skip(band).sum();
        let prior = c.share * (-(band as f64) * BAND_DB / c.fall_db).exp();
        let share = (prior * c.prior_weight + as_loud) / (c.prior_weight + self.quiet);
        let strangers = share * self.quiet_per_s.max(c.newcomers_at_least_per_h / 3600.0);
        if let Some(l) = self.loud.get_mut(band) {
            *l += 1.0;
        }
        let nats = (c.clone_per_s / strangers).ln_1p().min(c.nats_at_most);
        self.here = (self.here + nats).min(threshold);
        let steps = self.steps;
        let run = self.run.get_or_insert(Run {
            since_us: n.at_us,
            count: 0,
            level_sum: 0.0,
            steps,
        });
        run.count += 1;
        run.level_sum += n.dbm;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quiet newcomers every 4 s; loud ones every `loud_s`, heard again if `again`; a step every `step_s`.
    fn run(loud_s: i64, again: bool, step_s: i64, seconds: i64) -> Option<(i64, Found)> {
        let c = OrphanConstants::default();
        let mut o = Orphans::new(&c);
        let mut number = 0;
        for s in 0..seconds {
            let us = s * 1_000_000;
            let mut began = |o: &mut Orphans, rssi| {
                number += 1;
                o.began(&c, EmitterId(number), Some(rssi), us);
                EmitterId(number)
            };
            if s % 4 == 0 {
                began(&mut o, -80 - (s % 7) as i8);
            }
            if s % loud_s == 1 {
                let id = began(&mut o, -60);
                if again {
                    o.heard_again(id);
                }
            }
            if let Some(found) = o.advance(&c, us, (s / step_s) as f64, 0.0) {
                return Some((s, found));
            }
        }
        None
    }

    #[test]
    fn a_clone_that_moves_with_us_is_found() {
        let (at, found) = run(8, false, 60, 3600).unwrap();
        assert!((60..240).contains(&at), "{at}");
        assert!(found.count >= 4 && (found.level_dbm + 60.0).abs() < 1e-9);
        assert!(found.since_us < 10_000_000 && found.steps >= 1.0);
    }

    #[test]
    fn not_while_we_stay_where_we_are() {
        assert_eq!(run(8, false, 100_000, 7200), None);
    }

    #[test]
    fn not_one_that_is_heard_again_and_not_a_rare_one() {
        assert_eq!(run(8, true, 60, 7200), None);
        assert_eq!(run(150, false, 60, 7200), None);
    }

    #[test]
    fn levels_unknown_conclude_nothing() {
        let c = OrphanConstants::default();
        let mut o = Orphans::new(&c);
        for s in 0..3600 {
            let us = s * 1_000_000;
            o.began(&c, EmitterId(s as u64), None, us);
            assert_eq!(o.advance(&c, us, s as f64, 0.0), None);
        }
    }
}
