//! What goes on around us without a clone: how many tag-class keys come by, and how fast we move.
//!
//! Ambient orphans, chains and arrivals are in proportion to the keys that live on, at a ratio that depends on
//! our speed: a passer on foot is heard often, oncoming traffic once. So their rate is learned on the spot from
//! keys heard at least twice, which a clone with a key per frame does not make, times a fitted ratio. A clone
//! that keeps each key for half a minute makes 120 of them an hour, and so raises the bar by little.

use super::constants::AmbientConstants;
use super::lives::seconds;

/// Classes of speed.
pub const SPEEDS: usize = 5;

/// Keys that come by and our speed.
#[derive(Debug, Default)]
pub struct Ambient {
    /// Keys heard twice, fading with time, and as of when.
    keys: f64,
    as_of_us: Option<i64>,
    started_us: Option<i64>,
    speed_m_s: Option<f64>,
    speed_us: i64,
}

impl Ambient {
    /// Our speed, from a position.
    pub fn moves(&mut self, constants: &AmbientConstants, speed_m_s: f64, now_us: i64) {
        let passed_s = (now_us - self.speed_us) as f64 / 1e6;
        self.speed_us = now_us;
        self.speed_m_s = Some(match self.speed_m_s {
            Some(before) if (0.0..constants.speed_stale_s).contains(&passed_s) => {
                let keep = (-passed_s / constants.speed_memory_s).exp();
                before * keep + speed_m_s * (1.0 - keep)
            }
            _ => speed_m_s,
        });
    }

    /// A key was heard for the second time.
    pub fn lives_on(&mut self, constants: &AmbientConstants, now_us: i64) {
        self.fade(constants, now_us);
        self.keys += 1.0;
    }

    /// Something was heard: time counts from here.
    pub fn listens(&mut self, now_us: i64) {
        self.started_us.get_or_insert(now_us);
        self.as_of_us.get_or_insert(now_us);
    }

    fn fade(&mut self, constants: &AmbientConstants, now_us: i64) {
        let last_us = *self.as_of_us.get_or_insert(now_us);
        if now_us > last_us {
            let passed_s = (now_us - last_us) as f64 / 1e6;
            self.keys *= (-passed_s / constants.memory_s).exp();
            self.as_of_us = Some(now_us);
        }
    }

    /// Keys that come by, a second, at all receivers together.
    #[must_use]
    pub fn keys_per_s(&self, constants: &AmbientConstants, now_us: i64) -> f64 {
        let passed = |since: Option<i64>| since.map_or(0.0, |t| (now_us - t).max(0) as f64 / 1e6);
        let keys = self.keys * (-passed(self.as_of_us) / constants.memory_s).exp();
        let memory_s =
            constants.memory_s * (1.0 - (-passed(self.started_us) / constants.memory_s).exp());
        (keys + constants.prior_keys) / (memory_s + constants.prior_s)
    }

    /// Class of our speed; `None` where it is not known.
    #[must_use]
    pub fn speed_class(&self, constants: &AmbientConstants, now_us: i64) -> Option<usize> {
        let speed = self.speed_m_s?;
        let known = now_us - self.speed_us <= seconds(constants.speed_stale_s);
        known.then(|| {
            let edges = constants.speed_edges_m_s.iter();
            edges.filter(|edge| speed >= **edge).count()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_follows_the_keys_and_begins_low() {
        let c = AmbientConstants::default();
        let mut ambient = Ambient::default();
        ambient.listens(0);
        let at_first = ambient.keys_per_s(&c, 0);
        assert!((at_first - c.prior_keys / c.prior_s).abs() < 1e-12);
        for i in 0..3600_i64 {
            ambient.lives_on(&c, i * 500_000);
        }
        let crowded = ambient.keys_per_s(&c, 1_800_000_000);
        assert!(
            (crowded - 1.0).abs() < 0.1 + c.prior_s / c.memory_s,
            "{crowded}"
        );
        assert!(ambient.keys_per_s(&c, 4_000_000_000) < 0.01);
    }

    #[test]
    fn speeds_have_classes_and_grow_stale() {
        let c = AmbientConstants::default();
        let mut ambient = Ambient::default();
        assert_eq!(ambient.speed_class(&c, 0), None);
        ambient.moves(&c, 30.0, 0);
        assert_eq!(ambient.speed_class(&c, 1_000_000), Some(SPEEDS - 1));
        for i in 1..60_i64 {
            ambient.moves(&c, 0.0, i * 1_000_000);
        }
        assert_eq!(ambient.speed_class(&c, 60_000_000), Some(0));
        assert_eq!(ambient.speed_class(&c, 600_000_000), None);
    }
}
