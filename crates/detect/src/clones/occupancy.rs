//! Analyzer `occupancy@1` (T1 of `detection.md` section 3): a band of levels at one receiver stays occupied by
//! tag-class frames whose keys are all young, while ambient emitters come and go.
//!
//! Only keys younger than `young_s` occupy a cell, so that a tag with a lasting key, ours, theirs or a parked
//! neighbour's, does not: those are for `co-travel`. Known false positives: many tags around a slow vehicle.

use super::constants::OccupancyConstants;

/// Name and version, as results carry it.
pub const ANALYZER: &str = "occupancy@1";

/// Cells of one receiver: centres from -92 to -56 dBm in steps of 3.
pub const CELLS: usize = 13;
const FIRST_CENTRE_DBM: f64 = -92.0;
const STEP_DB: f64 = 3.0;
/// Half the width of a cell, dB: neighbours overlap.
const HALF_DB: f64 = 4.0;
/// Shares of windows that a source occupies, one hypothesis each.
pub const SHARES: [f64; 3] = [0.5, 0.8, 0.97];

/// Centre of a cell, dBm.
#[must_use]
pub fn centre_dbm(cell: usize) -> f64 {
    FIRST_CENTRE_DBM + STEP_DB * cell as f64
}

/// How an empty and an occupied cell go on without a source: the chance of being occupied in the next window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Habit {
    /// After an empty window.
    pub arrives: f64,
    /// After an occupied one.
    pub stays: f64,
}

/// One cell.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Cell {
    /// One statistic for each of [`SHARES`], nats.
    nats: [f64; 3],
    occupied: bool,
    now: bool,
    new_keys: u32,
    /// Keys that occupied it since the statistic was last 0.
    pub keys: u32,
    /// When the run began, µs.
    pub since_us: i64,
}

impl Cell {
    /// The highest statistic, nats.
    #[must_use]
    pub fn nats(&self) -> f64 {
        self.nats.iter().copied().fold(0.0, f64::max)
    }
}

/// The cells of one receiver.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Occupancy {
    cells: [Cell; CELLS],
    started: bool,
}

impl Occupancy {
    /// Notes an event in the open window; `is_new` for the first of its key.
    pub fn hear(&mut self, level_dbm: f64, is_new: bool) {
        for (i, cell) in self.cells.iter_mut().enumerate() {
            if (level_dbm - centre_dbm(i)).abs() <= HALF_DB {
                cell.now = true;
                cell.new_keys += u32::from(is_new);
            }
        }
    }

    /// Occupies one cell alone.
    #[cfg(test)]
    pub(super) fn occupy(&mut self, cell: usize) {
        self.cells[cell].now = true;
    }

    /// Ends the window that began at `from_us`; `habit` tells each cell's habit.
    pub fn close(
        &mut self,
        constants: &OccupancyConstants,
        from_us: i64,
        mut habit: impl FnMut(usize) -> Habit,
    ) {
        for (i, cell) in self.cells.iter_mut().enumerate() {
            let (before, now) = (cell.occupied, cell.now);
            if self.started {
                let habit = habit(i);
                let occupied = if before { habit.stays } else { habit.arrives };
                let ambient = if now { occupied } else { 1.0 - occupied }.ln();
                if (from_us - cell.since_us) as f64 / 1e6 > constants.longest_s {
                    cell.nats = [0.0; 3];
                }
                let was = cell.nats();
                for (nats, share) in cell.nats.iter_mut().zip(SHARES) {
                    let source = if now { share } else { 1.0 - share }.ln();
                    let step = (source - ambient).clamp(-constants.loss_cap, constants.gain_cap);
                    *nats = (*nats + step).max(0.0);
                }
                if was <= 0.0 {
                    cell.keys = 0;
                    cell.since_us = from_us;
                }
            } else {
                cell.since_us = from_us;
            }
            cell.keys += cell.new_keys;
            cell.occupied = now;
            cell.now = false;
            cell.new_keys = 0;
        }
        self.started = true;
    }

    /// Whether a cell was occupied in the last window.
    #[must_use]
    pub fn occupied(&self, cell: usize) -> bool {
        self.cells.get(cell).is_some_and(|c| c.occupied)
    }

    /// The highest statistic as of `now_us` among the cells from a centre of `quietest_dbm` on whose keys change: at
    /// least `keys` of them, none for longer than `key_s` on average.
    #[must_use]
    pub fn best(
        &self,
        keys: u32,
        key_s: f64,
        quietest_dbm: f64,
        now_us: i64,
    ) -> Option<(usize, Cell)> {
        let mut best: Option<(usize, Cell)> = None;
        for (i, cell) in self.cells.iter().enumerate() {
            let lasted_s = (now_us - cell.since_us) as f64 / 1e6;
            let changing = cell.keys >= keys && f64::from(cell.keys) * key_s >= lasted_s;
            let enough = changing && cell.nats() > 0.0 && centre_dbm(i) >= quietest_dbm;
            if enough && best.is_none_or(|(_, b)| cell.nats() > b.nats()) {
                best = Some((i, *cell));
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_stays_occupied_by_new_keys_adds_up() {
        let constants = OccupancyConstants::default();
        let mut occupancy = Occupancy::default();
        let habit = |_| Habit {
            arrives: 0.02,
            stays: 0.3,
        };
        for window in 0..6_i64 {
            occupancy.hear(-75.0, true);
            occupancy.close(&constants, window * 10_000_000, habit);
        }
        let (cell, found) = occupancy.best(3, 60.0, -99.0, 60_000_000).unwrap();
        assert!((centre_dbm(cell) - -75.0).abs() <= HALF_DB);
        // The first step after the first window, already occupied: ln(0.97 / 0.3), five times.
        assert!((found.nats() - 5.0 * (0.97_f64 / 0.3).ln()).abs() < 1e-9);
        // The first window's key is behind a statistic of 0.
        assert_eq!(found.keys, 5);
        assert!(occupancy.best(6, 60.0, -99.0, 0).is_none());
        for window in 6..12_i64 {
            occupancy.close(&constants, window * 10_000_000, habit);
        }
        assert_eq!(occupancy.best(0, 1e9, -99.0, 0), None);
    }
}
