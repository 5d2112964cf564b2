//! How fast the convoy simulator is on one core, and what it makes, per environment: convoy-hours of
//! seven vehicles a second with tags only, then one hour with all classes.

use std::{fs, time::Instant};

use vigie_trial::convoy::{Classes, Environment, Place, Plan, Planted, simulate};

/// Time on the processor, s: the machine may be busy with something else. Linux only; otherwise 0.
fn processor_s() -> f64 {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds: f64 = stat
        .split(' ')
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or_default();
    nanoseconds / 1e9
}

fn main() {
    for environment in Environment::ALL {
        let plan = |seed| Plan {
            environment,
            seed,
            ..Plan::default()
        };
        let (started, before) = (Instant::now(), processor_s());
        let (mut hours, mut heard, mut devices) = (0u32, 0, 0);
        while started.elapsed().as_secs_f64() < 2.0 {
            let trace = simulate(&plan(u64::from(hours)));
            heard += trace.heard.len();
            devices += trace.devices.len();
            hours += 1;
        }
        let (wall, processor) = (started.elapsed().as_secs_f64(), processor_s() - before);
        let seconds = if processor > 0.0 { processor } else { wall };
        let per_hour = |n: usize| n as f64 / f64::from(hours);
        println!(
            "{:<9} {:>7.0} convoy-hours a second of processor; an hour has {:.0} devices, {:.0} receptions",
            environment.as_str(),
            f64::from(hours) / seconds,
            per_hour(devices),
            per_hour(heard),
        );
        let before = processor_s();
        let trace = simulate(&Plan {
            classes: Classes::All,
            team: 2,
            planted: vec![Planted {
                place: Place::Boot,
                ..Planted::default()
            }],
            ..plan(1)
        });
        println!(
            "          all classes: {:.2} s for an hour of {} devices, {:.0} receptions a second, {:.1} events a second in range of a sensor",
            processor_s() - before,
            trace.devices.len(),
            trace.heard.len() as f64 / trace.seconds,
            trace.truth.load.iter().sum::<f64>() / f64::from(trace.vehicles),
        );
    }
}
