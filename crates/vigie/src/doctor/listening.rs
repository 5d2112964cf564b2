//! Opens receivers for a while and measures what they hear.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use anyhow::Result;
use vigie_capture::live::{self, Heard, Outlet, Received, SensorSpec, SteadyClock};
use vigie_decode::{Address, Condition, Decoded, Decoder, Sender};

use super::finding::{Datum, Finding};
use super::reference::{self, Reference};
use crate::stop::Stop;

/// What may wait to be counted.
const MOST_WAITING: usize = 65_536;
/// How often to look whether the time is over.
const PATIENCE: Duration = Duration::from_millis(50);
/// The channels that advertisements begin on.
const PRIMARY: [u8; 3] = [37, 38, 39];
/// From so many reports on a channel that is missing says something: one in three each, none of 30 by chance is 5 in a million.
const ENOUGH: u64 = 30;
/// Below this share of its seconds with a report a receiver is said to have gaps.
const GAPS: f64 = 0.5;

/// Listens with every sensor for so long, and says what was measured.
pub fn measure(
    specs: &[SensorSpec],
    lasts: Duration,
    reference: Option<&Reference>,
    stop: &Stop,
) -> Result<Vec<Finding>> {
    let clock = SteadyClock::start();
    let (sender, received) = sync_channel(MOST_WAITING);
    let ending = Arc::new(AtomicBool::new(false));
    let mut threads = Vec::new();
    for (index, spec) in (0_u16..).zip(specs) {
        let out = Outlet::new(Some(index), clock, sender.clone(), ending.clone());
        let mut receiver = live::receiver(spec);
        threads.push(
            std::thread::Builder::new()
                .name(spec.id.clone())
                .spawn(move || live::listen(&mut *receiver, &out))?,
        );
    }
    drop(sender);
    let mut tallies: Vec<Tally> = specs
        .iter()
        .map(|spec| Tally::new(&spec.id, reference.map(|r| r.address)))
        .collect();
    let until = Instant::now() + lasts;
    let mut end_us = None;
    loop {
        match received.recv_timeout(PATIENCE) {
            Ok(one) => {
                let tally = one.sensor.and_then(|n| tallies.get_mut(usize::from(n)));
                if let Some(tally) = tally
                    && end_us.is_none_or(|end_us| one.time_us <= end_us)
                {
                    tally.take(&one);
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if end_us.is_none() && (Instant::now() >= until || stop.asked()) {
            end_us = Some(clock.now_us());
            ending.store(true, Ordering::Relaxed);
        }
    }
    for thread in threads {
        let _ = thread.join();
    }
    let end_us = end_us.unwrap_or_else(|| clock.now_us());
    Ok(tallies
        .into_iter()
        .flat_map(|tally| tally.findings(end_us, reference))
        .collect())
}

/// What one sensor gave.
struct Tally {
    sensor: String,
    decoder: Decoder,
    /// Controller or firmware, as it says once open; empty where it does not.
    description: String,
    /// Since when it is open, run's clock, µs.
    since_us: Option<i64>,
    /// Last report, or the opening.
    last_us: i64,
    longest_us: i64,
    reports: u64,
    senders: HashSet<String>,
    /// Seconds since the opening with a report.
    seconds: HashSet<i64>,
    /// Reports by primary channel, and whether any said its channel.
    channels: [u64; 3],
    lost: f64,
    filtered: bool,
    damaged: u64,
    deaf: Option<String>,
    reference: Option<Address>,
    /// When the reference tag was heard, µs.
    reference_us: Vec<i64>,
}

impl Tally {
    fn new(sensor: &str, reference: Option<Address>) -> Self {
        Self {
            sensor: sensor.to_owned(),
            decoder: Decoder::new(),
            description: String::new(),
            since_us: None,
            last_us: 0,
            longest_us: 0,
            reports: 0,
            senders: HashSet::new(),
            seconds: HashSet::new(),
            channels: [0; 3],
            lost: 0.0,
            filtered: false,
            damaged: 0,
            deaf: None,
            reference,
            reference_us: Vec::new(),
        }
    }

    fn take(&mut self, received: &Received) {
        let now_us = received.time_us;
        match &received.what {
            Heard::Status(condition, value, detail) => match condition {
                Condition::Lost => self.lost += value,
                Condition::Filtered => self.filtered = true,
                Condition::Listening => {
                    self.open(now_us);
                    if !detail.is_empty() {
                        self.description.clone_from(detail);
                    }
                }
                deaf if deaf.is_deaf() => self.deaf = Some(detail.clone()),
                _ => {}
            },
            Heard::Damage(..) => self.damaged += 1,
            Heard::Fix(_) => {}
            Heard::Packet(packet) => {
                let Self { decoder, .. } = self;
                let mut heard = Vec::new();
                let mut damaged = 0;
                decoder.decode(&packet.frame(now_us, 0), &mut |decoded| match decoded {
                    Decoded::Advertisement(a) if a.is_sighting() => {
                        let (address, name) = match a.sender {
                            Sender::Address(address) => (Some(address), address.to_string()),
                            Sender::Opaque(name) => (None, name.to_owned()),
                        };
                        heard.push((address, name, a.channel));
                    }
                    Decoded::Malformed(_) => damaged += 1,
                    _ => {}
                });
                self.damaged += damaged;
                for (address, name, channel) in heard {
                    self.report(now_us, address, name, channel);
                }
            }
        }
    }

    fn open(&mut self, now_us: i64) {
        if self.since_us.is_none() {
            self.since_us = Some(now_us);
            self.last_us = now_us;
        }
    }

    fn report(&mut self, now_us: i64, address: Option<Address>, name: String, channel: Option<u8>) {
        self.open(now_us);
        self.reports += 1;
        self.senders.insert(name);
        self.longest_us = self.longest_us.max(now_us - self.last_us);
        self.last_us = self.last_us.max(now_us);
        let since_us = self.since_us.unwrap_or(now_us);
        self.seconds.insert((now_us - since_us).max(0) / 1_000_000);
        let primary = PRIMARY.iter().position(|p| Some(*p) == channel);
        if let Some(count) = primary.and_then(|at| self.channels.get_mut(at)) {
            *count += 1;
        }
        if address.is_some() && address == self.reference {
            self.reference_us.push(now_us);
        }
    }

    fn findings(self, end_us: i64, reference: Option<&Reference>) -> Vec<Finding> {
        let why = self.deaf.clone().unwrap_or_else(|| "?".to_owned());
        let about = |finding: Finding| finding.with("sensor", &self.sensor);
        let Some(since_us) = self.since_us else {
            return vec![about(Finding::problem("sensor_not_opened")).with("why", why)];
        };
        let listened_s = (end_us - since_us).max(0) as f64 / 1e6;
        let mut findings = Vec::new();
        if !self.description.is_empty() {
            let described = about(Finding::ok("sensor_described"));
            findings.push(described.with("description", &self.description));
        }
        if self.deaf.is_some() {
            findings.push(about(Finding::problem("sensor_broke_off")).with("why", why));
        }
        if self.reports == 0 {
            findings.push(
                about(Finding::problem("sensor_silent"))
                    .and("listened", Datum::Seconds(listened_s)),
            );
        } else {
            findings.extend(self.measured(end_us, listened_s));
        }
        if self.filtered {
            findings.push(about(Finding::note("sensor_filtered")));
        }
        if self.lost > 0.0 {
            let count = Datum::Count(self.lost as u64);
            findings.push(about(Finding::note("sensor_lost")).and("count", count));
        }
        if self.damaged > 0 {
            let count = Datum::Count(self.damaged);
            findings.push(about(Finding::note("sensor_damaged")).and("count", count));
        }
        if let Some(reference) = reference {
            let finding = reference::judged(reference, listened_s, &self.reference_us);
            findings.push(about(finding).with("address", reference.address.to_string()));
        }
        findings
    }

    fn measured(&self, end_us: i64, listened_s: f64) -> Vec<Finding> {
        let about = |finding: Finding| finding.with("sensor", &self.sensor);
        let whole_seconds = listened_s.ceil().max(1.0);
        let share = (self.seconds.len() as f64 / whole_seconds).min(1.0);
        let longest_s = self.longest_us.max(end_us - self.last_us) as f64 / 1e6;
        let finding = if share < GAPS {
            Finding::note("sensor_gaps")
        } else {
            Finding::ok("sensor_heard")
        };
        let finding = about(finding)
            .and(
                "rate",
                Datum::Decimal(self.reports as f64 / listened_s.max(1e-3), 1),
            )
            .and("senders", Datum::Count(self.senders.len() as u64))
            .and("listened", Datum::Seconds(listened_s))
            .and("silence", Datum::Decimal(longest_s, 1))
            .and("share", Datum::Share(share));
        vec![finding, about(self.heard_channels())]
    }

    fn heard_channels(&self) -> Finding {
        let told: u64 = self.channels.iter().sum();
        let list = |heard: bool| {
            let with = PRIMARY.iter().zip(self.channels);
            let some = with.filter(|(_, count)| (*count > 0) == heard);
            let names: Vec<String> = some.map(|(channel, _)| channel.to_string()).collect();
            names.join(", ")
        };
        let missing = list(false);
        if told == 0 {
            Finding::note("channels_unknown")
        } else if missing.is_empty() {
            Finding::ok("channels").with("heard", list(true))
        } else if told < ENOUGH {
            Finding::note("channels_unsure").with("heard", list(true))
        } else {
            Finding::problem("channel_missing")
                .with("heard", list(true))
                .with("missing", missing)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::made_up::codes;
    use super::*;
    use vigie_capture::live::Packet;

    fn row(time_us: i64) -> Received {
        let packet = Packet::Row {
            address: "C0:11:22:33:44:55".into(),
            address_kind: None,
            payload: None,
            rssi: Some(-60),
        };
        Received {
            sensor: Some(0),
            time_us,
            what: Heard::Packet(packet),
        }
    }

    fn said(time_us: i64, condition: Condition, value: f64) -> Received {
        let words = if condition.is_deaf() { "why" } else { "" };
        Received {
            sensor: Some(0),
            time_us,
            what: Heard::Status(condition, value, words.into()),
        }
    }

    #[test]
    fn reports_silence_and_seconds_are_counted_from_the_opening() {
        let mut tally = Tally::new("V1", None);
        tally.take(&said(1_000_000, Condition::Listening, 0.0));
        for second in [1, 2, 3, 4, 8, 9] {
            tally.take(&row(1_000_000 + second * 1_000_000));
        }
        let found = tally.findings(11_000_000, None);
        assert_eq!(codes(&found), ["sensor_heard", "channels_unknown"]);
        let of = |name| {
            found[0]
                .data
                .iter()
                .find(|(n, _)| *n == name)
                .unwrap()
                .1
                .clone()
        };
        assert_eq!(of("rate"), Datum::Decimal(0.6, 1));
        assert_eq!(of("senders"), Datum::Count(1));
        assert_eq!(of("silence"), Datum::Decimal(4.0, 1));
        assert_eq!(of("share"), Datum::Share(0.6));
    }

    #[test]
    fn what_was_not_opened_or_heard_nothing_is_a_problem() {
        let mut tally = Tally::new("V1", None);
        tally.take(&said(0, Condition::Refused, 0.0));
        assert_eq!(
            codes(&tally.findings(9_000_000, None)),
            ["sensor_not_opened"]
        );
        let mut tally = Tally::new("V1", None);
        let mut opened = said(0, Condition::Listening, 0.0);
        opened.what = Heard::Status(Condition::Listening, 0.0, "HCI 12".into());
        tally.take(&opened);
        tally.take(&said(1, Condition::Filtered, 0.0));
        tally.take(&said(2, Condition::Lost, 3.0));
        tally.take(&said(3, Condition::Unplugged, 0.0));
        assert_eq!(
            codes(&tally.findings(9_000_000, None)),
            [
                "sensor_described",
                "sensor_broke_off",
                "sensor_silent",
                "sensor_filtered",
                "sensor_lost"
            ]
        );
    }

    #[test]
    fn a_channel_is_missing_once_enough_was_heard_on_the_others() {
        let mut tally = Tally::new("V1", None);
        assert_eq!(tally.heard_channels().code, "channels_unknown");
        tally.channels = [29, 0, 0];
        assert_eq!(tally.heard_channels().code, "channels_unsure");
        tally.channels = [30, 0, 1];
        let missing = tally.heard_channels();
        assert_eq!(missing.code, "channel_missing");
        assert_eq!(missing.data[1], ("missing", Datum::Text("38".into())));
        tally.channels = [1, 1, 1];
        assert_eq!(tally.heard_channels().code, "channels");
    }
}
