//! Simulated: how often and how soon sensors that ride elsewhere than stated are named, and how often others are.
//!
//! ```text
//! cargo run --release -p vigie --example displaced_sensors -- 20 [SURROUNDINGS...]
//! ```
//! The number of drives for each surroundings (all of them where none is named); on the half of the simulated world that nothing was fitted on.

use vigie_trial::convoy::{Classes, Environment, Plan, Split, Trace, simulate};

#[path = "../src/convoy_feed.rs"]
mod convoy_feed;
#[path = "../src/sensor_faults.rs"]
mod sensor_faults;

use sensor_faults::{Fault, broken, is_right, noticed};

/// From here on nothing was looked at while the constants were chosen.
const FIRST_SEED: u64 = 2000;

const FAULTS: [(Fault, &str); 6] = [
    (Fault::None, "none"),
    (Fault::HearsBadly, "S3 hears 15 dB less"),
    (Fault::ListensATenth, "S3 listens a tenth"),
    (Fault::ClockOff, "S3's clock 3 s fast"),
    (Fault::Exchanged, "S3 and S5 exchanged"),
    (Fault::LeftBehind, "S3 left behind"),
];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let seeds: u64 = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(5);
    let named: Vec<String> = arguments.collect();
    let wanted = |e: &Environment| named.is_empty() || named.iter().any(|n| n == e.as_str());
    println!(
        "simulated, {seeds} drives a row; surroundings, devices, fault: named rightly | median s | drives with a wrong notice | S3 told deaf | a clock told off"
    );
    for environment in Environment::ALL.into_iter().filter(wanted) {
        for (classes, devices) in [(Classes::All, "all"), (Classes::TagsOnly, "tags")] {
            let mut rows = [const { Row::new() }; FAULTS.len()];
            for seed in FIRST_SEED..FIRST_SEED + seeds {
                let plan = Plan {
                    environment,
                    split: Split::Test,
                    seed,
                    // The more is around, the longer it takes to simulate, and the sooner is it named.
                    seconds: match (environment, classes) {
                        (Environment::Rural | Environment::Motorway, _) => 3600.0,
                        (Environment::City, _) => 1800.0,
                        (Environment::Crowd, Classes::TagsOnly) => 900.0,
                        (Environment::Crowd, Classes::All) => 300.0,
                    },
                    classes,
                    ..Plan::default()
                };
                let sound = simulate(&plan);
                for (row, (fault, _)) in rows.iter_mut().zip(FAULTS) {
                    row.take(&broken(&plan, &sound, fault), fault);
                }
            }
            for (row, (_, fault)) in rows.iter_mut().zip(FAULTS) {
                println!(
                    "{:9} {devices:5} {fault:20} {:2} | {:>6} | {:2} | {:2} | {:2}",
                    environment.as_str(),
                    row.times.len(),
                    row.median(seeds),
                    row.wrong,
                    row.deaf,
                    row.clock,
                );
            }
        }
    }
}

/// What came of one fault in one kind of surroundings.
struct Row {
    times: Vec<f64>,
    wrong: u32,
    deaf: u32,
    clock: u32,
}

impl Row {
    const fn new() -> Self {
        Self {
            times: Vec::new(),
            wrong: 0,
            deaf: 0,
            clock: 0,
        }
    }

    fn take(&mut self, trace: &Trace, fault: Fault) {
        let noticed = noticed(trace);
        let right = noticed.places.iter().find(|n| is_right(n, fault));
        let since_start = |at_us: i64| (at_us - trace.start_us) as f64 / 1e6;
        self.times
            .extend(right.and_then(|n| n.at_us).map(since_start));
        self.wrong += u32::from(noticed.places.iter().any(|n| !is_right(n, fault)));
        self.deaf += u32::from(noticed.deaf);
        self.clock += u32::from(noticed.clock);
    }

    /// Drives in which it was never named count as later than all others.
    fn median(&mut self, drives: u64) -> String {
        self.times.sort_by(f64::total_cmp);
        let middle = self.times.get((drives.saturating_sub(1) / 2) as usize);
        middle.map_or_else(|| "-".into(), |t| format!("{t:.0}"))
    }
}
