//! Alerts, each with what speaks for and against it.

use serde_json::{Value, json};
use vigie_detect::now::Contact;
use vigie_detect::outcome::{CloneAlert, Reason, Whereabouts};
use vigie_keep::{Milli, Significant};
use vigie_show::{AlertStory, Texts, codes, device_text, reason_text};

use crate::picture::{Picture, Said};

/// Whether the course of the contact is told as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// It is.
    Told,
    /// It is left out.
    LeftOut,
}

/// All alerts: newest first, those that somebody acknowledged last.
pub fn alerts(picture: &Picture, texts: &Texts, course: Course) -> Vec<Value> {
    let mut all: Vec<(bool, i64, Value)> = Vec::new();
    let nobody = Said::default();
    let emitters = [false, true]
        .into_iter()
        .flat_map(|ours| picture.story.alerts(ours));
    for alert in emitters {
        let name = alert.alert.emitter.to_string();
        let said = picture.said.get(&name).unwrap_or(&nobody);
        let value = emitter(picture, texts, alert, said, course);
        all.push((said.acknowledged.is_some(), -alert.alert.at_us, value));
    }
    for (number, clone) in (1..).zip(picture.story.clones()) {
        let name = format!("C{number}");
        let said = picture.said.get(&name).unwrap_or(&nobody);
        let value = changing(picture, texts, clone, &name, said);
        all.push((said.acknowledged.is_some(), -clone.at_us, value));
    }
    all.sort_by_key(|(known, at_us, _)| (*known, *at_us));
    all.into_iter().map(|(.., value)| value).collect()
}

fn emitter(
    picture: &Picture,
    texts: &Texts,
    story: &AlertStory,
    said: &Said,
    course: Course,
) -> Value {
    let alert = &story.alert;
    let record = story.record.as_ref();
    let travelling = picture.travelling.get(&alert.emitter);
    let last_seen_us = record
        .map(|r| r.last_seen_us)
        .or(travelling.map(|t| t.last_us));
    let family = record.and_then(|r| r.family).or(alert.family);
    let verdict = codes::verdict(story.verdict());
    let reasons = story
        .update
        .as_ref()
        .map(|u| &u.reasons)
        .filter(|r| !r.is_empty());
    let mut value = json!({
        "id": alert.emitter.to_string(),
        "kind": "emitter",
        "at_us": alert.at_us,
        "first_seen_us": alert.first_seen_us,
        "last_seen_us": last_seen_us,
        "family": family,
        "family_text": device_text(texts, family, record.and_then(|r| r.model)),
        "verdict": { "code": verdict, "text": texts.code("verdict", verdict, &[]) },
        "analyzer": alert.analyzer,
        "llr": Milli(story.llr()),
        "prior": Significant(alert.prior),
        "probability": Significant(story.probability()),
        "level_dbm": alert.level_dbm.map(Milli),
        "where_text": picture.story.place(story, texts),
        "identifiers": story.identifiers(),
        "reasons": argued(texts, reasons.unwrap_or(&alert.reasons)),
        "ours": said.ours || story.is_ours(),
    });
    let vehicle = story.vehicle().unzip();
    whereabouts(&mut value, vehicle, story.whereabouts());
    of_people(&mut value, said);
    if course == Course::Told {
        let contacts = travelling.map_or(&[][..], |t| &t.course);
        value["course"] = contacts.iter().map(contact).collect();
    }
    value
}

fn changing(
    picture: &Picture,
    texts: &Texts,
    clone: &CloneAlert,
    name: &str,
    said: &Said,
) -> Value {
    let verdict = "travelling_with_us";
    let mut value = json!({
        "id": name,
        "kind": "clone",
        "at_us": clone.at_us,
        "first_seen_us": clone.since_us,
        "last_seen_us": null,
        "family": clone.family,
        "family_text": device_text(texts, clone.family, None),
        "verdict": { "code": verdict, "text": texts.code("verdict", verdict, &[]) },
        "analyzer": clone.analyzer,
        "llr": Milli(clone.llr),
        "prior": Significant(clone.prior),
        "probability": Significant(clone.probability),
        "level_dbm": Milli(clone.level_dbm),
        "where_text": picture.story.place_of_clone(clone, texts),
        "identifiers": [],
        "identifiers_counted": clone.identifiers_counted,
        "reasons": argued(texts, &clone.reasons),
        "course": [],
        "ours": said.ours,
    });
    let vehicle = (clone.vehicle.as_deref(), clone.vehicle_probability);
    whereabouts(&mut value, vehicle, clone.whereabouts.as_ref());
    of_people(&mut value, said);
    value
}

fn argued(texts: &Texts, reasons: &[Reason]) -> Vec<Value> {
    let one = |reason: &Reason| {
        json!({
            "code": codes::reason(reason.code),
            "supports": reason.supports,
            "value": reason.value.map(Milli),
            "text": reason_text(texts, reason),
        })
    };
    reasons.iter().map(one).collect()
}

fn whereabouts(
    value: &mut Value,
    (vehicle, probability): (Option<&str>, Option<f64>),
    whereabouts: Option<&Whereabouts>,
) {
    let vehicles = whereabouts.map_or(&[][..], |w| &w.vehicles);
    let vehicles = vehicles
        .iter()
        .map(|(name, p)| json!({ "name": name, "probability": Significant(*p) }));
    let pair = whereabouts.and_then(|w| w.pair.as_ref());
    value["vehicle"] = json!(vehicle);
    value["vehicle_probability"] = json!(probability.map(Significant));
    value["pair"] = json!(pair.map(|(a, b, p)| (a, b, Significant(*p))));
    value["outside"] = json!(whereabouts.map(|w| Significant(w.outside)));
    value["since_us"] = json!(whereabouts.and_then(|w| w.since_us));
    value["vehicles"] = vehicles.collect();
}

fn of_people(value: &mut Value, said: &Said) {
    value["acknowledged"] =
        json!(said.acknowledged.as_ref().map(|(at_us, who, reason)| {
            json!({ "at_us": at_us, "who": who, "reason": reason })
        }));
    value["muted_until_us"] = json!(said.muted.as_ref().map(|(until_us, ..)| until_us));
}

fn contact(contact: &Contact) -> Value {
    json!({
        "from_us": contact.from_us,
        "to_us": contact.to_us,
        "sensor": contact.sensor,
        "vehicle": contact.vehicle,
        "level_dbm": contact.level_dbm,
        "count": contact.count,
    })
}
