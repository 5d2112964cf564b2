//! A JSON object to a topic of an MQTT broker of yours, quality of service 1: at least once, and `id` in it is the same for
//! every attempt at the same message. Nothing is retained.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use rumqttc::mqttbytes::v4::{ConnectReturnCode, Packet};
use rumqttc::{
    Client, ConnectionError, Event, MqttOptions, PublishOptions, RecvTimeoutError,
    TlsConfiguration, Transport,
};
use serde::Deserialize;
use vigie_keep::outbox::Message;

use super::failure::{Failure, Why};
use super::secret::{self, Secret};
use super::server::{Scheme, Server};
use super::{Channel, PATIENCE, as_json, certificates};

const SCHEMES: [Scheme; 2] = [("mqtts", true, 8883), ("mqtt", false, 1883)];

/// Settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mqtt {
    /// `mqtts://HOST[:8883]`, or `mqtt://HOST[:1883]`.
    server: String,
    topic: String,
    user: Option<String>,
    password_file: Option<PathBuf>,
    password_env: Option<String>,
    ca_file: Option<PathBuf>,
    #[serde(default)]
    insecure: bool,
}

impl Mqtt {
    /// Ready to send, with the words that no error may show.
    pub fn open(&self, folder: &Path) -> Result<(Box<dyn Channel>, Vec<String>)> {
        let server = Server::parse("server", &self.server, &SCHEMES)?;
        server.require_tls("server", self.insecure, "mqtts://")?;
        if self.topic.is_empty() || self.topic.contains(['+', '#', '\0']) {
            bail!("topic: one topic, without + and #");
        }
        let (file, variable) = (self.password_file.as_ref(), self.password_env.as_ref());
        let password = secret::read("password", file, variable, folder)?;
        let hidden = password.iter().map(|p| p.expose().to_owned()).collect();
        let login = match (&self.user, password) {
            (None, None) => None,
            (Some(user), Some(password)) => Some((user.clone(), password)),
            _ => bail!("user goes with password_file or password_env, and they with user"),
        };
        let transport = if server.tls {
            let authorities = certificates::authorities(self.ca_file.as_ref(), folder)?;
            let client = certificates::client(authorities, None)?;
            Transport::tls_with_config(TlsConfiguration::Rustls(client))
        } else {
            Transport::tcp()
        };
        let open = Open {
            server,
            topic: self.topic.clone(),
            login,
            transport,
        };
        Ok((Box::new(open), hidden))
    }
}

struct Open {
    server: Server,
    topic: String,
    login: Option<(String, Secret)>,
    transport: Transport,
}

impl Channel for Open {
    fn send(&mut self, message: &Message) -> Result<(), Failure> {
        // A broker drops the older of two clients with one name; this one is only ours.
        let name = format!("vigie-{}", message.key.get(..16).unwrap_or_default());
        let mut options = MqttOptions::new(name, (self.server.host.as_str(), self.server.port));
        options.set_keep_alive(PATIENCE.as_secs() as u16);
        options.set_transport(self.transport.clone());
        if let Some((user, password)) = &self.login {
            options.set_credentials(user.clone(), password.expose().to_owned());
        }
        let (client, mut connection) = Client::builder(options).capacity(4).build();
        client
            .try_publish(
                self.topic.as_str(),
                as_json(message),
                PublishOptions::at_least_once(),
            )
            .map_err(|e| Failure::new(Why::Answer, e.to_string()))?;
        let until = Instant::now() + PATIENCE;
        loop {
            match connection.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Ok(Event::Incoming(Packet::PubAck(_)))) => break,
                Ok(Ok(_)) => {}
                Ok(Err(e)) => return Err(self.failure(&e)),
                Err(RecvTimeoutError::Timeout { .. }) => {
                    let what = format!("{} did not confirm in time", self.server.authority());
                    return Err(Failure::new(Why::TimedOut, what));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let what = format!("{} closed the connection", self.server.authority());
                    return Err(Failure::new(Why::Answer, what));
                }
            }
        }
        // It has the message; that we leave is said where that is possible at once.
        if client.try_disconnect_now().is_ok() {
            while let Ok(Ok(_)) = connection.recv_timeout(Duration::from_millis(200)) {}
        }
        Ok(())
    }
}

impl Open {
    fn failure(&self, error: &ConnectionError) -> Failure {
        let at = self.server.authority();
        match error {
            ConnectionError::ConnectionRefused(
                ConnectReturnCode::BadUserNamePassword | ConnectReturnCode::NotAuthorized,
            ) => Failure::new(Why::Refused, format!("{at} refuses the name or password")),
            ConnectionError::ConnectionRefused(code) => {
                Failure::new(Why::Answer, format!("{at} refuses: {code:?}"))
            }
            ConnectionError::Tls(e) => Failure::new(Why::Certificate, format!("{at}: {e}")),
            ConnectionError::NetworkTimeout | ConnectionError::FlushTimeout => {
                Failure::new(Why::TimedOut, format!("{at} did not answer in time"))
            }
            ConnectionError::Io(e) => Failure::new(Why::Unreachable, format!("{at}: {e}")),
            e => Failure::new(Why::Answer, format!("{at}: {e}")),
        }
    }
}
