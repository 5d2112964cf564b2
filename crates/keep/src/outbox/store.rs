//! The file behind the queue.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::Error;

/// Forms of the file, in their order: number n brings it from form n-1 to form n (`PRAGMA user_version`).
const MIGRATIONS: [&str; 1] = [include_str!("0001.sql")];

/// Words to speak about a cause; which one a queue uses is drawn when it is made.
pub(super) const WORDS: [&str; 32] = [
    "amber", "basalt", "cedar", "cobalt", "coral", "cumin", "delta", "fjord", "flora", "granite",
    "iris", "jade", "jasmine", "koala", "lotus", "lynx", "mango", "mistral", "mocha", "nova",
    "opal", "orion", "panda", "papaya", "quartz", "raven", "saffron", "sierra", "topaz", "tundra",
    "vega", "zenith",
];

pub(super) fn open(path: &Path) -> Result<Connection, Error> {
    // SQLite gives its own files the mode of this one.
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
        .map_err(|source| Error::Open {
            path: path.to_owned(),
            source,
        })?;
    let mut db = Connection::open(path)?;
    db.busy_timeout(Duration::from_secs(5))?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    // What is handed in survives a power cut.
    db.pragma_update(None, "synchronous", "FULL")?;
    migrate(&mut db, path)?;
    Ok(db)
}

fn migrate(db: &mut Connection, path: &Path) -> Result<(), Error> {
    let tx = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found: i64 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = MIGRATIONS.len() as i64;
    if found > known {
        return Err(Error::Newer {
            path: path.to_owned(),
            found,
            known,
        });
    }
    for migration in MIGRATIONS.iter().skip(found.max(0) as usize) {
        tx.execute_batch(migration)?;
    }
    tx.pragma_update(None, "user_version", known)?;
    Ok(tx.commit()?)
}

/// SHA-256 of the parts one after the other, hexadecimal.
pub(super) fn hex(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
