//! What the reference detector cannot do, measured on compositions of the development logs
//! (semi-synthetic), and what the rules lose without positions or levels.

#![allow(clippy::unwrap_used)]

mod bledoubt;

use vigie_trial::{
    Alert, Labels, Log, Options, Truth,
    compose::{Composed, Ride, StandStill, ride, stand_still, strip_positions},
    evaluate,
    rules::{self, onperson_reference::OnPersonReference},
};

fn reference(log: &Log) -> Vec<Alert> {
    rules::run(&mut OnPersonReference::default(), log)
}

fn describe(name: &str, c: &Composed) -> usize {
    let alerts = reference(&c.log);
    let special = alerts
        .iter()
        .filter(|a| c.special.contains(&a.identifier))
        .count();
    let planted = c.truth.identifiers();
    let found = alerts
        .iter()
        .filter(|a| planted.contains(&a.identifier))
        .count();
    println!(
        "semi-synthetic, {name}: {} identifiers, {:.2} h; alerts: {} special, {found} planted, {} others",
        c.log.identifiers.len(),
        c.log.hours(),
        special,
        alerts.len() - special - found,
    );
    special
}

#[test]
fn a_stand_still_fools_the_reference() {
    let logs = bledoubt::logs("trial/a_stand_still_fools_the_reference");
    if logs.is_empty() {
        return;
    }
    let still = StandStill::default();
    let cases = [
        ("stand still", still.clone()),
        (
            "stand still, fixes 5 m",
            StandStill {
                gps_noise_m: Some(5.0),
                ..still.clone()
            },
        ),
        (
            "stand still, no fixes",
            StandStill {
                positions: false,
                ..still.clone()
            },
        ),
        (
            "stand still, then away",
            StandStill {
                walk_away: true,
                ..still
            },
        ),
    ];
    for (name, how) in cases {
        for seed in 1..=3 {
            let c = stand_still(&logs, seed, &how);
            // It has a guard, but no veto: the beacon alerts. A product must not.
            assert_eq!(describe(name, &c), 1, "{name} {seed}");
        }
    }
}

#[test]
fn a_ride_with_co_riders() {
    let logs = bledoubt::logs("trial/a_ride_with_co_riders");
    if logs.is_empty() {
        return;
    }
    for seed in 1..=3 {
        let c = ride(&logs, seed, &Ride::default());
        describe("ride", &c);
        let alerts = reference(&c.log);
        let planted = c.truth.identifiers();
        assert!(
            alerts.iter().any(|a| planted.contains(&a.identifier)),
            "{seed}"
        );
    }
}

#[test]
fn without_positions() {
    let logs = bledoubt::logs("trial/without_positions");
    if logs.is_empty() {
        return;
    }
    let bare: Vec<(Log, Truth)> = logs
        .iter()
        .map(|(log, truth)| (strip_positions(log), truth.clone()))
        .collect();
    let table = evaluate(
        &bare,
        None,
        &Options {
            jobs: 2,
            ..Options::default()
        },
    );
    let text = table.render(&Labels::default());
    println!("{}", text.lines().take(13).collect::<Vec<_>>().join("\n"));
    let detected = |rule: &str| {
        table
            .rules
            .iter()
            .find(|r| r.rule == rule)
            .map(|r| r.figures.detected)
            .unwrap()
    };
    // Rules that ask for distance are blind; turnover is not.
    assert_eq!(detected("ble-doubt"), 0);
    assert_eq!(detected("airguard-high"), 0);
    assert_eq!(detected("onperson-reference"), 36);
}

#[test]
fn homescout_has_no_levels() {
    let logs = bledoubt::homescout("trial/homescout_has_no_levels");
    if logs.is_empty() {
        return;
    }
    let table = evaluate(
        &logs,
        None,
        &Options {
            jobs: 2,
            ..Options::default()
        },
    );
    let text = table.render(&Labels::default());
    println!("{}", text.lines().take(13).collect::<Vec<_>>().join("\n"));
    assert_eq!(table.rules[0].figures.planted, 31);
    assert!(
        table
            .recordings
            .iter()
            .all(|r| r.left_out_as_own == [0, 0, 0])
    );
}
