//! Packets as a sniffer or a controller would give them, for the integration tests.
#![allow(dead_code)] // each test file uses a part
#![allow(clippy::panic)] // a failed expectation of a test

use vigie_decode::{
    ADVERTISING_ACCESS_ADDRESS, ADVERTISING_CRC_INIT, Address, AddressKind, Advertisement, Body,
    CrcCheck, Decoded, Decoder, Frame, MalformedKind, PduType, Sender, crc24,
};

/// Bytes of a hex string; spaces are passed over.
pub fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16).expect("hex digit") as u8)
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

/// A link-layer packet with a right CRC. `header` is the first header byte: type, and the bits TxAdd 0x40, RxAdd 0x80.
pub fn link_layer(header: u8, payload: &[u8]) -> Vec<u8> {
    let mut packet = ADVERTISING_ACCESS_ADDRESS.to_le_bytes().to_vec();
    packet.push(header);
    packet.push(u8::try_from(payload.len()).expect("payload of at most 255 bytes"));
    packet.extend_from_slice(payload);
    let crc = crc24(ADVERTISING_CRC_INIT, &packet[4..]);
    packet.extend_from_slice(&crc.to_le_bytes()[..3]);
    packet
}

/// An address in the order on air.
pub fn on_air(address: [u8; 6]) -> [u8; 6] {
    let [a, b, c, d, e, f] = address;
    [f, e, d, c, b, a]
}

/// What was decoded, with bytes of its own.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    Advertisement {
        pdu: Option<PduType>,
        adva: Option<Address>,
        kind: Option<AddressKind>,
        peer: Option<Address>,
        payload: Vec<u8>,
        rssi: Option<i8>,
        complete: bool,
    },
    Other(Option<PduType>),
    Malformed(MalformedKind, usize),
}

impl Seen {
    /// Payload and whether it is complete.
    pub fn payload(&self) -> (&[u8], bool) {
        match self {
            Self::Advertisement {
                payload, complete, ..
            } => (payload, *complete),
            _ => panic!("no advertisement: {self:?}"),
        }
    }

    /// PDU type and AdvA.
    pub fn who(&self) -> (PduType, Address) {
        match self {
            Self::Advertisement {
                pdu: Some(pdu),
                adva: Some(adva),
                ..
            } => (*pdu, *adva),
            _ => panic!("no advertisement: {self:?}"),
        }
    }
}

pub fn seen(decoded: &Decoded<'_>) -> Seen {
    match *decoded {
        Decoded::Advertisement(Advertisement {
            pdu,
            sender,
            address_kind,
            peer,
            payload,
            rssi,
            complete,
            ..
        }) => Seen::Advertisement {
            pdu,
            adva: match sender {
                Sender::Address(address) => Some(address),
                Sender::Opaque(_) => None,
            },
            kind: address_kind,
            peer,
            payload: payload.to_vec(),
            rssi,
            complete,
        },
        Decoded::Other { pdu, .. } => Seen::Other(pdu),
        Decoded::Malformed(malformed) => Seen::Malformed(malformed.kind, malformed.offset),
    }
}

/// A frame of sensor 0.
pub fn frame(time_us: i64, channel: Option<u8>, body: Body<'_>) -> Frame<'_> {
    Frame {
        time_us,
        sensor: 0,
        offset: 0,
        rssi: Some(-60),
        channel,
        body,
    }
}

/// Everything that one frame yields.
pub fn decode_all(decoder: &mut Decoder, frame: &Frame<'_>) -> Vec<Seen> {
    let mut all = Vec::new();
    decoder.decode(frame, &mut |decoded| all.push(seen(&decoded)));
    all
}

/// The one result of a link-layer packet whose CRC the capture does not speak of.
pub fn decode_packet(
    decoder: &mut Decoder,
    time_us: i64,
    channel: Option<u8>,
    bytes: &[u8],
) -> Seen {
    let crc = CrcCheck::Unknown;
    let all = decode_all(
        decoder,
        &frame(time_us, channel, Body::LinkLayer { bytes, crc }),
    );
    assert_eq!(all.len(), 1, "one result per PDU");
    all[0].clone()
}
