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

/// The list's part of an emitter, apart from the rest: every sighting moves three of them.
#[derive(Debug, Clone, Copy)]
struct Link {
    older: u32,
    newer: u32,
    last_us: i64,
    recency: Recency,
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
    blocks: Vec<Box<[Option<Emitter>]>>,
    links: Vec<Link>,
    free: Vec<u32>,
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
            links: Vec::new(),
            free: Vec::new(),
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
        while let Some(link) = self.links.get(at as usize) {
            let emitter = self
                .blocks
                .get(at as usize / BLOCK)?
                .get(at as usize % BLOCK)?;
            if emitter.as_ref().is_some_and(|e| e.number == number) {
                return Some(Slot(at));
            }
            at = link.older;
        }
        None
    }

    /// Emitters that are not dormant, the last heard first.
    pub fn awake(&self) -> impl Iterator<Item = &Emitter> {
        self.recent().map(|(_, e)| e)
    }

    /// The same with their slots.
    pub fn recent(&self) -> impl Iterator<Item = (Slot, &Emitter)> {
        let mut at = self.newest;
        std::iter::from_fn(move || {
            let here = at as usize;
            let link = self.links.get(here)?;
            at = link.older;
            let emitter = self.blocks.get(here / BLOCK)?.get(here % BLOCK)?.as_ref();
            let awake = emitter.filter(|_| link.recency != Recency::Dormant)?;
            Some((Slot(here as u32), awake))
        })
    }

    #[inline]
    fn place(&mut self, at: u32) -> Option<&mut Option<Emitter>> {
        self.blocks
            .get_mut(at as usize / BLOCK)?
            .get_mut(at as usize % BLOCK)
    }

    #[inline]
    fn link(&mut self, at: u32) -> Option<&mut Link> {
        self.links.get_mut(at as usize)
    }

    /// The emitter at a slot, if it still lives.
    #[inline]
    pub fn at(&mut self, slot: Slot) -> Option<&mut Emitter> {
        self.place(slot.0)?.as_mut()
    }

    /// The same, to look at only.
    #[must_use]
    pub fn look_at(&self, slot: Slot) -> Option<&Emitter> {
        let at = slot.0 as usize;
        self.blocks.get(at / BLOCK)?.get(at % BLOCK)?.as_ref()
    }

    /// How recently an emitter was heard.
    #[must_use]
    pub fn recency(&self, slot: Slot) -> Recency {
        self.links
            .get(slot.0 as usize)
            .map_or(Recency::Dormant, |link| link.recency)
    }

    /// Takes in a new emitter, as the last heard.
    pub fn insert(&mut self, emitter: Emitter, now_us: i64) -> Slot {
        let link = Link {
            older: NONE,
            newer: NONE,
            last_us: now_us,
            recency: Recency::Present,
        };
        let at = match self.free.pop() {
            Some(at) => at,
            None => {
                let at = self.links.len() as u32;
                self.links.push(link);
                if at as usize / BLOCK == self.blocks.len() {
                    self.blocks.push((0..BLOCK).map(|_| None).collect());
                }
                at
            }
        };
        self.by_identifier.insert(emitter.identifier, at);
        if let Some(old) = self.link(at) {
            *old = link;
        }
        if let Some(place) = self.place(at) {
            *place = Some(emitter);
        }
        self.append(at);
        self.present_count += 1;
        Slot(at)
    }

    /// Makes an emitter the last heard, and present; true when it had been silent.
    #[inline]
    pub fn touch(&mut self, slot: Slot, now_us: i64) -> bool {
        let at = slot.0;
        let Some(link) = self.link(at) else {
            return false;
        };
        let returned = link.recency != Recency::Present;
        link.recency = Recency::Present;
        link.last_us = now_us;
        self.present_count += usize::from(returned);
        // Also where it is the newest already: it may have fallen silent as the last of all, behind both marks.
        if self.newest != at || returned {
            self.unlink(at);
            self.append(at);
        }
        returned
    }

    #[inline]
    fn append(&mut self, at: u32) {
        let last = self.newest;
        if let Some(link) = self.link(at) {
            link.older = last;
            link.newer = NONE;
        }
        match self.link(last) {
            Some(link) => link.newer = at,
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
        let Some(&mut Link { older, newer, .. }) = self.link(at) else {
            return;
        };
        match self.link(older) {
            Some(link) => link.newer = newer,
            None => self.oldest = newer,
        }
        match self.link(newer) {
            Some(link) => link.older = older,
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
        let link = self.link(at)?;
        if link.last_us >= window_start_us {
            return None;
        }
        link.recency = Recency::Silent;
        self.present = link.newer;
        self.present_count -= 1;
        Some(Slot(at))
    }

    /// The next emitter last heard before `limit_us` that is not yet dormant: it now is.
    #[inline]
    pub fn next_dormant(&mut self, limit_us: i64) -> Option<Slot> {
        let at = self.waking;
        let link = self.link(at)?;
        if link.last_us >= limit_us || link.recency == Recency::Present {
            return None;
        }
        link.recency = Recency::Dormant;
        self.waking = link.newer;
        Some(Slot(at))
    }

    /// The emitter silent longest, if it was last heard before `limit_us`, or in `any` case.
    #[must_use]
    #[inline]
    pub fn longest_silent(&self, limit_us: i64, any: bool) -> Option<Slot> {
        let link = self.links.get(self.oldest as usize)?;
        (any || link.last_us < limit_us).then_some(Slot(self.oldest))
    }

    /// Lets an emitter leave.
    pub fn remove(&mut self, slot: Slot) -> Option<Emitter> {
        let emitter = self.place(slot.0)?.take()?;
        self.present_count -= usize::from(self.recency(slot) == Recency::Present);
        self.unlink(slot.0);
        self.free.push(slot.0);
        self.by_identifier.remove(&emitter.identifier);
        Some(emitter)
    }
}
