//! Logs, sightings and databases, read back from specimens.
#![allow(clippy::unwrap_used, clippy::panic)]

mod specimens;
mod support;

use specimens::*;
use support::{SeenBody, read, read_file};
use vigie_capture::{DamageKind, Error, Format};
use vigie_decode::{AddressKind, CrcCheck, PduType};

#[test]
fn bledoubt_in_order_of_time_with_fixes() {
    let seen = read(BLEDOUBT.as_bytes()).unwrap();
    assert_eq!(seen.format, Some(Format::BleDoubt));
    // 20:29:53 UTC; the first and third detection are of one second and keep their order.
    let t = 1_621_369_793_000_000;
    assert_eq!(seen.times(), [t - 1_000_000, t, t, t + 1_000_000]);
    let addresses: Vec<&str> = seen
        .frames
        .iter()
        .map(support::SeenFrame::address)
        .collect();
    assert_eq!(
        addresses,
        [
            "13",
            "C6:00:00:00:00:01",
            "C6:00:00:00:00:02",
            "C6:00:00:00:00:03"
        ]
    );
    assert_eq!(seen.frames[0].rssi, None);
    assert_eq!(seen.frames[1].rssi, Some(-60));
    assert_eq!(
        seen.frames[1].offset,
        BLEDOUBT.find(r#"{"lat":42.5"#).unwrap() as u64
    );
    let fixes: Vec<_> = seen
        .fixes
        .iter()
        .map(|f| (f.time_us, f.lat, f.lon, f.sensor))
        .collect();
    assert_eq!(
        fixes,
        [(t, 42.5, -71.25, Some(0)), (t, 42.5, -71.25, Some(0))]
    );
    assert_eq!(seen.kinds(), [DamageKind::BadPosition]);
    assert_eq!(seen.lost_frames(), 0);
    assert_eq!(seen.notes.len(), 1);
    assert!(seen.has_note("unknown_time_zone", "XYT"));
}

#[test]
fn bledoubt_keys_in_any_order_and_layout() {
    let detection = r#"{ "t" : "Tue May 18 20:29:53 UTC 2021" , "mac":"7", "rssi":-1 }"#;
    for log in [
        format!("{{\"detections\":[{detection}],\"devices\":[{{\"address\":\"7\"}}]}}"),
        format!("\n{{\n \"devices\" : [],\n \"detections\" : [\n  {detection}\n ]\n}}\n"),
    ] {
        let seen = read(log.as_bytes()).unwrap();
        assert_eq!(seen.damage, [], "{log}");
        assert_eq!(seen.frames.len(), 1, "{log}");
        assert_eq!(seen.frames[0].address(), "7");
        assert!(seen.fixes.is_empty());
    }
    let empty = read(b"{\"devices\":[],\"detections\":[]}").unwrap();
    assert!(empty.frames.is_empty() && empty.damage.is_empty());
}

#[test]
fn bledoubt_damage_is_counted_and_the_rest_is_read() {
    let detection = |mac: u32| {
        format!(
            r#"{{"lat":42.5,"long":-71.25,"mac":"{mac}","rssi":-60,"t":"Tue May 18 16:29:53 EDT 2021"}}"#
        )
    };
    let whole: Vec<String> = (0..5).map(detection).collect();
    let log =
        |objects: &[String]| format!(r#"{{"devices":[],"detections":[{}]}}"#, objects.join(","));
    let broken = |third: &str| {
        let mut objects = whole.clone();
        objects[2] = third.to_owned();
        let text = log(&objects);
        let seen = read(text.as_bytes()).unwrap();
        let offsets: Vec<u64> = seen.damage.iter().map(|d| d.offset).collect();
        let macs: Vec<String> = seen.frames.iter().map(|f| f.address().to_owned()).collect();
        assert_eq!(macs, ["0", "1", "3", "4"], "{third}");
        assert_eq!(seen.lost_frames(), 1, "{third}: {:?}", seen.damage);
        let at = text.find(third).unwrap() as u64;
        assert!(
            offsets[0].abs_diff(at) <= 1,
            "{third}: {offsets:?}, not {at}"
        );
        seen.kinds()
    };
    let good = detection(2);
    assert_eq!(
        broken(&good.replace("\"mac\"", "\"mxc\"")),
        [DamageKind::MalformedRow]
    );
    assert_eq!(broken(&good.replace("May", "Mxy")), [DamageKind::BadTime]);
    assert_eq!(
        broken(good.trim_end_matches('}')),
        [DamageKind::MalformedRow]
    );
    assert_eq!(
        broken(good.trim_start_matches('{')),
        [DamageKind::MalformedRow]
    );
    assert_eq!(
        broken(&good.replace(":-60,", ":-60x,")),
        [DamageKind::MalformedRow]
    );
    // A lost quote swallows the string's end.
    assert_eq!(
        broken(&good.replace("2021\"", "2021")),
        [DamageKind::MalformedRow]
    );

    let text = log(&whole);
    let cut = read(&text.as_bytes()[..text.len() - 30]).unwrap();
    assert_eq!(
        (cut.frames.len(), cut.kinds(), cut.lost_frames()),
        (4, vec![DamageKind::Truncated], 1)
    );
    let between = read(text.trim_end_matches("]}").as_bytes()).unwrap();
    assert_eq!(
        (between.frames.len(), between.kinds(), between.lost_frames()),
        (5, vec![DamageKind::Truncated], 0)
    );
}

#[test]
fn homescout_with_both_headers() {
    let seen = read(HOMESCOUT.as_bytes()).unwrap();
    assert_eq!(seen.format, Some(Format::HomeScout));
    assert_eq!(seen.times(), [T0, T0 + 1_000_000]);
    assert_eq!(seen.frames[1].address(), "C6:00:00:00:00:01");
    assert_eq!(seen.frames[1].rssi, None);
    assert_eq!(seen.fixes.len(), 1);
    assert!(seen.has_note("no_payload", "") && seen.has_note("no_rssi", ""));
    let long = read(HOMESCOUT_LONG.as_bytes()).unwrap();
    assert_eq!(
        (long.format, long.times()),
        (Some(Format::HomeScout), vec![T0 + 1_000_000])
    );
    let damaged = format!("{HOMESCOUT}C6:00:00:00:00:03;17000000\nx;y;z;0;0\n");
    let seen = read(damaged.as_bytes()).unwrap();
    assert_eq!(seen.kinds(), [DamageKind::MalformedRow; 2]);
    assert_eq!((seen.frames.len(), seen.lost_frames()), (2, 2));
    assert_eq!(seen.damage[0].offset, HOMESCOUT.len() as u64);
}

#[test]
fn sightings_as_json_lines() {
    let seen = read(SIGHTINGS_JSON.as_bytes()).unwrap();
    assert_eq!(seen.format, Some(Format::SightingsJson));
    let [opaque, addressed] = seen.frames.as_slice() else {
        panic!()
    };
    assert_eq!(
        (opaque.time_us, opaque.sensor.as_str(), opaque.rssi),
        (T0, "V2", None)
    );
    assert_eq!(opaque.body, SeenBody::Row("13".into(), None, None, None));
    assert_eq!(
        (addressed.time_us, addressed.sensor.as_str()),
        (T0 + 1_000_000, "V1")
    );
    assert_eq!((addressed.rssi, addressed.channel), (Some(-60), Some(37)));
    let (kind, pdu) = (Some(AddressKind::StaticRandom), Some(PduType::AdvInd));
    let body = SeenBody::Row("C6:00:00:00:00:01".into(), kind, pdu, Some(vec![2, 1, 6]));
    assert_eq!(addressed.body, body);
    let [fix] = seen.fixes.as_slice() else {
        panic!()
    };
    assert_eq!((fix.lat, fix.lon, fix.accuracy_m), (45.5, 7.25, Some(5.0)));
    assert_eq!(seen.sensors.name(fix.sensor.unwrap()), "V2");
    assert_eq!(seen.vehicles, [("V1".to_owned(), "lead".to_owned())]);
    assert_eq!(seen.notes.len(), 1);
    assert!(seen.has_note("unknown_column", "colour"));
}

#[test]
fn sightings_json_damage() {
    let lines = [
        r#"{"time":"2023-11-14T22:13:20Z","address":"A1"}"#,
        r#"{"time":"2023-11-14T22:13:20Z","address"#,
        r#"{"time":"yesterday","address":"A1"}"#,
        r#"{"address":"A1"}"#,
        r#"{"time":"2023-11-14T22:13:20Z"}"#,
        r#"{"time":"2023-11-14T22:13:20Z","address":"A1","payload":"0g"}"#,
        r#"{"time":"2023-11-14T22:13:20Z","address":"A1","lat":91,"lon":0,"pdu":"ADV_ODD"}"#,
    ];
    let seen = read(lines.join("\r\n").as_bytes()).unwrap();
    use DamageKind::{BadPosition, BadTime, MalformedRow};
    assert_eq!(
        seen.kinds(),
        [
            MalformedRow,
            BadTime,
            MalformedRow,
            MalformedRow,
            MalformedRow,
            BadPosition
        ]
    );
    assert_eq!((seen.frames.len(), seen.lost_frames()), (3, 4));
    assert_eq!(seen.damage[0].offset, lines[0].len() as u64 + 2);
    assert!(seen.has_note("unknown_value", "ADV_ODD"));
    assert_eq!(seen.frames[0].sensor, "thing");
}

#[test]
fn sightings_as_a_table() {
    for (from, to) in [(';', ';'), (';', ','), (';', '\t')] {
        let text = SIGHTINGS_CSV.replace(from, &to.to_string());
        let seen = read(text.as_bytes()).unwrap();
        assert_eq!(seen.format, Some(Format::SightingsCsv));
        assert_eq!(seen.times(), [T0, T0 + 1_000_000]);
        assert_eq!(
            (seen.frames[0].address(), seen.frames[0].rssi),
            ("13", None)
        );
        let kind = Some(AddressKind::StaticRandom);
        let body = SeenBody::Row("C6:00:00:00:00:01".into(), kind, None, None);
        assert_eq!(seen.frames[1].body, body);
        assert_eq!((seen.fixes.len(), seen.damage.len()), (1, 0));
        assert!(seen.has_note("unknown_column", "colour") && seen.has_note("no_payload", ""));
    }
    let damaged = format!("{SIGHTINGS_CSV}1700000000000000;V2\n\"open;V1;a;b;c;d;e;f\n");
    let seen = read(damaged.as_bytes()).unwrap();
    assert_eq!((seen.frames.len(), seen.lost_frames()), (2, 2));
}

#[test]
fn wigle_gives_bluetooth_rows_only() {
    let seen = read(WIGLE.as_bytes()).unwrap();
    assert_eq!(seen.format, Some(Format::Wigle));
    assert_eq!(seen.times(), [T0]);
    assert_eq!(
        (seen.frames[0].address(), seen.frames[0].rssi),
        ("c6:00:00:00:00:01", Some(-70))
    );
    assert_eq!(seen.fixes[0].accuracy_m, Some(4.5));
    assert!(seen.has_note("untested_on_real_files", "") && seen.has_note("passed_over", "WIFI"));
    let older = WIGLE
        .replace("-1.6", "-1.4")
        .replace("Frequency,", "")
        .replace("RCOIs,MfgrId,", "");
    let older = older
        .replace(",0,,-70", ",0,-70")
        .replace(",,76,BLE", ",BLE")
        .replace("6,2437,-40", "6,-40")
        .replace(",,,WIFI", ",WIFI");
    assert_eq!(read(older.as_bytes()).unwrap().times(), [T0]);
}

#[test]
fn airguards_export() {
    let files = |beacons: &str| {
        zip(&[
            ("devices.csv", b"deviceId\n"),
            ("beacons.csv", beacons.as_bytes()),
            ("locations.csv", AIRGUARD_LOCATIONS.as_bytes()),
        ])
    };
    let seen = read(&files(AIRGUARD_BEACONS)).unwrap();
    assert_eq!(seen.format, Some(Format::AirGuard));
    assert_eq!(seen.times(), [T0 + 250_000, T0 + 900_000_000]);
    let payload = Some(vec![7, 0xFF, 0x4C, 0, 0x12, 2, 0, 3]);
    assert_eq!(
        seen.frames[0].body,
        SeenBody::Row("C6:00:00:00:00:01".into(), None, None, payload)
    );
    let payload = Some(vec![3, 3, 0x5A, 0xFD]);
    assert_eq!(
        seen.frames[1].body,
        SeenBody::Row("C6:00:00:00:00:02".into(), None, None, payload)
    );
    let [fix] = seen.fixes.as_slice() else {
        panic!()
    };
    assert_eq!((fix.lat, fix.lon, fix.accuracy_m), (45.5, 7.25, Some(12.5)));
    for note in [
        "untested_on_real_files",
        "time_read_as_utc",
        "payload_put_together",
    ] {
        assert!(seen.has_note(note, ""), "{note}");
    }
    let cut = read(&files(&AIRGUARD_BEACONS[..AIRGUARD_BEACONS.len() - 60])).unwrap();
    assert_eq!((cut.frames.len(), cut.lost_frames()), (1, 1));
}

#[test]
fn kismets_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a b#c?d%.kismet");
    let database = rusqlite::Connection::open(&path).unwrap();
    database
        .execute_batch(
            "CREATE TABLE KISMET (kismet_version TEXT, db_version INT, db_module TEXT);
             INSERT INTO KISMET VALUES ('2023', 8, 'kismetlog');
             CREATE TABLE devices (phyname TEXT);
             CREATE TABLE packets (ts_sec INT, ts_usec INT, phyname TEXT, lat REAL, lon REAL, signal INT, datasource TEXT, dlt INT, packet BLOB);",
        )
        .unwrap();
    let insert = |seconds: i64, dlt: i64, lat: f64, packet: Option<Vec<u8>>| {
        let values = rusqlite::params![seconds, 250_000, "BTLE", lat, 7.25, -77, "x", dlt, packet];
        database
            .execute(
                "INSERT INTO packets VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)",
                values,
            )
            .unwrap();
    };
    insert(
        1_700_000_001,
        256,
        45.5,
        Some(radio(0, -60, 0x0C13, &air(1))),
    );
    insert(1_700_000_000, 251, 0.0, Some(air(2)));
    insert(1_700_000_002, 105, 45.5, Some(vec![0; 40]));
    insert(1_700_000_003, 256, 45.5, Some(vec![0; 4]));
    insert(1_700_000_004, 256, 45.5, None);
    let mut coded = air(3);
    coded.insert(4, 1);
    insert(
        1_700_000_005,
        256,
        45.5,
        Some(radio(0, -60, 0x8C13, &coded)),
    );
    drop(database);
    let seen = read_file(&path).unwrap();
    assert_eq!(seen.format, Some(Format::Kismet));
    assert_eq!(seen.times(), [T0 + 250_000, T0 + 1_250_000, T0 + 5_250_000]);
    assert_eq!(
        seen.frames[0].body,
        SeenBody::Air(air(2), CrcCheck::Unknown)
    );
    assert_eq!(
        (seen.frames[0].rssi, seen.frames[0].channel),
        (Some(-77), None)
    );
    assert_eq!(seen.frames[1].body, SeenBody::Air(air(1), CrcCheck::Valid));
    assert_eq!(
        (seen.frames[1].rssi, seen.frames[1].channel),
        (Some(-60), Some(37))
    );
    assert_eq!(seen.frames[2].body, SeenBody::Air(air(3), CrcCheck::Valid));
    assert_eq!(
        seen.kinds(),
        [DamageKind::ShortPacket, DamageKind::MalformedRow]
    );
    assert!(seen.has_note("untested_on_real_files", ""));
    // Nothing is left beside it.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    assert!(matches!(
        read_file(&path),
        Ok(_) | Err(Error::Unreadable { .. } | Error::Unrecognised { .. })
    ));
    std::fs::remove_file(&path).unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE t (a)").unwrap();
    drop(other);
    assert!(matches!(read_file(&path), Err(Error::Unrecognised { .. })));
}

#[test]
fn text_may_begin_with_a_byte_order_mark() {
    for (text, format) in [
        (BLEDOUBT, Format::BleDoubt),
        (SIGHTINGS_JSON, Format::SightingsJson),
        (SIGHTINGS_CSV, Format::SightingsCsv),
        (HOMESCOUT, Format::HomeScout),
        (WIGLE, Format::Wigle),
        (GPX, Format::Gpx),
        (POSITIONS_CSV, Format::PositionsCsv),
        (POSITIONS_JSON, Format::PositionsJson),
    ] {
        let plain = read(text.as_bytes()).unwrap();
        let marked = read(format!("\u{FEFF}{text}").as_bytes()).unwrap();
        assert_eq!(marked.format, Some(format));
        assert_eq!(marked.damage.len(), plain.damage.len(), "{format}");
        assert_eq!(
            (marked.frames.len(), marked.fixes.len()),
            (plain.frames.len(), plain.fixes.len())
        );
    }
}
