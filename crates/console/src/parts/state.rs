//! The state at one glance.

use serde_json::{Value, json};
use vigie_show::Texts;

use super::coded;
use crate::picture::Picture;

/// The state; the server adds the revision and the role of whoever asks.
pub fn state(picture: &Picture, texts: &Texts) -> Value {
    let card = picture.story.card(texts);
    let summary = picture.story.summary();
    let clearance = summary.and_then(|s| s.clearance.as_ref());
    let clearance = clearance.zip(card.clearance.as_ref());
    let clearance = clearance.map(|(c, (classes, text))| {
        json!({
            "heard_s": c.heard_s,
            "miss_probability": c.miss_probability,
            "basis": c.basis,
            "classes": coded(classes),
            "text": text,
        })
    });
    let names = picture.alert_names();
    let acknowledged = names
        .iter()
        .filter(|name| {
            picture
                .said
                .get(*name)
                .is_some_and(|s| s.acknowledged.is_some())
        })
        .count();
    let watched = picture.story.watched().len();
    let counted = names.len() + watched + picture.ours.len();
    let passers_by = summary.map_or(0, |s| s.emitters.saturating_sub(counted as u64));
    let run = &picture.run;
    json!({
        "state": card.state.as_str(),
        "word": card.word,
        "headline": card.headline,
        "todo": card.todo_short,
        "todo_full": coded(&card.todo),
        "owner_notices": card.owner_notices,
        "because": coded(&card.because),
        "cannot_exclude": coded(&card.cannot_exclude),
        "clearance": clearance,
        "at_us": picture.now_us,
        "since_us": picture.since_us,
        "case": run.case,
        "simulated": run.simulated,
        "live": run.live,
        "ended": picture.ended,
        "profile": run.config.profile.as_str(),
        "threat": run.config.threat.as_str(),
        "speed": run.speed,
        "passers_by": passers_by,
        "watched": watched,
        "alerts": names.len(),
        "acknowledged": acknowledged,
        "heard_s": summary.map(|s| s.heard_s),
        "travelled_m": summary.and_then(|s| s.travelled_m),
    })
}
