//! Acts on an exhibit, in the log of a case: who did what to which device, when, and what came of it.

use std::path::Path;

use serde::Serialize;
use vigie_keep::case_db;

/// One act.
#[derive(Debug, Serialize)]
pub struct Act {
    /// When it was begun, µs since 1970.
    #[serde(skip)]
    pub at_us: i64,
    /// Who did it.
    #[serde(skip)]
    pub by: String,
    /// The command: `sound`.
    #[serde(skip)]
    pub act: &'static str,
    /// Address of the device.
    #[serde(skip)]
    pub address: String,
    /// The sensor that was used.
    pub sensor: String,
    /// Whether anything was transmitted.
    pub transmitted: bool,
    /// By which way, where one was found.
    pub way: Option<&'static str>,
    /// What was written to the device, hexadecimal.
    pub written: Option<String>,
    /// What it answered, hexadecimal.
    pub answer: Option<String>,
    /// `done`, or what went wrong.
    pub outcome: String,
}

/// The log of a case, tried before the act, so that nothing is done that cannot be recorded.
pub struct ActLog<'a>(&'a Path);

impl<'a> ActLog<'a> {
    /// Of a case folder.
    ///
    /// # Errors
    /// When the folder is not there or cannot be written to.
    pub fn open(case: &'a Path) -> anyhow::Result<Self> {
        case_db::try_open(case)?;
        Ok(Self(case))
    }

    /// Adds an act, and returns when it is on the disk.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn record(&self, act: &Act) -> anyhow::Result<()> {
        let entry = case_db::Act {
            at_us: act.at_us,
            who: act.by.clone(),
            what: act.act.to_owned(),
            about: act.address.clone(),
            reason: String::new(),
            detail: serde_json::to_string(act)?,
        };
        case_db::enter_act(self.0, &entry)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acts_are_added_and_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let act = Act {
            at_us: 1_795_501_800_000_000,
            by: "A. Example".into(),
            act: "sound",
            address: "C2:01:02:03:04:05".into(),
            sensor: "bluez:hci0".into(),
            transmitted: true,
            way: Some("DULT"),
            written: Some("0003".into()),
            answer: None,
            outcome: "done".into(),
        };
        for _ in 0..2 {
            ActLog::open(folder.path()).unwrap().record(&act).unwrap();
        }
        let kept = case_db::acts(folder.path()).unwrap();
        assert_eq!(kept.len(), 2);
        let read: serde_json::Value = serde_json::from_str(&kept[0].detail).unwrap();
        assert_eq!(read["written"], "0003");
        assert!(ActLog::open(&folder.path().join("missing")).is_err());
    }
}
