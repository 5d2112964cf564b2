//! Capture files: every format and link type read back from specimens.
#![allow(clippy::unwrap_used, clippy::panic)]

mod specimens;
mod support;

use specimens::*;
use support::{SeenBody, read};
use vigie_capture::{DamageKind, Error, Format};
use vigie_decode::CrcCheck;

fn one(link: u32, packet: &[u8]) -> support::Seen {
    let mut file = pcap_head(LITTLE, false, link);
    file.extend(pcap_record(LITTLE, false, T0, packet));
    read(&file).unwrap()
}

#[test]
fn pcap_in_both_orders_and_resolutions() {
    for order in [LITTLE, BIG] {
        for nanoseconds in [false, true] {
            let mut file = pcap_head(order, nanoseconds, 256);
            file.extend(pcap_record(
                order,
                nanoseconds,
                T0 + 5,
                &radio(0, -60, 0x0413, &air(1)),
            ));
            file.extend(pcap_record(
                order,
                nanoseconds,
                T0 + 999_999,
                &radio(12, -61, 0x0013, &air(2)),
            ));
            let seen = read(&file).unwrap();
            assert_eq!(seen.format, Some(Format::Pcap));
            assert_eq!(seen.times(), [T0 + 5, T0 + 999_999]);
            assert_eq!(seen.damage, []);
            let [first, second] = seen.frames.as_slice() else {
                panic!()
            };
            assert_eq!((first.sensor.as_str(), first.offset), ("thing", 24));
            assert_eq!((first.rssi, first.channel), (Some(-60), Some(37)));
            assert_eq!(first.body, SeenBody::Air(air(1), CrcCheck::Invalid));
            assert_eq!((second.rssi, second.channel), (Some(-61), Some(38)));
            assert_eq!(second.body, SeenBody::Air(air(2), CrcCheck::Unknown));
            assert_eq!(second.offset, 24 + 16 + 28);
        }
    }
}

#[test]
fn link_type_256_says_channel_level_and_crc() {
    // RF channel to channel index: Core Specification Vol 6 Part B 1.4.1.
    let cases = [
        (0, 37),
        (1, 0),
        (11, 10),
        (12, 38),
        (13, 11),
        (38, 36),
        (39, 39),
    ];
    for (rf, channel) in cases {
        assert_eq!(
            one(256, &radio(rf, -60, 0x0C13, &air(1))).frames[0].channel,
            Some(channel)
        );
    }
    assert_eq!(
        one(256, &radio(40, -60, 0x0C13, &air(1))).frames[0].channel,
        None
    );
    for (level, flags, rssi) in [
        (-60, 0x0C13, Some(-60)),
        (-60, 0x0C11, None),
        (127, 0x0C13, None),
        (0, 0x0C13, None),
    ] {
        assert_eq!(
            one(256, &radio(0, level, flags, &air(1))).frames[0].rssi,
            rssi
        );
    }
    let whole = one(256, &radio(0, -60, 0x0C13, &air(1)));
    assert_eq!(whole.frames[0].body, SeenBody::Air(air(1), CrcCheck::Valid));
    // Without the flag "dewhitened" nobody's word on the CRC is taken.
    for flags in [0x0C12, 0x0412] {
        let unsaid = one(256, &radio(0, -60, flags, &air(1)));
        assert_eq!(
            unsaid.frames[0].body,
            SeenBody::Air(air(1), CrcCheck::Unknown)
        );
    }
    // A valid flag without a checked flag says nothing.
    let unchecked = one(256, &radio(0, -60, 0x0813, &air(1)));
    assert_eq!(
        unchecked.frames[0].body,
        SeenBody::Air(air(1), CrcCheck::Unknown)
    );
}

#[test]
fn the_coding_indicator_of_the_coded_phy_is_taken_out() {
    let mut coded = air(1);
    coded.insert(4, 1);
    let seen = one(256, &radio(0, -60, 0x8C13, &coded));
    assert_eq!(seen.frames[0].body, SeenBody::Air(air(1), CrcCheck::Valid));
    let seen = one(272, &nordic(3, 0x21, 37, 60, &coded));
    assert_eq!(seen.frames[0].body, SeenBody::Air(air(1), CrcCheck::Valid));
}

#[test]
fn nordic_heads_of_all_versions() {
    for version in 1..=3 {
        let seen = one(272, &nordic(version, 1, 38, 73, &air(9)));
        let frame = &seen.frames[0];
        assert_eq!(
            (frame.rssi, frame.channel),
            (Some(-73), Some(38)),
            "version {version}"
        );
        assert_eq!(frame.body, SeenBody::Air(air(9), CrcCheck::Valid));
        let bad = one(272, &nordic(version, 0, 38, 73, &air(9)));
        assert_eq!(bad.frames[0].body, SeenBody::Air(air(9), CrcCheck::Invalid));
    }
    let mut legacy = vec![0xBE, 0xEF, 6, 0, 0, 0, 0, 0, 1, 39, 80, 0, 0, 0, 0, 0, 0];
    legacy.extend(air(9));
    let seen = one(272, &legacy);
    assert_eq!(
        (seen.frames[0].rssi, seen.frames[0].channel),
        (Some(-80), Some(39))
    );
    assert_eq!(
        one(272, &nordic(4, 1, 38, 73, &air(9))).kinds(),
        [DamageKind::Unsupported]
    );
    let mut long = nordic(2, 1, 38, 73, &air(9));
    long.push(0);
    assert_eq!(one(272, &long).kinds(), [DamageKind::ImpossibleLength]);
}

#[test]
fn host_controller_link_types() {
    let event = hci_event(1);
    let mut h4 = vec![4];
    h4.extend(&event);
    assert_eq!(one(187, &h4).frames[0].body, SeenBody::H4(h4.clone()));
    let mut directed = vec![0, 0, 0, 1];
    directed.extend(&h4);
    assert_eq!(one(201, &directed).frames[0].body, SeenBody::H4(h4.clone()));
    let monitor = |opcode: u8, bytes: &[u8]| {
        let mut packet = vec![0, 0, 0, opcode];
        packet.extend(bytes);
        packet
    };
    assert_eq!(
        one(254, &monitor(3, &event)).frames[0].body,
        SeenBody::HciEvent(event.clone())
    );
    let command = [0x0C, 0x20, 2, 1, 0];
    assert_eq!(
        one(254, &monitor(2, &command)).frames[0].body,
        SeenBody::H4(vec![1, 0x0C, 0x20, 2, 1, 0])
    );
    let nothing = one(254, &monitor(12, b"a system note"));
    assert!(nothing.frames.is_empty() && nothing.damage.is_empty());
    assert_eq!(
        one(251, &air(1)).frames[0].body,
        SeenBody::Air(air(1), CrcCheck::Unknown)
    );
    for (link, short) in [(201, 3), (254, 3), (256, 9), (272, 16)] {
        let seen = one(link, &vec![1; short]);
        assert_eq!(seen.kinds(), [DamageKind::ShortPacket], "{link}");
        assert_eq!(seen.lost_frames(), 1);
    }
}

#[test]
fn pcapng_in_both_orders_with_sections_resolutions_and_offsets() {
    let packet = radio(0, -60, 0x0C13, &air(1));
    let mut file = Vec::new();
    let mut expected = Vec::new();
    for order in [LITTLE, BIG] {
        file.extend(section(order));
        let t0 = T0 as u64;
        // Microseconds by default, nanoseconds, 2^-20 seconds, and an offset of an hour.
        for (options, ticks, time_us) in [
            (Vec::new(), t0, T0),
            (option(order, 9, &[9]), t0 * 1000 + 999, T0),
            (
                option(order, 9, &[0x80 | 20]),
                (t0 / 1_000_000) << 20 | 1 << 19,
                T0 + 500_000,
            ),
            (option(order, 14, &order.i64(3600)), t0, T0 + 3_600_000_000),
        ] {
            file.extend(interface(order, 256, &options));
            expected.push((time_us, ticks));
        }
        for (i, (_, ticks)) in expected.iter().rev().take(4).rev().enumerate() {
            file.extend(enhanced(order, i as u32, *ticks, &packet));
        }
    }
    let seen = read(&file).unwrap();
    assert_eq!(seen.format, Some(Format::Pcapng));
    assert_eq!(seen.damage, []);
    assert_eq!(
        seen.times(),
        expected.iter().map(|e| e.0).collect::<Vec<_>>()
    );
}

#[test]
fn the_first_interface_with_packets_bears_the_files_name() {
    let packet = radio(0, -60, 0x0C13, &air(1));
    let mut file = section(LITTLE);
    for name in ["silent", "rear", "front"] {
        file.extend(interface(LITTLE, 256, &option(LITTLE, 2, name.as_bytes())));
    }
    for i in [1, 2, 1] {
        file.extend(enhanced(LITTLE, i, T0 as u64, &packet));
    }
    // In the next section the numbers start again, and the names hold.
    file.extend(section(LITTLE));
    file.extend(interface(LITTLE, 256, &option(LITTLE, 2, b"front")));
    file.extend(enhanced(LITTLE, 0, T0 as u64, &packet));
    let seen = read(&file).unwrap();
    let sensors: Vec<&str> = seen.frames.iter().map(|f| f.sensor.as_str()).collect();
    assert_eq!(sensors, ["thing", "thing#front", "thing", "thing#front"]);
}

#[test]
fn other_blocks_are_passed_over_and_old_ones_read() {
    let packet = radio(0, -60, 0x0C13, &air(1));
    for order in [LITTLE, BIG] {
        let mut file = section(order);
        file.extend(block(order, 4, &[0; 8]));
        file.extend(interface(order, 256, &[]));
        file.extend(interface(order, 1, &[]));
        let mut old = order.u16(0).to_vec();
        old.extend(order.u16(7));
        let len = packet.len() as u32;
        for word in [(T0 >> 32) as u32, T0 as u32, len, len] {
            old.extend(order.u32(word));
        }
        old.extend(&packet);
        file.extend(block(order, 2, &old));
        let mut simple = order.u32(len).to_vec();
        simple.extend(&packet);
        file.extend(block(order, 3, &simple));
        file.extend(enhanced(order, 1, T0 as u64, &[0; 60]));
        file.extend(enhanced(order, 2, T0 as u64, &packet));
        let seen = read(&file).unwrap();
        assert_eq!(seen.times(), [T0]);
        let kinds = [
            DamageKind::UnknownLinkType,
            DamageKind::NoTime,
            DamageKind::UnknownInterface,
        ];
        assert_eq!(seen.kinds(), kinds);
        assert_eq!(seen.lost_frames(), 2);
    }
}

#[test]
fn files_without_bluetooth_are_refused() {
    let ethernet = pcap_head(LITTLE, false, 1);
    assert!(
        matches!(read(&ethernet), Err(Error::Unrecognised { hint, .. }) if hint.contains("type 1,"))
    );
    let mut file = section(LITTLE);
    file.extend(interface(LITTLE, 1, &[]));
    file.extend(enhanced(LITTLE, 0, T0 as u64, &[0; 60]));
    assert!(
        matches!(read(&file), Err(Error::Unrecognised { hint, .. }) if hint.contains("type 1,"))
    );
    assert!(matches!(
        read(&btsnoop_head(1003)),
        Err(Error::Unrecognised { .. })
    ));
    assert!(matches!(
        read(&pcap(1)[..20]),
        Err(Error::Unreadable { .. })
    ));
    assert!(matches!(read(b""), Err(Error::Empty { .. })));
    assert!(matches!(read(b" \n\t\r\n"), Err(Error::Empty { .. })));
    assert!(matches!(read(b"hello"), Err(Error::Unrecognised { .. })));
    // A capture without packets is a capture.
    assert!(read(&pcap(0)).unwrap().frames.is_empty());
    assert!(read(&pcapng(0)).unwrap().frames.is_empty());
}

#[test]
fn btsnoop_of_all_data_links() {
    let seen = read(&btsnoop(3, T0)).unwrap();
    assert_eq!(seen.format, Some(Format::Btsnoop));
    assert_eq!(seen.times(), [T0, T0 + 1_000_000, T0 + 2_000_000]);
    let mut h4 = vec![4];
    h4.extend(hci_event(0));
    assert_eq!(seen.frames[0].body, SeenBody::H4(h4));
    assert_eq!(seen.frames[0].offset, 16);

    let mut bare = btsnoop_head(1001);
    for flags in 0..4 {
        bare.extend(btsnoop_record(flags, T0, &[9, 9]));
    }
    let bodies: Vec<SeenBody> = read(&bare)
        .unwrap()
        .frames
        .into_iter()
        .map(|f| f.body)
        .collect();
    let h4 = |indicator: u8| SeenBody::H4(vec![indicator, 9, 9]);
    assert_eq!(
        bodies,
        [h4(2), h4(2), h4(1), SeenBody::HciEvent(vec![9, 9])]
    );

    let mut monitor = btsnoop_head(2001);
    for opcode in [0, 2, 3, 4, 12] {
        monitor.extend(btsnoop_record(0x0001_0000 | opcode, T0, &[9, 9]));
    }
    let bodies: Vec<SeenBody> = read(&monitor)
        .unwrap()
        .frames
        .into_iter()
        .map(|f| f.body)
        .collect();
    assert_eq!(bodies, [h4(1), SeenBody::HciEvent(vec![9, 9]), h4(2)]);
}

#[test]
fn packet_logger_in_both_orders() {
    for order in [LITTLE, BIG] {
        let mut file = packet_logger(order, 2);
        file.extend(packet_logger_record(order, T0 + 2_000_000, 0x00, &[1, 2]));
        file.extend(packet_logger_record(order, T0 + 2_000_000, 0x03, &[1, 2]));
        let seen = read(&file).unwrap();
        assert_eq!(seen.format, Some(Format::PacketLogger));
        assert_eq!(seen.damage, []);
        assert_eq!(
            seen.times(),
            [T0, T0 + 1_000_000, T0 + 2_000_000, T0 + 2_000_000]
        );
        assert_eq!(seen.frames[0].body, SeenBody::HciEvent(hci_event(0)));
        assert_eq!(seen.frames[2].body, SeenBody::H4(vec![1, 1, 2]));
        assert_eq!(seen.frames[3].body, SeenBody::H4(vec![2, 1, 2]));
    }
}

#[test]
fn bug_reports_give_their_logs_in_order_of_time() {
    let (newer, older) = (btsnoop(2, T0), btsnoop(2, T0 - 60_000_000));
    let archive = zip(&[
        ("version.txt", b"2.0"),
        ("FS/data/misc/bluetooth/logs/btsnoop_hci.log", &newer),
        ("FS/data/misc/bluetooth/logs/btsnoop_hci.log.last", &older),
        ("FS/data/misc/bluetooth/logs/btsnoop_hci.log.empty", b""),
    ]);
    let seen = read(&archive).unwrap();
    assert_eq!(seen.format, Some(Format::BugReport));
    assert_eq!(
        seen.times(),
        [T0 - 60_000_000, T0 - 59_000_000, T0, T0 + 1_000_000]
    );
    assert_eq!(seen.damage, []);

    let damaged = zip(&[
        ("logs/btsnoop_hci.log", &newer),
        ("logs/btsnoop_old.log", b"no head"),
    ]);
    let seen = read(&damaged).unwrap();
    assert_eq!(
        (seen.frames.len(), seen.kinds()),
        (2, vec![DamageKind::BadContainer])
    );

    let empty = zip(&[("photo.jpg", b"x")]);
    assert!(matches!(read(&empty), Err(Error::Unrecognised { .. })));
    assert!(matches!(
        read(&archive[..archive.len() / 2]),
        Err(Error::Unreadable { .. })
    ));
}

#[test]
fn the_packed_log_in_a_bug_reports_text() {
    let text = btsnooz_text(3, T0 as u64);
    for bytes in [
        text.clone().into_bytes(),
        zip(&[("bugreport-x-2023.txt", text.as_bytes())]),
    ] {
        let seen = read(&bytes).unwrap();
        assert_eq!(seen.format, Some(Format::BugReport));
        assert_eq!(seen.times(), [T0 - 2_000_000, T0 - 1_000_000, T0]);
        let mut h4 = vec![4];
        h4.extend(hci_event(2));
        assert_eq!(seen.frames[2].body, SeenBody::H4(h4));
    }
    let without = "== dumpstate: 2023-11-14 22:13:20\nno log here\n";
    assert!(matches!(
        read(without.as_bytes()),
        Err(Error::Unrecognised { .. })
    ));
    let broken = text.replace("(123 bytes in) ---\n", "(123 bytes in) ---\n!!!!AAAA");
    assert!(matches!(
        read(broken.as_bytes()),
        Err(Error::Unreadable { .. })
    ));
}
