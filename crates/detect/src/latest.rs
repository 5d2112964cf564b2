//! What one sensor heard of one emitter in the last slots of contact, for the attribution to vehicles.

use crate::cotravel::SlotHeard;

/// Slots remembered of a sensor: as many as a window of [`crate::attribution`] may hold.
const SLOTS: usize = 6;

/// The last slots in which a sensor heard an emitter, the oldest overwritten first.
#[derive(Debug, Clone, Default)]
pub struct Latest {
    slots: [Option<(i64, SlotHeard)>; SLOTS],
    next: usize,
}

impl Latest {
    /// Notes a slot that was closed.
    pub fn note(&mut self, slot: i64, heard: SlotHeard) {
        if let Some(place) = self.slots.get_mut(self.next) {
            *place = Some((slot, heard));
        }
        self.next = (self.next + 1) % SLOTS;
    }

    /// The slots, in no particular order.
    pub fn slots(&self) -> impl Iterator<Item = (i64, SlotHeard)> + '_ {
        self.slots.iter().flatten().copied()
    }
}
