//! Events within the hold may come in any order; behind it they are late, and counted so.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use vigie_decode::{Body, Frame, Row};
use vigie_detect::outcome::{Outcome, Summary};
use vigie_detect::{Config, Fix, Intake, Profile};

const START_US: i64 = 1_700_000_000_000_000;

/// What is heard or known at one time.
#[derive(Debug, Clone, PartialEq)]
enum Event {
    Heard {
        time_us: i64,
        sensor: u16,
        address: String,
        rssi: i8,
    },
    At(Fix),
}

impl Event {
    fn time_us(&self) -> i64 {
        match self {
            Self::Heard { time_us, .. } => *time_us,
            Self::At(fix) => fix.time_us,
        }
    }
}

fn judge(events: &[Event], profile: Profile) -> (Vec<Outcome>, Summary) {
    let config = Config {
        profile,
        ..Config::default()
    };
    let mut intake = Intake::new(&config);
    for sensor in 0..3 {
        intake.name_sensor(sensor, &format!("S{sensor}"));
    }
    let mut outcomes = Vec::new();
    let mut sink = |outcome| outcomes.push(outcome);
    for event in events {
        match event {
            Event::Heard {
                time_us,
                sensor,
                address,
                rssi,
            } => {
                let row = Row {
                    address,
                    address_kind: None,
                    pdu: None,
                    payload: None,
                };
                let frame = Frame {
                    time_us: *time_us,
                    sensor: *sensor,
                    offset: 0,
                    rssi: Some(*rssi),
                    channel: None,
                    body: Body::Row(row),
                };
                intake.frame(&frame, &mut sink);
            }
            Event::At(fix) => intake.fix(*fix, &mut sink),
        }
    }
    let summary = intake.finish(false, &mut sink);
    (outcomes, summary)
}

/// Some minutes of a busy street walked along, in order, no two events of one sensor at the same time.
fn street() -> impl Strategy<Value = Vec<Event>> {
    let step = (0i64..40_000, 0u16..3, 0u32..60, -95i8..-30, 0u8..20);
    prop::collection::vec(step, 1..400).prop_map(|steps| {
        let mut times = BTreeMap::new();
        let mut now_us = START_US;
        for (i, (gap_us, sensor, device, rssi, what)) in steps.into_iter().enumerate() {
            // Now and then a pause; devices far apart in the list do not meet.
            now_us += if what == 0 { 30_000_000 } else { gap_us };
            let event = if what == 1 {
                let lat = 48.0 + i as f64 * 1e-4;
                let (sensor, accuracy_m, speed_m_s) = (None, None, None);
                Event::At(Fix {
                    time_us: now_us,
                    sensor,
                    lat,
                    lon: 2.0,
                    accuracy_m,
                    speed_m_s,
                })
            } else {
                let address = if device < 5 {
                    device.to_string()
                } else {
                    format!("C0:00:00:00:{:02X}:{device:02X}", i / 40)
                };
                Event::Heard {
                    time_us: now_us,
                    sensor,
                    address,
                    rssi,
                }
            };
            let key = (now_us, if what == 1 { u16::MAX } else { sensor });
            times.entry(key).or_insert(event);
        }
        times.into_values().collect()
    })
}

proptest! {
    #[test]
    fn within_the_hold_the_order_of_arrival_is_nothing(
        events in street(),
        delays in prop::collection::vec(0i64..20_000, 400),
        on_person: bool,
    ) {
        let profile = if on_person { Profile::OnPerson } else { Profile::Vehicle };
        let mut arriving: Vec<(i64, Event)> = events
            .iter()
            .zip(delays)
            .map(|(event, delay_us)| (event.time_us() + delay_us, event.clone()))
            .collect();
        // Ties in arrival the wrong way round too.
        arriving.reverse();
        arriving.sort_by_key(|(at_us, _)| *at_us);
        let arriving: Vec<Event> = arriving.into_iter().map(|(_, event)| event).collect();
        let (in_order, summary) = judge(&events, profile);
        let (shuffled, _) = judge(&arriving, profile);
        prop_assert_eq!(summary.late, 0);
        prop_assert_eq!(in_order, shuffled);
    }

    #[test]
    fn what_comes_late_is_counted_and_not_lost(
        events in street(),
        late_by_us in 20_001i64..5_000_000,
        which in 0usize..400,
    ) {
        let heard: Vec<Event> =
            events.into_iter().filter(|e| matches!(e, Event::Heard { .. })).collect();
        prop_assume!(!heard.is_empty());
        let mut events = heard.clone();
        let late = events.remove(which % heard.len());
        let at = events.partition_point(|e| e.time_us() <= late.time_us() + late_by_us);
        // It is late only where something newer was already let through.
        let newest_us = events[..at].last().map_or(i64::MIN, Event::time_us);
        let passed = events[..at].iter().any(|e| {
            e.time_us() > late.time_us() && e.time_us() <= newest_us - 20_000
        });
        events.insert(at, late);
        let (_, whole) = judge(&heard, Profile::OnPerson);
        let (outcomes, summary) = judge(&events, Profile::OnPerson);
        prop_assert_eq!(summary.late, u64::from(passed));
        prop_assert_eq!(summary.sightings, whole.sightings);
        prop_assert_eq!(summary.emitters, whole.emitters);
        let told: u64 = outcomes
            .iter()
            .filter_map(|o| match o {
                Outcome::Emitter(e) => Some(e.sightings),
                _ => None,
            })
            .sum();
        prop_assert_eq!(told, summary.sightings);
        // Time does not run backwards for anybody.
        for outcome in outcomes {
            if let Outcome::Emitter(e) = outcome {
                prop_assert!(e.first_seen_us <= e.last_seen_us);
            }
        }
    }
}
