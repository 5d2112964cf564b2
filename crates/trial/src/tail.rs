//! The tail of scores without trackers: how often does a clean hour exceed a line?
//!
//! Peaks over threshold (Balkema and de Haan 1974, Pickands 1975) with an exponential excess, as `detection.md` 1.3
//! takes it: FA(h) = A exp(-kappa h). One road gives one drive, however many vehicles went along it, so the
//! uncertainty is found by drawing whole drives again.

use crate::intervals::quantile;
use crate::random::Draws;

/// A fitted tail.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tail {
    /// Score above which the exponential was fitted.
    pub from: f64,
    /// Scores above it.
    pub exceedances: usize,
    /// A: rate per hour at a score of 0, as extrapolated.
    pub rate_per_h: f64,
    /// kappa: fall of the logarithm of the rate for each unit of score.
    pub exponent: f64,
}

impl Tail {
    /// The score that is exceeded so many times an hour.
    #[must_use]
    pub fn line(&self, per_h: f64) -> f64 {
        (self.rate_per_h / per_h).ln() / self.exponent
    }
}

/// Fits the highest scores of clean drives of one hour each: the `share` highest, at least 10 and at most `most`.
/// `None` with fewer than 4.
#[must_use]
pub fn fit(drives: &[Vec<f64>], share: f64, most: usize) -> Option<Tail> {
    let mut scores: Vec<f64> = drives.iter().flatten().copied().collect();
    scores.sort_by(|a, b| b.total_cmp(a));
    let wanted = ((scores.len() as f64 * share) as usize).clamp(10, most.max(10));
    let exceedances = wanted.min(scores.len().checked_sub(1)?);
    if exceedances < 3 {
        return None;
    }
    let from = *scores.get(exceedances)?;
    let excess: f64 = scores.iter().take(exceedances).map(|x| x - from).sum();
    let exponent = exceedances as f64 / excess.max(1e-9);
    let rate = exceedances as f64 / drives.len() as f64;
    Some(Tail {
        from,
        exceedances,
        rate_per_h: (rate.ln() + exponent * from).exp(),
        exponent,
    })
}

/// The 5 % and 95 % quantiles of the line for `per_h` over `draws` re-drawings of whole drives.
#[must_use]
pub fn line_between(
    drives: &[Vec<f64>],
    share: f64,
    most: usize,
    per_h: f64,
    draws: usize,
) -> Option<[f64; 2]> {
    let mut random = Draws::new(1);
    let lines: Vec<f64> = (0..draws)
        .filter_map(|_| {
            let again: Vec<Vec<f64>> = (0..drives.len())
                .filter_map(|_| drives.get(random.below(drives.len())).cloned())
                .collect();
            fit(&again, share, most).map(|tail| tail.line(per_h))
        })
        .collect();
    Some([quantile(&lines, 0.05)?, quantile(&lines, 0.95)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exponential_tail_is_found_again() {
        let mut random = Draws::new(9);
        // 20 an hour with kappa 0.5 above 0: A is 20.
        let drives: Vec<Vec<f64>> = (0..2000)
            .map(|_| {
                let n = random.poisson(20.0);
                (0..n).map(|_| random.exponential(2.0)).collect()
            })
            .collect();
        let tail = fit(&drives, 0.02, 1000).unwrap();
        assert!((700..900).contains(&tail.exceedances));
        // Some 800 exceedances: the standard error of the exponent is a 28th of it.
        assert!((tail.exponent / 0.5 - 1.0).abs() < 0.12, "{tail:?}");
        let expected = (20_f64 / 1e-3).ln() / 0.5;
        assert!((tail.line(1e-3) / expected - 1.0).abs() < 0.1, "{tail:?}");
        let [low, high] = line_between(&drives, 0.02, 1000, 1e-3, 100).unwrap();
        assert!(low < tail.line(1e-3) && tail.line(1e-3) < high);
    }

    #[test]
    fn too_few_tell_nothing() {
        assert_eq!(fit(&[], 0.05, 60), None);
        assert_eq!(fit(&[vec![1.0, 2.0], vec![3.0]], 0.05, 60), None);
    }
}
