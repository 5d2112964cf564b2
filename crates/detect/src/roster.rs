//! The emitters alive, found by identifier, in order of when they were last heard.
//!
//! Memory is bounded by the emitters alive: one that was silent for `forget_s` of listening leaves, and above
//! the limit those silent longest leave first. Slots live in blocks, so growth never copies what is there.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::emitter::Emitter;
use crate::outcome::EmitterId;
use crate::sighting::Identifier;

const BLOCK: usize = 4096;
const NONE: u32 = u32::MAX;

/// Index of a living emitter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot(u32);

struct Cell {
    older: u32,
    newer: u32,
    emitter: Emitter,
}

/// How recently an emitter was heard, as far as the roster has looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recency {
    /// Within the window in which neighbours are counted.
    Present,
    /// Silent for longer than that.
    Silent,
    /// Silent for so long that what the analyzers keep of its contact was dropped.
    Dormant,
}

/// All living emitters. The list runs from the longest silent (`oldest`) to the last heard (`newest`);
/// two marks divide it: behind `present` all are counted as present, behind `waking` none is dormant.
pub struct Roster {
    blocks: Vec<Box<[Option<Cell>]>>,
    free: Vec<u32>,
    filled: u32,
    by_identifier: HashMap<Identifier, u32, FixedState>,
    oldest: u32,
    newest: u32,
    present: u32,
    waking: u32,
    present_count: usize,
}

impl std::fmt::Debug for Roster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Roster")
            .field("alive", &self.len())
            .finish_non_exhaustive()
    }
}

impl Default for Roster {
    fn default() -> Self {
        Self {
            blocks: Vec::new(),
            free: Vec::new(),
            filled: 0,
            // A fixed seed keeps results byte-identical; nothing is iterated in hash order.
            by_identifier: HashMap::with_hasher(FixedState::with_seed(0x5649_4749_4521)),
            oldest: NONE,
            newest: NONE,
            present: NONE,
            waking: NONE,
            present_count: 0,
        }
    }
}

impl Roster {
    /// Emitters alive.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_identifier.len()
    }

    /// Emitters heard within the window, as of the last `age`.
    #[must_use]
    pub const fn present(&self) -> usize {
        self.present_count
    }

    /// Finds a living emitter.
    #[must_use]
    #[inline]
    pub fn find(&self, identifier: Identifier) -> Option<Slot> {
        self.by_identifier.get(&identifier).copied().map(Slot)
    }

    /// Finds a living emitter by its number: a walk through all, for the rare change of a verdict.
    #[must_use]
    pub fn by_number(&self, number: EmitterId) -> Option<Slot> {
        let mut at = self.newest;
        while let Some(cell) = self.cell(at) {
            if cell.emitter.number == number {
                return Some(Slot(at));
            }
            at = cell.older;
        }
        None
    }

    fn cell(&self, at: u32) -> Option<&Cell> {
        self.blocks
            .get(at as usize / BLOCK)?
            .get(at as usize % BLOCK)?
            .as_ref()
    }

    #[inline]
    fn cell_mut(&mut self, at: u32) -> Option<&mut Cell> {
        self.blocks
            .get_mut(at as usize / BLOCK)?
            .get_mut(at as usize % BLOCK)?
            .as_mut()
    }

    /// The emitter at a slot, if it still lives.
    #[inline]
    pub fn at(&mut self, slot: Slot) -> Option<&mut Emitter> {
        self.cell_mut(slot.0).map(|c| &mut c.emitter)
    }

    /// Takes in a new emitter, as the last heard.
    pub fn insert(&mut self, emitter: Emitter) -> Slot {
        let at = self.free.pop().unwrap_or_else(|| {
            let at = self.filled;
            self.filled += 1;
            if at as usize / BLOCK == self.blocks.len() {
                self.blocks.push((0..BLOCK).map(|_| None).collect());
            }
            at
        });
        self.by_identifier.insert(emitter.identifier, at);
        let cell = Cell {
            older: NONE,
            newer: NONE,
            emitter,
        };
        if let Some(place) = self
            .blocks
            .get_mut(at as usize / BLOCK)
            .and_then(|b| b.get_mut(at as usize % BLOCK))
        {
            *place = Some(cell);
        }
        self.append(at);
        self.present_count += 1;
        Slot(at)
    }

    /// Makes an emitter the last heard, and present; true when it had been silent.
    #[inline]
    pub fn touch(&mut self, slot: Slot) -> bool {
        let at = slot.0;
        let Some(cell) = self.cell_mut(at) else {
            return false;
        };
        let returned = cell.emitter.recency != Recency::Present;
        cell.emitter.recency = Recency::Present;
        self.present_count += usize::from(returned);
        if self.newest != at {
            self.unlink(at);
            self.append(at);
        }
        returned
    }

    #[inline]
    fn append(&mut self, at: u32) {
        let last = self.newest;
        if let Some(cell) = self.cell_mut(at) {
            cell.older = last;
            cell.newer = NONE;
        }
        match self.cell_mut(last) {
            Some(cell) => cell.newer = at,
            None => self.oldest = at,
        }
        self.newest = at;
        for mark in [&mut self.present, &mut self.waking] {
            if *mark == NONE {
                *mark = at;
            }
        }
    }

    #[inline]
    fn unlink(&mut self, at: u32) {
        let Some(cell) = self.cell_mut(at) else {
            return;
        };
        let (older, newer) = (cell.older, cell.newer);
        match self.cell_mut(older) {
            Some(cell) => cell.newer = newer,
            None => self.oldest = newer,
        }
        match self.cell_mut(newer) {
            Some(cell) => cell.older = older,
            None => self.newest = older,
        }
        for mark in [&mut self.present, &mut self.waking] {
            if *mark == at {
                *mark = newer;
            }
        }
    }

    /// The next emitter last heard before `window_start_us` that still counts as present: it no longer does.
    #[inline]
    pub fn next_silent(&mut self, window_start_us: i64) -> Option<Slot> {
        let at = self.present;
        let cell = self.cell_mut(at)?;
        if cell.emitter.last_us >= window_start_us {
            return None;
        }
        cell.emitter.recency = Recency::Silent;
        self.present = cell.newer;
        self.present_count -= 1;
        Some(Slot(at))
    }

    /// The next emitter last heard before `limit_us` that is not yet dormant: it now is.
    #[inline]
    pub fn next_dormant(&mut self, limit_us: i64) -> Option<Slot> {
        let at = self.waking;
        let cell = self.cell_mut(at)?;
        if cell.emitter.last_us >= limit_us || cell.emitter.recency == Recency::Present {
            return None;
        }
        cell.emitter.recency = Recency::Dormant;
        self.waking = cell.newer;
        Some(Slot(at))
    }

    /// The emitter silent longest.
    #[must_use]
    pub const fn longest_silent(&self) -> Option<Slot> {
        if self.oldest == NONE {
            None
        } else {
            Some(Slot(self.oldest))
        }
    }

    /// Lets an emitter leave.
    pub fn remove(&mut self, slot: Slot) -> Option<Emitter> {
        self.cell(slot.0)?;
        self.unlink(slot.0);
        let place = self
            .blocks
            .get_mut(slot.0 as usize / BLOCK)
            .and_then(|b| b.get_mut(slot.0 as usize % BLOCK))?;
        let cell = place.take()?;
        self.free.push(slot.0);
        self.by_identifier.remove(&cell.emitter.identifier);
        if cell.emitter.recency == Recency::Present {
            self.present_count -= 1;
        }
        Some(cell.emitter)
    }
}
