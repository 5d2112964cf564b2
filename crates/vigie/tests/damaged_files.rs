//! Damaged versions of real recordings: each ends in a result or in a clear error, and what was lost is counted.
#![allow(clippy::unwrap_used, clippy::panic)]

mod judged;
mod program;
mod real_data;

use std::path::{Path, PathBuf};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use vigie_capture::Input;
use vigie_detect::outcome::Outcome;
use vigie_detect::{Config, Profile};

/// One of each kind, and how much of it is taken: logs keep their head and a good part of their rows.
const FILES: [(&str, usize); 6] = [
    ("bledoubt/log_i.json", usize::MAX),
    ("homescout/run_1min_50m_2oc.csv", 50_000),
    ("pact/nrf52_3.pcapng", 120_000),
    ("pact/ubertooth_3.pcapng", 120_000),
    ("drives/drive_26_11_2021_10_11.csv", 60_000),
    ("pact/nrf52_1.pcapng", 60_000),
];

/// Versions of each file: 1,080 in all.
const ROUNDS: usize = 180;

/// Of these, through the built program: 42 in all.
const THROUGH_THE_PROGRAM: usize = 7;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Damage {
    Truncated(usize),
    Flipped,
    Cut,
    Stuffed,
}

/// Damages a file in one of the four ways.
fn damage(bytes: &mut Vec<u8>, round: usize, random: &mut StdRng) -> Damage {
    let at = random.random_range(1..bytes.len());
    match round % 4 {
        0 => {
            bytes.truncate(at);
            Damage::Truncated(at)
        }
        1 => {
            for _ in 0..random.random_range(1..20) {
                let at = random.random_range(0..bytes.len());
                bytes[at] ^= 1 << random.random_range(0..8);
            }
            Damage::Flipped
        }
        2 => {
            let end = bytes.len().min(at + random.random_range(1..2000));
            bytes.drain(at..end);
            Damage::Cut
        }
        _ => {
            let noise: Vec<u8> = (0..random.random_range(1..600))
                .map(|_| random.random())
                .collect();
            bytes.splice(at..at, noise);
            Damage::Stuffed
        }
    }
}

/// Ends of the blocks of a pcapng: cut there, nothing shows that anything is missing.
fn block_ends(bytes: &[u8]) -> Vec<usize> {
    let mut ends = vec![0];
    while let Some(length) = ends.last().and_then(|at| bytes.get(at + 4..at + 8)) {
        let length = u32::from_le_bytes(length.try_into().unwrap()) as usize;
        ends.push(ends.last().unwrap() + length);
    }
    ends
}

/// The first bytes of a recording, up to the end of a block or row; logs of one JSON object only as a whole.
fn whole_part(bytes: &[u8], length: usize) -> &[u8] {
    let end = match bytes.first() {
        Some(b'{') => bytes.len(),
        Some(0x0A) => block_ends(bytes)
            .into_iter()
            .take_while(|end| *end <= length)
            .last()
            .unwrap(),
        _ => {
            bytes[..length.min(bytes.len())]
                .iter()
                .rposition(|b| *b == b'\n')
                .unwrap()
                + 1
        }
    };
    &bytes[..end]
}

#[test]
fn damaged_recordings_end_in_a_result_or_a_clear_error() {
    let Some(data) = real_data::folder("vigie/damaged_recordings_end_in_a_result_or_a_clear_error")
    else {
        return;
    };
    let mut random = StdRng::seed_from_u64(20_261_124);
    let folder = tempfile::tempdir().unwrap();
    let (mut versions, mut refused, mut counted) = (0, 0, 0);
    for (file, length) in FILES {
        let whole = std::fs::read(data.join(file)).unwrap();
        let whole = whole_part(&whole, length);
        let path = folder.path().join(Path::new(file).file_name().unwrap());
        // Positions are judged beside a capture, since alone they hold nothing to judge.
        let beside = data.join("pact/ubertooth_3.pcapng");
        let inputs: Vec<PathBuf> = if file.starts_with("drives/") {
            let small = folder.path().join("beside.pcapng");
            let bytes = std::fs::read(beside).unwrap();
            std::fs::write(&small, &bytes[..40_000]).unwrap();
            vec![small, path.clone()]
        } else {
            vec![path.clone()]
        };
        let ends = block_ends(whole);
        std::fs::write(&path, whole).unwrap();
        let lost_before = judge(&inputs, Profile::OnPerson, file).unwrap();
        for round in 0..ROUNDS {
            let mut bytes = whole.to_vec();
            let damage = damage(&mut bytes, round, &mut random);
            std::fs::write(&path, &bytes).unwrap();
            let name = format!("{file} round {round} {damage:?}");
            let profile = if round % 2 == 0 {
                Profile::OnPerson
            } else {
                Profile::Vehicle
            };
            let lost = judge(&inputs, profile, &name);
            versions += 1;
            refused += usize::from(lost.is_none());
            counted += usize::from(lost.is_some_and(|n| n > lost_before));
            let shows = match damage {
                Damage::Truncated(at) if file.ends_with(".pcapng") => !ends.contains(&at),
                // A log without its end was cut, wherever that was.
                Damage::Truncated(at) => file.ends_with(".json") && at + 2 < whole.len(),
                _ => false,
            };
            assert!(
                !shows || lost.is_none_or(|n| n > 0),
                "{name}: nothing is said to be missing"
            );
            if round < THROUGH_THE_PROGRAM {
                through_the_program(&inputs, &name);
            }
        }
    }
    println!("{versions} versions, {refused} refused, {counted} with losses counted");
    assert!(versions >= 1000);
    // Damage is told of, and is no reason to refuse what can still be read.
    assert!(refused * 4 < versions && counted * 2 > versions);
}

/// Judges it; the number of damaged records beyond wrong CRCs, or `None` when it was refused.
fn judge(inputs: &[PathBuf], profile: Profile, name: &str) -> Option<u64> {
    let inputs: Vec<Input> = inputs.iter().map(|p| Input::from(p.as_path())).collect();
    let config = Config {
        profile,
        ..Config::default()
    };
    match judged::judge_files(&inputs, &config) {
        Err(e) => {
            assert!(!e.to_string().is_empty(), "{name}");
            assert!(inputs.iter().any(|i| i.path == e.path()), "{name}: {e}");
            None
        }
        Ok((outcomes, summary)) => {
            assert_eq!(
                outcomes.last(),
                Some(&Outcome::Summary(summary.clone())),
                "{name}"
            );
            let summaries = outcomes
                .iter()
                .filter(|o| matches!(o, Outcome::Summary(_)))
                .count();
            assert_eq!(summaries, 1, "{name}");
            let heard: u64 = outcomes
                .iter()
                .filter_map(|o| match o {
                    Outcome::Emitter(e) => Some(e.sightings),
                    _ => None,
                })
                .sum();
            assert_eq!(heard, summary.sightings, "{name}");
            assert!(summary.sightings <= summary.frames, "{name}");
            assert_eq!(
                summary.malformed,
                summary.malformed_by_kind.values().sum::<u64>(),
                "{name}"
            );
            let crc = summary.malformed_by_kind.get("crc").copied().unwrap_or(0);
            Some(summary.malformed - crc)
        }
    }
}

fn through_the_program(inputs: &[PathBuf], name: &str) {
    let paths = inputs.iter().map(|p| program::argument(p));
    let output = program::run(
        ["replay", "--json", "--profile", "on-person"]
            .into_iter()
            .chain(paths),
    );
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("panicked"), "{name}: {said}");
    match output.status.code() {
        Some(0) => {
            let text = String::from_utf8(output.stdout).unwrap();
            program::summary(&program::lines_of(&text));
        }
        Some(1) => assert!(said.starts_with("vigie: "), "{name}: {said}"),
        other => panic!("{name}: {other:?} {said}"),
    }
}
