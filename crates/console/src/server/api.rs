//! What can be asked: the parts of the picture, as JSON.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::{Map, Value, json};

use super::Served;
use super::guard::{self, Asked};
use crate::parts;
use crate::parts::Course;

const OPENAPI: &str = include_str!("../../openapi.json");

type S = State<Arc<Served>>;
type A = Extension<Asked>;

/// That it is served at all.
pub async fn health() -> Json<Value> {
    Json(json!({ "ok": true }))
}

/// This interface, described.
pub async fn openapi() -> Response {
    ([(CONTENT_TYPE, "application/json")], OPENAPI).into_response()
}

/// The state at one glance.
pub async fn state(State(served): S, Extension(asked): A) -> Json<Value> {
    let mut state = parts::state(&served.hub.picture(), served.texts(asked.language));
    let (revision, _) = served.hub.changed_since(u64::MAX);
    state["revision"] = json!(revision);
    state["role"] = json!(asked.visitor.map(|v| v.role));
    Json(state)
}

/// Alerts.
pub async fn alerts(State(served): S, Extension(asked): A) -> Json<Value> {
    let texts = served.texts(asked.language);
    let alerts = parts::alerts(&served.hub.picture(), texts, Course::Told);
    Json(json!({ "alerts": alerts }))
}

/// Tracks.
pub async fn tracks(State(served): S) -> Json<Value> {
    Json(parts::tracks(&served.hub.picture()))
}

/// The timeline.
pub async fn timeline(State(served): S, Extension(asked): A) -> Json<Value> {
    let texts = served.texts(asked.language);
    Json(parts::timeline(&served.hub.picture(), texts))
}

/// Sensors and deaf time.
pub async fn sensors(State(served): S, Extension(asked): A) -> Json<Value> {
    let texts = served.texts(asked.language);
    Json(parts::sensors(&served.hub.picture(), texts))
}

/// Our own devices.
pub async fn ours(State(served): S) -> Json<Value> {
    Json(parts::ours(&served.hub.picture()))
}

/// The threat level, and what others would make of the same.
pub async fn threat(State(served): S, Extension(asked): A) -> Json<Value> {
    let texts = served.texts(asked.language);
    Json(parts::threat(&served.hub.picture(), texts))
}

/// Acts and consultations.
pub async fn log(State(served): S, Extension(asked): A) -> Json<Value> {
    Json(served.journal.told(served.texts(asked.language)))
}

/// What the next shift has to know.
pub async fn shift(State(served): S, Extension(asked): A) -> Json<Value> {
    let texts = served.texts(asked.language);
    let mut shift = parts::shift(&served.hub.picture(), texts, guard::wall_us());
    shift["decisions"] = json!(served.journal.decisions(texts));
    Json(shift)
}

/// The words of the page.
pub async fn texts(State(served): S, Extension(asked): A) -> Json<Value> {
    let texts = served.texts(asked.language);
    let words: Map<String, Value> = texts
        .keys("ui-")
        .map(|key| (key.to_owned(), json!(texts.text(key))))
        .collect();
    Json(json!({ "lang": asked.language.code(), "texts": words }))
}
