//! Leave one recording out: whatever is fitted is scored on recordings it was not fitted on.

use serde::Serialize;

use crate::{
    reliability::{Bin, reliability},
    score::brier,
};

/// `P = 1 / (1 + exp(-(a + b x)))`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Logistic {
    /// Intercept.
    pub a: f64,
    /// Slope per unit of `x`.
    pub b: f64,
}

impl Logistic {
    /// The probability at `x`.
    #[must_use]
    pub fn probability(self, x: f64) -> f64 {
        1.0 / (1.0 + (-(self.a + self.b * x)).exp())
    }
}

/// Fits a logistic curve to (x, outcome) records by Newton's method, with a ridge of 1e-4 on the
/// slope that keeps it finite where the outcomes are separable. `None` unless both outcomes occur.
#[must_use]
pub fn fit_logistic(records: &[(f64, bool)]) -> Option<Logistic> {
    const RIDGE: f64 = 1e-4;
    let hits = records.iter().filter(|r| r.1).count();
    if hits == 0 || hits == records.len() || records.iter().any(|r| !r.0.is_finite()) {
        return None;
    }
    let share = hits as f64 / records.len() as f64;
    let mut fit = Logistic {
        a: (share / (1.0 - share)).ln(),
        b: 0.0,
    };
    let loss = |f: Logistic| {
        let nats: f64 = records
            .iter()
            .map(|&(x, y)| {
                let z = f.a + f.b * x;
                // ln(1 + e^z) without overflow
                z.max(0.0) + (-z.abs()).exp().ln_1p() - if y { z } else { 0.0 }
            })
            .sum();
        nats + 0.5 * RIDGE * f.b * f.b
    };
    let mut best = loss(fit);
    for _ in 0..200 {
        let (mut ga, mut gb, mut haa, mut hab, mut hbb) = (0.0, RIDGE * fit.b, 1e-12, 0.0, RIDGE);
        for &(x, y) in records {
            let p = fit.probability(x);
            let (g, w) = (p - f64::from(u8::from(y)), p * (1.0 - p));
            ga += g;
            gb += g * x;
            haa += w;
            hab += w * x;
            hbb += w * x * x;
        }
        let det = haa * hbb - hab * hab;
        if !(det.is_finite() && det > 0.0) {
            break;
        }
        let (da, db) = ((hbb * ga - hab * gb) / det, (haa * gb - hab * ga) / det);
        // Newton's step, halved until it does not climb.
        let mut step = 1.0;
        let improved = loop {
            let next = Logistic {
                a: fit.a - step * da,
                b: fit.b - step * db,
            };
            let value = loss(next);
            if value <= best {
                let gain = best - value;
                fit = next;
                best = value;
                break gain > 1e-12;
            }
            step /= 2.0;
            if step < 1e-9 {
                break false;
            }
        };
        if !improved {
            break;
        }
    }
    Some(fit)
}

/// How a fitted curve does on recordings that it has not seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeftOut {
    /// The curve of each fold, in the order of the recordings; `None` where the others had only one
    /// outcome.
    pub folds: Vec<Option<Logistic>>,
    /// Records scored.
    pub records: u64,
    /// Brier score over all left-out records.
    pub brier: Option<f64>,
    /// Brier score of the constant forecast by the share in the other recordings.
    pub brier_base: Option<f64>,
    /// Reliability of the left-out forecasts. Records of one emitter are correlated, so the true
    /// intervals are wider.
    pub reliability: Vec<Bin>,
}

/// Fits on all recordings but one, forecasts that one, for each in turn.
#[must_use]
pub fn leave_one_recording_out(recordings: &[Vec<(f64, bool)>]) -> LeftOut {
    let (mut folds, mut forecasts, mut base) = (Vec::new(), Vec::new(), Vec::new());
    for (i, held_out) in recordings.iter().enumerate() {
        let others: Vec<(f64, bool)> = recordings
            .iter()
            .enumerate()
            .filter(|(j, _)| *j != i)
            .flat_map(|(_, r)| r.iter().copied())
            .collect();
        let fit = fit_logistic(&others);
        if let Some(fit) = fit {
            let share = others.iter().filter(|r| r.1).count() as f64 / others.len() as f64;
            forecasts.extend(held_out.iter().map(|&(x, y)| (fit.probability(x), y)));
            base.extend(held_out.iter().map(|&(_, y)| (share, y)));
        }
        folds.push(fit);
    }
    LeftOut {
        folds,
        records: forecasts.len() as u64,
        brier: brier(&forecasts),
        brier_base: brier(&base),
        reliability: reliability(&forecasts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_groups_have_a_closed_solution() {
        // x = 0: 1 of 4 true, x = 1: 3 of 4 true => a = ln(1/3), a + b = ln 3.
        let records: Vec<(f64, bool)> = (0..4)
            .map(|i| (0.0, i < 1))
            .chain((0..4).map(|i| (1.0, i < 3)))
            .collect();
        let fit = fit_logistic(&records).unwrap();
        // The ridge pulls by some 1e-4.
        assert!((fit.a - (1.0f64 / 3.0).ln()).abs() < 1e-3, "{fit:?}");
        assert!((fit.a + fit.b - 3f64.ln()).abs() < 1e-3, "{fit:?}");
    }

    #[test]
    fn separable_and_one_sided_records() {
        let fit = fit_logistic(&[(0.0, false), (1.0, true)]).unwrap();
        assert!(fit.b.is_finite() && fit.b > 5.0);
        assert!(fit_logistic(&[(0.0, true), (1.0, true)]).is_none());
        assert!(fit_logistic(&[]).is_none());
        assert!(fit_logistic(&[(f64::NAN, true), (1.0, false)]).is_none());
    }

    #[test]
    fn the_held_out_recording_is_not_in_its_fold() {
        let up: Vec<_> = (0..20).map(|i| (f64::from(i), i >= 10 || i == 3)).collect();
        let down: Vec<_> = (0..20).map(|i| (f64::from(i), i < 10 || i == 13)).collect();
        let out = leave_one_recording_out(&[up.clone(), down.clone()]);
        assert_eq!(out.folds[0], fit_logistic(&down));
        assert_eq!(out.folds[1], fit_logistic(&up));
        // Each curve is wrong about the other recording.
        assert!(out.brier.unwrap() > out.brier_base.unwrap());
        assert_eq!(out.records, 40);
    }
}
