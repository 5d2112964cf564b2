//! What doctor found: a stable code, how bad it is, and what fills its words.

use serde_json::{Map, Value as Json, json};
use vigie_show::{Texts, Value};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// As it should be.
    Ok,
    /// Worth knowing, or not known.
    Note,
    /// Something will not work, or not be heard.
    Problem,
}

impl Severity {
    /// As in `--json`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Problem => "problem",
        }
    }
}

/// A figure or a name in a finding.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    /// A name, or several with commas.
    Text(String),
    /// A number of things.
    Count(u64),
    /// A figure with so many decimals.
    Decimal(f64, usize),
    /// A share from 0 to 1.
    Share(f64),
    /// A duration, seconds.
    Seconds(f64),
}

impl Datum {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Text(text) => Value::Text(text),
            Self::Count(count) => Value::Count(*count),
            Self::Decimal(x, decimals) => Value::Decimal(*x, *decimals),
            Self::Share(share) => Value::Percent(*share),
            Self::Seconds(s) => Value::Seconds(*s),
        }
    }

    fn json(&self) -> Json {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Count(count) => (*count).into(),
            Self::Decimal(x, _) | Self::Share(x) | Self::Seconds(x) => json!(x),
        }
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Stable code, snake case: `finding-CODE` in the texts.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What fills its words, by name.
    pub data: Vec<(&'static str, Datum)>,
}

impl Finding {
    /// As it should be.
    pub const fn ok(code: &'static str) -> Self {
        Self::new(code, Severity::Ok)
    }

    /// Worth knowing, or not known.
    pub const fn note(code: &'static str) -> Self {
        Self::new(code, Severity::Note)
    }

    /// Something will not work, or not be heard.
    pub const fn problem(code: &'static str) -> Self {
        Self::new(code, Severity::Problem)
    }

    const fn new(code: &'static str, severity: Severity) -> Self {
        Self {
            code,
            severity,
            data: Vec::new(),
        }
    }

    /// With a name.
    pub fn with(self, name: &'static str, text: impl Into<String>) -> Self {
        self.and(name, Datum::Text(text.into()))
    }

    /// With a figure.
    pub fn and(mut self, name: &'static str, datum: Datum) -> Self {
        self.data.push((name, datum));
        self
    }

    /// What was found, and for all but what is as it should be, what it means and what to do.
    pub fn words(&self, texts: &Texts) -> Vec<String> {
        let values: Vec<_> = self.data.iter().map(|(n, d)| (*n, d.value())).collect();
        let key = format!("finding-{}", self.code);
        let parts: &[&str] = match self.severity {
            Severity::Ok => &[""],
            Severity::Note | Severity::Problem => &["", ".means", ".do"],
        };
        let text = |part: &&str| texts.text_with(&format!("{key}{part}"), &values);
        parts.iter().map(text).collect()
    }

    /// As in `--json`: code, severity, details, and the words of the language in use.
    pub fn json(&self, texts: &Texts) -> Json {
        let details: Map<String, Json> = self
            .data
            .iter()
            .map(|(name, datum)| ((*name).to_owned(), datum.json()))
            .collect();
        let mut words = self.words(texts).into_iter();
        json!({
            "code": self.code,
            "severity": self.severity.as_str(),
            "details": details,
            "found": words.next(),
            "means": words.next(),
            "do": words.next(),
        })
    }
}
