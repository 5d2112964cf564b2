//! An emitter that alerted is one emitter to the end, however long it was silent.

use vigie_decode::{Body, Frame, Row};
use vigie_detect::outcome::{EmitterRecord, Outcome};
use vigie_detect::{Config, Intake, Profile};

const SECOND_US: i64 = 1_000_000;

/// A crowd of which three new devices come every ten seconds and stay for forty, and one tag heard while `tag` says so.
fn records_of_the_tag(seconds: i64, tag: impl Fn(i64) -> bool) -> (Vec<EmitterRecord>, u64) {
    let config = Config {
        profile: Profile::OnPerson,
        ..Config::default()
    };
    let mut intake = Intake::new(&config);
    let mut told = Vec::new();
    let mut sink = |outcome| {
        if let Outcome::Emitter(e) = outcome
            && e.identifiers == ["TAG"]
        {
            told.push(e);
        }
    };
    for t in 0..seconds {
        let newest = t / 10;
        let crowd = (newest - 3..=newest).flat_map(|n| (0..3).map(move |k| format!("{n}-{k}")));
        let heard = crowd
            .map(|address| (address, -80))
            .chain(tag(t).then(|| ("tag".into(), -45)));
        for (address, rssi) in heard {
            let row = Row {
                address: &address,
                address_kind: None,
                pdu: None,
                payload: None,
            };
            let frame = Frame {
                time_us: t * SECOND_US,
                sensor: 0,
                offset: 0,
                rssi: Some(rssi),
                channel: None,
                body: Body::Row(row),
            };
            intake.frame(&frame, &mut sink);
        }
    }
    let summary = intake.finish(false, &mut sink);
    (told, summary.alerts)
}

#[test]
fn one_that_alerted_comes_back_as_the_same() {
    let (told, alerts) = records_of_the_tag(3000, |t| !(900..2500).contains(&t));
    assert_eq!((told.len(), alerts), (1, 1));
    assert_eq!(told[0].first_seen_us, 0);
    assert_eq!(told[0].last_seen_us, 2999 * SECOND_US);
    assert!(told[0].alert_at_us.is_some_and(|at| at < 900 * SECOND_US));
}

#[test]
fn one_that_alerted_and_never_comes_back_is_told_at_the_end() {
    let (told, alerts) = records_of_the_tag(3000, |t| t < 900);
    assert_eq!((told.len(), alerts), (1, 1));
    assert_eq!(told[0].last_seen_us, 899 * SECOND_US);
}

#[test]
fn one_that_never_alerted_is_forgotten() {
    let (told, alerts) = records_of_the_tag(3000, |t| !(20..2980).contains(&t));
    assert_eq!((told.len(), alerts), (2, 0));
}
