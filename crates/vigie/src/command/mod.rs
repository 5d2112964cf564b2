//! One file per command.

pub mod decode;
pub mod demo;
pub mod doctor;
pub mod evaluate;
pub mod generate;
pub mod replay;
pub mod simulate;

use vigie_show::{Texts, Value};

/// An input without frames, for `decode`.
#[derive(Debug)]
pub struct NoFrames {
    /// The inputs, as named.
    pub inputs: String,
}

impl std::fmt::Display for NoFrames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: no frames", self.inputs)
    }
}

impl std::error::Error for NoFrames {}

/// An error in the reader's language: what happened, what it means, what to do next.
pub fn worded(error: &anyhow::Error, texts: &Texts) -> String {
    use vigie_capture::Error;
    if let Some(e) = error.downcast_ref::<NoFrames>() {
        return texts.text_with("error-no-frames", &[("path", Value::Text(&e.inputs))]);
    }
    let Some(e) = error.downcast_ref::<Error>() else {
        return format!("{error:#}");
    };
    let path = e.path().display().to_string();
    let path = ("path", Value::Text(&path));
    match e {
        Error::Empty { .. } => texts.text_with("error-empty", &[path]),
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
