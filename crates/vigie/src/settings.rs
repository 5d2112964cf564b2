//! The settings file that `--config` names: constants of the analyzers at its top, and sections of the program itself.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer, ValueDeserializer};
use vigie_detect::Config;

use crate::alarm::AlarmSettings;
use crate::wrong_setting::WrongSetting;

/// What the file says.
#[derive(Debug, Default)]
pub struct Settings {
    /// How to judge.
    pub detect: Config,
    /// `[[alarm]]`: where alerts go.
    pub alarms: Vec<AlarmSettings>,
    /// `[watch]`, as it stands.
    pub watch: toml::Table,
}

impl Settings {
    /// Reads the file. Errors name it, the line and the key, and quote no value.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("{}: cannot be read", path.display()))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Self::parse(&text, folder).with_context(|| path.display().to_string())
    }

    /// Reads settings; files that they name are sought in `folder`.
    pub fn parse(text: &str, folder: &Path) -> Result<Self> {
        let file = Text(text);
        let table = DeTable::parse(text).map_err(|e| file.wrong(&e, 0))?;
        let span = table.span();
        let mut table = table.into_inner();
        let alarms = table.remove("alarm");
        let watch = table.remove("watch");
        let detect = Config::deserialize(Deserializer::from(Spanned::new(span, table)))
            .map_err(|e| file.wrong(&e, 0))?;
        let watch = match watch {
            None => toml::Table::new(),
            Some(value) => {
                let at = value.span().start;
                toml::Table::deserialize(ValueDeserializer::from(value))
                    .map_err(|e| file.wrong(&e, at))?
            }
        };
        let mut read = Vec::new();
        if let Some(value) = alarms {
            let line = file.line(value.span().start);
            let DeValue::Array(sections) = value.into_inner() else {
                bail!("line {line}: alarm is no list: write [[alarm]]");
            };
            for section in sections {
                read.push(AlarmSettings::from_section(section, &file, folder)?);
            }
        }
        for (number, alarm) in read.iter().enumerate() {
            if read
                .iter()
                .take(number)
                .any(|other| other.name == alarm.name)
            {
                bail!("line {}: a second alarm named {}", alarm.line, alarm.name);
            }
        }
        Ok(Self {
            detect,
            alarms: read,
            watch,
        })
    }
}

/// The text of the file, to name lines of it.
pub struct Text<'a>(&'a str);

impl Text<'_> {
    /// Line of a byte, from 1.
    pub fn line(&self, offset: usize) -> usize {
        let before = self.0.as_bytes().get(..offset).unwrap_or_default();
        before.iter().filter(|b| **b == b'\n').count() + 1
    }

    /// An error with its line: where the parser knows none, that of the byte `otherwise`. The line itself is not quoted:
    /// somebody may have put a password there.
    pub fn wrong(&self, error: &toml::de::Error, otherwise: usize) -> anyhow::Error {
        WrongSetting::of(self.0, error, otherwise).into()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parse(text: &str) -> Result<Settings> {
        Settings::parse(text, Path::new("/"))
    }

    #[track_caller]
    fn refused(text: &str, said: &[&str]) {
        let error = format!("{:#}", parse(text).err().unwrap());
        for part in said {
            assert!(error.contains(part), "{part}: {error}");
        }
    }

    #[test]
    fn constants_and_sections_in_one_file() {
        let settings = parse(
            "profile = \"on-person\"\n[turnover]\n[watch]\nanything = 3\n\
             [[alarm]]\nname = \"desk\"\nkind = \"webhook\"\nurl = \"https://desk.example\"\n\
             [[alarm]]\nname = \"bell\"\nkind = \"sound\"\ndeaf = true\ndetail = \"full\"\n",
        )
        .unwrap();
        assert_eq!(settings.detect.profile, vigie_detect::Profile::OnPerson);
        assert_eq!(settings.watch["anything"].as_integer(), Some(3));
        assert_eq!(settings.alarms.len(), 2);
        assert!(settings.alarms[1].deaf);
        assert_eq!(settings.alarms[1].kind.name(), "sound");
        assert!(parse("").unwrap().alarms.is_empty());
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        refused("profil = 1\n", &["line 1", "profil"]);
        refused("\n[budget]\nper_hour = 1\n", &["line 3", "per_hour"]);
        let alarm = "\n[[alarm]]\nname = \"desk\"\n";
        refused(
            &format!("{alarm}kind = \"webhok\"\n"),
            &["line 4", "webhok", "webhook"],
        );
        refused(&format!("{alarm}url = \"x\"\n"), &["line 2", "kind"]);
        refused(
            &format!("{alarm}kind = \"webhook\"\nurll = \"x\"\n"),
            &["line 5", "urll", "token_file"],
        );
        refused(&format!("{alarm}kind = \"ntfy\"\n"), &["line 2", "url"]);
        refused(
            &format!("{alarm}kind = \"sound\"\ndeaf = 3\n"),
            &["line 5", "boolean"],
        );
        refused("[[alarm]]\nkind = \"sound\"\n", &["line 1", "name"]);
        refused("[alarm]\nkind = \"sound\"\n", &["line 1", "[[alarm]]"]);
        let twice = "[[alarm]]\nname = \"a\"\nkind = \"sound\"\n";
        refused(&format!("{twice}{twice}"), &["line 4", "second alarm"]);
        refused(
            "[[alarm]]\nname = \"\"\nkind = \"sound\"\n",
            &["line 1", "name"],
        );
    }

    #[test]
    fn a_password_in_the_file_is_refused_and_not_repeated() {
        for key in ["password", "token", "topic_secret"] {
            let text = format!(
                "[[alarm]]\nname = \"m\"\nkind = \"mqtt\"\nserver = \"mqtts://h\"\ntopic = \"t\"\n{key} = \"hunter2\"\n"
            );
            let error = format!("{:#}", parse(&text).err().unwrap());
            assert!(
                error.contains("line 6") && error.contains("password_file"),
                "{error}"
            );
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
