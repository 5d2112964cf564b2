//! Pebblebee with its own scheme (AirGuard `PebbleBee.kt`); its other modes are Apple's or Google's.
//!
//! Lists UUID 0xFA25, from a static address. Nothing in the frame tells whether the owner is near.

use super::{Family, Tracker};
use crate::AdStructure;

const SERVICE: u16 = 0xFA25;

#[inline]
pub(super) fn read(ad: &AdStructure<'_>) -> Option<Tracker> {
    let own = ad.lists(SERVICE) || ad.service_data(SERVICE).is_some();
    own.then(|| Tracker::of(Family::Pebblebee))
}

#[cfg(test)]
mod tests {
    use super::super::identify;
    use super::*;
    use crate::test_bytes::{advertisement, hex};

    /// Synthetic, from the UUID.
    #[test]
    fn uuid_list() {
        for payload in ["020106030325FA", "030225FA", "041625FA01"] {
            let tracker = identify(&advertisement(&hex(payload))).unwrap();
            assert_eq!(tracker, Tracker::of(Family::Pebblebee));
        }
        assert_eq!(identify(&advertisement(&hex("0303FA25"))), None);
    }
}
