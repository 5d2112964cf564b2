//! AirGuard's "Export Raw Data" (Android, 3.1.0 and later): a zip of `devices.csv`, `beacons.csv`, `locations.csv` and
//! `notifications.csv`. Read are the beacons, with the place they were received at.
//!
//! `receivedAt` is the phone's local time without a zone. `manufacturerData` and `serviceUUIDs` are put together again to AD
//! structures (the company is Apple's where the data are a Find My message): they are not the bytes as received.

use std::collections::HashMap;

use jiff::civil::DateTime;
use vigie_decode::Fix;

use crate::log::{Log, NewRow};
use crate::sightings::hex;
use crate::table::{self, Header};
use crate::{DamageKind, time};

/// The two files of the export that are read.
pub(crate) const BEACONS: &str = "beacons.csv";
pub(crate) const LOCATIONS: &str = "locations.csv";

struct Place {
    lat: f64,
    lon: f64,
    accuracy_m: Option<f32>,
}

/// Reads the two tables; offsets are those in `beacons.csv`.
pub(crate) fn read(beacons: &[u8], locations: &[u8], log: &mut Log, sensor: u16) {
    let places = places(locations, log);
    let mut lines = table::lines(beacons);
    let header = lines.next().and_then(|(_, line)| Header::parse(line));
    let columns = header.as_ref().and_then(|h| {
        let of = |name: &str| h.find(&[name]);
        Some([
            of("receivedAt")?,
            of("rssi")?,
            of("deviceAddress")?,
            of("locationId")?,
        ])
    });
    let (Some(header), Some([received, rssi, device, location])) = (header, columns) else {
        log.lose(
            DamageKind::MalformedRow,
            0,
            "beacons.csv without its header",
            false,
        );
        return;
    };
    let (data, uuids) = (
        header.find(&["manufacturerData"]),
        header.find(&["serviceUUIDs"]),
    );
    log.note(
        "untested_on_real_files",
        "AirGuard's export is read from its documented fields",
    );
    log.note(
        "time_read_as_utc",
        "receivedAt is local time without a zone and is read as UTC",
    );
    log.note(
        "payload_put_together",
        "payloads are put together from AirGuard's fields, not as received",
    );
    let mut fields = Vec::new();
    for (offset, line) in lines {
        if header.row(line, &mut fields).is_none() {
            let what = "a row with fewer fields than the header, or no text";
            log.lose(DamageKind::MalformedRow, offset, what, true);
            continue;
        }
        let text = |i: usize| fields.get(i).map_or("", |f| f.trim());
        let time = text(received)
            .parse::<DateTime>()
            .ok()
            .and_then(|t| time::from_civil(t, 0));
        let (Some(time_us), false) = (time, text(device).is_empty()) else {
            log.lose(
                DamageKind::MalformedRow,
                offset,
                "a beacon without time or device",
                true,
            );
            continue;
        };
        if let Some(place) = places.get(text(location)) {
            let &Place {
                lat,
                lon,
                accuracy_m,
            } = place;
            let sensor = Some(sensor);
            log.fix(
                Fix {
                    time_us,
                    sensor,
                    lat,
                    lon,
                    accuracy_m,
                    speed_m_s: None,
                },
                offset,
            );
        }
        let payload = payload(data.map_or("", text), uuids.map_or("", text));
        log.row(NewRow {
            time_us,
            sensor,
            offset,
            rssi: text(rssi).parse().ok(),
            address: text(device),
            payload: (!payload.is_empty()).then_some(&payload),
            ..NewRow::default()
        });
    }
}

fn places(locations: &[u8], log: &mut Log) -> HashMap<String, Place> {
    let mut found = HashMap::new();
    let mut lines = table::lines(locations);
    let header = lines.next().and_then(|(_, line)| Header::parse(line));
    let columns = header.as_ref().and_then(|h| {
        let of = |name: &str| h.find(&[name]);
        Some([of("locationId")?, of("latitude")?, of("longitude")?])
    });
    let (Some(header), Some([id, lat, lon])) = (header, columns) else {
        log.note("no_positions", "locations.csv is missing or has no header");
        return found;
    };
    let accuracy = header.find(&["accuracy"]);
    let mut fields = Vec::new();
    for (offset, line) in lines {
        let place = header.row(line, &mut fields).and_then(|()| {
            let number = |i: usize| fields.get(i)?.trim().parse::<f64>().ok();
            let accuracy_m = accuracy.and_then(number).map(|m| m as f32);
            let place = Place {
                lat: number(lat)?,
                lon: number(lon)?,
                accuracy_m,
            };
            Some((fields.get(id)?.trim().to_owned(), place))
        });
        match place {
            Some((id, place)) => {
                found.insert(id, place);
            }
            None => log.lose(
                DamageKind::MalformedRow,
                offset,
                "locations.csv: a row that cannot be read",
                false,
            ),
        }
    }
    found
}

/// AD structures: 16-bit service UUIDs (0x03) and Apple's manufacturer data (0xFF).
fn payload(data: &str, uuids: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let short: Vec<u8> = uuids
        .split(';')
        .filter_map(|uuid| {
            let uuid = uuid.trim().to_ascii_lowercase();
            let short = uuid
                .strip_suffix("-0000-1000-8000-00805f9b34fb")
                .unwrap_or(&uuid);
            let short = short.strip_prefix("0000").unwrap_or(short);
            (short.len() == 4).then(|| u16::from_str_radix(short, 16).ok())?
        })
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut structure = |kind: u8, head: &[u8], body: &[u8]| {
        if let Ok(length) = u8::try_from(1 + head.len() + body.len()) {
            out.extend([length, kind]);
            out.extend(head);
            out.extend(body);
        }
    };
    if !short.is_empty() {
        structure(0x03, &[], &short);
    }
    if let Some(bytes) = hex(data).filter(|b| matches!(b.first(), Some(0x07 | 0x12))) {
        structure(0xFF, &[0x4C, 0x00], &bytes);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_are_put_together() {
        let expected = [
            0x03, 0x03, 0x5A, 0xFD, 0x06, 0xFF, 0x4C, 0x00, 0x12, 0x02, 0x00,
        ];
        assert_eq!(
            payload("120200", "0000fd5a-0000-1000-8000-00805f9b34fb"),
            expected
        );
        assert!(payload("", "").is_empty());
        assert!(payload("zz", "not-a-uuid").is_empty());
    }
}
