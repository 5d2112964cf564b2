//! A recording that is too short or has no positions is never called clear, and says why and what to do.
#![allow(clippy::unwrap_used, clippy::panic)]

mod program;
mod real_data;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use program::{argument, codes, lines_of, stdout_of, summary, walk};
use serde_json::Value;

const PROFILES: [&str; 2] = ["vehicle", "on-person"];

/// The first 40 seconds of a capture, cut behind the last block of that time.
fn first_40_seconds(capture: &Path, to: &Path) {
    let times: Vec<i64> = lines_of(&stdout_of(["decode", argument(capture)]))
        .iter()
        .map(|l| second_of_day_us(l["time"].as_str().unwrap()))
        .collect();
    let until = times
        .iter()
        .take_while(|t| **t - times[0] < 40_000_000)
        .count();
    assert!(until > 100, "{until} of {}", times.len());
    let bytes = std::fs::read(capture).unwrap();
    let (mut at, mut packets) = (0, 0);
    while packets < until {
        let number = |from: usize| u32::from_le_bytes(bytes[from..from + 4].try_into().unwrap());
        packets += usize::from(number(at) == 6);
        at += number(at + 4) as usize;
    }
    std::fs::write(to, &bytes[..at]).unwrap();
}

fn second_of_day_us(time: &str) -> i64 {
    let number = |from: usize, to: usize| time[from..to].parse::<i64>().unwrap();
    (number(11, 13) * 3600 + number(14, 16) * 60 + number(17, 19)) * 1_000_000 + number(20, 26)
}

/// Without line ends, so that where a line was broken does not matter.
fn report(input: &Path, profile: &str, language: &str) -> String {
    let arguments = ["--lang", language, "replay", "--profile", profile].map(OsStr::new);
    let text = stdout_of(arguments.into_iter().chain([input.as_os_str()]));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What both languages have to say of a state in which nothing was found.
struct Words {
    blind: &'static str,
    clear: &'static str,
    no_all_clear: &'static str,
    cannot_exclude: &'static str,
}

const WORDS: [(&str, Words); 2] = [
    (
        "en",
        Words {
            blind: "BLIND",
            clear: "NOTHING FOUND",
            no_all_clear: "This is no all-clear",
            cannot_exclude: "switched off",
        },
    ),
    (
        "fr",
        Words {
            blind: "AVEUGLE",
            clear: "RIEN TROUVÉ",
            no_all_clear: "Cela ne veut pas dire qu’il n’y a rien",
            cannot_exclude: "éteint",
        },
    ),
];

/// Never clear in any profile or language, and all of `why` is given; returns the summaries.
fn never_clear(input: &Path, why: &[&str]) -> Vec<Value> {
    let mut summaries = Vec::new();
    for profile in PROFILES {
        let lines = lines_of(&stdout_of([
            "replay",
            "--json",
            "--profile",
            profile,
            argument(input),
        ]));
        let summary = summary(&lines).clone();
        assert_ne!(summary["state"], "clear", "{summary}");
        assert!(summary["clearance"].is_null(), "{summary}");
        for why in why {
            assert!(
                codes(&summary["blind_because"]).contains(why),
                "{why}: {summary}"
            );
        }
        assert!(!codes(&summary["cannot_exclude"]).is_empty());
        assert!(!codes(&summary["advice"]).is_empty());
        for (language, words) in WORDS {
            let report = report(input, profile, language);
            assert!(!report.contains(words.clear), "{report}");
            assert!(
                report.contains(words.cannot_exclude),
                "{language}: {report}"
            );
            if summary["state"] == "blind" {
                assert!(report.contains(words.blind), "{language}: {report}");
                assert!(report.contains(words.no_all_clear), "{language}: {report}");
            }
        }
        summaries.push(summary);
    }
    summaries
}

/// 40 seconds: how long it heard, that this is too little, and to record for longer.
fn forty_seconds_are_too_few(capture: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let cut = folder.path().join("forty.pcapng");
    first_40_seconds(capture, &cut);
    let mut heard = Vec::new();
    for summary in never_clear(&cut, &["heard_too_short", "no_positions"]) {
        assert_eq!(summary["state"], "blind", "{summary}");
        let heard_s = summary["heard_s"].as_f64().unwrap();
        assert!((35.0..=40.0).contains(&heard_s), "{heard_s}");
        heard.extend([heard_s.floor(), heard_s.round()].map(|s| format!("{s} s")));
        assert!(codes(&summary["advice"]).contains(&"record_longer"));
    }
    for profile in PROFILES {
        let (en, fr) = (report(&cut, profile, "en"), report(&cut, profile, "fr"));
        for (report, why, next) in [
            (
                &en,
                "Too little to tell what stays with you from what passes",
                "Record for half an hour",
            ),
            (
                &fr,
                "trop peu pour distinguer ce qui reste avec vous",
                "une demi-heure",
            ),
        ] {
            let report = report.replace(['\u{a0}', '\u{202f}'], " ");
            assert!(report.contains(why), "{report}");
            assert!(report.contains(next), "{report}");
            assert!(
                heard.iter().any(|s| report.contains(s)),
                "{heard:?}: {report}"
            );
        }
    }
}

#[test]
fn forty_seconds_of_a_simulated_walk_are_too_few() {
    let folder = tempfile::tempdir().unwrap();
    forty_seconds_are_too_few(&walk(folder.path(), 1).0);
}

#[test]
fn forty_seconds_of_real_captures_are_too_few() {
    let Some(data) = real_data::folder("vigie/forty_seconds_of_real_captures_are_too_few") else {
        return;
    };
    forty_seconds_are_too_few(&data.join("pact/nrf52_1.pcapng"));
    forty_seconds_are_too_few(&data.join("pact/ubertooth_1.pcapng"));
}

#[test]
fn whole_captures_of_a_fixed_place_are_never_clear() {
    let Some(data) = real_data::folder("vigie/whole_captures_of_a_fixed_place_are_never_clear")
    else {
        return;
    };
    for name in ["nrf52_2", "nrf52_3", "ubertooth_2", "ubertooth_3"] {
        let capture = data.join("pact").join(name).with_extension("pcapng");
        never_clear(&capture, &["no_positions", "heard_too_short"]);
    }
}

#[test]
fn a_walk_without_its_track_is_never_clear() {
    let folder = tempfile::tempdir().unwrap();
    let (capture, track) = walk(folder.path(), 1);
    for summary in never_clear(&capture, &["no_positions"]) {
        assert!(summary["travelled_m"].is_null());
        assert!(codes(&summary["advice"]).contains(&"record_with_positions"));
    }
    let both = ["replay", "--json", argument(&capture), argument(&track)];
    let lines = lines_of(&stdout_of(both));
    assert!(!codes(&summary(&lines)["blind_because"]).contains(&"no_positions"));
}

/// A log with its positions taken out: not there at all, or latitude and longitude both 0.
fn without_positions(log: &Path, to: PathBuf, zeros: bool) -> PathBuf {
    let mut log: Value = serde_json::from_slice(&std::fs::read(log).unwrap()).unwrap();
    for row in log["detections"].as_array_mut().unwrap() {
        let row = row.as_object_mut().unwrap();
        for name in ["lat", "long"] {
            assert!(row.remove(name).is_some());
            if zeros {
                row.insert(name.into(), 0.0.into());
            }
        }
    }
    std::fs::write(&to, log.to_string()).unwrap();
    to
}

#[test]
fn a_real_log_without_positions_is_never_clear() {
    let test = "vigie/a_real_log_without_positions_is_never_clear";
    let Some(log) = real_data::file(test, "bledoubt/log_e.json") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for zeros in [false, true] {
        let bare = without_positions(
            &log,
            folder.path().join(format!("bare-{zeros}.json")),
            zeros,
        );
        for summary in never_clear(&bare, &["no_positions"]) {
            assert_eq!(summary["frames"], 7789, "{summary}");
            assert!(summary["travelled_m"].is_null(), "{summary}");
        }
        for (language, without) in [("en", "no positions"), ("fr", "pas de positions")] {
            let report = report(&bare, "vehicle", language);
            assert!(report.contains(without), "{report}");
        }
    }
}
