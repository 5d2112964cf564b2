//! Tracker families: which network an advertisement belongs to, and what its frame says.
//!
//! One file per family. To add one, copy `template.rs`, then name it in [`Family`] and in `read` below.

mod apple_find_my;
mod chipolo;
mod details;
mod dult;
mod google_find_hub;
mod key;
mod pebblebee;
mod smartthings_find;
mod template;
mod tile;

use crate::{AdStructure, Advertisement};

pub(crate) use apple_find_my::{COMPANY as APPLE, messages as apple_messages};
pub use details::{Battery, Details, DeviceType, FrameType, Network};
pub use key::Key;
pub use smartthings_find::{Offline, aging_counter_unix_s};

/// A tracker network, or the maker's own scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Apple Find My: AirTag, licensed accessories, AirPods, and lost Apple devices.
    AppleFindMy,
    /// Google Find Hub.
    GoogleFindHub,
    /// Samsung SmartThings Find: SmartTag.
    SmartthingsFind,
    /// Tile.
    Tile,
    /// Chipolo with its own scheme; other models are Apple's or Google's.
    Chipolo,
    /// Pebblebee with its own scheme; other models are Apple's or Google's.
    Pebblebee,
    /// The cross-vendor frame of draft-ietf-dult-accessory-protocol.
    Dult,
}

impl Family {
    /// As written in results.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AppleFindMy => "apple_find_my",
            Self::GoogleFindHub => "google_find_hub",
            Self::SmartthingsFind => "smartthings_find",
            Self::Tile => "tile",
            Self::Chipolo => "chipolo",
            Self::Pebblebee => "pebblebee",
            Self::Dult => "dult",
        }
    }
}

/// What a tracker says of its owner. Finer shades are in [`Details`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TrackerState {
    /// The owner's device is near, or was moments ago.
    NearOwner,
    /// The owner's device is not near.
    Separated,
    /// Has no owner.
    Unpaired,
}

impl TrackerState {
    /// As written in results.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NearOwner => "near_owner",
            Self::Separated => "separated",
            Self::Unpaired => "unpaired",
        }
    }
}

/// A tracker, as far as one advertisement tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tracker {
    /// Family.
    pub family: Family,
    /// State, where the frame tells.
    pub state: Option<TrackerState>,
    /// Model, where the frame tells. `apple_device` is a lost phone, tablet or computer, no tag.
    pub model: Option<&'static str>,
    /// Bytes that identify it until it rotates them.
    pub key: Option<Key>,
    /// What else the frame says.
    pub details: Details,
}

impl Tracker {
    /// One of which nothing but the family is known.
    #[inline]
    const fn of(family: Family) -> Self {
        Self {
            family,
            state: None,
            model: None,
            key: None,
            details: Details::NONE,
        }
    }
}

/// Names the tracker family of an advertisement; `None` for everything that is no tracker as far as known.
///
/// Service and manufacturer data count before a mere listing of a family's UUID. AD structures behind a broken one
/// are not looked at.
#[inline]
#[must_use]
pub fn identify(adv: &Advertisement<'_>) -> Option<Tracker> {
    let mut listed = None;
    for ad in adv.structures() {
        let Ok(ad) = ad else { break };
        if let Some(tracker) = read(&ad, adv) {
            if !ad.is_uuid16_list() {
                return Some(tracker);
            }
            listed = listed.or(Some(tracker));
        }
    }
    listed
}

/// Asks each family in turn. No two of them claim the same AD structure.
#[inline]
fn read(ad: &AdStructure<'_>, adv: &Advertisement<'_>) -> Option<Tracker> {
    apple_find_my::read(ad, adv)
        .or_else(|| google_find_hub::read(ad, adv))
        .or_else(|| smartthings_find::read(ad))
        .or_else(|| tile::read(ad))
        .or_else(|| chipolo::read(ad, adv))
        .or_else(|| pebblebee::read(ad))
        .or_else(|| dult::read(ad))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_bytes::{advertisement, hex};

    fn assert_no_tracker(payload: &str) {
        let payload = hex(payload);
        assert_eq!(identify(&advertisement(&payload)), None, "{payload:02X?}");
    }

    /// Vector 18.
    #[test]
    fn eddystone_is_no_tracker() {
        assert_no_tracker("0303AAFE0E16AAFE10E7036578616D706C6507");
        for frame_type in ["00", "20", "30"] {
            assert_no_tracker(&format!("0303AAFE1716AAFE{frame_type}{}", "AB".repeat(19)));
        }
    }

    /// Vector 25, fourth part.
    #[test]
    fn exposure_notification_is_no_tracker() {
        assert_no_tracker(&format!("02011A03036FFD17166FFD{}", "AB".repeat(20)));
        assert_no_tracker("03036FFD");
    }

    /// Vector 25, third part, and the company identifier alone.
    #[test]
    fn samsung_company_is_no_tracker() {
        assert_no_tracker(&format!("1AFF7500420901{}", "AB".repeat(20)));
        assert_no_tracker("03FF7500");
    }

    /// FEAB and FEB1 are other companies' UUIDs that are sometimes taken for Pebblebee's and Chipolo's.
    #[test]
    fn foreign_uuids_are_no_trackers() {
        assert_no_tracker("0303ABFE");
        assert_no_tracker("0303B1FE");
    }

    #[test]
    fn a_long_payload_alone_is_no_tracker() {
        assert_no_tracker(&format!("1EFF0600{}", "19".repeat(27)));
    }

    #[test]
    fn what_stands_behind_a_broken_structure_is_not_read() {
        assert_no_tracker("FF010303EDFE");
    }

    #[test]
    fn service_data_count_before_a_listing() {
        let payload = hex("030333FE0516 33FE 0001".replace(' ', "").as_str());
        let tracker = identify(&crate::test_bytes::advertisement_from(
            [0xC8, 1, 2, 3, 4, 5],
            &payload,
        ));
        assert_eq!(tracker.unwrap().state, Some(TrackerState::Separated));
    }
}
