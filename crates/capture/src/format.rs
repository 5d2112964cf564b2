//! The formats that are read, and how each is told from its content.

use std::fmt;

use crate::{bledoubt, pcap, pcapng};

/// Format of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// pcap capture file.
    Pcap,
    /// pcapng capture file.
    Pcapng,
    /// BLE-Doubt's JSON log.
    BleDoubt,
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: &[Self] = &[Self::Pcap, Self::Pcapng, Self::BleDoubt];

    /// Stable name, snake case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pcap => "pcap",
            Self::Pcapng => "pcapng",
            Self::BleDoubt => "bledoubt",
        }
    }

    /// Name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pcap => "pcap",
            Self::Pcapng => "pcapng",
            Self::BleDoubt => "BLE-Doubt JSON",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is looked at to recognise a format, bytes.
pub(crate) const PREFIX: usize = 64 * 1024;

/// Tells the format from the first bytes of a file; a hint where it is none.
pub(crate) fn recognise(prefix: &[u8]) -> Result<Format, String> {
    if pcap::recognised(prefix) {
        return Ok(Format::Pcap);
    }
    if pcapng::recognised(prefix) {
        return Ok(Format::Pcapng);
    }
    let text = prefix.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(prefix).trim_ascii_start();
    if bledoubt::recognised(text) {
        return Ok(Format::BleDoubt);
    }
    Err(hint(prefix, text))
}

fn hint(prefix: &[u8], text: &[u8]) -> String {
    let what = if prefix.starts_with(b"\xFF\xFE") || prefix.starts_with(b"\xFE\xFF") {
        "UTF-16 text; save it as UTF-8"
    } else if prefix.starts_with(b"\x1F\x8B") {
        "gzip; unpack it first"
    } else if text.starts_with(b"{") || text.starts_with(b"[") {
        "JSON, but neither a BLE-Doubt log, nor sightings with time and address, nor fixes with time, lat and lon, one object a line"
    } else if text.is_ascii() {
        "text, but neither a known log nor a table with a known header"
    } else {
        "unknown content"
    };
    what.to_owned()
}
