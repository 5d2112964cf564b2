//! The clocks of healthy sensors in simulated convoys: what is stated of them is true, and a clock that is off is named.

use vigie_detect::Config;
use vigie_detect::outcome::{ClockFigures, NoticeKind, Outcome, Summary};
use vigie_trial::convoy::{
    Classes, Environment, Faults, Plan, SensorFault, Split, Trace, simulate,
};
use vigie_trial::families::files::sensor_name;

use crate::convoy_feed::judge_trace;

/// Every drive lasts so long, seconds.
const SECONDS: f64 = 1200.0;
/// Those with all devices of a city or a crowd in the quick test: they bring most frames by far.
const DENSE_SECONDS: f64 = 300.0;
/// Seeds of the quick test.
const SEEDS: u64 = 5;

/// What was stated of one sensor, and what is true.
#[derive(Debug, Clone, Copy)]
struct Stated {
    error_s: f64,
    uncertainty_s: f64,
}

/// A notice of a clock: the sensor, and seconds.
type Told = (Option<String>, Option<f64>);

/// What many drives of one kind gave.
#[derive(Debug, Default)]
struct Drives {
    sensors: usize,
    stated: Vec<Stated>,
    /// Notices of clocks that are off.
    told: usize,
    sightings: u64,
    /// As counted, and as sent.
    transmissions: [u64; 2],
}

fn plan(environment: Environment, classes: Classes, seed: u64) -> Plan {
    Plan {
        environment,
        classes,
        split: Split::Test,
        seed,
        seconds: SECONDS,
        ..Plan::default()
    }
}

fn judged(trace: &Trace) -> (Summary, Vec<Told>) {
    let mut told = Vec::new();
    let summary = judge_trace(trace, &Config::default(), &mut |o| match o {
        Outcome::Notice(n) if n.kind == NoticeKind::Clock => told.push((n.sensor, n.value)),
        _ => {}
    });
    (summary, told)
}

/// What a sensor's clock shows more than the true time when the last frame came: for then it is stated, seconds.
fn truly_s(trace: &Trace, sensor: usize) -> f64 {
    let clock = &trace.truth.clocks[sensor];
    let last_us = trace.heard.last().map_or(trace.start_us, |h| h.at_us);
    (clock.offset_us + clock.drift_ppm * (last_us - trace.start_us) as f64 * 1e-6) / 1e6
}

/// Takes in what was stated: against the sensor that is the reference, of which all is known.
fn take(drives: &mut Drives, trace: &Trace, summary: &Summary) {
    let clock = |sensor: usize| summary.sensors.clocks.get(&sensor_name(sensor as u8));
    let sensors = 0..usize::from(trace.vehicles);
    drives.sensors += sensors.len();
    let surest = |a: &(usize, &ClockFigures), b: &(usize, &ClockFigures)| {
        a.1.uncertainty_s.total_cmp(&b.1.uncertainty_s)
    };
    let all = sensors.filter_map(|s| Some((s, clock(s)?)));
    let Some((reference, _)) = all.clone().min_by(surest) else {
        return;
    };
    for (sensor, figures) in all {
        if sensor == reference {
            // Known by definition: it counts as stated and is no proof of coverage.
            drives.sensors -= 1;
            continue;
        }
        drives.stated.push(Stated {
            error_s: figures.offset_s - (truly_s(trace, sensor) - truly_s(trace, reference)),
            uncertainty_s: figures.uncertainty_s,
        });
    }
}

fn drives(environment: Environment, classes: Classes, seconds: f64, seeds: u64) -> Drives {
    let mut drives = Drives::default();
    for seed in 0..seeds {
        let trace = simulate(&Plan {
            seconds,
            ..plan(environment, classes, 500 + seed)
        });
        let (summary, told) = judged(&trace);
        drives.told += told.len();
        drives.sightings += summary.sightings;
        drives.transmissions[0] += summary.transmissions;
        drives.transmissions[1] += sent(&trace);
        take(&mut drives, &trace, &summary);
    }
    drives
}

/// Transmissions that any sensor heard: their true times at the sensors lie within 100 us.
fn sent(trace: &Trace) -> u64 {
    let mut heard: Vec<(u32, i64)> = trace.heard.iter().map(|h| (h.identity, h.at_us)).collect();
    heard.sort_unstable();
    let together = |a: &(u32, i64), b: &(u32, i64)| a.0 == b.0 && b.1 - a.1 < 100;
    heard.chunk_by(together).count() as u64
}

impl Drives {
    fn covered(&self) -> usize {
        let within = |s: &&Stated| s.error_s.abs() <= s.uncertainty_s;
        self.stated.iter().filter(within).count()
    }

    fn print(&self, what: &str) {
        let quantile = |of: fn(&Stated) -> f64, q: f64| {
            let mut all: Vec<f64> = self.stated.iter().map(of).collect();
            all.sort_by(f64::total_cmp);
            let at = ((all.len() as f64 * q).ceil() as usize).saturating_sub(1);
            all.get(at).copied().unwrap_or(f64::NAN) * 1e3
        };
        let error = |s: &Stated| s.error_s.abs();
        let unsure = |s: &Stated| s.uncertainty_s;
        println!(
            "{what}: of {} sensors stated {}, covered {}, off by {:.3} ms (median), {:.3} ms (most), uncertainty {:.3} \
             ms (median), {:.3} ms (most), called wrong {}; {} sightings, {} transmissions counted, {} sent",
            self.sensors,
            self.stated.len(),
            self.covered(),
            quantile(error, 0.5),
            quantile(error, 1.0),
            quantile(unsure, 0.5),
            quantile(unsure, 1.0),
            self.told,
            self.sightings,
            self.transmissions[0],
            self.transmissions[1],
        );
    }
}

fn named(classes: Classes) -> &'static str {
    match classes {
        Classes::TagsOnly => "tags only",
        Classes::All => "all classes",
    }
}

fn healthy(dense_seconds: f64, seeds: u64) {
    let (mut stated, mut covered) = (0, 0);
    for environment in Environment::ALL {
        for classes in [Classes::TagsOnly, Classes::All] {
            let dense = matches!(environment, Environment::City | Environment::Crowd)
                && classes == Classes::All;
            let seconds = if dense { dense_seconds } else { SECONDS };
            let drives = drives(environment, classes, seconds, seeds);
            let what = format!("{} {}", environment.as_str(), named(classes));
            drives.print(&what);
            for s in &drives.stated {
                // Off by that much, a sensor would be called wrong.
                assert!(
                    s.error_s.abs() < 0.5 || s.error_s.abs() <= s.uncertainty_s,
                    "{what}: {s:?}"
                );
            }
            assert_eq!(drives.told, 0, "{what}: a healthy clock was called wrong");
            let [counted, sent] = drives.transmissions;
            let off = counted.abs_diff(sent) as f64 / sent as f64;
            assert!(off < 0.02, "{what}: {counted} of {sent} transmissions");
            if dense {
                let most = drives.sensors * 9 / 10;
                assert!(
                    drives.stated.len() >= most,
                    "{what}: {} stated",
                    drives.stated.len()
                );
            }
            stated += drives.stated.len();
            covered += drives.covered();
        }
    }
    println!("covered {covered} of {stated}");
    assert!(covered * 100 >= stated * 95, "{covered} of {stated}");
}

#[test]
fn what_is_stated_of_a_healthy_clock_is_true() {
    healthy(DENSE_SECONDS, SEEDS);
}

#[test]
fn what_one_sensor_hears_are_as_many_transmissions() {
    let trace = simulate(&Plan {
        vehicles: 1,
        ..plan(Environment::City, Classes::All, 3)
    });
    let (summary, _) = judged(&trace);
    assert_eq!(summary.transmissions, summary.sightings);
    assert_eq!(summary.transmissions, sent(&trace));
}

/// The same on more drives (simulated; `docs/methods.md`):
/// `cargo test --release -p vigie --bin vigie simulated_clocks -- --ignored --nocapture`.
#[test]
#[ignore = "statistics: minutes"]
fn how_well_clocks_are_known() {
    healthy(SECONDS, 20);
    for environment in Environment::ALL {
        let (mut named, mut others) = (0, 0);
        let seeds = 20;
        for seed in 0..seeds {
            let (right, wrong) = off_by_three_seconds(environment, Classes::All, 500 + seed);
            named += usize::from(right);
            others += wrong;
        }
        println!(
            "{}: 3 s off named in {named} of {seeds}, others named {others}",
            environment.as_str()
        );
        assert_eq!(others, 0);
    }
}

/// Whether the third sensor, 3 s off, is named, and how many others are.
fn off_by_three_seconds(environment: Environment, classes: Classes, seed: u64) -> (bool, usize) {
    let off = SensorFault {
        clock_offset_s: if seed.is_multiple_of(2) { 3.0 } else { -3.0 },
        ..SensorFault::none(2)
    };
    let trace = simulate(&Plan {
        faults: Faults {
            sensors: vec![off],
            ..Faults::default()
        },
        team: 2,
        ..plan(environment, classes, seed)
    });
    let (_, told) = judged(&trace);
    let third = sensor_name(2);
    let is_third = |(sensor, _): &&Told| sensor.as_ref() == Some(&third);
    let right = told
        .iter()
        .filter(is_third)
        .any(|(_, s)| s.is_some_and(|s| (s.abs() - 3.0).abs() < 0.1));
    (right, told.iter().filter(|t| !is_third(t)).count())
}

#[test]
fn a_clock_three_seconds_off_is_named_where_frames_are_shared() {
    for environment in [Environment::City, Environment::Crowd] {
        for seed in 1..3 {
            let (right, others) = off_by_three_seconds(environment, Classes::TagsOnly, seed);
            assert!(
                right && others == 0,
                "{environment:?} {seed}: {right} {others}"
            );
        }
    }
}
