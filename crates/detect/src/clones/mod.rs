//! Trackers that change their key faster than any one of their identifiers can be judged (`detection.md`
//! section 3): no identity is followed; what is counted is how keys begin and end.
//!
//! Only frames of a tracker family are taken in. Every advertising event counts at its strongest receiver alone.
//! Three tests, each with a third of one budget of false alarms: [`occupancy`] (T1), [`orphans`] (T2) and
//! [`chains`] (T3).

pub mod alarms;
pub mod ambient;
pub(crate) mod carrier;
pub mod chains;
pub mod constants;
mod fitted;
pub mod flood;
#[cfg(test)]
mod golden_test;
pub mod lives;
pub mod occupancy;
pub mod orphans;
pub mod rate;
pub mod tally;

use std::collections::{BTreeMap, VecDeque};

use vigie_decode::Family;

use ambient::Ambient;
use constants::{CloneConstants, Tail};
use flood::Floods;
use lives::{Ended, Heard, Lives, Receiver, TagFrame, seconds};
use occupancy::{Habit, Occupancy};
use rate::{BANDS, RateCusum, RateEvent};
use tally::Tally;

/// Lives kept to tell in which vehicle the last ones were loudest.
const COUNTED: usize = 256;

/// One of the three tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Test {
    /// T1.
    Occupancy,
    /// T2.
    Orphans,
    /// T3.
    Chains,
}

impl Test {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Occupancy, Self::Orphans, Self::Chains];

    /// Name and version, as results carry it.
    #[must_use]
    pub const fn analyzer(self) -> &'static str {
        match self {
            Self::Occupancy => occupancy::ANALYZER,
            Self::Orphans => orphans::ANALYZER,
            Self::Chains => chains::ANALYZER,
        }
    }

    /// Share of the clones' budget, and the tail without clones, of a score at a level and in such
    /// surroundings.
    #[must_use]
    pub fn calibration(
        self,
        constants: &CloneConstants,
        level_dbm: f64,
        dense: bool,
    ) -> (f64, Tail) {
        let (share, tails) = match self {
            Self::Occupancy => (constants.occupancy.share, constants.occupancy.tails),
            Self::Orphans => (constants.orphans.share, constants.orphans.tails),
            Self::Chains => (constants.chains.share, constants.chains.tails),
        };
        let loud = level_dbm >= constants.loud_from_dbm;
        let tail = match (loud, dense) {
            (true, _) => tails.loud,
            (false, false) => tails.quiet,
            (false, true) => tails.dense,
        };
        (share / 2.0, tail)
    }
}

/// What one test says of one receiver.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Which test.
    pub test: Test,
    /// Where.
    pub receiver: Receiver,
    /// The statistic, nats, not calibrated.
    pub nats: f64,
    /// Mean level of what was counted, dBm.
    pub level_dbm: f64,
    /// When what was counted began, µs since 1970.
    pub since_us: i64,
    /// Keys counted.
    pub keys: u32,
    /// Many tag-class keys come by.
    pub dense: bool,
}

/// A life that ended, as far as it tells where the clone rides.
#[derive(Debug, Clone)]
pub(crate) struct Counted {
    pub(crate) first_us: i64,
    pub(crate) family: Family,
    pub(crate) events: u32,
    pub(crate) receiver: Receiver,
    pub(crate) heard: Vec<Heard>,
}

#[derive(Debug)]
struct Tests {
    orphans: [RateCusum; 3],
    chains: RateCusum,
    occupancy: Occupancy,
    /// Orphans and chains by band, fading with time, and as of when.
    bands: [[f64; BANDS]; 2],
    bands_us: i64,
}

impl Tests {
    fn count(&mut self, kind: usize, band: usize, now_us: i64, memory_s: f64) {
        let faded = (-((now_us - self.bands_us).max(0) as f64) / 1e6 / memory_s).exp();
        self.bands_us = now_us;
        for count in self.bands.iter_mut().flatten() {
            *count *= faded;
        }
        if let Some(count) = self.bands.get_mut(kind).and_then(|b| b.get_mut(band)) {
            *count += 1.0;
        }
    }
}

/// The three tests at all receivers.
#[derive(Debug)]
pub struct Clones {
    constants: CloneConstants,
    lives: Lives,
    floods: Floods,
    ambient: Ambient,
    receivers: BTreeMap<Receiver, Tests>,
    /// End of the open window of T1, µs.
    window_us: Option<i64>,
    started_us: Option<i64>,
    pub(crate) counted: VecDeque<Counted>,
    tally: Option<Box<Tally>>,
    /// Windows of T1 in all, and those in a crowd.
    windows: [u32; 2],
}

impl Clones {
    /// Before anything was heard.
    #[must_use]
    pub fn new(constants: CloneConstants) -> Self {
        Self {
            constants,
            lives: Lives::default(),
            floods: Floods::default(),
            ambient: Ambient::default(),
            receivers: BTreeMap::new(),
            window_us: None,
            started_us: None,
            counted: VecDeque::new(),
            tally: None,
            windows: [0; 2],
        }
    }

    /// The same, which also counts what the fitted constants are drawn from.
    #[must_use]
    pub fn tallying(constants: CloneConstants) -> Self {
        Self {
            tally: Some(Box::default()),
            ..Self::new(constants)
        }
    }

    /// What was counted, if it is.
    #[must_use]
    pub fn tally(&self) -> Option<&Tally> {
        self.tally.as_deref()
    }

    /// Our speed, metres a second.
    pub fn moves(&mut self, speed_m_s: f64, now_us: i64) {
        self.ambient
            .moves(&self.constants.ambient, speed_m_s, now_us);
    }

    /// A receiver heard something, of whatever class.
    pub fn listens(&mut self, receiver: Receiver, now_us: i64) {
        self.started_us.get_or_insert(now_us);
        self.ambient.listens(now_us);
        self.lives.listens(receiver, now_us);
        let c = &self.constants;
        self.receivers.entry(receiver).or_insert_with(|| Tests {
            orphans: std::array::from_fn(|i| {
                let o = &c.orphans;
                RateCusum::new(o.rates[i], o.gain_cap, o.longest_s[i])
            }),
            chains: RateCusum::new(c.chains.rate, c.chains.gain_cap, c.chains.longest_s),
            occupancy: Occupancy::default(),
            bands: [[0.0; BANDS]; 2],
            bands_us: now_us,
        });
    }

    /// A sensor is flooded now.
    pub fn flooded(&mut self, sensor: u16, now_us: i64) {
        self.floods.flooded(&self.constants.flood, sensor, now_us);
    }

    /// Takes a tag-class frame, after time was let pass up to it.
    pub fn hear(&mut self, frame: &TagFrame) {
        // New keys of a flooded sensor are not looked at; what was known before goes on.
        if self.floods.covers(frame.sensor, frame.now_us) && !self.lives.knows(frame.identifier) {
            return;
        }
        self.lives.hear(&self.constants.lives, frame);
    }

    /// Tag-class keys known: what memory is bounded by.
    #[must_use]
    pub fn keys(&self) -> usize {
        self.lives.count()
    }

    /// Tag-class keys that come by, an hour, at all receivers together.
    #[must_use]
    pub fn keys_per_hour(&self, now_us: i64) -> f64 {
        self.ambient.keys_per_s(&self.constants.ambient, now_us) * 3600.0
    }

    /// Whether the tests may speak now. A single vehicle in a town, or two, hear most keys that pass but once, with nobody else
    /// to hear them again: the tails, fitted on seven, do not hold there.
    #[must_use]
    pub fn may_tell(&self, now_us: i64) -> bool {
        let c = &self.constants;
        self.receivers.len() >= c.least_receivers
            || self.keys_per_hour(now_us) < c.alone_keys_per_hour
    }

    /// Whether a loud tracker that changes its key fast would have been found by now: listened long enough, in no
    /// crowd for most of the time, and with no sensor flooded.
    #[must_use]
    pub fn heard_enough(&self) -> bool {
        let [all, crowded] = self.windows.map(f64::from);
        let c = &self.constants;
        all * c.occupancy.window_s >= c.heard_s
            && crowded <= c.crowded_share * all
            && !self.floods.any()
    }

    /// Lets time pass; tells every score that grew.
    pub fn advance(&mut self, now_us: i64, scores: &mut Vec<Score>) {
        let event_us = seconds(self.constants.lives.event_s);
        let window_us = seconds(self.constants.occupancy.window_s);
        let mut end_us = *self
            .window_us
            .get_or_insert_with(|| (now_us.div_euclid(window_us) + 1) * window_us);
        if now_us - end_us > LONGEST_GAP_US {
            // Nothing at all was heard for long: what was occupied before tells nothing of now.
            for tests in self.receivers.values_mut() {
                tests.occupancy = Occupancy::default();
            }
            end_us = (now_us.div_euclid(window_us) + 1) * window_us;
        }
        loop {
            let due_us = end_us + event_us;
            // Events up to the end of the window are in before it is closed.
            if let Some(event) = self
                .lives
                .next_event(&self.constants.lives, now_us.min(due_us - 1))
            {
                self.event(&event, now_us);
            } else if due_us <= now_us {
                self.close(end_us - window_us, end_us, scores);
                end_us += window_us;
            } else {
                break;
            }
        }
        self.window_us = Some(end_us);
        while let Some(ended) = self.lives.next_ended(&self.constants.lives, now_us) {
            self.ended(ended, now_us, scores);
        }
    }

    /// When time has to be let pass next at the latest, µs.
    #[must_use]
    pub fn next_us(&self) -> i64 {
        let event_us = seconds(self.constants.lives.event_s);
        let window = self.window_us.map_or(i64::MIN, |end| end + event_us);
        window.min(self.lives.next_us(&self.constants.lives))
    }

    fn event(&mut self, event: &lives::Event, now_us: i64) {
        if event.number == 2 {
            self.ambient.lives_on(&self.constants.ambient, now_us);
        }
        let Some((receiver, level)) = event.strongest else {
            return;
        };
        if event.age_us < seconds(self.constants.occupancy.young_s)
            && let Some(tests) = self.receivers.get_mut(&receiver)
        {
            tests.occupancy.hear(f64::from(level), event.number == 1);
        }
    }

    /// Keys that come by at one receiver, a second.
    fn keys_here(&self, now_us: i64) -> f64 {
        let receivers = self.receivers.len().max(1) as f64;
        self.ambient.keys_per_s(&self.constants.ambient, now_us) / receivers
    }

    /// Ambient events of a kind and band at one receiver, a second: what the surroundings let expect, or more where
    /// the other receivers have heard more. How many keys are heard once depends on how far a receiver hears, which
    /// no table knows; a clone is at one receiver, so the others tell.
    fn ambient_here(
        &self,
        receiver: Receiver,
        kind: usize,
        band: usize,
        expected: f64,
        now_us: i64,
    ) -> f64 {
        let c = &self.constants.ambient;
        let started_us = self.started_us.unwrap_or(now_us);
        let memory_s = c.bands_memory_s
            * (1.0 - (-((now_us - started_us).max(0) as f64) / 1e6 / c.bands_memory_s).exp());
        let others = self.receivers.iter().filter(|(r, _)| **r != receiver);
        let (mut events, mut seconds) = (c.bands_prior, c.bands_prior / expected);
        for (_, tests) in others {
            let faded = (-((now_us - tests.bands_us).max(0) as f64) / 1e6 / c.bands_memory_s).exp();
            let counts = tests.bands.get(kind).and_then(|bands| bands.get(band));
            events += counts.copied().unwrap_or(0.0) * faded;
            seconds += memory_s;
        }
        expected.max(events / seconds)
    }

    fn close(&mut self, from_us: i64, end_us: i64, scores: &mut Vec<Score>) {
        let crowded = self.keys_per_hour(end_us) >= self.constants.crowd_keys_per_hour
            || !self.may_tell(end_us);
        let dense = self.keys_per_hour(end_us) >= self.constants.dense_keys_per_hour;
        self.windows[0] += 1;
        self.windows[1] += u32::from(crowded);
        let keys = self.keys_here(end_us);
        let class = self.ambient.speed_class(&self.constants.ambient, end_us);
        let c = &self.constants.occupancy;
        let habit = |cell: usize| {
            let arrivals = of_class(&c.arrivals, class, cell);
            let stays = of_class(&c.stays, class, cell);
            let arrives = 1.0 - (-arrivals * keys * c.window_s).exp();
            Habit {
                arrives: arrives.clamp(1e-6, 1.0 - 1e-6),
                stays: (1.0 - (1.0 - stays) * (1.0 - arrives)).clamp(1e-6, 1.0 - 1e-6),
            }
        };
        let receivers = self.receivers.len() as f64;
        if let Some(tally) = &mut self.tally {
            tally.passes(class, keys * c.window_s * receivers);
        }
        for (receiver, tests) in &mut self.receivers {
            let before = tests.occupancy.clone();
            tests.occupancy.close(c, from_us, habit);
            if let Some(tally) = &mut self.tally {
                tally.window(class, keys * c.window_s, &before, &tests.occupancy);
            }
            if let Some((cell, found)) =
                tests
                    .occupancy
                    .best(c.keys, c.key_s, c.quietest_dbm, end_us)
                && tests.occupancy.occupied(cell)
            {
                scores.push(Score {
                    test: Test::Occupancy,
                    receiver: *receiver,
                    nats: found.nats(),
                    level_dbm: occupancy::centre_dbm(cell),
                    since_us: found.since_us,
                    keys: found.keys,
                    dense,
                });
            }
        }
    }

    fn ended(&mut self, ended: Ended, now_us: i64, scores: &mut Vec<Score>) {
        if self.floods.covers(ended.sensor, ended.first_us) {
            return;
        }
        let started_us = self.started_us.unwrap_or(now_us);
        let orphan = orphans::orphan(&self.constants.orphans, &ended);
        let chain = chains::chain(&self.constants.chains, &ended, started_us);
        let Some((receiver, level_dbm)) = orphan.or(chain) else {
            return;
        };
        let class = self.ambient.speed_class(&self.constants.ambient, now_us);
        if let Some(tally) = &mut self.tally {
            tally.life(class, orphan.is_some(), level_dbm);
        }
        let keys = self.keys_here(now_us);
        let band = rate::band_of(level_dbm);
        let ratios = if orphan.is_some() {
            &self.constants.orphans.ratios
        } else {
            &self.constants.chains.ratios
        };
        let event = RateEvent {
            known_us: now_us,
            at_us: ended.first_us,
            level_dbm,
            ambient: self.ambient_here(
                receiver,
                usize::from(orphan.is_none()),
                band,
                of_class(ratios, class, band) * keys,
                now_us,
            ),
        };
        let Some(tests) = self.receivers.get_mut(&receiver) else {
            return;
        };
        tests.count(
            usize::from(orphan.is_none()),
            band,
            now_us,
            self.constants.ambient.bands_memory_s,
        );
        let (test, run) = if orphan.is_some() {
            for cusum in &mut tests.orphans {
                cusum.take(&event);
            }
            let runs = tests.orphans.iter().map(|cusum| cusum.best().1);
            let best = runs.max_by(|a, b| a.nats.total_cmp(&b.nats));
            (Test::Orphans, best.unwrap_or_default())
        } else {
            tests.chains.take(&event);
            (Test::Chains, tests.chains.best().1)
        };
        scores.push(Score {
            test,
            receiver,
            nats: run.nats,
            level_dbm: if run.events > 0 {
                run.level_sum / f64::from(run.events)
            } else {
                level_dbm
            },
            since_us: run.since_us,
            keys: run.events,
            dense: self.keys_per_hour(now_us) >= self.constants.dense_keys_per_hour,
        });
        if self.counted.len() >= COUNTED {
            self.counted.pop_front();
        }
        self.counted.push_back(Counted {
            first_us: ended.first_us,
            family: ended.family,
            events: ended.events,
            receiver,
            heard: ended.heard,
        });
    }
}

/// Nothing heard for longer than this begins T1 anew, µs.
const LONGEST_GAP_US: i64 = 600_000_000;

/// The figure of a speed class; where our speed is not known, the largest of all.
fn of_class<const N: usize>(table: &[[f64; N]], class: Option<usize>, at: usize) -> f64 {
    let of = |row: &[f64; N]| row.get(at).copied().unwrap_or(0.0);
    match class.and_then(|class| table.get(class)) {
        Some(row) => of(row),
        None => table.iter().map(of).fold(0.0, f64::max),
    }
}
