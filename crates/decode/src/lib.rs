//! From the bytes of a frame to an advertisement and, where it is one, a tracker family.
//!
//! Pure: no I/O, no clock, no randomness, no panic on any input.
//!
//! [`Decoder::decode`] takes one frame and hands out what is in it; [`identify`] names the tracker family of an
//! advertisement, [`finder_signs`] tells a finder phone, [`clone_signs`] the weak signs of a self-made tracker.
#![forbid(unsafe_code)]

mod ad;
mod address;
mod advertisement;
mod clone_signs;
mod crc;
mod decoder;
mod extended;
pub mod family;
mod finder;
mod fix;
mod frame;
#[doc(hidden)]
pub mod fuzz_entry;
mod hci;
mod link_layer;
mod recent;
mod rpa;
mod status;
#[cfg(test)]
mod test_bytes;

pub use ad::{AdError, AdStructure, AdStructures, ad_type};
pub use address::{Address, AddressKind};
pub use advertisement::{Advertisement, PduType, Sender};
pub use clone_signs::{CloneSigns, clone_signs};
pub use crc::{ADVERTISING_CRC_INIT, crc24};
pub use decoder::{Decoded, Decoder, Malformed, MalformedKind};
pub use family::{Battery, Details, Family, Key, Tracker, TrackerState, identify};
pub use finder::{FinderSign, FinderSignKind, finder_signs};
pub use fix::Fix;
pub use frame::{Body, CrcCheck, Frame, Row};
pub use link_layer::ADVERTISING_ACCESS_ADDRESS;
pub use rpa::resolves;
pub use status::{Condition, Status};
