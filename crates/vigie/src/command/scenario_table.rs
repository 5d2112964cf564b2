//! The table of `evaluate --scenarios` as text.

use vigie_show::Texts;
use vigie_trial::families::{Bin, CaseFigures, RivalFigures};
use vigie_trial::intervals::Interval;
use vigie_trial::table::aligned;

use super::prototype_table;
use super::scenarios::{CleanRow, Document, Row};

/// Stands where there is no figure.
const NONE: &str = "-";

/// All tables.
pub fn render(document: &Document, texts: &Texts) -> String {
    let t = |key: &str| texts.text(&format!("scenarios-{key}"));
    let mut out = String::new();
    let mut section = |heading: String, rows: &[Vec<String>]| {
        if rows.len() > 1 {
            out.push_str(&format!("{heading}\n{}\n", aligned(rows)));
        }
    };
    let kind = if document.semi_synthetic {
        t("semi-synthetic")
    } else {
        t("simulated")
    };
    section(format!("== {kind}"), &family_rows(document, &t));
    section(t("rivals"), &rival_rows(document, &t));
    section(t("clean"), &clean_rows(&document.clean, &t));
    section(t("clean-rivals"), &clean_rival_rows(&document.clean, &t));
    if document.worlds == "prototypes" {
        let heads = ["case", "environment", "theirs", "ours"].map(&t);
        section(t("prototypes"), &prototype_table::rows(document, heads));
    }
    let e = |key: &str| texts.text(&format!("evaluate-{key}"));
    section(t("reliability"), &bin_rows(&document.reliability, &e));
    section(
        t("vehicle-reliability"),
        &bin_rows(&document.vehicle_reliability, &e),
    );
    out.push_str(&t("legend"));
    out.push('\n');
    if document.interrupted {
        out.push_str(&t("interrupted"));
        out.push('\n');
    }
    out
}

fn family_rows(document: &Document, t: &dyn Fn(&str) -> String) -> Vec<Vec<String>> {
    let heads = [
        "case",
        "environment",
        "runs",
        "recall",
        "median",
        "ninety",
        "aim",
        "oracle",
        "clear-aboard",
        "vehicle",
        "pair",
        "expected",
        "alarms",
        "links",
        "best-rival",
    ];
    let mut rows = vec![heads.map(t).to_vec()];
    for row in &document.rows {
        let f = &row.figures;
        rows.push(vec![
            name(row),
            row.environment.to_owned(),
            format!("{}/{}", f.hearable, f.runs),
            f.recall.map(|r| share(r, 2)).join("/"),
            seconds(f.time_median_s),
            seconds(f.time_90_s),
            aim(row),
            seconds(f.oracle_median_s),
            number(f.clear_share, 3),
            of_named(f),
            share(f.pair_right, 3),
            share(f.as_expected, 2),
            format!("{}+{}", f.false_alarms, f.false_clone_alarms),
            format!("{}/{}", share(f.link_recall, 2), share(f.link_purity, 2)),
            best_rival(&f.rivals),
        ]);
    }
    rows
}

/// Family and variant; `*` where time counts from the departure.
fn name(row: &Row) -> String {
    let mark = if row.from_departure { " *" } else { "" };
    format!("{}/{}{mark}", row.family, row.variant)
}

/// The aim, and whether the median keeps it.
fn aim(row: &Row) -> String {
    row.aim_s.map_or_else(
        || NONE.to_owned(),
        |aim| {
            let kept = row.figures.time_median_s.is_some_and(|m| m <= aim);
            format!("{aim:.0} {}", if kept { "=" } else { "!" })
        },
    )
}

/// The share of the found with the right vehicle named, and of the named that is right.
fn of_named(f: &CaseFigures) -> String {
    format!(
        "{} ({})",
        share(f.vehicle_right, 2),
        share(f.vehicle_right_of_named, 3)
    )
}

/// The rival that finds most within half an hour; of those, the fastest.
fn best_rival(rivals: &[RivalFigures]) -> String {
    let recall = |r: &RivalFigures| r.recall.last().copied().flatten().map_or(0.0, |i| i.value);
    let time = |r: &RivalFigures| r.time_median_s.unwrap_or(f64::INFINITY);
    let best = rivals.iter().max_by(|a, b| {
        recall(a)
            .total_cmp(&recall(b))
            .then(time(b).total_cmp(&time(a)))
    });
    best.filter(|r| recall(r) > 0.0).map_or_else(
        || NONE.to_owned(),
        |r| format!("{} {:.2} {}", r.rule, recall(r), seconds(r.time_median_s)),
    )
}

/// Every rival on the lasting keys and the clones, where the comparison is asked for most.
fn rival_rows(document: &Document, t: &dyn Fn(&str) -> String) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for row in &document.rows {
        if row.figures.rivals.is_empty() {
            continue;
        }
        if rows.is_empty() {
            let mut heads = vec![t("case"), t("environment"), "vigie".to_owned()];
            heads.extend(row.figures.rivals.iter().map(|r| r.rule.clone()));
            rows.push(heads);
        }
        let mut cells = vec![name(row), row.environment.to_owned()];
        let recall_30 = |r: [Option<Interval>; 3]| r.last().copied().flatten();
        cells.push(format!(
            "{} {}",
            share(recall_30(row.figures.recall), 2),
            seconds(row.figures.time_median_s)
        ));
        cells.extend(row.figures.rivals.iter().map(|r| {
            format!(
                "{} {}",
                share(recall_30(r.recall), 2),
                seconds(r.time_median_s)
            )
        }));
        rows.push(cells);
    }
    rows
}

fn clean_rows(clean: &[CleanRow], t: &dyn Fn(&str) -> String) -> Vec<Vec<String>> {
    let heads = [
        "environment",
        "classes",
        "drives",
        "vehicle-hours",
        "emitters",
        "alarms",
        "rate",
        "rate-by-drive",
        "resampled",
        "per-day",
        "clear",
    ];
    let mut rows = vec![heads.map(t).to_vec()];
    for row in clean {
        let f = &row.figures;
        rows.push(vec![
            row.environment.to_owned(),
            t(if row.all_classes { "all" } else { "tags" }),
            format!("{}/{}", f.drives_with_alarm, f.drives),
            format!("{:.0}", f.vehicle_hours),
            f.emitters.to_string(),
            format!("{}+{}", f.alarms, f.clone_alarms),
            rate(f.per_vehicle_hour),
            rate(f.per_vehicle_hour_by_drive),
            f.per_vehicle_hour_resampled
                .map_or_else(|| NONE.to_owned(), |[a, b]| format!("[{a:.1e}, {b:.1e}]")),
            number(f.per_convoy_day, 3),
            number(f.clear_share, 3),
        ]);
    }
    rows
}

fn clean_rival_rows(clean: &[CleanRow], t: &dyn Fn(&str) -> String) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for row in clean.iter().filter(|r| !r.figures.rivals.is_empty()) {
        if rows.is_empty() {
            let mut heads = vec![t("environment"), t("classes")];
            heads.extend(row.figures.rivals.iter().map(|r| r.rule.clone()));
            rows.push(heads);
        }
        let mut cells = vec![
            row.environment.to_owned(),
            t(if row.all_classes { "all" } else { "tags" }),
        ];
        let rates = row.figures.rivals.iter();
        cells.extend(rates.map(|r| number(r.false_alarms_per_hour.map(|i| i.value), 3)));
        rows.push(cells);
    }
    rows
}

fn bin_rows(bins: &[Bin], e: &dyn Fn(&str) -> String) -> Vec<Vec<String>> {
    let mut rows = vec![
        ["stated", "emitters", "mean-stated", "observed"]
            .map(e)
            .to_vec(),
    ];
    rows.extend(bins.iter().map(|b| {
        vec![
            format!("{:.3}-{:.3}", b.from, b.to),
            b.n.to_string(),
            format!("{:.4}", b.stated),
            b.observed.map_or_else(
                || NONE.to_owned(),
                |i| format!("{:.4} [{:.4}, {:.4}]", i.value, i.low, i.high),
            ),
        ]
    }));
    rows
}

/// Whole seconds.
pub fn seconds(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_owned(), |v| format!("{v:.0}"))
}

fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| NONE.to_owned(), |v| format!("{v:.digits$}"))
}

/// A share without its interval.
pub fn share(value: Option<Interval>, digits: usize) -> String {
    number(value.map(|i| i.value), digits)
}

fn rate(value: Option<Interval>) -> String {
    value.map_or_else(
        || NONE.to_owned(),
        |i| format!("{:.1e} [{:.1e}, {:.1e}]", i.value, i.low, i.high),
    )
}
