//! One HTTP request. Redirects are not followed, and no proxy of the environment is used: a message goes where the settings
//! say, or nowhere.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, Error};

use super::PATIENCE;
use super::certificates;
use super::failure::{Failure, Why};
use super::secret::Secret;
use super::server::{Scheme, Server};

/// What an HTTP address may begin with.
pub const SCHEMES: [Scheme; 2] = [("https", true, 443), ("http", false, 80)];

/// Where requests go.
pub struct Post {
    agent: Agent,
    server: Server,
    url: Secret,
    token: Option<Secret>,
}

impl Post {
    pub fn new(
        url: Secret,
        token: Option<Secret>,
        ca_file: Option<&PathBuf>,
        insecure: bool,
        folder: &Path,
    ) -> Result<Self> {
        let server = Server::parse("url", url.expose(), &SCHEMES)?;
        server.require_tls("url", insecure, "https://")?;
        let mut config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .user_agent("vigie");
        if server.tls {
            let roots = certificates::authorities(ca_file, folder)?;
            let roots: Vec<_> = roots
                .iter()
                .map(|c| Certificate::from_der(c).to_owned())
                .collect();
            config = config.tls_config(
                TlsConfig::builder()
                    .provider(TlsProvider::Rustls)
                    .unversioned_rustls_crypto_provider(certificates::provider())
                    .root_certs(RootCerts::Specific(Arc::new(roots)))
                    .build(),
            );
        }
        Ok(Self {
            agent: config.build().new_agent(),
            server,
            url,
            token,
        })
    }

    /// Posts a JSON text.
    pub fn send(&self, body: &str, headers: &[(&str, &str)]) -> Result<(), Failure> {
        let mut request = self
            .agent
            .post(self.url.expose())
            .content_type("application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {}", token.expose()));
        }
        let answer = request.send(body).map_err(|e| self.failure(&e))?;
        let status = answer.status();
        let host = &self.server.host;
        match status.as_u16() {
            200..=299 => Ok(()),
            401 | 403 => Err(Failure::new(
                Why::Refused,
                format!("{host} answers {status}"),
            )),
            300..=399 => Err(Failure::new(
                Why::Answer,
                format!("{host} answers {status}: redirects are not followed"),
            )),
            _ => Err(Failure::new(
                Why::Answer,
                format!("{host} answers {status}"),
            )),
        }
    }

    fn failure(&self, error: &Error) -> Failure {
        let at = self.server.authority();
        match error {
            Error::Timeout(_) => {
                Failure::new(Why::TimedOut, format!("{at} did not answer in time"))
            }
            Error::HostNotFound => Failure::new(Why::Unreachable, format!("{at}: no such host")),
            Error::ConnectionFailed => {
                Failure::new(Why::Unreachable, format!("{at}: no connection"))
            }
            Error::Tls(what) => Failure::new(Why::Certificate, format!("{at}: {what}")),
            Error::Rustls(e) => Failure::new(Why::Certificate, format!("{at}: {e}")),
            Error::Io(e) => {
                let why = Failure::from(std::io::Error::from(e.kind())).why;
                Failure::new(why, format!("{at}: {e}"))
            }
            // Others may quote the address, which may be a secret.
            _ => Failure::new(
                Why::Answer,
                format!("{at} gave no answer that can be understood"),
            ),
        }
    }
}
