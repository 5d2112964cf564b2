//! Simulated: how often the vehicle of a hidden tag is named rightly after a minute, whether the probabilities hold,
//! and how often somebody beside us is said to be aboard.
//!
//! ```text
//! cargo run --release -p vigie --example which_vehicle -- test 100 parked,city,motorway,rural,crowd
//! ```
//! The split (`fit` or `test`), the seeds for each surroundings, and the surroundings.

use std::collections::BTreeMap;

use vigie_decode::{Address, AddressKind};
use vigie_detect::Config;
use vigie_detect::outcome::{Outcome, Whereabouts};
use vigie_trial::convoy::{
    Environment, Follower, Kind, Place, Plan, Planted, Presence, Split, Start, Trace, simulate,
};

#[path = "../src/convoy_feed.rs"]
mod convoy_feed;

/// How long is listened before the vehicle is asked for, seconds.
const LISTENED_S: i64 = 62;
const VEHICLES: u8 = 7;
const PLACES: [(&str, Place); 7] = [
    ("cabin", Place::Cabin),
    ("boot", Place::Boot),
    ("cavity", Place::Cavity),
    ("rear underbody", Place::RearUnderbody),
    ("level -62", Place::Level(-62.0)),
    ("level -75", Place::Level(-75.0)),
    ("level -86", Place::Level(-86.0)),
];

#[derive(Default)]
struct Row {
    tags: u32,
    heard: u32,
    first: u32,
    two: u32,
    named: u32,
    named_right: u32,
    stated: f64,
    pairs: u32,
    pairs_right: u32,
    pairs_stated: f64,
    aboard: u32,
}

#[derive(Default)]
struct Bins([(u32, u32, f64); 9]);

const EDGES: [f64; 8] = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.995];

impl Bins {
    fn add(&mut self, p: f64, right: bool) {
        let bin = &mut self.0[EDGES.iter().take_while(|e| p >= **e).count()];
        bin.0 += 1;
        bin.1 += u32::from(right);
        bin.2 += p;
    }
}

#[derive(Default)]
struct Table {
    rows: BTreeMap<(String, &'static str), Row>,
    vehicle: Bins,
    pair: Bins,
    outsiders: BTreeMap<String, [u32; 4]>,
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let split = match args.get(1).map(String::as_str) {
        Some("fit") => Split::Fit,
        _ => Split::Test,
    };
    let seeds: u64 = args.get(2).and_then(|n| n.parse().ok()).unwrap_or(20);
    let wanted = args
        .get(3)
        .map_or("parked,city,motorway,rural,crowd", |w| w);
    let mut table = Table::default();
    // For trying other constants: a file as `--config` takes.
    let config: Config = args
        .get(4)
        .and_then(|path| toml::from_str(&std::fs::read_to_string(path).ok()?).ok())
        .unwrap_or_default();
    for name in wanted.split(',') {
        for seed in 0..seeds {
            one(&mut table, &config, name, split, 10_000 + seed);
        }
    }
    table.print();
}

fn one(table: &mut Table, config: &Config, name: &str, split: Split, seed: u64) {
    let environment = Environment::ALL
        .into_iter()
        .find(|e| e.as_str() == name)
        .unwrap_or(Environment::City);
    // Places and vehicles are paired anew with every seed.
    let planted: Vec<Planted> = (0..PLACES.len() as u64)
        .map(|i| Planted {
            vehicle: ((seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (3 * i + 20)) % 7) as u8,
            place: PLACES[i as usize].1,
            ..Planted::default()
        })
        .collect();
    let followers = [25.0, 40.0].map(|distance_m| Follower {
        class: vigie_trial::convoy::Class::FindMySeparated,
        near_owner: false,
        distance_m,
        presence: Presence::Continuous,
    });
    let trace = simulate(&Plan {
        environment,
        split,
        seed,
        vehicles: VEHICLES,
        seconds: LISTENED_S as f64 + 3.0,
        start: match name {
            "parked" => Start::Parked { seconds: 1000.0 },
            _ => Start::Driving,
        },
        planted,
        followers: followers.to_vec(),
        ..Plan::default()
    });
    let asked_us = trace.start_us + LISTENED_S * 1_000_000;
    let mut found: Vec<Option<Whereabouts>> = vec![None; trace.devices.len()];
    let mut asked = false;
    convoy_feed::feed(
        &trace,
        config,
        &mut |intake, now_us| {
            if now_us < asked_us || asked {
                return;
            }
            asked = true;
            for identity in &trace.identities {
                let kind = kind_of(identity.address[0], identity.random);
                let whereabouts = intake.whereabouts(Address(identity.address), Some(kind));
                if let Some(place) = found.get_mut(identity.device as usize) {
                    *place = whereabouts;
                }
            }
        },
        &mut |_: Outcome| {},
    );
    table.take(name, &trace, &found);
}

fn kind_of(first: u8, random: bool) -> AddressKind {
    match (random, first >> 6) {
        (false, _) => AddressKind::Public,
        (true, 0b11) => AddressKind::StaticRandom,
        (true, 0b01) => AddressKind::Rpa,
        (true, _) => AddressKind::Nrpa,
    }
}

impl Table {
    fn take(&mut self, name: &str, trace: &Trace, found: &[Option<Whereabouts>]) {
        let outside = Config::default().attribution.aboard_outside;
        for (at, (device, found)) in trace.devices.iter().zip(found).enumerate() {
            let Kind::Aboard(index) = device.kind else {
                self.outsider(name, trace, at as u32, device.kind, found.as_ref(), outside);
                continue;
            };
            let truth = usize::from(trace.truth.planted[index].vehicles[0].1);
            let row = self
                .rows
                .entry((name.to_owned(), PLACES[index].0))
                .or_default();
            row.tags += 1;
            let Some(w) = found else { continue };
            row.heard += 1;
            row.aboard += u32::from(w.outside < outside);
            let mut order: Vec<(usize, f64)> = w.vehicles.iter().map(|v| v.1).enumerate().collect();
            order.sort_by(|a, b| b.1.total_cmp(&a.1));
            let (first, p) = order[0];
            let two = order[1].0 == truth || first == truth;
            row.first += u32::from(first == truth);
            row.two += u32::from(two);
            self.vehicle.add(p, first == truth);
            self.pair.add(p + order[1].1, two);
            if let Some((_, _, p)) = w.pair {
                row.pairs += 1;
                row.pairs_right += u32::from(two);
                row.pairs_stated += p;
            } else if p >= Config::default().attribution.name_probability {
                row.named += 1;
                row.named_right += u32::from(first == truth);
                row.stated += p;
            }
        }
    }

    fn outsider(
        &mut self,
        name: &str,
        trace: &Trace,
        device: u32,
        kind: Kind,
        found: Option<&Whereabouts>,
        outside: f64,
    ) {
        let times = trace
            .heard
            .iter()
            .filter(|h| trace.identities[h.identity as usize].device == device)
            .map(|h| h.at_us);
        let (Some(first), Some(last)) = (times.clone().min(), times.max()) else {
            return;
        };
        // Who is heard for most of the minute only: nobody else could alert.
        let (Some(w), true) = (found, last - first > 40_000_000) else {
            return;
        };
        let row = self
            .outsiders
            .entry(format!("{name} {kind:?}"))
            .or_default();
        row[0] += 1;
        row[1] += u32::from(w.outside < outside);
        let named = Config::default().attribution.name_probability;
        row[2] += u32::from(w.vehicles.iter().any(|v| v.1 >= named));
        row[3] += u32::from(w.pair.is_some());
    }

    fn print(&self) {
        println!(
            "simulated; surroundings, place: tags heard | likeliest right, of two likeliest | named right stated | pair right stated | neither | called aboard"
        );
        for ((name, place), r) in &self.rows {
            let of = |a: u32, b: u32| f64::from(a) / f64::from(b.max(1));
            println!(
                "{name:9} {place:15} {:4} {:.3} | {:.3} {:.3} | {:.3} {:.3} {:.3} | {:.3} {:.3} {:.3} | {:.3} | {:.3}",
                r.tags,
                of(r.heard, r.tags),
                of(r.first, r.heard),
                of(r.two, r.heard),
                of(r.named, r.heard),
                of(r.named_right, r.named),
                r.stated / f64::from(r.named.max(1)),
                of(r.pairs, r.heard),
                of(r.pairs_right, r.pairs),
                r.pairs_stated / f64::from(r.pairs.max(1)),
                of(r.heard - r.named - r.pairs, r.heard),
                of(r.aboard, r.heard),
            );
        }
        for (what, bins) in [("vehicle", &self.vehicle), ("pair", &self.pair)] {
            println!("{what}: stated, observed, tags");
            for (n, right, sum) in bins.0.iter().filter(|bin| bin.0 > 0) {
                let n_f = f64::from(*n);
                println!("  {:.3} {:.3} {n}", sum / n_f, f64::from(*right) / n_f);
            }
        }
        println!("not aboard, heard for 40 s: n, called aboard, vehicle named, pair named");
        for (name, [n, aboard, named, pair]) in &self.outsiders {
            println!("  {name:24} {n} {aboard} {named} {pair}");
        }
    }
}
