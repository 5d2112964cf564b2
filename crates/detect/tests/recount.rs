//! The bookkeeping of who is present, who fell silent and who is forgotten, against a recount from the list of
//! all sightings: where one neighbour were counted wrongly, every ratio after it would differ.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use vigie_decode::{Body, Frame, Row};
use vigie_detect::config::Limits;
use vigie_detect::linking::LinkingConstants;
use vigie_detect::outcome::Outcome;
use vigie_detect::{Config, Intake, Profile};

const START_US: i64 = 1_700_000_000_000_000;
const SECOND_US: i64 = 1_000_000;
/// Short, so that short sequences hold it.
const FORGET_S: f64 = 500.0;

#[derive(Debug, Clone, Copy)]
struct Heard {
    time_us: i64,
    device: u8,
    rssi: i8,
}

fn config() -> Config {
    Config {
        profile: Profile::OnPerson,
        limits: Limits {
            forget_s: FORGET_S,
            ..Limits::default()
        },
        // What an emitter has from others is not recounted here.
        linking: LinkingConstants {
            on: false,
            ..LinkingConstants::default()
        },
        ..Config::default()
    }
}

/// What is told of an emitter: device, first, last, sightings, highest ratio.
type Told = (u8, i64, i64, u64, f64);

/// What is told, and when which device alerted.
fn product(heard: &[Heard]) -> (Vec<Told>, Vec<(u8, i64)>) {
    let mut told = Vec::new();
    let mut alerted = Vec::new();
    let mut sink = |outcome| {
        if let Outcome::Alert(alert) = &outcome {
            alerted.push((alert.identifiers[0].parse().unwrap(), alert.at_us));
        }
        if let Outcome::Emitter(e) = outcome {
            let device = e.identifiers[0].parse().unwrap();
            told.push((
                device,
                e.first_seen_us,
                e.last_seen_us,
                e.sightings,
                e.llr_uncapped,
            ));
        }
    };
    let mut intake = Intake::new(&config());
    for h in heard {
        let address = h.device.to_string();
        let row = Row {
            address: &address,
            address_kind: None,
            pdu: None,
            payload: None,
        };
        let (time_us, rssi) = (h.time_us, Some(h.rssi));
        let body = Body::Row(row);
        let frame = Frame {
            time_us,
            sensor: 0,
            offset: 0,
            rssi,
            channel: None,
            body,
        };
        intake.frame(&frame, &mut sink);
    }
    intake.finish(false, &mut sink);
    told.sort_by_key(|t| (t.0, t.1));
    (told, alerted)
}

/// One life of a device, from its first sighting until it is forgotten; one that alerted never is.
#[derive(Debug, Clone)]
struct Life {
    device: u8,
    /// Time and scan clock, microseconds, and number present of each sighting.
    sightings: Vec<(i64, i64, usize)>,
    died: bool,
    over: bool,
    level: f32,
    /// Births and deaths when the run of each tier began.
    runs: [(f64, f64); 2],
    best: f64,
}

impl Life {
    fn last(&self) -> (i64, i64, usize) {
        *self.sightings.last().unwrap()
    }
}

/// The rule without positions, counted anew from the whole list at every sighting.
fn recount(heard: &[Heard], alerted: &[(u8, i64)]) -> Vec<Told> {
    let config = config();
    let c = &config.turnover;
    let window_us = (c.window_s * 1e6) as i64;
    let mut lives: Vec<Life> = Vec::new();
    let (mut scan_us, mut last_us) = (0i64, None::<i64>);
    let (mut births, mut deaths, mut strangers) = (0.0, 0.0, -80.0f32);
    for h in heard {
        let now_us = h.time_us;
        if let Some(last_us) = last_us {
            scan_us += (now_us - last_us).min((config.limits.silence_s * 1e6) as i64);
        }
        last_us = Some(now_us);
        for life in &mut lives {
            if !life.died && life.last().0 < now_us - window_us {
                life.died = true;
                deaths += 1.0 / (life.last().2 as f64).max(c.floor);
            }
            let kept = alerted.iter().any(|&(device, at_us)| {
                device == life.device && (life.sightings[0].0..=now_us).contains(&at_us)
            });
            life.over |= !kept && life.last().1 < scan_us - (FORGET_S * 1e6) as i64;
        }
        let heard_lately = |lives: &[Life], but: u8| {
            let lately = |l: &&Life| !l.over && l.device != but && l.last().0 >= now_us - window_us;
            lives.iter().filter(lately).count()
        };
        let others = heard_lately(&lives, h.device);
        let level = f32::from(h.rssi);
        let known = lives.iter().position(|l| l.device == h.device && !l.over);
        let at = known.unwrap_or_else(|| {
            births += 1.0 / (others as f64).max(c.floor);
            strangers += if level > strangers { 0.25 } else { -0.25 };
            lives.push(Life {
                device: h.device,
                sightings: Vec::new(),
                died: false,
                over: false,
                level,
                runs: [(births, deaths); 2],
                best: f64::NEG_INFINITY,
            });
            lives.len() - 1
        });
        let life = &mut lives[at];
        if known.is_some() {
            let gap_s = (scan_us - life.last().1) as f64 / 1e6;
            for (run, tier) in life.runs.iter_mut().zip([c.fast, c.slow]) {
                if gap_s > tier.gap_s {
                    *run = (births, deaths);
                }
            }
            life.level += if level > life.level { 0.8 } else { -0.2 };
        }
        life.sightings.push((now_us, scan_us, others + 1));
        let deficit = f64::from((strangers + c.level_offset_db as f32 - life.level).max(0.0));
        for (run, tier) in life.runs.iter().zip([c.fast, c.slow]) {
            let turnovers = (births - run.0).min(deaths - run.1);
            let margin = turnovers - tier.turnovers - tier.per_db * deficit - c.guard;
            life.best = life.best.max(c.llr_at_alert + c.llr_per_turnover * margin);
        }
    }
    let mut told: Vec<Told> = lives
        .iter()
        .map(|l| {
            (
                l.device,
                l.sightings[0].0,
                l.last().0,
                l.sightings.len() as u64,
                l.best.max(-100.0),
            )
        })
        .collect();
    told.sort_by_key(|t| (t.0, t.1));
    told
}

/// Comings and goings: bursts of one device, pauses up to beyond forgetting. In tenths of a second,
/// so that the edges of windows are met.
fn comings_and_goings() -> impl Strategy<Value = Vec<Heard>> {
    let step = (
        prop_oneof![6 => 1i64..40, 2 => 40i64..160, 1 => 160i64..1200],
        prop_oneof![3 => 0u8..6, 1 => 6u8..40],
        -95i8..-35,
    );
    prop::collection::vec(step, 1..500).prop_map(|steps| {
        let mut time_us = START_US;
        let hear = |(tenths, device, rssi)| {
            time_us += tenths * SECOND_US / 10;
            Heard {
                time_us,
                device,
                rssi,
            }
        };
        steps.into_iter().map(hear).collect()
    })
}

proptest! {
    #[test]
    fn the_ratio_of_every_emitter_follows_from_a_recount(heard in comings_and_goings()) {
        let (product, alerted) = product(&heard);
        let recount = recount(&heard, &alerted);
        prop_assert_eq!(product.len(), recount.len());
        for (p, r) in product.iter().zip(&recount) {
            prop_assert_eq!((p.0, p.1, p.2, p.3), (r.0, r.1, r.2, r.3));
            prop_assert!((p.4 - r.4).abs() < 1e-6, "{:?} {:?}", p, r);
        }
    }
}

/// A silence of everything, after which the device that was heard last is heard first: it is present once, and
/// gone when it falls silent again.
#[test]
fn a_device_that_returns_after_a_silence_of_all_is_counted_once() {
    let at = |s: i64, device| Heard {
        time_us: START_US + s * SECOND_US,
        device,
        rssi: -60,
    };
    let mut heard = vec![at(0, 0), at(100, 0)];
    // Passers-by, and one that stays and tells how often they were replaced.
    for i in 1..60 {
        heard.extend([at(100 + i * 4, i as u8), at(100 + i * 4, 100)]);
    }
    for (product, recount) in product(&heard).0.iter().zip(&recount(&heard, &[])) {
        assert!(
            (product.4 - recount.4).abs() < 1e-6,
            "{product:?} {recount:?}"
        );
    }
}

/// The sequences above do hold what they are for.
#[test]
fn a_device_that_was_forgotten_is_a_new_emitter() {
    let at = |s: i64, device| Heard {
        time_us: START_US + s * SECOND_US,
        device,
        rssi: -60,
    };
    let mut heard = vec![at(0, 1)];
    heard.extend((1..60).map(|i| at(i * 10, 2)));
    heard.push(at(600, 1));
    let lives: BTreeMap<_, _> = product(&heard)
        .0
        .into_iter()
        .map(|t| ((t.0, t.1), t.3))
        .collect();
    let expected = [
        ((1, START_US), 1),
        ((1, START_US + 600 * SECOND_US), 1),
        ((2, START_US + 10 * SECOND_US), 59),
    ];
    assert_eq!(lives, BTreeMap::from(expected));
    assert_eq!(recount(&heard, &[]).len(), 3);
}
