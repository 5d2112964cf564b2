//! The log: every act and every consultation, with who, when and what. In the case where there is one, else in memory.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vigie_keep::case_db::{self, Act, CaseDbError};
use vigie_show::Texts;

use crate::access::Visitor;
use crate::hub::held;

/// Entries shown, the latest. The case keeps all.
const SHOWN: usize = 2_000;
/// The same part looked at by the same session again within this time is the same consultation.
const SAME_LOOK: Duration = Duration::from_secs(60);
/// What is no decision.
const NO_DECISIONS: [&str; 3] = ["look", "login", "login_refused"];

/// The log.
#[derive(Debug)]
pub struct Journal {
    /// Of the case.
    folder: Option<PathBuf>,
    entries: Mutex<VecDeque<Act>>,
    looks: Mutex<HashMap<(String, String), Instant>>,
}

impl Journal {
    /// Takes up the log of a case, or begins one in memory.
    ///
    /// # Errors
    /// When the store of the case cannot be opened.
    pub fn open(folder: Option<PathBuf>) -> Result<Self, CaseDbError> {
        let mut entries = match &folder {
            Some(folder) => case_db::acts(folder)?.into(),
            None => VecDeque::new(),
        };
        while entries.len() > SHOWN {
            entries.pop_front();
        }
        Ok(Self {
            folder,
            entries: Mutex::new(entries),
            looks: Mutex::default(),
        })
    }

    /// Enters something, and returns when it is on the disk.
    ///
    /// # Errors
    /// When it cannot be written; it is shown all the same.
    pub fn enter(&self, act: Act) -> Result<(), CaseDbError> {
        let written = match &self.folder {
            Some(folder) => case_db::enter_act(folder, &act),
            None => Ok(()),
        };
        let mut entries = held(&self.entries);
        entries.push_back(act);
        if entries.len() > SHOWN {
            entries.pop_front();
        }
        written
    }

    /// The entry for a consultation, unless it goes on from one just entered.
    pub fn look(&self, visitor: &Visitor, part: &str, at_us: i64) -> Option<Act> {
        let now = Instant::now();
        let mut looks = held(&self.looks);
        looks.retain(|_, since| now.duration_since(*since) < SAME_LOOK);
        let key = (visitor.session.clone(), part.to_owned());
        if looks.contains_key(&key) {
            return None;
        }
        looks.insert(key, now);
        Some(entry(at_us, visitor, "look", part, "", ""))
    }

    /// The entries, newest first.
    pub fn told(&self, texts: &Texts) -> Value {
        let entries = held(&self.entries);
        let entries: Vec<Value> = entries.iter().rev().map(|a| told(a, texts)).collect();
        json!({ "entries": entries })
    }

    /// What people decided, newest first.
    pub fn decisions(&self, texts: &Texts) -> Vec<Value> {
        let entries = held(&self.entries);
        let decisions = entries.iter().rev();
        let decisions = decisions.filter(|a| !NO_DECISIONS.contains(&a.what.as_str()));
        decisions.map(|a| told(a, texts)).collect()
    }
}

/// An entry about what somebody did who is signed in.
pub fn entry(
    at_us: i64,
    visitor: &Visitor,
    what: &str,
    about: &str,
    reason: &str,
    detail: &str,
) -> Act {
    Act {
        at_us,
        who: visitor.who.clone(),
        what: what.to_owned(),
        about: about.to_owned(),
        reason: reason.to_owned(),
        detail: detail.to_owned(),
    }
}

/// One entry, with its words.
pub fn told(act: &Act, texts: &Texts) -> Value {
    json!({
        "at_us": act.at_us,
        "who": act.who,
        "what": act.what,
        "what_text": texts.code("act", &act.what, &[]),
        "about": act.about,
        "reason": act.reason,
        "detail": act.detail,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Role;

    #[test]
    fn a_consultation_is_entered_once_a_minute_by_session_and_part() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(Some(folder.path().to_owned())).unwrap();
        let visitor = |session: &str| Visitor {
            session: session.to_owned(),
            who: "A. Example".to_owned(),
            role: Role::Look,
        };
        let mut entered = 0;
        for session in ["one", "two"] {
            for part in ["alerts", "alerts", "tracks"] {
                if let Some(look) = journal.look(&visitor(session), part, 5) {
                    journal.enter(look).unwrap();
                    entered += 1;
                }
            }
        }
        assert_eq!(entered, 4);
        let kept = case_db::acts(folder.path()).unwrap();
        assert_eq!(kept.len(), 4);
        assert_eq!(
            (kept[0].who.as_str(), kept[0].about.as_str()),
            ("A. Example", "alerts")
        );
        let again = Journal::open(Some(folder.path().to_owned())).unwrap();
        let texts = Texts::new(vigie_show::Language::En);
        assert_eq!(again.told(&texts)["entries"].as_array().unwrap().len(), 4);
        assert!(again.decisions(&texts).is_empty());
    }
}
