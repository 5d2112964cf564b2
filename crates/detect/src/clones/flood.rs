//! Sensors that are flooded, as far as it concerns the clone tests: a flood is made of the very orphans that
//! `loud-orphans` looks for, so new keys at such a sensor are left out, those of the moments before it was noticed
//! included; the other sensors go on.

use super::constants::FloodConstants;
use super::lives::seconds;

/// When each sensor was flooded: from and to, µs. The span before the last is kept for keys still undecided.
#[derive(Debug, Default)]
pub struct Floods {
    sensors: Vec<[(i64, i64); 2]>,
}

impl Floods {
    /// A sensor is flooded now.
    pub fn flooded(&mut self, constants: &FloodConstants, sensor: u16, now_us: i64) {
        let at = usize::from(sensor);
        if at >= self.sensors.len() {
            self.sensors.resize(at + 1, [(0, 0); 2]);
        }
        let Some(spans) = self.sensors.get_mut(at) else {
            return;
        };
        let until_us = now_us + seconds(constants.after_s);
        let [last, _] = *spans;
        *spans = if now_us < last.1 {
            [(last.0, until_us), spans[1]]
        } else {
            [(now_us - seconds(constants.before_s), until_us), last]
        };
    }

    /// Whether any sensor ever was.
    #[must_use]
    pub fn any(&self) -> bool {
        !self.sensors.is_empty()
    }

    /// Whether what a sensor heard for the first time at `at_us` belongs to a flood.
    #[must_use]
    pub fn covers(&self, sensor: u16, at_us: i64) -> bool {
        self.sensors
            .get(usize::from(sensor))
            .is_some_and(|spans| spans.iter().any(|(from, to)| (*from..*to).contains(&at_us)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_just_before_a_flood_was_noticed_belongs_to_it() {
        const S: i64 = 1_000_000;
        let c = FloodConstants::default();
        let mut floods = Floods::default();
        assert!(!floods.any());
        for i in 0..30_i64 {
            floods.flooded(&c, 2, (100 + i) * S);
        }
        assert!(floods.any());
        assert!(floods.covers(2, 100 * S - seconds(c.before_s)));
        assert!(!floods.covers(2, 99 * S - seconds(c.before_s)));
        assert!(floods.covers(2, 129 * S));
        assert!(!floods.covers(2, 140 * S));
        assert!(!floods.covers(1, 110 * S));
        floods.flooded(&c, 2, 300 * S);
        assert!(floods.covers(2, 110 * S) && floods.covers(2, 300 * S));
    }
}
