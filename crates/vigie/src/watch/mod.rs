//! A live run: what receivers give is recorded, judged, kept and told, in the order of its arrival.
//!
//! A replay of the recording gives the same result, byte for byte: what is judged here was recorded before, with its number in that
//! order, and nothing is judged by a clock.

mod alertness;
mod figures;
mod folder;
mod hearing;

pub use figures::Figures;
pub use folder::Folder;
use hearing::{Hearing, Reference};

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use vigie_capture::live::{self, GnssSpec, Heard, Outlet, Received, SteadyClock};
use vigie_console::Hub;
use vigie_decode::{Condition, Fix, Status};
use vigie_detect::outcome::{Outcome, Summary};
use vigie_detect::{Config, Intake};
use vigie_keep::case_db::CaseDb;
use vigie_keep::recorder::{Arrival, Provenance, Recipients, Recorder, Rules, SensorHead};

use crate::judging::enter_cases;
use crate::onlooker::show_fix;
use crate::stop::Stop;
use alertness::Alertness;

/// What may wait for the engine; then receivers wait in turn.
const MOST_WAITING: usize = 65_536;
/// How long to wait for something to come: a little longer than the hold, so that in quiet air what is held is not held for longer.
const PATIENCE: Duration = Duration::from_millis(25);
/// How often what was recorded is handed over to be written.
const HAND_OVER: Duration = Duration::from_millis(50);

/// What to do.
pub struct Plan<'a> {
    pub clock: SteadyClock,
    pub folder: &'a Folder,
    pub config: &'a Config,
    pub gnss: &'a [GnssSpec],
    pub recording: Recording,
    pub lasts: Option<Duration>,
    /// The console, where it is open.
    pub hub: Option<Arc<Hub>>,
}

/// Receives every outcome, and its line in the result stream.
pub type Tell<'t> = &'t mut dyn FnMut(&Outcome, &[u8]);

/// Public keys from the command line.
pub fn recipients(keys: &[String]) -> Result<Option<Recipients>> {
    if keys.is_empty() {
        return Ok(None);
    }
    let recipients = Recipients::parse(keys).map_err(anyhow::Error::msg);
    Ok(Some(recipients.context("--encrypt-to")?))
}

/// Settings `[watch]`, as they are used.
pub struct Recording {
    /// How it is recorded.
    pub rules: Rules,
    /// Tags of our own that sensors must hear.
    pub references: Vec<Reference>,
}

/// Settings `[watch]`, as they are written.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Written {
    /// A segment ends when it has this size, bytes.
    segment_bytes: Option<u64>,
    /// A segment ends after this time, seconds.
    segment_s: Option<f64>,
    /// Below this room on the disk it is said that it runs short, bytes.
    low_bytes: Option<u64>,
    /// Nothing more is recorded below this room, bytes.
    full_bytes: Option<u64>,
    /// Tags of our own that sensors must hear.
    reference: Vec<Reference>,
}

/// How to record and what must be heard, from the settings.
pub fn recording(table: toml::Table, recipients: Option<Recipients>) -> Result<Recording> {
    let asked: Written = table.try_into().context("[watch]")?;
    let usual = Rules::default();
    Ok(Recording {
        rules: Rules {
            segment_bytes: asked.segment_bytes.unwrap_or(usual.segment_bytes),
            segment_s: asked.segment_s.unwrap_or(usual.segment_s),
            low_bytes: asked.low_bytes.unwrap_or(usual.low_bytes),
            full_bytes: asked.full_bytes.unwrap_or(usual.full_bytes),
            recipients,
        },
        references: asked.reference,
    })
}

/// Runs until it is interrupted, or as long as it was asked to.
pub fn run(plan: &Plan<'_>, stop: &Stop, tell: Tell<'_>) -> Result<(Summary, Figures)> {
    let (sender, received) = sync_channel(MOST_WAITING);
    let ending = Arc::new(AtomicBool::new(false));
    let mut engine = Engine::begin(plan, &sender)?;
    let receivers = listen(plan, &sender, &ending)?;
    drop(sender);
    let until = plan.lasts.map(|lasts| Instant::now() + lasts);
    let mut asked_to_end = false;
    loop {
        engine.take_some(&received, tell);
        let over = until.is_some_and(|until| Instant::now() >= until);
        if (over || stop.asked()) && !asked_to_end {
            asked_to_end = true;
            ending.store(true, Ordering::Relaxed);
        }
        // They end by themselves, and what they still give is taken.
        if asked_to_end && receivers.iter().all(JoinHandle::is_finished) {
            while engine.take_some(&received, tell) {}
            break;
        }
    }
    for receiver in receivers {
        let _ = receiver.join();
    }
    Ok(engine.end(tell))
}

/// One thread for each sensor and each source of positions.
fn listen(
    plan: &Plan<'_>,
    sender: &SyncSender<Received>,
    ending: &Arc<AtomicBool>,
) -> Result<Vec<JoinHandle<()>>> {
    let mut threads = Vec::new();
    let mut start = |name: String, sensor, mut receiver: Box<dyn live::Receiver>| {
        let out = Outlet::new(sensor, plan.clock, sender.clone(), ending.clone());
        std::thread::Builder::new()
            .name(name)
            .spawn(move || live::listen(&mut *receiver, &out))
            .map(|thread| threads.push(thread))
    };
    for (index, spec) in (0_u16..).zip(plan.folder.sensors()) {
        start(spec.id.clone(), Some(index), live::receiver(spec))?;
    }
    for spec in plan.gnss {
        start("positions".to_owned(), None, live::positions(spec))?;
    }
    Ok(threads)
}

/// Records, judges, keeps.
struct Engine {
    intake: Intake,
    recorder: Recorder,
    store: Option<CaseDb>,
    clock: SteadyClock,
    alertness: Alertness,
    hearing: Hearing,
    /// Of the last event taken.
    number: u64,
    handed_over: Instant,
    looked: Instant,
    figures: Figures,
    hub: Option<Arc<Hub>>,
}

impl Engine {
    fn begin(plan: &Plan<'_>, sender: &SyncSender<Received>) -> Result<Self> {
        let specs = plan.folder.sensors();
        let now_us = plan.clock.now_us();
        let provenance = Provenance {
            boot_id: live::boot_id(),
            base_us: plan.clock.base_us(),
            clock: "system clock when the run began; its own error is not known".to_owned(),
            settings_sha256: settings_sha256(plan.config)?,
        };
        let heads: Vec<SensorHead> = specs
            .iter()
            .map(|spec| SensorHead {
                name: spec.id.clone(),
                description: format!("{} {}", spec.kind.class(), spec.text),
            })
            .collect();
        let names: Vec<&str> = specs.iter().map(|spec| spec.id.as_str()).collect();
        let hearing = Hearing::new(&names, &plan.recording.references, now_us)?;
        // Greater than in any run before on this case, unless the clock was set back between them; then a replay of both takes
        // them side by side.
        let number = now_us.max(0) as u64;
        let rules = plan.recording.rules.clone();
        let say = of_run(plan.clock, sender);
        let folder = plan.folder.path();
        let recorder = Recorder::open(folder, &heads, &provenance, rules, number, say)
            .with_context(|| format!("{}", folder.display()))?;
        let store = match plan.recording.rules.recipients {
            // Conclusions are encrypted with the recording.
            Some(_) => None,
            None => {
                let say = of_run(plan.clock, sender);
                let failed = Box::new(move |why: &str| say(Condition::DiskFull, 0.0, why));
                Some(CaseDb::open(folder, &provenance, now_us, failed)?)
            }
        };
        let mut intake = Intake::new(plan.config);
        enter_cases(&mut intake, plan.folder.cases());
        for (index, spec) in (0_u16..).zip(specs) {
            intake.name_sensor(index, &spec.id);
            crate::judging::enter_rides(&mut intake, plan.folder.cases(), index, &spec.id);
        }
        Ok(Self {
            intake,
            recorder,
            store,
            clock: plan.clock,
            alertness: Alertness::new(plan.clock.wall_ahead_us()),
            hearing,
            number,
            handed_over: Instant::now(),
            looked: Instant::now(),
            figures: Figures::default(),
            hub: plan.hub.clone(),
        })
    }

    /// Takes what waits, or waits a little; whether something was there.
    fn take_some(&mut self, received: &Receiver<Received>, tell: Tell<'_>) -> bool {
        let mut took = false;
        match received.recv_timeout(PATIENCE) {
            Ok(first) => {
                took = true;
                self.take(&first, tell);
                for next in received.try_iter().take(1000) {
                    self.take(&next, tell);
                }
            }
            Err(RecvTimeoutError::Timeout) if self.intake.holds() => {
                let now_us = self.clock.now_us();
                let arrival = self.arrives(now_us);
                let passes = of_the_run(now_us, Condition::Listening, 0.0);
                self.state(arrival, passes, "", tell);
            }
            // What the recorder has to say comes this way too, so that it stays open.
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
        if self.handed_over.elapsed() >= HAND_OVER {
            self.handed_over = Instant::now();
            self.recorder.hand_over();
        }
        if self.looked.elapsed() >= Duration::from_secs(1) {
            self.looked = Instant::now();
            self.look_around(tell);
            if let Some(hub) = &self.hub {
                hub.look(&self.intake);
            }
        }
        took
    }

    fn take(&mut self, received: &Received, tell: Tell<'_>) {
        let arrival = self.arrives(received.time_us);
        match &received.what {
            Heard::Packet(packet) => {
                let Some(sensor) = received.sensor else {
                    return;
                };
                let frame = packet.frame(received.time_us, sensor);
                self.figures.packets += 1;
                self.hearing.hears(sensor, packet, received.time_us);
                self.recorder.frame(arrival, &frame);
                self.judge(tell, |intake, sink| intake.frame(&frame, sink));
            }
            Heard::Fix(fix) => {
                let fix = Fix {
                    sensor: None,
                    ..*fix
                };
                self.recorder.fix(arrival, &fix);
                if let Some(hub) = &self.hub {
                    show_fix(hub, &fix, &self.intake);
                }
                self.judge(tell, |intake, sink| intake.fix(fix, sink));
            }
            Heard::Damage(kind, detail) => {
                let (sensor, kind) = (received.sensor.unwrap_or(0), kind.as_str());
                self.recorder.damage(arrival, sensor, kind, detail);
                self.intake.damaged(kind, false);
            }
            Heard::Status(condition, value, detail) => {
                let status = Status {
                    time_us: received.time_us,
                    sensor: received.sensor,
                    condition: *condition,
                    value: *value,
                };
                if let Some(status) = self.alertness.of_positions(status) {
                    let status = self.hearing.of_sensor(status);
                    self.state(arrival, status, detail, tell);
                }
            }
        }
    }

    fn arrives(&mut self, time_us: i64) -> Arrival {
        self.number += 1;
        Arrival {
            number: self.number,
            time_us,
            late: self.intake.is_late(time_us),
        }
    }

    fn state(&mut self, arrival: Arrival, status: Status, detail: &str, tell: Tell<'_>) {
        self.recorder.status(arrival, &status, detail);
        if !detail.is_empty() && status.condition != Condition::Listening {
            eprintln!("vigie: {}: {detail}", status.condition.as_str());
        }
        self.judge(tell, |intake, sink| intake.status(status, sink));
    }

    /// What only the run itself can notice: a clock that was set, a sensor that hears nothing, records that the disk did not take.
    fn look_around(&mut self, tell: Tell<'_>) {
        let now_us = self.clock.now_us();
        if let Some(step_s) = self.alertness.clock_step_s(self.clock.wall_ahead_us()) {
            let arrival = self.arrives(now_us);
            let stepped = of_the_run(now_us, Condition::ClockStep, step_s);
            self.state(arrival, stepped, "", tell);
        }
        for status in self.hearing.look(now_us) {
            let arrival = self.arrives(now_us);
            self.state(arrival, status, "", tell);
        }
        let unrecorded = self.recorder.take_unrecorded();
        self.figures.unrecorded += unrecorded;
        if unrecorded > 0 {
            let arrival = self.arrives(now_us);
            let status = of_the_run(now_us, Condition::Unrecorded, unrecorded as f64);
            self.state(arrival, status, "", tell);
        }
    }

    fn judge(&mut self, tell: Tell<'_>, take: impl FnOnce(&mut Intake, &mut dyn FnMut(Outcome))) {
        let Self {
            intake,
            recorder,
            store,
            clock,
            figures,
            ..
        } = self;
        let mut keeper = Keeper {
            recorder,
            store: store.as_ref(),
            now_us: clock.now_us(),
        };
        let before_us = intake.judged_us();
        take(intake, &mut |outcome| keeper.keep(&outcome, tell));
        let judged_us = intake.judged_us();
        if judged_us > before_us {
            figures.judged(judged_us, keeper.now_us);
        }
    }

    fn end(self, tell: Tell<'_>) -> (Summary, Figures) {
        let Self {
            intake,
            mut recorder,
            store,
            clock,
            mut figures,
            hub,
            ..
        } = self;
        if let Some(hub) = hub {
            hub.look(&intake);
        }
        figures.unrecorded += recorder.take_unrecorded();
        let mut keeper = Keeper {
            recorder: &mut recorder,
            store: store.as_ref(),
            now_us: clock.now_us(),
        };
        let summary = intake.finish(false, &mut |outcome| keeper.keep(&outcome, tell));
        recorder.finish();
        if let Some(store) = store {
            store.finish(clock.now_us());
        }
        (summary, figures)
    }
}

const fn of_the_run(time_us: i64, condition: Condition, value: f64) -> Status {
    Status {
        time_us,
        sensor: None,
        condition,
        value,
    }
}

/// Where outcomes go.
struct Keeper<'k> {
    recorder: &'k mut Recorder,
    store: Option<&'k CaseDb>,
    now_us: i64,
}

impl Keeper<'_> {
    fn keep(&mut self, outcome: &Outcome, tell: Tell<'_>) {
        let mut line = Vec::new();
        if vigie_keep::write_json(outcome, &mut line).is_err() {
            return;
        }
        match self.store {
            Some(store) => store.outcome(outcome, &String::from_utf8_lossy(&line)),
            None => self.recorder.conclusion(self.now_us, &line),
        }
        tell(outcome, &line);
    }
}

/// Lets a thread say something of the run. What cannot be taken now is dropped: the thread must not wait for the engine, which may
/// be waiting for it.
fn of_run(clock: SteadyClock, sender: &SyncSender<Received>) -> vigie_keep::recorder::Say {
    let sender = sender.clone();
    Box::new(move |condition, value, detail| {
        let _ = sender.try_send(Received {
            sensor: None,
            time_us: clock.now_us(),
            what: Heard::Status(condition, value, detail.to_owned()),
        });
    })
}

/// So that one can say later by which settings was judged.
fn settings_sha256(config: &Config) -> Result<String> {
    let hash = Sha256::digest(toml::to_string(config)?.as_bytes());
    Ok(vigie_keep::hex(&hash))
}
