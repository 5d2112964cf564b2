//! What people read: messages in English and French.
//!
//! [`Texts`] holds the words, [`Story`] collects the outcomes of a run and tells them to somebody who
//! may be under stress, at night: one line first, then everything that a decision needs.
#![forbid(unsafe_code)]

mod alarm;
pub mod codes;
mod console_texts;
mod figures;
pub mod findings;
mod language;
mod page;
mod report;
mod story;
mod texts;

pub use alarm::{ALARM_TEXTS, AlarmKind, AlarmText, FullAlarm};
pub use console_texts::CONSOLE_TEXTS;
pub use figures::time;
pub use language::Language;
pub use report::{Card, Coded, Options, device_text, live_line, reason_text, render, watch_line};
pub use story::{AlertStory, Story, Watched};
pub use texts::{Texts, Value};
