//! Levels, collisions and load of the simulated convoy against the formulas and the prototypes.

#![allow(clippy::unwrap_used)]

mod planted;

use planted::{planted, with};
use vigie_trial::convoy::{
    Classes, Environment, Parameters, Place, Plan, Planted, Start, simulate, simulate_with,
};

/// Shares of frames received at the own sensor, loud, against exp(-2 * 376 us * load): within four
/// standard errors at loads up to the whole air time.
#[test]
fn collisions_follow_the_formula() {
    let reception = Parameters::default().reception;
    for load in [0.0, 250.0, 1000.0, 2660.0] {
        let plan = Plan {
            extra_load: load,
            vehicles: 1,
            ..with(Planted {
                place: Place::Level(-50.0),
                interval_s: 0.1,
                ..Planted::default()
            })
        };
        let trace = simulate(&plan);
        let sent = (trace.seconds / 0.105).round();
        let share = planted(&trace).len() as f64 / sent;
        let expected = reception * (-2.0 * 376e-6 * trace.truth.load[0]).exp();
        let error = (expected * (1.0 - expected) / sent).sqrt();
        println!("{load}: {share:.4} for {expected:.4}");
        assert!(
            (share - expected).abs() < 4.0 * error,
            "{load}: {share} for {expected}"
        );
    }
}

/// Mean level and spread at the own sensor and at the next one, without the losses of the quiet end:
/// -62 dBm at 2.2 m, 24 dB a decade, 7 dB a body (`detection.md` section 4).
#[test]
fn hiding_places_have_the_levels_of_the_formula() {
    let parameters = Parameters {
        // Everything is received, so that nothing is cut off.
        sensitivity_dbm: -200.0,
        ..Parameters::prototype()
    };
    for (place, own, next) in [
        (Place::Cabin, -62.0, -62.0 - 10.46 - 14.0),
        (Place::Boot, -70.0, -62.0 - 5.42 - 14.0 - 4.0),
        (Place::Cavity, -84.0, -62.0 - 5.42 - 14.0 - 22.0),
        (Place::RearUnderbody, -76.0, -62.0 - 5.42 - 7.0),
    ] {
        let (mut owns, mut nexts) = (Vec::new(), Vec::new());
        for seed in 0..400 {
            let plan = Plan {
                seed,
                seconds: 20.0,
                vehicles: 2,
                start: Start::Parked { seconds: 20.0 },
                ..with(Planted {
                    place,
                    ..Planted::default()
                })
            };
            let heard = planted(&simulate_with(&plan, &parameters));
            for (sensor, means) in [(0, &mut owns), (1, &mut nexts)] {
                let levels: Vec<f64> = heard
                    .iter()
                    .filter(|h| h.sensor == sensor)
                    .map(|h| f64::from(h.rssi))
                    .collect();
                means.push(levels.iter().sum::<f64>() / levels.len() as f64);
            }
        }
        for (means, expected) in [(&owns, own), (&nexts, next)] {
            let n = means.len() as f64;
            let mean = means.iter().sum::<f64>() / n;
            let sd = (means.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / n).sqrt();
            println!("{place:?}: {mean:.2} for {expected:.2}, spread {sd:.2}");
            // Static 5 dB, blocks 0.5 dB, and 3.5 dB over some eight frames.
            let spread = (25.0 + 0.25 / 3.0 + 12.25 / 8.0_f64).sqrt();
            assert!(
                (mean - expected).abs() < 4.0 * spread / n.sqrt(),
                "{place:?}: {mean}"
            );
            assert!(
                (sd - spread).abs() < 4.0 * spread / (2.0 * n).sqrt(),
                "{place:?}: {sd}"
            );
        }
    }
}

/// The vehicle with the highest effective level is the right one (and one of its neighbours) as often
/// as in the table of `detection.md` section 4, after 60 s: within four standard errors of 800 trials
/// and the table's own 1,500. Here the tag rides in each of the seven in turn.
#[test]
fn the_loudest_vehicle_is_right_as_often_as_in_the_prototype() {
    let driving = |environment| (environment, Start::Driving);
    let parked = (Environment::City, Start::Parked { seconds: 60.0 });
    for (place, (environment, start), right, pair) in [
        (Place::Cabin, parked, 1.00, 1.00),
        (Place::Boot, parked, 0.98, 1.00),
        (Place::RearUnderbody, parked, 0.45, 0.96),
        (Place::Cavity, parked, 1.00, 1.00),
        (Place::Cabin, driving(Environment::Motorway), 1.00, 1.00),
        (
            Place::RearUnderbody,
            driving(Environment::Motorway),
            1.00,
            1.00,
        ),
    ] {
        let n = 800;
        let mut counts = [0.0; 2];
        for seed in 0..n {
            let vehicle = (seed % 7) as u8;
            let plan = Plan {
                environment,
                start,
                seed,
                seconds: 60.0,
                ..with(Planted {
                    vehicle,
                    place,
                    ..Planted::default()
                })
            };
            let plan = Plan {
                environment,
                ..plan
            };
            let heard = planted(&simulate_with(&plan, &Parameters::prototype()));
            let events = 30.0;
            let mut effective = [-95.0; 7];
            for (j, level) in effective.iter_mut().enumerate() {
                for h in heard.iter().filter(|h| usize::from(h.sensor) == j) {
                    *level += (f64::from(h.rssi) + 95.0) / events;
                }
            }
            let loudest = (0..7)
                .max_by(|a, b| effective[*a].total_cmp(&effective[*b]))
                .unwrap();
            let off = loudest.abs_diff(usize::from(vehicle));
            counts[0] += f64::from(u8::from(off == 0));
            counts[1] += f64::from(u8::from(off <= 1));
        }
        for (count, expected) in counts.into_iter().zip([right, pair]) {
            let share = count / n as f64;
            // The table is rounded to two digits, so 1.00 may be 0.995.
            let p: f64 = f64::min(expected, 0.995);
            let error = 4.0 * (p * (1.0 - p) * (1.0 / n as f64 + 1.0 / 1500.0)).sqrt() + 0.005;
            println!("{place:?} {environment:?} {start:?}: {share:.3} for {expected}");
            assert!(
                (share - expected).abs() < error,
                "{place:?} {start:?}: {share} for {expected}"
            );
        }
    }
}

/// What stands in for the bystanders' load with tags only is what they make, to a tenth.
#[test]
fn the_background_load_is_that_of_all_classes() {
    let p = Parameters::default();
    for environment in Environment::ALL {
        let mut loads = Vec::new();
        let seeds = match environment {
            Environment::Rural | Environment::Motorway => 40,
            Environment::City => 8,
            Environment::Crowd => 3,
        };
        for seed in 100..100 + seeds {
            let trace = simulate(&Plan {
                environment,
                seed,
                seconds: 1800.0,
                classes: Classes::All,
                ..Plan::default()
            });
            loads.extend(trace.truth.load);
        }
        let mean = loads.iter().sum::<f64>() / loads.len() as f64;
        let sd = loads.iter().map(|l| (l - mean).powi(2)).sum::<f64>() / loads.len() as f64;
        println!("spread {:.2}", sd.sqrt());
        let assumed = p.surroundings(environment).background_load;
        println!("{}: {mean:.2} for {assumed}", environment.as_str());
        assert!(
            (mean / assumed - 1.0).abs() < 0.1,
            "{}: {mean} for {assumed}",
            environment.as_str()
        );
    }
}
