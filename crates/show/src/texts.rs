//! Texts by key, in one language.

use std::borrow::Cow;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::Language;
use crate::figures;

const EN: &str = include_str!("../locales/en.ftl");
const FR: &str = include_str!("../locales/fr.ftl");

/// The texts of one language.
pub struct Texts {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

/// What fills a variable of a text; figures are written as the language writes them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// As it is.
    Text(&'a str),
    /// A whole number; also decides between singular and plural.
    Count(u64),
    /// A number with at most so many decimals.
    Decimal(f64, usize),
    /// A probability from 0 to 1.
    Percent(f64),
    /// A duration, seconds.
    Seconds(f64),
    /// A distance, metres.
    Metres(f64),
    /// A time, µs since 1970-01-01T00:00:00Z.
    Time(i64),
}

impl Texts {
    /// The texts of `language`.
    #[must_use]
    pub fn new(language: Language) -> Self {
        let source = source(language);
        // What cannot be parsed is left out and shows as its key; a test keeps that from happening.
        let resource = match FluentResource::try_new(source.into()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        let mut bundle =
            FluentBundle::new_concurrent(language.code().parse().into_iter().collect());
        // The isolation marks of right-to-left text show as rubbish in a terminal.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match language {
            Language::En => |value, _| number(Language::En, value),
            Language::Fr => |value, _| number(Language::Fr, value),
        }));
        bundle.add_resource_overriding(resource);
        Self { language, bundle }
    }

    /// The language.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The text `key` (`key.attribute` for an attribute). A key without text is given back in brackets.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        self.text_with(key, &[])
    }

    /// The text `key` with its variables filled.
    #[must_use]
    pub fn text_with(&self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        let mut args = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            args.set(*name, self.fluent(*value));
        }
        self.formatted(key, &args).0
    }

    /// The text of a code: `family-code` with its variables, or what is said of a code without text.
    #[must_use]
    pub fn code(&self, family: &str, code: &str, values: &[(&str, Value<'_>)]) -> String {
        let key = format!("{family}-{code}");
        if self.has(&key) {
            self.text_with(&key, values)
        } else {
            self.text_with("code-unknown", &[("code", Value::Text(code))])
        }
    }

    /// Keys that begin so, as they stand in the file.
    pub fn keys<'k>(&self, start: &'k str) -> impl Iterator<Item = &'static str> + use<'k> {
        let lines = source(self.language).lines();
        lines.filter_map(move |line| {
            let (key, _) = line.split_once(" =")?;
            key.starts_with(start).then_some(key)
        })
    }

    /// Whether there is a text `key`.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    /// The text, and what was wrong with it.
    pub(crate) fn formatted(&self, key: &str, args: &FluentArgs<'_>) -> (String, Vec<String>) {
        let (id, attribute) = match key.split_once('.') {
            Some((id, attribute)) => (id, Some(attribute)),
            None => (key, None),
        };
        let pattern = self
            .bundle
            .get_message(id)
            .and_then(|message| match attribute {
                Some(name) => message.get_attribute(name).map(|a| a.value()),
                None => message.value(),
            });
        let Some(pattern) = pattern else {
            return (format!("[{key}]"), vec![format!("no text {key}")]);
        };
        let mut errors = Vec::new();
        let text = self
            .bundle
            .format_pattern(pattern, Some(args), &mut errors)
            .into_owned();
        (text, errors.iter().map(ToString::to_string).collect())
    }

    pub(crate) fn fluent<'a>(&self, value: Value<'a>) -> FluentValue<'a> {
        let text = match value {
            Value::Text(text) => return FluentValue::String(Cow::Borrowed(text)),
            Value::Count(count) => return count.into(),
            Value::Decimal(x, decimals) => self.language.decimal(x, decimals),
            Value::Percent(p) => self.language.percent(p),
            Value::Seconds(s) => self.language.duration(s),
            Value::Metres(m) => self.language.distance(m),
            Value::Time(us) => figures::time(us),
        };
        FluentValue::String(Cow::Owned(text))
    }
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Texts")
            .field("language", &self.language)
            .finish_non_exhaustive()
    }
}

const fn source(language: Language) -> &'static str {
    match language {
        Language::En => EN,
        Language::Fr => FR,
    }
}

/// Counts reach the bundle as numbers, so that plurals work; they are written here.
fn number(language: Language, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(n) => Some(language.decimal(n.value, 0)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_follow_the_language() {
        let (en, fr) = (Texts::new(Language::En), Texts::new(Language::Fr));
        let late = |texts: &Texts, n| texts.text_with("heard-late", &[("count", Value::Count(n))]);
        assert!(late(&en, 1).starts_with("One frame came"));
        assert!(late(&en, 1200).starts_with("1,200 frames came"));
        assert!(late(&fr, 1).starts_with("Une trame"));
        assert!(late(&fr, 1200).starts_with("1\u{202f}200 trames"));
        // French counts nothing in the singular.
        let nothing = [
            ("percent", Value::Percent(0.5)),
            ("frames", Value::Count(0)),
        ];
        assert!(
            fr.text_with("progress-reading", &nothing)
                .ends_with("0 trame")
        );
        assert!(
            en.text_with("progress-reading", &nothing)
                .ends_with("0 frames")
        );
    }

    #[test]
    fn what_has_no_text_shows_its_code() {
        let texts = Texts::new(Language::Fr);
        assert_eq!(texts.text("no-such-key"), "[no-such-key]");
        assert!(
            texts
                .code("advice", "fly_away", &[])
                .starts_with("fly_away (")
        );
    }

    #[test]
    fn attributes() {
        let texts = Texts::new(Language::En);
        assert_eq!(texts.text("advice-call_for_help.short"), "Call for help.");
        assert_eq!(
            texts.text("advice-call_for_help.long"),
            "[advice-call_for_help.long]"
        );
    }
}
