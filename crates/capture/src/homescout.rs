//! HomeScout's CSV, both headers: `address;time_ms;lat;lon;kind` and `macAddress;timestampInMilliSeconds;lat;lng;type;id`.
//! It has neither levels nor payloads.

use vigie_decode::Fix;

use crate::DamageKind;
use crate::log::{Log, NewRow};
use crate::table::{self, Header};

/// Whether a header is one of the two.
pub(crate) fn recognised(header: &Header) -> bool {
    columns(header).is_some()
}

fn columns(header: &Header) -> Option<[usize; 4]> {
    let address = header.find(&["address", "macAddress"])?;
    let time = header.find(&["time_ms", "timestampInMilliSeconds"])?;
    Some([
        address,
        time,
        header.find(&["lat"])?,
        header.find(&["lon", "lng"])?,
    ])
}

pub(crate) fn read(bytes: &[u8], log: &mut Log, sensor: u16) {
    let mut lines = table::lines(bytes);
    let header = lines.next().and_then(|(_, line)| Header::parse(line));
    let Some((header, [address, time, lat, lon])) =
        header.and_then(|h| Some((columns(&h)?, h)).map(|(c, h)| (h, c)))
    else {
        log.lose(DamageKind::MalformedRow, 0, "no header", false);
        return;
    };
    log.note("no_rssi", "the log holds no levels");
    log.note(
        "no_payload",
        "the log holds no payload: the family of a device is unknown",
    );
    let mut fields = Vec::new();
    for (offset, line) in lines {
        let row = header.row(line, &mut fields).and_then(|()| {
            let number = |i: usize| fields.get(i)?.trim().parse::<f64>().ok();
            let time_us = fields
                .get(time)?
                .trim()
                .parse::<i64>()
                .ok()?
                .checked_mul(1000)?;
            let address = fields.get(address)?.trim();
            Some((time_us, address, number(lat)?, number(lon)?)).filter(|_| !address.is_empty())
        });
        let Some((time_us, address, lat, lon)) = row else {
            log.lose(
                DamageKind::MalformedRow,
                offset,
                "a row that cannot be read",
                true,
            );
            continue;
        };
        let (accuracy_m, speed_m_s) = (None, None);
        log.fix(
            Fix {
                time_us,
                sensor: Some(sensor),
                lat,
                lon,
                accuracy_m,
                speed_m_s,
            },
            offset,
        );
        log.row(NewRow {
            time_us,
            sensor,
            offset,
            address,
            ..NewRow::default()
        });
    }
}
