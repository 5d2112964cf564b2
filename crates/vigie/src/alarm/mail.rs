//! A mail to one address; several people are several channels, so that a wrong address holds up nobody else.
//!
//! `Message-ID` is the same for every attempt at the same message: mailboxes that drop what they have show each once. This
//! machine's name stands nowhere in it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{SmtpTransport, Transport};
use serde::Deserialize;
use vigie_keep::outbox::Message;

use super::failure::{Failure, Why};
use super::server::{Scheme, Server};
use super::{Channel, PATIENCE, certificates, secret};

/// TLS from the first byte, and STARTTLS: required off this machine.
const SCHEMES: [Scheme; 2] = [("smtps", true, 465), ("smtp", false, 587)];

/// Settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// `smtps://HOST[:465]`, or `smtp://HOST[:587]` with STARTTLS.
    server: String,
    from: String,
    to: String,
    user: Option<String>,
    password_file: Option<PathBuf>,
    password_env: Option<String>,
    ca_file: Option<PathBuf>,
    /// Allows a server without TLS.
    #[serde(default)]
    insecure: bool,
}

impl Mail {
    /// Ready to send, with the words that no error may show.
    pub fn open(&self, folder: &Path) -> Result<(Box<dyn Channel>, Vec<String>)> {
        let server = Server::parse("server", &self.server, &SCHEMES)?;
        let mailbox = |key: &str, text: &str| -> Result<Mailbox> {
            text.parse()
                .with_context(|| format!("{key} is no mail address"))
        };
        let from = mailbox("from", &self.from)?;
        let to = mailbox("to", &self.to)?;
        let plain = !server.tls && (self.insecure || server.is_loopback());
        let tls = if plain {
            Tls::None
        } else {
            let mut tls = TlsParameters::builder(server.host.clone())
                .certificate_store(CertificateStore::None);
            for certificate in certificates::authorities(self.ca_file.as_ref(), folder)? {
                tls = tls.add_root_certificate(Certificate::from_der(certificate.to_vec())?);
            }
            let tls = tls.build_rustls()?;
            if server.tls {
                Tls::Wrapper(tls)
            } else {
                Tls::Required(tls)
            }
        };
        let mut transport = SmtpTransport::builder_dangerous(&server.host)
            .port(server.port)
            .hello_name(ClientId::Domain("vigie.invalid".to_owned()))
            .timeout(Some(PATIENCE))
            .tls(tls);
        let (file, variable) = (self.password_file.as_ref(), self.password_env.as_ref());
        let password = secret::read("password", file, variable, folder)?;
        let hidden = password.iter().map(|p| p.expose().to_owned()).collect();
        match (&self.user, password) {
            (None, None) => {}
            (Some(user), Some(password)) => {
                let password = password.expose().to_owned();
                transport = transport.credentials(Credentials::new(user.clone(), password));
            }
            _ => bail!("user goes with password_file or password_env, and they with user"),
        }
        let open = Open {
            transport: transport.build(),
            at: server.authority(),
            from,
            to,
        };
        Ok((Box::new(open), hidden))
    }
}

struct Open {
    transport: SmtpTransport,
    at: String,
    from: Mailbox,
    to: Mailbox,
}

impl Channel for Open {
    fn send(&mut self, message: &Message) -> Result<(), Failure> {
        let mail = lettre::Message::builder()
            .from(self.from.clone())
            .to(self.to.clone())
            .subject(message.title.as_str())
            .message_id(Some(format!("<{}@vigie.invalid>", message.key)))
            .header(ContentType::TEXT_PLAIN)
            .body(message.text.clone())
            .map_err(|e| Failure::new(Why::Answer, e.to_string()))?;
        let sent = self.transport.send(&mail).map(|_| ());
        sent.map_err(|e| {
            let code = e.status().map(|code| code.to_string());
            let why = match code.as_deref() {
                _ if e.is_timeout() => Why::TimedOut,
                _ if e.is_tls() || of_a_certificate(&e) => Why::Certificate,
                Some("530" | "534" | "535" | "538") => Why::Refused,
                Some(_) => Why::Answer,
                None if e.is_client() => Why::Answer,
                None => Why::Unreachable,
            };
            // What the server says may quote addresses; its code is enough.
            let what = match code {
                Some(code) => format!("{} answers {code}", self.at),
                None => format!("{}: {}", self.at, innermost(&e)),
            };
            Failure::new(why, what)
        })
    }
}

/// rustls hands what it refuses through as invalid data.
fn of_a_certificate(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let io = error.downcast_ref::<std::io::Error>();
        if io.is_some_and(|e| e.kind() == std::io::ErrorKind::InvalidData) {
            return true;
        }
        next = error.source();
    }
    false
}

fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
