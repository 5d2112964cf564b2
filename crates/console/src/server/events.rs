//! Tells a page which parts have changed.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::stream::{self, Stream};
use serde_json::json;

use super::Served;
use super::guard::Asked;

/// Between two events at least.
const BETWEEN: Duration = Duration::from_millis(250);
/// Without an event, a comment after so long.
const ALIVE: Duration = Duration::from_secs(10);

/// Server-sent events: `changed`, with the revision and the parts.
pub async fn events(
    State(served): State<Arc<Served>>,
    Extension(_): Extension<Asked>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let revisions = served.hub.revisions();
    let stopping = served.stopping.clone();
    let begun = (served, revisions, stopping, None);
    let events = stream::unfold(
        begun,
        |(served, mut revisions, mut stopping, seen)| async move {
            if seen.is_some() {
                tokio::time::sleep(BETWEEN).await;
            }
            let (revision, parts) = loop {
                // Before the look, so that nothing that comes after it is missed.
                revisions.mark_unchanged();
                let (revision, parts) = served.hub.changed_since(seen.unwrap_or(0));
                if seen.is_none() || !parts.is_empty() {
                    break (revision, parts);
                }
                tokio::select! {
                    changed = revisions.changed() => changed.ok()?,
                    _ = stopping.wait_for(|stop| *stop) => return None,
                }
            };
            let parts: Vec<_> = parts.into_iter().map(crate::parts::Part::as_str).collect();
            let data = json!({ "revision": revision, "parts": parts }).to_string();
            let event = Event::default().event("changed").data(data);
            Some((Ok(event), (served, revisions, stopping, Some(revision))))
        },
    );
    Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE))
}
