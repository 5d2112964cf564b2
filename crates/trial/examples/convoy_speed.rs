//! How fast the convoy simulator is on one core, and what it makes, per environment: convoy-hours of
//! seven vehicles a second with tags only, then one hour with all classes.

use std::time::Instant;

use vigie_trial::convoy::{Classes, Environment, Place, Plan, Planted, simulate};

fn main() {
    for environment in Environment::ALL {
        let plan = |seed| Plan {
            environment,
            seed,
            ..Plan::default()
        };
        let started = Instant::now();
        let (mut hours, mut heard, mut devices) = (0u32, 0, 0);
        while started.elapsed().as_secs_f64() < 2.0 {
            let trace = simulate(&plan(u64::from(hours)));
            heard += trace.heard.len();
            devices += trace.devices.len();
            hours += 1;
        }
        let seconds = started.elapsed().as_secs_f64();
        let per_hour = |n: usize| n as f64 / f64::from(hours);
        println!(
            "{:<9} {:>7.0} convoy-hours/s; an hour has {:.0} devices, {:.0} receptions",
            environment.as_str(),
            f64::from(hours) / seconds,
            per_hour(devices),
            per_hour(heard),
        );
        let started = Instant::now();
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
            "          all classes: {:.2} s for an hour of {} devices, {:.0} receptions a second",
            started.elapsed().as_secs_f64(),
            trace.devices.len(),
            trace.heard.len() as f64 / trace.seconds,
        );
    }
}
