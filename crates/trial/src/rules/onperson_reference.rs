//! The reference detector of the on-person profile: a port of `onperson_reference.py`, equal to it
//! sighting by sighting (`onperson.md` section 5).
//!
//! It counts how many times the *other* identifiers have been replaced while one stayed (ambient
//! turnover), asks the more of it the quieter that one is, and one more turnover where we have not
//! moved. Two tiers: contact gaps up to 60 s and up to 300 s. Alert when the larger margin is
//! at least 0.

use std::collections::VecDeque;

use super::Rule;
use crate::{Sighting, distance::metres, log::seconds_between, loro::Logistic};

const WINDOW_US: i64 = 60_000_000;
const SILENCE_US: i64 = 60_000_000;
const FLOOR: u32 = 5;
const CAP_S: f64 = 15.0;
const OVER_MEDIAN_DB: f64 = 21.0;
const GUARD: f64 = 1.0;
const DISPLACEMENT_M: f64 = 100.0;
const DEAD_ZONE_M: f64 = 30.0;

struct Tier {
    gap_s: f64,
    turnovers: f64,
    per_db: f64,
}

const TIERS: [Tier; 2] = [
    Tier {
        gap_s: 60.0,
        turnovers: 2.0,
        per_db: 0.2,
    },
    Tier {
        gap_s: 300.0,
        turnovers: 6.0,
        per_db: 0.6,
    },
];

/// What the detector thinks after one sighting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margins {
    /// The larger of the two; alert at 0 and above.
    pub max: f64,
    /// Tier 1 (gap 60 s) and tier 2 (gap 300 s).
    pub tiers: [f64; 2],
    /// Ambient turnover in tier 1: how many times the others have been replaced.
    pub turnover: f64,
    /// Tier 1 without the guard against standing still. The published calibration scores come out
    /// on this one.
    pub unguarded: f64,
}

/// `P = sigma(a + b M1)` as published (`onperson.md` section 5), means over its left-out folds. They
/// were fitted on the nine development logs, so on these a score of them is in part in-sample.
const CALIBRATION: Logistic = Logistic { a: 2.8, b: 1.66 };

/// The detector.
pub struct OnPersonReference {
    /// Scan clock, seconds: silences longer than 15 s count as 15 s.
    scan_s: f64,
    last_us: Option<i64>,
    births: f64,
    departures: f64,
    median_first_level: f64,
    odometer_m: f64,
    fix: Option<(f64, f64)>,
    recent: VecDeque<(i64, u32)>,
    distinct: u32,
    silent: VecDeque<(i64, u32)>,
    emitters: Vec<Option<Emitter>>,
    alerted: Vec<bool>,
}

#[derive(Clone, Copy)]
struct RunStart {
    births: f64,
    departures: f64,
    odometer_m: f64,
}

struct Emitter {
    last_us: i64,
    last_scan_s: f64,
    /// Distinct identifiers around at its last sighting.
    around: u32,
    departed: bool,
    /// 80 % quantile of its level; `None` while no level was known.
    level: Option<f64>,
    runs: [RunStart; 2],
    /// Its sightings within the window.
    in_window: u32,
    /// Its highest margin in tier 1.
    best: f64,
}

impl Default for OnPersonReference {
    fn default() -> Self {
        Self {
            scan_s: 0.0,
            last_us: None,
            births: 0.0,
            departures: 0.0,
            median_first_level: -80.0,
            odometer_m: 0.0,
            fix: None,
            recent: VecDeque::new(),
            distinct: 0,
            silent: VecDeque::new(),
            emitters: Vec::new(),
            alerted: Vec::new(),
        }
    }
}

impl OnPersonReference {
    /// Takes in one sighting and returns the margins of its identifier.
    ///
    /// The prototype demands a level. Here a sighting without one leaves the level trackers as they
    /// are, and an identifier that never had one is judged without the level term.
    pub fn margins(&mut self, s: &Sighting) -> Margins {
        self.advance(s);
        let index = s.identifier as usize;
        if index >= self.emitters.len() {
            self.emitters.resize_with(index + 1, || None);
            self.alerted.resize(index + 1, false);
        }
        if !matches!(self.emitters.get(index), Some(Some(_))) {
            self.add(index, s);
        }
        let now = RunStart {
            births: self.births,
            departures: self.departures,
            odometer_m: self.odometer_m,
        };
        let Some(Some(e)) = self.emitters.get_mut(index) else {
            return Margins {
                max: f64::NEG_INFINITY,
                tiers: [f64::NEG_INFINITY; 2],
                turnover: 0.0,
                unguarded: f64::NEG_INFINITY,
            };
        };
        if let Some(rssi) = s.rssi.map(f64::from) {
            e.level = Some(match e.level {
                None => rssi,
                Some(q) => q + if rssi > q { 0.8 } else { -0.2 },
            });
        }
        let gap = self.scan_s - e.last_scan_s;
        for (run, tier) in e.runs.iter_mut().zip(&TIERS) {
            if gap > tier.gap_s {
                *run = now;
            }
        }
        self.recent.push_back((s.time_us, s.identifier));
        self.silent.push_back((s.time_us, s.identifier));
        e.in_window += 1;
        if e.in_window == 1 {
            self.distinct += 1;
        }
        e.last_us = s.time_us;
        e.last_scan_s = self.scan_s;
        e.around = self.distinct;
        let deficit_db = e.level.map_or(0.0, |q| {
            (self.median_first_level + OVER_MEDIAN_DB - q).max(0.0)
        });
        let turnovers = e
            .runs
            .map(|run| (now.births - run.births).min(now.departures - run.departures));
        let (mut tiers, mut unguarded) = ([0.0; 2], [0.0; 2]);
        for (i, tier) in TIERS.iter().enumerate() {
            let (Some(run), Some(turnover)) = (e.runs.get(i), turnovers.get(i)) else {
                continue;
            };
            let margin = turnover - tier.per_db * deficit_db - tier.turnovers;
            let moved = now.odometer_m - run.odometer_m >= DISPLACEMENT_M;
            if let (Some(with), Some(without)) = (tiers.get_mut(i), unguarded.get_mut(i)) {
                *with = margin - if moved { 0.0 } else { GUARD };
                *without = margin;
            }
        }
        e.best = e.best.max(tiers[0]);
        Margins {
            max: tiers[0].max(tiers[1]),
            tiers,
            turnover: turnovers[0],
            unguarded: unguarded[0],
        }
    }

    /// Clock, odometer, and who has left the window or fallen silent.
    fn advance(&mut self, s: &Sighting) {
        if let Some(last) = self.last_us {
            self.scan_s += seconds_between(last, s.time_us).min(CAP_S);
        }
        self.last_us = Some(s.time_us);
        if let Some(p) = s.position {
            match self.fix {
                None => self.fix = Some(p),
                Some(fix) => {
                    let step = metres(fix, p);
                    if step > DEAD_ZONE_M {
                        self.odometer_m += step;
                        self.fix = Some(p);
                    }
                }
            }
        }
        let window_start = s.time_us.saturating_sub(WINDOW_US);
        while let Some(&(_, id)) = self.recent.front().filter(|r| r.0 < window_start) {
            self.recent.pop_front();
            if let Some(Some(e)) = self.emitters.get_mut(id as usize) {
                e.in_window -= 1;
                if e.in_window == 0 {
                    self.distinct -= 1;
                }
            }
        }
        let silence_start = s.time_us.saturating_sub(SILENCE_US);
        while let Some(&(time_us, id)) = self.silent.front().filter(|r| r.0 < silence_start) {
            self.silent.pop_front();
            if let Some(Some(e)) = self.emitters.get_mut(id as usize)
                && e.last_us == time_us
                && !e.departed
            {
                e.departed = true;
                self.departures += 1.0 / f64::from(e.around.max(FLOOR));
            }
        }
    }

    /// First sighting of an identifier.
    fn add(&mut self, index: usize, s: &Sighting) {
        self.births += 1.0 / f64::from(self.distinct.max(FLOOR));
        if let Some(rssi) = s.rssi {
            self.median_first_level += if f64::from(rssi) > self.median_first_level {
                0.25
            } else {
                -0.25
            };
        }
        let start = RunStart {
            births: self.births,
            departures: self.departures,
            odometer_m: self.odometer_m,
        };
        if let Some(slot) = self.emitters.get_mut(index) {
            *slot = Some(Emitter {
                last_us: s.time_us,
                last_scan_s: self.scan_s,
                around: 0,
                departed: false,
                level: None,
                runs: [start; 2],
                in_window: 0,
                best: f64::NEG_INFINITY,
            });
        }
    }
}

impl Rule for OnPersonReference {
    fn name(&self) -> &'static str {
        "onperson-reference"
    }

    fn source(&self) -> &'static str {
        "reference detector of the on-person profile, ambient turnover and level in two tiers \
         (onperson.md section 5), developed on the 9 BLE-Doubt logs"
    }

    fn push(&mut self, s: &Sighting) -> bool {
        let margins = self.margins(s);
        match self.alerted.get_mut(s.identifier as usize) {
            Some(alerted) if !*alerted && margins.max >= 0.0 => {
                *alerted = true;
                true
            }
            _ => false,
        }
    }

    fn probabilities(&self) -> Vec<(u32, f64)> {
        let emitters = self.emitters.iter().zip(0u32..);
        emitters
            .filter_map(|(e, i)| Some((i, CALIBRATION.probability(e.as_ref()?.best))))
            .collect()
    }
}
