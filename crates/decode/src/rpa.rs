//! Resolvable private addresses (Core Specification Vol 3 Part H 2.2.2, Vol 6 Part B 1.3.2.2).

use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt, KeyInit};

use crate::{Address, AddressKind};

/// Whether `address` was made from this identity resolving key.
///
/// `irk` has its most significant octet first, as the specification prints it (several operating systems store
/// keys the other way round). False for an address whose top bits are not 01. A stranger's address passes by chance
/// once in 2^24.
#[must_use]
pub fn resolves(irk: &[u8; 16], address: Address) -> bool {
    if address.random_kind() != Some(AddressKind::Rpa) {
        return false;
    }
    let [p0, p1, p2, hash @ ..] = address.0;
    ah(irk, [p0, p1, p2]) == hash
}

/// The random address hash function `ah`.
fn ah(irk: &[u8; 16], prand: [u8; 3]) -> [u8; 3] {
    let mut block = [0u8; 16];
    block[13..].copy_from_slice(&prand);
    let mut block = block.into();
    Aes128::new(&(*irk).into()).encrypt_block(&mut block);
    [block[13], block[14], block[15]]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sample data of Core Specification Vol 3 Part H Appendix D.7.
    const IRK: [u8; 16] = [
        0xec, 0x02, 0x34, 0xa3, 0x57, 0xc8, 0xad, 0x05, 0x34, 0x10, 0x10, 0xa6, 0x0a, 0x39, 0x7d,
        0x9b,
    ];

    #[test]
    fn sample_data() {
        assert_eq!(ah(&IRK, [0x70, 0x81, 0x94]), [0x0d, 0xfb, 0xaa]);
    }

    #[test]
    fn resolves_its_own_address_only() {
        let own = Address([0x70, 0x81, 0x94, 0x0d, 0xfb, 0xaa]);
        assert!(resolves(&IRK, own));
        assert!(!resolves(&[0; 16], own));
        assert!(!resolves(
            &IRK,
            Address([0x70, 0x81, 0x94, 0x0d, 0xfb, 0xab])
        ));
    }

    #[test]
    fn an_address_that_is_no_rpa_never_resolves() {
        let prand = [0xF0, 0x81, 0x94];
        let [a, b, c] = ah(&IRK, prand);
        assert!(!resolves(
            &IRK,
            Address([prand[0], prand[1], prand[2], a, b, c])
        ));
    }
}
