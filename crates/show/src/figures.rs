//! Figures as each language writes them.
//!
//! French: decimal comma, thousands and the per cent sign set apart by a narrow no-break space
//! (Unicode CLDR). Units are the same in both, except the day.

use vigie_keep::utc_text;

use crate::Language;

const NO_BREAK: char = '\u{a0}';
const NARROW_NO_BREAK: char = '\u{202f}';

impl Language {
    /// A whole number with its thousands set apart.
    #[must_use]
    pub fn count(self, count: u64) -> String {
        let digits = count.to_string();
        let mut text = String::with_capacity(digits.len() * 2);
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                text.push(match self {
                    Self::En => ',',
                    Self::Fr => NARROW_NO_BREAK,
                });
            }
            text.push(digit);
        }
        text
    }

    /// A number with `decimals` decimals, less where they would be zeros. A true minus sign.
    #[must_use]
    pub fn decimal(self, number: f64, decimals: usize) -> String {
        if !number.is_finite() {
            return "?".into();
        }
        let text = format!("{:.decimals$}", number.abs());
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let fraction = fraction.trim_end_matches('0');
        let mut out = String::new();
        if number < 0.0 && (whole != "0" || !fraction.is_empty()) {
            out.push('\u{2212}');
        }
        match whole.parse() {
            Ok(whole) => out.push_str(&self.count(whole)),
            Err(_) => out.push_str(whole),
        }
        if !fraction.is_empty() {
            out.push(match self {
                Self::En => '.',
                Self::Fr => ',',
            });
            out.push_str(fraction);
        }
        out
    }

    /// A probability from 0 to 1 in per cent. Never 0 or 100 %: what is smaller or greater than can be
    /// written is marked with `<` or `>`.
    #[must_use]
    pub fn percent(self, probability: f64) -> String {
        let percent = probability * 100.0;
        let figure = if !percent.is_finite() {
            "?".into()
        } else if percent < 0.1 {
            format!("<{}", self.decimal(0.1, 1))
        } else if percent < 9.95 {
            self.decimal(percent, 1)
        } else if percent <= 99.0 {
            self.decimal(percent, 0)
        } else {
            ">99".into()
        };
        match self {
            Self::En => format!("{figure}%"),
            Self::Fr => format!("{figure}{NARROW_NO_BREAK}%"),
        }
    }

    /// A duration of `seconds`, in its two largest units.
    #[must_use]
    pub fn duration(self, seconds: f64) -> String {
        if !seconds.is_finite() {
            return "?".into();
        }
        let sign = if seconds <= -0.5 { "\u{2212}" } else { "" };
        let s = seconds.abs().round() as u64;
        let day = match self {
            Self::En => "d",
            Self::Fr => "j",
        };
        let (first, second) = match s {
            0..60 => ((s, "s"), (0, "")),
            60..3600 => ((s / 60, "min"), (s % 60, "s")),
            3600..86_400 => ((s / 3600, "h"), (s % 3600 / 60, "min")),
            _ => ((s / 86_400, day), (s % 86_400 / 3600, "h")),
        };
        let mut text = format!("{sign}{}{NO_BREAK}{}", self.count(first.0), first.1);
        if second.0 > 0 {
            text.push_str(&format!("{NO_BREAK}{}{NO_BREAK}{}", second.0, second.1));
        }
        text
    }

    /// A distance of `metres`, in metres or kilometres.
    #[must_use]
    pub fn distance(self, metres: f64) -> String {
        if metres.abs() < 999.5 {
            format!("{}{NO_BREAK}m", self.decimal(metres, 0))
        } else {
            format!("{}{NO_BREAK}km", self.decimal(metres / 1000.0, 1))
        }
    }
}

/// A time (µs since 1970-01-01T00:00:00Z) to the second, `2021-05-22 21:18:25` in UTC: the order that
/// nobody misreads, the same in both languages. That it is UTC is said once, beside.
#[must_use]
pub fn time(time_us: i64) -> String {
    let text = utc_text(time_us);
    let seconds = text.get(..19).unwrap_or(&text);
    seconds.replace('T', "\u{a0}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{En, Fr};

    #[test]
    fn numbers() {
        assert_eq!(En.count(1_234_567), "1,234,567");
        assert_eq!(Fr.count(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(Fr.count(999), "999");
        assert_eq!(Fr.decimal(-5.48, 2), "\u{2212}5,48");
        assert_eq!(En.decimal(12_000.50, 2), "12,000.5");
        assert_eq!(En.decimal(-0.001, 1), "0");
        assert_eq!(En.decimal(f64::NAN, 1), "?");
        assert_eq!(En.decimal(1e30, 0), "1000000000000000019884624838656");
    }

    #[test]
    fn a_probability_is_never_shown_as_certain() {
        for (p, text) in [
            (0.0, "<0.1%"),
            (0.005, "0.5%"),
            (0.0994, "9.9%"),
            (0.0999, "10%"),
            (0.75, "75%"),
            (0.99, "99%"),
            (0.991, ">99%"),
            (1.0, ">99%"),
        ] {
            assert_eq!(En.percent(p), text);
        }
        assert_eq!(Fr.percent(0.005), "0,5\u{202f}%");
    }

    #[test]
    fn durations_and_distances() {
        assert_eq!(En.duration(40.2), "40\u{a0}s");
        assert_eq!(En.duration(402.0), "6\u{a0}min\u{a0}42\u{a0}s");
        assert_eq!(Fr.duration(7200.0), "2\u{a0}h");
        assert_eq!(Fr.duration(90_000.0), "1\u{a0}j\u{a0}1\u{a0}h");
        assert_eq!(Fr.distance(605.0), "605\u{a0}m");
        assert_eq!(Fr.distance(1240.0), "1,2\u{a0}km");
    }

    #[test]
    fn times() {
        assert_eq!(time(1_621_718_305_999_999), "2021-05-22\u{a0}21:18:25");
    }
}
