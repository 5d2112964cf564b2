//! `vigie evaluate`: the product and the rival rules on labelled recordings, one table.

use std::io::Write;

use anyhow::Result;
use serde::Serialize;
use vigie_detect::{Config, Profile};
use vigie_show::{Texts, Value};
use vigie_trial::compose::{Composed, Ride, StandStill, ride, stand_still, strip_positions};
use vigie_trial::redraw::{Redraw, each_alone, redraw};
use vigie_trial::{Labels, Log, Options, ProductRun, Table, Truth, evaluate, in_parallel};

use crate::arguments::Evaluate;
use crate::judging::config_of;
use crate::labelled::{Labelled, load, run_log, run_recording};
use crate::stop::Stop;

/// One table with what it is on.
#[derive(Serialize)]
struct Titled {
    title: String,
    semi_synthetic: bool,
    #[serde(flatten)]
    table: Table,
}

/// Runs the command.
pub fn run(arguments: &Evaluate, texts: &Texts) -> Result<u8> {
    let config = config_of(&arguments.judging, &[], &[])?;
    if arguments.scenarios.scenarios {
        return super::scenarios::run(arguments, &config, texts);
    }
    if arguments.adversarial.is_some() {
        return super::adversarial::run(arguments, &config, texts);
    }
    let Some(folder) = &arguments.folder else {
        return Ok(0);
    };
    let recordings = load(folder)?;
    let stop = Stop::on_interrupt();
    let mut tables = Vec::new();
    if arguments.composed {
        for (title, composed) in compositions(&recordings, arguments.seed, texts) {
            let logs = vec![(composed.log, composed.truth)];
            tables.push(titled(title, true, logs, None, &config, arguments.jobs));
        }
    } else if arguments.without_positions {
        let logs = recordings
            .iter()
            .map(|r| (strip_positions(&r.log), r.truth.clone()))
            .collect();
        let title = texts.text("evaluate-without-positions");
        tables.push(titled(title, true, logs, None, &config, arguments.jobs));
    } else if let Some(how) = arguments.redraw {
        let mut logs = Vec::new();
        let mut alone = Vec::new();
        for r in &recordings {
            let (log, truth) = redraw(&r.log, &r.truth, how, arguments.seed);
            alone.extend(each_alone(&log, &truth));
            logs.push((log, truth));
        }
        let every = match how {
            Redraw::EverySighting => texts.text("evaluate-redraw-sighting"),
            Redraw::Every(seconds) => {
                let n = seconds.to_string();
                texts.text_with("evaluate-redraw-seconds", &[("seconds", Value::Text(&n))])
            }
        };
        for (key, logs) in [
            ("evaluate-redraw-together", logs),
            ("evaluate-redraw-alone", alone),
        ] {
            let title = format!("{every}. {}", texts.text(key));
            tables.push(titled(title, true, logs, None, &config, arguments.jobs));
        }
    } else {
        let runs = in_parallel(recordings.len(), arguments.jobs, |i| {
            match recordings.get(i) {
                Some(r) => run_recording(r, &config, &stop),
                None => Ok(ProductRun::default()),
            }
        });
        let runs = runs.into_iter().collect::<Result<Vec<_>>>()?;
        let logs = recordings.into_iter().map(|r| (r.log, r.truth)).collect();
        let title = folder.display().to_string();
        tables.push(titled(
            title,
            false,
            logs,
            Some(runs),
            &config,
            arguments.jobs,
        ));
    }
    let mut out = std::io::stdout().lock();
    if arguments.json {
        serde_json::to_writer(&mut out, &tables)?;
        writeln!(out)?;
        return Ok(0);
    }
    let labels = labels(texts);
    for t in tables {
        let kind = if t.semi_synthetic {
            texts.text("evaluate-semi-synthetic")
        } else {
            String::new()
        };
        writeln!(out, "== {} {kind}", t.title)?;
        writeln!(out, "{}", t.table.render(&labels))?;
    }
    let profile = texts.code("profile", config.profile.as_str(), &[]);
    let profile = Value::Text(&profile);
    writeln!(
        out,
        "{}",
        texts.text_with("evaluate-profile", &[("profile", profile)])
    )?;
    Ok(0)
}

fn titled(
    title: String,
    semi_synthetic: bool,
    logs: Vec<(Log, Truth)>,
    runs: Option<Vec<ProductRun>>,
    config: &Config,
    jobs: usize,
) -> Titled {
    let runs = runs.unwrap_or_else(|| {
        in_parallel(logs.len(), jobs, |i| {
            logs.get(i)
                .map(|(log, _)| run_log(log, config))
                .unwrap_or_default()
        })
    });
    let product_source = match config.profile {
        Profile::OnPerson => vigie_detect::turnover::ANALYZER,
        Profile::Vehicle => vigie_detect::cotravel::ANALYZER,
    };
    let options = Options {
        product_source: product_source.into(),
        jobs,
        ..Options::default()
    };
    Titled {
        title,
        semi_synthetic,
        table: evaluate(&logs, Some(&runs), &options),
    }
}

/// What recordings alone cannot show.
fn compositions(recordings: &[Labelled], seed: u64, texts: &Texts) -> Vec<(String, Composed)> {
    let source: Vec<(Log, Truth)> = recordings
        .iter()
        .map(|r| (r.log.clone(), r.truth.clone()))
        .collect();
    let still = StandStill::default();
    let noisy = StandStill {
        gps_noise_m: Some(5.0),
        ..still.clone()
    };
    let leaving = StandStill {
        walk_away: true,
        ..noisy.clone()
    };
    let stand = |how: &StandStill| stand_still(&source, seed, how);
    let without = |composed: Composed| Composed {
        log: strip_positions(&composed.log),
        ..composed
    };
    [
        ("still", stand(&still)),
        ("noise", stand(&noisy)),
        ("leaving", stand(&leaving)),
        ("still-no-positions", without(stand(&still))),
        ("ride", ride(&source, seed, &Ride::default())),
        (
            "ride-no-positions",
            without(ride(&source, seed, &Ride::default())),
        ),
    ]
    .map(|(key, composed)| (texts.text(&format!("evaluate-composed-{key}")), composed))
    .into()
}

fn labels(texts: &Texts) -> Labels {
    let t = |key: &str| texts.text(&format!("evaluate-{key}"));
    Labels {
        pooled: t("pooled"),
        rule: t("rule"),
        found: t("found"),
        recall: t("recall"),
        precision: t("precision"),
        false_alarms: t("false-alarms"),
        per_hour: t("per-hour"),
        median: t("median"),
        ninety: t("ninety"),
        within: t("within"),
        restricted_mean: t("restricted-mean"),
        brier: t("brier"),
        hours: t("hours"),
        identifiers: t("identifiers"),
        own: t("own"),
        reliability: t("reliability"),
        stated: t("stated"),
        emitters: t("emitters"),
        mean_stated: t("mean-stated"),
        observed: t("observed"),
        left_out: t("left-out"),
        base: t("base"),
        regimes: t("regimes"),
    }
}
