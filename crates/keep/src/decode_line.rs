//! What `vigie decode` writes: one frame, one line of JSON, damaged frames included.
//!
//! `docs/decode.schema.json` states the same for programs.

use std::io;

use serde::Serialize;
use serde::ser::Serializer;
use vigie_decode::{AddressKind, PduType};

use crate::time::Time;

/// One frame as Vigie reads it.
#[derive(Debug, Clone, PartialEq)]
pub struct DecodeLine<'a> {
    /// Time of reception, µs since 1970-01-01T00:00:00Z.
    pub time_us: i64,
    /// Name of the sensor.
    pub sensor: &'a str,
    /// Link-layer channel index 0 to 39, where known.
    pub channel: Option<u8>,
    /// Level in dBm; `None` is unknown.
    pub rssi: Option<i8>,
    /// PDU type, where the frame or log tells.
    pub pdu: Option<PduType>,
    /// The AdvA field, `AA:BB:CC:DD:EE:FF` or the opaque identifier of a log.
    pub adva: Option<String>,
    /// Sub-type of that address.
    pub address_kind: Option<AddressKind>,
    /// AD structures.
    pub payload: &'a [u8],
    /// Tracker family, where the payload tells.
    pub family: Option<&'a str>,
    /// State of the tracker, where the payload tells.
    pub state: Option<&'a str>,
    /// What else the frame says, an object; `ScanA` or `InitA` of a request among it.
    pub details: serde_json::Value,
    /// Kind of damage, and the byte offset of the damage in the input.
    pub malformed: Option<(&'a str, u64)>,
}

/// Writes `line` as one line of JSON, in a single call of `write_all`.
///
/// `details` that are no object are written as an empty one, as the contract asks for an object.
///
/// # Errors
/// Whatever `out` reports; nothing else can fail.
pub fn write_decode_line(line: &DecodeLine<'_>, out: &mut impl io::Write) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(384);
    let nothing = serde_json::Map::new();
    serde_json::to_writer(
        &mut bytes,
        &Parts {
            time: Time(line.time_us),
            sensor: line.sensor,
            channel: line.channel,
            rssi: line.rssi,
            pdu: line.pdu,
            adva: line.adva.as_deref(),
            address_type: line.address_kind,
            payload: Hex(line.payload),
            family: line.family,
            state: line.state,
            details: line.details.as_object().unwrap_or(&nothing),
            malformed: line
                .malformed
                .map(|(kind, offset)| Malformed { kind, offset }),
        },
    )?;
    bytes.push(b'\n');
    out.write_all(&bytes)
}

#[derive(Serialize)]
struct Parts<'a> {
    time: Time,
    sensor: &'a str,
    channel: Option<u8>,
    rssi: Option<i8>,
    pdu: Option<PduType>,
    adva: Option<&'a str>,
    address_type: Option<AddressKind>,
    payload: Hex<'a>,
    family: Option<&'a str>,
    state: Option<&'a str>,
    details: &'a serde_json::Map<String, serde_json::Value>,
    malformed: Option<Malformed<'a>>,
}

#[derive(Serialize)]
struct Malformed<'a> {
    kind: &'a str,
    offset: u64,
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) struct Hex<'a>(pub(crate) &'a [u8]);

impl Serialize for Hex<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const DIGITS: [char; 16] = [
            '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
        ];
        let mut text = String::with_capacity(self.0.len() * 2);
        for byte in self.0 {
            text.push(DIGITS[usize::from(byte >> 4)]);
            text.push(DIGITS[usize::from(byte & 15)]);
        }
        serializer.serialize_str(&text)
    }
}
