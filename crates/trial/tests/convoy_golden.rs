//! The simulated convoy against the Python prototype (`golden/make_convoy_golden.py`).

#![allow(clippy::unwrap_used)]

use vigie_trial::convoy::{Environment, Kind, Parameters, Plan, Trace, simulate_with};

/// A stay counts for each of these that it is longer than, s: between multiples of the interval.
const BEYOND_S: [f64; 5] = [5.0, 21.0, 61.0, 121.0, 301.0];
const COUNTS: usize = 9;

fn kind_index(kind: Kind) -> Option<usize> {
    match kind {
        Kind::Roadside => Some(0),
        Kind::Stream => Some(1),
        Kind::Opposite => Some(2),
        Kind::Sticky => Some(3),
        _ => None,
    }
}

/// The counts of the golden table, per kind.
fn counts(trace: &Trace) -> [[f64; COUNTS]; 4] {
    let mut heard = trace.heard.clone();
    heard.sort_by_key(|h| h.at_us);
    let mut stays: Vec<Option<(i64, i64)>> = vec![None; trace.devices.len()];
    let mut counts = [[0.0; COUNTS]; 4];
    for h in &heard {
        let device = trace.identities[h.identity as usize].device as usize;
        let Some(kind) = kind_index(trace.devices[device].kind) else {
            continue;
        };
        let row = &mut counts[kind];
        row[7] += 1.0;
        if h.rssi > -80 {
            row[8] += 1.0;
        }
        let (first, last) = stays[device].unwrap_or((h.at_us, i64::MIN));
        // The receptions of one event lie within 10 us.
        if h.at_us > last.saturating_add(1000) {
            row[6] += 1.0;
        }
        stays[device] = Some((first, h.at_us));
    }
    for (device, stay) in trace.devices.iter().zip(stays) {
        let (Some(kind), Some((first, last))) = (kind_index(device.kind), stay) else {
            continue;
        };
        let row = &mut counts[kind];
        row[0] += 1.0;
        for (slot, beyond) in row[1..6].iter_mut().zip(BEYOND_S) {
            if (last - first) as f64 / 1e6 > beyond {
                *slot += 1.0;
            }
        }
    }
    counts
}

/// Every mean count per hour (devices per kind, how long they stay, what is heard of them, how much of it
/// loud) within 4.5 standard errors of the prototype's, by the prototype's own spread between hours: 144
/// comparisons, of which chance alone would break that bound in one run of a thousand.
///
/// The prototype is taken with the convoy's position interpolated: as it stands it puts vehicles that keep
/// station too far ahead, by up to a second's way, and only their figures differ.
#[test]
fn counts_of_devices_stays_and_levels_are_the_prototypes() {
    let table = include_str!("../golden/convoy_prototype.txt");
    let parameters = Parameters::prototype();
    let mut compared = 0;
    for (environment, name, hours) in [
        (Environment::Rural, "rural", 2000),
        (Environment::Motorway, "highway", 2000),
        (Environment::City, "city", 240),
        (Environment::Crowd, "crowd", 24),
    ] {
        let rows: Vec<[[f64; COUNTS]; 4]> = (0..hours)
            .map(|seed| {
                let plan = Plan {
                    environment,
                    seed,
                    ..Plan::default()
                };
                counts(&simulate_with(&plan, &parameters))
            })
            .collect();
        let golden = table
            .lines()
            .filter_map(|l| l.strip_prefix("interpolated "));
        for line in golden.filter(|l| l.starts_with(name)) {
            let f: Vec<&str> = line.split(' ').collect();
            let (kind, theirs): (usize, f64) = (f[1].parse().unwrap(), f[2].parse().unwrap());
            for count in 0..COUNTS {
                let golden: [f64; 2] = [0, 1].map(|i| f[3 + 2 * count + i].parse::<f64>().unwrap());
                let n = hours as f64;
                let mean = rows.iter().map(|r| r[kind][count]).sum::<f64>() / n;
                compared += 1;
                if golden[1] == 0.0 {
                    assert!(
                        mean * n < 3.0,
                        "{name} kind {kind} count {count}: {mean} for none"
                    );
                    continue;
                }
                let z = (mean - golden[0]) / (golden[1] * (1.0 / n + 1.0 / theirs).sqrt());
                println!(
                    "{name} kind {kind} count {count}: {mean:.4} for {:.4}, z {z:.2}",
                    golden[0]
                );
                assert!(
                    z.abs() < 4.5,
                    "{name} kind {kind} count {count}: {mean} for {}, z {z}",
                    golden[0]
                );
            }
        }
    }
    assert_eq!(compared, 4 * 4 * COUNTS);
}
