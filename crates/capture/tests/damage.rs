//! Damaged captures: what is whole is read, what is lost is counted, and nothing panics.
#![allow(clippy::unwrap_used, clippy::panic)]

mod specimens;
mod support;

use proptest::prelude::*;
use specimens::*;
use support::read;
use vigie_capture::DamageKind;

/// Frame, file, and where in it the third record begins and its length field is.
struct Case {
    name: &'static str,
    file: Vec<u8>,
    record: usize,
    length_field: usize,
}

fn cases() -> Vec<Case> {
    let third = |head: usize, each: usize| head + 2 * each;
    let pcap_each = 16 + 28;
    let pcapng_head = section(LITTLE).len() + interface(LITTLE, 256, &[]).len();
    let pcapng_each = 32 + 28;
    let snoop_each = 24 + 18;
    let logger_head = 13 + 17;
    let logger_each = 13 + 17;
    let at = |name, file, record, field| Case {
        name,
        file,
        record,
        length_field: record + field,
    };
    vec![
        at("pcap", pcap(6), third(24, pcap_each), 8),
        at("pcapng", pcapng(6), third(pcapng_head, pcapng_each), 4),
        at("btsnoop", btsnoop(6, T0), third(16, snoop_each), 4),
        at(
            "packet_logger",
            packet_logger(BIG, 6),
            third(logger_head, logger_each),
            0,
        ),
    ]
}

#[test]
fn specimens_are_whole() {
    for case in cases() {
        let seen = read(&case.file).unwrap();
        assert_eq!(
            (seen.frames.len(), seen.damage.len()),
            (6, 0),
            "{}",
            case.name
        );
        assert_eq!(seen.frames[2].offset, case.record as u64, "{}", case.name);
    }
}

#[test]
fn an_impossible_length_costs_one_record() {
    for mut case in cases() {
        case.file[case.length_field..case.length_field + 4].fill(0xFF);
        let seen = read(&case.file).unwrap();
        let times: Vec<i64> = seen.times().iter().map(|t| (t - T0) / 1_000_000).collect();
        assert_eq!(times, [0, 1, 3, 4, 5], "{}", case.name);
        assert_eq!(
            seen.kinds(),
            [DamageKind::ImpossibleLength],
            "{}",
            case.name
        );
        assert_eq!(seen.damage[0].offset, case.record as u64, "{}", case.name);
        assert_eq!(seen.lost_frames(), 1, "{}", case.name);
    }
}

#[test]
fn bytes_stuffed_in_or_cut_out_cost_at_most_two_records() {
    for case in cases() {
        let mut stuffed = case.file.clone();
        stuffed.splice(case.record..case.record, [0x5A; 7]);
        let seen = read(&stuffed).unwrap();
        assert_eq!(seen.frames.len(), 6, "{}: {:?}", case.name, seen.damage);
        assert_eq!(seen.damage.len(), 1, "{}", case.name);

        let mut cut = case.file.clone();
        cut.drain(case.record + 3..case.record + 10);
        let seen = read(&cut).unwrap();
        assert!(seen.frames.len() >= 4, "{}: {:?}", case.name, seen.damage);
        assert!(!seen.damage.is_empty(), "{}", case.name);
    }
}

#[test]
fn a_cut_file_gives_what_is_whole() {
    for case in cases() {
        // Inside the third record, in its head and in its packet.
        for inside in [5, 26] {
            let seen = read(&case.file[..case.record + inside]).unwrap();
            assert_eq!(seen.frames.len(), 2, "{}", case.name);
            assert_eq!(seen.kinds(), [DamageKind::Truncated], "{}", case.name);
        }
        let seen = read(&case.file[..case.record]).unwrap();
        assert_eq!(
            (seen.frames.len(), seen.damage.len()),
            (2, 0),
            "{}",
            case.name
        );
    }
}

#[test]
fn one_time_that_cannot_be_costs_one_record() {
    for (name, file, field, mask) in [
        ("pcap", pcap(6), 24 + 2 * 44 + 3, 0x40),
        ("pcap fraction", pcap(6), 24 + 2 * 44 + 7, 0x7F),
        ("btsnoop", btsnoop(6, T0), 16 + 2 * 42 + 17, 0x01),
    ] {
        let mut file = file;
        file[field] ^= mask;
        let seen = read(&file).unwrap();
        assert_eq!(seen.kinds(), [DamageKind::BadTime], "{name}");
        assert_eq!(seen.frames.len(), 5, "{name}");
    }
}

#[test]
fn a_pause_of_years_is_no_damage() {
    let year = 31_557_600_000_000;
    let mut file = pcap(2);
    for i in 0..2 {
        let packet = radio(0, -50, 0x0C13, &air(i));
        file.extend(pcap_record(
            LITTLE,
            false,
            T0 + year + i64::from(i) * 1_000_000,
            &packet,
        ));
    }
    let seen = read(&file).unwrap();
    assert_eq!((seen.frames.len(), seen.damage.len()), (4, 0));
}

fn every_specimen() -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = cases().into_iter().map(|c| c.file).collect();
    all.push(packet_logger(LITTLE, 4));
    all.push(zip(&[("logs/btsnoop_hci.log", &btsnoop(4, T0))]));
    all.push(btsnooz_text(4, T0 as u64).into_bytes());
    all.push(zip(&[
        ("beacons.csv", AIRGUARD_BEACONS.as_bytes()),
        ("locations.csv", AIRGUARD_LOCATIONS.as_bytes()),
    ]));
    let texts = [
        BLEDOUBT,
        SIGHTINGS_JSON,
        SIGHTINGS_CSV,
        HOMESCOUT,
        WIGLE,
        GPX,
        POSITIONS_CSV,
        POSITIONS_JSON,
    ];
    all.extend(texts.iter().map(|t| t.as_bytes().to_vec()));
    all.push(nmea("GPRMC,221320.00,A,4530.0000,N,00715.0000,E,10.0,90.0,141123,,,A").into_bytes());
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Flips, cuts and stuffing anywhere: a report or a clear error, and no more frames than there are bytes for.
    #[test]
    fn damage_anywhere_never_panics(
        which in 0usize..17,
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in any::<prop::sample::Index>(),
        stuffing in prop::collection::vec(any::<u8>(), 0..9),
        mode in 0u8..4,
    ) {
        let all = every_specimen();
        let mut bytes = all[which % all.len()].clone();
        let length = bytes.len();
        for (index, value) in flips {
            bytes[index.index(length)] = value;
        }
        let at = cut.index(length);
        match mode {
            0 => bytes.truncate(at),
            1 => { bytes.splice(at..at, stuffing); }
            2 => { bytes.drain(at..(at + stuffing.len()).min(length)); }
            _ => {}
        }
        if let Ok(seen) = read(&bytes) {
            prop_assert!(seen.frames.len() + seen.lost_frames() <= bytes.len() + 1);
        }
    }

    /// Anything at all, behind the head of each capture format.
    #[test]
    fn noise_never_panics(which in 0usize..6, noise in prop::collection::vec(any::<u8>(), 0..600)) {
        let mut bytes = match which {
            0 => pcap_head(LITTLE, false, 256),
            1 => section(BIG),
            2 => btsnoop_head(1002),
            3 => packet_logger(BIG, 2),
            4 => [section(LITTLE), interface(LITTLE, 272, &[])].concat(),
            _ => Vec::new(),
        };
        bytes.extend(&noise);
        if let Ok(seen) = read(&bytes) {
            prop_assert!(seen.damage.iter().all(|d| d.offset <= bytes.len() as u64));
        }
    }
}
