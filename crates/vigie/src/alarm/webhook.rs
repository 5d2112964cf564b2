//! A JSON object to an HTTP address of yours.
//!
//! `Idempotency-Key` is the same for every attempt at the same message: whoever drops what it has seen gets each once.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use vigie_keep::outbox::Message;

use super::failure::Failure;
use super::post::Post;
use super::secret;
use super::{Channel, as_json};

/// Settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Address; `url_file` or `url_env` where it is a secret itself.
    url: Option<String>,
    url_file: Option<PathBuf>,
    url_env: Option<String>,
    /// Sent as `Authorization: Bearer`.
    token_file: Option<PathBuf>,
    token_env: Option<String>,
    ca_file: Option<PathBuf>,
    #[serde(default)]
    insecure: bool,
}

impl Webhook {
    /// Ready to send, with the words that no error may show.
    pub fn open(&self, folder: &Path) -> Result<(Box<dyn Channel>, Vec<String>)> {
        let secret_url =
            secret::read("url", self.url_file.as_ref(), self.url_env.as_ref(), folder)?;
        let mut hidden = Vec::new();
        let url = match (&self.url, secret_url) {
            (Some(_), Some(_)) => bail!("url is set twice"),
            (Some(url), None) => secret::in_the_open(url),
            (None, url) => {
                let url = url.context("url, url_file or url_env is missing")?;
                hidden.push(url.expose().to_owned());
                url
            }
        };
        let token = secret::read(
            "token",
            self.token_file.as_ref(),
            self.token_env.as_ref(),
            folder,
        )?;
        hidden.extend(token.iter().map(|t| t.expose().to_owned()));
        let post = Post::new(url, token, self.ca_file.as_ref(), self.insecure, folder)?;
        Ok((Box::new(Open(post)), hidden))
    }
}

struct Open(Post);

impl Channel for Open {
    fn send(&mut self, message: &Message) -> Result<(), Failure> {
        self.0
            .send(&as_json(message), &[("Idempotency-Key", &message.key)])
    }
}
