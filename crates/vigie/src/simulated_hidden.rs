//! Hidden tags in a crowd, where nothing but the turnover of the surroundings tells them apart from strangers.

use crate::convoy_feed::judge_trace;
use vigie_detect::outcome::Outcome;
use vigie_detect::{Config, turnover_in_vehicle};
use vigie_trial::convoy::{Environment, Identity, Place, Plan, Planted, Split, simulate};

/// Drives of so many seconds.
const SECONDS: f64 = 900.0;

/// In which of `drives` through a crowd the planted tag raised an alert, by which analyzer, and alerts on others.
fn found(config: &Config, drives: u64) -> (Vec<&'static str>, usize) {
    let (mut by, mut others) = (Vec::new(), 0);
    for seed in 0..drives {
        let trace = simulate(&Plan {
            environment: Environment::Crowd,
            split: Split::Test,
            seed: 77_000 + seed,
            seconds: SECONDS,
            planted: vec![Planted {
                vehicle: (seed % 7) as u8,
                place: Place::Cabin,
                ..Planted::default()
            }],
            ..Plan::default()
        });
        let planted: Vec<String> = trace
            .truth
            .planted
            .iter()
            .flat_map(|p| &p.identities)
            .filter_map(|i| trace.identities.get(*i as usize))
            .map(Identity::address_text)
            .collect();
        judge_trace(&trace, config, &mut |outcome| {
            let Outcome::Alert(alert) = outcome else {
                return;
            };
            if alert.identifiers.iter().any(|i| planted.contains(i)) {
                by.push(alert.analyzer);
            } else {
                others += 1;
            }
        });
    }
    (by, others)
}

#[test]
fn a_hidden_tag_is_found_while_the_crowd_is_replaced() {
    let drives = 12;
    let (by, others) = found(&Config::default(), drives);
    assert_eq!(others, 0);
    assert!(by.len() as u64 >= drives - 1, "{by:?}");
    let by_turnover = by.iter().filter(|a| **a == turnover_in_vehicle::ANALYZER);
    assert!(by_turnover.count() >= 4, "{by:?}");
}

#[test]
fn without_a_share_of_the_budget_turnover_finds_nothing() {
    let mut config = Config::default();
    config.budget.turnover_in_towns = 0.0;
    let drives = 12;
    let (by, _) = found(&config, drives);
    assert!(by.len() as u64 <= drives - 4, "{by:?}");
    assert!(!by.contains(&turnover_in_vehicle::ANALYZER), "{by:?}");
}
