//! One advertisement, one sensor, one time, one level: what detection works on.

use vigie_decode::{Address, AddressKind, Advertisement, PduType, Sender};

/// What a frame is keyed on, in 64 bits: an address with its type, or the number of an opaque identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identifier(u64);

const OPAQUE: u64 = 1 << 63;
const PUBLIC: u64 = 1 << 48;
const RANDOM: u64 = 2 << 48;

impl Identifier {
    /// Of an address. Public and random addresses with the same digits are two devices.
    #[must_use]
    pub fn of_address(address: Address, kind: Option<AddressKind>) -> Self {
        let [a, b, c, d, e, f] = address.0;
        let digits = u64::from_be_bytes([0, 0, a, b, c, d, e, f]);
        Self(
            digits
                | match kind {
                    None => 0,
                    Some(AddressKind::Public) => PUBLIC,
                    Some(_) => RANDOM,
                },
        )
    }

    /// Of an opaque identifier with this number.
    #[must_use]
    pub const fn of_opaque(number: u32) -> Self {
        Self(OPAQUE | number as u64)
    }

    /// The address; `None` for an opaque identifier.
    #[must_use]
    pub const fn address(self) -> Option<Address> {
        if self.0 & OPAQUE != 0 {
            return None;
        }
        let [_, _, a, b, c, d, e, f] = self.0.to_be_bytes();
        Some(Address([a, b, c, d, e, f]))
    }

    /// Bits that tell identifiers apart, for tables of fixed size (SplitMix64's finaliser; Steele, Lea and Flood 2014).
    #[must_use]
    #[inline]
    pub const fn mark(self, salt: u64) -> u64 {
        let mut x = self.0 ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// The number of an opaque identifier.
    #[must_use]
    pub const fn opaque(self) -> Option<u32> {
        if self.0 & OPAQUE == 0 {
            None
        } else {
            Some(self.0 as u32)
        }
    }
}

/// Frames of one sender at one sensor closer than this are one advertising event on several channels, µs: nothing
/// advertises more often than every 20 ms (Core Specification Vol 6 Part B 4.4.2.2).
pub const ONE_EVENT_US: i64 = 15_000;

/// AD structures, kept inline up to the legacy 31 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// Up to 31 bytes: length and bytes.
    Short(u8, [u8; 31]),
    /// Longer ones of extended advertising.
    Long(Box<[u8]>),
}

impl Payload {
    /// Copies AD structures.
    #[must_use]
    #[inline]
    pub fn new(bytes: &[u8]) -> Self {
        let mut short = [0; 31];
        match short.get_mut(..bytes.len()) {
            Some(head) => {
                head.copy_from_slice(bytes);
                Self::Short(bytes.len() as u8, short)
            }
            None => Self::Long(bytes.into()),
        }
    }

    /// The bytes.
    #[must_use]
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Short(len, bytes) => bytes.get(..usize::from(*len)).unwrap_or(bytes),
            Self::Long(bytes) => bytes,
        }
    }
}

/// A good advertisement as one sensor heard it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// Reception, microseconds since 1970-01-01T00:00:00Z.
    pub time_us: i64,
    /// Index of the sensor.
    pub sensor: u16,
    /// Came out of order, behind the hold.
    pub late: bool,
    /// Level, dBm; `None` is unknown.
    pub rssi: Option<i8>,
    /// Primary advertising channel, 37 to 39, where known.
    pub channel: Option<u8>,
    /// PDU type, where known.
    pub pdu: Option<PduType>,
    /// Sub-type of the address, where known.
    pub address_kind: Option<AddressKind>,
    /// What it is keyed on.
    pub identifier: Identifier,
    /// AD structures.
    pub payload: Payload,
}

impl Sighting {
    /// The advertisement again, for the family decoders. `None` for an opaque identifier.
    #[must_use]
    pub fn advertisement(&self) -> Option<Advertisement<'_>> {
        Some(Advertisement {
            pdu: self.pdu,
            sender: Sender::Address(self.identifier.address()?),
            address_kind: self.address_kind,
            peer: None,
            payload: self.payload.bytes(),
            rssi: self.rssi,
            channel: None,
            complete: true,
        })
    }
}
