//! What is known of the sensors themselves while they are judged by: told as notices, and taken off what is claimed.

use std::collections::BTreeMap;

use crate::alignment::Alignment;
use crate::config::Profile;
use crate::cotravel::SLOT_US;
use crate::displaced::{Displaced, Displacement};
use crate::doorstep::Doorstep;
use crate::fleet::Vehicle;
use crate::health::{Finding, Health};
use crate::intake::Sink;
use crate::judge::{Judge, Names};
use crate::outcome::{ClockFigures, Notice, NoticeKind, Outcome, SensorFigures};
use crate::reception::{Reception, survival};
use crate::sighting::Sighting;

/// A clock that is off by more than this is told, seconds: frames of one transmission are then far apart.
const OFFSET_TOLD_S: f64 = 0.5;
/// A vehicle without any sensor is told after this much of the recording, seconds.
const NO_SENSOR_TOLD_S: f64 = 60.0;

/// Share of a slot in motion that counts as moving all the time.
const ALWAYS_MOVING: f64 = 0.8;

/// Everything that is kept about sensors.
#[derive(Debug, Default)]
pub(crate) struct Sensing {
    pub(crate) health: Health,
    pub(crate) reception: Reception,
    pub(crate) alignment: Alignment,
    doorstep: Doorstep,
    displaced: Displaced,
    /// Offsets that were told, by sensor, seconds.
    told_offsets: BTreeMap<u16, f64>,
    /// Positions were lost and that was told.
    fixes_lost: bool,
    last_fix_us: Option<i64>,
    told_vehicles: bool,
}

/// What keeps us from hearing what is there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hearing {
    /// Every sensor of some vehicle is deaf or partly deaf.
    pub vehicle_deaf: bool,
    /// Every sensor of some vehicle that is not deaf loses most frames to collisions.
    pub air_full: bool,
    /// Every sensor of some vehicle is flooded.
    pub flooded: bool,
    /// Most of what the sensors of some vehicle hear comes late.
    pub late: bool,
    /// We had positions and lost them.
    pub positions_lost: bool,
    /// Some sensor misses an advertising channel.
    pub one_channel: bool,
    /// A vehicle of ours carries no sensor at all.
    pub vehicle_without_sensor: bool,
}

/// How a sensor hears now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ability {
    Hears,
    Late,
    Flooded,
    AirFull,
    Deaf,
}

impl Judge {
    /// Takes note of how a sighting came in, and tells what is new about the sensor.
    pub(crate) fn sense(&mut self, s: &Sighting, now_us: i64, names: Names<'_>, sink: Sink<'_>) {
        let c = &self.config.health;
        let sensing = &mut self.sensing;
        sensing.health.heard(c, s.sensor, s.channel, s.late, now_us);
        if self.config.profile == Profile::Vehicle && !s.late {
            sensing
                .reception
                .heard(s.identifier, s.sensor, s.rssi, now_us);
            let payload = s.payload.bytes();
            if sensing
                .alignment
                .heard(s.sensor, s.identifier, payload, s.time_us)
            {
                self.tell_offsets(now_us, names, sink);
            }
            // As stamped: one clock taken wrongly to be off by seconds would reverse the order of vehicles.
            let displaced = &mut self.sensing.displaced;
            if self.fleet.names().len() > 1
                && displaced.heard(s.sensor, s.identifier, s.time_us, s.rssi)
            {
                self.look_for_displaced(s.time_us, names, sink);
            }
        }
        while let Some((sensor, finding)) = self.sensing.health.finding() {
            tell(sensor, finding, now_us, names, sink);
        }
        if !self.sensing.fixes_lost && self.ground.has_positions() && !self.ground.is_known(now_us)
        {
            self.sensing.fixes_lost = true;
            let since_us = self.sensing.last_fix_us.unwrap_or(now_us);
            sink(position_notice("positions_lost", since_us, now_us));
        }
        if !self.sensing.told_vehicles && self.listening.duration_s() >= NO_SENSOR_TOLD_S {
            self.tell_vehicles_without_sensor(sink);
        }
    }

    /// Tells of sensors that ride elsewhere than stated.
    #[cold]
    fn look_for_displaced(&mut self, now_us: i64, names: Names<'_>, sink: Sink<'_>) {
        let motion = &mut self.slots.motion;
        let roster = &mut self.roster;
        let mut speed = |identifier, from_us: i64, to_us: i64| {
            let known = roster.find(identifier)?;
            if roster.at(known)?.first_us < from_us - SLOT_US {
                return None;
            }
            let (first, last) = (from_us.div_euclid(SLOT_US), to_us.div_euclid(SLOT_US));
            let mut sum = 0.0;
            for slot in first..=last {
                let motion = motion.of(slot)?.motion;
                if motion.moving <= ALWAYS_MOVING {
                    return None;
                }
                sum += motion.speed_m_s;
            }
            Some(sum / (last - first + 1) as f64)
        };
        let c = &self.config.displaced;
        let Sensing {
            displaced,
            told_offsets,
            ..
        } = &mut self.sensing;
        let clock_off = |sensor: u16| told_offsets.contains_key(&sensor);
        let told = displaced.sweep(c, &self.fleet, now_us, &clock_off, &mut speed);
        let at_us = self.listening.now_us();
        for displacement in told {
            let (detail, sensor, about, value) = match displacement {
                Displacement::Elsewhere(sensor, stated, likely, nats) => {
                    let name = names.sensors.get(usize::from(sensor));
                    let about = format!(
                        "{} ({} → {})",
                        name.map_or("", String::as_str),
                        self.fleet.name(stated),
                        self.fleet.name(likely)
                    );
                    ("rides_elsewhere", sensor, Some(about), nats)
                }
                Displacement::LeftBehind(sensor, passes) => {
                    ("left_behind", sensor, None, f64::from(passes))
                }
            };
            let kind = NoticeKind::Sensor;
            sink(Outcome::Notice(Notice {
                about,
                ..notice(kind, detail, sensor, value, at_us, names)
            }));
        }
    }

    /// A position came.
    pub(crate) fn sense_fix(&mut self, time_us: i64, sink: Sink<'_>) {
        let before_us = self.sensing.last_fix_us.replace(time_us);
        if std::mem::take(&mut self.sensing.fixes_lost) {
            sink(position_notice(
                "positions_back",
                before_us.unwrap_or(time_us),
                time_us,
            ));
        }
    }

    /// Whether an identifier nobody knows stays outside for now: it came from a flooded sensor, for the first time.
    pub(crate) fn stays_outside(&mut self, s: &Sighting) -> bool {
        self.sensing.health.flooded(s.sensor) && !self.sensing.doorstep.knocks(s.identifier)
    }

    #[cold]
    fn tell_offsets(&mut self, now_us: i64, names: Names<'_>, sink: Sink<'_>) {
        if !self.sensing.alignment.tells_which() {
            return;
        }
        for sensor in 0..names.sensors.len() as u16 {
            let Some(offset) = self.sensing.alignment.offset(sensor) else {
                continue;
            };
            let off_s = offset.offset_s;
            if off_s.abs() <= OFFSET_TOLD_S || offset.uncertainty_s > off_s.abs() / 2.0 {
                continue;
            }
            let told = self.sensing.told_offsets.get(&sensor);
            if told.is_some_and(|before| (before - off_s).abs() < OFFSET_TOLD_S) {
                continue;
            }
            self.sensing.told_offsets.insert(sensor, off_s);
            let uncertainty = format!("{:.6}", offset.uncertainty_s);
            sink(Outcome::Notice(Notice {
                about: Some(uncertainty),
                ..notice(
                    NoticeKind::Clock,
                    "sensor_offset",
                    sensor,
                    off_s,
                    now_us,
                    names,
                )
            }));
        }
    }

    /// Names vehicles that carry no sensor: once.
    pub(crate) fn tell_vehicles_without_sensor(&mut self, sink: Sink<'_>) {
        if std::mem::replace(&mut self.sensing.told_vehicles, true) {
            return;
        }
        let now_us = self.listening.now_us();
        for vehicle in self.vehicles_without_sensor() {
            sink(Outcome::Notice(Notice {
                at_us: Some(now_us),
                kind: NoticeKind::Sensor,
                emitter: None,
                sensor: None,
                detail: "vehicle_without_sensor".into(),
                about: Some(self.fleet.name(vehicle).to_owned()),
                value: None,
            }));
        }
    }

    fn vehicles(&self) -> impl Iterator<Item = Vehicle> + use<> {
        (0..self.fleet.names().len()).map(|at| Vehicle(at as u8))
    }

    fn vehicles_without_sensor(&self) -> Vec<Vehicle> {
        let now_us = self.listening.now_us();
        let riding: Vec<_> = self.fleet.carrying(now_us).collect();
        self.vehicles().filter(|v| !riding.contains(v)).collect()
    }

    pub(crate) fn ability(&self, sensor: u16) -> Ability {
        let sensing = &self.sensing;
        let health = &sensing.health;
        if self.listening.is_deaf(sensor) || health.partly_deaf(sensor) {
            return Ability::Deaf;
        }
        if health.flooded(sensor) {
            return Ability::Flooded;
        }
        if self.config.profile == Profile::Vehicle {
            let (good_s, damaged_s) = health.on_air_s(sensor);
            let counted = survival(good_s, damaged_s);
            let measured = sensing.reception.share(sensor, self.listening.now_us());
            if measured.map_or(counted, |m| m.min(counted)) < self.config.health.air_full {
                return Ability::AirFull;
            }
        }
        if health.late_now(sensor) {
            return Ability::Late;
        }
        Ability::Hears
    }

    /// What cannot be heard now: by vehicle where a sensor's vehicle is known, else by sensor. The second is who is
    /// concerned, by name.
    pub(crate) fn hearing(&self, sensors: &[String]) -> (Hearing, Vec<String>) {
        let now_us = self.listening.now_us();
        let mut by_vehicle: BTreeMap<Vehicle, Ability> = BTreeMap::new();
        let mut hearing = Hearing {
            positions_lost: self.ground.has_positions() && !self.ground.is_known(now_us),
            one_channel: self.sensing.health.misses_a_channel(),
            vehicle_without_sensor: !self.vehicles_without_sensor().is_empty(),
            ..Hearing::default()
        };
        let mut concerned = Vec::new();
        let mut take = |ability, name: &str| {
            match ability {
                Ability::Hears => return,
                Ability::Late => hearing.late = true,
                Ability::Flooded => hearing.flooded = true,
                Ability::AirFull => hearing.air_full = true,
                Ability::Deaf => hearing.vehicle_deaf = true,
            }
            concerned.push(name.to_owned());
        };
        for sensor in 0..self.fleet.sensors().max(self.listening.sensors()) {
            if let Some(vehicle) = self.fleet.of_sensor(sensor, now_us) {
                // A vehicle hears as well as the best of its sensors.
                let ability = self.ability(sensor);
                let best = by_vehicle.entry(vehicle).or_insert(ability);
                *best = ability.min(*best);
            } else if !self.fleet.is_said_of(sensor) && self.listening.was_heard(sensor) {
                let name = sensors.get(usize::from(sensor)).map_or("", String::as_str);
                take(self.ability(sensor), name);
            }
        }
        for (vehicle, ability) in by_vehicle {
            take(ability, self.fleet.name(vehicle));
        }
        (hearing, concerned)
    }

    /// What the summary tells of the sensors.
    pub(crate) fn sensor_figures(&self, sensors: &[String]) -> SensorFigures {
        let name = |sensor: u16| sensors.get(usize::from(sensor)).cloned();
        let sensing = &self.sensing;
        let clocks = (0..sensors.len() as u16).filter_map(|sensor| {
            let offset = sensing.alignment.offset(sensor)?;
            let figures = ClockFigures {
                offset_s: offset.offset_s,
                uncertainty_s: offset.uncertainty_s,
                drift_ppm: offset.drift_ppm,
            };
            Some((name(sensor)?, figures))
        });
        SensorFigures {
            channels: sensing
                .health
                .channels()
                .filter_map(|(s, n)| Some((name(s)?, n)))
                .collect(),
            late_share: sensing
                .health
                .late_shares()
                .filter_map(|(s, x)| Some((name(s)?, x)))
                .collect(),
            clocks: clocks.collect(),
            unheard: self.hearing(sensors).1,
        }
    }
}

fn tell(sensor: u16, finding: Finding, now_us: i64, names: Names<'_>, sink: Sink<'_>) {
    let (kind, detail, value) = match finding {
        Finding::Flood(frames_s) => (NoticeKind::Flood, "flood_sensor", frames_s),
        Finding::OneChannel(channel) => (NoticeKind::Sensor, "one_channel", f64::from(channel)),
        Finding::ChannelUnheard(channel) => {
            (NoticeKind::Sensor, "channel_unheard", f64::from(channel))
        }
        Finding::PartlyDeaf(share) => (NoticeKind::Deaf, "partly_deaf", share),
        Finding::Late(share) => (NoticeKind::Sensor, "sensor_late", share),
    };
    sink(Outcome::Notice(notice(
        kind, detail, sensor, value, now_us, names,
    )));
}

fn notice(
    kind: NoticeKind,
    detail: &str,
    sensor: u16,
    value: f64,
    now_us: i64,
    names: Names<'_>,
) -> Notice {
    Notice {
        at_us: Some(now_us),
        kind,
        emitter: None,
        sensor: names.sensors.get(usize::from(sensor)).cloned(),
        detail: detail.into(),
        about: None,
        value: Some(value),
    }
}

fn position_notice(detail: &str, since_us: i64, now_us: i64) -> Outcome {
    Outcome::Notice(Notice {
        at_us: Some(now_us),
        kind: NoticeKind::Fix,
        emitter: None,
        sensor: None,
        detail: detail.into(),
        about: None,
        value: Some((now_us - since_us) as f64 / 1e6),
    })
}
