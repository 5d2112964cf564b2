//! What can be done: acts on alerts, and links for other people.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::Served;
use super::answer::Refusal;
use super::guard::{self, Asked};
use crate::access::{Role, Visitor};
use crate::acts::{self, NotDone, Request};
use crate::journal;
use crate::parts::Part;

/// Between two looks at what others wrote into the queue of alarms.
const BETWEEN_LOOKS: Duration = Duration::from_secs(3);
/// A link for others lasts no longer, hours.
const LONGEST_LINK_H: u32 = 24 * 7;

type S = State<Arc<Served>>;
type A = Extension<Asked>;
type Body = Result<Bytes, BytesRejection>;

/// Does something with an alert, or notes something.
pub async fn act(
    State(served): S,
    Extension(asked): A,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let done = do_it(&served, asked.visitor, &headers, body).await;
    done.unwrap_or_else(|refusal| refusal.answer(served.texts(asked.language)))
}

async fn do_it(
    served: &Arc<Served>,
    visitor: Option<Visitor>,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let visitor = visitor
        .filter(|v| v.role >= Role::Act)
        .ok_or(Refusal::Role)?;
    let request: Request = read(headers, body)?;
    let about = request.about.clone();
    let deed = request
        .checked(&served.hub.picture(), guard::wall_us())
        .map_err(|not| match not {
            NotDone::Field(field) => Refusal::Field(field),
            NotDone::About => Refusal::About(about),
            NotDone::Unconfirmed => Refusal::Unconfirmed,
        })?;
    if let Some(case) = served.case.clone() {
        let deed = deed.clone();
        let written = tokio::task::spawn_blocking(move || deed.in_queue(&case)).await;
        match written {
            Ok(Ok(())) => {}
            Ok(Err(e)) => return Err(Refusal::Store(e.to_string())),
            Err(e) => return Err(Refusal::Store(e.to_string())),
        }
    }
    let detail = json!({ "session": visitor.who, "time_us": deed.time_us });
    let mut entry = journal::entry(
        deed.now_us,
        &visitor,
        deed.what.as_str(),
        &deed.about,
        &deed.reason,
        &detail.to_string(),
    );
    entry.who.clone_from(&deed.who);
    guard::enter(served, entry.clone()).await?;
    deed.in_picture(&mut served.hub.picture());
    served
        .hub
        .changed(&[Part::Alerts, Part::State, Part::Timeline]);
    let told = journal::told(&entry, served.texts(served.language));
    Ok((StatusCode::CREATED, Json(json!({ "act": told }))).into_response())
}

#[derive(Deserialize)]
struct LinkRequest {
    role: Role,
    who: String,
    hours: u32,
}

/// Makes a link for somebody else, which opens once.
pub async fn link(
    State(served): S,
    Extension(asked): A,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let made = make_link(&served, asked.visitor, &headers, body).await;
    made.unwrap_or_else(|refusal| refusal.answer(served.texts(asked.language)))
}

async fn make_link(
    served: &Arc<Served>,
    visitor: Option<Visitor>,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let visitor = visitor
        .filter(|v| v.role >= Role::Administer)
        .ok_or(Refusal::Role)?;
    let asked: LinkRequest = read(headers, body)?;
    let who = asked.who.trim();
    if who.is_empty() || who.chars().count() > 100 {
        return Err(Refusal::Field("who"));
    }
    if !(1..=LONGEST_LINK_H).contains(&asked.hours) {
        return Err(Refusal::Field("hours"));
    }
    let detail = format!("{} {} h", asked.role.as_str(), asked.hours);
    let entry = journal::entry(guard::wall_us(), &visitor, "link", who, "", &detail);
    guard::enter(served, entry).await?;
    let lasts = Duration::from_secs(u64::from(asked.hours) * 3600);
    let key = served
        .access
        .link(who, asked.role, Some(lasts))
        .map_err(|e| Refusal::Store(e.to_string()))?;
    let url = format!("http://{}/?token={key}", served.address);
    Ok((StatusCode::CREATED, Json(json!({ "url": url }))).into_response())
}

/// A request's body.
fn read<T: DeserializeOwned>(headers: &HeaderMap, body: Body) -> Result<T, Refusal> {
    let kind = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let kind = kind.unwrap_or_default().split(';').next().map(str::trim);
    if kind != Some("application/json") {
        return Err(Refusal::Media);
    }
    let body = body.map_err(|_| Refusal::Large)?;
    serde_json::from_slice(&body).map_err(|_| Refusal::Field("body"))
}

/// Shows what was acknowledged or muted elsewhere, by `vigie alarm`.
pub async fn watch_the_queue(served: Arc<Served>) {
    let Some(case) = served.case.clone() else {
        return;
    };
    loop {
        let causes = acts::causes(&served.hub.picture());
        let case = case.clone();
        let now_us = guard::wall_us();
        let look = move || acts::said_in_queue(&case, &causes, now_us);
        if let Ok(Ok(said)) = tokio::task::spawn_blocking(look).await
            && served.hub.picture().take_said(said)
        {
            served.hub.changed(&[Part::Alerts, Part::State]);
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}
