//! `vigie sound`: makes a tag sound. The one command that transmits; a person asks for it and confirms it.

use std::io::{BufRead, IsTerminal, Write};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use vigie_capture::live::SensorKind;
use vigie_capture::live::sound::{SoundError, Sounded, Step, sound};
use vigie_decode::{Address, Condition};
use vigie_keep::hex;
use vigie_show::{Texts, Value};

use crate::acts::{Act, ActLog};
use crate::arguments::Sound;
use crate::command::Refused;

/// Runs the command.
pub fn run(arguments: &Sound, texts: &Texts) -> Result<u8> {
    let address = Address::parse(&arguments.address)
        .ok_or_else(|| Refused::Sound("error-sound-address", arguments.address.clone()))?
        .to_string();
    let adapter = match &arguments.sensor.kind {
        SensorKind::Bluez {
            adapter,
            active: false,
        } => adapter.clone(),
        _ => return Err(Refused::Sound("error-sound-sensor", address).into()),
    };
    let by = arguments.by.clone().unwrap_or_default();
    // Before anything else: what cannot be recorded is not done.
    let log = arguments.case.as_deref().map(ActLog::open).transpose()?;
    if !arguments.yes && !confirmed(&address, texts)? {
        return Err(Refused::Sound("error-sound-unconfirmed", address).into());
    }
    let begun = now_us();
    let mut step = |step| eprintln!("{}", told(step, &address, texts));
    let within = Duration::from_secs(arguments.hear);
    let done = sound(&adapter, &address, within, &mut step);
    if let Some(log) = &log {
        let sensor = format!("bluez:{adapter}");
        log.record(&act(begun, by, &address, sensor, &done))?;
    }
    let said = match &done {
        Ok(sounded) => success(sounded, &address, texts),
        Err(error) => failure(error, &address, texts),
    };
    let mut out = std::io::stdout().lock();
    writeln!(out, "{said}")?;
    if arguments.case.is_some() {
        writeln!(out, "{}", texts.text("sound-recorded"))?;
    }
    Ok(u8::from(done.is_err()))
}

/// Shows who may notice, and takes a typed word for it. Without a terminal there is nobody to ask.
fn confirmed(address: &str, texts: &Texts) -> Result<bool> {
    let mut err = std::io::stderr().lock();
    let about = [("address", Value::Text(address))];
    writeln!(err, "{}", texts.text_with("sound-warning", &about))?;
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    write!(err, "{} ", texts.text("sound-ask"))?;
    err.flush()?;
    let mut word = String::new();
    std::io::stdin().lock().read_line(&mut word)?;
    Ok(matches!(word.trim().to_lowercase().as_str(), "oui" | "yes"))
}

fn told(step: Step, address: &str, texts: &Texts) -> String {
    let about = ("address", Value::Text(address));
    match step {
        Step::Listening => texts.text_with("sound-listening", &[about]),
        Step::Connecting(level) => {
            let level = level.map_or_else(|| "?".to_owned(), |l| l.to_string());
            texts.text_with("sound-connecting", &[about, ("level", Value::Text(&level))])
        }
        Step::Connected => texts.text("sound-connected"),
    }
}

fn success(sounded: &Sounded, address: &str, texts: &Texts) -> String {
    let written = hex(sounded.way.command);
    let answer = sounded.answer.as_deref().map(hex);
    let values = [
        ("address", Value::Text(address)),
        ("way", Value::Text(sounded.way.name)),
        ("written", Value::Text(&written)),
        ("answer", Value::Text(answer.as_deref().unwrap_or_default())),
    ];
    let key = match (sounded.status(), &answer) {
        (Some(status), _) if status != 0 => "sound-declined",
        (_, Some(_)) => "sound-done",
        (_, None) => "sound-done-unanswered",
    };
    texts.text_with(key, &values)
}

fn failure(error: &SoundError, address: &str, texts: &Texts) -> String {
    let reason = error.to_string();
    let key = match error {
        SoundError::Lost(lost) if lost.condition == Condition::Refused => "sound-refused",
        SoundError::Lost(_) => "sound-lost",
        SoundError::NotHeard { .. } => "sound-unheard",
        SoundError::Connecting(_) => "sound-unconnected",
        SoundError::NoWay => "sound-no-way",
        SoundError::Writing(_) => "sound-unwritten",
    };
    let values = [
        ("address", Value::Text(address)),
        ("reason", Value::Text(&reason)),
    ];
    texts.text_with(key, &values)
}

fn act(
    begun_us: i64,
    by: String,
    address: &str,
    sensor: String,
    done: &Result<Sounded, SoundError>,
) -> Act {
    let sounded = done.as_ref().ok();
    Act {
        at_us: begun_us,
        by,
        act: "sound",
        address: address.to_owned(),
        sensor,
        transmitted: done.as_ref().err().is_none_or(SoundError::transmitted),
        way: sounded.map(|s| s.way.name),
        written: sounded.map(|s| hex(s.way.command)),
        answer: sounded.and_then(|s| s.answer.as_deref().map(hex)),
        outcome: done
            .as_ref()
            .err()
            .map_or_else(|| "done".to_owned(), ToString::to_string),
    }
}

fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |d| i64::try_from(d.as_micros()).unwrap_or(i64::MAX))
}
