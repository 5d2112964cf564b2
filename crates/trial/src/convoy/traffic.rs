//! Everybody around: where each device is relative to the convoy, and for how long.
//!
//! A port of the prototype `sim.py`, which puts a device into the world for as long as it can come
//! within 120 m of one of our vehicles.

use super::{
    carried::{self, Carried},
    parameters::Parameters,
    plan::{Plan, Presence},
    road::{Moment, Road},
    trace::{Class, Kind},
};
use crate::random::Draws;

/// Nobody advertises in the last second, as in the prototype.
const LAST_S: f64 = 1.0;

/// The way of a device relative to the convoy.
#[derive(Debug, Clone, Copy)]
pub enum Path {
    /// At a place along the road.
    Fixed { along: f64 },
    /// From the edge of hearing at a speed relative to ours, only while we move.
    Drifting { edge: f64, speed: f64, since: f64 },
    /// Keeps station at a distance from the first vehicle, with a wander on a grid of two seconds.
    Station { base: f64, wander: usize },
    /// The same, from the last vehicle.
    Behind { distance: f64, wander: usize },
    /// From the edge of hearing at a speed relative to the first vehicle.
    Toward { edge: f64, speed: f64 },
    /// On foot along the road.
    Walking { along: f64, speed: f64 },
}

/// A device around us.
#[derive(Debug, Clone, Copy)]
pub struct Emitter {
    pub kind: Kind,
    pub class: Class,
    pub near_owner: bool,
    pub interval_s: f64,
    pub power_db: f64,
    /// Of vehicle bodies between it and a sensor, dB.
    pub loss_db: f64,
    pub from_s: f64,
    pub to_s: f64,
    pub lateral_m: f64,
    pub path: Path,
    /// When it is there within its time; only those that follow us come back.
    pub presence: Presence,
}

/// Step of the wander of those that keep station, s.
const WANDER_STEP_S: f64 = 2.0;

/// All devices around, in the order in which they were drawn.
#[derive(Default)]
pub struct Traffic {
    pub emitters: Vec<Emitter>,
    wander: Vec<f64>,
}

impl Traffic {
    /// Where an emitter is relative to the first vehicle, m (negative behind).
    pub fn relative(&self, e: &Emitter, t: f64, now: &Moment, gaps: f64) -> f64 {
        match e.path {
            Path::Fixed { along } => along - now.along,
            Path::Drifting { edge, speed, since } => edge + speed * (now.moving_s - since),
            Path::Station { base, wander } => base + self.wander(e, wander, t),
            Path::Behind { distance, wander } => {
                self.wander(e, wander, t) - gaps * now.pitch - distance
            }
            Path::Toward { edge, speed } => edge + speed * (t - e.from_s),
            Path::Walking { along, speed } => along + speed * (t - e.from_s) - now.along,
        }
    }

    fn wander(&self, e: &Emitter, start: usize, t: f64) -> f64 {
        let step = ((t - e.from_s) / WANDER_STEP_S).max(0.0);
        let at = start + step as usize;
        let a = self.wander.get(at).copied().unwrap_or_default();
        let b = self.wander.get(at + 1).copied().unwrap_or(a);
        a + (b - a) * step.fract()
    }
}

/// Draws everybody.
pub struct Crowd<'a> {
    plan: &'a Plan,
    p: &'a Parameters,
    road: &'a Road,
    traffic: Traffic,
}

impl<'a> Crowd<'a> {
    pub fn new(plan: &'a Plan, p: &'a Parameters, road: &'a Road) -> Self {
        Self {
            plan,
            p,
            road,
            traffic: Traffic::default(),
        }
    }

    /// All tags.
    pub fn tags(&mut self, draws: &mut Draws) {
        let e = self.p.surroundings(self.plan.environment);
        self.roadside(e.roadside_tags_per_km, Carried::Tag, draws);
        self.vehicles(e.vehicles_per_km * e.tagged_share, Carried::Tag, draws);
        self.at_halts(e.tagged_share, Carried::Tag, draws);
    }

    /// All that are no tags.
    pub fn others(&mut self, draws: &mut Draws) {
        let e = self.p.surroundings(self.plan.environment);
        let crowding = self.plan.crowding;
        self.roadside(e.roadside_devices_per_km * crowding, Carried::Others, draws);
        self.vehicles(e.vehicles_per_km * crowding, Carried::Others, draws);
        self.at_halts(crowding, Carried::Others, draws);
    }

    pub fn finish(self) -> Traffic {
        self.traffic
    }

    fn end_s(&self) -> f64 {
        self.road.seconds - LAST_S
    }

    /// One device, or those of a vehicle; all share a way.
    fn add(&mut self, mut e: Emitter, carried: Carried, count: usize, draws: &mut Draws) {
        if e.to_s <= e.from_s {
            return;
        }
        for _ in 0..count {
            (e.class, e.interval_s) = carried.device(e.kind, self.p, draws);
            e.power_db = draws.gauss() * self.p.power_sd_db;
            self.traffic.emitters.push(e);
        }
    }

    /// A blank to fill in.
    fn blank(&self, kind: Kind, bodies: f64, path: Path) -> Emitter {
        Emitter {
            kind,
            class: Class::FindMySeparated,
            near_owner: false,
            interval_s: self.p.tag_interval_s,
            power_db: 0.0,
            loss_db: bodies * self.p.body_db,
            from_s: 0.0,
            to_s: self.end_s(),
            lateral_m: 1.0,
            path,
            presence: Presence::Continuous,
        }
    }

    fn roadside(&mut self, per_km: f64, carried: Carried, draws: &mut Draws) {
        if per_km <= 0.0 {
            return;
        }
        let mut along = -300.0 + draws.exponential(1000.0 / per_km);
        while along < self.road.length() + 300.0 {
            let path = Path::Fixed { along };
            let lateral_m = draws.between(3.0, 40.0);
            let e = Emitter {
                lateral_m,
                ..self.blank(Kind::Roadside, 1.0, path)
            };
            self.fixed(e, along, carried, draws);
            along += draws.exponential(1000.0 / per_km);
        }
    }

    /// A device at a place, for the time in which we pass it.
    fn fixed(&mut self, mut e: Emitter, along: f64, carried: Carried, draws: &mut Draws) {
        let range = self.p.range_m;
        let from = Road::first(&self.road.along, along - range);
        let to = Road::first(&self.road.along, along + range + self.road.longest);
        if to <= from || from >= self.road.seconds {
            return;
        }
        e.from_s = e.from_s.max(from);
        e.to_s = e.to_s.min(to);
        self.add(e, carried, 1, draws);
    }

    fn vehicles(&mut self, per_km: f64, carried: Carried, draws: &mut Draws) {
        let e = self.p.surroundings(self.plan.environment);
        let window = 2.0 * self.p.range_m + self.road.mean_length;
        let present = per_km / 1000.0 * window;
        let moving = self.road.moving_share();
        // Those that cross either edge of hearing, and those there at the start.
        let flux = per_km / 1000.0 * e.drift_m_s * (2.0 / std::f64::consts::PI).sqrt() * moving;
        let stream = draws.poisson(flux * self.road.seconds + present);
        for _ in 0..stream {
            self.stream_vehicle(window, carried, draws);
        }
        let sticky = present * e.sticky_share * (1.0 + self.road.seconds / e.sticky_s);
        for _ in 0..draws.poisson(sticky) {
            self.sticky_vehicle(carried, draws);
        }
        if e.opposite {
            let rate = per_km / 1000.0 * 2.0 * e.speed_m_s.max(1.0) * 0.8;
            for _ in 0..draws.poisson(rate * self.road.seconds) {
                let from_s = draws.between(0.0, self.road.seconds);
                let speed = -2.0 * e.speed_m_s.max(1.0);
                let edge = self.p.range_m;
                let way = Emitter {
                    from_s,
                    to_s: (from_s + window / speed.abs()).min(self.end_s()),
                    lateral_m: 6.0,
                    ..self.blank(Kind::Opposite, 2.0, Path::Toward { edge, speed })
                };
                let count = carried.in_a_vehicle(draws);
                self.add(way, carried, count, draws);
            }
        }
    }

    /// When one that came at `since` goes elsewhere at one of our turns.
    fn leaves_at_turn(&self, since: f64, draws: &mut Draws) -> f64 {
        let split = self.p.surroundings(self.plan.environment).split;
        let turns = &self.road.turns_s;
        let next = turns.partition_point(|t| *t <= since);
        let mut later = turns.iter().skip(next);
        later
            .find(|_| draws.unit() < split)
            .copied()
            .unwrap_or(f64::INFINITY)
    }

    fn stream_vehicle(&mut self, window: f64, carried: Carried, draws: &mut Draws) {
        let e = self.p.surroundings(self.plan.environment);
        let (range, length) = (self.p.range_m, self.road.mean_length);
        // Rayleigh: those that differ more cross the edge more often.
        let size = e.drift_m_s * (2.0 * draws.exponential(1.0)).sqrt();
        let speed = if draws.unit() < 0.5 { -size } else { size };
        let lane = draws.below(e.lanes + 1) as f64;
        let came = if draws.unit() < 0.3 {
            draws.between(-window / size.max(0.05), self.road.seconds)
        } else {
            draws.between(0.0, self.road.seconds)
        };
        let since = if came > 0.0 {
            self.road.at(came).moving_s
        } else {
            came * self.road.moving_share()
        };
        let edge = if speed < 0.0 { range } else { -length - range };
        let distance = if speed < 0.0 {
            2.0 * range + self.road.longest
        } else {
            2.0 * range + length
        };
        let gone = Road::first(&self.road.moving_s, since + distance / size.max(1e-9));
        let turned = self.leaves_at_turn(came, draws);
        let way = Emitter {
            from_s: came.max(0.0),
            to_s: gone.min(turned).min(self.end_s()),
            lateral_m: (3.5 * lane).max(1.0),
            ..self.blank(Kind::Stream, 2.0, Path::Drifting { edge, speed, since })
        };
        let count = carried.in_a_vehicle(draws);
        self.add(way, carried, count, draws);
    }

    fn sticky_vehicle(&mut self, carried: Carried, draws: &mut Draws) {
        let e = self.p.surroundings(self.plan.environment);
        let came = draws.between(-e.sticky_s, self.road.seconds);
        let stays = draws.exponential(e.sticky_s);
        let turned = self.leaves_at_turn(came, draws);
        let (from_s, to_s) = (came.max(0.0), (came + stays).min(turned).min(self.end_s()));
        if to_s <= from_s {
            return;
        }
        let length = self.road.mean_length;
        let (base, lateral_m) = match draws.unit() {
            u if u < 0.4 => (20.0, 1.0),
            u if u < 0.8 => (-length - 25.0, 1.0),
            _ => (-draws.between(0.0, length), 3.5),
        };
        let wander = self.wander(to_s - from_s, draws);
        let way = Emitter {
            from_s,
            to_s,
            lateral_m,
            ..self.blank(Kind::Sticky, 2.0, Path::Station { base, wander })
        };
        let count = carried.in_a_vehicle(draws);
        self.add(way, carried, count, draws);
    }

    /// An Ornstein-Uhlenbeck process on its grid; where it starts.
    fn wander(&mut self, seconds: f64, draws: &mut Draws) -> usize {
        let start = self.traffic.wander.len();
        let keep = (-WANDER_STEP_S / self.p.station_s).exp();
        let fresh = self.p.station_sd_m * (1.0 - keep * keep).sqrt();
        let mut w = self.p.station_sd_m * draws.gauss();
        for _ in 0..(seconds / WANDER_STEP_S) as usize + 2 {
            self.traffic.wander.push(w);
            w = keep * w + fresh * draws.gauss();
        }
        start
    }

    /// Vehicles parked around ours, those that come meanwhile, and people who walk past.
    fn at_halts(&mut self, share: f64, carried: Carried, draws: &mut Draws) {
        let e = self.p.surroundings(self.plan.environment);
        let gaps = f64::from(self.plan.vehicles.saturating_sub(1));
        let row = gaps * self.p.pitch_parked_m;
        for (from, to) in self.road.parked.clone() {
            let hours = (to - from) / 3600.0;
            let ours = self.road.at(from).along;
            let there = draws.poisson(e.neighbours * share);
            let arriving = draws.poisson(e.arrivals_per_h * hours * share);
            for i in 0..there + arriving {
                let along = ours + draws.between(-row - 25.0, 25.0);
                let (from_s, to_s) = if i < there {
                    (0.0, f64::INFINITY)
                } else {
                    let came = draws.between(from, to);
                    (came, came + draws.exponential(self.p.neighbour_stay_s))
                };
                let lateral_m = draws.between(3.0, 25.0);
                let count = carried.in_a_vehicle(draws);
                for _ in 0..count {
                    let path = Path::Fixed { along };
                    let way = Emitter {
                        from_s,
                        to_s: to_s.min(self.end_s()),
                        lateral_m,
                        ..self.blank(Kind::ParkedNeighbour, 2.0, path)
                    };
                    self.fixed(way, along, carried, draws);
                }
            }
            for _ in 0..draws.poisson(e.passers_per_h * hours * share) {
                let (from_s, lateral_m) = (draws.between(from, to), draws.between(1.5, 12.0));
                let forward = draws.unit() < 0.5;
                let speed = self.p.walking_m_s * if forward { 1.0 } else { -1.0 };
                let along = if forward {
                    ours - row - 60.0
                } else {
                    ours + 60.0
                };
                let way = Emitter {
                    from_s,
                    to_s: (from_s + (row + 120.0) / self.p.walking_m_s).min(self.end_s()),
                    lateral_m,
                    ..self.blank(Kind::Passer, 1.0, Path::Walking { along, speed })
                };
                self.add(way, carried, 1, draws);
            }
        }
    }

    /// Those that follow us on purpose.
    pub fn followers(&mut self, draws: &mut Draws) {
        for follower in &self.plan.followers {
            let wander = self.wander(self.road.seconds, draws);
            let power_db = draws.gauss() * self.p.power_sd_db;
            let distance = follower.distance_m;
            let e = Emitter {
                class: follower.class,
                near_owner: follower.near_owner,
                power_db,
                presence: follower.presence,
                interval_s: if follower.class.is_tag() {
                    self.p.tag_interval_s
                } else {
                    carried::other_interval(draws)
                },
                ..self.blank(Kind::Follower, 2.0, Path::Behind { distance, wander })
            };
            self.traffic.emitters.push(e);
        }
    }
}
