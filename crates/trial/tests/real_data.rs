//! The rules on the nine development logs of BLE-Doubt against the reference's figures
//! (`onperson.md` sections 1, 2 and 5).

#![allow(clippy::unwrap_used, clippy::panic)]

mod bledoubt;

use std::io::Write as _;
use std::process::{Command, Stdio};

use vigie_trial::{
    Log, Options, Regime, Table, Truth, evaluate, intervals::Interval,
    loro::leave_one_recording_out, rules::onperson_reference::OnPersonReference, score::Figures,
};

fn figures<'a>(table: &'a Table, rule: &str) -> &'a Figures {
    &table.rules.iter().find(|r| r.rule == rule).unwrap().figures
}

fn table(logs: &[(Log, Truth)]) -> Table {
    evaluate(
        logs,
        None,
        &Options {
            jobs: 2,
            ..Options::default()
        },
    )
}

#[test]
fn rivals_reproduce_the_reference_table() {
    let logs = bledoubt::logs("trial/rivals_reproduce_the_reference_table");
    if logs.is_empty() {
        return;
    }
    let table = table(&logs);
    println!("{}", table.render(&vigie_trial::Labels::default()));
    // rule, found of 39, false alarms R0/R1/R2, wall median and 90 %
    let expected = [
        ("ble-doubt", 34, [9, 8, 2], 480.0, 1042.0),
        (
            "airguard-high-every-sighting",
            19,
            [30, 29, 29],
            1999.0,
            6486.0,
        ),
        (
            "airguard-medium-every-sighting",
            16,
            [2, 2, 2],
            3648.5,
            7563.0,
        ),
        (
            "blue-crab-comparator-diameter",
            36,
            [28, 26, 11],
            478.0,
            1258.0,
        ),
        ("chasing-your-tail", 17, [22, 20, 20], 3649.0, 6291.0),
        ("onperson-reference", 36, [19, 16, 1], 402.0, 1196.0),
    ];
    for (rule, found, false_alarms, median, ninety) in expected {
        let f = figures(&table, rule);
        assert_eq!(
            (f.planted, f.detected, f.false_alarms),
            (39, found, false_alarms),
            "{rule}"
        );
        let (m, n) = (f.time_median_s.unwrap(), f.time_90_s.unwrap());
        assert!(
            (m - median).abs() <= 0.5 && (n - ninety).abs() <= 0.5,
            "{rule}: {m} {n}"
        );
    }
    // Not in the reference's table: the source's own reading, and the app's rule.
    let path = figures(&table, "blue-crab-comparator-path");
    assert_eq!((path.detected, path.false_alarms), (36, [32, 29, 14]));
    let app = figures(&table, "airguard-high");
    assert_eq!((app.detected, app.false_alarms), (16, [1, 1, 1]));
    let f = figures(&table, "ble-doubt");
    assert!((f.hours - 12.15).abs() < 0.01);
    let two = |i: Option<Interval>| i.map(|i| format!("{:.2} {:.2} {:.2}", i.value, i.low, i.high));
    assert_eq!(
        two(f.false_alarms_per_hour[0]),
        Some("0.74 0.34 1.41".to_owned())
    );
    assert_eq!(two(f.recall), Some("0.87 0.73 0.94".to_owned()));
}

#[test]
fn the_reference_per_recording() {
    let logs = bledoubt::logs("trial/the_reference_per_recording");
    if logs.is_empty() {
        return;
    }
    let table = table(&logs);
    let found: Vec<_> = table
        .recordings
        .iter()
        .map(|r| {
            let f = &r.rules.last().unwrap().figures;
            (f.detected, f.planted, f.false_alarms[0])
        })
        .collect();
    let expected = [
        (2, 2, 2),
        (3, 4, 0),
        (3, 5, 0),
        (5, 5, 0),
        (6, 6, 0),
        (6, 6, 0),
        (5, 5, 0),
        (4, 4, 0),
        (2, 2, 17),
    ];
    assert_eq!(found, expected);
}

#[test]
fn regimes_leave_out_what_the_reference_leaves_out() {
    let logs = bledoubt::logs("trial/regimes_leave_out_what_the_reference_leaves_out");
    if logs.is_empty() {
        return;
    }
    let count = |regime: Regime| -> Vec<usize> {
        logs.iter()
            .map(|(log, truth)| regime.excluded(log, truth).len())
            .collect()
    };
    // The reference counts 1 in log f, so 20 in all; two fit its words there, and no rule of the
    // table alerts on either.
    assert_eq!(count(Regime::R1), [1, 1, 4, 2, 0, 2, 2, 6, 3]);
    // 18 successors, all in log k.
    assert_eq!(count(Regime::R2), [1, 1, 4, 2, 0, 2, 2, 6, 3 + 18]);
}

/// One record per identifier and newly reached quarter of a turnover, up to 3.25, own devices left
/// out. The reference does not say how fine its steps are; these give its base score.
#[test]
fn calibration_left_out_is_close_to_the_reference() {
    let logs = bledoubt::logs("trial/calibration_left_out_is_close_to_the_reference");
    if logs.is_empty() {
        return;
    }
    let records: Vec<Vec<(f64, bool)>> = logs
        .iter()
        .map(|(log, truth)| {
            let (planted, own) = (truth.identifiers(), Regime::R2.excluded(log, truth));
            let mut reached = vec![0.0; log.identifiers.len()];
            let mut detector = OnPersonReference::default();
            let mut records = Vec::new();
            for s in &log.sightings {
                let m = detector.margins(s);
                let step = (m.turnover.min(3.25) / 0.25).floor();
                let best = &mut reached[s.identifier as usize];
                if step > *best && !own.contains(&s.identifier) {
                    *best = step;
                    records.push((m.unguarded, planted.contains(&s.identifier)));
                }
            }
            records
        })
        .collect();
    let out = leave_one_recording_out(&records);
    println!("{out:?}");
    // Reference: Brier .040, base .158, b = 1.66 (sd .13), a 2.4 to 4.0.
    assert!((out.brier.unwrap() - 0.040).abs() < 0.003);
    assert!((out.brier_base.unwrap() - 0.158).abs() < 0.002);
    for fold in &out.folds {
        let fold = fold.unwrap();
        assert!(
            (1.4..2.2).contains(&fold.b) && (2.4..4.1).contains(&fold.a),
            "{fold:?}"
        );
    }
}

/// Reads `id rssi lat lon time_s` rows and prints the two margins of each.
const DRIVER: &str = "
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from onperson_reference import Detector
d = Detector()
for row in sys.stdin:
    i, r, la, lo, t = row.split()
    m = d.push(int(t), int(i), int(r), float(la), float(lo))[1]
    print(repr(m[0]), repr(m[1]))
";

#[test]
fn the_port_equals_the_prototype_sighting_by_sighting() {
    let logs = bledoubt::logs("trial/the_port_equals_the_prototype_sighting_by_sighting");
    let prototypes =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/prototypes");
    if logs.is_empty() || !prototypes.join("onperson_reference.py").is_file() {
        println!("SKIPPED real data: no prototype");
        return;
    }
    if Command::new("python3").arg("--version").output().is_err() {
        println!("SKIPPED: no python3");
        return;
    }
    for (log, _) in &logs {
        let mut child = Command::new("python3")
            .args(["-c", DRIVER])
            .arg(&prototypes)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let rows: String = log
            .sightings
            .iter()
            .map(|s| {
                let (lat, lon) = s.position.unwrap();
                let (id, rssi, t) = (s.identifier, s.rssi.unwrap(), s.time_us / 1_000_000);
                format!("{id} {rssi} {lat:?} {lon:?} {t}\n")
            })
            .collect();
        let writer = std::thread::spawn(move || stdin.write_all(rows.as_bytes()).unwrap());
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        assert!(output.status.success(), "{}", log.name);
        let text = String::from_utf8(output.stdout).unwrap();
        let mut detector = OnPersonReference::default();
        let mut lines = text.lines();
        for (i, s) in log.sightings.iter().enumerate() {
            let ours = detector.margins(s);
            let line = lines
                .next()
                .unwrap_or_else(|| panic!("{} ends at {i}", log.name));
            for (theirs, ours) in line.split(' ').zip(ours.tiers) {
                let theirs: f64 = theirs.parse().unwrap();
                assert!(
                    (theirs - ours).abs() < 1e-9,
                    "{} {i}: {ours} {theirs}",
                    log.name
                );
            }
        }
        assert_eq!(lines.next(), None);
    }
}
