//! The lives of tag-class keys: one transmission heard by several receivers is one event, at the strongest of
//! them; a life ends when three intervals have passed without another event.
//!
//! Memory is bounded by the keys heard in the last `forget_s`, and by `keys` in any case.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};

use foldhash::fast::FixedState;
use vigie_decode::Family;

use super::constants::LifeConstants;
use crate::sighting::Identifier;

/// A receiver: a vehicle's sensors are one, a sensor that rides in no stated vehicle is one of its own.
pub type Receiver = u16;

/// A tag-class frame as one sensor heard it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TagFrame {
    /// What it is keyed on.
    pub identifier: Identifier,
    /// Family that it claims.
    pub family: Family,
    /// Sensor.
    pub sensor: u16,
    /// Receiver that the sensor belongs to.
    pub receiver: Receiver,
    /// Level, dBm; an unknown one makes the frame count for the life alone.
    pub rssi: Option<i8>,
    /// When, µs since 1970.
    pub now_us: i64,
}

/// An advertising event, once all receivers have had time to tell of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// Strongest receiver and level there, dBm.
    pub strongest: Option<(Receiver, i8)>,
    /// Which event of its key, from 1.
    pub number: u32,
    /// Age of the key, µs.
    pub age_us: i64,
}

/// A life that ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    /// Family that it claimed.
    pub family: Family,
    /// Sensor that heard it first.
    pub sensor: u16,
    /// First and last event, µs since 1970.
    pub first_us: i64,
    /// See `first_us`.
    pub last_us: i64,
    /// Events.
    pub events: u32,
    /// Mean level of the first two events at the strongest receiver, dBm.
    pub head_dbm: Option<f64>,
    /// The same of the last two.
    pub tail_dbm: Option<f64>,
    /// Receiver that was strongest most often.
    pub receiver: Option<Receiver>,
    /// Frames and sum of their levels by receiver.
    pub heard: Vec<Heard>,
}

/// What one receiver heard of a life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    /// Which receiver.
    pub receiver: Receiver,
    /// Frames with a known level.
    pub frames: u32,
    /// Sum of their levels, dBm.
    pub level_sum: i32,
    /// Events in which it was the strongest.
    strongest: u32,
}

#[cfg(test)]
impl Heard {
    pub(super) const fn of(receiver: Receiver, frames: u32, level_sum: i32) -> Self {
        Self {
            receiver,
            frames,
            level_sum,
            strongest: frames,
        }
    }
}

#[derive(Debug)]
struct Life {
    family: Family,
    sensor: u16,
    first_us: i64,
    last_us: i64,
    events: u32,
    open: Option<(Receiver, i8)>,
    head: [Option<i8>; 2],
    tail: [Option<i8>; 2],
    heard: Vec<Heard>,
    /// Its end was told: a tag that is heard again after a pause does not end twice.
    told: bool,
}

/// All lives.
#[derive(Debug)]
pub struct Lives {
    lives: HashMap<Identifier, Life, FixedState>,
    open: VecDeque<(i64, Identifier)>,
    due: BinaryHeap<Reverse<(i64, Identifier)>>,
    last_listened_us: HashMap<Receiver, i64, FixedState>,
}

impl Default for Lives {
    fn default() -> Self {
        let seeded = || FixedState::with_seed(0x434c_4f4e_4553);
        Self {
            // Nothing is iterated in hash order.
            lives: HashMap::with_hasher(seeded()),
            open: VecDeque::new(),
            due: BinaryHeap::new(),
            last_listened_us: HashMap::with_hasher(seeded()),
        }
    }
}

impl Lives {
    /// A receiver heard something, of whatever class.
    pub fn listens(&mut self, receiver: Receiver, now_us: i64) {
        self.last_listened_us.insert(receiver, now_us);
    }

    /// Whether a key is known.
    #[must_use]
    pub fn knows(&self, identifier: Identifier) -> bool {
        self.lives.contains_key(&identifier)
    }

    /// Keys known.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lives.len()
    }

    /// Takes a frame. The caller has let time pass up to it.
    pub fn hear(&mut self, constants: &LifeConstants, frame: &TagFrame) {
        let now_us = frame.now_us;
        if self.lives.len() >= constants.keys && !self.knows(frame.identifier) {
            return;
        }
        let (due, open) = (&mut self.due, &mut self.open);
        let mut begins = false;
        let life = self.lives.entry(frame.identifier).or_insert_with(|| {
            begins = true;
            due.push(Reverse((
                now_us + seconds(constants.silence_s),
                frame.identifier,
            )));
            Life {
                family: frame.family,
                sensor: frame.sensor,
                first_us: now_us,
                last_us: now_us,
                events: 0,
                open: None,
                head: [None; 2],
                tail: [None; 2],
                heard: Vec::new(),
                told: false,
            }
        });
        if begins || now_us - life.last_us >= seconds(constants.event_s) {
            life.last_us = now_us;
            life.open = None;
            open.push_back((now_us, frame.identifier));
        }
        let Some(rssi) = frame.rssi else { return };
        if life.open.is_none_or(|(_, level)| rssi > level) {
            life.open = Some((frame.receiver, rssi));
        }
        let of = |h: &&mut Heard| h.receiver == frame.receiver;
        match life.heard.iter_mut().find(of) {
            Some(heard) => {
                heard.frames = heard.frames.saturating_add(1);
                heard.level_sum = heard.level_sum.saturating_add(i32::from(rssi));
            }
            None => {
                life.heard.reserve_exact(1);
                life.heard.push(Heard {
                    receiver: frame.receiver,
                    frames: 1,
                    level_sum: i32::from(rssi),
                    strongest: 0,
                });
            }
        }
    }

    /// The next event that all have had time to tell of.
    pub fn next_event(&mut self, constants: &LifeConstants, now_us: i64) -> Option<Event> {
        loop {
            let (at_us, identifier) = *self.open.front()?;
            if now_us - at_us < seconds(constants.event_s) {
                return None;
            }
            self.open.pop_front();
            let Some(life) = self.lives.get_mut(&identifier) else {
                continue;
            };
            let strongest = life.open.take();
            let level = strongest.map(|(_, level)| level);
            if let Some(place) = life.head.get_mut(life.events as usize) {
                *place = level;
            }
            life.tail = [life.tail[1], level];
            life.events = life.events.saturating_add(1);
            if let Some((receiver, _)) = strongest
                && let Some(heard) = life.heard.iter_mut().find(|h| h.receiver == receiver)
            {
                heard.strongest = heard.strongest.saturating_add(1);
            }
            return Some(Event {
                strongest,
                number: life.events,
                age_us: at_us - life.first_us,
            });
        }
    }

    /// The next life that has ended by now. Where the receiver itself has heard nothing since, the end is not
    /// known: it may be deaf.
    pub fn next_ended(&mut self, constants: &LifeConstants, now_us: i64) -> Option<Ended> {
        let silence_us = seconds(constants.silence_s);
        loop {
            let Reverse((due_us, identifier)) = *self.due.peek()?;
            if due_us > now_us {
                return None;
            }
            self.due.pop();
            let Some(life) = self.lives.get_mut(&identifier) else {
                continue;
            };
            let silent_us = now_us - life.last_us;
            if silent_us >= seconds(constants.forget_s) {
                self.lives.remove(&identifier);
                continue;
            }
            let forget_us = life.last_us + seconds(constants.forget_s);
            if life.told {
                self.due.push(Reverse((forget_us, identifier)));
                continue;
            }
            if silent_us < silence_us {
                self.due
                    .push(Reverse((life.last_us + silence_us, identifier)));
                continue;
            }
            let receiver = life
                .heard
                .iter()
                .max_by_key(|h| (h.strongest, Reverse(h.receiver)))
                .map(|h| h.receiver);
            let listened = receiver.is_none_or(|r| {
                let last = self.last_listened_us.get(&r).copied();
                last.is_some_and(|last| {
                    last - life.last_us >= silence_us - seconds(constants.lull_s)
                })
            });
            if !listened {
                let again_us = now_us + seconds(constants.lull_s);
                self.due.push(Reverse((again_us, identifier)));
                continue;
            }
            life.told = true;
            self.due.push(Reverse((forget_us, identifier)));
            return Some(Ended {
                family: life.family,
                sensor: life.sensor,
                first_us: life.first_us,
                last_us: life.last_us,
                events: life.events,
                head_dbm: mean(life.head),
                tail_dbm: mean(life.tail),
                receiver,
                heard: std::mem::take(&mut life.heard),
            });
        }
    }

    /// When there is something to do next, µs.
    #[must_use]
    pub fn next_us(&self, constants: &LifeConstants) -> i64 {
        let open = self
            .open
            .front()
            .map_or(i64::MAX, |(at, _)| at + seconds(constants.event_s));
        let due = self.due.peek().map_or(i64::MAX, |Reverse((at, _))| *at);
        open.min(due)
    }
}

fn mean(levels: [Option<i8>; 2]) -> Option<f64> {
    match levels {
        [Some(a), Some(b)] => Some((f64::from(a) + f64::from(b)) / 2.0),
        [a, b] => a.or(b).map(f64::from),
    }
}

pub(super) fn seconds(s: f64) -> i64 {
    (s * 1e6) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000;

    fn frame(key: u32, at_us: i64, receiver: Receiver, rssi: i8) -> TagFrame {
        TagFrame {
            identifier: Identifier::of_opaque(key),
            family: Family::AppleFindMy,
            sensor: receiver,
            receiver,
            rssi: Some(rssi),
            now_us: at_us,
        }
    }

    #[test]
    fn several_receivers_of_one_event_count_once_at_the_strongest() {
        let c = LifeConstants::default();
        let mut lives = Lives::default();
        lives.hear(&c, &frame(1, 0, 3, -80));
        lives.hear(&c, &frame(1, 400, 4, -61));
        lives.hear(&c, &frame(1, S / 2, 5, -90));
        assert_eq!(lives.next_event(&c, S / 2), None);
        let event = lives.next_event(&c, 2 * S).unwrap();
        assert_eq!((event.strongest, event.number), (Some((4, -61)), 1));
        lives.listens(4, 6 * S);
        // Not before three intervals are over.
        assert_eq!(lives.next_ended(&c, 6 * S - 1), None);
        let ended = lives.next_ended(&c, 6 * S).unwrap();
        assert_eq!((ended.events, ended.receiver), (1, Some(4)));
        assert_eq!((ended.head_dbm, ended.heard.len()), (Some(-61.0), 3));
        // Once only, and forgotten in the end.
        lives.hear(&c, &frame(1, 20 * S, 4, -61));
        assert_eq!(lives.next_ended(&c, 60 * S), None);
        assert_eq!(lives.count(), 1);
        assert_eq!(lives.next_ended(&c, 1000 * S), None);
        assert_eq!(lives.count(), 0);
    }

    #[test]
    fn a_receiver_that_fell_silent_itself_ends_no_life() {
        let c = LifeConstants::default();
        let mut lives = Lives::default();
        lives.hear(&c, &frame(1, 0, 3, -60));
        assert!(lives.next_event(&c, 2 * S).is_some());
        lives.listens(3, S);
        assert_eq!(lives.next_ended(&c, 20 * S), None);
        lives.listens(3, 21 * S);
        assert!(lives.next_ended(&c, 30 * S).is_some());
    }

    #[test]
    fn keys_are_bounded() {
        let c = LifeConstants {
            keys: 10,
            ..LifeConstants::default()
        };
        let mut lives = Lives::default();
        for key in 0..1000 {
            lives.hear(&c, &frame(key, 0, 0, -60));
        }
        assert_eq!(lives.count(), 10);
    }
}
