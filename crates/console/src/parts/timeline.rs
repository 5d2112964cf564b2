//! When what travels with us was heard, and in which vehicle it was loudest.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use vigie_detect::now::Contact;
use vigie_show::{Texts, device_text};

use crate::picture::Picture;

/// Rows for what alerted and what is on its way to it, in order of their first sighting.
pub fn timeline(picture: &Picture, texts: &Texts) -> Value {
    let ours: Vec<_> = picture.story.alerts(true);
    let alerted: Vec<_> = picture.story.alerts(false);
    let mut rows: Vec<(i64, Value)> = Vec::new();
    for (list, state) in [(&alerted, "act"), (&ours, "ours")] {
        for story in list {
            let id = story.alert.emitter;
            let name = id.to_string();
            let said_ours = picture.said.get(&name).is_some_and(|s| s.ours);
            let state = if said_ours { "ours" } else { state };
            let label = device_text(texts, story.alert.family, None);
            let spans = spans_of(picture, id);
            let row = json!({ "id": name, "label": label, "state": state, "spans": spans });
            rows.push((story.alert.first_seen_us, row));
        }
    }
    for (id, _) in picture.story.watched() {
        let Some(travelling) = picture.travelling.get(&id) else {
            continue;
        };
        let label = device_text(texts, travelling.family, None);
        let spans = spans_of(picture, id);
        let row = json!({ "id": id.to_string(), "label": label, "state": "watch", "spans": spans });
        rows.push((travelling.first_us, row));
    }
    for (number, clone) in (1..).zip(picture.story.clones()) {
        let vehicle = index(picture, clone.vehicle.as_deref());
        let span = json!([clone.since_us, clone.at_us, vehicle, clone.level_dbm]);
        let label = device_text(texts, clone.family, None);
        let id = format!("C{number}");
        let row = json!({ "id": id, "label": label, "state": "act", "spans": [span] });
        rows.push((clone.since_us, row));
    }
    rows.sort_by_key(|(first_us, _)| *first_us);
    let from_us = rows.iter().map(|(first_us, _)| *first_us);
    let from_us = from_us.chain(picture.first_us).min();
    json!({
        "from_us": from_us,
        "to_us": picture.now_us,
        "vehicles": picture.vehicles,
        "rows": rows.into_iter().map(|(_, row)| row).collect::<Vec<_>>(),
    })
}

/// Spans in which it was heard, the loudest vehicle of each; neighbours in the same vehicle are one.
fn spans_of(picture: &Picture, id: vigie_detect::outcome::EmitterId) -> Vec<Value> {
    let Some(travelling) = picture.travelling.get(&id) else {
        return Vec::new();
    };
    let mut spans: Vec<(i64, i64, Option<&str>, Option<f64>)> = Vec::new();
    for contact in loudest(&travelling.course) {
        let vehicle = contact.vehicle.as_deref();
        match spans.last_mut() {
            Some((_, to_us, last, level)) if *last == vehicle && contact.from_us <= *to_us => {
                *to_us = contact.to_us.max(*to_us);
                *level = louder(*level, contact.level_dbm);
            }
            _ => spans.push((contact.from_us, contact.to_us, vehicle, contact.level_dbm)),
        }
    }
    let one =
        |(from_us, to_us, vehicle, level)| json!([from_us, to_us, index(picture, vehicle), level]);
    spans.into_iter().map(one).collect()
}

/// Of contacts that begin at the same time, the loudest; oldest first.
pub fn loudest(course: &[Contact]) -> impl Iterator<Item = &Contact> {
    let mut by_time: BTreeMap<i64, &Contact> = BTreeMap::new();
    for contact in course {
        let kept = by_time.entry(contact.from_us).or_insert(contact);
        let level = |c: &Contact| c.level_dbm.unwrap_or(f64::NEG_INFINITY);
        if level(contact) > level(kept) {
            *kept = contact;
        }
    }
    by_time.into_values()
}

fn louder(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (a, b) => a.or(b),
    }
}

fn index(picture: &Picture, vehicle: Option<&str>) -> Option<usize> {
    let vehicle = vehicle?;
    picture.vehicles.iter().position(|name| name == vehicle)
}
