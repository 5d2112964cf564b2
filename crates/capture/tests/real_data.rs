//! Every file of the real data opens and gives the number of rows, fixes and frames that an independent count gives.

use std::path::{Path, PathBuf};

use vigie_capture::{Event, Input, Recording, Sensors};

fn shared_data() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("SKIPPED real data: {} is not there", folder.display());
    None
}

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
            Event::Note(_) => {}
        }
    }
    counts
}

#[test]
fn bledoubt_logs_are_whole() {
    let Some(data) = shared_data() else { return };
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
        assert_eq!(counts, Counts { frames: rows, fixes: rows, damage: 0 }, "log {log}");
    }
}

#[test]
fn pact_captures_are_whole() {
    let Some(data) = shared_data() else { return };
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
        assert_eq!(counts, Counts { frames, fixes: 0, damage: 0 }, "{file}");
    }
}
