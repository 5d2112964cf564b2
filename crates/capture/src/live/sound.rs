//! Makes a tag sound: the one thing in this crate that transmits, and only when a person asks for it.
//!
//! The tag must be heard first (passively). Then: connect, find the characteristic for sounds, write, disconnect. Whoever
//! owns the tag may be told; the tag knows that somebody connected; an exhibit is changed. The caller asks and records.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use zbus::{OwnedObjectPath, Variant};

use crate::live::bluez_bus::{BLUEZ, Bus, DEVICE, Objects};
use crate::live::bluez_monitor::{Monitoring, Next};
use crate::live::{Lost, Packet, SteadyClock};

const SERVICE: &str = "org.bluez.GattService1";
const CHARACTERISTIC: &str = "org.bluez.GattCharacteristic1";
/// How long the tag may take to name its services.
const SERVICES_WITHIN: Duration = Duration::from_secs(15);
/// How long an answer is waited for.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);
/// How often bluetoothd is asked meanwhile.
const ASK_EVERY: Duration = Duration::from_millis(100);

/// A way to make a tag sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// Name for people and for the log.
    pub name: &'static str,
    /// GATT service, lower case.
    pub service: &'static str,
    /// GATT characteristic, lower case.
    pub characteristic: &'static str,
    /// What is written to it.
    pub command: &'static [u8],
}

/// The ways that are known, in the order in which they are tried.
pub const WAYS: [Way; 2] = [
    // draft-ietf-dult-accessory-protocol, "Accessory Non-Owner Service": Sound_Start 0x0300, little-endian.
    Way {
        name: "DULT",
        service: "15190001-12f4-c226-88ed-2ac5579f2a85",
        characteristic: "8e0c0001-1d68-fb92-bf61-48377421680e",
        command: &[0x00, 0x03],
    },
    // AirTag, as AirGuard and others have found.
    Way {
        name: "Apple",
        service: "7dfc9000-7d1c-4951-86aa-8d9728f8d66c",
        characteristic: "7dfc9001-7d1c-4951-86aa-8d9728f8d66c",
        command: &[0xAF],
    },
];

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Listening for the tag.
    Listening,
    /// Heard with this level, dBm; now a connection is being made, which is noticed.
    Connecting(Option<i8>),
    /// Connected; its services are being read.
    Connected,
}

/// The command was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sounded {
    /// By which way.
    pub way: Way,
    /// What the tag answered, where it did.
    pub answer: Option<Vec<u8>>,
}

impl Sounded {
    /// Status of a DULT Command_Response (0x0302: operand is the command, then the status); 0 is success.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self.answer.as_deref()? {
            [0x02, 0x03, .., low, high] => Some(u16::from_le_bytes([*low, *high])),
            _ => None,
        }
    }
}

/// Why it did not sound.
#[derive(Debug, thiserror::Error)]
pub enum SoundError {
    /// The adapter cannot listen. Nothing was transmitted.
    #[error(transparent)]
    Lost(#[from] Lost),
    /// The tag was not heard in this time. Nothing was transmitted.
    #[error("{address} was not heard within {seconds} s")]
    NotHeard {
        /// Its address.
        address: String,
        /// How long was listened, seconds.
        seconds: u64,
    },
    /// No connection came about. The attempt was transmitted.
    #[error("connecting: {0}")]
    Connecting(String),
    /// It is connected and offers no way to sound that is known.
    #[error("connected, but the device offers no known way to sound")]
    NoWay,
    /// The command could not be written.
    #[error("writing: {0}")]
    Writing(String),
}

impl SoundError {
    /// Whether something was transmitted nevertheless.
    #[must_use]
    pub const fn transmitted(&self) -> bool {
        !matches!(self, Self::Lost(_) | Self::NotHeard { .. })
    }
}

/// Hears the device, connects, makes it sound, disconnects.
///
/// # Errors
/// See [`SoundError`]; [`SoundError::transmitted`] says whether anything went out.
pub fn sound(
    adapter: &str,
    address: &str,
    hear_within: Duration,
    step: &mut dyn FnMut(Step),
) -> Result<Sounded, SoundError> {
    step(Step::Listening);
    let mut monitoring = Monitoring::start(adapter, false, false, SteadyClock::start())?;
    let done = hear(&mut monitoring, address, hear_within).and_then(|(device, level)| {
        step(Step::Connecting(level));
        let done = act(monitoring.bus(), &device, step);
        // Also after a failed attempt, which may still be under way. An error means that it is not connected.
        let _ = monitoring
            .bus()
            .call(BLUEZ, &device, DEVICE, "Disconnect", &());
        done
    });
    monitoring.stop();
    done
}

/// Path of the device on the bus, and its level, once it is heard.
fn hear(
    monitoring: &mut Monitoring,
    wanted: &str,
    within: Duration,
) -> Result<(String, Option<i8>), SoundError> {
    let until = Instant::now() + within;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if let Some(Next::Heard(heard)) = monitoring.next(left)?
            && let Packet::Row { address, rssi, .. } = heard.packet
            && address.eq_ignore_ascii_case(wanted)
        {
            return Ok((heard.device, rssi));
        }
        if left.is_zero() {
            return Err(SoundError::NotHeard {
                address: wanted.to_owned(),
                seconds: within.as_secs(),
            });
        }
    }
}

fn act(bus: &Bus, device: &str, step: &mut dyn FnMut(Step)) -> Result<Sounded, SoundError> {
    let connecting = |e: zbus::Error| SoundError::Connecting(e.to_string());
    bus.call(BLUEZ, device, DEVICE, "Connect", &())
        .map_err(connecting)?;
    step(Step::Connected);
    let until = Instant::now() + SERVICES_WITHIN;
    loop {
        let resolved = bus
            .property(device, DEVICE, "ServicesResolved")
            .map_err(connecting)?;
        if bool::try_from(resolved).unwrap_or_default() {
            break;
        }
        if Instant::now() > until {
            let what = "the device does not name its services";
            return Err(SoundError::Connecting(what.to_owned()));
        }
        std::thread::sleep(ASK_EVERY);
    }
    let objects = bus.objects().map_err(connecting)?;
    let (way, path, notifies) = WAYS
        .into_iter()
        .find_map(|way| find(&objects, device, way))
        .ok_or(SoundError::NoWay)?;
    if notifies {
        // Without it there is no answer; it sounds nevertheless.
        let _ = bus.call(BLUEZ, &path, CHARACTERISTIC, "StartNotify", &());
    }
    let before = value(bus, &path);
    let options = HashMap::from([("type", Variant::from("request"))]);
    bus.call(
        BLUEZ,
        &path,
        CHARACTERISTIC,
        "WriteValue",
        &(way.command, options),
    )
    .map_err(|e| SoundError::Writing(e.to_string()))?;
    let mut answer = None;
    let until = Instant::now() + ANSWER_WITHIN;
    while notifies && answer.is_none() && Instant::now() < until {
        std::thread::sleep(ASK_EVERY);
        answer = value(bus, &path).filter(|v| !v.is_empty() && Some(v) != before.as_ref());
    }
    Ok(Sounded { way, answer })
}

/// Path of the characteristic of a way, and whether it can answer.
fn find(objects: &Objects, device: &str, way: Way) -> Option<(Way, String, bool)> {
    let text = |path: &OwnedObjectPath, interface: &str, property: &str| -> Option<String> {
        let value = objects.get(path)?.get(interface)?.get(property)?;
        value.downcast_ref::<&str>().ok().map(str::to_lowercase)
    };
    let below = |path: &OwnedObjectPath, above: &str| {
        let rest = path.as_str().strip_prefix(above);
        rest.is_some_and(|r| r.starts_with('/'))
    };
    let service = objects
        .keys()
        .filter(|path| below(path, device))
        .find(|path| text(path, SERVICE, "UUID").as_deref() == Some(way.service))?;
    let path = objects
        .keys()
        .filter(|path| below(path, service.as_str()))
        .find(|path| text(path, CHARACTERISTIC, "UUID").as_deref() == Some(way.characteristic))?;
    let flags = objects.get(path)?.get(CHARACTERISTIC)?.get("Flags");
    let flags: Vec<String> = flags
        .and_then(|f| f.try_clone().ok()?.try_into().ok())
        .unwrap_or_default();
    let notifies = flags.iter().any(|f| f == "notify" || f == "indicate");
    Some((way, path.to_string(), notifies))
}

/// What bluetoothd last got from a characteristic.
fn value(bus: &Bus, path: &str) -> Option<Vec<u8>> {
    let value = bus.property(path, CHARACTERISTIC, "Value").ok()?;
    value.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_of_a_dult_tag_is_read() {
        let answered = |answer: &[u8]| Sounded {
            way: WAYS[0],
            answer: Some(answer.to_vec()),
        };
        // Command_Response to Sound_Start, as the draft lays it out.
        assert_eq!(answered(&[0x02, 0x03, 0x00, 0x03, 0, 0]).status(), Some(0));
        assert_eq!(
            answered(&[0x02, 0x03, 0x00, 0x03, 0xFF, 0xFF]).status(),
            Some(0xFFFF)
        );
        assert_eq!(answered(&[0x03, 0x03]).status(), None);
    }
}
