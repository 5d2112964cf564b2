//! Runs the built `vigie` and reads what it says.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The built program, in a locale of its own.
pub fn vigie() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.env("LC_ALL", "C.UTF-8");
    command
}

/// Runs it to its end.
pub fn run<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Output {
    vigie().args(arguments).output().unwrap()
}

/// Runs it, and it must end well; what it wrote to standard output.
pub fn stdout_of<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> String {
    let output = run(arguments);
    assert!(
        output.status.success(),
        "{}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The lines of a result stream.
pub fn lines_of(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
        .collect()
}

/// Those of one kind.
pub fn events<'a>(lines: &'a [Value], event: &str) -> Vec<&'a Value> {
    lines.iter().filter(|l| l["event"] == event).collect()
}

/// The summary, which is the last line.
pub fn summary(lines: &[Value]) -> &Value {
    let last = lines.last().unwrap();
    assert_eq!(last["event"], "summary");
    last
}

/// Codes of an array of strings.
pub fn codes(value: &Value) -> Vec<&str> {
    let codes = value.as_array().unwrap().iter();
    codes.map(|c| c.as_str().unwrap()).collect()
}

/// A simulated walk: its capture and its track.
pub fn walk(folder: &Path, seed: u64) -> (PathBuf, PathBuf) {
    let seed = seed.to_string();
    let folder = folder.join(format!("walk-{seed}"));
    let out = folder.as_os_str();
    stdout_of([
        OsStr::new("simulate"),
        OsStr::new("walk"),
        OsStr::new("--seed"),
        OsStr::new(&seed),
        OsStr::new("--out"),
        out,
    ]);
    let found = |extension: &str| {
        let mut files: Vec<_> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.extension().is_some_and(|e| e == extension))
            .collect();
        assert_eq!(files.len(), 1, "{extension}: {files:?}");
        files.remove(0)
    };
    (found("pcapng"), found("gpx"))
}

/// A path as an argument.
pub fn argument(path: &Path) -> &str {
    path.to_str().unwrap()
}
