//! The picture, folded from outcomes.

use std::collections::BTreeMap;

use serde_json::Value;
use vigie_detect::Config;
use vigie_detect::now::{Contact, SensorNow, Travelling};
use vigie_detect::outcome::{
    Alert, Clearance, EmitterId, Notice, NoticeKind, Outcome, Reason, ReasonCode, SensorFigures,
    State, Summary, Verdict,
};
use vigie_show::{Language, Texts};

use crate::parts::{self, Course};
use crate::picture::{Look, Picture, Run, Said};

fn picture() -> Picture {
    Picture::new(Run {
        case: None,
        simulated: false,
        live: true,
        speed: None,
        config: Config::default(),
    })
}

fn summary(state: State, because: Vec<&'static str>) -> Summary {
    let clearance = (state == State::Clear).then(|| Clearance {
        heard_s: 1900.0,
        classes: vec!["lasting_address_loud"],
        miss_probability: 0.17,
        basis: "simulated",
    });
    Summary {
        frames: 10_000,
        malformed: 0,
        malformed_by_kind: BTreeMap::new(),
        sightings: 10_000,
        transmissions: 9_000,
        emitters: 5_000,
        alerts: 0,
        clones: 0,
        duration_s: 2000.0,
        heard_s: 1900.0,
        travelled_m: Some(9000.0),
        state,
        deaf_s: BTreeMap::new(),
        departure: None,
        late: 0,
        profile: "vehicle",
        threat: "normal",
        clearance,
        blind_because: because,
        cannot_exclude: vec!["cellular"],
        advice: Vec::new(),
        interrupted: false,
        sensors: SensorFigures::default(),
    }
}

fn look(now_us: i64, summary: Summary, travelling: Vec<Travelling>) -> Look {
    Look {
        now_us,
        summary,
        sensors: vec![SensorNow {
            name: "V1".into(),
            vehicle: Some("V1".into()),
            cause: None,
            last_heard_us: Some(now_us),
            since_us: None,
        }],
        vehicles: vec!["V1".into(), "V2".into()],
        travelling,
        ours: Vec::new(),
    }
}

fn alert(number: u64, at_us: i64) -> Outcome {
    Outcome::Alert(Alert {
        at_us,
        emitter: EmitterId(number),
        identifiers: vec![format!("C0:00:00:00:00:{number:02X}")],
        analyzer: "co-travel@2",
        llr: 10.0,
        prior: 1e-4,
        probability: 0.69,
        vehicle: Some("V2".into()),
        vehicle_probability: Some(0.9),
        whereabouts: None,
        family: None,
        first_seen_us: 5,
        level_dbm: None,
        verdict: Verdict::Aboard,
        reasons: vec![Reason {
            code: ReasonCode::FellowTraveller,
            supports: false,
            value: None,
        }],
    })
}

fn deaf(detail: &str, at_us: i64) -> Outcome {
    Outcome::Notice(Notice {
        at_us: Some(at_us),
        kind: NoticeKind::Deaf,
        emitter: None,
        sensor: Some("V1".into()),
        detail: detail.into(),
        about: None,
        value: Some(30.0),
    })
}

fn travelling(number: u64) -> Travelling {
    let contact = |from_us, vehicle: &str, level| Contact {
        from_us,
        to_us: from_us + 10_000_000,
        sensor: vehicle.to_owned(),
        vehicle: Some(vehicle.to_owned()),
        level_dbm: Some(level),
        count: 5,
    };
    Travelling {
        emitter: EmitterId(number),
        first_us: 5,
        last_us: 20_000_000,
        family: None,
        course: vec![
            contact(0, "V1", -90.0),
            contact(0, "V2", -60.0),
            contact(10_000_000, "V1", -91.0),
            contact(10_000_000, "V2", -62.0),
        ],
    }
}

fn state(picture: &Picture) -> Value {
    parts::state(picture, &Texts::new(Language::En))
}

#[test]
fn it_is_blind_until_something_is_known_and_clear_never_stands_alone() {
    let mut picture = picture();
    assert_eq!(state(&picture)["state"], "blind");
    picture.look(look(1_000_000, summary(State::Clear, vec![]), vec![]));
    let clear = state(&picture);
    assert_eq!(
        (&clear["state"], &clear["passers_by"]),
        (&"clear".into(), &5000.into())
    );
    assert_eq!(clear["clearance"]["miss_probability"], 0.17);
    assert!(clear["headline"].as_str().unwrap().contains("17%"));
    // The sensor falls deaf.
    picture.outcome(&deaf("unplugged", 2_000_000));
    picture.look(look(
        2_000_000,
        summary(State::Blind, vec!["sensor_deaf"]),
        vec![],
    ));
    let blind = state(&picture);
    assert_eq!(
        (&blind["state"], &blind["clearance"]),
        (&"blind".into(), &Value::Null)
    );
    assert_eq!(
        (&blind["since_us"], &blind["because"][0]["code"]),
        (&2_000_000.into(), &"sensor_deaf".into())
    );
    let texts = Texts::new(Language::Fr);
    let spell = |picture: &Picture| parts::sensors(picture, &texts)["deaf"][0].clone();
    assert_eq!(
        (&spell(&picture)["cause"], &spell(&picture)["to_us"]),
        (&"unplugged".into(), &Value::Null)
    );
    assert!(
        spell(&picture)["cause_text"]
            .as_str()
            .unwrap()
            .contains("V1")
    );
    picture.outcome(&deaf("hears_again", 9_000_000));
    assert_eq!(spell(&picture)["to_us"], 9_000_000);
}

#[test]
fn an_alert_is_shown_before_the_next_look() {
    let mut picture = picture();
    picture.look(look(
        1_000_000,
        summary(State::Blind, vec!["heard_too_short"]),
        vec![],
    ));
    let parts = picture.outcome(&alert(7, 2_500_000));
    assert!(parts.contains(&crate::parts::Part::Alerts));
    let act = state(&picture);
    assert_eq!(
        (&act["state"], &act["since_us"], &act["alerts"]),
        (&"act".into(), &2_500_000.into(), &1.into())
    );
    picture.look(look(
        20_000_000,
        summary(State::Act, vec![]),
        vec![travelling(7)],
    ));
    let texts = Texts::new(Language::En);
    let alerts = parts::alerts(&picture, &texts, Course::Told);
    assert_eq!(alerts[0]["course"].as_array().unwrap().len(), 4);
    assert_eq!(alerts[0]["reasons"][0]["supports"], false);
    // The loudest vehicle of each time, and neighbours are one.
    let timeline = parts::timeline(&picture, &texts);
    let span = serde_json::json!([0, 20_000_000, 1, -60.0]);
    assert_eq!(timeline["rows"][0]["spans"], serde_json::json!([span]));
    let threat = parts::threat(&picture, &texts);
    let probabilities: Vec<f64> = threat["levels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|level| level["probability_of_strongest"].as_f64().unwrap())
        .collect();
    assert!(probabilities.is_sorted() && (probabilities[1] - 0.69).abs() < 0.01);
    // Acknowledged ones stand last, and the state stays.
    picture.outcome(&alert(8, 1_500_000));
    let said = Said {
        acknowledged: Some((1, "B. Example".into(), String::new())),
        ..Said::default()
    };
    picture.said.insert("E7".into(), said);
    let alerts = parts::alerts(&picture, &texts, Course::LeftOut);
    assert_eq!(
        (&alerts[0]["id"], &alerts[1]["id"]),
        (&"E8".into(), &"E7".into())
    );
    assert_eq!(alerts[0].get("course"), None);
    assert_eq!(
        (&state(&picture)["state"], &state(&picture)["acknowledged"]),
        (&"act".into(), &1.into())
    );
}

#[test]
fn a_thousand_travelling_emitters_of_a_day_are_told_in_bounded_parts() {
    let mut picture = picture();
    let mut all = Vec::new();
    for number in 1..=1000 {
        picture.outcome(&alert(number, number as i64));
        let mut one = travelling(number);
        one.course = (0..256)
            .map(|at| Contact {
                from_us: at * 337_000_000,
                ..one.course[at as usize % 4].clone()
            })
            .collect();
        all.push(one);
    }
    for s in 0..86_400 {
        let fix = vigie_decode::Fix {
            time_us: s * 1_000_000,
            sensor: None,
            lat: 48.0 + s as f64 * 1e-5,
            lon: 2.0,
            accuracy_m: None,
            speed_m_s: None,
        };
        picture.fix(&fix, None);
    }
    picture.look(look(86_400_000_000, summary(State::Act, vec![]), all));
    let tracks = parts::tracks(&picture);
    let suspects = tracks["suspects"].as_array().unwrap();
    assert_eq!(suspects.len(), 1000);
    let points: usize = suspects
        .iter()
        .map(|s| s["points"].as_array().unwrap().len())
        .sum();
    assert!(points <= 20_000, "{points}");
    assert!(tracks["tracks"][0]["points"].as_array().unwrap().len() <= 2_001);
    assert!(tracks.to_string().len() < 3_000_000);
}
