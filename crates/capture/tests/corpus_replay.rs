//! Replays the fuzz corpora as an ordinary test, and keeps the synthetic seeds in step with the specimens.
//!
//! To write the seeds anew: `VIGIE_WRITE_SEEDS=1 cargo test -p vigie-capture --test corpus_replay`.
#![allow(clippy::unwrap_used, clippy::panic)]

mod specimens;

use std::fs;
use std::path::{Path, PathBuf};

use specimens::*;
use vigie_capture::fuzz_entry;

type Entry = fn(&[u8]);

const TARGETS: &[(&str, Entry)] = &[
    ("pcap", fuzz_entry::pcap),
    ("btsnoop", fuzz_entry::btsnoop),
    ("bugreport", fuzz_entry::bugreport),
    ("bledoubt", fuzz_entry::bledoubt),
    ("csv_logs", fuzz_entry::csv_logs),
    ("sightings_json", fuzz_entry::sightings_json),
    ("airguard", fuzz_entry::airguard),
    ("positions", fuzz_entry::positions),
    ("case_toml", fuzz_entry::case_toml),
    #[cfg(feature = "live")]
    ("gateway_message", fuzz_entry::gateway_message),
    #[cfg(feature = "live")]
    ("bluez_device", fuzz_entry::bluez_device),
    #[cfg(feature = "live")]
    ("live_h4", fuzz_entry::live_h4),
    #[cfg(feature = "live")]
    ("live_gpsd", fuzz_entry::live_gpsd),
    #[cfg(feature = "live")]
    ("live_sniffle", fuzz_entry::live_sniffle),
    #[cfg(feature = "live")]
    ("live_nrf", fuzz_entry::live_nrf),
];

fn corpus(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(target)
}

/// Every seed: target, name, content. All made by code.
fn seeds() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let mut all = Vec::new();
    let mut add = |target, name, bytes: Vec<u8>| all.push((target, name, bytes));
    let one = |order, nanoseconds, link, packet: &[u8]| {
        let mut file = pcap_head(order, nanoseconds, link);
        file.extend(pcap_record(order, nanoseconds, T0, packet));
        file
    };
    add("pcap", "radio_le_us", pcap(3));
    add(
        "pcap",
        "radio_be_ns",
        one(BIG, true, 256, &radio(12, -60, 0x0013, &air(1))),
    );
    add(
        "pcap",
        "radio_coded",
        one(LITTLE, false, 256, &radio(12, -60, 0x8013, &air(1))),
    );
    add("pcap", "air", one(LITTLE, false, 251, &air(1)));
    add(
        "pcap",
        "monitor",
        one(
            LITTLE,
            false,
            254,
            &[&[0, 0, 0, 3], hci_event(1).as_slice()].concat(),
        ),
    );
    add(
        "pcap",
        "h4",
        one(
            LITTLE,
            false,
            187,
            &[&[4], hci_event(1).as_slice()].concat(),
        ),
    );
    add(
        "pcap",
        "h4_direction",
        one(
            LITTLE,
            false,
            201,
            &[&[0, 0, 0, 1, 4], hci_event(1).as_slice()].concat(),
        ),
    );
    for (version, name) in [(1, "nordic_1"), (2, "nordic_2"), (3, "nordic_3")] {
        add(
            "pcap",
            name,
            one(LITTLE, false, 272, &nordic(version, 1, 37, 60, &air(1))),
        );
    }
    add("pcap", "ng_le", pcapng(3));
    let mut sections = pcapng(1);
    sections.extend(section(BIG));
    let options = [
        option(BIG, 2, b"rear"),
        option(BIG, 9, &[9]),
        option(BIG, 14, &BIG.i64(60)),
    ]
    .concat();
    sections.extend(interface(BIG, 272, &options));
    sections.extend(enhanced(
        BIG,
        0,
        T0 as u64 * 1000,
        &nordic(2, 1, 37, 60, &air(1)),
    ));
    sections.extend(block(BIG, 3, &[0; 24]));
    sections.extend(block(BIG, 2, &[0; 24]));
    add("pcap", "ng_sections", sections);
    add("pcap", "ng_own", own_recording());
    let mut torn = pcap(3);
    torn.splice(68..68, [0xFF; 5]);
    add("pcap", "torn", torn);
    let mut torn = pcapng(3);
    torn.splice(108..108, [0xFF; 5]);
    add("pcap", "ng_torn", torn);

    add("btsnoop", "h4", btsnoop(3, T0));
    for (link, name) in [(1001, "bare"), (2001, "monitor")] {
        let records = (0..4u32).flat_map(|flags| btsnoop_record(flags, T0, &hci_event(1)));
        add(
            "btsnoop",
            name,
            btsnoop_head(link).into_iter().chain(records).collect(),
        );
    }
    add("btsnoop", "packet_logger_be", packet_logger(BIG, 2));
    add("btsnoop", "packet_logger_le", packet_logger(LITTLE, 2));

    add("bugreport", "text", btsnooz_text(2, T0 as u64).into_bytes());
    add(
        "bugreport",
        "zip",
        zip(&[
            ("logs/btsnoop_hci.log", &btsnoop(2, T0)),
            ("logs/btsnoop_hci.log.last", &btsnoop(1, 0)),
        ]),
    );
    add(
        "bugreport",
        "zip_text",
        zip(&[("bugreport-x.txt", btsnooz_text(2, T0 as u64).as_bytes())]),
    );
    add(
        "bugreport",
        "zip_airguard",
        zip(&[
            ("beacons.csv", AIRGUARD_BEACONS.as_bytes()),
            ("locations.csv", AIRGUARD_LOCATIONS.as_bytes()),
        ]),
    );

    add("bledoubt", "log", BLEDOUBT.as_bytes().to_vec());
    add("bledoubt", "cut", BLEDOUBT.as_bytes()[..300].to_vec());
    add(
        "bledoubt",
        "empty",
        b"{\"devices\":[],\"detections\":[]}".to_vec(),
    );
    add("csv_logs", "homescout", HOMESCOUT.as_bytes().to_vec());
    add(
        "csv_logs",
        "homescout_long",
        HOMESCOUT_LONG.as_bytes().to_vec(),
    );
    add("csv_logs", "wigle", WIGLE.as_bytes().to_vec());
    add("csv_logs", "sightings", SIGHTINGS_CSV.as_bytes().to_vec());
    add(
        "sightings_json",
        "lines",
        SIGHTINGS_JSON.as_bytes().to_vec(),
    );
    add(
        "airguard",
        "tables",
        [
            AIRGUARD_BEACONS.as_bytes(),
            &[0],
            AIRGUARD_LOCATIONS.as_bytes(),
        ]
        .concat(),
    );
    add("positions", "gpx", GPX.as_bytes().to_vec());
    add("positions", "csv", POSITIONS_CSV.as_bytes().to_vec());
    add("positions", "json", POSITIONS_JSON.as_bytes().to_vec());
    let sentences = nmea("GPRMC,221320.00,A,4530.0000,N,00715.0000,E,10.0,90.0,141123,,,A")
        + &nmea("GNGGA,221320.50,4530.0000,S,00715.0000,W,1,08,1.0,300.0,M,,M,,");
    add("positions", "nmea", sentences.into_bytes());
    add("case_toml", "whole", CASE_TOML.as_bytes().to_vec());
    let events = [
        &[4, 0x0E, 4, 1, 0x03, 0x0C, 0][..],
        &[4, 0x0F, 4, 0x0C, 1, 0x0B, 0x20],
        &[4, 0x10, 1, 7],
        &[4],
        &hci_event(1),
    ]
    .concat();
    add("live_h4", "events", events.clone());
    let mut torn = [events.as_slice(), &events].concat();
    torn.remove(30);
    torn.splice(10..10, [4, 0x3E, 0xFF, 2, 0xEE]);
    add("live_h4", "torn", torn);
    add("live_gpsd", "reports", GPSD.as_bytes().to_vec());
    let air = air(1);
    let pdu = &air[4..air.len() - 3];
    add("live_sniffle", "lines", sniffers::sniffle(pdu));
    add("live_nrf", "frames", sniffers::nrf(pdu));
    all
}

/// What gpsd says, each kind of report once.
const GPSD: &str = r#"{"class":"VERSION","release":"3.22","rev":"3.22","proto_major":3,"proto_minor":14}
{"class":"DEVICES","devices":[{"class":"DEVICE","path":"udp://127.0.0.1:1","activated":"2026-11-14T12:00:00.000Z"}]}
{"class":"TPV","device":"udp://127.0.0.1:1","mode":1}
{"class":"TPV","device":"udp://127.0.0.1:1","mode":3,"time":"2026-11-14T12:00:00.000Z","ept":0.005,"lat":48.5,"lon":2.25,"altHAE":83.0,"epx":2.5,"epy":2.5,"track":0.0,"speed":5.144,"eph":4.75}
{"class":"SKY","device":"udp://127.0.0.1:1","nSat":8,"uSat":8,"satellites":[{"PRN":2,"el":45.0,"az":90.0,"ss":40.0,"used":true}]}
"#;

#[test]
fn seeds_are_the_specimens() {
    let write = std::env::var_os("VIGIE_WRITE_SEEDS").is_some();
    for (target, name, bytes) in seeds() {
        let path = corpus(target).join(name);
        if write {
            fs::create_dir_all(corpus(target)).unwrap();
            fs::write(&path, &bytes).unwrap();
        }
        let stored = fs::read(&path).unwrap_or_default();
        // Packed bytes may change with the packer; there it is enough that the seed is stored.
        let same = if target == "bugreport" {
            !stored.is_empty()
        } else {
            stored == bytes
        };
        assert!(
            same,
            "{} is out of step; see the head of this file",
            path.display()
        );
    }
}

#[test]
fn corpora_are_replayed() {
    for &(target, entry) in TARGETS {
        let mut replayed = 0;
        for file in fs::read_dir(corpus(target)).unwrap() {
            let bytes = fs::read(file.unwrap().path()).unwrap();
            entry(&bytes);
            // Every seed cut in the middle as well.
            entry(&bytes[..bytes.len() / 2]);
            replayed += 1;
        }
        assert!(replayed > 0, "no corpus for {target}");
    }
}
