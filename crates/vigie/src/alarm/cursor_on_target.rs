//! A Cursor on Target event (version 2.0, XML) for TAK servers and clients.
//!
//! It says that there is an alarm and never where: latitude and longitude are 0 with the errors that mean "unknown", 9999999.
//! Alerts are `b-a-o-tbl`, the emergency that ATAK shows as a 911 alert (as OpenTAKServer and others take it); anything else is
//! `b-a`. `uid` is the same for every attempt at the same message, so a second one replaces the first. The protocol has no
//! confirmation: over TCP and TLS "delivered" means that it was written, over UDP that it was sent.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs, UdpSocket};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use serde::Deserialize;
use vigie_keep::outbox::Message;
use vigie_keep::utc_text;

use super::failure::Failure;
use super::server::{Scheme, Server};
use super::{Channel, PATIENCE, certificates};

const SCHEMES: [Scheme; 3] = [("tls", true, 8089), ("tcp", false, 8087), ("udp", false, 0)];
/// How long an event is shown as current, µs.
const CURRENT_US: i64 = 3_600_000_000;

/// Settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CursorOnTarget {
    /// `tls://HOST[:8089]`, `tcp://HOST[:8087]` or `udp://HOST:PORT`.
    server: String,
    /// Who seems to send it.
    #[serde(default = "callsign")]
    callsign: String,
    /// Type of the event of an alert.
    #[serde(default = "event_type")]
    event_type: String,
    ca_file: Option<PathBuf>,
    /// Our own certificate and its key, as TAK servers want them (PEM).
    certificate_file: Option<PathBuf>,
    key_file: Option<PathBuf>,
    #[serde(default)]
    insecure: bool,
}

fn callsign() -> String {
    "Vigie".to_owned()
}

fn event_type() -> String {
    "b-a-o-tbl".to_owned()
}

impl CursorOnTarget {
    /// Ready to send, with the words that no error may show.
    pub fn open(&self, folder: &Path) -> Result<(Box<dyn Channel>, Vec<String>)> {
        let server = Server::parse("server", &self.server, &SCHEMES)?;
        server.require_tls("server", self.insecure, "tls://")?;
        let of_type = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if self.event_type.is_empty() || !self.event_type.chars().all(of_type) {
            bail!("event_type: letters, digits and hyphens, such as b-a-o-tbl");
        }
        let own = match (&self.certificate_file, &self.key_file) {
            (None, None) => None,
            (Some(certificate), Some(key)) => Some((folder.join(certificate), folder.join(key))),
            _ => bail!("certificate_file and key_file go together"),
        };
        let tls = if server.tls {
            let authorities = certificates::authorities(self.ca_file.as_ref(), folder)?;
            let own = own.as_ref().map(|(c, k)| (c.as_path(), k.as_path()));
            let name = ServerName::try_from(server.host.clone()).context("server")?;
            Some((certificates::client(authorities, own)?, name))
        } else {
            None
        };
        let open = Open {
            server,
            tls,
            callsign: self.callsign.clone(),
            event_type: self.event_type.clone(),
        };
        Ok((Box::new(open), Vec::new()))
    }
}

struct Open {
    server: Server,
    tls: Option<(Arc<ClientConfig>, ServerName<'static>)>,
    callsign: String,
    event_type: String,
}

impl Channel for Open {
    fn send(&mut self, message: &Message) -> Result<(), Failure> {
        let event = event(message, &self.callsign, &self.event_type);
        let at = self.server.authority();
        let sent = self.transmit(event.as_bytes());
        sent.map_err(|e| {
            let failure = Failure::from(e);
            Failure::new(failure.why, format!("{at}: {}", failure.what))
        })
    }
}

impl Open {
    fn transmit(&self, event: &[u8]) -> std::io::Result<()> {
        let host = (self.server.host.as_str(), self.server.port);
        let mut last = std::io::Error::new(std::io::ErrorKind::NotFound, "no such host");
        for address in host.to_socket_addrs()? {
            if self.server.scheme == "udp" {
                let socket = UdpSocket::bind(if address.is_ipv4() {
                    "0.0.0.0:0"
                } else {
                    "[::]:0"
                })?;
                return socket.send_to(event, address).map(|_| ());
            }
            match TcpStream::connect_timeout(&address, PATIENCE) {
                Ok(stream) => return self.write(stream, event),
                Err(e) => last = e,
            }
        }
        Err(last)
    }

    fn write(&self, mut stream: TcpStream, event: &[u8]) -> std::io::Result<()> {
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let Some((config, name)) = &self.tls else {
            stream.write_all(event)?;
            stream.shutdown(std::net::Shutdown::Write)?;
            return wait_for_end(&mut stream);
        };
        let session = ClientConnection::new(Arc::clone(config), name.clone())
            .map_err(|e| std::io::Error::new(std::io::ErrorKind::InvalidData, e))?;
        let mut stream = StreamOwned::new(session, stream);
        stream.write_all(event)?;
        stream.flush()?;
        stream.conn.send_close_notify();
        stream.flush()?;
        wait_for_end(&mut stream.sock)
    }
}

/// A connection that is closed while the other side still sends would take our event with it: the other side gets a moment to
/// read. What it sends is not looked at.
fn wait_for_end(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_millis(300)))?;
    let mut buffer = [0; 4096];
    for _ in 0..16 {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(_) => {}
            Err(e) if e.kind() == std::io::ErrorKind::ConnectionReset => return Err(e),
            Err(_) => break,
        }
    }
    Ok(())
}

/// The event of a message.
fn event(message: &Message, callsign: &str, alert_type: &str) -> String {
    let urgent = matches!(message.kind.as_str(), "alert" | "clone");
    let kind = if urgent { alert_type } else { "b-a" };
    let callsign = escaped(callsign);
    let emergency = if urgent && alert_type == "b-a-o-tbl" {
        format!(r#"<emergency type="911 Alert">{callsign}</emergency>"#)
    } else {
        String::new()
    };
    let time = utc_text(message.created_us);
    let stale = utc_text(message.created_us.saturating_add(CURRENT_US));
    format!(
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
            r#"<event version="2.0" uid="vigie-{uid}" type="{kind}" how="m-p" time="{time}" start="{time}" stale="{stale}">"#,
            r#"<point lat="0.0" lon="0.0" hae="9999999.0" ce="9999999.0" le="9999999.0"/>"#,
            r#"<detail><contact callsign="{callsign}"/>{emergency}<remarks>{text}</remarks></detail></event>"#,
        ),
        uid = message.key,
        kind = kind,
        time = time,
        stale = stale,
        callsign = callsign,
        emergency = emergency,
        text = escaped(&message.text),
    )
}

/// As XML text or attribute; characters that XML 1.0 does not have become spaces.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push('\n'),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_says_what_and_not_where() {
        let message = Message {
            number: 1,
            key: "00ff".into(),
            kind: "alert".into(),
            title: "t".into(),
            text: "a < b & \"c\"\u{1}".into(),
            created_us: 1_795_000_000_000_000,
            attempts: 0,
        };
        let alert = event(&message, "V&V", "b-a-o-tbl");
        assert!(
            alert.contains(r#"uid="vigie-00ff" type="b-a-o-tbl""#),
            "{alert}"
        );
        assert!(
            alert.contains(r#"lat="0.0" lon="0.0" hae="9999999.0" ce="9999999.0" le="9999999.0""#)
        );
        assert!(
            alert.contains("<remarks>a &lt; b &amp; &quot;c&quot; </remarks>"),
            "{alert}"
        );
        assert!(alert.contains(r#"<emergency type="911 Alert">V&amp;V</emergency>"#));
        let test = Message {
            kind: "test".into(),
            ..message
        };
        let test = event(&test, "Vigie", "b-a-o-tbl");
        assert!(
            test.contains(r#"type="b-a""#) && !test.contains("emergency"),
            "{test}"
        );
    }
}
