//! NMEA 0183 from a receiver: RMC gives date, time, position and speed; GGA positions in between are taken with RMC's date.

use jiff::civil::{Date, Time};
use vigie_decode::Fix;

use crate::log::Log;
use crate::{DamageKind, table, time};

const KNOT_M_S: f64 = 1852.0 / 3600.0;
const CHECKSUM: &str = "a sentence without or with a wrong checksum";
const UNREADABLE: &str = "a position or time that cannot be read";

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
                log.lose(DamageKind::BadChecksum, offset, CHECKSUM, false);
                continue;
            }
        };
        let Some(stated) = stated(&fields) else {
            continue;
        };
        if let Some(day) = day(stated.date) {
            date = Some(day);
        }
        if !stated.valid {
            continue;
        }
        let Some(day) = date else {
            undated = true;
            continue;
        };
        let (Some(time_us), Some((lat, lon))) =
            (moment(day, stated.time, last_us), stated.position())
        else {
            log.lose(DamageKind::MalformedRow, offset, UNREADABLE, false);
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
                speed_m_s: stated.speed_m_s,
            },
            offset,
        );
    }
    if undated {
        log.note("no_date", "positions before the first date are passed over");
    }
}

/// What a sentence with a position states.
struct Stated<'l> {
    /// Whether the receiver has a fix.
    valid: bool,
    /// `hhmmss.sss`.
    time: &'l str,
    /// `ddmmyy`; empty in a GGA.
    date: &'l str,
    /// Latitude, hemisphere, longitude, hemisphere.
    position: [&'l str; 4],
    speed_m_s: Option<f32>,
}

/// RMC and GGA; others give no position.
fn stated<'l>(fields: &[&'l str]) -> Option<Stated<'l>> {
    let field = |i: usize| fields.get(i).copied().unwrap_or_default();
    let position = |at: usize| [at, at + 1, at + 2, at + 3].map(field);
    let speed = || field(7).parse::<f64>().ok().map(|k| (k * KNOT_M_S) as f32);
    match field(0).get(2..)? {
        "RMC" => Some(Stated {
            valid: field(2) == "A",
            time: field(1),
            date: field(9),
            position: position(3),
            speed_m_s: speed(),
        }),
        "GGA" => Some(Stated {
            valid: !matches!(field(6), "" | "0"),
            time: field(1),
            date: "",
            position: position(2),
            speed_m_s: None,
        }),
        _ => None,
    }
}

impl Stated<'_> {
    fn position(&self) -> Option<(f64, f64)> {
        let [lat, north, lon, east] = self.position;
        degrees(lat, north, 2).zip(degrees(lon, east, 3))
    }
}

/// A position that is received now: its time is that of the reception, and no date is needed.
#[cfg(feature = "live")]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    /// As stated, to tell what is of one moment; may be empty.
    pub(crate) time_of_day: String,
    /// When it was there by the satellites' clock, µs since 1970: where the sentence has a date.
    pub(crate) satellites_us: Option<i64>,
    pub(crate) fix: Fix,
}

/// The position in a line, where there is one, received at `now_us`.
///
/// # Errors
/// What is wrong with the line.
#[cfg(feature = "live")]
pub(crate) fn place(line: &[u8], now_us: i64) -> Result<Option<Place>, (DamageKind, &'static str)> {
    use crate::log::{Position, judge_position};
    let fields = match sentence(line) {
        Ok(Some(fields)) => fields,
        // Sentences of ships begin with `!`.
        Ok(None) if matches!(line.trim_ascii(), [] | [b'!', ..]) => return Ok(None),
        Ok(None) => return Err((DamageKind::MalformedRow, "a line that is no sentence")),
        Err(()) => return Err((DamageKind::BadChecksum, CHECKSUM)),
    };
    let Some(stated) = stated(&fields).filter(|stated| stated.valid) else {
        return Ok(None);
    };
    let (lat, lon) = stated
        .position()
        .ok_or((DamageKind::MalformedRow, UNREADABLE))?;
    match judge_position(lat, lon) {
        Position::Good => Ok(Some(Place {
            time_of_day: stated.time.to_owned(),
            satellites_us: day(stated.date).and_then(|day| moment(day, stated.time, None)),
            fix: Fix {
                time_us: now_us,
                sensor: None,
                lat,
                lon,
                accuracy_m: None,
                speed_m_s: stated.speed_m_s,
            },
        })),
        Position::Absent => Ok(None),
        Position::OutOfRange => Err((
            DamageKind::BadPosition,
            "latitude or longitude out of range",
        )),
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
