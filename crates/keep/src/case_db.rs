//! `case.db`: what was concluded and done, by whom and when, and when which sensor was deaf. SQLite, written by a thread of its own.

use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension, params};
use vigie_detect::outcome::{Notice, NoticeKind, Outcome};

use crate::recorder::Provenance;
use crate::store::{self, NotOpened};

/// Name of the file in its folder.
pub const FILE: &str = "case.db";

/// What is waiting is made safe this often.
const COMMIT_EVERY: Duration = Duration::from_millis(500);

/// Forms of the store, in their order.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE session (
        id INTEGER PRIMARY KEY, started_us INTEGER NOT NULL, ended_us INTEGER, version TEXT NOT NULL,
        boot_id TEXT NOT NULL, base_us INTEGER NOT NULL, clock TEXT NOT NULL, settings_sha256 TEXT NOT NULL
    ) STRICT;
    CREATE TABLE outcome (
        id INTEGER PRIMARY KEY, session INTEGER NOT NULL REFERENCES session, at_us INTEGER, event TEXT NOT NULL,
        line TEXT NOT NULL
    ) STRICT;
    CREATE INDEX outcome_by_event ON outcome (event, at_us);
    CREATE TABLE deaf (
        id INTEGER PRIMARY KEY, session INTEGER NOT NULL REFERENCES session, sensor TEXT NOT NULL, channel INTEGER,
        cause TEXT NOT NULL, from_us INTEGER NOT NULL, to_us INTEGER
    ) STRICT;
    CREATE TABLE act (
        id INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, about TEXT NOT NULL,
        reason TEXT NOT NULL, detail TEXT NOT NULL
    ) STRICT;
"];

/// Something that a person did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// When, µs since 1970.
    pub at_us: i64,
    /// Who, as they named themselves.
    pub who: String,
    /// What, a code: `sound`, `acknowledge`, `mute`, …
    pub what: String,
    /// To what: an address, a cause.
    pub about: String,
    /// Why, in their words.
    pub reason: String,
    /// How it went, and what was sent.
    pub detail: String,
}

/// What cannot be done with the store.
#[derive(Debug, thiserror::Error)]
pub enum CaseDbError {
    /// SQLite says no.
    #[error("case.db: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// It cannot be opened.
    #[error("case.db: {0}")]
    NotOpened(#[from] NotOpened),
    /// The system refuses.
    #[error("case.db: {0}")]
    Io(#[from] io::Error),
}

fn open(folder: &Path) -> Result<Connection, CaseDbError> {
    Ok(store::open(&folder.join(FILE), MIGRATIONS)?)
}

/// Whether the store of a case can be opened; it is made where there is none. For before something is done that must be entered.
///
/// # Errors
/// When it cannot.
pub fn try_open(folder: &Path) -> Result<(), CaseDbError> {
    open(folder).map(drop)
}

/// What people did in a case, in the order of entry.
///
/// # Errors
/// When the store cannot be read.
pub fn acts(folder: &Path) -> Result<Vec<Act>, CaseDbError> {
    let db = open(folder)?;
    let mut query =
        db.prepare("SELECT at_us, who, what, about, reason, detail FROM act ORDER BY id")?;
    let acts = query.query_map([], |row| {
        Ok(Act {
            at_us: row.get(0)?,
            who: row.get(1)?,
            what: row.get(2)?,
            about: row.get(3)?,
            reason: row.get(4)?,
            detail: row.get(5)?,
        })
    })?;
    Ok(acts.collect::<Result<_, _>>()?)
}

/// Enters an act into the store of a case.
///
/// # Errors
/// When the store cannot be written.
pub fn enter_act(folder: &Path, act: &Act) -> Result<(), CaseDbError> {
    open(folder)?.execute(
        "INSERT INTO act (at_us, who, what, about, reason, detail) VALUES (?, ?, ?, ?, ?, ?)",
        params![
            act.at_us, act.who, act.what, act.about, act.reason, act.detail
        ],
    )?;
    Ok(())
}

enum Entry {
    Line {
        at_us: Option<i64>,
        event: &'static str,
        line: String,
        urgent: bool,
    },
    Deaf {
        sensor: String,
        channel: Option<u8>,
        cause: String,
        from_us: i64,
        to_us: Option<i64>,
    },
    Hears {
        sensor: String,
        at_us: i64,
    },
    End {
        at_us: i64,
    },
}

/// The store of a run that is going on.
#[derive(Debug)]
pub struct CaseDb {
    sender: Option<Sender<Entry>>,
    thread: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an entry")
    }
}

impl CaseDb {
    /// Opens the store and begins a session. `failed` is told once when it can no longer be written.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(
        folder: &Path,
        provenance: &Provenance,
        started_us: i64,
        failed: Box<dyn Fn(&str) + Send>,
    ) -> Result<Self, CaseDbError> {
        let db = open(folder)?;
        db.execute(
            "INSERT INTO session (started_us, version, boot_id, base_us, clock, settings_sha256) VALUES (?, ?, ?, ?, ?, ?)",
            params![
                started_us,
                env!("CARGO_PKG_VERSION"),
                provenance.boot_id,
                provenance.base_us,
                provenance.clock,
                provenance.settings_sha256
            ],
        )?;
        let session = db.last_insert_rowid();
        let (sender, receiver) = channel();
        let thread = std::thread::Builder::new()
            .name("case-db".to_owned())
            .spawn(move || write(&db, session, &receiver, &*failed))?;
        Ok(Self {
            sender: Some(sender),
            thread: Some(thread),
        })
    }

    /// Enters an outcome; `line` as the result stream has it.
    pub fn outcome(&self, outcome: &Outcome, line: &str) {
        let (event, at_us) = match outcome {
            Outcome::Alert(a) => ("alert", Some(a.at_us)),
            Outcome::Clone(c) => ("clone", Some(c.at_us)),
            Outcome::Update(u) => ("update", Some(u.at_us)),
            Outcome::Notice(n) => ("notice", n.at_us),
            Outcome::Emitter(e) => {
                if e.alert_at_us.is_none() {
                    // Passers-by are counted, not kept.
                    return;
                }
                ("emitter", Some(e.last_seen_us))
            }
            Outcome::Summary(_) => ("summary", None),
        };
        if let Outcome::Notice(notice) = outcome {
            self.ledger(notice);
        }
        self.send(Entry::Line {
            at_us,
            event,
            line: line.trim_end().to_owned(),
            urgent: matches!(event, "alert" | "clone"),
        });
    }

    /// What a notice means for the ledger of deaf time.
    fn ledger(&self, notice: &Notice) {
        let (Some(sensor), Some(at_us)) = (notice.sensor.clone(), notice.at_us) else {
            return;
        };
        let seconds_us = (notice.value.unwrap_or(0.0) * 1e6) as i64;
        match (notice.kind, notice.detail.as_str()) {
            (NoticeKind::Deaf, "hears_again") => self.send(Entry::Hears { sensor, at_us }),
            (NoticeKind::Deaf, "deaf_gap") => self.send(Entry::Deaf {
                sensor,
                channel: None,
                cause: "silent".to_owned(),
                from_us: at_us - seconds_us,
                to_us: Some(at_us),
            }),
            (NoticeKind::Deaf, cause) => self.send(Entry::Deaf {
                sensor,
                channel: None,
                cause: cause.to_owned(),
                // Told once it has lasted.
                from_us: at_us - seconds_us,
                to_us: None,
            }),
            (NoticeKind::Sensor, "channel_unheard") => self.send(Entry::Deaf {
                sensor,
                channel: notice.value.map(|v| v as u8),
                cause: "channel_unheard".to_owned(),
                from_us: at_us,
                to_us: None,
            }),
            (NoticeKind::Flood, cause) => self.send(Entry::Deaf {
                sensor,
                channel: None,
                cause: cause.to_owned(),
                from_us: at_us,
                to_us: Some(at_us),
            }),
            _ => {}
        }
    }

    /// Ends the session.
    pub fn finish(mut self, at_us: i64) {
        self.send(Entry::End { at_us });
        self.end();
    }

    fn send(&self, entry: Entry) {
        if let Some(sender) = &self.sender {
            // A thread that ended has told why.
            let _ = sender.send(entry);
        }
    }

    fn end(&mut self) {
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for CaseDb {
    fn drop(&mut self) {
        self.end();
    }
}

/// Writes until the run ends. What cannot be written now is written later.
fn write(db: &Connection, session: i64, entries: &Receiver<Entry>, failed: &dyn Fn(&str)) {
    let mut waiting: Vec<Entry> = Vec::new();
    let (mut since, mut told, mut ended) = (Instant::now(), false, false);
    while !ended {
        let urgent = match entries.recv_timeout(COMMIT_EVERY) {
            Ok(entry) => {
                let urgent = matches!(entry, Entry::Line { urgent: true, .. });
                waiting.push(entry);
                urgent
            }
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => {
                ended = true;
                true
            }
        };
        if waiting.is_empty() || !(urgent || since.elapsed() >= COMMIT_EVERY) {
            continue;
        }
        since = Instant::now();
        match commit(db, session, &waiting) {
            Ok(()) => {
                waiting.clear();
                told = false;
            }
            Err(e) if !told => {
                told = true;
                failed(&e.to_string());
            }
            Err(_) => {}
        }
    }
}

fn commit(db: &Connection, session: i64, entries: &[Entry]) -> rusqlite::Result<()> {
    let batch = db.unchecked_transaction()?;
    for entry in entries {
        match entry {
            Entry::Line { at_us, event, line, .. } => batch
                .prepare_cached("INSERT INTO outcome (session, at_us, event, line) VALUES (?, ?, ?, ?)")?
                .execute(params![session, at_us, event, line])?,
            Entry::Deaf { sensor, channel, cause, from_us, to_us } => batch
                .prepare_cached(
                    "INSERT INTO deaf (session, sensor, channel, cause, from_us, to_us) VALUES (?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![session, sensor, channel, cause, from_us, to_us])?,
            Entry::Hears { sensor, at_us } => batch
                .prepare_cached(
                    "UPDATE deaf SET to_us = ? WHERE session = ? AND sensor = ? AND channel IS NULL AND to_us IS NULL",
                )?
                .execute(params![at_us, session, sensor])?,
            Entry::End { at_us } => {
                batch.execute("UPDATE deaf SET to_us = ? WHERE session = ? AND to_us IS NULL", params![at_us, session])?;
                batch.execute("UPDATE session SET ended_us = ? WHERE id = ?", params![at_us, session])?
            }
        };
    }
    batch.commit()
}

/// A deaf spell, as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeafSpell {
    /// Sensor.
    pub sensor: String,
    /// Channel 37 to 39; `None`: all.
    pub channel: Option<u8>,
    /// Why.
    pub cause: String,
    /// From when, µs since 1970.
    pub from_us: i64,
    /// Until when; `None`: it lasts, or the run ended with it.
    pub to_us: Option<i64>,
}

/// The ledger of deaf time of a case, in order of time.
///
/// # Errors
/// When the store cannot be read.
pub fn deaf_spells(folder: &Path) -> Result<Vec<DeafSpell>, CaseDbError> {
    let db = open(folder)?;
    let mut query =
        db.prepare("SELECT sensor, channel, cause, from_us, to_us FROM deaf ORDER BY from_us, id")?;
    let spells = query.query_map([], |row| {
        Ok(DeafSpell {
            sensor: row.get(0)?,
            channel: row.get(1)?,
            cause: row.get(2)?,
            from_us: row.get(3)?,
            to_us: row.get(4)?,
        })
    })?;
    Ok(spells.collect::<Result<_, _>>()?)
}

/// Lines of the result stream that a case keeps, of one event, in the order in which they were reached.
///
/// # Errors
/// When the store cannot be read.
pub fn lines(folder: &Path, event: &str) -> Result<Vec<String>, CaseDbError> {
    let db = open(folder)?;
    let mut query = db.prepare("SELECT line FROM outcome WHERE event = ? ORDER BY id")?;
    let lines = query.query_map([event], |row| row.get(0))?;
    Ok(lines.collect::<Result<_, _>>()?)
}

/// Whether the last session ended in order; `None` without any.
///
/// # Errors
/// When the store cannot be read.
pub fn ended_in_order(folder: &Path) -> Result<Option<bool>, CaseDbError> {
    let last = open(folder)?
        .query_row(
            "SELECT ended_us IS NOT NULL FROM session ORDER BY id DESC LIMIT 1",
            [],
            |row| row.get(0),
        )
        .optional()?;
    Ok(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provenance() -> Provenance {
        Provenance {
            boot_id: "boot".into(),
            base_us: 1,
            clock: "system".into(),
            settings_sha256: "00".into(),
        }
    }

    fn deaf(detail: &str, at_us: i64, value: f64) -> Outcome {
        Outcome::Notice(Notice {
            at_us: Some(at_us),
            kind: NoticeKind::Deaf,
            emitter: None,
            sensor: Some("V1".into()),
            detail: detail.into(),
            about: None,
            value: Some(value),
        })
    }

    #[test]
    fn the_ledger_has_every_spell_with_its_cause_and_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let open = || CaseDb::open(folder.path(), &provenance(), 5, Box::new(|_| {})).unwrap();
        let db = open();
        for (detail, at_us, value) in [
            ("unplugged", 10, 0.0),
            ("hears_again", 30, 2e-5),
            ("deaf_gap", 100_000_000, 45.0),
            ("starved", 260_000_000, 60.0),
        ] {
            db.outcome(&deaf(detail, at_us, value), "{}\n");
        }
        db.finish(300_000_000);
        assert_eq!(ended_in_order(folder.path()).unwrap(), Some(true));
        let spells: Vec<_> = deaf_spells(folder.path())
            .unwrap()
            .into_iter()
            .map(|s| (s.cause, s.from_us, s.to_us))
            .collect();
        assert_eq!(
            spells,
            [
                ("unplugged".to_owned(), 10, Some(30)),
                ("silent".to_owned(), 55_000_000, Some(100_000_000)),
                ("starved".to_owned(), 200_000_000, Some(300_000_000)),
            ]
        );
        assert_eq!(lines(folder.path(), "notice").unwrap().len(), 4);
        drop(open());
        assert_eq!(ended_in_order(folder.path()).unwrap(), Some(false));
    }

    #[test]
    fn a_newer_store_is_refused_and_acts_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let act = Act {
            at_us: 1,
            who: "A. Martin".into(),
            what: "sound".into(),
            about: "C4:DE:BB:84:D3:A7".into(),
            reason: String::new(),
            detail: "written: 0003".into(),
        };
        enter_act(folder.path(), &act).unwrap();
        let db = Connection::open(folder.path().join(FILE)).unwrap();
        let who: String = db
            .query_row("SELECT who FROM act", [], |row| row.get(0))
            .unwrap();
        assert_eq!(who, "A. Martin");
        db.pragma_update(None, "user_version", 99).unwrap();
        assert!(matches!(
            enter_act(folder.path(), &act),
            Err(CaseDbError::NotOpened(NotOpened::Newer { found: 99, .. }))
        ));
    }
}
