//! The simulated convoy's levels beside measured ones, and a convoy on a real drive.

#![allow(clippy::unwrap_used)]

#[path = "../../vigie/tests/real_data/mod.rs"]
mod real_data;

use std::{collections::BTreeMap, fs};

use vigie_trial::{
    convoy::{Environment, Kind, Parameters, Plan, Planted, Point, simulate},
    distance::metres,
};

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64
}

/// AirTags indoors, by distance, against the model without a vehicle's body.
///
/// What was measured is indoors, where walls lead the waves: it falls off slower than the model to 10 m
/// (and faster up to 1 m). The model is kept, it is that of a road; the test states how far apart they
/// are and fails when that grows. Beyond 25 m the quiet half was not received any more, so the measured
/// mean is too high there and is not compared.
#[test]
fn levels_by_distance_are_near_measured_ones() {
    let Some(folder) = real_data::file(
        "trial/levels_by_distance_are_near_measured_ones",
        "airtag_rssi",
    ) else {
        return;
    };
    // Per experiment, distance in cm and tag.
    let mut levels: BTreeMap<(u32, u32, String), Vec<f64>> = BTreeMap::new();
    for experiment in 1..=4 {
        let text = fs::read_to_string(folder.join(format!("experiment_{experiment}.csv"))).unwrap();
        for row in text.lines().skip(1) {
            let f: Vec<&str> = row.trim().split(',').collect();
            let (rssi, metres): (f64, f64) = (f[0].parse().unwrap(), f[3].parse().unwrap());
            let cell = (experiment, (metres * 100.0).round() as u32, f[1].to_owned());
            levels.entry(cell).or_default().push(rssi);
        }
    }
    levels.retain(|_, l| l.len() >= 5);
    let p = Parameters::default();
    let model =
        |cm: u32| p.at_one_metre_dbm - 10.0 * p.exponent * (f64::from(cm) / 100.0).max(1.0).log10();
    // Mean difference (measured less model), and spread between tags, per range of distances.
    let mut off = Vec::new();
    for (from, to) in [
        (100, 200),
        (200, 500),
        (500, 1000),
        (1000, 1500),
        (1500, 2500),
    ] {
        let tags: Vec<f64> = levels
            .iter()
            .filter(|((_, cm, _), _)| (from..to).contains(cm))
            .map(|((_, cm, _), l)| mean(l) - model(*cm))
            .collect();
        let difference = mean(&tags);
        println!(
            "{from} to {to} cm: measured less model {difference:.1} dB, between tags and places {:.1} dB, {} cells",
            variance(&tags).sqrt(),
            tags.len()
        );
        off.push(difference);
    }
    assert!(off.iter().all(|d| d.abs() < 10.0), "{off:?}");
    // Within one tag at one distance: the model's frames and blocks.
    let within: Vec<f64> = levels
        .iter()
        .filter(|((_, cm, _), _)| (100..2500).contains(cm))
        .map(|(_, l)| variance(l))
        .collect();
    let (measured, modelled) = (mean(&within).sqrt(), p.fast_sd_db.hypot(p.block_sd_db));
    println!("spread of one tag at one distance: {measured:.1} dB, model {modelled:.1} dB");
    assert!((measured / modelled - 1.0).abs() < 0.25, "{measured}");
    // Between tags and places at one distance: transmit powers and static shadows.
    let mut between = Vec::new();
    for experiment in 1..=4 {
        for cm in (100..2500).step_by(10) {
            let tags: Vec<f64> = levels
                .iter()
                .filter(|((e, c, _), _)| (*e, *c) == (experiment, cm))
                .map(|(_, l)| mean(l))
                .collect();
            if tags.len() >= 3 {
                let n = tags.len() as f64;
                between.push(variance(&tags) * n / (n - 1.0));
            }
        }
    }
    let (measured, modelled) = (mean(&between).sqrt(), p.power_sd_db.hypot(p.static_sd_db));
    println!("spread between tags: {measured:.1} dB, model {modelled:.1} dB");
    assert!((measured / modelled - 1.0).abs() < 0.35, "{measured}");
}

#[test]
fn a_convoy_on_a_real_drive_goes_where_the_drive_went() {
    let Some(folder) = real_data::file(
        "trial/a_convoy_on_a_real_drive_goes_where_the_drive_went",
        "drives",
    ) else {
        return;
    };
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    files.retain(|f| {
        f.file_name()
            .unwrap()
            .to_string_lossy()
            .starts_with("drive_")
    });
    files.sort();
    assert_eq!(files.len(), 8);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let rows: Vec<[f64; 5]> = text
            .lines()
            .skip(1)
            .map(|row| {
                let f: Vec<f64> = row.split(',').map(|f| f.parse().unwrap()).collect();
                f.try_into().unwrap()
            })
            .collect();
        let points: Vec<Point> = rows
            .iter()
            .map(|[time_us, lat, lon, _, speed]| Point {
                t_s: (time_us - rows[0][0]) / 1e6,
                lat: *lat,
                lon: *lon,
                speed: *speed,
            })
            .collect();
        let last = points[points.len() - 1];
        let trace = simulate(&Plan {
            environment: Environment::Motorway,
            seconds: 3600.0,
            planted: vec![Planted::default()],
            drive: Some(points.clone()),
            ..Plan::default()
        });
        assert!((trace.seconds - last.t_s.min(3600.0)).abs() < 1e-6);
        let path: f64 = trace
            .fixes
            .windows(2)
            .map(|w| metres((w[0].lat, w[0].lon), (w[1].lat, w[1].lon)))
            .sum();
        let odometer: f64 = trace.fixes.iter().map(|f| f.speed_m_s).sum();
        println!(
            "{:.1} km in {:.0} s, {} turns",
            path / 1e3,
            trace.seconds,
            trace.turns_s.len()
        );
        assert!((13e3..18e3).contains(&path), "{path}");
        assert!((odometer / path - 1.0).abs() < 0.02, "{odometer} {path}");
        for (fix, t) in trace.fixes.iter().zip(0..) {
            let near = points.iter().any(|p| {
                (p.t_s - f64::from(t)).abs() < 1.5
                    && metres((p.lat, p.lon), (fix.lat, fix.lon)) < 60.0
            });
            assert!(near, "{t}");
        }
        let kinds = trace.devices.iter().map(|d| d.kind);
        assert!(kinds.filter(|k| *k == Kind::Stream).count() < 100);
        assert!(trace.truth.planted[0].hearable);
    }
}
