//! GPX tracks: points with `lat`, `lon` and `time`, and `speed` where there is. Read as a stream of tags, without entities or
//! outside references; a damaged file is read on at its next point.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use vigie_decode::Fix;

use crate::DamageKind;
use crate::log::Log;

/// Tags deeper than this are no GPX.
const MAX_DEPTH: usize = 64;
/// After so many mistakes the rest is not read; fewer in a long file, because one mistake may cost a look at all the rest.
const MAX_MISTAKES: usize = 1000;
const MIN_MISTAKES: usize = 20;
const LOOKED_AT: usize = 64 * 1024 * 1024;
/// A text longer than this is no time or speed.
const MAX_TEXT: usize = 64;

pub(crate) fn recognised(text: &[u8]) -> bool {
    text.first() == Some(&b'<')
        && text
            .get(..4096)
            .unwrap_or(text)
            .windows(4)
            .any(|w| w == b"<gpx")
}

#[derive(Default)]
struct Point {
    offset: u64,
    lat: Option<f64>,
    lon: Option<f64>,
    time_us: Option<i64>,
    speed_m_s: Option<f32>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Time,
    Speed,
}

impl Point {
    fn take(&mut self, field: Field, text: &str) {
        if text.len() > MAX_TEXT {
            return;
        }
        match field {
            Field::Time => {
                let time = text.parse::<jiff::Timestamp>();
                self.time_us = time.ok().map(jiff::Timestamp::as_microsecond);
            }
            Field::Speed => {
                let speed = text.parse().ok();
                self.speed_m_s = speed.filter(|s: &f32| s.is_finite() && *s >= 0.0);
            }
        }
    }
}

pub(crate) fn read(bytes: &[u8], log: &mut Log, sensor: Option<u16>) {
    let text = String::from_utf8_lossy(bytes);
    let mut from = 0;
    let mut mistakes = 0;
    let most = (LOOKED_AT / text.len().max(1)).clamp(MIN_MISTAKES, MAX_MISTAKES);
    // Each turn reads up to a mistake in the XML, and the next begins at the next point behind it.
    while let Some(rest) = text.get(from..) {
        let Some(stopped) = read_part(rest, from as u64, log, sensor) else {
            return;
        };
        let behind = from + stopped.max(1);
        log.lose(
            DamageKind::MalformedRow,
            behind as u64,
            "XML that cannot be read",
            false,
        );
        mistakes += 1;
        if mistakes == most {
            log.lose(
                DamageKind::OverLimit,
                behind as u64,
                "too much of the XML is broken; the rest is not read",
                false,
            );
            return;
        }
        match next_point(&text, behind) {
            Some(next) => from = next,
            None => return,
        }
    }
}

fn next_point(text: &str, from: usize) -> Option<usize> {
    let from = (from..=text.len()).find(|&i| text.is_char_boundary(i))?;
    ["<trkpt", "<rtept", "<wpt"]
        .iter()
        .filter_map(|tag| text.get(from..)?.find(tag))
        .min()
        .map(|i| from + i)
}

/// Reads until the end (`None`) or a mistake (the byte in `text` where the tag or text with it begins).
fn read_part(text: &str, base: u64, log: &mut Log, sensor: Option<u16>) -> Option<usize> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut depth = 0usize;
    let mut point: Option<Point> = None;
    let mut field: Option<Field> = None;
    loop {
        let at = reader.buffer_position();
        let Ok(event) = reader.read_event() else {
            return Some(at as usize);
        };
        match event {
            Event::Eof => {
                if point.is_some() {
                    let what = "the file ends inside a point";
                    log.lose(DamageKind::Truncated, base + at, what, false);
                }
                return None;
            }
            Event::Start(tag) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Some(reader.buffer_position() as usize);
                }
                match tag.local_name().as_ref() {
                    "trkpt" | "rtept" | "wpt" => point = Some(begin(&tag, base + at)),
                    "time" => field = Some(Field::Time),
                    "speed" => field = Some(Field::Speed),
                    _ => field = None,
                }
            }
            // A point without content has no time.
            Event::Empty(tag) if matches!(tag.local_name().as_ref(), "trkpt" | "rtept" | "wpt") => {
                finish(begin(&tag, base + at), log, sensor);
            }
            Event::Text(text) => {
                if let (Some(point), Some(field)) = (&mut point, field) {
                    point.take(field, text.trim());
                }
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                field = None;
                if matches!(tag.local_name().as_ref(), "trkpt" | "rtept" | "wpt")
                    && let Some(point) = point.take()
                {
                    finish(point, log, sensor);
                }
            }
            _ => {}
        }
    }
}

fn begin(tag: &BytesStart<'_>, offset: u64) -> Point {
    let number = |name: &str| {
        let attribute = tag.try_get_attribute(name).ok()??;
        attribute.value.trim().parse::<f64>().ok()
    };
    Point {
        offset,
        lat: number("lat"),
        lon: number("lon"),
        ..Point::default()
    }
}

fn finish(point: Point, log: &mut Log, sensor: Option<u16>) {
    let Some((lat, lon)) = point.lat.zip(point.lon) else {
        log.lose(
            DamageKind::BadPosition,
            point.offset,
            "a point without lat or lon",
            false,
        );
        return;
    };
    let Some(time_us) = point.time_us else {
        log.note("no_time", "points without a time are passed over");
        return;
    };
    let speed_m_s = point.speed_m_s;
    log.fix(
        Fix {
            time_us,
            sensor,
            lat,
            lon,
            accuracy_m: None,
            speed_m_s,
        },
        point.offset,
    );
}
