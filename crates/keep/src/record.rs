//! The result stream: one outcome, one line of JSON, version 1 of the contract.
//!
//! Readers rely on the names and the order of the fields. A field may be added after those of its
//! event; a change of any other kind needs a new version number. `docs/result-stream.schema.json`
//! states the same for programs.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;
use serde::ser::Serializer;
use vigie_detect::outcome::{
    Alert, Clearance, CloneAlert, EmitterId, EmitterRecord, Notice, NoticeKind, Outcome, Presence,
    Reason, ReasonCode, State, Summary, Update, Verdict, Whereabouts,
};

use crate::departure_part::DeparturePart;
use crate::number::{Milli, Significant};
use crate::sensors_part::SensorsPart;
use crate::time::Time;

const VERSION: u8 = 1;

/// Writes `outcome` as one line of JSON, in a single call of `write_all`.
///
/// # Errors
/// Whatever `out` reports; nothing else can fail.
pub fn write_json(outcome: &Outcome, out: &mut impl io::Write) -> io::Result<()> {
    let mut line = Vec::with_capacity(512);
    match outcome {
        Outcome::Alert(alert) => serde_json::to_writer(&mut line, &AlertLine::from(alert)),
        Outcome::Clone(clone) => serde_json::to_writer(&mut line, &CloneLine::from(clone)),
        Outcome::Update(update) => serde_json::to_writer(&mut line, &UpdateLine::from(update)),
        Outcome::Notice(notice) => serde_json::to_writer(&mut line, &NoticeLine::from(notice)),
        Outcome::Emitter(emitter) => serde_json::to_writer(&mut line, &EmitterLine::from(emitter)),
        Outcome::Summary(summary) => serde_json::to_writer(&mut line, &SummaryLine::from(summary)),
    }?;
    line.push(b'\n');
    out.write_all(&line)
}

/// `E12`.
pub(crate) struct Id(pub(crate) EmitterId);

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[derive(Serialize)]
struct ReasonPart {
    code: ReasonCode,
    supports: bool,
    value: Option<Milli>,
}

fn reasons(list: &[Reason]) -> Vec<ReasonPart> {
    list.iter()
        .map(|r| ReasonPart {
            code: r.code,
            supports: r.supports,
            value: r.value.map(Milli),
        })
        .collect()
}

/// Probability per vehicle and outside, and the pair where one vehicle alone cannot be named.
#[derive(Serialize)]
struct WhereaboutsPart<'a> {
    vehicles: BTreeMap<&'a str, Significant>,
    outside: Significant,
    pair: Option<[&'a str; 2]>,
    pair_probability: Option<Significant>,
    since: Option<Time>,
}

impl<'a> From<&'a Whereabouts> for WhereaboutsPart<'a> {
    fn from(w: &'a Whereabouts) -> Self {
        Self {
            vehicles: w
                .vehicles
                .iter()
                .map(|(name, p)| (name.as_str(), Significant(*p)))
                .collect(),
            outside: Significant(w.outside),
            pair: w.pair.as_ref().map(|(a, b, _)| [a.as_str(), b.as_str()]),
            pair_probability: w.pair.as_ref().map(|(_, _, p)| Significant(*p)),
            since: w.since_us.map(Time),
        }
    }
}

#[derive(Serialize)]
struct CloneLine<'a> {
    event: &'static str,
    v: u8,
    at: Time,
    since: Time,
    analyzer: &'a str,
    llr: Milli,
    prior: Significant,
    probability: Significant,
    family: Option<&'a str>,
    level: Milli,
    identifiers_counted: u64,
    vehicle: Option<&'a str>,
    vehicle_probability: Option<Significant>,
    reasons: Vec<ReasonPart>,
    whereabouts: Option<WhereaboutsPart<'a>>,
}

impl<'a> From<&'a CloneAlert> for CloneLine<'a> {
    fn from(clone: &'a CloneAlert) -> Self {
        Self {
            event: "clone",
            v: VERSION,
            at: Time(clone.at_us),
            since: Time(clone.since_us),
            analyzer: clone.analyzer,
            llr: Milli(clone.llr),
            prior: Significant(clone.prior),
            probability: Significant(clone.probability),
            family: clone.family,
            level: Milli(clone.level_dbm),
            identifiers_counted: clone.identifiers_counted,
            vehicle: clone.vehicle.as_deref(),
            vehicle_probability: clone.vehicle_probability.map(Significant),
            reasons: reasons(&clone.reasons),
            whereabouts: clone.whereabouts.as_ref().map(WhereaboutsPart::from),
        }
    }
}

#[derive(Serialize)]
struct AlertLine<'a> {
    event: &'static str,
    v: u8,
    at: Time,
    emitter: Id,
    analyzer: &'a str,
    llr: Milli,
    prior: Significant,
    probability: Significant,
    vehicle: Option<&'a str>,
    vehicle_probability: Option<Significant>,
    reasons: Vec<ReasonPart>,
    identifiers: &'a [String],
    family: Option<&'a str>,
    verdict: Verdict,
    first_seen: Time,
    level_dbm: Option<Milli>,
    whereabouts: Option<WhereaboutsPart<'a>>,
}

impl<'a> From<&'a Alert> for AlertLine<'a> {
    fn from(alert: &'a Alert) -> Self {
        Self {
            event: "alert",
            v: VERSION,
            at: Time(alert.at_us),
            emitter: Id(alert.emitter),
            analyzer: alert.analyzer,
            llr: Milli(alert.llr),
            prior: Significant(alert.prior),
            probability: Significant(alert.probability),
            vehicle: alert.vehicle.as_deref(),
            vehicle_probability: alert.vehicle_probability.map(Significant),
            reasons: reasons(&alert.reasons),
            identifiers: &alert.identifiers,
            family: alert.family,
            verdict: alert.verdict,
            first_seen: Time(alert.first_seen_us),
            level_dbm: alert.level_dbm.map(Milli),
            whereabouts: alert.whereabouts.as_ref().map(WhereaboutsPart::from),
        }
    }
}

#[derive(Serialize)]
struct UpdateLine<'a> {
    event: &'static str,
    v: u8,
    at: Time,
    emitter: Id,
    verdict: Verdict,
    probability: Significant,
    reasons: Vec<ReasonPart>,
    vehicle: Option<&'a str>,
    vehicle_probability: Option<Significant>,
    whereabouts: Option<WhereaboutsPart<'a>>,
}

impl<'a> From<&'a Update> for UpdateLine<'a> {
    fn from(update: &'a Update) -> Self {
        Self {
            event: "update",
            v: VERSION,
            at: Time(update.at_us),
            emitter: Id(update.emitter),
            verdict: update.verdict,
            probability: Significant(update.probability),
            reasons: reasons(&update.reasons),
            vehicle: update.vehicle.as_deref(),
            vehicle_probability: update.vehicle_probability.map(Significant),
            whereabouts: update.whereabouts.as_ref().map(WhereaboutsPart::from),
        }
    }
}

#[derive(Serialize)]
struct NoticeLine<'a> {
    event: &'static str,
    v: u8,
    at: Option<Time>,
    kind: NoticeKind,
    emitter: Option<Id>,
    sensor: Option<&'a str>,
    detail: &'a str,
    value: Option<Significant>,
    about: Option<&'a str>,
}

impl<'a> From<&'a Notice> for NoticeLine<'a> {
    fn from(notice: &'a Notice) -> Self {
        Self {
            event: "notice",
            v: VERSION,
            at: notice.at_us.map(Time),
            kind: notice.kind,
            emitter: notice.emitter.map(Id),
            sensor: notice.sensor.as_deref(),
            detail: &notice.detail,
            value: notice.value.map(Significant),
            about: notice.about.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct EmitterLine<'a> {
    event: &'static str,
    v: u8,
    emitter: Id,
    identifiers: &'a [String],
    keys: &'a [String],
    family: Option<&'a str>,
    model: Option<&'a str>,
    state: Option<&'a str>,
    first_seen: Time,
    last_seen: Time,
    sightings: u64,
    verdict: Verdict,
    llr: Milli,
    prior: Significant,
    probability: Significant,
    alert_at: Option<Time>,
    vehicle: Option<&'a str>,
    vehicle_probability: Option<Significant>,
    clone_signs: &'a [&'static str],
    whereabouts: Option<WhereaboutsPart<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enrolled: Option<PresencePart<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<LinkPart>,
    transmissions: u64,
}

/// Whom an emitter follows.
#[derive(Serialize)]
struct LinkPart {
    emitter: Id,
    probability: Significant,
}

impl<'a> From<&'a EmitterRecord> for EmitterLine<'a> {
    fn from(record: &'a EmitterRecord) -> Self {
        Self {
            event: "emitter",
            v: VERSION,
            emitter: Id(record.emitter),
            identifiers: &record.identifiers,
            keys: &record.keys,
            family: record.family,
            model: record.model,
            state: record.state,
            first_seen: Time(record.first_seen_us),
            last_seen: Time(record.last_seen_us),
            sightings: record.sightings,
            verdict: record.verdict,
            llr: Milli(record.llr),
            prior: Significant(record.prior),
            probability: Significant(record.probability),
            alert_at: record.alert_at_us.map(Time),
            vehicle: record.vehicle.as_deref(),
            vehicle_probability: record.vehicle_probability.map(Significant),
            clone_signs: &record.clone_signs,
            whereabouts: record.whereabouts.as_ref().map(WhereaboutsPart::from),
            enrolled: record.enrolled.as_ref().map(PresencePart::from),
            links: record
                .follows
                .iter()
                .map(|&(emitter, p)| LinkPart {
                    emitter: Id(emitter),
                    probability: Significant(p),
                })
                .collect(),
            transmissions: record.transmissions,
        }
    }
}

/// All that is told of an enrolled device.
#[derive(Serialize)]
struct PresencePart<'a> {
    name: &'a str,
    present_s: Milli,
    vehicles: BTreeMap<&'a str, Milli>,
}

impl<'a> From<&'a Presence> for PresencePart<'a> {
    fn from(presence: &'a Presence) -> Self {
        Self {
            name: &presence.name,
            present_s: Milli(presence.present_s),
            vehicles: presence
                .vehicles
                .iter()
                .map(|(name, s)| (name.as_str(), Milli(*s)))
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct ClearancePart<'a> {
    heard_s: Milli,
    classes: &'a [&'static str],
    miss_probability: Significant,
    basis: &'a str,
}

impl<'a> From<&'a Clearance> for ClearancePart<'a> {
    fn from(clearance: &'a Clearance) -> Self {
        Self {
            heard_s: Milli(clearance.heard_s),
            classes: &clearance.classes,
            miss_probability: Significant(clearance.miss_probability),
            basis: clearance.basis,
        }
    }
}

#[derive(Serialize)]
struct SummaryLine<'a> {
    event: &'static str,
    v: u8,
    frames: u64,
    malformed: u64,
    sightings: u64,
    emitters: u64,
    alerts: u64,
    duration_s: Milli,
    state: State,
    deaf_s: BTreeMap<&'a str, Milli>,
    heard_s: Milli,
    travelled_m: Option<Milli>,
    malformed_by_kind: &'a BTreeMap<String, u64>,
    late: u64,
    profile: &'a str,
    threat: &'a str,
    clearance: Option<ClearancePart<'a>>,
    blind_because: &'a [&'static str],
    cannot_exclude: &'a [&'static str],
    advice: &'a [&'static str],
    interrupted: bool,
    clones: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    departure: Option<DeparturePart<'a>>,
    #[serde(flatten)]
    sensors: SensorsPart<'a>,
    transmissions: u64,
}

impl<'a> From<&'a Summary> for SummaryLine<'a> {
    fn from(summary: &'a Summary) -> Self {
        Self {
            event: "summary",
            v: VERSION,
            frames: summary.frames,
            malformed: summary.malformed,
            sightings: summary.sightings,
            emitters: summary.emitters,
            alerts: summary.alerts,
            duration_s: Milli(summary.duration_s),
            state: summary.state,
            deaf_s: summary
                .deaf_s
                .iter()
                .map(|(s, x)| (s.as_str(), Milli(*x)))
                .collect(),
            heard_s: Milli(summary.heard_s),
            travelled_m: summary.travelled_m.map(Milli),
            malformed_by_kind: &summary.malformed_by_kind,
            late: summary.late,
            profile: summary.profile,
            threat: summary.threat,
            clearance: summary.clearance.as_ref().map(ClearancePart::from),
            blind_because: &summary.blind_because,
            cannot_exclude: &summary.cannot_exclude,
            advice: &summary.advice,
            interrupted: summary.interrupted,
            clones: summary.clones,
            departure: summary.departure.as_ref().map(DeparturePart::from),
            sensors: SensorsPart::from(&summary.sensors),
            transmissions: summary.transmissions,
        }
    }
}
