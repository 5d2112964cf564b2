//! Lines as they are written, against the published schemas and against the contract's order.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Value;
use vigie_decode::{AddressKind, PduType};
use vigie_detect::outcome::*;
use vigie_keep::{DecodeLine, write_decode_line, write_json};

fn schema(text: &str) -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(text).unwrap();
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

fn stream_schema() -> jsonschema::Validator {
    schema(include_str!("../../../docs/result-stream.schema.json"))
}

fn decode_schema() -> jsonschema::Validator {
    schema(include_str!("../../../docs/decode.schema.json"))
}

fn written(outcome: &Outcome) -> String {
    let mut line = Vec::new();
    write_json(outcome, &mut line).unwrap();
    String::from_utf8(line).unwrap()
}

fn decode_written(line: &DecodeLine<'_>) -> String {
    let mut bytes = Vec::new();
    write_decode_line(line, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn validate(validator: &jsonschema::Validator, line: &str) -> Result<(), String> {
    let value: Value = serde_json::from_str(line).map_err(|e| e.to_string())?;
    validator
        .validate(&value)
        .map_err(|e| format!("{e} at {}: {line}", e.instance_path()))
}

const T: i64 = 1_621_718_305_000_000;

fn alert() -> Alert {
    Alert {
        at_us: T + 402_000_000,
        emitter: EmitterId(12),
        identifiers: vec!["C0:11:22:33:44:55".into(), "13".into()],
        analyzer: "co-travel@1",
        llr: 5.480_123_4,
        prior: 0.005,
        probability: 0.75,
        vehicle: None,
        vehicle_probability: None,
        whereabouts: None,
        family: Some("apple_find_my"),
        first_seen_us: T,
        level_dbm: Some(-58.4),
        verdict: Verdict::TravellingWithUs,
        reasons: vec![
            Reason {
                code: ReasonCode::Turnover,
                supports: true,
                value: Some(2.614),
            },
            Reason {
                code: ReasonCode::FellowTraveller,
                supports: false,
                value: None,
            },
        ],
    }
}

fn emitter() -> EmitterRecord {
    EmitterRecord {
        emitter: EmitterId(3),
        identifiers: vec!["13".into()],
        keys: vec!["0A0b".into()],
        family: None,
        model: None,
        state: Some("separated"),
        first_seen_us: T,
        last_seen_us: T + 1,
        sightings: 2,
        transmissions: 2,
        verdict: Verdict::Passing,
        llr: f64::NEG_INFINITY,
        llr_uncapped: f64::NEG_INFINITY,
        peaks: vigie_detect::strata::NO_PEAKS,
        turnover_peaks: vigie_detect::turnover_in_vehicle::NO_TURNOVER,
        prior: 1.0e-7,
        probability: 2.0e-8,
        alert_at_us: None,
        vehicle: Some("V3".into()),
        vehicle_probability: Some(0.5),
        whereabouts: None,
        enrolled: None,
        follows: Vec::new(),
        clone_signs: vec!["non_connectable"],
    }
}

fn summary(state: State) -> Summary {
    Summary {
        frames: 10,
        malformed: 1,
        malformed_by_kind: BTreeMap::from([("crc".into(), 1)]),
        sightings: 9,
        transmissions: 9,
        emitters: 2,
        alerts: 0,
        clones: 0,
        duration_s: 40.0,
        heard_s: 39.5,
        travelled_m: None,
        state,
        departure: None,
        deaf_s: BTreeMap::from([("phone \"1\"".into(), 0.5)]),
        late: 0,
        profile: "on-person",
        threat: "normal",
        clearance: None,
        blind_because: vec![],
        cannot_exclude: vec!["switched_off"],
        advice: vec!["record_longer"],
        interrupted: false,
        sensors: SensorFigures::default(),
    }
}

#[test]
fn alert_line() {
    assert_eq!(
        written(&Outcome::Alert(alert())),
        concat!(
            r#"{"event":"alert","v":1,"at":"2021-05-22T21:25:07.000000Z","emitter":"E12","#,
            r#""analyzer":"co-travel@1","llr":5.48,"prior":0.005,"probability":0.75,"#,
            r#""vehicle":null,"vehicle_probability":null,"#,
            r#""reasons":[{"code":"turnover","supports":true,"value":2.614},"#,
            r#"{"code":"fellow_traveller","supports":false,"value":null}],"#,
            r#""identifiers":["C0:11:22:33:44:55","13"],"family":"apple_find_my","#,
            r#""verdict":"travelling_with_us","first_seen":"2021-05-22T21:18:25.000000Z","#,
            r#""level_dbm":-58.4,"whereabouts":null}"#,
            "\n"
        )
    );
}

#[test]
fn clone_line() {
    let clone = CloneAlert {
        at_us: T + 30_000_000,
        since_us: T,
        analyzer: "loud-orphans@1",
        llr: 7.25,
        prior: 0.001,
        probability: 0.58,
        family: Some("apple_find_my"),
        level_dbm: -61.5,
        identifiers_counted: 9,
        vehicle: Some("V2".into()),
        vehicle_probability: Some(0.99),
        whereabouts: None,
        reasons: vec![],
    };
    let line = written(&Outcome::Clone(clone));
    assert_eq!(
        line,
        concat!(
            r#"{"event":"clone","v":1,"at":"2021-05-22T21:18:55.000000Z","#,
            r#""since":"2021-05-22T21:18:25.000000Z","analyzer":"loud-orphans@1","llr":7.25,"#,
            r#""prior":0.001,"probability":0.58,"family":"apple_find_my","level":-61.5,"#,
            r#""identifiers_counted":9,"vehicle":"V2","vehicle_probability":0.99,"reasons":[],"#,
            r#""whereabouts":null}"#,
            "\n"
        )
    );
    validate(&stream_schema(), &line).unwrap();
}

#[test]
fn emitter_line() {
    assert_eq!(
        written(&Outcome::Emitter(emitter())),
        concat!(
            r#"{"event":"emitter","v":1,"emitter":"E3","identifiers":["13"],"keys":["0A0b"],"#,
            r#""family":null,"model":null,"state":"separated","#,
            r#""first_seen":"2021-05-22T21:18:25.000000Z","#,
            r#""last_seen":"2021-05-22T21:18:25.000001Z","sightings":2,"verdict":"passing","#,
            r#""llr":null,"prior":1e-7,"probability":2e-8,"alert_at":null,"vehicle":"V3","#,
            r#""vehicle_probability":0.5,"clone_signs":["non_connectable"],"whereabouts":null,"#,
            r#""transmissions":2}"#,
            "\n"
        )
    );
}

#[test]
fn update_notice_and_summary_lines() {
    let update = Update {
        at_us: T,
        emitter: EmitterId(12),
        verdict: Verdict::ProbablyOurs,
        probability: 0.25,
        vehicle: Some("V4".into()),
        vehicle_probability: Some(0.5),
        whereabouts: Some(Whereabouts {
            vehicles: vec![("V3".into(), 0.45), ("V4".into(), 0.5)],
            outside: 0.05,
            pair: Some(("V4".into(), "V3".into(), 0.95)),
            since_us: Some(T),
        }),
        reasons: vec![],
    };
    validate(&stream_schema(), &written(&Outcome::Update(update.clone()))).unwrap();
    assert_eq!(
        written(&Outcome::Update(update)),
        concat!(
            r#"{"event":"update","v":1,"at":"2021-05-22T21:18:25.000000Z","emitter":"E12","#,
            r#""verdict":"probably_ours","probability":0.25,"reasons":[],"#,
            r#""vehicle":"V4","vehicle_probability":0.5,"whereabouts":{"#,
            r#""vehicles":{"V3":0.45,"V4":0.5},"outside":0.05,"#,
            r#""pair":["V4","V3"],"pair_probability":0.95,"since":"2021-05-22T21:18:25.000000Z"}}"#,
            "\n"
        )
    );
    let notice = Notice {
        at_us: None,
        kind: NoticeKind::Input,
        emitter: None,
        sensor: Some("s".into()),
        detail: "unknown_column".into(),
        about: Some("Colour".into()),
        value: None,
    };
    assert_eq!(
        written(&Outcome::Notice(notice)),
        concat!(
            r#"{"event":"notice","v":1,"at":null,"kind":"input","emitter":null,"sensor":"s","#,
            r#""detail":"unknown_column","value":null,"about":"Colour"}"#,
            "\n"
        )
    );
    assert_eq!(
        written(&Outcome::Summary(summary(State::Watch))),
        concat!(
            r#"{"event":"summary","v":1,"frames":10,"malformed":1,"sightings":9,"emitters":2,"#,
            r#""alerts":0,"duration_s":40.0,"state":"watch","deaf_s":{"phone \"1\"":0.5},"#,
            r#""heard_s":39.5,"travelled_m":null,"malformed_by_kind":{"crc":1},"late":0,"#,
            r#""profile":"on-person","threat":"normal","clearance":null,"blind_because":[],"#,
            r#""cannot_exclude":["switched_off"],"advice":["record_longer"],"#,
            r#""interrupted":false,"clones":0,"#,
            r#""channels":{},"late_share":{},"clocks":{},"unheard":[],"transmissions":9}"#,
            "\n"
        )
    );
}

#[test]
fn lines_fit_the_schema() {
    let schema = stream_schema();
    let mut clear = summary(State::Clear);
    clear.clearance = Some(Clearance {
        heard_s: 5400.0,
        classes: vec!["lasting_address_loud"],
        miss_probability: 0.08,
        basis: "measured",
    });
    let mut blind = summary(State::Blind);
    blind.blind_because = vec!["heard_too_short"];
    for outcome in [
        Outcome::Alert(alert()),
        Outcome::Emitter(emitter()),
        Outcome::Summary(summary(State::Act)),
        Outcome::Summary(clear),
        Outcome::Summary(blind),
    ] {
        validate(&schema, &written(&outcome)).unwrap();
    }
}

#[test]
fn the_schema_refuses_what_breaks_the_contract() {
    let schema = stream_schema();
    let good = written(&Outcome::Alert(alert()));
    for (from, to) in [
        ("\"v\":1", "\"v\":2"),
        ("\"E12\"", "12"),
        (".000000Z\",\"emitter", "Z\",\"emitter"),
        ("07.000000Z", "67.000000Z"),
        ("\"probability\":0.75", "\"probability\":75"),
        ("\"turnover\"", "\"gut_feeling\""),
        ("\"vehicle\":null,", ""),
        ("\"supports\":true", "\"supports\":1"),
        ("\"travelling_with_us\"", "\"planted\""),
        ("C0:11:22:33:44:55", "c0:11:22:33:44:55"),
        ("co-travel@1", "co-travel"),
        ("\"event\":\"alert\"", "\"event\":\"emitter\""),
    ] {
        let bad = good.replace(from, to);
        assert_ne!(bad, good, "{from} is not in the line");
        assert!(validate(&schema, &bad).is_err(), "{from} -> {to} passes");
    }
    // A bare "clear" and an unexplained "blind" break the contract, whoever writes them.
    assert!(validate(&schema, &written(&Outcome::Summary(summary(State::Clear)))).is_err());
    assert!(validate(&schema, &written(&Outcome::Summary(summary(State::Blind)))).is_err());
}

fn decode_line<'a>() -> DecodeLine<'a> {
    DecodeLine {
        time_us: T,
        sensor: "hci0",
        channel: Some(37),
        rssi: Some(-70),
        pdu: Some(PduType::AdvNonconnInd),
        adva: Some("C0:11:22:33:44:55".into()),
        address_kind: Some(AddressKind::StaticRandom),
        payload: &[0x02, 0x01, 0xfa],
        family: Some("apple_find_my"),
        state: Some("separated"),
        details: serde_json::json!({"battery": "full"}),
        malformed: None,
    }
}

#[test]
fn decode_lines() {
    let schema = decode_schema();
    let line = decode_written(&decode_line());
    assert_eq!(
        line,
        concat!(
            r#"{"time":"2021-05-22T21:18:25.000000Z","sensor":"hci0","channel":37,"rssi":-70,"#,
            r#""pdu":"ADV_NONCONN_IND","adva":"C0:11:22:33:44:55","#,
            r#""address_type":"static_random","payload":"0201fa","family":"apple_find_my","#,
            r#""state":"separated","details":{"battery":"full"},"malformed":null}"#,
            "\n"
        )
    );
    validate(&schema, &line).unwrap();

    let damaged = decode_written(&DecodeLine {
        channel: None,
        rssi: None,
        pdu: None,
        adva: None,
        address_kind: None,
        payload: &[],
        family: None,
        state: None,
        details: Value::Null,
        malformed: Some(("crc", 4_294_967_296)),
        ..decode_line()
    });
    assert!(
        damaged
            .ends_with("\"details\":{},\"malformed\":{\"kind\":\"crc\",\"offset\":4294967296}}\n")
    );
    validate(&schema, &damaged).unwrap();

    for (from, to) in [
        ("\"channel\":37", "\"channel\":40"),
        ("\"rssi\":-70", "\"rssi\":127"),
        ("ADV_NONCONN_IND", "ADV_NOTHING"),
        ("\"0201fa\"", "\"0201f\""),
        ("\"details\":{\"battery\":\"full\"}", "\"details\":null"),
    ] {
        let bad = line.replace(from, to);
        assert_ne!(bad, line);
        assert!(validate(&schema, &bad).is_err(), "{from} -> {to} passes");
    }
}

proptest! {
    /// Whatever detect hands over: one line, valid, and the same line again.
    #[test]
    fn any_alert_is_one_valid_line(
        at in any::<i64>(), id in 1u64.., llr in -1e6..1e6f64, p in 0.0..=1.0f64,
        name in "[^a-z]{1,20}", vehicle in proptest::option::of(".{1,10}"),
        value in proptest::option::of(any::<f64>()),
    ) {
        let mut alert = alert();
        alert.at_us = at;
        alert.emitter = EmitterId(id);
        alert.llr = llr;
        alert.prior = p;
        alert.probability = p;
        alert.identifiers = vec![name];
        alert.vehicle = vehicle;
        alert.level_dbm = value;
        let outcome = Outcome::Alert(alert);
        let line = written(&outcome);
        prop_assert_eq!(line.matches('\n').count(), 1);
        prop_assert!(line.ends_with('\n'));
        prop_assert_eq!(validate(&stream_schema(), &line), Ok(()));
        prop_assert_eq!(written(&outcome), line);
    }
}
