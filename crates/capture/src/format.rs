//! The formats that are read, and how each is told from its content.

use std::fmt;

use serde_json::Value;

use crate::table::{self, Header};
use crate::{
    bledoubt, bug_report, gpx, hci_log, homescout, kismet, nmea, pcap, pcapng, positions,
    sightings, wigle,
};

/// Format of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// pcap capture file.
    Pcap,
    /// pcapng capture file.
    Pcapng,
    /// btsnoop log of a host controller interface.
    Btsnoop,
    /// Apple PacketLogger's log.
    PacketLogger,
    /// Android bug report, as a zip or its text.
    BugReport,
    /// AirGuard's raw data export.
    AirGuard,
    /// Kismet's database.
    Kismet,
    /// BLE-Doubt's JSON log.
    BleDoubt,
    /// HomeScout's CSV.
    HomeScout,
    /// WiGLE's CSV.
    Wigle,
    /// Generic sightings, JSON lines.
    SightingsJson,
    /// Generic sightings, CSV.
    SightingsCsv,
    /// Positions, GPX.
    Gpx,
    /// Positions, NMEA 0183.
    Nmea,
    /// Positions, JSON lines.
    PositionsJson,
    /// Positions, CSV.
    PositionsCsv,
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: &[Self] = &[
        Self::Pcap,
        Self::Pcapng,
        Self::Btsnoop,
        Self::PacketLogger,
        Self::BugReport,
        Self::AirGuard,
        Self::Kismet,
        Self::BleDoubt,
        Self::HomeScout,
        Self::Wigle,
        Self::SightingsJson,
        Self::SightingsCsv,
        Self::Gpx,
        Self::Nmea,
        Self::PositionsJson,
        Self::PositionsCsv,
    ];

    /// Stable name, snake case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pcap => "pcap",
            Self::Pcapng => "pcapng",
            Self::Btsnoop => "btsnoop",
            Self::PacketLogger => "packetlogger",
            Self::BugReport => "bug_report",
            Self::AirGuard => "airguard",
            Self::Kismet => "kismet",
            Self::BleDoubt => "bledoubt",
            Self::HomeScout => "homescout",
            Self::Wigle => "wigle",
            Self::SightingsJson => "sightings_json",
            Self::SightingsCsv => "sightings_csv",
            Self::Gpx => "gpx",
            Self::Nmea => "nmea",
            Self::PositionsJson => "positions_json",
            Self::PositionsCsv => "positions_csv",
        }
    }

    /// Name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pcap => "pcap",
            Self::Pcapng => "pcapng",
            Self::Btsnoop => "btsnoop",
            Self::PacketLogger => "Apple PacketLogger",
            Self::BugReport => "Android bug report",
            Self::AirGuard => "AirGuard export",
            Self::Kismet => "Kismet database",
            Self::BleDoubt => "BLE-Doubt JSON",
            Self::HomeScout => "HomeScout CSV",
            Self::Wigle => "WiGLE CSV",
            Self::SightingsJson => "sightings, JSON lines",
            Self::SightingsCsv => "sightings, CSV",
            Self::Gpx => "GPX track",
            Self::Nmea => "NMEA 0183",
            Self::PositionsJson => "positions, JSON lines",
            Self::PositionsCsv => "positions, CSV",
        }
    }

    /// Whether it is read from documented fields and own specimens only, never yet from a file of the real program.
    #[must_use]
    pub const fn is_untested_on_real_files(self) -> bool {
        matches!(self, Self::AirGuard | Self::Kismet | Self::Wigle)
    }

    /// Whether it holds nothing but positions.
    #[must_use]
    pub const fn is_positions(self) -> bool {
        matches!(
            self,
            Self::Gpx | Self::Nmea | Self::PositionsJson | Self::PositionsCsv
        )
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is looked at to recognise a format, bytes.
pub(crate) const PREFIX: usize = 64 * 1024;

/// Tells the format from the first bytes of a file; a hint where it is none. Any zip is first taken for a bug report.
pub(crate) fn recognise(prefix: &[u8]) -> Result<Format, String> {
    if pcap::recognised(prefix) {
        return Ok(Format::Pcap);
    }
    if pcapng::recognised(prefix) {
        return Ok(Format::Pcapng);
    }
    if hci_log::is_btsnoop(prefix) {
        return Ok(Format::Btsnoop);
    }
    if kismet::recognised(prefix) {
        return Ok(Format::Kismet);
    }
    if prefix.starts_with(b"PK\x03\x04") {
        return Ok(Format::BugReport);
    }
    let text = prefix
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(prefix)
        .trim_ascii_start();
    if let Some(format) = recognise_text(text) {
        return Ok(format);
    }
    // Last, because it has no magic.
    if hci_log::packet_logger_order(prefix).is_some() {
        return Ok(Format::PacketLogger);
    }
    Err(hint(prefix, text))
}

fn recognise_text(text: &[u8]) -> Option<Format> {
    if bledoubt::recognised(text) {
        return Some(Format::BleDoubt);
    }
    if gpx::recognised(text) {
        return Some(Format::Gpx);
    }
    if nmea::recognised(text) {
        return Some(Format::Nmea);
    }
    if wigle::recognised(text) {
        return Some(Format::Wigle);
    }
    if text.first() == Some(&b'{') {
        // The first line may be the damaged one.
        return table::lines(text).take(10).find_map(|(_, line)| {
            let Ok(Value::Object(object)) = serde_json::from_slice(line) else {
                return None;
            };
            if sightings::recognised_json(&object) {
                Some(Format::SightingsJson)
            } else {
                positions::recognised_json(&object).then_some(Format::PositionsJson)
            }
        });
    }
    let header = table::lines(text)
        .next()
        .and_then(|(_, line)| Header::parse(line));
    if let Some(header) = header {
        if homescout::recognised(&header) {
            return Some(Format::HomeScout);
        }
        if sightings::recognised_csv(&header) {
            return Some(Format::SightingsCsv);
        }
        if positions::recognised_csv(&header) {
            return Some(Format::PositionsCsv);
        }
    }
    bug_report::is_report_text(text).then_some(Format::BugReport)
}

fn hint(prefix: &[u8], text: &[u8]) -> String {
    let what = if prefix.starts_with(b"\xFF\xFE") || prefix.starts_with(b"\xFE\xFF") {
        "UTF-16 text; save it as UTF-8"
    } else if prefix.starts_with(b"\x1F\x8B") {
        "gzip; unpack it first"
    } else if text.starts_with(b"{") || text.starts_with(b"[") {
        "JSON, but neither a BLE-Doubt log, nor sightings with time and address, nor positions with time, lat and lon, one object a line"
    } else if text.is_ascii() {
        "text, but neither a known log nor a table with a known header"
    } else {
        "unknown content"
    };
    what.to_owned()
}
