//! The check before departure on simulated convoys that park.

use crate::convoy_feed::judge_trace;
use vigie_detect::outcome::{CheckState, Departure};
use vigie_detect::{BeforeDeparture, Config};
use vigie_trial::convoy::{
    Class, Classes, Environment, Place, Plan, Planted, Rotation, Split, Trace, simulate,
};

/// A drive, then parked from 120 s to 1200 s; the recording ends before departure.
fn parked(environment: Environment, seed: u64, planted: Vec<Planted>) -> Plan {
    Plan {
        environment,
        split: Split::Test,
        seed,
        seconds: 1190.0,
        halts: vec![(120.0, 2000.0)],
        classes: Classes::TagsOnly,
        planted,
        ..Plan::default()
    }
}

/// A tag put on vehicle `vehicle` while it stood, a minute and a few seconds before the answer.
fn left(vehicle: u8, place: Place) -> Planted {
    Planted {
        vehicle,
        place,
        rotation: Rotation::Lasting,
        class: Class::FindMySeparated,
        on: vec![(1128.0, 2000.0)],
        ..Planted::default()
    }
}

fn answer(trace: &Trace) -> Departure {
    let config = Config {
        before_departure: Some(BeforeDeparture::default()),
        ..Config::default()
    };
    judge_trace(trace, &config, &mut |_| {}).departure.unwrap()
}

/// Whether the planted tag is named, and at its own vehicle; and what else is named.
fn scored(trace: &Trace, departure: &Departure) -> (bool, bool, usize) {
    let ours: Vec<String> = trace
        .truth
        .planted
        .iter()
        .flat_map(|p| &p.identities)
        .map(|i| trace.identities[*i as usize].address_text())
        .collect();
    let home = trace
        .truth
        .planted
        .first()
        .map(|p| format!("V{}", p.vehicles[0].1 + 1));
    let (mut named, mut right, mut others) = (false, false, 0);
    for check in &departure.vehicles {
        for newcomer in &check.newcomers {
            if ours.contains(&newcomer.identifier) {
                named = true;
                right |= Some(&check.vehicle) == home.as_ref();
            } else {
                others += 1;
            }
        }
    }
    (named, right, others)
}

#[test]
fn a_tag_left_in_the_boot_while_parked_is_named_before_departure() {
    let trace = simulate(&parked(Environment::Rural, 7, vec![left(3, Place::Boot)]));
    let departure = answer(&trace);
    assert!(departure.parked_us.is_some());
    let names: Vec<_> = departure
        .vehicles
        .iter()
        .map(|v| v.vehicle.as_str())
        .collect();
    assert_eq!(names, ["V1", "V2", "V3", "V4", "V5", "V6", "V7"]);
    let (named, right, _) = scored(&trace, &departure);
    assert!(named && right, "{departure:?}");
}

#[test]
fn one_that_was_aboard_when_we_parked_is_no_newcomer() {
    let aboard = Planted {
        on: vec![],
        ..left(3, Place::Boot)
    };
    let trace = simulate(&parked(Environment::Rural, 7, vec![aboard]));
    let (named, ..) = scored(&trace, &answer(&trace));
    assert!(!named);
}

#[test]
fn without_a_record_of_parking_what_is_loud_is_listed_and_nothing_called_new() {
    let plan = Plan {
        seconds: 70.0,
        halts: vec![(0.0, 100.0)],
        planted: vec![Planted {
            on: vec![],
            ..left(2, Place::Cabin)
        }],
        ..parked(Environment::Rural, 3, vec![])
    };
    let trace = simulate(&plan);
    let departure = answer(&trace);
    assert_eq!(departure.parked_us, None);
    assert!(
        departure
            .vehicles
            .iter()
            .all(|v| v.state == CheckState::Blind)
    );
    assert!(scored(&trace, &departure).0, "{departure:?}");
}

#[test]
fn within_twenty_seconds_nothing_is_said() {
    let plan = Plan {
        seconds: 15.0,
        halts: vec![(0.0, 100.0)],
        ..parked(Environment::Rural, 3, vec![])
    };
    let departure = answer(&simulate(&plan));
    assert!(departure.vehicles.iter().all(|v| v.newcomers.is_empty()));
    assert!(
        departure
            .vehicles
            .iter()
            .all(|v| v.state == CheckState::Blind)
    );
}

/// How many newcomers are named after 60 s of listening, and how many strangers (simulated; `docs/methods.md`):
/// `cargo test -p vigie --bin vigie simulated_departures -- --ignored --nocapture`. Tags alone are simulated where the planted
/// one counts, all classes of devices where the strangers do.
#[test]
#[ignore = "statistics: a few minutes"]
fn how_many_newcomers_are_named() {
    const SEEDS: u64 = 200;
    const SEEDS_OF_ALL_CLASSES: u64 = 30;
    for environment in Environment::ALL {
        for (word, place) in [
            ("cabin", Place::Cabin),
            ("boot", Place::Boot),
            ("cavity", Place::Cavity),
            ("rear underbody", Place::RearUnderbody),
        ] {
            let (mut named, mut right, mut others) = (0, 0, 0);
            for seed in 0..SEEDS {
                let vehicle = (seed % 7) as u8;
                let plan = parked(environment, 5000 + seed, vec![left(vehicle, place)]);
                let trace = simulate(&plan);
                let (n, r, o) = scored(&trace, &answer(&trace));
                named += u64::from(n);
                right += u64::from(r);
                others += o;
            }
            println!(
                "{} {word}: named {named} of {SEEDS}, at its own vehicle {right}; tags of strangers named {others}",
                environment.as_str()
            );
        }
        let mut others = 0;
        for seed in 0..SEEDS_OF_ALL_CLASSES {
            let plan = Plan {
                classes: Classes::All,
                ..parked(environment, 9000 + seed, vec![])
            };
            let trace = simulate(&plan);
            others += scored(&trace, &answer(&trace)).2;
        }
        println!(
            "{}, all classes: strangers named {others} in {SEEDS_OF_ALL_CLASSES} checks of 7 vehicles",
            environment.as_str()
        );
    }
}
