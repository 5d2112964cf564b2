//! What the next shift has to know, on one page.

use serde_json::{Value, json};
use vigie_show::Texts;

use super::alerts::{Course, alerts};
use super::{sensors, state};
use crate::picture::Picture;

/// Open alerts, mutes that hold at a time by the wall clock, deaf spells, and the state; decisions are added from the log.
pub fn shift(picture: &Picture, texts: &Texts, wall_us: i64) -> Value {
    let open = alerts(picture, texts, Course::LeftOut).into_iter();
    let open: Vec<Value> = open.filter(|a| a["acknowledged"].is_null()).collect();
    let mutes = picture.said.iter().filter_map(|(name, said)| {
        let (until_us, who, reason) = said.muted.as_ref()?;
        (*until_us > wall_us)
            .then(|| json!({ "about": name, "until_us": until_us, "who": who, "reason": reason }))
    });
    json!({
        "open": open,
        "mutes": mutes.collect::<Vec<_>>(),
        "deaf": sensors::deaf(picture, texts),
        "state": state(picture, texts),
    })
}
