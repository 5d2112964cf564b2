//! How much better "one device that changed its address" explains two tracklets than "unrelated".

use serde::{Deserialize, Serialize};
use vigie_decode::{AddressKind, Family};

use crate::outcome::EmitterId;

/// Constants of the linking, all from `detection.md` section 2 unless said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LinkingConstants {
    /// Emitters are linked at all.
    pub on: bool,
    /// Time between two assignments, seconds.
    pub batch_s: f64,
    /// Links of a newcomer are weighed anew for this long after its first sighting, then stay, seconds.
    pub revised_for_s: f64,
    /// Two tracklets of one device overlap by at most this, seconds.
    pub overlap_s: f64,
    /// The gap between them is at most this, seconds,
    pub gap_s: f64,
    /// or this many times the time that usually passes between two sightings of it,
    pub gap_sightings: f64,
    /// and in no case more than this, seconds.
    pub gap_at_most_s: f64,
    /// One that has been silent for this many of its usual gaps has ended.
    pub silent_gaps: f64,
    /// or for this long, seconds; if it comes back within the time in which links are weighed anew, they are.
    pub silent_at_most_s: f64,
    /// Time for which devices around us keep an address as a rule, seconds: telephones a quarter of an hour.
    pub address_lifetime_s: f64,
    /// Share of ends taken for a change of address at the least, however fast surroundings are replaced: a tracker made
    /// to stay unseen changes far more often than telephones.
    pub least_changes: f64,
    /// Probability that the new address is heard when a device changes its own.
    pub heard_again: f64,
    /// Mean of the gap at a change, in intervals.
    pub gap_mean: f64,
    /// Standard deviation of the level from one end to the next beginning, in a vehicle, dB.
    pub level_sd_db: f64,
    /// The same on a person without that of single frames, dB (`detection.md` section 0: 6.9 dB overall, 5.5 within a
    /// contact).
    pub on_person_level_sd_db: f64,
    /// Of single frames on a person, dB.
    pub on_person_frame_sd_db: f64,
    /// Most nats for a tracklet that ended at a level at which strangers do not end: they fade (section 3, T3).
    pub abrupt_at_most: f64,
    /// How much the channels' levels go together: each further one counts less.
    pub correlation: f64,
    /// Level below which nothing is heard, dBm.
    pub floor_dbm: f64,
    /// Nats lost for each dB above the floor at a sensor that hears only one of the two.
    pub one_sided_per_db: f64,
    /// Relative error of an interval.
    pub interval_error: f64,
    /// Nats where intervals, classes or counters contradict each other.
    pub contradiction: f64,
    /// Probability that a trait which need not change stays.
    pub token_stays: f64,
    /// Bits in the battery level and like traits.
    pub token_bits: f64,
    /// Bits that two SmartTags' aging counters tell apart. The counter has 24, but tags set up in the same year
    /// share the upper ones.
    pub aging_bits: f64,
    /// Bits credited to a key that stays while the address changes.
    pub key_bits: f64,
    /// The 625 µs grid of transmissions is taken to survive a change of address. It is an assumption that nobody
    /// has measured, so it is off.
    pub phase: bool,
    /// Error of a time stamp on that grid, µs.
    pub phase_sd_us: f64,
    /// Drift between the clocks, µs a second.
    pub phase_drift: f64,
    /// Most tracklets on either side of one assignment; what a flood brings beyond stays unlinked.
    pub at_most: usize,
}

impl Default for LinkingConstants {
    fn default() -> Self {
        Self {
            on: true,
            batch_s: 10.0,
            revised_for_s: 60.0,
            overlap_s: 0.3,
            gap_s: 8.0,
            gap_sightings: 4.0,
            gap_at_most_s: 60.0,
            silent_gaps: 3.0,
            silent_at_most_s: 20.0,
            address_lifetime_s: 900.0,
            least_changes: 0.05,
            heard_again: 0.95,
            gap_mean: 0.75,
            level_sd_db: 4.0,
            on_person_level_sd_db: 4.2,
            on_person_frame_sd_db: 5.5,
            abrupt_at_most: 4.0,
            correlation: 0.5,
            floor_dbm: -93.0,
            one_sided_per_db: 0.25,
            interval_error: 0.0057,
            contradiction: -8.0,
            token_stays: 0.6,
            token_bits: 2.0,
            aging_bits: 12.0,
            key_bits: 16.0,
            phase: false,
            phase_sd_us: 4.0,
            phase_drift: 2.0,
            at_most: 256,
        }
    }
}

/// The level at one sensor at one end of a tracklet, dBm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SensorLevel {
    /// Sensor.
    pub sensor: u16,
    /// Mean of the frames at that end.
    pub dbm: f64,
    /// How many these were.
    pub frames: u32,
}

/// How far a device's level strays, dB.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stray {
    /// From one end to the next beginning.
    pub ends_db: f64,
    /// Of single frames beyond that.
    pub frames_db: f64,
}

impl Stray {
    fn between(self, a: &SensorLevel, b: &SensorLevel) -> f64 {
        let frames = 1.0 / f64::from(a.frames.max(1)) + 1.0 / f64::from(b.frames.max(1));
        self.ends_db.hypot(self.frames_db * frames.sqrt())
    }
}

/// What does not change with the address, or should not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traits {
    /// Tracker family, where the payload tells.
    pub family: Option<Family>,
    /// Sub-type of the address.
    pub address_kind: Option<AddressKind>,
    /// Battery level and the like, in `token_bits`.
    pub token: Option<u8>,
    /// SmartTag: quarters of an hour, counted.
    pub aging_counter: Option<u32>,
    /// A mark of the key that the payload shows.
    pub key_mark: Option<u64>,
}

/// One end of a tracklet.
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    /// Whose.
    pub emitter: EmitterId,
    /// When, µs since 1970.
    pub at_us: i64,
    /// Levels there, in order of the sensors.
    pub levels: Vec<SensorLevel>,
    /// Advertising interval, seconds, where the source class lets it be measured.
    pub interval_s: Option<f64>,
    /// Usual time between two sightings, seconds.
    pub usual_gap_s: f64,
    /// Place in the 625 µs grid, µs, where the source class has time stamps for it.
    pub phase_us: Option<f64>,
    /// What should not change.
    pub traits: Traits,
    /// How much less often strangers end at this level than they are heard at it, nats; 0 at a beginning.
    pub abrupt_nats: f64,
}

/// What is usual around us: what a newcomer is without being anybody's successor.
#[derive(Debug, Clone, PartialEq)]
pub struct Newcomers {
    /// How many begin, a second.
    pub per_s: f64,
    /// Share of the ends around us that are changes of address, and not devices that left.
    pub changes: f64,
    /// Mean and standard deviation of the levels at which they begin, dBm and dB.
    pub level: (f64, f64),
    /// Their intervals, the last ones, seconds.
    pub intervals_s: Vec<f64>,
}

/// Log-likelihood ratio of "`begun` is `ended` under a new address" against "unrelated", nats; `None` where it
/// cannot be.
#[must_use]
pub fn score(
    c: &LinkingConstants,
    stray: Stray,
    usual: &Newcomers,
    ended: &End,
    begun: &End,
) -> Option<f64> {
    let gap_s = (begun.at_us - ended.at_us) as f64 / 1e6;
    let longest =
        (c.gap_sightings * ended.usual_gap_s).clamp(c.gap_s, c.gap_at_most_s.max(c.gap_s));
    if ended.emitter == begun.emitter || !(-c.overlap_s..=longest).contains(&gap_s) {
        return None;
    }
    // Heard continuously, the interval rules the gap; with a receiver that sleeps, its habit does.
    let interval = ended.interval_s.unwrap_or(ended.usual_gap_s);
    let mean_s = c.gap_mean * interval.max(ended.usual_gap_s).max(0.02);
    let mut nats = (usual.changes * c.heard_again).ln()
        - mean_s.ln()
        - gap_s.max(0.0) / mean_s
        - usual.per_s.ln();
    nats += ended.abrupt_nats + levels(c, stray, usual, ended, begun);
    nats += interval_nats(c, usual, ended, begun);
    nats += traits_nats(c, gap_s, &ended.traits, &begun.traits);
    if c.phase
        && let (Some(a), Some(b)) = (ended.phase_us, begun.phase_us)
    {
        let apart = (b - a + 312.5).rem_euclid(625.0) - 312.5;
        let sd = c.phase_sd_us.hypot(c.phase_drift * gap_s.max(0.0));
        let z = apart / sd;
        nats += (-0.5 * z * z - (sd * 2.507).ln() + 625.0f64.ln()).max(c.contradiction);
    }
    Some(nats)
}

fn levels(c: &LinkingConstants, stray: Stray, usual: &Newcomers, ended: &End, begun: &End) -> f64 {
    let (mean, spread) = usual.level;
    let of = |levels: &[SensorLevel], sensor| levels.iter().find(|l| l.sensor == sensor).copied();
    let both = ended
        .levels
        .iter()
        .filter_map(|a| Some((*a, of(&begun.levels, a.sensor)?)));
    let shared = both.clone().count();
    let weight = 1.0 / (1.0 + c.correlation * (shared.max(1) - 1) as f64);
    let agree: f64 = both
        .map(|(a, b)| {
            let sd = stray.between(&a, &b);
            let (z, z0) = ((b.dbm - a.dbm) / sd, (b.dbm - mean) / spread);
            -0.5 * z * z - sd.ln() + 0.5 * z0 * z0 + spread.ln()
        })
        .sum();
    let alone = |of_one: &End, other: &End| -> f64 {
        let only = of_one
            .levels
            .iter()
            .filter(|l| of(&other.levels, l.sensor).is_none());
        only.map(|l| (l.dbm - c.floor_dbm).max(0.0)).sum()
    };
    weight * (agree - c.one_sided_per_db * (alone(ended, begun) + alone(begun, ended)))
}

fn interval_nats(c: &LinkingConstants, usual: &Newcomers, ended: &End, begun: &End) -> f64 {
    let (Some(a), Some(b)) = (ended.interval_s, begun.interval_s) else {
        return 0.0;
    };
    let z = (b - a) / (a * c.interval_error);
    if z.abs() >= 4.0 {
        return c.contradiction;
    }
    // How common that interval is decides what agreeing on it is worth.
    let near = |t: &&f64| ((**t - b) / (b * c.interval_error)).abs() < 4.0;
    let share = (usual.intervals_s.iter().filter(near).count() as f64 + 1.0)
        / (usual.intervals_s.len() as f64 + 1.0);
    -0.5 * z * z - share.ln()
}

fn traits_nats(c: &LinkingConstants, gap_s: f64, a: &Traits, b: &Traits) -> f64 {
    let mut nats = 0.0;
    let differ = a.family != b.family
        || (a.address_kind.is_some()
            && b.address_kind.is_some()
            && a.address_kind != b.address_kind);
    if differ {
        nats += c.contradiction;
    }
    if let (Some(a), Some(b)) = (a.token, b.token) {
        nats += if a == b {
            (c.token_stays * c.token_bits.exp2()).ln()
        } else {
            (1.0 - c.token_stays).ln()
        };
    }
    if let (Some(a), Some(b)) = (a.aging_counter, b.aging_counter) {
        // Quarters of an hour: it goes on by one at most, more only over a long gap.
        let at_most = 1 + (gap_s.max(0.0) / 900.0).ceil() as u32;
        let goes_on = b.checked_sub(a).is_some_and(|d| d <= at_most);
        nats += if goes_on {
            c.aging_bits * std::f64::consts::LN_2
        } else {
            c.contradiction
        };
    }
    if let (Some(a), Some(b)) = (a.key_mark, b.key_mark)
        && a == b
    {
        // A key that changes with the address is the rule, and says nothing.
        nats += c.key_bits * std::f64::consts::LN_2;
    }
    nats
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(number: u64, at_s: f64, dbm: f64) -> End {
        End {
            emitter: EmitterId(number),
            at_us: (at_s * 1e6) as i64,
            levels: vec![SensorLevel {
                sensor: 0,
                dbm,
                frames: 4,
            }],
            interval_s: Some(2.0),
            usual_gap_s: 2.0,
            phase_us: Some(100.0),
            traits: Traits::default(),
            abrupt_nats: 0.0,
        }
    }

    const STRAY: Stray = Stray {
        ends_db: 4.0,
        frames_db: 0.0,
    };

    fn usual() -> Newcomers {
        Newcomers {
            per_s: 0.5,
            changes: 1.0,
            level: (-82.0, 8.0),
            intervals_s: Vec::new(),
        }
    }

    fn of(a: &End, b: &End) -> Option<f64> {
        score(&LinkingConstants::default(), STRAY, &usual(), a, b)
    }

    #[test]
    fn by_hand() {
        let got = of(&end(1, 0.0, -62.0), &end(2, 1.5, -62.0)).unwrap();
        // ln .95 - ln 1.5 - 1 - ln .5, then -ln 4 + 2.5^2 / 2 + ln 8
        let by_hand = -0.051_293 - 0.405_465 - 1.0 - std::f64::consts::LN_2 + 3.125 + 2.079_442;
        assert!((got - by_hand).abs() < 1e-5, "{got} {by_hand}");
    }

    #[test]
    fn out_of_the_window_it_cannot_be() {
        assert_eq!(of(&end(1, 0.0, -62.0), &end(2, 8.1, -62.0)), None);
        assert_eq!(of(&end(1, 0.0, -62.0), &end(2, -0.4, -62.0)), None);
        assert_eq!(of(&end(1, 0.0, -62.0), &end(1, 1.0, -62.0)), None);
        let phone = End {
            usual_gap_s: 10.0,
            ..end(1, 0.0, -62.0)
        };
        assert!(of(&phone, &end(2, 39.0, -62.0)).is_some());
        assert_eq!(of(&phone, &end(2, 41.0, -62.0)), None);
    }

    #[test]
    fn what_speaks_against() {
        let base = of(&end(1, 0.0, -62.0), &end(2, 1.0, -62.0)).unwrap();
        let less = |change: &dyn Fn(&mut End)| {
            let mut b = end(2, 1.0, -62.0);
            change(&mut b);
            base - of(&end(1, 0.0, -62.0), &b).unwrap()
        };
        assert!(less(&|b| b.levels[0].dbm = -80.0) > 5.0);
        assert!(less(&|b| b.interval_s = Some(1.0)) > 7.0);
        assert!((less(&|b| b.traits.family = Some(Family::Tile)) - 8.0).abs() < 1e-9);
        assert!(less(&|b| b.levels[0].sensor = 3) > 5.0);
        // Unless switched on the grid says nothing.
        assert!(less(&|b| b.phase_us = Some(400.0)).abs() < 1e-9);
    }

    #[test]
    fn a_counter_that_goes_on_is_nearly_certain() {
        let with = |counter: u32| {
            let mut e = end(1, 0.0, -62.0);
            e.traits.aging_counter = Some(counter);
            e
        };
        let next = |counter: u32| End {
            emitter: EmitterId(2),
            at_us: 1_000_000,
            ..with(counter)
        };
        let base = of(&with(100), &next(100)).unwrap();
        assert_eq!(of(&with(100), &next(101)), Some(base));
        assert!(base - of(&with(100), &next(99)).unwrap() > 16.0);
        assert!(base - of(&with(100), &next(105)).unwrap() > 16.0);
    }

    #[test]
    fn the_grid_where_it_is_taken_to_survive() {
        let c = LinkingConstants {
            phase: true,
            ..LinkingConstants::default()
        };
        let of = |phase| {
            let b = End {
                phase_us: Some(phase),
                ..end(2, 1.0, -62.0)
            };
            score(&c, STRAY, &usual(), &end(1, 0.0, -62.0), &b).unwrap()
        };
        // Around the end of the grid it goes on at its beginning.
        assert!(of(102.0) - of(400.0) > 10.0);
        assert!((of(98.0) - of(102.0)).abs() < 1e-9);
    }
}
