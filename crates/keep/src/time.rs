//! Times as text: RFC 3339 in UTC, six decimals and `Z`, the only form the result stream uses.

use serde::{Serialize, Serializer};

const US_PER_DAY: i64 = 86_400_000_000;
/// 0000-01-01T00:00:00.000000Z.
const FIRST_US: i64 = -62_167_219_200_000_000;
/// 9999-12-31T23:59:59.999999Z.
const LAST_US: i64 = 253_402_300_799_999_999;

/// A time on its way into JSON: microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Time(pub(crate) i64);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digits = utc_digits(self.0);
        serializer.serialize_str(std::str::from_utf8(&digits).unwrap_or_default())
    }
}

/// `time_us` (microseconds since 1970-01-01T00:00:00Z) as `2021-05-22T21:18:25.000000Z`.
///
/// RFC 3339 has four digits for the year: a time outside the years 0000 to 9999, which only a
/// damaged recording holds, is written as the nearest end of that range.
#[must_use]
pub fn utc_text(time_us: i64) -> String {
    String::from_utf8_lossy(&utc_digits(time_us)).into_owned()
}

fn utc_digits(time_us: i64) -> [u8; 27] {
    let time_us = time_us.clamp(FIRST_US, LAST_US);
    let (year, month, day) = civil_from_days(time_us.div_euclid(US_PER_DAY));
    let of_day = time_us.rem_euclid(US_PER_DAY);
    let second = of_day / 1_000_000;
    let mut text = *b"0000-00-00T00:00:00.000000Z";
    put(&mut text[0..4], year);
    put(&mut text[5..7], month);
    put(&mut text[8..10], day);
    put(&mut text[11..13], second / 3600);
    put(&mut text[14..16], second / 60 % 60);
    put(&mut text[17..19], second % 60);
    put(&mut text[20..26], of_day % 1_000_000);
    text
}

/// Writes `value` as decimal digits that fill `place`, from the right.
fn put(place: &mut [u8], mut value: i64) {
    for digit in place.iter_mut().rev() {
        *digit = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

/// Proleptic Gregorian date of a day counted from 1970-01-01.
///
/// Eras of 400 years that begin on 1 March, so that the leap day is the last of its year
/// (H. Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`).
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_times() {
        for (us, text) in [
            (0, "1970-01-01T00:00:00.000000Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (1_621_718_305_000_000, "2021-05-22T21:18:25.000000Z"),
            (951_782_400_000_001, "2000-02-29T00:00:00.000001Z"),
            (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
            (i64::MIN, "0000-01-01T00:00:00.000000Z"),
            (i64::MAX, "9999-12-31T23:59:59.999999Z"),
        ] {
            assert_eq!(utc_text(us), text);
        }
    }

    proptest! {
        #[test]
        fn equals_an_independent_calendar(us in FIRST_US..=LAST_US) {
            let oracle = jiff::Timestamp::from_microsecond(us);
            // The oracle ends a day early so that every zone stays within the year 9999.
            prop_assume!(oracle.is_ok());
            prop_assert_eq!(utc_text(us), format!("{:.6}", oracle.unwrap()));
        }
    }
}
