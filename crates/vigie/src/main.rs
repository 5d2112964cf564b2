//! The `vigie` command: wires capture, decode, detect, keep and show together, one file per command.
#![forbid(unsafe_code)]

mod acts;
mod alarm;
mod arguments;
mod beside;
mod command;
mod console;
mod convoy_answer;
mod convoy_feed;
mod doctor;
mod drive;
mod enrolment;
mod expected_false_alarms;
mod judging;
mod labelled;
mod onlooker;
mod progress;
#[cfg(test)]
mod sensor_faults;
mod settings;
#[cfg(test)]
mod simulated_clocks;
#[cfg(test)]
mod simulated_departures;
#[cfg(test)]
mod simulated_displaced;
#[cfg(test)]
mod simulated_hidden;
#[cfg(test)]
mod simulated_ours;
mod stop;
mod watch;
mod wrong_setting;

use std::process::ExitCode;

use clap::Parser;
use vigie_show::{Language, Texts};

use arguments::{Arguments, Command};

/// Exit status of a failure (DESIGN section 4).
const FAILED: u8 = 1;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let language = arguments.lang.unwrap_or_else(language_of_the_locale);
    let texts = Texts::new(language);
    let done = match &arguments.command {
        Command::Demo(a) => command::demo::run(a, &texts),
        Command::Watch(a) => command::watch::run(a, &texts),
        Command::Replay(a) => command::replay::run(a, &texts),
        Command::Enroll(a) => command::enroll::run(a, &texts),
        Command::Decode(a) => command::decode::run(a),
        Command::Simulate(a) => command::simulate::run(a, &texts),
        Command::Evaluate(a) => command::evaluate::run(a, &texts),
        Command::Sound(a) => command::sound::run(a, &texts),
        Command::Alarm(a) => command::alarm::run(a, &texts),
        Command::Doctor(a) => command::doctor::run(a, &texts),
        Command::Fit(a) => command::fit::run(a),
        Command::Generate(a) => command::generate::run(a),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(e) if is_broken_pipe(&e) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("vigie: {}", command::worded(&e, &texts));
            ExitCode::from(FAILED)
        }
    }
}

fn language_of_the_locale() -> Language {
    let [all, messages, lang] =
        ["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| std::env::var(name).ok());
    Language::from_environment(all.as_deref(), messages.as_deref(), lang.as_deref())
}

/// The reader of our output went away: nothing is wrong, and there is nobody to tell.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|e| e.downcast_ref::<std::io::Error>())
        .any(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
}
