//! Counting hits and false alarms of one rule.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    Log, Regime, Truth,
    intervals::{Interval, poisson_rate, quantile, wilson},
    log::seconds_between,
};

/// One alert of a rule, or of the product.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alert {
    /// Index into the log's identifiers.
    pub identifier: u32,
    /// When it was decided, microseconds since 1970-01-01T00:00:00Z.
    pub at_us: i64,
    /// Probability stated with it.
    pub probability: Option<f64>,
}

/// What one rule did on one or several recordings, before any figure is drawn from it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    /// Planted emitters, unheard ones included.
    pub planted: u64,
    /// Wall seconds from an emitter's first sighting to its first alert, one per detected emitter.
    pub times_s: Vec<f64>,
    /// False alarms per regime, counted per identifier.
    pub false_alarms: [u64; 3],
    /// Wall hours from the first to the last sighting.
    pub hours: f64,
    /// Probability and outcome per emitter, for each regime; empty when none were stated.
    pub forecasts: [Vec<(f64, bool)>; 3],
}

impl Tally {
    /// Counts one run. `probabilities`, where there are any, hold one per identifier, its highest.
    #[must_use]
    pub fn of(log: &Log, truth: &Truth, alerts: &[Alert], probabilities: &[(u32, f64)]) -> Self {
        Self::with_clones(log, truth, alerts, &[], probabilities)
    }

    /// The same with `clones`, the times of the alerts that name a rotating tracker and no identifier, microseconds.
    /// One finds every planted emitter present at that time if these change their identifiers, and is a false
    /// alarm otherwise.
    #[must_use]
    pub fn with_clones(
        log: &Log,
        truth: &Truth,
        alerts: &[Alert],
        clones: &[i64],
        probabilities: &[(u32, f64)],
    ) -> Self {
        let mut first_alert: BTreeMap<u32, i64> = BTreeMap::new();
        for a in alerts {
            let at = first_alert.entry(a.identifier).or_insert(a.at_us);
            *at = (*at).min(a.at_us);
        }
        let spans = log.spans();
        let mut tally = Self {
            planted: truth.planted.len() as u64 + truth.unheard,
            hours: log.hours(),
            ..Self::default()
        };
        let mut false_clones = clones.to_vec();
        for planted in &truth.planted {
            let ids = &planted.identifiers;
            let span = |i: &u32| spans.get(*i as usize).copied().flatten();
            let born = ids.iter().filter_map(|i| span(i).map(|s| s.0)).min();
            let last = ids.iter().filter_map(|i| span(i).map(|s| s.1)).max();
            let present = |at: &i64| {
                truth.changing
                    && born.is_some_and(|b| b <= *at)
                    && last.is_some_and(|l| seconds_between(l, *at) <= STILL_PRESENT_S)
            };
            false_clones.retain(|at| !present(at));
            let by_clone = clones.iter().copied().filter(present).min();
            let alerted = ids.iter().filter_map(|i| first_alert.get(i).copied());
            let alerted = alerted.chain(by_clone).min();
            if let (Some(born), Some(alerted)) = (born, alerted) {
                tally.times_s.push(seconds_between(born, alerted));
            }
        }
        let planted = truth.identifiers();
        for (slot, regime) in Regime::ALL.into_iter().enumerate() {
            let excluded = regime.excluded(log, truth);
            if let Some(count) = tally.false_alarms.get_mut(slot) {
                *count = first_alert
                    .keys()
                    .filter(|i| !planted.contains(i) && !excluded.contains(i))
                    .count() as u64
                    + false_clones.len() as u64;
            }
            if let Some(forecasts) = tally.forecasts.get_mut(slot) {
                *forecasts = probabilities
                    .iter()
                    .filter(|(i, _)| !excluded.contains(i))
                    .map(|&(i, p)| (p.clamp(0.0, 1.0), planted.contains(&i)))
                    .collect();
            }
        }
        tally
    }

    /// Adds another recording's tally.
    pub fn add(&mut self, other: &Self) {
        self.planted += other.planted;
        self.times_s.extend_from_slice(&other.times_s);
        self.hours += other.hours;
        for (a, b) in self.false_alarms.iter_mut().zip(other.false_alarms) {
            *a += b;
        }
        for (a, b) in self.forecasts.iter_mut().zip(&other.forecasts) {
            a.extend_from_slice(b);
        }
    }

    /// The figures; a missed emitter counts as `horizon_s` in the restricted mean.
    #[must_use]
    pub fn figures(&self, horizon_s: f64) -> Figures {
        let detected = self.times_s.len() as u64;
        let missed = self.planted.saturating_sub(detected) as f64;
        let restricted: f64 = self.times_s.iter().map(|t| t.min(horizon_s)).sum();
        let [all, ..] = self.false_alarms;
        let alarms = detected + all;
        Figures {
            planted: self.planted,
            detected,
            recall: wilson(detected, self.planted),
            precision: (alarms > 0).then(|| detected as f64 / alarms as f64),
            false_alarms: self.false_alarms,
            false_alarms_per_hour: self.false_alarms.map(|n| poisson_rate(n, self.hours)),
            hours: self.hours,
            time_median_s: quantile(&self.times_s, 0.5),
            time_90_s: quantile(&self.times_s, 0.9),
            found_within: WITHIN_S
                .map(|limit| self.times_s.iter().filter(|t| **t <= limit).count() as u64),
            restricted_mean_s: (self.planted > 0)
                .then(|| (restricted + missed * horizon_s) / self.planted as f64),
            brier: [0, 1, 2].map(|i: usize| self.forecasts.get(i).and_then(|f| brier(f))),
            brier_base: [0, 1, 2].map(|i: usize| self.forecasts.get(i).and_then(|f| base(f))),
        }
    }
}

/// A clone alert this long after an emitter was last heard still names it, seconds: the tests look back a minute.
const STILL_PRESENT_S: f64 = 60.0;

/// Limits of `found_within`, seconds.
const WITHIN_S: [f64; 2] = [900.0, 1800.0];

/// Brier score (1950): mean squared difference between forecast and outcome; `None` when empty.
#[must_use]
pub fn brier(forecasts: &[(f64, bool)]) -> Option<f64> {
    let sum: f64 = forecasts
        .iter()
        .map(|&(p, y)| (p - f64::from(u8::from(y))).powi(2))
        .sum();
    (!forecasts.is_empty()).then(|| sum / forecasts.len() as f64)
}

fn base(forecasts: &[(f64, bool)]) -> Option<f64> {
    let share = forecasts.iter().filter(|f| f.1).count() as f64 / forecasts.len() as f64;
    (!forecasts.is_empty()).then_some(share * (1.0 - share))
}

/// Figures of one rule; arrays are in the order of [`Regime::ALL`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// Planted emitters.
    pub planted: u64,
    /// Of these, alerted on.
    pub detected: u64,
    /// Share detected, with Wilson's 95 % interval; `None` when nothing was planted.
    pub recall: Option<Interval>,
    /// Detected emitters among all alerts, regime R0; `None` without alerts.
    pub precision: Option<f64>,
    /// Identifiers alerted on that are not planted, per regime.
    pub false_alarms: [u64; 3],
    /// The same per wall hour, with the exact Poisson 95 % interval (Garwood).
    pub false_alarms_per_hour: [Option<Interval>; 3],
    /// Wall hours.
    pub hours: f64,
    /// Wall seconds from first sighting to alert, median of the detected.
    pub time_median_s: Option<f64>,
    /// The same, 90 % quantile.
    pub time_90_s: Option<f64>,
    /// Mean over all planted of the smaller of that time and the horizon; missed ones count as the
    /// How many were found within 15 and within 30 minutes of wall time.
    pub found_within: [u64; 2],
    /// horizon. Wall seconds.
    pub restricted_mean_s: Option<f64>,
    /// Brier score of the stated probabilities per regime; `None` for rules that state none.
    pub brier: [Option<f64>; 3],
    /// Brier score of the constant forecast by the share that came true: what `brier` has to beat.
    pub brier_base: [Option<f64>; 3],
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sighting;
    use crate::labels::Planted;

    fn two_hours() -> Log {
        let mut log = Log::new("x");
        for id in ["a", "b", "c"] {
            log.add_identifier(id, None);
        }
        log.sightings = [(0.0, 0), (10.0, 1), (100.0, 2), (7200.0, 1)]
            .map(|(t, identifier)| Sighting {
                time_us: (t * 1e6) as i64,
                identifier,
                rssi: Some(-80),
                position: None,
            })
            .to_vec();
        log
    }

    fn alert(identifier: u32, at: f64) -> Alert {
        Alert {
            identifier,
            at_us: (at * 1e6) as i64,
            probability: None,
        }
    }

    #[test]
    fn counts() {
        let log = two_hours();
        let truth = Truth::of([1, 2]);
        let alerts = [
            alert(1, 310.0),
            alert(0, 400.0),
            alert(1, 500.0),
            alert(0, 600.0),
        ];
        let tally = Tally::of(&log, &truth, &alerts, &[(0, 0.8), (1, 0.9), (2, 0.0)]);
        let f = tally.figures(1800.0);
        assert_eq!((f.planted, f.detected, f.false_alarms), (2, 1, [1, 1, 1]));
        assert_eq!(f.time_median_s, Some(300.0));
        assert_eq!(f.restricted_mean_s, Some((300.0 + 1800.0) / 2.0));
        assert_eq!(f.precision, Some(0.5));
        assert!((f.false_alarms_per_hour[0].unwrap().value - 0.5).abs() < 1e-12);
        // (0.8^2 + 0.1^2 + 1) / 3
        assert!((f.brier[0].unwrap() - 0.55).abs() < 1e-12);
        // 2 of 3
        assert!((f.brier_base[0].unwrap() - 2.0 / 9.0).abs() < 1e-12);
    }

    #[test]
    fn an_emitter_counts_once_whatever_its_addresses() {
        let log = two_hours();
        let truth = Truth {
            planted: vec![Planted {
                kind: None,
                identifiers: vec![0, 2],
            }],
            unheard: 1,
            changing: false,
        };
        let f = Tally::of(&log, &truth, &[alert(2, 160.0)], &[]).figures(1800.0);
        assert_eq!((f.planted, f.detected, f.false_alarms[0]), (2, 1, 0));
        // From the first sighting of its first address.
        assert_eq!(f.time_median_s, Some(160.0));
        assert_eq!(f.brier[0], None);
    }

    #[test]
    fn a_clone_alert_finds_who_changes_and_is_present() {
        let log = two_hours();
        let mut truth = Truth::of([0, 2]);
        let at = |s: f64| (s * 1e6) as i64;
        let of = |truth: &Truth, clones: &[i64]| {
            let t = Tally::with_clones(&log, truth, &[], clones, &[]);
            (t.times_s, t.false_alarms[0])
        };
        // Planted ones that keep their identifiers: false.
        assert_eq!(of(&truth, &[at(40.0)]), (vec![], 1));
        truth.changing = true;
        // At 40 s the first was heard 40 s ago, the second not yet.
        assert_eq!(of(&truth, &[at(40.0)]), (vec![40.0], 0));
        assert_eq!(of(&truth, &[at(130.0), at(150.0)]), (vec![30.0], 0));
        assert_eq!(of(&truth, &[at(170.0)]), (vec![], 1));
    }

    #[test]
    fn nothing_planted_nothing_alerted() {
        let f = Tally::of(&two_hours(), &Truth::default(), &[], &[]).figures(1800.0);
        assert_eq!(
            (f.recall, f.precision, f.restricted_mean_s),
            (None, None, None)
        );
        // 0 events in 2 h: below 3.689 / 2 per hour.
        assert!((f.false_alarms_per_hour[0].unwrap().high - 1.844_439_7).abs() < 1e-6);
    }
}
