//! What people do with alerts: acknowledge, mute, call ours. It goes through the queue of alarms of the case, so that alarms stop
//! as well; without a case it is kept in memory.

use std::path::Path;

use vigie_keep::outbox::{self, KnownBy, Outbox};

use crate::picture::{Picture, Said};

/// A mute lasts no longer, µs.
const LONGEST_MUTE_US: i64 = 24 * 3_600_000_000;
/// Words of a person, at most, characters.
const WORDS: usize = 2_000;

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Somebody knows.
    Acknowledge,
    /// Silent for a time.
    Mute,
    /// No longer silent.
    Unmute,
    /// It belongs to us.
    Ours,
    /// An officer's own phone gave an alert.
    OfficerAlert,
    /// Something worth writing down.
    Note,
}

impl What {
    /// By its code.
    pub fn named(code: &str) -> Option<Self> {
        Some(match code {
            "acknowledge" => Self::Acknowledge,
            "mute" => Self::Mute,
            "unmute" => Self::Unmute,
            "ours" => Self::Ours,
            "officer_alert" => Self::OfficerAlert,
            "note" => Self::Note,
            _ => return None,
        })
    }

    /// Its code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Mute => "mute",
            Self::Unmute => "unmute",
            Self::Ours => "ours",
            Self::OfficerAlert => "officer_alert",
            Self::Note => "note",
        }
    }

    /// Whether it is done to an alert.
    const fn is_about_an_alert(self) -> bool {
        !matches!(self, Self::OfficerAlert | Self::Note)
    }
}

/// What is asked for.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Request {
    /// A code of [`What`].
    pub what: String,
    /// Name of an alert.
    #[serde(default)]
    pub about: String,
    /// Who does it.
    pub who: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// End of a mute, µs since 1970.
    pub until_us: Option<i64>,
    /// When an officer's phone gave its alert, µs since 1970.
    pub at_us: Option<i64>,
    /// What cannot be undone is meant so.
    #[serde(default)]
    pub confirm: bool,
}

/// Why it is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotDone {
    /// A field is missing or wrong.
    Field(&'static str),
    /// No alert is called so.
    About,
    /// It has to be confirmed.
    Unconfirmed,
}

/// Something to be done that can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// What.
    pub what: What,
    /// To which alert, by name.
    pub about: String,
    /// What that alert's cause is known by, and when it was raised.
    pub cause: Option<(KnownBy, i64)>,
    /// Who.
    pub who: String,
    /// Why.
    pub reason: String,
    /// When, by the wall clock, µs since 1970.
    pub now_us: i64,
    /// End of a mute, or the time of an officer's alert.
    pub time_us: Option<i64>,
}

impl Request {
    /// Looks whether it can be done.
    pub fn checked(self, picture: &Picture, now_us: i64) -> Result<Deed, NotDone> {
        let what = What::named(&self.what).ok_or(NotDone::Field("what"))?;
        let who = self.who.trim().to_owned();
        let reason = self.reason.trim().to_owned();
        if who.is_empty() || who.chars().count() > WORDS {
            return Err(NotDone::Field("who"));
        }
        let needs_reason = !matches!(what, What::Acknowledge | What::OfficerAlert);
        if (needs_reason && reason.is_empty()) || reason.chars().count() > WORDS {
            return Err(NotDone::Field("reason"));
        }
        let cause = cause(picture, &self.about);
        if cause.is_none() && (what.is_about_an_alert() || !self.about.is_empty()) {
            return Err(NotDone::About);
        }
        let time_us = match what {
            What::Mute => Some(
                self.until_us
                    .filter(|until| (now_us + 1..=now_us + LONGEST_MUTE_US).contains(until))
                    .ok_or(NotDone::Field("until_us"))?,
            ),
            What::OfficerAlert => Some(
                self.at_us
                    .filter(|at| (0..=now_us + 60_000_000).contains(at))
                    .ok_or(NotDone::Field("at_us"))?,
            ),
            _ => None,
        };
        if what == What::Ours && !self.confirm {
            return Err(NotDone::Unconfirmed);
        }
        Ok(Deed {
            what,
            about: self.about,
            cause,
            who,
            reason,
            now_us,
            time_us,
        })
    }
}

/// What the cause of an alert is known by, and when it was raised.
fn cause(picture: &Picture, name: &str) -> Option<(KnownBy, i64)> {
    causes(picture)
        .into_iter()
        .find_map(|(of, by, at_us)| (of == name).then_some((by, at_us)))
}

/// Name, cause and time of every alert.
pub fn causes(picture: &Picture) -> Vec<(String, KnownBy, i64)> {
    let story = &picture.story;
    let emitters = [false, true].into_iter().flat_map(|o| story.alerts(o));
    let emitters = emitters.map(|a| {
        let alert = &a.alert;
        (
            alert.emitter.to_string(),
            KnownBy::of_alert(alert),
            alert.at_us,
        )
    });
    let clones = (1..).zip(story.clones());
    let clones = clones.map(|(n, c)| (format!("C{n}"), KnownBy::of_clone(c), c.at_us));
    emitters.chain(clones).collect()
}

impl Deed {
    /// Does it in the queue of a case. The queue is made where there is none: a later watch on the case reads it.
    ///
    /// # Errors
    /// When the queue cannot be written; then nothing was done.
    pub fn in_queue(&self, case: &Path) -> Result<(), outbox::Error> {
        let Some((by, at_us)) = &self.cause else {
            return Ok(());
        };
        if !self.what.is_about_an_alert() {
            return Ok(());
        }
        let mut queue = Outbox::open(&case.join(outbox::FILE))?;
        let cause = queue.cause(by.kind, &by.about, *at_us, by.again_after_us)?;
        match self.what {
            What::Acknowledge | What::Ours => queue.acknowledge(&cause.id, &self.who, self.now_us),
            What::Mute => {
                let until_us = self.time_us.unwrap_or(self.now_us);
                queue.mute(&cause.id, until_us, &self.reason, &self.who, self.now_us)
            }
            What::Unmute => queue.unmute(&cause.id, self.now_us),
            What::OfficerAlert | What::Note => Ok(()),
        }
    }

    /// Shows it.
    pub fn in_picture(&self, picture: &mut Picture) {
        if self.cause.is_none() || !self.what.is_about_an_alert() {
            return;
        }
        let said: &mut Said = picture.said.entry(self.about.clone()).or_default();
        let known = (self.now_us, self.who.clone(), self.reason.clone());
        match self.what {
            What::Acknowledge => said.acknowledged = Some(known),
            What::Ours => {
                said.acknowledged = Some(known);
                said.ours = true;
            }
            What::Mute => {
                let until_us = self.time_us.unwrap_or(self.now_us);
                said.muted = Some((until_us, self.who.clone(), self.reason.clone()));
            }
            What::Unmute => said.muted = None,
            What::OfficerAlert | What::Note => {}
        }
    }
}

/// What the queue of a case says of these alerts: others may write it as well.
///
/// # Errors
/// When it cannot be read.
pub fn said_in_queue(
    case: &Path,
    causes: &[(String, KnownBy, i64)],
    now_us: i64,
) -> Result<Vec<(String, Said)>, outbox::Error> {
    let path = case.join(outbox::FILE);
    if causes.is_empty() || !path.is_file() {
        return Ok(Vec::new());
    }
    let queue = Outbox::open(&path)?;
    let acknowledged = queue.acknowledgements()?;
    let mutes = queue.mutes(Some(now_us))?;
    let mut all = Vec::new();
    for (name, by, _) in causes {
        let id = queue.known(by)?;
        let known = acknowledged.iter().find(|a| Some(&a.cause) == id.as_ref());
        let is_muted = |what: &str| what == "all" || what == by.kind || Some(what) == id.as_deref();
        let muted = mutes.iter().filter(|m| is_muted(&m.what));
        let muted = muted.max_by_key(|m| m.until_us);
        let said = Said {
            acknowledged: known.map(|a| (a.at_us, a.by.clone(), String::new())),
            muted: muted.map(|m| (m.until_us, m.by.clone(), m.reason.clone())),
            ours: false,
        };
        all.push((name.clone(), said));
    }
    Ok(all)
}
