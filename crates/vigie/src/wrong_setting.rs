//! What is wrong in a settings file: where, what, and what is allowed there, in the reader's language.

use std::fmt;

use vigie_show::{Texts, Value};

/// One mistake. Values are not repeated, somebody may have put a password there; names that are asked for are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongSetting {
    /// Line of the file, from 1.
    pub line: usize,
    /// What is wrong there.
    pub mistake: Mistake,
}

/// Kinds of mistakes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// A name that nothing has here; those that there are.
    Unknown(String, String),
    /// A choice that does not exist; those that there are.
    Choice(String, String),
    /// A setting of another type, or beyond what the type holds; what is asked for, as the parser says it.
    Type(String, String),
    /// Something that must be there is not.
    Missing(String),
    /// Given twice.
    Twice(String),
    /// No TOML, or anything else; as the parser says it.
    Other(String),
}

impl WrongSetting {
    /// What the parser says of `text`; where it knows no place, that of byte `otherwise`.
    pub fn of(text: &str, error: &toml::de::Error, otherwise: usize) -> Self {
        let at = error.span().map_or(otherwise, |span| span.start);
        let before = text.get(..at).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let written = text.lines().nth(line - 1).unwrap_or_default();
        Self {
            line,
            mistake: Mistake::read(error.message(), name_in(written)),
        }
    }

    /// In the reader's language, with the file's name.
    pub fn worded(&self, path: &str, texts: &Texts) -> String {
        let line = self.line as u64;
        let (key, name, more) = match &self.mistake {
            Mistake::Unknown(name, known) => ("error-setting-unknown", name, known.clone()),
            Mistake::Choice(name, known) => ("error-setting-choice", name, known.clone()),
            Mistake::Type(name, asked) => ("error-setting-type", name, kind(asked, texts)),
            Mistake::Missing(name) => ("error-setting-missing", name, String::new()),
            Mistake::Twice(name) => ("error-setting-twice", name, String::new()),
            Mistake::Other(reason) => ("error-setting-other", reason, String::new()),
        };
        let values = [
            ("path", Value::Text(path)),
            ("line", Value::Count(line)),
            ("name", Value::Text(name)),
            ("more", Value::Text(&more)),
        ];
        texts.text_with(key, &values)
    }
}

impl Mistake {
    /// Takes the parser's sentence apart.
    fn read(message: &str, name: &str) -> Self {
        let in_quotes = || message.split('`').nth(1).unwrap_or_default().to_owned();
        let expected = message.split_once("expected ").map(|(_, rest)| rest);
        // Names in back quotes, with commas or `or`.
        let known = || {
            let names = expected.unwrap_or_default().split('`').skip(1).step_by(2);
            names.collect::<Vec<_>>().join(", ")
        };
        if message.starts_with("unknown field") {
            Self::Unknown(in_quotes(), known())
        } else if message.starts_with("unknown variant") {
            Self::Choice(in_quotes(), known())
        } else if message.starts_with("missing field") {
            Self::Missing(in_quotes())
        } else if message.starts_with("duplicate") {
            Self::Twice(name.to_owned())
        } else if message.starts_with("wanted string") {
            Self::Type(name.to_owned(), "a string".to_owned())
        } else if message.starts_with("invalid ")
            && let Some(expected) = expected
        {
            Self::Type(name.to_owned(), expected.to_owned())
        } else {
            Self::Other(message.to_owned())
        }
    }
}

impl fmt::Display for WrongSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.mistake {
            Mistake::Unknown(name, known) => write!(f, "unknown setting {name}, expected {known}"),
            Mistake::Choice(name, known) => write!(f, "unknown choice {name}, expected {known}"),
            Mistake::Type(name, asked) => write!(f, "{name}: expected {asked}"),
            Mistake::Missing(name) => write!(f, "missing: {name}"),
            Mistake::Twice(name) => write!(f, "given twice: {name}"),
            Mistake::Other(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for WrongSetting {}

/// The name that a line sets, or the section it begins.
fn name_in(line: &str) -> &str {
    let name = line.split('=').next().unwrap_or_default();
    name.trim_matches([' ', '\t', '[', ']', '"'])
}

/// A type in words.
fn kind(asked: &str, texts: &Texts) -> String {
    let key = match asked {
        "f32" | "f64" => "setting-number",
        "u8" | "u16" | "u32" | "u64" | "usize" => "setting-count",
        "i8" | "i16" | "i32" | "i64" | "isize" => "setting-whole",
        "a string" | "string" | "str" => "setting-text",
        "a boolean" => "setting-truth",
        _ if asked.contains("sequence") || asked.contains("array") => "setting-list",
        _ if asked.contains("struct") || asked.contains("map") => "setting-section",
        other => return other.to_owned(),
    };
    texts.text(key)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use vigie_detect::Config;
    use vigie_show::Language;

    fn wrong(text: &str) -> WrongSetting {
        WrongSetting::of(text, &toml::from_str::<Config>(text).unwrap_err(), 0)
    }

    fn worded(text: &str, language: Language) -> String {
        let said = wrong(text).worded("vigie.toml", &Texts::new(language));
        assert!(!said.contains(['{', '[', '\n']), "{said}");
        said
    }

    #[test]
    fn line_name_and_what_is_allowed_are_said_in_both_languages() {
        for (text, english, french) in [
            (
                "\nprofil = 1",
                ["line 2", "“profil”", "profile, threat"],
                ["ligne 2", "«\u{a0}profil\u{a0}»", "profile, threat"],
            ),
            (
                "profile = \"boat\"",
                ["line 1", "“boat”", "vehicle, on-person"],
                ["ligne 1", "boat", "vehicle, on-person"],
            ),
            (
                "[budget]\nper_vehicle_hour = \"hunter2\"",
                ["line 2", "“per_vehicle_hour”", "a number"],
                ["ligne 2", "per_vehicle_hour", "un nombre"],
            ),
            (
                "turnover = 3",
                ["line 1", "“turnover”", "section"],
                ["ligne 1", "turnover", "section"],
            ),
            (
                "[budget]\nper_vehicle_hour = 1\nper_vehicle_hour = 2",
                ["line 3", "“per_vehicle_hour”", "twice"],
                ["ligne 3", "per_vehicle_hour", "deux fois"],
            ),
            (
                "profile = 3",
                ["line 1", "“profile”", "text"],
                ["ligne 1", "profile", "texte"],
            ),
            (
                "[turnover",
                ["line 1", "unclosed", "TOML"],
                ["ligne 1", "unclosed", "TOML"],
            ),
        ] {
            let (said, dit) = (worded(text, Language::En), worded(text, Language::Fr));
            assert!(english.iter().all(|part| said.contains(part)), "{said}");
            assert!(french.iter().all(|part| dit.contains(part)), "{dit}");
            assert!(!said.contains("hunter2"), "{said}");
            assert!(!wrong(text).to_string().contains("hunter2"));
        }
    }
}
