//! Simulated: how soon sensors that ride elsewhere than stated are named, and how often others are.
//!
//! ```text
//! cargo run --release -p vigie --example displaced_sensors -- 20
//! ```
//! The seeds for each surroundings; on the half of the simulated world that nothing was fitted on.

use vigie_detect::Config;
use vigie_detect::outcome::{NoticeKind, Outcome};
use vigie_trial::convoy::{Classes, Environment, Plan, Split, Trace, simulate};

#[path = "../src/convoy_feed.rs"]
mod convoy_feed;

const HOUR_S: f64 = 3600.0;

#[derive(Clone, Copy)]
enum Fault {
    None,
    /// The sensors of the third and the fifth vehicle are exchanged.
    Exchanged,
    /// The sensor of the third vehicle rides in the sixth.
    Moved,
    /// The sensor of the third vehicle stays where the drive began.
    LeftBehind,
}

fn main() {
    let seeds: u64 = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(5);
    println!(
        "simulated; surroundings, devices, fault: named rightly of n | median and 90 % s | wrong notices"
    );
    for environment in Environment::ALL {
        for (classes, devices) in [(Classes::All, "all"), (Classes::TagsOnly, "tags")] {
            // A crowd of everything takes long to simulate.
            let hour_s = if environment == Environment::Crowd {
                HOUR_S / 4.0
            } else {
                HOUR_S
            };
            for (fault, name) in [
                (Fault::None, "none"),
                (Fault::Exchanged, "V3 and V5 exchanged"),
                (Fault::Moved, "V3's in V6"),
                (Fault::LeftBehind, "V3's left behind"),
            ] {
                let (mut times, mut wrong) = (Vec::new(), 0);
                for seed in 0..seeds {
                    let plan = Plan {
                        environment,
                        split: Split::Test,
                        seed: 500 + seed,
                        seconds: hour_s,
                        classes,
                        ..Plan::default()
                    };
                    let mut trace = simulate(&plan);
                    break_sensors(&mut trace, fault);
                    let (at_s, others) = judge(&trace, fault);
                    times.extend(at_s);
                    wrong += others;
                }
                times.sort_by(f64::total_cmp);
                // Those never named count as later than all others.
                let quantile = |q: f64| times.get((q * (seeds as f64 - 1.0)).round() as usize);
                println!(
                    "{:9} {devices:5} {name:20} {} of {seeds} | {:?} {:?} | {wrong}",
                    environment.as_str(),
                    times.len(),
                    quantile(0.5).map(|t| t.round()),
                    quantile(0.9).map(|t| t.round()),
                );
            }
        }
    }
}

fn break_sensors(trace: &mut Trace, fault: Fault) {
    match fault {
        Fault::None => {}
        Fault::Exchanged => {
            for heard in &mut trace.heard {
                heard.sensor = match heard.sensor {
                    2 => 4,
                    4 => 2,
                    other => other,
                };
            }
        }
        Fault::Moved => {
            // What the sixth vehicle's hears, less a third of it that another antenna would miss.
            trace.heard.retain(|h| h.sensor != 2);
            let mut n = 0_u32;
            let extra: Vec<_> = trace
                .heard
                .iter()
                .filter(|h| h.sensor == 5)
                .filter(|_| {
                    n += 1;
                    !n.is_multiple_of(3)
                })
                .map(|h| {
                    let mut h = *h;
                    h.sensor = 2;
                    h
                })
                .collect();
            trace.heard.extend(extra);
            trace.heard.sort_by_key(|h| h.stamped_us);
        }
        Fault::LeftBehind => {
            // It goes on hearing somebody who never moves: the first device of the recording.
            let Some(first) = trace.heard.first().copied() else {
                return;
            };
            trace.heard.retain(|h| h.sensor != 2);
            for n in 0..(trace.seconds / 2.0) as i64 {
                let mut h = first;
                h.sensor = 2;
                h.stamped_us = trace.start_us + n * 2_000_000;
                h.at_us = h.stamped_us;
                trace.heard.push(h);
            }
            trace.heard.sort_by_key(|h| h.stamped_us);
        }
    }
}

/// When the first right notice came, seconds, and how many wrong ones there were.
fn judge(trace: &Trace, fault: Fault) -> (Option<f64>, u32) {
    let (mut at_s, mut wrong) = (None, 0);
    convoy_feed::judge_trace(trace, &Config::default(), &mut |outcome| {
        let Outcome::Notice(n) = outcome else { return };
        if n.kind != NoticeKind::Sensor
            || !["rides_elsewhere", "left_behind"].contains(&n.detail.as_str())
        {
            return;
        }
        let about = n.about.as_deref().unwrap_or_default();
        let right = match fault {
            Fault::None => false,
            Fault::Exchanged => ["S3: V3 → V5", "S5: V5 → V3"].contains(&about),
            Fault::Moved => about == "S3: V3 → V6",
            Fault::LeftBehind => n.detail == "left_behind" && n.sensor.as_deref() == Some("S3"),
        };
        if right {
            let since_us = n.at_us.unwrap_or(trace.start_us) - trace.start_us;
            at_s = at_s.or(Some(since_us as f64 / 1e6));
        } else {
            wrong += 1;
        }
    });
    (at_s, wrong)
}
