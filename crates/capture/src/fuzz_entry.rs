//! Entry points for the fuzz targets: each reads arbitrary bytes as one format and drains what comes out.

use std::hint::black_box;
use std::path::PathBuf;

use crate::bug_report::BugReport;
use crate::format::Format;
use crate::hci_log::HciLog;
use crate::log::Log;
use crate::pcap::Pcap;
use crate::pcapng::Pcapng;
use crate::reader::{Failure, Reader};
use crate::window::Window;
use crate::{Event, Input, Recording, Sensors, airguard, recording};

fn drain(mut reader: impl Reader, sensors: &mut Sensors) -> Result<(), Box<Failure>> {
    let mut before = 0;
    while reader.advance(sensors)? {
        black_box((reader.key(), reader.event()));
        // Reading never goes backwards.
        assert!(
            reader.position() >= before,
            "went back to {}",
            reader.position()
        );
        before = reader.position();
    }
    Ok(())
}

fn window(bytes: &[u8]) -> Window {
    Window::new(Box::new(std::io::Cursor::new(bytes.to_vec())))
}

/// Whatever the content is, through recognition.
fn recording(bytes: &[u8]) {
    let input = Input {
        path: PathBuf::from("fuzz"),
        sensor: None,
    };
    let mut sensors = Sensors::new();
    let Ok(mut recording) = Recording::from_bytes(&input, bytes.to_vec(), &mut sensors) else {
        return;
    };
    while let Ok(Some(event)) = recording.next(&mut sensors) {
        if let Event::Frame(frame) = &event {
            black_box(frame.time_us);
        }
        black_box(&event);
    }
}

/// A log that is held whole, as one format, whatever it looks like.
fn log(format: Format, bytes: &[u8]) {
    let input = Input {
        path: PathBuf::from("fuzz"),
        sensor: None,
    };
    let mut sensors = Sensors::new();
    let mut log = Log::new(bytes.len() as u64);
    recording::read_log(format, bytes, &mut log, &input, &mut sensors);
    let _ = drain(log.into_reader(), &mut sensors);
}

/// pcap and pcapng, and anything through recognition.
pub fn pcap(bytes: &[u8]) {
    recording(bytes);
    let mut sensors = Sensors::new();
    let _ = Pcap::open(window(bytes), 0).and_then(|reader| drain(reader, &mut sensors));
    let _ = drain(Pcapng::open(window(bytes), "fuzz".to_owned()), &mut sensors);
}

/// btsnoop and PacketLogger.
pub fn btsnoop(bytes: &[u8]) {
    recording(bytes);
    let mut sensors = Sensors::new();
    let _ = HciLog::btsnoop(window(bytes), 0).and_then(|reader| drain(reader, &mut sensors));
    for big_endian in [false, true] {
        let _ = drain(
            HciLog::packet_logger(window(bytes), big_endian, 0),
            &mut sensors,
        );
    }
}

/// Bug reports, as zip and as text.
pub fn bugreport(bytes: &[u8]) {
    recording(bytes);
    let mut sensors = Sensors::new();
    let _ = BugReport::from_text(bytes, 0).and_then(|reader| drain(reader, &mut sensors));
}

/// BLE-Doubt's JSON.
pub fn bledoubt(bytes: &[u8]) {
    log(Format::BleDoubt, bytes);
}

/// The logs that are tables: HomeScout, WiGLE, generic sightings.
pub fn csv_logs(bytes: &[u8]) {
    for format in [Format::HomeScout, Format::Wigle, Format::SightingsCsv] {
        log(format, bytes);
    }
}

/// Generic sightings as JSON lines.
pub fn sightings_json(bytes: &[u8]) {
    log(Format::SightingsJson, bytes);
}

/// AirGuard's tables: the beacons up to the first NUL, behind it the locations.
pub fn airguard(bytes: &[u8]) {
    let mut parts = bytes.splitn(2, |&b| b == 0);
    let (beacons, locations) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    let mut log = Log::new(bytes.len() as u64);
    airguard::read(beacons, locations, &mut log, 0);
    let _ = drain(log.into_reader(), &mut Sensors::new());
}

/// Positions in all formats, and anything through recognition; each line as a sentence that comes live.
pub fn positions(bytes: &[u8]) {
    #[cfg(feature = "live")]
    for line in bytes.split(|&b| b == b'\n') {
        let _ = black_box(crate::nmea::place(line, 0));
    }
    recording(bytes);
    for format in [
        Format::Gpx,
        Format::Nmea,
        Format::PositionsCsv,
        Format::PositionsJson,
    ] {
        log(format, bytes);
    }
}

/// Lines of a Sniffle sniffer.
#[cfg(feature = "live")]
pub fn live_sniffle(bytes: &[u8]) {
    crate::live::sniffle_line::fuzz(bytes);
}

/// Frames of an nRF Sniffer.
#[cfg(feature = "live")]
pub fn live_nrf(bytes: &[u8]) {
    crate::live::nrf_frames::fuzz(bytes);
}

/// `case.toml`.
pub fn case_toml(bytes: &[u8]) {
    let _ = black_box(crate::case::from_bytes(bytes));
}

/// The bytes of a live controller, as they come in pieces.
#[cfg(feature = "live")]
pub fn live_h4(bytes: &[u8]) {
    crate::live::framing::fuzz(bytes);
}

/// Lines of a live gpsd.
#[cfg(feature = "live")]
pub fn live_gpsd(bytes: &[u8]) {
    for line in bytes.split(|&b| b == b'\n') {
        crate::live::gpsd::fuzz(line);
    }
}

/// What a gateway publishes.
#[cfg(feature = "live")]
pub fn gateway_message(bytes: &[u8]) {
    if let Ok((packet, _)) = crate::live::gateway_message::sighting(bytes) {
        check_structures(&packet);
    }
}

/// Properties of a device as they come over D-Bus, and the advertisement put together from them.
#[cfg(feature = "live")]
pub fn bluez_device(bytes: &[u8]) {
    if let Some(packet) = crate::live::bluez_device::from_wire(bytes) {
        check_structures(&packet);
    }
}

/// What was put together is whole: every structure has its length.
#[cfg(feature = "live")]
fn check_structures(packet: &crate::live::Packet) {
    let crate::live::Packet::Row {
        payload: Some(payload),
        ..
    } = packet
    else {
        return;
    };
    for structure in vigie_decode::AdStructures::new(payload) {
        assert!(structure.is_ok(), "{payload:02x?}");
    }
}
