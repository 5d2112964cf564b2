//! From a captured packet to the bytes of a frame, by link type (<https://www.tcpdump.org/linktypes.html>).

use vigie_decode::{Body, CrcCheck};

use crate::DamageKind;
use crate::reader::Failure;

/// Link types that carry Bluetooth LE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// 187, `BLUETOOTH_HCI_H4`.
    H4,
    /// 201, `BLUETOOTH_HCI_H4_WITH_PHDR`: 4 bytes of direction in front.
    H4WithDirection,
    /// 251, `BLUETOOTH_LE_LL`.
    Air,
    /// 254, `BLUETOOTH_LINUX_MONITOR`: adapter and opcode, both 16 bit big endian, in front.
    LinuxMonitor,
    /// 256, `BLUETOOTH_LE_LL_WITH_PHDR`: 10 bytes of radio data in front.
    AirRadio,
    /// 272, `NORDIC_BLE`: the nRF Sniffer's own head in front.
    Nordic,
    /// 147, for private use: a sighting without a frame, written by a live run of ours (`own_records`).
    OwnSighting,
    /// 148, for private use: what a live run of ours said of a sensor or of itself.
    OwnStatus,
}

impl Link {
    pub(crate) const fn from_number(number: u32) -> Option<Self> {
        match number {
            187 => Some(Self::H4),
            201 => Some(Self::H4WithDirection),
            251 => Some(Self::Air),
            254 => Some(Self::LinuxMonitor),
            256 => Some(Self::AirRadio),
            272 => Some(Self::Nordic),
            _ => None,
        }
    }

    /// Link types for private use, in files of our own.
    pub(crate) const fn of_ours(number: u32) -> Option<Self> {
        match number {
            147 => Some(Self::OwnSighting),
            148 => Some(Self::OwnStatus),
            _ => None,
        }
    }
}

/// The failure of a file that holds nothing but such a link type.
pub(crate) fn foreign(file: &str, number: u32) -> Box<Failure> {
    let hint = format!(
        "{file} of link type {number}, which carries no Bluetooth LE that is read here (187, 201, 251, 254, 256, 272)"
    );
    Box::new(Failure::Unrecognised { hint })
}

/// RSSI 0 and 127 mean unknown.
pub(crate) const fn known_rssi(rssi: i8) -> Option<i8> {
    if rssi == 0 || rssi == 127 {
        None
    } else {
        Some(rssi)
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

/// One packet, read. Small enough for a register: this is passed around once per frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Packet {
    /// dBm, 0 unknown.
    pub(crate) rssi: i8,
    /// Channel index, or [`NO_CHANNEL`].
    pub(crate) channel: u8,
    pub(crate) body: BodyKind,
    /// How many bytes of the packet stand before the frame; [`IN_SCRATCH`]: the frame was put together in the scratch
    /// buffer, because its bytes do not lie together in the packet.
    pub(crate) head: u8,
}

pub(crate) const NO_CHANNEL: u8 = 0xFF;
pub(crate) const IN_SCRATCH: u8 = 0xFF;

/// Why a packet is no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotRead {
    /// By design: adapter announcements, log messages.
    NoFrame,
    Short,
    SnifferVersion,
    SnifferLength,
    SnifferHead,
}

impl NotRead {
    /// As damage; `None` where it is none.
    pub(crate) const fn damage(self) -> Option<(DamageKind, &'static str)> {
        Some(match self {
            Self::NoFrame => return None,
            Self::Short => (DamageKind::ShortPacket, "shorter than its link type's head"),
            Self::SnifferVersion => (
                DamageKind::Unsupported,
                "unknown protocol version of the sniffer",
            ),
            Self::SnifferLength => (
                DamageKind::ImpossibleLength,
                "the stated length is not the packet's",
            ),
            Self::SnifferHead => (
                DamageKind::Unsupported,
                "unknown length of the sniffer's event head",
            ),
        })
    }
}

type Reading = Result<Packet, NotRead>;

/// Reads one packet.
#[inline]
pub(crate) fn read(link: Link, packet: &[u8], scratch: &mut Vec<u8>) -> Reading {
    if link == Link::AirRadio {
        radio(packet, scratch)
    } else {
        other(link, packet, scratch)
    }
}

#[inline(never)]
fn other(link: Link, packet: &[u8], scratch: &mut Vec<u8>) -> Reading {
    match link {
        Link::AirRadio => radio(packet, scratch),
        Link::Nordic => nordic(packet, scratch),
        Link::Air => Ok(Packet {
            rssi: 0,
            channel: NO_CHANNEL,
            body: BodyKind::LinkLayer(CrcCheck::Unknown),
            head: 0,
        }),
        Link::H4 => hci(BodyKind::H4, 0),
        Link::H4WithDirection if packet.len() >= 4 => hci(BodyKind::H4, 4),
        Link::LinuxMonitor => match packet.split_first_chunk::<4>() {
            Some((&[_, _, high, low], _)) => {
                monitor(u16::from_be_bytes([high, low]), packet, 4, scratch)
            }
            None => Err(NotRead::Short),
        },
        Link::H4WithDirection => Err(NotRead::Short),
        // Read apart: they hold no frame.
        Link::OwnSighting | Link::OwnStatus => Err(NotRead::NoFrame),
    }
}

const fn hci(body: BodyKind, head: u8) -> Reading {
    Ok(Packet {
        rssi: 0,
        channel: NO_CHANNEL,
        body,
        head,
    })
}

/// An HCI packet of a kind told outside of it: events are lent as they are, the others get their H4 indicator put in front.
pub(crate) fn typed_hci(indicator: u8, packet: &[u8], head: u8, scratch: &mut Vec<u8>) -> Reading {
    if indicator == 0x04 {
        return hci(BodyKind::HciEvent, head);
    }
    scratch.clear();
    scratch.push(indicator);
    scratch.extend_from_slice(packet.get(usize::from(head)..).unwrap_or_default());
    hci(BodyKind::H4, IN_SCRATCH)
}

/// A record of the Linux monitor channel (BlueZ, `doc/btsnoop.txt`: opcodes).
pub(crate) fn monitor(opcode: u16, packet: &[u8], head: u8, scratch: &mut Vec<u8>) -> Reading {
    match opcode {
        2 => typed_hci(0x01, packet, head, scratch),
        3 => typed_hci(0x04, packet, head, scratch),
        4 | 5 => typed_hci(0x02, packet, head, scratch),
        6 | 7 => typed_hci(0x03, packet, head, scratch),
        18 | 19 => typed_hci(0x05, packet, head, scratch),
        _ => Err(NotRead::NoFrame),
    }
}

/// Channel index of RF channel 0..=39 (2402 + 2k MHz; Core Specification Vol 6 Part B 1.4.1).
#[inline]
const fn channel_of_rf(rf: u8) -> u8 {
    match rf {
        0 => 37,
        1..=11 => rf - 1,
        12 => 38,
        13..=38 => rf - 2,
        39 => 39,
        _ => NO_CHANNEL,
    }
}

/// Link type 256. Flags: 0x0001 dewhitened, 0x0002 signal valid, 0x0400 CRC checked, 0x0800 CRC valid, bits 14-15 PHY (2 is coded).
#[inline]
fn radio(packet: &[u8], scratch: &mut Vec<u8>) -> Reading {
    let Some((&[rf, signal, _, _, _, _, _, _, low, high], air)) = packet.split_first_chunk::<10>()
    else {
        return Err(NotRead::Short);
    };
    let flags = u16::from_le_bytes([low, high]);
    // Many writers leave the first flag out. Without it the packet is read as it stands, and the CRC, computed,
    // tells a packet that is whitened indeed.
    let crc = match flags & 0x0C01 {
        0x0C01 => CrcCheck::Valid,
        0x0401 => CrcCheck::Invalid,
        _ => CrcCheck::Unknown,
    };
    let head = if flags >> 14 == 2 {
        without_coding(air, scratch)?
    } else {
        10
    };
    Ok(Packet {
        rssi: if flags & 0x0002 == 0 || signal == 127 {
            0
        } else {
            signal as i8
        },
        channel: channel_of_rf(rf),
        body: BodyKind::LinkLayer(crc),
        head,
    })
}

/// On the coded PHY a coding indicator (one byte) stands between access address and PDU: taken out.
#[cold]
fn without_coding(air: &[u8], scratch: &mut Vec<u8>) -> Result<u8, NotRead> {
    let (access_address, rest) = air.split_at_checked(4).ok_or(NotRead::Short)?;
    let (_, pdu) = rest.split_first().ok_or(NotRead::Short)?;
    scratch.clear();
    scratch.extend_from_slice(access_address);
    scratch.extend_from_slice(pdu);
    Ok(IN_SCRATCH)
}

/// Link type 272, as the nRF Sniffer's Wireshark plug-in writes it: board, then 6 bytes of transport head
/// (version 1: head length, payload length; versions 2 and 3: payload length 16 bit; then version, counter, packet id),
/// then the event head (length, flags, channel, level as a positive number, event counter, time), then the packet.
/// Firmware 0.9.7 has 0xBEEF in front and no board; its fields fall on the same bytes.
/// The padding byte that the firmware puts behind the link-layer header is already taken out in such files.
fn nordic(packet: &[u8], scratch: &mut Vec<u8>) -> Reading {
    const HEAD: usize = 17;
    let (head, air) = packet.split_first_chunk::<HEAD>().ok_or(NotRead::Short)?;
    let legacy = head[0] == 0xBE && head[1] == 0xEF;
    let version = head[3];
    if !legacy {
        let stated = match version {
            1 => usize::from(head[2]),
            2 | 3 => usize::from(u16::from_le_bytes([head[1], head[2]])),
            _ => return Err(NotRead::SnifferVersion),
        };
        if stated != packet.len() - 7 {
            return Err(NotRead::SnifferLength);
        }
        if head[7] != 10 {
            return Err(NotRead::SnifferHead);
        }
    }
    let (flags, channel, level) = (head[8], head[9], head[10]);
    let coded = !legacy && version >= 2 && (flags >> 4) & 7 == 2;
    Ok(Packet {
        rssi: i8::try_from(-i16::from(level)).unwrap_or(0),
        channel: if channel < 40 { channel } else { NO_CHANNEL },
        body: BodyKind::LinkLayer(if flags & 1 == 1 {
            CrcCheck::Valid
        } else {
            CrcCheck::Invalid
        }),
        head: if coded {
            without_coding(air, scratch)?
        } else {
            HEAD as u8
        },
    })
}
