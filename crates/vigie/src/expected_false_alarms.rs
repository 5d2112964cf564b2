//! How often a convoy is alarmed although nothing is aboard: said before a watch begins, so that nobody is surprised.
//!
//! The figures are simulated: `vigie evaluate --scenarios --seed 7 --families clean`, on the half of the simulated world that
//! nothing was fitted on, per vehicle-hour, drives with any alarm counted once, with exact limits at 95 %. Seven vehicles:
//! docs/scenario-table.md, "Drives with nothing planted" (a test compares them); one vehicle: docs/methods.md, "Figures", with
//! limits of the same kind from the counts there.

use vigie_detect::config::Budget;
use vigie_show::{Texts, Value};
use vigie_trial::convoy::Environment;

/// A convoy-day, hours.
pub const DAY_HOURS: f64 = 10.0;

/// False alarms per vehicle-hour: best figure and upper limit.
type Rate = (f64, f64);

/// Tags of others only, and every kind of device, by environment; seven vehicles.
const SEVEN: [(Environment, Rate, Rate); 4] = [
    (Environment::Rural, (1.7e-4, 3.9e-4), (0.0, 1.1e-2)),
    (Environment::Motorway, (6.3e-4, 9.9e-4), (2.9e-3, 1.6e-2)),
    (Environment::City, (1.0e-3, 1.5e-3), (0.0, 1.1e-2)),
    (Environment::Crowd, (1.2e-3, 1.7e-3), (2.0e-2, 4.7e-2)),
];
/// Tags of others only, one vehicle: 2, 3 and 10 of 4000 hours. With every kind of device, and in a crowd, it was not run.
const ONE: [(Environment, Rate); 3] = [
    (Environment::Rural, (5.0e-4, 1.8e-3)),
    (Environment::Motorway, (7.5e-4, 2.2e-3)),
    (Environment::City, (2.5e-3, 4.6e-3)),
];

/// What to expect in an environment on a day of ten hours, numbers of alarms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// Where.
    pub environment: Environment,
    /// From tags of others: best figure and upper limit.
    pub tags: (f64, f64),
    /// Counting every kind of device, where that was run.
    pub all: Option<(f64, f64)>,
}

/// What a convoy of so many vehicles has to expect in each of these environments, in the profile vehicle at threat level `normal`.
/// Thresholds follow the budget of false alarms (settings `budget`), so the figures do.
pub fn expected(vehicles: usize, environments: &[Environment], budget: &Budget) -> Vec<Expected> {
    let asked = budget.per_vehicle_hour / Budget::default().per_vehicle_hour;
    let day = DAY_HOURS * vehicles as f64 * asked;
    let of = |(rate, high): Rate| (rate * day, high * day);
    environments
        .iter()
        .filter_map(|environment| {
            let (_, tags, all) = SEVEN.iter().find(|(e, ..)| e == environment)?;
            let one = ONE.iter().find(|(e, _)| vehicles == 1 && e == environment);
            Some(Expected {
                environment: *environment,
                tags: of(one.map_or(*tags, |(_, rate)| *rate)),
                all: (vehicles > 1).then(|| of(*all)),
            })
        })
        .collect()
}

/// The same in words, one line each below a first line.
pub fn worded(
    vehicles: usize,
    environments: &[Environment],
    budget: &Budget,
    texts: &Texts,
) -> String {
    let mut lines = vec![texts.text_with(
        "alarm-expected",
        &[("vehicles", Value::Count(vehicles as u64))],
    )];
    for row in expected(vehicles, environments, budget) {
        let environment = texts.code("alarm-environment", row.environment.as_str(), &[]);
        let mut values = vec![
            ("environment", Value::Text(&environment)),
            ("tags", Value::Decimal(row.tags.0, 2)),
            ("tags_high", Value::Decimal(row.tags.1, 2)),
        ];
        let key = match row.all {
            None => "alarm-expected-row-tags",
            Some((all, high)) => {
                values.push(("all", Value::Decimal(all, 2)));
                values.push(("all_high", Value::Decimal(high, 2)));
                "alarm-expected-row"
            }
        };
        lines.push(format!("  {}", texts.text_with(key, &values)));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use vigie_show::Language;

    /// The figures here are those of the document, row by row.
    #[test]
    fn the_figures_are_those_of_the_table() {
        let table = include_str!("../../../docs/scenario-table.md");
        let (_, table) = table.split_once("## Drives with nothing planted").unwrap();
        let mut seen = 0;
        for (environment, tags, all) in SEVEN {
            for (devices, (rate, high)) in [("tags only", tags), ("all classes", all)] {
                let start = format!("| {} | {devices} |", environment.as_str());
                let row = table.lines().find(|l| l.starts_with(&start)).unwrap();
                let cells: Vec<_> = row.split('|').map(str::trim).collect();
                let (in_table, limits) = cells[6].split_once(" [").unwrap();
                let high_in_table = limits.trim_end_matches(']').split_once(", ").unwrap().1;
                assert_eq!(rate, in_table.parse::<f64>().unwrap(), "{row}");
                assert_eq!(high, high_in_table.parse::<f64>().unwrap(), "{row}");
                let per_day = cells[8].parse::<f64>().unwrap();
                assert!((rate * 7.0 * DAY_HOURS - per_day).abs() < 0.02, "{row}");
                seen += 1;
            }
        }
        assert_eq!(seen, 8);
    }

    #[test]
    fn more_vehicles_and_a_larger_budget_alarm_more() {
        let budget = Budget::default();
        let city = |n, budget: &Budget| expected(n, &[Environment::City], budget)[0];
        assert!((city(7, &budget).tags.0 - 0.07).abs() < 1e-9);
        assert!((city(1, &budget).tags.0 - 0.025).abs() < 1e-9);
        assert_eq!(city(1, &budget).all, None);
        let half = Budget {
            per_vehicle_hour: 5e-4,
            ..budget
        };
        assert!((city(7, &half).tags.0 - 0.035).abs() < 1e-9);
        assert!(expected(7, &[], &budget).is_empty());
    }

    #[test]
    fn it_says_that_it_is_simulated() {
        let text = worded(
            7,
            &Environment::ALL,
            &Budget::default(),
            &Texts::new(Language::En),
        );
        assert!(text.contains("simulated"), "{text}");
        assert!(
            text.contains("crowd: 0.08 (up to 0.12)") && text.contains("1.4 (up to 3.29)"),
            "{text}"
        );
        let one = worded(
            1,
            &Environment::ALL,
            &Budget::default(),
            &Texts::new(Language::Fr),
        );
        assert!(one.contains("simulé") && one.lines().count() == 5, "{one}");
    }
}
