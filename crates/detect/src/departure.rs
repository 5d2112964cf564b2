//! Before departure: what is new since we parked, and loud at one of our vehicles?
//!
//! A device left at a vehicle while it stood is the one thing there that was not there before and is loud at one
//! receiver. Passers-by do not stay for 40 s, neighbours were there before or are quiet. Known false positives: a
//! vehicle that parks beside ours with a tag in it, a device of ours that is not enrolled. Not found: what changes
//! its key within a minute (the tests for clones answer that), what is switched off or connected to its phone.
//!
//! Memory is bounded: so many identifiers that were there, so many candidates; the roster forgets sooner than we leave.

use std::collections::{BTreeMap, HashMap, HashSet};

use foldhash::fast::FixedState;
use serde::{Deserialize, Serialize};
use vigie_decode::{AddressKind, Fix, TrackerState};

use crate::cotravel::SLOT_US;
use crate::distance::metres;
use crate::emitter::Emitter;
use crate::fleet::{Fleet, Vehicle};
use crate::parking::{Parking, ParkingConstants};
use crate::roster::Roster;
use crate::sighting::{Identifier, Sighting};

/// Name and version, as notices of newcomers rest on it.
pub const ANALYZER: &str = "before-departure@1";

/// Constants of the check before departure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DepartureConstants {
    /// When we are parked and when we leave.
    pub parking: ParkingConstants,
    /// Heard within this time before we stopped, or until we were parked: there when we parked, seconds.
    pub there_before_s: f64,
    /// The answer rests on this much listening, seconds.
    pub answer_s: f64,
    /// With less listening nothing is said, not even what is found, seconds.
    pub earliest_s: f64,
    /// Loud is from this mean level on, dBm.
    pub level_dbm: f64,
    /// What lies in a metal cavity is quieter at its own vehicle, and quieter still at all others: from this mean level
    /// on, dBm, it counts if it is `apart_db` louder there.
    pub quiet_dbm: f64,
    /// See `quiet_dbm`, dB.
    pub apart_db: f64,
    /// Heard at that vehicle at least so many times.
    pub sightings: u32,
    /// And in at least so many of the slots of ten seconds.
    pub slots: usize,
    /// Identifiers remembered as having been there; beyond, nothing can be called new.
    pub remembered: usize,
    /// Candidates kept; beyond, nothing can be called absent.
    pub candidates: usize,
}

impl Default for DepartureConstants {
    fn default() -> Self {
        Self {
            parking: ParkingConstants::default(),
            there_before_s: 60.0,
            answer_s: 60.0,
            earliest_s: 20.0,
            level_dbm: -80.0,
            quiet_dbm: -94.0,
            apart_db: 4.0,
            sightings: 4,
            slots: 4,
            remembered: 65_536,
            candidates: 4096,
        }
    }
}

/// That the check is asked for, and what is known beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BeforeDeparture {
    /// When we parked, µs since 1970, where positions do not tell.
    pub parked_since_us: Option<i64>,
}

/// A silence of a sensor longer than this begins its listening anew, µs: as for deafness.
const UNBROKEN_US: i64 = 15_000_000;
/// Level taken for a vehicle that did not hear it, dBm.
const UNHEARD_DBM: f64 = -98.0;
/// Slots in a window: the open one and what covers a minute before.
const WINDOW: usize = 7;

/// Follows the time at which we are parked.
#[derive(Debug)]
pub struct DepartureCheck {
    constants: DepartureConstants,
    asked: BeforeDeparture,
    parking: Parking,
    parked: Option<Parked>,
    candidates: HashMap<Identifier, Candidate, FixedState>,
    overflowed: bool,
    ears: BTreeMap<u16, Ear>,
}

/// Who was there when we parked.
#[derive(Debug)]
struct Parked {
    since_us: i64,
    place: Option<Fix>,
    left_us: Option<i64>,
    there: HashSet<Identifier, FixedState>,
    full: bool,
}

/// When a sensor began to listen without a break.
#[derive(Debug, Clone, Copy)]
struct Ear {
    since_us: i64,
    last_us: i64,
}

/// Something loud that was not there when we parked, as the sensors of the last minute heard it.
#[derive(Debug, Default)]
struct Candidate {
    last_us: i64,
    heard: Vec<(u16, [Slice; WINDOW])>,
}

/// One sensor's ten seconds.
#[derive(Debug, Default, Clone, Copy)]
struct Slice {
    slot: i64,
    count: u32,
    level_sum: i32,
}

/// A loud candidate and where it is loudest.
#[derive(Debug, Clone, PartialEq)]
pub struct Loud {
    /// What it is keyed on.
    pub identifier: Identifier,
    /// Mean level at that place, dBm.
    pub level_dbm: f64,
}

/// Where a sensor rides, or the sensor itself where nobody said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A vehicle of ours.
    Vehicle(Vehicle),
    /// A sensor of which no vehicle is known.
    Sensor(u16),
}

/// The answer for one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Which.
    pub place: Place,
    /// Unbroken listening that it rests on, seconds, at most `answer_s`.
    pub checked_s: f64,
    /// Loudest first.
    pub loud: Vec<Loud>,
}

/// Where a candidate is loudest, how loud, how often heard there.
type Loudest = (Place, f64);

impl DepartureCheck {
    /// Begins.
    #[must_use]
    pub fn new(constants: &DepartureConstants, asked: BeforeDeparture) -> Self {
        Self {
            constants: constants.clone(),
            asked,
            parking: Parking::default(),
            parked: None,
            candidates: HashMap::with_hasher(FixedState::with_seed(0x6465_7061_7274)),
            overflowed: false,
            ears: BTreeMap::new(),
        }
    }

    /// Takes a fix; true when we just left after having been parked.
    pub fn fix(&mut self, fix: &Fix) -> bool {
        let left = self.parking.fix(&self.constants.parking, fix);
        if left && let Some(parked) = &mut self.parked {
            parked.left_us.get_or_insert(fix.time_us);
            return true;
        }
        false
    }

    /// Once we are parked, remembers who was there.
    pub fn advance(&mut self, now_us: i64, roster: &Roster) {
        let c = &self.constants;
        let stand = self.parking.stand();
        let since_us = match (self.asked.parked_since_us, stand) {
            (Some(since_us), _) => since_us,
            (None, Some(stand)) => stand.time_us,
            (None, None) => return,
        };
        if ((now_us - since_us) as f64) < c.parking.parked_s * 1e6 {
            return;
        }
        if let Some(parked) = &mut self.parked {
            if parked.since_us == since_us {
                return;
            }
            let near = |a: &Fix, b: &Fix| metres(a, b) < c.parking.same_place_m;
            let soon = |left_us: i64| ((since_us - left_us) as f64) < c.parking.same_s * 1e6;
            if let (Some(place), Some(stand)) = (&parked.place, stand)
                && near(place, stand)
                && parked.left_us.is_none_or(soon)
            {
                parked.left_us = None;
                return;
            }
        }
        let from_us = since_us - (c.there_before_s * 1e6) as i64;
        let mut there = HashSet::with_hasher(FixedState::with_seed(0x7468_6572_6500));
        let mut full = false;
        for e in roster.awake().filter(|e| e.last_us >= from_us) {
            if there.len() >= c.remembered {
                full = true;
                break;
            }
            there.insert(e.identifier);
        }
        self.candidates.retain(|id, _| !there.contains(id));
        self.parked = Some(Parked {
            since_us,
            place: stand.copied(),
            left_us: None,
            there,
            full,
        });
    }

    /// Takes a sighting of something that is not ours.
    pub fn hear(&mut self, s: &Sighting, e: &Emitter, now_us: i64) {
        let Some(rssi) = s.rssi else { return };
        if self.parking.moving() || !self.is_candidate(e) {
            return;
        }
        // What is far below the line when it is heard best will not reach it on average.
        let known = self.candidates.contains_key(&s.identifier);
        if !known {
            if f64::from(rssi) < self.constants.quiet_dbm || !self.room(now_us) {
                return;
            }
            self.candidates.insert(s.identifier, Candidate::default());
        }
        if let Some(candidate) = self.candidates.get_mut(&s.identifier) {
            candidate.hear(s.sensor, rssi, now_us);
        }
    }

    /// A sensor heard something.
    pub fn listened(&mut self, sensor: u16, now_us: i64) {
        let ear = self.ears.entry(sensor).or_insert(Ear {
            since_us: now_us,
            last_us: now_us,
        });
        if now_us - ear.last_us > UNBROKEN_US {
            ear.since_us = now_us;
        }
        ear.last_us = now_us;
    }

    /// A tag, or something whose address lasts: telephones that change theirs would be new every quarter of an hour.
    fn is_candidate(&self, e: &Emitter) -> bool {
        let there = self
            .parked
            .as_ref()
            .is_some_and(|p| p.there.contains(&e.identifier));
        if there {
            return false;
        }
        match &e.traits {
            Some(t) => {
                let phone = t.model == Some("apple_device");
                !(phone && t.state == Some(TrackerState::NearOwner))
            }
            None => !matches!(e.address_kind, Some(AddressKind::Rpa | AddressKind::Nrpa)),
        }
    }

    /// Room for one more candidate, made by leaving out those of the past if need be.
    fn room(&mut self, now_us: i64) -> bool {
        if self.candidates.len() < self.constants.candidates {
            return true;
        }
        let window_us = WINDOW as i64 * SLOT_US;
        self.candidates
            .retain(|_, c| now_us - c.last_us < window_us);
        let room = self.candidates.len() < self.constants.candidates;
        self.overflowed |= !room;
        room
    }

    /// When we parked, as far as who was there then is known.
    #[must_use]
    pub fn parked_us(&self) -> Option<i64> {
        self.parked.as_ref().filter(|p| !p.full).map(|p| p.since_us)
    }

    /// Whether we are seen to move.
    #[must_use]
    pub const fn moving(&self) -> bool {
        self.parking.moving()
    }

    /// Whether more was loud than could be followed.
    #[must_use]
    pub const fn overflowed(&self) -> bool {
        self.overflowed
    }

    /// What is loud now and was not there, place by place: vehicles in the order of the convoy, then sensors.
    #[must_use]
    pub fn answers(&self, fleet: &Fleet, now_us: i64) -> Vec<Answer> {
        let place = |sensor| match fleet.of_sensor(sensor, now_us) {
            Some(vehicle) => Place::Vehicle(vehicle),
            None => Place::Sensor(sensor),
        };
        let mut answers: BTreeMap<Place, Answer> = BTreeMap::new();
        let vehicles = (0..fleet.names().len()).map(|v| Place::Vehicle(Vehicle(v as u8)));
        for at in vehicles.chain(self.ears.keys().map(|s| place(*s))) {
            answers.entry(at).or_insert(Answer {
                place: at,
                checked_s: 0.0,
                loud: Vec::new(),
            });
        }
        for (sensor, ear) in &self.ears {
            if now_us - ear.last_us > UNBROKEN_US {
                continue;
            }
            let listened_s = (now_us - ear.since_us) as f64 / 1e6;
            if let Some(answer) = answers.get_mut(&place(*sensor)) {
                let checked_s = listened_s.min(self.constants.answer_s);
                answer.checked_s = answer.checked_s.max(checked_s);
            }
        }
        for (identifier, candidate) in &self.candidates {
            if let Some((at, level_dbm)) = candidate.loudest(&self.constants, place, now_us)
                && let Some(answer) = answers.get_mut(&at)
            {
                answer.loud.push(Loud {
                    identifier: *identifier,
                    level_dbm,
                });
            }
        }
        let mut answers: Vec<Answer> = answers.into_values().collect();
        for answer in &mut answers {
            // Also undoes the order of the hash table.
            answer.loud.sort_by(|a, b| {
                b.level_dbm
                    .total_cmp(&a.level_dbm)
                    .then(a.identifier.cmp(&b.identifier))
            });
        }
        answers
    }
}

impl Candidate {
    fn hear(&mut self, sensor: u16, rssi: i8, now_us: i64) {
        self.last_us = now_us;
        let slot = now_us.div_euclid(SLOT_US);
        let at = match self.heard.iter().position(|(s, _)| *s == sensor) {
            Some(at) => at,
            None => {
                self.heard.push((sensor, [Slice::default(); WINDOW]));
                self.heard.len() - 1
            }
        };
        let Some((_, slices)) = self.heard.get_mut(at) else {
            return;
        };
        let index = slot.rem_euclid(WINDOW as i64) as usize;
        if let Some(slice) = slices.get_mut(index) {
            if slice.slot != slot {
                *slice = Slice {
                    slot,
                    ..Slice::default()
                };
            }
            slice.count += 1;
            slice.level_sum += i32::from(rssi);
        }
    }

    /// Where it is loudest, if it is loud and has stayed.
    fn loudest(
        &self,
        c: &DepartureConstants,
        place: impl Fn(u16) -> Place,
        now_us: i64,
    ) -> Option<Loudest> {
        let oldest = now_us.div_euclid(SLOT_US) - WINDOW as i64;
        let mut best: Option<(Loudest, u32, usize)> = None;
        let mut levels: BTreeMap<Place, f64> = BTreeMap::new();
        for (sensor, slices) in &self.heard {
            let recent = slices.iter().filter(|s| s.slot > oldest && s.count > 0);
            let (mut count, mut sum, mut slots) = (0, 0, 0);
            for slice in recent {
                count += slice.count;
                sum += slice.level_sum;
                slots += 1;
            }
            if count == 0 {
                continue;
            }
            let level_dbm = f64::from(sum) / f64::from(count);
            let at = levels.entry(place(*sensor)).or_insert(UNHEARD_DBM);
            *at = at.max(level_dbm);
            if best.is_none_or(|((_, level), ..)| level_dbm > level) {
                best = Some(((place(*sensor), level_dbm), count, slots));
            }
        }
        let (loudest, count, slots) = best?;
        let elsewhere = levels.iter().filter(|(at, _)| **at != loudest.0);
        let next_dbm = elsewhere.map(|(_, l)| *l).fold(UNHEARD_DBM, f64::max);
        let loud = loudest.1 >= c.level_dbm
            || loudest.1 >= c.quiet_dbm && loudest.1 - next_dbm >= c.apart_db;
        (loud && count >= c.sightings && slots >= c.slots).then_some(loudest)
    }
}
