//! Our own devices: presence, and nothing else of them.

use serde_json::{Value, json};

use crate::picture::Picture;

/// Those that were heard.
pub fn ours(picture: &Picture) -> Value {
    let ours = picture.ours.iter().map(|one| {
        let vehicles = one.vehicles.iter();
        let vehicles: Vec<Value> = vehicles
            .map(|(vehicle, s)| json!({ "vehicle": vehicle, "present_s": s }))
            .collect();
        json!({ "name": one.name, "present_s": one.present_s, "vehicles": vehicles })
    });
    json!({ "ours": ours.collect::<Vec<_>>() })
}
