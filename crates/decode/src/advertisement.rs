//! The decoded frame.

use crate::{Address, AddressKind};

/// Advertising-channel PDU types (Core Specification Vol 6 Part B 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[allow(missing_docs)]
pub enum PduType {
    #[serde(rename = "ADV_IND")]
    AdvInd,
    #[serde(rename = "ADV_DIRECT_IND")]
    AdvDirectInd,
    #[serde(rename = "ADV_NONCONN_IND")]
    AdvNonconnInd,
    #[serde(rename = "ADV_SCAN_IND")]
    AdvScanInd,
    #[serde(rename = "SCAN_RSP")]
    ScanRsp,
    #[serde(rename = "SCAN_REQ")]
    ScanReq,
    #[serde(rename = "CONNECT_IND")]
    ConnectInd,
    #[serde(rename = "ADV_EXT_IND")]
    AdvExtInd,
    #[serde(rename = "AUX_ADV_IND")]
    AuxAdvInd,
    #[serde(rename = "AUX_CHAIN_IND")]
    AuxChainInd,
    #[serde(rename = "AUX_SCAN_RSP")]
    AuxScanRsp,
    #[serde(rename = "AUX_SCAN_REQ")]
    AuxScanReq,
    #[serde(rename = "AUX_CONNECT_REQ")]
    AuxConnectReq,
    #[serde(rename = "AUX_CONNECT_RSP")]
    AuxConnectRsp,
    #[serde(rename = "AUX_SYNC_IND")]
    AuxSyncInd,
}

/// Who sent an advertisement: an address, or the opaque identifier of an anonymised log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sender<'a> {
    /// AdvA.
    Address(Address),
    /// An identifier that is no Bluetooth address, upper case not applied.
    Opaque(&'a str),
}

/// One decoded advertisement. SCAN_REQ and CONNECT_IND are decoded too, but make no sighting of AdvA.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Advertisement<'a> {
    /// PDU type, or the event type of an HCI report; `None` where a log does not say.
    pub pdu: Option<PduType>,
    /// AdvA.
    pub sender: Sender<'a>,
    /// Sub-type of AdvA; `None` where unknown or reserved.
    pub address_kind: Option<AddressKind>,
    /// ScanA, InitA or TargetA, where the PDU has one.
    pub peer: Option<Address>,
    /// AD structures (AdvData or ScanRspData); empty where there are none or the log has none.
    pub payload: &'a [u8],
    /// Level in dBm; `None` is unknown (RSSI 0 and 127 included).
    pub rssi: Option<i8>,
    /// Link-layer channel index, where known.
    pub channel: Option<u8>,
    /// Whether `payload` is all that was sent (false: a chain was not seen to its end).
    pub complete: bool,
}

impl Advertisement<'_> {
    /// Whether this shows that the device at AdvA was transmitting: false for requests addressed to it.
    #[must_use]
    pub const fn is_sighting(&self) -> bool {
        !matches!(
            self.pdu,
            Some(
                PduType::ScanReq
                    | PduType::ConnectInd
                    | PduType::AuxScanReq
                    | PduType::AuxConnectReq
            )
        )
    }

    /// Whether the advertisement invites a connection; `None` where the PDU type does not tell.
    #[must_use]
    pub const fn connectable(&self) -> Option<bool> {
        match self.pdu {
            Some(PduType::AdvInd | PduType::AdvDirectInd) => Some(true),
            Some(PduType::AdvNonconnInd | PduType::AdvScanInd) => Some(false),
            _ => None,
        }
    }
}
