//! Simulated convoys with one thing wrong about a sensor, and what is noticed of where sensors ride.

use vigie_detect::Config;
use vigie_detect::outcome::{Notice, Outcome};
use vigie_trial::convoy::{Heard, Plan, Start, Trace, simulate};

use crate::convoy_feed::judge_trace;

/// The sensor that something is wrong with, from 0.
const SENSOR: u8 = 2;
/// The one that it is exchanged with.
const OTHER: u8 = 4;
/// Weakest frame that is received, dBm, about.
const FLOOR_DBM: i8 = -93;
/// What a sensor hears less under a seat than on the dashboard, dB. Own estimate.
const UNDER_A_SEAT_DB: i8 = 15;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// The third sensor hears 15 dB less than the others.
    HearsBadly,
    /// The third sensor listens a tenth of the time, in periods of 5.12 s.
    ListensATenth,
    /// The third sensor's clock is 3 s fast.
    ClockOff,
    /// The sensors of the third and the fifth vehicle are exchanged.
    Exchanged,
    /// The sensor of the third vehicle stays where the convoy set out, and hears what is parked and walks there.
    LeftBehind,
}

/// The trace of a plan with a fault.
pub fn broken(plan: &Plan, sound: &Trace, fault: Fault) -> Trace {
    let mut trace = sound.clone();
    let heard = &mut trace.heard;
    match fault {
        Fault::None => {}
        Fault::HearsBadly => {
            for h in heard.iter_mut().filter(|h| h.sensor == SENSOR) {
                h.rssi = h.rssi.saturating_sub(UNDER_A_SEAT_DB);
            }
            heard.retain(|h| h.rssi >= FLOOR_DBM || h.sensor != SENSOR);
        }
        Fault::ListensATenth => {
            let start_us = trace.start_us;
            let listens = |h: &Heard| (h.at_us - start_us).rem_euclid(5_120_000) < 512_000;
            heard.retain(|h| h.sensor != SENSOR || listens(h));
        }
        Fault::ClockOff => {
            for h in heard.iter_mut().filter(|h| h.sensor == SENSOR) {
                h.stamped_us += 3_000_000;
            }
        }
        Fault::Exchanged => {
            for h in heard.iter_mut() {
                h.sensor = match h.sensor {
                    SENSOR => OTHER,
                    OTHER => SENSOR,
                    other => other,
                };
            }
        }
        Fault::LeftBehind => {
            heard.retain(|h| h.sensor != SENSOR);
            let there = simulate(&Plan {
                vehicles: 1,
                seed: plan.seed + 1_000_000,
                start: Start::Parked {
                    seconds: plan.seconds,
                },
                ..plan.clone()
            });
            let known = trace.identities.len() as u32;
            trace.identities.extend(there.identities);
            heard.extend(there.heard.into_iter().map(|h| Heard {
                identity: h.identity + known,
                sensor: SENSOR,
                ..h
            }));
        }
    }
    heard.sort_by_key(|h| (h.stamped_us, h.sensor));
    trace
}

/// What was noticed.
#[derive(Debug, Default)]
pub struct Noticed {
    /// That sensors ride elsewhere or were left behind.
    pub places: Vec<Notice>,
    /// A sensor that heard nothing at all.
    pub deaf: bool,
    /// A clock that is off.
    pub clock: bool,
}

/// Judges a trace in which sensor `i` is stated to ride in vehicle `i`.
pub fn noticed(trace: &Trace) -> Noticed {
    let mut noticed = Noticed::default();
    judge_trace(trace, &Config::default(), &mut |outcome| {
        let Outcome::Notice(notice) = outcome else {
            return;
        };
        match notice.detail.as_str() {
            "rides_elsewhere" | "left_behind" => noticed.places.push(notice),
            "deaf_gap" => noticed.deaf |= notice.sensor.as_deref() == Some("S3"),
            "sensor_offset" => noticed.clock = true,
            _ => {}
        }
    });
    noticed
}

/// Whether a notice says what is wrong.
pub fn is_right(notice: &Notice, fault: Fault) -> bool {
    let about = notice.about.as_deref().unwrap_or_default();
    match fault {
        Fault::Exchanged => ["S3 (V3 → V5)", "S5 (V5 → V3)"].contains(&about),
        Fault::LeftBehind => {
            notice.detail == "left_behind" && notice.sensor.as_deref() == Some("S3")
        }
        _ => false,
    }
}
