//! The machine as its file system shows it: `/sys`, `/proc`, `/dev`, `/run`, `/etc` under a folder that tests can choose.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

/// Where the machine is read from.
#[derive(Debug, Clone)]
pub struct Machine {
    root: PathBuf,
    /// Whether a device may be read and written by this process, access lists included. Asked without opening it: opening a
    /// serial port restarts some boards.
    may_use: fn(&Path) -> bool,
}

impl Machine {
    /// With `/sys` and the rest in this folder; `/` is the machine itself.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            may_use: |path| access(path, Access::READ_OK | Access::WRITE_OK).is_ok(),
        }
    }

    /// With another answer to who may use a device.
    #[cfg(test)]
    pub fn with_access(self, may_use: fn(&Path) -> bool) -> Self {
        Self { may_use, ..self }
    }

    /// A path of the machine, as it is to be opened.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// Text of a small file, without the space around it; `None` where it is missing, empty or may not be read.
    pub fn text(&self, path: &str) -> Option<String> {
        let bytes = fs::read(self.path(path)).ok()?;
        let text = String::from_utf8_lossy(&bytes).trim().to_owned();
        (!text.is_empty()).then_some(text)
    }

    /// Whether there is something at the path.
    pub fn has(&self, path: &str) -> bool {
        self.path(path).symlink_metadata().is_ok()
    }

    /// Names in a folder, sorted; none where it is missing or may not be read.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path(folder))
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort_unstable();
        names
    }

    /// Last part of what a link points to.
    pub fn link(&self, path: &str) -> Option<String> {
        let target = fs::read_link(self.path(path)).ok()?;
        Some(target.file_name()?.to_string_lossy().into_owned())
    }

    /// Whether this process may read and write a device.
    pub fn may_use(&self, path: &str) -> bool {
        (self.may_use)(&self.path(path))
    }

    /// Folders in `/proc` of the processes of this name; a name is cut after 15 bytes there.
    pub fn processes(&self, name: &str) -> Vec<String> {
        let cut = name.get(..15).unwrap_or(name);
        let numbers = self.names("/proc").into_iter();
        numbers
            .filter(|n| n.bytes().all(|b| b.is_ascii_digit()))
            .map(|n| format!("/proc/{n}"))
            .filter(|folder| self.text(&format!("{folder}/comm")).as_deref() == Some(cut))
            .collect()
    }

    /// Whether a process of one of these names runs; which. `None` as well where processes of others are not shown.
    pub fn running<'n>(&self, names: &[&'n str]) -> Option<&'n str> {
        let found = |name: &&&str| !self.processes(name).is_empty();
        names.iter().find(found).copied()
    }
}
