//! BLE-Doubt's JSON log: `{"devices":[...],"detections":[{"lat","long","mac","rssi","t"},...]}`, keys in any order.
//!
//! Not parsed as one document: its flat objects are found one by one, so that a broken or cut file gives all that is whole.
//! `offset` of a row is the byte offset of its object.

use serde::Deserialize;
use vigie_decode::Fix;

use crate::log::{Log, NewRow};
use crate::{DamageKind, time};

/// A flat object longer than this is not believed.
const MAX_OBJECT: usize = 16 * 1024;

#[derive(Deserialize)]
struct Detection {
    lat: Option<f64>,
    #[serde(alias = "lon", alias = "lng")]
    long: Option<f64>,
    mac: Identifier,
    rssi: Option<f64>,
    t: String,
}

/// Logs with plain numbers in place of addresses write them with or without quotes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Identifier {
    Text(String),
    Number(serde_json::Number),
}

/// Whether a JSON text is such a log: it names `detections` or `devices` at its top level.
pub(crate) fn recognised(prefix: &[u8]) -> bool {
    let text: Vec<u8> = prefix
        .iter()
        .copied()
        .filter(|b| !b.is_ascii_whitespace())
        .take(4096)
        .collect();
    text.starts_with(b"{\"devices\":[") || text.starts_with(b"{\"detections\":[")
}

pub(crate) fn read(bytes: &[u8], log: &mut Log, sensor: u16) {
    let mut at = if bytes.starts_with(b"\xEF\xBB\xBF") {
        3
    } else {
        0
    };
    let mut in_detections = false;
    while let Some(open) = find(bytes, at, b'{') {
        let gap = bytes.get(at..open).unwrap_or_default();
        gap_damage(gap, at, in_detections, log);
        in_detections = section(gap, in_detections);
        match object_end(bytes, open) {
            End::At(end) => {
                let object = bytes.get(open..end).unwrap_or_default();
                take(object, open as u64, in_detections, log, sensor);
                at = end;
            }
            End::Container => at = open + 1,
            End::Broken(next) => {
                log.lose(
                    DamageKind::MalformedRow,
                    open as u64,
                    "an object that does not end",
                    in_detections,
                );
                at = next;
                continue;
            }
            End::CutOff => {
                log.lose(
                    DamageKind::Truncated,
                    open as u64,
                    "the file ends inside an object",
                    in_detections,
                );
                return;
            }
        }
    }
    let tail = bytes.get(at..).unwrap_or_default();
    gap_damage(tail, at, in_detections, log);
    if !tail.trim_ascii_end().ends_with(b"}") {
        log.lose(
            DamageKind::Truncated,
            bytes.len() as u64,
            "the file ends before its last bracket",
            false,
        );
    }
}

fn find(bytes: &[u8], from: usize, wanted: u8) -> Option<usize> {
    bytes
        .get(from..)?
        .iter()
        .position(|&b| b == wanted)
        .map(|i| i + from)
}

/// Which list the objects behind this gap belong to.
fn section(gap: &[u8], before: bool) -> bool {
    let last = |needle: &[u8]| gap.windows(needle.len()).rposition(|w| w == needle);
    match (last(b"\"detections\""), last(b"\"devices\"")) {
        (Some(detections), Some(devices)) => detections > devices,
        (Some(_), None) => true,
        (None, Some(_)) => false,
        (None, None) => before,
    }
}

/// Between objects there is nothing but punctuation and the names of the lists.
fn gap_damage(gap: &[u8], at: usize, in_detections: bool, log: &mut Log) {
    let mut quoted = false;
    for &b in gap {
        match b {
            b'"' => quoted = !quoted,
            b',' | b'[' | b']' | b'}' | b':' => {}
            _ if b.is_ascii_whitespace() => {}
            _ if quoted && b.is_ascii_alphanumeric() => {}
            _ => {
                let what = "bytes between objects that belong to none";
                log.lose(DamageKind::MalformedRow, at as u64, what, in_detections);
                return;
            }
        }
    }
}

enum End {
    At(usize),
    /// Holds objects itself.
    Container,
    /// Another object begins before this one ends.
    Broken(usize),
    CutOff,
}

/// The end of the flat object that opens at `open`.
fn object_end(bytes: &[u8], open: usize) -> End {
    let mut quoted = false;
    let mut escaped = false;
    let mut before = b'{';
    let limit = (open + MAX_OBJECT).min(bytes.len());
    for (i, &b) in bytes
        .get(..limit)
        .unwrap_or_default()
        .iter()
        .enumerate()
        .skip(open + 1)
    {
        if quoted {
            match b {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => quoted = false,
                _ => {}
            }
            continue;
        }
        match b {
            b'"' => quoted = true,
            b'}' => return End::At(i + 1),
            b'[' => return End::Container,
            b'{' if before == b':' => return End::Container,
            b'{' => return End::Broken(i),
            _ => {}
        }
        if !b.is_ascii_whitespace() {
            before = b;
        }
    }
    // Inside a string that does not end, or in a very long object: try from the next brace on.
    match find(bytes, open + 1, b'{') {
        Some(next) => End::Broken(next),
        None => End::CutOff,
    }
}

fn take(object: &[u8], offset: u64, in_detections: bool, log: &mut Log, sensor: u16) {
    if !in_detections {
        // What a device is called is not used: its bytes are not in the log.
        if serde_json::from_slice::<serde::de::IgnoredAny>(object).is_err() {
            log.lose(
                DamageKind::MalformedRow,
                offset,
                "a device that is no JSON object",
                false,
            );
        }
        return;
    }
    let Ok(detection) = serde_json::from_slice::<Detection>(object) else {
        log.lose(
            DamageKind::MalformedRow,
            offset,
            "a detection without mac or t, or no JSON",
            true,
        );
        return;
    };
    let Some((time_us, unknown_zone)) = time::java_date(&detection.t) else {
        log.lose(
            DamageKind::BadTime,
            offset,
            "a time that cannot be read",
            true,
        );
        return;
    };
    if let Some(zone) = unknown_zone {
        log.note("unknown_time_zone", zone);
    }
    if let (Some(lat), Some(lon)) = (detection.lat, detection.long) {
        let fix = Fix {
            time_us,
            sensor: Some(sensor),
            lat,
            lon,
            accuracy_m: None,
            speed_m_s: None,
        };
        log.fix(fix, offset);
    }
    let address = match &detection.mac {
        Identifier::Text(text) => text.clone(),
        Identifier::Number(number) => number.to_string(),
    };
    log.row(NewRow {
        time_us,
        sensor,
        offset,
        rssi: detection.rssi.map(|r| r.round() as i64),
        address: &address,
        ..NewRow::default()
    });
}
