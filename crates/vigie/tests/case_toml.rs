//! A case folder's `case.toml` as the whole program takes it: profile, and what it does not know.
#![allow(clippy::unwrap_used, clippy::panic)]

mod program;

use program::{lines_of, stdout_of};

const CASE: &str = r#"profile = "on-person"
colour = "black"

[[vehicle]]
name = "V1"

[[ride]]
sensor = "front"
vehicle = "V1"
"#;

const SIGHTINGS: &str = r#"{"time":"2026-11-24T12:00:00Z","sensor":"front","address":"C0:00:00:00:00:01","rssi":-60}
{"time":"2026-11-24T12:00:05Z","sensor":"front","address":"C0:00:00:00:00:01","rssi":-60}
"#;

#[test]
fn the_case_gives_the_profile_unless_the_command_line_does() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("case.toml"), CASE).unwrap();
    std::fs::write(folder.path().join("log.jsonl"), SIGHTINGS).unwrap();
    let path = folder.path().to_str().unwrap();
    let profile = |arguments: &[&str]| {
        let lines = lines_of(&stdout_of(arguments.iter().copied()));
        assert!(
            lines
                .iter()
                .any(|l| l["detail"] == "unknown_setting" && l["about"] == "colour")
        );
        lines.last().unwrap()["profile"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(profile(&["replay", "--json", path]), "on-person");
    assert_eq!(
        profile(&["replay", "--json", "--profile", "vehicle", path]),
        "vehicle"
    );
}
