//! Wireshark's dissection of the same captures as oracle: address, level and AD structures of every good
//! frame, and which frames are bad.
#![allow(clippy::unwrap_used, clippy::panic)]

mod program;
mod real_data;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use vigie_decode::AdStructures;

const FILES: [&str; 6] = [
    "nrf52_1",
    "nrf52_2",
    "nrf52_3",
    "ubertooth_1",
    "ubertooth_2",
    "ubertooth_3",
];

/// Frames compared at least, over all files: nearly all of the 55,245.
const AT_LEAST: usize = 40_000;

/// A frame as tshark reads it.
#[derive(Debug, Default)]
struct Theirs {
    time_us: i64,
    adva: Option<String>,
    rssi: Option<i64>,
    pdu_type: Option<u8>,
    /// Wrong by the receiver's flag or by tshark's own computation.
    bad_crc: bool,
    /// tshark gave up inside, before it came to the CRC.
    malformed: bool,
    /// AD structures with length and type, as bytes, and where they stand in the frame.
    entries: Vec<(usize, Vec<u8>)>,
    /// Their types, as tshark's own field says them.
    types: Vec<u8>,
}

#[test]
fn frames_agree_with_tshark() {
    let test = "vigie/frames_agree_with_tshark";
    if Command::new("tshark").arg("--version").output().is_err() {
        real_data::skipped(test, "tshark is missing");
        return;
    }
    let Some(data) = real_data::folder(test) else {
        return;
    };
    let mut all = Compared::default();
    for file in FILES {
        let path = data.join("pact").join(file).with_extension("pcapng");
        let compared = compare(&path);
        println!("{file}: {compared:?}");
        all += compared;
    }
    println!("all: {all:?}");
    assert!(all.good > AT_LEAST, "{all:?}");
    assert!(all.structures > 2 * AT_LEAST, "{all:?}");
    assert!(all.bad > 2_000, "{all:?}");
}

/// What was compared and found equal.
#[derive(Debug, Default, Clone, Copy)]
struct Compared {
    frames: usize,
    /// Frames with a right CRC.
    good: usize,
    /// Frames with a wrong CRC.
    bad: usize,
    /// Those that tshark gave up on: only the receiver's word on the CRC can be compared.
    given_up: usize,
    /// AD structures of the good ones.
    structures: usize,
}

impl std::ops::AddAssign for Compared {
    fn add_assign(&mut self, other: Self) {
        self.frames += other.frames;
        self.good += other.good;
        self.bad += other.bad;
        self.given_up += other.given_up;
        self.structures += other.structures;
    }
}

fn compare(path: &Path) -> Compared {
    let theirs = theirs(path);
    let ours = program::stdout_of(["decode", program::argument(path)]);
    let ours = program::lines_of(&ours);
    assert_eq!(ours.len(), theirs.len(), "{}", path.display());
    let mut compared = Compared::default();
    for (at, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
        let number = at + 1;
        let name = || format!("{} frame {number}: {ours} {theirs:?}", path.display());
        compared.frames += 1;
        assert_eq!(
            micros(ours["time"].as_str().unwrap()),
            theirs.time_us,
            "{}",
            name()
        );
        assert_eq!(ours["rssi"].as_i64(), theirs.rssi, "{}", name());
        let kind = ours["malformed"]["kind"].as_str();
        if theirs.bad_crc {
            assert_eq!(kind, Some("crc"), "{}", name());
            compared.bad += 1;
        } else if theirs.malformed {
            // Its dissection ends before the CRC; a frame so broken is not good with us either.
            assert!(kind.is_some(), "{}", name());
            compared.given_up += 1;
        } else {
            assert_ne!(kind, Some("crc"), "{}", name());
            compared.good += 1;
            compared.structures += good(ours, theirs, &name);
        }
    }
    compared
}

/// A frame with a right CRC; returns how many AD structures were equal.
fn good(ours: &Value, theirs: &Theirs, name: &dyn Fn() -> String) -> usize {
    assert_eq!(
        ours["adva"].as_str().map(str::to_lowercase),
        theirs.adva,
        "{}",
        name()
    );
    let pdu = theirs.pdu_type.map(|t| match t {
        0 => "ADV_IND",
        1 => "ADV_DIRECT_IND",
        2 => "ADV_NONCONN_IND",
        3 => "SCAN_REQ",
        4 => "SCAN_RSP",
        5 => "CONNECT_IND",
        6 => "ADV_SCAN_IND",
        7 => "ADV_EXT_IND",
        8 => "AUX_CONNECT_RSP",
        _ => "reserved",
    });
    if pdu != Some("reserved") {
        assert_eq!(ours["pdu"].as_str(), pdu, "{}", name());
    }
    let payload = unhex(ours["payload"].as_str().unwrap());
    let mut types = Vec::new();
    let structures: Vec<Vec<u8>> = AdStructures::new(&payload)
        .map(|s| {
            let s = s.unwrap_or_else(|e| panic!("{e}: {}", name()));
            types.push(s.ad_type);
            let head = [s.data.len() as u8 + 1, s.ad_type];
            head.into_iter().chain(s.data.iter().copied()).collect()
        })
        .collect();
    let expected: Vec<_> = theirs
        .entries
        .iter()
        .map(|(_, bytes)| bytes.clone())
        .collect();
    assert_eq!(structures, expected, "{}", name());
    assert_eq!(types, theirs.types, "{}", name());
    // Our bytes also begin where tshark says that the first structure begins.
    if let (Some((first, _)), Some((last, bytes))) = (theirs.entries.first(), theirs.entries.last())
    {
        assert!(payload.len() >= last + bytes.len() - first, "{}", name());
    }
    structures.len()
}

fn theirs(path: &Path) -> Vec<Theirs> {
    let mut frames = fields(path);
    let entries = entries(path);
    assert_eq!(frames.len(), entries.len());
    for (frame, entries) in frames.iter_mut().zip(entries) {
        frame.entries = entries;
    }
    frames
}

const FIELDS: [&str; 10] = [
    "frame.number",
    "frame.time_epoch",
    "btle.advertising_address",
    "nordic_ble.rssi",
    "btle_rf.signal_dbm",
    "btle.advertising_header.pdu_type",
    "nordic_ble.crcok",
    "btle.crc.incorrect",
    "_ws.malformed",
    "btcommon.eir_ad.entry.type",
];

/// tshark's words on each frame.
fn fields(path: &Path) -> Vec<Theirs> {
    let mut command = Command::new("tshark");
    command
        .arg("-r")
        .arg(path)
        .args(["-T", "fields", "-E", "occurrence=a"]);
    for field in FIELDS {
        command.args(["-e", field]);
    }
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .enumerate()
        .map(|(at, line)| {
            let field: Vec<&str> = line.split('\t').collect();
            let [
                number,
                time,
                adva,
                nordic,
                rf,
                pdu,
                nordic_crc,
                incorrect,
                malformed,
                types,
            ] = field[..]
            else {
                panic!("{line}");
            };
            assert_eq!(number, (at + 1).to_string());
            let (seconds, nanos) = time.split_once('.').unwrap();
            let micros: i64 = nanos[..6].parse().unwrap();
            let of_hex = |s: &str| u8::from_str_radix(s.trim_start_matches("0x"), 16).unwrap();
            Theirs {
                time_us: seconds.parse::<i64>().unwrap() * 1_000_000 + micros,
                adva: (!adva.is_empty()).then(|| adva.to_owned()),
                // A level of 0 or 127 is unknown; tshark prints it all the same.
                rssi: [nordic, rf]
                    .iter()
                    .find(|s| !s.is_empty())
                    .map(|s| s.parse().unwrap())
                    .filter(|level| ![0, 127].contains(level)),
                pdu_type: (!pdu.is_empty()).then(|| of_hex(pdu)),
                bad_crc: nordic_crc == "0" || !incorrect.is_empty(),
                malformed: !malformed.is_empty(),
                entries: Vec::new(),
                types: types
                    .split(',')
                    .filter(|t| !t.is_empty())
                    .map(of_hex)
                    .collect(),
            }
        })
        .collect()
}

/// The AD structures of each frame as tshark cuts them: position and bytes.
fn entries(path: &Path) -> Vec<Vec<(usize, Vec<u8>)>> {
    let mut child = Command::new("tshark")
        .arg("-r")
        .arg(path)
        .args([
            "-T",
            "jsonraw",
            "-j",
            "btle btcommon.eir_ad.advertising_data",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let stdout = std::io::BufReader::new(child.stdout.take().unwrap());
    let packets: Vec<Packet> = serde_json::from_reader(stdout).unwrap();
    assert!(child.wait().unwrap().success());
    packets
        .into_iter()
        .map(|p| p._source.layers.btle.map_or_else(Vec::new, |b| b.0))
        .collect()
}

#[derive(Deserialize)]
struct Packet {
    _source: Source,
}

#[derive(Deserialize)]
struct Source {
    layers: Layers,
}

#[derive(Deserialize)]
struct Layers {
    btle: Option<Entries>,
}

/// `btcommon.eir_ad.entry_raw` stands there once for each structure: a JSON object with a name several times.
#[derive(Default)]
struct Entries(Vec<(usize, Vec<u8>)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Walk;
        impl<'de> Visitor<'de> for Walk {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a dissected layer")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Entries, M::Error> {
                let mut found = Entries::default();
                while let Some(name) = map.next_key::<String>()? {
                    match name.as_str() {
                        "btcommon.eir_ad.entry_raw" => {
                            let (hex, at, length, ..): (String, usize, usize, u64, u64) =
                                map.next_value()?;
                            let bytes = unhex(&hex);
                            assert_eq!(bytes.len(), length);
                            found.0.push((at, bytes));
                        }
                        "btcommon.eir_ad.advertising_data" => {
                            found.0.extend(map.next_value::<Entries>()?.0);
                        }
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(found)
            }
        }
        deserializer.deserialize_map(Walk)
    }
}

fn unhex(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks_exact(2)
        .map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap())
        .collect()
}

/// `2020-05-05T18:48:50.551374Z` as microseconds since 1970.
fn micros(text: &str) -> i64 {
    let number = |from: usize, to: usize| text[from..to].parse::<i64>().unwrap();
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let days_before: BTreeMap<i64, i64> = (1..=12)
        .zip([0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334])
        .collect();
    let leaps = |y: i64| y / 4 - y / 100 + y / 400;
    let leap_day = i64::from(month > 2 && leaps(year) > leaps(year - 1));
    let days = (year - 1970) * 365 + leaps(year - 1) - leaps(1969) + days_before[&month] + leap_day;
    let seconds =
        (days + day - 1) * 86_400 + number(11, 13) * 3600 + number(14, 16) * 60 + number(17, 19);
    seconds * 1_000_000 + number(20, 26)
}
