//! Signs that finder phones are near (protocols section 8; furiousMAC message notes).
//!
//! A finder is a passive scanner and sends nothing by that act. These signs only show that phones are around which
//! may take part in a network.

use crate::family::{APPLE, Family, apple_messages};
use crate::{AdStructure, Advertisement};

const ANDROID_PRESENCE: u16 = 0xFCF1;
const PRESENCE_FRAME: u8 = 0x04;
const NEARBY_CONNECTIONS: u16 = 0xFEF3;

/// What an advertisement says of its sender as a finder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FinderSign {
    /// The sign.
    pub kind: FinderSignKind,
    /// The network it may take part in.
    pub network: Family,
}

/// Signs of finder phones. In Apple's case the strongest of those in one advertisement is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FinderSignKind {
    /// 004C type 0x10: an Apple device, awake or idle; tablets, computers, watches and televisions too.
    AppleNearbyInfo,
    /// 004C type 0x01: an app in the background of a phone or tablet.
    AppleOverflow,
    /// 004C type 0x0C: hand-over between a person's devices.
    AppleHandoff,
    /// 004C type 0x0F.
    AppleNearbyAction,
    /// 004C type 0x0E: shares its cellular connection, so a phone or cellular tablet.
    AppleHotspotSource,
    /// 0xFEF3: Nearby Connections, Quick Share.
    AndroidNearbyConnections,
    /// 0xFCF1 with frame type 0x04: Android with Play services.
    AndroidPresence,
}

impl FinderSignKind {
    /// As written in results.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AppleNearbyInfo => "apple_nearby_info",
            Self::AppleOverflow => "apple_overflow",
            Self::AppleHandoff => "apple_handoff",
            Self::AppleNearbyAction => "apple_nearby_action",
            Self::AppleHotspotSource => "apple_hotspot_source",
            Self::AndroidNearbyConnections => "android_nearby_connections",
            Self::AndroidPresence => "android_presence",
        }
    }
}

/// The strongest sign that the sender may be a finder phone; `None` for all others, trackers included.
#[must_use]
pub fn finder_signs(adv: &Advertisement<'_>) -> Option<FinderSign> {
    let structures = adv.structures().map_while(Result::ok);
    let kind = structures.filter_map(|ad| sign(&ad)).max()?;
    let network = match kind {
        FinderSignKind::AndroidPresence | FinderSignKind::AndroidNearbyConnections => {
            Family::GoogleFindHub
        }
        _ => Family::AppleFindMy,
    };
    Some(FinderSign { kind, network })
}

fn sign(ad: &AdStructure<'_>) -> Option<FinderSignKind> {
    if let Some(data) = ad.manufacturer_data(APPLE) {
        return apple_messages(data)
            .filter_map(|(kind, _)| apple(kind))
            .max();
    }
    if ad.lists(NEARBY_CONNECTIONS) || ad.service_data(NEARBY_CONNECTIONS).is_some() {
        return Some(FinderSignKind::AndroidNearbyConnections);
    }
    let presence = ad.service_data(ANDROID_PRESENCE)?;
    (presence.first() == Some(&PRESENCE_FRAME)).then_some(FinderSignKind::AndroidPresence)
}

const fn apple(kind: u8) -> Option<FinderSignKind> {
    match kind {
        0x01 => Some(FinderSignKind::AppleOverflow),
        0x0C => Some(FinderSignKind::AppleHandoff),
        0x0E => Some(FinderSignKind::AppleHotspotSource),
        0x0F => Some(FinderSignKind::AppleNearbyAction),
        0x10 => Some(FinderSignKind::AppleNearbyInfo),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_bytes::{advertisement, hex};

    fn kind(payload: &str) -> Option<FinderSignKind> {
        Some(finder_signs(&advertisement(&hex(payload)))?.kind)
    }

    #[test]
    fn vector_19_nearby_info_and_overflow() {
        let payload =
            "02011A020A0C0BFF4C001006071EA3DD89E014FF4C000100000000000000000000200000000000000000";
        assert_eq!(kind(payload), Some(FinderSignKind::AppleOverflow));
    }

    #[test]
    fn vector_22_handoff_then_nearby_info() {
        let payload = "1bff4c000c0e00c857ac085510515d52cf3862211006551eee51497a";
        assert_eq!(kind(payload), Some(FinderSignKind::AppleHandoff));
    }

    #[test]
    fn vector_23_nearby_info() {
        for payload in [
            "02011a020a0c0aff4c00100508141bba69",
            "0aff4c0010050b182068dd",
            "0bff4c0010061a1e16ec7f61",
        ] {
            assert_eq!(kind(payload), Some(FinderSignKind::AppleNearbyInfo));
        }
    }

    #[test]
    fn vector_24_android_presence() {
        let payload = hex("1916F1FC045df48ae9ed11560478e73f8c3fe9cb28343026a47a");
        let sign = finder_signs(&advertisement(&payload)).unwrap();
        assert_eq!(sign.kind, FinderSignKind::AndroidPresence);
        assert_eq!(sign.network, Family::GoogleFindHub);
    }

    #[test]
    fn nearby_connections() {
        assert_eq!(
            kind("0303F3FE"),
            Some(FinderSignKind::AndroidNearbyConnections)
        );
    }

    /// iBeacon, HomeKit, AirPods, AirPlay target; Fast Pair; exposure notification; an AirTag.
    #[test]
    fn no_finders() {
        for payload in [
            "1AFF4C000215000000000000000000000000000000000000000000".to_owned() + "",
            "0AFF4C0006053102030405".to_owned() + "",
            "06FF4C00070101".to_owned(),
            "06FF4C00090101".to_owned(),
            "06162CFE010203".to_owned(),
            "03036FFD".to_owned(),
            format!("1EFF4C00121910{}0201", "5A".repeat(22)),
            "0416F1FC05".to_owned(),
        ] {
            assert_eq!(kind(&payload), None, "{payload}");
        }
    }
}
