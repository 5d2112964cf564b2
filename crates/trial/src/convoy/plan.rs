//! What to simulate.

use super::trace::Class;

/// Where the convoy drives (`detection.md` 1.4 and 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Environment {
    /// 72 km/h, few vehicles, hardly anybody at the roadside.
    Rural,
    /// 108 km/h among vehicles that keep pace for a while.
    Motorway,
    /// 43 km/h with lights.
    City,
    /// 11 km/h with halts through a crowd.
    Crowd,
}

impl Environment {
    /// All four.
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
}

/// Which half of the simulated world: what is fitted on one is tested on the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Split {
    /// The constants of `detection.md` section 9.
    Fit,
    /// Other seeds and roads, and for every seed other radio constants, densities, speeds and turn
    /// rates.
    Test,
}

/// Where a planted tag is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place {
    /// In the cabin.
    Cabin,
    /// In the boot.
    Boot,
    /// In a metal cavity of the body.
    Cavity,
    /// Outside, under the rear bumper.
    RearUnderbody,
    /// A fixed mean level, dBm, at the receiver of its own vehicle (the prototypes use -62, -75 and
    /// -86); what hides it is lost toward the other vehicles as well.
    Level(f64),
}

/// When a device takes a new key; the address changes with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rotation {
    /// Never.
    Lasting,
    /// With every advertising event.
    EveryFrame,
    /// Every so many seconds.
    Every(f64),
}

/// What a planted tag's transmitter is switched by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Nothing.
    Always,
    /// On only while its vehicle stands.
    OnlyStanding,
    /// On only while it moves.
    OnlyMoving,
}

/// A tag that travels with the convoy.
#[derive(Debug, Clone, PartialEq)]
pub struct Planted {
    /// The vehicle that carries it, from 0; see `moves`.
    pub vehicle: u8,
    /// Where in the vehicle.
    pub place: Place,
    /// How often it changes its key.
    pub rotation: Rotation,
    /// Advertising interval without the random delay, seconds.
    pub interval_s: f64,
    /// What its frames are those of.
    pub class: Class,
    /// From and to, seconds from the start, when it is aboard and switched on; empty is always.
    pub on: Vec<(f64, f64)>,
    /// Whether it is silent standing or moving.
    pub gate: Gate,
    /// Sends near-owner frames.
    pub near_owner: bool,
    /// Every event is sent this much louder or quieter, dB, by a fair coin; 0 for a steady one.
    pub power_hop_db: f64,
    /// Advertises on this channel only (37 to 39).
    pub one_channel: Option<u8>,
    /// Changes to another vehicle at these times (seconds from the start, ascending).
    pub moves: Vec<(f64, u8)>,
}

impl Default for Planted {
    /// A separated Find My tag in the cabin of the first vehicle, always on.
    fn default() -> Self {
        Self {
            vehicle: 0,
            place: Place::Cabin,
            rotation: Rotation::Lasting,
            interval_s: 2.0,
            class: Class::FindMySeparated,
            on: Vec::new(),
            gate: Gate::Always,
            near_owner: false,
            power_hop_db: 0.0,
            one_channel: None,
            moves: Vec::new(),
        }
    }
}

/// How the recording begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Start {
    /// On the road.
    Driving,
    /// Parked in a row for so many seconds, then on the road.
    Parked {
        /// Until departure.
        seconds: f64,
    },
}

/// Which bystanders are simulated frame by frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Classes {
    /// Tags; all others are on the air only as a load that collides.
    TagsOnly,
    /// All.
    All,
}

/// When a follower is behind us.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Presence {
    /// All the time.
    Continuous,
    /// Comes back.
    Returning {
        /// From one coming to the next, seconds.
        every_s: f64,
        /// How long it stays, seconds.
        stay_s: f64,
    },
    /// Once.
    Between {
        /// Seconds from the start.
        from_s: f64,
        /// Seconds from the start.
        to_s: f64,
    },
}

impl Presence {
    /// Whether it is there, in seconds from the start.
    #[must_use]
    pub fn at(self, t: f64) -> bool {
        match self {
            Self::Continuous => true,
            Self::Returning { every_s, stay_s } => t.rem_euclid(every_s.max(1.0)) < stay_s,
            Self::Between { from_s, to_s } => from_s <= t && t < to_s,
        }
    }
}

/// One device in a vehicle outside the convoy that follows it (or leads, with a negative distance).
#[derive(Debug, Clone, PartialEq)]
pub struct Follower {
    /// What it is.
    pub class: Class,
    /// Sends near-owner frames: its owner is with it.
    pub near_owner: bool,
    /// Behind the last vehicle of the convoy, metres.
    pub distance_m: f64,
    /// When.
    pub presence: Presence,
}

/// A device carried by somebody who rides in a vehicle of ours and is none of the team.
#[derive(Debug, Clone, PartialEq)]
pub struct Rider {
    /// The vehicle, from 0.
    pub vehicle: u8,
    /// What it is.
    pub class: Class,
    /// Gets in, seconds from the start.
    pub from_s: f64,
    /// Gets out.
    pub to_s: f64,
}

/// What is wrong with one sensor.
#[derive(Debug, Clone, PartialEq)]
pub struct SensorFault {
    /// The sensor (its vehicle's index).
    pub sensor: u8,
    /// Hears nothing from and to, seconds from the start.
    pub deaf: Vec<(f64, f64)>,
    /// Added to its clock's own offset, seconds.
    pub clock_offset_s: f64,
    /// Added to its clock's own drift, parts per million.
    pub drift_ppm: f64,
    /// Share of the time that it listens: a window at the start of each period of 5.12 s.
    pub duty: f64,
    /// Stays on this channel (37 to 39) instead of going round all three.
    pub fixed_channel: Option<u8>,
}

impl SensorFault {
    /// A sensor without a fault, to change one thing.
    #[must_use]
    pub const fn none(sensor: u8) -> Self {
        Self {
            sensor,
            deaf: Vec::new(),
            clock_offset_s: 0.0,
            drift_ppm: 0.0,
            duty: 1.0,
            fixed_channel: None,
        }
    }
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Faults {
    /// Per sensor; those not named are sound.
    pub sensors: Vec<SensorFault>,
    /// No fixes from and to, seconds from the start.
    pub fixes_lost: Vec<(f64, f64)>,
}

/// New addresses delivered by one sensor, past the radio: nothing collides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flood {
    /// The sensor.
    pub sensor: u8,
    /// From, seconds from the start.
    pub from_s: f64,
    /// To, seconds from the start.
    pub to_s: f64,
    /// Frames a second, each with an address of its own.
    pub per_second: f64,
}

/// A point of a real drive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Seconds since the first point, ascending.
    pub t_s: f64,
    /// Degrees.
    pub lat: f64,
    /// Degrees.
    pub lon: f64,
    /// Metres a second.
    pub speed: f64,
}

/// One simulated recording: everything that is not drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The surroundings.
    pub environment: Environment,
    /// The half of the world.
    pub split: Split,
    /// The same plan gives the same trace.
    pub seed: u64,
    /// Vehicles, 1 to 12, one sensor in each.
    pub vehicles: u8,
    /// How long, seconds; at most as long as the drive, if one is given.
    pub seconds: f64,
    /// Driving or parked.
    pub start: Start,
    /// Parked from and to, seconds from the start, besides `start`.
    pub halts: Vec<(f64, f64)>,
    /// Tags that travel with us.
    pub planted: Vec<Planted>,
    /// Who else is simulated frame by frame.
    pub classes: Classes,
    /// Times the density of the devices that are no tags (with `Classes::All`).
    pub crowding: f64,
    /// Vehicles that follow us.
    pub followers: Vec<Follower>,
    /// Strangers in our vehicles.
    pub riders: Vec<Rider>,
    /// Devices of our own in every vehicle, with a resolvable address for 15 minutes each.
    pub team: u8,
    /// What is broken.
    pub faults: Faults,
    /// Foreign traffic at every sensor, frames a second and channel: it only collides.
    pub extra_load: f64,
    /// A flood of addresses.
    pub flood: Option<Flood>,
    /// The phase of a device's 625 us grid outlives its rotation. An assumption of `detection.md`
    /// section 2 that nobody has measured, so off.
    pub phase_survives: bool,
    /// A real track instead of a simulated road; what comes out is semi-synthetic. Single points that
    /// nothing reaches (over 100 m/s from both neighbours) are left out.
    pub drive: Option<Vec<Point>>,
}

impl Default for Plan {
    /// Seven vehicles for an hour of city, tags only, nothing planted.
    fn default() -> Self {
        Self {
            environment: Environment::City,
            split: Split::Fit,
            seed: 1,
            vehicles: 7,
            seconds: 3600.0,
            start: Start::Driving,
            halts: Vec::new(),
            planted: Vec::new(),
            classes: Classes::TagsOnly,
            crowding: 1.0,
            followers: Vec::new(),
            riders: Vec::new(),
            team: 0,
            faults: Faults::default(),
            extra_load: 0.0,
            flood: None,
            phase_survives: false,
            drive: None,
        }
    }
}
