//! How well each sensor hears: its channels, what comes late, a rate far below its habit, a flood.
//!
//! A sensor that is partly deaf, late or flooded lowers what may be claimed, and is named. Whether it is deaf
//! altogether is told by `listening`. Memory: one `Ear` a sensor.

use serde::{Deserialize, Serialize};

use crate::cotravel::SLOT_US;

/// Constants of what a sensor's health is told by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HealthConstants {
    /// Most frames a second that one channel carries: one of 376 us after the other (`detection.md` section 10).
    pub air_frames_s: u32,
    /// Channels that one sensor may hear at once, where it does not say on which it heard.
    pub radios: u32,
    /// A sensor with so many times the new identifiers of every other is flooded; choice.
    pub flood_ratio: u32,
    /// Fewer new identifiers in ten seconds are no flood, whatever the others hear; choice.
    pub flood_from: u32,
    /// How long a sensor counts as flooded after the last sign of it, seconds; choice.
    pub flood_hold_s: f64,
    /// Frames and newcomers heard elsewhere before a channel on which nothing is heard is said to be unheard; choice.
    pub channel_frames: u32,
    /// See `channel_frames`.
    pub channel_newcomers: u32,
    /// Time constants of a sensor's recent rate and of its habit, seconds; choice.
    pub recent_s: f64,
    /// See `recent_s`.
    pub habit_s: f64,
    /// A habit is known after so much listening, seconds; choice.
    pub habit_from_s: f64,
    /// Below this share of what its habit and the other sensors let expect, a sensor is partly deaf; choice.
    pub partly_deaf: f64,
    /// It hears again from this share on; choice.
    pub hears_again: f64,
    /// Frames that must be expected before their absence tells anything; choice.
    pub expected_frames: f64,
    /// A sensor of whose recent frames this share comes behind the hold is late; choice.
    pub late_share: f64,
    /// Below this chance that a frame at a good level is received, the air is full: a tag that sends every two
    /// seconds is then heard once in ten seconds or less (`detection.md` section 5).
    pub air_full: f64,
}

impl Default for HealthConstants {
    fn default() -> Self {
        Self {
            air_frames_s: 2660,
            radios: 3,
            flood_ratio: 10,
            flood_from: 200,
            flood_hold_s: 30.0,
            channel_frames: 300,
            channel_newcomers: 10,
            recent_s: 60.0,
            habit_s: 1800.0,
            habit_from_s: 300.0,
            partly_deaf: 0.3,
            hears_again: 0.6,
            expected_frames: 60.0,
            late_share: 0.5,
            air_full: 0.25,
        }
    }
}

/// Something new about a sensor, to be told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Finding {
    /// More than air can carry, or far more new identifiers than at all others: frames a second.
    Flood(f64),
    /// Hears on one channel only: which.
    OneChannel(u8),
    /// Hears nothing on this channel.
    ChannelUnheard(u8),
    /// Hears this share of what its habit and the others let expect.
    PartlyDeaf(f64),
    /// This share of its frames comes behind the hold.
    Late(f64),
}

/// What one sensor heard.
#[derive(Debug, Clone, Default)]
struct Ear {
    /// Frames on 37, 38, 39 and on a channel that is not known, and of these the late ones.
    channels: [u64; 4],
    late: u64,
    /// Damaged frames in the slot: on the air all the same.
    damaged: u32,
    /// Frames in this second by channel.
    second: [u32; 4],
    /// Frames, late ones, and newcomers in this slot; newcomers in the one before.
    frames: u32,
    slot_late: u32,
    newcomers: u32,
    newcomers_before: u32,
    /// Frames and newcomers since each channel was last heard.
    since: [(u32, u32); 3],
    unheard: u8,
    told_channels: u8,
    flooded_until_us: i64,
    flooded_in_slot: bool,
    /// Frames a slot, lately and by habit.
    recent: Mean,
    habit: Mean,
    late_lately: Mean,
    slots: u32,
    /// Frames and damaged ones a second, in the last slot.
    rate_s: f64,
    damaged_s: f64,
    partly_deaf: bool,
    late_now: bool,
}

/// A mean that forgets.
#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    sum: f64,
    weight: f64,
}

impl Mean {
    fn add(&mut self, value: f64, keep: f64) {
        self.sum = self.sum * keep + value;
        self.weight = self.weight * keep + 1.0;
    }

    fn value(&self) -> f64 {
        self.sum / self.weight.max(1.0)
    }
}

/// The health of all sensors.
#[derive(Debug, Default)]
pub struct Health {
    ears: Vec<Ear>,
    second: i64,
    slot: i64,
    now_us: i64,
    findings: Vec<(u16, Finding)>,
}

impl Health {
    /// A sensor heard a good frame, on a channel (37 to 39) if that is known.
    #[inline]
    pub fn heard(
        &mut self,
        c: &HealthConstants,
        sensor: u16,
        channel: Option<u8>,
        late: bool,
        now_us: i64,
    ) {
        self.pass_to(c, now_us);
        let at = channel.map_or(3, |ch| usize::from(ch.wrapping_sub(37)).min(3));
        let ear = self.ear(sensor);
        if let Some(n) = ear.channels.get_mut(at) {
            *n += 1;
        }
        ear.frames += 1;
        ear.late += u64::from(late);
        ear.slot_late += u32::from(late);
        if at < 3 {
            for (other, since) in ear.since.iter_mut().enumerate() {
                *since = if other == at {
                    (0, 0)
                } else {
                    (since.0 + 1, since.1)
                };
            }
        }
        let Some(n) = ear.second.get_mut(at) else {
            return;
        };
        *n += 1;
        let most = if at < 3 {
            c.air_frames_s
        } else {
            c.air_frames_s.saturating_mul(c.radios)
        };
        if *n > most {
            let frames_s = f64::from(*n);
            self.flood(c, sensor, frames_s);
        }
    }

    /// A sensor is the first to hear an identifier.
    pub fn newcomer(&mut self, c: &HealthConstants, sensor: u16) {
        let ear = self.ear(sensor);
        ear.newcomers += 1;
        for since in &mut ear.since {
            since.1 += 1;
        }
        let mine = ear.newcomers;
        // Not with every one: the others are looked through.
        if mine < c.flood_from || !mine.is_multiple_of(32) {
            return;
        }
        let others = self
            .ears
            .iter()
            .enumerate()
            .filter(|(i, e)| *i != usize::from(sensor) && e.slots > 0 && !self.is_flooded(e));
        let most = others
            .map(|(_, e)| e.newcomers.max(e.newcomers_before))
            .max();
        if most.is_some_and(|most| mine > most.saturating_mul(c.flood_ratio)) {
            let seconds = ((self.now_us - self.slot * SLOT_US) as f64 / 1e6).max(1.0);
            self.flood(c, sensor, f64::from(mine) / seconds);
        }
    }

    /// A sensor received a frame that is damaged.
    #[cold]
    pub fn damaged(&mut self, sensor: u16) {
        self.ear(sensor).damaged += 1;
    }

    #[cold]
    fn flood(&mut self, c: &HealthConstants, sensor: u16, frames_s: f64) {
        let now_us = self.now_us;
        let ear = self.ear(sensor);
        let new = now_us >= ear.flooded_until_us;
        ear.flooded_until_us = now_us + (c.flood_hold_s * 1e6) as i64;
        ear.flooded_in_slot = true;
        if new {
            self.findings.push((sensor, Finding::Flood(frames_s)));
        }
    }

    const fn is_flooded(&self, ear: &Ear) -> bool {
        self.now_us < ear.flooded_until_us
    }

    /// Whether more comes from this sensor than the air can have brought it: what is new there counts for nothing.
    #[must_use]
    #[inline]
    pub fn flooded(&self, sensor: u16) -> bool {
        self.ears
            .get(usize::from(sensor))
            .is_some_and(|e| self.is_flooded(e))
    }

    /// Whether it hears far less than its habit and the other sensors let expect.
    #[must_use]
    pub fn partly_deaf(&self, sensor: u16) -> bool {
        self.ears
            .get(usize::from(sensor))
            .is_some_and(|e| e.partly_deaf)
    }

    /// Whether most of what it hears comes behind the hold.
    #[must_use]
    pub fn late_now(&self, sensor: u16) -> bool {
        self.ears
            .get(usize::from(sensor))
            .is_some_and(|e| e.late_now)
    }

    /// Whether any sensor misses a channel that others of its own frames could have come on.
    #[must_use]
    pub fn misses_a_channel(&self) -> bool {
        self.ears.iter().any(|e| e.unheard != 0)
    }

    /// Frames a second on the air around a sensor in the last slot, damaged ones included.
    #[must_use]
    pub fn on_air_s(&self, sensor: u16) -> (f64, f64) {
        self.ears
            .get(usize::from(sensor))
            .filter(|e| !self.is_flooded(e))
            .map_or((0.0, 0.0), |e| (e.rate_s, e.damaged_s))
    }

    /// Frames of each sensor on 37, 38, 39 and on an unknown channel.
    pub fn channels(&self) -> impl Iterator<Item = (u16, [u64; 4])> + '_ {
        self.ears
            .iter()
            .zip(0..)
            .filter(|(e, _)| e.channels != [0; 4])
            .map(|(e, s)| (s, e.channels))
    }

    /// Share of each sensor's frames that came behind the hold.
    pub fn late_shares(&self) -> impl Iterator<Item = (u16, f64)> + '_ {
        self.ears.iter().zip(0..).filter_map(|(e, s)| {
            let all: u64 = e.channels.iter().sum();
            (all > 0).then(|| (s, e.late as f64 / all as f64))
        })
    }

    /// What is new since the last call.
    #[inline]
    pub fn finding(&mut self) -> Option<(u16, Finding)> {
        self.findings.pop()
    }

    fn ear(&mut self, sensor: u16) -> &mut Ear {
        let at = usize::from(sensor);
        if at >= self.ears.len() {
            self.ears.resize_with(at + 1, Ear::default);
        }
        &mut self.ears[at]
    }

    #[inline]
    fn pass_to(&mut self, c: &HealthConstants, now_us: i64) {
        self.now_us = now_us;
        let second = now_us.div_euclid(1_000_000);
        if second != self.second {
            self.second = second;
            self.close_second(c, now_us.div_euclid(SLOT_US));
        }
    }

    #[cold]
    fn close_second(&mut self, c: &HealthConstants, slot: i64) {
        for ear in &mut self.ears {
            ear.second = [0; 4];
        }
        if slot == self.slot {
            return;
        }
        let began = self.slot != 0;
        self.slot = slot;
        if began {
            self.close_slot(c);
        }
    }

    fn close_slot(&mut self, c: &HealthConstants) {
        let keep = |seconds: f64| (-(SLOT_US as f64) / 1e6 / seconds).exp();
        let (keep_recent, keep_habit) = (keep(c.recent_s), keep(c.habit_s));
        for ear in &mut self.ears {
            ear.rate_s = f64::from(ear.frames) / (SLOT_US as f64 / 1e6);
            ear.damaged_s = f64::from(ear.damaged) / (SLOT_US as f64 / 1e6);
            if !ear.flooded_in_slot {
                let frames = f64::from(ear.frames);
                ear.recent.add(frames, keep_recent);
                ear.late_lately.add(f64::from(ear.slot_late), keep_recent);
                ear.habit.add(frames, keep_habit);
                ear.slots = ear.slots.saturating_add(1);
            }
            ear.newcomers_before = ear.newcomers;
            (ear.frames, ear.slot_late, ear.newcomers, ear.damaged) = (0, 0, 0, 0);
            ear.flooded_in_slot = self.now_us < ear.flooded_until_us;
        }
        let all_recent: f64 = self.ears.iter().map(|e| e.recent.value()).sum();
        let all_habit: f64 = self.ears.iter().map(|e| e.habit.value()).sum();
        let habit_slots = (c.habit_from_s * 1e6) as i64 / SLOT_US;
        for (ear, sensor) in self.ears.iter_mut().zip(0u16..) {
            let mut find = |finding| self.findings.push((sensor, finding));
            let (recent, habit) = (ear.recent.value(), ear.habit.value());
            if i64::from(ear.slots) >= habit_slots {
                // What all hear less of is the surroundings.
                let others = (all_recent - recent) / (all_habit - habit).max(f64::EPSILON);
                let expected = habit * others.min(1.0);
                let share = recent / expected.max(f64::EPSILON);
                let frames = expected * ear.recent.weight;
                if !ear.partly_deaf && frames >= c.expected_frames && share < c.partly_deaf {
                    ear.partly_deaf = true;
                    find(Finding::PartlyDeaf(share));
                } else if ear.partly_deaf && share >= c.hears_again {
                    ear.partly_deaf = false;
                }
            }
            let late = ear.late_lately.value() / recent.max(f64::EPSILON);
            let late_now = ear.recent.sum >= c.expected_frames && late >= c.late_share;
            if late_now && !ear.late_now {
                find(Finding::Late(late));
            }
            ear.late_now = late_now;
            ear.look_at_channels(c, &mut find);
        }
    }
}

impl Ear {
    fn look_at_channels(&mut self, c: &HealthConstants, find: &mut dyn FnMut(Finding)) {
        let mut unheard = 0u8;
        for (at, (frames, newcomers)) in self.since.iter().enumerate() {
            if *frames >= c.channel_frames && *newcomers >= c.channel_newcomers {
                unheard |= 1 << at;
            }
        }
        self.unheard = unheard;
        let new = unheard & !self.told_channels;
        if new == 0 {
            return;
        }
        self.told_channels |= unheard;
        if unheard.count_ones() == 2 {
            find(Finding::OneChannel(
                37 + (!unheard & 0b111).trailing_zeros() as u8,
            ));
        } else {
            find(Finding::ChannelUnheard(37 + new.trailing_zeros() as u8));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(health: &mut Health) -> Vec<(u16, Finding)> {
        std::iter::from_fn(|| health.finding()).collect()
    }

    /// So many frames a second at each sensor, evenly, from one second to another; every third is a newcomer.
    fn hear(
        health: &mut Health,
        seconds: std::ops::Range<i64>,
        rates: &[u32],
        channel: impl Fn(u32) -> Option<u8>,
    ) {
        let c = HealthConstants::default();
        for second in seconds {
            let most = rates.iter().copied().max().unwrap_or(0);
            for i in 0..most {
                let now_us =
                    (1000 + second) * 1_000_000 + i64::from(i) * 1_000_000 / i64::from(most);
                for (sensor, rate) in rates.iter().enumerate() {
                    if i < *rate {
                        health.heard(&c, sensor as u16, channel(i + second as u32), false, now_us);
                        if i % 3 == 0 {
                            health.newcomer(&c, sensor as u16);
                        }
                    }
                }
            }
        }
    }

    fn all(i: u32) -> Option<u8> {
        Some(37 + (i % 3) as u8)
    }

    #[test]
    fn a_quiet_road_is_nobodys_fault_but_one_sensor_alone_is() {
        let mut health = Health::default();
        hear(&mut health, 0..600, &[30, 20, 40], all);
        // All three hear a tenth: the surroundings.
        hear(&mut health, 600..900, &[3, 2, 4], all);
        hear(&mut health, 900..1000, &[30, 20, 40], all);
        assert_eq!(findings(&mut health), []);
        hear(&mut health, 1000..1200, &[30, 2, 40], all);
        let found = findings(&mut health);
        assert!(
            matches!(found[..], [(1, Finding::PartlyDeaf(share))] if share < 0.3),
            "{found:?}"
        );
        assert!(health.partly_deaf(1) && !health.partly_deaf(0));
        hear(&mut health, 1200..1500, &[30, 20, 40], all);
        assert!(!health.partly_deaf(1));
    }

    #[test]
    fn a_channel_on_which_nothing_is_heard_is_named_once() {
        let mut health = Health::default();
        hear(&mut health, 0..100, &[12, 12], |_| Some(38));
        let found = findings(&mut health);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.contains(&(0, Finding::OneChannel(38))));
        let mut health = Health::default();
        hear(&mut health, 0..100, &[12], all);
        assert_eq!(findings(&mut health), []);
        assert!(!health.misses_a_channel());
        // The third channel falls silent.
        hear(&mut health, 100..300, &[12], |i| Some(37 + (i % 2) as u8));
        assert_eq!(findings(&mut health), [(0, Finding::ChannelUnheard(39))]);
        assert!(health.misses_a_channel());
    }

    #[test]
    fn more_than_air_carries_is_a_flood_and_full_air_is_none() {
        let mut health = Health::default();
        hear(&mut health, 0..5, &[2660], |_| Some(37));
        assert_eq!(findings(&mut health), []);
        hear(&mut health, 5..6, &[2700], |_| Some(37));
        assert_eq!(findings(&mut health), [(0, Finding::Flood(2661.0))]);
        assert!(health.flooded(0));
        hear(&mut health, 6..60, &[100], |_| Some(37));
        assert!(!health.flooded(0));
    }

    #[test]
    fn new_identifiers_at_one_sensor_alone_are_a_flood() {
        let mut health = Health::default();
        hear(&mut health, 0..30, &[3, 3], all);
        hear(&mut health, 30..40, &[300, 3], all);
        let found = findings(&mut health);
        assert!(matches!(found[..], [(0, Finding::Flood(_))]), "{found:?}");
        assert!(health.flooded(0) && !health.flooded(1));
        // The same at all of them is a crowd.
        let mut health = Health::default();
        hear(&mut health, 0..30, &[3, 3], all);
        hear(&mut health, 30..40, &[300, 300], all);
        assert_eq!(findings(&mut health), []);
    }

    #[test]
    fn a_sensor_whose_frames_come_late_is_named() {
        let c = HealthConstants::default();
        let mut health = Health::default();
        for i in 0..600i64 {
            health.heard(&c, 0, None, false, 1_000_000_000 + i * 100_000);
            health.heard(&c, 1, None, i % 4 != 0, 1_000_000_000 + i * 100_000);
        }
        let found = findings(&mut health);
        assert!(
            matches!(found[..], [(1, Finding::Late(share))] if (share - 0.75).abs() < 0.05),
            "{found:?}"
        );
        let shares: Vec<_> = health.late_shares().collect();
        assert_eq!(shares, [(0, 0.0), (1, 0.75)]);
    }
}
