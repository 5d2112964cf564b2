//! A link is opened: a session begins, or the wrong key is slowed down and entered into the log.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use vigie_show::Language;

use super::Served;
use super::answer::Refusal;
use super::guard::{self, Asked, COOKIE_NAME};
use crate::access::{SESSION, Wrong};
use crate::journal;

/// The link that was printed, or a one-time link.
pub async fn by_link(served: &Arc<Served>, key: &str, language: Language) -> Response {
    match served.access.open(key) {
        Ok((session, visitor)) => {
            let entry = journal::entry(
                guard::wall_us(),
                &visitor,
                "login",
                "",
                "",
                visitor.role.as_str(),
            );
            // Whoever may look must be able to when the disk is full.
            let _ = guard::enter(served, entry).await;
            let lasts = SESSION.as_secs();
            let cookie = format!(
                "{COOKIE_NAME}={session}; HttpOnly; SameSite=Strict; Path=/; Max-Age={lasts}"
            );
            let headers = [(SET_COOKIE, cookie), (LOCATION, "/".to_owned())];
            (StatusCode::SEE_OTHER, headers).into_response()
        }
        Err(Wrong::After(wait)) => {
            tokio::time::sleep(wait).await;
            let _ = guard::enter(served, guard::unknown("login_refused")).await;
            Refusal::Token.answer(served.texts(language))
        }
        Err(Wrong::TooMany) => Refusal::Attempts.answer(served.texts(language)),
    }
}

/// The form of the neutral page: as a form or as JSON. Takes the key, or the whole link.
pub async fn login(
    State(served): State<Arc<Served>>,
    Extension(asked): Extension<Asked>,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Response {
    let texts = served.texts(asked.language);
    let Ok(body) = body else {
        return Refusal::Large.answer(texts);
    };
    let kind = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let given = match kind.unwrap_or_default().split(';').next().map(str::trim) {
        Some("application/json") => serde_json::from_slice::<serde_json::Value>(&body)
            .ok()
            .and_then(|v| v.get("token")?.as_str().map(str::to_owned)),
        Some("application/x-www-form-urlencoded") => std::str::from_utf8(&body)
            .ok()
            .and_then(|form| guard::query(Some(form), "token").map(str::to_owned)),
        _ => return Refusal::Media.answer(texts),
    };
    let Some(given) = given else {
        return Refusal::Field("token").answer(texts);
    };
    // Of a whole link, the key is what is left of its last hexadecimal digits.
    let given = given.trim();
    let digits = given.rfind(|c: char| !c.is_ascii_hexdigit());
    let key = digits.map_or(given, |at| given.get(at + 1..).unwrap_or(given));
    by_link(&served, key, asked.language).await
}
