//! In which kind of surroundings we drive, told from our speed and from how many trackers appear: each has its
//! own tail of false alarms (`detection.md` 1.3 and 1.4).
//!
//! Where it is not sure, several are plausible, and whoever asks takes the most demanding of them. One that was
//! plausible stays so for a while, so that a threshold falls late and rises at once. Without positions all four
//! are plausible.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::cotravel::{SLOT_US, SlotMotion};

/// Kinds of surroundings (`detection.md` 1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Country road: some 72 km/h, few vehicles, hardly anybody beside the road.
    Rural,
    /// Some 108 km/h among vehicles that keep pace for minutes.
    Motorway,
    /// Some 43 km/h, with lights.
    City,
    /// Walking pace through a crowd.
    Crowd,
}

impl Environment {
    /// All, in the order of the bits of [`Plausible`].
    pub const ALL: [Self; 4] = [Self::Rural, Self::Motorway, Self::City, Self::Crowd];

    /// `rural`, `motorway`, `city`, `crowd`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rural => "rural",
            Self::Motorway => "motorway",
            Self::City => "city",
            Self::Crowd => "crowd",
        }
    }

    /// A city or a crowd: strangers come and go by the hundred.
    #[must_use]
    pub const fn is_town(self) -> bool {
        matches!(self, Self::City | Self::Crowd)
    }
}

/// Constants of the estimate. The speeds and rates are the middle ground between the four environments of
/// `detection.md` 1.4, each varied as its simulator varies them; where neighbours overlap both are plausible.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EnvironmentConstants {
    /// Our mean speed while moving is taken over this time, seconds.
    pub speed_over_s: f64,
    /// Trackers that appear are counted over this time, seconds.
    pub rate_over_s: f64,
    /// Their rate is not used before so much listening, seconds: at the start everything is new.
    pub rate_from_s: f64,
    /// Speeds at which each environment is plausible, metres a second, from and to.
    pub speed_m_s: ByEnvironment<[f64; 2]>,
    /// Trackers that appear in an hour of listening, from and to, at which each environment is plausible.
    pub trackers_per_h: ByEnvironment<[f64; 2]>,
    /// How long an environment stays plausible, seconds.
    pub remembered_s: f64,
}

/// One value for each environment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByEnvironment<T> {
    /// On a country road.
    pub rural: T,
    /// On a motorway.
    pub motorway: T,
    /// In a city.
    pub city: T,
    /// In a crowd.
    pub crowd: T,
}

impl<T> ByEnvironment<T> {
    /// That of an environment.
    #[must_use]
    pub const fn of(&self, environment: Environment) -> &T {
        match environment {
            Environment::Rural => &self.rural,
            Environment::Motorway => &self.motorway,
            Environment::City => &self.city,
            Environment::Crowd => &self.crowd,
        }
    }
}

/// Larger than any speed or rate; TOML has no better word that every reader takes.
const ANY: f64 = 1e9;

impl Default for EnvironmentConstants {
    fn default() -> Self {
        Self {
            speed_over_s: 180.0,
            rate_over_s: 600.0,
            rate_from_s: 300.0,
            speed_m_s: ByEnvironment {
                rural: [14.5, 25.0],
                motorway: [23.5, ANY],
                city: [4.5, 16.5],
                crowd: [0.0, 6.0],
            },
            trackers_per_h: ByEnvironment {
                rural: [0.0, 130.0],
                motorway: [0.0, 90.0],
                city: [80.0, 900.0],
                crowd: [500.0, ANY],
            },
            remembered_s: 60.0,
        }
    }
}

/// Which environments are plausible; never none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plausible(u8);

impl Plausible {
    /// Nothing is known.
    pub const ALL: Self = Self(0b1111);

    /// Just this one.
    #[must_use]
    pub const fn only(environment: Environment) -> Self {
        Self(1 << environment as u8)
    }

    /// Whether this one is.
    #[must_use]
    pub const fn holds(self, environment: Environment) -> bool {
        self.0 & (1 << environment as u8) != 0
    }

    /// A crowd may be around us, and neither a country road nor a motorway is.
    #[must_use]
    pub const fn crowd_likely(self) -> bool {
        self.holds(Environment::Crowd)
            && !self.holds(Environment::Rural)
            && !self.holds(Environment::Motorway)
    }

    /// Those that are.
    pub fn each(self) -> impl Iterator<Item = Environment> {
        Environment::ALL
            .into_iter()
            .filter(move |environment| self.holds(*environment))
    }

    /// All that either holds.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The estimate, moved on slot by slot. Memory: the slots of the longest time that it looks back.
#[derive(Debug)]
pub struct Surveyor {
    constants: EnvironmentConstants,
    /// Speed and share of motion, latest last.
    motions: VecDeque<(f64, f64)>,
    /// Trackers that appeared, slot by slot, latest last.
    appeared: VecDeque<u32>,
    now_appeared: u32,
    listened_slots: u64,
    /// Slot up to which each environment stays plausible.
    until: [i64; 4],
    plausible: Plausible,
}

impl Surveyor {
    /// Nothing known yet.
    #[must_use]
    pub fn new(constants: EnvironmentConstants) -> Self {
        Self {
            constants,
            motions: VecDeque::new(),
            appeared: VecDeque::new(),
            now_appeared: 0,
            listened_slots: 0,
            until: [i64::MIN; 4],
            plausible: Plausible::ALL,
        }
    }

    /// A tracker was heard that was not known before.
    pub const fn tracker_appeared(&mut self) {
        self.now_appeared = self.now_appeared.saturating_add(1);
    }

    /// A slot of listening is over; `motion` is how we moved in it, where positions tell.
    pub fn slot(&mut self, slot: i64, motion: Option<SlotMotion>) {
        self.listened_slots += 1;
        let appeared = std::mem::take(&mut self.now_appeared);
        remember(
            &mut self.appeared,
            appeared,
            slots(self.constants.rate_over_s),
        );
        let Some(motion) = motion else {
            // Positions may come back: until then what was last seen is no guide.
            self.motions.clear();
            self.plausible = Plausible::ALL;
            return;
        };
        remember(
            &mut self.motions,
            (motion.speed_m_s, motion.moving),
            slots(self.constants.speed_over_s),
        );
        let Some(speed) = self.speed_m_s() else {
            self.plausible = Plausible::ALL;
            return;
        };
        let mut now = self.within(speed, &self.constants.speed_m_s);
        if let Some(rate) = self.trackers_per_h() {
            let by_rate = self.within(rate, &self.constants.trackers_per_h);
            let both = now.0 & by_rate.0;
            now = if both != 0 {
                Plausible(both)
            } else {
                now.or(by_rate)
            };
        }
        let last = slot.saturating_add(slots(self.constants.remembered_s) as i64);
        let mut plausible = now;
        for (environment, until) in Environment::ALL.into_iter().zip(&mut self.until) {
            if now.holds(environment) {
                *until = last;
            } else if *until > slot {
                plausible = plausible.or(Plausible::only(environment));
            }
        }
        self.plausible = if plausible.0 == 0 {
            Plausible::ALL
        } else {
            plausible
        };
    }

    /// What is plausible now.
    #[must_use]
    pub const fn plausible(&self) -> Plausible {
        self.plausible
    }

    /// Our mean speed while we moved, metres a second; `None` while we did not.
    #[must_use]
    pub fn speed_m_s(&self) -> Option<f64> {
        let (way, moving) = self
            .motions
            .iter()
            .fold((0.0, 0.0), |(way, moving), (speed, share)| {
                (way + speed, moving + share)
            });
        (moving >= 0.5).then(|| way / moving)
    }

    /// Trackers that appeared, per hour of listening; `None` before enough of it.
    #[must_use]
    pub fn trackers_per_h(&self) -> Option<f64> {
        if (self.listened_slots as usize) < slots(self.constants.rate_from_s) {
            return None;
        }
        // At the start everything is new: those slots have left the window or are left out.
        let first = usize::from(self.listened_slots as usize <= self.appeared.len());
        let counted = self.appeared.iter().skip(first);
        let hours = counted.len() as f64 * SLOT_US as f64 / 3.6e9;
        (hours > 0.0).then(|| counted.map(|n| f64::from(*n)).sum::<f64>() / hours)
    }

    fn within(&self, value: f64, bounds: &ByEnvironment<[f64; 2]>) -> Plausible {
        let inside = Environment::ALL.into_iter().filter(|e| {
            let [from, to] = *bounds.of(*e);
            (from..=to).contains(&value)
        });
        Plausible(inside.fold(0, |bits, e| bits | Plausible::only(e).0))
    }
}

/// Slots in so many seconds, one at least.
fn slots(seconds: f64) -> usize {
    ((seconds * 1e6 / SLOT_US as f64) as usize).max(1)
}

fn remember<T>(queue: &mut VecDeque<T>, value: T, most: usize) {
    queue.push_back(value);
    while queue.len() > most {
        queue.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn motion(speed_m_s: f64) -> Option<SlotMotion> {
        Some(SlotMotion {
            speed_m_s,
            moving: if speed_m_s > 0.5 { 1.0 } else { 0.0 },
            turns: 0,
        })
    }

    fn drive(surveyor: &mut Surveyor, from: i64, slots: i64, speed: f64, trackers: u32) {
        for slot in from..from + slots {
            for _ in 0..trackers {
                surveyor.tracker_appeared();
            }
            surveyor.slot(slot, motion(speed));
        }
    }

    #[test]
    fn speed_tells_at_once_and_nothing_without_positions() {
        for (speed, expected) in [
            (20.0, Environment::Rural),
            (30.0, Environment::Motorway),
            (12.0, Environment::City),
            (3.0, Environment::Crowd),
        ] {
            let mut surveyor = Surveyor::new(EnvironmentConstants::default());
            assert_eq!(surveyor.plausible(), Plausible::ALL);
            surveyor.slot(0, motion(speed));
            assert_eq!(surveyor.plausible(), Plausible::only(expected), "{speed}");
            surveyor.slot(1, None);
            assert_eq!(surveyor.plausible(), Plausible::ALL);
        }
    }

    #[test]
    fn a_crowd_at_the_speed_of_a_country_road_is_both() {
        let mut surveyor = Surveyor::new(EnvironmentConstants::default());
        drive(&mut surveyor, 0, 60, 20.0, 5);
        let plausible = surveyor.plausible();
        assert!(plausible.holds(Environment::Rural) && plausible.holds(Environment::Crowd));
        assert!(!plausible.holds(Environment::Motorway));
    }

    #[test]
    fn one_that_was_plausible_stays_so_for_a_minute() {
        let mut surveyor = Surveyor::new(EnvironmentConstants::default());
        drive(&mut surveyor, 0, 30, 12.0, 1);
        drive(&mut surveyor, 30, 17, 30.0, 0);
        let both = surveyor.plausible();
        assert!(both.holds(Environment::City), "{both:?}");
        drive(&mut surveyor, 47, 100, 30.0, 0);
        assert_eq!(surveyor.plausible(), Plausible::only(Environment::Motorway));
    }

    #[test]
    fn standing_for_long_makes_everything_plausible_and_departure_tells_at_once() {
        let mut surveyor = Surveyor::new(EnvironmentConstants::default());
        drive(&mut surveyor, 0, 30, 12.0, 1);
        drive(&mut surveyor, 30, 60, 0.0, 0);
        assert_eq!(surveyor.plausible(), Plausible::ALL);
        drive(&mut surveyor, 90, 1, 20.0, 0);
        assert_eq!(surveyor.plausible(), Plausible::only(Environment::Rural));
    }
}
