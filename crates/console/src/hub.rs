//! Where the engine writes and the server reads.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use vigie_decode::Fix;
use vigie_detect::Intake;
use vigie_detect::outcome::Outcome;

use crate::parts::{Part, Revisions};
use crate::picture::{Look, Picture, Run};

/// The picture of a run, shared.
#[derive(Debug)]
pub struct Hub {
    picture: Mutex<Picture>,
    revisions: Mutex<Revisions>,
    revision: watch::Sender<u64>,
    /// Time of the last look, µs since 1970.
    looked_us: Mutex<i64>,
}

impl Hub {
    /// Of a run that begins.
    #[must_use]
    pub fn new(run: Run) -> Self {
        Self {
            picture: Mutex::new(Picture::new(run)),
            revisions: Mutex::new(Revisions::default()),
            revision: watch::Sender::new(0),
            looked_us: Mutex::new(i64::MIN),
        }
    }

    /// Takes the next outcome of the run.
    pub fn outcome(&self, outcome: &Outcome) {
        let parts = self.picture().outcome(outcome);
        self.changed(parts);
    }

    /// Takes a look at the engine: once a second of the run, and before it ends.
    pub fn look(&self, intake: &Intake) {
        let now_us = intake.judged_us();
        if now_us == i64::MIN {
            return;
        }
        let since_us = std::mem::replace(&mut *held(&self.looked_us), now_us);
        // Asked of the engine before the picture is locked.
        let look = Look {
            now_us,
            summary: intake.summary(),
            sensors: intake.sensors(),
            vehicles: intake.vehicles().to_vec(),
            travelling: intake.travelling(since_us),
            ours: intake.ours(),
        };
        let parts = self.picture().look(look);
        self.changed(parts);
    }

    /// Takes a position; `vehicle` where it is of one alone.
    pub fn fix(&self, fix: &Fix, vehicle: Option<&str>) {
        self.picture().fix(fix, vehicle);
    }

    /// Whether the run has ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.picture().ended
    }

    pub(crate) fn picture(&self) -> MutexGuard<'_, Picture> {
        held(&self.picture)
    }

    /// Marks parts as changed.
    pub(crate) fn changed(&self, parts: &[Part]) {
        if parts.is_empty() {
            return;
        }
        let revision = held(&self.revisions).mark(parts);
        self.revision.send_replace(revision);
    }

    /// The revision now, and the parts that changed since another.
    pub(crate) fn changed_since(&self, revision: u64) -> (u64, Vec<Part>) {
        held(&self.revisions).since(revision)
    }

    /// Tells of every new revision.
    pub(crate) fn revisions(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }
}

/// A thread that panicked has left nothing half written here.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
