//! `vigie simulate`: labelled traces.

use anyhow::{Context, Result};
use vigie_show::{Texts, Value};
use vigie_trial::convoy::{Classes, Plan, Split, Trace};
use vigie_trial::families::files::CaseFolder;
use vigie_trial::families::{self, Case, files};
use vigie_trial::generate::{CrcFlag, Generated, Load, LoadFormat, Scenario, write, write_load};

use super::Refused;
use crate::arguments::{Family, Simulate, SimulateConvoy};
use crate::drive;

/// Length of the samples by which the density of a crowd is found, seconds.
const SAMPLE_S: f64 = 300.0;

/// Runs the command.
pub fn run(arguments: &Simulate, texts: &Texts) -> Result<u8> {
    if let Some(family) = arguments.family.of_convoy() {
        return convoy(family, arguments, texts);
    }
    std::fs::create_dir_all(&arguments.out)?;
    let seed = arguments.seed;
    match arguments.family {
        Family::Drive => tell(&write(&arguments.out, Scenario::Drive, seed)?, texts),
        Family::Load => {
            let crc = if arguments.crc_unchecked {
                CrcFlag::Unchecked
            } else {
                CrcFlag::Checked
            };
            let load = Load {
                frames: arguments.frames,
                addresses: arguments.addresses,
                hours: arguments.hours,
                seed,
                crc,
            };
            write_load(&arguments.out.join("load.pcap"), &load, LoadFormat::Pcap)?;
        }
        _ => tell(&write(&arguments.out, Scenario::Walk, seed)?, texts),
    }
    Ok(0)
}

/// Says what was simulated, and where it lies.
pub fn tell(made: &Generated, texts: &Texts) {
    let path = made.capture.display().to_string();
    eprintln!(
        "{}",
        texts.text_with(
            "simulated",
            &[
                ("path", Value::Text(&path)),
                ("tag", Value::Text(&made.tag)),
                ("frames", Value::Count(made.frames)),
            ]
        )
    );
}

/// The same for a case folder.
pub fn tell_case(made: &CaseFolder, texts: &Texts) {
    let path = made.folder.display().to_string();
    let first = made.planted.first().map_or("", String::as_str);
    eprintln!(
        "{}",
        texts.text_with(
            "simulated-case",
            &[
                ("path", Value::Text(&path)),
                ("frames", Value::Count(made.frames)),
                ("tags", Value::Count(made.planted.len() as u64)),
                ("tag", Value::Text(first)),
            ]
        )
    );
}

fn convoy(family: families::Family, arguments: &Simulate, texts: &Texts) -> Result<u8> {
    let how = &arguments.convoy;
    let (case, plan) = plan_of(family, how, arguments.seed)?;
    let trace = case.simulate(&plan);
    let title = format!(
        "{}, {}, seed {}, {}",
        case.name(),
        plan.environment.as_str(),
        arguments.seed,
        if plan.drive.is_some() {
            "semi-synthetic"
        } else {
            "simulated"
        }
    );
    let made = files::write_case(&arguments.out, &trace, &title)?;
    tell_case(&made, texts);
    Ok(0)
}

/// The case and the plan that the command line asks for.
fn plan_of(family: families::Family, how: &SimulateConvoy, seed: u64) -> Result<(Case, Plan)> {
    let mut variants = families::cases().into_iter().filter(|c| c.family == family);
    let case = match &how.variant {
        None => variants.next(),
        Some(name) => variants.find(|c| c.variant == *name),
    };
    let Some(case) = case else {
        let known = families::cases();
        let known: Vec<&str> = known
            .iter()
            .filter(|c| c.family == family)
            .map(|c| c.variant.as_str())
            .collect();
        return Err(Refused::Variant(known.join(", ")).into());
    };
    let environment = how
        .environment
        .map(Into::into)
        .or_else(|| case.environments.first().copied())
        .context("a family without an environment")?;
    let mut plan = case.plan(environment, Split::Test, seed, how.vehicles);
    if !how.tags_only {
        plan.classes = Classes::All;
    }
    if let Some(minutes) = how.minutes {
        plan.seconds = (minutes * 60.0).clamp(1.0, 86_400.0);
    }
    if let Some(path) = &how.drive {
        plan = families::with_drive(plan, &drive::read(path)?);
    }
    if let Some(wanted) = how.frames_per_second {
        crowd_for(&case, &mut plan, wanted);
    }
    Ok((case, plan))
}

/// Sets how crowded the surroundings are, so that at least so many frames a second are heard by all sensors together.
fn crowd_for(case: &Case, plan: &mut Plan, wanted: f64) {
    let full = plan.seconds;
    let rate = |trace: &Trace| trace.heard.len() as f64 / trace.seconds.max(1.0);
    for _ in 0..6 {
        // The whole length is tried last: crowds differ from one minute to the next.
        plan.seconds = full.min(SAMPLE_S);
        let mut heard = rate(&case.simulate(plan));
        if heard >= wanted {
            plan.seconds = full;
            heard = rate(&case.simulate(plan));
            if heard >= wanted {
                return;
            }
        }
        plan.crowding *= (1.05 * wanted / heard.max(1.0)).clamp(1.02, 20.0);
    }
    plan.seconds = full;
}
