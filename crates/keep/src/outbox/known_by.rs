//! What a cause is known by, so that whoever raises it and whoever acknowledges it mean the same.

use rusqlite::{OptionalExtension, params};
use vigie_detect::outcome::{Alert, CloneAlert};

use super::{Error, Outbox, store};

const HOUR_US: i64 = 3_600_000_000;

/// A cause before it is in the queue. What it is about is hashed there and not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownBy {
    /// `alert` or `clone`.
    pub kind: &'static str,
    /// What it is about.
    pub about: String,
    /// The same thing raised again within this time is the same cause, µs.
    pub again_after_us: i64,
}

impl KnownBy {
    /// An alert, by the first identifier. It alerts anew after twelve hours: a run that was started again repeats nothing,
    /// another day is news.
    #[must_use]
    pub fn of_alert(alert: &Alert) -> Self {
        let first = alert.identifiers.first();
        Self {
            kind: "alert",
            about: first.map_or_else(|| alert.emitter.to_string(), Clone::clone),
            again_after_us: 12 * HOUR_US,
        }
    }

    /// A tracker that changes its key has nothing to be known by: one of the same family at the same vehicle is taken for the
    /// same for an hour.
    #[must_use]
    pub fn of_clone(clone: &CloneAlert) -> Self {
        Self {
            kind: "clone",
            about: format!("{:?} {:?}", clone.family, clone.vehicle),
            again_after_us: HOUR_US,
        }
    }
}

impl Outbox {
    /// Id of the latest cause known by this, where it was ever raised.
    ///
    /// # Errors
    ///
    /// The database refuses.
    pub fn known(&self, by: &KnownBy) -> Result<Option<String>, Error> {
        let about = store::hash(&[&self.salt, by.kind.as_bytes(), b"\0", by.about.as_bytes()]);
        let found = self.db.query_row(
            "SELECT id FROM cause WHERE about = ?1 ORDER BY number DESC LIMIT 1",
            [about],
            |row| row.get(0),
        );
        Ok(found.optional()?)
    }

    /// Ends all mutes of `what` that hold: a cause's id, a kind, or `all`.
    ///
    /// # Errors
    ///
    /// The database refuses.
    pub fn unmute(&mut self, what: &str, now_us: i64) -> Result<(), Error> {
        self.db.execute(
            "UPDATE mute SET until_us = ?2 WHERE what = ?1 AND until_us > ?2",
            params![what, now_us],
        )?;
        Ok(())
    }
}
