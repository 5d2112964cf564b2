//! Listening through bluetoothd: advertisement monitors of ours on its adapter, and what becomes of them.
//!
//! bluetoothd scans passively for monitors (`org.bluez.AdvertisementMonitor1`). Discovery, the usual way, sends scan
//! requests and is used only when asked for.
//!
//! bluetoothd says that a device is there, and then only when its level has changed by 8 dB or more (`RSSI_THRESHOLD` in
//! its `device.c`): a tag that rides with us at an even level would be seen once and never again. So
//! it is made to forget a device as soon as it was heard, and the next advertisement is new to it. That transmits
//! nothing. Devices that somebody uses, and those that were there before us, are left alone.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use vigie_decode::Condition;
use zbus::fdo::ObjectManager;
use zbus::message::{Message, Type};
use zbus::{ObjectPath, OwnedObjectPath, Variant, block_on};

use crate::live::bluez_bus::{ADAPTER, BLUEZ, BUS, Bus, DEVICE, OBJECTS, PROPERTIES, lost};
use crate::live::bluez_device::{Change, Device, Properties};
use crate::live::bluez_patterns::{Pattern, monitors};
use crate::live::{Lost, Packet, SteadyClock};

const MANAGER: &str = "org.bluez.AdvertisementMonitorManager1";
/// What to do where bluetoothd has no advertisement monitors (bluez issues; bleak pull request 884).
const NOT_PASSIVE: &str = "bluetoothd cannot listen passively: it must be 5.56 or later, started with --experimental, on Linux 5.10 or later (or name the sensor bluez:hciN:active, which sends scan requests)";
/// Where our monitors stand on the bus.
const OURS: &str = "/org/vigie/monitors";
/// How long bluetoothd may take to activate the first monitor.
const ACTIVE_WITHIN: Duration = Duration::from_secs(5);
/// Devices that are remembered at most. bluetoothd forgets one that it has not heard for 30 s.
const REMEMBERED: usize = 20_000;
/// When there are more, those not heard for so long are forgotten, µs.
const FORGOTTEN_AFTER_US: i64 = 30_000_000;

/// What happened to our monitors, a bit each.
#[derive(Default)]
struct Standing {
    active: AtomicU32,
    released: AtomicU32,
}

/// One of our monitors, as bluetoothd sees it.
struct Monitor {
    bit: u32,
    patterns: Vec<Pattern>,
    standing: Arc<Standing>,
}

#[zbus::interface(name = "org.bluez.AdvertisementMonitor1")]
impl Monitor {
    fn release(&self) {
        self.standing.released.fetch_or(self.bit, Ordering::Relaxed);
    }

    fn activate(&self) {
        self.standing.active.fetch_or(self.bit, Ordering::Relaxed);
    }

    /// Not called by every bluetoothd; what is heard is taken from the devices' properties.
    fn device_found(&self, _device: OwnedObjectPath) {}

    fn device_lost(&self, _device: OwnedObjectPath) {}

    #[zbus(property, name = "Type")]
    fn kind(&self) -> String {
        "or_patterns".to_owned()
    }

    #[zbus(property)]
    fn patterns(&self) -> Vec<Pattern> {
        self.patterns.clone()
    }
}

/// One thing heard.
#[derive(Debug)]
pub struct Sighting {
    /// Time of arrival here, µs of the run.
    pub time_us: i64,
    /// The device's path on the bus.
    pub device: String,
    /// What was heard.
    pub packet: Packet,
}

/// What came next.
#[derive(Debug)]
pub enum Next {
    /// An advertisement was received.
    Heard(Sighting),
    /// A message that cannot be read, or a part of one.
    Damaged(String),
    /// Another program lets this adapter send scan requests (`true`), or has stopped that.
    Discovering(bool),
}

/// Open and listening.
pub struct Monitoring {
    bus: Bus,
    adapter: String,
    active: bool,
    /// Whether bluetoothd is made to forget what was heard.
    forgets: bool,
    messages: Receiver<(i64, Message)>,
    devices: HashMap<String, Device>,
    standing: Arc<Standing>,
    /// Bits of the monitors without which listening makes no sense.
    needed: u32,
    /// The adapter's address.
    pub address: String,
    /// Whether another program lets the adapter send scan requests.
    pub discovering: bool,
    /// What our monitors do not let through, in words; `None` when everything is heard.
    pub filtered: Option<String>,
}

impl Monitoring {
    /// Begins to listen on an adapter, `hci0`; `active`: by discovery, which sends scan requests.
    ///
    /// `forgets`: every advertisement is wanted, not only the first of a device.
    ///
    /// # Errors
    /// When that is not possible now.
    pub fn start(
        adapter: &str,
        active: bool,
        forgets: bool,
        clock: SteadyClock,
    ) -> Result<Self, Lost> {
        let bus = Bus::connect()?;
        let messages = bus.messages(clock);
        let mut monitoring = Self {
            bus,
            adapter: format!("/org/bluez/{adapter}"),
            active,
            forgets,
            messages,
            devices: HashMap::new(),
            standing: Arc::default(),
            needed: 0,
            address: String::new(),
            discovering: false,
            filtered: None,
        };
        match monitoring.begin() {
            Ok(()) => Ok(monitoring),
            Err(lost) => {
                monitoring.bus.close();
                Err(lost)
            }
        }
    }

    fn begin(&mut self) -> Result<(), Lost> {
        for rule in [
            format!("type='signal',sender='{BLUEZ}',interface='{OBJECTS}'"),
            format!(
                "type='signal',sender='{BLUEZ}',interface='{PROPERTIES}',path_namespace='{}'",
                self.adapter
            ),
            format!("type='signal',sender='{BUS}',member='NameOwnerChanged',arg0='{BLUEZ}'"),
        ] {
            let done = self.bus.listen_to(&rule);
            done.map_err(|e| lost("asking for signals", &e))?;
        }
        let objects = self
            .bus
            .objects()
            .map_err(|e| lost("asking bluetoothd", &e))?;
        for (path, mut interfaces) in objects {
            if path.as_str() == self.adapter {
                let Some(adapter) = interfaces.remove(ADAPTER) else {
                    continue;
                };
                self.adapter_changed(&adapter)?;
                let address = adapter.get("Address").map(|a| a.downcast_ref::<&str>());
                self.address = address.and_then(Result::ok).unwrap_or_default().to_owned();
                if !self.active && !interfaces.contains_key(MANAGER) {
                    let what = NOT_PASSIVE;
                    return Err(Lost::new(Condition::Failing, what));
                }
            } else if let Some(device) = interfaces.remove(DEVICE)
                && self.is_ours(path.as_str())
            {
                // Its level is an old one.
                let known = self.devices.entry(path.to_string()).or_default();
                known.update(device);
                known.in_use = true;
            }
        }
        if self.address.is_empty() {
            let what = format!("{} is not there: plug it in", self.name());
            return Err(Lost::new(Condition::Unplugged, what));
        }
        if self.active {
            self.discover()
        } else {
            self.register()
        }
    }

    fn name(&self) -> &str {
        self.adapter.rsplit('/').next().unwrap_or_default()
    }

    fn is_ours(&self, path: &str) -> bool {
        let device = path.strip_prefix(&self.adapter);
        device.is_some_and(|d| d.starts_with("/dev_") && !d[1..].contains('/'))
    }

    /// By discovery: every report, not only the first of a device.
    fn discover(&self) -> Result<(), Lost> {
        let filter: HashMap<&str, Variant<'_>> =
            HashMap::from([("Transport", "le".into()), ("DuplicateData", true.into())]);
        let adapter = self.adapter.as_str();
        let filter = (filter,);
        self.bus
            .call(BLUEZ, adapter, ADAPTER, "SetDiscoveryFilter", &filter)
            .and_then(|_| {
                self.bus
                    .call(BLUEZ, adapter, ADAPTER, "StartDiscovery", &())
            })
            .map(drop)
            .map_err(|e| lost("starting discovery", &e))
    }

    fn register(&mut self) -> Result<(), Lost> {
        let doing = "registering the advertisement monitors";
        let server = self.bus.connection().object_server();
        let all = monitors();
        let registered = block_on(async {
            server.at(OURS, ObjectManager).await?;
            for (n, monitor) in all.iter().enumerate() {
                let ours = Monitor {
                    bit: 1 << n,
                    patterns: monitor.patterns.clone(),
                    standing: Arc::clone(&self.standing),
                };
                server.at(format!("{OURS}/{n}"), ours).await?;
            }
            zbus::Result::Ok(())
        });
        registered.map_err(|e| lost(doing, &e))?;
        let ours = ObjectPath::try_from(OURS).map_err(|e| lost(doing, &e))?;
        self.bus
            .call(BLUEZ, &self.adapter, MANAGER, "RegisterMonitor", &(ours,))
            .map_err(|e| match e {
                // The interface may be there without its methods.
                zbus::Error::FDO(e) if matches!(*e, zbus::fdo::Error::UnknownMethod(_)) => {
                    Lost::new(Condition::Failing, NOT_PASSIVE)
                }
                e => lost(doing, &e),
            })?;
        // bluetoothd decides on each monitor by itself, the trackers' first.
        let until = Instant::now() + ACTIVE_WITHIN;
        let everyone = (1_u32 << all.len()) - 1;
        let decided = || {
            let active = self.standing.active.load(Ordering::Relaxed);
            (
                active,
                active | self.standing.released.load(Ordering::Relaxed),
            )
        };
        while decided().1 != everyone && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(20));
        }
        let (active, _) = decided();
        let mut what = "an advertisement with neither flags, manufacturer data nor a 16-bit service is not heard".to_owned();
        for (n, monitor) in all.iter().enumerate() {
            let bit = 1 << n;
            if monitor.needed {
                self.needed |= bit;
            }
            if active & bit != 0 {
                continue;
            }
            if monitor.needed {
                let what = "bluetoothd does not activate the monitor for trackers: end other programs that scan, or restart bluetoothd";
                return Err(Lost::new(Condition::Failing, what));
            }
            what = format!(
                "{what}; bluetoothd did not take patterns for {}",
                monitor.what
            );
        }
        self.filtered = Some(what);
        Ok(())
    }

    /// What came, or `None` when nothing did in this time.
    ///
    /// # Errors
    /// When bluetoothd, the adapter or our monitor is gone.
    pub fn next(&mut self, within: Duration) -> Result<Option<Next>, Lost> {
        let until = Instant::now() + within;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let (time_us, message) = match self.messages.recv_timeout(left) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => {
                    return self.still_active().map(|()| None);
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let what = "the connection to the D-Bus system bus was closed";
                    return Err(Lost::new(Condition::Unplugged, what));
                }
            };
            if message.message_type() == Type::Signal
                && let Some(next) = self.signal(time_us, &message)?
            {
                return Ok(Some(next));
            }
        }
    }

    fn still_active(&self) -> Result<(), Lost> {
        if self.standing.released.load(Ordering::Relaxed) & self.needed != 0 {
            let what = "bluetoothd has dropped the monitor for trackers";
            return Err(Lost::new(Condition::Failing, what));
        }
        Ok(())
    }

    fn signal(&mut self, time_us: i64, message: &Message) -> Result<Option<Next>, Lost> {
        let header = message.header();
        let (Some(path), Some(member)) = (header.path(), header.member()) else {
            return Ok(None);
        };
        let body = message.body();
        let unreadable = |e: zbus::Error| {
            let what = format!("{member} of {path} cannot be read: {e}");
            Ok(Some(Next::Damaged(what)))
        };
        match member.as_str() {
            "PropertiesChanged" => {
                let (interface, changed, _): (String, Properties, Vec<String>) =
                    match body.deserialize() {
                        Ok(changed) => changed,
                        Err(e) => return unreadable(e),
                    };
                if interface == DEVICE && self.is_ours(path.as_str()) {
                    return Ok(self.device_changed(time_us, path.as_str(), changed));
                }
                if interface == ADAPTER && path.as_str() == self.adapter {
                    return self.adapter_changed(&changed);
                }
            }
            "InterfacesAdded" => {
                let (path, mut interfaces): (OwnedObjectPath, HashMap<String, Properties>) =
                    match body.deserialize() {
                        Ok(added) => added,
                        Err(e) => return unreadable(e),
                    };
                if let Some(device) = interfaces.remove(DEVICE)
                    && self.is_ours(path.as_str())
                {
                    return Ok(self.device_changed(time_us, path.as_str(), device));
                }
            }
            "InterfacesRemoved" => {
                let (path, interfaces): (OwnedObjectPath, Vec<String>) = match body.deserialize() {
                    Ok(removed) => removed,
                    Err(e) => return unreadable(e),
                };
                let gone = |name: &str| interfaces.iter().any(|i| i == name);
                if path.as_str() == self.adapter && (gone(ADAPTER) || gone(MANAGER)) {
                    let what = format!("{} was taken away: plug it in again", self.name());
                    return Err(Lost::new(Condition::Unplugged, what));
                }
                if gone(DEVICE) {
                    self.devices.remove(path.as_str());
                }
            }
            "NameOwnerChanged" => {
                let what = "bluetoothd has ended or was started anew";
                return Err(Lost::new(Condition::Unplugged, what));
            }
            _ => {}
        }
        Ok(None)
    }

    fn device_changed(&mut self, time_us: i64, path: &str, changed: Properties) -> Option<Next> {
        if self.devices.len() >= REMEMBERED && !self.devices.contains_key(path) {
            let heard = |d: &Device| d.heard_us > time_us - FORGOTTEN_AFTER_US;
            self.devices.retain(|_, d| heard(d));
            if self.devices.len() >= REMEMBERED {
                self.devices.clear();
            }
        }
        let device = self.devices.entry(path.to_owned()).or_default();
        let Change {
            heard,
            unfit,
            mistyped,
        } = device.update(changed);
        if let Some(property) = mistyped {
            return Some(Next::Damaged(format!(
                "{path}: {property} is of another type"
            )));
        }
        if let Some(unfit) = unfit {
            return Some(Next::Damaged(format!("{path}: {unfit}")));
        }
        let rssi = heard?;
        device.heard_us = time_us;
        if self.forgets
            && !device.in_use
            && let Ok(device) = ObjectPath::try_from(path)
        {
            self.bus
                .tell(BLUEZ, &self.adapter, ADAPTER, "RemoveDevice", &(device,));
        }
        Some(Next::Heard(Sighting {
            time_us,
            device: path.to_owned(),
            packet: device.sighting(rssi),
        }))
    }

    fn adapter_changed(&mut self, changed: &Properties) -> Result<Option<Next>, Lost> {
        let says = |name| {
            changed
                .get(name)
                .and_then(|v| v.downcast_ref::<bool>().ok())
        };
        if says("Powered") == Some(false) {
            let what = format!(
                "{} is switched off: bluetoothctl power on (and rfkill unblock bluetooth)",
                self.name()
            );
            return Err(Lost::new(Condition::Failing, what));
        }
        if let Some(discovering) = says("Discovering")
            && !self.active
        {
            self.discovering = discovering;
            return Ok(Some(Next::Discovering(discovering)));
        }
        Ok(None)
    }

    /// The bus, for acts on a device.
    pub fn bus(&self) -> &Bus {
        &self.bus
    }

    /// Stops listening and leaves the adapter as it was found.
    pub fn stop(self) {
        let adapter = self.adapter.as_str();
        // Where bluetoothd is gone there is nothing to take back.
        if self.active {
            let _ = self.bus.call(BLUEZ, adapter, ADAPTER, "StopDiscovery", &());
        } else if let Ok(ours) = ObjectPath::try_from(OURS) {
            let _ = self
                .bus
                .call(BLUEZ, adapter, MANAGER, "UnregisterMonitor", &(ours,));
        }
        self.bus.close();
    }
}
