//! The same recordings give the same bytes: run again, named in another order, on more threads; and a result up
//! to a time needs nothing of what comes after it.
#![allow(clippy::unwrap_used, clippy::panic)]

mod judged;
mod program;
mod real_data;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use judged::Heard;
use program::{argument, stdout_of, walk};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use vigie_capture::Input;
use vigie_detect::outcome::Outcome;
use vigie_detect::{Config, Profile};

fn replay<'a>(inputs: impl IntoIterator<Item = &'a OsStr>, profile: &'a str) -> String {
    let fixed = ["replay", "--json", "--profile", profile].map(OsStr::new);
    stdout_of(fixed.into_iter().chain(inputs))
}

/// All orders of three inputs.
fn in_every_order(inputs: [&Path; 3], profile: &str) {
    const ORDERS: [[usize; 3]; 6] = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];
    let results: Vec<String> = ORDERS
        .iter()
        .map(|order| replay(order.map(|i| inputs[i].as_os_str()), profile))
        .collect();
    assert!(results[0].lines().count() > 10);
    for (order, result) in ORDERS.iter().zip(&results) {
        assert!(
            *result == results[0],
            "{inputs:?} in order {order:?} differ"
        );
    }
}

#[test]
fn a_simulated_walk_is_judged_the_same_twice_and_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let (capture, track) = walk(folder.path(), 1);
    let (other, _) = walk(folder.path(), 2);
    for profile in ["on-person", "vehicle"] {
        let once = replay([capture.as_os_str(), track.as_os_str()], profile);
        assert!(once == replay([capture.as_os_str(), track.as_os_str()], profile));
        assert!(
            once != replay([capture.as_os_str()], profile),
            "positions must count"
        );
        in_every_order([&capture, &track, &other], profile);
    }
}

#[test]
fn the_same_seed_simulates_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (a, b) = (walk(one.path(), 7), walk(two.path(), 7));
    assert!(std::fs::read(&a.0).unwrap() == std::fs::read(&b.0).unwrap());
    assert!(std::fs::read(&a.1).unwrap() == std::fs::read(&b.1).unwrap());
    let c = walk(one.path(), 8);
    assert!(std::fs::read(&a.0).unwrap() != std::fs::read(&c.0).unwrap());
}

#[test]
fn real_captures_are_judged_the_same_in_any_order() {
    let Some(data) = real_data::folder("vigie/real_captures_are_judged_the_same_in_any_order")
    else {
        return;
    };
    let file = |name: &str| data.join("pact").join(name);
    let [a, b, c] = ["nrf52_1.pcapng", "nrf52_2.pcapng", "ubertooth_3.pcapng"].map(file);
    in_every_order([&a, &b, &c], "on-person");
}

/// A track that crosses the hours of log e, so that fixes of two sources meet.
const TRACK: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
POINTS</trkseg></trk></gpx>
"#;

fn track(first_us: i64, last_us: i64) -> String {
    let points: String = (first_us / 1_000_000..last_us / 1_000_000)
        .step_by(10)
        .map(|second| {
            let lat = 47.0 + (second % 100_000) as f64 * 1e-5;
            let (day, in_day) = (second / 86_400, second % 86_400);
            let (y, m, d) = date(day);
            let (h, min, s) = (in_day / 3600, in_day / 60 % 60, in_day % 60);
            format!(
                "<trkpt lat=\"{lat:.5}\" lon=\"8.0\"><time>{y}-{m:02}-{d:02}T{h:02}:{min:02}:{s:02}Z</time></trkpt>\n"
            )
        })
        .collect();
    TRACK.replace("POINTS", &points)
}

/// Year, month and day of a day since 1970, counted up.
fn date(mut day: i64) -> (i64, i64, i64) {
    let mut year = 1970;
    let leap = |y: i64| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    while day >= 365 + i64::from(leap(year)) {
        day -= 365 + i64::from(leap(year));
        year += 1;
    }
    let lengths = [
        31,
        28 + i64::from(leap(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let mut month = 0;
    while day >= lengths[month] {
        day -= lengths[month];
        month += 1;
    }
    (year, month as i64 + 1, day + 1)
}

#[test]
fn a_log_and_a_track_are_judged_the_same_in_any_order() {
    let Some(log) = real_data::file(
        "vigie/a_log_and_a_track_are_judged_the_same_in_any_order",
        "bledoubt/log_e.json",
    ) else {
        return;
    };
    let heard = Heard::read(&[Input::from(log.as_path())]);
    let (first, last) = (heard.events.first().unwrap(), heard.events.last().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let gpx = folder.path().join("track.gpx");
    std::fs::write(&gpx, track(first.time_us(), last.time_us())).unwrap();
    let (log, gpx) = (log.as_os_str(), gpx.as_os_str());
    for profile in ["on-person", "vehicle"] {
        let one = replay([log, gpx], profile);
        assert!(one == replay([gpx, log], profile), "{profile}");
        assert!(one == replay([log, gpx], profile), "{profile}");
    }
}

fn on_any_number_of_threads(folder: &Path) {
    let table = |jobs: &str| {
        stdout_of([
            "evaluate",
            argument(folder),
            "--profile",
            "on-person",
            "--json",
            "--jobs",
            jobs,
        ])
    };
    let one = table("1");
    assert!(one.len() > 100);
    assert!(one == table("4"), "{}", folder.display());
}

#[test]
fn simulated_walks_are_evaluated_the_same_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let mut truth = serde_json::Map::new();
    for seed in 1..=3 {
        let (capture, _) = walk(folder.path(), seed);
        let of_walk = std::fs::read(capture.with_file_name("truth.json")).unwrap();
        let of_walk: serde_json::Value = serde_json::from_slice(&of_walk).unwrap();
        let name = format!("walk-{seed}.pcapng");
        std::fs::copy(&capture, folder.path().join(&name)).unwrap();
        truth.insert(name, of_walk["walk.pcapng"].clone());
    }
    let truth = serde_json::Value::Object(truth).to_string();
    std::fs::write(folder.path().join("truth.json"), truth).unwrap();
    on_any_number_of_threads(folder.path());
}

#[test]
fn real_recordings_are_evaluated_the_same_on_any_number_of_threads() {
    let Some(data) =
        real_data::folder("vigie/real_recordings_are_evaluated_the_same_on_any_number_of_threads")
    else {
        return;
    };
    on_any_number_of_threads(&data.join("bledoubt"));
    on_any_number_of_threads(&data.join("homescout"));
}

/// What is said at a time, as it is written. What is told of emitters as they are forgotten is left out: at the
/// end of a recording all are told of.
fn said_up_to(outcomes: &[Outcome], time_us: i64) -> Vec<String> {
    outcomes
        .iter()
        .filter(|o| match o {
            Outcome::Alert(a) => a.at_us <= time_us,
            Outcome::Clone(c) => c.at_us <= time_us,
            Outcome::Update(u) => u.at_us <= time_us,
            Outcome::Notice(n) => n.at_us.is_none_or(|at| at <= time_us),
            Outcome::Emitter(_) | Outcome::Summary(_) => false,
        })
        .map(|o| {
            let mut line = Vec::new();
            vigie_keep::write_json(o, &mut line).unwrap();
            String::from_utf8(line).unwrap()
        })
        .collect()
}

/// Cuts at 100 times of the recording and compares; returns the alerts of the whole.
fn nothing_comes_from_the_future(heard: &Heard, profile: Profile, seed: u64) -> usize {
    let config = Config {
        profile,
        ..Config::default()
    };
    let whole = heard.judge(&config);
    let mut random = StdRng::seed_from_u64(seed);
    for _ in 0..100 {
        let at = random.random_range(0..heard.events.len());
        let time_us = heard.events[at].time_us();
        // All that was received up to and at that time.
        let count = heard.events.partition_point(|e| e.time_us() <= time_us);
        let cut = heard.judge_first(count, &config);
        assert_eq!(
            said_up_to(&cut, i64::MAX),
            said_up_to(&whole, time_us),
            "cut at {time_us}"
        );
    }
    whole
        .iter()
        .filter(|o| matches!(o, Outcome::Alert(_)))
        .count()
}

fn sorted(inputs: &[PathBuf]) -> Heard {
    let inputs: Vec<Input> = inputs.iter().map(|p| Input::from(p.as_path())).collect();
    let mut heard = Heard::read(&inputs);
    heard.events.sort_by_key(judged::Owned::time_us);
    heard
}

#[test]
fn a_simulated_walk_up_to_any_time_needs_nothing_of_what_follows() {
    let folder = tempfile::tempdir().unwrap();
    let (capture, track) = walk(folder.path(), 1);
    let heard = sorted(&[capture, track]);
    assert!(nothing_comes_from_the_future(&heard, Profile::OnPerson, 1) > 0);
    nothing_comes_from_the_future(&heard, Profile::Vehicle, 2);
}

#[test]
fn real_logs_up_to_any_time_need_nothing_of_what_follows() {
    let Some(data) =
        real_data::folder("vigie/real_logs_up_to_any_time_need_nothing_of_what_follows")
    else {
        return;
    };
    for name in ["log_e", "log_k"] {
        let heard = sorted(&[data.join("bledoubt").join(name).with_extension("json")]);
        assert!(
            nothing_comes_from_the_future(&heard, Profile::OnPerson, 3) > 0,
            "{name}"
        );
        nothing_comes_from_the_future(&heard, Profile::Vehicle, 4);
    }
}
