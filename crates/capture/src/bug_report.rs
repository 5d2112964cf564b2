//! The Bluetooth logs inside an Android bug report: a zip with btsnoop files in it, or a text with a packed one.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::hci_log::{self, HciLog};
use crate::reader::{Failure, Key, Reader, lost_bytes};
use crate::window::{Source, Window};
use crate::{Damage, DamageKind, Event, Sensors, btsnooz};

/// One log inside the archive is not unpacked beyond this.
const MAX_ENTRY: u64 = 256 * 1024 * 1024;
/// All logs together are not unpacked beyond this.
const MAX_TOTAL: u64 = 512 * 1024 * 1024;
const MAX_ENTRIES: usize = 64;

/// Several logs, one after another, in order of their first record. Offsets are those in the log inside.
pub(crate) struct BugReport {
    logs: Vec<HciLog>,
    current: usize,
    damage: Vec<Damage>,
    /// Damage that is given now.
    now: Option<Damage>,
    length: u64,
}

/// The names of the logs: `FS/data/misc/bluetooth/logs/btsnoop_hci.log`, with `.last`, a date or `.filtered` behind on some phones.
fn is_log_name(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.contains("btsnoop") && !file.ends_with('/')
}

/// The report's own text, which may hold the packed log.
fn is_report_name(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.ends_with(".txt") && (file.starts_with("bugreport") || file.starts_with("dumpstate"))
}

/// Whether a text is a bug report.
pub(crate) fn is_report_text(text: &[u8]) -> bool {
    let head = text.get(..4096).unwrap_or(text);
    contains(head, b"== dumpstate: ") || contains(text, btsnooz::BEGIN)
}

fn contains(text: &[u8], needle: &[u8]) -> bool {
    text.windows(needle.len()).any(|w| w == needle)
}

impl BugReport {
    /// From an opened zip archive.
    pub(crate) fn from_zip(
        archive: &mut ZipArchive<Box<dyn Source>>,
        sensor: u16,
        length: u64,
    ) -> Result<Self, Box<Failure>> {
        let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
        let mut report = Self::empty(length);
        let mut left = MAX_TOTAL;
        for name in names.iter().filter(|n| is_log_name(n)).take(MAX_ENTRIES) {
            let Some(bytes) = report.unpack(archive, name, &mut left) else {
                continue;
            };
            report.add(bytes, name, sensor)?;
        }
        if report.logs.is_empty() {
            for name in names.iter().filter(|n| is_report_name(n)).take(4) {
                let Some(text) = report.unpack(archive, name, &mut left) else {
                    continue;
                };
                report.add_packed(&text, sensor)?;
            }
        }
        report.finish("zip without a Bluetooth HCI snoop log (btsnoop) or AirGuard export; was the log switched on before the report was made?")
    }

    /// From the text of a report.
    pub(crate) fn from_text(text: &[u8], sensor: u16) -> Result<Self, Box<Failure>> {
        let mut report = Self::empty(text.len() as u64);
        report.add_packed(text, sensor)?;
        report.finish("bug report text without a Bluetooth HCI snoop log")
    }

    const fn empty(length: u64) -> Self {
        Self {
            logs: Vec::new(),
            current: 0,
            damage: Vec::new(),
            now: None,
            length,
        }
    }

    fn finish(mut self, hint: &str) -> Result<Self, Box<Failure>> {
        if self.logs.is_empty() {
            return Err(Box::new(match self.damage.pop() {
                Some(d) => Failure::Unreadable {
                    offset: d.offset,
                    what: d.detail,
                },
                None => Failure::Unrecognised {
                    hint: hint.to_owned(),
                },
            }));
        }
        let mut keyed = Vec::with_capacity(self.logs.len());
        for mut log in self.logs {
            keyed.push((log.first_us()?.unwrap_or(i64::MAX), log));
        }
        keyed.sort_by_key(|(first, _)| *first);
        self.logs = keyed.into_iter().map(|(_, log)| log).collect();
        self.damage.reverse();
        Ok(self)
    }

    fn add(&mut self, bytes: Vec<u8>, name: &str, sensor: u16) -> Result<(), Box<Failure>> {
        // Phones leave empty logs behind.
        if bytes.is_empty() {
            return Ok(());
        }
        let log = if hci_log::is_btsnoop(&bytes) {
            HciLog::btsnoop(Window::new(Box::new(Cursor::new(bytes))), sensor)
        } else {
            Err(Box::new(Failure::Unrecognised {
                hint: "no btsnoop head".to_owned(),
            }))
        };
        match log.map_err(|failure| *failure) {
            Ok(log) => self.logs.push(log),
            Err(Failure::Io(e)) => return Err(Box::new(Failure::Io(e))),
            Err(Failure::Unreadable { what, .. } | Failure::Unrecognised { hint: what }) => {
                self.damage.push(lost_bytes(
                    DamageKind::BadContainer,
                    0,
                    format!("{name}: {what}"),
                ));
            }
        }
        Ok(())
    }

    fn add_packed(&mut self, text: &[u8], sensor: u16) -> Result<(), Box<Failure>> {
        match btsnooz::unpack(text, MAX_ENTRY) {
            None => Ok(()),
            Some(Ok(bytes)) => self.add(bytes, "BTSNOOP_LOG_SUMMARY", sensor),
            Some(Err((offset, what))) => {
                self.damage
                    .push(lost_bytes(DamageKind::BadContainer, offset, what));
                Ok(())
            }
        }
    }

    /// One file of the archive; what does not unpack is damage, what was unpacked up to there is kept.
    fn unpack(
        &mut self,
        archive: &mut ZipArchive<Box<dyn Source>>,
        name: &str,
        left: &mut u64,
    ) -> Option<Vec<u8>> {
        let (bytes, damage) = unpack(archive, name, MAX_ENTRY.min(*left));
        *left = left.saturating_sub(bytes.len() as u64);
        self.damage.extend(damage);
        (!bytes.is_empty()).then_some(bytes)
    }
}

/// One file of an archive, up to `limit` bytes, and what went wrong.
pub(crate) fn unpack(
    archive: &mut ZipArchive<Box<dyn Source>>,
    name: &str,
    limit: u64,
) -> (Vec<u8>, Option<Damage>) {
    let mut bytes = Vec::new();
    let (offset, result) = match archive.by_name(name) {
        Ok(entry) => {
            let offset = entry.data_start();
            (
                offset,
                entry
                    .take(limit + 1)
                    .read_to_end(&mut bytes)
                    .map_err(|e| e.to_string()),
            )
        }
        Err(e) => (0, Err(e.to_string())),
    };
    let over = bytes.len() as u64 > limit;
    bytes.truncate(limit as usize);
    let damage = match result {
        Err(e) => Some(lost_bytes(
            DamageKind::BadContainer,
            offset,
            format!("{name}: {e}"),
        )),
        Ok(_) if over => {
            let what = format!("{name}: unpacks to more than {limit} bytes; the rest is not read");
            Some(lost_bytes(DamageKind::OverLimit, offset, what))
        }
        Ok(_) => None,
    };
    (bytes, damage)
}

impl Reader for BugReport {
    fn advance(&mut self, sensors: &mut Sensors) -> Result<bool, Box<Failure>> {
        self.now = self.damage.pop();
        if self.now.is_some() {
            return Ok(true);
        }
        while let Some(log) = self.logs.get_mut(self.current) {
            if log.advance(sensors)? {
                return Ok(true);
            }
            self.current += 1;
        }
        Ok(false)
    }

    fn key(&self) -> Key {
        match self.logs.get(self.current) {
            Some(log) if self.now.is_none() => log.key(),
            _ => Key::Aside,
        }
    }

    fn event(&self) -> Event<'_> {
        match (&self.now, self.logs.get(self.current)) {
            (None, Some(log)) => log.event(),
            (Some(damage), _) => Event::Damage(damage.clone()),
            (None, None) => Event::Damage(lost_bytes(DamageKind::BadContainer, 0, "")),
        }
    }

    fn position(&self) -> u64 {
        let share = self.current as f64 / self.logs.len().max(1) as f64;
        (share * self.length as f64) as u64
    }
}
