//! When a sensor heard an emitter, and how loudly: the course of a contact, for people who look at it later. Nothing is judged by it.

use crate::cotravel::SlotHeard;

/// Entries kept of one emitter at one sensor; when they are full, each covers twice the time.
const ENTRIES: usize = 128;

/// What was heard in some slots.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Entry {
    /// First slot.
    pub slot: i64,
    /// Frames.
    pub count: u32,
    /// The loudest mean level of a slot, dBm; NaN where none is known.
    pub level_dbm: f32,
}

/// The course of a contact at one sensor, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Course {
    /// Slots that an entry covers.
    width: i64,
    entries: Vec<Entry>,
}

impl Course {
    /// A course with nothing in it.
    pub fn new() -> Self {
        Self {
            width: 1,
            entries: Vec::new(),
        }
    }

    /// Notes a slot that was closed. Slots come in order.
    pub fn note(&mut self, slot: i64, heard: SlotHeard) {
        let entry = Entry {
            slot,
            count: heard.count,
            level_dbm: heard.level_dbm.map_or(f32::NAN, |level| level as f32),
        };
        self.add(entry);
        while self.entries.len() > ENTRIES {
            self.widen();
        }
    }

    /// Slots that an entry covers.
    pub const fn width(&self) -> i64 {
        self.width
    }

    /// What was heard, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Makes each entry cover twice the time.
    pub fn widen(&mut self) {
        self.width *= 2;
        let before = std::mem::take(&mut self.entries);
        for entry in before {
            self.add(entry);
        }
    }

    fn add(&mut self, entry: Entry) {
        let slot = entry.slot.div_euclid(self.width) * self.width;
        match self.entries.last_mut() {
            Some(last) if last.slot == slot => {
                last.count = last.count.saturating_add(entry.count);
                // The maximum passes over what is not a number.
                last.level_dbm = last.level_dbm.max(entry.level_dbm);
            }
            _ => self.entries.push(Entry { slot, ..entry }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(count: u32, level_dbm: Option<f64>) -> SlotHeard {
        SlotHeard { count, level_dbm }
    }

    #[test]
    fn a_long_contact_stays_bounded_and_loses_no_frame() {
        let mut course = Course::new();
        for slot in 1_000..9_640 {
            course.note(slot, heard(3, Some(-70.0 - (slot % 7) as f64)));
        }
        assert!(course.entries().len() <= ENTRIES);
        let frames: u32 = course.entries().iter().map(|e| e.count).sum();
        assert_eq!(frames, 3 * 8_640);
        assert_eq!(course.width(), 128);
        assert!(course.entries().iter().all(|e| e.level_dbm == -70.0));
        assert!(course.entries().is_sorted_by_key(|e| e.slot));
    }

    #[test]
    fn what_has_no_level_says_so() {
        let mut course = Course::new();
        course.note(5, heard(2, None));
        assert!(course.entries()[0].level_dbm.is_nan());
        course.note(6, heard(1, Some(-60.0)));
        course.widen();
        assert_eq!(course.entries().len(), 2);
        course.widen();
        assert_eq!(course.entries().len(), 1);
        assert_eq!(course.entries()[0].level_dbm, -60.0);
    }
}
