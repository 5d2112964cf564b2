//! LE advertising reports in HCI events (Core Specification Vol 4 Part E 7.7.65.2, .11 and .13).
//!
//! The specification writes the fields of several reports as arrays, field by field. Controllers and hosts (Linux,
//! bt-hci) put report after report; so does this. With one report, the usual case, both are the same.

use crate::decoder::{Decoded, Decoder, Malformed, MalformedKind, address_kind, known_rssi};
use crate::extended::CHAIN_DATA_MAX;
use crate::recent::Recent;
use crate::{Address, AddressKind, Advertisement, Frame, PduType, Sender};

/// H4 packet indicator of an event (Vol 4 Part A 2).
pub(crate) const H4_EVENT: u8 = 0x04;
const LE_META: u8 = 0x3E;
const ADVERTISING_REPORT: u8 = 0x02;
const DIRECTED_ADVERTISING_REPORT: u8 = 0x0B;
const EXTENDED_ADVERTISING_REPORT: u8 = 0x0D;
const LEGACY_DATA_MAX: usize = 31;
const ANONYMOUS: u8 = 0xFF;

/// What names a set whose data come in several reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct SetKey {
    address: [u8; 6],
    address_type: u8,
    set: u8,
    response: bool,
}

/// Begun reports of one sensor.
#[derive(Debug, Default)]
pub(crate) struct ReportFragments {
    recent: Recent<SetKey, Begun>,
}

#[derive(Debug, Default)]
struct Begun {
    data: Vec<u8>,
    /// More is to come.
    open: bool,
    /// More came than a chain may carry.
    overflowed: bool,
}

/// Reads fields one after the other and knows where it is in the frame.
struct Cursor<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Cursor<'a> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.bytes.split_first_chunk::<N>()?;
        self.bytes = rest;
        self.offset += N;
        Some(*taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take::<1>().map(|[byte]| byte)
    }

    fn slice(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        self.offset += length;
        Some(taken)
    }
}

/// Reads an event; `offset` is where it begins in the bytes of the frame.
pub(crate) fn event(
    decoder: &mut Decoder,
    frame: &Frame<'_>,
    event: &[u8],
    offset: usize,
    sink: &mut dyn FnMut(Decoded<'_>),
) {
    let &[LE_META, length, ref parameters @ ..] = event else {
        return;
    };
    let length = usize::from(length);
    let mut cursor = Cursor {
        bytes: parameters.get(..length).unwrap_or(parameters),
        offset: offset + 2,
    };
    let Some(subevent) = cursor.byte() else {
        return;
    };
    if !matches!(
        subevent,
        ADVERTISING_REPORT | DIRECTED_ADVERTISING_REPORT | EXTENDED_ADVERTISING_REPORT
    ) {
        return;
    }
    let fragments = decoder.fragments.entry(frame.sensor).or_default();
    let Some(count) = cursor.byte() else {
        return sink(cut(frame, cursor.offset, &[]));
    };
    for _ in 0..count {
        let rest = cursor.bytes;
        let read = match subevent {
            ADVERTISING_REPORT => legacy(frame, &mut cursor).map(&mut *sink),
            DIRECTED_ADVERTISING_REPORT => directed(frame, &mut cursor).map(&mut *sink),
            _ => extended(fragments, frame, &mut cursor).map(&mut *sink),
        };
        if read.is_none() {
            return sink(cut(frame, cursor.offset + cursor.bytes.len(), rest));
        }
    }
    if !cursor.bytes.is_empty() || parameters.len() != length {
        let mut damage = blank(frame, MalformedKind::HciLength, cursor.offset);
        damage.payload = cursor.bytes;
        sink(Decoded::Malformed(damage));
    }
}

fn cut<'e>(frame: &Frame<'_>, offset: usize, payload: &'e [u8]) -> Decoded<'e> {
    let mut damage = blank(frame, MalformedKind::Truncated, offset);
    damage.payload = payload;
    Decoded::Malformed(damage)
}

fn blank<'e>(frame: &Frame<'_>, kind: MalformedKind, offset: usize) -> Malformed<'e> {
    Malformed {
        kind,
        offset,
        adva: None,
        pdu: None,
        address_kind: None,
        payload: &[],
        rssi: known_rssi(frame.rssi),
        channel: frame.channel,
    }
}

/// The fields that all reports share.
struct Report<'e> {
    /// Where it begins in the bytes of the frame.
    offset: usize,
    pdu: Option<PduType>,
    address_type: u8,
    address: [u8; 6],
    target: Option<Address>,
    data: &'e [u8],
    rssi: u8,
    complete: bool,
}

impl<'e> Report<'e> {
    fn decoded(self, frame: &Frame<'_>) -> Decoded<'e> {
        let rssi = known_rssi(Some(self.rssi.cast_signed()));
        let address = Address::from_le(self.address);
        // Types 2 and 3 are addresses that the controller has resolved: public and static random identities.
        let (adva, address_kind) = match self.address_type {
            0 | 2 => (Some(address), address_kind(address, false)),
            1 | 3 => (Some(address), address_kind(address, true)),
            _ => (None, None::<AddressKind>),
        };
        let damage = |kind, offset| {
            Decoded::Malformed(Malformed {
                adva: Some(address),
                pdu: self.pdu,
                address_kind,
                payload: self.data,
                rssi,
                ..blank(frame, kind, offset)
            })
        };
        if self.pdu.is_none() {
            return damage(MalformedKind::Reserved, self.offset);
        }
        match adva {
            Some(adva) => Decoded::Advertisement(Advertisement {
                pdu: self.pdu,
                sender: Sender::Address(adva),
                address_kind,
                peer: self.target,
                payload: self.data,
                rssi,
                channel: frame.channel,
                complete: self.complete,
            }),
            None if self.address_type == ANONYMOUS => Decoded::Other {
                pdu: self.pdu,
                access_address: None,
                rssi,
                channel: frame.channel,
            },
            None => damage(MalformedKind::Reserved, self.offset),
        }
    }
}

fn legacy<'e>(frame: &Frame<'_>, cursor: &mut Cursor<'e>) -> Option<Decoded<'e>> {
    let offset = cursor.offset;
    let [event_type, address_type] = cursor.take()?;
    let address = cursor.take()?;
    let length = usize::from(cursor.byte()?);
    let data = cursor.slice(length)?;
    let rssi = cursor.byte()?;
    let report = Report {
        offset,
        pdu: match event_type {
            0 => Some(PduType::AdvInd),
            1 => Some(PduType::AdvDirectInd),
            2 => Some(PduType::AdvScanInd),
            3 => Some(PduType::AdvNonconnInd),
            4 => Some(PduType::ScanRsp),
            _ => None,
        },
        address_type,
        address,
        target: None,
        data,
        rssi,
        complete: true,
    };
    if length > LEGACY_DATA_MAX {
        return Some(Decoded::Malformed(Malformed {
            adva: Some(Address::from_le(address)),
            pdu: report.pdu,
            payload: data,
            rssi: known_rssi(Some(rssi.cast_signed())),
            ..blank(frame, MalformedKind::HciLength, offset + 8)
        }));
    }
    Some(report.decoded(frame))
}

fn directed<'e>(frame: &Frame<'_>, cursor: &mut Cursor<'e>) -> Option<Decoded<'e>> {
    let offset = cursor.offset;
    let [event_type, address_type] = cursor.take()?;
    let address = cursor.take()?;
    let [_target_type] = cursor.take()?;
    let target = cursor.take()?;
    let rssi = cursor.byte()?;
    let report = Report {
        offset,
        pdu: (event_type == 1).then_some(PduType::AdvDirectInd),
        address_type,
        address,
        target: Some(Address::from_le(target)),
        data: &[],
        rssi,
        complete: true,
    };
    Some(report.decoded(frame))
}

fn extended<'s, 'e: 's>(
    fragments: &'s mut ReportFragments,
    frame: &Frame<'_>,
    cursor: &mut Cursor<'e>,
) -> Option<Decoded<'s>> {
    const DIRECTED: u16 = 1 << 2;
    const RESPONSE: u16 = 1 << 3;
    const LEGACY: u16 = 1 << 4;
    let offset = cursor.offset;
    let event_type = u16::from_le_bytes(cursor.take()?);
    let address_type = cursor.byte()?;
    let address = cursor.take()?;
    let [_primary_phy, secondary_phy, set, _tx_power, rssi] = cursor.take()?;
    let [_interval0, _interval1, _target_type] = cursor.take()?;
    let target = cursor.take()?;
    let length = usize::from(cursor.byte()?);
    let data = cursor.slice(length)?;

    let legacy = event_type & LEGACY != 0;
    let response = event_type & RESPONSE != 0;
    let status = (event_type >> 5) & 0b11;
    let pdu = match event_type & 0b1_1111 {
        0b1_0011 => Some(PduType::AdvInd),
        0b1_0101 => Some(PduType::AdvDirectInd),
        0b1_0010 => Some(PduType::AdvScanInd),
        0b1_0000 => Some(PduType::AdvNonconnInd),
        0b1_1011 | 0b1_1010 => Some(PduType::ScanRsp),
        _ if legacy || status == 0b11 => None,
        _ if response => Some(PduType::AuxScanRsp),
        _ if secondary_phy == 0 => Some(PduType::AdvExtInd),
        _ => Some(PduType::AuxAdvInd),
    };
    let key = SetKey {
        address,
        address_type,
        set,
        response,
    };
    let (data, complete) = if legacy || pdu.is_none() {
        (data, true)
    } else {
        fragments.join(key, frame.time_us, data, status)
    };
    let report = Report {
        offset,
        pdu,
        address_type,
        address,
        target: (event_type & DIRECTED != 0).then(|| Address::from_le(target)),
        data,
        rssi,
        complete,
    };
    Some(report.decoded(frame))
}

impl ReportFragments {
    /// All data of the set so far, and whether that is all.
    fn join<'e>(
        &'e mut self,
        key: SetKey,
        time_us: i64,
        data: &'e [u8],
        status: u16,
    ) -> (&'e [u8], bool) {
        const COMPLETE: u16 = 0;
        const MORE_TO_COME: u16 = 1;
        let begun = self.recent.find(&key, time_us).is_some_and(|b| b.open);
        if !begun {
            if status != MORE_TO_COME {
                return (data, status == COMPLETE);
            }
            let begun = Begun {
                open: true,
                ..Begun::default()
            };
            self.recent.put(key, time_us, begun);
        }
        let Some(set) = self.recent.find(&key, time_us) else {
            return (data, false);
        };
        if set.data.len() + data.len() <= CHAIN_DATA_MAX {
            set.data.extend_from_slice(data);
        } else {
            set.overflowed = true;
        }
        set.open = status == MORE_TO_COME;
        (&set.data, status == COMPLETE && !set.overflowed)
    }
}
