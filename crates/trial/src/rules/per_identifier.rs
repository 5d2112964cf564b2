//! State per identifier, and the memory of which ones have been alerted on.

/// One `S` per identifier, made at its first sighting; `None` once it has been alerted on.
pub(super) struct PerIdentifier<S> {
    slots: Vec<Slot<S>>,
}

enum Slot<S> {
    Unheard,
    Judged(S),
    Alerted,
}

impl<S> Default for PerIdentifier<S> {
    fn default() -> Self {
        Self { slots: Vec::new() }
    }
}

impl<S> PerIdentifier<S> {
    /// Judges one sighting: `judge` sees the state (made by `first` when there is none) and says
    /// whether to alert. An identifier that has been alerted on is not judged again.
    pub fn judge(
        &mut self,
        identifier: u32,
        first: impl FnOnce() -> S,
        judge: impl FnOnce(&mut S) -> bool,
    ) -> bool {
        let index = identifier as usize;
        if index >= self.slots.len() {
            self.slots.resize_with(index + 1, || Slot::Unheard);
        }
        let Some(slot) = self.slots.get_mut(index) else {
            return false;
        };
        if matches!(slot, Slot::Unheard) {
            *slot = Slot::Judged(first());
        }
        let alert = match slot {
            Slot::Judged(state) => judge(state),
            Slot::Unheard | Slot::Alerted => false,
        };
        if alert {
            *slot = Slot::Alerted;
        }
        alert
    }
}
