//! The rate CUSUM that `loud-orphans@1` and `loud-chains@1` share: events of a kind that passing emitters seldom
//! make, counted per receiver, against a source that makes them regularly at one level (`detection.md` section 3).

/// Levels that a source may have, dBm: -90 to -60 in steps of 5.
pub const SOURCES: usize = 7;
/// Bands of levels in which ambient events are counted, 5 dB each from -95 dBm.
pub const BANDS: usize = 10;
const BAND_DB: f64 = 5.0;
const FIRST_BAND_DBM: f64 = -95.0;
const FIRST_SOURCE_DBM: f64 = -90.0;

/// How a source's events spread around its level, dB (fading and shadowing together).
const SPREAD_DB: f64 = 4.5;

/// The band of a level.
#[must_use]
pub fn band_of(level_dbm: f64) -> usize {
    let above = ((level_dbm - FIRST_BAND_DBM) / BAND_DB).ceil() - 1.0;
    above.clamp(0.0, (BANDS - 1) as f64) as usize
}

/// The level of a source, dBm.
#[must_use]
pub fn source_dbm(source: usize) -> f64 {
    FIRST_SOURCE_DBM + BAND_DB * source as f64
}

/// One source hypothesis at one receiver.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Run {
    /// The statistic, nats, at least 0.
    pub nats: f64,
    /// When the first event since it was last 0 happened, µs.
    pub since_us: i64,
    /// Events since then.
    pub events: u32,
    /// Sum of their levels, dBm.
    pub level_sum: f64,
}

/// The statistics of one receiver: one for each level that a source may have.
#[derive(Debug, Clone, PartialEq)]
pub struct RateCusum {
    /// Events a second of the source looked for.
    rate: f64,
    /// The most that one event may add, nats.
    cap: f64,
    /// A run older than this begins anew, µs: what has not shown itself by then is not the source, but an ambient
    /// rate that is higher than expected (a window-limited CUSUM).
    longest_us: i64,
    last_us: Option<i64>,
    runs: [Run; SOURCES],
}

/// An event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateEvent {
    /// When it is taken in, µs: never before it could be known.
    pub known_us: i64,
    /// When it happened, µs.
    pub at_us: i64,
    /// Level, dBm.
    pub level_dbm: f64,
    /// Ambient events of this band, a second.
    pub ambient: f64,
}

impl RateCusum {
    /// Looks for a source of so many events a second; one event adds at most `cap` nats, and a run lasts at most
    /// `longest_s` seconds.
    #[must_use]
    pub fn new(rate: f64, cap: f64, longest_s: f64) -> Self {
        Self {
            rate,
            cap,
            longest_us: (longest_s * 1e6) as i64,
            last_us: None,
            runs: [Run::default(); SOURCES],
        }
    }

    /// Takes an event.
    pub fn take(&mut self, event: &RateEvent) {
        let last_us = self.last_us.replace(event.known_us);
        let passed_s = last_us.map_or(0.0, |last| (event.known_us - last).max(0) as f64 / 1e6);
        let band = FIRST_BAND_DBM + BAND_DB * (band_of(event.level_dbm) as f64 + 0.5);
        for (source, run) in self.runs.iter_mut().enumerate() {
            run.nats = (run.nats - self.rate * passed_s).max(0.0);
            let off = (band - source_dbm(source)) / SPREAD_DB;
            let share = BAND_DB * (-0.5 * off * off).exp() / (SPREAD_DB * SQRT_TAU);
            let gain = (self.rate * share / event.ambient).ln_1p().min(self.cap);
            if run.nats <= 0.0 || event.known_us - run.since_us > self.longest_us {
                *run = Run {
                    nats: 0.0,
                    since_us: event.at_us,
                    events: 0,
                    level_sum: 0.0,
                };
            }
            run.nats += gain;
            // What is far from its level is no event of this source.
            if off.abs() < 2.5 {
                run.events += 1;
                run.level_sum += event.level_dbm;
            }
        }
    }

    /// The highest statistic.
    #[must_use]
    pub fn best(&self) -> (usize, Run) {
        let mut best = (0, self.runs.first().copied().unwrap_or_default());
        for (source, run) in self.runs.iter().enumerate() {
            // The cap makes neighbours equal: the one that explains more events is it.
            if (run.nats, run.events) > (best.1.nats, best.1.events) {
                best = (source, *run);
            }
        }
        best
    }

    /// The highest statistic as it stands at a time, nats.
    #[must_use]
    pub fn nats_at(&self, now_us: i64) -> f64 {
        let passed_s = self
            .last_us
            .map_or(0.0, |last| (now_us - last).max(0) as f64 / 1e6);
        (self.best().1.nats - self.rate * passed_s).max(0.0)
    }
}

/// The square root of 2π as the prototype rounds it.
const SQRT_TAU: f64 = 2.5066;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_as_the_prototype_counts_them() {
        let bands = [-99.0, -95.0, -90.0, -89.0, -85.0, -62.0, -20.0].map(band_of);
        assert_eq!(bands, [0, 0, 0, 1, 1, 6, 9]);
        assert_eq!(source_dbm(SOURCES - 1), -60.0);
    }

    #[test]
    fn regular_events_add_up_and_silence_takes_it_away() {
        let mut cusum = RateCusum::new(0.3, 3.0, 300.0);
        for i in 0..5_i64 {
            cusum.take(&RateEvent {
                known_us: (6 + 2 * i) * 1_000_000,
                at_us: 2 * i * 1_000_000,
                level_dbm: -70.0,
                ambient: 1e-5,
            });
        }
        let (source, run) = cusum.best();
        assert!((run.nats - (15.0 - 4.0 * 0.6)).abs() < 1e-9, "{run:?}");
        assert_eq!((run.since_us, run.events), (0, 5));
        assert!((source_dbm(source) - -70.0).abs() <= 15.0);
        assert_eq!(cusum.nats_at(14_000_000), run.nats);
        assert_eq!(cusum.nats_at(80_000_000), 0.0);
    }
}
