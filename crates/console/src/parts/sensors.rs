//! Sensors, and when which of them was deaf.

use serde_json::{Value, json};
use vigie_show::{Texts, Value as Filled};

use crate::picture::{Picture, Spell};

/// How the sensors hear, and the deaf spells, latest first.
pub fn sensors(picture: &Picture, texts: &Texts) -> Value {
    let channels = picture.story.summary().map(|s| &s.sensors.channels);
    let one = |sensor: &vigie_detect::now::SensorNow| {
        let counts = channels.and_then(|c| c.get(&sensor.name));
        let frames: Option<u64> = counts.map(|c| c.iter().sum());
        let by_channel = counts
            .map(|[a, b, c, unknown]| json!({ "37": a, "38": b, "39": c, "unknown": unknown }));
        json!({
            "name": sensor.name,
            "vehicle": sensor.vehicle,
            "hears": sensor.cause.is_none(),
            "cause": sensor.cause,
            "cause_text": sensor.cause.map(|cause| cause_text(texts, cause, &sensor.name)),
            "since_us": sensor.since_us,
            "last_heard_us": sensor.last_heard_us,
            "frames": frames,
            "channels": by_channel,
        })
    };
    let sensors: Vec<Value> = picture.sensors.iter().map(one).collect();
    json!({ "sensors": sensors, "deaf": deaf(picture, texts) })
}

/// The deaf spells, latest first.
pub fn deaf(picture: &Picture, texts: &Texts) -> Vec<Value> {
    let one = |spell: &Spell| {
        json!({
            "sensor": spell.sensor,
            "channel": spell.channel,
            "cause": spell.cause,
            "cause_text": cause_text(texts, &spell.cause, &spell.sensor),
            "from_us": spell.from_us,
            "to_us": spell.to_us,
        })
    };
    picture.spells.iter().rev().map(one).collect()
}

fn cause_text(texts: &Texts, cause: &str, sensor: &str) -> String {
    let family = if texts.has(&format!("notice-{cause}")) {
        "notice"
    } else {
        "cause"
    };
    texts.code(family, cause, &[("sensors", Filled::Text(sensor))])
}
