//! The enrolment file: our own devices, with the consent of their owners. It holds keys: mode 0600, and no error
//! message quotes it.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use vigie_capture::{Case, Input, case, rfc3339_or_us};
use vigie_decode::{Address, AddressKind, Family};
use vigie_detect::{Enrolled, Irk};

use crate::command::Refused;

/// Version of the file's form.
const VERSION: u32 = 1;
/// A larger file is refused, bytes.
const MAX_BYTES: u64 = 1 << 20;

/// What the file holds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    version: u32,
    /// In the order of enrolment.
    #[serde(default, rename = "device")]
    pub devices: Vec<EnrolledDevice>,
}

/// One device. No `Debug`: it may hold a key.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolledDevice {
    /// What we call it; no two alike.
    pub name: String,
    /// Identity resolving key, hexadecimal, most significant octet first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    irk: Option<String>,
    /// Who consented, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<String>,
    /// The vehicle in which it usually rides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vehicle: Option<String>,
    /// Tracker family of its frames.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// Addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<EnrolledAddress>,
    /// Times when it is elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub away: Vec<Away>,
}

/// An address and its sub-type.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolledAddress {
    /// `AA:BB:CC:DD:EE:FF`.
    pub address: String,
    /// `public`, `static`, `rpa` or `nrpa`.
    pub kind: String,
}

/// A time when a device is known to be elsewhere, RFC 3339.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Away {
    /// From.
    pub from: String,
    /// Until.
    pub until: String,
}

const KINDS: [(&str, AddressKind); 4] = [
    ("public", AddressKind::Public),
    ("static", AddressKind::StaticRandom),
    ("rpa", AddressKind::Rpa),
    ("nrpa", AddressKind::Nrpa),
];

/// As the file and the command line write a sub-type.
fn kind_text(kind: AddressKind) -> &'static str {
    let found = KINDS.iter().find(|(_, k)| *k == kind);
    found.map_or("", |(text, _)| text)
}

/// The family of a code.
pub fn family_of(code: &str) -> Option<Family> {
    let families = [
        Family::AppleFindMy,
        Family::GoogleFindHub,
        Family::SmartthingsFind,
        Family::Tile,
        Family::Chipolo,
        Family::Pebblebee,
        Family::Dult,
    ];
    families.into_iter().find(|f| f.as_str() == code)
}

fn refused(key: &'static str, about: impl Into<String>) -> anyhow::Error {
    Refused::Enrolment(key, about.into()).into()
}

impl Enrolment {
    /// With nobody enrolled.
    pub const fn empty() -> Self {
        Self {
            version: VERSION,
            devices: Vec::new(),
        }
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self> {
        let about = || path.display().to_string();
        let size = std::fs::metadata(path)
            .with_context(|| format!("{}: cannot be read", path.display()))?
            .len();
        if size > MAX_BYTES {
            return Err(refused("error-enrol-file", about()));
        }
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("{}: cannot be read", path.display()))?;
        // The parser's own words quote the line, and with it perhaps a key.
        let enrolment: Self = toml::from_str(&text).map_err(|e| {
            let line = e
                .span()
                .and_then(|span| text.get(..span.start))
                .map_or(1, |before| before.lines().count().max(1));
            refused("error-enrol-file", format!("{}:{line}", path.display()))
        })?;
        if enrolment.version != VERSION {
            return Err(refused("error-enrol-file", about()));
        }
        // What cannot be used must not seem to be enrolled.
        for device in &enrolment.devices {
            device.enrolled()?;
        }
        Ok(enrolment)
    }

    /// The same, with nobody enrolled where there is no file yet.
    pub fn read_or_empty(path: &Path) -> Result<Self> {
        if path.exists() {
            Self::read(path)
        } else {
            Ok(Self::empty())
        }
    }

    /// Writes the file whole or not at all, readable by its owner only.
    pub fn write(&self, path: &Path) -> Result<()> {
        let folder = path
            .parent()
            .filter(|p| !p.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        // Made with mode 0600, which renaming keeps.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        let text = toml::to_string(self).context("the enrolment cannot be written")?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|e| e.error)?;
        Ok(())
    }

    /// Adds a device.
    pub fn add(&mut self, device: EnrolledDevice) -> Result<()> {
        if device.name.trim().is_empty() || self.devices.iter().any(|d| d.name == device.name) {
            return Err(refused("error-enrol-name", device.name));
        }
        device.enrolled()?;
        self.devices.push(device);
        Ok(())
    }

    /// Removes a device.
    pub fn remove(&mut self, name: &str) -> Result<()> {
        let before = self.devices.len();
        self.devices.retain(|d| d.name != name);
        if self.devices.len() == before {
            return Err(refused("error-enrol-unknown", name));
        }
        Ok(())
    }

    /// A device by name.
    pub fn device(&mut self, name: &str) -> Result<&mut EnrolledDevice> {
        let mut devices = self.devices.iter_mut();
        devices
            .find(|d| d.name == name)
            .ok_or_else(|| refused("error-enrol-unknown", name))
    }

    /// As detection takes it.
    pub fn enrolled(&self) -> Result<Vec<Enrolled>> {
        self.devices.iter().map(EnrolledDevice::enrolled).collect()
    }
}

impl EnrolledDevice {
    /// One of which only the name is known.
    pub const fn named(name: String) -> Self {
        Self {
            name,
            irk: None,
            consent: None,
            vehicle: None,
            family: None,
            addresses: Vec::new(),
            away: Vec::new(),
        }
    }

    /// With a key, which needs the owner's consent.
    pub fn with_key(mut self, text: &str, reversed: bool, consent: Option<&str>) -> Result<Self> {
        let consent = consent.filter(|c| !c.trim().is_empty());
        let Some(consent) = consent else {
            return Err(refused("error-enrol-consent", self.name));
        };
        let mut digits = text.trim().to_ascii_lowercase();
        if Irk::parse(&digits).is_none() {
            return Err(refused("error-enrol-key", self.name));
        }
        if reversed {
            let octets: Vec<char> = digits.chars().collect();
            digits = octets.chunks(2).rev().flatten().collect();
        }
        self.irk = Some(digits);
        self.consent = Some(consent.to_owned());
        Ok(self)
    }

    /// With a further address. Where the sub-type is not named, top bits 11 are taken for static.
    pub fn with_address(mut self, text: &str, kind: Option<AddressKind>) -> Result<Self> {
        let Some(address) = Address::parse(text) else {
            return Err(refused("error-enrol-address", text));
        };
        let kind = kind.unwrap_or(match address.random_kind() {
            Some(AddressKind::StaticRandom) => AddressKind::StaticRandom,
            _ => AddressKind::Public,
        });
        self.addresses.push(EnrolledAddress {
            address: address.to_string(),
            kind: kind_text(kind).to_owned(),
        });
        Ok(self)
    }

    /// Whether it is known by its key, under every address.
    pub const fn has_key(&self) -> bool {
        self.irk.is_some()
    }

    /// As detection takes it.
    fn enrolled(&self) -> Result<Enrolled> {
        let wrong = || refused("error-enrol-device", self.name.clone());
        let irk = match &self.irk {
            None => None,
            // Whoever edits the file by hand is held to the same rule.
            Some(_) if self.consent.as_deref().is_none_or(|c| c.trim().is_empty()) => {
                return Err(refused("error-enrol-consent", self.name.clone()));
            }
            Some(text) => Some(Irk::parse(text).ok_or_else(wrong)?),
        };
        let mut addresses = Vec::new();
        for a in &self.addresses {
            let kind = KINDS.iter().find(|(text, _)| *text == a.kind);
            let (Some(address), Some((_, kind))) = (Address::parse(&a.address), kind) else {
                return Err(wrong());
            };
            addresses.push((address, *kind));
        }
        if irk.is_none() && addresses.is_empty() {
            return Err(wrong());
        }
        let family = match &self.family {
            None => None,
            Some(code) => Some(family_of(code).ok_or_else(wrong)?),
        };
        let mut away_us = Vec::new();
        for away in &self.away {
            let times = (rfc3339_or_us(&away.from), rfc3339_or_us(&away.until));
            let (Some(from), Some(until)) = times else {
                return Err(wrong());
            };
            away_us.push((from, until));
        }
        Ok(Enrolled {
            name: self.name.clone(),
            irk,
            addresses,
            family,
            away_us,
        })
    }
}

/// Where the file is: named, or in a case folder, where `case.toml` says, else under its usual name.
pub fn path_of(file: Option<&Path>, folder: Option<&Path>) -> Result<PathBuf> {
    match (file, folder) {
        (Some(file), _) => Ok(file.to_owned()),
        (None, Some(folder)) => {
            let (cases, _) = case::read_all(&[Input::from(folder)])?;
            let named = cases.into_iter().find_map(|case| case.enrolled);
            let name = named.unwrap_or_else(|| case::ENROLLED_FILE.into());
            Ok(folder.join(name))
        }
        (None, None) => Err(refused("error-enrol-where", "")),
    }
}

/// Our own devices for a run: of the file that is named, else of the case folders among the inputs.
pub fn of_run(named: Option<&Path>, inputs: &[Input]) -> Result<Vec<Enrolled>> {
    if let Some(path) = named {
        return Enrolment::read(path)?.enrolled();
    }
    let mut enrolled = Vec::new();
    for input in inputs.iter().filter(|i| i.path.is_dir()) {
        let (cases, _) = case::read_all(std::slice::from_ref(input))?;
        let is_named = |case: &Case| case.enrolled.is_some();
        let path = path_of(None, Some(&input.path))?;
        // A file that the case names must be there; one that it does not may be missing.
        if cases.iter().any(is_named) || path.is_file() {
            enrolled.extend(Enrolment::read(&path)?.enrolled()?);
        }
    }
    Ok(enrolled)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "EC0234A357C8AD05341010A60A397D9B";

    fn keyed(name: &str) -> EnrolledDevice {
        EnrolledDevice::named(name.into())
            .with_key(KEY, false, Some("A. Martin, 2026-11-24"))
            .unwrap()
    }

    #[test]
    fn what_is_written_is_read_and_only_its_owner_can() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("case").join("enrolled.toml");
        let mut enrolment = Enrolment::empty();
        enrolment.add(keyed("phone")).unwrap();
        let badge = EnrolledDevice::named("badge".into())
            .with_address("c0:01:02:03:04:05", None)
            .unwrap();
        enrolment.add(badge).unwrap();
        enrolment.write(&path).unwrap();
        let read = Enrolment::read(&path).unwrap().enrolled().unwrap();
        assert_eq!(read, enrolment.enrolled().unwrap());
        assert_eq!(read[1].addresses[0].1, AddressKind::StaticRandom);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_key_needs_consent_also_in_a_file_edited_by_hand() {
        let without = EnrolledDevice::named("phone".into()).with_key(KEY, false, Some(" "));
        assert!(without.is_err());
        let mut enrolment = Enrolment::empty();
        enrolment.add(keyed("phone")).unwrap();
        enrolment.devices[0].consent = None;
        assert!(enrolment.enrolled().is_err());
    }

    #[test]
    fn no_error_quotes_a_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("enrolled.toml");
        let bad = [
            format!("version = 1\n[[device]]\nname = \"p\"\nkey = \"{KEY}\"\n"),
            format!("version = 1\n[[device]]\nname = \"p\"\nirk = {KEY}\n"),
            format!("version = 1\n[[device]]\nname = \"p\"\nirk = \"{KEY}0\"\nconsent = \"x\"\n"),
            format!("version = 1\n[[device]]\nname = \"p\"\nirk = \"{KEY}\"\n"),
        ];
        for text in bad {
            std::fs::write(&path, text).unwrap();
            let error = Enrolment::read(&path).err().unwrap();
            let said = format!("{error} {error:#} {error:?}");
            assert!(!said.contains("A357C8"), "{said}");
        }
    }

    #[test]
    fn a_key_stored_the_other_way_round_can_be_turned() {
        let turned: String = KEY
            .as_bytes()
            .chunks(2)
            .rev()
            .flat_map(|p| p.iter().map(|b| char::from(*b)))
            .collect();
        let device = EnrolledDevice::named("phone".into())
            .with_key(&turned, true, Some("x"))
            .unwrap();
        assert_eq!(device.irk.as_deref(), Some(KEY.to_lowercase().as_str()));
    }
}
