//! A case.toml that states the vehicles of two sensors the wrong way round, through the whole program. Simulated.
#![allow(clippy::unwrap_used, clippy::panic)]

mod program;

use program::{argument, events, lines_of, stdout_of};
use serde_json::Value;

/// Names, stated vehicles and likely ones of the sensors that ride elsewhere, in the order of their names.
fn elsewhere(lines: &[Value]) -> Vec<&str> {
    let notices = events(lines, "notice").into_iter();
    let told = notices.filter(|n| n["detail"] == "rides_elsewhere");
    let mut about: Vec<&str> = told.map(|n| n["about"].as_str().unwrap()).collect();
    about.sort_unstable();
    about
}

#[test]
fn two_sensors_stated_the_wrong_way_round_are_named_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let path = argument(folder.path());
    let how = ["simulate", "levels", "--environment", "city", "--minutes"];
    stdout_of([&how[..], &["6", "--seed", "5", "--out", path]].concat());
    let healthy = lines_of(&stdout_of(["replay", "--json", path]));
    assert_eq!(elsewhere(&healthy), [""; 0]);

    let case = folder.path().join("case.toml");
    let stated = std::fs::read_to_string(&case).unwrap();
    let wrong = stated
        .replace("sensor = \"S3\"", "sensor = \"moved\"")
        .replace("sensor = \"S5\"", "sensor = \"S3\"")
        .replace("sensor = \"moved\"", "sensor = \"S5\"");
    assert_ne!(stated, wrong);
    std::fs::write(&case, wrong).unwrap();
    let lines = lines_of(&stdout_of(["replay", "--json", path]));
    assert_eq!(elsewhere(&lines), ["S3 (V5 → V3)", "S5 (V3 → V5)"]);

    for (language, said) in [
        ("en", "seems to ride elsewhere than stated"),
        ("fr", "semble voyager ailleurs qu’indiqué"),
    ] {
        let text = stdout_of(["--lang", language, "replay", path]);
        let line = text.lines().find(|l| l.contains(said));
        let line = line.unwrap_or_else(|| panic!("{text}"));
        assert!(line.contains("S3 (V5 → V3)"), "{line}");
    }
}
