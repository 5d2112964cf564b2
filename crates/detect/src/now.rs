//! What holds now, for those who look on while a run goes on: how the sensors hear, and the course of what travels with us.

use std::collections::BTreeMap;

use crate::cotravel::SLOT_US;
use crate::course::Course;
use crate::emitter::Emitter;
use crate::judge::Judge;
use crate::outcome::EmitterId;
use crate::sensing::Ability;

/// Runs of contact told of one emitter.
const RUNS: usize = 256;

/// How a sensor hears now.
#[derive(Debug, Clone, PartialEq)]
pub struct SensorNow {
    /// Its name.
    pub name: String,
    /// Vehicle in which it rides, where known.
    pub vehicle: Option<String>,
    /// Why it does not hear what is there: the condition that it states itself, else `silent`, `partly_deaf`, `flood_sensor`,
    /// `air_full` or `sensor_late`; `None`: it hears.
    pub cause: Option<&'static str>,
    /// When it last heard something, µs since 1970.
    pub last_heard_us: Option<i64>,
    /// Since when it has been deaf, µs since 1970, where that is known.
    pub since_us: Option<i64>,
}

/// A run of contact: heard by one sensor in one or several slots of ten seconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Contact {
    /// Beginning of the first slot, µs since 1970.
    pub from_us: i64,
    /// End of the last slot, µs since 1970.
    pub to_us: i64,
    /// Sensor.
    pub sensor: String,
    /// Vehicle in which it rode, where known.
    pub vehicle: Option<String>,
    /// Loudest mean level of a slot, dBm, where known.
    pub level_dbm: Option<f64>,
    /// Frames.
    pub count: u64,
}

/// Something that alerted, or is on its way to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Travelling {
    /// Which.
    pub emitter: EmitterId,
    /// First sighting, µs since 1970.
    pub first_us: i64,
    /// Last sighting, µs since 1970.
    pub last_us: i64,
    /// Tracker family, where the frames tell.
    pub family: Option<&'static str>,
    /// Runs of contact, oldest first.
    pub course: Vec<Contact>,
}

impl Judge {
    /// How each sensor hears now.
    pub(crate) fn sensors_now(&self, sensors: &[String]) -> Vec<SensorNow> {
        let now_us = self.listening.now_us();
        let of = |(sensor, name): (u16, &String)| {
            let stated = self.stated.of(sensor);
            let cause = match (stated, self.ability(sensor)) {
                (Some((condition, _)), _) => Some(condition.as_str()),
                (None, Ability::Hears) => None,
                (None, Ability::Late) => Some("sensor_late"),
                (None, Ability::Flooded) => Some("flood_sensor"),
                (None, Ability::AirFull) => Some("air_full"),
                (None, Ability::Deaf) if self.listening.is_deaf(sensor) => Some("silent"),
                (None, Ability::Deaf) => Some("partly_deaf"),
            };
            let last_heard_us = self.listening.last_heard_us(sensor);
            SensorNow {
                name: name.clone(),
                vehicle: self
                    .fleet
                    .of_sensor(sensor, now_us)
                    .map(|v| self.fleet.name(v).to_owned()),
                cause,
                last_heard_us,
                since_us: match stated {
                    Some((_, since_us)) => Some(since_us),
                    None => last_heard_us.filter(|_| cause == Some("silent")),
                },
            }
        };
        (0..).zip(sensors).map(of).collect()
    }

    /// What travels with us, as far as it was heard since a time.
    pub(crate) fn travelling(&self, since_us: i64, sensors: &[String]) -> Vec<Travelling> {
        let is_told = |e: &&Emitter| (e.alert_us.is_some() || e.watched) && e.last_us >= since_us;
        let living = self.roster.awake().filter(is_told);
        living
            .map(|e| Travelling {
                emitter: e.number,
                first_us: e.first_us,
                last_us: e.last_us,
                family: e.traits.as_ref().map(|t| t.family.as_str()),
                course: self.contacts(e, sensors),
            })
            .collect()
    }

    /// The course of one emitter.
    pub(crate) fn course(&self, emitter: EmitterId, sensors: &[String]) -> Option<Vec<Contact>> {
        let slot = self.roster.by_number(emitter);
        let e = match slot {
            Some(slot) => self.roster.look_at(slot)?,
            None => self.kept.values().find(|e| e.number == emitter)?,
        };
        let contacts = self.contacts(e, sensors);
        (!contacts.is_empty()).then_some(contacts)
    }

    /// Runs of contact, all sensors together, oldest first.
    fn contacts(&self, e: &Emitter, sensors: &[String]) -> Vec<Contact> {
        let courses = e.channels.iter();
        let mut courses: Vec<(u16, Course)> = courses
            .filter_map(|c| Some((c.sensor, c.course.as_deref()?.clone())))
            .collect();
        loop {
            let runs: BTreeMap<(i64, u16), Contact> = courses
                .iter()
                .flat_map(|(sensor, course)| self.runs(*sensor, course, sensors))
                .collect();
            if runs.len() <= RUNS {
                return runs.into_values().collect();
            }
            // The finest are made coarser first.
            let finest = courses.iter().map(|(_, c)| c.width()).min();
            let finest = courses
                .iter_mut()
                .filter(|(_, c)| Some(c.width()) == finest);
            finest.for_each(|(_, course)| course.widen());
        }
    }

    fn runs(&self, sensor: u16, course: &Course, sensors: &[String]) -> Vec<((i64, u16), Contact)> {
        let name = sensors.get(usize::from(sensor));
        let name = name.map_or("", String::as_str);
        let run = |entry: &crate::course::Entry| {
            let from_us = entry.slot * SLOT_US;
            let vehicle = self.fleet.of_sensor(sensor, from_us);
            let contact = Contact {
                from_us,
                to_us: from_us + course.width() * SLOT_US,
                sensor: name.to_owned(),
                vehicle: vehicle.map(|v| self.fleet.name(v).to_owned()),
                level_dbm: (!entry.level_dbm.is_nan())
                    .then(|| (f64::from(entry.level_dbm) * 10.0).round() / 10.0),
                count: entry.count.into(),
            };
            ((from_us, sensor), contact)
        };
        course.entries().iter().map(run).collect()
    }
}
