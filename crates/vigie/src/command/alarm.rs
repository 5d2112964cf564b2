//! `vigie alarm`: try the channels that the settings name, and see how those of a case stand.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use vigie_detect::outcome::{Alert, EmitterId, Outcome, Verdict};
use vigie_keep::outbox::{FILE, Outbox, Standing};
use vigie_show::{AlarmKind, AlarmText, Texts, Value, time};
use vigie_trial::convoy::Environment;

use crate::alarm::{AlarmSettings, Alarms, Failure, local_time, now_us, try_out};
use crate::arguments::{
    Alarm, AlarmAction, AlarmDeliver, AlarmExpect, AlarmMute, AlarmState, AlarmTest,
};
use crate::command::Refused;
use crate::expected_false_alarms;
use crate::settings::Settings;
use crate::stop::Stop;

/// Exit status when a channel failed.
const FAILED: u8 = 1;

/// Runs the command.
pub fn run(arguments: &Alarm, texts: &Texts) -> Result<u8> {
    match &arguments.action {
        AlarmAction::Test(a) => test(a, texts),
        AlarmAction::State(a) => state(a, texts),
        AlarmAction::Deliver(a) => deliver(a, texts),
        AlarmAction::Acknowledge(a) => {
            let mut outbox = of_case(&a.case)?;
            let cause = named(&outbox, &a.cause)?;
            outbox.acknowledge(&cause, &a.by, now_us())?;
            Ok(0)
        }
        AlarmAction::Mute(a) => mute(a),
        AlarmAction::Expect(a) => expect(a, texts),
    }
}

/// The queue of a case that has one.
fn of_case(case: &Path) -> Result<Outbox> {
    let path = case.join(FILE);
    if !path.is_file() {
        return Err(Refused::NoAlarms(case.display().to_string()).into());
    }
    Ok(Outbox::open(&path)?)
}

fn named(outbox: &Outbox, name: &str) -> Result<String> {
    let cause = outbox.called(name)?;
    cause.ok_or_else(|| Refused::NoSuchCause(name.to_owned()).into())
}

fn mute(arguments: &AlarmMute) -> Result<u8> {
    let mut outbox = of_case(&arguments.case)?;
    let what = match arguments.what.as_str() {
        kind @ ("all" | "alert" | "clone" | "deaf") => kind.to_owned(),
        name => named(&outbox, name)?,
    };
    let now_us = now_us();
    let until_us = now_us + i64::from(arguments.minutes) * 60_000_000;
    outbox.mute(&what, until_us, &arguments.reason, &arguments.by, now_us)?;
    Ok(0)
}

fn expect(arguments: &AlarmExpect, texts: &Texts) -> Result<u8> {
    let settings = match &arguments.config {
        None => Settings::default(),
        Some(path) => Settings::read(path)?,
    };
    let vehicles = usize::from(arguments.vehicles);
    let budget = settings.detect.budget;
    let text = expected_false_alarms::worded(vehicles, &Environment::ALL, &budget, texts);
    writeln!(std::io::stdout().lock(), "{text}")?;
    Ok(0)
}

/// Delivers until nothing waits, until the time is over or until it is interrupted.
fn deliver(arguments: &AlarmDeliver, texts: &Texts) -> Result<u8> {
    let settings = Settings::read(&arguments.config)?;
    let path = arguments.case.join(FILE);
    if arguments.raise.is_empty() {
        of_case(&arguments.case)?;
    }
    let mut alarms = Alarms::start(&settings.alarms, &path, texts.language())?;
    for (number, address) in arguments.raise.iter().enumerate() {
        alarms.raise(&invented(number as u64, address));
    }
    let stop = Stop::on_interrupt();
    let began = Instant::now();
    let lasts = arguments.lasts_s.map(|s| Duration::from_secs(s.into()));
    // What was raised reaches the queue a moment later.
    let mut quiet_since = Instant::now();
    loop {
        let state = alarms.state()?;
        if state.trouble.is_some() || state.channels.iter().any(|c| c.standing.is_waiting()) {
            quiet_since = Instant::now();
        }
        let quiet = quiet_since.elapsed() > Duration::from_secs(1);
        let over = lasts.is_some_and(|lasts| began.elapsed() >= lasts);
        if stop.asked() || over || (quiet && lasts.is_none()) {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let state = alarms.state()?;
    alarms.stop();
    let mut out = std::io::stdout().lock();
    let outbox = Outbox::open(&path)?;
    let mut waits = false;
    for channel in &state.channels {
        let standing = outbox.standing(&channel.standing.channel)?;
        waits |= standing.is_waiting();
        write_standing(&mut out, &standing, texts)?;
    }
    Ok(if waits { FAILED } else { 0 })
}

/// An alert about a device that nobody heard.
fn invented(number: u64, address: &str) -> Outcome {
    Outcome::Alert(Alert {
        at_us: now_us(),
        emitter: EmitterId(number + 1),
        identifiers: vec![address.to_owned()],
        analyzer: "drill@1",
        llr: 0.0,
        prior: 0.5,
        probability: 0.5,
        vehicle: Some("DRILL-VEHICLE".to_owned()),
        vehicle_probability: Some(0.5),
        whereabouts: None,
        family: None,
        first_seen_us: now_us(),
        level_dbm: None,
        verdict: Verdict::TravellingWithUs,
        reasons: Vec::new(),
    })
}

fn test(arguments: &AlarmTest, texts: &Texts) -> Result<u8> {
    let settings = Settings::read(&arguments.config)?;
    if settings.alarms.is_empty() {
        let path = arguments.config.display().to_string();
        eprintln!(
            "{}",
            texts.text_with("alarm-none", &[("path", Value::Text(&path))])
        );
        return Ok(FAILED);
    }
    let now_us = now_us();
    let title = AlarmKind::Test.title(texts);
    let local = local_time(now_us);
    let text = AlarmText {
        kind: AlarmKind::Test,
        at_us: now_us,
        local: &local,
        reference: "test",
        full: None,
    }
    .text(texts);
    // All at once: one that does not answer takes ten seconds.
    let results: Vec<_> = std::thread::scope(|scope| {
        let tries: Vec<_> = settings
            .alarms
            .iter()
            .map(|alarm| scope.spawn(|| try_out(alarm, &title, &text)))
            .collect();
        tries
            .into_iter()
            .map(std::thread::ScopedJoinHandle::join)
            .collect()
    });
    let mut out = std::io::stdout().lock();
    let mut code = 0;
    for (alarm, result) in settings.alarms.iter().zip(results) {
        let result = result.unwrap_or_else(|_| anyhow::bail!("alarm {}: gave up", alarm.name))?;
        if result.is_err() {
            code = FAILED;
        }
        writeln!(out, "{}", outcome(alarm, &result, texts))?;
    }
    Ok(code)
}

fn outcome(alarm: &AlarmSettings, result: &Result<(), Failure>, texts: &Texts) -> String {
    let channel = format!("{} ({})", alarm.name, alarm.kind.name());
    let channel = ("channel", Value::Text(&channel));
    match result {
        Ok(()) => texts.text_with("alarm-test-delivered", &[channel]),
        Err(failure) => {
            let todo = texts.code("alarm-do", failure.why.code(), &[]);
            let values = [
                channel,
                ("reason", Value::Text(&failure.what)),
                ("todo", Value::Text(&todo)),
            ];
            texts.text_with("alarm-test-failed", &values)
        }
    }
}

fn state(arguments: &AlarmState, texts: &Texts) -> Result<u8> {
    let outbox = of_case(&arguments.case)?;
    let mut out = std::io::stdout().lock();
    let mut standings = Vec::new();
    for channel in outbox.channels()? {
        standings.push(outbox.standing(&channel)?);
    }
    let mutes = outbox.mutes(Some(now_us()))?;
    let acknowledged = outbox.acknowledgements()?;
    if arguments.json {
        let state = serde_json::json!({
            "channels": standings,
            "mutes": mutes,
            "acknowledged": acknowledged,
        });
        writeln!(out, "{state}")?;
        return Ok(0);
    }
    if standings.is_empty() {
        writeln!(out, "{}", texts.text("alarm-state-empty"))?;
    }
    for standing in &standings {
        write_standing(&mut out, standing, texts)?;
    }
    for mute in &mutes {
        let values = [
            ("what", Value::Text(&mute.what)),
            ("until", Value::Time(mute.until_us)),
            ("by", Value::Text(&mute.by)),
            ("reason", Value::Text(&mute.reason)),
        ];
        writeln!(out, "{}", texts.text_with("alarm-state-mute", &values))?;
    }
    for known in &acknowledged {
        let values = [
            ("cause", Value::Text(&known.cause)),
            ("by", Value::Text(&known.by)),
            ("at", Value::Time(known.at_us)),
        ];
        writeln!(
            out,
            "{}",
            texts.text_with("alarm-state-acknowledged", &values)
        )?;
    }
    Ok(0)
}

fn write_standing(out: &mut impl Write, standing: &Standing, texts: &Texts) -> Result<()> {
    let values = [
        ("channel", Value::Text(&standing.channel)),
        ("delivered", Value::Count(standing.delivered)),
        ("waiting", Value::Count(standing.waiting)),
        ("undeliverable", Value::Count(standing.undeliverable)),
        ("muted", Value::Count(standing.muted)),
        ("acknowledged", Value::Count(standing.acknowledged)),
    ];
    writeln!(out, "{}", texts.text_with("alarm-state-channel", &values))?;
    if let Some(since) = standing.failing_since_us {
        let since = time(since);
        let values = [
            ("since", Value::Text(&since)),
            (
                "reason",
                Value::Text(standing.last_error.as_deref().unwrap_or("?")),
            ),
        ];
        writeln!(out, "  {}", texts.text_with("alarm-state-failing", &values))?;
    }
    Ok(())
}
