//! Answers that are no success: a code, and what happened, what it means and what to do.

use axum::Extension;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::sync::Arc;
use vigie_show::{Texts, Value};

use super::Served;
use super::guard::Asked;
use axum::extract::State;

/// Why a request is not answered as asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody is signed in.
    Login,
    /// The key opens nothing.
    Token,
    /// The role does not allow it.
    Role,
    /// It did not come from the page.
    Forged,
    /// Nothing is there.
    Unknown,
    /// The address takes no such request.
    Method,
    /// Too long.
    Large,
    /// No JSON.
    Media,
    /// Too many wrong keys.
    Attempts,
    /// A field is missing or wrong.
    Field(&'static str),
    /// No alert is called so.
    About(String),
    /// It has to be confirmed.
    Unconfirmed,
    /// It could not be written.
    Store(String),
}

impl Refusal {
    const fn status(&self) -> StatusCode {
        match self {
            Self::Login | Self::Token => StatusCode::UNAUTHORIZED,
            Self::Role | Self::Forged => StatusCode::FORBIDDEN,
            Self::Unknown | Self::About(_) => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Large => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Media => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Attempts => StatusCode::TOO_MANY_REQUESTS,
            Self::Field(_) => StatusCode::BAD_REQUEST,
            Self::Unconfirmed => StatusCode::CONFLICT,
            Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    const fn code(&self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Token => "token",
            Self::Role => "role",
            Self::Forged => "forged",
            Self::Unknown => "unknown",
            Self::Method => "method",
            Self::Large => "large",
            Self::Media => "media",
            Self::Attempts => "attempts",
            Self::Field(_) => "field",
            Self::About(_) => "about",
            Self::Unconfirmed => "unconfirmed",
            Self::Store(_) => "store",
        }
    }

    /// The answer.
    pub fn answer(&self, texts: &Texts) -> Response {
        let values = match self {
            Self::Field(field) => vec![("field", Value::Text(field))],
            Self::About(about) => vec![("about", Value::Text(about))],
            Self::Store(reason) => vec![("reason", Value::Text(reason))],
            _ => Vec::new(),
        };
        let code = self.code();
        let text = texts.text_with(&format!("refused-{code}"), &values);
        let body = axum::Json(json!({ "error": code, "text": text }));
        (self.status(), body).into_response()
    }
}

/// No such address.
pub async fn nothing_here(
    State(served): State<Arc<Served>>,
    Extension(asked): Extension<Asked>,
) -> Response {
    Refusal::Unknown.answer(served.texts(asked.language))
}

/// No such request at this address.
pub async fn wrong_method(
    State(served): State<Arc<Served>>,
    Extension(asked): Extension<Asked>,
) -> Response {
    Refusal::Method.answer(served.texts(asked.language))
}
