//! The files of the page, from the binary.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};
use rust_embed::RustEmbed;

use super::Served;
use super::answer::Refusal;
use super::guard::Asked;

#[derive(RustEmbed)]
#[folder = "page/"]
struct Files;

/// What the neutral page that asks for a key is made of: open to everybody, and says nothing of whom it protects.
pub const OPEN: [&str; 3] = ["/page/login.css", "/page/login.js", "/page/icon.svg"];

/// Where the base map lies.
const COAST: &str = "vendor/coast.geojson";

/// The page.
pub async fn index() -> Response {
    html("index.html", StatusCode::OK)
}

/// The neutral page that asks for a key.
pub async fn login() -> Response {
    html("login.html", StatusCode::OK)
}

/// The same, for somebody who asked for something else.
pub fn sign_in_first() -> Response {
    html("login.html", StatusCode::UNAUTHORIZED)
}

fn html(name: &str, status: StatusCode) -> Response {
    match read(name) {
        Some(bytes) => (status, Html(bytes.into_owned())).into_response(),
        None => (status, "Vigie").into_response(),
    }
}

/// A file of the page.
pub async fn file(
    State(served): State<Arc<Served>>,
    Extension(asked): Extension<Asked>,
    Path(path): Path<String>,
) -> Response {
    match read(&path) {
        Some(bytes) => ([(CONTENT_TYPE, kind(&path))], bytes.into_owned()).into_response(),
        None => Refusal::Unknown.answer(served.texts(asked.language)),
    }
}

/// Land and borders.
pub async fn coast(
    State(served): State<Arc<Served>>,
    Extension(asked): Extension<Asked>,
) -> Response {
    match read(COAST) {
        Some(bytes) => ([(CONTENT_TYPE, kind(COAST))], bytes.into_owned()).into_response(),
        None => Refusal::Unknown.answer(served.texts(asked.language)),
    }
}

fn read(name: &str) -> Option<Cow<'static, [u8]>> {
    // Whoever works on the page sees it without building anew.
    #[cfg(debug_assertions)]
    if let Some(folder) = std::env::var_os("VIGIE_PAGE") {
        let plain = name.split('/').all(|part| !part.is_empty() && part != "..");
        let path = std::path::Path::new(&folder).join(name);
        return plain.then(|| std::fs::read(path).ok())?.map(Cow::Owned);
    }
    Files::get(name).map(|file| file.data)
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "geojson" => "application/geo+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "ico" => "image/x-icon",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
