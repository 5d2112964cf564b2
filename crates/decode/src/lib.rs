//! From the bytes of a frame to an advertisement and, where it is one, a tracker family.
//!
//! Pure: no I/O, no clock, no randomness, no panic on any input.
#![forbid(unsafe_code)]

mod address;
mod advertisement;
mod fix;
mod frame;

pub use address::{Address, AddressKind};
pub use advertisement::{Advertisement, PduType, Sender};
pub use fix::Fix;
pub use frame::{Body, CrcCheck, Frame, Row};
