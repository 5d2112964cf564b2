//! Samsung SmartThings Find: SmartTag, SmartTag+, SmartTag2, Solum (AirGuard `SamsungTracker.kt`; the dissector
//! samsung-smart-tag-wireshark).
//!
//! Service data of UUID 0xFD5A, 20 bytes: state and version, aging counter (3 bytes, little-endian), privacy
//! identifier (8 bytes), flags (battery, ultra-wideband), 3 reserved, signature (4 bytes). The company identifier
//! 0x0075 is on every Samsung device and is no evidence.

use super::{Battery, Family, Key, Tracker, TrackerState};
use crate::AdStructure;

const SERVICE: u16 = 0xFD5A;
const VERSION_MASK: u8 = 0xF8;
const VERSION_1: u8 = 0x10;

/// How long the owner has been away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Offline {
    /// Less than 15 minutes.
    PrematureOffline,
    /// More than 15 minutes.
    Offline,
    /// More than 8 or 24 hours (sources disagree): address and privacy identifier change about daily.
    OvermatureOffline,
    /// Paired or connected: not away.
    Connected,
}

/// The time that an aging counter stands for, seconds since 1970.
///
/// Conjecture from one published sample (protocols section 4): the counter is wall time in quarters of an hour.
#[must_use]
pub const fn aging_counter_unix_s(counter: u32) -> i64 {
    1_593_648_000 + 900 * counter as i64
}

#[inline]
pub(super) fn read(ad: &AdStructure<'_>) -> Option<Tracker> {
    let data = ad.service_data(SERVICE)?;
    let (&[state, c0, c1, c2], rest) = data.split_first_chunk()?;
    let (privacy_id, rest) = rest.split_first_chunk::<8>()?;
    let (flags, rest) = rest.split_first()?;
    if state & VERSION_MASK != VERSION_1 {
        return None;
    }
    let offline = match state & 0b111 {
        1 => Some(Offline::PrematureOffline),
        2 => Some(Offline::Offline),
        3 => Some(Offline::OvermatureOffline),
        4..=6 => Some(Offline::Connected),
        _ => None,
    };
    let mut tracker = Tracker::of(Family::SmartthingsFind);
    tracker.state = offline.map(|offline| match offline {
        Offline::Connected => TrackerState::NearOwner,
        _ => TrackerState::Separated,
    });
    tracker.key = Key::new(privacy_id);
    tracker.details.offline = offline;
    tracker.details.aging_counter = Some(u32::from_le_bytes([c0, c1, c2, 0]));
    tracker.details.battery = Some(match flags & 0b11 {
        3 => Battery::Full,
        2 => Battery::Medium,
        1 => Battery::Low,
        _ => Battery::VeryLow,
    });
    tracker.details.uwb = Some(flags & 0b100 != 0);
    tracker.details.signature = match rest {
        [_, _, _, signature @ ..] => signature.first_chunk().map(|s| u32::from_be_bytes(*s)),
        _ => None,
    };
    Some(tracker)
}

#[cfg(test)]
mod tests {
    use super::super::identify;
    use super::*;
    use crate::test_bytes::{advertisement, hex};

    fn read_service_data(data: &str) -> Option<Tracker> {
        let payload = format!("{:02X}165AFD{data}", data.len() / 2 + 3);
        identify(&advertisement(&hex(&payload)))
    }

    #[test]
    fn vector_12_overmature() {
        let tracker = read_service_data("138d15023b793c9d638b48b1b70000004e6aac82").unwrap();
        assert_eq!(tracker.family, Family::SmartthingsFind);
        assert_eq!(tracker.state, Some(TrackerState::Separated));
        assert_eq!(tracker.key.unwrap().to_string(), "3B793C9D638B48B1");
        let details = tracker.details;
        assert_eq!(details.offline, Some(Offline::OvermatureOffline));
        assert_eq!(details.aging_counter, Some(136_589));
        assert_eq!(details.battery, Some(Battery::Full));
        assert_eq!(details.uwb, Some(true));
        assert_eq!(details.signature, Some(0x4E6A_AC82));
    }

    /// 2024-05-24 19:15 UTC.
    #[test]
    fn the_sample_counter_is_the_day_before_its_file() {
        assert_eq!(aging_counter_unix_s(0x02_158D), 1_716_578_100);
    }

    /// Synthetic, from the layout.
    #[test]
    fn the_other_states() {
        let state = |first: &str| {
            let data = format!("{first}000000{}00{}", "11".repeat(8), "00".repeat(7));
            let tracker = read_service_data(&data)?;
            Some((tracker.state, tracker.details.offline))
        };
        let separated = Some(TrackerState::Separated);
        let near = Some(TrackerState::NearOwner);
        assert_eq!(
            state("11"),
            Some((separated, Some(Offline::PrematureOffline)))
        );
        assert_eq!(state("12"), Some((separated, Some(Offline::Offline))));
        for paired in ["14", "15", "16"] {
            assert_eq!(state(paired), Some((near, Some(Offline::Connected))));
        }
        assert_eq!(state("10"), Some((None, None)));
        assert_eq!(state("17"), Some((None, None)));
        assert_eq!(state("23"), None);
        assert_eq!(state("1B"), None);
    }

    #[test]
    fn too_short_is_no_tracker() {
        assert_eq!(read_service_data("138d15023b793c9d638b48b1"), None);
        assert_eq!(read_service_data(""), None);
    }
}
