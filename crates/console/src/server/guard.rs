//! What every request has to pass: a session, and with it the log; for what changes something also the signs that the page sent it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, HOST, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use vigie_show::Language;

use super::answer::Refusal;
use super::{Served, page, signing_in};
use crate::access::Visitor;
use crate::journal;
use crate::parts::Part;

/// The name of the cookie that holds the key of the session.
pub const COOKIE_NAME: &str = "vigie";

const POLICY: &str = "default-src 'self'; style-src 'self'; img-src 'self' data:; worker-src 'self' blob:; \
                      connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// Consulting these shows nothing of anybody.
const UNLOGGED: [&str; 3] = ["events", "texts", "coast"];

/// What is known of a request before it is answered.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Language of the answer.
    pub language: Language,
    /// Who asks; `None` where nobody has to be signed in.
    pub visitor: Option<Visitor>,
}

/// Lets a request through to its handler, or refuses it.
pub async fn guard(
    State(served): State<Arc<Served>>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let language = language(&request, &served);
    let texts = served.texts(language);
    let visitor = cookie(request.headers()).and_then(|key| served.access.visitor(key));
    let open = ["/healthz", "/openapi.json", "/login"].contains(&path.as_str())
        || page::OPEN.contains(&path.as_str());
    if path == "/"
        && let Some(key) = query(request.uri().query(), "token")
    {
        return signing_in::by_link(&served, key, language).await;
    }
    if visitor.is_none() && !open {
        return if path.starts_with("/api/") {
            Refusal::Login.answer(texts)
        } else {
            page::sign_in_first()
        };
    }
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes && !comes_from_the_page(request.headers(), &path) {
        return Refusal::Forged.answer(texts);
    }
    if let (Some(visitor), false, Some(part)) = (&visitor, changes, path.strip_prefix("/api/v1/"))
        && !UNLOGGED.contains(&part)
    {
        log(&served, visitor, part).await;
    }
    request.extensions_mut().insert(Asked { language, visitor });
    next.run(request).await
}

/// Enters a consultation before it is answered.
async fn log(served: &Arc<Served>, visitor: &Visitor, part: &str) {
    const KNOWN: [&str; 9] = [
        "state", "alerts", "tracks", "timeline", "sensors", "ours", "threat", "log", "shift",
    ];
    let Some(part) = KNOWN.into_iter().find(|known| *known == part) else {
        return;
    };
    let Some(look) = served.journal.look(visitor, part, wall_us()) else {
        return;
    };
    let _ = enter(served, look).await;
}

/// Enters something into the log without holding up the others.
pub async fn enter(served: &Arc<Served>, act: vigie_keep::case_db::Act) -> Result<(), Refusal> {
    let writer = Arc::clone(served);
    let written = tokio::task::spawn_blocking(move || writer.journal.enter(act)).await;
    served.hub.changed(&[Part::Log]);
    match written {
        Ok(Ok(())) => Ok(()),
        Ok(Err(e)) => Err(Refusal::Store(e.to_string())),
        Err(e) => Err(Refusal::Store(e.to_string())),
    }
}

/// Entry about somebody whom nobody knows.
pub fn unknown(what: &str) -> vigie_keep::case_db::Act {
    let nobody = Visitor {
        session: String::new(),
        who: "?".to_owned(),
        role: crate::Role::Look,
    };
    journal::entry(wall_us(), &nobody, what, "", "", "")
}

/// A page elsewhere can send neither this header nor this origin.
fn comes_from_the_page(headers: &HeaderMap, path: &str) -> bool {
    let text = |name| headers.get(name).map(|v: &HeaderValue| v.as_bytes());
    let own_origin = match (text(ORIGIN), text(HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin.strip_prefix(b"http://") == Some(host),
        (Some(_), None) => false,
    };
    // A form cannot set a header; signing in is all that a form does.
    own_origin && (path == "/login" || headers.get("x-vigie").is_some_and(|v| v == "1"))
}

/// The language asked for, else the program's.
fn language(request: &Request, served: &Served) -> Language {
    match query(request.uri().query(), "lang") {
        Some("fr") => Language::Fr,
        Some("en") => Language::En,
        _ => served.language,
    }
}

/// A value of the query, as it stands.
pub fn query<'q>(query: Option<&'q str>, name: &str) -> Option<&'q str> {
    query?
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE_NAME)?.strip_prefix('='))
}

/// The wall clock, µs since 1970.
pub fn wall_us() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |d| i64::try_from(d.as_micros()).unwrap_or(i64::MAX))
}

/// Headers of every answer.
pub async fn headers(request: Request<Body>, next: Next) -> Response {
    let is_page = request.uri().path().starts_with("/page/");
    let mut response = next.run(request).await.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        "cross-origin-opener-policy",
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("same-origin"),
    );
    let caching = if is_page { "no-cache" } else { "no-store" };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_page_sends_is_known() {
        let headers = |list: &[(&'static str, &'static str)]| {
            let list = list.iter();
            list.map(|(n, v)| ((*n).parse().unwrap(), HeaderValue::from_static(v)))
                .collect::<HeaderMap>()
        };
        let own = [
            ("host", "127.0.0.1:8750"),
            ("origin", "http://127.0.0.1:8750"),
            ("x-vigie", "1"),
        ];
        assert!(comes_from_the_page(&headers(&own), "/api/v1/acts"));
        assert!(!comes_from_the_page(&headers(&own[..2]), "/api/v1/acts"));
        assert!(comes_from_the_page(&headers(&own[..2]), "/login"));
        for origin in ["http://evil.example", "null", "https://127.0.0.1:8750"] {
            let foreign = [own[0], ("origin", origin), own[2]];
            assert!(
                !comes_from_the_page(&headers(&foreign), "/api/v1/acts"),
                "{origin}"
            );
            assert!(
                !comes_from_the_page(&headers(&foreign), "/login"),
                "{origin}"
            );
        }
        let cookies = headers(&[("cookie", "a=b; vigie=key; vigiee=x")]);
        assert_eq!(cookie(&cookies), Some("key"));
        assert_eq!(query(Some("lang=fr&token=k"), "token"), Some("k"));
    }
}
