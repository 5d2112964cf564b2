//! Sums of runs, and the figures of the table.

use serde::Serialize;

use super::Run;
use crate::intervals::{Interval, poisson_rate, quantile, wilson};
use crate::random::Draws;

/// Times at which recall is stated, seconds: 5, 15 and 30 minutes.
pub const RECALL_AT_S: [f64; 3] = [300.0, 900.0, 1800.0];
/// A missed tag counts as this in the restricted mean, seconds.
const HORIZON_S: f64 = 3600.0;
/// Emitters that a reliability bin has at least (`detection.md` section 10).
const BIN_EMITTERS: u64 = 400;
/// Edges of the cells of which bins are made.
const CELLS: [f64; 16] = [
    0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999,
];
/// A convoy-day, hours (`detection.md` section 10).
const DAY_H: f64 = 10.0;

/// Stated probabilities and what came of them, by cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecasts([Cell; CELLS.len()]);

#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Cell {
    n: u64,
    hits: u64,
    stated: f64,
}

impl Default for Forecasts {
    fn default() -> Self {
        Self([Cell::default(); CELLS.len()])
    }
}

impl Forecasts {
    /// Counts one emitter.
    pub fn add(&mut self, probability: f64, true_of_it: bool) {
        let at = CELLS.partition_point(|edge| *edge <= probability).max(1) - 1;
        if let Some(cell) = self.0.get_mut(at) {
            cell.n += 1;
            cell.hits += u64::from(true_of_it);
            cell.stated += probability;
        }
    }

    /// Counts others.
    pub fn merge(&mut self, other: &Self) {
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            a.n += b.n;
            a.hits += b.hits;
            a.stated += b.stated;
        }
    }

    /// Bins from the highest probability down, each made of as many cells as it takes to hold 400 emitters; the
    /// last may hold fewer.
    #[must_use]
    pub fn bins(&self) -> Vec<Bin> {
        let mut bins = Vec::new();
        let (mut open, mut to) = (Cell::default(), 1.0);
        for (cell, from) in self.0.iter().zip(CELLS).rev() {
            open.n += cell.n;
            open.hits += cell.hits;
            open.stated += cell.stated;
            if open.n >= BIN_EMITTERS || (from == 0.0 && open.n > 0) {
                bins.push(Bin {
                    from,
                    to,
                    n: open.n,
                    stated: open.stated / open.n as f64,
                    observed: wilson(open.hits, open.n),
                });
                (open, to) = (Cell::default(), from);
            }
        }
        bins.reverse();
        bins
    }
}

/// Emitters with a stated probability in one range.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bin {
    /// Lower end.
    pub from: f64,
    /// Upper end.
    pub to: f64,
    /// Emitters.
    pub n: u64,
    /// Their mean stated probability.
    pub stated: f64,
    /// The share that travelled with us, with Wilson's 95 % interval.
    pub observed: Option<Interval>,
}

/// What one rival did on the runs of one case.
#[derive(Debug, Clone, PartialEq, Default)]
struct RivalTally {
    name: String,
    runs: u64,
    times_s: Vec<f64>,
    false_alarms: u64,
    hours: f64,
}

/// Sum over the runs of one case in one environment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tally {
    runs: u64,
    hearable: u64,
    times_s: Vec<f64>,
    as_expected: u64,
    false_alarms: u64,
    false_clone_alarms: u64,
    own_alarms: u64,
    companion_alarms: u64,
    wrongly_aboard: u64,
    vehicle_hours: f64,
    attributable: u64,
    named: u64,
    named_right: u64,
    pair_right: u64,
    aboard_s: f64,
    clear_aboard_s: f64,
    clear_s: f64,
    links: [u64; 3],
    forecasts: Forecasts,
    vehicles_stated: Forecasts,
    rivals: Vec<RivalTally>,
    oracle_runs: u64,
    oracle_s: Vec<f64>,
}

impl Tally {
    /// Adds when the oracle found the tag of a run, seconds from its first reception.
    pub fn add_oracle(&mut self, found_s: Option<f64>) {
        self.oracle_runs += 1;
        self.oracle_s.extend(found_s);
    }

    /// Adds a run of so many vehicle-hours.
    pub fn add(&mut self, run: &Run, vehicle_hours: f64) {
        self.runs += 1;
        self.vehicle_hours += vehicle_hours;
        self.as_expected += u64::from(run.as_expected);
        self.false_alarms += run.false_alarms;
        self.false_clone_alarms += run.false_clone_alarms;
        self.own_alarms += run.own_alarms;
        self.companion_alarms += run.companion_alarms;
        self.wrongly_aboard += run.wrongly_aboard;
        if run.hearable {
            self.hearable += 1;
            self.times_s.extend(run.found_s);
            self.attributable += u64::from(run.attributable);
            self.pair_right += u64::from(run.attributable && run.pair_right);
            if let Some((probability, right)) = run.vehicle {
                self.named += 1;
                self.named_right += u64::from(right);
                self.vehicles_stated.add(probability, right);
            }
        }
        self.aboard_s += run.aboard_s;
        self.clear_aboard_s += run.clear_aboard_s;
        self.clear_s += run.clear_s;
        for (a, b) in self.links.iter_mut().zip(run.links) {
            *a += b;
        }
        for (p, y) in &run.forecasts {
            self.forecasts.add(*p, *y);
        }
    }

    /// Adds what a rival did on a run: when it found the tag, seconds from the clock's zero, and its false alarms.
    pub fn add_rival(&mut self, name: &str, found_s: Option<f64>, false_alarms: u64, hours: f64) {
        let at = match self.rivals.iter().position(|r| r.name == name) {
            Some(at) => at,
            None => {
                self.rivals.push(RivalTally {
                    name: name.to_owned(),
                    ..RivalTally::default()
                });
                self.rivals.len() - 1
            }
        };
        if let Some(r) = self.rivals.get_mut(at) {
            r.runs += 1;
            r.times_s.extend(found_s);
            r.false_alarms += false_alarms;
            r.hours += hours;
        }
    }

    /// The figures.
    #[must_use]
    pub fn figures(&self) -> CaseFigures {
        let within = |s: f64| self.times_s.iter().filter(|t| **t <= s).count() as u64;
        let missed = self.hearable.saturating_sub(self.times_s.len() as u64) as f64;
        let sum: f64 = self.times_s.iter().map(|t| t.min(HORIZON_S)).sum();
        CaseFigures {
            runs: self.runs,
            hearable: self.hearable,
            found: self.times_s.len() as u64,
            recall: RECALL_AT_S.map(|s| wilson(within(s), self.hearable)),
            time_median_s: of_all(&self.times_s, self.hearable, 0.5),
            time_90_s: of_all(&self.times_s, self.hearable, 0.9),
            restricted_mean_s: (self.hearable > 0)
                .then(|| (sum + missed * HORIZON_S) / self.hearable as f64),
            clear_share: (self.aboard_s > 0.0).then(|| self.clear_aboard_s / self.aboard_s),
            clear_s: self.clear_s,
            vehicle_named: wilson(self.named, self.attributable),
            vehicle_right: wilson(self.named_right, self.attributable),
            vehicle_right_of_named: wilson(self.named_right, self.named),
            pair_right: wilson(self.pair_right, self.attributable),
            as_expected: wilson(self.as_expected, self.runs),
            false_alarms: self.false_alarms,
            false_clone_alarms: self.false_clone_alarms,
            own_alarms: self.own_alarms,
            companion_alarms: self.companion_alarms,
            wrongly_aboard: self.wrongly_aboard,
            vehicle_hours: self.vehicle_hours,
            link_recall: wilson(self.links[2], self.links[0]).filter(|_| self.links[1] > 0),
            link_purity: wilson(self.links[2], self.links[1]),
            rivals: self.rivals.iter().map(RivalTally::figures).collect(),
            oracle_median_s: of_all(&self.oracle_s, self.oracle_runs, 0.5),
        }
    }

    /// Stated probabilities of its emitters.
    #[must_use]
    pub const fn forecasts(&self) -> &Forecasts {
        &self.forecasts
    }

    /// Stated probabilities of named vehicles.
    #[must_use]
    pub const fn vehicles_stated(&self) -> &Forecasts {
        &self.vehicles_stated
    }
}

impl RivalTally {
    fn figures(&self) -> RivalFigures {
        let within = |s: f64| self.times_s.iter().filter(|t| **t <= s).count() as u64;
        RivalFigures {
            rule: self.name.clone(),
            runs: self.runs,
            recall: RECALL_AT_S.map(|s| wilson(within(s), self.runs)),
            time_median_s: of_all(&self.times_s, self.runs, 0.5),
            false_alarms_per_hour: poisson_rate(self.false_alarms, self.hours),
        }
    }
}

/// Quantile over all that were to be found, those not found counted as infinite; `None` where it is infinite.
fn of_all(found: &[f64], all: u64, q: f64) -> Option<f64> {
    let missing = (all as usize).saturating_sub(found.len());
    let mut times = found.to_vec();
    times.extend(std::iter::repeat_n(f64::INFINITY, missing));
    quantile(&times, q).filter(|t| t.is_finite())
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseFigures {
    /// Runs.
    pub runs: u64,
    /// Runs in which what has to be found could be heard.
    pub hearable: u64,
    /// Of these, found before the end.
    pub found: u64,
    /// Share of the hearable found within 5, 15 and 30 minutes of the clock's zero.
    pub recall: [Option<Interval>; 3],
    /// Time to alert over all hearable runs, seconds: median; `None` where half were not found.
    pub time_median_s: Option<f64>,
    /// The same, 90 % quantile.
    pub time_90_s: Option<f64>,
    /// Mean, those not found counted as an hour, seconds.
    pub restricted_mean_s: Option<f64>,
    /// Share of the time with a hearable tag aboard that was called `clear`.
    pub clear_share: Option<f64>,
    /// Time called `clear` in all, seconds.
    pub clear_s: f64,
    /// Share of the found for which a single vehicle was named after a minute of driving.
    pub vehicle_named: Option<Interval>,
    /// Share of the found for which the right vehicle was named.
    pub vehicle_right: Option<Interval>,
    /// Share of the named that was right.
    pub vehicle_right_of_named: Option<Interval>,
    /// Share of the found for which the right vehicle was named or is in the named pair.
    pub pair_right: Option<Interval>,
    /// Share of the runs that ended as the family expects.
    pub as_expected: Option<Interval>,
    /// Alerts on bystanders' addresses.
    pub false_alarms: u64,
    /// Alerts on trackers that change their key where none was.
    pub false_clone_alarms: u64,
    /// Alerts on our own devices.
    pub own_alarms: u64,
    /// Alerts on followers and on strangers who ride along.
    pub companion_alarms: u64,
    /// Called aboard and not.
    pub wrongly_aboard: u64,
    /// Vehicle-hours.
    pub vehicle_hours: f64,
    /// Share of the true links that were made; `None` where no link is told.
    pub link_recall: Option<Interval>,
    /// Share of the made links that are true.
    pub link_purity: Option<Interval>,
    /// Median time to alert of a likelihood that knows the tag's level ([`super::oracle`]), seconds.
    pub oracle_median_s: Option<f64>,
    /// The rival rules on the same traces.
    pub rivals: Vec<RivalFigures>,
}

/// A rival on one row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RivalFigures {
    /// The rule.
    pub rule: String,
    /// Runs on which it ran.
    pub runs: u64,
    /// Share found within 5, 15 and 30 minutes.
    pub recall: [Option<Interval>; 3],
    /// Median time to alert, seconds; `None` where half were not found.
    pub time_median_s: Option<f64>,
    /// False alarms per hour of the convoy.
    pub false_alarms_per_hour: Option<Interval>,
}

/// Sum over drives with nothing planted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CleanTally {
    drives: u64,
    vehicle_hours: f64,
    convoy_hours: f64,
    /// Alarms of the drives that had any: co-travel, and trackers that change their key.
    alarmed: Vec<[u64; 2]>,
    clear_s: f64,
    seconds: f64,
    emitters: u64,
    forecasts: Forecasts,
    rivals: Vec<RivalTally>,
}

impl CleanTally {
    /// Adds a drive.
    pub fn add(&mut self, run: &Run, vehicles: u8, hours: f64) {
        self.drives += 1;
        self.convoy_hours += hours;
        self.vehicle_hours += hours * f64::from(vehicles);
        let alarms = [run.false_alarms, run.false_clone_alarms];
        if alarms != [0, 0] {
            self.alarmed.push(alarms);
        }
        self.clear_s += run.clear_s;
        self.seconds += hours * 3600.0;
        self.emitters += run.forecasts.len() as u64;
        for (p, y) in &run.forecasts {
            self.forecasts.add(*p, *y);
        }
    }

    /// Adds what a rival did on a drive.
    pub fn add_rival(&mut self, name: &str, false_alarms: u64, hours: f64) {
        let mut tally = Tally {
            rivals: std::mem::take(&mut self.rivals),
            ..Tally::default()
        };
        tally.add_rival(name, None, false_alarms, hours);
        self.rivals = tally.rivals;
    }

    /// Adds another part of the corpus.
    pub fn merge(&mut self, other: &Self) {
        self.drives += other.drives;
        self.vehicle_hours += other.vehicle_hours;
        self.convoy_hours += other.convoy_hours;
        self.alarmed.extend_from_slice(&other.alarmed);
        self.clear_s += other.clear_s;
        self.seconds += other.seconds;
        self.emitters += other.emitters;
        self.forecasts.merge(&other.forecasts);
        for r in &other.rivals {
            let at = self.rivals.iter().position(|mine| mine.name == r.name);
            match at.and_then(|at| self.rivals.get_mut(at)) {
                Some(mine) => {
                    mine.runs += r.runs;
                    mine.false_alarms += r.false_alarms;
                    mine.hours += r.hours;
                }
                None => self.rivals.push(r.clone()),
            }
        }
    }

    /// Stated probabilities of its emitters.
    #[must_use]
    pub const fn forecasts(&self) -> &Forecasts {
        &self.forecasts
    }

    /// The figures.
    #[must_use]
    pub fn figures(&self) -> CleanFigures {
        let [co_travel, clones] =
            [0, 1].map(|i: usize| self.alarmed.iter().filter_map(|a| a.get(i)).sum::<u64>());
        let alarms = co_travel + clones;
        let with = self.alarmed.len() as u64;
        // One road is one drive whatever the number of vehicles on it: the interval counts drives with an alarm.
        let per_drive = poisson_rate(with, self.vehicle_hours);
        let scale = if with == 0 {
            1.0
        } else {
            alarms as f64 / with as f64
        };
        let by_drive = per_drive.map(|i| Interval {
            value: i.value * scale,
            low: i.low * scale,
            high: i.high * scale,
        });
        let a_day = poisson_rate(alarms, self.convoy_hours / DAY_H);
        CleanFigures {
            drives: self.drives,
            drives_with_alarm: with,
            vehicle_hours: self.vehicle_hours,
            emitters: self.emitters,
            alarms: co_travel,
            clone_alarms: clones,
            per_vehicle_hour: poisson_rate(alarms, self.vehicle_hours),
            per_vehicle_hour_by_drive: by_drive,
            per_vehicle_hour_resampled: self.resampled(),
            per_convoy_day: a_day.map(|i| i.value),
            clear_share: (self.seconds > 0.0).then(|| self.clear_s / self.seconds),
            rivals: self
                .rivals
                .iter()
                .map(|r| RivalFigures {
                    recall: [None; 3],
                    ..r.figures()
                })
                .collect(),
        }
    }

    /// 95 % interval of the rate, drives drawn with replacement (Efron 1979).
    fn resampled(&self) -> Option<[f64; 2]> {
        const RESAMPLES: usize = 1000;
        if self.alarmed.is_empty() || self.vehicle_hours <= 0.0 {
            return None;
        }
        let mut draws = Draws::new(self.drives);
        let n = self.drives as usize;
        let mut rates: Vec<f64> = (0..RESAMPLES)
            .map(|_| {
                let mut sum = 0;
                for _ in 0..n {
                    if let Some(a) = self.alarmed.get(draws.below(n)) {
                        sum += a.iter().sum::<u64>();
                    }
                }
                sum as f64 / self.vehicle_hours
            })
            .collect();
        rates.sort_by(f64::total_cmp);
        Some([quantile(&rates, 0.025)?, quantile(&rates, 0.975)?])
    }
}

/// One row of the clean table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CleanFigures {
    /// Drives.
    pub drives: u64,
    /// Of these, with at least one alarm.
    pub drives_with_alarm: u64,
    /// Vehicle-hours.
    pub vehicle_hours: f64,
    /// Emitters heard.
    pub emitters: u64,
    /// Alerts on one emitter.
    pub alarms: u64,
    /// Alerts on trackers that change their key.
    pub clone_alarms: u64,
    /// Both per vehicle-hour, as if every alarm were independent of every other.
    pub per_vehicle_hour: Option<Interval>,
    /// The same with the exact interval of the number of drives with an alarm.
    pub per_vehicle_hour_by_drive: Option<Interval>,
    /// The same with drives drawn with replacement; `None` without an alarm.
    pub per_vehicle_hour_resampled: Option<[f64; 2]>,
    /// Per convoy-day of ten hours.
    pub per_convoy_day: Option<f64>,
    /// Share of the time that was called `clear`.
    pub clear_share: Option<f64>,
    /// The rival rules on the part on which they ran.
    pub rivals: Vec<RivalFigures>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_hold_four_hundred_and_lose_nobody() {
        let mut f = Forecasts::default();
        for i in 0..1000 {
            f.add(f64::from(i) / 1000.0, i % 2 == 0);
        }
        f.add(1.0, true);
        let bins = f.bins();
        assert_eq!(bins.iter().map(|b| b.n).sum::<u64>(), 1001);
        assert!(bins.iter().skip(1).all(|b| b.n >= 400), "{bins:?}");
        let last = bins.last().unwrap();
        assert!(
            (last.stated - 0.77).abs() < 0.04 && last.to == 1.0,
            "{last:?}"
        );
    }

    #[test]
    fn quantiles_count_those_not_found() {
        let mut tally = Tally::default();
        for (hearable, found_s) in [
            (true, Some(10.0)),
            (true, Some(400.0)),
            (true, None),
            (false, None),
        ] {
            let run = Run {
                hearable,
                found_s,
                ..Run::default()
            };
            tally.add(&run, 7.0);
        }
        let f = tally.figures();
        assert_eq!((f.runs, f.hearable, f.found), (4, 3, 2));
        assert_eq!((f.time_median_s, f.time_90_s), (Some(400.0), None));
        assert!((f.recall[0].unwrap().value - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_clean_corpus_counts_drives() {
        let mut clean = CleanTally::default();
        for i in 0..1000 {
            let run = Run {
                false_alarms: if i == 7 { 5 } else { 0 },
                ..Run::default()
            };
            clean.add(&run, 7, 1.0);
        }
        let f = clean.figures();
        let by_alarm = f.per_vehicle_hour.unwrap();
        let by_drive = f.per_vehicle_hour_by_drive.unwrap();
        assert_eq!((f.drives_with_alarm, f.alarms), (1, 5));
        assert!((by_alarm.value - 5.0 / 7000.0).abs() < 1e-12);
        // One unlucky drive proves less than five alarms would.
        assert!(by_drive.high > 2.0 * by_alarm.high && by_drive.low < by_alarm.low);
        let [low, high] = f.per_vehicle_hour_resampled.unwrap();
        assert!(low == 0.0 && (5.0 / 7000.0..=25.0 / 7000.0).contains(&high));
        assert!((f.per_convoy_day.unwrap() - 0.05).abs() < 1e-12);
    }
}
