//! What other programs rely on: the lines of `replay --json` and `decode`, standard output and error, exit status
//! (DESIGN section 4).
#![allow(clippy::unwrap_used, clippy::panic)]

mod program;
mod real_data;

use std::collections::BTreeMap;
use std::path::Path;

use program::{argument, codes, events, lines_of, run, stdout_of, summary, vigie, walk};
use serde_json::Value;

fn schema(text: &str) -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(text).unwrap();
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

fn all_valid(schema: &jsonschema::Validator, lines: &[Value]) {
    for line in lines {
        if let Err(e) = schema.validate(line) {
            panic!("{e} at {}: {line}", e.instance_path());
        }
    }
}

/// Holds `replay --json` and `decode` of the same inputs to the contract; returns the summary.
fn holds(inputs: &[&Path], profile: &str) -> Value {
    let paths: Vec<&str> = inputs.iter().map(|p| argument(p)).collect();
    let stream = stdout_of(
        ["replay", "--json", "--profile", profile]
            .iter()
            .chain(&paths),
    );
    let lines = lines_of(&stream);
    all_valid(
        &schema(include_str!("../../../docs/result-stream.schema.json")),
        &lines,
    );

    let summary = summary(&lines).clone();
    assert_eq!(events(&lines, "summary").len(), 1);
    assert_eq!(summary["profile"], profile);

    let emitters = events(&lines, "emitter");
    let alerts = events(&lines, "alert");
    assert_eq!(summary["emitters"].as_u64(), Some(emitters.len() as u64));
    assert_eq!(summary["alerts"].as_u64(), Some(alerts.len() as u64));
    let of = |line: &Value| line["emitter"].as_str().unwrap().to_owned();
    let by_id: BTreeMap<String, &Value> = emitters.iter().map(|e| (of(e), *e)).collect();
    assert_eq!(by_id.len(), emitters.len(), "an emitter is told of once");
    let mut alerted = BTreeMap::new();
    for alert in &alerts {
        let emitter = by_id[&of(alert)];
        assert_eq!(emitter["alert_at"], alert["at"], "{alert}");
        assert_eq!(emitter["identifiers"], alert["identifiers"], "{alert}");
        assert_eq!(emitter["first_seen"], alert["first_seen"], "{alert}");
        assert!(alert["at"].as_str() >= emitter["first_seen"].as_str());
        assert!(alert["at"].as_str() <= emitter["last_seen"].as_str());
        assert_eq!(
            alerted.insert(of(alert), ()),
            None,
            "one alert for an emitter"
        );
        // Neither side of the argument is left out.
        let reasons = alert["reasons"].as_array().unwrap();
        for side in [true, false] {
            assert!(reasons.iter().any(|r| r["supports"] == side), "{alert}");
        }
        if profile == "on-person" {
            assert!(alert["probability"].as_f64().unwrap() <= 0.75, "{alert}");
        }
    }
    let with_time = emitters.iter().filter(|e| !e["alert_at"].is_null()).count();
    assert_eq!(with_time, alerts.len());
    for update in events(&lines, "update") {
        assert!(alerted.contains_key(&of(update)), "{update}");
    }
    let counted = |name: &str| {
        emitters
            .iter()
            .map(|e| e[name].as_u64().unwrap())
            .sum::<u64>()
    };
    assert_eq!(Some(counted("sightings")), summary["sightings"].as_u64());
    let by_kind = summary["malformed_by_kind"].as_object().unwrap().values();
    let by_kind: u64 = by_kind.map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(Some(by_kind), summary["malformed"].as_u64());
    assert_eq!(summary["state"] == "act", !alerts.is_empty());

    decoded(&paths, &summary);
    summary
}

fn decoded(paths: &[&str], summary: &Value) {
    let output = run(["decode"].iter().chain(paths));
    assert!(output.status.success());
    let lines = lines_of(&String::from_utf8(output.stdout).unwrap());
    all_valid(
        &schema(include_str!("../../../docs/decode.schema.json")),
        &lines,
    );
    // A damaged record of the file is a frame in the summary; it has no line, but a word on standard error.
    let lost = String::from_utf8(output.stderr).unwrap();
    let lost = lost.lines().filter(|l| l.contains(" @ ")).count();
    assert_eq!(
        summary["frames"].as_u64(),
        Some((lines.len() + lost) as u64)
    );
    let malformed = lines.iter().filter(|l| !l["malformed"].is_null()).count();
    assert_eq!(
        summary["malformed"].as_u64(),
        Some((malformed + lost) as u64)
    );
    let requests = ["SCAN_REQ", "CONNECT_IND"];
    let heard = lines.iter().filter(|l| {
        let damaged = l["malformed"]["kind"].as_str();
        let good = damaged.is_none() || damaged == Some("ad_structure");
        good && !l["adva"].is_null() && !requests.contains(&l["pdu"].as_str().unwrap_or(""))
    });
    assert_eq!(summary["sightings"].as_u64(), Some(heard.count() as u64));
}

#[test]
fn a_simulated_walk_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let (capture, track) = walk(folder.path(), 1);
    let summary = holds(&[&capture, &track], "on-person");
    assert!(summary["alerts"].as_u64() > Some(0), "{summary}");
    assert_eq!(summary["state"], "act");
    holds(&[&capture, &track], "vehicle");
    holds(&[&capture], "on-person");
}

#[test]
fn a_real_log_keeps_the_contract() {
    let test = "vigie/a_real_log_keeps_the_contract";
    let Some(log) = real_data::file(test, "bledoubt/log_e.json") else {
        return;
    };
    let summary = holds(&[&log], "on-person");
    assert_eq!(summary["frames"], 7789);
    assert_eq!(summary["malformed"], 0);
    assert!(summary["alerts"].as_u64() >= Some(6), "{summary}");
}

#[test]
fn real_captures_keep_the_contract() {
    let Some(data) = real_data::folder("vigie/real_captures_keep_the_contract") else {
        return;
    };
    for (name, frames) in [("nrf52_1.pcapng", 14_737), ("ubertooth_3.pcapng", 4_233)] {
        let summary = holds(&[&data.join("pact").join(name)], "vehicle");
        assert_eq!(summary["frames"], frames);
        assert!(
            summary["malformed_by_kind"]["crc"].as_u64() > Some(500),
            "{summary}"
        );
    }
}

fn status_of(arguments: &[&str]) -> Option<i32> {
    run(arguments).status.code()
}

/// Ends with this status and a word on standard error, and nothing on standard output.
fn fails(arguments: &[&str], status: i32, word: &str) {
    let output = run(arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {said}");
    assert!(said.contains(word), "{arguments:?}: {said}");
    assert_eq!(output.stdout, b"", "{arguments:?}");
}

#[test]
fn what_cannot_be_read_ends_with_1() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let empty = write("empty.pcapng", b"");
    let noise = write(
        "noise.pcapng",
        b"what is this, and why is it here?\nnobody knows\n",
    );
    let missing = folder.path().join("missing.pcapng");
    let (capture, track) = walk(folder.path(), 1);
    for command in ["replay", "decode"] {
        for (path, word) in [(&empty, "empty"), (&noise, "noise"), (&missing, "missing")] {
            fails(&[command, argument(path)], 1, word);
            // One bad input among good ones too: a result without it would be taken for the whole.
            fails(&[command, argument(&capture), argument(path)], 1, word);
        }
    }
    // Positions hold no frames.
    fails(&["decode", argument(&track)], 1, "walk.gpx");
    // Judged, they are read and leave us blind.
    let lines = lines_of(&stdout_of(["replay", "--json", argument(&track)]));
    assert_eq!(summary(&lines)["state"], "blind");
    assert!(codes(&summary(&lines)["blind_because"]).contains(&"no_frames"));
    let nothing = tempfile::tempdir().unwrap();
    fails(&["evaluate", argument(nothing.path())], 1, "truth");
    fails(
        &["replay", argument(nothing.path())],
        1,
        argument(nothing.path()),
    );
    let settings = write("settings.toml", b"no_such_setting = 1\n");
    let settings = argument(&settings);
    fails(
        &["replay", "--config", settings, argument(&capture)],
        1,
        "no_such_setting",
    );
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    for arguments in [
        &["replay"][..],
        &["decode"],
        &["no-such-command"],
        &["replay", "--no-such-flag", "x.pcapng"],
        &["replay", "--profile", "submarine", "x.pcapng"],
        &["replay", "--threat", "absurd", "x.pcapng"],
        &["--lang", "de", "doctor"],
        &["simulate", "walk"],
        &[],
    ] {
        assert_eq!(status_of(arguments), Some(2), "{arguments:?}");
    }
    assert_eq!(status_of(&["--help"]), Some(0));
    assert_eq!(status_of(&["--version"]), Some(0));
}

#[test]
fn an_alert_ends_with_3_only_where_that_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let (capture, track) = walk(folder.path(), 1);
    let (capture, track) = (argument(&capture), argument(&track));
    let alerted = ["replay", "--profile", "on-person", capture, track];
    assert_eq!(status_of(&alerted), Some(0));
    for more in [&["--exit-code"][..], &["--exit-code", "--json"]] {
        let all: Vec<&str> = alerted.iter().chain(more).copied().collect();
        assert_eq!(status_of(&all), Some(3));
    }
    // Positions alone raise none.
    assert_eq!(status_of(&["replay", "--exit-code", track]), Some(0));
}

#[test]
fn damaged_but_partly_read_ends_with_0_and_counts_what_was_lost() {
    let folder = tempfile::tempdir().unwrap();
    let (capture, _) = walk(folder.path(), 1);
    let bytes = std::fs::read(&capture).unwrap();
    let whole = summary(&lines_of(&stdout_of([
        "replay",
        "--json",
        argument(&capture),
    ])))
    .clone();
    let cut = folder.path().join("cut.pcapng");
    // Blocks are multiples of four bytes long, so this is inside of one.
    std::fs::write(&cut, &bytes[..bytes.len() / 2 / 4 * 4 + 2]).unwrap();
    let lines = lines_of(&stdout_of(["replay", "--json", argument(&cut)]));
    let summary = summary(&lines);
    assert_eq!(whole["malformed"], 0);
    assert_eq!(summary["malformed_by_kind"]["truncated"], 1, "{summary}");
    assert!(summary["frames"].as_u64() > Some(whole["frames"].as_u64().unwrap() / 3));
    assert!(summary["frames"].as_u64() < whole["frames"].as_u64());
    let output = run(["decode", argument(&cut)]);
    assert!(output.status.success());
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("truncated")
    );
}

#[test]
fn messages_are_in_the_language_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("vide.pcapng");
    std::fs::write(&empty, b"").unwrap();
    let empty = argument(&empty);
    fails(&["replay", "--lang", "fr", empty], 1, "vide");
    let said = |arguments: &[&str]| String::from_utf8(run(arguments).stderr).unwrap();
    let (fr, en) = (
        said(&["--lang", "fr", "replay", empty]),
        said(&["--lang", "en", "replay", empty]),
    );
    assert!(fr.contains("est vide"), "{fr}");
    assert!(en.contains("is empty"), "{en}");
    // Without the flag it is the locale's.
    let of_locale = vigie()
        .env("LC_ALL", "fr_FR.UTF-8")
        .args(["replay", empty])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(of_locale.stderr).unwrap(), fr);
    for missing in ["replay", "decode"] {
        let (fr, en) = (
            said(&["--lang", "fr", missing, "/no/such"]),
            said(&["--lang", "en", missing, "/no/such"]),
        );
        assert!(fr != en, "{fr}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    use std::io::{BufRead, BufReader};
    let folder = tempfile::tempdir().unwrap();
    let (capture, _) = walk(folder.path(), 1);
    let mut child = vigie()
        .args(["decode", argument(&capture)])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    assert!(first.starts_with('{'));
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}
