//! Above the limit of emitters those silent longest leave first: a flood of made-up addresses does not push
//! out a tag that goes on sending, memory stays bounded, and the flood is told.
#![allow(clippy::unwrap_used, clippy::panic)]

use vigie_decode::{Body, Frame, Row};
use vigie_detect::config::Limits;
use vigie_detect::outcome::{NoticeKind, Outcome};
use vigie_detect::{Config, Intake, Profile};

const START_US: i64 = 1_700_000_000_000_000;
const SECOND_US: i64 = 1_000_000;
const LIMIT: usize = 500;
const TAG: &str = "C0:FF:EE:00:00:01";

/// A tag every 2 s for ten minutes, amid `a_second` addresses heard once each; returns all outcomes and the
/// largest number of emitters that can have been kept at one time.
fn flood(profile: Profile, a_second: i64) -> (Vec<Outcome>, usize) {
    let limits = Limits {
        emitters: LIMIT,
        ..Limits::default()
    };
    let mut intake = Intake::new(&Config {
        profile,
        limits,
        ..Config::default()
    });
    intake.name_sensor(0, "S");
    let mut outcomes = Vec::new();
    let (mut addresses, mut left, mut most) = (0usize, 0usize, 0usize);
    let mut hear = |time_us: i64, address: &str, is_new: bool| {
        let row = Row {
            address,
            address_kind: None,
            pdu: None,
            payload: None,
        };
        let (rssi, body) = (Some(-55), Body::Row(row));
        let frame = Frame {
            time_us,
            sensor: 0,
            offset: 0,
            rssi,
            channel: None,
            body,
        };
        intake.frame(&frame, &mut |outcome| {
            left += usize::from(matches!(outcome, Outcome::Emitter(_)));
            outcomes.push(outcome);
        });
        addresses += usize::from(is_new);
        most = most.max(addresses - left);
    };
    for second in 0..600 {
        let start_us = START_US + second * SECOND_US;
        if second % 2 == 0 {
            hear(start_us, TAG, second == 0);
        }
        for i in 1..=a_second {
            let n = second * a_second + i;
            let [_, _, a, b, c, d] = [
                0,
                0,
                (n >> 24) as u8,
                (n >> 16) as u8,
                (n >> 8) as u8,
                n as u8,
            ];
            let address = format!("40:00:{a:02X}:{b:02X}:{c:02X}:{d:02X}");
            hear(start_us + i * SECOND_US / (a_second + 1), &address, true);
        }
    }
    intake.finish(false, &mut |outcome| outcomes.push(outcome));
    (outcomes, most)
}

fn sightings_of_the_tag(outcomes: &[Outcome]) -> Vec<u64> {
    let of_tag = |o: &Outcome| match o {
        Outcome::Emitter(e) if e.identifiers == [TAG] => Some(e.sightings),
        _ => None,
    };
    outcomes.iter().filter_map(of_tag).collect()
}

fn flood_notices(outcomes: &[Outcome]) -> Vec<f64> {
    let of_flood = |o: &Outcome| match o {
        Outcome::Notice(n) if n.kind == NoticeKind::Flood => n.value,
        _ => None,
    };
    outcomes.iter().filter_map(of_flood).collect()
}

#[test]
fn a_flood_neither_pushes_out_the_tag_nor_fills_the_memory() {
    for profile in [Profile::OnPerson, Profile::Vehicle] {
        let (outcomes, most) = flood(profile, 100);
        assert_eq!(sightings_of_the_tag(&outcomes), [300], "{profile:?}");
        // Those within the hold are not yet taken in.
        assert!(most <= LIMIT + 5, "{profile:?}: {most}");
        let told = flood_notices(&outcomes);
        assert!(!told.is_empty(), "{profile:?}");
        assert!(told.is_sorted(), "{told:?}");
        // Rarely, however long it goes on.
        assert!(told.len() < 20, "{told:?}");
        let Some(Outcome::Summary(summary)) = outcomes.last() else {
            panic!("no summary");
        };
        assert_eq!(summary.emitters, 60_001);
        let told_of = outcomes
            .iter()
            .filter(|o| matches!(o, Outcome::Emitter(_)))
            .count();
        assert_eq!(told_of as u64, summary.emitters);
    }
}

#[test]
fn without_a_flood_nothing_is_said_of_one() {
    let (outcomes, most) = flood(Profile::OnPerson, 0);
    assert_eq!(sightings_of_the_tag(&outcomes), [300]);
    assert_eq!(flood_notices(&outcomes), []);
    assert_eq!(most, 1);
}

/// What no roster can hold: more new addresses between two frames of the tag than it keeps emitters. The tag
/// is then many emitters, and the flood is told, so that nobody takes the silence for an all-clear.
#[test]
fn a_flood_that_outruns_the_limit_is_told() {
    let (outcomes, most) = flood(Profile::OnPerson, 400);
    assert!(most <= LIMIT + 15, "{most}");
    assert!(sightings_of_the_tag(&outcomes).len() > 1);
    assert!(!flood_notices(&outcomes).is_empty());
}
