//! A simulated convoy: its road, everybody around, what rides aboard, and what the sensors hear.
//!
//! A port of the Python prototypes `sim.py` (road, traffic, levels), `q4.py` (hiding places) and
//! `q2geo.py` (rotation), with all classes of devices, collisions, clocks and faults added. Whatever
//! rests on it is **simulated** and is called so; on a real drive it is semi-synthetic. Keys are random
//! bytes: the frames look right and locate nothing. The same plan gives the same trace.

mod aboard;
mod air;
mod carried;
mod ears;
mod names;
mod parameters;
mod plan;
mod road;
mod trace;
mod traffic;

pub use parameters::{Hiding, Parameters, Surroundings};
pub use plan::{
    Classes, Environment, Faults, Flood, Follower, Gate, Place, Plan, Planted, Point, Presence,
    Rider, Rotation, SensorFault, Split, Start,
};
pub use trace::{
    Class, ClockTruth, Device, Fix, Heard, Identity, Kind, PlantedTruth, TeamTruth, Trace, Truth,
};

use crate::random::{Draws, as_rssi};
use aboard::Aboard;
use air::Air;
use names::{Names, Voice};
use road::Road;
use traffic::Crowd;

/// 2026-06-01T08:00:00Z.
const START_US: i64 = 1_780_300_800_000_000;
/// Advertising interval of the team's devices, s.
const TEAM_INTERVAL_S: f64 = 1.0;
/// Level and spread of what a flooded sensor delivers, dBm.
const FLOOD_DBM: (f64, f64) = (-60.0, 5.0);

/// What is drawn from one seed, each from a stream of its own: a tag more or less changes nothing of
/// the world around.
#[derive(Clone, Copy)]
enum Stream {
    World,
    Road,
    Fixes,
    Tags,
    Others,
    Ears,
    RadioTags,
    RadioOthers,
    Names,
    Followers,
    Team,
    Flood,
    Riders,
    Planted,
}

fn stream(plan: &Plan, which: Stream, index: usize) -> Draws {
    let split = match plan.split {
        Split::Fit => 0,
        Split::Test => 1,
    };
    let mut state = plan.seed;
    for part in [split, plan.environment as u64, which as u64, index as u64] {
        // SplitMix64's finaliser (Steele, Lea and Flood 2014).
        state = state.wrapping_add(part).wrapping_add(0x9E37_79B9_7F4A_7C15);
        state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        state ^= state >> 31;
    }
    Draws::new(state)
}

/// Simulates a plan with the constants of its split.
#[must_use]
pub fn simulate(plan: &Plan) -> Trace {
    simulate_with(plan, &Parameters::default())
}

/// Simulates a plan with other constants; with [`Split::Test`] they are varied as well.
#[must_use]
pub fn simulate_with(plan: &Plan, parameters: &Parameters) -> Trace {
    let mut plan = plan.clone();
    plan.vehicles = plan.vehicles.clamp(1, air::MOST as u8);
    plan.drive = plan.drive.as_deref().map(road::reachable);
    let plan = &plan;
    let p = &match plan.split {
        Split::Fit => *parameters,
        Split::Test => parameters.varied(&mut stream(plan, Stream::World, 0)),
    };
    let road = Road::new(plan, p, &mut stream(plan, Stream::Road, 0));
    let mut crowd = Crowd::new(plan, p, &road);
    crowd.tags(&mut stream(plan, Stream::Tags, 0));
    let tags = crowd.finish();
    let mut crowd = Crowd::new(plan, p, &road);
    if plan.classes == Classes::All {
        crowd.others(&mut stream(plan, Stream::Others, 0));
    }
    let others = crowd.finish();
    let mut crowd = Crowd::new(plan, p, &road);
    crowd.followers(&mut stream(plan, Stream::Followers, 0));
    let followers = crowd.finish();

    let load = air::load(plan, p, &road, &[&tags, &others, &followers]);
    let ears = ears::ears(plan, p, &load, &mut stream(plan, Stream::Ears, 0));
    let mut names = Names::new(stream(plan, Stream::Names, 0), START_US);
    let mut heard = Vec::new();
    let mut air = Air {
        plan,
        p,
        road: &road,
        ears: &ears,
        names: &mut names,
        heard: &mut heard,
        start_us: START_US,
    };
    let mut truth = Truth {
        departure_s: road
            .parked
            .iter()
            .map(|(_, to)| *to)
            .rfind(|to| *to < road.seconds),
        clocks: ears.iter().map(|e| e.clock).collect(),
        load: load
            .iter()
            .map(|bins| plan.extra_load + bins.iter().sum::<f64>() / bins.len().max(1) as f64)
            .collect(),
        ..Truth::default()
    };
    for (i, what) in plan.planted.iter().enumerate() {
        let aboard = Aboard {
            kind: Kind::Aboard(i),
            what,
            power_db: 0.0,
            irk: None,
        };
        let draws = &mut stream(plan, Stream::Planted, i);
        truth.planted.push(air.aboard(&aboard, draws));
    }
    air.bystanders(&tags, &mut stream(plan, Stream::RadioTags, 0));
    air.bystanders(&others, &mut stream(plan, Stream::RadioOthers, 0));
    air.bystanders(&followers, &mut stream(plan, Stream::Followers, 1));
    riders(&mut air);
    truth.team = team(&mut air);
    flood(&mut air);

    heard.sort_unstable_by_key(|h| (h.stamped_us, h.sensor, h.identity));
    Trace {
        vehicles: plan.vehicles,
        start_us: START_US,
        seconds: road.seconds,
        identities: names.identities,
        devices: names.devices,
        heard,
        fixes: road.fixes(plan, p, START_US, &mut stream(plan, Stream::Fixes, 0)),
        turns_s: road.turns_s,
        truth,
    }
}

fn riders(air: &mut Air<'_>) {
    for (i, rider) in air.plan.riders.iter().enumerate() {
        let draws = &mut stream(air.plan, Stream::Riders, i);
        let what = Planted {
            vehicle: rider.vehicle,
            class: rider.class,
            on: vec![(rider.from_s, rider.to_s)],
            ..Planted::default()
        };
        let aboard = Aboard {
            kind: Kind::Rider,
            what: &what,
            power_db: draws.gauss() * air.p.power_sd_db,
            irk: None,
        };
        air.aboard(&aboard, draws);
    }
}

fn team(air: &mut Air<'_>) -> Vec<TeamTruth> {
    let mut team = Vec::new();
    for vehicle in 0..air.plan.vehicles {
        for i in 0..air.plan.team {
            let index = usize::from(vehicle) * 256 + usize::from(i);
            let draws = &mut stream(air.plan, Stream::Team, index);
            let irk = draws.bytes();
            let what = Planted {
                vehicle,
                class: if i % 2 == 0 {
                    Class::Phone
                } else {
                    Class::Watch
                },
                interval_s: TEAM_INTERVAL_S,
                ..Planted::default()
            };
            let aboard = Aboard {
                kind: Kind::Team,
                what: &what,
                power_db: draws.gauss() * air.p.power_sd_db,
                irk: Some(irk),
            };
            let device = air.aboard(&aboard, draws).device;
            team.push(TeamTruth {
                device,
                vehicle,
                irk,
            });
        }
    }
    team
}

fn flood(air: &mut Air<'_>) {
    let Some(flood) = air.plan.flood else {
        return;
    };
    let Some(ear) = air.ears.get(usize::from(flood.sensor)) else {
        return;
    };
    let draws = &mut stream(air.plan, Stream::Flood, 0);
    let interval_s = 1.0 / flood.per_second.max(1e-6);
    let about = Device {
        kind: Kind::Flood,
        class: Class::FindMySeparated,
        interval_s,
    };
    let mut voice = Voice::new(about, false, 0);
    let mut t = flood.from_s + draws.unit() * interval_s;
    while t < flood.to_s.min(air.road.seconds) {
        voice.identity = None;
        air.heard.push(Heard {
            stamped_us: START_US + ear.stamp(t * 1e6) as i64,
            at_us: START_US + (t * 1e6) as i64,
            identity: air.names.identity(&mut voice, t),
            sensor: flood.sensor,
            channel: ear.channel(t),
            rssi: as_rssi(FLOOD_DBM.0 + FLOOD_DBM.1 * draws.gauss()),
        });
        t += interval_s;
    }
}
