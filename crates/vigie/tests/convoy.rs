//! A simulated convoy through the whole program: case folder, judgement, table, demo. All simulated.
#![allow(clippy::unwrap_used, clippy::panic)]

mod program;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use program::{argument, events, lines_of, run, stdout_of, summary};
use serde_json::Value;

fn simulate(folder: &Path, rest: &[&str]) {
    let mut arguments = vec!["simulate"];
    arguments.extend(rest);
    arguments.extend(["--out", argument(folder)]);
    stdout_of(arguments);
}

/// Every file under a folder, by its path in it.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn the_tag_is_found_in_its_case_folder() {
    let folder = tempfile::tempdir().unwrap();
    let how = ["levels", "--variant", "-62", "--environment", "city"];
    let how = [&how[..], &["--tags-only", "--minutes", "20", "--seed", "3"]].concat();
    simulate(folder.path(), &how);
    let path = argument(folder.path());
    let output = run(["replay", "--json", "--exit-code", path]);
    assert_eq!(output.status.code(), Some(3));
    let lines = lines_of(&String::from_utf8(output.stdout).unwrap());
    let alerts = events(&lines, "alert");
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    let truth = std::fs::read_to_string(folder.path().join("truth.json")).unwrap();
    let truth: Value = serde_json::from_str(&truth).unwrap();
    let entries = truth.as_object().unwrap().values();
    let tag = entries
        .filter_map(|e| e["tag 1"].as_array())
        .next()
        .unwrap();
    assert_eq!(alerts[0]["identifiers"].as_array().unwrap(), tag);
    let carrier = truth
        .as_object()
        .unwrap()
        .values()
        .find_map(|e| e["vehicle"]["tag 1"][0]["vehicle"].as_str())
        .unwrap();
    let named = events(&lines, "emitter")
        .into_iter()
        .find(|e| e["alert_at"].is_string())
        .unwrap();
    assert_eq!(named["vehicle"], carrier);
    let said = summary(&lines);
    assert_eq!(
        (&said["profile"], &said["state"]),
        (&"vehicle".into(), &"act".into())
    );
    // Seven sensors, each under its own name.
    assert_eq!(said["deaf_s"].as_object().unwrap().len(), 7);
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_other_ones() {
    let folders = ["1", "1", "2"].map(|seed| {
        let folder = tempfile::tempdir().unwrap();
        let how = [
            "h",
            "--variant",
            "30s-75",
            "--vehicles",
            "3",
            "--minutes",
            "2",
        ];
        simulate(folder.path(), &[&how[..], &["--seed", seed]].concat());
        folder
    });
    let [a, b, c] = folders.each_ref().map(|f| contents(f.path()));
    let names: Vec<_> = a.keys().map(|p| p.display().to_string()).collect();
    assert_eq!(
        names,
        [
            "case.toml",
            "recordings/S1-20260601T080000Z.pcapng",
            "recordings/S2-20260601T080000Z.pcapng",
            "recordings/S3-20260601T080000Z.pcapng",
            "tracks/convoy.jsonl",
            "truth.json",
        ]
    );
    assert_eq!(a, b);
    assert!(
        a.iter()
            .all(|(name, bytes)| name.ends_with("case.toml") || c[name] != *bytes)
    );
}

#[test]
fn a_variant_that_does_not_exist_is_refused_with_those_that_do() {
    let folder = tempfile::tempdir().unwrap();
    let output = run([
        "simulate",
        "b",
        "--variant",
        "x",
        "--out",
        argument(folder.path()),
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("hour"));
}

#[test]
fn frames_per_second_are_reached() {
    let folder = tempfile::tempdir().unwrap();
    let how = [
        "levels",
        "--environment",
        "rural",
        "--vehicles",
        "2",
        "--minutes",
        "1",
    ];
    simulate(
        folder.path(),
        &[&how[..], &["--frames-per-second", "300"]].concat(),
    );
    let lines = lines_of(&stdout_of(["replay", "--json", argument(folder.path())]));
    assert!(summary(&lines)["frames"].as_u64().unwrap() >= 300 * 60);
}

#[test]
fn the_table_has_a_row_for_every_case_and_the_rivals_beside_it() {
    let arguments = [
        "evaluate",
        "--scenarios",
        "--families",
        "levels,h,clean",
        "--environments",
        "rural",
        "--seeds",
        "2",
        "--rival-seeds",
        "1",
        "--clean-hours",
        "14",
        "--clean-hours-all-classes",
        "0",
    ];
    let table: Value =
        serde_json::from_str(&stdout_of([&arguments[..], &["--json"]].concat())).unwrap();
    let rows = table["rows"].as_array().unwrap();
    let loud = rows
        .iter()
        .find(|r| r["family"] == "levels" && r["variant"] == "-62")
        .unwrap();
    assert_eq!((&loud["runs"], &loud["found"]), (&2.into(), &2.into()));
    assert!(rows.iter().filter(|r| r["family"] == "h").count() > 10);
    assert!(loud["rivals"].as_array().unwrap().len() > 5);
    let clean = &table["clean"][0];
    assert_eq!(
        (&clean["drives"], &clean["vehicle_hours"]),
        (&2.into(), &14.0.into())
    );
    assert_eq!(table["worlds"], "test");
    // The number of threads changes nothing.
    let two = stdout_of([&arguments[..], &["--json", "--jobs", "2"]].concat());
    assert_eq!(serde_json::from_str::<Value>(&two).unwrap(), table);
}

#[test]
fn the_demo_tells_the_alert_its_second_and_the_truth() {
    let text = stdout_of(["demo", "--lang", "en"]);
    let line = |part: &str| {
        let at = text.lines().position(|l| l.contains(part));
        at.unwrap_or_else(|| panic!("{part} in {text}"))
    };
    let (parked, departed) = (
        line("The vehicles are parked"),
        line("The convoy drives off"),
    );
    let alert = line("ACT");
    assert!(parked < departed && departed < alert, "{text}");
    assert!(text.contains("In truth it was in V"), "{text}");
    assert_eq!(text, stdout_of(["demo", "--lang", "en"]));
}
