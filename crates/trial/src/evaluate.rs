//! All rules over all recordings.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::{
    Log, Regime, Truth,
    loro::{LeftOut, leave_one_recording_out},
    reliability::reliability,
    rules,
    score::{Alert, Tally},
    table::{Calibration, Recording, Row, Table},
};

/// What the product said of one recording.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProductRun {
    /// Its alerts, one per identifier of an alerted emitter.
    pub alerts: Vec<Alert>,
    /// When it raised alerts that name a rotating tracker and no identifier, microseconds since 1970.
    pub clones: Vec<i64>,
    /// The highest probability that it stated, one per identifier.
    pub probabilities: Vec<(u32, f64)>,
    /// (identifier, margin) records on which its calibration curve is fitted, where it has one:
    /// one per identifier and newly reached turnover.
    pub records: Vec<(u32, f64)>,
}

/// How to evaluate.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Name of the product's row.
    pub product: String,
    /// What the product's row is: analyzer and version.
    pub product_source: String,
    /// Missed emitters count as this many seconds in the restricted mean.
    pub horizon_s: f64,
    /// Threads; 0 counts as 1. The result does not depend on it.
    pub jobs: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            product: "vigie".to_owned(),
            product_source: String::new(),
            horizon_s: 1800.0,
            jobs: 1,
        }
    }
}

/// Runs every rival over the recordings and scores them beside the product.
///
/// `product` holds one run per recording, in their order; a missing one counts as silent. Without
/// any, the table has the rivals only. The table lists and sums recordings in order of name, so the
/// order in which they are given does not matter.
#[must_use]
pub fn evaluate(
    recordings: &[(Log, Truth)],
    product: Option<&[ProductRun]>,
    options: &Options,
) -> Table {
    let mut by_name: Vec<usize> = (0..recordings.len()).collect();
    by_name.sort_by_key(|&i| recordings.get(i).map(|(log, _)| &log.name));
    let judged = in_parallel(by_name.len(), options.jobs, |nth| {
        let i = *by_name.get(nth)?;
        let run = product.map(|runs| runs.get(i).cloned().unwrap_or_default());
        recordings
            .get(i)
            .map(|(log, truth)| judge(log, truth, run.as_ref(), options))
    });
    let judged: Vec<Judged> = judged.into_iter().flatten().collect();
    let mut pooled: Vec<(String, String, Tally)> = Vec::new();
    for (i, row) in judged.iter().flat_map(|j| j.tallies.iter().enumerate()) {
        match pooled.get_mut(i) {
            Some(sum) => sum.2.add(&row.2),
            None => pooled.push(row.clone()),
        }
    }
    let rows = |tallies: &[(String, String, Tally)]| -> Vec<Row> {
        tallies
            .iter()
            .map(|(rule, source, tally)| Row {
                rule: rule.clone(),
                source: source.clone(),
                figures: tally.figures(options.horizon_s),
            })
            .collect()
    };
    let calibration = pooled
        .first()
        .filter(|_| product.is_some())
        .map(|(_, _, tally)| Calibration {
            reliability: [0, 1, 2].map(|i: usize| {
                tally
                    .forecasts
                    .get(i)
                    .map_or_else(Vec::new, |f| reliability(f))
            }),
            left_out: [0, 1, 2].map(|i| left_out(&judged, i)),
        });
    Table {
        horizon_s: options.horizon_s,
        rules: rows(&pooled),
        recordings: judged
            .iter()
            .map(|j| Recording {
                name: j.name.clone(),
                identifiers: j.identifiers,
                left_out_as_own: j.left_out_as_own,
                rules: rows(&j.tallies),
            })
            .collect(),
        calibration,
    }
}

struct Judged {
    name: String,
    identifiers: u64,
    left_out_as_own: [u64; 3],
    /// Rule, source, tally; the product first.
    tallies: Vec<(String, String, Tally)>,
    /// Calibration records per regime.
    records: [Vec<(f64, bool)>; 3],
}

fn judge(log: &Log, truth: &Truth, product: Option<&ProductRun>, options: &Options) -> Judged {
    let mut tallies = Vec::new();
    if let Some(run) = product {
        let tally = Tally::with_clones(log, truth, &run.alerts, &run.clones, &run.probabilities);
        tallies.push((
            options.product.clone(),
            options.product_source.clone(),
            tally,
        ));
    }
    for mut rule in rules::rivals() {
        let alerts = rules::run(rule.as_mut(), log);
        let tally = Tally::of(log, truth, &alerts, &rule.probabilities());
        tallies.push((rule.name().to_owned(), rule.source().to_owned(), tally));
    }
    let planted = truth.identifiers();
    let excluded = Regime::ALL.map(|r| r.excluded(log, truth));
    let records = product.map_or(&[][..], |p| &p.records);
    Judged {
        name: log.name.clone(),
        identifiers: log.identifiers.len() as u64,
        left_out_as_own: excluded.each_ref().map(|e| e.len() as u64),
        tallies,
        records: excluded.each_ref().map(|e| {
            records
                .iter()
                .filter(|(i, _)| !e.contains(i))
                .map(|&(i, margin)| (margin, planted.contains(&i)))
                .collect()
        }),
    }
}

fn left_out(judged: &[Judged], regime: usize) -> Option<LeftOut> {
    let records: Vec<Vec<(f64, bool)>> = judged
        .iter()
        .map(|j| j.records.get(regime).cloned().unwrap_or_default())
        .collect();
    (records.iter().any(|r| !r.is_empty())).then(|| leave_one_recording_out(&records))
}

/// Calls `work` for 0 to `n` on `jobs` threads; results in order.
pub fn in_parallel<T: Send>(n: usize, jobs: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(n));
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, n.max(1)) {
            scope.spawn(|| {
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    if i >= n {
                        break;
                    }
                    let result = work(i);
                    done.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push((i, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::{StandStill, stand_still, tests::small_source};

    fn recordings() -> Vec<(Log, Truth)> {
        let source = small_source();
        (0..4)
            .map(|seed| {
                let how = StandStill {
                    hours: 0.2,
                    ..StandStill::default()
                };
                let composed = stand_still(&source, seed, &how);
                let mut log = composed.log;
                log.name = format!("log{seed}");
                (log, Truth::of(composed.special))
            })
            .collect()
    }

    #[test]
    fn threads_do_not_change_the_table() {
        let recordings = recordings();
        let options = |jobs| Options {
            jobs,
            ..Options::default()
        };
        let one = evaluate(&recordings, None, &options(1));
        let four = evaluate(&recordings, None, &options(4));
        assert_eq!(one, four);
        assert_eq!(one.recordings.len(), 4);
        assert_eq!(one.rules.len(), rules::rivals().len());
        assert!(one.calibration.is_none());
    }

    #[test]
    fn the_order_of_recordings_does_not_change_the_table() {
        let mut recordings = recordings();
        let options = Options::default();
        let runs: Vec<ProductRun> = (0..4)
            .map(|i| ProductRun {
                probabilities: vec![(0, f64::from(i) / 4.0)],
                ..ProductRun::default()
            })
            .collect();
        let forward = evaluate(&recordings, Some(&runs), &options);
        recordings.reverse();
        let runs: Vec<ProductRun> = runs.into_iter().rev().collect();
        assert_eq!(forward, evaluate(&recordings, Some(&runs), &options));
    }

    #[test]
    fn the_product_comes_first_and_pools() {
        let recordings = recordings();
        let runs: Vec<ProductRun> = recordings
            .iter()
            .map(|(log, truth)| {
                let planted = truth.identifiers();
                let at_us = log.sightings.last().map_or(0, |s| s.time_us);
                ProductRun {
                    clones: Vec::new(),
                    alerts: planted
                        .iter()
                        .map(|&identifier| Alert {
                            identifier,
                            at_us,
                            probability: Some(0.7),
                        })
                        .collect(),
                    probabilities: (0..log.identifiers.len() as u32)
                        .map(|i| (i, if planted.contains(&i) { 0.7 } else { 0.1 }))
                        .collect(),
                    records: vec![(0, -1.0), (0, 0.5), (1, 1.0)],
                }
            })
            .collect();
        let table = evaluate(&recordings, Some(&runs), &Options::default());
        let product = &table.rules[0];
        assert_eq!(product.rule, "vigie");
        assert_eq!((product.figures.planted, product.figures.detected), (4, 4));
        assert_eq!(product.figures.false_alarms, [0, 0, 0]);
        let hours: f64 = recordings.iter().map(|r| r.0.hours()).sum();
        assert!((product.figures.hours - hours).abs() < 1e-9);
        let calibration = table.calibration.as_ref().unwrap();
        // 0.7 for the four planted, 0.1 for all others.
        assert_eq!(calibration.reliability[0][4].n, 4);
        assert!(calibration.left_out[0].is_some());
    }
}
