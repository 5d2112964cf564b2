//! Times as logs write them.

use jiff::civil;

/// Microseconds since 1970 of a civil time at an offset east of UTC.
pub(crate) fn from_civil(time: civil::DateTime, offset_s: i64) -> Option<i64> {
    let utc = time.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    utc.timestamp()
        .as_microsecond()
        .checked_sub(offset_s.checked_mul(1_000_000)?)
}

/// Seconds east of UTC of a zone's name: EDT EST PDT PST GMT UTC CET CEST, and Java's `GMT+02:00`.
pub(crate) fn zone_offset_s(name: &str) -> Option<i64> {
    Some(match name {
        "UTC" | "GMT" | "Z" => 0,
        "EDT" => -4 * 3600,
        "EST" => -5 * 3600,
        "PDT" => -7 * 3600,
        "PST" => -8 * 3600,
        "CET" => 3600,
        "CEST" => 2 * 3600,
        _ => return numeric_offset_s(name.strip_prefix("GMT").or(name.strip_prefix("UTC"))?),
    })
}

/// `+02:00`, `-0500`, `+2`.
fn numeric_offset_s(text: &str) -> Option<i64> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some((h, m)) => (h, m),
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "0"),
    };
    let hours: i64 = hours.parse().ok().filter(|h| (0..=18).contains(h))?;
    let minutes: i64 = minutes.parse().ok().filter(|m| (0..60).contains(m))?;
    Some(sign * (hours * 3600 + minutes * 60))
}

/// A time, and the zone name that was not known and read as UTC.
pub(crate) type Zoned<'a> = (i64, Option<&'a str>);

/// Java's `Date.toString()`: `Tue May 18 16:29:53 EDT 2021`.
pub(crate) fn java_date(text: &str) -> Option<Zoned<'_>> {
    let mut parts = text.split_ascii_whitespace();
    let (_, month, day, clock, zone, year) = (
        parts.next()?,
        parts.next()?,
        parts.next()?,
        parts.next()?,
        parts.next()?,
        parts.next()?,
    );
    if parts.next().is_some() {
        return None;
    }
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let month = i8::try_from(MONTHS.iter().position(|m| *m == month)?).ok()? + 1;
    let mut clock = clock.split(':').map(|n| n.parse::<i8>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    if clock.next().is_some() {
        return None;
    }
    let time = civil::DateTime::new(
        year.parse().ok()?,
        month,
        day.parse().ok()?,
        hour,
        minute,
        second.min(59),
        0,
    )
    .ok()?;
    let (offset_s, unknown) = match zone_offset_s(zone) {
        Some(offset_s) => (offset_s, None),
        None => (0, Some(zone)),
    };
    Some((from_civil(time, offset_s)?, unknown))
}

/// RFC 3339, or microseconds since 1970 as a whole number.
#[must_use]
pub fn rfc3339_or_us(text: &str) -> Option<i64> {
    let text = text.trim();
    let whole = text.len() < 20 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    if let (true, Ok(us)) = (whole, text.parse()) {
        return Some(us);
    }
    let time: jiff::Timestamp = text.parse().ok()?;
    Some(time.as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn java_dates_follow_their_zone() {
        // `date -u -d '2021-05-18 20:29:53' +%s`
        assert_eq!(
            java_date("Tue May 18 16:29:53 EDT 2021"),
            Some((1_621_369_793_000_000, None))
        );
        assert_eq!(
            java_date("Tue May 18 22:29:53 CEST 2021"),
            Some((1_621_369_793_000_000, None))
        );
        assert_eq!(
            java_date("Tue May 18 20:29:53 XYZT 2021"),
            Some((1_621_369_793_000_000, Some("XYZT")))
        );
        assert_eq!(
            java_date("Tue May 18 22:29:53 GMT+02:00 2021"),
            Some((1_621_369_793_000_000, None))
        );
        for bad in [
            "",
            "Tue May 18 16:29:53 EDT",
            "Tue Foo 18 16:29:53 EDT 2021",
            "a b c d e f g",
        ] {
            assert_eq!(java_date(bad), None, "{bad}");
        }
        assert_eq!(java_date("Tue Feb 31 16:29:53 EDT 2021"), None);
    }

    #[test]
    fn rfc3339_and_whole_numbers() {
        assert_eq!(
            rfc3339_or_us("2021-05-18T20:29:53.000001Z"),
            Some(1_621_369_793_000_001)
        );
        assert_eq!(
            rfc3339_or_us("2021-05-18T22:29:53+02:00"),
            Some(1_621_369_793_000_000)
        );
        assert_eq!(
            rfc3339_or_us("1621369793000000"),
            Some(1_621_369_793_000_000)
        );
        assert_eq!(rfc3339_or_us("yesterday"), None);
        assert_eq!(rfc3339_or_us("99999999999999999999"), None);
    }

    #[test]
    fn zones_by_name_and_number() {
        assert_eq!(zone_offset_s("PST"), Some(-8 * 3600));
        assert_eq!(zone_offset_s("GMT-0530"), Some(-(5 * 3600 + 30 * 60)));
        assert_eq!(zone_offset_s("GMT+99"), None);
        assert_eq!(zone_offset_s("MSK"), None);
    }
}
