//! What a live source hears, one line a sighting, how it stands on standard error. For trying receivers out and for `scripts/vm`.
//!
//! usage: hear_bluez SPEC SECONDS      (`bluez:hci0`, `bluez:hci0:active`, `mqtt:127.0.0.1:1883/home/+/BTtoMQTT/#`)
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use vigie_capture::live::{
    Bluez, Gateways, Heard, Outlet, Packet, Receiver, SensorKind, SensorSpec, SteadyClock, listen,
};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let spec: SensorSpec = arguments[0].parse().unwrap();
    let mut receiver: Box<dyn Receiver> = match &spec.kind {
        SensorKind::Bluez { adapter, active } => Box::new(Bluez::new(adapter, *active)),
        SensorKind::Mqtt { broker, topic } => Box::new(Gateways::new(broker, topic)),
        _ => unimplemented!("{}", spec.id),
    };
    let seconds = Duration::from_secs(arguments[1].parse().unwrap());
    let stop = Arc::new(AtomicBool::new(false));
    let (sender, received) = sync_channel(4096);
    let out = Outlet::new(Some(0), SteadyClock::start(), sender, Arc::clone(&stop));
    let listening = std::thread::spawn(move || listen(&mut *receiver, &out));
    let until = Instant::now() + seconds;
    let mut sightings = 0_u64;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            stop.store(true, Ordering::Relaxed);
        }
        match received.recv_timeout(left.max(Duration::from_millis(50))) {
            Ok(one) => match one.what {
                Heard::Packet(Packet::Row {
                    address,
                    address_kind,
                    payload,
                    rssi,
                }) => {
                    sightings += 1;
                    let payload: String = payload
                        .iter()
                        .flatten()
                        .map(|b| format!("{b:02x}"))
                        .collect();
                    println!("{address} {address_kind:?} {rssi:?} {payload}");
                }
                other => eprintln!("{other:?}"),
            },
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => break,
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {}
        }
    }
    listening.join().unwrap();
    eprintln!("{sightings} sightings");
}
