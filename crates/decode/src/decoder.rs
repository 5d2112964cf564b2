//! From a frame to what it says.

use std::collections::BTreeMap;

use crate::extended::ExtendedSets;
use crate::hci::ReportFragments;
use crate::{Address, AddressKind, Advertisement, Body, Frame, PduType, Row, Sender};
use crate::{hci, link_layer};

/// What a PDU, an HCI report entry or a row turned out to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Decoded<'a> {
    /// An intact advertisement, or a request (SCAN_REQ, CONNECT_IND): see [`Advertisement::is_sighting`].
    ///
    /// Intact up to the PDU: its AD structures are not walked here, because most callers walk them anyway. An AD
    /// structure that runs over the end ([`Advertisement::broken_structure`]) is damage to be counted as
    /// [`MalformedKind::AdStructure`], but the sender was heard: it still makes a sighting.
    Advertisement(Advertisement<'a>),
    /// Intact as far as can be told, but nothing that names an advertiser: a data channel PDU, an unknown PDU type,
    /// an anonymous advertisement, an extended one whose address was not seen.
    Other {
        /// PDU type, where it is an advertising PDU of a known type.
        pdu: Option<PduType>,
        /// Access address, of link-layer packets.
        access_address: Option<u32>,
        /// Level in dBm; `None` is unknown.
        rssi: Option<i8>,
        /// Link-layer channel index, where known.
        channel: Option<u8>,
    },
    /// Damaged.
    Malformed(Malformed<'a>),
}

impl Decoded<'_> {
    /// What is damaged and where, of a sighting with a broken AD structure too.
    ///
    /// The offset is one in the bytes of the frame, for [`MalformedKind::AdStructure`] one in the payload.
    #[must_use]
    pub fn damage(&self) -> Option<(MalformedKind, usize)> {
        match self {
            Self::Malformed(malformed) => Some((malformed.kind, malformed.offset)),
            Self::Advertisement(adv) => {
                let broken = adv.broken_structure()?;
                Some((MalformedKind::AdStructure, broken.offset))
            }
            Self::Other { .. } => None,
        }
    }
}

/// A damaged PDU, report entry or row. All fields but `kind` and `offset` are as read, and may be part of the damage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Malformed<'a> {
    /// What is wrong.
    pub kind: MalformedKind,
    /// Where, as a byte offset in the bytes of the frame.
    pub offset: usize,
    /// AdvA.
    pub adva: Option<Address>,
    /// PDU type.
    pub pdu: Option<PduType>,
    /// Sub-type of AdvA.
    pub address_kind: Option<AddressKind>,
    /// What stands in place of the AD structures.
    pub payload: &'a [u8],
    /// Level in dBm; `None` is unknown.
    pub rssi: Option<i8>,
    /// Link-layer channel index, where known.
    pub channel: Option<u8>,
}

/// Kinds of damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MalformedKind {
    /// The CRC is wrong.
    Crc,
    /// The bytes end before the length field says.
    Truncated,
    /// A link-layer length field does not fit the bytes, or the PDU type.
    Length,
    /// An extended header does not fit into its length.
    ExtendedHeader,
    /// An AD structure runs over the end of the payload.
    AdStructure,
    /// A field holds a value that the specification reserves.
    Reserved,
    /// A length in an HCI packet does not fit its bytes.
    HciLength,
    /// A row without an address.
    Address,
}

impl MalformedKind {
    /// As written in results.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Crc => "crc",
            Self::Truncated => "truncated",
            Self::Length => "length",
            Self::ExtendedHeader => "extended_header",
            Self::AdStructure => "ad_structure",
            Self::Reserved => "reserved",
            Self::HciLength => "hci_length",
            Self::Address => "address",
        }
    }
}

/// Decodes frames, in the order in which they were received.
///
/// Legacy advertising needs no memory. For extended advertising the decoder remembers, per sensor, the sets announced
/// and the chains begun in the last three seconds, 64 at most.
#[derive(Debug, Default)]
pub struct Decoder {
    pub(crate) sets: BTreeMap<u16, ExtendedSets>,
    pub(crate) fragments: BTreeMap<u16, ReportFragments>,
}

impl Decoder {
    /// With nothing remembered.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Decodes one frame, and calls `sink` once for each PDU, HCI report entry or row in it, good or not.
    ///
    /// Never calls it for HCI packets that hold no advertising report (commands, other events, data).
    #[inline]
    pub fn decode<F>(&mut self, frame: &Frame<'_>, sink: &mut F)
    where
        F: FnMut(Decoded<'_>) + ?Sized,
    {
        match frame.body {
            Body::LinkLayer { bytes, crc } => match link_layer::decode(frame, bytes, crc) {
                link_layer::Read::Done(decoded) => sink(decoded),
                link_layer::Read::Extended(pdu) => {
                    let sets = self.sets.entry(frame.sensor).or_default();
                    sink(sets.decode(frame, &pdu));
                }
            },
            Body::H4(bytes) => self.h4(frame, bytes, &mut |decoded| sink(decoded)),
            Body::HciEvent(bytes) => {
                hci::event(self, frame, bytes, 0, &mut |decoded| sink(decoded));
            }
            Body::Row(row) => sink(read_row(frame, &row)),
        }
    }

    fn h4(&mut self, frame: &Frame<'_>, bytes: &[u8], sink: &mut dyn FnMut(Decoded<'_>)) {
        if let Some((&hci::H4_EVENT, event)) = bytes.split_first() {
            hci::event(self, frame, event, 1, sink);
        }
    }
}

fn read_row<'f>(frame: &Frame<'f>, row: &Row<'f>) -> Decoded<'f> {
    let address = Address::parse(row.address);
    let payload = row.payload.unwrap_or_default();
    let rssi = known_rssi(frame.rssi);
    if row.address.is_empty() {
        return Decoded::Malformed(Malformed {
            kind: MalformedKind::Address,
            offset: 0,
            adva: None,
            pdu: row.pdu,
            address_kind: row.address_kind,
            payload,
            rssi,
            channel: frame.channel,
        });
    }
    Decoded::Advertisement(Advertisement {
        pdu: row.pdu,
        sender: address.map_or(Sender::Opaque(row.address), Sender::Address),
        address_kind: row.address_kind,
        peer: None,
        payload,
        rssi,
        channel: frame.channel,
        complete: true,
    })
}

/// 0 and 127 stand for "unknown" in captures and HCI.
#[inline]
pub(crate) const fn known_rssi(rssi: Option<i8>) -> Option<i8> {
    match rssi {
        Some(0 | 127) | None => None,
        known => known,
    }
}

/// Sub-type of an address with its TxAdd or RxAdd bit.
#[inline]
pub(crate) const fn address_kind(address: Address, random: bool) -> Option<AddressKind> {
    if random {
        address.random_kind()
    } else {
        Some(AddressKind::Public)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row<'a>(address: &'a str, rssi: Option<i8>) -> Frame<'a> {
        Frame {
            time_us: 0,
            sensor: 0,
            offset: 0,
            rssi,
            channel: None,
            body: Body::Row(Row {
                address,
                address_kind: None,
                pdu: None,
                payload: None,
            }),
        }
    }

    fn decode_row(frame: &Frame<'_>) -> (Option<Address>, Option<i8>, bool) {
        let mut seen = None;
        Decoder::new().decode(frame, &mut |decoded| {
            seen = Some(match decoded {
                Decoded::Advertisement(adv) => match adv.sender {
                    Sender::Address(address) => (Some(address), adv.rssi, true),
                    Sender::Opaque(_) => (None, adv.rssi, true),
                },
                Decoded::Malformed(m) => {
                    assert_eq!(m.kind, MalformedKind::Address);
                    (None, m.rssi, false)
                }
                Decoded::Other { .. } => panic!("a row is never other"),
            });
        });
        seen.unwrap()
    }

    /// Vector 15: the sender was heard, its payload is damaged.
    #[test]
    fn a_broken_structure_is_damage_of_a_sighting() {
        let payload = crate::test_bytes::hex("0201061916aafe40c6e8d4ad4d28a3f96b510734");
        let mut adv = crate::test_bytes::advertisement(&payload);
        assert!(adv.is_sighting());
        let damage = Some((MalformedKind::AdStructure, 3));
        assert_eq!(Decoded::Advertisement(adv).damage(), damage);
        adv.complete = false; // the rest was sent, but not heard
        assert_eq!(Decoded::Advertisement(adv).damage(), None);
    }

    #[test]
    fn rows() {
        let address = Address([0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF]);
        let frame = row("aa:bb:cc:dd:ee:ff", Some(-70));
        assert_eq!(decode_row(&frame), (Some(address), Some(-70), true));
        assert_eq!(decode_row(&row("13", Some(0))), (None, None, true));
        assert_eq!(decode_row(&row("13", Some(127))), (None, None, true));
        assert_eq!(decode_row(&row("", Some(-1))), (None, Some(-1), false));
    }
}
