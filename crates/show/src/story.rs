//! Collects the outcomes of a run, as far as a person will want to read of them.
//!
//! Memory grows with the alerts and what is on its way to one, not with the bystanders: these are
//! counted and forgotten.

use std::collections::{BTreeMap, BTreeSet};

use vigie_detect::outcome::{
    Alert, CloneAlert, EmitterId, EmitterRecord, Notice, NoticeKind, Outcome, Summary, Update,
    Verdict, Whereabouts,
};

/// A run as told by its outcomes.
#[derive(Debug, Clone, Default)]
pub struct Story {
    alerts: BTreeMap<EmitterId, AlertStory>,
    /// Trackers that change their key, in the order in which they were found.
    pub(crate) clones: Vec<CloneAlert>,
    watched: BTreeMap<EmitterId, Watched>,
    notices: BTreeMap<NoticeKey, NoticeTally>,
    pub(crate) verdicts: BTreeMap<Verdict, u64>,
    /// First and last sighting of anything, µs since 1970.
    pub(crate) period: Option<(i64, i64)>,
    pub(crate) summary: Option<Summary>,
}

/// An alert and what became of it.
#[derive(Debug, Clone)]
pub struct AlertStory {
    /// As it was raised.
    pub alert: Alert,
    /// The latest change.
    pub update: Option<Update>,
    /// All that is known of it, once it is forgotten or the run has ended.
    pub record: Option<EmitterRecord>,
}

/// An emitter on its way to an alert.
#[derive(Debug, Clone)]
pub struct Watched {
    /// When that was first said, µs since 1970.
    pub since_us: Option<i64>,
    /// Highest probability that it travels with us.
    pub probability: f64,
    /// All that is known of it, once it is forgotten or the run has ended.
    pub record: Option<EmitterRecord>,
}

/// Notices that say the same are told once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NoticeKey {
    pub(crate) kind: NoticeKind,
    pub(crate) detail: String,
    /// Kind of damage, where it is about damage.
    pub(crate) damage: String,
}

/// What is summed over the notices of one key.
#[derive(Debug, Clone, Default)]
pub(crate) struct NoticeTally {
    pub(crate) count: u64,
    pub(crate) first_us: Option<i64>,
    pub(crate) sum: f64,
    pub(crate) largest: f64,
    pub(crate) valued: bool,
    pub(crate) sensors: BTreeSet<String>,
    /// What it is about: columns, zones, files.
    pub(crate) about: BTreeSet<String>,
}

impl NoticeTally {
    pub(crate) fn take(&mut self, notice: &Notice) {
        self.count += 1;
        self.first_us = match (self.first_us, notice.at_us) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if let Some(value) = notice.value {
            self.valued = true;
            self.sum += value;
            self.largest = self.largest.max(value.abs());
        }
        self.sensors.extend(notice.sensor.clone());
        self.about.extend(notice.about.clone());
    }
}

impl Story {
    /// A story with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next outcome of the run.
    pub fn take(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Alert(alert) => {
                self.watched.remove(&alert.emitter);
                let story = AlertStory {
                    alert: alert.clone(),
                    update: None,
                    record: None,
                };
                self.alerts.insert(alert.emitter, story);
            }
            Outcome::Clone(clone) => self.clones.push(clone.clone()),
            Outcome::Update(update) => {
                if let Some(story) = self.alerts.get_mut(&update.emitter) {
                    story.update = Some(update.clone());
                }
            }
            Outcome::Notice(notice) => self.take_notice(notice),
            Outcome::Emitter(record) => self.take_record(record),
            Outcome::Summary(summary) => self.summary = Some(summary.clone()),
        }
    }

    fn take_notice(&mut self, notice: &Notice) {
        if let (NoticeKind::Watch, Some(emitter)) = (notice.kind, notice.emitter) {
            if !self.alerts.contains_key(&emitter) {
                let watched = self.watched.entry(emitter).or_insert_with(|| Watched {
                    since_us: notice.at_us,
                    probability: 0.0,
                    record: None,
                });
                watched.probability = watched.probability.max(notice.value.unwrap_or(0.0));
            }
            return;
        }
        let tally = self.notices.entry(NoticeKey::of(notice)).or_default();
        tally.take(notice);
    }

    fn take_record(&mut self, record: &EmitterRecord) {
        *self.verdicts.entry(record.verdict).or_default() += 1;
        let (first, last) = (record.first_seen_us, record.last_seen_us);
        self.period = Some(
            self.period
                .map_or((first, last), |(a, b)| (a.min(first), b.max(last))),
        );
        if let Some(story) = self.alerts.get_mut(&record.emitter) {
            story.record = Some(record.clone());
        } else if matches!(
            record.verdict,
            Verdict::Passing | Verdict::Fixed | Verdict::Enrolled
        ) {
            // It came to nothing: a bystander, who is not listed.
            self.watched.remove(&record.emitter);
        } else if let Some(watched) = self.watched.get_mut(&record.emitter) {
            watched.record = Some(record.clone());
        }
    }

    /// The alerts, first those that are not thought to be our own, the most likely ones first.
    #[must_use]
    pub fn alerts(&self, ours: bool) -> Vec<&AlertStory> {
        let mut alerts: Vec<_> = self
            .alerts
            .values()
            .filter(|a| a.is_ours() == ours)
            .collect();
        alerts.sort_by(|a, b| {
            b.probability()
                .total_cmp(&a.probability())
                .then(b.llr().total_cmp(&a.llr()))
                .then(a.alert.at_us.cmp(&b.alert.at_us))
        });
        alerts
    }

    /// What is still on its way to an alert, the most likely ones first.
    #[must_use]
    pub fn watched(&self) -> Vec<(EmitterId, &Watched)> {
        let mut watched: Vec<_> = self.watched.iter().map(|(id, w)| (*id, w)).collect();
        watched.sort_by(|a, b| b.1.probability.total_cmp(&a.1.probability));
        watched
    }

    /// Trackers that change their key, in the order in which they were found.
    #[must_use]
    pub fn clones(&self) -> &[CloneAlert] {
        &self.clones
    }

    pub(crate) fn notices(&self) -> impl Iterator<Item = (&NoticeKey, &NoticeTally)> {
        self.notices.iter()
    }
}

impl AlertStory {
    /// The latest verdict.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match (&self.record, &self.update) {
            (Some(record), _) => record.verdict,
            (None, Some(update)) => update.verdict,
            (None, None) => self.alert.verdict,
        }
    }

    /// A label; never a reason to leave the alert out.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.verdict() == Verdict::ProbablyOurs
    }

    /// The highest probability that was reached.
    #[must_use]
    pub fn probability(&self) -> f64 {
        let at_end = self.record.as_ref().map_or(0.0, |r| r.probability);
        at_end.max(self.alert.probability)
    }

    /// The highest log-likelihood ratio that was reached, nats.
    #[must_use]
    pub fn llr(&self) -> f64 {
        let at_end = self.record.as_ref().map_or(f64::NEG_INFINITY, |r| r.llr);
        at_end.max(self.alert.llr)
    }

    /// Identifiers as in the input, in order of first sighting.
    #[must_use]
    pub fn identifiers(&self) -> &[String] {
        match &self.record {
            Some(record) if !record.identifiers.is_empty() => &record.identifiers,
            _ => &self.alert.identifiers,
        }
    }

    /// Vehicle and its probability, where one can be named.
    #[must_use]
    pub fn vehicle(&self) -> Option<(&str, f64)> {
        let at_end = self
            .record
            .as_ref()
            .and_then(|r| named(&r.vehicle, r.vehicle_probability));
        match (at_end, &self.record, &self.update) {
            (Some(at_end), _, _) => Some(at_end),
            // It was looked for again, and cannot be named any more.
            (None, Some(record), _) if record.whereabouts.is_some() => None,
            (None, None, Some(update)) if update.whereabouts.is_some() => {
                named(&update.vehicle, update.vehicle_probability)
            }
            _ => named(&self.alert.vehicle, self.alert.vehicle_probability),
        }
    }

    /// Probabilities by vehicle, as last known.
    #[must_use]
    pub fn whereabouts(&self) -> Option<&Whereabouts> {
        let at_end = self.record.as_ref().and_then(|r| r.whereabouts.as_ref());
        let since = self.update.as_ref().and_then(|u| u.whereabouts.as_ref());
        at_end.or(since).or(self.alert.whereabouts.as_ref())
    }

    /// Two vehicles and the probability that it is one of them, where one alone cannot be named.
    #[must_use]
    pub fn pair(&self) -> Option<(&str, &str, f64)> {
        let (first, second, probability) = self.whereabouts()?.pair.as_ref()?;
        Some((first, second, *probability))
    }
}

fn named(vehicle: &Option<String>, probability: Option<f64>) -> Option<(&str, f64)> {
    vehicle
        .as_deref()
        .map(|vehicle| (vehicle, probability.unwrap_or(f64::NAN)))
}

impl NoticeKey {
    pub(crate) fn of(notice: &Notice) -> Self {
        let (detail, damage) = match notice.detail.strip_prefix("damage_") {
            Some(kind) => ("damage", kind),
            None => (notice.detail.as_str(), ""),
        };
        // Readers name these after what they saw, not after what it means.
        let detail = match detail {
            "unknown_column" => "column_passed_over",
            "unknown_time_zone" => "unknown_zone",
            other => other,
        };
        Self {
            kind: notice.kind,
            detail: detail.into(),
            damage: damage.into(),
        }
    }
}
