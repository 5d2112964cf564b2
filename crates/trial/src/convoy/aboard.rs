//! What rides in our own vehicles: planted tags, strangers' devices, the team's.
//!
//! Levels of a [`Place::Level`] are those of the prototype `sim.py`, levels of the hiding places those
//! of `q4.py`.

use super::{
    air::{Air, Beat, MOST},
    names::Voice,
    parameters::Parameters,
    plan::{Gate, Place, Planted, Rotation},
    road::{Moment, Motion, Road},
    trace::{Device, Kind, PlantedTruth},
};
use crate::random::Draws;

/// One device aboard.
pub struct Aboard<'a> {
    pub kind: Kind,
    pub what: &'a Planted,
    /// Transmit power beside that of a tag, dB.
    pub power_db: f64,
    pub irk: Option<[u8; 16]>,
}

/// From and to when it transmits: aboard, on, and let by its gate.
fn on(what: &Planted, road: &Road) -> Vec<(f64, f64)> {
    let whole = [(0.0, road.seconds)];
    let wanted = if what.on.is_empty() {
        &whole[..]
    } else {
        &what.on
    };
    let mut wanted: Vec<(f64, f64)> = wanted
        .iter()
        .map(|&(a, b)| (a.max(0.0), b.min(road.seconds)))
        .filter(|(a, b)| a < b)
        .collect();
    wanted.sort_by(|a, b| a.0.total_cmp(&b.0));
    if what.gate == Gate::Always {
        return wanted;
    }
    let open = |m: &Motion| (*m == Motion::Moving) == (what.gate == Gate::OnlyMoving);
    let mut times = Vec::new();
    for (from, to) in wanted {
        let mut since = None;
        for (i, motion) in road.motion.iter().enumerate() {
            let t = i as f64;
            match (since, open(motion)) {
                (None, true) => since = Some(t),
                (Some(a), false) => {
                    times.push((from.max(a), to.min(t)));
                    since = None;
                }
                _ => {}
            }
        }
        if let Some(a) = since {
            times.push((from.max(a), to));
        }
    }
    times.retain(|(a, b)| a < b);
    times
}

/// The slowly changing part of the levels at all sensors.
struct Shadows {
    fixed: [f64; MOST],
    block: [f64; MOST],
    own: f64,
    block_of: f64,
    /// Vehicle, and whether parked: a change moves everything.
    situation: Option<(u8, bool)>,
}

impl Shadows {
    const NONE: Self = Self {
        fixed: [0.0; MOST],
        block: [0.0; MOST],
        own: 0.0,
        block_of: -1.0,
        situation: None,
    };

    /// Draws anew what has changed by a time.
    fn follow(
        &mut self,
        place: Place,
        vehicle: u8,
        t: f64,
        now: &Moment,
        p: &Parameters,
        draws: &mut Draws,
    ) {
        let parked = now.motion == Motion::Parked;
        let by_level = matches!(place, Place::Level(_));
        let situation = Some((vehicle, parked && !by_level));
        if situation != self.situation {
            self.situation = situation;
            self.block_of = -1.0;
            let sd = match (by_level, parked) {
                (true, _) => p.static_sd_db,
                (false, true) => p.hidden_static_parked_db,
                (false, false) => p.hidden_static_driving_db,
            };
            for shadow in &mut self.fixed {
                *shadow = draws.gauss() * sd;
            }
        }
        let length = if by_level {
            p.aboard_block_s
        } else {
            p.block_s
        };
        // A parked tag's levels still breathe a little (`q4.py`).
        let clock = if p.standing_is_static && (by_level || !parked) {
            now.moving_s
        } else {
            t
        };
        let this = (clock / length).floor();
        if this != self.block_of {
            self.block_of = this;
            let sd = match (by_level, parked) {
                (true, _) => p.block_sd_db,
                (false, true) => p.hidden_block_parked_db,
                (false, false) => p.hidden_block_driving_db,
            };
            self.own = draws.gauss() * p.aboard_own_sd_db;
            for shadow in &mut self.block {
                *shadow = draws.gauss() * sd;
            }
        }
    }
}

/// Level at a sensor without shadows: `ahead` is how far its vehicle is in front of the carrying one.
fn level(place: Place, own: bool, ahead_m: f64, p: &Parameters) -> f64 {
    let hiding = match place {
        Place::Level(dbm) if own => return dbm,
        Place::Level(dbm) => {
            let d = ahead_m.abs().max(1.0);
            return p.at_one_metre_dbm + (dbm - p.cabin_dbm)
                - 10.0 * p.exponent * d.log10()
                - 2.0 * p.body_db;
        }
        Place::Cabin => 0,
        Place::Boot => 1,
        Place::Cavity => 2,
        Place::RearUnderbody => 3,
    };
    let [cabin, boot, cavity, underbody] = p.hiding;
    let h = match hiding {
        0 => cabin,
        1 => boot,
        2 => cavity,
        _ => underbody,
    };
    if own {
        return p.cabin_dbm - h.own_db;
    }
    let d = (ahead_m + h.behind_m).abs().max(p.cabin_m);
    p.cabin_dbm - 10.0 * p.exponent * (d / p.cabin_m).log10() - p.body_db - h.body_db - h.leak_db
}

impl Air<'_> {
    /// Sends what one device aboard sends.
    pub fn aboard(&mut self, a: &Aboard<'_>, draws: &mut Draws) -> PlantedTruth {
        let what = a.what;
        let p = self.p;
        let mut voice = Voice::new(
            Device {
                kind: a.kind,
                class: what.class,
                interval_s: what.interval_s,
            },
            what.near_owner,
            draws.bits(),
        );
        voice.irk = a.irk;
        let rotation = match (a.kind, what.rotation) {
            (Kind::Aboard(_), Rotation::Lasting) => None,
            (Kind::Aboard(_), Rotation::EveryFrame) => Some(0.0),
            (Kind::Aboard(_), Rotation::Every(s)) => Some(s.max(0.0)),
            _ => voice.rotation_s(),
        };
        if matches!(a.kind, Kind::Aboard(_)) {
            voice.lasting_address = false;
        }
        let times = on(what, self.road);
        let mut vehicles = vec![(0.0, what.vehicle)];
        vehicles.extend(what.moves.iter().copied());
        let mut truth = PlantedTruth {
            device: self.names.device(&mut voice),
            identities: Vec::new(),
            vehicles,
            on: times.clone(),
            first_heard_us: None,
            hearable: false,
        };
        let mut times = times.into_iter().peekable();
        let mut moves = what.moves.iter().peekable();
        let mut vehicle = what.vehicle;
        let mut shadows = Shadows::NONE;
        let from = times.peek().map_or(0.0, |(a, _)| *a);
        let mut beat = Beat::new(from, what.interval_s, rotation, draws, self.plan, p);
        let floor = p.sensitivity_dbm - 4.0 * p.fast_sd_db;
        let n = self.ears.len();
        let end = self.road.seconds;
        while beat.now() < end {
            if beat.rotates(draws) {
                voice.identity = None;
            }
            let t = beat.now();
            while times.next_if(|(_, to)| *to <= t).is_some() {}
            let Some(&(on_from, _)) = times.peek() else {
                break;
            };
            while let Some((_, to)) = moves.next_if(|(at, _)| *at <= t) {
                vehicle = *to;
            }
            if t >= on_from {
                let now = self.road.at(t);
                shadows.follow(what.place, vehicle, t, &now, p, draws);
                let by_level = matches!(what.place, Place::Level(_));
                let hop = if what.power_hop_db == 0.0 {
                    0.0
                } else if draws.unit() < 0.5 {
                    what.power_hop_db
                } else {
                    -what.power_hop_db
                };
                let shadow = shadows.fixed.iter().zip(&shadows.block).take(n);
                for (j, (fixed, block)) in shadow.enumerate() {
                    let own = j == usize::from(vehicle);
                    let ahead = (f64::from(vehicle) - j as f64) * now.pitch;
                    let steady = level(what.place, own, ahead, p) + a.power_db;
                    let (fixed, block) = if own && by_level {
                        (0.0, shadows.own)
                    } else {
                        (*fixed, *block)
                    };
                    truth.hearable |= own && steady + fixed >= p.sensitivity_dbm;
                    let mean = steady + fixed + block + hop;
                    if mean > floor {
                        self.receive(&mut voice, t, j, mean, what.one_channel, draws);
                        self.note(&voice, &mut truth);
                    }
                }
            }
            beat.step(draws);
        }
        truth
    }

    /// Enters a name that was just used for the first time.
    fn note(&self, voice: &Voice, truth: &mut PlantedTruth) {
        let Some(identity) = voice.identity else {
            return;
        };
        if truth.identities.last() != Some(&identity) {
            truth.identities.push(identity);
            if truth.first_heard_us.is_none() {
                truth.first_heard_us = self.heard.last().map(|h| h.at_us);
            }
        }
    }
}
