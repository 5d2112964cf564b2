//! What is kept: the result stream, and the case folder of a live run.
#![forbid(unsafe_code)]

pub mod case_db;
mod decode_line;
mod departure_part;
mod hex;
mod number;
pub mod outbox;
mod record;
pub mod recorder;
mod sensors_part;
mod store;
mod time;

pub use decode_line::{DecodeLine, write_decode_line};
pub use hex::hex;
pub use number::{Milli, Significant};
pub use record::write_json;
pub use store::NotOpened;
pub use time::utc_text;
