//! The result stream and, later, the case folder.
#![forbid(unsafe_code)]

mod decode_line;
mod departure_part;
mod number;
mod record;
mod sensors_part;
mod time;

pub use decode_line::{DecodeLine, write_decode_line};
pub use record::write_json;
pub use time::utc_text;
