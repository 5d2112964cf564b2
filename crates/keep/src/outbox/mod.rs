//! What has to leave the machine: a durable queue of messages, one for each (cause, channel), with what people said about
//! their causes. It outlives the process: what waited is sent by the next one.
//!
//! **At least once.** A message is marked as delivered after its delivery. Whoever ends the process between the two
//! makes it go out again, and that is the only duplicate possible; [`Message::key`] is then the same, so that a
//! receiver can drop it. **Never given up.** After [`UNDELIVERABLE_AFTER`] attempts a message is called undeliverable,
//! is shown as such, and is tried again all the same.
//!
//! No identifier of a device lies here: what a cause is about is a hash under a secret of this queue. Texts lie in clear.

mod known_by;
mod standing;
mod store;

pub use known_by::KnownBy;
pub use standing::{Acknowledgement, Entry, Mute, Standing};

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, params};

/// Name of the queue's file in the folder of a case.
pub const FILE: &str = "alarms.db";
/// Wait after the first failure, µs; doubled with each further one.
const FIRST_WAIT_US: i64 = 1_000_000;
/// Longest wait, µs.
const LONGEST_WAIT_US: i64 = 300_000_000;
/// A message that failed so often, for some 25 minutes, is called undeliverable.
pub const UNDELIVERABLE_AFTER: u32 = 12;

/// What can go wrong with the queue.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be made.
    #[error("{}: the queue of messages cannot be opened: {source}", path.display())]
    Open {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It was written by a newer Vigie.
    #[error("{}: the queue of messages was written by a newer Vigie (form {found}, this one knows {known}): use that one", path.display())]
    Newer {
        /// Which file.
        path: PathBuf,
        /// Its form.
        found: i64,
        /// The newest form known here.
        known: i64,
    },
    /// The database refuses.
    #[error("the queue of messages: {0}")]
    Database(#[from] rusqlite::Error),
}

/// Something that happened and is told once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Its id: says nothing of what it is about.
    pub id: String,
    /// A word of this queue and a number, to speak about it.
    pub reference: String,
    /// `alert`, `clone`, `deaf` or `test`.
    pub kind: String,
}

/// A message to be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its number in the queue; 0 for one that is in none.
    pub number: i64,
    /// Same for every attempt at the same message, and for no other: hexadecimal.
    pub key: String,
    /// Kind of its cause.
    pub kind: String,
    /// A few words.
    pub title: String,
    /// All of it.
    pub text: String,
    /// When it was raised, µs since 1970.
    pub created_us: i64,
    /// Attempts that failed.
    pub attempts: u32,
}

impl Message {
    /// The key of the message about a cause on a channel.
    #[must_use]
    pub fn key_of(cause: &str, channel: &str) -> String {
        store::hash(&[cause.as_bytes(), b"\0", channel.as_bytes()])
    }
}

/// What became of a message that was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It will be delivered.
    Queued,
    /// This cause was told on this channel already, or is about to be.
    Known,
    /// Somebody has acknowledged the cause.
    Acknowledged,
    /// Muted: it is kept, and not sent.
    Muted,
}

/// The queue.
#[derive(Debug)]
pub struct Outbox {
    db: Connection,
    salt: Vec<u8>,
    word: usize,
}

impl Outbox {
    /// Opens the queue in `path` and makes it where there is none, readable by its owner only.
    ///
    /// # Errors
    ///
    /// The file cannot be opened, is no queue, or was written by a newer Vigie.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let db = store::open(path)?;
        let (salt, word) = db.query_row("SELECT salt, word FROM secret", [], |row| {
            Ok((row.get(0)?, row.get::<_, u32>(1)? as usize))
        })?;
        Ok(Self { db, salt, word })
    }

    /// The cause of this kind about this thing. The same thing raised again within `again_after_us` after the last time,
    /// or after somebody acknowledged it, is the same cause; later it is a new one. `about` is hashed and not kept.
    ///
    /// # Errors
    ///
    /// The database refuses.
    pub fn cause(
        &mut self,
        kind: &str,
        about: &str,
        at_us: i64,
        again_after_us: i64,
    ) -> Result<Cause, Error> {
        let about = store::hash(&[&self.salt, kind.as_bytes(), b"\0", about.as_bytes()]);
        let tx = self
            .db
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let last = tx
            .query_row(
                "SELECT number, id, last_us, EXISTS (SELECT 1 FROM acknowledgement a WHERE a.cause = cause.id)
                 FROM cause WHERE about = ?1 ORDER BY number DESC LIMIT 1",
                [&about],
                |row| {
                    let found: (i64, String) = (row.get(0)?, row.get(1)?);
                    Ok((found, row.get::<_, i64>(2)?, row.get::<_, bool>(3)?))
                },
            )
            .optional()?;
        let (number, id) = match last {
            Some((found, last_us, acknowledged))
                if acknowledged || at_us.saturating_sub(last_us) < again_after_us =>
            {
                tx.execute(
                    "UPDATE cause SET last_us = max(last_us, ?2) WHERE number = ?1",
                    params![found.0, at_us],
                )?;
                found
            }
            _ => {
                tx.execute(
                    "INSERT INTO cause (id, kind, about, first_us, last_us) VALUES (hex(randomblob(8)), ?1, ?2, ?3, ?3)",
                    params![kind, about, at_us],
                )?;
                let number = tx.last_insert_rowid();
                let id = store::hash(&[about.as_bytes(), &number.to_be_bytes()])[..32].to_owned();
                tx.execute(
                    "UPDATE cause SET id = ?2 WHERE number = ?1",
                    params![number, id],
                )?;
                (number, id)
            }
        };
        tx.commit()?;
        Ok(Cause {
            id,
            reference: format!("{}-{number}", self.word()),
            kind: kind.to_owned(),
        })
    }

    /// Id of the cause that people call so, by its id or its reference.
    ///
    /// # Errors
    ///
    /// The database refuses.
    pub fn called(&self, name: &str) -> Result<Option<String>, Error> {
        let number: Option<i64> = name.rsplit_once('-').and_then(|(word, number)| {
            word.eq_ignore_ascii_case(self.word())
                .then(|| number.parse().ok())?
        });
        let found = self.db.query_row(
            "SELECT id FROM cause WHERE id = ?1 OR number = ?2",
            params![name, number],
            |row| row.get(0),
        );
        Ok(found.optional()?)
    }

    fn word(&self) -> &'static str {
        store::WORDS[self.word % store::WORDS.len()]
    }

    /// Hands in what a channel shall say of a cause. What was muted is taken anew once the mute has ended and the cause is
    /// raised again.
    ///
    /// # Errors
    ///
    /// The database refuses: the message is not queued.
    pub fn hand_in(
        &mut self,
        cause: &Cause,
        channel: &str,
        title: &str,
        text: &str,
        now_us: i64,
    ) -> Result<Taken, Error> {
        let tx = self
            .db
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let state: Option<String> = tx
            .query_row(
                "SELECT state FROM message WHERE cause = ?1 AND channel = ?2",
                [&cause.id, channel],
                |row| row.get(0),
            )
            .optional()?;
        if state.is_some_and(|state| state != "muted") {
            return Ok(Taken::Known);
        }
        let acknowledged: bool = tx.query_row(
            "SELECT EXISTS (SELECT 1 FROM acknowledgement WHERE cause = ?1)",
            [&cause.id],
            |row| row.get(0),
        )?;
        // A test is what somebody asks for now.
        let muted: bool = cause.kind != "test"
            && tx.query_row(
                "SELECT EXISTS (SELECT 1 FROM mute WHERE what IN ('all', ?1, ?2) AND from_us <= ?3 AND until_us > ?3)",
                params![cause.kind, cause.id, now_us],
                |row| row.get(0),
            )?;
        let (state, taken) = match (acknowledged, muted) {
            (true, _) => ("acknowledged", Taken::Acknowledged),
            (_, true) => ("muted", Taken::Muted),
            _ => ("waiting", Taken::Queued),
        };
        tx.execute(
            "INSERT INTO message (channel, cause, kind, title, text, created_us, next_us, state, changed_us)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?6)
             ON CONFLICT (cause, channel) DO UPDATE SET title = excluded.title, text = excluded.text,
                 created_us = excluded.created_us, next_us = excluded.next_us, state = excluded.state,
                 changed_us = excluded.changed_us, attempts = 0",
            params![channel, cause.id, cause.kind, title, text, now_us, state],
        )?;
        tx.commit()?;
        Ok(taken)
    }

    /// The oldest message that is due on a channel.
    ///
    /// # Errors
    ///
    /// The database refuses.
    pub fn due(&self, channel: &str, now_us: i64) -> Result<Option<Message>, Error> {
        // A time beyond the longest wait was written before the clock was set back.
        let found = self.db.query_row(
            "SELECT number, cause, kind, title, text, created_us, attempts FROM message
             WHERE channel = ?1 AND state IN ('waiting', 'undeliverable') AND (next_us <= ?2 OR next_us > ?3)
             ORDER BY number LIMIT 1",
            params![channel, now_us, now_us.saturating_add(LONGEST_WAIT_US)],
            |row| {
                Ok(Message {
                    number: row.get(0)?,
                    key: Message::key_of(&row.get::<_, String>(1)?, channel),
                    kind: row.get(2)?,
                    title: row.get(3)?,
                    text: row.get(4)?,
                    created_us: row.get(5)?,
                    attempts: row.get(6)?,
                })
            },
        );
        Ok(found.optional()?)
    }

    /// It was delivered. What else waits on this channel is due now.
    ///
    /// # Errors
    ///
    /// The database refuses: it will be delivered again, under the same key.
    pub fn delivered(&mut self, channel: &str, number: i64, now_us: i64) -> Result<(), Error> {
        let tx = self.db.transaction()?;
        tx.execute(
            "UPDATE message SET state = 'delivered', changed_us = ?2 WHERE number = ?1",
            params![number, now_us],
        )?;
        tx.execute(
            "UPDATE message SET next_us = min(next_us, ?2) WHERE channel = ?1 AND state IN ('waiting', 'undeliverable')",
            params![channel, now_us],
        )?;
        tx.execute(
            "INSERT INTO channel (name, delivered_us) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET delivered_us = ?2, failing_since_us = NULL, last_error = NULL",
            params![channel, now_us],
        )?;
        Ok(tx.commit()?)
    }

    /// It could not be delivered; `error` holds no secret. Tried again after 1 s, doubled with each failure, up to 5 min.
    ///
    /// # Errors
    ///
    /// The database refuses.
    pub fn failed(
        &mut self,
        channel: &str,
        message: &Message,
        error: &str,
        now_us: i64,
    ) -> Result<(), Error> {
        let attempts = message.attempts.saturating_add(1);
        let wait_us = (FIRST_WAIT_US << (attempts - 1).min(20)).min(LONGEST_WAIT_US);
        let state = if attempts >= UNDELIVERABLE_AFTER {
            "undeliverable"
        } else {
            "waiting"
        };
        let tx = self.db.transaction()?;
        // It may have been acknowledged while it was tried.
        tx.execute(
            "UPDATE message SET attempts = ?2, next_us = ?3, state = ?4, changed_us = ?5
             WHERE number = ?1 AND state IN ('waiting', 'undeliverable')",
            params![
                message.number,
                attempts,
                now_us.saturating_add(wait_us),
                state,
                now_us
            ],
        )?;
        tx.execute(
            "INSERT INTO channel (name, failing_since_us, last_error) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET failing_since_us = coalesce(failing_since_us, ?2), last_error = ?3",
            params![channel, now_us, error],
        )?;
        Ok(tx.commit()?)
    }

    /// Somebody knows: this cause alarms no more, and what of it still waits is not sent.
    ///
    /// # Errors
    ///
    /// The database refuses.
    pub fn acknowledge(&mut self, cause: &str, by: &str, at_us: i64) -> Result<(), Error> {
        let tx = self.db.transaction()?;
        tx.execute(
            "INSERT OR IGNORE INTO acknowledgement VALUES (?1, ?2, ?3)",
            params![cause, by, at_us],
        )?;
        tx.execute(
            "UPDATE message SET state = 'acknowledged', changed_us = ?2
             WHERE cause = ?1 AND state IN ('waiting', 'undeliverable', 'muted')",
            params![cause, at_us],
        )?;
        Ok(tx.commit()?)
    }

    /// Sends nothing new about `what` until a time: a cause's id, a kind, or `all`. What is raised meanwhile is kept as muted.
    ///
    /// # Errors
    ///
    /// The database refuses.
    pub fn mute(
        &mut self,
        what: &str,
        until_us: i64,
        reason: &str,
        by: &str,
        now_us: i64,
    ) -> Result<(), Error> {
        self.db.execute(
            "INSERT INTO mute (what, from_us, until_us, reason, person) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![what, now_us, until_us, reason, by],
        )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
