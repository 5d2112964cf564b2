//! `mqtt:HOST:PORT/TOPIC`: gateways that publish what they hear. We subscribe and publish nothing.
//!
//! One name on the command line is one sensor, also when several gateways publish under its filter: give each vehicle's
//! gateway a filter of its own. The time is that of arrival here; gateways collect for a while and state no time that could be used.
//! Retained messages are old by nature and passed over. Name and password are read from the environment
//! ([`USER`], [`PASSWORD`]), because everybody on a machine can read its command lines. Without TLS: the broker belongs on
//! this machine or in the vehicle's own network.

use std::time::{Duration, Instant};

use rumqttc::mqttbytes::v4::{ConnectReturnCode, Packet as Mqtt, SubscribeReasonCode};
use rumqttc::{Client, Connection, ConnectionError, Event, MqttOptions, QoS, RecvTimeoutError};
use vigie_decode::Condition;

use crate::live::gateway_message::{LONGEST_MESSAGE, sighting};
use crate::live::{Lost, Outlet, PATIENCE, Receiver};

/// Environment variable with the name that the broker wants.
pub const USER: &str = "VIGIE_MQTT_USER";
/// Environment variable with the password that the broker wants.
pub const PASSWORD: &str = "VIGIE_MQTT_PASSWORD";

/// How long the broker may take to let us in.
const LET_IN: Duration = Duration::from_secs(5);
/// A broker that has not answered for so long, seconds, is gone.
const KEEP_ALIVE_S: u16 = 5;

/// The receiver.
pub struct Gateways {
    broker: String,
    topic: String,
    session: Option<(Client, Connection)>,
}

impl Gateways {
    /// Of a broker, `HOST:PORT`, and a topic filter.
    #[must_use]
    pub fn new(broker: &str, topic: &str) -> Self {
        Self {
            broker: broker.to_owned(),
            topic: topic.to_owned(),
            session: None,
        }
    }

    fn options(&self) -> Result<MqttOptions, Lost> {
        let (host, port) = self
            .broker
            .rsplit_once(':')
            .and_then(|(host, port)| Some((host, port.parse::<u16>().ok()?)))
            .ok_or_else(|| Lost::new(Condition::Failing, "the broker is not HOST:PORT"))?;
        // An address of version 6 stands in brackets.
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let id = format!("vigie-{:x}-{:x}", std::process::id(), self.identity());
        let mut options = MqttOptions::new(id, (host, port));
        options.set_keep_alive(KEEP_ALIVE_S);
        options.set_max_packet_size(2 * LONGEST_MESSAGE, LONGEST_MESSAGE);
        if let Ok(user) = std::env::var(USER) {
            options.set_credentials(user, std::env::var(PASSWORD).unwrap_or_default());
        }
        Ok(options)
    }

    /// A broker drops the older of two clients with the same identifier, so several sensors of one process need their own.
    fn identity(&self) -> u32 {
        let text = self.broker.bytes().chain(self.topic.bytes());
        text.fold(0x811C_9DC5, |hash: u32, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        })
    }
}

impl Receiver for Gateways {
    fn open(&mut self, out: &Outlet) -> Result<(), Lost> {
        let (client, mut connection) = Client::builder(self.options()?).capacity(16).build();
        client
            .subscribe(self.topic.as_str(), QoS::AtMostOnce)
            .map_err(|e| Lost::new(Condition::Failing, format!("topic {}: {e}", self.topic)))?;
        let until = Instant::now() + LET_IN;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match next(&mut connection, left)? {
                Some(Mqtt::SubAck(answer)) => {
                    if answer.return_codes.contains(&SubscribeReasonCode::Failure) {
                        let what = format!(
                            "the broker does not let us hear {}: allow it there",
                            self.topic
                        );
                        return Err(Lost::new(Condition::Refused, what));
                    }
                    break;
                }
                Some(packet) => hand_out(packet, out),
                None if left.is_zero() => {
                    let what = format!("the broker at {} does not answer", self.broker);
                    return Err(Lost::new(Condition::Unplugged, what));
                }
                None => {}
            }
        }
        self.session = Some((client, connection));
        Ok(())
    }

    fn receive(&mut self, out: &Outlet) -> Result<(), Lost> {
        let Some((_, connection)) = &mut self.session else {
            return Err(Lost::new(Condition::Unplugged, "not connected"));
        };
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match next(connection, left)? {
                Some(packet) => hand_out(packet, out),
                None if left.is_zero() => return Ok(()),
                None => {}
            }
            if left.is_zero() {
                return Ok(());
            }
        }
    }

    fn close(&mut self) {
        if let Some((client, mut connection)) = self.session.take() {
            // That we leave is said where that is possible at once; a broker that is gone need not know.
            if client.try_disconnect_now().is_ok() {
                while let Ok(Ok(_)) = connection.recv_timeout(PATIENCE) {}
            }
        }
    }

    fn description(&self) -> String {
        format!("MQTT broker {}, topic {}", self.broker, self.topic)
    }
}

/// The next packet from the broker; `None` when there was none in this time, or something of our own.
fn next(connection: &mut Connection, within: Duration) -> Result<Option<Mqtt>, Lost> {
    match connection.recv_timeout(within) {
        Ok(Ok(Event::Incoming(packet))) => Ok(Some(packet)),
        Ok(Ok(Event::Outgoing(_))) | Err(RecvTimeoutError::Timeout { .. }) => Ok(None),
        Ok(Err(error)) => Err(lost(&error)),
        Err(RecvTimeoutError::Disconnected) => {
            Err(Lost::new(Condition::Unplugged, "the connection was closed"))
        }
    }
}

fn lost(error: &ConnectionError) -> Lost {
    match error {
        ConnectionError::ConnectionRefused(
            ConnectReturnCode::BadUserNamePassword | ConnectReturnCode::NotAuthorized,
        ) => Lost::new(
            Condition::Refused,
            format!("the broker refuses us: set {USER} and {PASSWORD}"),
        ),
        ConnectionError::ConnectionRefused(code) => Lost::new(
            Condition::Refused,
            format!("the broker refuses us: {code:?}"),
        ),
        _ => Lost::new(Condition::Unplugged, format!("MQTT broker: {error}")),
    }
}

fn hand_out(packet: Mqtt, out: &Outlet) {
    let Mqtt::Publish(message) = packet else {
        return;
    };
    if message.retain {
        return;
    }
    let now = out.clock().now_us();
    let wrong = match sighting(&message.payload) {
        Ok((packet, wrong)) => {
            out.packet(now, packet);
            wrong
        }
        Err(wrong) => vec![wrong],
    };
    for (kind, what) in wrong {
        let topic = String::from_utf8_lossy(&message.topic);
        out.damage(kind, format!("{topic}: {what}"));
    }
}
