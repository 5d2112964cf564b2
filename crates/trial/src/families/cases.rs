//! The rows of the table: each family's parameters, environments and expectation.

use super::{Clock, Expected, Family};
use crate::convoy::{
    Class, Classes, Environment, Faults, Follower, Gate, Parameters, Place, Plan, Planted, Point,
    Presence, Rider, Rotation, SensorFault, Split, Start, Trace, simulate_with,
};
use crate::random::Draws;

use Environment::{City, Crowd, Motorway, Rural};

/// One row: a family with one set of parameters.
pub struct Case {
    /// The family.
    pub family: Family,
    /// What tells it from others of the family, `-75` or `deaf`.
    pub variant: String,
    /// Where it exists.
    pub environments: &'static [Environment],
    /// What is expected.
    pub expected: Expected,
    /// From when time is counted.
    pub clock: Clock,
    change: Change,
    world: World,
}

/// What a family changes in the constants of the world.
type World = fn(&mut Parameters, &mut Draws);
type Change = Box<dyn Fn(&mut Plan, &mut Draws) + Send + Sync>;

const MINUTE: f64 = 60.0;
const HOUR: f64 = 3600.0;
const EVERYWHERE: &[Environment] = &Environment::ALL;
const TRAFFIC: &[Environment] = &[Rural, Motorway, City];
const STOPPING: &[Environment] = &[City, Crowd];

impl Case {
    fn new(
        family: Family,
        variant: impl Into<String>,
        environments: &'static [Environment],
        expected: Expected,
        change: impl Fn(&mut Plan, &mut Draws) + Send + Sync + 'static,
    ) -> Self {
        Self {
            family,
            variant: variant.into(),
            environments,
            expected,
            clock: Clock::FirstHeard,
            change: Box::new(change),
            world: |_, _| {},
        }
    }

    fn counted_from_departure(self) -> Self {
        Self {
            clock: Clock::Departure,
            ..self
        }
    }

    /// The median time to alert that is aimed at, seconds, where there is an aim.
    #[must_use]
    pub fn aim_s(&self, environment: Environment) -> Option<f64> {
        let of = |aims: [f64; 4]| {
            let at = Environment::ALL.iter().position(|e| *e == environment);
            at.and_then(|i| aims.get(i).copied())
        };
        match (self.family, self.variant.as_str()) {
            (Family::Levels, "-62" | "-75") => of([30.0, 40.0, 70.0, 150.0]),
            (Family::Levels, "-86") => of([40.0, 480.0, 180.0, 450.0]),
            (Family::H, "frame-62" | "frame-75" | "frame-86") => Some(30.0),
            (Family::H, "30s-62" | "30s-75") => of([165.0, 165.0, 180.0, f64::INFINITY]),
            _ => None,
        }
        .filter(|aim| aim.is_finite())
    }

    /// Simulates one seed.
    #[must_use]
    pub fn simulate(&self, plan: &Plan) -> Trace {
        let mut parameters = Parameters::default();
        (self.world)(&mut parameters, &mut Draws::new(plan.seed.rotate_left(16)));
        simulate_with(plan, &parameters)
    }

    /// `family/variant`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.family.as_str(), self.variant)
    }

    /// The plan of one seed. The family's own draws (who carries the tag, and when) depend on the seed and
    /// the case's name only.
    #[must_use]
    pub fn plan(&self, environment: Environment, split: Split, seed: u64, vehicles: u8) -> Plan {
        let mut mixed = seed ^ 0x9E37_79B9_7F4A_7C15;
        for byte in self.name().bytes().chain(environment.as_str().bytes()) {
            // FNV-1a (Fowler, Noll, Vo 1991): different cases of one seed are different drives.
            mixed = (mixed ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
        let mut plan = Plan {
            environment,
            split,
            seed: mixed,
            vehicles,
            seconds: 35.0 * MINUTE,
            classes: Classes::TagsOnly,
            ..Plan::default()
        };
        if self.expected == Expected::FoundOrNotClear {
            // Where `clear` is at stake: long enough for it, and a phone of ours in every vehicle, so that a sensor
            // that hears no tag for a while is not taken for a deaf one.
            plan.seconds = HOUR;
            plan.team = 1;
        }
        (self.change)(&mut plan, &mut Draws::new(mixed.rotate_left(32)));
        plan
    }
}

/// A plan on a real road: semi-synthetic. It lasts no longer than the drive, and what is parked comes first.
#[must_use]
pub fn with_drive(mut plan: Plan, drive: &[Point]) -> Plan {
    let length = drive.last().map_or(0.0, |p| p.t_s);
    plan.seconds = plan.seconds.min(length);
    plan.drive = Some(drive.to_vec());
    plan
}

/// Some vehicle of the plan.
fn carrier(plan: &Plan, draws: &mut Draws) -> u8 {
    draws.below(usize::from(plan.vehicles)) as u8
}

/// The families of tags in the share in which they are met (the same as the simulator's bystanders: Find My mostly).
fn some_class(draws: &mut Draws) -> Class {
    match draws.below(10) {
        0..7 => Class::FindMySeparated,
        7 => Class::SmartTag,
        8 => Class::Tile,
        _ => Class::FindHub,
    }
}

/// A tag somewhere in a vehicle.
fn hidden(plan: &Plan, draws: &mut Draws) -> Planted {
    let places = [Place::Cabin, Place::Boot, Place::RearUnderbody];
    Planted {
        vehicle: carrier(plan, draws),
        place: places.get(draws.below(3)).copied().unwrap_or(Place::Cabin),
        class: some_class(draws),
        ..Planted::default()
    }
}

/// A tag of a stated mean level at its own vehicle's receiver.
fn at_level(plan: &Plan, draws: &mut Draws, level: f64) -> Planted {
    Planted {
        vehicle: carrier(plan, draws),
        place: Place::Level(level),
        ..Planted::default()
    }
}

/// All rows, in the order of the table.
#[must_use]
pub fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    lasting(&mut all);
    journeys(&mut all);
    others(&mut all);
    clones(&mut all);
    gated(&mut all);
    faults(&mut all);
    all
}

/// The lasting key by level, and the hiding places.
fn lasting(all: &mut Vec<Case>) {
    for level in [-62.0, -75.0, -86.0] {
        let change = move |plan: &mut Plan, draws: &mut Draws| {
            plan.planted = vec![at_level(plan, draws, level)];
        };
        let name = format!("{level}");
        all.push(Case::new(
            Family::Levels,
            name,
            EVERYWHERE,
            Expected::Alert,
            change,
        ));
    }
    for (name, place) in [
        ("cabin", Place::Cabin),
        ("boot", Place::Boot),
        ("cavity", Place::Cavity),
        ("underbody", Place::RearUnderbody),
    ] {
        let change = move |plan: &mut Plan, draws: &mut Draws| {
            plan.planted = vec![Planted {
                place,
                ..hidden(plan, draws)
            }];
        };
        all.push(Case::new(
            Family::Places,
            name,
            EVERYWHERE,
            Expected::Alert,
            change,
        ));
        let change = move |plan: &mut Plan, draws: &mut Draws| {
            plan.start = Start::Parked {
                seconds: 10.0 * MINUTE,
            };
            plan.seconds = 20.0 * MINUTE;
            plan.planted = vec![Planted {
                place,
                ..hidden(plan, draws)
            }];
        };
        let parked = Case::new(
            Family::Places,
            format!("{name}-parked"),
            &[City],
            Expected::Alert,
            change,
        );
        all.push(parked.counted_from_departure());
    }
}

/// Families A to D: the journeys.
fn journeys(all: &mut Vec<Case>) {
    let within = Expected::AlertWithin(3.0 * MINUTE);
    let change = |plan: &mut Plan, draws: &mut Draws| {
        let (arrival, departure) = (20.0 * MINUTE, 60.0 * MINUTE);
        plan.seconds = departure + 31.0 * MINUTE;
        plan.halts = vec![(arrival, departure)];
        let planted_s = draws.between(arrival + 5.0 * MINUTE, departure - 5.0 * MINUTE);
        plan.planted = vec![Planted {
            on: vec![(planted_s, plan.seconds)],
            ..hidden(plan, draws)
        }];
    };
    all.push(
        Case::new(Family::A, "planted-at-stop", STOPPING, within, change).counted_from_departure(),
    );
    let change = |plan: &mut Plan, draws: &mut Draws| {
        plan.seconds = HOUR;
        plan.planted = vec![hidden(plan, draws)];
    };
    let hour = Case::new(Family::B, "hour", &[Motorway], Expected::Alert, change);
    all.push(Case {
        world: |parameters, draws| {
            let share = draws.between(0.02, 0.10);
            for s in &mut parameters.surroundings {
                s.tagged_share = share;
            }
        },
        ..hour
    });
    let change = |plan: &mut Plan, draws: &mut Draws| {
        // Parked at 22:00 for ten hours.
        let (three, departure) = (5.0 * HOUR, 10.0 * HOUR);
        plan.start = Start::Parked { seconds: departure };
        plan.seconds = departure + 31.0 * MINUTE;
        plan.planted = vec![Planted {
            on: vec![(three, plan.seconds)],
            ..hidden(plan, draws)
        }];
    };
    let overnight = Case::new(
        Family::C,
        "overnight",
        &[Rural, City],
        Expected::Alert,
        change,
    );
    all.push(overnight.counted_from_departure());
    for level in [-62.0, -75.0, -86.0, -90.0] {
        let change = move |plan: &mut Plan, draws: &mut Draws| {
            plan.planted = vec![at_level(plan, draws, level)];
        };
        let weak = level < -86.0;
        let expected = if weak {
            Expected::FoundOrNotClear
        } else {
            Expected::Alert
        };
        all.push(Case::new(
            Family::D,
            format!("{level}"),
            &[Crowd],
            expected,
            change,
        ));
    }
}

/// Families E, F, G and J: whose it is, and when.
fn others(all: &mut Vec<Case>) {
    let change = |plan: &mut Plan, draws: &mut Draws| {
        let from_s = draws.between(MINUTE, 5.0 * MINUTE);
        plan.followers = vec![Follower {
            class: Class::FindMySeparated,
            near_owner: false,
            distance_m: draws.between(15.0, 40.0),
            presence: Presence::Between {
                from_s,
                to_s: from_s + 20.0 * MINUTE,
            },
        }];
    };
    all.push(Case::new(
        Family::E,
        "same-road",
        TRAFFIC,
        Expected::NotAboard,
        change,
    ));
    let change = |plan: &mut Plan, draws: &mut Draws| {
        let from_s = draws.between(MINUTE, 5.0 * MINUTE);
        plan.riders = vec![Rider {
            vehicle: carrier(plan, draws),
            class: Class::FindMySeparated,
            from_s,
            to_s: from_s + 20.0 * MINUTE,
        }];
    };
    // It is in the vehicle: radio cannot tell a passenger's tag from a planted one.
    all.push(Case::new(
        Family::E,
        "rider",
        EVERYWHERE,
        Expected::Alert,
        change,
    ));
    let change = |plan: &mut Plan, draws: &mut Draws| {
        plan.seconds = HOUR;
        plan.team = 2 + draws.below(3) as u8;
    };
    all.push(Case::new(
        Family::F,
        "team",
        EVERYWHERE,
        Expected::Silent,
        change,
    ));
    for (name, presence) in [
        ("follows", Presence::Continuous),
        (
            "returns",
            Presence::Returning {
                every_s: 25.0 * MINUTE,
                stay_s: 2.0 * MINUTE,
            },
        ),
    ] {
        let change = move |plan: &mut Plan, draws: &mut Draws| {
            plan.seconds = HOUR;
            plan.planted = vec![Planted {
                class: Class::FindMyNearby,
                near_owner: true,
                ..hidden(plan, draws)
            }];
            plan.followers = vec![Follower {
                class: Class::Phone,
                near_owner: true,
                distance_m: 100.0,
                presence,
            }];
        };
        all.push(Case::new(
            Family::G,
            name,
            EVERYWHERE,
            Expected::Alert,
            change,
        ));
    }
    let change = |plan: &mut Plan, draws: &mut Draws| {
        plan.seconds = HOUR;
        plan.planted = vec![Planted {
            on: vec![(0.0, 40.0 * MINUTE)],
            ..hidden(plan, draws)
        }];
    };
    all.push(Case::new(
        Family::J,
        "taken-off",
        EVERYWHERE,
        Expected::Gone,
        change,
    ));
}

/// Family H.
fn clones(all: &mut Vec<Case>) {
    let mut add = |name: String, rotation, interval_s: f64, level: f64| {
        let change = move |plan: &mut Plan, draws: &mut Draws| {
            plan.planted = vec![Planted {
                rotation,
                interval_s,
                ..at_level(plan, draws, level)
            }];
        };
        let expected = if interval_s > 10.0 || level < -86.0 {
            Expected::FoundOrNotClear
        } else {
            Expected::Alert
        };
        all.push(Case::new(Family::H, name, EVERYWHERE, expected, change));
    };
    for (name, rotation) in [
        ("frame", Rotation::EveryFrame),
        ("10s", Rotation::Every(10.0)),
        ("30s", Rotation::Every(30.0)),
        ("2min", Rotation::Every(120.0)),
        ("15min", Rotation::Every(900.0)),
    ] {
        for level in [-62.0, -75.0, -86.0, -90.0] {
            add(format!("{name}{level}"), rotation, 2.0, level);
        }
    }
    for interval_s in [10.0, 60.0] {
        let name = format!("frame-75-every-{interval_s}s");
        add(name, Rotation::EveryFrame, interval_s, -75.0);
    }
}

/// Family I.
fn gated(all: &mut Vec<Case>) {
    let within = Expected::WithinPeriods(3);
    for (name, environments, gate) in [
        ("standing", STOPPING, Gate::OnlyStanding),
        ("moving", EVERYWHERE, Gate::OnlyMoving),
    ] {
        let change = move |plan: &mut Plan, draws: &mut Draws| {
            plan.seconds = HOUR;
            plan.planted = vec![Planted {
                gate,
                ..hidden(plan, draws)
            }];
        };
        all.push(Case::new(Family::I, name, environments, within, change));
    }
    let change = |plan: &mut Plan, draws: &mut Draws| {
        let first = draws.between(0.0, 10.0 * MINUTE);
        let on = |n: f64| (first + n * HOUR, first + n * HOUR + 5.0 * MINUTE);
        plan.seconds = 2.0 * HOUR + 20.0 * MINUTE;
        plan.planted = vec![Planted {
            on: vec![on(0.0), on(1.0), on(2.0)],
            ..hidden(plan, draws)
        }];
    };
    all.push(Case::new(
        Family::I,
        "5-min-an-hour",
        EVERYWHERE,
        within,
        change,
    ));
}

/// Families L and M.
fn faults(all: &mut Vec<Case>) {
    let mut broken = |name: &str, fault: fn(u8) -> SensorFault| {
        let change = move |plan: &mut Plan, draws: &mut Draws| {
            let planted = hidden(plan, draws);
            plan.faults = Faults {
                sensors: vec![fault(planted.vehicle)],
                fixes_lost: Vec::new(),
            };
            plan.planted = vec![planted];
        };
        let expected = Expected::FoundOrNotClear;
        all.push(Case::new(Family::L, name, EVERYWHERE, expected, change));
    };
    // The sensor of the vehicle that carries the tag is the one that fails.
    broken("deaf", |sensor| SensorFault {
        deaf: vec![(0.0, f64::MAX)],
        ..SensorFault::none(sensor)
    });
    broken("clock-3s", |sensor| SensorFault {
        clock_offset_s: 3.0,
        ..SensorFault::none(sensor)
    });
    broken("duty-10", |sensor| SensorFault {
        duty: 0.1,
        ..SensorFault::none(sensor)
    });
    let change = |plan: &mut Plan, draws: &mut Draws| {
        plan.planted = vec![hidden(plan, draws)];
        plan.faults.fixes_lost = vec![(2.0 * MINUTE, 20.0 * MINUTE)];
    };
    let expected = Expected::FoundOrNotClear;
    all.push(Case::new(
        Family::L,
        "no-positions",
        EVERYWHERE,
        expected,
        change,
    ));
    let change = |plan: &mut Plan, draws: &mut Draws| {
        plan.planted = vec![Planted {
            power_hop_db: 12.0,
            ..hidden(plan, draws)
        }];
    };
    all.push(Case::new(
        Family::M,
        "power-hopping",
        EVERYWHERE,
        Expected::Alert,
        change,
    ));
    let change = |plan: &mut Plan, draws: &mut Draws| {
        let tag = hidden(plan, draws);
        let next =
            (tag.vehicle + 1 + draws.below(usize::from(plan.vehicles).saturating_sub(1)) as u8)
                % plan.vehicles.max(1);
        plan.planted = vec![Planted {
            moves: vec![(15.0 * MINUTE, next)],
            ..tag
        }];
    };
    all.push(Case::new(
        Family::M,
        "changes-vehicle",
        EVERYWHERE,
        Expected::Alert,
        change,
    ));
}
