//! `vigie demo`: a convoy with a hidden tag, simulated, judged from its files, and told as it would be seen.

use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::Result;
use vigie_capture::{Input, Merge};
use vigie_console::Run;
use vigie_detect::outcome::{NoticeKind, Outcome};
use vigie_show::{Options, Story, Texts, Value, live_line};
use vigie_trial::convoy::{Trace, simulate};
use vigie_trial::families::demonstration::{DEPARTURE_S, PLANTED_S, demonstration};
use vigie_trial::families::files::{vehicle_name, write_case};
use vigie_trial::generate::{Scenario, write};

use crate::arguments::{Demo, Judging, ProfileArgument, Replay, ThreatArgument};
use crate::console::{Opened, Wanted};
use crate::judging::{config_of, judge_before};
use crate::onlooker::Onlooker;
use crate::stop::Stop;

/// So much faster than time does it go on in the console: a good minute from the first frame to the alert.
const USUAL_SPEED: f64 = 5.0;

/// Runs the command.
pub fn run(arguments: &Demo, texts: &Texts) -> Result<u8> {
    let temporary = tempfile::tempdir()?;
    let folder = arguments.out.as_deref().unwrap_or(temporary.path());
    if arguments.on_person {
        return walk(folder, arguments, texts);
    }
    let trace = simulate(&demonstration(arguments.seed));
    let made = write_case(folder, &trace, "demo, simulated")?;
    super::simulate::tell_case(&made, texts);
    if arguments.json {
        let inputs = vec![folder.display().to_string()];
        return super::replay::run(&replay(inputs, None, arguments), texts);
    }
    tell(folder, &trace, arguments, texts)
}

/// How fast the console plays it back, if it is opened: where somebody asks for it, or sits at a terminal.
fn speed(arguments: &Demo) -> Option<f64> {
    let asked = arguments.listen.is_some() || arguments.speed.is_some();
    let watched = std::io::stdout().is_terminal() && std::io::stderr().is_terminal();
    let open = !arguments.json && !arguments.no_console && (asked || watched);
    open.then(|| arguments.speed.unwrap_or(USUAL_SPEED))
}

/// The result line by line as it is reached, with what only the simulation knows between; then the report.
fn tell(folder: &Path, trace: &Trace, arguments: &Demo, texts: &Texts) -> Result<u8> {
    let inputs = [Input::from(folder)];
    let merge = Merge::open(&inputs)?;
    let config = config_of(&judging(arguments, None), &inputs, merge.cases())?;
    let stop = Stop::on_interrupt();
    let opened = match speed(arguments) {
        None => None,
        Some(speed) => {
            let run = Run {
                case: Some(texts.text("demo-case")),
                simulated: true,
                live: false,
                speed: Some(speed),
                config: config.clone(),
            };
            let wanted = Wanted {
                listen: arguments.listen,
                case: None,
                browser: !arguments.no_open,
            };
            Some((Opened::begin(run, &wanted, texts)?, speed))
        }
    };
    let mut onlooker = opened.as_ref().map(|(opened, speed)| {
        let speed_text = Value::Decimal(*speed, 2);
        eprintln!(
            "{}",
            texts.text_with("console-paced", &[("speed", speed_text)])
        );
        Onlooker::new(opened.hub().clone(), Some(*speed), stop.clone())
    });
    let stdout = std::io::stdout();
    let colour = stdout.is_terminal();
    let mut out = stdout.lock();
    let vehicles = Value::Count(u64::from(trace.vehicles));
    writeln!(
        out,
        "{}\n",
        texts.text_with("demo-intro", &[("vehicles", vehicles)])
    )?;
    let carrier = trace.truth.planted.first().and_then(|p| p.vehicles.first());
    let carrier = carrier.map_or_else(String::new, |(_, v)| vehicle_name(*v));
    let mut script = script(trace, &carrier, texts).into_iter().peekable();
    let mut story = Story::new();
    let mut first_alert = None;
    let mut failed = None;
    let mut say = |line: &str| {
        if failed.is_none() {
            failed = writeln!(out, "{line}").err();
        }
    };
    let summary = judge_before(
        merge,
        &config,
        None,
        &stop,
        onlooker.as_mut(),
        &mut |outcome| {
            if let Some((opened, _)) = &opened {
                opened.hub().outcome(&outcome);
            }
            if let Some(line) = live_line(&outcome, texts) {
                while let Some((_, before)) = script.next_if(|(at, _)| Some(*at) <= at_of(&outcome))
                {
                    say(&before);
                }
                say(&line);
            }
            if let Outcome::Alert(alert) = &outcome
                && first_alert.is_none()
            {
                first_alert = Some(alert.at_us);
            }
            // The truth file lies in the folder and is passed over: nobody who watches a demo wants to know.
            if !matches!(&outcome, Outcome::Notice(n) if n.kind == NoticeKind::Input) {
                story.take(&outcome);
            }
        },
    )?;
    if !summary.interrupted {
        script.for_each(|(_, line)| say(&line));
    }
    let vehicle = ("vehicle", Value::Text(&carrier));
    let last = match first_alert {
        Some(at_us) => {
            let departed_us = trace.start_us + (DEPARTURE_S * 1e6) as i64;
            let seconds = (
                "seconds",
                Value::Seconds((at_us - departed_us) as f64 / 1e6),
            );
            texts.text_with("demo-found", &[vehicle, seconds])
        }
        None => texts.text_with("demo-missed", &[vehicle]),
    };
    say(&last);
    say("");
    if let Some(e) = failed {
        return Err(e.into());
    }
    let options = Options {
        colour,
        ..Options::default()
    };
    out.write_all(story.report(texts, &options).as_bytes())?;
    out.flush()?;
    if let Some((opened, _)) = &opened {
        opened.until_interrupted(&stop, texts);
    }
    Ok(0)
}

/// What happens in the simulation, in order of time.
fn script(trace: &Trace, carrier: &str, texts: &Texts) -> Vec<(i64, String)> {
    let at = |s: f64| trace.start_us + (s * 1e6) as i64;
    [
        (0.0, "demo-parked"),
        (PLANTED_S, "demo-planted"),
        (DEPARTURE_S, "demo-departure"),
    ]
    .map(|(s, key)| {
        let mut values = vec![("at", Value::Time(at(s)))];
        if key == "demo-planted" {
            values.push(("vehicle", Value::Text(carrier)));
        }
        (at(s), texts.text_with(key, &values))
    })
    .into()
}

const fn at_of(outcome: &Outcome) -> Option<i64> {
    match outcome {
        Outcome::Alert(a) => Some(a.at_us),
        Outcome::Clone(c) => Some(c.at_us),
        Outcome::Update(u) => Some(u.at_us),
        _ => None,
    }
}

/// The walk.
fn walk(folder: &Path, arguments: &Demo, texts: &Texts) -> Result<u8> {
    let made = write(folder, Scenario::Walk, arguments.seed)?;
    super::simulate::tell(&made, texts);
    let inputs = [&made.capture, &made.track]
        .map(|p| p.display().to_string())
        .to_vec();
    let profile = Some(ProfileArgument::OnPerson);
    let speed = speed(arguments);
    let replay = Replay {
        open: speed.is_some(),
        listen: arguments.listen,
        ..replay(inputs, profile, arguments)
    };
    super::replay::run_at(&replay, speed, texts)
}

fn judging(arguments: &Demo, profile: Option<ProfileArgument>) -> Judging {
    Judging {
        profile,
        threat: ThreatArgument::Normal,
        config: None,
        enrolled: arguments.enrolled.clone(),
    }
}

fn replay(inputs: Vec<String>, profile: Option<ProfileArgument>, arguments: &Demo) -> Replay {
    Replay {
        identity: None,
        inputs,
        judging: judging(arguments, profile),
        json: arguments.json,
        exit_code: false,
        open: false,
        listen: None,
        before_departure: false,
        parked_since: None,
    }
}
