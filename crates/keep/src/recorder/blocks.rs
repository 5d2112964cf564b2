//! Blocks of a pcapng file, little endian (<https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html>).

use vigie_decode::{Body, CrcCheck, Frame, Status};

use crate::decode_line::Hex;

/// `LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR`.
const AIR_RADIO: u16 = 256;
/// `LINKTYPE_BLUETOOTH_HCI_H4_WITH_PHDR`.
const HCI: u16 = 201;
/// For private use: a sighting from a source that shows no frames, as JSON.
const SIGHTING: u16 = 147;
/// For private use: what a sensor or the run says of itself, as JSON.
const STATUS: u16 = 148;
/// Interfaces of every segment, in their order.
const INTERFACES: [u16; 4] = [AIR_RADIO, HCI, SIGHTING, STATUS];

const END: u16 = 0;
const COMMENT: u16 = 1;
const HARDWARE: u16 = 2;
const SYSTEM: u16 = 3;
const APPLICATION: u16 = 4;
const IF_NAME: u16 = 2;
const IF_DESCRIPTION: u16 = 3;
const IF_RESOLUTION: u16 = 9;
const PACKET_ID: u16 = 5;

/// What comes from a sensor or a position, and when it arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Place in the order of arrival over all sensors and positions: what the run judged it by.
    pub number: u64,
    /// Time of the run, µs since 1970.
    pub time_us: i64,
    /// It came after later ones were already judged.
    pub late: bool,
}

/// Section header and interface descriptions: how a segment begins.
pub(crate) fn head(out: &mut Vec<u8>, sensor: &str, description: &str, comment: &str) {
    block(out, 0x0A0D_0D0A, |b| {
        b.extend(0x1A2B_3C4D_u32.to_le_bytes());
        b.extend(1_u16.to_le_bytes());
        b.extend(0_u16.to_le_bytes());
        b.extend((-1_i64).to_le_bytes());
        option(b, COMMENT, comment.as_bytes());
        option(b, HARDWARE, std::env::consts::ARCH.as_bytes());
        option(b, SYSTEM, std::env::consts::OS.as_bytes());
        let application = concat!("vigie ", env!("CARGO_PKG_VERSION"));
        option(b, APPLICATION, application.as_bytes());
        option(b, END, &[]);
    });
    for link in INTERFACES {
        block(out, 1, |b| {
            b.extend(link.to_le_bytes());
            b.extend([0; 6]);
            option(b, IF_NAME, sensor.as_bytes());
            option(b, IF_DESCRIPTION, description.as_bytes());
            option(b, IF_RESOLUTION, &[6]);
            option(b, END, &[]);
        });
    }
}

/// A frame as an enhanced packet block.
pub(crate) fn frame(out: &mut Vec<u8>, arrival: Arrival, frame: &Frame<'_>) {
    match frame.body {
        Body::LinkLayer { bytes, crc } => packet(out, arrival, 0, |b| {
            b.extend(radio_head(frame, crc));
            b.extend(bytes);
        }),
        Body::H4(bytes) => packet(out, arrival, 1, |b| {
            // Direction: from the controller.
            b.extend(1_u32.to_be_bytes());
            b.extend(bytes);
        }),
        Body::HciEvent(bytes) => packet(out, arrival, 1, |b| {
            b.extend(1_u32.to_be_bytes());
            b.push(0x04);
            b.extend(bytes);
        }),
        Body::Row(row) => {
            let sighting = serde_json::json!({
                "address": row.address,
                "address_type": row.address_kind,
                "payload": row.payload.map(Hex),
                "rssi": frame.rssi,
            });
            packet(out, arrival, 2, |b| b.extend(sighting.to_string().bytes()));
        }
    }
}

/// What a sensor or the run says of itself.
pub(crate) fn status(out: &mut Vec<u8>, arrival: Arrival, status: &Status, detail: &str) {
    let said = serde_json::json!({
        "run": status.sensor.is_none(),
        "condition": status.condition.as_str(),
        "value": status.value,
        "detail": detail,
    });
    packet(out, arrival, 3, |b| b.extend(said.to_string().bytes()));
}

/// Bytes that were no packet.
pub(crate) fn damage(out: &mut Vec<u8>, arrival: Arrival, kind: &str, detail: &str) {
    let said = serde_json::json!({"condition": "damage", "damage": kind, "detail": detail});
    packet(out, arrival, 3, |b| b.extend(said.to_string().bytes()));
}

/// The ten bytes in front of a link-layer packet.
fn radio_head(frame: &Frame<'_>, crc: CrcCheck) -> [u8; 10] {
    // Dewhitened; signal valid; CRC checked; CRC valid.
    let mut flags = 0x0001_u16;
    if frame.rssi.is_some() {
        flags |= 0x0002;
    }
    flags |= match crc {
        CrcCheck::Valid => 0x0C00,
        CrcCheck::Invalid => 0x0400,
        CrcCheck::Unknown => 0,
    };
    let rf = frame.channel.map_or(0xFF, rf_of_channel);
    let signal = frame.rssi.unwrap_or(0) as u8;
    let [low, high] = flags.to_le_bytes();
    [rf, signal, 0, 0, 0, 0, 0, 0, low, high]
}

/// RF channel of a channel index (Core Specification Vol 6 Part B 1.4.1).
const fn rf_of_channel(channel: u8) -> u8 {
    match channel {
        37 => 0,
        0..=10 => channel + 1,
        38 => 12,
        11..=36 => channel + 2,
        39 => 39,
        _ => 0xFF,
    }
}

fn packet(out: &mut Vec<u8>, arrival: Arrival, interface: u32, write: impl FnOnce(&mut Vec<u8>)) {
    block(out, 6, |b| {
        let time = arrival.time_us.max(0) as u64;
        b.extend(interface.to_le_bytes());
        b.extend(((time >> 32) as u32).to_le_bytes());
        b.extend((time as u32).to_le_bytes());
        let lengths = b.len();
        b.extend([0; 8]);
        let start = b.len();
        write(b);
        let length = (b.len() - start) as u32;
        for at in [lengths, lengths + 4] {
            if let Some(place) = b.get_mut(at..at + 4) {
                place.copy_from_slice(&length.to_le_bytes());
            }
        }
        b.resize(start + (b.len() - start).next_multiple_of(4), 0);
        if arrival.late {
            option(b, COMMENT, b"late");
        }
        option(b, PACKET_ID, &arrival.number.to_le_bytes());
        option(b, END, &[]);
    });
}

/// A block; its length stands before and behind.
fn block(out: &mut Vec<u8>, kind: u32, write: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend(kind.to_le_bytes());
    out.extend([0; 4]);
    write(out);
    let length = (out.len() - start + 4) as u32;
    out.extend(length.to_le_bytes());
    if let Some(place) = out.get_mut(start + 4..start + 8) {
        place.copy_from_slice(&length.to_le_bytes());
    }
}

/// An option; longer values than its length field holds are cut.
fn option(out: &mut Vec<u8>, code: u16, value: &[u8]) {
    let value = value.get(..usize::from(u16::MAX)).unwrap_or(value);
    out.extend(code.to_le_bytes());
    out.extend((value.len() as u16).to_le_bytes());
    let end = out.len() + value.len().next_multiple_of(4);
    out.extend(value);
    out.resize(end, 0);
}
