//! Bytes of a payload that identify a device for a while.

use std::fmt;

/// Up to 32 bytes drawn from a payload that stay the same until the device rotates them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    bytes: [u8; Self::MAX],
    length: u8,
}

impl Key {
    /// The most bytes that a key holds.
    pub const MAX: usize = 32;

    /// From the first 32 bytes of `bytes`; `None` when there are none.
    #[inline]
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let taken = bytes.get(..Self::MAX).unwrap_or(bytes);
        if taken.is_empty() {
            return None;
        }
        let mut key = Self {
            bytes: [0; Self::MAX],
            length: taken.len() as u8,
        };
        for (to, from) in key.bytes.iter_mut().zip(taken) {
            *to = *from;
        }
        Some(key)
    }

    /// The bytes.
    #[inline]
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        self.bytes
            .get(..usize::from(self.length))
            .unwrap_or_default()
    }
}

impl fmt::Display for Key {
    /// Upper-case hex.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice()
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_what_it_was_given() {
        assert_eq!(Key::new(&[0x0A, 0xFF]).unwrap().to_string(), "0AFF");
        assert_eq!(Key::new(&[]), None);
        assert_eq!(Key::new(&[7; 40]).unwrap().as_slice(), &[7; 32]);
        assert_ne!(Key::new(&[1]), Key::new(&[1, 0]));
    }
}
