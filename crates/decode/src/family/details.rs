//! What a tracker's frame says besides family and state.

use super::smartthings_find::Offline;

/// What a tracker's frame says besides family and state; fields that the family does not have are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Details {
    /// Battery level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub battery: Option<Battery>,
    /// Apple: kind of device. Google: guess from the Flags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_type: Option<DeviceType>,
    /// Apple: status byte as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u8>,
    /// Apple: the owner was connected within the current key period of 15 minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maintained: Option<bool>,
    /// Apple, separated: changes about every 15 minutes while the key stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<u8>,
    /// Google: frame type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame_type: Option<FrameType>,
    /// Google: flags byte as sent, masked with a hash that only the owner knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hashed_flags: Option<u8>,
    /// Samsung: how long the owner has been away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offline: Option<Offline>,
    /// Samsung: counts quarters of an hour ([`super::aging_counter_unix_s`]).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aging_counter: Option<u32>,
    /// Samsung: has ultra-wideband.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uwb: Option<bool>,
    /// Samsung: the four signature bytes, big-endian as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<u32>,
    /// Chipolo: firmware number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firmware: Option<u8>,
    /// DULT: network identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_id: Option<u8>,
    /// DULT: the network of that identifier (temporary registry).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<Network>,
}

impl Details {
    /// Nothing.
    pub const NONE: Self = Self {
        battery: None,
        device_type: None,
        status: None,
        maintained: None,
        hint: None,
        frame_type: None,
        hashed_flags: None,
        offline: None,
        aging_counter: None,
        uwb: None,
        signature: None,
        firmware: None,
        network_id: None,
        network: None,
    };
}

/// Battery level as the frame states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Battery {
    Full,
    Medium,
    Low,
    VeryLow,
}

/// Kind of device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceType {
    /// iPhone, iPad, Mac: a lost device, no tag.
    AppleDevice,
    /// AirTag.
    Airtag,
    /// Accessory by another maker under Apple's licence.
    LicensedAccessory,
    /// AirPods.
    Airpods,
    /// Probably an Android phone (heuristic).
    AndroidPhone,
}

/// Google Find Hub frame types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FrameType {
    /// 0x40. Does not tell whether the owner is near.
    Normal,
    /// 0x41.
    UnwantedTrackingProtection,
}

/// DULT network identifiers that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Network {
    Apple,
    Google,
}
