//! Turns outcomes into messages and writes them into the queue.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use vigie_decode::Condition;
use vigie_detect::outcome::{Notice, NoticeKind, Outcome};
use vigie_keep::outbox::{Error, KnownBy};
use vigie_show::{AlarmKind, AlarmText, FullAlarm, Language, Texts};

use super::deliver::Queue;
use super::settings::{AlarmSettings, Detail};
use super::{local_time, now_us};

/// A sensor that comes and goes is told once in so long, µs.
const SAME_DEAFNESS_US: i64 = 1_800_000_000;
/// A sensor is told to be deaf when it has been for so long.
const DEAF_FOR: Duration = Duration::from_secs(60);
/// Between two looks at the deaf sensors, and at what could not be written.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// What the clerk is asked.
pub enum Order {
    /// Something travels with us.
    Found {
        kind: AlarmKind,
        at_us: i64,
        /// What the cause is known by; hashed before it is stored.
        by: KnownBy,
        vehicle: Option<(String, f64)>,
        probability: f64,
        analyzer: &'static str,
    },
    /// A sensor is deaf from now on.
    Deaf { at_us: i64, sensor: String },
    /// It hears again.
    Hears { sensor: String },
    /// Try the channels.
    Test { at_us: i64 },
    /// Write what is left, and end.
    End,
}

impl Order {
    /// What an outcome asks for.
    pub fn of(outcome: &Outcome) -> Option<Self> {
        let vehicle = |name: &Option<String>, p: Option<f64>| Some((name.clone()?, p?));
        match outcome {
            Outcome::Alert(alert) => Some(Self::Found {
                kind: AlarmKind::Alert,
                at_us: alert.at_us,
                by: KnownBy::of_alert(alert),
                vehicle: vehicle(&alert.vehicle, alert.vehicle_probability),
                probability: alert.probability,
                analyzer: alert.analyzer,
            }),
            Outcome::Clone(clone) => Some(Self::Found {
                kind: AlarmKind::Clone,
                at_us: clone.at_us,
                by: KnownBy::of_clone(clone),
                vehicle: vehicle(&clone.vehicle, clone.vehicle_probability),
                probability: clone.probability,
                analyzer: clone.analyzer,
            }),
            Outcome::Notice(notice) if notice.kind == NoticeKind::Deaf => Self::of_deafness(notice),
            _ => None,
        }
    }

    fn of_deafness(notice: &Notice) -> Option<Self> {
        let sensor = notice.sensor.clone()?;
        match notice.detail.as_str() {
            // A gap that is told has ended.
            "hears_again" | "deaf_gap" => Some(Self::Hears { sensor }),
            detail if Condition::named(detail).is_some_and(Condition::is_deaf) => {
                Some(Self::Deaf {
                    at_us: notice.at_us?,
                    sensor,
                })
            }
            _ => None,
        }
    }
}

/// Something to be told, on every channel that tells its kind.
struct Raised {
    kind: AlarmKind,
    at_us: i64,
    about: String,
    again_after_us: i64,
    vehicle: Option<(String, f64)>,
    probability: f64,
    analyzer: &'static str,
}

/// One channel, as far as words go.
struct Reader {
    name: String,
    detail: Detail,
    deaf: bool,
}

/// Writes messages.
pub struct Clerk {
    queue: Arc<Queue>,
    texts: Texts,
    readers: Vec<Reader>,
    /// Deaf sensors: since when by the clock that cannot be set, by the run's clock, and whether it was told.
    deaf: BTreeMap<String, (Instant, i64, bool)>,
    /// Could not be written yet.
    unwritten: Vec<Raised>,
}

impl Clerk {
    pub fn new(settings: &[AlarmSettings], queue: Arc<Queue>, language: Language) -> Self {
        let readers = settings.iter().map(|alarm| Reader {
            name: alarm.name.clone(),
            detail: alarm.detail,
            deaf: alarm.deaf,
        });
        Self {
            queue,
            texts: Texts::new(language),
            readers: readers.collect(),
            deaf: BTreeMap::new(),
            unwritten: Vec::new(),
        }
    }

    /// Works until it is told to end, or until nobody can tell it anything any more.
    pub fn run(mut self, orders: &Receiver<Order>) {
        loop {
            let ends = match orders.recv_timeout(BETWEEN_LOOKS) {
                Ok(Order::End) | Err(RecvTimeoutError::Disconnected) => true,
                Ok(order) => {
                    self.take(order);
                    false
                }
                Err(RecvTimeoutError::Timeout) => false,
            };
            self.tell_deaf(Instant::now());
            self.write();
            if ends {
                return;
            }
        }
    }

    fn take(&mut self, order: Order) {
        match order {
            Order::Found {
                kind,
                at_us,
                by,
                vehicle,
                probability,
                analyzer,
            } => self.unwritten.push(Raised {
                kind,
                at_us,
                about: by.about,
                again_after_us: by.again_after_us,
                vehicle,
                probability,
                analyzer,
            }),
            Order::Deaf { at_us, sensor } => {
                self.deaf
                    .entry(sensor)
                    .or_insert((Instant::now(), at_us, false));
            }
            Order::Hears { sensor } => {
                self.deaf.remove(&sensor);
            }
            Order::Test { at_us } => self.unwritten.push(Raised {
                kind: AlarmKind::Test,
                at_us,
                about: at_us.to_string(),
                again_after_us: 0,
                vehicle: None,
                probability: 0.0,
                analyzer: "",
            }),
            Order::End => {}
        }
    }

    fn tell_deaf(&mut self, now: Instant) {
        for (sensor, (since, since_us, told)) in &mut self.deaf {
            if !*told && now.saturating_duration_since(*since) >= DEAF_FOR {
                *told = true;
                self.unwritten.push(Raised {
                    kind: AlarmKind::Deaf,
                    at_us: *since_us,
                    about: sensor.clone(),
                    again_after_us: SAME_DEAFNESS_US,
                    vehicle: None,
                    probability: 0.0,
                    analyzer: "",
                });
            }
        }
    }

    /// Writes what is to be told; what the disk refuses is kept and tried again.
    fn write(&mut self) {
        if self.unwritten.is_empty() {
            return;
        }
        let mut refused = None;
        let mut left = std::mem::take(&mut self.unwritten);
        left.retain(|raised| match self.hand_in(raised) {
            Ok(()) => false,
            Err(e) => {
                refused = Some(e.to_string());
                true
            }
        });
        self.unwritten = left;
        self.queue.set_trouble(refused);
        self.queue.changed();
    }

    /// Handed in twice is handed in once, so that it can be tried again as a whole.
    fn hand_in(&self, raised: &Raised) -> Result<(), Error> {
        let mut outbox = self.queue.outbox();
        let (kind, after) = (raised.kind.as_str(), raised.again_after_us);
        let cause = outbox.cause(kind, &raised.about, raised.at_us, after)?;
        let title = raised.kind.title(&self.texts);
        let local = local_time(raised.at_us);
        for reader in &self.readers {
            if raised.kind == AlarmKind::Deaf && !reader.deaf {
                continue;
            }
            let full = (reader.detail == Detail::Full)
                .then_some(())
                .and_then(|()| raised.full());
            let text = AlarmText {
                kind: raised.kind,
                at_us: raised.at_us,
                local: &local,
                reference: &cause.reference,
                full,
            };
            outbox.hand_in(
                &cause,
                &reader.name,
                &title,
                &text.text(&self.texts),
                now_us(),
            )?;
        }
        Ok(())
    }
}

impl Raised {
    fn full(&self) -> Option<FullAlarm<'_>> {
        match self.kind {
            AlarmKind::Alert | AlarmKind::Clone => Some(FullAlarm::Found {
                vehicle: self.vehicle.as_ref().map(|(name, p)| (name.as_str(), *p)),
                probability: self.probability,
                analyzer: self.analyzer,
            }),
            AlarmKind::Deaf => Some(FullAlarm::Deaf {
                sensor: &self.about,
            }),
            AlarmKind::Test => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;

    use vigie_keep::outbox::{FILE, Outbox};

    use super::*;
    use crate::settings::Settings;

    fn clerk(folder: &Path) -> Clerk {
        let settings = "[[alarm]]\nname = \"tells\"\nkind = \"sound\"\ndeaf = true\ndetail = \"full\"\n\
                        [[alarm]]\nname = \"silent\"\nkind = \"sound\"\n";
        let settings = Settings::parse(settings, folder).unwrap();
        let queue = Queue::new(Outbox::open(&folder.join(FILE)).unwrap());
        Clerk::new(&settings.alarms, Arc::new(queue), Language::En)
    }

    fn said(detail: &str, at_us: i64) -> Order {
        Order::of(&Outcome::Notice(Notice {
            at_us: Some(at_us),
            kind: NoticeKind::Deaf,
            emitter: None,
            sensor: Some("V3".to_owned()),
            detail: detail.to_owned(),
            about: None,
            value: None,
        }))
        .unwrap()
    }

    fn messages(clerk: &Clerk) -> Vec<(String, String)> {
        let log = clerk.queue.outbox().log(99).unwrap();
        log.into_iter().map(|e| (e.channel, e.text)).collect()
    }

    #[test]
    fn a_sensor_deaf_for_a_minute_is_told_once_where_that_is_wanted() {
        let folder = tempfile::tempdir().unwrap();
        let mut clerk = clerk(folder.path());
        let now = now_us();
        let after = |s| Instant::now() + Duration::from_secs(s);
        clerk.take(said("unplugged", now));
        clerk.tell_deaf(after(50));
        clerk.write();
        assert!(messages(&clerk).is_empty());
        // Another reason meanwhile: it has been deaf all the time.
        clerk.take(said("failing", now));
        for s in [61, 90] {
            clerk.tell_deaf(after(s));
            clerk.write();
        }
        let told = messages(&clerk);
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].0, "tells");
        assert!(
            told[0].1.contains("cannot listen") && told[0].1.contains("V3"),
            "{told:?}"
        );
        // It comes and goes: told again only after a while.
        for (minutes, messages_then) in [(5, 1), (60, 2)] {
            clerk.take(said("hears_again", now));
            clerk.take(said("starved", now + minutes * 60_000_000));
            clerk.tell_deaf(after(61));
            clerk.write();
            assert_eq!(messages(&clerk).len(), messages_then, "{minutes} min");
        }
    }

    #[test]
    fn a_sensor_that_hears_again_within_the_minute_is_not_told() {
        let folder = tempfile::tempdir().unwrap();
        let mut clerk = clerk(folder.path());
        clerk.take(said("unplugged", now_us()));
        clerk.take(said("hears_again", now_us()));
        clerk.tell_deaf(Instant::now() + Duration::from_secs(3600));
        clerk.write();
        assert!(messages(&clerk).is_empty());
    }
}
