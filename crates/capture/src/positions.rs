//! Positions as a table or as JSON lines: `time` (RFC 3339, or microseconds since 1970) or `time_us`, `lat`, `lon`, and where
//! there are, `accuracy_m`, `speed_m_s`, `heading_deg` (not used), `sensor` (whose positions; without it they hold for all),
//! `number` (place in the order of arrival, as a live run records it).

use std::borrow::Cow;

use serde_json::Value;
use vigie_decode::Fix;

use crate::log::Log;
use crate::table::{self, Header};
use crate::{DamageKind, Sensors, time};

const FIELDS: [&[&str]; 8] = [
    &["time", "time_us", "timestamp"],
    &["lat", "latitude"],
    &["lon", "lng", "long", "longitude"],
    &["accuracy_m"],
    &["speed_m_s"],
    &["sensor"],
    &["heading_deg"],
    &["number"],
];
// Their places in `FIELDS`.
const TIME: usize = 0;
const LAT: usize = 1;
const LON: usize = 2;
const ACCURACY: usize = 3;
const SPEED: usize = 4;
const SENSOR: usize = 5;
const NUMBER: usize = 7;

type Fields<'a> = [Option<Cow<'a, str>>; 8];

/// Whether this is the first line of a segment that a live run wrote: what it is bound to, and no position.
fn is_head(object: &serde_json::Map<String, Value>) -> bool {
    object.len() == 1 && object.get("head").is_some_and(Value::is_object)
}

pub(crate) fn recognised_csv(header: &Header) -> bool {
    [TIME, LAT, LON].iter().all(|&i| {
        FIELDS
            .get(i)
            .is_some_and(|names| header.find(names).is_some())
    })
}

pub(crate) fn recognised_json(object: &serde_json::Map<String, Value>) -> bool {
    if is_head(object) {
        return true;
    }
    [TIME, LAT, LON].iter().all(|&i| {
        FIELDS
            .get(i)
            .is_some_and(|names| names.iter().any(|n| object.contains_key(*n)))
    })
}

pub(crate) fn read_csv(bytes: &[u8], log: &mut Log, sensors: &mut Sensors, sensor: Option<u16>) {
    let mut lines = table::lines(bytes);
    let Some(header) = lines.next().and_then(|(_, line)| Header::parse(line)) else {
        log.lose(DamageKind::MalformedRow, 0, "no header", false);
        return;
    };
    let columns = FIELDS.map(|names| header.find(names));
    for (index, name) in header.names.iter().enumerate() {
        if !columns.contains(&Some(index)) {
            log.note("unknown_column", name);
        }
    }
    let mut row = Vec::new();
    for (offset, line) in lines {
        if header.row(line, &mut row).is_none() {
            let what = "a row with fewer fields than the header, or no text";
            log.lose(DamageKind::MalformedRow, offset, what, false);
            continue;
        }
        let fields = columns.map(|column| {
            let text = row.get(column?)?.trim();
            (!text.is_empty()).then_some(Cow::Borrowed(text))
        });
        take(&fields, offset, log, sensors, sensor);
    }
}

pub(crate) fn read_json(bytes: &[u8], log: &mut Log, sensors: &mut Sensors, sensor: Option<u16>) {
    for (offset, line) in table::lines(bytes) {
        let Ok(Value::Object(object)) = serde_json::from_slice(line) else {
            log.lose(
                DamageKind::MalformedRow,
                offset,
                "a line that is no JSON object",
                false,
            );
            continue;
        };
        if is_head(&object) {
            continue;
        }
        let mut fields = Fields::default();
        for (name, value) in &object {
            let Some(index) = FIELDS
                .iter()
                .position(|names| names.contains(&name.as_str()))
            else {
                log.note("unknown_column", name);
                continue;
            };
            let text = match value {
                Value::String(text) => Cow::Borrowed(text.trim()),
                Value::Number(number) => Cow::Owned(number.to_string()),
                _ => continue,
            };
            if let Some(field) = fields.get_mut(index) {
                *field = Some(text).filter(|t| !t.is_empty());
            }
        }
        take(&fields, offset, log, sensors, sensor);
    }
}

fn take(
    fields: &Fields<'_>,
    offset: u64,
    log: &mut Log,
    sensors: &mut Sensors,
    sensor: Option<u16>,
) {
    let text = |i: usize| fields.get(i).and_then(Option::as_deref);
    let number = |i: usize| text(i).and_then(|t| t.parse::<f64>().ok());
    let Some(time_us) = text(TIME).and_then(time::rfc3339_or_us) else {
        log.lose(
            DamageKind::BadTime,
            offset,
            "a time that cannot be read",
            false,
        );
        return;
    };
    let Some((lat, lon)) = number(LAT).zip(number(LON)) else {
        log.lose(
            DamageKind::BadPosition,
            offset,
            "half a position, or no number",
            false,
        );
        return;
    };
    let known = |n: f64| (n.is_finite() && n >= 0.0).then_some(n as f32);
    let fix = Fix {
        time_us,
        sensor: text(SENSOR).map(|name| sensors.index(name)).or(sensor),
        lat,
        lon,
        accuracy_m: number(ACCURACY).and_then(known),
        speed_m_s: number(SPEED).and_then(known),
    };
    let arrival = text(NUMBER).and_then(|t| t.parse().ok()).unwrap_or(0);
    log.numbered_fix(fix, offset, arrival);
}
