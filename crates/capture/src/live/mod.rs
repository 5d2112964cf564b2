//! Live receivers and positions: one thread each, everything they hear into one channel.
//!
//! A receiver is opened, gives what it hears, and is opened again when it was lost; [`listen`] does that for every kind
//! and says once a second how it stands, so that the recording can tell silence from deafness. Nothing here transmits.

mod ad_payload;
mod bluez;
mod bluez_bus;
pub(crate) mod bluez_device;
mod bluez_monitor;
mod bluez_patterns;
mod clock;
mod connection;
mod controller;
mod device_clock;
mod fixes;
pub(crate) mod framing;
pub(crate) mod gateway_message;
pub(crate) mod gpsd;
mod h4;
mod hci;
#[allow(
    unsafe_code,
    reason = "the kernel's calls for Bluetooth sockets have no safe wrapper"
)]
mod hci_socket;
mod mqtt;
mod nmea_serial;
pub(crate) mod nrf_frames;
mod nrf_sniffer;
mod outlet;
mod scanning;
mod serial_port;
mod silence;
mod sniffle;
pub(crate) mod sniffle_line;
pub mod sound;
mod spec;

pub use bluez::Bluez;
pub use clock::{SteadyClock, boot_id};
pub use mqtt::Gateways;
pub use outlet::{Heard, Outlet, Packet, Received};
pub use spec::{GnssSpec, SensorKind, SensorSpec, SpecError};

use std::time::{Duration, Instant};

use vigie_decode::Condition;

/// How long a receiver may wait for something to hear before it returns.
pub const PATIENCE: Duration = Duration::from_millis(200);
/// How long after a failure a receiver is opened again.
const AGAIN_AFTER: Duration = Duration::from_secs(1);
/// How often a receiver says how it stands.
const SAY_EVERY: Duration = Duration::from_secs(1);

/// Why a receiver cannot be opened, or can no longer be listened to.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct Lost {
    /// As it is stated: one of those for which [`Condition::is_deaf`] holds.
    pub condition: Condition,
    /// In words, English: what was being done and what went wrong.
    pub what: String,
}

impl Lost {
    /// In short.
    pub fn new(condition: Condition, what: impl Into<String>) -> Self {
        Self {
            condition,
            what: what.into(),
        }
    }
}

/// What receives: a kind of sensor, or a source of positions.
pub trait Receiver: Send {
    /// Opens it and begins to listen; called again after it was lost.
    ///
    /// # Errors
    /// When that is not possible now.
    fn open(&mut self, out: &Outlet) -> Result<(), Lost>;

    /// Hands out what comes, and returns after [`PATIENCE`] at the latest.
    ///
    /// # Errors
    /// When it is lost; it will be opened again.
    fn receive(&mut self, out: &Outlet) -> Result<(), Lost>;

    /// Stops listening and leaves the receiver as it was found.
    fn close(&mut self) {}

    /// What kind of device it turned out to be, for the head of the recording: adapter, firmware. Known once open.
    fn description(&self) -> String {
        String::new()
    }
}

/// The receiver that a name stands for.
#[must_use]
pub fn receiver(spec: &SensorSpec) -> Box<dyn Receiver> {
    match &spec.kind {
        SensorKind::H4Tcp(address) => Box::new(h4::H4::new(h4::Place::Tcp(address.clone()))),
        SensorKind::H4Unix(path) => Box::new(h4::H4::new(h4::Place::Unix(path.clone()))),
        SensorKind::Hci(adapter) => Box::new(hci::Hci::new(*adapter)),
        SensorKind::Sniffle(path) => Box::new(sniffle::Sniffle::new(path.clone())),
        SensorKind::Nrf(path) => Box::new(nrf_sniffer::NrfSniffer::new(path.clone())),
        SensorKind::Bluez { adapter, active } => Box::new(Bluez::new(adapter, *active)),
        SensorKind::Mqtt { broker, topic } => Box::new(Gateways::new(broker, topic)),
    }
}

/// The source of positions that a name stands for.
#[must_use]
pub fn positions(spec: &GnssSpec) -> Box<dyn Receiver> {
    match spec {
        GnssSpec::Gpsd(address) => Box::new(gpsd::Gpsd::new(address.clone())),
        GnssSpec::Nmea(path) => Box::new(nmea_serial::NmeaSerial::new(path.clone())),
    }
}

/// Listens until told to stop: opens, receives, says once a second how it stands, opens again.
pub fn listen(receiver: &mut dyn Receiver, out: &Outlet) {
    let mut said: Option<Instant> = None;
    // How it stands is said when it changes and once a second.
    let mut say = |condition, detail: &str, now: bool| {
        if now || said.is_none_or(|at| at.elapsed() >= SAY_EVERY) {
            said = Some(Instant::now());
            out.condition(condition, 0.0, detail);
        }
    };
    while !out.is_stopped() {
        let lost = match receiver.open(out) {
            Err(lost) => lost,
            Ok(()) => {
                say(Condition::Listening, &receiver.description(), true);
                loop {
                    if out.is_stopped() {
                        // As it was asked to: that is no deafness.
                        receiver.close();
                        return;
                    }
                    if let Err(lost) = receiver.receive(out) {
                        break lost;
                    }
                    say(Condition::Listening, "", false);
                }
            }
        };
        receiver.close();
        if out.is_stopped() {
            // What was interrupted while it opened did not fail.
            return;
        }
        say(lost.condition, &lost.what, true);
        let again = Instant::now() + AGAIN_AFTER;
        while !out.is_stopped() && Instant::now() < again {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
