//! WiGLE's CSV, versions 1.4 and 1.6: a line `WigleWifi-1.x,...` about the phone, a header, one row a device. Only rows of type
//! BLE and BT are read. There is no payload, and a device stands only where it was first seen.

use jiff::civil::DateTime;
use vigie_decode::Fix;

use crate::log::{Log, NewRow};
use crate::table::{self, Header};
use crate::{DamageKind, time};

pub(crate) fn recognised(text: &[u8]) -> bool {
    text.get(..10)
        .is_some_and(|t| t.eq_ignore_ascii_case(b"WigleWifi-"))
}

pub(crate) fn read(bytes: &[u8], log: &mut Log, sensor: u16) {
    let mut lines = table::lines(bytes).skip(1);
    let header = lines.next().and_then(|(_, line)| Header::parse(line));
    let columns = header.as_ref().and_then(|h| {
        let of = |name: &str| h.find(&[name]);
        Some([
            of("MAC")?,
            of("FirstSeen")?,
            of("RSSI")?,
            of("CurrentLatitude")?,
            of("CurrentLongitude")?,
            of("AccuracyMeters")?,
            of("Type")?,
        ])
    });
    let (Some(header), Some([mac, seen, rssi, lat, lon, accuracy, kind])) = (header, columns)
    else {
        log.lose(DamageKind::MalformedRow, 0, "no header with MAC, FirstSeen, RSSI, CurrentLatitude, CurrentLongitude, AccuracyMeters, Type", false);
        return;
    };
    log.note(
        "untested_on_real_files",
        "WiGLE CSV is read from its documented fields",
    );
    log.note(
        "no_payload",
        "the log holds no payload: the family of a device is unknown",
    );
    log.note(
        "first_seen_only",
        "a device stands only where it was first seen",
    );
    log.note(
        "time_read_as_utc",
        "FirstSeen has no time zone and is read as UTC",
    );
    let mut fields = Vec::new();
    for (offset, line) in lines {
        if header.row(line, &mut fields).is_none() {
            let what = "a row with fewer fields than the header, or no text";
            log.lose(DamageKind::MalformedRow, offset, what, true);
            continue;
        }
        let text = |i: usize| fields.get(i).map_or("", |f| f.trim());
        match text(kind) {
            "BLE" | "BT" => {}
            other => {
                log.note("passed_over", &format!("rows of type {other}"));
                continue;
            }
        }
        let number = |i: usize| text(i).parse::<f64>().ok();
        let time = text(seen)
            .parse::<DateTime>()
            .ok()
            .and_then(|t| time::from_civil(t, 0));
        let Some(time_us) = time else {
            log.lose(
                DamageKind::BadTime,
                offset,
                "a time that cannot be read",
                true,
            );
            continue;
        };
        if let Some((lat, lon)) = number(lat).zip(number(lon)) {
            let accuracy_m = number(accuracy).map(|m| m as f32);
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
        let rssi = number(rssi).map(|r| r.round() as i64);
        let address = text(mac);
        log.row(NewRow {
            time_us,
            sensor,
            offset,
            rssi,
            address,
            ..NewRow::default()
        });
    }
}
