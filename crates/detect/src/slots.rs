//! Profile vehicle: gathers what each sensor hears of each emitter in slots of ten seconds and runs the
//! co-travel test on them. The strongest receiver is the evidence; several are never multiplied
//! (`detection.md` section 0).

use crate::cotravel::{CoTravel, CoTravelConstants, Conditions, SLOT_US, SlotHeard, SlotMotion};
use crate::course::Course;
use crate::emitter::{Channel, Emitter};
use crate::environment::Surveyor;
use crate::latest::Latest;
use crate::motion::{Motion, Seen};
use crate::outcome::{Reason, ReasonCode};
use crate::roster::{Roster, Slot};
use crate::sighting::Sighting;
use crate::strata::Steadiness;

/// Slots of silence after which a test starts anew: as long as the dormancy of an emitter.
const SILENT_SLOTS: i64 = 30;

/// The slot being filled and who was heard in it.
#[derive(Debug, Default)]
pub struct Slots {
    /// How we move.
    pub motion: Motion,
    /// How we moved in the slot closed last, where positions tell.
    pub closed: Option<SlotMotion>,
    open: Option<i64>,
    heard: Vec<Slot>,
}

/// An emitter with new evidence.
#[derive(Debug, Clone, Copy)]
pub struct Heard {
    /// Which.
    pub slot: Slot,
    /// Log-likelihood ratio at the strongest receiver, nats, not calibrated.
    pub raw: f64,
    /// Mean level there over the contact, dBm, where known.
    pub level_dbm: Option<f64>,
    /// How the level behaves there.
    pub steadiness: Steadiness,
    /// Contact so far, not counting the time parked, seconds.
    pub contact_s: f64,
}

impl Slots {
    /// Whether the open slot is over.
    #[inline]
    pub fn over(&mut self, now_us: i64) -> bool {
        let slot = now_us.div_euclid(SLOT_US);
        *self.open.get_or_insert(slot) < slot
    }

    /// Notes a sighting in the open slot.
    #[inline]
    pub fn hear(&mut self, at: Slot, e: &mut Emitter, s: &Sighting, now_us: i64) {
        let slot = now_us.div_euclid(SLOT_US);
        let channels = &mut e.channels;
        let index = channels.iter().position(|c| c.sensor == s.sensor);
        if channels.iter().all(|c| c.slot != slot || c.count == 0) {
            self.heard.push(at);
        }
        let index = index.unwrap_or_else(|| {
            // Most emitters are heard by few sensors, and there may be a million of them.
            channels.reserve_exact(1);
            channels.push(Channel::new(s.sensor, slot));
            channels.len() - 1
        });
        let Some(channel) = channels.get_mut(index) else {
            return;
        };
        if channel.slot != slot {
            // What an earlier slot held was taken when that slot was closed.
            channel.slot = slot;
            channel.count = 0;
            channel.leveled = 0;
            channel.level_sum = 0;
        }
        channel.count += 1;
        if let Some(rssi) = s.rssi {
            channel.leveled += 1;
            channel.level_sum += i32::from(rssi);
        }
    }

    /// Closes the open slot: runs the test of everybody heard in it. While we are parked nothing is weighed.
    pub fn close(
        &mut self,
        now_us: i64,
        constants: &CoTravelConstants,
        surveyor: &mut Surveyor,
        roster: &mut Roster,
    ) -> Vec<Heard> {
        let slot = now_us.div_euclid(SLOT_US);
        let Some(done) = self.open.replace(slot) else {
            return Vec::new();
        };
        let seen = self.motion.of(done);
        self.closed = seen.map(|seen| seen.motion);
        surveyor.slot(done, self.closed);
        let now = conditions(constants, seen);
        let mut out = Vec::with_capacity(self.heard.len());
        for at in self.heard.drain(..) {
            let Some(e) = roster.at(at) else { continue };
            let channels = &mut e.channels;
            for channel in channels
                .iter_mut()
                .filter(|c| c.slot == done && c.count > 0)
            {
                channel.take(done, constants, now.as_ref(), &mut self.motion);
            }
            if now.is_none() {
                continue;
            }
            if let Some(test) = strongest(channels).and_then(|c| c.test.as_deref()) {
                out.push(Heard {
                    slot: at,
                    raw: test.llr(constants),
                    level_dbm: test.mean_level_dbm(),
                    // The first manner is the steady one.
                    steadiness: match test.manner() {
                        0 => Steadiness::Steady,
                        _ => Steadiness::Restless,
                    },
                    contact_s: test.contact_s(),
                });
            }
        }
        out
    }

    /// Level at the strongest receiver, dBm.
    #[must_use]
    pub fn level_dbm(&self, e: &Emitter) -> Option<f64> {
        strongest(&e.channels)?.level_dbm()
    }

    /// What speaks for co-travel, in the analyzer's own figures.
    #[must_use]
    pub fn reasons(&self, e: &Emitter) -> Vec<Reason> {
        let Some(channel) = strongest(&e.channels) else {
            return Vec::new();
        };
        let Some(test) = &channel.test else {
            return Vec::new();
        };
        let codes = [
            ReasonCode::AgainstRoadside,
            ReasonCode::AgainstStream,
            ReasonCode::AgainstPlatoon,
        ];
        let mut out: Vec<Reason> = codes
            .into_iter()
            .zip(test.against())
            .map(|(code, nats)| Reason {
                code,
                supports: nats > 0.0,
                value: Some(nats),
            })
            .collect();
        if let Some(level) = test.level_dbm() {
            out.push(Reason {
                code: ReasonCode::Level,
                supports: true,
                value: Some(level),
            });
        }
        out
    }
}

/// What a slot means for those who are not aboard; `None` while we were parked. Unknown motion reads as standing,
/// which claims least.
fn conditions(constants: &CoTravelConstants, seen: Option<Seen>) -> Option<Conditions> {
    let seen = seen.unwrap_or_default();
    (!seen.parked).then(|| Conditions::new(constants, seen.motion))
}

/// The channel with the loudest level; without levels, the one that ran longest.
fn strongest(channels: &[Channel]) -> Option<&Channel> {
    channels.iter().filter(|c| c.test.is_some()).max_by(|a, b| {
        let level = |c: &Channel| c.level_dbm().unwrap_or(f64::NEG_INFINITY);
        level(a).total_cmp(&level(b)).then(b.sensor.cmp(&a.sensor))
    })
}

impl Channel {
    fn new(sensor: u16, slot: i64) -> Self {
        Self {
            sensor,
            slot,
            count: 0,
            leveled: 0,
            level_sum: 0,
            taken: None,
            first: SlotHeard::default(),
            test: None,
            latest: None,
            course: None,
        }
    }

    /// Takes the slot that was closed. The test is made when contact has lasted into a second slot: most
    /// emitters are never heard again.
    fn take(
        &mut self,
        slot: i64,
        constants: &CoTravelConstants,
        now: Option<&Conditions>,
        motion: &mut Motion,
    ) {
        if self.taken == Some(slot) {
            // A flood pushed out the emitter that was noted here and this one took its place.
            return;
        }
        let heard = self.heard();
        let Some(last) = self.taken.replace(slot) else {
            self.first = heard;
            return;
        };
        self.follow(last, slot, heard);
        if slot - last > SILENT_SLOTS {
            self.test = None;
            self.latest = None;
            self.first = heard;
            return;
        }
        let Some(now) = now else {
            match &mut self.test {
                Some(test) => test.forget_levels(),
                None => {
                    self.first = SlotHeard {
                        level_dbm: None,
                        ..heard
                    };
                }
            }
            return;
        };
        let test = self.test.get_or_insert_with(|| {
            let mut test = Box::new(CoTravel::new(constants));
            // The first slot is a sighting only: what was likely to leave in it does not matter.
            test.step(constants, self.first, now);
            test
        });
        let first = self.first;
        let latest = self.latest.get_or_insert_with(|| {
            let mut latest = Box::<Latest>::default();
            latest.note(last, first);
            latest
        });
        latest.note(slot, heard);
        for silent in last + 1..slot {
            if let Some(then) = conditions(constants, motion.of(silent)) {
                test.step(constants, SlotHeard::default(), &then);
            }
        }
        test.step(constants, heard, now);
    }

    /// Notes the course of the contact, from its second slot on: parked or not.
    fn follow(&mut self, last: i64, slot: i64, heard: SlotHeard) {
        if self.course.is_none() && slot - last > SILENT_SLOTS {
            return;
        }
        let first = self.first;
        let course = self.course.get_or_insert_with(|| {
            let mut course = Box::new(Course::new());
            course.note(last, first);
            course
        });
        course.note(slot, heard);
    }

    fn heard(&self) -> SlotHeard {
        SlotHeard {
            count: self.count,
            level_dbm: (self.leveled > 0)
                .then(|| f64::from(self.level_sum) / f64::from(self.leveled)),
        }
    }

    fn level_dbm(&self) -> Option<f64> {
        self.test.as_deref().and_then(CoTravel::level_dbm)
    }
}
