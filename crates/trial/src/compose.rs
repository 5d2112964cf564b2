//! Recordings composed from real ones, for cases that no recording holds. What rests on them is
//! called **semi-synthetic** wherever it is reported.
//!
//! The bystanders are real: how long each stayed, how often and how loud it was heard comes from
//! the source recordings. New are the moments at which they appear, their identifiers, and where we
//! are. Planted emitters are not used, nor those that regime R2 holds for the carrier's own: they stay
//! with us by design.

use std::collections::BTreeSet;

use crate::{
    Log, Regime, Sighting, Truth,
    distance::offset,
    random::{Draws, as_rssi},
};

/// 2023-11-14T22:13:20Z.
const EPOCH_US: i64 = 1_700_000_000_000_000;
const HOME: (f64, f64) = (48.0, 2.0);
/// Silences longer than this are a phone asleep, not a street without devices.
const AWAKE_CAP_S: f64 = 15.0;

/// A composed recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Composed {
    /// The sightings.
    pub log: Log,
    /// What is planted in it: nothing, unless said.
    pub truth: Truth,
    /// The emitters that the composition is about (the fixed beacon; the co-riders).
    pub special: Vec<u32>,
    /// When the interesting part ends (we walk away, the ride is over), microseconds since 1970.
    pub until_us: i64,
}

/// One bystander of the source: seconds since its first sighting, and level.
type Visit = Vec<(f64, Option<i8>)>;

/// The visits of all bystanders, and how many begin per hour of listening.
fn visits(source: &[(Log, Truth)]) -> (Vec<Visit>, f64) {
    let (mut all, mut hours) = (Vec::new(), 0.0);
    for (log, truth) in source {
        let mut left_out: BTreeSet<u32> = truth.identifiers();
        left_out.extend(Regime::R2.excluded(log, truth));
        let mut of_log: Vec<Visit> = vec![Vec::new(); log.identifiers.len()];
        let mut firsts = vec![None; log.identifiers.len()];
        let mut last_us = None;
        for s in &log.sightings {
            if let Some(last) = last_us {
                hours += crate::log::seconds_between(last, s.time_us).min(AWAKE_CAP_S) / 3600.0;
            }
            last_us = Some(s.time_us);
            let i = s.identifier as usize;
            if let (Some(visit), Some(first)) = (of_log.get_mut(i), firsts.get_mut(i)) {
                let first = *first.get_or_insert(s.time_us);
                visit.push((crate::log::seconds_between(first, s.time_us), s.rssi));
            }
        }
        all.extend(
            of_log
                .into_iter()
                .zip(0u32..)
                .filter(|(visit, i)| !visit.is_empty() && !left_out.contains(i))
                .map(|(visit, _)| visit),
        );
    }
    let per_hour = if hours > 0.0 {
        all.len() as f64 / hours
    } else {
        0.0
    };
    (all, per_hour)
}

struct Composer {
    log: Log,
    draws: Draws,
}

impl Composer {
    fn new(name: &str, seed: u64) -> Self {
        Self {
            log: Log::new(name),
            draws: Draws::new(seed),
        }
    }

    fn identifier(&mut self) -> u32 {
        let b: [u8; 6] = self.draws.bytes();
        let [a, b, c, d, e, f] = b;
        let text = format!("{a:02X}:{b:02X}:{c:02X}:{d:02X}:{e:02X}:{f:02X}");
        self.log.add_identifier(text, None)
    }

    fn hear(&mut self, at_s: f64, identifier: u32, rssi: Option<i8>) {
        let time_us = EPOCH_US + (at_s * 1e6) as i64;
        self.log.sightings.push(Sighting {
            time_us,
            identifier,
            rssi,
            position: None,
        });
    }

    /// Fills `seconds` with bystanders who appear at the rate of the source.
    fn crowd(&mut self, source: &[(Log, Truth)], seconds: f64) {
        let (visits, per_hour) = visits(source);
        if visits.is_empty() || per_hour <= 0.0 {
            return;
        }
        let mut at = 0.0;
        loop {
            at += self.draws.exponential(3600.0 / per_hour);
            if at >= seconds {
                break;
            }
            let i = self.draws.below(visits.len());
            let id = self.identifier();
            for &(after, rssi) in visits.get(i).into_iter().flatten() {
                if at + after < seconds {
                    self.hear(at + after, id, rssi);
                }
            }
        }
    }

    /// One emitter heard every `every_s` from `from_s` to `to_s` around a level.
    fn steady(
        &mut self,
        from_s: f64,
        to_s: f64,
        every_s: f64,
        level_dbm: f64,
        spread_db: f64,
    ) -> u32 {
        let id = self.identifier();
        let mut at = from_s;
        while at < to_s {
            let rssi = as_rssi(self.draws.normal(level_dbm, spread_db));
            self.hear(at, id, Some(rssi));
            // The advertising interval carries up to 10 ms of random delay.
            at += every_s + self.draws.between(0.0, 0.01);
        }
        id
    }

    /// Sorts by time and gives every sighting the position of its second.
    fn place(&mut self, mut at: impl FnMut(f64, &mut Draws) -> Option<(f64, f64)>) {
        self.log.sort();
        let mut last: Option<(i64, Option<(f64, f64)>)> = None;
        for s in &mut self.log.sightings {
            let second = (s.time_us - EPOCH_US) / 1_000_000;
            let position = match last {
                Some((known, position)) if known == second => position,
                _ => at(second as f64, &mut self.draws),
            };
            last = Some((second, position));
            s.position = position;
        }
    }
}

/// A stand still beside a fixed beacon.
#[derive(Debug, Clone, PartialEq)]
pub struct StandStill {
    /// How long we stand, hours.
    pub hours: f64,
    /// Standard deviation of the fixes, metres, per axis; `None` repeats one fix exactly.
    pub gps_noise_m: Option<f64>,
    /// Whether we then walk away for ten minutes at 1.3 m/s, out of the beacon's hearing after one.
    pub walk_away: bool,
    /// Whether there are positions at all.
    pub positions: bool,
}

impl Default for StandStill {
    fn default() -> Self {
        Self {
            hours: 2.0,
            gps_noise_m: None,
            walk_away: false,
            positions: true,
        }
    }
}

/// Semi-synthetic: a stand still amid real bystanders, beside one fixed beacon that is heard every
/// 2 s at -55 dBm. Nothing is planted; `special` is the beacon.
#[must_use]
pub fn stand_still(source: &[(Log, Truth)], seed: u64, how: &StandStill) -> Composed {
    const WALK_S: f64 = 600.0;
    const OUT_OF_HEARING_S: f64 = 60.0;
    let stand_s = how.hours * 3600.0;
    let mut c = Composer::new("semi-synthetic stand still", seed);
    let heard_until = stand_s + if how.walk_away { OUT_OF_HEARING_S } else { 0.0 };
    c.crowd(source, stand_s + if how.walk_away { WALK_S } else { 0.0 });
    let beacon = c.steady(0.0, heard_until, 2.0, -55.0, 2.0);
    c.place(|t, draws| {
        let noise = how.gps_noise_m.unwrap_or(0.0);
        let north = draws.normal(0.0, noise) + 1.3 * (t - stand_s).max(0.0);
        how.positions
            .then(|| offset(HOME, north, draws.normal(0.0, noise)))
    });
    Composed {
        log: c.log,
        truth: Truth::default(),
        special: vec![beacon],
        until_us: EPOCH_US + (stand_s * 1e6) as i64,
    }
}

/// A ride with others.
#[derive(Debug, Clone, PartialEq)]
pub struct Ride {
    /// How long it takes, minutes.
    pub minutes: f64,
    /// Co-riders who board at the start and stay to the end.
    pub co_riders: u32,
    /// Whether a tag at -60 dBm is planted on us.
    pub planted: bool,
}

impl Default for Ride {
    fn default() -> Self {
        Self {
            minutes: 40.0,
            co_riders: 12,
            planted: true,
        }
    }
}

/// Semi-synthetic: a ride at 20 m/s with a halt of 60 s every 4 minutes, real bystanders passing,
/// co-riders at -88 to -66 dBm who board with us and stay, and one planted tag at -60 dBm.
/// `special` are the co-riders.
#[must_use]
pub fn ride(source: &[(Log, Truth)], seed: u64, how: &Ride) -> Composed {
    const PERIOD_S: f64 = 240.0;
    const HALT_S: f64 = 60.0;
    let seconds = how.minutes * 60.0;
    let mut c = Composer::new("semi-synthetic ride", seed);
    c.crowd(source, seconds);
    let special = (0..how.co_riders)
        .map(|i| {
            let share = f64::from(i) / f64::from(how.co_riders.saturating_sub(1).max(1));
            let (from, every) = (c.draws.between(0.0, 20.0), c.draws.between(1.0, 6.0));
            c.steady(from, seconds, every, -88.0 + 22.0 * share, 5.0)
        })
        .collect();
    let truth = if how.planted {
        let tag = c.steady(0.5, seconds, 2.0, -60.0, 5.0);
        Truth::of([tag])
    } else {
        Truth::default()
    };
    c.place(|t, _| {
        let (whole, rest) = ((t / PERIOD_S).floor(), t % PERIOD_S);
        let moving = whole * (PERIOD_S - HALT_S) + rest.min(PERIOD_S - HALT_S);
        Some(offset(HOME, 20.0 * moving, 0.0))
    });
    Composed {
        log: c.log,
        truth,
        special,
        until_us: EPOCH_US + (seconds * 1e6) as i64,
    }
}

/// The same recording with all positions removed.
#[must_use]
pub fn strip_positions(log: &Log) -> Log {
    let mut log = log.clone();
    for s in &mut log.sightings {
        s.position = None;
    }
    log
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::distance::metres;

    /// Half an hour of made-up bystanders, one every 4 s for 40 s, and a planted tag.
    pub fn small_source() -> Vec<(Log, Truth)> {
        let mut c = Composer::new("source", 1);
        let tag = c.steady(0.0, 1800.0, 2.0, -60.0, 3.0);
        for i in 0..450 {
            let from = f64::from(i) * 4.0;
            c.steady(from, from + 40.0, 5.0, -82.0, 4.0);
        }
        c.place(|t, _| Some(offset(HOME, 1.3 * t, 0.0)));
        vec![(c.log, Truth::of([tag]))]
    }

    #[test]
    fn same_seed_same_recording() {
        let source = small_source();
        let how = StandStill {
            gps_noise_m: Some(5.0),
            ..StandStill::default()
        };
        assert_eq!(stand_still(&source, 3, &how), stand_still(&source, 3, &how));
        assert_ne!(
            stand_still(&source, 3, &how).log,
            stand_still(&source, 4, &how).log
        );
    }

    #[test]
    fn stand_still_has_the_beacon_throughout_and_a_crowd_of_the_same_density() {
        let source = small_source();
        let c = stand_still(&source, 1, &StandStill::default());
        let beacon: Vec<_> = c
            .log
            .sightings
            .iter()
            .filter(|s| s.identifier == c.special[0])
            .collect();
        assert!((3500..=3600).contains(&beacon.len()), "{}", beacon.len());
        assert!((c.log.hours() - 2.0).abs() < 0.01);
        // 450 in half an hour: 1800 in two hours.
        let n = c.log.identifiers.len() as f64;
        assert!((n - 1800.0).abs() < 200.0, "{n}");
        let here = c.log.sightings[0].position;
        assert!(c.log.sightings.iter().all(|s| s.position == here));
        assert!(c.truth.planted.is_empty());
    }

    #[test]
    fn walking_away_leaves_the_beacon() {
        let how = StandStill {
            hours: 0.5,
            walk_away: true,
            ..StandStill::default()
        };
        let c = stand_still(&small_source(), 1, &how);
        let last = c.log.sightings.last().unwrap();
        assert!(metres(HOME, last.position.unwrap()) > 600.0);
        let beacon = c
            .log
            .sightings
            .iter()
            .rfind(|s| s.identifier == c.special[0])
            .unwrap();
        let after = crate::log::seconds_between(c.until_us, beacon.time_us);
        assert!((50.0..=60.0).contains(&after), "{after}");
    }

    #[test]
    fn ride_halts_and_covers_its_distance() {
        let c = ride(&small_source(), 1, &Ride::default());
        assert_eq!((c.special.len(), c.truth.planted.len()), (12, 1));
        // 10 periods of 180 s at 20 m/s.
        let end = c.log.sightings.last().unwrap().position.unwrap();
        assert!(
            (metres(HOME, end) - 36_000.0).abs() < 10.0,
            "{}",
            metres(HOME, end)
        );
    }

    #[test]
    fn stripped_of_positions() {
        let (log, _) = small_source().remove(0);
        let bare = strip_positions(&log);
        assert!(bare.sightings.iter().all(|s| s.position.is_none()));
        assert_eq!(bare.sightings.len(), log.sightings.len());
    }
}
