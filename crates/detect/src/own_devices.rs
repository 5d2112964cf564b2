//! Our own devices during a run: recognised under every address of theirs and silent, unless something else uses
//! one of their addresses.
//!
//! Of each only its presence per vehicle is kept. Addresses made from a key are remembered, 128 a device, to tell a
//! replayed one; they are never told. Memory is bounded by what is enrolled.

use std::collections::{BTreeMap, HashMap, VecDeque};

use foldhash::fast::FixedState;
use vigie_decode::{AddressKind, Family, TrackerState, identify};

use crate::alignment::Alignment;
use crate::cotravel::SLOT_US;
use crate::emitter::mark;
use crate::enrolled::{Enrolled, EnrolmentConstants};
use crate::fleet::{Fleet, Vehicle};
use crate::outcome::{EmitterId, EmitterRecord, Presence, Verdict};
use crate::sighting::{Identifier, Sighting};
use crate::strata::NO_PEAKS;
use crate::successor::{Newcomer, SuccessorConstants};
use crate::transmissions::Transmissions;
use crate::turnover_in_vehicle::NO_TURNOVER;
use crate::two_transmitters::{Reception, TwoTransmitters};

/// Addresses of one device remembered: more than a day of them, changed every 15 minutes.
const REMEMBERED: usize = 128;

/// All that is enrolled.
#[derive(Debug)]
pub struct OwnDevices {
    constants: EnrolmentConstants,
    devices: Vec<Device>,
    addresses: HashMap<Identifier, Known, FixedState>,
    /// Some address is used by ours and by something else.
    shares: bool,
}

/// One device.
#[derive(Debug)]
struct Device {
    enrolled: Enrolled,
    number: Option<EmitterId>,
    first_us: i64,
    last_us: i64,
    sightings: u64,
    transmissions: Transmissions,
    level_dbm: Option<f64>,
    address_kind: Option<AddressKind>,
    /// It was taken for the predecessor of another.
    claimed: bool,
    /// Addresses made from its key, in order of first sighting.
    made: VecDeque<Identifier>,
    /// First sighting of the latest of them.
    latest_first_us: i64,
    slot: i64,
    /// Sightings and sum of levels in the open slot.
    in_slot: BTreeMap<Option<Vehicle>, (u32, f64)>,
    present_slots: u64,
    vehicle_slots: BTreeMap<Vehicle, u64>,
}

/// An address of a device of ours.
#[derive(Debug)]
struct Known {
    device: usize,
    first_us: Option<i64>,
    last_us: i64,
    payload_mark: u64,
    used_by: UsedBy,
    two: TwoTransmitters,
}

/// Who uses an address of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UsedBy {
    /// Our device.
    Ours,
    /// Something else.
    Copy,
    /// Our device, in this vehicle, and something loud at another one.
    Both(Vehicle),
}

/// What is to be done with a sighting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// It is a device of ours: nothing.
    Ours,
    /// It uses an address of the device named, but is not that device, as the code says; told once. To be judged.
    Copied(&'static str, String),
    /// To be judged.
    Strange,
}

impl OwnDevices {
    /// Of what is enrolled.
    #[must_use]
    pub fn new(enrolled: &[Enrolled], constants: &EnrolmentConstants) -> Self {
        let mut addresses = HashMap::with_hasher(FixedState::with_seed(0x656e_726f_6c65));
        for (device, one) in enrolled.iter().enumerate() {
            for (address, kind) in &one.addresses {
                // Where a log does not tell the sub-type, the address alone counts.
                for kind in [Some(*kind), None] {
                    let identifier = Identifier::of_address(*address, kind);
                    addresses.insert(identifier, Known::new(device));
                }
            }
        }
        Self {
            constants: constants.clone(),
            devices: enrolled.iter().cloned().map(Device::new).collect(),
            addresses,
            shares: false,
        }
    }

    /// Whether nothing is enrolled.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.devices.is_empty()
    }

    /// Whether this address of ours is used by something else.
    #[must_use]
    pub fn is_copied(&self, identifier: Identifier) -> bool {
        self.addresses
            .get(&identifier)
            .is_some_and(|a| a.used_by != UsedBy::Ours)
    }

    /// Whether emitters under judgement may have addresses that our devices use as well.
    #[must_use]
    #[inline]
    pub const fn shares(&self) -> bool {
        self.shares
    }

    /// Looks at a sighting; `judged` says that an emitter under judgement has its identifier. `heard` counts the emitters: a device of ours
    /// is one, whatever its addresses.
    pub fn take(
        &mut self,
        s: &Sighting,
        vehicle: Option<Vehicle>,
        now_us: i64,
        judged: bool,
        clocks: &Alignment,
        heard: &mut u64,
    ) -> Whose {
        let known = self.addresses.contains_key(&s.identifier);
        if !known && (judged || !self.resolve(s, now_us)) {
            return Whose::Strange;
        }
        let Some(known) = self.addresses.get_mut(&s.identifier) else {
            return Whose::Strange;
        };
        let Some(device) = self.devices.get_mut(known.device) else {
            return Whose::Strange;
        };
        match known.used_by {
            UsedBy::Ours => {}
            UsedBy::Copy => return Whose::Strange,
            UsedBy::Both(home) => {
                let strange = match (vehicle, s.rssi) {
                    (Some(v), Some(rssi)) => {
                        known
                            .two
                            .is_other(&self.constants, home, v, f32::from(rssi))
                    }
                    _ => false,
                };
                if strange {
                    return Whose::Strange;
                }
                device.hear(s, vehicle, now_us, clocks);
                return Whose::Ours;
            }
        }
        let first_us = *known.first_us.get_or_insert(now_us);
        let silent_us = now_us - known.last_us.max(first_us);
        let copied = if device.is_away(now_us) {
            Some("copied_elsewhere")
        } else if rotates(s) && self.constants.is_old(device, first_us, silent_us, now_us) {
            Some("copied_old_address")
        } else if known.shows_other_family(s, device.enrolled.family) {
            Some("copied_other_family")
        } else if let (Some(v), Some(rssi)) = (vehicle, s.rssi)
            && known.two.hear(
                &self.constants,
                clocks,
                Reception {
                    sensor: s.sensor,
                    vehicle: v,
                    time_us: s.time_us,
                    level_dbm: f32::from(rssi),
                },
            )
        {
            Some(TWO_TRANSMITTERS)
        } else {
            None
        };
        known.last_us = now_us;
        if let Some(detail) = copied {
            known.used_by = match device.home() {
                Some(home) if detail == TWO_TRANSMITTERS => UsedBy::Both(home),
                _ => UsedBy::Copy,
            };
            self.shares |= known.used_by != UsedBy::Copy;
            return Whose::Copied(detail, device.enrolled.name.clone());
        }
        if device.number.is_none() {
            *heard += 1;
            device.number = Some(EmitterId(*heard));
            device.first_us = now_us;
        }
        device.hear(s, vehicle, now_us, clocks);
        Whose::Ours
    }

    /// Tries the keys on an address that was not met before.
    #[cold]
    fn resolve(&mut self, s: &Sighting, now_us: i64) -> bool {
        if !matches!(s.address_kind, Some(AddressKind::Rpa) | None) {
            return false;
        }
        let Some(address) = s.identifier.address() else {
            return false;
        };
        let found = self.devices.iter_mut().enumerate().find(|(_, d)| {
            let irk = d.enrolled.irk.as_ref();
            irk.is_some_and(|irk| irk.resolves(address))
        });
        let Some((index, device)) = found else {
            return false;
        };
        device.made.push_back(s.identifier);
        device.latest_first_us = now_us;
        if device.made.len() > REMEMBERED
            && let Some(oldest) = device.made.pop_front()
        {
            self.addresses.remove(&oldest);
        }
        self.addresses.insert(s.identifier, Known::new(index));
        true
    }

    /// Which device without a key may show this newcomer as its next address, and the seconds between: a label, as
    /// [`crate::successor`] explains. One successor each.
    pub fn claim(
        &mut self,
        constants: &SuccessorConstants,
        newcomer: &Newcomer,
        family: Option<Family>,
    ) -> Option<(EmitterId, f64)> {
        if newcomer.level_dbm < constants.level_dbm {
            return None;
        }
        let gap = |d: &Device| (newcomer.first_us - d.last_us) as f64 / 1e6;
        let device = self
            .devices
            .iter_mut()
            .filter(|d| {
                let changes = matches!(
                    d.address_kind,
                    Some(AddressKind::Rpa | AddressKind::Nrpa) | None
                );
                let near = d.level_dbm.is_some_and(|l| {
                    (l - newcomer.level_dbm).abs() <= constants.level_difference_db
                });
                changes
                    && near
                    && !d.claimed
                    && d.enrolled.irk.is_none()
                    && d.enrolled.family == family
                    && d.address_kind == newcomer.address_kind
                    && (-constants.overlap_s..=constants.gap_s).contains(&gap(d))
            })
            .min_by(|a, b| gap(a).abs().total_cmp(&gap(b).abs()))?;
        device.claimed = true;
        Some((device.number?, gap(device)))
    }

    /// Transmissions of all of them.
    #[must_use]
    pub fn transmissions(&self) -> u64 {
        let each = self.devices.iter();
        each.map(|d| d.transmissions.count()).sum()
    }

    /// How long those that were heard were with us.
    #[must_use]
    pub fn presence(&self, fleet: &Fleet) -> Vec<Presence> {
        let heard = self.devices.iter().filter(|d| d.number.is_some());
        heard
            .map(|device| device.presence(device.enrolled.name.clone(), fleet))
            .collect()
    }

    /// What is told of those that were heard.
    pub fn records(&mut self, fleet: &Fleet, prior: f64) -> Vec<EmitterRecord> {
        let records = self.devices.iter_mut().filter_map(|device| {
            device.settle();
            let name = std::mem::take(&mut device.enrolled.name);
            Some(EmitterRecord {
                emitter: device.number?,
                identifiers: Vec::new(),
                keys: Vec::new(),
                family: None,
                model: None,
                state: None,
                first_seen_us: device.first_us,
                last_seen_us: device.last_us,
                sightings: device.sightings,
                transmissions: device.transmissions.count(),
                verdict: Verdict::Enrolled,
                enrolled: Some(device.presence(name, fleet)),
                llr: f64::NEG_INFINITY,
                llr_uncapped: f64::NEG_INFINITY,
                peaks: NO_PEAKS,
                turnover_peaks: NO_TURNOVER,
                prior,
                probability: 0.0,
                follows: Vec::new(),
                alert_at_us: None,
                vehicle: None,
                vehicle_probability: None,
                whereabouts: None,
                clone_signs: Vec::new(),
            })
        });
        records.collect()
    }
}

/// Whether the address is of a sub-type that devices change.
fn rotates(s: &Sighting) -> bool {
    match s.address_kind {
        Some(kind) => kind == AddressKind::Rpa,
        None => s
            .identifier
            .address()
            .is_some_and(|a| a.random_kind() == Some(AddressKind::Rpa)),
    }
}

impl EnrolmentConstants {
    /// Whether the owner's device can no longer be using an address.
    fn is_old(&self, device: &Device, first_us: i64, silent_us: i64, now_us: i64) -> bool {
        let seconds = |us: i64| us as f64 / 1e6;
        let replaced = seconds(silent_us) >= self.replaced_silence_s
            && device.latest_first_us > now_us - silent_us;
        seconds(now_us - first_us) > self.address_lifetime_s || replaced
    }
}

impl Device {
    fn presence(&self, name: String, fleet: &Fleet) -> Presence {
        let seconds = |slots: u64| slots as f64 * SLOT_US as f64 / 1e6;
        let vehicles = self.vehicle_slots.iter();
        Presence {
            name,
            present_s: seconds(self.present_slots),
            vehicles: vehicles
                .map(|(v, slots)| (fleet.name(*v).to_owned(), seconds(*slots)))
                .collect(),
        }
    }

    fn new(enrolled: Enrolled) -> Self {
        Self {
            enrolled,
            number: None,
            first_us: 0,
            last_us: 0,
            sightings: 0,
            transmissions: Transmissions::default(),
            level_dbm: None,
            address_kind: None,
            claimed: false,
            made: VecDeque::new(),
            latest_first_us: i64::MIN,
            slot: i64::MIN,
            in_slot: BTreeMap::new(),
            present_slots: 0,
            vehicle_slots: BTreeMap::new(),
        }
    }

    /// The vehicle in which it was longest.
    fn home(&self) -> Option<Vehicle> {
        let longest = self.vehicle_slots.iter().rev().max_by_key(|(_, n)| **n);
        longest.map(|(vehicle, _)| *vehicle)
    }

    fn is_away(&self, now_us: i64) -> bool {
        let mut times = self.enrolled.away_us.iter();
        times.any(|(from, until)| (*from..*until).contains(&now_us))
    }

    fn hear(&mut self, s: &Sighting, vehicle: Option<Vehicle>, now_us: i64, clocks: &Alignment) {
        let slot = now_us.div_euclid(SLOT_US);
        if slot != self.slot {
            self.settle();
            self.slot = slot;
        }
        self.sightings += 1;
        self.transmissions.hear(clocks, s.sensor, s.time_us);
        self.last_us = now_us;
        self.claimed = false;
        self.address_kind = s.address_kind;
        let (count, sum) = self.in_slot.entry(vehicle).or_default();
        *count += 1;
        // Without a level every vehicle is as near as the other: the first in the convoy is taken.
        *sum += s.rssi.map_or(LEVEL_UNKNOWN_DBM, f64::from);
    }

    /// Counts the open slot for the vehicle that heard loudest.
    fn settle(&mut self) {
        let mean = |(count, sum): &(u32, f64)| sum / f64::from((*count).max(1));
        let loudest = self
            .in_slot
            .iter()
            .rev()
            .max_by(|a, b| mean(a.1).total_cmp(&mean(b.1)));
        let Some((vehicle, heard)) = loudest else {
            return;
        };
        let level = mean(heard);
        self.level_dbm = (level > LEVEL_UNKNOWN_DBM).then_some(level);
        self.present_slots += 1;
        if let Some(vehicle) = vehicle {
            *self.vehicle_slots.entry(*vehicle).or_default() += 1;
        }
        self.in_slot.clear();
    }
}

/// Code of the finding that an address is sent from two vehicles.
const TWO_TRANSMITTERS: &str = "copied_two_transmitters";

/// Stands for an unknown level, dBm: below all known ones.
const LEVEL_UNKNOWN_DBM: f64 = -128.0;

impl Known {
    fn new(device: usize) -> Self {
        Self {
            device,
            first_us: None,
            last_us: i64::MIN,
            payload_mark: 0,
            used_by: UsedBy::Ours,
            two: TwoTransmitters::default(),
        }
    }

    /// Whether the frame is that of a tracker which the enrolled device is not. Frames that claim a near owner are
    /// sent by telephones too and tell nothing here.
    fn shows_other_family(&mut self, s: &Sighting, family: Option<Family>) -> bool {
        let bytes = s.payload.bytes();
        if bytes.is_empty() {
            return false;
        }
        let mark = mark(bytes);
        if mark == self.payload_mark {
            return false;
        }
        self.payload_mark = mark;
        s.advertisement()
            .and_then(|a| identify(&a))
            .is_some_and(|t| Some(t.family) != family && t.state != Some(TrackerState::NearOwner))
    }
}
