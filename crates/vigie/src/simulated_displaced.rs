//! Sensors that ride elsewhere than stated, in simulated convoys: noticed and named, and never where all is as stated.

use vigie_trial::convoy::{Classes, Environment, Plan, Split, simulate};

use crate::sensor_faults::{Fault, broken, is_right, noticed};

fn plan(environment: Environment, seed: u64) -> Plan {
    Plan {
        environment,
        split: Split::Test,
        seed,
        seconds: match environment {
            Environment::Rural | Environment::Motorway => 2400.0,
            Environment::City => 600.0,
            Environment::Crowd => 300.0,
        },
        classes: Classes::All,
        ..Plan::default()
    }
}

/// Nothing is noticed in ten drives, nor, in the first three of them, where a sensor is not sound but rides as stated.
fn nothing_is_noticed(environment: Environment) {
    for seed in 3000..3010 {
        let plan = plan(environment, seed);
        let sound = simulate(&plan);
        let faults = [Fault::None, Fault::HearsBadly, Fault::ListensATenth];
        for fault in faults.into_iter().take(if seed < 3003 { 3 } else { 1 }) {
            let places = noticed(&broken(&plan, &sound, fault)).places;
            assert!(places.is_empty(), "{seed}, {fault:?}: {places:?}");
        }
    }
}

#[test]
fn nothing_is_noticed_of_a_sound_convoy_in_the_country() {
    nothing_is_noticed(Environment::Rural);
}

#[test]
fn nothing_is_noticed_of_a_sound_convoy_on_a_motorway() {
    nothing_is_noticed(Environment::Motorway);
}

#[test]
fn nothing_is_noticed_of_a_sound_convoy_in_a_city() {
    nothing_is_noticed(Environment::City);
}

#[test]
fn nothing_is_noticed_of_a_sound_convoy_in_a_crowd() {
    nothing_is_noticed(Environment::Crowd);
}

/// The fault is named in every kind of surroundings, and nothing else is.
fn is_named(fault: Fault) {
    for environment in Environment::ALL {
        let plan = plan(environment, 3000);
        let places = noticed(&broken(&plan, &simulate(&plan), fault)).places;
        assert!(!places.is_empty(), "{environment:?}");
        assert!(
            places.iter().all(|n| is_right(n, fault)),
            "{environment:?}: {places:?}"
        );
    }
}

#[test]
fn two_exchanged_sensors_are_named_with_their_vehicles() {
    is_named(Fault::Exchanged);
}

#[test]
fn a_sensor_left_behind_is_named() {
    is_named(Fault::LeftBehind);
}

#[test]
fn a_clock_known_to_be_off_is_told_as_such_and_as_nothing_else() {
    let plan = plan(Environment::City, 3000);
    let noticed = noticed(&broken(&plan, &simulate(&plan), Fault::ClockOff));
    assert!(noticed.clock);
    assert!(noticed.places.is_empty(), "{:?}", noticed.places);
}
