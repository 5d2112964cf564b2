//! `vigie watch`: live. Sensors and positions in, the same engine as `replay`, a recording, alerts.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use anyhow::{Context, Result};
use vigie_capture::live::SteadyClock;
use vigie_console::Run;
use vigie_detect::outcome::{Outcome, Summary};
use vigie_detect::{Config, Profile};
use vigie_keep::outbox;
use vigie_show::{Options, Story, Texts, Value, watch_line};
use vigie_trial::convoy::Environment;

use crate::alarm::Alarms;
use crate::arguments::Watch;
use crate::console::{Opened, Wanted};
use crate::expected_false_alarms;
use crate::judging::config_of;
use crate::settings::Settings;
use crate::stop::Stop;
use crate::watch::{self, Folder, Plan};

/// Exit status with `--exit-code` and at least one alert.
const ALERTED: u8 = 3;

/// Runs the command.
pub fn run(arguments: &Watch, texts: &Texts) -> Result<u8> {
    let clock = SteadyClock::start();
    let folder = Folder::prepare(arguments, clock.now_us())?;
    let config = config_of(&arguments.judging, &folder.inputs(), folder.cases())?;
    let stop = Stop::on_interrupt();
    let settings = match &arguments.judging.config {
        Some(path) => Settings::read(path)?,
        None => Settings::default(),
    };
    let recording = watch::recording(settings.watch, watch::recipients(&arguments.encrypt_to)?)?;
    say(texts, "watch-begins", &folder);
    if config.profile == Profile::Vehicle {
        // With none entered, the sensors ride in one.
        let named: usize = folder.cases().iter().map(|c| c.vehicles.len()).sum();
        let vehicles = named.max(1);
        let budget = &config.budget;
        eprintln!(
            "{}",
            expected_false_alarms::worded(vehicles, &Environment::ALL, budget, texts)
        );
    }
    let alarms = if settings.alarms.is_empty() {
        None
    } else {
        let queue = folder.path().join(outbox::FILE);
        Some(Alarms::start(&settings.alarms, &queue, texts.language())?)
    };
    if let Some(alarms) = alarms.as_ref().filter(|_| arguments.test_alarm) {
        alarms.test();
    }
    let opened = match (arguments.no_console, arguments.listen) {
        (true, _) => None,
        (false, Some(_)) => Some(open(arguments, &folder, &config, texts)?),
        // Nobody asked for it: a watch that can hear goes on without.
        (false, None) => open(arguments, &folder, &config, texts)
            .map_err(|e| eprintln!("vigie: {e:#}"))
            .ok(),
    };
    let plan = Plan {
        clock,
        folder: &folder,
        config: &config,
        gnss: &arguments.gnss,
        recording,
        lasts: arguments.lasts,
        hub: opened.as_ref().map(|opened| opened.hub().clone()),
    };
    let stdout = std::io::stdout();
    let mut out = stdout.lock();
    let mut failed = None;
    let mut story = Story::new();
    let (summary, figures) = watch::run(&plan, &stop, &mut |outcome: &Outcome, line: &[u8]| {
        if arguments.json && failed.is_none() {
            failed = out.write_all(line).and_then(|()| out.flush()).err();
        }
        if let Some(alarms) = &alarms {
            alarms.raise(outcome);
        }
        if let Some(opened) = &opened {
            opened.hub().outcome(outcome);
        }
        if let Some(text) = watch_line(outcome, texts) {
            eprintln!("{text}");
        }
        if !arguments.json {
            story.take(outcome);
        }
    })?;
    if let Some(mut alarms) = alarms {
        // Within the last wait some of what is under way still gets out: only then is it known what waits.
        alarms.stop();
        tell_alarms(&alarms, texts);
    }
    match failed {
        Some(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            return Err(e).context("standard output");
        }
        _ => {}
    }
    if !arguments.json {
        let options = Options {
            colour: stdout.is_terminal(),
            ..Options::default()
        };
        out.write_all(story.report(texts, &options).as_bytes())?;
    }
    out.flush()?;
    eprintln!("{}", figures.line(texts));
    Ok(status(arguments, &summary))
}

/// Opens the console on a live run.
fn open(arguments: &Watch, folder: &Folder, config: &Config, texts: &Texts) -> Result<Opened> {
    let name = folder.path().file_name();
    let run = Run {
        case: name.map(|name| name.to_string_lossy().into_owned()),
        simulated: false,
        live: true,
        speed: None,
        config: config.clone(),
    };
    let wanted = Wanted {
        listen: arguments.listen,
        case: Some(folder.path()),
        browser: false,
    };
    Opened::begin(run, &wanted, texts)
}

/// Says which channel could not be reached, if any: what waits is sent by the next watch, or by `vigie alarm deliver`.
fn tell_alarms(alarms: &Alarms, texts: &Texts) {
    let Ok(state) = alarms.state() else {
        return;
    };
    for channel in state.channels {
        let standing = &channel.standing;
        if standing.waiting > 0 {
            let values = [
                ("channel", Value::Text(&standing.channel)),
                ("waiting", Value::Count(standing.waiting)),
            ];
            eprintln!("{}", texts.text_with("watch-alarm-waits", &values));
        }
    }
}

fn say(texts: &Texts, key: &str, folder: &Folder) {
    let case = folder.path().display().to_string();
    let sensors: Vec<_> = folder
        .sensors()
        .iter()
        .map(|s| format!("{} ({})", s.id, s.kind.class()))
        .collect();
    let sensors = sensors.join(", ");
    eprintln!(
        "{}",
        texts.text_with(
            key,
            &[
                ("case", Value::Text(&case)),
                ("sensors", Value::Text(&sensors))
            ]
        )
    );
}

const fn status(arguments: &Watch, summary: &Summary) -> u8 {
    if arguments.exit_code && summary.alerts + summary.clones > 0 {
        ALERTED
    } else {
        0
    }
}

/// `90`, `90s`, `15m`, `8h`, `2d`.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = text.strip_suffix(unit).unwrap_or(text);
    let factor = match unit {
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => return Err("a number with s, m, h or d".to_owned()),
    };
    number
        .parse::<f64>()
        .ok()
        .and_then(|n| Duration::try_from_secs_f64(n * factor).ok())
        .ok_or_else(|| "a number with s, m, h or d".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        for (text, seconds) in [
            ("90", 90.0),
            ("1.5s", 1.5),
            ("15m", 900.0),
            ("8h", 28_800.0),
        ] {
            assert_eq!(parse_duration(text).unwrap().as_secs_f64(), seconds);
        }
        for text in ["", "m", "3 weeks", "-1", "1e400h"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
