//! `vigie evaluate --scenarios`: simulated convoys, the product and the rivals on the same traces, one table.

use std::io::Write;
use std::path::Path;

use anyhow::{Result, bail};
use serde::Serialize;
use vigie_detect::strata::{Class, Loudness, Steadiness, Strata, Stratum};
use vigie_detect::{Config, Profile};
use vigie_show::{Texts, Value};
use vigie_trial::convoy::{
    Classes, Environment, Parameters, Place, Plan, Point, Rotation, Split, Trace,
};
use vigie_trial::convoy::{simulate, simulate_with};
use vigie_trial::families::{
    Bin, Case, CaseFigures, CleanFigures, CleanTally, Clock, Expected, Family, Forecasts, Run,
    Tally, cases, oracle, rivals_on, score, with_drive,
};
use vigie_trial::generate::{self, Scenario};
use vigie_trial::{in_parallel, rules};

use super::fit::environment_of;
use super::scenario_table::render;
use crate::arguments::{Evaluate, Scenarios};
use crate::convoy_answer::answer;
use crate::drive;
use crate::labelled::run_log;
use crate::stop::Stop;

/// Clean drives last so long, seconds: an hour, as in `detection.md` section 9.
const CLEAN_S: f64 = 3600.0;
/// Clean drives handed to a thread at once.
const PORTION: usize = 20;
/// Clean drives on which the rivals run, per environment.
const RIVAL_DRIVES: usize = 60;
/// Seeds of clean drives, away from those of the families.
const CLEAN_SEED: u64 = 1 << 32;
/// From the seeds of one `--seed` to those of the next: other worlds altogether.
const SEEDS_APART: u64 = 1 << 40;

/// One row.
#[derive(Serialize)]
pub struct Row {
    /// Family.
    pub family: &'static str,
    /// Its parameters.
    pub variant: String,
    /// Environment.
    pub environment: &'static str,
    /// Time counts from the departure, not from the first reception.
    pub from_departure: bool,
    /// Median aimed at, seconds.
    pub aim_s: Option<f64>,
    /// Figures.
    #[serde(flatten)]
    pub figures: CaseFigures,
}

/// One row of the clean table.
#[derive(Serialize)]
pub struct CleanRow {
    /// Environment.
    pub environment: &'static str,
    /// All classes of devices, or tags only.
    pub all_classes: bool,
    /// Figures.
    #[serde(flatten)]
    pub figures: CleanFigures,
}

/// The whole result.
#[derive(Serialize, Default)]
pub struct Document {
    /// Roads are real drives.
    pub semi_synthetic: bool,
    /// `test`, `fitted` or `prototypes`.
    pub worlds: &'static str,
    /// Seeds per family and environment.
    pub seeds: u64,
    /// Vehicles of a convoy.
    pub vehicles: u8,
    /// Not all was run.
    pub interrupted: bool,
    /// The families.
    pub rows: Vec<Row>,
    /// Nothing planted.
    pub clean: Vec<CleanRow>,
    /// Stated probability of every emitter against whether it travelled with us.
    pub reliability: Vec<Bin>,
    /// Stated probability of every named vehicle against whether it was that one.
    pub vehicle_reliability: Vec<Bin>,
}

/// What all runs share.
struct Bench<'a> {
    arguments: &'a Scenarios,
    /// All seeds count from here.
    first_seed: u64,
    jobs: usize,
    config: &'a Config,
    split: Split,
    drives: Vec<Vec<Point>>,
    stop: Stop,
}

/// Runs the command.
pub fn run(arguments: &Evaluate, config: &Config, texts: &Texts) -> Result<u8> {
    let s = &arguments.scenarios;
    let bench = Bench {
        arguments: s,
        first_seed: arguments.seed.saturating_sub(1).saturating_mul(SEEDS_APART),
        jobs: arguments.jobs.max(1),
        config,
        split: if s.fitted_worlds || s.prototypes {
            Split::Fit
        } else {
            Split::Test
        },
        drives: match &s.drives {
            Some(folder) => drives_of(folder)?,
            None => Vec::new(),
        },
        stop: Stop::on_interrupt(),
    };
    let (families, clean) = wanted(&s.families)?;
    let mut document = Document {
        semi_synthetic: !bench.drives.is_empty(),
        worlds: match (s.prototypes, bench.split) {
            (true, _) => "prototypes",
            (_, Split::Fit) => "fitted",
            (_, Split::Test) => "test",
        },
        seeds: s.seeds,
        vehicles: s.vehicles,
        ..Document::default()
    };
    let (mut forecasts, mut vehicles) = (Forecasts::default(), Forecasts::default());
    for case in cases().iter().filter(|c| families.contains(&c.family)) {
        for environment in bench.environments(case.environments) {
            let tally = bench.case(case, environment);
            // A key that is heard once travels with us and is told as an emitter of its own: a probability of each
            // says nothing of the test for them.
            if case.family != Family::H {
                forecasts.merge(tally.forecasts());
            }
            vehicles.merge(tally.vehicles_stated());
            document.rows.push(Row {
                family: case.family.as_str(),
                variant: case.variant.clone(),
                environment: environment.as_str(),
                from_departure: case.clock == Clock::Departure,
                aim_s: case.aim_s(environment),
                figures: tally.figures(),
            });
            bench.progress(&case.name(), environment.as_str(), texts);
        }
    }
    if families.contains(&Family::K) && bench.drives.is_empty() {
        let tally = bench.walks();
        document.rows.push(Row {
            family: Family::K.as_str(),
            variant: "walk".to_owned(),
            environment: "-",
            from_departure: false,
            aim_s: None,
            figures: tally.figures(),
        });
    }
    if clean {
        for environment in bench.environments(&Environment::ALL) {
            for (hours, classes) in [
                (s.clean_hours, Classes::TagsOnly),
                (s.clean_hours_all_classes, Classes::All),
            ] {
                let tally = bench.clean(environment, classes, hours);
                forecasts.merge(tally.forecasts());
                document.clean.push(CleanRow {
                    environment: environment.as_str(),
                    all_classes: classes == Classes::All,
                    figures: tally.figures(),
                });
                bench.progress("clean", environment.as_str(), texts);
            }
        }
    }
    document.reliability = forecasts.bins();
    document.vehicle_reliability = vehicles.bins();
    document.interrupted = bench.stop.asked();
    let mut out = std::io::stdout().lock();
    if arguments.json {
        serde_json::to_writer(&mut out, &document)?;
        writeln!(out)?;
    } else {
        out.write_all(render(&document, texts).as_bytes())?;
    }
    Ok(0)
}

/// The families asked for, and whether clean drives are.
fn wanted(names: &[String]) -> Result<(Vec<Family>, bool)> {
    if names.is_empty() {
        return Ok((Family::ALL.to_vec(), true));
    }
    let mut families = Vec::new();
    let mut clean = false;
    for name in names {
        match Family::named(name) {
            Some(family) => families.push(family),
            None if name.eq_ignore_ascii_case("clean") => clean = true,
            None => bail!("{name}: a to m, levels, places, clean"),
        }
    }
    Ok((families, clean))
}

/// The tracks of a folder, in order of name.
fn drives_of(folder: &Path) -> Result<Vec<Vec<Point>>> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file() && path.extension().is_some())
        .collect();
    paths.sort();
    let drives: Vec<_> = paths
        .iter()
        .map(|p| drive::read(p))
        .collect::<Result<_>>()?;
    if drives.is_empty() {
        bail!("{}: no track", folder.display());
    }
    Ok(drives)
}

/// The level of a tag that keeps its key, where the plan says it.
fn lasting_level(plan: &Plan) -> Option<f64> {
    let tag = plan.planted.first()?;
    match tag.place {
        Place::Level(dbm) if tag.rotation == Rotation::Lasting => Some(dbm),
        _ => None,
    }
}

impl Bench<'_> {
    /// Those asked for, of those in which something exists. A real drive is of one kind, and these are motorways.
    fn environments(&self, exists: &[Environment]) -> Vec<Environment> {
        let asked: Vec<Environment> = self
            .arguments
            .environments
            .iter()
            .map(|e| (*e).into())
            .collect();
        let asked = match (asked.is_empty(), self.drives.is_empty()) {
            (true, true) => Environment::ALL.to_vec(),
            (true, false) => vec![Environment::Motorway],
            (false, _) => asked,
        };
        asked.into_iter().filter(|e| exists.contains(e)).collect()
    }

    fn progress(&self, what: &str, environment: &str, texts: &Texts) {
        let args = [
            ("case", Value::Text(what)),
            ("environment", Value::Text(environment)),
        ];
        eprintln!("{}", texts.text_with("scenarios-progress", &args));
    }

    /// On a real road, if there are any.
    fn on_road(&self, plan: Plan, nth: u64) -> Plan {
        match self.drives.len() as u64 {
            0 => plan,
            n => match self.drives.get((nth % n) as usize) {
                Some(drive) => with_drive(plan, drive),
                None => plan,
            },
        }
    }

    fn simulate(&self, case: &Case, plan: &Plan) -> Trace {
        if self.arguments.prototypes {
            simulate_with(plan, &Parameters::prototype())
        } else {
            case.simulate(plan)
        }
    }

    /// All seeds of one row.
    fn case(&self, case: &Case, environment: Environment) -> Tally {
        let s = self.arguments;
        let runs = in_parallel(s.seeds as usize, self.jobs, |i| {
            if self.stop.asked() {
                return None;
            }
            let nth = i as u64;
            let seed = self.first_seed + nth;
            let plan = case.plan(environment, self.split, seed, s.vehicles);
            let plan = self.on_road(plan, nth);
            let trace = self.simulate(case, &plan);
            let run = score(
                case.clock,
                case.expected,
                &trace,
                &answer(&trace, self.config),
            );
            let rivals = if nth < s.rival_seeds && run.hearable {
                rivals_on(case.clock, &trace)
            } else {
                Vec::new()
            };
            let oracle = lasting_level(&plan)
                .filter(|_| run.hearable)
                .map(|level| oracle::found_s(&trace, level, self.oracle_nats(environment, level)));
            Some((run, rivals, oracle, trace.seconds / 3600.0))
        });
        let mut tally = Tally::default();
        for (run, rivals, oracle, hours) in runs.into_iter().flatten() {
            tally.add(&run, hours * f64::from(s.vehicles));
            if let Some(found_s) = oracle {
                tally.add_oracle(found_s);
            }
            for r in rivals {
                tally.add_rival(r.name, r.found_s, r.false_alarms, hours);
            }
        }
        tally
    }

    /// What the oracle needs for the same share of false alarms: one identifier in as many as are met at such a level. A
    /// likelihood ratio needs no more.
    fn oracle_nats(&self, environment: Environment, level_dbm: f64) -> f64 {
        let vehicles = usize::from(self.arguments.vehicles);
        let strata = Strata::new(self.config, vehicles, 1.0);
        let class = Class::Tag;
        let loudness = strata.loudness(Some(level_dbm)).unwrap_or(Loudness::Quiet);
        let (mut met_per_h, mut allowed_per_h) = (0.0, 0.0);
        for steadiness in Steadiness::ALL {
            let stratum = Stratum {
                environment: environment_of(environment),
                class,
                loudness,
                steadiness,
            };
            allowed_per_h += strata.allowed_per_h(stratum);
            met_per_h += strata.met_per_h(stratum);
        }
        (met_per_h / allowed_per_h).ln()
    }

    /// Drives with nothing planted.
    fn clean(&self, environment: Environment, classes: Classes, vehicle_hours: f64) -> CleanTally {
        let s = self.arguments;
        let length_h = match self
            .drives
            .iter()
            .filter_map(|d| d.last())
            .map(|p| p.t_s)
            .reduce(f64::min)
        {
            Some(shortest) => shortest.min(CLEAN_S) / 3600.0,
            None => CLEAN_S / 3600.0,
        };
        let drives = (vehicle_hours / (f64::from(s.vehicles) * length_h)).ceil() as usize;
        let portions = in_parallel(drives.div_ceil(PORTION), self.jobs, |portion| {
            let mut tally = CleanTally::default();
            for nth in portion * PORTION..drives.min((portion + 1) * PORTION) {
                if self.stop.asked() {
                    break;
                }
                let plan = self.on_road(
                    Plan {
                        environment,
                        split: self.split,
                        seed: self.first_seed + CLEAN_SEED + nth as u64,
                        vehicles: s.vehicles,
                        seconds: CLEAN_S,
                        classes,
                        ..Plan::default()
                    },
                    nth as u64,
                );
                let trace = if s.prototypes {
                    simulate_with(&plan, &Parameters::prototype())
                } else {
                    simulate(&plan)
                };
                let hours = trace.seconds / 3600.0;
                let run = score(
                    Clock::FirstHeard,
                    Expected::Silent,
                    &trace,
                    &answer(&trace, self.config),
                );
                tally.add(&run, s.vehicles, hours);
                if nth < RIVAL_DRIVES && s.rival_seeds > 0 {
                    for r in rivals_on(Clock::FirstHeard, &trace) {
                        tally.add_rival(r.name, r.false_alarms, hours);
                    }
                }
            }
            tally
        });
        let mut tally = CleanTally::default();
        for portion in &portions {
            tally.merge(portion);
        }
        tally
    }

    /// Family K: on a person, the simulated walks of the generator.
    fn walks(&self) -> Tally {
        let config = Config {
            profile: Profile::OnPerson,
            ..self.config.clone()
        };
        let s = self.arguments;
        let runs = in_parallel(s.seeds as usize, self.jobs, |i| {
            if self.stop.asked() {
                return None;
            }
            let (log, truth) = generate::log(Scenario::Walk, self.first_seed + i as u64);
            let product = run_log(&log, &config);
            let planted = truth.identifiers();
            let born = log
                .sightings
                .iter()
                .find(|s| planted.contains(&s.identifier))?
                .time_us;
            let outcome = |alerts: &[vigie_trial::Alert]| {
                let right = alerts.iter().filter(|a| planted.contains(&a.identifier));
                let found_s = right
                    .map(|a| (a.at_us - born) as f64 / 1e6)
                    .reduce(f64::min);
                let wrong = alerts.iter().filter(|a| !planted.contains(&a.identifier));
                (found_s, wrong.count() as u64)
            };
            let (found_s, false_alarms) = outcome(&product.alerts);
            let run = Run {
                hearable: true,
                found_s,
                false_alarms,
                as_expected: false_alarms == 0,
                ..Run::default()
            };
            let mut rivals = Vec::new();
            if (i as u64) < s.rival_seeds {
                for mut rule in rules::rivals() {
                    let (found_s, wrong) = outcome(&rules::run(rule.as_mut(), &log));
                    rivals.push((rule.name(), found_s, wrong));
                }
            }
            Some((run, rivals, log.hours()))
        });
        let mut tally = Tally::default();
        for (run, rivals, hours) in runs.into_iter().flatten() {
            tally.add(&run, hours);
            for (name, found_s, wrong) in rivals {
                tally.add_rival(name, found_s, wrong, hours);
            }
        }
        tally
    }
}
