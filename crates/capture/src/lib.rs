//! Reads recordings: capture files, phone logs, positions.
//!
//! Formats are recognised by content, never by name. A damaged input is read as far as it can be: what is lost is counted by
//! kind and byte offset ([`Damage`]), the rest is given. Only an input that is empty, of no known format or broken from its head
//! on is an [`Error`].
//!
//! ```no_run
//! use vigie_capture::{Event, Input, Merge};
//! let mut merge = Merge::open(&[Input::parse("V1=drive.pcapng"), Input::parse("track.gpx")])?;
//! while let Some(event) = merge.next()? {
//!     if let Event::Frame(frame) = event {
//!         println!("{} {:?}", frame.time_us, frame.rssi);
//!     }
//! }
//! # Ok::<(), vigie_capture::Error>(())
//! ```
#![deny(unsafe_code)]

mod airguard;
mod bledoubt;
mod btsnooz;
mod bug_report;
pub mod case;
mod error;
mod event;
mod folder;
mod format;
#[doc(hidden)]
pub mod fuzz_entry;
mod gpx;
mod hci_log;
mod homescout;
mod input;
mod kismet;
mod link;
#[cfg(feature = "live")]
pub mod live;
mod log;
mod merge;
mod nmea;
mod own_records;
mod pcap;
mod pcapng;
mod pcapng_interface;
mod positions;
mod reader;
mod recording;
mod sealed;
mod sensors;
mod sightings;
mod table;
mod time;
mod wigle;
mod window;

pub use case::Case;
pub use error::Error;
pub use event::{Damage, DamageKind, Event, Note};
pub use folder::expand;
pub use format::Format;
pub use input::Input;
pub use merge::Merge;
pub use recording::Recording;
pub use sealed::Identity;
pub use sensors::Sensors;
pub use time::rfc3339_or_us;
