//! How the queue stands, for people: no secrets, no identifiers.

use rusqlite::{OptionalExtension, params};
use serde::Serialize;

use super::{Error, Outbox};

/// How a channel stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Standing {
    /// Name of the channel.
    pub channel: String,
    /// Messages delivered.
    pub delivered: u64,
    /// Messages that wait for their delivery, undeliverable ones not counted.
    pub waiting: u64,
    /// Messages that failed again and again; they are tried on.
    pub undeliverable: u64,
    /// Messages kept back by a mute.
    pub muted: u64,
    /// Messages not sent because somebody acknowledged their cause.
    pub acknowledged: u64,
    /// Last delivery, µs since 1970.
    pub delivered_us: Option<i64>,
    /// Since when it has been failing, µs since 1970; `None`: the last attempt succeeded, or there was none.
    pub failing_since_us: Option<i64>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
}

/// One message in the queue's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Channel.
    pub channel: String,
    /// Id of its cause.
    pub cause: String,
    /// Kind of its cause.
    pub kind: String,
    /// What it says.
    pub text: String,
    /// When it was raised, µs since 1970.
    pub created_us: i64,
    /// Attempts that failed.
    pub attempts: u32,
    /// `waiting`, `undeliverable`, `delivered`, `acknowledged` or `muted`.
    pub state: String,
    /// When that last changed, µs since 1970.
    pub changed_us: i64,
}

/// Somebody knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Acknowledgement {
    /// Id of the cause.
    pub cause: String,
    /// Who.
    pub by: String,
    /// When, µs since 1970.
    pub at_us: i64,
}

/// Somebody wanted silence for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mute {
    /// A cause's id, a kind, or `all`.
    pub what: String,
    /// From when, µs since 1970.
    pub from_us: i64,
    /// Until when, µs since 1970.
    pub until_us: i64,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
}

impl Standing {
    /// Whether something is still to be delivered.
    #[must_use]
    pub const fn is_waiting(&self) -> bool {
        self.waiting + self.undeliverable > 0
    }
}

impl Outbox {
    /// How a channel stands.
    ///
    /// # Errors
    ///
    /// The database refuses.
    pub fn standing(&self, channel: &str) -> Result<Standing, Error> {
        let mut standing = Standing {
            channel: channel.to_owned(),
            ..Standing::default()
        };
        let mut counts = self.db.prepare_cached(
            "SELECT state, count(*) FROM message WHERE channel = ?1 GROUP BY state",
        )?;
        let mut rows = counts.query([channel])?;
        while let Some(row) = rows.next()? {
            let count = row.get::<_, u32>(1)?.into();
            match row.get::<_, String>(0)?.as_str() {
                "delivered" => standing.delivered = count,
                "waiting" => standing.waiting = count,
                "undeliverable" => standing.undeliverable = count,
                "muted" => standing.muted = count,
                _ => standing.acknowledged = count,
            }
        }
        let known = self.db.query_row(
            "SELECT delivered_us, failing_since_us, last_error FROM channel WHERE name = ?1",
            [channel],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        );
        if let Some((delivered, failing, error)) = known.optional()? {
            standing.delivered_us = delivered;
            standing.failing_since_us = failing;
            standing.last_error = error;
        }
        Ok(standing)
    }

    /// Channels that the queue has messages of, by name; also those no longer in the settings.
    ///
    /// # Errors
    ///
    /// The database refuses.
    pub fn channels(&self) -> Result<Vec<String>, Error> {
        let mut names = self
            .db
            .prepare("SELECT DISTINCT channel FROM message ORDER BY channel")?;
        let names = names.query_map([], |row| row.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    /// The newest messages, newest first.
    ///
    /// # Errors
    ///
    /// The database refuses.
    pub fn log(&self, most: u32) -> Result<Vec<Entry>, Error> {
        let mut rows = self.db.prepare(
            "SELECT channel, cause, kind, text, created_us, attempts, state, changed_us FROM message
             ORDER BY number DESC LIMIT ?1",
        )?;
        let entries = rows.query_map([most], |row| {
            Ok(Entry {
                channel: row.get(0)?,
                cause: row.get(1)?,
                kind: row.get(2)?,
                text: row.get(3)?,
                created_us: row.get(4)?,
                attempts: row.get(5)?,
                state: row.get(6)?,
                changed_us: row.get(7)?,
            })
        })?;
        Ok(entries.collect::<Result<_, _>>()?)
    }

    /// Who acknowledged what, oldest first.
    ///
    /// # Errors
    ///
    /// The database refuses.
    pub fn acknowledgements(&self) -> Result<Vec<Acknowledgement>, Error> {
        let mut rows = self
            .db
            .prepare("SELECT cause, person, at_us FROM acknowledgement ORDER BY at_us")?;
        let found = rows.query_map([], |row| {
            Ok(Acknowledgement {
                cause: row.get(0)?,
                by: row.get(1)?,
                at_us: row.get(2)?,
            })
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// Mutes that hold at a time, oldest first; with `None` all that were ever set.
    ///
    /// # Errors
    ///
    /// The database refuses.
    pub fn mutes(&self, at_us: Option<i64>) -> Result<Vec<Mute>, Error> {
        let mut rows = self.db.prepare(
            "SELECT what, from_us, until_us, reason, person FROM mute
             WHERE ?1 IS NULL OR (from_us <= ?1 AND until_us > ?1) ORDER BY number",
        )?;
        let found = rows.query_map(params![at_us], |row| {
            Ok(Mute {
                what: row.get(0)?,
                from_us: row.get(1)?,
                until_us: row.get(2)?,
                reason: row.get(3)?,
                by: row.get(4)?,
            })
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}
