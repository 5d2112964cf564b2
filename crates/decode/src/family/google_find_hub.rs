//! Google Find Hub Network (Find Hub Network Accessory Specification v1.3): Moto Tag, Chipolo Point, Pebblebee, eufy,
//! Jio, Hama, Rolling Square, earbuds, and Android phones. Brands have no signature of their own.
//!
//! Service data of UUID 0xFEAA: frame type 0x40 or 0x41, an ephemeral identifier of 20 or 32 bytes, and perhaps a byte
//! of flags masked with a hash. Eddystone has the same UUID with frame types 0x00, 0x10, 0x20, 0x30.
//!
//! FrameType type 0x41 (unwanted tracking protection) is the separated state. 0x40 says nothing of the owner: a tag that
//! met no taking-part phone since it was separated stays at 0x40, so its state is unknown.

use super::{DeviceType, Family, FrameType, Key, Tracker, TrackerState};
use crate::{AdStructure, Advertisement, ad_type};

pub(crate) const SERVICE: u16 = 0xFEAA;
const NORMAL: u8 = 0x40;
const UNWANTED_TRACKING_PROTECTION: u8 = 0x41;
/// Flags of phones in AirGuard's observation; tags send 0x06. A heuristic.
const PHONE_FLAGS: u8 = 0x02;

#[inline]
pub(super) fn read(ad: &AdStructure<'_>, adv: &Advertisement<'_>) -> Option<Tracker> {
    let (first, rest) = ad.service_data(SERVICE)?.split_first()?;
    let (frame_type, state) = match *first {
        NORMAL => (FrameType::Normal, None),
        UNWANTED_TRACKING_PROTECTION => (
            FrameType::UnwantedTrackingProtection,
            Some(TrackerState::Separated),
        ),
        _ => return None,
    };
    let (identifier, hashed_flags) = match rest.len() {
        20 | 32 => (rest, None),
        21 | 33 => {
            let (flags, identifier) = rest.split_last()?;
            (identifier, Some(*flags))
        }
        _ => return None,
    };
    let mut tracker = Tracker::of(Family::GoogleFindHub);
    tracker.state = state;
    tracker.key = Key::new(identifier);
    tracker.details.frame_type = Some(frame_type);
    tracker.details.hashed_flags = hashed_flags;
    let flags = adv.structures().map_while(Result::ok);
    let phone = flags
        .take_while(|other| other.offset < ad.offset)
        .any(|other| other.ad_type == ad_type::FLAGS && other.data == [PHONE_FLAGS]);
    tracker.details.device_type = phone.then_some(DeviceType::AndroidPhone);
    Some(tracker)
}

#[cfg(test)]
mod tests {
    use super::super::identify;
    use super::*;
    use crate::test_bytes::{advertisement, hex};

    fn read_payload(payload: &str) -> Option<Tracker> {
        identify(&advertisement(&hex(payload)))
    }

    #[test]
    fn vector_13_separated_and_normal() {
        let separated = read_payload(&format!("1916AAFE41{}00", "AB".repeat(20))).unwrap();
        assert_eq!(separated.family, Family::GoogleFindHub);
        assert_eq!(separated.state, Some(TrackerState::Separated));
        assert_eq!(separated.key, Key::new(&[0xAB; 20]));
        assert_eq!(separated.details.hashed_flags, Some(0));

        let normal = read_payload(&format!("1916AAFE40{}00", "AB".repeat(20))).unwrap();
        assert_eq!(normal.state, None);
        assert_eq!(normal.details.frame_type, Some(FrameType::Normal));
    }

    #[test]
    fn vector_14_clone_frame() {
        let payload = "0201061916AAFE41565758595A5B5C5D5E5F6061626364656667686901";
        let tracker = read_payload(payload).unwrap();
        assert_eq!(tracker.state, Some(TrackerState::Separated));
        assert_eq!(tracker.details.hashed_flags, Some(1));
        assert_eq!(tracker.details.device_type, None);
    }

    #[test]
    fn vector_15_truncated_capture() {
        assert_eq!(
            read_payload("0201061916aafe40c6e8d4ad4d28a3f96b510734"),
            None
        );
    }

    #[test]
    fn vector_16_without_flags() {
        let payload = "0201061816AAFE40112233445566778899abba998877665544332211";
        let tracker = read_payload(payload).unwrap();
        assert_eq!(
            tracker.key.unwrap().to_string(),
            "112233445566778899ABBA998877665544332211"
        );
        assert_eq!(tracker.details.hashed_flags, None);
    }

    #[test]
    fn the_long_identifier() {
        let bare = read_payload(&format!("2416AAFE41{}", "CD".repeat(32))).unwrap();
        assert_eq!(bare.key, Key::new(&[0xCD; 32]));
        let flagged = read_payload(&format!("2516AAFE40{}7F", "CD".repeat(32))).unwrap();
        assert_eq!(flagged.key, Key::new(&[0xCD; 32]));
        assert_eq!(flagged.details.hashed_flags, Some(0x7F));
    }

    #[test]
    fn flags_of_a_phone() {
        let tracker = read_payload(&format!("0201021816AAFE40{}", "AB".repeat(20))).unwrap();
        assert_eq!(tracker.details.device_type, Some(DeviceType::AndroidPhone));
    }

    #[test]
    fn other_lengths_are_no_trackers() {
        for length in [0, 1, 19, 22, 31, 34] {
            let payload = format!("{:02X}16AAFE41{}", length + 4, "AB".repeat(length));
            assert_eq!(read_payload(&payload), None, "{length}");
        }
    }
}
