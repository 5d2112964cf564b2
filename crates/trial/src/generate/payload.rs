//! AD structures of the devices in a crowd, and of the tag (Supplement to the Core Specification
//! part A; layouts of `protocols.md` sections 2 and 8). All content is random.

use crate::random::Draws;

/// Kinds of device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// iPhone, iPad, Mac, watch: Apple Nearby Info (type 0x10).
    ApplePhone,
    /// Android phone with Play services: service data 0xFCF1.
    AndroidPhone,
    /// Fast Pair accessory, not discoverable: service data 0xFE2C.
    FastPair,
    /// Headphones with a name.
    Headphones,
    /// Windows computer: Connected Devices Platform, company 0x0006.
    Computer,
    /// iBeacon.
    IBeacon,
    /// Eddystone-UID, service data 0xFEAA.
    Eddystone,
    /// A sensor that sends flags and a battery level.
    Sensor,
}

/// AD structures, at most 31 bytes.
pub fn payload(kind: Kind, draws: &mut Draws) -> Vec<u8> {
    let mut out = Vec::with_capacity(31);
    match kind {
        Kind::ApplePhone => {
            out.extend([0x02, 0x01, 0x1A, 0x0A, 0xFF, 0x4C, 0x00, 0x10, 0x05]);
            let actions = [0x03u8, 0x07, 0x0B, 0x01];
            let action = actions.get(draws.below(4)).copied().unwrap_or(0x03);
            out.extend([0x10 | action, 0x1C]);
            out.extend(draws.bytes::<3>());
        }
        Kind::AndroidPhone => {
            out.extend([0x19, 0x16, 0xF1, 0xFC, 0x04]);
            out.extend(draws.bytes::<21>());
        }
        Kind::FastPair => {
            out.extend([0x02, 0x01, 0x06, 0x0A, 0x16, 0x2C, 0xFE, 0x00, 0x40]);
            out.extend(draws.bytes::<5>());
        }
        Kind::Headphones => {
            let names: [&[u8]; 4] = [b"WH-XM", b"Buds", b"QC Pro", b"Tune 5"];
            let name = names.get(draws.below(4)).copied().unwrap_or(b"Buds");
            out.extend([0x02, 0x01, 0x06, name.len() as u8 + 1, 0x09]);
            out.extend(name);
        }
        Kind::Computer => {
            out.extend([0x1B, 0xFF, 0x06, 0x00, 0x01, 0x09, 0x20, 0x02]);
            out.extend(draws.bytes::<20>());
        }
        Kind::IBeacon => {
            out.extend([0x02, 0x01, 0x06, 0x1A, 0xFF, 0x4C, 0x00, 0x02, 0x15]);
            out.extend(draws.bytes::<20>());
            out.push(0xC5);
        }
        Kind::Eddystone => {
            out.extend([0x02, 0x01, 0x06, 0x03, 0x03, 0xAA, 0xFE]);
            out.extend([0x15, 0x16, 0xAA, 0xFE, 0x00, 0xEE]);
            out.extend(draws.bytes::<16>());
        }
        Kind::Sensor => {
            out.extend([0x02, 0x01, 0x06, 0x04, 0x16, 0x0F, 0x18]);
            out.push(draws.below(101) as u8);
        }
    }
    out
}

/// Apple Find My, separated: message 0x12 of 0x19 bytes, carried by the address and 22 bytes of a
/// key drawn at random, which belongs to nobody. Returns the address (most significant octet first)
/// and the AD structure.
pub fn find_my_separated(draws: &mut Draws) -> ([u8; 6], Vec<u8>) {
    let key: [u8; 28] = draws.bytes();
    let [k0, k1, k2, k3, k4, k5, rest @ ..] = key;
    // Full battery, AirTag.
    let mut out = vec![0x1E, 0xFF, 0x4C, 0x00, 0x12, 0x19, 0x10];
    out.extend(rest);
    out.extend([k0 >> 6, 0x00]);
    // A static random address: the two top bits are set on air and kept in the payload.
    ([k0 | 0xC0, k1, k2, k3, k4, k5], out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [Kind; 8] = [
        Kind::ApplePhone,
        Kind::AndroidPhone,
        Kind::FastPair,
        Kind::Headphones,
        Kind::Computer,
        Kind::IBeacon,
        Kind::Eddystone,
        Kind::Sensor,
    ];

    /// Types of the AD structures; fails on one that does not end where the payload ends.
    fn types(payload: &[u8]) -> Vec<u8> {
        let mut rest = payload;
        let mut types = Vec::new();
        while let Some((&length, after)) = rest.split_first() {
            let (structure, next) = after.split_at(length as usize);
            types.push(structure[0]);
            rest = next;
        }
        types
    }

    #[test]
    fn all_are_well_formed_and_fit() {
        let mut draws = Draws::new(1);
        for kind in KINDS {
            for _ in 0..20 {
                let p = payload(kind, &mut draws);
                assert!(p.len() <= 31, "{kind:?}");
                assert!(!types(&p).is_empty());
            }
        }
    }

    #[test]
    fn tag_is_a_full_separated_frame() {
        let (address, p) = find_my_separated(&mut Draws::new(1));
        assert_eq!((p.len(), types(&p)), (31, vec![0xFF]));
        assert_eq!(p[4..7], [0x12, 0x19, 0x10]);
        assert_eq!(address[0] >> 6, 3);
        assert!(p[29] <= 3);
    }
}
