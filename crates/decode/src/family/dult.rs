//! The cross-vendor frame of draft-ietf-dult-accessory-protocol ("location-enabled payload").
//!
//! Service data of UUID 0xFCB2: network identifier, one byte of which bit 0 is set while near the owner, then bytes of
//! the maker's own that rotate together with the address. Rarely seen so far: makers keep their own frames.

use super::{Family, Key, Network, Tracker, TrackerState};
use crate::AdStructure;

const SERVICE: u16 = 0xFCB2;
const NEAR_OWNER: u8 = 1;

#[inline]
pub(super) fn read(ad: &AdStructure<'_>) -> Option<Tracker> {
    let &[network_id, flags, ref own @ ..] = ad.service_data(SERVICE)? else {
        return None;
    };
    let mut tracker = Tracker::of(Family::Dult);
    tracker.state = Some(if flags & NEAR_OWNER == 0 {
        TrackerState::Separated
    } else {
        TrackerState::NearOwner
    });
    tracker.key = Key::new(own);
    tracker.details.network_id = Some(network_id);
    tracker.details.network = match network_id {
        0x01 => Some(Network::Apple),
        0x02 => Some(Network::Google),
        _ => None,
    };
    Some(tracker)
}

#[cfg(test)]
mod tests {
    use super::super::identify;
    use super::*;
    use crate::test_bytes::{advertisement, hex};

    /// Synthetic, from the draft: no capture is published.
    #[test]
    fn near_owner_and_separated() {
        let payload = hex(&format!("1916B2FC0201{}", "C3".repeat(20)));
        let near = identify(&advertisement(&payload)).unwrap();
        assert_eq!(near.family, Family::Dult);
        assert_eq!(near.state, Some(TrackerState::NearOwner));
        assert_eq!(near.key, Key::new(&[0xC3; 20]));
        assert_eq!(near.details.network, Some(Network::Google));

        let payload = hex("0516B2FC01FE");
        let separated = identify(&advertisement(&payload)).unwrap();
        assert_eq!(separated.state, Some(TrackerState::Separated));
        assert_eq!(separated.key, None);
        assert_eq!(separated.details.network, Some(Network::Apple));
    }

    #[test]
    fn too_short_is_no_tracker() {
        assert_eq!(identify(&advertisement(&hex("0416B2FC01"))), None);
    }
}
