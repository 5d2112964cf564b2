//! CRC-24 of the link layer (Core Specification Vol 6 Part B 3.1.1).
//!
//! The polynomial is x^24 + x^10 + x^9 + x^6 + x^4 + x^3 + x + 1 (0x00065B). Bits go on air least significant
//! first, so the register is kept mirrored and eight bits are taken by one table look-up. Sixteen tables let
//! sixteen bytes be taken per step, with look-ups that do not wait for each other.

/// Preset of the CRC register on all advertising channels, as the specification writes it.
pub const ADVERTISING_CRC_INIT: u32 = 0x0055_5555;

const SLICES: usize = 16;
const TABLES: [[u32; 256]; SLICES] = tables();

const fn tables() -> [[u32; 256]; SLICES] {
    const MIRRORED_POLYNOMIAL: u32 = 0x00DA_6000;
    let mut tables = [[0u32; 256]; SLICES];
    let mut byte = 0;
    while byte < 256 {
        let mut register = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            register = if register & 1 == 1 {
                (register >> 1) ^ MIRRORED_POLYNOMIAL
            } else {
                register >> 1
            };
            bit += 1;
        }
        tables[0][byte] = register;
        byte += 1;
    }
    let mut slice = 1;
    while slice < SLICES {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[slice - 1][byte];
            tables[slice][byte] = (before >> 8) ^ tables[0][(before & 0xFF) as usize];
            byte += 1;
        }
        slice += 1;
    }
    tables
}

/// CRC-24 over `bytes` (header and payload, as captured: first byte on air first, whitening removed).
///
/// `init` is the preset as the specification writes it (0x555555 for advertising); only its lower 24 bits count.
/// The result is the three CRC bytes as captured, read least significant first, so that it compares with
/// `u32::from_le_bytes([crc[0], crc[1], crc[2], 0])`.
#[inline]
#[must_use]
pub fn crc24(init: u32, bytes: &[u8]) -> u32 {
    let mut register = init.reverse_bits() >> 8;
    let (blocks, tail) = bytes.as_chunks::<SLICES>();
    for block in blocks {
        register = step_16(register, block);
    }
    let (blocks, tail) = tail.as_chunks::<4>();
    for block in blocks {
        register = step_4(register, *block);
    }
    for byte in tail {
        register = (register >> 8) ^ TABLES[0][index(register, *byte)];
    }
    register
}

#[inline]
const fn index(register: u32, byte: u8) -> usize {
    (register as u8 ^ byte) as usize
}

#[inline]
fn step_4(register: u32, block: [u8; 4]) -> u32 {
    let [a, b, c, d] = (u32::from_le_bytes(block) ^ register).to_le_bytes();
    TABLES[3][usize::from(a)]
        ^ TABLES[2][usize::from(b)]
        ^ TABLES[1][usize::from(c)]
        ^ TABLES[0][usize::from(d)]
}

#[inline]
fn step_16(register: u32, block: &[u8; SLICES]) -> u32 {
    let [a, b, c, d, rest @ ..] = *block;
    let first = (u32::from_le_bytes([a, b, c, d]) ^ register).to_le_bytes();
    let mut out = 0;
    for (at, byte) in first.iter().enumerate() {
        out ^= TABLES[SLICES - 1 - at][usize::from(*byte)];
    }
    for (at, byte) in rest.iter().enumerate() {
        out ^= TABLES[SLICES - 5 - at][usize::from(*byte)];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The shift register of the specification's figure, one bit at a time, unmirrored.
    fn by_bits(init: u32, bytes: &[u8]) -> u32 {
        let mut register = init & 0x00FF_FFFF;
        for byte in bytes {
            for bit in 0..8 {
                let feedback = ((register >> 23) & 1) ^ u32::from((byte >> bit) & 1);
                register = (register << 1) & 0x00FF_FFFF;
                if feedback == 1 {
                    register ^= 0x00_065B;
                }
            }
        }
        register.reverse_bits() >> 8
    }

    #[test]
    fn empty_message_leaves_the_preset() {
        assert_eq!(crc24(ADVERTISING_CRC_INIT, &[]), 0x00AA_AAAA);
    }

    /// Check value of CRC-24/BLE in the CRC RevEng catalogue.
    #[test]
    fn catalogue_check_value() {
        assert_eq!(crc24(ADVERTISING_CRC_INIT, b"123456789"), 0x00C2_5A56);
    }

    proptest! {
        #[test]
        fn equals_the_shift_register(init: u32, bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(crc24(init, &bytes), by_bits(init, &bytes));
        }
    }
}
