//! Apple Find My (furiousMAC `messages/findmy.md`; OpenHaystack firmware; Nordic Find My encoder; AirGuard; FindMy.py).
//!
//! Manufacturer data of company 0x004C hold a chain of messages `type, length, value`:
//!
//! | message | value |
//! |---|---|
//! | 0x12, 0x19 separated | status, public key bytes 6 to 27, top two bits of key byte 0, hint |
//! | 0x12, 0x02 near owner | status, top two bits of key byte 0 |
//!
//! Service data 0xFD44 are those of an accessory without owner. Length tells near from separated; the maintained bit
//! can still be set early in separation. Phones and computers that are lost send the same frames (device type 0).

use super::{Battery, DeviceType, Family, Key, Tracker, TrackerState};
use crate::{AdStructure, Advertisement, Sender};

/// Company identifier of Apple.
pub(crate) const COMPANY: u16 = 0x004C;
const UNPAIRED_SERVICE: u16 = 0xFD44;
/// Product data 8, category 8, reserved 4, battery 1.
const UNPAIRED_BYTES: usize = 21;
const FIND_MY: u8 = 0x12;
const OVERFLOW: u8 = 0x01;

/// The messages in Apple's manufacturer data; ends at one that runs over the end.
#[inline]
pub(crate) fn messages(data: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = data;
    std::iter::from_fn(move || {
        let (kind, after) = rest.split_first()?;
        // The background overflow area has no length: it fills the AD structure.
        let (value, next) = if *kind == OVERFLOW {
            (after, &[][..])
        } else {
            let (length, after) = after.split_first()?;
            after.split_at_checked(usize::from(*length))?
        };
        rest = next;
        Some((*kind, value))
    })
}

#[inline]
pub(super) fn read(ad: &AdStructure<'_>, adv: &Advertisement<'_>) -> Option<Tracker> {
    if let Some(data) = ad.manufacturer_data(COMPANY) {
        return messages(data).find_map(|(kind, value)| match kind {
            FIND_MY => find_my(value, adv),
            _ => None,
        });
    }
    let unpaired = ad.service_data(UNPAIRED_SERVICE)?;
    (unpaired.len() >= UNPAIRED_BYTES).then(|| Tracker {
        state: Some(TrackerState::Unpaired),
        ..Tracker::of(Family::AppleFindMy)
    })
}

fn find_my(value: &[u8], adv: &Advertisement<'_>) -> Option<Tracker> {
    let (status, state, hint, key) = match *value {
        [status, _top] => (status, TrackerState::NearOwner, None, None),
        [status, ref key @ .., top, hint] if value.len() == 0x19 => {
            let key = public_key(key, top, adv);
            (status, TrackerState::Separated, Some(hint), key)
        }
        _ => return None,
    };
    let mut tracker = Tracker::of(Family::AppleFindMy);
    tracker.state = Some(state);
    tracker.key = key;
    let (device_type, model) = match (status >> 4) & 0b11 {
        0 => (DeviceType::AppleDevice, "apple_device"),
        1 => (DeviceType::Airtag, "airtag"),
        2 => (DeviceType::LicensedAccessory, "licensed_accessory"),
        _ => (DeviceType::Airpods, "airpods"),
    };
    tracker.model = Some(model);
    tracker.details.device_type = Some(device_type);
    tracker.details.battery = Some(match status >> 6 {
        0 => Battery::Full,
        1 => Battery::Medium,
        2 => Battery::Low,
        _ => Battery::VeryLow,
    });
    tracker.details.maintained = Some(status & 0b100 != 0);
    tracker.details.status = Some(status);
    tracker.details.hint = hint;
    Some(tracker)
}

/// The 28-byte public key: six bytes stand in the address, its two top bits in the payload. Without an address (an
/// anonymised log) the 22 bytes of the payload.
fn public_key(tail: &[u8], top: u8, adv: &Advertisement<'_>) -> Option<Key> {
    let Sender::Address(address) = adv.sender else {
        return Key::new(tail);
    };
    let mut key = [0; 28];
    let (head, rest) = key.split_at_mut(6);
    head.copy_from_slice(&address.0);
    if let Some(first) = head.first_mut() {
        *first = (top << 6) | (*first & 0x3F);
    }
    for (to, from) in rest.iter_mut().zip(tail) {
        *to = *from;
    }
    Key::new(&key)
}

#[cfg(test)]
mod tests {
    use super::super::{Details, identify};
    use super::*;
    use crate::Address;
    use crate::test_bytes::{advertisement, advertisement_from, hex};

    fn read_from(address: &str, payload: &str) -> Tracker {
        let address: [u8; 6] = hex(address).try_into().unwrap();
        identify(&advertisement_from(address, &hex(payload))).unwrap()
    }

    fn read_payload(payload: &str) -> Tracker {
        identify(&advertisement(&hex(payload))).unwrap()
    }

    fn assert_frame(
        tracker: &Tracker,
        state: TrackerState,
        battery: Battery,
        device_type: DeviceType,
        maintained: bool,
    ) {
        assert_eq!(tracker.family, Family::AppleFindMy);
        assert_eq!(tracker.state, Some(state));
        assert_eq!(tracker.details.battery, Some(battery));
        assert_eq!(tracker.details.device_type, Some(device_type));
        assert_eq!(tracker.details.maintained, Some(maintained));
    }

    use Battery::{Full, Low, Medium};
    use DeviceType::{Airtag, AppleDevice, LicensedAccessory};
    use TrackerState::{NearOwner, Separated};

    #[test]
    fn vector_1_airtag_separated() {
        let tracker = read_from(
            "FB6D083D25A4",
            "1EFF4C001219102807CE0B3C33332ED37B5D9D8291B1D99D0B8615189700E0",
        );
        assert_frame(&tracker, Separated, Full, Airtag, false);
        assert_eq!(tracker.details.hint, Some(0xE0));
        assert_eq!(tracker.model, Some("airtag"));
        assert_eq!(
            tracker.key.unwrap().to_string(),
            "3B6D083D25A42807CE0B3C33332ED37B5D9D8291B1D99D0B86151897"
        );
    }

    #[test]
    fn vector_2_airtag_near_owner() {
        let tracker = read_from("DFA4651A5272", "07FF4C0012025402");
        assert_frame(&tracker, NearOwner, Medium, Airtag, true);
        assert_eq!((tracker.key, tracker.details.hint), (None, None));
    }

    #[test]
    fn vector_3_top_key_bits() {
        let tracker = read_from(
            "C4DEBB84D3A7",
            "1EFF4C00121910809B873C11E8532740A397B3FA95D1B7CBF95A1476AD0318",
        );
        assert_frame(&tracker, Separated, Full, Airtag, false);
        assert_eq!(tracker.details.hint, Some(0x18));
        assert!(
            tracker
                .key
                .unwrap()
                .to_string()
                .starts_with("C4DEBB84D3A7809B")
        );
    }

    #[test]
    fn vectors_4_and_5_lost_apple_device() {
        for payload in [
            "1eff4c001219006d17255505df2aec6ef580be0ddeba8bb034c996de5b0200",
            "1eff4c001219003d9967e0d67bf55617939043e48fd6762144da3e35160300",
        ] {
            let tracker = read_payload(payload);
            assert_frame(&tracker, Separated, Full, AppleDevice, false);
            assert_eq!(tracker.model, Some("apple_device"));
            assert_eq!(tracker.details.hint, Some(0));
        }
    }

    #[test]
    fn vector_6_airtag_near_owner_full() {
        let tracker = read_from("F307D5F42BA4", "07ff4c0012021401");
        assert_frame(&tracker, NearOwner, Full, Airtag, true);
    }

    #[test]
    fn vector_7_low_battery() {
        assert_frame(
            &read_payload("07ff4c0012029401"),
            NearOwner,
            Low,
            Airtag,
            true,
        );
    }

    #[test]
    fn vector_8_apple_device_near_owner() {
        for payload in ["07FF4C0012020001", "07FF4C0012020000"] {
            assert_frame(&read_payload(payload), NearOwner, Full, AppleDevice, false);
        }
    }

    #[test]
    fn vector_9_licensed_accessory() {
        let tracker = read_payload("07FF4C0012022400");
        assert_frame(&tracker, NearOwner, Full, LicensedAccessory, true);
    }

    #[test]
    fn vector_10_synthetic_airtag() {
        let tracker = read_payload(&format!("1EFF4C00121910{}0201", "5A".repeat(22)));
        assert_frame(&tracker, Separated, Full, Airtag, false);
        assert_eq!(tracker.details.hint, Some(1));
    }

    #[test]
    fn vector_11_key_is_put_together() {
        let key = "CE8BAD5F8A0271538FF5AFDA87498CB067E9A020D6E4167801D55D83";
        let tracker = read_from("ce8bad5f8a02", &format!("1EFF4C00121910{}0300", &key[12..]));
        assert_eq!(tracker.key.unwrap().to_string(), key);
    }

    #[test]
    fn without_an_address_the_key_is_what_the_payload_holds() {
        let payload = hex(&format!("1EFF4C00121910{}0201", "5A".repeat(22)));
        let adv = Advertisement {
            sender: Sender::Opaque("13"),
            ..advertisement(&payload)
        };
        assert_eq!(identify(&adv).unwrap().key, Key::new(&[0x5A; 22]));
    }

    #[test]
    fn airpods() {
        let tracker = read_payload("07FF4C001202F400");
        assert_frame(
            &tracker,
            NearOwner,
            Battery::VeryLow,
            DeviceType::Airpods,
            true,
        );
    }

    #[test]
    fn an_accessory_without_owner() {
        let tracker = read_payload(&format!("181644FD{}", "11".repeat(21)));
        assert_eq!(tracker.state, Some(TrackerState::Unpaired));
        assert_eq!(tracker.details, Details::NONE);
    }

    #[test]
    fn find_my_after_another_message() {
        let tracker = read_payload("0EFF4C001005081412345612025402");
        assert_frame(&tracker, NearOwner, Medium, Airtag, true);
    }

    fn assert_no_tracker(payload: &str) {
        let payload = hex(payload);
        assert_eq!(identify(&advertisement(&payload)), None, "{payload:02X?}");
    }

    /// Vectors 19 to 23: phones, a television, a watch.
    #[test]
    fn other_apple_messages_are_no_trackers() {
        assert_no_tracker(
            "02011A020A0C0BFF4C001006071EA3DD89E014FF4C000100000000000000000000200000000000000000",
        );
        assert_no_tracker("02011a0dff4c0010050814123456100101");
        assert_no_tracker("02011a0aff4c001005031c0b4c");
        assert_no_tracker("1bff4c000c0e00c857ac085510515d52cf3862211006551eee51497a");
        assert_no_tracker("02011a020a0c0aff4c00100508141bba69");
        assert_no_tracker("0aff4c0010050b182068dd");
        assert_no_tracker("0bff4c0010061a1e16ec7f61");
        assert_no_tracker("03ff4c00");
    }

    /// Vector 20: two messages in one AD structure.
    #[test]
    fn vector_20_two_messages() {
        let data = hex("10050814123456100101");
        let all: Vec<_> = messages(&data).collect();
        assert_eq!(all, [(0x10, &data[2..7]), (0x10, &data[9..10])]);
    }

    /// Vector 21: the message claims more bytes than there are.
    #[test]
    fn vector_21_underflow() {
        assert_eq!(messages(&hex("1005031c0b4c")).count(), 0);
        assert_eq!(messages(&hex("1005031c0b")).count(), 0);
        assert_eq!(messages(&hex("10")).count(), 0);
        assert_eq!(messages(&[]).count(), 0);
    }

    /// Vector 25, first two parts: shorter than they declare.
    #[test]
    fn vector_25_is_no_tracker() {
        assert_no_tracker(&format!("1CFF4C00121904{}", "AB".repeat(22)));
        assert_no_tracker(&format!("1DFF4C00121904{}", "AB".repeat(23)));
        assert_no_tracker(&format!("1CFF4C00071901{}", "AB".repeat(22)));
    }

    /// A pairing message, which AirPods send too, and which nobody can locate.
    #[test]
    fn pairing_is_no_tracker() {
        assert_no_tracker(&format!("1EFF4C00071901{}", "AB".repeat(24)));
    }

    #[test]
    fn the_overflow_area_is_not_taken_for_messages() {
        assert_no_tracker("14FF4C000112021401000000000000000000000000");
    }

    #[test]
    fn key_of_an_address_that_is_not_static_is_still_read() {
        let adv_payload = hex(&format!("1EFF4C00121910{}0001", "5A".repeat(22)));
        let adv = advertisement_from([0x40, 0, 0, 0, 0, 1], &adv_payload);
        assert_eq!(adv.sender, Sender::Address(Address([0x40, 0, 0, 0, 0, 1])));
        assert_eq!(identify(&adv).unwrap().key.unwrap().as_slice()[0], 0);
    }
}
