//! Chipolo with its own scheme (AirGuard `Chipolo.kt`). ONE Spot and Card Spot are Apple's, Point is Google's.
//!
//! Service data of UUID 0xFE33, or 0xFE65 as seen on POP. The address is static. Up to firmware 0xD8 (the first
//! octet of the address) bit 0 of the second byte is set more than 30 minutes after the owner left; later firmware
//! has no such bit.

use super::{Family, Tracker, TrackerState};
use crate::{AdStructure, Advertisement, Sender};

const SERVICES: [u16; 2] = [0xFE33, 0xFE65];
const LAST_FIRMWARE_WITH_STATE: u8 = 0xD8;

#[inline]
pub(super) fn read(ad: &AdStructure<'_>, adv: &Advertisement<'_>) -> Option<Tracker> {
    let data = SERVICES.iter().find_map(|uuid| ad.service_data(*uuid));
    if data.is_none() && !SERVICES.iter().any(|uuid| ad.lists(*uuid)) {
        return None;
    }
    let mut tracker = Tracker::of(Family::Chipolo);
    if let Sender::Address(address) = adv.sender {
        let [firmware, ..] = address.0;
        tracker.details.firmware = Some(firmware);
        if let (Some([_, flags, ..]), ..=LAST_FIRMWARE_WITH_STATE) = (data, firmware) {
            tracker.state = Some(if flags & 1 == 1 {
                TrackerState::Separated
            } else {
                TrackerState::NearOwner
            });
        }
    }
    Some(tracker)
}

#[cfg(test)]
mod tests {
    use super::super::identify;
    use super::*;
    use crate::test_bytes::{advertisement_from, hex};

    /// Synthetic, from the layout.
    fn state(firmware: u8, payload: &str) -> Option<Option<TrackerState>> {
        let payload = hex(payload);
        let tracker = identify(&advertisement_from([firmware, 1, 2, 3, 4, 5], &payload))?;
        assert_eq!(tracker.family, Family::Chipolo);
        Some(tracker.state)
    }

    #[test]
    fn state_of_older_firmware() {
        assert_eq!(
            state(0xD8, "051633FE0001"),
            Some(Some(TrackerState::Separated))
        );
        assert_eq!(
            state(0xC4, "051633FE00FE"),
            Some(Some(TrackerState::NearOwner))
        );
        assert_eq!(
            state(0xC4, "051665FE0001"),
            Some(Some(TrackerState::Separated))
        );
    }

    #[test]
    fn later_firmware_has_no_state() {
        assert_eq!(state(0xD9, "051633FE0001"), Some(None));
    }

    #[test]
    fn too_short_for_a_state() {
        assert_eq!(state(0xC4, "041633FE00"), Some(None));
        assert_eq!(state(0xC4, "030333FE"), Some(None));
        assert_eq!(state(0xC4, "021633"), None);
    }
}
