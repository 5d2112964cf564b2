//! Counts, over time without clones, from which the fitted constants are drawn.

use super::ambient::SPEEDS;
use super::occupancy::{CELLS, Occupancy};
use super::rate::{BANDS, band_of};

/// Counts by speed class.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Orphans by band.
    pub orphans: [[f64; BANDS]; SPEEDS],
    /// Chains by band.
    pub chains: [[f64; BANDS]; SPEEDS],
    /// Keys that came by, summed over the receivers.
    pub keys: [f64; SPEEDS],
    /// Windows in which an empty cell became occupied.
    pub arrivals: [[f64; CELLS]; SPEEDS],
    /// Keys that came by at a receiver while a cell of it was empty.
    pub keys_while_empty: [[f64; CELLS]; SPEEDS],
    /// Windows in which an occupied cell stayed occupied.
    pub stays: [[f64; CELLS]; SPEEDS],
    /// Windows after one in which a cell was occupied.
    pub occupied: [[f64; CELLS]; SPEEDS],
}

impl Tally {
    /// Adds another run's counts.
    pub fn add(&mut self, other: &Self) {
        add(&mut self.orphans, &other.orphans);
        add(&mut self.chains, &other.chains);
        for (a, b) in self.keys.iter_mut().zip(other.keys) {
            *a += b;
        }
        add(&mut self.arrivals, &other.arrivals);
        add(&mut self.keys_while_empty, &other.keys_while_empty);
        add(&mut self.stays, &other.stays);
        add(&mut self.occupied, &other.occupied);
    }

    pub(super) fn passes(&mut self, class: Option<usize>, keys: f64) {
        if let Some(sum) = class.and_then(|class| self.keys.get_mut(class)) {
            *sum += keys;
        }
    }

    pub(super) fn life(&mut self, class: Option<usize>, orphan: bool, level_dbm: f64) {
        let table = if orphan {
            &mut self.orphans
        } else {
            &mut self.chains
        };
        bump(table, class, band_of(level_dbm), 1.0);
    }

    pub(super) fn window(
        &mut self,
        class: Option<usize>,
        keys: f64,
        before: &Occupancy,
        after: &Occupancy,
    ) {
        for cell in 0..CELLS {
            let now = f64::from(u8::from(after.occupied(cell)));
            if before.occupied(cell) {
                bump(&mut self.occupied, class, cell, 1.0);
                bump(&mut self.stays, class, cell, now);
            } else {
                bump(&mut self.keys_while_empty, class, cell, keys);
                bump(&mut self.arrivals, class, cell, now);
            }
        }
    }
}

fn add<const N: usize>(sums: &mut [[f64; N]; SPEEDS], others: &[[f64; N]; SPEEDS]) {
    for (a, b) in sums.iter_mut().flatten().zip(others.iter().flatten()) {
        *a += b;
    }
}

fn bump<const N: usize>(table: &mut [[f64; N]; SPEEDS], class: Option<usize>, at: usize, by: f64) {
    if let Some(place) = class
        .and_then(|class| table.get_mut(class))
        .and_then(|row| row.get_mut(at))
    {
        *place += by;
    }
}
