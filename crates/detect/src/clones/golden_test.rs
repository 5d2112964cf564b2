//! `golden/clones.tsv`: made by `golden/make_clones.py` from the Python prototype's CUSUMs.

use std::collections::BTreeMap;

use super::constants::OccupancyConstants;
use super::occupancy::{Habit, Occupancy};
use super::rate::{RateCusum, RateEvent, band_of};

fn rows() -> Vec<Vec<&'static str>> {
    let golden = include_str!("../../golden/clones.tsv");
    let lines = golden.lines().filter(|l| !l.starts_with('#'));
    lines.map(|line| line.split('\t').collect()).collect()
}

fn number(row: &[&str], at: usize) -> f64 {
    row[at].parse().unwrap()
}

fn index(row: &[&str], at: usize) -> usize {
    row[at].parse().unwrap()
}

#[test]
fn the_rate_cusum_is_the_prototypes() {
    let mut ambient = BTreeMap::new();
    let mut cusums: Vec<Vec<RateCusum>> = Vec::new();
    let mut best: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    // The prototype lets time pass for all receivers at every event, from 0 on; here each has its own clock.
    let mut checked = 0;
    for row in rows() {
        match row[0] {
            "rate" => {
                let cusum = RateCusum::new(number(&row, 2), 3.0, 1e6);
                cusums.push(vec![cusum; 7]);
            }
            "table" => {
                let key = (index(&row, 1), index(&row, 2), index(&row, 3));
                ambient.insert(key, number(&row, 4));
            }
            "event" => {
                let (run, at_s, level) = (index(&row, 1), number(&row, 2), number(&row, 3));
                let known_us = (at_s * 1e6).round() as i64;
                let cusum = &mut cusums[run][index(&row, 4)];
                cusum.take(&RateEvent {
                    known_us,
                    at_us: known_us,
                    level_dbm: level,
                    ambient: ambient[&(run, index(&row, 5), band_of(level))],
                });
                // The prototype looks at all receivers at every event.
                let now = cusums[run].iter().map(|c| c.nats_at(known_us));
                let now = now.fold(0.0, f64::max);
                let place = best.entry((run, (at_s / 10.0) as usize)).or_insert(0.0);
                *place = place.max(now);
            }
            "best" => {
                let expected = number(&row, 3);
                let got = best[&(index(&row, 1), index(&row, 2))];
                assert!((got - expected).abs() < 1e-4, "{row:?}: {got}");
                checked += 1;
            }
            _ => {}
        }
    }
    assert!(checked > 80, "{checked}");
}

#[test]
fn the_occupancy_cusum_is_the_prototypes() {
    let constants = OccupancyConstants::default();
    let mut habits = BTreeMap::new();
    let mut receivers = vec![Occupancy::default(); 7];
    let mut highest = 0.0_f64;
    for row in rows() {
        match row[0] {
            "habit" => {
                let habit = Habit {
                    arrives: number(&row, 3),
                    stays: number(&row, 4),
                };
                habits.insert((index(&row, 1), index(&row, 2)), habit);
            }
            "window" => {
                let state = index(&row, 2);
                for place in &row[3..] {
                    let (receiver, cell) = place.split_once(':').unwrap();
                    let receiver: usize = receiver.parse().unwrap();
                    receivers[receiver].occupy(cell.parse().unwrap());
                }
                for occupancy in &mut receivers {
                    occupancy.close(&constants, 0, |cell| habits[&(state, cell)]);
                }
            }
            "nats" => {
                let best = receivers.iter().filter_map(|r| r.best(0, 1e9, -99.0, 0));
                let got = best.map(|(_, cell)| cell.nats()).fold(0.0, f64::max);
                let expected = number(&row, 2);
                assert!((got - expected).abs() < 1e-6, "{row:?}: {got}");
                highest = highest.max(got);
            }
            _ => {}
        }
    }
    assert!(highest > 10.0, "{highest}");
}
