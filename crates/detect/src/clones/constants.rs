//! Constants of the tests for trackers that change their key, in one place.
//!
//! What is fitted comes from the convoy simulator's `Fit` half (simulated) by
//! `cargo run --release -p vigie --example fit_clones`; the rest is from `detection.md` section 3.

use serde::{Deserialize, Serialize};

use super::ambient::SPEEDS;
use super::fitted;
use super::occupancy::CELLS;
use super::rate::BANDS;

/// Constants of the clone tests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CloneConstants {
    /// When a key's life ends.
    pub lives: LifeConstants,
    /// How the surroundings are learned.
    pub ambient: AmbientConstants,
    /// When a sensor is flooded.
    pub flood: FloodConstants,
    /// T1.
    pub occupancy: OccupancyConstants,
    /// T2.
    pub orphans: OrphanConstants,
    /// T3.
    pub chains: ChainConstants,
    /// Level from which a score is called loud, dBm.
    pub loud_from_dbm: f64,
    /// When an alert stands and ends.
    pub standing: StandingConstants,
    /// Largest log-likelihood ratio stated, nats: what the simulated vehicle-hours behind the tails support
    /// (ln of their number). Decisions use the ratio as it is.
    pub llr_cap: f64,
    /// Posterior from which an alert is raised.
    pub act_probability: f64,
    /// Posterior from which it is watched.
    pub watch_probability: f64,
    /// Tag-class keys an hour above which the surroundings are called a crowd.
    pub crowd_keys_per_hour: f64,
    /// Tag-class keys an hour from which quiet scores have the tails of a crowd.
    pub dense_keys_per_hour: f64,
    /// Time that must have been listened before a loud clone is called found if it were there, seconds.
    pub heard_s: f64,
    /// ... and the share of it that may have been in a crowd.
    pub crowded_share: f64,
    /// With fewer receivers (vehicles) than this, nothing is told
    pub least_receivers: usize,
    /// where so many tag-class keys or more come by, an hour: at 20 one simulated vehicle in a town still raised thirty
    /// times what is allowed, at 10 nothing in 1,500 hours,
    pub alone_keys_per_hour: f64,
    /// ... unless we drive this fast, metres a second: the slowest of country roads (`environment`).
    pub open_road_m_s: f64,
}

impl Default for CloneConstants {
    fn default() -> Self {
        Self {
            lives: LifeConstants::default(),
            ambient: AmbientConstants::default(),
            flood: FloodConstants::default(),
            occupancy: OccupancyConstants::default(),
            orphans: OrphanConstants::default(),
            chains: ChainConstants::default(),
            loud_from_dbm: -80.0,
            standing: StandingConstants::default(),
            llr_cap: fitted::LLR_CAP,
            act_probability: 0.5,
            watch_probability: 0.2,
            crowd_keys_per_hour: 700.0,
            dense_keys_per_hour: 250.0,
            heard_s: 600.0,
            crowded_share: 0.2,
            least_receivers: 3,
            alone_keys_per_hour: 10.0,
            open_road_m_s: 14.5,
        }
    }
}

/// When a key's life ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LifeConstants {
    /// Frames of one key within this time are one advertising event, seconds: less than an interval, more than
    /// clocks that were not yet aligned are apart.
    pub event_s: f64,
    /// A life has ended after this silence, seconds: three intervals of two seconds (section 3).
    pub silence_s: f64,
    /// A receiver that hears nothing at all for this long is not known to listen, seconds.
    pub lull_s: f64,
    /// A key is forgotten after this silence, seconds.
    pub forget_s: f64,
    /// Keys kept at most.
    pub keys: usize,
}

impl Default for LifeConstants {
    fn default() -> Self {
        Self {
            event_s: 1.0,
            silence_s: 6.0,
            lull_s: 2.0,
            forget_s: 120.0,
            keys: 65_536,
        }
    }
}

/// How the surroundings are learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AmbientConstants {
    /// Memory of the rate of keys, seconds.
    pub memory_s: f64,
    /// Keys and seconds counted before any were: twenty an hour, a rural road (`detection.md` 1.4).
    pub prior_keys: f64,
    /// See `prior_keys`.
    pub prior_s: f64,
    /// How long counts of events in a band at the other receivers are remembered, seconds.
    pub bands_memory_s: f64,
    /// Events that the fitted ratio counts for against those counts.
    pub bands_prior: f64,
    /// Speeds from which the classes slow, town, road and fast begin, metres a second.
    pub speed_edges_m_s: [f64; SPEEDS - 1],
    /// Speeds are smoothed over this time, seconds.
    pub speed_memory_s: f64,
    /// A speed older than this is not known, seconds.
    pub speed_stale_s: f64,
}

impl Default for AmbientConstants {
    fn default() -> Self {
        Self {
            memory_s: 180.0,
            prior_keys: 1.0,
            prior_s: 180.0,
            bands_memory_s: 1200.0,
            bands_prior: 2.0,
            speed_edges_m_s: [1.0, 6.0, 16.0, 25.0],
            speed_memory_s: 5.0,
            speed_stale_s: 30.0,
        }
    }
}

/// When a sensor is flooded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FloodConstants {
    /// What came this long before a flood was noticed belongs to it, seconds.
    pub before_s: f64,
    /// How long after it a sensor is still called flooded, seconds.
    pub after_s: f64,
}

impl Default for FloodConstants {
    fn default() -> Self {
        Self {
            before_s: 10.0,
            after_s: 5.0,
        }
    }
}

/// The tail of a statistic without clones: false alarms per vehicle-hour above `h` are `rate · exp(-exponent · h)`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tail {
    /// Per vehicle-hour, extrapolated to 0.
    pub rate: f64,
    /// Per nat.
    pub exponent: f64,
}

/// The tails of a test's loud and of its quiet scores; each has half of the test's share of the budget.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tails {
    /// From `loud_from_dbm` on.
    pub loud: Tail,
    /// Below it: passers-by, who come in bunches, reach this far.
    pub quiet: Tail,
    /// Below it where many keys come by (`dense_keys_per_hour`): a town or a crowd.
    pub dense: Tail,
}

/// T1, `occupancy@1`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OccupancyConstants {
    /// Share of the clones' budget of false alarms.
    pub share: f64,
    /// Window, seconds (section 3).
    pub window_s: f64,
    /// Only keys younger than this occupy a cell, seconds.
    pub young_s: f64,
    /// Keys that must have occupied a cell before it counts.
    pub keys: u32,
    /// ... and the longest that one of them may have taken on average, seconds: neighbours that arrive one by one
    /// and stay are no clone.
    pub key_s: f64,
    /// The most that an occupied window may add, nats (section 3).
    pub gain_cap: f64,
    /// The most that an empty one may take, nats (section 3).
    pub loss_cap: f64,
    /// How long a run may last, seconds: a clone has shown itself by then.
    pub longest_s: f64,
    /// Cells around a lower level than this do not count, dBm: at the edge of hearing they are never empty.
    pub quietest_dbm: f64,
    /// Arrivals in a cell of one receiver for each key that comes by there, by speed class (fitted).
    pub arrivals: [[f64; CELLS]; SPEEDS],
    /// Chance that an occupied cell stays so without a new arrival, by speed class (fitted).
    pub stays: [[f64; CELLS]; SPEEDS],
    /// Its tails (fitted).
    pub tails: Tails,
}

impl Default for OccupancyConstants {
    fn default() -> Self {
        Self {
            share: 1.0 / 3.0,
            window_s: 10.0,
            young_s: 30.0,
            keys: 3,
            key_s: 60.0,
            gain_cap: 2.0,
            loss_cap: 4.0,
            arrivals: fitted::ARRIVALS,
            stays: fitted::STAYS,
            longest_s: 400.0,
            quietest_dbm: -88.0,
            tails: fitted::OCCUPANCY_TAILS,
        }
    }
}

/// T2, `loud-orphans@1`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OrphanConstants {
    /// Share of the clones' budget of false alarms.
    pub share: f64,
    /// Orphans a second of the sources looked for: intervals of 2 s (section 3), 10 s and 60 s.
    pub rates: [f64; 3],
    /// How long a run of each may last, seconds.
    pub longest_s: [f64; 3],
    /// The most that one orphan may add, nats (section 3).
    pub gain_cap: f64,
    /// Only orphans louder than this count, dBm: at the edge of hearing every key is heard once.
    pub loud_dbm: f64,
    /// Orphans for each key that lives on, by speed class and band (fitted).
    pub ratios: [[f64; BANDS]; SPEEDS],
    /// Its tails (fitted).
    pub tails: Tails,
}

impl Default for OrphanConstants {
    fn default() -> Self {
        Self {
            share: 1.0 / 3.0,
            rates: [0.3, 0.06, 0.012],
            longest_s: [120.0, 240.0, 900.0],
            gain_cap: 3.0,
            ratios: fitted::ORPHANS,
            loud_dbm: -87.0,
            tails: fitted::ORPHAN_TAILS,
        }
    }
}

/// T3, `loud-chains@1`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChainConstants {
    /// Share of the clones' budget of false alarms.
    pub share: f64,
    /// Keys a second of the source looked for (section 3: one in 40 s).
    pub rate: f64,
    /// How long a run may last, seconds.
    pub longest_s: f64,
    /// The most that one key may add, nats (section 3).
    pub gain_cap: f64,
    /// Events that a key must have had.
    pub events: u32,
    /// Shortest and longest life, seconds (section 3: 10 to 900).
    pub life_s: [f64; 2],
    /// Both ends are louder than this, dBm (section 3).
    pub loud_dbm: f64,
    /// Both ends differ by less, dB (section 3).
    pub differ_db: f64,
    /// Keys heard this soon after listening began have no known birth, seconds.
    pub born_after_s: f64,
    /// Chains for each key that lives on, by speed class and band (fitted).
    pub ratios: [[f64; BANDS]; SPEEDS],
    /// Its tails (fitted).
    pub tails: Tails,
}

impl Default for ChainConstants {
    fn default() -> Self {
        Self {
            share: 1.0 / 3.0,
            rate: 1.0 / 40.0,
            longest_s: 600.0,
            gain_cap: 3.0,
            events: 3,
            life_s: [4.0, 900.0],
            loud_dbm: -87.0,
            differ_db: 8.0,
            born_after_s: 5.0,
            ratios: fitted::CHAINS,
            tails: fitted::CHAIN_TAILS,
        }
    }
}

/// When an alert stands and ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StandingConstants {
    /// An alert stands until nothing more was counted towards it for this long, seconds.
    pub quiet_s: f64,
    /// At the receiver of a standing clone, evidence within so many dB of its level is the same clone's.
    pub same_db: f64,
    /// At another receiver evidence is the standing clone's, overheard, unless its keys come in at least at this
    /// share of the rate at which they come in at the standing one's.
    pub overheard_share: f64,
    /// Share of that is judged over this time, seconds.
    pub overheard_s: f64,
    /// Probability from which one vehicle is named.
    pub named_probability: f64,
}

impl Default for StandingConstants {
    fn default() -> Self {
        Self {
            quiet_s: 600.0,
            same_db: 15.0,
            overheard_share: 0.75,
            overheard_s: 60.0,
            named_probability: 0.8,
        }
    }
}
