//! Generic sightings, for data with no frames: JSON lines, or CSV with a header. Fields: `time` (RFC 3339, or microseconds
//! since 1970), `sensor`, `address`, `rssi`, `payload` (hex), `address_type`, `pdu`, `channel`, `lat`, `lon`, `accuracy_m`,
//! `vehicle`. Other columns are named once and passed over. One file may hold many sensors.

use std::borrow::Cow;

use serde_json::Value;
use vigie_decode::{Address, AddressKind, Fix, PduType};

use crate::log::{Log, NewRow};
use crate::table::{self, Header};
use crate::{DamageKind, Sensors, time};

const FIELDS: [&str; 12] = [
    "time",
    "sensor",
    "address",
    "rssi",
    "payload",
    "address_type",
    "pdu",
    "channel",
    "lat",
    "lon",
    "accuracy_m",
    "vehicle",
];
// Their places in `FIELDS`.
const TIME: usize = 0;
const SENSOR: usize = 1;
const ADDRESS: usize = 2;
const RSSI: usize = 3;
const PAYLOAD: usize = 4;
const ADDRESS_TYPE: usize = 5;
const PDU: usize = 6;
const CHANNEL: usize = 7;
const LAT: usize = 8;
const LON: usize = 9;
const ACCURACY: usize = 10;
const VEHICLE: usize = 11;

/// The fields of one row as text; what is absent, empty or null is `None`.
type Fields<'a> = [Option<Cow<'a, str>>; 12];

/// Whether a CSV header is one of sightings.
pub(crate) fn recognised_csv(header: &Header) -> bool {
    header.find(&["time"]).is_some() && header.find(&["address"]).is_some()
}

/// Whether an object of a JSON-lines file is a sighting.
pub(crate) fn recognised_json(object: &serde_json::Map<String, Value>) -> bool {
    object.contains_key("time") && object.contains_key("address")
}

/// What a file's rows have in common.
pub(crate) struct Context<'a> {
    pub(crate) log: &'a mut Log,
    pub(crate) sensors: &'a mut Sensors,
    /// Sensor of rows that name none.
    pub(crate) sensor: &'a str,
}

pub(crate) fn read_csv(bytes: &[u8], context: &mut Context<'_>) {
    let mut lines = table::lines(bytes);
    let Some(header) = lines.next().and_then(|(_, line)| Header::parse(line)) else {
        context
            .log
            .lose(DamageKind::MalformedRow, 0, "no header", false);
        return;
    };
    let columns = FIELDS.map(|name| header.find(&[name]));
    for (index, name) in header.names.iter().enumerate() {
        if !columns.contains(&Some(index)) {
            context.log.note("unknown_column", name);
        }
    }
    if columns[PAYLOAD].is_none() {
        context.no_payload();
    }
    let mut row = Vec::new();
    for (offset, line) in lines {
        if header.row(line, &mut row).is_none() {
            let what = "a row with fewer fields than the header, or no text";
            context
                .log
                .lose(DamageKind::MalformedRow, offset, what, true);
            continue;
        }
        let fields = columns.map(|column| {
            let text = row.get(column?)?.trim();
            (!text.is_empty()).then_some(Cow::Borrowed(text))
        });
        context.take(&fields, offset);
    }
}

pub(crate) fn read_json(bytes: &[u8], context: &mut Context<'_>) {
    let mut payloads = 0;
    for (offset, line) in table::lines(bytes) {
        let Ok(Value::Object(object)) = serde_json::from_slice(line) else {
            context.log.lose(
                DamageKind::MalformedRow,
                offset,
                "a line that is no JSON object",
                true,
            );
            continue;
        };
        let mut fields = Fields::default();
        for (name, value) in &object {
            let Some(index) = FIELDS.iter().position(|f| f == name) else {
                context.log.note("unknown_column", name);
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
        payloads += usize::from(fields[PAYLOAD].is_some());
        context.take(&fields, offset);
    }
    if payloads == 0 {
        context.no_payload();
    }
}

impl Context<'_> {
    fn no_payload(&mut self) {
        self.log.note(
            "no_payload",
            "the log holds no payload: the family of a device is unknown",
        );
    }

    fn take(&mut self, fields: &Fields<'_>, offset: u64) {
        let text = |i: usize| fields.get(i).and_then(Option::as_deref);
        let number = |i: usize| text(i).and_then(|t| t.parse::<f64>().ok());
        let Some(time_text) = text(TIME) else {
            self.log
                .lose(DamageKind::MalformedRow, offset, "a row without time", true);
            return;
        };
        let Some(time_us) = time::rfc3339_or_us(time_text) else {
            self.log.lose(
                DamageKind::BadTime,
                offset,
                "a time that cannot be read",
                true,
            );
            return;
        };
        let sensor = self.sensors.index(text(SENSOR).unwrap_or(self.sensor));
        if let Some(vehicle) = text(VEHICLE) {
            self.log
                .vehicles
                .entry(sensor)
                .or_insert_with(|| vehicle.to_owned());
        }
        let position = number(LAT).zip(number(LON));
        if let Some((lat, lon)) = position {
            let accuracy_m = number(ACCURACY).map(|m| m as f32);
            let sensor = Some(sensor);
            self.log.fix(
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
        } else if text(LAT).is_some() || text(LON).is_some() {
            self.log.lose(
                DamageKind::BadPosition,
                offset,
                "half a position, or no number",
                false,
            );
        }
        let Some(address) = text(ADDRESS) else {
            if position.is_none() {
                let what = "a row without address or position";
                self.log.lose(DamageKind::MalformedRow, offset, what, true);
            }
            return;
        };
        let payload = text(PAYLOAD).map(hex);
        if payload.as_ref().is_some_and(Option::is_none) {
            self.log.lose(
                DamageKind::MalformedRow,
                offset,
                "a payload that is no hex",
                false,
            );
        }
        let payload = payload.flatten();
        let row = NewRow {
            time_us,
            sensor,
            offset,
            rssi: number(RSSI).map(|r| r.round() as i64),
            channel: text(CHANNEL).and_then(|c| c.parse().ok()),
            address,
            address_kind: text(ADDRESS_TYPE).and_then(|kind| self.address_kind(kind, address)),
            pdu: text(PDU).and_then(|name| self.pdu(name)),
            payload: payload.as_deref(),
        };
        self.log.row(row);
    }

    fn address_kind(&mut self, kind: &str, address: &str) -> Option<AddressKind> {
        match kind.to_ascii_lowercase().as_str() {
            "public" => Some(AddressKind::Public),
            "static_random" | "random_static" | "static" => Some(AddressKind::StaticRandom),
            "rpa" => Some(AddressKind::Rpa),
            "nrpa" => Some(AddressKind::Nrpa),
            "random" => Address::parse(address).and_then(Address::random_kind),
            _ => {
                self.log
                    .note("unknown_value", &format!("address_type {kind}"));
                None
            }
        }
    }

    fn pdu(&mut self, name: &str) -> Option<PduType> {
        let pdu = pdu_by_name(&name.to_ascii_uppercase());
        if pdu.is_none() {
            self.log.note("unknown_value", &format!("pdu {name}"));
        }
        pdu
    }
}

/// PDU types by the names of the Core Specification (Vol 6 Part B 2.3).
fn pdu_by_name(name: &str) -> Option<PduType> {
    Some(match name {
        "ADV_IND" => PduType::AdvInd,
        "ADV_DIRECT_IND" => PduType::AdvDirectInd,
        "ADV_NONCONN_IND" => PduType::AdvNonconnInd,
        "ADV_SCAN_IND" => PduType::AdvScanInd,
        "SCAN_RSP" => PduType::ScanRsp,
        "SCAN_REQ" => PduType::ScanReq,
        "CONNECT_IND" | "CONNECT_REQ" => PduType::ConnectInd,
        "ADV_EXT_IND" => PduType::AdvExtInd,
        "AUX_ADV_IND" => PduType::AuxAdvInd,
        "AUX_CHAIN_IND" => PduType::AuxChainInd,
        "AUX_SCAN_RSP" => PduType::AuxScanRsp,
        "AUX_SCAN_REQ" => PduType::AuxScanReq,
        "AUX_CONNECT_REQ" => PduType::AuxConnectReq,
        "AUX_CONNECT_RSP" => PduType::AuxConnectRsp,
        "AUX_SYNC_IND" => PduType::AuxSyncInd,
        _ => return None,
    })
}

/// Bytes from hex digits, blanks, colons and a leading `0x` passed over.
pub(crate) fn hex(text: &str) -> Option<Vec<u8>> {
    let text = text.strip_prefix("0x").unwrap_or(text);
    let mut out = Vec::with_capacity(text.len() / 2);
    let mut high = None;
    for c in text.chars().filter(|c| !matches!(c, ' ' | ':')) {
        let digit = c.to_digit(16)? as u8;
        match high.take() {
            None => high = Some(digit),
            Some(h) => out.push(h << 4 | digit),
        }
    }
    high.is_none().then_some(out)
}
