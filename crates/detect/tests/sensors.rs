//! Several sensors: one with a wrong clock, a deaf one, one that is flooded, one on a single channel; positions that
//! are lost; air too full to hear. What is claimed falls, and the sensor is named.
#![allow(clippy::unwrap_used, clippy::panic)]

use vigie_decode::{AddressKind, Body, Fix, Frame, Row};
use vigie_detect::outcome::{EmitterRecord, NoticeKind, Outcome, State, Summary, Verdict};
use vigie_detect::{Config, Intake};

const START_US: i64 = 1_700_000_000_000_000;
const SECOND_US: i64 = 1_000_000;
const TAG: &str = "C0:FF:EE:00:00:01";
const SENSORS: u16 = 3;
const SPEED_M_S: f64 = 15.0;

/// What is wrong.
#[derive(Default, Clone)]
struct Wrong {
    tag: bool,
    clock_us: [i64; 3],
    deaf_from_s: Option<i64>,
    channel: Option<u8>,
    fixes_lost_s: Option<(i64, i64)>,
    flood_s: Option<(i64, i64)>,
    /// Share of the frames that collisions leave.
    survival: Option<f64>,
    no_sensor_in: Option<&'static str>,
}

struct Ran {
    outcomes: Vec<Outcome>,
    summary: Summary,
}

/// Deterministic draws.
struct Draws(u64);

impl Draws {
    fn below(&mut self, n: i64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        ((self.0 >> 33) as i64 * n) >> 31
    }
}

/// Three vehicles drive straight on; roadside devices every 40 m, one steady device in each vehicle.
fn drive(seconds: i64, wrong: &Wrong) -> Ran {
    let mut draws = Draws(3);
    let mut frames: Vec<(i64, u16, String, i8, u8)> = Vec::new();
    let mut send = |at_us: i64, address: &str, levels: [i64; 3], draws: &mut Draws| {
        for sensor in 0..SENSORS {
            let level = levels[usize::from(sensor)] + draws.below(7) - 3;
            let second = at_us / SECOND_US;
            let deaf = sensor == 1 && wrong.deaf_from_s.is_some_and(|from| second >= from);
            let share = 0.8 * wrong.survival.unwrap_or(1.0);
            let lost = draws.below(1000) as f64 >= 1000.0 * share;
            if level < -93 || deaf || lost {
                continue;
            }
            let channel = wrong.channel.unwrap_or(37 + (second % 3) as u8);
            let stamped = at_us + wrong.clock_us[usize::from(sensor)] + draws.below(10);
            frames.push((stamped, sensor, address.to_owned(), level as i8, channel));
        }
    };
    for device in 0..SENSORS + u16::from(wrong.tag) {
        let (address, vehicle) = match device {
            3 => (TAG.to_owned(), 1),
            own => (format!("C0:00:00:00:10:{own:02X}"), own),
        };
        let mut at_us = draws.below(2_000_000);
        while at_us < seconds * SECOND_US {
            let levels = [0, 1, 2].map(|s: i64| -62 - 16 * (s - i64::from(vehicle)).abs());
            send(at_us, &address, levels, &mut draws);
            at_us += 2_000_000 + draws.below(17) * 625;
        }
    }
    let (from, to) = wrong.flood_s.unwrap_or_default();
    for roadside in 0..(seconds as f64 * SPEED_M_S / 40.0) as i64 {
        let (address, place) = (
            format!("C0:00:01:00:{:02X}:{:02X}", roadside >> 8, roadside & 255),
            roadside * 40,
        );
        let pass_us = (place as f64 / SPEED_M_S * 1e6) as i64;
        for k in -3..=3i64 {
            let at_us = pass_us + k * 2_000_000 + draws.below(10_000);
            if at_us < 0 || at_us >= seconds * SECOND_US {
                continue;
            }
            let levels = [0, 1, 2].map(|s: i64| {
                let metres =
                    (at_us as f64 / 1e6 * SPEED_M_S - s as f64 * 30.0 - place as f64).hypot(8.0);
                (-59.0 - 24.0 * metres.log10()) as i64
            });
            send(at_us, &address, levels, &mut draws);
        }
    }
    for second in from..to {
        for i in 0..10_000i64 {
            let n = (second - from) * 10_000 + i;
            let address = format!(
                "C1:00:{:02X}:{:02X}:{:02X}:00",
                n >> 16,
                n >> 8 & 255,
                n & 255
            );
            frames.push((second * SECOND_US + i * 100, 0, address, -60, 37));
        }
    }
    frames.sort();
    judge(seconds, wrong, &frames)
}

fn judge(seconds: i64, wrong: &Wrong, frames: &[(i64, u16, String, i8, u8)]) -> Ran {
    let mut intake = Intake::new(&Config::default());
    for sensor in 0..SENSORS {
        intake.name_sensor(sensor, &format!("S{sensor}"));
        intake.ride(sensor, &format!("V{sensor}"), i64::MIN);
    }
    if let Some(vehicle) = wrong.no_sensor_in {
        intake.vehicle(vehicle);
    }
    let mut outcomes = Vec::new();
    let mut fixed_s = 0;
    for (at_us, sensor, address, rssi, channel) in frames {
        while fixed_s < seconds && fixed_s * SECOND_US <= *at_us {
            if !wrong
                .fixes_lost_s
                .is_some_and(|(a, b)| (a..b).contains(&fixed_s))
            {
                let metres = fixed_s as f64 * SPEED_M_S;
                let fix = Fix {
                    time_us: START_US + fixed_s * SECOND_US,
                    sensor: None,
                    lat: 48.0 + metres / 111_320.0,
                    lon: 2.0,
                    accuracy_m: None,
                    speed_m_s: Some(SPEED_M_S as f32),
                };
                intake.fix(fix, &mut |o| outcomes.push(o));
            }
            fixed_s += 1;
        }
        let row = Row {
            address,
            address_kind: Some(AddressKind::StaticRandom),
            pdu: None,
            payload: None,
        };
        let frame = Frame {
            time_us: START_US + at_us,
            sensor: *sensor,
            offset: 0,
            rssi: Some(*rssi),
            channel: Some(*channel),
            body: Body::Row(row),
        };
        intake.frame(&frame, &mut |o| outcomes.push(o));
    }
    let summary = intake.finish(false, &mut |o| outcomes.push(o));
    Ran { outcomes, summary }
}

impl Ran {
    fn notices(&self, kind: NoticeKind, detail: &str) -> Vec<(Option<&str>, Option<f64>)> {
        let mut found = Vec::new();
        for outcome in &self.outcomes {
            if let Outcome::Notice(n) = outcome
                && n.kind == kind
                && n.detail == detail
            {
                found.push((n.sensor.as_deref(), n.value));
            }
        }
        found
    }

    fn records(&self) -> Vec<&EmitterRecord> {
        let mut found = Vec::new();
        for outcome in &self.outcomes {
            if let Outcome::Emitter(e) = outcome {
                found.push(e);
            }
        }
        found
    }

    fn verdicts(&self) -> Vec<(String, Verdict, bool)> {
        let mut all: Vec<_> = self
            .records()
            .iter()
            .map(|e| (e.identifiers.join(" "), e.verdict, e.alert_at_us.is_some()))
            .collect();
        all.sort();
        all
    }

    fn alerted(&self, address: &str) -> bool {
        self.records()
            .iter()
            .any(|e| e.identifiers == [address] && e.alert_at_us.is_some())
    }
}

#[test]
fn a_clock_three_seconds_off_changes_no_verdict_and_is_named_with_its_offset() {
    let with = |clock_us| {
        drive(
            900,
            &Wrong {
                tag: true,
                clock_us,
                ..Wrong::default()
            },
        )
    };
    let right = with([0; 3]);
    assert!(right.alerted(TAG));
    assert_eq!(right.notices(NoticeKind::Clock, "sensor_offset"), []);
    for off_us in [3_000_000, -3_000_000] {
        let wrong = with([0, off_us, 0]);
        // Who was heard in the last minute is neither passing nor past, and three seconds move that line.
        let (a, b) = (right.verdicts(), wrong.verdicts());
        assert_eq!(a.len(), b.len());
        for (a, b) in a.iter().zip(&b) {
            let undecided = [a.1, b.1].contains(&Verdict::Undecided) && !a.2 && !b.2;
            assert!(a == b || undecided, "{off_us}: {a:?} {b:?}");
        }
        let told = wrong.notices(NoticeKind::Clock, "sensor_offset");
        let [(Some("S1"), Some(told_s))] = told[..] else {
            panic!("{told:?}")
        };
        assert!((told_s - off_us as f64 / 1e6).abs() < 0.01, "{told_s}");
        let clock = wrong.summary.sensors.clocks["S1"];
        assert!(
            (clock.offset_s - off_us as f64 / 1e6).abs() < 0.001,
            "{clock:?}"
        );
        assert!(clock.uncertainty_s < 0.01, "{clock:?}");
    }
}

#[test]
fn a_vehicle_whose_only_sensor_falls_silent_is_named() {
    let sound = drive(600, &Wrong::default());
    assert_eq!(sound.summary.sensors.unheard, [""; 0]);
    let deaf = drive(
        600,
        &Wrong {
            deaf_from_s: Some(400),
            ..Wrong::default()
        },
    );
    assert_eq!(deaf.summary.sensors.unheard, ["V1"]);
    assert!(deaf.summary.blind_because.contains(&"sensor_deaf"));
}

#[test]
fn a_vehicle_without_sensor_is_said() {
    let ran = drive(
        200,
        &Wrong {
            no_sensor_in: Some("V9"),
            ..Wrong::default()
        },
    );
    let told: Vec<_> = ran
        .outcomes
        .iter()
        .filter_map(|o| match o {
            Outcome::Notice(n) if n.detail == "vehicle_without_sensor" => n.about.as_deref(),
            _ => None,
        })
        .collect();
    assert_eq!(told, ["V9"]);
    assert!(
        ran.summary
            .cannot_exclude
            .contains(&"vehicle_without_sensor")
    );
}

#[test]
fn one_channel_is_told_and_channels_are_counted() {
    let ran = drive(
        900,
        &Wrong {
            channel: Some(38),
            ..Wrong::default()
        },
    );
    let mut told = ran.notices(NoticeKind::Sensor, "one_channel");
    told.sort_by_key(|n| n.0);
    assert_eq!(told, ["S0", "S1", "S2"].map(|s| (Some(s), Some(38.0))));
    let [on_37, on_38, on_39, unknown] = ran.summary.sensors.channels["S0"];
    assert!(on_38 > 0 && (on_37, on_39, unknown) == (0, 0, 0));
    assert!(ran.summary.cannot_exclude.contains(&"one_channel"));
}

#[test]
fn lost_positions_are_told_and_nothing_is_cleared_meanwhile() {
    let ran = drive(
        900,
        &Wrong {
            fixes_lost_s: Some((200, 500)),
            ..Wrong::default()
        },
    );
    let lost = ran.notices(NoticeKind::Fix, "positions_lost");
    assert!(
        matches!(lost[..], [(None, Some(s))] if (180.0..190.0).contains(&s)),
        "{lost:?}"
    );
    assert_eq!(
        ran.notices(NoticeKind::Fix, "positions_back"),
        [(None, Some(301.0))]
    );
    assert!(!ran.summary.blind_because.contains(&"positions_lost"));
    let ran = drive(
        900,
        &Wrong {
            fixes_lost_s: Some((200, 900)),
            ..Wrong::default()
        },
    );
    assert_ne!(ran.summary.state, State::Clear);
    assert!(ran.summary.blind_because.contains(&"positions_lost"));
}

#[test]
fn a_flood_at_one_sensor_is_a_notice_the_tag_is_found_and_memory_stays_bounded() {
    let ran = drive(
        600,
        &Wrong {
            tag: true,
            flood_s: Some((5, 65)),
            ..Wrong::default()
        },
    );
    let told = ran.notices(NoticeKind::Flood, "flood_sensor");
    assert!(
        matches!(told[..], [(Some("S0"), Some(n))] if n > 2660.0),
        "{told:?}"
    );
    assert!(ran.alerted(TAG));
    // 600,000 made-up addresses: only those before the flood was noticed got in.
    assert!(ran.summary.emitters < 4000, "{}", ran.summary.emitters);
    let alerts = ran
        .records()
        .iter()
        .filter(|e| e.alert_at_us.is_some() && e.identifiers[0].starts_with("C1:"))
        .count();
    assert_eq!(alerts, 0);
}

#[test]
fn air_too_full_to_hear_is_blindness() {
    let with = |survival| {
        drive(
            600,
            &Wrong {
                survival: Some(survival),
                ..Wrong::default()
            },
        )
    };
    assert!(!with(1.0).summary.blind_because.contains(&"air_full"));
    // exp(-2 · 376 us · 2,660/s)
    let full = with(0.135);
    assert!(
        full.summary.blind_because.contains(&"air_full"),
        "{:?}",
        full.summary.blind_because
    );
    assert!(!full.summary.sensors.unheard.is_empty());
}
