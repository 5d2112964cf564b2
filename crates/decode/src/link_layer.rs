//! Link-layer packets on the advertising access address (Core Specification Vol 6 Part B 2.1, 2.3).

use crate::crc::{ADVERTISING_CRC_INIT, crc24};
use crate::decoder::{Decoded, Malformed, MalformedKind, address_kind, known_rssi};
use crate::{Address, Advertisement, CrcCheck, Frame, PduType, Sender};

/// Access address of advertising PDUs on primary and secondary channels (2.1.2).
pub const ADVERTISING_ACCESS_ADDRESS: u32 = 0x8E89_BED6;

/// Bytes before the payload of a PDU: access address and header.
pub(crate) const PAYLOAD_AT: usize = 6;
const CRC_BYTES: usize = 3;
const LEGACY_DATA_MAX: usize = 31;

/// PDU type codes of the advertising channel header.
mod code {
    pub(super) const ADV_IND: u8 = 0;
    pub(super) const ADV_DIRECT_IND: u8 = 1;
    pub(super) const ADV_NONCONN_IND: u8 = 2;
    pub(super) const SCAN_REQ: u8 = 3;
    pub(super) const SCAN_RSP: u8 = 4;
    pub(super) const CONNECT_IND: u8 = 5;
    pub(super) const ADV_SCAN_IND: u8 = 6;
    pub(super) const EXTENDED: u8 = 7;
    pub(super) const AUX_CONNECT_RSP: u8 = 8;
}

/// How far a packet can be read without memory of earlier ones.
pub(crate) enum Read<'f> {
    /// All the way.
    Done(Decoded<'f>),
    /// An intact PDU with the common extended advertising payload.
    Extended(ExtendedPdu<'f>),
}

/// An intact PDU with the common extended advertising payload.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExtendedPdu<'f> {
    /// From the access address on.
    pub(crate) bytes: &'f [u8],
    /// From the extended header length on.
    pub(crate) payload: &'f [u8],
    /// Whether AdvA is random.
    pub(crate) tx_random: bool,
    /// AUX_CONNECT_RSP has a PDU type of its own; the others share one.
    pub(crate) connect_response: bool,
}

/// Whether the channel is a primary advertising channel, as far as known.
pub(crate) const fn is_primary(channel: Option<u8>) -> Option<bool> {
    match channel {
        Some(37..=39) => Some(true),
        Some(_) => Some(false),
        None => None,
    }
}

#[inline]
pub(crate) fn decode<'f>(frame: &Frame<'f>, bytes: &'f [u8], crc: CrcCheck) -> Read<'f> {
    let damaged = |kind, offset| Read::Done(damaged(frame, bytes, kind, offset));
    if matches!(crc, CrcCheck::Invalid) {
        return damaged(MalformedKind::Crc, bytes.len().saturating_sub(CRC_BYTES));
    }
    let Some((access_address, packet)) = bytes.split_first_chunk::<4>() else {
        return damaged(MalformedKind::Truncated, bytes.len());
    };
    let access_address = u32::from_le_bytes(*access_address);
    if access_address != ADVERTISING_ACCESS_ADDRESS {
        return Read::Done(other(frame, None, access_address));
    }
    let &[header, length, ..] = packet else {
        return damaged(MalformedKind::Truncated, bytes.len());
    };
    let Some((pdu, after)) = packet.split_at_checked(2 + usize::from(length)) else {
        return damaged(MalformedKind::Truncated, bytes.len());
    };
    let &[crc0, crc1, crc2] = after else {
        let kind = if after.len() < CRC_BYTES {
            MalformedKind::Truncated
        } else {
            MalformedKind::Length
        };
        return damaged(kind, (4 + pdu.len() + CRC_BYTES).min(bytes.len()));
    };
    if matches!(crc, CrcCheck::Unknown)
        && crc24(ADVERTISING_CRC_INIT, pdu) != u32::from_le_bytes([crc0, crc1, crc2, 0])
    {
        return damaged(MalformedKind::Crc, 4 + pdu.len());
    }

    let payload = pdu.get(2..).unwrap_or_default();
    let tx_random = header & 0x40 != 0;
    let rx_random = header & 0x80 != 0;
    let first = payload.split_first_chunk::<6>();
    let wrong_length = || damaged(MalformedKind::Length, 5);
    // (PDU type, whether the payload is a request: ScanA or InitA first, then AdvA)
    let (pdu_type, data) = match (header & 0x0F, first) {
        (code::EXTENDED | code::AUX_CONNECT_RSP, _) => {
            return Read::Extended(ExtendedPdu {
                bytes,
                payload,
                tx_random,
                connect_response: header & 0x0F == code::AUX_CONNECT_RSP,
            });
        }
        (code::ADV_IND, Some((_, data))) => (PduType::AdvInd, data),
        (code::ADV_NONCONN_IND, Some((_, data))) => (PduType::AdvNonconnInd, data),
        (code::ADV_SCAN_IND, Some((_, data))) => (PduType::AdvScanInd, data),
        (code::SCAN_RSP, Some((_, data))) => (PduType::ScanRsp, data),
        (code::ADV_DIRECT_IND, Some((adva, target))) => {
            let Ok(target) = <[u8; 6]>::try_from(target) else {
                return wrong_length();
            };
            let target = Some(Address::from_le(target));
            return advertisement(frame, PduType::AdvDirectInd, *adva, tx_random, target, &[]);
        }
        (code::SCAN_REQ | code::CONNECT_IND, first) => {
            return request(frame, bytes, header, first, rx_random);
        }
        (..=code::ADV_SCAN_IND, None) => return wrong_length(),
        _ => return Read::Done(other(frame, None, access_address)),
    };
    let Some((adva, _)) = first else {
        return wrong_length();
    };
    if data.len() > LEGACY_DATA_MAX {
        return wrong_length();
    }
    advertisement(frame, pdu_type, *adva, tx_random, None, data)
}

#[inline]
fn advertisement<'f>(
    frame: &Frame<'f>,
    pdu: PduType,
    adva: [u8; 6],
    random: bool,
    peer: Option<Address>,
    payload: &'f [u8],
) -> Read<'f> {
    let adva = Address::from_le(adva);
    Read::Done(Decoded::Advertisement(Advertisement {
        pdu: Some(pdu),
        sender: Sender::Address(adva),
        address_kind: address_kind(adva, random),
        peer,
        payload,
        rssi: known_rssi(frame.rssi),
        channel: frame.channel,
        complete: true,
    }))
}

/// SCAN_REQ (ScanA, AdvA) and CONNECT_IND (InitA, AdvA, LLData), or their AUX_ forms.
fn request<'f>(
    frame: &Frame<'f>,
    bytes: &'f [u8],
    header: u8,
    first: Option<(&'f [u8; 6], &'f [u8])>,
    rx_random: bool,
) -> Read<'f> {
    const LL_DATA: usize = 22;
    let secondary = is_primary(frame.channel) == Some(false);
    let (pdu, after_adva) = match (header & 0x0F, secondary) {
        (code::SCAN_REQ, false) => (PduType::ScanReq, 0),
        (code::SCAN_REQ, true) => (PduType::AuxScanReq, 0),
        (_, false) => (PduType::ConnectInd, LL_DATA),
        (_, true) => (PduType::AuxConnectReq, LL_DATA),
    };
    let second = first.and_then(|(peer, rest)| Some((peer, rest.split_first_chunk::<6>()?)));
    match second {
        Some((peer, (adva, rest))) if rest.len() == after_adva => {
            let peer = Some(Address::from_le(*peer));
            advertisement(frame, pdu, *adva, rx_random, peer, &[])
        }
        _ => Read::Done(damaged(frame, bytes, MalformedKind::Length, 5)),
    }
}

pub(crate) fn other<'f>(
    frame: &Frame<'_>,
    pdu: Option<PduType>,
    access_address: u32,
) -> Decoded<'f> {
    Decoded::Other {
        pdu,
        access_address: Some(access_address),
        rssi: known_rssi(frame.rssi),
        channel: frame.channel,
    }
}

/// Reads what can be read of a damaged packet.
#[cold]
pub(crate) fn damaged<'f>(
    frame: &Frame<'_>,
    bytes: &'f [u8],
    kind: MalformedKind,
    offset: usize,
) -> Decoded<'f> {
    let mut malformed = Malformed {
        kind,
        offset,
        adva: None,
        pdu: None,
        address_kind: None,
        payload: &[],
        rssi: known_rssi(frame.rssi),
        channel: frame.channel,
    };
    let advertising = bytes.starts_with(&ADVERTISING_ACCESS_ADDRESS.to_le_bytes());
    if let (true, Some(&header), Some(&length)) = (advertising, bytes.get(4), bytes.get(5)) {
        let secondary = is_primary(frame.channel) == Some(false);
        malformed.pdu = match header & 0x0F {
            code::ADV_IND => Some(PduType::AdvInd),
            code::ADV_DIRECT_IND => Some(PduType::AdvDirectInd),
            code::ADV_NONCONN_IND => Some(PduType::AdvNonconnInd),
            code::SCAN_REQ if secondary => Some(PduType::AuxScanReq),
            code::SCAN_REQ => Some(PduType::ScanReq),
            code::SCAN_RSP => Some(PduType::ScanRsp),
            code::CONNECT_IND if secondary => Some(PduType::AuxConnectReq),
            code::CONNECT_IND => Some(PduType::ConnectInd),
            code::ADV_SCAN_IND => Some(PduType::AdvScanInd),
            code::EXTENDED if !secondary => Some(PduType::AdvExtInd),
            code::AUX_CONNECT_RSP => Some(PduType::AuxConnectRsp),
            _ => None,
        };
        let end = bytes.len().min(PAYLOAD_AT + usize::from(length));
        let payload = bytes.get(PAYLOAD_AT..end).unwrap_or_default();
        let (adva_at, random) = match malformed.pdu {
            Some(PduType::AdvExtInd | PduType::AuxConnectRsp) | None => (usize::MAX, false),
            Some(
                PduType::ScanReq
                | PduType::ConnectInd
                | PduType::AuxScanReq
                | PduType::AuxConnectReq,
            ) => (6, header & 0x80 != 0),
            Some(_) => (0, header & 0x40 != 0),
        };
        let from_adva = payload
            .get(adva_at..)
            .and_then(<[u8]>::split_first_chunk::<6>);
        if let Some((adva, rest)) = from_adva {
            let adva = Address::from_le(*adva);
            malformed.adva = Some(adva);
            malformed.address_kind = address_kind(adva, random);
            malformed.payload = rest;
        } else {
            malformed.payload = payload;
        }
    }
    Decoded::Malformed(malformed)
}
