//! Our own devices as they were enrolled: what a run is told of them beforehand.

use serde::{Deserialize, Serialize};
use vigie_decode::{Address, AddressKind, Family};

/// An identity resolving key. It is never written or printed, and wiped when it is dropped; what the compiler
/// copied elsewhere on the way is not.
#[derive(Clone, PartialEq, Eq)]
pub struct Irk([u8; 16]);

impl Irk {
    /// From its octets, most significant first.
    #[must_use]
    pub const fn new(octets: [u8; 16]) -> Self {
        Self(octets)
    }

    /// From 32 hexadecimal digits, most significant octet first; `None` if the text is anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: Vec<u8> = text
            .chars()
            .map(|c| c.to_digit(16).map(|d| d as u8))
            .collect::<Option<_>>()?;
        if digits.len() != 32 {
            return None;
        }
        let mut key = Self([0; 16]);
        for (octet, pair) in key.0.iter_mut().zip(digits.chunks_exact(2)) {
            *octet = pair.iter().fold(0, |sum, d| sum << 4 | d);
        }
        Some(key)
    }

    /// With its octets in the opposite order: several operating systems store keys that way.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let mut key = self.clone();
        key.0.reverse();
        key
    }

    /// Whether an address was made from this key.
    #[must_use]
    pub fn resolves(&self, address: Address) -> bool {
        vigie_decode::resolves(&self.0, address)
    }
}

impl std::fmt::Debug for Irk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Irk(not shown)")
    }
}

impl Drop for Irk {
    fn drop(&mut self) {
        self.0.fill(0);
        // Otherwise the wiping of what is never read again would be left out.
        std::hint::black_box(&self.0);
    }
}

/// One device of ours.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Enrolled {
    /// What we call it.
    pub name: String,
    /// Its key, with the owner's consent: it is then known under every address.
    pub irk: Option<Irk>,
    /// Its addresses, where they last; the sub-type is `None` where the input will not tell it.
    pub addresses: Vec<(Address, AddressKind)>,
    /// Tracker family of its frames; `None`: no tracker as far as known.
    pub family: Option<Family>,
    /// Times when it is known to be elsewhere, from and until, µs since 1970.
    pub away_us: Vec<(i64, i64)>,
}

/// Constants of the recognition of our own devices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EnrolmentConstants {
    /// A resolvable private address in use for longer than this was not replaced as devices do, seconds. They
    /// change it every 15 minutes by default (Core Specification Vol 3 Part C appendix A, `TGAP(private_addr_int)`);
    /// ten more for a device that was busy.
    pub address_lifetime_s: f64,
    /// An address silent for this long while a later one of the same device is in use was replaced, seconds.
    pub replaced_silence_s: f64,
    /// Sightings of one address within this time are one transmission, seconds: clocks set over a network agree
    /// within it, and hardly any device advertises more often.
    pub transmission_s: f64,
    /// A transmission this much louder at a vehicle than those of the device elsewhere are there, and than it is
    /// elsewhere, was sent by something else, dB: more than fading does (`detection.md` section 9).
    pub bimodal_db: f64,
    /// The same once the vehicles' clocks were corrected, and at one sensor, seconds: an event on three channels with room
    /// for the correction's error (Core Specification Vol 6 Part B 4.4.2.3: 10 ms from channel to channel at most).
    pub event_s: f64,
    /// And no more than this below what the address is heard with at its loudest, dB.
    pub near_db: f64,
    /// Changes of the loudest vehicle within `alternation_s` from which two transmitters are assumed: nobody
    /// carries a device to and fro that often.
    pub alternations: usize,
    /// See `alternations`, seconds.
    pub alternation_s: f64,
}

impl Default for EnrolmentConstants {
    fn default() -> Self {
        Self {
            address_lifetime_s: 1500.0,
            replaced_silence_s: 300.0,
            transmission_s: 0.1,
            event_s: 0.015,
            bimodal_db: 12.0,
            near_db: 18.0,
            alternations: 10,
            alternation_s: 60.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "ec0234a357c8ad05341010a60a397d9b";

    #[test]
    fn a_key_is_read_and_never_shown() {
        let key = Irk::parse(TEXT).unwrap();
        let own = Address([0x70, 0x81, 0x94, 0x0d, 0xfb, 0xaa]);
        assert!(key.resolves(own));
        assert!(!key.reversed().resolves(own));
        assert!(key.reversed().reversed().resolves(own));
        let shown = format!("{key:?}").to_lowercase();
        assert!(!shown.contains("ec") && !shown.contains("236"), "{shown}");
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let long = format!("{TEXT}0");
        for text in ["", "ec02", &TEXT[1..], &long, &TEXT.replace('e', "g")] {
            assert_eq!(Irk::parse(text), None, "{text}");
        }
    }
}
