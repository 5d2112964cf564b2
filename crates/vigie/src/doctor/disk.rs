//! Room for the recording.

use std::path::{Path, PathBuf};

use super::finding::{Datum, Finding};

/// Below so much the recording says that room runs short (`Rules::low_bytes` of the recorder), and below so much it stops.
pub struct Limits {
    /// Bytes.
    pub low: u64,
    /// Bytes.
    pub full: u64,
}

/// What there is to say of the disk that a case folder lies on, or will.
pub fn look(case: &Path, limits: &Limits) -> Finding {
    let path = case.display().to_string();
    match room(case) {
        None => Finding::note("disk_unknown").with("path", path),
        Some(room) => judged(room, limits).with("path", path).and(
            "gigabytes",
            Datum::Decimal(room as f64 / 1e9, if room < 10_000_000_000 { 2 } else { 0 }),
        ),
    }
}

const fn judged(room: u64, limits: &Limits) -> Finding {
    if room < limits.full {
        Finding::problem("disk_full")
    } else if room < limits.low {
        Finding::problem("disk_low")
    } else {
        Finding::ok("disk_room")
    }
}

/// Bytes that may be written there; of the nearest folder that exists.
fn room(case: &Path) -> Option<u64> {
    let mut folder = std::path::absolute(case).unwrap_or_else(|_| PathBuf::from("/"));
    loop {
        match rustix::fs::statvfs(&folder) {
            Ok(disk) => return Some(disk.f_bavail.saturating_mul(disk.f_frsize)),
            Err(_) if folder.pop() => {}
            Err(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::made_up::codes;
    use super::*;

    #[test]
    fn room_is_held_against_what_the_recorder_asks_for() {
        let limits = Limits { low: 100, full: 10 };
        let code = |room| judged(room, &limits).code;
        let found = [code(100), code(99), code(9)];
        assert_eq!(found, ["disk_room", "disk_low", "disk_full"]);
    }

    #[test]
    fn a_folder_that_is_not_there_yet_has_the_room_of_its_parent() {
        let folder = tempfile::tempdir().unwrap();
        let limits = Limits { low: 0, full: 0 };
        let found = look(&folder.path().join("case/of/tomorrow"), &limits);
        assert_eq!(codes(&[found]), ["disk_room"]);
    }
}
