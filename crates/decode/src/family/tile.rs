//! Tile, Life360 (AirGuard `Tile.kt`; node-tile; UUIDs from Bluetooth Assigned Numbers).
//!
//! Service data or a UUID list of 0xFEED, newer ones 0xFD84; 0xFEEC while not activated. Nothing in the frame tells
//! whether the owner is near. The address does not rotate. Frames can be replayed to frame an owner
//! (arXiv 2510.00350).

use super::{Family, Tracker, TrackerState};
use crate::AdStructure;

const SERVICE: u16 = 0xFEED;
const NEWER_SERVICE: u16 = 0xFD84;
const NOT_ACTIVATED: u16 = 0xFEEC;

#[inline]
pub(super) fn read(ad: &AdStructure<'_>) -> Option<Tracker> {
    let has = |uuid| ad.lists(uuid) || ad.service_data(uuid).is_some();
    let state = if has(SERVICE) || has(NEWER_SERVICE) {
        None
    } else if has(NOT_ACTIVATED) {
        Some(TrackerState::Unpaired)
    } else {
        return None;
    };
    Some(Tracker {
        state,
        ..Tracker::of(Family::Tile)
    })
}

#[cfg(test)]
mod tests {
    use super::super::identify;
    use super::*;
    use crate::test_bytes::{advertisement, hex};

    fn read_payload(payload: &str) -> Option<(Family, Option<TrackerState>)> {
        let tracker = identify(&advertisement(&hex(payload)))?;
        Some((tracker.family, tracker.state))
    }

    #[test]
    fn vector_17_uuid_list() {
        assert_eq!(read_payload("0303EDFE"), Some((Family::Tile, None)));
    }

    /// Synthetic: service data that start 02 00.
    #[test]
    fn service_data() {
        let payload = "0201060303EDFE0D16EDFE02001122334455667788";
        assert_eq!(read_payload(payload), Some((Family::Tile, None)));
        assert_eq!(read_payload("030384FD"), Some((Family::Tile, None)));
    }

    #[test]
    fn not_activated() {
        let expected = Some((Family::Tile, Some(TrackerState::Unpaired)));
        assert_eq!(read_payload("0303ECFE"), expected);
    }

    #[test]
    fn among_other_uuids() {
        assert_eq!(read_payload("05020A18EDFE"), Some((Family::Tile, None)));
        assert_eq!(
            read_payload("0503EDED FEFE".replace(' ', "").as_str()),
            None
        );
    }
}
