//! Copy me: a new tracker family.
//!
//! 1. Copy this file to `family/<name>.rs` and write here what the frame looks like and which source says so.
//! 2. Replace the constants and `read` by what the family's frames say. Be strict: a length or a frame type that does
//!    not fit is `None`. A company identifier alone is never evidence.
//! 3. In `family/mod.rs` add the module, the family in [`Family`] and its name, and one line in `read`. A field that no
//!    other family has goes to `Details`.
//! 4. Bring at least one published frame as a test vector, and frames that look alike but must not match.
//!
//! This file is compiled and tested, but belongs to no family: its numbers are made up.

#![cfg_attr(not(test), allow(dead_code))]

use super::{Battery, Family, Key, Tracker, TrackerState};
use crate::AdStructure;

/// Service UUID (made up: the last one of the member range).
const SERVICE: u16 = 0xFFF5;
/// Frame type.
const TRACKER: u8 = 0x01;

/// Service data: frame type, flags (bit 0 separated, bit 1 low battery), identifier (6 bytes).
#[inline]
fn read(ad: &AdStructure<'_>) -> Option<Tracker> {
    let &[TRACKER, flags, ref identifier @ ..] = ad.service_data(SERVICE)? else {
        return None;
    };
    if identifier.len() != 6 {
        return None;
    }
    let mut tracker = Tracker::of(Family::Dult); // the family's own variant
    tracker.state = Some(if flags & 1 == 0 {
        TrackerState::NearOwner
    } else {
        TrackerState::Separated
    });
    tracker.key = Key::new(identifier);
    tracker.details.battery = (flags & 2 != 0).then_some(Battery::Low);
    Some(tracker)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_bytes::hex;

    // A registered family's tests call `identify` instead.
    fn read_payload(payload: &str) -> Option<Tracker> {
        let payload = hex(payload);
        crate::AdStructures::new(&payload)
            .map_while(Result::ok)
            .find_map(|ad| read(&ad))
    }

    #[test]
    fn a_published_frame() {
        let tracker = read_payload("0201060B16F5FF0103AABBCCDDEEFF").unwrap();
        assert_eq!(tracker.state, Some(TrackerState::Separated));
        assert_eq!(tracker.key.unwrap().to_string(), "AABBCCDDEEFF");
        assert_eq!(tracker.details.battery, Some(Battery::Low));
    }

    #[test]
    fn lookalikes() {
        assert_eq!(read_payload("0B16F5FF0203AABBCCDDEEFF"), None); // another frame type
        assert_eq!(read_payload("0A16F5FF0103AABBCCDDEE"), None); // a byte short
        assert_eq!(read_payload("0303F5FF"), None); // the UUID alone
    }
}
