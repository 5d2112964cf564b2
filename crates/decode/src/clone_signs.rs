//! Weak signs of a self-made tracker (protocols section 7): where a frame departs from what its specification says, or
//! looks like the published firmware leaves it.
//!
//! Each alone is weak: lost Apple devices send status 0 and hint 0 as well. One advertisement cannot show the others
//! (interval, identity changes faster than the network's): those are for detect.

use crate::family::{DeviceType, FrameType};
use crate::{AddressKind, Advertisement, Family, Sender, Tracker, TrackerState};

/// A set of weak signs of a self-made tracker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct CloneSigns(u8);

impl CloneSigns {
    /// None.
    pub const NONE: Self = Self(0);
    /// A separated tracker whose PDU invites no connection, although its network requires one.
    pub const NOT_CONNECTABLE: Self = Self(1);
    /// Find Hub from a public or static random address, where it requires a private one.
    pub const NOT_PRIVATE_ADDRESS: Self = Self(1 << 1);
    /// Apple Find My from an address that is not static random: the address is part of the key.
    pub const NOT_STATIC_ADDRESS: Self = Self(1 << 2);
    /// Apple Find My, separated, hint 0.
    pub const HINT_ZERO: Self = Self(1 << 3);
    /// Apple Find My, separated, status 0: what OpenHaystack and its kin send. So do lost Apple devices.
    pub const STATUS_ZERO: Self = Self(1 << 4);
    /// Find Hub with unwanted tracking protection, flags byte 0 or 1 as if it were not masked.
    pub const FLAGS_NOT_HASHED: Self = Self(1 << 5);

    const NAMES: [(Self, &'static str); 6] = [
        (Self::NOT_CONNECTABLE, "not_connectable"),
        (Self::NOT_PRIVATE_ADDRESS, "not_private_address"),
        (Self::NOT_STATIC_ADDRESS, "not_static_address"),
        (Self::HINT_ZERO, "hint_zero"),
        (Self::STATUS_ZERO, "status_zero"),
        (Self::FLAGS_NOT_HASHED, "flags_not_hashed"),
    ];

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many there are.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether all of `other` are in this set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Those in this set, in that one, or in both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Their names as written in results.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        let set = Self::NAMES.iter().filter(|(sign, _)| self.contains(*sign));
        set.map(|(_, name)| *name).collect()
    }

    const fn add_if(&mut self, sign: Self, present: bool) {
        if present {
            *self = self.union(sign);
        }
    }
}

/// The weak signs of a self-made tracker in one advertisement of it.
#[must_use]
pub fn clone_signs(adv: &Advertisement<'_>, tracker: &Tracker) -> CloneSigns {
    let mut signs = CloneSigns::NONE;
    let separated = tracker.state == Some(TrackerState::Separated);
    let details = &tracker.details;
    signs.add_if(
        CloneSigns::NOT_CONNECTABLE,
        separated
            && matches!(
                tracker.family,
                Family::AppleFindMy | Family::GoogleFindHub | Family::Dult
            )
            && adv.connectable() == Some(false),
    );
    match tracker.family {
        Family::AppleFindMy => {
            let other_top_bits = match adv.sender {
                Sender::Address(address) => {
                    address.random_kind() != Some(AddressKind::StaticRandom)
                }
                Sender::Opaque(_) => false,
            };
            let not_static = adv
                .address_kind
                .is_some_and(|kind| kind != AddressKind::StaticRandom);
            signs.add_if(
                CloneSigns::NOT_STATIC_ADDRESS,
                separated && (other_top_bits || not_static),
            );
            signs.add_if(CloneSigns::HINT_ZERO, details.hint == Some(0));
            signs.add_if(
                CloneSigns::STATUS_ZERO,
                separated && details.status == Some(0),
            );
        }
        Family::GoogleFindHub => {
            signs.add_if(
                CloneSigns::NOT_PRIVATE_ADDRESS,
                matches!(
                    adv.address_kind,
                    Some(AddressKind::Public | AddressKind::StaticRandom)
                ) && details.device_type != Some(DeviceType::AndroidPhone),
            );
            signs.add_if(
                CloneSigns::FLAGS_NOT_HASHED,
                details.frame_type == Some(FrameType::UnwantedTrackingProtection)
                    && matches!(details.hashed_flags, Some(0 | 1)),
            );
        }
        _ => {}
    }
    signs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_bytes::{advertisement, advertisement_from, advertisement_from_public, hex};
    use crate::{PduType, identify};

    fn signs(adv: &Advertisement<'_>) -> Vec<&'static str> {
        clone_signs(adv, &identify(adv).unwrap()).names()
    }

    #[test]
    fn an_airtag_has_none() {
        let payload = hex("1EFF4C001219102807CE0B3C33332ED37B5D9D8291B1D99D0B8615189700E0");
        let adv = advertisement_from([0xFB, 0x6D, 0x08, 0x3D, 0x25, 0xA4], &payload);
        assert_eq!(signs(&adv), [""; 0]);
    }

    /// Vector 4: a lost phone looks like OpenHaystack, except that one can connect to it.
    #[test]
    fn a_lost_phone() {
        let payload = hex("1eff4c001219006d17255505df2aec6ef580be0ddeba8bb034c996de5b0200");
        assert_eq!(
            signs(&advertisement(&payload)),
            ["hint_zero", "status_zero"]
        );
    }

    #[test]
    fn openhaystack() {
        let payload = hex(&format!("1EFF4C00121900{}0200", "5A".repeat(22)));
        let adv = Advertisement {
            pdu: Some(PduType::AdvNonconnInd),
            ..advertisement(&payload)
        };
        assert_eq!(signs(&adv), ["not_connectable", "hint_zero", "status_zero"]);
    }

    #[test]
    fn apple_from_other_addresses() {
        let payload = hex(&format!("1EFF4C00121910{}0201", "5A".repeat(22)));
        let from_rpa = advertisement_from([0x41, 0, 0, 0, 0, 1], &payload);
        assert_eq!(signs(&from_rpa), ["not_static_address"]);
        assert_eq!(
            signs(&advertisement_from_public(&payload)),
            ["not_static_address"]
        );
        let unknown_kind = Advertisement {
            address_kind: None,
            ..advertisement(&payload)
        };
        assert_eq!(signs(&unknown_kind), [""; 0]);
    }

    /// The ESP32 firmware of GoogleFindMyTools.
    #[test]
    fn find_hub_clone() {
        let payload = hex(&format!("0201061916AAFE41{}00", "AB".repeat(20)));
        let adv = Advertisement {
            pdu: Some(PduType::AdvNonconnInd),
            ..advertisement_from_public(&payload)
        };
        let expected = ["not_connectable", "not_private_address", "flags_not_hashed"];
        assert_eq!(signs(&adv), expected);
    }

    #[test]
    fn find_hub_tag() {
        let payload = hex(&format!("0201061916AAFE41{}5C", "AB".repeat(20)));
        assert_eq!(
            signs(&advertisement_from([0x5A, 1, 2, 3, 4, 5], &payload)),
            [""; 0]
        );
    }

    #[test]
    fn sets() {
        let both = CloneSigns::HINT_ZERO.union(CloneSigns::STATUS_ZERO);
        assert_eq!(both.count(), 2);
        assert!(both.contains(CloneSigns::HINT_ZERO));
        assert!(!CloneSigns::HINT_ZERO.contains(both));
        assert!(CloneSigns::NONE.is_empty() && !both.is_empty());
    }
}
