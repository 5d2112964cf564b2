//! Positions from NMEA sentences on a serial port, or from a pipe.

use std::path::PathBuf;

use vigie_decode::Condition;

use crate::DamageKind;
use crate::live::fixes::Fixes;
use crate::live::serial_port::{SerialPort, Settings};
use crate::live::{Lost, Outlet, Receiver};
use crate::nmea;

/// A line that is longer is no sentence (82 characters by the standard; some receivers write more).
const MAX_LINE: usize = 1024;
/// Speed is left as it is set: receivers differ (4800, 9600, 115200), those on USB do not care.
const SETTINGS: Settings = Settings {
    speed: None,
    flow_control: false,
};

/// The receiver.
pub(crate) struct NmeaSerial {
    path: PathBuf,
    port: Option<SerialPort>,
    bytes: Vec<u8>,
    /// The first line after opening may be the rest of one.
    first: bool,
    /// Time of day in the latest sentence that gave a position: others of the same moment say the same.
    moment: String,
    fixes: Fixes,
}

impl NmeaSerial {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            path,
            port: None,
            bytes: Vec::new(),
            first: true,
            moment: String::new(),
            fixes: Fixes::default(),
        }
    }

    fn line(&mut self, line: &[u8], now_us: i64, out: &Outlet) {
        let first = std::mem::take(&mut self.first);
        match nmea::place(line, now_us) {
            Ok(Some(place)) => {
                if let Some(satellites_us) = place.satellites_us {
                    self.fixes.compare_clocks(satellites_us, now_us, out);
                }
                if place.time_of_day.is_empty() || place.time_of_day != self.moment {
                    self.moment = place.time_of_day;
                    self.fixes.take(place.fix, out);
                }
            }
            Ok(None) => {}
            Err(_) if first => {}
            Err((kind, what)) => out.damage(kind, format!("NMEA: {what}")),
        }
    }
}

impl Receiver for NmeaSerial {
    fn open(&mut self, _: &Outlet) -> Result<(), Lost> {
        self.port = Some(SerialPort::open(&self.path, SETTINGS)?);
        self.bytes.clear();
        self.first = true;
        Ok(())
    }

    fn receive(&mut self, out: &Outlet) -> Result<(), Lost> {
        let Some(port) = &mut self.port else {
            return Err(Lost::new(Condition::Unplugged, "not open"));
        };
        let mut buffer = [0; 4096];
        self.bytes.extend_from_slice(port.read(&mut buffer)?);
        let now_us = out.clock().now_us();
        while let Some(end) = self.bytes.iter().position(|&b| b == b'\n') {
            let line: Vec<u8> = self.bytes.drain(..=end).collect();
            self.line(&line, now_us, out);
        }
        if self.bytes.len() > MAX_LINE {
            self.bytes.clear();
            out.damage(DamageKind::OverLimit, "NMEA: a line without an end");
        }
        self.fixes.look(now_us, out);
        Ok(())
    }

    fn close(&mut self) {
        self.port = None;
        self.fixes.gone();
    }
}
