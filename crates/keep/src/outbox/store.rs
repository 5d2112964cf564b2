//! The file behind the queue.

use std::path::Path;

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::Error;
use crate::hex::hex;
use crate::store::{self, NotOpened};

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
    let path_of = || path.to_owned();
    store::open(path, &MIGRATIONS).map_err(|not| match not {
        NotOpened::Io(source) => Error::Open {
            path: path_of(),
            source,
        },
        NotOpened::Newer { found, known } => Error::Newer {
            path: path_of(),
            found,
            known,
        },
        NotOpened::Sqlite(e) => Error::Database(e),
    })
}

/// SHA-256 of the parts one after the other, hexadecimal.
pub(super) fn hash(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hex(&hash.finalize())
}
