//! The result of an evaluation, and the text in which a person reads it.

use std::fmt::Write as _;

use serde::Serialize;

use crate::{intervals::Interval, loro::LeftOut, reliability::Bin, score::Figures};

/// Every rule, pooled and per recording. Arrays of three are in the order of
/// [`crate::Regime::ALL`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// Seconds as which a missed emitter counts in the restricted mean.
    pub horizon_s: f64,
    /// All recordings together, the product first where there is one.
    pub rules: Vec<Row>,
    /// Each recording alone, in order of name.
    pub recordings: Vec<Recording>,
    /// How good the product's probabilities are.
    pub calibration: Option<Calibration>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Name.
    pub rule: String,
    /// Where the rule is published.
    pub source: String,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// One recording.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recording {
    /// Its name in the truth file.
    pub name: String,
    /// Identifiers heard.
    pub identifiers: u64,
    /// Identifiers that the regime leaves out of the false alarms.
    pub left_out_as_own: [u64; 3],
    /// Every rule on it.
    pub rules: Vec<Row>,
}

/// The product's probabilities against what came true.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// Stated probabilities per emitter.
    pub reliability: [Vec<Bin>; 3],
    /// The calibration curve fitted anew on all recordings but the one scored; `None` without
    /// records.
    pub left_out: [Option<LeftOut>; 3],
}

/// The words of the text form; numbers are the same in every language.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Labels {
    pub pooled: String,
    pub rule: String,
    pub found: String,
    pub recall: String,
    pub precision: String,
    pub false_alarms: String,
    pub per_hour: String,
    pub median: String,
    pub ninety: String,
    pub within: String,
    pub restricted_mean: String,
    pub brier: String,
    pub hours: String,
    pub identifiers: String,
    pub own: String,
    pub reliability: String,
    pub stated: String,
    pub emitters: String,
    pub mean_stated: String,
    pub observed: String,
    pub left_out: String,
    pub base: String,
    pub regimes: String,
}

impl Default for Labels {
    fn default() -> Self {
        let s = str::to_owned;
        Self {
            pooled: s("All recordings"),
            rule: s("rule"),
            found: s("found"),
            recall: s("recall [95 %]"),
            precision: s("precision"),
            false_alarms: s("false alarms R0/R1/R2"),
            per_hour: s("per hour, R0 [95 %]"),
            median: s("median s"),
            ninety: s("90 % s"),
            within: s("in 15/30 min"),
            restricted_mean: s("restricted mean s"),
            brier: s("Brier R0/R1/R2"),
            hours: s("h"),
            identifiers: s("identifiers"),
            own: s("left out as own R0/R1/R2"),
            reliability: s("Stated probabilities and what came true"),
            stated: s("stated"),
            emitters: s("n"),
            mean_stated: s("mean"),
            observed: s("observed [95 %]"),
            left_out: s("Calibration refitted, one recording left out each time"),
            base: s("base"),
            regimes: s(
                "R0: as labelled. R1: without identifiers heard in the first minute at a mean of \
                 -70 dBm and above. R2: without these and their successors in address rotation. \
                 Times are wall time from first sighting to alert.",
            ),
        }
    }
}

const NONE: &str = "-";

impl Table {
    /// The table as aligned text: all recordings together, then each alone, then calibration.
    #[must_use]
    pub fn render(&self, labels: &Labels) -> String {
        let mut out = String::new();
        let hours = self.rules.first().map_or(0.0, |r| r.figures.hours);
        section(
            &mut out,
            &format!("{} ({:.2} {})", labels.pooled, hours, labels.hours),
        );
        out.push_str(&rules_text(&self.rules, labels));
        for r in &self.recordings {
            let hours = r.rules.first().map_or(0.0, |r| r.figures.hours);
            let heading = format!(
                "{} ({:.2} {}, {} {}, {} {})",
                r.name,
                hours,
                labels.hours,
                r.identifiers,
                labels.identifiers,
                labels.own,
                counts(r.left_out_as_own)
            );
            section(&mut out, &heading);
            out.push_str(&rules_text(&r.rules, labels));
        }
        if let Some(calibration) = &self.calibration {
            for (regime, bins) in ["R0", "R1", "R2"].iter().zip(&calibration.reliability) {
                if bins.iter().any(|b| b.n > 0) {
                    section(&mut out, &format!("{}, {regime}", labels.reliability));
                    out.push_str(&bins_text(bins, labels));
                }
            }
            for (regime, left_out) in ["R0", "R1", "R2"].iter().zip(&calibration.left_out) {
                if let Some(l) = left_out {
                    let heading = format!(
                        "{}, {regime}: {} {} ({} {})",
                        labels.left_out,
                        labels.brier.split(' ').next().unwrap_or_default(),
                        number(l.brier, 3),
                        labels.base,
                        number(l.brier_base, 3),
                    );
                    section(&mut out, &heading);
                    out.push_str(&bins_text(&l.reliability, labels));
                }
            }
        }
        section(&mut out, &labels.regimes);
        out
    }
}

fn section(out: &mut String, heading: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(heading);
    out.push('\n');
}

fn rules_text(rows: &[Row], l: &Labels) -> String {
    let mut cells = vec![
        [
            &l.rule,
            &l.found,
            &l.recall,
            &l.precision,
            &l.false_alarms,
            &l.per_hour,
            &l.median,
            &l.ninety,
            &l.within,
            &l.restricted_mean,
            &l.brier,
        ]
        .map(String::clone)
        .to_vec(),
    ];
    for row in rows {
        let f = &row.figures;
        let brier = if f.brier.iter().all(Option::is_none) {
            NONE.to_owned()
        } else {
            f.brier.map(|b| number(b, 4)).join("/")
        };
        cells.push(vec![
            row.rule.clone(),
            format!("{}/{}", f.detected, f.planted),
            interval(f.recall),
            number(f.precision, 2),
            counts(f.false_alarms),
            interval(f.false_alarms_per_hour.first().copied().flatten()),
            number(f.time_median_s, 0),
            number(f.time_90_s, 0),
            f.found_within.map(|n| n.to_string()).join("/"),
            number(f.restricted_mean_s, 0),
            brier,
        ]);
    }
    aligned(&cells)
}

fn bins_text(bins: &[Bin], l: &Labels) -> String {
    let mut cells = vec![
        [&l.stated, &l.emitters, &l.mean_stated, &l.observed]
            .map(String::clone)
            .to_vec(),
    ];
    cells.extend(bins.iter().map(|b| {
        vec![
            format!("{:.2}-{:.2}", b.from, b.to),
            b.n.to_string(),
            number(b.stated, 3),
            interval(b.observed),
        ]
    }));
    aligned(&cells)
}

/// Rows of cells as text: first column to the left, the others to the right.
#[must_use]
pub fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |c: usize| {
        rows.iter()
            .filter_map(|r| r.get(c))
            .map(|s| s.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in rows {
        for (i, (cell, &w)) in row.iter().zip(&widths).enumerate() {
            // Writing to a String cannot fail.
            let _ = if i == 0 {
                write!(out, "{cell:<w$}")
            } else {
                write!(out, "  {cell:>w$}")
            };
        }
        out.push('\n');
    }
    out
}

fn counts(n: [u64; 3]) -> String {
    n.map(|x| x.to_string()).join("/")
}

fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| NONE.to_owned(), |v| format!("{v:.digits$}"))
}

fn interval(i: Option<Interval>) -> String {
    i.map_or_else(
        || NONE.to_owned(),
        |i| format!("{:.2} [{:.2}, {:.2}]", i.value, i.low, i.high),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::Tally;

    fn table() -> Table {
        let tally = Tally {
            planted: 39,
            times_s: vec![402.0; 36],
            false_alarms: [19, 16, 1],
            hours: 12.145_6,
            ..Tally::default()
        };
        let row = |rule: &str| Row {
            rule: rule.to_owned(),
            source: "somewhere".to_owned(),
            figures: tally.figures(1800.0),
        };
        Table {
            horizon_s: 1800.0,
            rules: vec![row("ble-doubt"), row("x")],
            recordings: vec![],
            calibration: None,
        }
    }

    #[test]
    fn text_is_aligned_and_holds_the_figures() {
        let text = table().render(&Labels::default());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "All recordings (12.15 h)");
        assert_eq!(lines[1].chars().count(), lines[2].chars().count());
        assert!(
            lines[2].starts_with("ble-doubt  36/39  0.92 [0.80, 0.97]"),
            "{}",
            lines[2]
        );
        assert!(lines[2].contains("19/16/1") && lines[2].contains("1.56 [0.94, 2.44]"));
        assert!(lines[3].starts_with("x  "));
    }

    #[test]
    fn labels_are_passed_in_and_may_have_accents() {
        let labels = Labels {
            rule: "règle".to_owned(),
            found: "trouvés".to_owned(),
            ..Labels::default()
        };
        let text = table().render(&labels);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].starts_with("règle      trouvés"));
        assert_eq!(lines[1].chars().count(), lines[2].chars().count());
    }

    #[test]
    fn serialises_with_flat_figures() {
        let json = serde_json::to_value(table()).unwrap();
        assert_eq!(json["rules"][0]["false_alarms"][2], 1);
        assert_eq!(json["rules"][0]["recall"]["value"], 36.0 / 39.0);
        assert!(json["rules"][0]["brier"][0].is_null());
    }
}
