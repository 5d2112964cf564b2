//! `bluez:hciN`: what bluetoothd hears, over D-Bus. Passive by its advertisement monitors; `bluez:hciN:active` by discovery,
//! which sends scan requests.
//!
//! Lossy by nature: no frames, no channel, no PDU type, a time of arrival here, and several advertisements of one device
//! may come as one. A sighting is a change of a device's level, with the payload as far as bluetoothd shows it.

use std::time::Instant;

use vigie_decode::Condition;

use crate::DamageKind;
use crate::live::bluez_monitor::{Monitoring, Next};
use crate::live::{Lost, Outlet, PATIENCE, Receiver};

/// The receiver.
pub struct Bluez {
    adapter: String,
    active: bool,
    open: Option<Monitoring>,
    /// `Filtered` is said once.
    filtered: bool,
}

impl Bluez {
    /// On an adapter, `hci0`; `active`: by discovery, which sends scan requests.
    #[must_use]
    pub fn new(adapter: &str, active: bool) -> Self {
        Self {
            adapter: adapter.to_owned(),
            active,
            open: None,
            filtered: false,
        }
    }
}

impl Receiver for Bluez {
    fn open(&mut self, out: &Outlet) -> Result<(), Lost> {
        let monitoring = Monitoring::start(&self.adapter, self.active, true, out.clock())?;
        if let Some(what) = &monitoring.filtered
            && !self.filtered
        {
            self.filtered = true;
            out.condition(Condition::Filtered, 0.0, what);
        }
        if monitoring.discovering {
            out.condition(Condition::Listening, 0.0, OTHERS_SCAN);
        }
        self.open = Some(monitoring);
        Ok(())
    }

    fn receive(&mut self, out: &Outlet) -> Result<(), Lost> {
        let Some(monitoring) = &mut self.open else {
            return Err(Lost::new(Condition::Unplugged, "not open"));
        };
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match monitoring.next(left)? {
                Some(Next::Heard(heard)) => out.packet(heard.time_us, heard.packet),
                Some(Next::Damaged(what)) => out.damage(DamageKind::MalformedRow, what),
                Some(Next::Discovering(true)) => {
                    out.condition(Condition::Listening, 0.0, OTHERS_SCAN);
                }
                Some(Next::Discovering(false)) => {}
                None => return Ok(()),
            }
            if left.is_zero() {
                return Ok(());
            }
        }
    }

    fn close(&mut self) {
        if let Some(monitoring) = self.open.take() {
            monitoring.stop();
        }
    }

    fn description(&self) -> String {
        let address = self.open.as_ref().map_or("", |m| m.address.as_str());
        let how = if self.active {
            "discovery, sends scan requests"
        } else {
            "advertisement monitors, passive"
        };
        format!("bluetoothd, {} {address}, {how}", self.adapter)
    }
}

const OTHERS_SCAN: &str = "another program runs discovery on this adapter: it sends scan requests, which tell that somebody listens; end that program";
