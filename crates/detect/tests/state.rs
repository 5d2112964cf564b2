//! The state asked for under way is the one that the summary would tell.

use std::collections::BTreeSet;

use vigie_decode::{Body, Frame, Row};
use vigie_detect::outcome::State;
use vigie_detect::{Config, Intake, Profile};

/// A crowd that turns over and one device that stays, up to a moment; the state asked for there, and the summary's.
fn states_at(seconds: i64) -> (State, State) {
    let config = Config {
        profile: Profile::OnPerson,
        ..Config::default()
    };
    let mut intake = Intake::new(&config);
    for t in 0..seconds {
        let newest = t / 10;
        let crowd = (newest - 3..=newest).flat_map(|n| (0..3).map(move |k| format!("{n}-{k}")));
        for address in crowd.chain(["TAG".to_owned()]) {
            let rssi = Some(if address == "TAG" { -60 } else { -80 });
            let row = Row {
                address: &address,
                address_kind: None,
                pdu: None,
                payload: None,
            };
            let frame = Frame {
                time_us: t * 1_000_000,
                sensor: 0,
                offset: 0,
                rssi,
                channel: None,
                body: Body::Row(row),
            };
            intake.frame(&frame, &mut |_| {});
        }
    }
    let asked = intake.state();
    (asked, intake.finish(false, &mut |_| {}).state)
}

#[test]
fn asked_and_told_are_the_same() {
    let mut seen = BTreeSet::new();
    for seconds in (0..2400).step_by(40) {
        let (asked, told) = states_at(seconds);
        assert_eq!(asked, told, "after {seconds} s");
        seen.insert(format!("{asked:?}"));
    }
    assert!(seen.contains("Blind") && seen.contains("Act"), "{seen:?}");
}
