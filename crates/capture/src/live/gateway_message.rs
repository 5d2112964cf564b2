//! What an ESP32 gateway publishes of an advertisement: JSON of OpenMQTTGateway and of Theengs Gateway.
//!
//! Fields, from their documentation and sources (`docs/use/ble.md`, `main/ZgatewayBT.ino`; `TheengsGateway/ble_gateway.py`):
//! `id` (address; iBeacons may have their UUID there and the address in `mac`), `rssi` (dBm), `mac_type` (address type of
//! HCI: 0 public, 1 random, 2 and 3 the same of a resolved address), `manufacturerdata` (hex, company identifier first, as on air), `servicedata`
//! (hex, behind the UUID) with `servicedatauuid` (`fcb2`, `0xfcb2` or 128 bits), `name`, `txpower`. Everything else is what
//! the gateway made of it.

use serde::Deserialize;
use vigie_decode::{Address, AddressKind};

use crate::DamageKind;
use crate::live::Packet;
use crate::live::ad_payload::{AdPayload, ServiceUuid};
use crate::sightings::hex;

/// Longest message that is read, bytes; one sighting takes some hundred.
pub const LONGEST_MESSAGE: usize = 64 * 1024;

#[derive(Deserialize)]
struct Message {
    id: Option<String>,
    mac: Option<String>,
    rssi: Option<f64>,
    mac_type: Option<u8>,
    manufacturerdata: Option<String>,
    servicedata: Option<String>,
    servicedatauuid: Option<String>,
    name: Option<String>,
    txpower: Option<f64>,
}

/// What is wrong with a message, or with a part of it.
pub type Wrong = (DamageKind, String);

/// Reads one message. Parts of the advertisement that cannot be read are left out and named; the rest is a sighting.
///
/// # Errors
/// When it is no sighting at all.
pub fn sighting(message: &[u8]) -> Result<(Packet, Vec<Wrong>), Wrong> {
    let malformed = |what: String| (DamageKind::MalformedRow, what);
    if message.len() > LONGEST_MESSAGE {
        let what = format!("message of {} bytes", message.len());
        return Err((DamageKind::OverLimit, what));
    }
    let message: Message =
        serde_json::from_slice(message).map_err(|e| malformed(format!("not a sighting: {e}")))?;
    // An iBeacon may be named by its UUID; its address stands in `mac` then.
    let address = message
        .mac
        .or(message.id)
        .filter(|a| !a.is_empty())
        .ok_or_else(|| malformed("not a sighting: no id".to_owned()))?
        .to_ascii_uppercase();
    let mut wrong = Vec::new();
    let mut bytes = |field: &str, text: &str| {
        let bytes = hex(text);
        if bytes.is_none() {
            wrong.push(malformed(format!("{field} is not hexadecimal")));
        }
        bytes
    };
    let mut payload = AdPayload::default();
    if let Some(text) = &message.manufacturerdata
        && let Some(data) = bytes("manufacturerdata", text)
    {
        payload.structure(vigie_decode::ad_type::MANUFACTURER, &[&data]);
    }
    if let (Some(uuid), Some(text)) = (&message.servicedatauuid, &message.servicedata)
        && let Some(data) = bytes("servicedata", text)
    {
        match ServiceUuid::parse(uuid) {
            Some(uuid) => payload.service_data(uuid, &data),
            None => wrong.push(malformed("servicedatauuid is no UUID".to_owned())),
        }
    }
    if let Some(name) = &message.name {
        payload.name(name);
    }
    if let Some(power) = message.txpower.filter(|p| (-127.0..=126.0).contains(p)) {
        payload.tx_power(power as i8);
    }
    let (payload, unfit) = payload.finish();
    wrong.extend(unfit.map(|u| (DamageKind::ImpossibleLength, u.to_string())));
    let row = Packet::Row {
        address_kind: address_kind(message.mac_type, &address),
        address,
        payload,
        // 0 and 127 mean "unknown" (DESIGN section 4).
        rssi: message
            .rssi
            .filter(|r| (-127.0..0.0).contains(r) || (0.5..127.0).contains(r))
            .map(|r| r as i8),
    };
    Ok((row, wrong))
}

/// `None` where the gateway does not say (Theengs does not), or says what cannot be.
fn address_kind(mac_type: Option<u8>, address: &str) -> Option<AddressKind> {
    match mac_type? {
        0 | 2 => Some(AddressKind::Public),
        1 | 3 => Address::parse(address)?.random_kind(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Packet, Vec<Wrong>) {
        sighting(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_message_of_openmqttgateway() {
        let (packet, wrong) = read(
            r#"{"id":"c2:01:02:03:04:05","mac_type":1,"adv_type":0,"rssi":-68,"distance":2.8,
               "manufacturerdata":"4c00121900","servicedata":"0100","servicedatauuid":"0xfcb2","txpower":4}"#,
        );
        assert_eq!(wrong, []);
        let expected = Packet::Row {
            address: "C2:01:02:03:04:05".into(),
            address_kind: Some(AddressKind::StaticRandom),
            payload: Some(
                [
                    &[6, 0xFF, 0x4C, 0, 0x12, 0x19, 0][..],
                    &[5, 0x16, 0xB2, 0xFC, 1, 0],
                    &[2, 0x0A, 4],
                ]
                .concat(),
            ),
            rssi: Some(-68),
        };
        assert_eq!(packet, expected);
    }

    #[test]
    fn a_message_of_theengs_gateway() {
        let (packet, wrong) = read(
            r#"{"servicedatauuid":"feaa","servicedata":"4001","name":"Tag","id":"41:01:02:03:04:05","rssi":-82,"brand":"GENERIC"}"#,
        );
        assert_eq!(wrong, []);
        let expected = Packet::Row {
            address: "41:01:02:03:04:05".into(),
            address_kind: None,
            payload: Some([&[5, 0x16, 0xAA, 0xFE, 0x40, 1][..], b"\x04\x09Tag"].concat()),
            rssi: Some(-82),
        };
        assert_eq!(packet, expected);
    }

    #[test]
    fn an_ibeacon_that_is_named_by_its_uuid_keeps_its_address() {
        let (packet, _) = read(
            r#"{"id":"1de4b189115e45f6b44e509352269977","mac_type":0,"rssi":0,"mac":"00:01:02:03:04:05"}"#,
        );
        let expected = Packet::Row {
            address: "00:01:02:03:04:05".into(),
            address_kind: Some(AddressKind::Public),
            payload: None,
            rssi: None,
        };
        assert_eq!(packet, expected);
    }

    #[test]
    fn what_is_wrong_is_named_and_the_rest_is_kept() {
        let (packet, wrong) = read(
            r#"{"id":"x13","rssi":127,"manufacturerdata":"4c0","servicedata":"01","servicedatauuid":"zz"}"#,
        );
        assert_eq!(wrong.len(), 2);
        assert!(matches!(
            packet,
            Packet::Row {
                rssi: None,
                payload: None,
                ..
            }
        ));
        for text in ["online", "[]", "{}", r#"{"id":""}"#, r#"{"rssi":-3}"#, ""] {
            assert!(sighting(text.as_bytes()).is_err(), "{text}");
        }
        let long = vec![b' '; LONGEST_MESSAGE + 1];
        assert_eq!(sighting(&long).unwrap_err().0, DamageKind::OverLimit);
    }
}
