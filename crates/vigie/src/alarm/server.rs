//! Where a message goes, and that it goes there encrypted.

use std::net::IpAddr;

use anyhow::{Context, Result, bail};
use ureq::http::Uri;

/// An address `SCHEME://HOST:PORT/PATH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Scheme, as listed by the channel.
    pub scheme: &'static str,
    /// Whether everything goes through TLS.
    pub tls: bool,
    /// Host, without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
}

/// A scheme that a channel knows, whether it is encrypted, and its port; 0: there is no usual one.
pub type Scheme = (&'static str, bool, u16);

impl Server {
    /// Reads the setting `key`.
    pub fn parse(key: &str, text: &str, schemes: &[Scheme]) -> Result<Self> {
        let known = || {
            let known: Vec<_> = schemes
                .iter()
                .map(|(s, ..)| format!("{s}://HOST"))
                .collect();
            known.join(" or ")
        };
        // No error quotes the text: it may hold a secret.
        let uri: Uri = text
            .parse()
            .with_context(|| format!("{key} is no address: {}", known()))?;
        let Some((scheme, tls, usual)) = uri
            .scheme_str()
            .and_then(|given| schemes.iter().find(|(s, ..)| s.eq_ignore_ascii_case(given)))
        else {
            bail!("{key} begins with none of {}", known());
        };
        if uri.authority().is_some_and(|a| a.as_str().contains('@')) {
            bail!("{key} holds a name or password: they come from a file or the environment");
        }
        let host = uri.host().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            bail!("{key} names no host");
        }
        let port = match (uri.port_u16(), usual) {
            (Some(port), _) => port,
            (None, 0) => bail!("{key} names no port"),
            (None, usual) => *usual,
        };
        Ok(Self {
            scheme,
            tls: *tls,
            host: host.to_owned(),
            port,
        })
    }

    /// Whether it is this machine.
    pub fn is_loopback(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost")
            || self.host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
    }

    /// Refuses to send in clear over a network, unless that was asked for.
    pub fn require_tls(&self, key: &str, insecure: bool, instead: &str) -> Result<()> {
        if self.tls || insecure || self.is_loopback() {
            return Ok(());
        }
        bail!(
            "{key}: {}:// to {} would go in clear over the network: use {instead}, or set `insecure = true` if all of \
             that network is yours",
            self.scheme,
            self.host
        )
    }

    /// `HOST:PORT`.
    pub fn authority(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const HTTP: [Scheme; 2] = [("https", true, 443), ("http", false, 80)];

    fn parse(text: &str) -> Result<Server> {
        Server::parse("url", text, &HTTP)
    }

    #[test]
    fn addresses() {
        let server = parse("HTTPS://desk.example/a?b").unwrap();
        assert_eq!(
            (server.host.as_str(), server.port, server.tls),
            ("desk.example", 443, true)
        );
        let server = parse("http://[::1]:8080/").unwrap();
        assert_eq!(server.authority(), "[::1]:8080");
        assert!(server.is_loopback());
        for wrong in [
            "",
            "desk.example",
            "ftp://desk.example",
            "https://",
            "https:///x",
            "/x",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        let error = parse("https://me:hunter2@desk.example/").unwrap_err();
        assert!(!format!("{error:#}").contains("hunter2"));
        assert!(Server::parse("server", "tcp://tak.example", &[("tcp", false, 0)]).is_err());
    }

    #[test]
    fn in_clear_on_this_machine_only() {
        for (text, insecure, allowed) in [
            ("https://desk.example", false, true),
            ("http://127.0.0.1:8080", false, true),
            ("http://127.9.9.9:8080", false, true),
            ("http://localhost", false, true),
            ("http://desk.example", false, false),
            ("http://localhost.example", false, false),
            ("http://127.0.0.1.example", false, false),
            ("http://192.168.1.5", false, false),
            ("http://192.168.1.5", true, true),
        ] {
            let server = parse(text).unwrap();
            assert_eq!(
                server.require_tls("url", insecure, "https://").is_ok(),
                allowed,
                "{text}"
            );
        }
    }
}
