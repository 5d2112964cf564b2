//! Where the convoy is, second by second: along its road, and on the map.

use super::{
    parameters::{Parameters, Surroundings},
    plan::{Plan, Point, Start},
    trace::Fix,
};
use crate::{distance::metres, random::Draws};

/// Where simulated roads begin, degrees.
const ORIGIN: (f64, f64) = (48.0, 2.0);
/// On the sphere of [`metres`].
const METRES_PER_DEGREE: f64 = 12_742_000.0 * std::f64::consts::PI / 360.0;
/// How fast the heading changes in a turn, degrees a second.
const TURN_RATE: f64 = 30.0;
/// A real drive turns where its heading changes by so much, degrees, ...
const REAL_TURN: f64 = 60.0;
/// ... over so many seconds.
const REAL_TURN_S: usize = 10;

/// No drive is faster, m/s.
const FASTEST: f64 = 100.0;

/// A drive without the points that no drive reaches from either neighbour: logs hold single rows with a
/// broken coordinate.
pub fn reachable(points: &[Point]) -> Vec<Point> {
    let near = |a: Option<&Point>, b: &Point| {
        a.is_some_and(|a| {
            let seconds = (b.t_s - a.t_s).abs().max(0.1);
            metres((a.lat, a.lon), (b.lat, b.lon)) < FASTEST * seconds
        })
    };
    let kept = |i: usize, point: &Point| {
        let before = i.checked_sub(1).and_then(|i| points.get(i));
        points.len() == 1 || near(before, point) || near(points.get(i + 1), point)
    };
    let all = points.iter().enumerate();
    all.filter(|(i, point)| kept(*i, point))
        .map(|(_, p)| *p)
        .collect()
}

/// How the convoy moves in one second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// On the move.
    Moving,
    /// Standing in traffic.
    Queuing,
    /// Parked in a row.
    Parked,
}

/// The convoy at one time.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// The first vehicle along the road, m.
    pub along: f64,
    /// From vehicle to vehicle, m.
    pub pitch: f64,
    /// Seconds on the move so far.
    pub moving_s: f64,
    /// How it moves.
    pub motion: Motion,
}

/// The way of the convoy.
pub struct Road {
    pub seconds: f64,
    pub speed: Vec<f64>,
    pub along: Vec<f64>,
    pub moving_s: Vec<f64>,
    pub pitch: Vec<f64>,
    pub motion: Vec<Motion>,
    pub turns_s: Vec<f64>,
    pub parked: Vec<(f64, f64)>,
    pub longest: f64,
    pub mean_length: f64,
}

impl Road {
    pub fn new(plan: &Plan, p: &Parameters, draws: &mut Draws) -> Self {
        let e = p.surroundings(plan.environment);
        let seconds = match plan.drive.as_deref().and_then(<[Point]>::last) {
            Some(last) => plan.seconds.min(last.t_s),
            None => plan.seconds,
        }
        .max(1.0);
        let slots = seconds.ceil() as usize + 1;
        let parked = parked(plan, seconds);
        let is_parked = |i: usize| {
            let t = i as f64;
            parked.iter().any(|&(from, to)| from <= t && t < to)
        };
        let mut speed = match &plan.drive {
            Some(points) => real_speeds(points, slots),
            None => simulated_speeds(e, slots, draws),
        };
        let mut motion = Vec::with_capacity(slots);
        for (i, v) in speed.iter_mut().enumerate() {
            motion.push(if !parked.is_empty() && is_parked(i) {
                *v = 0.0;
                Motion::Parked
            } else if *v > 0.0 {
                Motion::Moving
            } else {
                Motion::Queuing
            });
        }
        let pitch: Vec<f64> = speed
            .iter()
            .zip(&motion)
            .map(|(v, m)| match m {
                Motion::Moving => p.pitch_moving_m + p.headway_s * v,
                Motion::Queuing => p.pitch_queue_m,
                Motion::Parked => p.pitch_parked_m,
            })
            .collect();
        let mut sums = (0.0, 0.0);
        let mut along = Vec::with_capacity(slots);
        let mut moving_s = Vec::with_capacity(slots);
        for v in &speed {
            along.push(sums.0);
            moving_s.push(sums.1);
            sums.0 += v;
            sums.1 += f64::from(u8::from(*v > 0.0));
        }
        let turns_s = match &plan.drive {
            Some(points) => real_turns(points, seconds),
            None => simulated_turns(e, &motion, seconds, draws),
        };
        let gaps = f64::from(plan.vehicles.saturating_sub(1));
        let longest = gaps * pitch.iter().copied().fold(0.0, f64::max);
        let mean_length = gaps * pitch.iter().sum::<f64>() / slots as f64;
        Self {
            seconds,
            speed,
            along,
            moving_s,
            pitch,
            motion,
            turns_s,
            parked,
            longest,
            mean_length,
        }
    }

    /// The convoy at a time in seconds from the start.
    pub fn at(&self, t: f64) -> Moment {
        let i = (t.max(0.0) as usize).min(self.speed.len().saturating_sub(1));
        let into = (t - i as f64).clamp(0.0, 1.0);
        let pick = |values: &[f64]| values.get(i).copied().unwrap_or_default();
        let v = pick(&self.speed);
        Moment {
            along: pick(&self.along) + v * into,
            pitch: pick(&self.pitch),
            moving_s: pick(&self.moving_s) + if v > 0.0 { into } else { 0.0 },
            motion: self.motion.get(i).copied().unwrap_or(Motion::Queuing),
        }
    }

    /// Distance driven, m.
    pub fn length(&self) -> f64 {
        self.along.last().copied().unwrap_or_default()
    }

    /// Share of the time on the move.
    pub fn moving_share(&self) -> f64 {
        let moving = self.speed.iter().filter(|v| **v > 0.0).count();
        moving as f64 / self.speed.len().max(1) as f64
    }

    /// First second in which a growing series reaches a value.
    pub fn first(series: &[f64], value: f64) -> f64 {
        series.partition_point(|x| *x < value) as f64
    }

    /// One position a second: of a real drive as it is, of a simulated road with the receiver's
    /// noise.
    pub fn fixes(&self, plan: &Plan, p: &Parameters, start_us: i64, draws: &mut Draws) -> Vec<Fix> {
        let lost = |t: f64| plan.faults.fixes_lost.iter().any(|&(a, b)| a <= t && t < b);
        let mut fixes = Vec::with_capacity(self.speed.len());
        let mut drive = plan
            .drive
            .as_deref()
            .map(|points| Interpolated { points, at: 0 });
        let mut here = ORIGIN;
        let mut heading = draws.between(0.0, 360.0_f64);
        let (mut east, mut north) = heading.to_radians().sin_cos();
        let mut shrink = here.0.to_radians().cos();
        let mut turning = 0.0_f64;
        let mut turns = self.turns_s.iter().peekable();
        let keep = (-1.0 / p.fix_correlation_s).exp();
        let fresh = p.fix_sd_m * (1.0 - keep * keep).sqrt();
        let mut error = (p.fix_sd_m * draws.gauss(), p.fix_sd_m * draws.gauss());
        for (i, &v) in self.speed.iter().enumerate() {
            let t = i as f64;
            let (place, speed) = match &mut drive {
                Some(drive) => (drive.place(t), v),
                None => {
                    error = (
                        keep * error.0 + fresh * draws.gauss(),
                        keep * error.1 + fresh * draws.gauss(),
                    );
                    let place = (
                        here.0 + error.0 / METRES_PER_DEGREE,
                        here.1 + error.1 / (METRES_PER_DEGREE * shrink),
                    );
                    (place, v)
                }
            };
            if !lost(t) {
                fixes.push(Fix {
                    time_us: start_us + i as i64 * 1_000_000,
                    lat: place.0,
                    lon: place.1,
                    speed_m_s: speed,
                });
            }
            if drive.is_none() {
                while turns.next_if(|turn| **turn <= t).is_some() {
                    let angle = draws.between(60.0, 120.0);
                    turning += if draws.unit() < 0.5 { angle } else { -angle };
                }
                if v > 0.0 {
                    if turning != 0.0 {
                        let step = turning.clamp(-TURN_RATE, TURN_RATE);
                        heading += step;
                        turning -= step;
                        (east, north) = heading.to_radians().sin_cos();
                    }
                    here.0 += v * north / METRES_PER_DEGREE;
                    here.1 += v * east / (METRES_PER_DEGREE * shrink);
                    shrink = here.0.to_radians().cos();
                }
            }
        }
        fixes
    }
}

/// All times parked, ascending.
fn parked(plan: &Plan, seconds: f64) -> Vec<(f64, f64)> {
    let first = match plan.start {
        Start::Driving => None,
        Start::Parked { seconds } => Some((0.0, seconds)),
    };
    let mut all: Vec<(f64, f64)> = first
        .into_iter()
        .chain(plan.halts.iter().copied())
        .map(|(from, to)| (from.max(0.0), to.min(seconds)))
        .filter(|(from, to)| from < to)
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all
}

fn simulated_speeds(e: &Surroundings, slots: usize, draws: &mut Draws) -> Vec<f64> {
    if e.moving_s <= 0.0 {
        return vec![e.speed_m_s; slots];
    }
    let mut speeds = Vec::with_capacity(slots);
    let mut moving = true;
    while speeds.len() < slots {
        let mean = if moving { e.moving_s } else { e.standing_s };
        let n = (draws.exponential(mean) as usize).clamp(1, slots - speeds.len());
        let v = if moving { e.speed_m_s } else { 0.0 };
        speeds.resize(speeds.len() + n, v);
        moving = !moving;
    }
    speeds
}

/// A turn that falls into a stop is made when it ends, one while parked is not made.
fn simulated_turns(
    e: &Surroundings,
    motion: &[Motion],
    seconds: f64,
    draws: &mut Draws,
) -> Vec<f64> {
    let mut turns = Vec::new();
    let mut t = draws.exponential(e.turn_period_s);
    while t < seconds {
        let rest = motion.get(t as usize..).unwrap_or(&[]);
        match rest.first() {
            Some(Motion::Moving) => turns.push(t),
            Some(Motion::Queuing) => {
                let wait = rest.iter().take_while(|m| **m == Motion::Queuing).count();
                if rest.get(wait) == Some(&Motion::Moving) {
                    turns.push((t as usize + wait) as f64);
                }
            }
            _ => {}
        }
        t += draws.exponential(e.turn_period_s);
    }
    turns
}

/// A real drive at any time.
struct Interpolated<'a> {
    points: &'a [Point],
    at: usize,
}

impl Interpolated<'_> {
    /// Times must not go back.
    fn pair(&mut self, t: f64) -> (Point, Point, f64) {
        const NOWHERE: Point = Point {
            t_s: 0.0,
            lat: 0.0,
            lon: 0.0,
            speed: 0.0,
        };
        while self.points.get(self.at + 1).is_some_and(|p| p.t_s <= t) {
            self.at += 1;
        }
        let a = self.points.get(self.at).copied().unwrap_or(NOWHERE);
        let b = self.points.get(self.at + 1).copied().unwrap_or(a);
        let share = ((t - a.t_s) / (b.t_s - a.t_s).max(1e-9)).clamp(0.0, 1.0);
        (a, b, share)
    }

    fn place(&mut self, t: f64) -> (f64, f64) {
        let (a, b, share) = self.pair(t);
        (
            a.lat + (b.lat - a.lat) * share,
            a.lon + (b.lon - a.lon) * share,
        )
    }
}

/// Speeds from one second to the next, by the positions: what a drive says of its own speed is 0 in
/// places where it moves. Below 0.5 m/s it stands.
fn real_speeds(points: &[Point], slots: usize) -> Vec<f64> {
    let mut drive = Interpolated { points, at: 0 };
    let places: Vec<(f64, f64)> = (0..=slots).map(|i| drive.place(i as f64)).collect();
    places
        .iter()
        .zip(places.iter().skip(1))
        .map(|(a, b)| metres(*a, *b))
        .map(|v| if v < 0.5 { 0.0 } else { v })
        .collect()
}

/// Where the heading changes by 60 degrees within ten seconds, moving; one turn in 20 s at most.
fn real_turns(points: &[Point], seconds: f64) -> Vec<f64> {
    let mut drive = Interpolated { points, at: 0 };
    let places: Vec<(f64, f64)> = (0..seconds as usize)
        .map(|i| drive.place(i as f64))
        .collect();
    let mut headings: Vec<f64> = Vec::with_capacity(places.len());
    for (a, b) in places.iter().zip(places.iter().skip(1)) {
        let (north, east) = (b.0 - a.0, (b.1 - a.1) * a.0.to_radians().cos());
        let last = headings.last().copied().unwrap_or_default();
        headings.push(if metres(*a, *b) < 1.0 {
            last
        } else {
            east.atan2(north).to_degrees()
        });
    }
    let mut turns: Vec<f64> = Vec::new();
    for (i, (a, b)) in headings
        .iter()
        .zip(headings.iter().skip(REAL_TURN_S))
        .enumerate()
    {
        let change = (b - a + 180.0).rem_euclid(360.0) - 180.0;
        let t = (i + REAL_TURN_S / 2) as f64;
        if change.abs() >= REAL_TURN && turns.last().is_none_or(|last| t - last >= 20.0) {
            turns.push(t);
        }
    }
    turns
}
