//! NMEA 0183 from a receiver: RMC gives date, time, position and speed; GGA positions in between are taken with RMC's date.

use jiff::civil::{Date, Time};
use vigie_decode::Fix;

use crate::log::Log;
use crate::{DamageKind, table, time};

const KNOT_M_S: f64 = 1852.0 / 3600.0;

/// Whether one of the first lines is a whole sentence with a right checksum.
pub(crate) fn recognised(text: &[u8]) -> bool {
    text.first() == Some(&b'$')
        && table::lines(text)
            .take(20)
            .any(|(_, line)| matches!(sentence(line), Ok(Some(_))))
}

/// The fields between `$` and `*`; `None` for other lines, an error for a wrong checksum.
fn sentence(line: &[u8]) -> Result<Option<Vec<&str>>, ()> {
    let Ok(text) = std::str::from_utf8(line.trim_ascii()) else {
        return Err(());
    };
    let Some(text) = text.strip_prefix('$') else {
        return Ok(None);
    };
    let Some((body, sum)) = text.rsplit_once('*') else {
        return Err(());
    };
    let stated = u8::from_str_radix(sum, 16).map_err(|_| ())?;
    if body.bytes().fold(0, |a, b| a ^ b) != stated {
        return Err(());
    }
    Ok(Some(body.split(',').collect()))
}

pub(crate) fn read(bytes: &[u8], log: &mut Log, sensor: Option<u16>) {
    let mut date: Option<Date> = None;
    let mut last_us = None;
    let mut undated = false;
    for (offset, line) in table::lines(bytes) {
        let fields = match sentence(line) {
            Ok(Some(fields)) => fields,
            Ok(None) => continue,
            Err(()) => {
                let what = "a sentence without or with a wrong checksum";
                log.lose(DamageKind::BadChecksum, offset, what, false);
                continue;
            }
        };
        let field = |i: usize| fields.get(i).copied().unwrap_or_default();
        let kind = field(0).get(2..).unwrap_or_default();
        let (valid, at, speed_m_s) = match kind {
            "RMC" => {
                if let Some(day) = day(field(9)) {
                    date = Some(day);
                }
                let speed = field(7).parse::<f64>().ok().map(|k| (k * KNOT_M_S) as f32);
                (field(2) == "A", 3, speed)
            }
            "GGA" => (!matches!(field(6), "" | "0"), 2, None),
            _ => continue,
        };
        if !valid {
            continue;
        }
        let Some(day) = date else {
            undated = true;
            continue;
        };
        let position =
            degrees(field(at), field(at + 1), 2).zip(degrees(field(at + 2), field(at + 3), 3));
        let (Some(time_us), Some((lat, lon))) = (moment(day, field(1), last_us), position) else {
            log.lose(
                DamageKind::MalformedRow,
                offset,
                "a position or time that cannot be read",
                false,
            );
            continue;
        };
        // GGA and RMC of one moment say the same; the first is kept.
        if last_us == Some(time_us) {
            continue;
        }
        last_us = Some(time_us);
        log.fix(
            Fix {
                time_us,
                sensor,
                lat,
                lon,
                accuracy_m: None,
                speed_m_s,
            },
            offset,
        );
    }
    if undated {
        log.note("no_date", "positions before the first date are passed over");
    }
}

/// `ddmmyy`, of this century.
fn day(text: &str) -> Option<Date> {
    let two = |i: usize| text.get(i..i + 2)?.parse::<i8>().ok();
    Date::new(2000 + i16::from(two(4)?), two(2)?, two(0)?).ok()
}

/// `hhmmss.sss` on a date. A time of day that is hours before the last one is of the next day: the date comes only with RMC.
fn moment(day: Date, text: &str, last_us: Option<i64>) -> Option<i64> {
    let two = |i: usize| text.get(i..i + 2)?.parse::<i8>().ok();
    let fraction = text
        .get(6..)
        .filter(|f| !f.is_empty())
        .map_or(Some(0.0), |f| f.parse::<f64>().ok())?;
    let time = Time::new(two(0)?, two(2)?, two(4)?.min(59), 0).ok()?;
    let us =
        time::from_civil(day.to_datetime(time), 0)?.checked_add((fraction * 1e6).round() as i64)?;
    const HALF_DAY: i64 = 43_200_000_000;
    match last_us {
        Some(last) if us < last - HALF_DAY && us > last - 3 * HALF_DAY => {
            us.checked_add(2 * HALF_DAY)
        }
        _ => Some(us),
    }
}

/// `dddmm.mmmm` with its hemisphere; `digits` of the whole degrees.
fn degrees(text: &str, hemisphere: &str, digits: usize) -> Option<f64> {
    let whole: f64 = text.get(..digits)?.parse().ok()?;
    let minutes: f64 = text.get(digits..)?.parse().ok()?;
    let sign = match hemisphere {
        "N" | "E" => 1.0,
        "S" | "W" => -1.0,
        _ => return None,
    };
    (0.0..60.0)
        .contains(&minutes)
        .then_some(sign * (whole + minutes / 60.0))
}
