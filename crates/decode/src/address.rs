//! Device addresses and their sub-types (Core Specification Vol 6 Part B 1.3).

use std::fmt;

/// Sub-type of a device address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressKind {
    /// Public device address.
    Public,
    /// Static random address, two most significant bits 11.
    StaticRandom,
    /// Resolvable private address, top bits 01.
    Rpa,
    /// Non-resolvable private address, top bits 00.
    Nrpa,
}

/// A 48-bit device address, most significant octet first, as it is printed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(pub [u8; 6]);

impl Address {
    /// From the order on air and in HCI (least significant octet first).
    #[must_use]
    pub const fn from_le(b: [u8; 6]) -> Self {
        Self([b[5], b[4], b[3], b[2], b[1], b[0]])
    }

    /// Sub-type of a random address; `None` for the reserved top bits 10.
    #[must_use]
    pub const fn random_kind(self) -> Option<AddressKind> {
        match self.0[0] >> 6 {
            0b11 => Some(AddressKind::StaticRandom),
            0b01 => Some(AddressKind::Rpa),
            0b00 => Some(AddressKind::Nrpa),
            _ => None,
        }
    }

    /// Parses `AA:BB:CC:DD:EE:FF`, either case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let b = text.as_bytes();
        if b.len() != 17 {
            return None;
        }
        let mut out = [0u8; 6];
        for (i, octet) in out.iter_mut().enumerate() {
            let at = i * 3;
            if i < 5 && b[at + 2] != b':' {
                return None;
            }
            let hi = (b[at] as char).to_digit(16)?;
            let lo = (b[at + 1] as char).to_digit(16)?;
            *octet = (hi * 16 + lo) as u8;
        }
        Some(Self(out))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02X}:{b:02X}:{c:02X}:{d:02X}:{e:02X}:{g:02X}")
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
