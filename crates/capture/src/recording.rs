//! One input file, opened by its content.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Cursor;
use std::path::PathBuf;

use crate::bug_report::{self, BugReport};
use crate::format::{self, Format};
use crate::hci_log::{self, HciLog};
use crate::log::{Log, LogReader, MAX_LOG};
use crate::pcap::Pcap;
use crate::pcapng::Pcapng;
use crate::reader::{Failure, Key, Reader};
use crate::sealed::{self, Identity, Opened};
use crate::window::{Source, Window};
use crate::{
    DamageKind, Error, Event, Input, Sensors, airguard, bledoubt, gpx, homescout, kismet, nmea,
    positions, sightings, wigle,
};

/// An input that is being read.
///
/// Captures (pcap, pcapng, btsnoop, PacketLogger) are streamed in file order through one buffer. Logs, sightings and positions
/// are held whole, up to 1 GiB, and given in order of time, notes and damage first.
pub struct Recording {
    path: PathBuf,
    format: Format,
    kind: Kind,
    length: u64,
}

enum Kind {
    Pcap(Pcap),
    Pcapng(Pcapng),
    Hci(HciLog),
    BugReport(BugReport),
    Log(LogReader),
}

impl Recording {
    /// Opens a file and recognises what it is.
    ///
    /// # Errors
    /// When it cannot be opened, is empty, is of no known format, or is broken from its head on.
    pub fn open(input: &Input, sensors: &mut Sensors) -> Result<Self, Error> {
        Self::open_with(input, None, sensors)
    }

    /// The same with a key, for what is encrypted.
    ///
    /// # Errors
    /// As [`Self::open`], and when it is encrypted for another key.
    pub fn open_with(
        input: &Input,
        identity: Option<&Identity>,
        sensors: &mut Sensors,
    ) -> Result<Self, Error> {
        let io = |source| Error::Io {
            path: input.path.clone(),
            source,
        };
        let mut file = File::open(&input.path).map_err(io)?;
        let meta = file.metadata().map_err(io)?;
        if meta.is_dir() {
            let hint = "a folder; a recording is a file".to_owned();
            return Err(Error::Unrecognised {
                path: input.path.clone(),
                hint,
            });
        }
        if sealed::is_sealed(&mut file).map_err(io)? {
            let Some(identity) = identity else {
                let path = input.path.clone();
                return Err(Error::Encrypted { path });
            };
            let opened = Opened::new(Box::new(file), identity.clone()).map_err(io)?;
            return Self::from_source(input, Box::new(opened), meta.len(), sensors);
        }
        Self::from_source(input, Box::new(file), meta.len(), sensors)
    }

    /// Reads a recording that is already in memory; `input` gives its name and sensor.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn from_bytes(input: &Input, bytes: Vec<u8>, sensors: &mut Sensors) -> Result<Self, Error> {
        let length = bytes.len() as u64;
        Self::from_source(input, Box::new(Cursor::new(bytes)), length, sensors)
    }

    fn from_source(
        input: &Input,
        source: Box<dyn Source>,
        length: u64,
        sensors: &mut Sensors,
    ) -> Result<Self, Error> {
        let path = &input.path;
        let mut window = Window::new(source);
        window.fill(format::PREFIX).map_err(|source| Error::Io {
            path: path.clone(),
            source,
        })?;
        let prefix = window
            .bytes()
            .get(..format::PREFIX)
            .unwrap_or(window.bytes());
        if prefix.trim_ascii().is_empty() {
            return Err(Error::Empty { path: path.clone() });
        }
        let format = format::recognise(prefix).map_err(|hint| Error::Unrecognised {
            path: path.clone(),
            hint,
        })?;
        let (format, kind) = open(format, input, window, length, sensors)
            .map_err(|failure| with_path(*failure, path))?;
        Ok(Self {
            path: path.clone(),
            format,
            kind,
            length,
        })
    }

    /// The next event: file order for captures, order of time for logs. `None` at the end.
    ///
    /// # Errors
    /// When the file can no longer be read, or turns out to hold nothing that is read here.
    #[inline(always)]
    pub fn next(&mut self, sensors: &mut Sensors) -> Result<Option<Event<'_>>, Error> {
        match self.advance(sensors) {
            Ok(true) => Ok(Some(self.event())),
            Ok(false) => Ok(None),
            Err(failure) => Err(self.error(*failure)),
        }
    }

    #[inline]
    pub(crate) fn advance(&mut self, sensors: &mut Sensors) -> Result<bool, Box<Failure>> {
        match &mut self.kind {
            Kind::Pcap(reader) => reader.advance(sensors),
            Kind::Pcapng(reader) => reader.advance(sensors),
            Kind::Hci(reader) => reader.advance(sensors),
            Kind::BugReport(reader) => reader.advance(sensors),
            Kind::Log(reader) => reader.advance(sensors),
        }
    }

    #[cold]
    pub(crate) fn error(&self, failure: Failure) -> Error {
        with_path(failure, &self.path)
    }

    #[inline]
    pub(crate) fn key(&self) -> Key {
        match &self.kind {
            Kind::Pcap(reader) => reader.key(),
            Kind::Pcapng(reader) => reader.key(),
            Kind::Hci(reader) => reader.key(),
            Kind::BugReport(reader) => reader.key(),
            Kind::Log(reader) => reader.key(),
        }
    }

    #[inline(always)]
    pub(crate) fn event(&self) -> Event<'_> {
        match &self.kind {
            Kind::Pcap(reader) => reader.event(),
            Kind::Pcapng(reader) => reader.event(),
            Kind::Hci(reader) => reader.event(),
            Kind::BugReport(reader) => reader.event(),
            Kind::Log(reader) => reader.event(),
        }
    }

    /// Whether a live run wrote it, with the place of everything in its order of arrival. Known from the first event on, whatever
    /// that is: the first packet may be torn.
    pub(crate) fn is_numbered(&self) -> bool {
        match &self.kind {
            Kind::Pcapng(reader) => reader.is_own(),
            Kind::Log(reader) => reader.is_numbered(),
            Kind::Pcap(_) | Kind::Hci(_) | Kind::BugReport(_) => false,
        }
    }

    /// What the file was recognised as.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.format
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &std::path::Path {
        &self.path
    }

    /// Bytes read so far, for progress (logs, which are read at once: the share given out).
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        match &self.kind {
            Kind::Pcap(reader) => reader.position(),
            Kind::Pcapng(reader) => reader.position(),
            Kind::Hci(reader) => reader.position(),
            Kind::BugReport(reader) => reader.position(),
            Kind::Log(reader) => reader.position(),
        }
    }

    /// Size of the file in bytes; 0 where it has none (a pipe).
    #[must_use]
    pub const fn total_bytes(&self) -> u64 {
        self.length
    }

    /// Which vehicle carries which sensor, where the file says (generic sightings).
    #[must_use]
    pub fn vehicles(&self) -> BTreeMap<u16, String> {
        match &self.kind {
            Kind::Log(reader) => reader.vehicles().clone(),
            _ => BTreeMap::new(),
        }
    }
}

/// Opens the reader of a format. A zip may turn out to be another format than its first bytes say.
fn open(
    format: Format,
    input: &Input,
    window: Window,
    length: u64,
    sensors: &mut Sensors,
) -> Result<(Format, Kind), Box<Failure>> {
    let name = input.sensor_name();
    let kind = match format {
        Format::Pcap => Kind::Pcap(Pcap::open(window, sensors.index(&name))?),
        Format::Pcapng => Kind::Pcapng(Pcapng::open(window, name)),
        Format::Btsnoop => Kind::Hci(HciLog::btsnoop(window, sensors.index(&name))?),
        Format::PacketLogger => {
            let big_endian = hci_log::packet_logger_order(window.bytes()).unwrap_or(true);
            Kind::Hci(HciLog::packet_logger(
                window,
                big_endian,
                sensors.index(&name),
            ))
        }
        Format::BugReport | Format::AirGuard if window.bytes().starts_with(b"PK") => {
            return open_zip(window, length, sensors.index(&name));
        }
        Format::Kismet => {
            let mut log = Log::new(length);
            kismet::read(&input.path, &mut log, sensors.index(&name))?;
            Kind::Log(finish(log)?)
        }
        Format::BugReport => {
            let (text, _) = load(window, length)?;
            Kind::BugReport(BugReport::from_text(&text, sensors.index(&name))?)
        }
        _ => {
            let (bytes, mut log) = load(window, length)?;
            read_log(format, &bytes, &mut log, input, sensors);
            Kind::Log(finish(log)?)
        }
    };
    Ok((format, kind))
}

fn open_zip(window: Window, length: u64, sensor: u16) -> Result<(Format, Kind), Box<Failure>> {
    let mut archive = zip::ZipArchive::new(window.into_source()?).map_err(|e| {
        Box::new(Failure::Unreadable {
            offset: length,
            what: format!("the zip: {e}"),
        })
    })?;
    if !archive.file_names().any(|n| n == airguard::BEACONS) {
        let report = BugReport::from_zip(&mut archive, sensor, length)?;
        return Ok((Format::BugReport, Kind::BugReport(report)));
    }
    let mut log = Log::new(length);
    let mut table = |name: &str| {
        let (bytes, damage) = bug_report::unpack(&mut archive, name, MAX_LOG);
        if let Some(damage) = damage {
            log.lose(damage.kind, damage.offset, damage.detail, false);
        }
        bytes
    };
    let (beacons, locations) = (table(airguard::BEACONS), table(airguard::LOCATIONS));
    airguard::read(&beacons, &locations, &mut log, sensor);
    Ok((Format::AirGuard, Kind::Log(finish(log)?)))
}

/// Reads a log that is held whole.
pub(crate) fn read_log(
    format: Format,
    bytes: &[u8],
    log: &mut Log,
    input: &Input,
    sensors: &mut Sensors,
) {
    let name = input.sensor_name();
    // Positions hold for every sensor, unless the input says for which.
    let whose = input.sensor.as_deref().filter(|_| format.is_positions());
    let whose = whose.map(|id| sensors.index(id));
    match format {
        Format::BleDoubt => bledoubt::read(bytes, log, sensors.index(&name)),
        Format::HomeScout => homescout::read(bytes, log, sensors.index(&name)),
        Format::Wigle => wigle::read(bytes, log, sensors.index(&name)),
        Format::SightingsJson => {
            sightings::read_json(
                bytes,
                &mut sightings::Context {
                    log,
                    sensors,
                    sensor: &name,
                },
            );
        }
        Format::SightingsCsv => {
            sightings::read_csv(
                bytes,
                &mut sightings::Context {
                    log,
                    sensors,
                    sensor: &name,
                },
            );
        }
        Format::Gpx => gpx::read(bytes, log, whose),
        Format::Nmea => nmea::read(bytes, log, whose),
        Format::PositionsJson => positions::read_json(bytes, log, sensors, whose),
        Format::PositionsCsv => positions::read_csv(bytes, log, sensors, whose),
        // The others are no logs held whole.
        _ => {}
    }
}

fn load(mut window: Window, length: u64) -> Result<(Vec<u8>, Log), Box<Failure>> {
    let (bytes, over) = window.read_rest(MAX_LOG)?;
    let mut log = Log::new(length);
    if over {
        log.lose(
            DamageKind::OverLimit,
            MAX_LOG,
            "a log of more than 1 GiB; the rest is not read",
            false,
        );
    }
    Ok((bytes, log))
}

/// A log of which nothing could be read is unreadable; one without any row is fine.
fn finish(log: Log) -> Result<LogReader, Box<Failure>> {
    match log.first_damage() {
        Some((offset, what)) if log.is_barren() => {
            Err(Box::new(Failure::Unreadable { offset, what }))
        }
        _ => Ok(log.into_reader()),
    }
}

#[cold]
fn with_path(failure: Failure, path: &std::path::Path) -> Error {
    let path = path.to_owned();
    match failure {
        Failure::Io(source) => Error::Io { path, source },
        Failure::Unreadable { offset, what } => Error::Unreadable { path, offset, what },
        Failure::Unrecognised { hint } => Error::Unrecognised { path, hint },
    }
}
