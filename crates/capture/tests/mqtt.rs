//! Gateways through a real broker (mosquitto), with messages as their documentation shows them and values of our own.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../../vigie/tests/real_data/mod.rs"]
mod real_data;

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver as Channel, sync_channel};
use std::time::Duration;

use rumqttc::{Client, Event, MqttOptions, PublishOptions, QoS};
use vigie_capture::live::{Gateways, Heard, Outlet, Packet, Received, SteadyClock, listen};
use vigie_decode::{AddressKind, Condition};

const BROKER: &str = "/usr/sbin/mosquitto";

/// A broker of our own on a free port, ended with the test.
struct Broker(Child);

impl Broker {
    fn start(port: u16, folder: &Path) -> Self {
        let settings = folder.join("mosquitto.conf");
        let text = format!("listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n");
        std::fs::write(&settings, text).unwrap();
        let child = Command::new(BROKER)
            .arg("-c")
            .arg(&settings)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let broker = Self(child.unwrap());
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(Duration::from_millis(10));
        }
        broker
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Publishes messages and returns when the broker has them all.
fn publish(port: u16, retained: bool, messages: &[(&str, &str)]) {
    let options = MqttOptions::new("gateway", ("127.0.0.1", port));
    let (client, mut connection) = Client::builder(options).capacity(64).build();
    for (topic, message) in messages {
        let how = PublishOptions::new(QoS::AtLeastOnce).retain(retained);
        client.publish(*topic, *message, how).unwrap();
    }
    let mut acknowledged = 0;
    while acknowledged < messages.len() {
        if let Event::Incoming(rumqttc::mqttbytes::v4::Packet::PubAck(_)) =
            connection.recv().unwrap().unwrap()
        {
            acknowledged += 1;
        }
    }
}

/// The next thing that is not the second's statement that it listens.
fn next(channel: &Channel<Received>) -> Heard {
    loop {
        match channel.recv_timeout(Duration::from_secs(30)).unwrap().what {
            Heard::Status(Condition::Listening, _, detail) if detail.is_empty() => {}
            what => return what,
        }
    }
}

fn until(channel: &Channel<Received>, wanted: Condition) -> String {
    loop {
        if let Heard::Status(condition, _, detail) = next(channel)
            && condition == wanted
        {
            return detail;
        }
    }
}

#[test]
fn gateways_are_heard_through_a_broker_that_goes_and_comes_back() {
    if !Path::new(BROKER).exists() {
        real_data::skipped(
            "capture/gateways_are_heard_through_a_broker_that_goes_and_comes_back",
            "mosquitto is missing (Debian: apt-get install mosquitto)",
        );
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let broker = Broker::start(port, folder.path());
    // Retained: older than the subscription, so it must be passed over.
    let old = [(
        "home/OMG_one/BTtoMQTT/C20102030499",
        r#"{"id":"C2:01:02:03:04:99","rssi":-50}"#,
    )];
    publish(port, true, &old);
    let (sender, channel) = sync_channel(64);
    let stop = Arc::new(AtomicBool::new(false));
    let out = Outlet::new(Some(0), SteadyClock::start(), sender, Arc::clone(&stop));
    let broker_name = format!("127.0.0.1:{port}");
    let listening = std::thread::spawn(move || {
        listen(&mut Gateways::new(&broker_name, "home/+/BTtoMQTT/#"), &out);
    });

    let description = until(&channel, Condition::Listening);
    assert!(description.contains("home/+/BTtoMQTT/#"), "{description}");

    publish(
        port,
        false,
        &[
            (
                "home/OMG_one/BTtoMQTT/C20102030405",
                r#"{"id":"C2:01:02:03:04:05","mac_type":1,"adv_type":0,"rssi":-61,"manufacturerdata":"4c0012190011"}"#,
            ),
            // Elsewhere: not ours.
            ("home/OMG_one/SYStoMQTT", r#"{"uptime":12}"#),
            (
                "home/TheengsGateway/BTtoMQTT/410102030405",
                r#"{"servicedatauuid":"fcb2","servicedata":"0100","id":"41:01:02:03:04:05","rssi":-77}"#,
            ),
            ("home/OMG_one/BTtoMQTT/broken", "{\"id\":"),
        ],
    );
    let row = |address: &str, address_kind, payload: &[u8], rssi| {
        Heard::Packet(Packet::Row {
            address: address.to_owned(),
            address_kind,
            payload: Some(payload.to_vec()),
            rssi: Some(rssi),
        })
    };
    let first = row(
        "C2:01:02:03:04:05",
        Some(AddressKind::StaticRandom),
        &[7, 0xFF, 0x4C, 0, 0x12, 0x19, 0, 0x11],
        -61,
    );
    assert_eq!(next(&channel), first);
    let second = row("41:01:02:03:04:05", None, &[5, 0x16, 0xB2, 0xFC, 1, 0], -77);
    assert_eq!(next(&channel), second);
    match next(&channel) {
        Heard::Damage(kind, what) => {
            assert_eq!(kind.as_str(), "malformed_row");
            assert!(what.starts_with("home/OMG_one/BTtoMQTT/broken"), "{what}");
        }
        other => panic!("{other:?}"),
    }

    drop(broker);
    until(&channel, Condition::Unplugged);
    let broker = Broker::start(port, folder.path());
    until(&channel, Condition::Listening);
    let fresh = [(
        "home/OMG_one/BTtoMQTT/C20102030498",
        r#"{"id":"C2:01:02:03:04:98","rssi":-50}"#,
    )];
    publish(port, false, &fresh);
    match next(&channel) {
        Heard::Packet(Packet::Row {
            address, payload, ..
        }) => {
            assert_eq!((address.as_str(), payload), ("C2:01:02:03:04:98", None));
        }
        other => panic!("{other:?}"),
    }
    stop.store(true, Ordering::Relaxed);
    listening.join().unwrap();
    drop(broker);
}
