//! Fits the constants of the clone tests on simulated convoys, and measures them on others.
//!
//! usage: `fit_clones tables HOURS`: ambient ratios, from drives of an hour of the `Fit` half without clones.
//!        `fit_clones tails HOURS`: peaks of each test per environment, and their exponential tails.
//!        `fit_clones calibrate HOURS`: the same on varied worlds, of other seeds than those tested on.
//!        `fit_clones times RUNS`: time to alert on the `Test` half, by environment, level and rotation.
//!        `fit_clones clean HOURS`: false alarms on the `Test` half.
//!
//! `HOURS` are convoy-hours per environment, seven vehicles each.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use vigie_decode::Family;
use vigie_detect::clones::constants::{CloneConstants, Tail};
use vigie_detect::clones::lives::TagFrame;
use vigie_detect::clones::tally::Tally;
use vigie_detect::clones::{Clones, Score, Test};
use vigie_detect::sighting::Identifier;
use vigie_trial::convoy::{Environment, Place, Plan, Planted, Rotation, Split, Trace, simulate};

const VEHICLES: f64 = 7.0;
const SECOND_US: i64 = 1_000_000;

/// Runs the tests over a trace; every score is passed on with its time.
fn run(trace: &Trace, clones: &mut Clones, mut score: impl FnMut(i64, &Score)) {
    let mut scores = Vec::new();
    let mut fixes = trace.fixes.iter().peekable();
    let mut beat_us = trace.start_us;
    let mut pass = |clones: &mut Clones, now_us: i64, scores: &mut Vec<Score>| {
        clones.advance(now_us, scores);
        for s in scores.drain(..) {
            score(now_us, &s);
        }
    };
    for heard in &trace.heard {
        let now_us = heard.at_us;
        // Other classes are heard all the time: once a second stands for them.
        while beat_us <= now_us {
            while let Some(fix) = fixes.next_if(|f| f.time_us <= beat_us) {
                clones.moves(fix.speed_m_s, fix.time_us);
            }
            for sensor in 0..trace.vehicles {
                clones.listens(u16::from(sensor), beat_us);
            }
            pass(clones, beat_us, &mut scores);
            beat_us += SECOND_US;
        }
        if now_us >= clones.next_us() {
            pass(clones, now_us, &mut scores);
        }
        clones.hear(&TagFrame {
            identifier: Identifier::of_opaque(heard.identity),
            family: Family::AppleFindMy,
            sensor: u16::from(heard.sensor),
            receiver: u16::from(heard.sensor),
            rssi: Some(heard.rssi),
            now_us,
        });
    }
    let end_us = trace.start_us + (trace.seconds * 1e6) as i64;
    while beat_us <= end_us {
        for sensor in 0..trace.vehicles {
            clones.listens(u16::from(sensor), beat_us);
        }
        pass(clones, beat_us, &mut scores);
        beat_us += SECOND_US;
    }
}

fn plan(environment: Environment, split: Split, seed: u64) -> Plan {
    Plan {
        environment,
        split,
        seed,
        ..Plan::default()
    }
}

fn tables(hours: u64) {
    let mut all = Tally::default();
    for environment in Environment::ALL {
        for seed in 0..hours {
            let trace = simulate(&plan(environment, Split::Fit, 1_000_000 + seed));
            let mut clones = Clones::tallying(CloneConstants::default());
            run(&trace, &mut clones, |_, _| {});
            all.add(clones.tally().unwrap());
        }
        eprintln!("{}", environment.as_str());
    }
    let ratio = |name: &str, counts: &[[f64; 10]; 5]| {
        println!("pub const {name}: [[f64; BANDS]; SPEEDS] = [");
        for (row, keys) in counts.iter().zip(all.keys) {
            let row: Vec<String> = row
                .iter()
                .map(|n| format!("{:.2e}", (n + 0.3) / (keys + 10.0)))
                .collect();
            println!("    [{}],", row.join(", "));
        }
        println!("];");
    };
    ratio("ORPHANS", &all.orphans);
    ratio("CHAINS", &all.chains);
    println!("pub const ARRIVALS: [[f64; CELLS]; SPEEDS] = [");
    for (counts, keys) in all.arrivals.iter().zip(&all.keys_while_empty) {
        let row: Vec<String> = counts
            .iter()
            .zip(keys)
            .map(|(n, k)| format!("{:.2e}", (n + 0.3) / (k + 10.0)))
            .collect();
        println!("    [{}],", row.join(", "));
    }
    println!("];\npub const STAYS: [[f64; CELLS]; SPEEDS] = [");
    for (counts, of) in all.stays.iter().zip(&all.occupied) {
        let row: Vec<String> = counts
            .iter()
            .zip(of)
            .map(|(n, k)| format!("{:.2}", (n + 1.0) / (k + 2.0)))
            .collect();
        println!("    [{}],", row.join(", "));
    }
    println!("];");
    println!("// keys: {:?}", all.keys);
}

/// Test and loudness of a score: loud ones first.
fn stratum(constants: &CloneConstants, score: &Score) -> usize {
    let quiet = score.level_dbm < constants.loud_from_dbm;
    3 * score.test as usize + usize::from(quiet) * (1 + usize::from(score.dense))
}

/// Highest score of each test, loud and quiet, in one drive of an hour.
fn peaks(environment: Environment, split: Split, seed: u64) -> [f64; 9] {
    let trace = simulate(&plan(environment, split, seed));
    let constants = CloneConstants::default();
    let mut clones = Clones::new(constants.clone());
    let mut peaks = [0.0_f64; 9];
    run(&trace, &mut clones, |_, s| {
        let peak = &mut peaks[stratum(&constants, s)];
        *peak = peak.max(s.nats);
    });
    peaks
}

/// Where the highest scores of each test come from, on the `Test` half.
fn origins(hours: u64) {
    for environment in [Environment::City, Environment::Crowd] {
        let mut all: [Vec<(f64, String)>; 3] = Default::default();
        for seed in 0..hours {
            let trace = simulate(&plan(environment, Split::Test, seed));
            let mut clones = Clones::new(CloneConstants::default());
            let mut best: [Option<(i64, Score)>; 3] = [None; 3];
            run(&trace, &mut clones, |now_us, s| {
                let best = &mut best[s.test as usize];
                if best.is_none_or(|(_, b)| s.nats > b.nats) {
                    *best = Some((now_us, *s));
                }
            });
            for (list, best) in all.iter_mut().zip(best) {
                if let Some((now_us, s)) = best {
                    let at = trace.fixes.partition_point(|f| f.time_us <= now_us);
                    let speeds: Vec<f64> = (0..12)
                        .rev()
                        .filter_map(|i| trace.fixes.get(at.checked_sub(1 + i * 5)?))
                        .map(|f| f.speed_m_s.round())
                        .collect();
                    list.push((
                        s.nats,
                        format!(
                            "{:.0} dBm {} keys {:.0} s at {:.0} s speeds {speeds:?}",
                            s.level_dbm,
                            s.keys,
                            (now_us - s.since_us) as f64 / 1e6,
                            (now_us - trace.start_us) as f64 / 1e6
                        ),
                    ));
                }
            }
        }
        for (test, list) in Test::ALL.into_iter().zip(&mut all) {
            list.sort_by(|a, b| b.0.total_cmp(&a.0));
            for (nats, text) in list.iter().take(12) {
                println!(
                    "{} {} {nats:.1} {text}",
                    environment.as_str(),
                    test.analyzer()
                );
            }
        }
    }
}

/// Exponential tail of the highest hundredth of the drives' peaks, per vehicle-hour.
fn tail(peaks: &mut [f64]) -> Tail {
    let hours = peaks.len() as f64;
    peaks.sort_by(|a, b| b.total_cmp(a));
    let k = (peaks.len() / 100).max(8);
    let u = peaks[k];
    let mean = peaks[..k].iter().map(|p| p - u).sum::<f64>() / k as f64;
    let exponent = 1.0 / mean.max(0.4);
    let rate = k as f64 / (hours * VEHICLES) * (exponent * u).exp();
    Tail { rate, exponent }
}

fn tails(hours: u64, split: Split, first: u64) {
    for environment in Environment::ALL {
        let hours = if environment == Environment::Crowd {
            hours / 4
        } else {
            hours
        };
        let mut all: [Vec<f64>; 9] = Default::default();
        for seed in 0..hours {
            for (list, peak) in all.iter_mut().zip(peaks(environment, split, first + seed)) {
                list.push(peak);
            }
        }
        for (i, list) in all.iter_mut().enumerate() {
            let test = Test::ALL[i / 3];
            let tail = tail(list);
            let allowed = 1e-3 * 0.4 / 6.0;
            println!(
                "{:9} {:15} {} hours {} max {:.1} {:.1} {:.1} rate {:.4} exponent {:.3} line {:.2}",
                environment.as_str(),
                test.analyzer(),
                ["loud", "quiet", "dense"][i % 3],
                list.len(),
                list[0],
                list[1],
                list[2],
                tail.rate,
                tail.exponent,
                (tail.rate / allowed).ln() / tail.exponent,
            );
        }
    }
}

/// The line of each stratum, nats.
fn lines(constants: &CloneConstants) -> [f64; 9] {
    std::array::from_fn(|i| {
        line(
            constants,
            Test::ALL[i / 3],
            [-60.0, -90.0, -90.0][i % 3],
            i % 3 == 2,
        )
    })
}

fn line(constants: &CloneConstants, test: Test, level_dbm: f64, dense: bool) -> f64 {
    let (share, tail) = test.calibration(constants, level_dbm, dense);
    (tail.rate / (1e-3 * 0.4 * share)).ln() / tail.exponent
}

fn times(runs: u64) {
    let constants = CloneConstants::default();
    let lines = lines(&constants);
    println!("lines {lines:?}");
    for environment in Environment::ALL {
        for (rotation, name, interval_s) in [
            (Rotation::EveryFrame, "frame", 2.0),
            (Rotation::Every(10.0), "10 s", 2.0),
            (Rotation::Every(30.0), "30 s", 2.0),
            (Rotation::Every(120.0), "120 s", 2.0),
            (Rotation::EveryFrame, "frame 10 s apart", 10.0),
        ] {
            for level in [-62.0, -75.0, -86.0] {
                // The first of the three tests over its line, and each alone.
                let mut all: [Vec<f64>; 4] = Default::default();
                for seed in 0..runs {
                    let mut plan = plan(environment, Split::Test, UNSEEN + 500_000 + seed);
                    plan.seconds = 1800.0;
                    plan.planted.push(Planted {
                        vehicle: (seed % 7) as u8,
                        place: Place::Level(level),
                        rotation,
                        interval_s,
                        ..Planted::default()
                    });
                    let trace = simulate(&plan);
                    let mut clones = Clones::new(constants.clone());
                    let mut first = [f64::INFINITY; 4];
                    run(&trace, &mut clones, |now_us, s| {
                        if s.nats >= lines[stratum(&constants, s)] {
                            let at_s = (now_us - trace.start_us) as f64 / 1e6;
                            first[0] = first[0].min(at_s);
                            let own = &mut first[1 + s.test as usize];
                            *own = own.min(at_s);
                        }
                    });
                    for (list, at_s) in all.iter_mut().zip(first) {
                        list.push(at_s);
                    }
                }
                let told: Vec<String> = ["any", "T1", "T2", "T3"]
                    .into_iter()
                    .zip(&mut all)
                    .map(|(name, list)| {
                        list.sort_by(f64::total_cmp);
                        let at = |q: f64| list[((list.len() - 1) as f64 * q).round() as usize];
                        format!("{name} {:4.0}/{:4.0}", at(0.5), at(0.9))
                    })
                    .collect();
                println!(
                    "{:9} {name:16} {level} | {}",
                    environment.as_str(),
                    told.join(" | ")
                );
            }
        }
    }
}

/// Seeds from here on were not looked at while anything was chosen.
const UNSEEN: u64 = 40_000_000;

fn clean(hours: u64) {
    let constants = CloneConstants::default();
    let lines = lines(&constants);
    for environment in Environment::ALL {
        let hours = if environment == Environment::Crowd {
            hours / 4
        } else {
            hours
        };
        let mut over = [0_u64; 9];
        let mut any = 0;
        for seed in 0..hours {
            let peaks = peaks(environment, Split::Test, UNSEEN + seed);
            for ((n, peak), line) in over.iter_mut().zip(peaks).zip(lines) {
                *n += u64::from(peak >= line);
            }
            any += u64::from(peaks.iter().zip(lines).any(|(peak, line)| *peak >= line));
        }
        println!(
            "{:9} {hours} convoy-hours: drives with an alarm {any} (T1 T2 T3, each loud, quiet, quiet among many: {over:?}): {:.1e} per vehicle-hour",
            environment.as_str(),
            any as f64 / (hours as f64 * VEHICLES),
        );
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(what), Some(n)) = (arguments.first(), arguments.get(1)) else {
        eprintln!("usage: fit_clones tables|tails|times|clean NUMBER");
        return;
    };
    let n: u64 = n.parse().unwrap();
    match what.as_str() {
        "tables" => tables(n),
        "tails" => tails(n, Split::Fit, 0),
        // Other worlds than those that `clean` is tested on.
        "calibrate" => tails(n, Split::Test, 10_000_000),
        "times" => times(n),
        "origins" => origins(n),
        "clean" => clean(n),
        other => eprintln!("{other}?"),
    }
}
