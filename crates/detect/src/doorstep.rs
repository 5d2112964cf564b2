//! Who knocks while a sensor is flooded: an identifier that is new there waits until it is heard a second time.
//!
//! Made-up addresses come once and never get in, so a flood neither fills the memory nor makes the surroundings
//! look as if they changed. A tag that is switched on in the flood waits for its second frame. Memory: the latest
//! [`WAITING`] identifiers; at 10,000 new ones a second that is 26 s, more than any tag's interval.

use std::collections::{HashSet, VecDeque};

use foldhash::fast::FixedState;

use crate::sighting::Identifier;

/// Identifiers that wait.
const WAITING: usize = 1 << 18;

/// Identifiers heard once from a flooded sensor, in order.
#[derive(Debug, Default)]
pub struct Doorstep {
    order: VecDeque<Identifier>,
    waiting: HashSet<Identifier, FixedState>,
}

impl Doorstep {
    /// Whether it was waiting already, and may come in; else it waits from now on.
    pub fn knocks(&mut self, identifier: Identifier) -> bool {
        if self.waiting.remove(&identifier) {
            return true;
        }
        if self.order.len() >= WAITING
            && let Some(first) = self.order.pop_front()
        {
            self.waiting.remove(&first);
        }
        self.order.push_back(identifier);
        self.waiting.insert(identifier);
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_time_it_may_come_in_and_memory_is_bounded() {
        let mut doorstep = Doorstep::default();
        let tag = Identifier::of_opaque(u32::MAX);
        assert!(!doorstep.knocks(tag));
        for i in 0..WAITING as u32 / 2 {
            assert!(!doorstep.knocks(Identifier::of_opaque(i)));
        }
        assert!(doorstep.knocks(tag));
        for i in 0..2 * WAITING as u32 {
            doorstep.knocks(Identifier::of_opaque(i));
        }
        assert!(doorstep.order.len() <= WAITING && doorstep.waiting.len() <= WAITING);
    }
}
