//! What the fuzz targets do with their bytes, so that an ordinary test can replay the corpora.

use crate::{
    Address, AddressKind, Advertisement, Body, CrcCheck, Decoded, Decoder, Frame, PduType, Sender,
    clone_signs, finder_signs, identify, resolves,
};

/// A run of link-layer packets through one decoder: each is a control byte (what the capture says of the CRC, the
/// channel), a length byte, and that many bytes. A control byte below 0x80 has the CRC put right first.
pub fn link_layer(data: &[u8]) {
    let mut decoder = Decoder::new();
    let mut rest = data;
    let mut time_us = 0i64;
    while let Some((&[control, length], after)) = rest.split_first_chunk::<2>() {
        let (packet, next) = after
            .split_at_checked(usize::from(length))
            .unwrap_or((after, &[]));
        rest = next;
        let mut packet = packet.to_vec();
        if control & 0x80 == 0 {
            mend_crc(&mut packet);
        }
        let crc = match control & 3 {
            0 => CrcCheck::Valid,
            1 => CrcCheck::Invalid,
            _ => CrcCheck::Unknown,
        };
        let channel = match (control >> 2) & 0x1F {
            0 => None,
            low @ 1..=28 => Some(low),
            high => Some(high + 8),
        };
        time_us = time_us.wrapping_add(i64::from(control) * 1_000);
        let frame = frame(
            time_us,
            channel,
            Body::LinkLayer {
                bytes: &packet,
                crc,
            },
        );
        decoder.decode(&frame, &mut |decoded| judge(&decoded, packet.len()));
    }
}

/// HCI packets through one decoder, with the H4 indicator or (control byte odd) without; layout as for `link_layer`.
pub fn hci(data: &[u8]) {
    let mut decoder = Decoder::new();
    let mut rest = data;
    let mut time_us = 0i64;
    while let Some((&[control, length], after)) = rest.split_first_chunk::<2>() {
        let (packet, next) = after
            .split_at_checked(usize::from(length))
            .unwrap_or((after, &[]));
        rest = next;
        time_us = time_us.wrapping_add(i64::from(control) * 1_000);
        let body = if control & 1 == 1 {
            Body::HciEvent(packet)
        } else {
            Body::H4(packet)
        };
        decoder.decode(&frame(time_us, None, body), &mut |decoded| {
            judge(&decoded, packet.len());
        });
    }
}

/// One advertisement: a byte for PDU type and address kind, six of address, then AD structures.
pub fn ad_structures(data: &[u8]) {
    let Some((&[control, a, b, c, d, e, f], payload)) = data.split_first_chunk::<7>() else {
        return;
    };
    let address = Address([a, b, c, d, e, f]);
    let adv = Advertisement {
        pdu: match control & 0b111 {
            0 => Some(PduType::AdvInd),
            1 => Some(PduType::AdvNonconnInd),
            2 => Some(PduType::ScanRsp),
            3 => Some(PduType::AuxAdvInd),
            _ => None,
        },
        sender: if control & 0x40 == 0 {
            Sender::Address(address)
        } else {
            Sender::Opaque("13")
        },
        address_kind: if control & 0x08 == 0 {
            address.random_kind()
        } else {
            Some(AddressKind::Public)
        },
        peer: None,
        payload,
        rssi: None,
        channel: None,
        complete: control & 0x80 == 0,
    };
    judge(&Decoded::Advertisement(adv), data.len());
    let _ = resolves(&[control; 16], address);
}

fn frame(time_us: i64, channel: Option<u8>, body: Body<'_>) -> Frame<'_> {
    Frame {
        time_us,
        sensor: 0,
        offset: 0,
        rssi: Some(-60),
        channel,
        body,
    }
}

fn mend_crc(packet: &mut [u8]) {
    let Some((pdu, crc)) = packet.split_last_chunk_mut::<3>() else {
        return;
    };
    let pdu = pdu.get(4..).unwrap_or_default();
    let [a, b, c, _] = crate::crc24(crate::ADVERTISING_CRC_INIT, pdu).to_le_bytes();
    *crc = [a, b, c];
}

/// Reads everything that can be read of it; what must hold of any input is asserted.
fn judge(decoded: &Decoded<'_>, length: usize) {
    match decoded {
        Decoded::Advertisement(adv) => {
            let covered = adv
                .structures()
                .map_while(Result::ok)
                .map(|ad| ad.data.len() + 2)
                .sum::<usize>();
            assert!(covered <= adv.payload.len());
            if let Some(tracker) = identify(adv) {
                let signs = clone_signs(adv, &tracker);
                assert_eq!(signs.names().len(), signs.count() as usize);
                assert!(tracker.key.is_none_or(|key| !key.as_slice().is_empty()));
            }
            let _ = finder_signs(adv);
        }
        Decoded::Malformed(malformed) => {
            assert!(malformed.offset <= length);
            assert!(!malformed.kind.as_str().is_empty());
        }
        Decoded::Other { .. } => {}
    }
}
