//! Names of live sensors and sources of positions, as on the command line (DESIGN section 4).

use std::path::PathBuf;

/// A sensor: `[ID=]KIND`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SensorSpec {
    /// Name of the sensor: what stands before `=`, else what stands behind, with letters and digits only.
    pub id: String,
    /// Whether the name was given.
    pub named: bool,
    /// What it is, as written.
    pub text: String,
    /// What it is.
    pub kind: SensorKind,
}

/// Kinds of live sensors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SensorKind {
    /// `sniffle:PATH`: serial port of a Sniffle sniffer.
    Sniffle(PathBuf),
    /// `nrf:PATH`: serial port of an nRF Sniffer.
    Nrf(PathBuf),
    /// `hci:N`: HCI user channel of adapter N; the adapter must be down.
    Hci(u16),
    /// `h4:tcp:HOST:PORT`: a controller that speaks H4 over TCP.
    H4Tcp(String),
    /// `h4:unix:PATH`: the same over a Unix socket.
    H4Unix(PathBuf),
    /// `bluez:hciN`: bluetoothd over D-Bus, by its advertisement monitor.
    Bluez {
        /// Adapter, `hci0`.
        adapter: String,
        /// `bluez:hciN:active`: by discovery, which sends scan requests.
        active: bool,
    },
    /// `mqtt:HOST:PORT/TOPIC`: gateways that publish what they hear.
    Mqtt {
        /// `HOST:PORT`.
        broker: String,
        /// Topic filter.
        topic: String,
    },
}

impl SensorKind {
    /// Class of the source, as `case.toml` states it: `sniffer`, `hci`, `dbus` or `gateway`.
    #[must_use]
    pub const fn class(&self) -> &'static str {
        match self {
            Self::Sniffle(_) | Self::Nrf(_) => "sniffer",
            Self::Hci(_) | Self::H4Tcp(_) | Self::H4Unix(_) => "hci",
            Self::Bluez { .. } => "dbus",
            Self::Mqtt { .. } => "gateway",
        }
    }
}

/// A source of positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GnssSpec {
    /// `gpsd:HOST:PORT`.
    Gpsd(String),
    /// `nmea:PATH`: a serial port, or anything that gives NMEA sentences.
    Nmea(PathBuf),
}

/// What is wrong with such a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// The kind is not known.
    #[error("{0}: unknown; known are {1}")]
    Kind(String, &'static str),
    /// Something behind the kind is missing or cannot be.
    #[error("{0}: {1}")]
    Rest(String, &'static str),
}

const SENSORS: &str = "sniffle:PATH, nrf:PATH, hci:N, h4:tcp:HOST:PORT, h4:unix:PATH, bluez:hciN, mqtt:HOST:PORT/TOPIC";
const POSITIONS: &str = "gpsd:HOST:PORT, nmea:PATH";

impl std::str::FromStr for SensorSpec {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        let (id, rest) = match text.split_once('=') {
            Some((id, rest)) if !id.contains([':', '/']) => (Some(id), rest),
            _ => (None, text),
        };
        let wrong = |what| SpecError::Rest(text.to_owned(), what);
        if id == Some("") {
            return Err(wrong("a name before `=` is missing"));
        }
        // It becomes a file's name, and is read back from there.
        if id.is_some_and(|id| !id.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c))) {
            return Err(wrong(
                "a name of letters, digits, `-`, `_` and `.` is asked for",
            ));
        }
        let (kind, at) = rest
            .split_once(':')
            .ok_or_else(|| SpecError::Kind(text.to_owned(), SENSORS))?;
        let path = || match at {
            "" => Err(wrong("a path is missing")),
            path => Ok(PathBuf::from(path)),
        };
        let kind = match kind {
            "sniffle" => SensorKind::Sniffle(path()?),
            "nrf" => SensorKind::Nrf(path()?),
            "hci" => SensorKind::Hci(at.parse().map_err(|_| wrong("no number of an adapter"))?),
            "h4" => match at.split_once(':') {
                Some(("tcp", address)) => SensorKind::H4Tcp(
                    host_and_port(address).ok_or_else(|| wrong("HOST:PORT is missing"))?,
                ),
                Some(("unix", path)) if !path.is_empty() => SensorKind::H4Unix(path.into()),
                _ => return Err(wrong("tcp:HOST:PORT or unix:PATH is missing")),
            },
            "bluez" => {
                let (adapter, active) = match at.strip_suffix(":active") {
                    Some(adapter) => (adapter, true),
                    None => (at, false),
                };
                let number = adapter.strip_prefix("hci").and_then(|n| n.parse().ok());
                number
                    .map(|_: u16| SensorKind::Bluez {
                        adapter: adapter.to_owned(),
                        active,
                    })
                    .ok_or_else(|| wrong("no adapter hciN"))?
            }
            "mqtt" => {
                let (broker, topic) = at
                    .split_once('/')
                    .ok_or_else(|| wrong("/TOPIC is missing"))?;
                let broker = host_and_port(broker).ok_or_else(|| wrong("HOST:PORT is missing"))?;
                if topic.is_empty() {
                    return Err(wrong("/TOPIC is missing"));
                }
                SensorKind::Mqtt {
                    broker,
                    topic: topic.to_owned(),
                }
            }
            _ => return Err(SpecError::Kind(text.to_owned(), SENSORS)),
        };
        let plain = |text: &str| {
            let parts = text.split(|c: char| !c.is_alphanumeric());
            parts
                .filter(|p| !p.is_empty())
                .collect::<Vec<_>>()
                .join("_")
        };
        Ok(Self {
            id: id.map_or_else(|| plain(rest), str::to_owned),
            named: id.is_some(),
            text: rest.to_owned(),
            kind,
        })
    }
}

impl std::str::FromStr for GnssSpec {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        match text.split_once(':') {
            Some(("gpsd", at)) => host_and_port(at)
                .map(Self::Gpsd)
                .ok_or_else(|| SpecError::Rest(text.to_owned(), "HOST:PORT is missing")),
            Some(("nmea", path)) if !path.is_empty() => Ok(Self::Nmea(path.into())),
            Some(("nmea", _)) => Err(SpecError::Rest(text.to_owned(), "a path is missing")),
            _ => Err(SpecError::Kind(text.to_owned(), POSITIONS)),
        }
    }
}

fn host_and_port(text: &str) -> Option<String> {
    let (host, port) = text.rsplit_once(':')?;
    (!host.is_empty() && port.parse::<u16>().is_ok()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_the_contract_are_read() {
        let of = |text: &str| text.parse::<SensorSpec>().unwrap();
        let hci = of("V3=hci:0");
        assert_eq!(
            (hci.id.as_str(), hci.named, hci.kind),
            ("V3", true, SensorKind::Hci(0))
        );
        let tcp = of("h4:tcp:127.0.0.1:9301");
        assert_eq!(
            (tcp.id.as_str(), tcp.named),
            ("h4_tcp_127_0_0_1_9301", false)
        );
        assert_eq!(tcp.kind, SensorKind::H4Tcp("127.0.0.1:9301".into()));
        assert_eq!(
            of("h4:unix:/run/x=y.sock").kind,
            SensorKind::H4Unix("/run/x=y.sock".into())
        );
        assert_eq!(
            of("bluez:hci1:active").kind,
            SensorKind::Bluez {
                adapter: "hci1".into(),
                active: true
            }
        );
        assert_eq!(
            of("G=mqtt:broker:1883/home/+/BTtoMQTT/#").kind,
            SensorKind::Mqtt {
                broker: "broker:1883".into(),
                topic: "home/+/BTtoMQTT/#".into()
            }
        );
        assert_eq!(
            "gpsd:localhost:2947".parse::<GnssSpec>().unwrap(),
            GnssSpec::Gpsd("localhost:2947".into())
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        for text in [
            "wifi:0",
            "hci:",
            "hci:x",
            "h4:tcp:host",
            "h4:udp:a:1",
            "bluez:0",
            "mqtt:a:1",
            "=hci:0",
            "sniffle:",
            "V1",
        ] {
            let error = text.parse::<SensorSpec>().unwrap_err();
            assert!(error.to_string().starts_with(text), "{error}");
        }
        assert!("gpsd:host".parse::<GnssSpec>().is_err());
        assert!("galileo:x".parse::<GnssSpec>().is_err());
    }
}
