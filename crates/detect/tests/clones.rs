//! Trackers that change their key, end to end: one alert each, with its vehicle; floods are told and hide nothing.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use vigie_decode::{Body, Frame, Row};
use vigie_detect::outcome::{CloneAlert, NoticeKind, Outcome, State, Summary};
use vigie_detect::{Config, Fix, Intake, Profile};

const START_US: i64 = 1_780_300_800_000_000;
const SECOND_US: i64 = 1_000_000;

/// What is heard: second, sensor, address, level, whether a tracker's frame.
type Heard = (f64, u16, [u8; 6], i8, bool);

fn key(family: u8, n: u32) -> [u8; 6] {
    let [a, b, c, d] = n.to_be_bytes();
    [0xC0 | (family & 0x3F), a, b, c, d, 7]
}

/// Seven sensors in seven vehicles at 20 m/s, and passers-by of no tracker family.
fn run(config: &Config, mut heard: Vec<Heard>, seconds: i64) -> Vec<Outcome> {
    let mut intake = Intake::new(config);
    for sensor in 0..7_u16 {
        intake.name_sensor(sensor, &format!("S{}", sensor + 1));
        intake.ride(sensor, &format!("V{}", sensor + 1), i64::MIN);
    }
    for t in 0..seconds {
        for sensor in 0..7_u16 {
            let n = (t / 4 * 7) as u32 + u32::from(sensor);
            heard.push((t as f64 + 0.3, sensor, key(9, n), -85, false));
        }
    }
    heard.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut outcomes = Vec::new();
    let mut sink = |outcome| outcomes.push(outcome);
    let mut fixed = 0;
    for (at_s, sensor, address, rssi, tag) in heard {
        let time_us = START_US + (at_s * 1e6) as i64;
        while fixed as f64 <= at_s {
            let fix = Fix {
                time_us: START_US + fixed * SECOND_US,
                sensor: None,
                lat: 48.0 + fixed as f64 * 20.0 / 111_195.0,
                lon: 2.0,
                accuracy_m: None,
                speed_m_s: Some(20.0),
            };
            intake.fix(fix, &mut sink);
            fixed += 1;
        }
        let text = address.map(|b| format!("{b:02X}")).join(":");
        // Apple Find My, separated; the rest of the key is of no account here.
        let mut payload = vec![0x1E, 0xFF, 0x4C, 0x00, 0x12, 0x19, 0x10];
        payload.extend([address[1], address[2], address[3], address[4]]);
        payload.resize(31, 0x5A);
        let row = Row {
            address: &text,
            address_kind: Some(vigie_decode::AddressKind::StaticRandom),
            pdu: None,
            payload: tag.then_some(payload.as_slice()),
        };
        let frame = Frame {
            time_us,
            sensor,
            offset: 0,
            rssi: Some(rssi),
            channel: None,
            body: Body::Row(row),
        };
        intake.frame(&frame, &mut sink);
    }
    intake.finish(false, &mut sink);
    outcomes
}

/// A clone in a vehicle with a key for each frame; its neighbours overhear it.
fn clone(vehicle: u16, from: i64, to: i64, family: u8) -> Vec<Heard> {
    let mut heard = Vec::new();
    for (n, t) in (from..to).step_by(2).enumerate() {
        let address = key(family, n as u32);
        let wobble = (n % 5) as i8 - 2;
        heard.push((t as f64 + 0.1, vehicle, address, -68 + wobble, true));
        if n % 3 == 0 {
            heard.push((t as f64 + 0.1004, vehicle + 1, address, -89 + wobble, true));
        }
    }
    heard
}

fn clones(outcomes: &[Outcome]) -> Vec<&CloneAlert> {
    let mut found = Vec::new();
    for outcome in outcomes {
        if let Outcome::Clone(clone) = outcome {
            found.push(clone);
        }
    }
    found
}

fn summary(outcomes: &[Outcome]) -> &Summary {
    match outcomes.last() {
        Some(Outcome::Summary(summary)) => summary,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_key_for_each_frame_is_one_alert_with_its_vehicle() {
    let outcomes = run(&Config::default(), clone(3, 100, 1300, 1), 1300);
    let found = clones(&outcomes);
    assert_eq!(found.len(), 1, "{found:#?}");
    let clone = found[0];
    let after_s = (clone.at_us - START_US) as f64 / 1e6 - 100.0;
    assert!((6.0..30.0).contains(&after_s), "{after_s}");
    assert_eq!((clone.since_us - START_US) / SECOND_US, 100);
    assert_eq!(clone.analyzer, "loud-orphans@1");
    assert_eq!(clone.vehicle.as_deref(), Some("V4"));
    assert!(clone.vehicle_probability.unwrap() >= 0.8);
    assert_eq!(clone.family, Some("apple_find_my"));
    assert!((clone.level_dbm + 68.0).abs() < 3.0);
    assert!((0.5..0.95).contains(&clone.probability));
    let end = summary(&outcomes);
    assert_eq!((end.state, end.clones, end.alerts), (State::Act, 1, 0));
    assert!(end.advice.contains(&"drive_an_empty_road"));
    // What was counted in all is told at the end, once.
    let counted: Vec<f64> = outcomes
        .iter()
        .filter_map(|o| match o {
            Outcome::Notice(n) if n.kind == NoticeKind::Clone => n.value,
            _ => None,
        })
        .collect();
    assert_eq!(counted.len(), 1);
    assert!(counted[0] > 500.0, "{counted:?}");
}

#[test]
fn two_clones_in_two_vehicles_are_two() {
    let mut heard = clone(1, 100, 700, 1);
    heard.extend(clone(5, 200, 700, 2));
    let outcomes = run(&Config::default(), heard, 700);
    let vehicles: Vec<_> = clones(&outcomes)
        .iter()
        .map(|c| c.vehicle.clone().unwrap_or_default())
        .collect();
    assert_eq!(vehicles.len(), 2, "{vehicles:?}");
}

#[test]
fn keys_that_last_half_a_minute_are_found() {
    let mut heard = Vec::new();
    for t in (100..700).step_by(2) {
        let wobble = (t / 2 % 5) as i8 - 2;
        heard.push((f64::from(t), 2, key(1, t as u32 / 30), -70 + wobble, true));
    }
    let outcomes = run(&Config::default(), heard, 720);
    let found = clones(&outcomes);
    assert_eq!(found.len(), 1, "{found:#?}");
    let after_s = (found[0].at_us - START_US) as f64 / 1e6 - 100.0;
    assert!(after_s < 220.0, "{after_s}");
}

#[test]
fn a_lasting_key_is_no_clone_however_badly_it_is_heard() {
    let mut heard = Vec::new();
    for t in (0..1200).step_by(2) {
        if t / 2 % 7 < 2 {
            heard.push((f64::from(t), 2, key(1, 1), -79, true));
        }
    }
    let outcomes = run(&Config::default(), heard, 1200);
    assert!(clones(&outcomes).is_empty());
}

#[test]
fn orphans_of_no_tracker_family_are_no_clone() {
    let mut heard = clone(3, 100, 600, 1);
    for h in &mut heard {
        h.4 = false;
    }
    let outcomes = run(&Config::default(), heard, 600);
    assert!(clones(&outcomes).is_empty());
}

#[test]
fn on_a_person_another_test_looks() {
    let config = Config {
        profile: Profile::OnPerson,
        ..Config::default()
    };
    let outcomes = run(&config, clone(3, 100, 600, 1), 600);
    let found = clones(&outcomes);
    assert!(
        found.iter().all(|c| c.analyzer.contains("person")),
        "{found:#?}"
    );
    assert_eq!(summary(&outcomes).clones, found.len() as u64);
    assert!(summary(&outcomes).cannot_exclude.contains(&"fast_rotation"));
}

/// Ten thousand new addresses a second at one sensor: a notice that names it, no alert, and what rides in another
/// vehicle is still found meanwhile.
#[test]
fn a_flood_is_told_and_hides_no_clone_elsewhere() {
    let mut heard = clone(1, 100, 200, 1);
    for i in 0..100_000_u32 {
        let at_s = 98.0 + f64::from(i) / 10_000.0;
        heard.push((at_s, 5, key(2, i), -60 - (i % 7) as i8, true));
    }
    let outcomes = run(&Config::default(), heard, 400);
    let found = clones(&outcomes);
    let vehicles: Vec<_> = found.iter().map(|c| c.vehicle.as_deref()).collect();
    assert_eq!(vehicles, [Some("V2")], "{found:#?}");
    let told: Vec<_> = outcomes
        .iter()
        .filter_map(|o| match o {
            Outcome::Notice(n) if n.kind == NoticeKind::Flood => n.sensor.as_deref(),
            _ => None,
        })
        .collect();
    assert_eq!(told, ["S6"]);
    assert!(summary(&outcomes).cannot_exclude.contains(&"fast_rotation"));
}
