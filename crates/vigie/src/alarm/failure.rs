//! Why a message could not be delivered.

/// What kind of failure it is: decides what is advised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Nobody answers there.
    Unreachable,
    /// It took longer than it may.
    TimedOut,
    /// The other side could not show that it is who it should be.
    Certificate,
    /// It wants another password or token.
    Refused,
    /// It answered that it did not take the message.
    Answer,
    /// A program on this machine failed.
    Program,
    /// There is no terminal to ring.
    Terminal,
}

impl Why {
    /// Code, as in the key `alarm-do-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Certificate => "certificate",
            Self::Refused => "refused",
            Self::Answer => "answer",
            Self::Program => "program",
            Self::Terminal => "terminal",
        }
    }
}

/// A failed delivery, in words for the log (English).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Failure {
    /// Kind.
    pub why: Why,
    /// What happened.
    pub what: String,
}

/// A longer reason is cut, characters: what a server says is not ours to store at any length.
const LONGEST: usize = 200;

impl Failure {
    pub fn new(why: Why, what: impl Into<String>) -> Self {
        Self {
            why,
            what: what.into(),
        }
    }

    /// The same, fit to be stored and shown: on one line, not long, and without these words in it.
    pub fn without(mut self, secrets: &[String]) -> Self {
        for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
            self.what = self.what.replace(secret.as_str(), "…");
        }
        self.what = self
            .what
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(LONGEST)
            .collect();
        self
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        let why = match error.kind() {
            ErrorKind::TimedOut | ErrorKind::WouldBlock => Why::TimedOut,
            // What rustls reports comes as invalid data.
            ErrorKind::InvalidData => Why::Certificate,
            _ => Why::Unreachable,
        };
        Self::new(why, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_and_no_line_break_is_left() {
        let failure = Failure::new(
            Why::Answer,
            format!("bad token hunter2\r\n{}", "x".repeat(999)),
        );
        let failure = failure.without(&["hunter2".into(), String::new()]);
        assert!(
            failure.what.starts_with("bad token …  x"),
            "{}",
            failure.what
        );
        assert_eq!(failure.what.chars().count(), LONGEST);
    }
}
