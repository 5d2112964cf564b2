//! The server: plain HTTP on this machine, everything under one address, nothing without a key.

mod answer;
mod api;
mod doing;
mod events;
mod guard;
mod page;
mod signing_in;

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tokio::sync::watch;
use vigie_keep::case_db::CaseDbError;
use vigie_show::{Language, Texts};

use crate::Hub;
use crate::access::{Access, Role};
use crate::journal::Journal;

/// Largest body of a request, bytes.
const BODY: usize = 16 * 1024;

/// How to serve.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen.
    pub address: SocketAddr,
    /// Where this address is taken, on any other that is free.
    pub elsewhere: bool,
    /// Language of those who ask for none.
    pub language: Language,
    /// Folder of the case: log and alarms go there. Without one both are kept in memory.
    pub case: Option<PathBuf>,
    /// Name of whoever opens the first link.
    pub who: String,
}

/// Why the console cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// Others could reach it, and read along.
    #[error("{0} can be reached by others, and nothing is encrypted")]
    NotLoopback(SocketAddr),
    /// The address cannot be had.
    #[error("{address}: {source}")]
    Address {
        /// Which.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The log of the case cannot be opened.
    #[error(transparent)]
    Journal(#[from] CaseDbError),
    /// No randomness for keys.
    #[error("no random numbers for keys: {0}")]
    Randomness(#[from] getrandom::Error),
    /// The system gives no thread.
    #[error("no thread for the console: {0}")]
    Thread(std::io::Error),
}

/// What every request needs.
#[derive(Debug)]
struct Served {
    hub: Arc<Hub>,
    access: Access,
    journal: Journal,
    case: Option<PathBuf>,
    address: SocketAddr,
    language: Language,
    english: Texts,
    french: Texts,
    stopping: watch::Receiver<bool>,
}

impl Served {
    fn texts(&self, language: Language) -> &Texts {
        match language {
            Language::En => &self.english,
            Language::Fr => &self.french,
        }
    }
}

/// A console that is being served, until it is dropped.
#[derive(Debug)]
pub struct Console {
    served: Arc<Served>,
    address: SocketAddr,
    key: String,
    who: String,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Console {
    /// Begins to serve.
    ///
    /// # Errors
    /// When the address cannot be had or is not of this machine alone.
    pub fn start(hub: Arc<Hub>, settings: &Settings) -> Result<Self, ConsoleError> {
        if !settings.address.ip().is_loopback() {
            return Err(ConsoleError::NotLoopback(settings.address));
        }
        let listener = listen(settings)?;
        let broken = |source| ConsoleError::Address {
            address: settings.address,
            source,
        };
        let address = listener.local_addr().map_err(broken)?;
        listener.set_nonblocking(true).map_err(broken)?;
        let (access, key) = Access::begin(&settings.who)?;
        let (stop, stopping) = watch::channel(false);
        let served = Arc::new(Served {
            hub,
            access,
            journal: Journal::open(settings.case.clone())?,
            case: settings.case.clone(),
            address,
            language: settings.language,
            english: Texts::new(Language::En),
            french: Texts::new(Language::Fr),
            stopping,
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(ConsoleError::Thread)?;
        let serving = Arc::clone(&served);
        let thread = std::thread::Builder::new()
            .name("console".to_owned())
            .spawn(move || runtime.block_on(serve(listener, serving)))
            .map_err(ConsoleError::Thread)?;
        Ok(Self {
            served,
            address,
            key,
            who: settings.who.clone(),
            stop,
            thread: Some(thread),
        })
    }

    /// Where it is served, without the key.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The link to open, with its key.
    #[must_use]
    pub fn link(&self) -> String {
        format!("{}?token={}", self.address(), self.key)
    }

    /// A link that does the same, once and for a while.
    #[must_use]
    pub fn link_for_a_while(&self, lasts: Duration) -> Option<String> {
        let access = &self.served.access;
        let key = access.link(&self.who, Role::Administer, Some(lasts)).ok()?;
        Some(format!("{}?token={key}", self.address()))
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn listen(settings: &Settings) -> Result<TcpListener, ConsoleError> {
    let address = settings.address;
    let free = SocketAddr::new(address.ip(), 0);
    TcpListener::bind(address)
        .or_else(|taken| match settings.elsewhere {
            true => TcpListener::bind(free),
            false => Err(taken),
        })
        .map_err(|source| ConsoleError::Address { address, source })
}

async fn serve(listener: TcpListener, served: Arc<Served>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    let mut stopping = served.stopping.clone();
    let watching = tokio::spawn(doing::watch_the_queue(Arc::clone(&served)));
    let serving = axum::serve(listener, router(served));
    // Pages hold connections open for events: nobody is waited for.
    tokio::select! {
        _ = serving => {}
        _ = stopping.wait_for(|stop| *stop) => {}
    }
    watching.abort();
}

fn router(served: Arc<Served>) -> Router {
    Router::new()
        .route("/healthz", get(api::health))
        .route("/openapi.json", get(api::openapi))
        .route("/login", get(page::login).post(signing_in::login))
        .route("/", get(page::index))
        .route("/page/{*path}", get(page::file))
        .route("/api/v1/state", get(api::state))
        .route("/api/v1/alerts", get(api::alerts))
        .route("/api/v1/tracks", get(api::tracks))
        .route("/api/v1/timeline", get(api::timeline))
        .route("/api/v1/sensors", get(api::sensors))
        .route("/api/v1/ours", get(api::ours))
        .route("/api/v1/threat", get(api::threat))
        .route("/api/v1/log", get(api::log))
        .route("/api/v1/shift", get(api::shift))
        .route("/api/v1/texts", get(api::texts))
        .route("/api/v1/coast", get(page::coast))
        .route("/api/v1/events", get(events::events))
        .route("/api/v1/acts", post(doing::act))
        .route("/api/v1/links", post(doing::link))
        .fallback(answer::nothing_here)
        .method_not_allowed_fallback(answer::wrong_method)
        .layer(DefaultBodyLimit::max(BODY))
        .layer(from_fn_with_state(Arc::clone(&served), guard::guard))
        .layer(from_fn(guard::headers))
        .with_state(served)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    /// Paths in this file and in the description, which is kept by hand.
    #[test]
    fn every_route_is_described_and_every_description_is_a_route() {
        let source = include_str!("mod.rs");
        let routes = source.split(".route(\"").skip(1);
        let mut known = BTreeSet::new();
        for route in routes {
            let Some((path, rest)) = route.split_once("\", ") else {
                continue;
            };
            let handlers = rest.split_once("\n").unwrap().0;
            for method in ["get", "post"] {
                if handlers.contains(&format!("{method}(")) {
                    known.insert(format!("{method} {}", path.replace("{*", "{")));
                }
            }
        }
        let described: Value = serde_json::from_str(include_str!("../../openapi.json")).unwrap();
        let described: BTreeSet<String> = described["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, of)| {
                let methods = of.as_object().unwrap().keys();
                methods.map(move |method| format!("{method} {path}"))
            })
            .collect();
        assert!(known.len() > 15);
        assert_eq!(known, described);
    }
}
