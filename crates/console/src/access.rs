//! Who may do what: links with a key, sessions that expire, roles. Keys are kept as hashes only.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::hub::held;

/// A session ends after so long.
pub const SESSION: Duration = Duration::from_secs(12 * 3600);
/// Sessions at a time; beyond it the one that would end first ends.
const SESSIONS: usize = 256;
/// Links that were not opened yet; beyond it the oldest is void.
const LINKS: usize = 64;
/// Wrong keys in this time slow down further ones.
const WRONG_WINDOW: Duration = Duration::from_secs(60);
/// More wrong keys than that in the window are refused without a look.
const WRONG_MOST: usize = 20;
/// Wait after the first wrong key; doubled with each further one.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// Longest wait after a wrong key.
const LONGEST_WAIT: Duration = Duration::from_secs(4);

/// What somebody may do; each may also do what stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// See everything.
    Look,
    /// Acknowledge, mute, note.
    Act,
    /// Make links for others.
    Administer,
}

impl Role {
    /// As the interface names it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Act => "act",
            Self::Administer => "administer",
        }
    }
}

type Hash = [u8; 32];

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// Tells sessions apart; no key.
    pub session: String,
    /// Name, as the maker of the link gave it.
    pub who: String,
    /// What they may do.
    pub role: Role,
}

/// Why a key opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// It is none, or was used, or is over; to be answered after this time.
    After(Duration),
    /// Too many were wrong.
    TooMany,
}

#[derive(Debug)]
struct Link {
    hash: Hash,
    who: String,
    role: Role,
    /// `None`: it may be opened again and again, as long as the process runs.
    until: Option<Instant>,
}

#[derive(Debug, Default)]
struct Inner {
    links: Vec<Link>,
    sessions: HashMap<Hash, (Visitor, Instant)>,
    wrong: VecDeque<Instant>,
}

/// Links and sessions.
#[derive(Debug, Default)]
pub struct Access(Mutex<Inner>);

impl Access {
    /// With its first link, which administers: returns its key.
    ///
    /// # Errors
    /// Without randomness.
    pub fn begin(who: &str) -> Result<(Self, String), getrandom::Error> {
        let access = Self::default();
        let key = access.link(who, Role::Administer, None)?;
        Ok((access, key))
    }

    /// Makes a link that opens once, within a time. Returns its key.
    ///
    /// # Errors
    /// Without randomness.
    pub fn link(
        &self,
        who: &str,
        role: Role,
        lasts: Option<Duration>,
    ) -> Result<String, getrandom::Error> {
        let key = key()?;
        let mut inner = held(&self.0);
        let (once, endless): (Vec<_>, Vec<_>) =
            inner.links.drain(..).partition(|l| l.until.is_some());
        inner.links = endless;
        let now = Instant::now();
        let once = once.into_iter().filter(|l| l.until > Some(now));
        let once: Vec<_> = once.collect();
        let surplus = (once.len() + 1).saturating_sub(LINKS);
        inner.links.extend(once.into_iter().skip(surplus));
        inner.links.push(Link {
            hash: hash(&key),
            who: who.to_owned(),
            role,
            until: lasts.and_then(|lasts| now.checked_add(lasts)),
        });
        Ok(key)
    }

    /// Opens a link: the key of the new session, and who it is.
    pub fn open(&self, key: &str) -> Result<(String, Visitor), Wrong> {
        let now = Instant::now();
        let hash_of_key = hash(key);
        let mut inner = held(&self.0);
        let valid = |l: &Link| l.hash == hash_of_key && l.until.is_none_or(|until| until > now);
        let Some(at) = inner.links.iter().position(valid) else {
            return Err(inner.wrong(now));
        };
        let Ok(session) = self::key() else {
            return Err(Wrong::After(FIRST_WAIT));
        };
        let Some(link) = inner.links.get(at) else {
            return Err(Wrong::After(FIRST_WAIT));
        };
        let visitor = Visitor {
            session: hash(&session)[..4]
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect(),
            who: link.who.clone(),
            role: link.role,
        };
        if link.until.is_some() {
            inner.links.remove(at);
        }
        inner.sessions.retain(|_, (_, until)| *until > now);
        if inner.sessions.len() >= SESSIONS {
            let first = inner.sessions.iter().min_by_key(|(_, (_, until))| *until);
            if let Some(first) = first.map(|(hash, _)| *hash) {
                inner.sessions.remove(&first);
            }
        }
        let until = now + SESSION;
        inner
            .sessions
            .insert(hash(&session), (visitor.clone(), until));
        Ok((session, visitor))
    }

    /// Who bears the key of a session.
    pub fn visitor(&self, session: &str) -> Option<Visitor> {
        let inner = held(&self.0);
        let (visitor, until) = inner.sessions.get(&hash(session))?;
        (*until > Instant::now()).then(|| visitor.clone())
    }
}

impl Inner {
    fn wrong(&mut self, now: Instant) -> Wrong {
        while let Some(first) = self.wrong.front()
            && now.duration_since(*first) > WRONG_WINDOW
        {
            self.wrong.pop_front();
        }
        let before = self.wrong.len();
        if before >= WRONG_MOST {
            return Wrong::TooMany;
        }
        self.wrong.push_back(now);
        Wrong::After((FIRST_WAIT * (1 << before.min(8))).min(LONGEST_WAIT))
    }
}

fn hash(key: &str) -> Hash {
    Sha256::digest(key.as_bytes()).into()
}

/// 256 random bits, hexadecimal.
fn key() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_link_opens_again_and_again_and_others_once() {
        let (access, first) = Access::begin("first").unwrap();
        assert_eq!(first.len(), 64);
        for _ in 0..2 {
            let (session, visitor) = access.open(&first).unwrap();
            assert_eq!(visitor.role, Role::Administer);
            assert_eq!(access.visitor(&session), Some(visitor));
        }
        let hour = Some(Duration::from_secs(3600));
        let key = access.link("A. Example", Role::Look, hour).unwrap();
        let (session, visitor) = access.open(&key).unwrap();
        assert_eq!(
            (visitor.who.as_str(), visitor.role),
            ("A. Example", Role::Look)
        );
        assert!(access.visitor(&session).is_some());
        assert!(access.open(&key).is_err());
        assert!(access.open(&first).is_ok());
        let over = access.link("late", Role::Look, Some(Duration::ZERO));
        assert!(access.open(&over.unwrap()).is_err());
        assert_eq!(access.visitor("nobody"), None);
    }

    #[test]
    fn guessing_is_slowed_and_then_refused_and_the_right_key_still_opens() {
        let (access, first) = Access::begin("first").unwrap();
        let mut last = Duration::ZERO;
        for _ in 0..WRONG_MOST {
            match access.open("guess") {
                Err(Wrong::After(wait)) => {
                    assert!(wait >= last);
                    last = wait;
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(last, LONGEST_WAIT);
        assert_eq!(access.open("guess").unwrap_err(), Wrong::TooMany);
        assert!(access.open(&first).is_ok());
    }

    #[test]
    fn links_that_wait_are_bounded_and_the_first_stays() {
        let (access, first) = Access::begin("first").unwrap();
        let hour = Some(Duration::from_secs(3600));
        let keys: Vec<_> = (0..LINKS + 3)
            .map(|_| access.link("x", Role::Look, hour).unwrap())
            .collect();
        assert!(access.open(&keys[0]).is_err());
        assert!(access.open(&keys[LINKS]).is_ok());
        assert!(access.open(&first).is_ok());
    }
}
