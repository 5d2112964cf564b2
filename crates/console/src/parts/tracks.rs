//! Where we went, and where each suspect was heard.

use serde_json::{Value, json};

use super::timeline::loudest;
use crate::picture::Picture;

/// Points of all suspects together; each has at least [`FEWEST`].
const POINTS: usize = 20_000;
/// Points of one suspect at least.
const FEWEST: usize = 16;

/// Tracks, suspects, and where everybody is now.
pub fn tracks(picture: &Picture) -> Value {
    let tracks = picture.tracks.iter().map(|(vehicle, track)| {
        let points = track.points().map(|p| json!([p.at_us, p.lat, p.lon]));
        json!({ "vehicle": vehicle, "points": points.collect::<Vec<_>>() })
    });
    let last = picture.tracks.iter().map(|(vehicle, track)| {
        let p = track.last();
        json!({ "vehicle": vehicle, "at_us": p.at_us, "lat": p.lat, "lon": p.lon })
    });
    let alerts = [false, true]
        .into_iter()
        .flat_map(|ours| picture.story.alerts(ours));
    let alerts: Vec<_> = alerts.map(|a| a.alert.emitter).collect();
    let most = (POINTS / alerts.len().max(1)).max(FEWEST);
    let suspects = alerts.iter().filter_map(|id| {
        let travelling = picture.travelling.get(id)?;
        let heard: Vec<_> = loudest(&travelling.course).collect();
        let step = heard.len().div_ceil(most).max(1);
        let points = heard.into_iter().step_by(step).filter_map(|contact| {
            let at_us = contact.from_us.midpoint(contact.to_us);
            let (lat, lon) = picture.place(contact.vehicle.as_deref(), at_us)?;
            Some(json!([at_us, lat, lon, contact.level_dbm]))
        });
        Some(json!({ "id": id.to_string(), "points": points.collect::<Vec<_>>() }))
    });
    json!({
        "tracks": tracks.collect::<Vec<_>>(),
        "suspects": suspects.collect::<Vec<_>>(),
        "last": last.collect::<Vec<_>>(),
    })
}
