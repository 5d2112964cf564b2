//! What is kept of one living emitter.

use vigie_decode::{
    AddressKind, Battery, CloneSigns, Family, Key, TrackerState, clone_signs, identify,
};

use crate::chain::Chain;
use crate::cotravel::{CoTravel, SlotHeard};
use crate::course::Course;
use crate::ground::RunStart;
use crate::latest::Latest;
use crate::linking::Ends;
use crate::locating::Trail;
use crate::outcome::EmitterId;
use crate::sighting::{Identifier, Sighting};
use crate::strata::{Class, Loudness, NO_PEAKS, Peaks, Steadiness, Weighing, place};
use crate::transmissions::Transmissions;
use crate::turnover::Companion;
use crate::turnover_in_vehicle::{NO_TURNOVER, TurnoverPeaks};

/// One living emitter.
#[derive(Debug)]
pub struct Emitter {
    /// What it is keyed on.
    pub identifier: Identifier,
    /// Its number.
    pub number: EmitterId,
    /// Sub-type of its address, where known.
    pub address_kind: Option<AddressKind>,
    /// First sighting, µs since 1970.
    pub first_us: i64,
    /// Last sighting, µs since 1970.
    pub last_us: i64,
    /// Scan clock at the last sighting, µs.
    pub last_scan_us: i64,
    /// Scan clock when the present contact began (ended by a gap of the slow tier), µs.
    pub contact_scan_us: i64,
    /// Sightings.
    pub sightings: u64,
    /// Transmissions, however many sensors heard each.
    pub transmissions: Transmissions,
    /// Emitters present when it was last heard.
    pub present: u32,
    /// It fell silent once: its death has been counted.
    pub died: bool,
    /// It is noted among those that ended.
    pub ended: bool,
    /// It was over the watch line and a notice said so.
    pub watched: bool,
    /// What the on-person analyzer keeps.
    pub companion: Companion,
    /// What the vehicle analyzer keeps, one channel a sensor.
    pub channels: Vec<Channel>,
    /// What the payload told.
    pub traits: Option<Box<Traits>>,
    payload_mark: u64,
    /// Highest calibrated log-likelihood ratio, nats; in a vehicle the one with the highest posterior.
    pub best_llr: f64,
    /// In a vehicle, where it was weighed so.
    pub weighed: Option<Weighing>,
    /// Highest raw ratios of the co-travel test, nats, by level and its behaviour.
    pub peaks: Peaks,
    /// In a vehicle, a tag's present run of contact: where the turnover test counts from.
    pub run: Option<Box<RunStart>>,
    /// Highest scores of that test, turnovers, by level.
    pub turnover_peaks: TurnoverPeaks,
    /// In a vehicle, the calibrated ratio last reached by its own evidence, nats.
    pub own_llr: f64,
    /// Both ends of its present tracklet, until it is dormant.
    pub(crate) ends: Option<Box<Ends>>,
    /// What it has from those it follows.
    pub(crate) chain: Option<Box<Chain>>,
    /// When it alerted, µs since 1970.
    pub alert_us: Option<i64>,
    /// Looks like the new address of a device that was with us before.
    pub probably_ours: bool,
    /// Since it alerted: in which vehicle it is.
    pub trail: Option<Box<Trail>>,
}

/// What one sensor heard of one emitter.
#[derive(Debug)]
pub struct Channel {
    /// Which sensor.
    pub sensor: u16,
    /// The slot being filled.
    pub slot: i64,
    /// Frames in it.
    pub count: u32,
    /// Frames with a known level, and the sum of the levels, dBm.
    pub leveled: u32,
    /// See `leveled`.
    pub level_sum: i32,
    /// Last slot that the test has taken.
    pub taken: Option<i64>,
    /// What the first slot of the contact held.
    pub first: SlotHeard,
    /// The test, from the second slot of a contact on.
    pub test: Option<Box<CoTravel>>,
    /// What the last slots held, from the second slot of a contact on.
    pub latest: Option<Box<Latest>>,
    /// The course of its contact, from the second slot on.
    pub(crate) course: Option<Box<Course>>,
}

/// Family, keys and signs, as drawn from payloads. Kept small: in a crowd of tags every emitter has one.
#[derive(Debug)]
pub struct Traits {
    /// Family.
    pub family: Family,
    /// Model.
    pub model: Option<&'static str>,
    /// Last state.
    pub state: Option<TrackerState>,
    /// Weak signs of a self-made tracker.
    pub clone_signs: CloneSigns,
    /// Battery level, where the frames tell.
    pub battery: Option<Battery>,
    /// SmartTag: quarters of an hour, counted.
    pub aging_counter: Option<u32>,
    /// First key; the later ones follow in `more_keys`, without repetition.
    key: Option<Key>,
    more_keys: Vec<Key>,
}

impl Traits {
    /// Keys in order, hex.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        let keys = self.key.iter().chain(&self.more_keys);
        keys.map(|key| key.to_string().to_lowercase()).collect()
    }

    /// Tells the first key from others, for linking.
    #[must_use]
    pub fn first_key_mark(&self) -> Option<u64> {
        self.key.map(|key| mark(key.to_string().as_bytes()))
    }

    fn add_key(&mut self, key: Key) {
        match self.key {
            None => self.key = Some(key),
            Some(first) => {
                let new = first != key && !self.more_keys.contains(&key);
                if new && self.more_keys.len() < KEYS {
                    self.more_keys.push(key);
                }
            }
        }
    }
}

/// Keys listed of one emitter: a clone may show thousands under one address.
const KEYS: usize = 64;

impl Emitter {
    /// First sighting. The caller adds it to the roster.
    #[must_use]
    pub fn new(number: EmitterId, s: &Sighting, scan_us: i64, companion: Companion) -> Self {
        Self {
            identifier: s.identifier,
            number,
            address_kind: s.address_kind,
            first_us: s.time_us,
            last_us: s.time_us,
            last_scan_us: scan_us,
            contact_scan_us: scan_us,
            sightings: 0,
            transmissions: Transmissions::default(),
            present: 0,
            died: false,
            ended: false,
            watched: false,
            companion,
            channels: Vec::new(),
            traits: None,
            payload_mark: 0,
            best_llr: f64::NEG_INFINITY,
            weighed: None,
            peaks: NO_PEAKS,
            run: None,
            turnover_peaks: NO_TURNOVER,
            own_llr: 0.0,
            ends: None,
            chain: None,
            alert_us: None,
            probably_ours: false,
            trail: None,
        }
    }

    /// Tag where a tracker family was decoded.
    #[must_use]
    pub const fn class(&self) -> Class {
        if self.traits.is_some() {
            Class::Tag
        } else {
            Class::Other
        }
    }

    /// Notes a raw ratio of the vehicle analyzer, nats.
    pub fn note_peak(&mut self, loudness: Option<Loudness>, steadiness: Steadiness, raw: f64) {
        let at = place(loudness.unwrap_or(Loudness::Quiet), steadiness);
        if let Some(peak) = self.peaks.get_mut(at) {
            *peak = peak.max(raw as f32);
        }
    }

    /// Notes a score of the turnover test in a vehicle.
    pub fn note_turnovers(&mut self, loudness: Option<Loudness>, turnovers: f64) {
        let at = loudness.unwrap_or(Loudness::Quiet) as usize;
        if let Some(peak) = self.turnover_peaks.get_mut(at) {
            *peak = peak.max(turnovers as f32);
        }
    }

    /// Reads the payload if it is not the one read last.
    #[inline]
    pub fn read_payload(&mut self, s: &Sighting) {
        let bytes = s.payload.bytes();
        if bytes.is_empty() {
            return;
        }
        let mark = mark(bytes);
        if mark != self.payload_mark {
            self.payload_mark = mark;
            self.read_new_payload(s);
        }
    }

    #[cold]
    fn read_new_payload(&mut self, s: &Sighting) {
        let Some(advertisement) = s.advertisement() else {
            return;
        };
        let Some(tracker) = identify(&advertisement) else {
            return;
        };
        let traits = self.traits.get_or_insert_with(|| {
            Box::new(Traits {
                family: tracker.family,
                model: None,
                state: None,
                clone_signs: CloneSigns::NONE,
                battery: None,
                aging_counter: None,
                key: None,
                more_keys: Vec::new(),
            })
        });
        traits.family = tracker.family;
        traits.model = tracker.model.or(traits.model);
        traits.state = tracker.state;
        traits.battery = tracker.details.battery;
        traits.aging_counter = tracker.details.aging_counter;
        let signs = clone_signs(&advertisement, &tracker);
        traits.clone_signs = traits.clone_signs.union(signs);
        if let Some(key) = tracker.key {
            traits.add_key(key);
        }
    }
}

/// Tells payloads apart (FNV-1a over words): a collision costs one unread payload, nothing else.
pub fn mark(bytes: &[u8]) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325_u64 ^ bytes.len() as u64;
    let mut words = bytes.chunks_exact(8);
    for word in &mut words {
        let mut w = [0; 8];
        w.copy_from_slice(word);
        h = (h ^ u64::from_le_bytes(w))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(29);
    }
    for b in words.remainder() {
        h = (h ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    h | 1
}
