//! The crates lie in the order of the flow, and the pure ones are pure (DESIGN sections 2 and 3).
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

/// Each crate and those of ours that it may depend on.
const MAY_USE: [(&str, &[&str]); 8] = [
    ("decode", &[]),
    ("capture", &["decode"]),
    ("detect", &["decode"]),
    ("keep", &["decode", "detect"]),
    ("show", &["decode", "detect", "keep"]),
    ("console", &["decode", "detect", "keep", "show"]),
    ("trial", &["decode", "capture", "detect"]),
    (
        "vigie",
        &[
            "decode", "capture", "detect", "keep", "show", "console", "trial",
        ],
    ),
];

/// What a pure crate has no use for: no input or output, no clock, no randomness of its own.
const IMPURE: [&str; 12] = [
    "std::time",
    "Instant",
    "SystemTime",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "std::env",
    "std::io",
    "rand",
    "println!",
    "RandomState",
];

/// Crates that pure ones may use; each is pure itself.
const PURE_CRATES: [&str; 5] = ["vigie-decode", "aes", "foldhash", "serde", "thiserror"];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// Names in `[dependencies]` of a crate; what its tests use does not count.
fn dependencies(name: &str) -> Vec<String> {
    let manifest = std::fs::read_to_string(crates().join(name).join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let mut names: Vec<String> = manifest["dependencies"]
        .as_table()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    for table in ["build-dependencies", "target"] {
        assert!(
            !manifest.contains_key(table),
            "{name}: look at {table} here too"
        );
    }
    names.sort();
    names
}

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

#[test]
fn dependencies_point_one_way() {
    let mut folders: Vec<String> = std::fs::read_dir(crates())
        .unwrap()
        .map(|e| e.unwrap())
        .filter(|e| e.path().join("Cargo.toml").is_file())
        .map(|e| e.file_name().into_string().unwrap())
        .collect();
    folders.sort();
    let mut known: Vec<&str> = MAY_USE.iter().map(|(name, _)| *name).collect();
    known.sort_unstable();
    assert_eq!(folders, known, "a crate that this test does not know");
    for (name, may_use) in MAY_USE {
        for used in dependencies(name) {
            let Some(ours) = used.strip_prefix("vigie-") else {
                continue;
            };
            assert!(may_use.contains(&ours), "{name} must not depend on {ours}");
        }
    }
}

#[test]
fn decode_and_detect_are_pure() {
    for name in ["decode", "detect"] {
        for used in dependencies(name) {
            assert!(
                PURE_CRATES.contains(&used.as_str()),
                "{name} depends on {used}"
            );
        }
        let files = sources(&crates().join(name).join("src"));
        assert!(files.len() > 10, "{name}");
        for (path, text) in &files {
            // Tests may do what they like; they stand at the end of a file.
            let code = text.split("#[cfg(test)]").next().unwrap();
            for line in code.lines().filter(|l| !l.trim_start().starts_with("//")) {
                let found = IMPURE.iter().find(|what| uses(line, what));
                assert_eq!(found, None, "{}: {line}", path.display());
            }
        }
    }
}

/// Whether a line uses a path or name, as a whole word.
fn uses(line: &str, what: &str) -> bool {
    let in_a_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(what).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + what.len()..]);
        !before.ends_with(in_a_name) && !after.starts_with(in_a_name)
    })
}

#[test]
fn impurity_is_recognised() {
    assert!(uses("use std::time::Instant;", "std::time"));
    assert!(uses("    let now = Instant::now();", "Instant"));
    assert!(uses("rand::random()", "rand"));
    assert!(!uses("let random_kind = operand;", "rand"));
}

#[test]
fn unsafe_code_stands_in_one_file_and_says_why_it_is_sound() {
    // Bluetooth sockets have no safe wrapper.
    const MAY: (&str, &str) = ("capture", "live/hci_socket.rs");
    for (name, _) in MAY_USE {
        let folder = crates().join(name).join("src");
        let root = ["lib.rs", "main.rs"]
            .map(|f| folder.join(f))
            .into_iter()
            .find(|p| p.is_file());
        let text = std::fs::read_to_string(root.unwrap()).unwrap();
        let level = if name == MAY.0 { "deny" } else { "forbid" };
        let wanted = format!("#![{level}(unsafe_code)]");
        assert!(text.lines().any(|l| l == wanted), "{name}: {wanted}");
        let by_lints = std::fs::read_to_string(crates().join(name).join("Cargo.toml"))
            .unwrap()
            .contains("[lints]\nworkspace = true");
        assert!(by_lints, "{name}");
        for (path, text) in sources(&folder) {
            let code = |l: &&str| !l.trim_start().starts_with("//");
            let used = text.lines().filter(code).any(|l| uses(l, "unsafe"));
            let may = name == MAY.0 && path.ends_with(MAY.1);
            assert_eq!(used, may, "{}", path.display());
            let blocks = text.matches("unsafe {").count();
            assert!(text.matches("// SAFETY: ").count() >= blocks, "{name}");
        }
    }
    let allowed = sources(&crates().join(MAY.0).join("src"))
        .iter()
        .map(|(_, text)| text.matches("    unsafe_code,\n").count())
        .sum::<usize>();
    assert_eq!(allowed, 1);
    let workspace = std::fs::read_to_string(crates().join("../Cargo.toml")).unwrap();
    let workspace: toml::Table = workspace.parse().unwrap();
    assert_eq!(
        workspace["workspace"]["lints"]["rust"]["unsafe_code"].as_str(),
        Some("deny")
    );
}
