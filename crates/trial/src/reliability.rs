//! Do the stated probabilities come true?

use serde::Serialize;

use crate::intervals::{Interval, wilson};

/// Upper ends of the bins of stated probability (the bins of `onperson.md`).
const BINS: [f64; 7] = [0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 1.0];

/// Forecasts whose stated probability falls in one range.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bin {
    /// Lower end of the range.
    pub from: f64,
    /// Upper end, excluded except for 1.
    pub to: f64,
    /// Forecasts in it.
    pub n: u64,
    /// Their mean stated probability; `None` when there are none.
    pub stated: Option<f64>,
    /// The share that came true, with Wilson's 95 % interval.
    pub observed: Option<Interval>,
}

/// Sorts forecasts (probability, came true) into bins.
#[must_use]
pub fn reliability(forecasts: &[(f64, bool)]) -> Vec<Bin> {
    let mut from = 0.0;
    BINS.iter()
        .map(|&to| {
            let inside: Vec<_> = forecasts
                .iter()
                .filter(|f| f.0 >= from && (f.0 < to || to >= 1.0))
                .collect();
            let n = inside.len() as u64;
            let hits = inside.iter().filter(|f| f.1).count() as u64;
            let sum: f64 = inside.iter().map(|f| f.0).sum();
            let bin = Bin {
                from,
                to,
                n,
                stated: (n > 0).then(|| sum / n as f64),
                observed: wilson(hits, n),
            };
            from = to;
            bin
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_forecast_is_in_one_bin() {
        let forecasts: Vec<(f64, bool)> = (0..=1000)
            .map(|i| (f64::from(i) / 1000.0, i % 2 == 0))
            .collect();
        let bins = reliability(&forecasts);
        assert_eq!(bins.iter().map(|b| b.n).sum::<u64>(), 1001);
        assert_eq!((bins[0].n, bins[6].n), (10, 51));
        let last = bins[6].observed.unwrap();
        assert!((last.value - 26.0 / 51.0).abs() < 1e-12);
    }

    #[test]
    fn empty_bins_say_nothing() {
        let bins = reliability(&[(0.3, true)]);
        assert_eq!((bins[0].stated, bins[0].observed), (None, None));
        assert_eq!(bins[3].stated, Some(0.3));
    }
}
