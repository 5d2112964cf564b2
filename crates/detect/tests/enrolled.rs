//! Our own devices are silent under every address, and hide nobody who copies one.
#![allow(clippy::unwrap_used)]

use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use vigie_decode::{Address, AddressKind, Body, Family, Frame, Row};
use vigie_detect::outcome::{
    Alert, EmitterRecord, Notice, NoticeKind, Outcome, ReasonCode, Summary, Verdict,
};
use vigie_detect::{Config, Enrolled, Intake, Irk, Profile};

const SECOND_US: i64 = 1_000_000;
const IRK: [u8; 16] = [7; 16];
/// A separated Find My frame: flags, then company Apple, type 0x12, length 25.
const FIND_MY: &str = "1eff4c0012195000112233445566778899aabbccddeeff0011223344556600ab";

/// The address of this number made from the key.
fn made(number: u32) -> String {
    let [_, a, b, c] = (0x0040_0000 | number).to_be_bytes();
    let mut block = [0; 16];
    block[13..].copy_from_slice(&[a, b, c]);
    let mut block = block.into();
    Aes128::new(&IRK.into()).encrypt_block(&mut block);
    Address([a, b, c, block[13], block[14], block[15]]).to_string()
}

fn phone() -> Enrolled {
    Enrolled {
        name: "phone".into(),
        irk: Some(Irk::new(IRK)),
        ..Enrolled::default()
    }
}

const BADGE: [u8; 6] = [0xC0, 1, 2, 3, 4, 5];

fn badge() -> Enrolled {
    Enrolled {
        name: "badge".into(),
        addresses: vec![(Address(BADGE), AddressKind::StaticRandom)],
        ..Enrolled::default()
    }
}

/// One sighting a second of one of ours: sensor, address, level, payload.
type Told = Vec<(u16, String, i8, Option<Vec<u8>>)>;

#[derive(Default)]
struct Heard {
    alerts: Vec<Alert>,
    notices: Vec<Notice>,
    records: Vec<EmitterRecord>,
    summary: Option<Summary>,
}

/// A crowd that turns over around two vehicles' sensors, and ours in it.
fn run(enrolled: Vec<Enrolled>, seconds: i64, ours: impl Fn(i64) -> Told) -> Heard {
    let config = Config {
        profile: Profile::OnPerson,
        enrolled,
        ..Config::default()
    };
    let mut intake = Intake::new(&config);
    for (sensor, vehicle) in [(0, "V1"), (1, "V2")] {
        intake.ride(sensor, vehicle, i64::MIN);
    }
    let mut heard = Heard::default();
    let mut sink = |outcome| match outcome {
        Outcome::Alert(a) => heard.alerts.push(a),
        Outcome::Notice(n) => heard.notices.push(n),
        Outcome::Emitter(e) => heard.records.push(e),
        _ => {}
    };
    for t in 0..seconds {
        let newest = t / 10;
        let crowd = (newest - 3..=newest).flat_map(|n| (0..3).map(move |k| format!("{n}-{k}")));
        let crowd = crowd.map(|address| (0, address, -80, None));
        for (sensor, address, rssi, payload) in ours(t).into_iter().chain(crowd) {
            let row = Row {
                address: &address,
                address_kind: None,
                pdu: None,
                payload: payload.as_deref(),
            };
            let frame = Frame {
                time_us: t * SECOND_US + i64::from(sensor),
                sensor,
                offset: 0,
                rssi: Some(rssi),
                channel: None,
                body: Body::Row(row),
            };
            intake.frame(&frame, &mut sink);
        }
    }
    heard.summary = Some(intake.finish(false, &mut |outcome| {
        if let Outcome::Emitter(e) = outcome {
            heard.records.push(e);
        }
    }));
    heard
}

impl Heard {
    fn enrolled(&self) -> Vec<&EmitterRecord> {
        let enrolled = |r: &&EmitterRecord| r.verdict == Verdict::Enrolled;
        self.records.iter().filter(enrolled).collect()
    }

    fn copied(&self) -> Vec<&str> {
        let copied = self.notices.iter().filter(|n| n.kind == NoticeKind::Copied);
        copied.map(|n| n.detail.as_str()).collect()
    }

    fn alerts_on_copies(&self) -> usize {
        let copied = |a: &&Alert| {
            let mut codes = a.reasons.iter().map(|r| r.code);
            codes.any(|c| c == ReasonCode::CopiedAddress)
        };
        self.alerts.iter().filter(copied).count()
    }
}

#[test]
fn a_phone_that_rotates_is_one_silent_device_of_which_only_presence_is_told() {
    let ours = |t: i64| {
        let address = made((t / 900) as u32);
        let near = usize::from(t >= 3000);
        let levels = [[-50, -72], [-72, -50]][near];
        (0..2)
            .map(|s| (s, address.clone(), levels[usize::from(s)], None))
            .collect()
    };
    let silent = run(vec![phone()], 3600, ours);
    assert_eq!(silent.alerts, [], "alerts");
    assert_eq!(silent.copied(), [""; 0]);
    let told = silent.enrolled();
    assert_eq!(told.len(), 1);
    let told = told[0];
    assert!(told.identifiers.is_empty() && told.keys.is_empty());
    let presence = told.enrolled.as_ref().unwrap();
    assert_eq!(presence.name, "phone");
    assert_eq!(presence.present_s, 3600.0);
    let expected = [("V1".to_owned(), 3000.0), ("V2".to_owned(), 600.0)];
    assert_eq!(presence.vehicles, expected);

    // Not enrolled, it alerts: the silence above is the key's doing.
    let stranger = run(vec![], 3600, ours);
    assert!(!stranger.alerts.is_empty());
}

#[test]
fn ours_are_no_part_of_the_surroundings() {
    let ours = |t: i64| vec![(0, made((t / 60) as u32), -50, None)];
    let with = run(vec![phone()], 1200, ours).summary.unwrap();
    let without = run(vec![], 1200, |_| vec![]).summary.unwrap();
    assert_eq!(with.emitters, without.emitters + 1);
}

#[test]
fn a_replayed_address_is_judged() {
    // Recorded in the first quarter of an hour, replayed from 1200 s on, beside the phone's own.
    let ours = |t: i64| {
        let mut told = vec![(0, made((t / 900) as u32), -50, None)];
        if t >= 1200 {
            told.push((0, made(0), -55, None));
        }
        told
    };
    let heard = run(vec![phone()], 3600, ours);
    assert_eq!(heard.copied(), ["copied_old_address"]);
    assert_eq!((heard.alerts.len(), heard.alerts_on_copies()), (1, 1));
    assert_eq!(heard.alerts[0].identifiers, [made(0)]);
    assert_eq!(heard.enrolled().len(), 1);
}

#[test]
fn an_address_that_is_never_replaced_is_judged() {
    let heard = run(vec![phone()], 3000, |_| vec![(0, made(3), -50, None)]);
    assert_eq!(heard.copied(), ["copied_old_address"]);
    assert_eq!(heard.alerts_on_copies(), 1);
    assert!(heard.alerts[0].at_us >= 1500 * SECOND_US);
}

fn find_my() -> Vec<u8> {
    let digits = FIND_MY.as_bytes().chunks(2);
    digits
        .map(|d| u8::from_str_radix(std::str::from_utf8(d).unwrap(), 16).unwrap())
        .collect()
}

#[test]
fn a_tracker_under_an_enrolled_address_is_judged_unless_a_tracker_was_enrolled() {
    let address = Address(BADGE).to_string();
    let ours = |_| vec![(0, address.clone(), -50, Some(find_my()))];
    let heard = run(vec![badge()], 1200, ours);
    assert_eq!(heard.copied(), ["copied_other_family"]);
    assert_eq!(heard.alerts_on_copies(), 1);
    assert!(heard.enrolled().is_empty());

    let own_tag = Enrolled {
        family: Some(Family::AppleFindMy),
        ..badge()
    };
    let heard = run(vec![own_tag], 1200, ours);
    assert_eq!((heard.copied().len(), heard.alerts.len()), (0, 0));
    assert_eq!(heard.enrolled().len(), 1);
}

#[test]
fn a_device_said_to_be_elsewhere_is_judged_when_heard() {
    let address = Address(BADGE).to_string();
    let away = Enrolled {
        away_us: vec![(0, 4000 * SECOND_US)],
        ..badge()
    };
    let heard = run(vec![away], 1200, |_| vec![(0, address.clone(), -50, None)]);
    assert_eq!(heard.copied(), ["copied_elsewhere"]);
    assert_eq!(heard.alerts_on_copies(), 1);
}

#[test]
fn the_next_address_of_one_enrolled_without_a_key_is_labelled_and_alerts() {
    let first = Address([0x55, 9, 8, 7, 6, 5]);
    let next = Address([0x66, 1, 1, 1, 1, 1]).to_string();
    let earbuds = Enrolled {
        name: "earbuds".into(),
        addresses: vec![(first, AddressKind::Rpa)],
        ..Enrolled::default()
    };
    let ours = |t: i64| {
        let address = if t < 600 {
            first.to_string()
        } else {
            next.clone()
        };
        vec![(0, address, -50, None)]
    };
    let heard = run(vec![earbuds], 1800, ours);
    assert_eq!(heard.alerts.len(), 1);
    assert_eq!(heard.alerts[0].identifiers, std::slice::from_ref(&next));
    // Rows do not tell the sub-type, so the label may be given; it silences nothing.
    assert_eq!(heard.alerts[0].verdict, Verdict::ProbablyOurs);
}
