//! Puts events in order of (time, sensor, sequence) by holding them for a fixed time (DESIGN section 3).

use std::collections::VecDeque;

use vigie_decode::{Fix, Status};

use crate::sighting::Sighting;

/// What is put in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// A position.
    Fix(Fix),
    /// What a live run said of a sensor or of itself.
    Status(Status),
    /// A sighting.
    Sighting(Sighting),
}

impl Held {
    /// Time, microseconds since 1970.
    #[must_use]
    pub const fn time_us(&self) -> i64 {
        match self {
            Self::Fix(f) => f.time_us,
            Self::Status(s) => s.time_us,
            Self::Sighting(s) => s.time_us,
        }
    }

    /// Moves it in time.
    #[inline]
    pub fn shift(&mut self, by_us: i64) {
        match self {
            Self::Fix(f) => f.time_us = f.time_us.saturating_add(by_us),
            Self::Status(s) => s.time_us = s.time_us.saturating_add(by_us),
            Self::Sighting(s) => s.time_us = s.time_us.saturating_add(by_us),
        }
    }

    /// Order: time, then positions and statements before sightings, then sensor; sequence is the order of arrival.
    fn key(&self) -> (i64, u8, u16) {
        match self {
            Self::Fix(f) => (f.time_us, 0, f.sensor.unwrap_or(0)),
            Self::Status(s) => (s.time_us, 0, s.sensor.unwrap_or(0)),
            Self::Sighting(s) => (s.time_us, 1, s.sensor),
        }
    }
}

/// Events that wait for earlier ones. Bounded by what is received within the hold.
#[derive(Debug)]
pub struct Hold {
    hold_us: i64,
    /// Events up to this time were held long enough.
    due_us: i64,
    released_us: i64,
    queue: VecDeque<Held>,
}

impl Hold {
    /// Holds for `hold_us` microseconds.
    #[must_use]
    pub const fn new(hold_us: i64) -> Self {
        Self {
            hold_us,
            due_us: i64::MIN,
            released_us: i64::MIN,
            queue: VecDeque::new(),
        }
    }

    /// Whether an event of this time comes after later ones were already released: it is taken in where it
    /// stands, with its `late` mark, and not held.
    #[must_use]
    #[inline]
    pub const fn is_late(&self, time_us: i64) -> bool {
        time_us < self.released_us
    }

    /// Whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Time of the latest event that was released, µs since 1970; `i64::MIN` before the first.
    #[must_use]
    pub const fn released_us(&self) -> i64 {
        self.released_us
    }

    /// Holds an event that is not late.
    #[inline(always)]
    pub fn push(&mut self, event: Held) {
        let time_us = event.time_us();
        self.due_us = self.due_us.max(time_us.saturating_sub(self.hold_us));
        match self.queue.back() {
            // Only where the time does not tell is the whole order looked at.
            Some(last) if last.time_us() >= time_us && last.key() > event.key() => {
                let key = event.key();
                let at = self.queue.partition_point(|other| other.key() <= key);
                self.queue.insert(at, event);
            }
            _ => self.queue.push_back(event),
        }
    }

    /// The next event, once its hold is over. It stays until `release` is called.
    #[inline]
    pub fn due(&self) -> Option<&Held> {
        self.queue
            .front()
            .filter(|first| first.time_us() <= self.due_us)
    }

    /// Lets go of the first event.
    #[inline(always)]
    pub fn release(&mut self) {
        if let Some(event) = self.queue.pop_front() {
            self.released_us = event.time_us();
        }
    }

    /// The next event, held long enough or not: for the end of a recording.
    pub fn pop(&mut self) -> Option<Held> {
        let event = self.queue.pop_front()?;
        self.released_us = event.time_us();
        Some(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sighting::{Identifier, Payload};

    fn heard(time_us: i64, sensor: u16) -> Held {
        Held::Sighting(Sighting {
            time_us,
            sensor,
            late: false,
            rssi: None,
            channel: None,
            pdu: None,
            address_kind: None,
            identifier: Identifier::of_opaque(0),
            payload: Payload::new(&[]),
        })
    }

    fn order(events: Vec<Held>) -> Vec<(i64, bool)> {
        let mut hold = Hold::new(20_000);
        let mut out = Vec::new();
        let mut note = |e: Held, late| out.push((e.time_us(), late));
        for event in events {
            if hold.is_late(event.time_us()) {
                note(event, true);
            } else {
                hold.push(event);
            }
            while let Some(e) = hold.due() {
                note(e.clone(), false);
                hold.release();
            }
        }
        while let Some(e) = hold.pop() {
            note(e, false);
        }
        out
    }

    #[test]
    fn within_the_hold_time_decides() {
        let got = order(vec![
            heard(1000, 0),
            heard(900, 1),
            heard(950, 0),
            heard(30_000, 0),
        ]);
        assert_eq!(
            got,
            [(900, false), (950, false), (1000, false), (30_000, false)]
        );
    }

    #[test]
    fn behind_the_hold_it_is_late_and_taken_where_it_stands() {
        let got = order(vec![
            heard(1000, 0),
            heard(50_000, 0),
            heard(500, 1),
            heard(60_000, 0),
        ]);
        assert_eq!(
            got,
            [(1000, false), (500, true), (50_000, false), (60_000, false)]
        );
    }

    #[test]
    fn same_time_goes_by_sensor() {
        let got = {
            let mut hold = Hold::new(20_000);
            hold.push(heard(5, 2));
            hold.push(heard(5, 1));
            (hold.pop(), hold.pop())
        };
        assert_eq!(got, (Some(heard(5, 1)), Some(heard(5, 2))));
    }
}
