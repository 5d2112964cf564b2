//! One file per command.

pub mod adversarial;
pub mod alarm;
pub mod decode;
pub mod demo;
pub mod doctor;
pub mod enroll;
pub mod evaluate;
pub mod fit;
pub mod generate;
mod prototype_table;
pub mod replay;
mod scenario_table;
pub mod scenarios;
pub mod simulate;
pub mod sound;
pub mod watch;

use vigie_show::{Texts, Value};

use crate::wrong_setting::WrongSetting;

/// What a command refuses, beyond what a recording can be refused for.
#[derive(Debug)]
pub enum Refused {
    /// `decode` of inputs without frames.
    Frameless(String),
    /// Something about our own devices: key of the text, and what it is about.
    Enrolment(&'static str, String),
    /// `sound` of something that cannot be, or without a word from a person: key of the text, and what it is about.
    Sound(&'static str, String),
    /// A case that never had an alarm to send.
    NoAlarms(String),
    /// No cause of an alarm is called so.
    NoSuchCause(String),
    /// `evaluate` of a folder without a truth file.
    Unlabelled(String),
    /// `evaluate` of a folder that holds none of the recordings in its truth file.
    Deserted(String),
    /// `simulate` of a variant that the family has not; those that it has.
    Variant(String),
}

impl Refused {
    const fn text(&self) -> (&'static str, &'static str, &String) {
        match self {
            Self::Frameless(path) => ("error-no-frames", "path", path),
            Self::NoAlarms(path) => ("alarm-state-none", "path", path),
            Self::NoSuchCause(cause) => ("alarm-no-such-cause", "cause", cause),
            Self::Unlabelled(path) => ("error-no-labels", "path", path),
            Self::Deserted(path) => ("error-folder", "path", path),
            Self::Variant(known) => ("error-variant", "known", known),
            Self::Enrolment(key, about) => (key, "name", about),
            Self::Sound(key, about) => (key, "address", about),
        }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (key, _, about) = self.text();
        write!(f, "{about}: {key}")
    }
}

impl std::error::Error for Refused {}

/// An error in the reader's language: what happened, what it means, what to do next.
pub fn worded(error: &anyhow::Error, texts: &Texts) -> String {
    use vigie_capture::Error;
    if let Some(refused) = error.downcast_ref::<Refused>() {
        let (key, name, about) = refused.text();
        return texts.text_with(key, &[(name, Value::Text(about))]);
    }
    if let Some(wrong) = error.downcast_ref::<WrongSetting>() {
        // What it is told with is the file.
        return wrong.worded(&error.to_string(), texts);
    }
    if let Some(e) = error.downcast_ref::<std::io::Error>() {
        let reason = e.to_string();
        return texts.text_with("error-output", &[("reason", Value::Text(&reason))]);
    }
    let Some(e) = error.downcast_ref::<Error>() else {
        let reason = format!("{error:#}");
        return texts.text_with("error-other", &[("reason", Value::Text(&reason))]);
    };
    let path = e.path().display().to_string();
    let path = ("path", Value::Text(&path));
    match e {
        Error::Empty { .. } => texts.text_with("error-empty", &[path]),
        Error::Encrypted { .. } => texts.text_with("error-encrypted", &[path]),
        Error::Unrecognised { .. } => texts.text_with("error-unrecognised", &[path]),
        Error::Unreadable { offset, what, .. } => texts.text_with(
            "error-unreadable",
            &[
                path,
                ("offset", Value::Count(*offset)),
                ("reason", Value::Text(what)),
            ],
        ),
        Error::Io { source, .. } => {
            let reason = source.to_string();
            texts.text_with("error-io", &[path, ("reason", Value::Text(&reason))])
        }
    }
}
