//! Opens the SQLite stores of a case: what was committed survives a power cut, and only the owner may read.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

/// What keeps a store from being opened.
#[derive(Debug, thiserror::Error)]
pub enum NotOpened {
    /// The file cannot be made.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It was written by a newer version.
    #[error("written by a newer version (form {found}, this one knows {known})")]
    Newer {
        /// Its form.
        found: i64,
        /// The newest form known here.
        known: i64,
    },
    /// The database refuses.
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
}

/// Opens a store, made where there is none. Number n of `migrations` brings it from form n-1 to form n (`PRAGMA user_version`); those
/// that it lacks are run, all or none.
pub(crate) fn open(path: &Path, migrations: &[&str]) -> Result<Connection, NotOpened> {
    // SQLite gives its own files the mode of this one.
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)?;
    let mut db = Connection::open(path)?;
    db.busy_timeout(Duration::from_secs(5))?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    let steps = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = steps.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = migrations.len() as i64;
    if found > known {
        return Err(NotOpened::Newer { found, known });
    }
    for migration in migrations.iter().skip(found.max(0) as usize) {
        steps.execute_batch(migration)?;
    }
    steps.pragma_update(None, "user_version", known)?;
    steps.commit()?;
    Ok(db)
}
