//! Numbers as the result stream writes them: rounded, so that the last bits of a computation never
//! show, and `null` where there is none.

use serde::{Serialize, Serializer};

/// Rounded to three decimals: seconds, metres, decibels, nats.
#[derive(Debug, Clone, Copy)]
pub struct Milli(pub f64);

/// Rounded to six significant digits: probabilities, which may be very small.
#[derive(Debug, Clone, Copy)]
pub struct Significant(pub f64);

impl Serialize for Milli {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        finite_or_null(three_decimals(self.0), serializer)
    }
}

impl Serialize for Significant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        finite_or_null(six_significant(self.0), serializer)
    }
}

/// JSON knows neither infinity nor "not a number".
fn finite_or_null<S: Serializer>(value: f64, serializer: S) -> Result<S::Ok, S::Error> {
    if value.is_finite() {
        // Adding zero turns -0 into 0.
        serializer.serialize_f64(value + 0.0)
    } else {
        serializer.serialize_none()
    }
}

fn three_decimals(value: f64) -> f64 {
    let scaled = value * 1e3;
    // Beyond 2^52 there are no decimals left to round.
    if scaled.abs() < 4.5e15 {
        scaled.round() / 1e3
    } else {
        value
    }
}

fn six_significant(value: f64) -> f64 {
    let magnitude = value.abs();
    if magnitude == 0.0 || magnitude >= 1e5 {
        return value.round();
    }
    // Powers of ten are exact up to 1e22, so the division gives the double nearest to the decimal.
    let mut scale = 1.0;
    while magnitude * scale < 1e5 && scale < 1e22 {
        scale *= 10.0;
    }
    (value * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn json(value: impl Serialize) -> String {
        serde_json::to_string(&value).unwrap()
    }

    #[test]
    fn rounds() {
        assert_eq!(json(Milli(5.480_49)), "5.48");
        assert_eq!(json(Milli(-0.000_01)), "0.0");
        assert_eq!(json(Milli(f64::NEG_INFINITY)), "null");
        assert_eq!(json(Milli(f64::NAN)), "null");
        assert_eq!(json(Significant(0.75)), "0.75");
        assert_eq!(json(Significant(0.005_000_000_1)), "0.005");
        assert_eq!(json(Significant(1.234_567_89e-7)), "1.23457e-7");
        assert_eq!(json(Significant(0.999_999_9)), "1.0");
        assert_eq!(json(Significant(0.0)), "0.0");
    }

    proptest! {
        #[test]
        fn keeps_six_digits(value in prop_oneof![1e-12..1.0f64, -1.0..-1e-12f64]) {
            let rounded = six_significant(value);
            prop_assert!((rounded - value).abs() <= value.abs() * 5.1e-6);
            let digits = json(Significant(value));
            let mantissa = digits.split('e').next().unwrap_or_default();
            let significant = mantissa.trim_start_matches(['-', '0', '.']);
            prop_assert!(significant.chars().filter(char::is_ascii_digit).count() <= 6, "{}", digits);
        }

        #[test]
        fn rounding_twice_changes_nothing(value in -1e9..1e9f64) {
            prop_assert_eq!(three_decimals(three_decimals(value)), three_decimals(value));
            prop_assert_eq!(six_significant(six_significant(value)), six_significant(value));
        }
    }
}
