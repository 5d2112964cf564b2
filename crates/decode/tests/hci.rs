//! HCI advertising reports, against the crate bt-hci and by hand.

mod packets;

use bt_hci::FromHciBytes;
use bt_hci::event::Event;
use bt_hci::event::le::LeEvent;
use bt_hci::param::{LeAdvEventKind, LeExtAdvDataStatus};
use packets::{Seen, decode_all, frame, hex};
use proptest::prelude::*;
use vigie_decode::{Address, AddressKind, Body, Decoder, MalformedKind, PduType};

const ADVA: [u8; 6] = [0xC1, 2, 3, 4, 5, 6];

/// One report of either kind.
#[derive(Debug, Clone)]
struct Report {
    event_type: u16,
    address_type: u8,
    address: [u8; 6],
    set: u8,
    secondary_phy: u8,
    rssi: i8,
    target: [u8; 6],
    data: Vec<u8>,
}

impl Report {
    /// A static random address sends `data` on one PHY.
    fn new(event_type: u16, data: &[u8]) -> Self {
        Self {
            event_type,
            address_type: 1,
            address: packets::on_air(ADVA),
            set: 3,
            secondary_phy: 1,
            rssi: -70,
            target: [0; 6],
            data: data.to_vec(),
        }
    }

    fn legacy_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![self.event_type as u8, self.address_type];
        bytes.extend(self.address);
        bytes.push(self.data.len() as u8);
        bytes.extend(&self.data);
        bytes.push(self.rssi.cast_unsigned());
        bytes
    }

    fn extended_bytes(&self) -> Vec<u8> {
        let mut bytes = self.event_type.to_le_bytes().to_vec();
        bytes.push(self.address_type);
        bytes.extend(self.address);
        bytes.extend([1, self.secondary_phy, self.set, 0x7F]);
        bytes.push(self.rssi.cast_unsigned());
        bytes.extend([0, 0, 0]);
        bytes.extend(self.target);
        bytes.push(self.data.len() as u8);
        bytes.extend(&self.data);
        bytes
    }
}

/// An LE Meta event without the H4 indicator.
fn event(subevent: u8, reports: &[Vec<u8>]) -> Vec<u8> {
    let parameters = [&[subevent, reports.len() as u8][..], &reports.concat()].concat();
    [&[0x3E, parameters.len() as u8][..], &parameters].concat()
}

fn decode(event: &[u8]) -> Vec<Seen> {
    decode_all(&mut Decoder::new(), &frame(0, None, Body::HciEvent(event)))
}

fn extended(decoder: &mut Decoder, time_us: i64, report: &Report) -> Seen {
    let event = event(0x0D, &[report.extended_bytes()]);
    let all = decode_all(decoder, &frame(time_us, None, Body::HciEvent(&event)));
    assert_eq!(all.len(), 1);
    all[0].clone()
}

fn address(raw: &[u8]) -> Address {
    Address::from_le(raw.try_into().expect("six bytes"))
}

fn known(rssi: i8) -> Option<i8> {
    (rssi != 0 && rssi != 127).then_some(rssi)
}

fn any_report(types: Vec<u16>, longest: usize) -> impl Strategy<Value = Report> {
    (
        prop::sample::select(types),
        0u8..4,
        any::<[u8; 6]>(),
        any::<(u8, i8)>(),
        0u8..4,
        any::<[u8; 6]>(),
        prop::collection::vec(any::<u8>(), 0..=longest),
    )
        .prop_map(
            |(event_type, address_type, address, (set, rssi), secondary_phy, target, data)| {
                Report {
                    event_type,
                    address_type,
                    address,
                    set,
                    secondary_phy,
                    rssi,
                    target,
                    data,
                }
            },
        )
}

/// What bt-hci makes of a legacy event: its reports up to the first that it cannot read, and whether it read all.
fn oracle_legacy(bytes: &[u8]) -> Option<(Vec<Seen>, bool)> {
    let Ok((Event::Le(LeEvent::LeAdvertisingReport(event)), _)) = Event::from_hci_bytes(bytes)
    else {
        return None;
    };
    let mut all = Vec::new();
    for report in event.reports.iter() {
        let Ok(report) = report else {
            return Some((all, false));
        };
        let adva = address(report.addr.raw());
        all.push(Seen::Advertisement {
            pdu: Some(match report.event_kind {
                LeAdvEventKind::AdvInd => PduType::AdvInd,
                LeAdvEventKind::AdvDirectInd => PduType::AdvDirectInd,
                LeAdvEventKind::AdvScanInd => PduType::AdvScanInd,
                LeAdvEventKind::AdvNonconnInd => PduType::AdvNonconnInd,
                LeAdvEventKind::ScanRsp => PduType::ScanRsp,
            }),
            adva: Some(adva),
            kind: kind(report.addr_kind.as_raw(), adva),
            peer: None,
            payload: report.data.to_vec(),
            rssi: known(report.rssi),
            complete: true,
        });
    }
    Some((all, true))
}

fn kind(address_type: u8, address: Address) -> Option<AddressKind> {
    match address_type {
        0 | 2 => Some(AddressKind::Public),
        _ => address.random_kind(),
    }
}

proptest! {
    #[test]
    fn legacy_reports_equal_bt_hci(reports in prop::collection::vec(any_report((0..5).collect(), 31), 0..6)) {
        let bytes = event(0x02, &reports.iter().map(Report::legacy_bytes).collect::<Vec<_>>());
        prop_assert_eq!(Some((decode(&bytes), true)), oracle_legacy(&bytes));
    }

    /// With bytes changed: as far as bt-hci reads, so does Vigie, or names the damage.
    #[test]
    fn damaged_legacy_reports_equal_bt_hci(
        reports in prop::collection::vec(any_report((0..5).collect(), 31), 1..6),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
    ) {
        let mut bytes = event(0x02, &reports.iter().map(Report::legacy_bytes).collect::<Vec<_>>());
        for (at, value) in changes {
            let at = 3 + at.index(bytes.len() - 3);
            bytes[at] = value;
        }
        let ours = decode(&bytes);
        if let Some((theirs, all_read)) = oracle_legacy(&bytes) {
            prop_assert!(ours.len() >= theirs.len());
            for (ours, theirs) in ours.iter().zip(&theirs) {
                prop_assert!(ours == theirs || matches!(ours, Seen::Malformed(..)));
            }
            prop_assert!(all_read || ours.iter().any(|seen| matches!(seen, Seen::Malformed(..))));
        }
    }

    #[test]
    fn extended_reports_equal_bt_hci(
        reports in prop::collection::vec(
            any_report(vec![0x13, 0x15, 0x12, 0x10, 0x1B, 0x1A, 0x00, 0x01, 0x02, 0x04, 0x05, 0x08, 0x40, 0x41], 60),
            0..3,
        ),
    ) {
        let bytes = event(0x0D, &reports.iter().map(Report::extended_bytes).collect::<Vec<_>>());
        let Ok((Event::Le(LeEvent::LeExtendedAdvertisingReport(event)), _)) = Event::from_hci_bytes(&bytes) else {
            panic!("bt-hci does not read it");
        };
        let ours = decode(&bytes);
        prop_assert_eq!(ours.len(), event.reports.iter().count());
        for (ours, theirs) in ours.iter().zip(event.reports.iter()) {
            let theirs = theirs.unwrap();
            let flags = theirs.event_kind;
            let adva = address(theirs.addr.raw());
            let pdu = match (flags.legacy(), flags.scan_response()) {
                (true, true) => PduType::ScanRsp,
                (true, false) => match (flags.connectable(), flags.directed(), flags.scannable()) {
                    (true, true, _) => PduType::AdvDirectInd,
                    (true, false, _) => PduType::AdvInd,
                    (false, _, true) => PduType::AdvScanInd,
                    (false, _, false) => PduType::AdvNonconnInd,
                },
                (false, true) => PduType::AuxScanRsp,
                (false, false) if theirs.secondary_adv_phy.is_none() => PduType::AdvExtInd,
                (false, false) => PduType::AuxAdvInd,
            };
            let expected = Seen::Advertisement {
                pdu: Some(pdu),
                adva: Some(adva),
                kind: kind(theirs.addr_kind.as_raw(), adva),
                peer: flags.directed().then(|| address(theirs.direct_addr.raw())),
                payload: theirs.data.to_vec(),
                rssi: known(theirs.rssi),
                complete: matches!(flags.data_status(), LeExtAdvDataStatus::Complete),
            };
            prop_assert_eq!(ours, &expected);
        }
    }

    #[test]
    fn every_cut_is_noticed(
        reports in prop::collection::vec(any_report((0..5).collect(), 31), 1..6),
        at: prop::sample::Index,
    ) {
        let bytes = event(0x02, &reports.iter().map(Report::legacy_bytes).collect::<Vec<_>>());
        let length = 3 + at.index(bytes.len() - 3); // subevent kept
        let all = decode(&bytes[..length]);
        let damaged = all.iter().filter(|seen| matches!(seen, Seen::Malformed(..))).count();
        prop_assert_eq!(damaged, 1);
        prop_assert_eq!(all.last(), Some(&Seen::Malformed(MalformedKind::Truncated, length)));
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..100), subevent in prop::sample::select(vec![0x02u8, 0x0B, 0x0D])) {
        let mut decoder = Decoder::new();
        let bytes = [&[0x3E, bytes.len() as u8 + 1, subevent][..], &bytes].concat();
        let seen = decode_all(&mut decoder, &frame(0, None, Body::HciEvent(&bytes)));
        prop_assert!(seen.len() <= 256);
    }
}

#[test]
fn h4_indicator() {
    let event = event(0x02, &[Report::new(0, &[2, 1, 6]).legacy_bytes()]);
    let packet = [&[0x04][..], &event].concat();
    let decode_h4 =
        |packet: &[u8]| decode_all(&mut Decoder::new(), &frame(0, None, Body::H4(packet)));
    assert_eq!(decode_h4(&packet), decode(&event));
    assert_eq!(decode_h4(&packet).len(), 1);
    assert_eq!(decode_h4(&[]), []);
    let cut = decode_h4(&packet[..10]);
    assert_eq!(cut, [Seen::Malformed(MalformedKind::Truncated, 10)]);
}

#[test]
fn packets_that_are_no_advertising_reports() {
    for packet in [
        "01 030C 00",            // command: reset
        "02 0100 0400 00000000", // data
        "04 0E 04 01 030C 00",   // command complete
        "04 3E 03 01 00 00",     // LE connection complete, cut
        "04 3E 00",              // LE meta without subevent
        "04",                    // an event without header
    ] {
        let packet = hex(packet);
        let all = decode_all(&mut Decoder::new(), &frame(0, None, Body::H4(&packet)));
        assert_eq!(all, [], "{packet:02X?}");
    }
}

/// BlueZ writes btmon captures with such an event: ADV_IND, random address, flags and a name.
#[test]
fn legacy_report_by_hand() {
    let bytes = hex("3E 15 02 01 00 01 0605040302C1 09 020106 0509 56494749 C5");
    assert_eq!(
        decode(&bytes),
        [Seen::Advertisement {
            pdu: Some(PduType::AdvInd),
            adva: Some(Address(ADVA)),
            kind: Some(AddressKind::StaticRandom),
            peer: None,
            payload: hex("020106 0509 56494749"),
            rssi: Some(-59),
            complete: true,
        }]
    );
}

#[test]
fn directed_report() {
    let bytes = hex("3E 12 0B 01 01 01 0605040302C1 01 010203040541 C5");
    match &decode(&bytes)[..] {
        [
            Seen::Advertisement {
                pdu,
                adva,
                peer,
                rssi,
                ..
            },
        ] => {
            assert_eq!(*pdu, Some(PduType::AdvDirectInd));
            assert_eq!(*adva, Some(Address(ADVA)));
            assert_eq!(*peer, Some(Address([0x41, 5, 4, 3, 2, 1])));
            assert_eq!(*rssi, Some(-59));
        }
        all => panic!("{all:?}"),
    }
}

#[test]
fn reserved_values() {
    let reserved = [Seen::Malformed(MalformedKind::Reserved, 4)];
    assert_eq!(
        decode(&event(0x02, &[Report::new(5, &[]).legacy_bytes()])),
        reserved
    );
    for event_type in [0x11, 0x14, 0x60] {
        let report = Report::new(event_type, &[]).extended_bytes();
        assert_eq!(decode(&event(0x0D, &[report])), reserved, "{event_type:#x}");
    }
    let mut odd_address = Report::new(0, &[]);
    odd_address.address_type = 7;
    assert_eq!(
        decode(&event(0x02, &[odd_address.legacy_bytes()])),
        reserved
    );
}

/// A damaged report does not take the following ones with it.
#[test]
fn reports_behind_a_reserved_one_are_read() {
    let reports = [Report::new(5, &[1]), Report::new(0, &[2, 1, 6])];
    let all = decode(&event(0x02, &reports.map(|r| r.legacy_bytes())));
    assert_eq!(all[1].who(), (PduType::AdvInd, Address(ADVA)));
}

#[test]
fn lengths_that_do_not_fit() {
    let long = event(0x02, &[Report::new(0, &[0; 32]).legacy_bytes()]);
    assert_eq!(
        decode(&long),
        [Seen::Malformed(MalformedKind::HciLength, 12)]
    );

    let mut rest = event(0x02, &[Report::new(0, &[]).legacy_bytes()]);
    let end = rest.len();
    rest.push(0);
    let after_event = decode(&rest);
    assert_eq!(
        after_event[1..],
        [Seen::Malformed(MalformedKind::HciLength, end)]
    );
    rest[1] += 1;
    let after_reports = decode(&rest);
    assert_eq!(
        after_reports[1..],
        [Seen::Malformed(MalformedKind::HciLength, end)]
    );
}

#[test]
fn an_anonymous_advertisement_names_nobody() {
    let mut report = Report::new(0x00, &[1, 2]);
    report.address_type = 0xFF;
    let seen = extended(&mut Decoder::new(), 0, &report);
    assert_eq!(seen, Seen::Other(Some(PduType::AuxAdvInd)));
}

const MORE_TO_COME: u16 = 1 << 5;
const CUT_OFF: u16 = 2 << 5;

#[test]
fn data_in_several_reports_are_put_together() {
    let mut decoder = Decoder::new();
    let first = extended(&mut decoder, 0, &Report::new(MORE_TO_COME, &[1; 200]));
    assert_eq!(first.payload(), (&[1; 200][..], false));
    let mut elsewhere = Report::new(0, &[9]);
    elsewhere.set = 4;
    assert_eq!(
        extended(&mut decoder, 1, &elsewhere).payload(),
        (&[9][..], true)
    );
    let last = extended(&mut decoder, 2, &Report::new(0, &[2; 20]));
    let all = [&[1; 200][..], &[2; 20]].concat();
    assert_eq!(last.payload(), (&all[..], true));
    let next = extended(&mut decoder, 3, &Report::new(0, &[3]));
    assert_eq!(next.payload(), (&[3][..], true));
}

#[test]
fn data_that_were_cut_off_are_not_complete() {
    let mut decoder = Decoder::new();
    let alone = extended(&mut decoder, 0, &Report::new(CUT_OFF, &[1]));
    assert_eq!(alone.payload(), (&[1][..], false));
    extended(&mut decoder, 0, &Report::new(MORE_TO_COME, &[1]));
    let second = extended(&mut decoder, 1, &Report::new(CUT_OFF, &[2]));
    assert_eq!(second.payload(), (&[1, 2][..], false));
}

#[test]
fn a_begun_report_is_forgotten_after_three_seconds() {
    let mut decoder = Decoder::new();
    extended(&mut decoder, 0, &Report::new(MORE_TO_COME, &[1]));
    let late = extended(&mut decoder, 3_000_001, &Report::new(0, &[2]));
    assert_eq!(late.payload(), (&[2][..], true));
}
