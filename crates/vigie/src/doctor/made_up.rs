//! A made-up machine for tests: a folder with a `/sys`, a `/proc` and what else is asked for.

use std::fs;
use std::os::unix::fs::symlink;

use tempfile::TempDir;
use vigie_show::{Language, Texts, findings};

use super::finding::{Finding, Severity};
use super::machine::Machine;

/// The folder; gone at the end.
pub struct Tree(TempDir);

impl Tree {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn machine(&self) -> Machine {
        Machine::at(self.0.path())
    }

    pub fn folder(&self, path: &str) {
        fs::create_dir_all(self.0.path().join(path)).unwrap();
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn link(&self, path: &str, target: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(target, path).unwrap();
    }

    pub fn switch(&self, number: u8, kind: &str, name: &str, soft: bool, hard: bool) {
        let folder = format!("sys/class/rfkill/rfkill{number}");
        self.write(&format!("{folder}/type"), kind);
        self.write(&format!("{folder}/name"), name);
        self.write(&format!("{folder}/soft"), if soft { "1" } else { "0" });
        self.write(&format!("{folder}/hard"), if hard { "1" } else { "0" });
    }

    pub fn process(&self, number: u16, name: &str, command: &str) {
        self.write(&format!("proc/{number}/comm"), &format!("{name}\n"));
        let command = command.replace(' ', "\0");
        self.write(&format!("proc/{number}/cmdline"), &command);
    }
}

/// Codes of what was found; each has its words in both languages, with everything filled in.
pub fn codes(findings: &[Finding]) -> Vec<&'static str> {
    for finding in findings {
        let ok = findings::AS_IT_SHOULD_BE.contains(&finding.code);
        assert_eq!(ok, finding.severity == Severity::Ok, "{}", finding.code);
        for language in Language::ALL {
            for words in finding.words(&Texts::new(language)) {
                assert!(!words.contains(['{', '[']), "{}: {words}", finding.code);
            }
        }
    }
    findings.iter().map(|f| f.code).collect()
}
