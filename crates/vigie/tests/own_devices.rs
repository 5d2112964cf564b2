//! Our own devices from the command line: enrolled, listed, silent, and never a key shown.
#![allow(clippy::unwrap_used)]

mod program;

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use program::{events, lines_of, run, stdout_of, summary, vigie};

const KEY: &str = "ec0234a357c8ad05341010a60a397d9b";

/// What the command says in all, whether it went well or not.
fn said(arguments: &[&str], folder: &Path) -> (bool, String) {
    let mut all = vec!["--lang", "en", "enroll"];
    let case = folder.display().to_string();
    all.extend(arguments);
    all.extend(["--case", &case]);
    let output = run(all);
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

#[test]
fn a_key_is_kept_with_consent_and_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let add = ["add", "phone", "--irk", KEY, "--vehicle", "V3"];
    let (done, text) = said(&add, folder.path());
    assert!(!done && text.contains("--consent"), "{text}");

    let consented = [&add[..], &["--consent", "A. Martin, 2026-11-24"]].concat();
    let (done, mut all) = said(&consented, folder.path());
    assert!(done, "{all}");
    let (_, list) = said(&["list"], folder.path());
    assert!(list.contains("phone") && list.contains("A. Martin, 2026-11-24"));
    let (_, json) = said(&["list", "--json"], folder.path());
    assert!(json.contains("\"by_key\":true"));
    let (again, refused) = said(&consented, folder.path());
    assert!(!again);
    all.push_str(&[list, json, refused].concat());
    assert!(!all.to_lowercase().contains(&KEY[..8]), "{all}");

    let (done, _) = said(&["remove", "phone"], folder.path());
    assert!(done);
    let file = std::fs::read_to_string(folder.path().join("enrolled.toml")).unwrap();
    assert!(!file.contains(KEY));
}

#[test]
fn a_key_can_come_from_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = vigie()
        .args([
            "enroll",
            "add",
            "phone",
            "--irk",
            "-",
            "--consent",
            "x",
            "--file",
        ])
        .arg(folder.path().join("ours.toml"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    writeln!(input, "{KEY}").unwrap();
    drop(input);
    assert!(child.wait().unwrap().success());
    let file = std::fs::read_to_string(folder.path().join("ours.toml")).unwrap();
    assert!(file.contains(KEY));
}

/// Rows of generic sightings: a tag of ours beside the receiver, and a room full of others.
fn room(path: &Path) {
    let mut rows = String::from("time,sensor,address,rssi,lat,lon\n");
    for t in 0..1800_i64 {
        let us = 1_700_000_000_000_000 + t * 1_000_000;
        let lat = 48.0 + t as f64 * 2e-5;
        rows += &format!("{us},S,C0:00:00:00:00:01,-45,{lat},2.0\n");
        for k in 0..3 {
            let other = t / 40 * 3 + k;
            rows += &format!(
                "{us},S,C1:00:00:00:{:02X}:{:02X},-80,{lat},2.0\n",
                other / 256,
                other % 256
            );
        }
    }
    std::fs::write(path, rows).unwrap();
}

#[test]
fn one_enrolled_by_listening_is_silent_in_a_replay_and_its_addresses_are_not_told() {
    let folder = tempfile::tempdir().unwrap();
    let recording = folder.path().join("room.csv");
    room(&recording);
    let recording = recording.display().to_string();
    let file = folder.path().join("ours.toml").display().to_string();

    let replay = ["replay", &recording, "--profile", "on-person", "--json"];
    let lines = lines_of(&stdout_of(replay));
    assert_eq!(summary(&lines)["alerts"], 1);

    let listen = [
        "--lang", "en", "enroll", "listen", "keys", "--from", &recording, "--file", &file,
    ];
    let shown = stdout_of(listen);
    assert!(
        shown.contains("C0:00:00:00:00:01") && shown.contains("--yes"),
        "{shown}"
    );
    assert!(!Path::new(&file).exists(), "kept without being confirmed");
    stdout_of([&listen[..], &["--yes"]].concat());

    let lines = lines_of(&stdout_of([&replay[..], &["--enrolled", &file]].concat()));
    assert_eq!(summary(&lines)["alerts"], 0);
    let emitters = events(&lines, "emitter");
    let ours: Vec<_> = emitters
        .iter()
        .filter(|e| e["verdict"] == "enrolled")
        .collect();
    assert_eq!(ours.len(), 1);
    assert_eq!(ours[0]["enrolled"]["name"], "keys");
    assert_eq!(ours[0]["enrolled"]["present_s"], 1800.0);
    assert_eq!(ours[0]["identifiers"], serde_json::json!([]));
    assert!(
        !lines
            .iter()
            .any(|l| l.to_string().contains("C0:00:00:00:00:01"))
    );
}

#[test]
fn before_departure_comes_first_and_is_in_the_summary() {
    let folder = tempfile::tempdir().unwrap();
    let recording = folder.path().join("parked.csv");
    let mut rows = String::from("time,sensor,vehicle,address,rssi,lat,lon\n");
    for t in 0..900_i64 {
        let us = 1_700_000_000_000_000 + t * 1_000_000;
        for (sensor, vehicle, level) in [("S1", "V1", -80), ("S2", "V2", -52)] {
            rows += &format!("{us},{sensor},{vehicle},C1:00:00:00:00:09,-70,48.0,2.0\n");
            if t >= 600 {
                rows += &format!("{us},{sensor},{vehicle},C0:00:00:00:00:01,{level},48.0,2.0\n");
            }
        }
    }
    std::fs::write(&recording, rows).unwrap();
    let recording = recording.display().to_string();
    let text = stdout_of(["--lang", "en", "replay", &recording, "--before-departure"]);
    let first = text.lines().take(8).collect::<Vec<_>>().join("\n");
    assert!(
        first.contains("V1: nothing new") && first.contains("V2: one new"),
        "{first}"
    );

    let lines = lines_of(&stdout_of([
        "replay",
        &recording,
        "--before-departure",
        "--json",
    ]));
    let told = &summary(&lines)["departure"]["vehicles"];
    assert_eq!(told[0]["state"], "nothing_new");
    assert_eq!(told[1]["newcomers"][0]["identifier"], "C0:00:00:00:00:01");
    let newcomers = events(&lines, "notice");
    let newcomers = newcomers.iter().filter(|n| n["kind"] == "newcomer");
    assert_eq!(
        newcomers
            .map(|n| n["about"].as_str().unwrap())
            .collect::<Vec<_>>(),
        ["V2"]
    );

    // Not asked for, not said.
    let lines = lines_of(&stdout_of(["replay", &recording, "--json"]));
    assert!(summary(&lines).get("departure").is_none());
}
