//! Every file of the real data opens and gives the number of rows, fixes and frames that an independent count gives.
#![allow(clippy::unwrap_used)]

// Which real-data tests ran is kept in one way for the whole workspace.
#[path = "../../vigie/tests/real_data/mod.rs"]
mod real_data;

use std::path::Path;

use vigie_capture::{Error, Event, Format, Input, Recording, Sensors};

#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    frames: usize,
    fixes: usize,
    damage: usize,
}

fn count(path: &Path) -> Counts {
    let mut sensors = Sensors::new();
    let mut recording = Recording::open(&Input::from(path), &mut sensors).unwrap();
    let mut counts = Counts::default();
    while let Some(event) = recording.next(&mut sensors).unwrap() {
        match event {
            Event::Frame(_) => counts.frames += 1,
            Event::Fix(_) => counts.fixes += 1,
            Event::Damage(damage) => {
                println!("{}: {damage:?}", path.display());
                counts.damage += 1;
            }
            Event::Note(_) | Event::Status(_) => {}
        }
    }
    counts
}

#[test]
fn bledoubt_logs_are_whole() {
    let Some(data) = real_data::folder("capture/bledoubt_logs_are_whole") else {
        return;
    };
    // Length of `detections` as any JSON parser tells it.
    let expected = [
        ("a", 15_295),
        ("b", 6_145),
        ("c", 4_717),
        ("d", 1_963),
        ("e", 7_789),
        ("f", 3_368),
        ("g", 2_176),
        ("i", 1_600),
        ("k", 6_161),
    ];
    for (log, rows) in expected {
        let counts = count(&data.join(format!("bledoubt/log_{log}.json")));
        assert_eq!(
            counts,
            Counts {
                frames: rows,
                fixes: rows,
                damage: 0
            },
            "log {log}"
        );
    }
}

#[test]
fn pact_captures_are_whole() {
    let Some(data) = real_data::folder("capture/pact_captures_are_whole") else {
        return;
    };
    // Number of packets as tshark tells it.
    let expected = [
        ("nrf52_1", 14_737),
        ("nrf52_2", 14_491),
        ("nrf52_3", 11_826),
        ("ubertooth_1", 5_068),
        ("ubertooth_2", 4_890),
        ("ubertooth_3", 4_233),
    ];
    for (file, frames) in expected {
        let counts = count(&data.join(format!("pact/{file}.pcapng")));
        assert_eq!(
            counts,
            Counts {
                frames,
                fixes: 0,
                damage: 0
            },
            "{file}"
        );
    }
}

#[test]
fn homescout_logs_are_whole() {
    let Some(data) = real_data::folder("capture/homescout_logs_are_whole") else {
        return;
    };
    // Lines behind the header, as `wc -l` tells them.
    let expected = [
        ("run_1min_100m_2oc", 788),
        ("run_1min_150m_2oc", 737),
        ("run_1min_150m_5oc", 941),
        ("run_1min_200m_2oc", 769),
        ("run_1min_200m_2oc_second_run", 855),
        ("run_1min_250m_2oc", 844),
        ("run_1min_50m_2oc", 791),
        ("run_2min_150m_2oc", 988),
    ];
    for (run, rows) in expected {
        let counts = count(&data.join(format!("homescout/{run}.csv")));
        assert_eq!(
            counts,
            Counts {
                frames: rows,
                fixes: rows,
                damage: 0
            },
            "{run}"
        );
    }
}

#[test]
fn drives_are_whole() {
    let Some(data) = real_data::folder("capture/drives_are_whole") else {
        return;
    };
    // Lines behind the header, as `wc -l` tells them.
    let expected = [
        ("04_11_2021_09_36", 3_445),
        ("04_11_2021_09_51", 2_979),
        ("04_11_2021_10_05", 3_637),
        ("04_11_2021_10_21", 2_954),
        ("22_12_2021_09_54", 2_809),
        ("22_12_2021_10_09", 2_532),
        ("26_11_2021_09_58", 3_011),
        ("26_11_2021_10_11", 2_509),
    ];
    for (drive, fixes) in expected {
        let counts = count(&data.join(format!("drives/drive_{drive}.csv")));
        assert_eq!(
            counts,
            Counts {
                frames: 0,
                fixes,
                damage: 0
            },
            "{drive}"
        );
    }
}

#[test]
fn every_file_of_the_real_data_is_recognised_or_refused_by_name() {
    let Some(data) =
        real_data::folder("capture/every_file_of_the_real_data_is_recognised_or_refused_by_name")
    else {
        return;
    };
    let mut sensors = Sensors::new();
    let mut open = |path: &str| {
        Recording::open(&Input::from(data.join(path).as_path()), &mut sensors).map(|r| r.format())
    };
    assert_eq!(open("bledoubt/log_a.json").unwrap(), Format::BleDoubt);
    assert_eq!(
        open("homescout/run_1min_50m_2oc.csv").unwrap(),
        Format::HomeScout
    );
    assert_eq!(open("pact/nrf52_1.pcapng").unwrap(), Format::Pcapng);
    assert_eq!(
        open("drives/drive_04_11_2021_09_36.csv").unwrap(),
        Format::PositionsCsv
    );
    for other in [
        "bledoubt/truth.json",
        "airtag_rssi/experiment_1.csv",
        "README.md",
    ] {
        assert!(
            matches!(open(other), Err(Error::Unrecognised { .. })),
            "{other}"
        );
    }
}

/// Truncated, flipped, cut and stuffed versions of real files end in events or a clear error.
#[test]
fn damaged_real_files_are_read_as_far_as_they_are_whole() {
    let Some(data) =
        real_data::folder("capture/damaged_real_files_are_read_as_far_as_they_are_whole")
    else {
        return;
    };
    let files = [
        "bledoubt/log_i.json",
        "homescout/run_1min_50m_2oc.csv",
        "pact/ubertooth_3.pcapng",
        "pact/nrf52_3.pcapng",
        "drives/drive_26_11_2021_10_11.csv",
    ];
    // A linear congruential generator: the same damage in every run.
    let mut state = 1u64;
    let mut random = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize % below.max(1)
    };
    for file in files {
        let whole = std::fs::read(data.join(file)).unwrap();
        // The first 60 KB are enough, and quick.
        let whole = &whole[..whole.len().min(60_000)];
        let input = Input::from(Path::new(file));
        let events = |bytes: Vec<u8>| {
            let mut sensors = Sensors::new();
            let mut recording = Recording::from_bytes(&input, bytes, &mut sensors)?;
            let (mut good, mut lost) = (0usize, 0usize);
            while let Some(event) = recording.next(&mut sensors)? {
                match event {
                    Event::Frame(_) | Event::Fix(_) => good += 1,
                    Event::Damage(_) => lost += 1,
                    Event::Note(_) | Event::Status(_) => {}
                }
            }
            Ok::<_, Error>((good, lost))
        };
        let (all, _) = events(whole.to_vec()).unwrap();
        let mut refused = 0;
        for round in 0..250 {
            let mut bytes = whole.to_vec();
            // Behind the heads (and BLE-Doubt's list of devices): a file cut there holds nothing and is refused.
            let at = bytes.len() / 2 + random(bytes.len() / 2 - 300);
            match round % 4 {
                0 => bytes.truncate(at),
                1 => bytes[at] ^= 1 << random(8),
                2 => drop(bytes.drain(at..at + 1 + random(200))),
                _ => drop(bytes.splice(at..at, (0..random(200)).map(|i| i as u8))),
            }
            match events(bytes) {
                // One place of damage costs a few records, not the file.
                Ok((good, _)) if round % 4 != 0 => {
                    assert!(good + 30 >= all, "{file}, round {round}: {good} of {all}");
                }
                Ok(_) => {}
                Err(_) => refused += 1,
            }
        }
        assert_eq!(refused, 0, "{file}");
    }
}
