//! Alerts that leave the machine.
//!
//! [`Alarms::raise`] hands an outcome to a thread that writes what is to be said into the queue of the case
//! ([`vigie_keep::outbox`]); one thread for each channel delivers from there, so that a channel that hangs holds up neither
//! detection nor the others. Whoever acknowledges or mutes does so in the queue, from any process.

mod certificates;
mod clerk;
mod command;
mod cursor_on_target;
mod deliver;
mod failure;
mod mail;
mod mqtt;
mod ntfy;
mod post;
mod secret;
mod server;
mod settings;
mod sound;
mod webhook;

pub use failure::Failure;
pub use settings::AlarmSettings;

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use serde::Serialize;
use vigie_detect::outcome::Outcome;
use vigie_keep::outbox::{Message, Outbox, Standing};
use vigie_keep::utc_text;
use vigie_show::Language;

use clerk::{Clerk, Order};
use deliver::Queue;

/// How long one attempt on one channel may take.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// How long [`Alarms::stop`] waits for what is under way.
const LAST_WAIT: Duration = Duration::from_secs(5);

/// A way out of the machine.
pub trait Channel: Send {
    /// Delivers a message, or says why not, within [`PATIENCE`] or little more.
    fn send(&mut self, message: &Message) -> Result<(), Failure>;
}

/// How the channels stand, for people and the console. Holds no secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlarmState {
    /// In the order of the settings.
    pub channels: Vec<ChannelState>,
    /// What keeps alarms from being written into the queue; they are kept in memory meanwhile.
    pub trouble: Option<String>,
}

/// How one channel stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChannelState {
    /// Kind, as in the settings.
    pub kind: &'static str,
    /// What was delivered and what waits.
    #[serde(flatten)]
    pub standing: Standing,
}

/// The alarms of a live run.
pub struct Alarms {
    to_clerk: Sender<Order>,
    clerk: Option<JoinHandle<()>>,
    queue: Arc<Queue>,
    workers: Vec<JoinHandle<()>>,
    /// Name and kind.
    channels: Vec<(String, &'static str)>,
}

impl Alarms {
    /// Opens the channels and the queue in the file `queue`, [`vigie_keep::outbox::FILE`] of the case, and begins to deliver, what an
    /// earlier run left waiting first. Fails where a channel cannot be set up as the settings say; that a server is not
    /// there is no failure.
    pub fn start(settings: &[AlarmSettings], queue: &Path, language: Language) -> Result<Self> {
        let mut opened = Vec::new();
        for alarm in settings {
            opened.push((alarm.name.clone(), alarm.open()?));
        }
        let queue = Arc::new(Queue::new(Outbox::open(queue)?));
        let mut workers = Vec::new();
        for (name, (channel, hidden)) in opened {
            let queue = Arc::clone(&queue);
            let worker = std::thread::Builder::new()
                .name(format!("alarm {name}"))
                .spawn(move || deliver::run(&queue, &name, channel, &hidden));
            workers.push(worker.context("no thread for an alarm")?);
        }
        let (to_clerk, orders) = channel();
        let clerk = Clerk::new(settings, Arc::clone(&queue), language);
        let clerk = std::thread::Builder::new()
            .name("alarms".to_owned())
            .spawn(move || clerk.run(&orders))
            .context("no thread for alarms")?;
        let channels = settings.iter().map(|a| (a.name.clone(), a.kind.name()));
        Ok(Self {
            to_clerk,
            clerk: Some(clerk),
            queue,
            workers,
            channels: channels.collect(),
        })
    }

    /// Takes an outcome; those that alarm nobody are passed over. Returns at once.
    pub fn raise(&self, outcome: &Outcome) {
        if let Some(order) = Order::of(outcome) {
            self.order(order);
        }
    }

    /// Sends a test message through every channel, by way of the queue.
    pub fn test(&self) {
        self.order(Order::Test { at_us: now_us() });
    }

    /// How the channels stand.
    pub fn state(&self) -> Result<AlarmState> {
        let trouble = self.queue.trouble();
        let outbox = self.queue.outbox();
        let mut channels = Vec::new();
        for (name, kind) in &self.channels {
            channels.push(ChannelState {
                kind,
                standing: outbox.standing(name)?,
            });
        }
        Ok(AlarmState { channels, trouble })
    }

    /// Writes what was raised into the queue, tries once more what is due, and ends within some five seconds. What could not be
    /// delivered stays in the queue for the next run.
    pub fn stop(&mut self) {
        let Some(clerk) = self.clerk.take() else {
            return;
        };
        self.order(Order::End);
        let until = Instant::now() + LAST_WAIT;
        while !clerk.is_finished() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
        }
        self.queue.end(until);
        for worker in self.workers.drain(..) {
            while !worker.is_finished() && Instant::now() < until {
                std::thread::sleep(Duration::from_millis(5));
            }
            // One that still waits for a server is left behind; its message is in the queue.
        }
    }

    fn order(&self, order: Order) {
        // The clerk ends last of all; without it there is nobody to tell.
        let _ = self.to_clerk.send(order);
    }
}

impl Drop for Alarms {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Sends a test message through a channel, once and by no queue.
pub fn try_out(alarm: &AlarmSettings, title: &str, text: &str) -> Result<Result<(), Failure>> {
    let (mut channel, hidden) = alarm.open()?;
    let now_us = now_us();
    let message = Message {
        number: 0,
        key: Message::key_of(&format!("test {now_us}"), &alarm.name),
        kind: "test".to_owned(),
        title: title.to_owned(),
        text: text.to_owned(),
        created_us: now_us,
        attempts: 0,
    };
    Ok(channel.send(&message).map_err(|e| e.without(&hidden)))
}

/// The wall clock, µs since 1970.
pub fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |d| i64::try_from(d.as_micros()).unwrap_or(i64::MAX))
}

/// What a clock here shows at a time: `14:05:09`.
pub fn local_time(at_us: i64) -> String {
    jiff::Timestamp::from_microsecond(at_us).map_or_else(
        |_| "?".to_owned(),
        |time| {
            let local = time.to_zoned(jiff::tz::TimeZone::system());
            format!(
                "{:02}:{:02}:{:02}",
                local.hour(),
                local.minute(),
                local.second()
            )
        },
    )
}

/// A message as webhooks and brokers get it.
fn as_json(message: &Message) -> String {
    serde_json::json!({
        "event": "alarm",
        "v": 1,
        "id": message.key,
        "kind": message.kind,
        "at": utc_text(message.created_us),
        "title": message.title,
        "text": message.text,
    })
    .to_string()
}
