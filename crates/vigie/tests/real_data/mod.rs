//! Real recordings, which are no part of the repository, and the record of which tests ran on them.
#![allow(dead_code, clippy::panic)]

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The folder of real recordings beside the clone, or `None` with a word about it. `test` is `CRATE/TEST`, as
/// `scripts/real-data-tests.txt` lists it.
pub fn folder(test: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !folder.is_dir() {
        println!("SKIPPED real data: {test}");
        append("VIGIE_SKIPPED", test);
        return None;
    }
    append("VIGIE_REAL_DATA_RAN", test);
    Some(folder)
}

/// A file of that folder.
pub fn file(test: &str, name: &str) -> Option<PathBuf> {
    folder(test).map(|folder| folder.join(name))
}

/// Says that a test could not run for another reason.
pub fn skipped(test: &str, why: &str) {
    println!("SKIPPED {test}: {why}");
    append("VIGIE_SKIPPED", &format!("{test}: {why}"));
}

/// Adds a line to the file that a variable names. One write, so that lines of parallel tests do not mix.
fn append(variable: &str, line: &str) {
    let Some(path) = std::env::var_os(variable).filter(|p| !p.is_empty()) else {
        return;
    };
    let file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(&path);
    if let Err(e) = file.and_then(|mut f| f.write_all(format!("{line}\n").as_bytes())) {
        panic!("{}: {e}", Path::new(&path).display());
    }
}
