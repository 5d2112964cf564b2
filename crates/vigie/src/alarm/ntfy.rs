//! A push message to telephones by an ntfy server (<https://docs.ntfy.sh/publish/#publish-as-json>) of yours.
//!
//! The server reads every message and knows when telephones fetch it, so there is none by default, and the public one has to be
//! asked for. ntfy has no idempotency key: a crash between delivery and mark shows the message twice.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use vigie_keep::outbox::Message;

use super::Channel;
use super::failure::Failure;
use super::post::{Post, SCHEMES};
use super::secret::{self, Secret};
use super::server::Server;

/// Settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ntfy {
    /// Address of the server.
    url: String,
    /// Topic; `topic_file` or `topic_env` where knowing it is enough to read it.
    topic: Option<String>,
    topic_file: Option<PathBuf>,
    topic_env: Option<String>,
    token_file: Option<PathBuf>,
    token_env: Option<String>,
    /// Allows `ntfy.sh`.
    #[serde(default)]
    public_server: bool,
    ca_file: Option<PathBuf>,
    #[serde(default)]
    insecure: bool,
}

impl Ntfy {
    /// Ready to send, with the words that no error may show.
    pub fn open(&self, folder: &Path) -> Result<(Box<dyn Channel>, Vec<String>)> {
        let host = Server::parse("url", &self.url, &SCHEMES)?
            .host
            .to_lowercase();
        let host = host.trim_end_matches('.');
        if (host == "ntfy.sh" || host.ends_with(".ntfy.sh")) && !self.public_server {
            bail!(
                "url: ntfy.sh is a public server: whoever runs it reads your alarms, and whoever knows the topic too. Use a \
                 server of yours, or set `public_server = true`"
            );
        }
        let hidden_topic = secret::read(
            "topic",
            self.topic_file.as_ref(),
            self.topic_env.as_ref(),
            folder,
        )?;
        let mut hidden: Vec<_> = hidden_topic.iter().map(|t| t.expose().to_owned()).collect();
        let topic = match (&self.topic, hidden_topic) {
            (Some(_), Some(_)) => bail!("topic is set twice"),
            (Some(topic), None) => secret::in_the_open(topic),
            (None, topic) => topic.context("topic, topic_file or topic_env is missing")?,
        };
        let token = secret::read(
            "token",
            self.token_file.as_ref(),
            self.token_env.as_ref(),
            folder,
        )?;
        hidden.extend(token.iter().map(|t| t.expose().to_owned()));
        let url = secret::in_the_open(&self.url);
        let post = Post::new(url, token, self.ca_file.as_ref(), self.insecure, folder)?;
        Ok((Box::new(Open { post, topic }), hidden))
    }
}

struct Open {
    post: Post,
    topic: Secret,
}

impl Channel for Open {
    fn send(&mut self, message: &Message) -> Result<(), Failure> {
        let urgent = matches!(message.kind.as_str(), "alert" | "clone");
        let body = serde_json::json!({
            "topic": self.topic.expose(),
            "title": message.title,
            "message": message.text,
            "priority": if urgent { 5 } else { 4 },
        });
        self.post.send(&body.to_string(), &[])
    }
}
