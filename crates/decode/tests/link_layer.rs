//! Legacy advertising PDUs: all types, all damage.

mod packets;

use packets::{Seen, decode_all, decode_packet, frame, link_layer, on_air};
use proptest::prelude::*;
use vigie_decode::{Address, AddressKind, Body, CrcCheck, Decoder, MalformedKind, PduType};

const ADVA: [u8; 6] = [0xC1, 2, 3, 4, 5, 6];
const PEER: [u8; 6] = [0x41, 9, 8, 7, 6, 5];
const RANDOM_TX: u8 = 0x40;
const RANDOM_RX: u8 = 0x80;

fn decode(bytes: &[u8]) -> Seen {
    decode_packet(&mut Decoder::new(), 0, Some(37), bytes)
}

fn payload(first: [u8; 6], rest: &[u8]) -> Vec<u8> {
    [&on_air(first), rest].concat()
}

fn expect(pdu: PduType, kind: AddressKind, peer: Option<[u8; 6]>, payload: &[u8]) -> Seen {
    Seen::Advertisement {
        pdu: Some(pdu),
        adva: Some(Address(ADVA)),
        kind: Some(kind),
        peer: peer.map(Address),
        payload: payload.to_vec(),
        rssi: Some(-60),
        complete: true,
    }
}

#[test]
fn types_with_data() {
    for (code, pdu) in [
        (0, PduType::AdvInd),
        (2, PduType::AdvNonconnInd),
        (4, PduType::ScanRsp),
        (6, PduType::AdvScanInd),
    ] {
        let data = [2, 1, 6];
        let random = link_layer(code | RANDOM_TX, &payload(ADVA, &data));
        assert_eq!(
            decode(&random),
            expect(pdu, AddressKind::StaticRandom, None, &data)
        );
        let public = link_layer(code, &payload(ADVA, &[]));
        assert_eq!(decode(&public), expect(pdu, AddressKind::Public, None, &[]));
    }
}

#[test]
fn directed() {
    let bytes = link_layer(1 | RANDOM_TX, &payload(ADVA, &on_air(PEER)));
    let expected = expect(
        PduType::AdvDirectInd,
        AddressKind::StaticRandom,
        Some(PEER),
        &[],
    );
    assert_eq!(decode(&bytes), expected);
}

/// ScanA or InitA stands first; AdvA is whom the request is for, and RxAdd tells its sub-type.
#[test]
fn requests() {
    let scan = link_layer(3 | RANDOM_RX, &payload(PEER, &on_air(ADVA)));
    let expected = expect(PduType::ScanReq, AddressKind::StaticRandom, Some(PEER), &[]);
    assert_eq!(decode(&scan), expected);

    let connect = [&on_air(ADVA)[..], &[0x55; 22]].concat();
    let connect = link_layer(5 | RANDOM_TX, &payload(PEER, &connect));
    let expected = expect(PduType::ConnectInd, AddressKind::Public, Some(PEER), &[]);
    assert_eq!(decode(&connect), expected);

    let on_secondary = decode_packet(&mut Decoder::new(), 0, Some(5), &scan);
    assert_eq!(on_secondary.who().0, PduType::AuxScanReq);
    let on_secondary = decode_packet(&mut Decoder::new(), 0, Some(5), &connect);
    assert_eq!(on_secondary.who().0, PduType::AuxConnectReq);
}

#[test]
fn lengths_that_do_not_fit_the_type() {
    let wrong = Seen::Malformed(MalformedKind::Length, 5);
    for code in 0..=6 {
        assert_eq!(
            decode(&link_layer(code, &[1, 2, 3, 4, 5])),
            wrong,
            "type {code}"
        );
    }
    for code in [0, 1, 2, 3, 4, 5, 6] {
        assert_eq!(decode(&link_layer(code, &[0; 38])), wrong, "type {code}");
    }
    assert_eq!(decode(&link_layer(1, &[0; 13])), wrong);
    assert_eq!(decode(&link_layer(3, &[0; 11])), wrong);
    assert_eq!(decode(&link_layer(5, &[0; 33])), wrong);
}

#[test]
fn the_longest_legacy_pdu() {
    let data = [0xAB; 31];
    let bytes = link_layer(RANDOM_TX, &payload(ADVA, &data));
    assert_eq!(
        decode(&bytes),
        expect(PduType::AdvInd, AddressKind::StaticRandom, None, &data)
    );
}

#[test]
fn unknown_types_are_other() {
    for code in 9..=15 {
        assert_eq!(
            decode(&link_layer(code, &payload(ADVA, &[]))),
            Seen::Other(None)
        );
    }
}

#[test]
fn data_channel_packets_are_other() {
    let mut bytes = link_layer(0, &payload(ADVA, &[]));
    bytes[0] ^= 1;
    assert_eq!(decode(&bytes), Seen::Other(None));
}

#[test]
fn every_cut_is_noticed() {
    let bytes = link_layer(RANDOM_TX, &payload(ADVA, &[2, 1, 6]));
    for length in 0..bytes.len() {
        let expected = Seen::Malformed(MalformedKind::Truncated, length);
        assert_eq!(decode(&bytes[..length]), expected);
    }
}

#[test]
fn bytes_behind_the_crc_are_noticed() {
    let mut bytes = link_layer(RANDOM_TX, &payload(ADVA, &[2, 1, 6]));
    let end = bytes.len();
    bytes.push(0);
    assert_eq!(decode(&bytes), Seen::Malformed(MalformedKind::Length, end));
}

#[test]
fn what_the_capture_says_of_the_crc_holds() {
    let mut bytes = link_layer(RANDOM_TX, &payload(ADVA, &[2, 1, 6]));
    let at = bytes.len() - 3;
    let with = |bytes: &[u8], crc| {
        let frame = frame(0, Some(37), Body::LinkLayer { bytes, crc });
        decode_all(&mut Decoder::new(), &frame)
    };
    let wrong = [Seen::Malformed(MalformedKind::Crc, at)];
    assert_eq!(with(&bytes, CrcCheck::Invalid), wrong);
    bytes[at] ^= 1;
    assert_eq!(with(&bytes, CrcCheck::Unknown), wrong);
    assert_eq!(with(&bytes, CrcCheck::Valid)[0].who().1, Address(ADVA));
    assert_eq!(
        with(&[], CrcCheck::Invalid),
        [Seen::Malformed(MalformedKind::Crc, 0)]
    );
}

#[test]
fn a_damaged_packet_still_shows_what_it_held() {
    let mut bytes = link_layer(RANDOM_TX, &payload(ADVA, &[2, 1, 6]));
    *bytes.last_mut().unwrap() ^= 0x80;
    let body = Body::LinkLayer {
        bytes: &bytes,
        crc: CrcCheck::Unknown,
    };
    let mut calls = 0;
    Decoder::new().decode(&frame(0, Some(37), body), &mut |decoded| {
        calls += 1;
        let vigie_decode::Decoded::Malformed(damage) = decoded else {
            panic!("{decoded:?}");
        };
        assert_eq!(damage.adva, Some(Address(ADVA)));
        assert_eq!(damage.address_kind, Some(AddressKind::StaticRandom));
        assert_eq!(damage.pdu, Some(PduType::AdvInd));
        assert_eq!(damage.payload, [2, 1, 6]);
    });
    assert_eq!(calls, 1);
}

#[test]
fn unknown_levels() {
    let bytes = link_layer(0, &payload(ADVA, &[]));
    for (given, expected) in [
        (Some(0), None),
        (Some(127), None),
        (None, None),
        (Some(-1), Some(-1)),
    ] {
        let crc = CrcCheck::Valid;
        let mut frame = frame(0, None, Body::LinkLayer { bytes: &bytes, crc });
        frame.rssi = given;
        match &decode_all(&mut Decoder::new(), &frame)[..] {
            [Seen::Advertisement { rssi, .. }] => assert_eq!(*rssi, expected),
            all => panic!("{all:?}"),
        }
    }
}

fn any_legacy() -> impl Strategy<Value = (u8, bool, [u8; 6], Vec<u8>)> {
    let data = prop::collection::vec(any::<u8>(), 0..=31);
    (
        prop::sample::select(vec![0u8, 2, 4, 6]),
        any::<bool>(),
        any::<[u8; 6]>(),
        data,
    )
}

proptest! {
    #[test]
    fn reads_back_what_was_written((code, random, adva, data) in any_legacy()) {
        let header = code | if random { RANDOM_TX } else { 0 };
        let read = decode(&link_layer(header, &payload(adva, &data)));
        let pdu = match code {
            0 => PduType::AdvInd,
            2 => PduType::AdvNonconnInd,
            4 => PduType::ScanRsp,
            _ => PduType::AdvScanInd,
        };
        prop_assert_eq!(read.who(), (pdu, Address(adva)));
        prop_assert_eq!(read.payload(), (&data[..], true));
        let Seen::Advertisement { kind, .. } = read else { unreachable!() };
        let expected = if random { Address(adva).random_kind() } else { Some(AddressKind::Public) };
        prop_assert_eq!(kind, expected);
    }

    /// A flipped bit never passes: not in the header, the payload or the CRC.
    #[test]
    fn one_flipped_bit_is_noticed((code, random, adva, data) in any_legacy(), at: prop::sample::Index) {
        let header = code | if random { RANDOM_TX } else { 0 };
        let mut bytes = link_layer(header, &payload(adva, &data));
        let bit = at.index((bytes.len() - 4) * 8);
        bytes[4 + bit / 8] ^= 1 << (bit % 8);
        prop_assert!(matches!(decode(&bytes), Seen::Malformed(..)));
    }

    #[test]
    fn any_bytes_make_one_result(mut bytes in prop::collection::vec(any::<u8>(), 0..300), ours: bool, channel in prop::option::of(0u8..40)) {
        if ours && bytes.len() >= 4 {
            bytes[..4].copy_from_slice(&0x8E89_BED6u32.to_le_bytes());
        }
        for crc in [CrcCheck::Valid, CrcCheck::Invalid, CrcCheck::Unknown] {
            let frame = frame(0, channel, Body::LinkLayer { bytes: &bytes, crc });
            prop_assert_eq!(decode_all(&mut Decoder::new(), &frame).len(), 1);
        }
    }
}
