//! Extended advertising: sets spread over several PDUs.

mod packets;

use packets::{Seen, decode_packet, link_layer, on_air};
use proptest::prelude::*;
use vigie_decode::{Address, Decoder, MalformedKind, PduType};

const ADVA: [u8; 6] = [0xC1, 2, 3, 4, 5, 6];
const ADI: u16 = 0x3123;
const RANDOM_TX: u8 = 0x40;

/// Fields of the common extended advertising payload.
#[derive(Default)]
struct Extended<'a> {
    mode: u8,
    adva: Option<[u8; 6]>,
    target: Option<[u8; 6]>,
    adi: Option<u16>,
    next: Option<u8>,
    tx_power: bool,
    data: &'a [u8],
}

impl Extended<'_> {
    fn packet(&self) -> Vec<u8> {
        let mut flags = 0;
        let mut header = vec![];
        if let Some(adva) = self.adva {
            flags |= 1;
            header.extend(on_air(adva));
        }
        if let Some(target) = self.target {
            flags |= 2;
            header.extend(on_air(target));
        }
        if let Some(adi) = self.adi {
            flags |= 8;
            header.extend(adi.to_le_bytes());
        }
        if let Some(channel) = self.next {
            flags |= 16;
            header.extend([channel, 10, 0]);
        }
        if self.tx_power {
            flags |= 64;
            header.push(8);
        }
        if flags != 0 {
            header.insert(0, flags);
        }
        let first = header.len() as u8 | self.mode << 6;
        let payload = [&[first], &header[..], self.data].concat();
        link_layer(7 | RANDOM_TX, &payload)
    }
}

fn announcement() -> Vec<u8> {
    let fields = Extended {
        adi: Some(ADI),
        next: Some(12),
        ..Extended::default()
    };
    fields.packet()
}

fn auxiliary(adva: Option<[u8; 6]>, next: Option<u8>, data: &[u8]) -> Vec<u8> {
    let fields = Extended {
        adva,
        adi: Some(ADI),
        next,
        data,
        ..Extended::default()
    };
    fields.packet()
}

#[test]
fn one_auxiliary_packet() {
    let mut decoder = Decoder::new();
    let first = decode_packet(&mut decoder, 0, Some(37), &announcement());
    assert_eq!(first, Seen::Other(Some(PduType::AdvExtInd)));
    let bytes = auxiliary(Some(ADVA), None, &[2, 1, 6]);
    let second = decode_packet(&mut decoder, 1_000, Some(12), &bytes);
    assert_eq!(second.who(), (PduType::AuxAdvInd, Address(ADVA)));
    assert_eq!(second.payload(), (&[2, 1, 6][..], true));
}

#[test]
fn the_address_is_inherited_from_the_announcement() {
    let mut decoder = Decoder::new();
    let bytes = auxiliary(Some(ADVA), Some(12), &[]);
    let first = decode_packet(&mut decoder, 0, Some(38), &bytes);
    assert_eq!(first.who(), (PduType::AdvExtInd, Address(ADVA)));
    assert_eq!(first.payload(), (&[][..], false));
    let second = decode_packet(
        &mut decoder,
        1_000,
        Some(12),
        &auxiliary(None, None, &[2, 1, 6]),
    );
    assert_eq!(second.who(), (PduType::AuxAdvInd, Address(ADVA)));
    assert_eq!(second.payload(), (&[2, 1, 6][..], true));
}

#[test]
fn nothing_is_inherited_from_another_set_or_sensor_or_time() {
    let announced = auxiliary(Some(ADVA), Some(12), &[]);
    let alone = Seen::Other(None);
    let orphan = auxiliary(None, None, &[2, 1, 6]);

    let mut decoder = Decoder::new();
    decode_packet(&mut decoder, 0, Some(38), &announced);
    assert_eq!(
        decode_packet(&mut decoder, 3_000_001, Some(12), &orphan),
        alone
    );

    let mut decoder = Decoder::new();
    decode_packet(&mut decoder, 0, Some(38), &announced);
    let other_set = Extended {
        adi: Some(ADI + 1),
        data: &[2, 1, 6],
        ..Extended::default()
    };
    assert_eq!(
        decode_packet(&mut decoder, 1, Some(12), &other_set.packet()),
        alone
    );

    let mut decoder = Decoder::new();
    decode_packet(&mut decoder, 0, Some(38), &announced);
    let body = vigie_decode::Body::LinkLayer {
        bytes: &orphan,
        crc: vigie_decode::CrcCheck::Unknown,
    };
    let mut elsewhere = packets::frame(1, Some(12), body);
    elsewhere.sensor = 1;
    assert_eq!(packets::decode_all(&mut decoder, &elsewhere), [alone]);
}

/// Hears a set in three packets, except those left out.
fn hear_chain(left_out: &[usize]) -> Vec<Seen> {
    let packets = [
        (37, announcement()),
        (12, auxiliary(Some(ADVA), Some(20), &[1; 100])),
        (20, auxiliary(None, Some(30), &[2; 100])),
        (30, auxiliary(None, None, &[3; 50])),
    ];
    let mut decoder = Decoder::new();
    let heard = packets
        .iter()
        .enumerate()
        .filter(|(at, _)| !left_out.contains(at));
    heard
        .map(|(at, (channel, bytes))| {
            decode_packet(&mut decoder, at as i64 * 1_000, Some(*channel), bytes)
        })
        .collect()
}

#[test]
fn a_chain_is_put_together() {
    let all = hear_chain(&[]);
    assert_eq!(all[1].payload(), (&[1; 100][..], false));
    assert_eq!(all[2].who(), (PduType::AuxChainInd, Address(ADVA)));
    let both = [[1; 100], [2; 100]].concat();
    assert_eq!(all[2].payload(), (&both[..], false));
    assert_eq!(
        all[3].payload(),
        (&[&both[..], &[3; 50]].concat()[..], true)
    );
}

#[test]
fn a_chain_with_a_gap_is_not_complete() {
    let all = hear_chain(&[2]);
    assert_eq!(all[2].payload(), (&[1; 100][..], false));
}

#[test]
fn a_chain_without_its_beginning_belongs_to_nobody() {
    // The announcement makes the second packet look like the first; it has no address to inherit.
    assert_eq!(hear_chain(&[1])[1], Seen::Other(Some(PduType::AuxAdvInd)));
    assert_eq!(hear_chain(&[0, 1]), [Seen::Other(None), Seen::Other(None)]);
}

#[test]
fn what_follows_a_finished_chain_is_not_added_to_it() {
    let mut decoder = Decoder::new();
    decode_packet(
        &mut decoder,
        0,
        Some(12),
        &auxiliary(Some(ADVA), Some(20), &[1]),
    );
    let end = auxiliary(None, None, &[2]);
    let last = decode_packet(&mut decoder, 1, Some(20), &end);
    assert_eq!(last.payload(), (&[1, 2][..], true));
    let again = decode_packet(&mut decoder, 2, Some(20), &end);
    assert_eq!(again, Seen::Other(Some(PduType::AuxChainInd)));
}

#[test]
fn a_chain_without_set_identity_is_followed_by_channel() {
    let part = |adva, next, data| {
        let fields = Extended {
            adva,
            next,
            data,
            ..Extended::default()
        };
        fields.packet()
    };
    let mut decoder = Decoder::new();
    let first = decode_packet(&mut decoder, 0, Some(12), &part(Some(ADVA), Some(20), &[1]));
    assert_eq!(first.who(), (PduType::AuxScanRsp, Address(ADVA)));
    let second = decode_packet(&mut decoder, 1, Some(20), &part(None, Some(30), &[2]));
    assert_eq!(second.payload(), (&[1, 2][..], false));
    let third = decode_packet(&mut decoder, 2, Some(30), &part(None, None, &[3]));
    assert_eq!(third.payload(), (&[1, 2, 3][..], true));
}

#[test]
fn a_response_follows_a_scannable_packet() {
    let scannable = Extended {
        mode: 2,
        adva: Some(ADVA),
        adi: Some(ADI),
        ..Extended::default()
    };
    let mut decoder = Decoder::new();
    let first = decode_packet(&mut decoder, 0, Some(12), &scannable.packet());
    assert_eq!(first.who().0, PduType::AuxAdvInd);
    let bytes = auxiliary(Some(ADVA), None, &[2, 1, 6]);
    let second = decode_packet(&mut decoder, 1, Some(12), &bytes);
    assert_eq!(second.who().0, PduType::AuxScanRsp);
}

#[test]
fn without_a_channel_the_content_decides() {
    let mut decoder = Decoder::new();
    let first = decode_packet(&mut decoder, 0, None, &auxiliary(Some(ADVA), Some(12), &[]));
    assert_eq!(first.who().0, PduType::AdvExtInd);
    let second = decode_packet(&mut decoder, 1, None, &auxiliary(None, None, &[2, 1, 6]));
    assert_eq!(second.who(), (PduType::AuxAdvInd, Address(ADVA)));
}

#[test]
fn target_and_power() {
    let fields = Extended {
        mode: 1,
        adva: Some(ADVA),
        target: Some([1, 2, 3, 4, 5, 6]),
        adi: Some(ADI),
        tx_power: true,
        data: &[2, 1, 6],
        ..Extended::default()
    };
    match decode_packet(&mut Decoder::new(), 0, Some(12), &fields.packet()) {
        Seen::Advertisement { peer, payload, .. } => {
            assert_eq!(peer, Some(Address([1, 2, 3, 4, 5, 6])));
            assert_eq!(payload, [2, 1, 6]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn connect_response() {
    let payload = [&[13, 3][..], &on_air(ADVA), &on_air([9; 6])].concat();
    let bytes = link_layer(8 | RANDOM_TX, &payload);
    let seen = decode_packet(&mut Decoder::new(), 0, Some(12), &bytes);
    assert_eq!(seen.who(), (PduType::AuxConnectRsp, Address(ADVA)));
}

#[test]
fn headers_that_do_not_fit() {
    let mut decoder = Decoder::new();
    let mut decode =
        |payload: &[u8]| decode_packet(&mut decoder, 0, Some(12), &link_layer(7, payload));
    let wrong = Seen::Malformed(MalformedKind::ExtendedHeader, 6);
    assert_eq!(decode(&[]), wrong);
    assert_eq!(decode(&[5, 1]), wrong); // header longer than the PDU
    assert_eq!(decode(&[3, 1, 0, 0]), wrong); // AdvA longer than the header
    assert_eq!(decode(&[0xC0]), Seen::Malformed(MalformedKind::Reserved, 6));
    assert_eq!(decode(&[0]), Seen::Other(None)); // an empty header, from nobody known
}

#[test]
fn a_chain_never_grows_beyond_what_the_specification_allows() {
    let mut decoder = Decoder::new();
    let mut last = decode_packet(
        &mut decoder,
        0,
        Some(12),
        &auxiliary(Some(ADVA), Some(12), &[7; 200]),
    );
    for time in 1..50 {
        last = decode_packet(
            &mut decoder,
            time,
            Some(12),
            &auxiliary(None, Some(12), &[7; 200]),
        );
    }
    assert_eq!(last.payload(), (&[7; 1600][..], false));
}

proptest! {
    /// However data are cut into a chain, they are read back.
    #[test]
    fn chains_are_put_together(parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 1..8)) {
        let mut decoder = Decoder::new();
        let mut so_far = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let next = (at + 1 < parts.len()).then_some(at as u8 + 1);
            let adva = (at == 0).then_some(ADVA);
            let bytes = auxiliary(adva, next, part);
            let seen = decode_packet(&mut decoder, at as i64, Some(at as u8), &bytes);
            so_far.extend_from_slice(part);
            prop_assert_eq!(seen.who().1, Address(ADVA));
            prop_assert_eq!(seen.payload(), (&so_far[..], next.is_none()));
        }
    }
}
