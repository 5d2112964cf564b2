//! The nine development logs, read just well enough for these tests; absent outside development.

#![allow(clippy::unwrap_used, clippy::panic)]

// Which real-data tests ran is kept in one way for the whole workspace.
#[path = "../../../vigie/tests/real_data/mod.rs"]
pub mod real_data;

use vigie_trial::{Log, Sighting, Truth, TruthFile};

/// The logs with their truth, in order of name; empty when there are none. `test` is `CRATE/TEST`.
pub fn logs(test: &str) -> Vec<(Log, Truth)> {
    let Some(folder) = real_data::file(test, "bledoubt") else {
        return Vec::new();
    };
    let truth = std::fs::read_to_string(folder.join("truth.json")).unwrap();
    let truth = TruthFile::parse(&truth).unwrap();
    truth
        .files()
        .map(|name| {
            let text = std::fs::read_to_string(folder.join(name)).unwrap();
            let log = read(name, &serde_json::from_str(&text).unwrap());
            let truth = truth.truth(&log).unwrap();
            (log, truth)
        })
        .collect()
}

fn read(name: &str, json: &serde_json::Value) -> Log {
    let parsers: std::collections::HashMap<&str, &str> = json["devices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| {
            (
                d["address"].as_str().unwrap(),
                d["parserId"].as_str().unwrap_or(""),
            )
        })
        .collect();
    let mut rows: Vec<(i64, &serde_json::Value)> = json["detections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| (time_us(d["t"].as_str().unwrap()), d))
        .collect();
    rows.sort_by_key(|r| r.0);
    let mut log = Log::new(name);
    let mut index = std::collections::HashMap::new();
    for (time_us, row) in rows {
        let mac = row["mac"].as_str().unwrap();
        let identifier = *index
            .entry(mac)
            .or_insert_with(|| log.add_identifier(mac, parsers.get(mac).map(|p| (*p).to_owned())));
        log.sightings.push(Sighting {
            time_us,
            identifier,
            rssi: row["rssi"].as_i64().map(|r| r as i8),
            position: Some((row["lat"].as_f64().unwrap(), row["long"].as_f64().unwrap())),
        });
    }
    log
}

/// `Tue May 18 16:29:53 EDT 2021`.
fn time_us(text: &str) -> i64 {
    let f: Vec<&str> = text.split_whitespace().collect();
    let months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let month = months.find(f[1]).unwrap() as i64 / 3 + 1;
    let (day, year): (i64, i64) = (f[2].parse().unwrap(), f[5].parse().unwrap());
    let clock: Vec<i64> = f[3].split(':').map(|p| p.parse().unwrap()).collect();
    let zone = match f[4] {
        "EDT" => -4,
        "EST" => -5,
        other => panic!("zone {other}"),
    };
    // Days from the civil date (Hinnant).
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let year_of_era = y - era * 400;
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100
        + day_of_year
        - 719_468;
    (days * 86_400 + (clock[0] - zone) * 3600 + clock[1] * 60 + clock[2]) * 1_000_000
}

/// The eight HomeScout walks (no levels) with their inferred truth; empty when there are none.
#[allow(dead_code)]
pub fn homescout(test: &str) -> Vec<(Log, Truth)> {
    let Some(folder) = real_data::file(test, "homescout") else {
        return Vec::new();
    };
    let truth = std::fs::read_to_string(folder.join("truth_inferred.json")).unwrap();
    let truth = TruthFile::parse(&truth).unwrap();
    truth
        .files()
        .map(|name| {
            let text = std::fs::read_to_string(folder.join(name)).unwrap();
            let mut log = Log::new(name);
            let mut index = std::collections::HashMap::new();
            for row in text.lines().skip(1) {
                let f: Vec<&str> = row.split(';').collect();
                let identifier = *index
                    .entry(f[0].to_owned())
                    .or_insert_with(|| log.add_identifier(f[0], Some(f[4].to_owned())));
                log.sightings.push(Sighting {
                    time_us: f[1].parse::<i64>().unwrap() * 1000,
                    identifier,
                    rssi: None,
                    position: Some((f[2].parse().unwrap(), f[3].parse().unwrap())),
                });
            }
            log.sort();
            let truth = truth.truth(&log).unwrap();
            (log, truth)
        })
        .collect()
}
