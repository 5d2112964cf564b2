//! Confidence intervals and quantiles, as the tables state them.

use serde::Serialize;
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// A figure with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The figure.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Normal quantile at 97.5 %.
const Z: f64 = 1.959_963_984_540_054;

/// Wilson's score interval (1927) for a share of `hits` in `n`; `None` when `n` is 0.
#[must_use]
pub fn wilson(hits: u64, n: u64) -> Option<Interval> {
    if n == 0 {
        return None;
    }
    let (p, n) = (hits as f64 / n as f64, n as f64);
    let centre = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    Some(Interval {
        value: p,
        low: (centre - half).max(0.0),
        high: (centre + half).min(1.0),
    })
}

/// Exact Poisson interval (Garwood 1936) for a rate: `events` in `exposure` units, per unit.
/// `None` when the exposure is not positive.
#[must_use]
pub fn poisson_rate(events: u64, exposure: f64) -> Option<Interval> {
    if !(exposure > 0.0 && exposure.is_finite()) {
        return None;
    }
    let quantile = |p: f64, degrees: f64| {
        ChiSquared::new(degrees).map_or(f64::NAN, |d| d.inverse_cdf(p) / 2.0)
    };
    let k = events as f64;
    let low = if events == 0 {
        0.0
    } else {
        quantile(0.025, 2.0 * k)
    };
    let high = quantile(0.975, 2.0 * k + 2.0);
    Some(Interval {
        value: k / exposure,
        low: low / exposure,
        high: high / exposure,
    })
}

/// Quantile `q` (0 to 1) with linear interpolation between order statistics; `None` when empty.
#[must_use]
pub fn quantile(values: &[f64], q: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = q.clamp(0.0, 1.0) * (sorted.len().checked_sub(1)? as f64);
    let below = *sorted.get(at.floor() as usize)?;
    let above = *sorted.get(at.ceil() as usize)?;
    Some(below + (above - below) * at.fract())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-6 * (1.0 + b.abs())
    }

    #[test]
    fn wilson_against_published_and_closed_values() {
        // Closed forms: 0 of n gives [0, z^2/(n+z^2)]; n of n gives [n/(n+z^2), 1].
        let none = wilson(0, 10).unwrap();
        assert!(close(none.low, 0.0) && close(none.high, 0.277_532_799_862_889_85));
        let all = wilson(10, 10).unwrap();
        assert!(close(all.low, 0.722_467_200_137_110_2) && close(all.high, 1.0));
        // onperson.md: 34/39 [.73,.94], 36/39 [.80,.97].
        let i = wilson(34, 39).unwrap();
        assert_eq!(
            (format!("{:.2}", i.low), format!("{:.2}", i.high)),
            ("0.73".into(), "0.94".into())
        );
        let i = wilson(36, 39).unwrap();
        assert_eq!(
            (format!("{:.2}", i.low), format!("{:.2}", i.high)),
            ("0.80".into(), "0.97".into())
        );
        assert!(wilson(0, 0).is_none());
    }

    #[test]
    fn garwood_against_known_values() {
        // scipy.stats.chi2.ppf(.975, 2)/2 = -ln(.025)
        let none = poisson_rate(0, 1.0).unwrap();
        assert!(close(none.low, 0.0) && close(none.high, 3.688_879_454_113_936));
        // scipy: chi2.ppf(.025, 2)/2 = -ln(.975); chi2.ppf(.975, 4)/2 = 5.571643390938898
        let one = poisson_rate(1, 1.0).unwrap();
        assert!(
            close(one.low, 0.025_317_807_984_289_897) && close(one.high, 5.571_643_390_938_898)
        );
        // scipy: 10 events: 4.795389, 18.390356
        let ten = poisson_rate(10, 1.0).unwrap();
        assert!(close(ten.low, 4.795_389) && close(ten.high, 18.390_356));
        // onperson.md: 9 in 12.1456 h: .74 [.34,1.41]
        let nine = poisson_rate(9, 12.145_555_6).unwrap();
        assert_eq!(
            format!("{:.2} {:.2} {:.2}", nine.value, nine.low, nine.high),
            "0.74 0.34 1.41"
        );
        assert!(poisson_rate(1, 0.0).is_none());
    }

    #[test]
    fn quantiles_interpolate() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[3.0, 1.0], 0.5), Some(2.0));
        assert_eq!(quantile(&[0.0, 10.0, 20.0, 30.0], 0.9), Some(27.0));
    }

    proptest! {
        #[test]
        fn intervals_hold_their_figure(n in 1u64..2000, share in 0.0f64..=1.0, hours in 0.01f64..1e5) {
            let hits = (share * n as f64) as u64;
            let w = wilson(hits, n).unwrap();
            prop_assert!(w.low <= w.value + 1e-12 && w.value <= w.high + 1e-12);
            let p = poisson_rate(hits, hours).unwrap();
            prop_assert!(p.low <= p.value && p.value < p.high);
        }
    }
}
