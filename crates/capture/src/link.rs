//! From a captured packet to the bytes of a frame, by link type (<https://www.tcpdump.org/linktypes.html>).

use vigie_decode::{Body, CrcCheck};

use crate::DamageKind;

/// Link types that carry Bluetooth LE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// 187, `BLUETOOTH_HCI_H4`.
    H4,
    /// 201, `BLUETOOTH_HCI_H4_WITH_PHDR`: 4 bytes of direction in front.
    H4WithDirection,
    /// 251, `BLUETOOTH_LE_LL`.
    LinkLayer,
    /// 254, `BLUETOOTH_LINUX_MONITOR`: adapter and opcode, both 16 bit big endian, in front.
    LinuxMonitor,
    /// 256, `BLUETOOTH_LE_LL_WITH_PHDR`: 10 bytes of radio data in front.
    LinkLayerRadio,
    /// 272, `NORDIC_BLE`: the nRF Sniffer's own head in front.
    Nordic,
}

impl Link {
    pub(crate) const fn from_number(number: u32) -> Option<Self> {
        match number {
            187 => Some(Self::H4),
            201 => Some(Self::H4WithDirection),
            251 => Some(Self::LinkLayer),
            254 => Some(Self::LinuxMonitor),
            256 => Some(Self::LinkLayerRadio),
            272 => Some(Self::Nordic),
            _ => None,
        }
    }
}

/// How the bytes of a frame are to be read: [`vigie_decode::Body`] without the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyKind {
    LinkLayer(CrcCheck),
    H4,
    HciEvent,
}

impl BodyKind {
    #[inline]
    pub(crate) const fn with(self, bytes: &[u8]) -> Body<'_> {
        match self {
            Self::LinkLayer(crc) => Body::LinkLayer { bytes, crc },
            Self::H4 => Body::H4(bytes),
            Self::HciEvent => Body::HciEvent(bytes),
        }
    }
}

/// Where the bytes of a frame are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the packet, from this byte to its end.
    From(usize),
    /// Put together in the scratch buffer, because they do not lie together in the packet.
    Scratch,
}

/// One packet, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Packet {
    pub(crate) rssi: Option<i8>,
    pub(crate) channel: Option<u8>,
    pub(crate) body: BodyKind,
    pub(crate) place: Place,
}

/// What a packet turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    Frame(Packet),
    /// Something else than a frame, by design (adapter announcements, log messages).
    NoFrame,
    Damaged(DamageKind, &'static str),
}

const SHORT: Reading = Reading::Damaged(DamageKind::ShortPacket, "shorter than its link type's head");

/// Reads one packet.
#[inline]
pub(crate) fn read(link: Link, packet: &[u8], scratch: &mut Vec<u8>) -> Reading {
    match link {
        Link::LinkLayerRadio => radio(packet, scratch),
        Link::Nordic => nordic(packet, scratch),
        Link::LinkLayer => Reading::Frame(Packet {
            rssi: None,
            channel: None,
            body: BodyKind::LinkLayer(CrcCheck::Unknown),
            place: Place::From(0),
        }),
        Link::H4 => hci(BodyKind::H4, Place::From(0)),
        Link::H4WithDirection if packet.len() >= 4 => hci(BodyKind::H4, Place::From(4)),
        Link::LinuxMonitor => match packet.split_first_chunk::<4>() {
            Some((&[_, _, high, low], _)) => {
                monitor(u16::from_be_bytes([high, low]), packet, 4, scratch)
            }
            None => SHORT,
        },
        Link::H4WithDirection => SHORT,
    }
}

const fn hci(body: BodyKind, place: Place) -> Reading {
    Reading::Frame(Packet { rssi: None, channel: None, body, place })
}

/// An HCI packet of a kind told outside of it: events are lent as they are, the others get their H4 indicator put in front.
pub(crate) fn typed_hci(indicator: u8, packet: &[u8], head: usize, scratch: &mut Vec<u8>) -> Reading {
    if indicator == 0x04 {
        return hci(BodyKind::HciEvent, Place::From(head));
    }
    scratch.clear();
    scratch.push(indicator);
    scratch.extend_from_slice(packet.get(head..).unwrap_or_default());
    hci(BodyKind::H4, Place::Scratch)
}

/// A record of the Linux monitor channel (BlueZ, `doc/btsnoop.txt`: opcodes).
pub(crate) fn monitor(opcode: u16, packet: &[u8], head: usize, scratch: &mut Vec<u8>) -> Reading {
    match opcode {
        2 => typed_hci(0x01, packet, head, scratch),
        3 => typed_hci(0x04, packet, head, scratch),
        4 | 5 => typed_hci(0x02, packet, head, scratch),
        6 | 7 => typed_hci(0x03, packet, head, scratch),
        18 | 19 => typed_hci(0x05, packet, head, scratch),
        _ => Reading::NoFrame,
    }
}

/// RSSI 0 and 127 mean unknown.
#[inline]
pub(crate) const fn known_rssi(rssi: i8) -> Option<i8> {
    if rssi == 0 || rssi == 127 { None } else { Some(rssi) }
}

/// Channel index of RF channel 0..=39 (2402 + 2k MHz; Core Specification Vol 6 Part B 1.4.1).
#[inline]
pub(crate) const fn channel_of_rf(rf: u8) -> Option<u8> {
    match rf {
        0 => Some(37),
        1..=11 => Some(rf - 1),
        12 => Some(38),
        13..=38 => Some(rf - 2),
        39 => Some(39),
        _ => None,
    }
}

/// Link type 256. Flags: 0x0001 dewhitened, 0x0002 signal valid, 0x0400 CRC checked, 0x0800 CRC valid, bits 14-15 PHY (2 is coded).
#[inline]
fn radio(packet: &[u8], scratch: &mut Vec<u8>) -> Reading {
    let Some((&[rf, signal, _, _, _, _, _, _, low, high], air)) = packet.split_first_chunk::<10>()
    else {
        return SHORT;
    };
    let flags = u16::from_le_bytes([low, high]);
    if flags & 0x0001 == 0 {
        return Reading::Damaged(DamageKind::Unsupported, "still whitened");
    }
    let crc = match flags & 0x0C00 {
        0x0C00 => CrcCheck::Valid,
        0x0400 => CrcCheck::Invalid,
        _ => CrcCheck::Unknown,
    };
    let place = if flags >> 14 == 2 { without_coding(air, scratch) } else { Some(Place::From(10)) };
    let Some(place) = place else { return SHORT };
    Reading::Frame(Packet {
        rssi: if flags & 0x0002 == 0 { None } else { known_rssi(signal as i8) },
        channel: channel_of_rf(rf),
        body: BodyKind::LinkLayer(crc),
        place,
    })
}

/// On the coded PHY a coding indicator (one byte) stands between access address and PDU: taken out.
#[cold]
fn without_coding(air: &[u8], scratch: &mut Vec<u8>) -> Option<Place> {
    let (access_address, rest) = air.split_at_checked(4)?;
    let (_, pdu) = rest.split_first()?;
    scratch.clear();
    scratch.extend_from_slice(access_address);
    scratch.extend_from_slice(pdu);
    Some(Place::Scratch)
}

/// Link type 272, as the nRF Sniffer's Wireshark plug-in writes it: board, then 6 bytes of transport head
/// (version 1: head length, payload length; versions 2 and 3: payload length 16 bit; then version, counter, packet id),
/// then the event head (length, flags, channel, level as a positive number, event counter, time), then the packet.
/// Firmware 0.9.7 has 0xBEEF in front and no board; its fields fall on the same bytes.
/// The padding byte that the firmware puts behind the link-layer header is already taken out in such files.
fn nordic(packet: &[u8], scratch: &mut Vec<u8>) -> Reading {
    const HEAD: usize = 17;
    let Some((&head, air)) = packet.split_first_chunk::<HEAD>() else { return SHORT };
    let legacy = head[0] == 0xBE && head[1] == 0xEF;
    let version = head[3];
    if !legacy && !(1..=3).contains(&version) {
        return Reading::Damaged(DamageKind::Unsupported, "unknown protocol version of the sniffer");
    }
    let stated = if version == 1 {
        usize::from(head[2])
    } else {
        usize::from(u16::from_le_bytes([head[1], head[2]]))
    };
    if !legacy && stated != packet.len() - 7 {
        return Reading::Damaged(DamageKind::ImpossibleLength, "stated length is not the packet's");
    }
    let event_head = head[7];
    if !legacy && event_head != 10 {
        return Reading::Damaged(DamageKind::Unsupported, "unknown length of the event head");
    }
    let (flags, channel, level) = (head[8], head[9], head[10]);
    let coded = !legacy && version >= 2 && (flags >> 4) & 7 == 2;
    let place = if coded { without_coding(air, scratch) } else { Some(Place::From(HEAD)) };
    let Some(place) = place else { return SHORT };
    Reading::Frame(Packet {
        rssi: i8::try_from(-i16::from(level)).ok().and_then(known_rssi),
        channel: if channel < 40 { Some(channel) } else { None },
        body: BodyKind::LinkLayer(if flags & 1 == 1 { CrcCheck::Valid } else { CrcCheck::Invalid }),
        place,
    })
}
