//! For the unit tests: bytes from hex, and advertisements around them.

use crate::{Address, AddressKind, Advertisement, PduType, Sender};

/// Bytes of a hex string; spaces are passed over.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16).expect("hex digit") as u8)
        .collect();
    assert!(digits.len().is_multiple_of(2), "odd number of hex digits");
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

/// A connectable advertisement from a static random address.
pub(crate) fn advertisement(payload: &[u8]) -> Advertisement<'_> {
    advertisement_from([0xC0, 1, 2, 3, 4, 5], payload)
}

/// A connectable advertisement from this random address.
pub(crate) fn advertisement_from(address: [u8; 6], payload: &[u8]) -> Advertisement<'_> {
    Advertisement {
        pdu: Some(PduType::AdvInd),
        sender: Sender::Address(Address(address)),
        address_kind: Address(address).random_kind(),
        peer: None,
        payload,
        rssi: Some(-60),
        channel: Some(37),
        complete: true,
    }
}

/// The same, said to come from a public address.
pub(crate) fn advertisement_from_public(payload: &[u8]) -> Advertisement<'_> {
    Advertisement {
        address_kind: Some(AddressKind::Public),
        ..advertisement_from([0x00, 0x1B, 0xDC, 1, 2, 3], payload)
    }
}
