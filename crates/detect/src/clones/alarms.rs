//! From scores to alerts: one for each clone, however many tests, receivers and hours it is counted at.

use super::constants::CloneConstants;
use super::lives::{Receiver, seconds};
use super::{Counted, Score, Test};
use crate::config::{Config, logistic, logit};

/// A clone that alerted.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Receiver at which it alerted.
    pub receiver: Receiver,
    /// Level there, dBm.
    pub level_dbm: f64,
    /// When something was last counted towards it, µs since 1970.
    pub last_us: i64,
    /// Keys counted towards it.
    pub keys: u64,
}

/// What follows from a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Nothing new.
    Nothing,
    /// On its way to an alert; said once.
    Watch,
    /// An alert.
    Alert,
}

/// A score as evidence and as belief.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Belief {
    /// Log-likelihood ratio against an hour of driving without clones, nats, from the fitted tail.
    pub llr: f64,
    /// Chance of a clone in a vehicle-hour: the share of the budget of false alarms, moved by the threat level.
    pub prior: f64,
    /// Posterior, from the ratio as far as the data behind it can show.
    pub probability: f64,
}

/// What stands and what is watched.
#[derive(Debug, Default)]
pub struct Alarms {
    standing: Vec<Standing>,
    watched: Vec<(Receiver, i64)>,
    /// Alerts raised.
    pub raised: u64,
}

/// A receiver is watched for this long after its last score over the watch line, µs.
const WATCHED_US: i64 = 300_000_000;

impl Alarms {
    /// Holds a score against the lines.
    pub(crate) fn weigh<'c>(
        &mut self,
        config: &Config,
        score: &Score,
        now_us: i64,
        counted: impl Iterator<Item = &'c Counted> + Clone,
    ) -> Decision {
        let constants = &config.clones;
        let odds = unlimited(config, score);
        if odds < logit(constants.watch_probability) {
            return Decision::Nothing;
        }
        if let Some(standing) = self.explains(constants, score, now_us, counted) {
            standing.last_us = now_us;
            match score.test {
                Test::Occupancy => standing.keys = standing.keys.max(u64::from(score.keys)),
                Test::Orphans | Test::Chains => standing.keys += 1,
            }
            return Decision::Nothing;
        }
        if odds >= logit(constants.act_probability) {
            self.watched.retain(|(r, _)| *r != score.receiver);
            self.raised += 1;
            self.standing.push(Standing {
                receiver: score.receiver,
                level_dbm: score.level_dbm,
                last_us: now_us,
                keys: u64::from(score.keys),
            });
            return Decision::Alert;
        }
        let before = self.watched.iter_mut().find(|(r, _)| *r == score.receiver);
        let since_us = match before {
            Some((_, last_us)) => now_us - std::mem::replace(last_us, now_us),
            None => {
                self.watched.push((score.receiver, now_us));
                i64::MAX
            }
        };
        if since_us > seconds(constants.standing.quiet_s) {
            Decision::Watch
        } else {
            Decision::Nothing
        }
    }

    /// The standing clone whose keys these are.
    fn explains<'c>(
        &mut self,
        constants: &CloneConstants,
        score: &Score,
        now_us: i64,
        counted: impl Iterator<Item = &'c Counted> + Clone,
    ) -> Option<&mut Standing> {
        let c = &constants.standing;
        let from_us = now_us - seconds(c.overheard_s + constants.lives.silence_s);
        let rate = |receiver: Receiver| {
            let at = |l: &&Counted| l.receiver == receiver && l.first_us >= from_us;
            counted.clone().filter(at).count() as f64
        };
        self.standing.iter_mut().find(|s| {
            if s.receiver == score.receiver {
                (s.level_dbm - score.level_dbm).abs() <= c.same_db
            } else {
                rate(score.receiver) < c.overheard_share * rate(s.receiver)
            }
        })
    }

    /// Those towards which nothing was counted for long, or at the end of a run (`now_us` the largest) all.
    pub fn ended(&mut self, constants: &CloneConstants, now_us: i64) -> Vec<Standing> {
        let quiet_us = seconds(constants.standing.quiet_s);
        let is_over = |s: &mut Standing| now_us.saturating_sub(s.last_us) > quiet_us;
        if self.standing.is_empty() {
            return Vec::new();
        }
        self.standing.extract_if(.., is_over).collect()
    }

    /// Receivers that are on their way to an alert now.
    #[must_use]
    pub fn watched(&self, now_us: i64) -> u64 {
        let recent = |w: &&(Receiver, i64)| now_us - w.1 <= WATCHED_US;
        self.watched.iter().filter(recent).count() as u64
    }
}

fn prior(config: &Config, score: &Score) -> f64 {
    let (share, _) = score
        .test
        .calibration(&config.clones, score.level_dbm, score.dense);
    let allowed = config.budget.per_vehicle_hour * config.budget.clones * share;
    logistic(logit(allowed) + config.threat_factor().ln())
}

fn llr(constants: &CloneConstants, score: &Score) -> f64 {
    let (_, tail) = score
        .test
        .calibration(constants, score.level_dbm, score.dense);
    tail.exponent * score.nats - tail.rate.ln()
}

/// Posterior log-odds on which decisions rest.
fn unlimited(config: &Config, score: &Score) -> f64 {
    logit(prior(config, score)) + llr(&config.clones, score)
}

/// A score as evidence and as belief, as stated.
#[must_use]
pub fn belief(config: &Config, score: &Score) -> Belief {
    let prior = prior(config, score);
    let llr = llr(&config.clones, score).min(config.clones.llr_cap);
    Belief {
        llr,
        prior,
        probability: logistic(logit(prior) + llr),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Threat;

    const S: i64 = 1_000_000;

    fn score(receiver: Receiver, nats: f64, level_dbm: f64) -> Score {
        Score {
            test: Test::Orphans,
            receiver,
            nats,
            level_dbm,
            since_us: 0,
            keys: 5,
            dense: false,
        }
    }

    fn line(config: &Config) -> f64 {
        let at = |nats| unlimited(config, &score(0, nats, -60.0)) - logit(0.5);
        let exponent = Test::Orphans
            .calibration(&config.clones, -60.0, false)
            .1
            .exponent;
        -at(0.0) / exponent
    }

    #[test]
    fn one_clone_is_one_alert() {
        let config = Config::default();
        let mut alarms = Alarms::default();
        let over = line(&config) + 0.01;
        let none = std::iter::empty;
        let first = alarms.weigh(&config, &score(3, over, -70.0), S, none());
        assert_eq!(first, Decision::Alert);
        for i in 2..500 {
            let again = alarms.weigh(&config, &score(3, over + 5.0, -74.0), i * S, none());
            assert_eq!(again, Decision::Nothing);
        }
        assert_eq!(alarms.ended(&config.clones, 600 * S), []);
        let ended = alarms.ended(&config.clones, i64::MAX);
        assert_eq!(ended.len(), 1);
        assert_eq!(ended[0].keys, 5 + 498);
        assert_eq!(alarms.raised, 1);
    }

    #[test]
    fn what_neighbours_overhear_is_no_second_clone_but_as_much_again_is() {
        let config = Config::default();
        let over = line(&config) + 0.01;
        let life = |receiver, first_us| Counted {
            first_us,
            family: vigie_decode::Family::Tile,
            events: 1,
            receiver,
            heard: Vec::new(),
        };
        for (overheard, decision) in [(5, Decision::Nothing), (28, Decision::Alert)] {
            let mut alarms = Alarms::default();
            let mut counted: Vec<Counted> = (0..30).map(|i| life(3, i * 2 * S)).collect();
            alarms.weigh(&config, &score(3, over, -70.0), 40 * S, counted.iter());
            counted.extend((0..overheard).map(|i| life(4, i * 2 * S)));
            let got = alarms.weigh(&config, &score(4, over, -78.0), 60 * S, counted.iter());
            assert_eq!(got, decision);
        }
    }

    #[test]
    fn the_threat_level_moves_the_prior_alone() {
        let (calm, word) = (
            Config::default(),
            Config {
                threat: Threat::Critical,
                ..Config::default()
            },
        );
        let s = score(0, line(&calm) - 1.0, -60.0);
        let (a, b) = (belief(&calm, &s), belief(&word, &s));
        assert_eq!(a.llr, b.llr);
        assert!((logit(b.prior) - logit(a.prior) - 100.0_f64.ln()).abs() < 1e-9);
        assert!(a.probability < 0.5 && b.probability > 0.5);
    }

    #[test]
    fn watched_is_said_once() {
        let config = Config::default();
        let mut alarms = Alarms::default();
        let exponent = Test::Orphans
            .calibration(&config.clones, -60.0, false)
            .1
            .exponent;
        let near = score(3, line(&config) - 0.5 / exponent, -70.0);
        let mut weigh = |at_us| alarms.weigh(&config, &near, at_us, std::iter::empty());
        assert_eq!(weigh(S), Decision::Watch);
        assert_eq!(weigh(9 * S), Decision::Nothing);
        assert_eq!(alarms.watched(60 * S), 1);
        assert_eq!(alarms.watched(3600 * S), 0);
    }
}
