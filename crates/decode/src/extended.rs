//! Extended advertising: the common extended payload, and sets that are spread over several PDUs
//! (Core Specification Vol 6 Part B 2.3.4, 4.4.2.2).
//!
//! An ADV_EXT_IND on a primary channel announces an auxiliary packet on a secondary one, which may announce the
//! first of a chain. Address and set identity (ADI) need not be repeated on the way, so what was heard a moment ago
//! on the same sensor is remembered. One PDU makes one result; that of a chain carries all data up to there.

use crate::decoder::{Decoded, MalformedKind, address_kind, known_rssi};
use crate::link_layer::{
    ADVERTISING_ACCESS_ADDRESS, ExtendedPdu, PAYLOAD_AT, damaged, is_primary, other,
};
use crate::recent::Recent;
use crate::{Address, AddressKind, Advertisement, Frame, PduType, Sender};

/// The most data that a chain may carry (Core Specification Vol 4 Part E 7.8.54).
pub(crate) const CHAIN_DATA_MAX: usize = 1650;

/// The common extended advertising payload (2.3.4).
#[derive(Debug, Clone, Copy)]
struct Header<'a> {
    mode: u8,
    adva: Option<Address>,
    target: Option<Address>,
    adi: Option<u16>,
    /// Channel index of the packet that follows.
    next_channel: Option<u8>,
    has_acad: bool,
    data: &'a [u8],
}

const MODE_SCANNABLE: u8 = 2;
const MODE_RESERVED: u8 = 3;

impl<'a> Header<'a> {
    fn parse(payload: &'a [u8]) -> Result<Self, MalformedKind> {
        let wrong = MalformedKind::ExtendedHeader;
        let (first, rest) = payload.split_first().ok_or(wrong)?;
        let (mut fields, data) = rest
            .split_at_checked(usize::from(first & 0x3F))
            .ok_or(wrong)?;
        let mut header = Self {
            mode: first >> 6,
            adva: None,
            target: None,
            adi: None,
            next_channel: None,
            has_acad: false,
            data,
        };
        if header.mode == MODE_RESERVED {
            return Err(MalformedKind::Reserved);
        }
        let Some(flags) = take::<1>(&mut fields).map(|[flags]| flags) else {
            return Ok(header);
        };
        let has = |bit: u8| flags & (1 << bit) != 0;
        if has(0) {
            header.adva = Some(Address::from_le(take(&mut fields).ok_or(wrong)?));
        }
        if has(1) {
            header.target = Some(Address::from_le(take(&mut fields).ok_or(wrong)?));
        }
        if has(2) {
            take::<1>(&mut fields).ok_or(wrong)?; // CTEInfo
        }
        if has(3) {
            header.adi = Some(u16::from_le_bytes(take(&mut fields).ok_or(wrong)?));
        }
        if has(4) {
            let [channel, ..] = take::<3>(&mut fields).ok_or(wrong)?;
            header.next_channel = Some(channel & 0x3F);
        }
        if has(5) {
            take::<18>(&mut fields).ok_or(wrong)?; // SyncInfo
        }
        if has(6) {
            take::<1>(&mut fields).ok_or(wrong)?; // TxPower
        }
        header.has_acad = !fields.is_empty();
        Ok(header)
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*taken)
}

/// What names a set on one sensor: its ADI, or without one the channel on which it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SetKey {
    Adi(u16),
    Channel(u8),
}

#[derive(Debug)]
struct Set {
    sender: Option<(Address, Option<AddressKind>)>,
    target: Option<Address>,
    next_channel: Option<u8>,
    heard: Heard,
    /// Data of the auxiliary packet and the chain so far.
    data: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heard {
    /// The ADV_EXT_IND.
    Announcement,
    /// An AUX_ADV_IND or AUX_SCAN_RSP that goes on.
    Data,
    /// A scannable AUX_ADV_IND, whose data come with the AUX_SCAN_RSP.
    Scannable,
    /// A chain of which a part was missed.
    Gap,
}

/// Extended advertising sets heard by one sensor a moment ago.
#[derive(Debug, Default)]
pub(crate) struct ExtendedSets {
    recent: Recent<SetKey, Set>,
}

impl ExtendedSets {
    pub(crate) fn decode<'s>(
        &'s mut self,
        frame: &Frame<'_>,
        pdu: &ExtendedPdu<'s>,
    ) -> Decoded<'s> {
        let header = match Header::parse(pdu.payload) {
            Ok(header) => header,
            Err(kind) => return damaged(frame, pdu.bytes, kind, PAYLOAD_AT),
        };
        if pdu.connect_response {
            let sender = header.adva.map(|a| (a, address_kind(a, pdu.tx_random)));
            return result(
                frame,
                PduType::AuxConnectRsp,
                sender,
                header.target,
                &[],
                true,
            );
        }
        // Without a channel: only an announcement is nothing but header.
        let bare = header.data.is_empty()
            && !header.has_acad
            && (header.next_channel.is_some() || header.mode == 0 && header.adi.is_none());
        if is_primary(frame.channel).unwrap_or(bare) {
            self.announcement(frame, pdu, &header)
        } else {
            self.auxiliary(frame, pdu, &header)
        }
    }

    /// ADV_EXT_IND.
    fn announcement<'s>(
        &mut self,
        frame: &Frame<'_>,
        pdu: &ExtendedPdu<'s>,
        header: &Header<'s>,
    ) -> Decoded<'s> {
        let sender = header.adva.map(|a| (a, address_kind(a, pdu.tx_random)));
        let next = header.next_channel;
        if let (Some(key), Some(_)) = (key(header.adi, next), next) {
            let set = Set {
                sender,
                target: header.target,
                next_channel: next,
                heard: Heard::Announcement,
                data: Vec::new(),
            };
            self.recent.put(key, frame.time_us, set);
        }
        let complete = next.is_none();
        result(
            frame,
            PduType::AdvExtInd,
            sender,
            header.target,
            header.data,
            complete,
        )
    }

    /// AUX_ADV_IND, AUX_SCAN_RSP, AUX_CHAIN_IND share one PDU type: who is who follows from what came before.
    fn auxiliary<'s>(
        &'s mut self,
        frame: &Frame<'_>,
        pdu: &ExtendedPdu<'s>,
        header: &Header<'s>,
    ) -> Decoded<'s> {
        let found = key(header.adi, frame.channel);
        let (heard, earlier_sender, earlier_target) = found
            .and_then(|key| self.recent.find(&key, frame.time_us))
            .map_or((None, None, None), |set| {
                (Some(set.heard), set.sender, set.target)
            });
        let own = header.adva.map(|a| (a, address_kind(a, pdu.tx_random)));

        if own.is_none() && matches!(heard, Some(Heard::Data | Heard::Gap)) {
            return self.chain(frame, header, found);
        }
        if own.is_none() && heard.is_none() {
            // Nobody to ascribe it to, and no telling an auxiliary packet from a chained one.
            return other(frame, None, ADVERTISING_ACCESS_ADDRESS);
        }
        let response = own.is_some()
            && header.mode == 0
            && (header.adi.is_none() || heard == Some(Heard::Scannable));
        let pdu_type = if response {
            PduType::AuxScanRsp
        } else {
            PduType::AuxAdvInd
        };
        let sender = own.or(earlier_sender);
        let target = header.target.or(earlier_target);
        if let Some(key) = found {
            self.recent.take(&key);
        }
        let heard = if header.mode == MODE_SCANNABLE {
            Some(Heard::Scannable)
        } else {
            header.next_channel.map(|_| Heard::Data)
        };
        if let (Some(key), Some(heard)) = (key(header.adi, header.next_channel), heard) {
            let set = Set {
                sender,
                target,
                next_channel: header.next_channel,
                heard,
                data: header.data.to_vec(),
            };
            self.recent.put(key, frame.time_us, set);
        }
        let complete = header.next_channel.is_none();
        result(frame, pdu_type, sender, target, header.data, complete)
    }

    /// AUX_CHAIN_IND of a set whose beginning was heard.
    fn chain<'s>(
        &'s mut self,
        frame: &Frame<'_>,
        header: &Header<'s>,
        found: Option<SetKey>,
    ) -> Decoded<'s> {
        let nothing = other(
            frame,
            Some(PduType::AuxChainInd),
            ADVERTISING_ACCESS_ADDRESS,
        );
        let Some(found) = found else {
            return nothing;
        };
        // Without an ADI the set is filed under the channel on which it goes on: file it anew.
        let filed = match (found, header.next_channel) {
            (SetKey::Channel(_), Some(next)) => self.refile(found, SetKey::Channel(next), frame),
            _ => found,
        };
        let Some(set) = self.recent.find(&filed, frame.time_us) else {
            return nothing;
        };
        let Some(announced) = set.next_channel else {
            return nothing; // that chain is at its end
        };
        let expected = frame.channel.is_none_or(|here| here == announced);
        let fits = set.data.len() + header.data.len() <= CHAIN_DATA_MAX;
        if set.heard == Heard::Data && expected && fits {
            set.data.extend_from_slice(header.data);
        } else {
            set.heard = Heard::Gap;
        }
        set.next_channel = header.next_channel;
        let complete = set.heard == Heard::Data && header.next_channel.is_none();
        result(
            frame,
            PduType::AuxChainInd,
            set.sender,
            set.target,
            &set.data,
            complete,
        )
    }

    fn refile(&mut self, from: SetKey, to: SetKey, frame: &Frame<'_>) -> SetKey {
        if from == to {
            return to;
        }
        match self.recent.take(&from) {
            Some(set) => {
                self.recent.put(to, frame.time_us, set);
                to
            }
            None => from,
        }
    }
}

fn key(adi: Option<u16>, channel: Option<u8>) -> Option<SetKey> {
    adi.map(SetKey::Adi).or(channel.map(SetKey::Channel))
}

fn result<'s>(
    frame: &Frame<'_>,
    pdu: PduType,
    sender: Option<(Address, Option<AddressKind>)>,
    peer: Option<Address>,
    payload: &'s [u8],
    complete: bool,
) -> Decoded<'s> {
    let Some((adva, address_kind)) = sender else {
        return other(frame, Some(pdu), ADVERTISING_ACCESS_ADDRESS);
    };
    Decoded::Advertisement(Advertisement {
        pdu: Some(pdu),
        sender: Sender::Address(adva),
        address_kind,
        peer,
        payload,
        rssi: known_rssi(frame.rssi),
        channel: frame.channel,
        complete,
    })
}
