//! What is kept: the result stream, and the case folder of a live run.
#![forbid(unsafe_code)]

pub mod case_db;
mod decode_line;
mod departure_part;
mod number;
pub mod outbox;
mod record;
pub mod recorder;
mod sensors_part;
mod time;

pub use decode_line::{DecodeLine, write_decode_line};
pub use number::{Milli, Significant};
pub use record::write_json;
pub use time::utc_text;
