//! Whole reports, as a person sees them, in both languages.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use vigie_detect::outcome::*;
use vigie_show::{Language, Options, Texts, live_line, render};

const T: i64 = 1_621_718_305_000_000;
const MINUTE: i64 = 60_000_000;

fn reason(code: ReasonCode, supports: bool, value: Option<f64>) -> Reason {
    Reason {
        code,
        supports,
        value,
    }
}

fn summary(state: State) -> Summary {
    Summary {
        frames: 12_345,
        malformed: 0,
        malformed_by_kind: BTreeMap::new(),
        sightings: 12_345,
        transmissions: 12_345,
        emitters: 312,
        alerts: 0,
        clones: 0,
        duration_s: 5_700.0,
        heard_s: 5_520.0,
        travelled_m: Some(6_140.0),
        state,
        departure: None,
        deaf_s: BTreeMap::from([("phone".into(), 0.0)]),
        late: 0,
        profile: "on-person",
        threat: "normal",
        clearance: None,
        blind_because: vec![],
        cannot_exclude: vec![
            "switched_off",
            "sleeping",
            "cellular",
            "store_and_forward",
            "other_radio",
            "shielded",
            "connected_not_advertising",
            "slow_interval",
            "fast_rotation",
        ],
        advice: vec![],
        interrupted: false,
        sensors: SensorFigures::default(),
    }
}

fn record(id: u64, verdict: Verdict) -> EmitterRecord {
    EmitterRecord {
        emitter: EmitterId(id),
        identifiers: vec![format!("C0:00:00:00:00:{id:02X}")],
        keys: vec![],
        family: None,
        model: None,
        state: None,
        first_seen_us: T,
        last_seen_us: T + 95 * MINUTE,
        sightings: 4,
        transmissions: 4,
        verdict,
        llr: -3.0,
        llr_uncapped: -3.0,
        peaks: vigie_detect::strata::NO_PEAKS,
        turnover_peaks: vigie_detect::turnover_in_vehicle::NO_TURNOVER,
        prior: 0.005,
        probability: 0.0003,
        alert_at_us: None,
        vehicle: None,
        vehicle_probability: None,
        whereabouts: None,
        enrolled: None,
        follows: Vec::new(),
        clone_signs: vec![],
    }
}

fn alert(id: u64) -> Alert {
    Alert {
        at_us: T + 402_000_000,
        emitter: EmitterId(id),
        identifiers: vec![format!("C0:00:00:00:00:{id:02X}")],
        analyzer: "co-travel@1",
        llr: 5.48,
        prior: 0.005,
        probability: 0.548,
        vehicle: None,
        vehicle_probability: None,
        whereabouts: None,
        family: Some("apple_find_my"),
        first_seen_us: T,
        level_dbm: Some(-58.4),
        verdict: Verdict::TravellingWithUs,
        reasons: vec![
            reason(ReasonCode::Turnover, true, Some(2.61)),
            reason(ReasonCode::LevelAboveStrangers, true, Some(19.4)),
            reason(ReasonCode::FellowTraveller, false, None),
        ],
    }
}

fn alerted(id: u64, verdict: Verdict) -> EmitterRecord {
    EmitterRecord {
        family: Some("apple_find_my"),
        model: Some("airtag"),
        state: Some("separated"),
        sightings: 2_210,
        transmissions: 2_210,
        llr: 8.9,
        llr_uncapped: 11.5,
        peaks: vigie_detect::strata::NO_PEAKS,
        turnover_peaks: vigie_detect::turnover_in_vehicle::NO_TURNOVER,
        probability: 0.75,
        alert_at_us: Some(T + 402_000_000),
        ..record(id, verdict)
    }
}

fn in_both(outcomes: &[Outcome]) -> String {
    Language::ALL
        .map(|language| render(outcomes, &Texts::new(language), &Options::default()))
        .join("\n====\n\n")
}

/// Snapshots are read by people too: no-break spaces would not be seen there.
fn visible(text: &str) -> String {
    text.replace('\u{a0}', "~").replace('\u{202f}', "^")
}

fn blind_40_s() -> Vec<Outcome> {
    let mut end = summary(State::Blind);
    end.frames = 1_510;
    end.malformed = 142;
    end.malformed_by_kind = BTreeMap::from([("crc".into(), 140), ("truncated".into(), 2)]);
    end.sightings = 1_368;
    end.emitters = 31;
    end.duration_s = 40.0;
    end.heard_s = 39.6;
    end.travelled_m = None;
    end.deaf_s = BTreeMap::from([("ubertooth".into(), 0.0)]);
    end.blind_because = vec!["heard_too_short", "no_positions"];
    end.advice = vec![
        "record_longer",
        "record_with_positions",
        "use_dedicated_receiver",
    ];
    end.profile = "vehicle";
    let mut seen = record(1, Verdict::Undecided);
    seen.last_seen_us = T + 40_000_000;
    vec![Outcome::Emitter(seen), Outcome::Summary(end)]
}

#[test]
fn a_capture_of_40_seconds() {
    insta::assert_snapshot!(visible(&in_both(&blind_40_s())));
}

#[test]
fn a_log_without_positions() {
    let mut end = summary(State::Blind);
    end.travelled_m = None;
    end.profile = "vehicle";
    end.blind_because = vec!["no_positions"];
    end.advice = vec!["record_with_positions", "move_through_changing_places"];
    end.deaf_s = BTreeMap::from([("phone".into(), 180.0)]);
    let notice = |at_us, kind, detail: &str, value| {
        let (detail, about) = match detail.split_once(':') {
            Some((detail, about)) => (detail, Some(about.to_owned())),
            None => (detail, None),
        };
        Outcome::Notice(Notice {
            at_us,
            kind,
            emitter: None,
            sensor: Some("phone".into()),
            detail: detail.into(),
            about,
            value,
        })
    };
    let outcomes = [
        notice(None, NoticeKind::Input, "unknown_column:colour", None),
        notice(None, NoticeKind::Input, "unknown_column:shape", None),
        notice(None, NoticeKind::Input, "no_payload", None),
        notice(Some(T), NoticeKind::Fix, "no_fix", None),
        notice(Some(T + MINUTE), NoticeKind::Deaf, "deaf_gap", Some(120.0)),
        notice(
            Some(T + 9 * MINUTE),
            NoticeKind::Deaf,
            "deaf_gap",
            Some(60.0),
        ),
        notice(
            Some(T),
            NoticeKind::Damage,
            "damage_malformed_row",
            Some(3.0),
        ),
        notice(Some(T), NoticeKind::Clock, "moon_phase", Some(3.0)),
        Outcome::Emitter(record(1, Verdict::Undecided)),
        Outcome::Summary(end),
    ];
    insta::assert_snapshot!(visible(&in_both(&outcomes)));
}

fn one_alert() -> Vec<Outcome> {
    let mut end = summary(State::Act);
    end.alerts = 1;
    end.advice = vec!["do_not_go_home", "call_for_help", "keep_device_as_evidence"];
    vec![
        Outcome::Alert(alert(12)),
        Outcome::Emitter(record(1, Verdict::Passing)),
        Outcome::Emitter(record(2, Verdict::Passing)),
        Outcome::Emitter(record(3, Verdict::Fixed)),
        Outcome::Emitter(alerted(12, Verdict::TravellingWithUs)),
        Outcome::Summary(end),
    ]
}

#[test]
fn one_alert_on_a_person() {
    insta::assert_snapshot!(visible(&in_both(&one_alert())));
}

#[test]
fn an_alert_and_one_that_is_probably_ours() {
    let mut end = summary(State::Act);
    end.alerts = 2;
    end.profile = "vehicle";
    end.threat = "high";
    end.advice = vec!["check_own_devices", "search_vehicle"];
    let mut known = alert(12);
    known.vehicle = Some("V3".into());
    known.vehicle_probability = Some(0.91);
    known.probability = 0.93;
    known.llr = 15.2;
    known.reasons = vec![
        reason(ReasonCode::AgainstRoadside, true, Some(11.0)),
        reason(ReasonCode::AgainstPlatoon, false, Some(-0.9)),
    ];
    let mut ours = alert(40);
    ours.family = None;
    ours.reasons
        .push(reason(ReasonCode::Successor, false, Some(64.0)));
    let update = Update {
        at_us: T + 30 * MINUTE,
        emitter: EmitterId(40),
        verdict: Verdict::ProbablyOurs,
        probability: 0.6,
        vehicle: None,
        vehicle_probability: None,
        whereabouts: None,
        reasons: vec![],
    };
    let mut loud = record(40, Verdict::ProbablyOurs);
    loud.probability = 0.6;
    loud.llr = 5.7;
    let watch = Notice {
        at_us: Some(T + 5 * MINUTE),
        kind: NoticeKind::Watch,
        emitter: Some(EmitterId(7)),
        sensor: None,
        detail: "likely".into(),
        about: None,
        value: Some(0.31),
    };
    let outcomes = [
        Outcome::Alert(ours),
        Outcome::Alert(known),
        Outcome::Update(update),
        Outcome::Notice(watch),
        Outcome::Emitter(loud),
        Outcome::Emitter(record(7, Verdict::Undecided)),
        Outcome::Summary(end),
    ];
    insta::assert_snapshot!(visible(&in_both(&outcomes)));
}

fn clear() -> Summary {
    let mut end = summary(State::Clear);
    end.clearance = Some(Clearance {
        heard_s: 5_520.0,
        classes: vec!["lasting_address_loud"],
        miss_probability: 0.16,
        basis: "measured",
    });
    end.advice = vec!["record_second_time_another_day"];
    end
}

#[test]
fn clear_within_limits() {
    let outcomes = [
        Outcome::Emitter(record(1, Verdict::Passing)),
        Outcome::Summary(clear()),
    ];
    insta::assert_snapshot!(visible(&in_both(&outcomes)));
}

fn first_line(outcomes: &[Outcome], language: Language) -> String {
    let options = Options {
        width: 1_000,
        ..Options::default()
    };
    let text = render(outcomes, &Texts::new(language), &options);
    text.lines().next().unwrap().to_owned()
}

#[test]
fn the_first_line_says_it_all() {
    insta::assert_snapshot!(first_line(&one_alert(), Language::En), @"ACT  A device travels with you (probability 75%). On you, in your bags, in your vehicle, or on someone beside you. Do not go home or to a safe house. Call for help.");
    let line = visible(&first_line(&blind_40_s(), Language::Fr));
    insta::assert_snapshot!(line, @"AVEUGLE  On ne sait pas~: seulement 40~s d’écoute. Cela ne veut pas dire qu’il n’y a rien. Enregistrez plus longtemps, en vous déplaçant. Recommencez avec les positions.");
}

#[test]
fn clear_is_never_shown_bare() {
    let mut bare = clear();
    bare.clearance = None;
    for (language, word) in [(Language::En, "BLIND  "), (Language::Fr, "AVEUGLE  ")] {
        let line = first_line(&[Outcome::Summary(bare.clone())], language);
        assert!(line.starts_with(word), "{line}");
        let line = first_line(&[Outcome::Summary(clear())], language);
        assert!(line.contains("16"), "{line}");
    }
    // A run that broke off before its summary shows nothing better.
    assert!(first_line(&[], Language::En).starts_with("BLIND  "));
}

#[test]
fn an_alert_is_never_talked_down() {
    // Whatever the summary says, and although all of it may be ours.
    let mut outcomes = vec![
        Outcome::Alert(alert(5)),
        Outcome::Emitter(alerted(5, Verdict::ProbablyOurs)),
        Outcome::Summary(clear()),
    ];
    let line = first_line(&outcomes, Language::En);
    assert!(
        line.starts_with("ACT  A device travels with you; it may be your own"),
        "{line}"
    );
    outcomes.remove(2);
    assert!(first_line(&outcomes, Language::En).starts_with("ACT  "));
}

#[test]
fn alerts_are_told_at_once() {
    let texts = Texts::new(Language::En);
    let line = live_line(&Outcome::Alert(alert(12)), &texts).unwrap();
    insta::assert_snapshot!(visible(&line), @"2021-05-22~21:25:07  ACT  E12: Apple Find My (AirTag or compatible), probability 55%");
    assert_eq!(live_line(&Outcome::Summary(clear()), &texts), None);
}

proptest! {
    /// Labels sort the alerts; they never take one away. Bystanders are not listed.
    #[test]
    fn every_alert_is_listed_and_no_bystander(
        alerts in proptest::collection::btree_map(1u64..200, 0usize..7, 0..30),
        width in 0usize..200,
        fr in any::<bool>(),
    ) {
        let verdicts = [
            Verdict::Aboard, Verdict::TravellingWithUs, Verdict::Passing, Verdict::Fixed,
            Verdict::Enrolled, Verdict::ProbablyOurs, Verdict::Undecided,
        ];
        let mut outcomes = vec![];
        for (id, verdict) in &alerts {
            outcomes.push(Outcome::Alert(alert(*id)));
            outcomes.push(Outcome::Emitter(alerted(*id, verdicts[*verdict])));
        }
        outcomes.push(Outcome::Emitter(record(250, Verdict::Passing)));
        outcomes.push(Outcome::Emitter(record(251, Verdict::Undecided)));
        outcomes.push(Outcome::Summary(summary(State::Watch)));
        let texts = Texts::new(if fr { Language::Fr } else { Language::En });
        let options = Options { width, ..Options::default() };
        let text = render(&outcomes, &texts, &options);
        for id in alerts.keys() {
            prop_assert!(text.contains(&format!("C0:00:00:00:00:{id:02X}")), "E{id} is missing");
        }
        prop_assert!(!text.contains("C0:00:00:00:00:FA"));
        prop_assert!(!text.contains("C0:00:00:00:00:FB"));
    }
}

#[test]
fn where_one_vehicle_cannot_be_named_two_are_and_how_to_tell_them_apart() {
    let mut alert = alert(7);
    alert.whereabouts = Some(Whereabouts {
        vehicles: vec![("V3".into(), 0.55), ("V4".into(), 0.38), ("V5".into(), 0.0)],
        outside: 0.07,
        pair: Some(("V3".into(), "V4".into(), 0.93)),
        since_us: Some(T),
    });
    let line = live_line(&Outcome::Alert(alert.clone()), &Texts::new(Language::En)).unwrap();
    assert!(line.ends_with("vehicle V3 or V4 (93%)"), "{line}");
    let mut end = summary(State::Act);
    end.profile = "vehicle";
    let mut outcomes = vec![Outcome::Alert(alert.clone()), Outcome::Summary(end)];
    let text = in_both(&outcomes);
    for part in [
        "In vehicle V3 or V4 (93%).",
        "Have V3 and V4 searched first.",
        "beside, behind or ahead: 7%",
        "Dans le véhicule V3 ou V4",
        "Faites fouiller d’abord V3 et V4.",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // A later answer replaces the first one.
    let update = Update {
        at_us: T + 500_000_000,
        emitter: alert.emitter,
        verdict: Verdict::Aboard,
        probability: 0.6,
        vehicle: Some("V3".into()),
        vehicle_probability: Some(0.9),
        whereabouts: Some(Whereabouts {
            vehicles: vec![("V3".into(), 0.9), ("V4".into(), 0.05), ("V5".into(), 0.0)],
            outside: 0.05,
            pair: None,
            since_us: Some(T),
        }),
        reasons: vec![reason(ReasonCode::LevelByVehicle, true, Some(9.0))],
    };
    outcomes.insert(1, Outcome::Update(update));
    let text = in_both(&outcomes);
    assert!(text.contains("In vehicle V3 (90%)."), "{text}");
    assert!(!text.contains("V3 or V4"), "{text}");
    assert!(text.contains("9 dB louder than at any other"), "{text}");
}
