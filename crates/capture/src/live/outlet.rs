//! What receivers hand over, and where to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;

use vigie_decode::{AddressKind, Body, Condition, CrcCheck, Fix, Frame, Row};

use crate::DamageKind;
use crate::live::SteadyClock;

/// One thing that came from a receiver.
#[derive(Debug, Clone, PartialEq)]
pub struct Received {
    /// Index of the sensor; `None` for what concerns the whole run.
    pub sensor: Option<u16>,
    /// Time of the run's [`SteadyClock`], µs since 1970.
    pub time_us: i64,
    /// What came.
    pub what: Heard,
}

/// What came.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// A packet, as received.
    Packet(Packet),
    /// A position; its time is that of the reception.
    Fix(Fix),
    /// How the sensor or the run stands, how much, and in words (English; for the log, not judged by).
    Status(Condition, f64, String),
    /// Bytes that are no packet; the rest is read on.
    Damage(DamageKind, String),
}

/// A received packet in a form that can be recorded.
#[derive(Debug, Clone, PartialEq)]
pub enum Packet {
    /// HCI packet, its H4 packet indicator in front.
    Hci(Vec<u8>),
    /// Link-layer packet, from the access address to the CRC.
    LinkLayer {
        /// The bytes; on the coded PHY without the coding indicator.
        bytes: Vec<u8>,
        /// What the receiver says of the CRC.
        crc: CrcCheck,
        /// dBm, where known.
        rssi: Option<i8>,
        /// Channel index 0 to 39, where known.
        channel: Option<u8>,
    },
    /// A sighting from a source that shows no frames (D-Bus, gateways).
    Row {
        /// The address.
        address: String,
        /// Its type, where the source says.
        address_kind: Option<AddressKind>,
        /// AD structures, as far as the source shows them.
        payload: Option<Vec<u8>>,
        /// dBm, where known.
        rssi: Option<i8>,
    },
}

impl Packet {
    /// As a frame.
    #[must_use]
    pub fn frame(&self, time_us: i64, sensor: u16) -> Frame<'_> {
        let (rssi, channel, body) = match self {
            Self::Hci(bytes) => (None, None, Body::H4(bytes)),
            Self::LinkLayer {
                bytes,
                crc,
                rssi,
                channel,
            } => (*rssi, *channel, Body::LinkLayer { bytes, crc: *crc }),
            Self::Row {
                address,
                address_kind,
                payload,
                rssi,
            } => {
                let row = Row {
                    address,
                    address_kind: *address_kind,
                    pdu: None,
                    payload: payload.as_deref(),
                };
                (*rssi, None, Body::Row(row))
            }
        };
        Frame {
            time_us,
            sensor,
            offset: 0,
            rssi,
            channel,
            body,
        }
    }
}

/// Where one receiver hands over what it hears. When the run cannot keep up, it waits.
#[derive(Debug, Clone)]
pub struct Outlet {
    sensor: Option<u16>,
    clock: SteadyClock,
    sender: SyncSender<Received>,
    stop: Arc<AtomicBool>,
}

impl Outlet {
    /// For a sensor by its index, or for a source of positions.
    #[must_use]
    pub const fn new(
        sensor: Option<u16>,
        clock: SteadyClock,
        sender: SyncSender<Received>,
        stop: Arc<AtomicBool>,
    ) -> Self {
        Self {
            sensor,
            clock,
            sender,
            stop,
        }
    }

    /// The run's clock.
    #[must_use]
    pub const fn clock(&self) -> SteadyClock {
        self.clock
    }

    /// Whether to end. True as well once nobody takes anything any more.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// A packet that was received at `time_us`.
    pub fn packet(&self, time_us: i64, packet: Packet) {
        self.send(time_us, Heard::Packet(packet));
    }

    /// A position that was received now.
    pub fn fix(&self, fix: Fix) {
        self.send(fix.time_us, Heard::Fix(fix));
    }

    /// How it stands, as of now.
    pub fn condition(&self, condition: Condition, value: f64, detail: &str) {
        let what = Heard::Status(condition, value, detail.to_owned());
        self.send(self.clock.now_us(), what);
    }

    /// Bytes that are no packet.
    pub fn damage(&self, kind: DamageKind, detail: impl Into<String>) {
        self.send(self.clock.now_us(), Heard::Damage(kind, detail.into()));
    }

    fn send(&self, time_us: i64, what: Heard) {
        let received = Received {
            sensor: self.sensor,
            time_us,
            what,
        };
        if self.sender.send(received).is_err() {
            self.stop.store(true, Ordering::Relaxed);
        }
    }
}
