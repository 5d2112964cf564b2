//! Which emitter goes on under a new address?
//!
//! Every ten seconds the tracklets that ended are held against those that began (`detection.md` section 2). One
//! emitter stays one identifier: what comes of it are probabilities, over all assignments and "nobody's successor"
//! included, weighed anew for a minute and then kept. Evidence is carried along them as a mixture, never by a merge,
//! and a link never silences anything.
//!
//! Known failures: in a crowd of like devices a newcomer of the same level is taken for a successor; a device that
//! pauses longer than the window loses its chain.

pub mod assign;
mod ends;
pub mod marginals;
pub mod score;

pub use assign::assign;
pub(crate) use ends::{Ends, traits};
pub use marginals::probabilities;
pub use score::{End, LinkingConstants, Newcomers, SensorLevel, Stray, Traits, score};

use std::collections::VecDeque;

use crate::emitter::Emitter;
use crate::outcome::EmitterId;
use crate::roster::{Roster, Slot};

/// Links kept of one newcomer: beyond the third, alternatives carry nothing.
const ALTERNATIVES: usize = 3;
/// A link less likely than this is not kept.
const LEAST: f64 = 0.02;
/// Intervals remembered of newcomers.
const INTERVALS: usize = 64;
/// Weight of a further newcomer in the mean and spread of the levels.
const LEVEL_GAIN: f64 = 0.02;
/// Time constant of the rate of newcomers, seconds.
const RATE_S: f64 = 60.0;

/// Follows an emitter with this probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link {
    /// The earlier emitter.
    pub emitter: EmitterId,
    /// Probability that it is the same device.
    pub probability: f64,
}

/// An emitter, its links, and what they carry.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Linked {
    pub slot: Slot,
    pub emitter: EmitterId,
    pub follows: Vec<(Link, Slot)>,
}

/// Mean and spread of levels, running.
#[derive(Debug, Clone, Copy)]
struct Spread {
    mean_dbm: f64,
    variance: f64,
}

impl Spread {
    /// Before anything was heard: `detection.md` 1.5 has bystanders at -82 dBm.
    const START: Self = Self {
        mean_dbm: -82.0,
        variance: 64.0,
    };

    #[inline]
    fn add(&mut self, dbm: f64, gain: f64) {
        let apart = dbm - self.mean_dbm;
        self.mean_dbm += gain * apart;
        self.variance += gain * (apart * apart - self.variance);
    }

    fn sd(&self) -> f64 {
        self.variance.sqrt().max(4.0)
    }

    fn log_density(&self, dbm: f64) -> f64 {
        let z = (dbm - self.mean_dbm) / self.sd();
        -0.5 * z * z - self.sd().ln()
    }
}

/// Tracklets that end and begin.
#[derive(Debug)]
pub(crate) struct Links {
    stray: Stray,
    next_us: Option<i64>,
    /// Those that began less than a minute ago.
    young: VecDeque<(Slot, EmitterId, i64)>,
    /// Whom a newcomer whose links are settled has taken, and when: nobody else may.
    taken: VecDeque<(EmitterId, i64)>,
    rate: f64,
    rate_us: i64,
    began_at: Spread,
    ended_at: Spread,
    heard_at: Spread,
    intervals_s: VecDeque<f64>,
}

impl Links {
    /// Nothing known yet; a device's levels stray by `stray`.
    pub fn new(stray: Stray) -> Self {
        Self {
            stray,
            next_us: None,
            young: VecDeque::new(),
            taken: VecDeque::new(),
            rate: 1.0 / RATE_S,
            rate_us: 0,
            began_at: Spread::START,
            ended_at: Spread::START,
            heard_at: Spread::START,
            intervals_s: VecDeque::new(),
        }
    }

    /// One began.
    pub fn began(
        &mut self,
        c: &LinkingConstants,
        slot: Slot,
        emitter: EmitterId,
        rssi: Option<i8>,
        now_us: i64,
    ) {
        self.decay(now_us);
        self.rate += 1.0 / RATE_S;
        if let Some(r) = rssi {
            self.began_at.add(f64::from(r), LEVEL_GAIN);
        }
        if self.young.len() < c.at_most {
            self.young.push_back((slot, emitter, now_us));
        }
    }

    /// One was heard.
    #[inline]
    pub fn heard(&mut self, rssi: Option<i8>) {
        if let Some(r) = rssi {
            self.heard_at.add(f64::from(r), LEVEL_GAIN / 10.0);
        }
    }

    /// One fell silent for the first time.
    pub fn fell_silent(&mut self, e: &Emitter) {
        if let Some(dbm) = e.ends.as_ref().and_then(|ends| ends.last_dbm()) {
            self.ended_at.add(dbm, LEVEL_GAIN);
        }
    }

    fn decay(&mut self, now_us: i64) {
        let dt = (now_us - self.rate_us) as f64 / 1e6;
        if dt > 0.0 {
            self.rate *= (-dt / RATE_S).exp();
            self.rate_us = now_us;
        }
    }

    /// Whether a batch is due.
    #[inline]
    pub fn due(&mut self, c: &LinkingConstants, now_us: i64) -> bool {
        let batch_us = (c.batch_s * 1e6) as i64;
        c.on && *self.next_us.get_or_insert(now_us + batch_us) <= now_us
    }

    /// Holds those that ended against those that began; the newcomers' links as they stand now.
    pub fn weigh(&mut self, c: &LinkingConstants, now_us: i64, roster: &mut Roster) -> Vec<Linked> {
        self.next_us = Some(now_us + (c.batch_s * 1e6) as i64);
        self.decay(now_us);
        let revised_us = (c.revised_for_s * 1e6) as i64;
        let window_us = revised_us + ((c.gap_at_most_s + c.batch_s) * 1e6) as i64;
        while self
            .taken
            .front()
            .is_some_and(|t| t.1 < now_us - 2 * window_us)
        {
            self.taken.pop_front();
        }
        // What an unmeasured habit is taken for: heard as rarely as a tag's two seconds.
        let otherwise = 2.0;
        let mut begun: Vec<(Slot, End)> = Vec::new();
        let mut settled = Vec::new();
        let young: Vec<_> = self.young.iter().copied().collect();
        for (slot, number, first_us) in young {
            let Some(e) = roster.at(slot).filter(|e| e.number == number) else {
                self.young.retain(|y| y.1 != number);
                continue;
            };
            let Some(ends) = &e.ends else { continue };
            let traits = traits(e.traits.as_deref(), e.address_kind);
            begun.push((slot, ends.begun(number, otherwise, traits)));
            if now_us - first_us > revised_us {
                settled.push(number);
                if let Some(t) = ends.interval_s() {
                    if self.intervals_s.len() == INTERVALS {
                        self.intervals_s.pop_front();
                    }
                    self.intervals_s.push_back(t);
                }
            }
        }
        if begun.is_empty() {
            return Vec::new();
        }
        let ended: Vec<(Slot, End)> = roster
            .recent()
            .take_while(|(_, e)| e.last_us >= now_us - window_us)
            .take(16 * c.at_most)
            .filter_map(|(slot, e)| Some((slot, self.end_of(c, e, now_us, otherwise)?)))
            .take(c.at_most)
            .collect();
        let per_s = self.rate.max(1.0 / RATE_S);
        // As many leave as come: of those present, so many change their address in that time.
        let changes_per_s = roster.present() as f64 / c.address_lifetime_s;
        let usual = Newcomers {
            per_s,
            changes: (changes_per_s / per_s).clamp(c.least_changes, 1.0),
            level: (self.began_at.mean_dbm, self.began_at.sd()),
            intervals_s: self.intervals_s.iter().copied().collect(),
        };
        let scores: Vec<Vec<Option<f64>>> = ended
            .iter()
            .map(|(_, a)| {
                let of = |(_, b): &(Slot, End)| score(c, self.stray, &usual, a, b);
                begun.iter().map(of).collect()
            })
            .collect();
        let p = probabilities(&scores);
        let mut out = Vec::with_capacity(begun.len());
        for (column, (slot, b)) in begun.iter().enumerate() {
            let mut follows: Vec<(Link, Slot)> = ended
                .iter()
                .zip(&p)
                .filter_map(|((slot, a), row)| {
                    let probability = row.get(column).copied().filter(|p| *p >= LEAST)?;
                    let emitter = a.emitter;
                    Some((
                        Link {
                            emitter,
                            probability,
                        },
                        *slot,
                    ))
                })
                .collect();
            follows.sort_by(|a, b| b.0.probability.total_cmp(&a.0.probability));
            follows.truncate(ALTERNATIVES);
            if settled.contains(&b.emitter)
                && let Some(first) = follows.first().map(|f| f.0).filter(|l| l.probability > 0.5)
            {
                self.taken.push_back((first.emitter, now_us));
            }
            out.push(Linked {
                slot: *slot,
                emitter: b.emitter,
                follows,
            });
        }
        self.young.retain(|y| !settled.contains(&y.1));
        out
    }

    /// The end of one that fell silent, unless it is taken.
    fn end_of(
        &self,
        c: &LinkingConstants,
        e: &Emitter,
        now_us: i64,
        otherwise: f64,
    ) -> Option<End> {
        let ends = e.ends.as_ref()?;
        let silent_s = (now_us - e.last_us) as f64 / 1e6;
        let over =
            silent_s >= (c.silent_gaps * ends.usual_gap_s(otherwise)).min(c.silent_at_most_s);
        if !over || self.taken.iter().any(|t| t.0 == e.number) {
            return None;
        }
        let traits = traits(e.traits.as_deref(), e.address_kind);
        let mut end = ends.ended(e.number, e.last_us, otherwise, traits);
        if let Some(dbm) = ends.last_dbm() {
            let rarer = self.heard_at.log_density(dbm) - self.ended_at.log_density(dbm);
            end.abrupt_nats = rarer.clamp(0.0, c.abrupt_at_most);
        }
        Some(end)
    }
}
