//! `[[alarm]]` sections.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use super::Channel;
use super::command::Command;
use super::cursor_on_target::CursorOnTarget;
use super::mail::Mail;
use super::mqtt::Mqtt;
use super::ntfy::Ntfy;
use super::sound::Sound;
use super::webhook::Webhook;
use crate::settings::Text;

/// A longer name is refused, bytes.
const LONGEST_NAME: usize = 64;

/// How much a message says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Detail {
    /// That there is something.
    #[default]
    Short,
    /// Vehicle, probability, analyzer too.
    Full,
}

/// One section.
#[derive(Debug, Clone)]
pub struct AlarmSettings {
    /// What we call the channel.
    pub name: String,
    /// How much it says.
    pub detail: Detail,
    /// Whether it also says that a sensor is deaf.
    pub deaf: bool,
    /// What it is.
    pub kind: Kind,
    /// Line of the section in the file.
    pub line: usize,
    /// Folder of the file: names of other files are relative to it.
    folder: PathBuf,
}

/// Kinds of channels, with their settings. None holds a secret: they name where secrets stand.
#[derive(Debug, Clone)]
pub enum Kind {
    Webhook(Webhook),
    Ntfy(Ntfy),
    Mail(Mail),
    Mqtt(Mqtt),
    CursorOnTarget(CursorOnTarget),
    Command(Command),
    Sound(Sound),
}

/// Names of the kinds in the settings.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum KindName {
    Webhook,
    Ntfy,
    Mail,
    Mqtt,
    CursorOnTarget,
    Command,
    Sound,
}

/// What every section has.
#[derive(Debug, Deserialize)]
struct Shared {
    name: String,
    kind: KindName,
    #[serde(default)]
    detail: Detail,
    #[serde(default)]
    deaf: bool,
}

impl AlarmSettings {
    /// Reads a section.
    pub fn from_section(
        section: Spanned<DeValue<'_>>,
        file: &Text<'_>,
        folder: &Path,
    ) -> Result<Self> {
        let span = section.span();
        let line = file.line(span.start);
        let DeValue::Table(mut own) = section.into_inner() else {
            bail!("line {line}: alarm is no section: write [[alarm]]");
        };
        let mut shared = DeTable::new();
        for key in ["name", "kind", "detail", "deaf"] {
            if let Some((key, value)) = own.remove_entry(key) {
                shared.insert(key, value);
            }
        }
        fn read<T: DeserializeOwned>(
            table: DeTable<'_>,
            span: std::ops::Range<usize>,
            file: &Text<'_>,
        ) -> Result<T> {
            let at = span.start;
            T::deserialize(Deserializer::from(Spanned::new(span, table)))
                .map_err(|e| file.wrong(&e, at).context("[[alarm]]"))
        }
        let shared: Shared = read(shared, span.clone(), file)?;
        if shared.name.is_empty()
            || shared.name.len() > LONGEST_NAME
            || shared.name.chars().any(char::is_control)
        {
            bail!("line {line}: name: 1 to {LONGEST_NAME} characters");
        }
        let kind = match shared.kind {
            KindName::Webhook => Kind::Webhook(read(own, span, file)?),
            KindName::Ntfy => Kind::Ntfy(read(own, span, file)?),
            KindName::Mail => Kind::Mail(read(own, span, file)?),
            KindName::Mqtt => Kind::Mqtt(read(own, span, file)?),
            KindName::CursorOnTarget => Kind::CursorOnTarget(read(own, span, file)?),
            KindName::Command => Kind::Command(read(own, span, file)?),
            KindName::Sound => Kind::Sound(read(own, span, file)?),
        };
        Ok(Self {
            name: shared.name,
            detail: shared.detail,
            deaf: shared.deaf,
            kind,
            line,
            folder: folder.to_owned(),
        })
    }

    /// The channel, ready to send, with the words that no error of it may show.
    pub fn open(&self) -> Result<(Box<dyn Channel>, Vec<String>)> {
        let folder = &self.folder;
        match &self.kind {
            Kind::Webhook(k) => k.open(folder),
            Kind::Ntfy(k) => k.open(folder),
            Kind::Mail(k) => k.open(folder),
            Kind::Mqtt(k) => k.open(folder),
            Kind::CursorOnTarget(k) => k.open(folder),
            Kind::Command(k) => k.open(folder),
            Kind::Sound(k) => k.open(folder),
        }
        .with_context(|| format!("alarm {} (line {})", self.name, self.line))
    }
}

impl Kind {
    /// As written in the settings.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Webhook(_) => "webhook",
            Self::Ntfy(_) => "ntfy",
            Self::Mail(_) => "mail",
            Self::Mqtt(_) => "mqtt",
            Self::CursorOnTarget(_) => "cursor-on-target",
            Self::Command(_) => "command",
            Self::Sound(_) => "sound",
        }
    }
}
