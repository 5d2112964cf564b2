//! What is sent, and which sensor receives it.

use super::{
    ears::{Ear, LOAD_BIN_S},
    names::{Names, Voice},
    parameters::Parameters,
    plan::{Classes, Plan},
    road::Road,
    trace::{Device, Heard},
    traffic::{Emitter, Path, Traffic},
};
use crate::random::{Draws, as_rssi};

/// Most vehicles in a convoy.
pub const MOST: usize = 12;
/// Devices advertise on a grid of 625 us of their own clock (arXiv 2403.19833).
const GRID_S: f64 = 625e-6;
/// The random delay of an advertising event is up to 10 ms (Core Specification Vol 6 Part B 4.4.2.2).
const DELAY_TICKS: usize = 17;
/// A sensor's reading of a time is late by up to this, flight included, us.
const READING_US: f64 = 9.0;
/// A shadow or a frame this many deviations above its mean does not happen.
const FAR_OUT: f64 = 4.0;
/// Beyond so many scales of the logistic reception is certain, or out of the question.
const CERTAIN: f64 = 12.0;

/// The radio between everybody and the sensors.
pub struct Air<'a> {
    pub plan: &'a Plan,
    pub p: &'a Parameters,
    pub road: &'a Road,
    pub ears: &'a [Ear],
    pub names: &'a mut Names,
    pub heard: &'a mut Vec<Heard>,
    pub start_us: i64,
}

/// When a device sends: on the grid of its own clock, with a phase that a rotation may change.
pub struct Beat {
    origin_s: f64,
    tick: f64,
    tick_s: f64,
    interval_ticks: f64,
    next_rotation_s: f64,
    rotation_s: f64,
    phase_survives: bool,
}

impl Beat {
    pub fn new(
        from_s: f64,
        interval_s: f64,
        rotation_s: Option<f64>,
        draws: &mut Draws,
        plan: &Plan,
        p: &Parameters,
    ) -> Self {
        let interval_ticks = (interval_s / GRID_S).round().max(1.0);
        let rotation = rotation_s.unwrap_or(f64::INFINITY);
        Self {
            origin_s: from_s + draws.unit() * interval_s,
            tick: 0.0,
            tick_s: GRID_S * (1.0 + draws.gauss() * p.device_drift_sd_ppm * 1e-6),
            interval_ticks,
            next_rotation_s: rotation_s.map_or(f64::INFINITY, |r| from_s + draws.unit() * r),
            rotation_s: rotation,
            phase_survives: plan.phase_survives,
        }
    }

    pub fn now(&self) -> f64 {
        self.origin_s + self.tick * self.tick_s
    }

    /// To the next event.
    pub fn step(&mut self, draws: &mut Draws) {
        self.tick += self.interval_ticks + draws.below(DELAY_TICKS) as f64;
    }

    /// Whether the name changes before this event.
    pub fn rotates(&mut self, draws: &mut Draws) -> bool {
        let now = self.now();
        if now < self.next_rotation_s {
            return false;
        }
        if self.rotation_s > 0.0 {
            while self.next_rotation_s <= now {
                self.next_rotation_s += self.rotation_s;
            }
        }
        if !self.phase_survives {
            self.origin_s += draws.unit() * GRID_S;
        }
        true
    }
}

impl Air<'_> {
    /// dB per unit of the natural logarithm of a squared distance.
    fn slope(&self) -> f64 {
        5.0 * self.p.exponent / std::f64::consts::LN_10
    }

    /// Everybody around us.
    pub fn bystanders(&mut self, traffic: &Traffic, draws: &mut Draws) {
        for e in &traffic.emitters {
            self.bystander(traffic, e, draws);
        }
    }

    fn bystander(&mut self, traffic: &Traffic, e: &Emitter, draws: &mut Draws) {
        let p = self.p;
        let n = self.ears.len();
        let slope = self.slope();
        let mut voice = Voice::new(
            Device {
                kind: e.kind,
                class: e.class,
                interval_s: e.interval_s,
            },
            e.near_owner,
            draws.bits(),
        );
        let mut beat = Beat::new(
            e.from_s,
            e.interval_s,
            voice.rotation_s(),
            draws,
            self.plan,
            p,
        );
        // What is below does not get through, and nothing is drawn for it.
        let floor = p.sensitivity_dbm - FAR_OUT * p.fast_sd_db;
        let shadowed = FAR_OUT * p.fast_sd_db.hypot(p.block_sd_db);
        let mut fixed = [0.0; MOST];
        let mut outer = [0.0; MOST];
        let mut reach = 0.0_f64;
        for (level, outer) in fixed.iter_mut().zip(&mut outer).take(n) {
            *level = p.at_one_metre_dbm + e.power_db - e.loss_db + draws.gauss() * p.static_sd_db;
            *outer = ((*level + shadowed - p.sensitivity_dbm) / slope).exp();
            reach = reach.max(*outer);
        }
        let lateral2 = e.lateral_m * e.lateral_m;
        let gaps = n.saturating_sub(1) as f64;
        // Levels at 1 m with the present shadows, and squared distances up to which they get through.
        let mut level = [0.0; MOST];
        let mut within = [0.0; MOST];
        let mut block_of = [-1.0; MOST];
        // What moves by itself changes its surroundings also while we stand.
        let moves = matches!(e.path, Path::Toward { .. } | Path::Walking { .. });
        let by_ours = p.standing_is_static && !moves;
        while beat.now() < e.to_s {
            if beat.rotates(draws) {
                voice.identity = None;
            }
            let t = beat.now();
            let now = self.road.at(t);
            let relative = traffic.relative(e, t, &now, gaps);
            // Place between the vehicles that is nearest.
            let nearest = relative + (-relative / now.pitch).round().clamp(0.0, gaps) * now.pitch;
            if nearest * nearest + lateral2 < reach && e.presence.at(t) {
                let clock = if by_ours { now.moving_s } else { t };
                let block = (clock / p.block_s).floor();
                let sensors = level.iter_mut().zip(&mut within).zip(&mut block_of);
                let sensors = sensors.zip(fixed.iter().zip(&outer)).take(n);
                for (j, (((level, within), block_of), (fixed, outer))) in sensors.enumerate() {
                    let along = relative + j as f64 * now.pitch;
                    let d2 = along * along + lateral2;
                    if d2 >= *outer {
                        continue;
                    }
                    if *block_of != block {
                        *block_of = block;
                        *level = fixed + draws.gauss() * p.block_sd_db;
                        *within = ((*level - floor) / slope).exp();
                    }
                    if d2 < *within {
                        let mean = *level - slope * d2.max(1.0).ln();
                        self.receive(&mut voice, t, j, mean, None, draws);
                    }
                }
            }
            beat.step(draws);
        }
    }

    /// One event at one sensor, at a mean level; on one channel only, if the device uses but one.
    #[inline]
    pub fn receive(
        &mut self,
        voice: &mut Voice,
        t: f64,
        sensor: usize,
        mean_dbm: f64,
        only: Option<u8>,
        draws: &mut Draws,
    ) {
        let p = self.p;
        let level = mean_dbm + p.fast_sd_db * draws.gauss();
        let above = (level - p.sensitivity_dbm) / p.sensitivity_scale_db;
        if above < -CERTAIN {
            return;
        }
        let Some(ear) = self.ears.get(sensor) else {
            return;
        };
        let (luck, ceiling) = (draws.unit(), ear.ceiling(t));
        let lost = luck >= ceiling || (above < CERTAIN && luck * (1.0 + (-above).exp()) >= ceiling);
        if lost || !ear.listens(t) {
            return;
        }
        let channel = ear.channel(t);
        if only.is_some_and(|only| only != channel) {
            return;
        }
        let at_us = t * 1e6 + draws.between(0.0, READING_US);
        self.heard.push(Heard {
            stamped_us: self.start_us + ear.stamp(at_us) as i64,
            at_us: self.start_us + at_us as i64,
            identity: self.names.identity(voice, t),
            sensor: sensor as u8,
            channel,
            rssi: as_rssi(level),
        });
    }
}

/// Advertising events a second in range of each sensor, per bin of time: what the model's mean level
/// brings above the sensitivity. With tags only it is the environment's mean, in one bin.
pub fn load(plan: &Plan, p: &Parameters, road: &Road, all: &[&Traffic]) -> Vec<Vec<f64>> {
    let n = usize::from(plan.vehicles);
    if plan.classes == Classes::TagsOnly {
        return vec![vec![p.surroundings(plan.environment).background_load]; n];
    }
    let bins = (road.seconds / LOAD_BIN_S).ceil() as usize + 1;
    let mut load = vec![vec![0.0; bins]; n];
    let slope = 5.0 * p.exponent / std::f64::consts::LN_10;
    let gaps = n.saturating_sub(1) as f64;
    for traffic in all {
        for e in &traffic.emitters {
            let level = p.at_one_metre_dbm + e.power_db - e.loss_db;
            let reach = ((level - p.sensitivity_dbm) / slope).exp();
            let rate = 1.0 / (e.interval_s + 0.005);
            let first = (e.from_s / LOAD_BIN_S) as usize;
            for bin in first..bins {
                let (from, to) = (bin as f64 * LOAD_BIN_S, (bin + 1) as f64 * LOAD_BIN_S);
                if from >= e.to_s {
                    break;
                }
                let (from, to) = (from.max(e.from_s), to.min(e.to_s));
                let share = (to - from) / LOAD_BIN_S;
                // Four looks, so that what is passed quickly counts for its share of the bin.
                for look in 0..4 {
                    let t = from + (to - from) * (f64::from(look) + 0.5) / 4.0;
                    let now = road.at(t);
                    let relative = traffic.relative(e, t, &now, gaps);
                    for (j, sensor) in load.iter_mut().enumerate() {
                        let along = relative + j as f64 * now.pitch;
                        if along * along + e.lateral_m * e.lateral_m < reach
                            && let Some(slot) = sensor.get_mut(bin)
                        {
                            *slot += rate * share / 4.0;
                        }
                    }
                }
            }
        }
    }
    load
}
