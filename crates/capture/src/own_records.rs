//! What a live run writes into its pcapng files beside frames: the number of each packet in the order of arrival, sightings
//! without a frame (link type 147), and what it says of a sensor or of itself (link type 148), both as JSON (`docs/formats.md`).

use serde::Deserialize;
use vigie_decode::{AddressKind, Condition, Status};

use crate::DamageKind;
use crate::reader::Sighted;

/// Option of an enhanced packet block: `epb_packetid`, 64 bits.
const PACKET_ID: u16 = 5;
/// Option of a section header: `shb_userappl`.
const APPLICATION: u16 = 4;
/// How a section of ours names its application.
const OURS: &[u8] = b"vigie ";

/// Whether a section header, the whole block, is one that a live run of ours wrote. They are little endian.
pub(crate) fn is_own(block: &[u8], big_endian: bool) -> bool {
    if big_endian {
        return false;
    }
    let mut options = block.get(24..).unwrap_or_default();
    while let Some((code, value, rest)) = option(options) {
        if code == APPLICATION {
            return value.starts_with(OURS);
        }
        options = rest;
    }
    false
}

/// The number of a packet, from what follows the fixed part of its block: `len` bytes of packet, then options.
#[inline]
pub(crate) fn number(body: &[u8], len: usize) -> Option<u64> {
    let mut options = body.get(len.next_multiple_of(4)..)?;
    while let Some((code, value, rest)) = option(options) {
        if code == PACKET_ID {
            return value.first_chunk::<8>().map(|&b| u64::from_le_bytes(b));
        }
        options = rest;
    }
    None
}

/// Code, value and what follows of the first option; `None` at the end of them.
fn option(options: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let (&[c0, c1, l0, l1], rest) = options.split_first_chunk::<4>()?;
    let code = u16::from_le_bytes([c0, c1]);
    let length = usize::from(u16::from_le_bytes([l0, l1]));
    if code == 0 {
        return None;
    }
    let value = rest.get(..length)?;
    let behind = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
    Some((code, value, behind))
}

#[derive(Deserialize)]
struct WrittenSighting {
    address: String,
    address_type: Option<String>,
    payload: Option<String>,
    rssi: Option<i8>,
}

/// A sighting without a frame.
pub(crate) fn sighting(bytes: &[u8]) -> Option<Sighted> {
    let written: WrittenSighting = serde_json::from_slice(bytes).ok()?;
    let payload = match &written.payload {
        Some(text) => Some(crate::sightings::hex(text)?),
        None => None,
    };
    let kind = written.address_type.as_deref();
    Some(Sighted {
        address_kind: kind.and_then(address_kind),
        address: written.address,
        payload,
        rssi: written.rssi.and_then(crate::link::known_rssi),
    })
}

fn address_kind(name: &str) -> Option<AddressKind> {
    Some(match name {
        "public" => AddressKind::Public,
        "static_random" => AddressKind::StaticRandom,
        "rpa" => AddressKind::Rpa,
        "nrpa" => AddressKind::Nrpa,
        _ => return None,
    })
}

/// What a record of link type 148 holds.
#[derive(Debug, PartialEq)]
pub(crate) enum OwnStatus {
    Status(Status),
    Damage(DamageKind, String),
    Unknown,
}

#[derive(Deserialize)]
struct WrittenStatus {
    /// Of the whole run, not of the sensor in whose file it stands.
    #[serde(default)]
    run: bool,
    condition: String,
    #[serde(default)]
    value: f64,
    #[serde(default)]
    detail: String,
    /// With the condition `damage`: which.
    damage: Option<String>,
}

/// What a live run said; `sensor` is the one in whose file it stands.
pub(crate) fn status(bytes: &[u8], time_us: i64, sensor: u16) -> Option<OwnStatus> {
    let written: WrittenStatus = serde_json::from_slice(bytes).ok()?;
    if let Some(name) = written.damage {
        let kind = DamageKind::named(&name);
        return Some(kind.map_or(OwnStatus::Unknown, |kind| {
            OwnStatus::Damage(kind, written.detail)
        }));
    }
    Some(match Condition::named(&written.condition) {
        None => OwnStatus::Unknown,
        Some(condition) => OwnStatus::Status(Status {
            time_us,
            sensor: (!written.run).then_some(sensor),
            condition,
            value: written.value,
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_bears_its_number_behind_itself() {
        let mut body = vec![1, 2, 3, 0];
        body.extend([1, 0, 4, 0]);
        body.extend(*b"late");
        body.extend([5, 0, 8, 0]);
        body.extend(77u64.to_le_bytes());
        body.extend([0; 8]);
        assert_eq!(number(&body, 3), Some(77));
        assert_eq!(number(&body[..8], 3), None);
        assert_eq!(number(&[], 3), None);
    }

    #[test]
    fn sightings_and_statuses_are_read() {
        let row = sighting(
            br#"{"address":"C4:DE:BB:84:D3:A7","address_type":"static_random","payload":"020106","rssi":-71}"#,
        )
        .unwrap();
        assert_eq!(row.address_kind, Some(AddressKind::StaticRandom));
        assert_eq!(row.payload, Some(vec![2, 1, 6]));
        assert_eq!(row.rssi, Some(-71));
        assert!(sighting(b"{}").is_none());
        let of = |text: &str| status(text.as_bytes(), 5, 3);
        let Some(OwnStatus::Status(said)) = of(r#"{"condition":"unplugged","detail":"x"}"#) else {
            panic!("no status");
        };
        assert_eq!(
            (said.sensor, said.condition),
            (Some(3), Condition::Unplugged)
        );
        let Some(OwnStatus::Status(said)) =
            of(r#"{"run":true,"condition":"clock_step","value":-3600.0}"#)
        else {
            panic!("no status");
        };
        assert_eq!((said.sensor, said.value), (None, -3600.0));
        assert_eq!(of(r#"{"condition":"asleep"}"#), Some(OwnStatus::Unknown));
        assert_eq!(
            of(r#"{"condition":"damage","damage":"bad_checksum","detail":"d"}"#),
            Some(OwnStatus::Damage(DamageKind::BadChecksum, "d".into()))
        );
        assert_eq!(of("?"), None);
    }
}
