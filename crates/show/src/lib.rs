//! What people read: messages in English and French.
//!
//! [`Texts`] holds the words, [`Story`] collects the outcomes of a run and tells them to somebody who
//! may be under stress, at night: one line first, then everything that a decision needs.
#![forbid(unsafe_code)]

mod alarm;
pub mod codes;
mod figures;
pub mod findings;
mod language;
mod page;
mod report;
mod story;
mod texts;

pub use alarm::{ALARM_TEXTS, AlarmKind, AlarmText, FullAlarm};
pub use figures::time;
pub use language::Language;
pub use report::{Options, live_line, render, watch_line};
pub use story::Story;
pub use texts::{Texts, Value};
