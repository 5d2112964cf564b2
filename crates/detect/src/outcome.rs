//! What judging a recording yields, as plain data. `keep` writes it, `show` words it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::strata::Peaks;
use crate::turnover_in_vehicle::TurnoverPeaks;

/// One result, in the order in which it was reached.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// An emitter crossed the alert threshold; once per emitter.
    Alert(Alert),
    /// A tracker that changes its key too fast for any one of its identifiers to be judged.
    Clone(CloneAlert),
    /// What changed after an alert.
    Update(Update),
    /// Worth saying, but no alert.
    Notice(Notice),
    /// All that is known of an emitter, when it is forgotten or at the end.
    Emitter(EmitterRecord),
    /// The end of the run.
    Summary(Summary),
}

/// Emitter number, 1 for the first one heard. Written as `E1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EmitterId(pub u64);

impl std::fmt::Display for EmitterId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "E{}", self.0)
    }
}

/// What is concluded of an emitter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// In or on one of our vehicles.
    Aboard,
    /// Travels with us; aboard, beside or behind is undecided.
    TravellingWithUs,
    /// Was near us and went.
    Passing,
    /// Stays at a place that we visited.
    Fixed,
    /// Enrolled as ours.
    Enrolled,
    /// Looks like the new address of a device that was with us before. Never silences an alert.
    ProbablyOurs,
    /// Not enough heard.
    Undecided,
}

/// State of the whole watch (DESIGN section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not enough was heard to say anything.
    Blind,
    /// Enough was heard and nothing found, within what `Clearance` says.
    Clear,
    /// Something is on its way to an alert.
    Watch,
    /// At least one alert.
    Act,
}

impl State {
    /// As in the result stream.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blind => "blind",
            Self::Clear => "clear",
            Self::Watch => "watch",
            Self::Act => "act",
        }
    }
}

/// One argument for or against co-travel, as a code that `show` words in each language.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Reason {
    /// What is argued.
    pub code: ReasonCode,
    /// True: speaks for travelling with us; false: counter-evidence.
    pub supports: bool,
    /// The figure behind it, in the unit that the code names.
    pub value: Option<f64>,
}

/// Codes of `Reason`; each names the unit of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// How many times the surroundings were replaced while this one stayed (count).
    Turnover,
    /// How far we moved while it was in contact (metres).
    Displacement,
    /// How long it was in contact (seconds).
    Contact,
    /// Level above what strangers show at first sight (dB; negative is below).
    LevelAboveStrangers,
    /// Mean level at the strongest receiver (dBm).
    Level,
    /// Against a roadside or pedestrian emitter (nats).
    AgainstRoadside,
    /// Against a vehicle in the same stream (nats).
    AgainstStream,
    /// Against a vehicle that keeps station with us (nats).
    AgainstPlatoon,
    /// Turns survived together (count).
    Turns,
    /// No positions: that we moved at all is not confirmed (no value).
    NoPositions,
    /// We did not move far enough for the test (metres moved).
    NotMoved,
    /// Heard at this one place only (no value).
    OnePlace,
    /// A fellow traveller, a follower or a device of our own would look the same (no value).
    FellowTraveller,
    /// Follows on where a loud device that was with us fell silent (seconds between).
    Successor,
    /// Goes on from earlier addresses, by links that are likely but not certain (count of links).
    Linked,
    /// What was gathered on them and is carried, less what the links leave open (nats).
    CarriedEvidence,
    /// Loud addresses heard once and never again, where our surroundings make so many quiet ones (count of loud ones).
    LoudOnce,
    /// At how many different places they came, a step of 75 m apart (count).
    Places,
    /// The frame says that its owner is near (no value).
    NearOwner,
    /// Tracker keys heard in one advertising event each, at one level (count).
    KeysHeardOnce,
    /// Tracker keys that began and ended loud, one after the other at one level (count).
    KeysLoudThroughout,
    /// A level stayed occupied by tracker keys that were all new (seconds).
    LevelOccupied,
    /// Many trackers come by here (an hour).
    ManyTagsAround,
    /// Carries weak signs of a self-made tracker (count).
    CloneSigns,
    /// Uses the address of an enrolled device, but is not that device (no value).
    CopiedAddress,
    /// Louder at one of our vehicles than at the others (dB between the two loudest).
    LevelByVehicle,
    /// Was in another of our vehicles before (seconds that it was there).
    ChangedVehicle,
    /// Frames carry no tracker family; every class of device is judged alike (no value).
    FamilyUnknown,
}

/// Raised once per emitter, at the decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// Time of the decision, µs since 1970; only what was received up to then was used.
    pub at_us: i64,
    /// Whom it concerns.
    pub emitter: EmitterId,
    /// Its identifiers as in the input, upper case, in order of first sighting.
    pub identifiers: Vec<String>,
    /// Analyzer and version, `name@version`.
    pub analyzer: &'static str,
    /// Log-likelihood ratio, nats.
    pub llr: f64,
    /// Prior probability used.
    pub prior: f64,
    /// Displayed probability.
    pub probability: f64,
    /// Vehicle, where one can be named.
    pub vehicle: Option<String>,
    /// Probability of that vehicle.
    pub vehicle_probability: Option<f64>,
    /// In which vehicle, in full.
    pub whereabouts: Option<Whereabouts>,
    /// Tracker family, where the frames tell.
    pub family: Option<&'static str>,
    /// When it was first heard, µs since 1970.
    pub first_seen_us: i64,
    /// Level tracked at the strongest receiver, dBm.
    pub level_dbm: Option<f64>,
    /// Verdict at the alert.
    pub verdict: Verdict,
    /// For and against.
    pub reasons: Vec<Reason>,
}

/// In which vehicle, as a probability for each and for none of ours (`detection.md` section 4).
#[derive(Debug, Clone, PartialEq)]
pub struct Whereabouts {
    /// Vehicles by name, in the order of the convoy, each with its probability.
    pub vehicles: Vec<(String, f64)>,
    /// Beside, behind or ahead of us: in none of our vehicles.
    pub outside: f64,
    /// The two likeliest vehicles and the probability that it is one of them, where one alone cannot be named.
    pub pair: Option<(String, String, f64)>,
    /// Since when it has been there, µs since 1970; the first sighting unless it changed vehicles.
    pub since_us: Option<i64>,
}

/// Raised once per clone and place, at the decision.
#[derive(Debug, Clone, PartialEq)]
pub struct CloneAlert {
    /// Time of the decision, µs since 1970; only what was received up to then was used.
    pub at_us: i64,
    /// When what was counted began, µs since 1970.
    pub since_us: i64,
    /// Analyzer and version, `name@version`.
    pub analyzer: &'static str,
    /// Log-likelihood ratio, nats.
    pub llr: f64,
    /// Prior probability used.
    pub prior: f64,
    /// Displayed probability.
    pub probability: f64,
    /// Family that its frames claim.
    pub family: Option<&'static str>,
    /// Level at the strongest receiver, dBm.
    pub level_dbm: f64,
    /// Identifiers counted towards it.
    pub identifiers_counted: u64,
    /// Vehicle, where one can be named.
    pub vehicle: Option<String>,
    /// Probability of that vehicle.
    pub vehicle_probability: Option<f64>,
    /// In which vehicle, in full.
    pub whereabouts: Option<Whereabouts>,
    /// For and against.
    pub reasons: Vec<Reason>,
}

/// What changed after an alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// Time of the change, µs since 1970.
    pub at_us: i64,
    /// Whom it concerns.
    pub emitter: EmitterId,
    /// The verdict now.
    pub verdict: Verdict,
    /// Probability now.
    pub probability: f64,
    /// Vehicle now, where one can be named.
    pub vehicle: Option<String>,
    /// Probability of that vehicle.
    pub vehicle_probability: Option<f64>,
    /// In which vehicle, in full.
    pub whereabouts: Option<Whereabouts>,
    /// Why it changed.
    pub reasons: Vec<Reason>,
}

/// Kinds of `Notice`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// An emitter is on its way to an alert; `value` is the probability.
    Watch,
    /// A sensor was silent for longer than its own habit; `value` is seconds.
    Deaf,
    /// Time went backwards or a zone was unknown; `value` is seconds or none.
    Clock,
    /// Positions are missing, jumped or stand still; `value` depends on `detail`.
    Fix,
    /// More addresses than memory allows were heard (`value`: how many are being passed over), more frames than the
    /// air carries came from one sensor (`value`: frames a second), or more new addresses than devices come by
    /// (`value`: within a second).
    Flood,
    /// New since we parked, and loud at one of our vehicles (`about`); `value` is the level there, dBm.
    Newcomer,
    /// A tracker that changes its key (at the vehicle or sensor `about`) was last counted; `value` is how many keys.
    Clone,
    /// An address of an enrolled device (`about`) is used by something else: it is judged like any other.
    Copied,
    /// The input is damaged; `value` is the number of damaged records of this kind.
    Damage,
    /// A sensor hears only part of what is sent, or its frames come late; `value` depends on `detail`.
    Sensor,
    /// The state of the whole watch changed to `detail`; `about` says why it is blind, `value` is the time listened so far,
    /// seconds. Live runs only.
    State,
    /// The recording of a live run: room on the disk (`value`: bytes), or frames that could not be written (`value`: how many).
    Recording,
    /// Something about the input that changes what can be said (column passed over, no frames, ...).
    Input,
}

/// Something worth saying that is no alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Time, µs since 1970; `None` before the first record.
    pub at_us: Option<i64>,
    /// Kind.
    pub kind: NoticeKind,
    /// Emitter, where it concerns one.
    pub emitter: Option<EmitterId>,
    /// Sensor, where it concerns one.
    pub sensor: Option<String>,
    /// Machine-readable detail, snake_case.
    pub detail: String,
    /// What it is about, in the input's own words (a column, a zone, a file), where it is about one.
    pub about: Option<String>,
    /// Figure; its unit follows from `kind` and `detail`.
    pub value: Option<f64>,
}

/// All that is known of an emitter.
#[derive(Debug, Clone, PartialEq)]
pub struct EmitterRecord {
    /// Number.
    pub emitter: EmitterId,
    /// Identifiers as in the input's address field, upper case, in order of first sighting.
    pub identifiers: Vec<String>,
    /// Keys drawn from payloads (EID, privacy id, ...), hex.
    pub keys: Vec<String>,
    /// Tracker family.
    pub family: Option<&'static str>,
    /// Model, where the frames tell.
    pub model: Option<&'static str>,
    /// `near_owner`, `separated`, ...
    pub state: Option<&'static str>,
    /// First sighting, µs since 1970.
    pub first_seen_us: i64,
    /// Last sighting, µs since 1970.
    pub last_seen_us: i64,
    /// Number of sightings.
    pub sightings: u64,
    /// Number of transmissions: what several sensors heard, or one on several channels, is one.
    pub transmissions: u64,
    /// Verdict at the end.
    pub verdict: Verdict,
    /// Of an enrolled device, all that is told: its name and where it was with us.
    pub enrolled: Option<Presence>,
    /// Log-likelihood ratio at the end, nats, as far as the data behind it can show.
    pub llr: f64,
    /// The highest reached, without that limit: for evaluations, never stated to people.
    pub llr_uncapped: f64,
    /// In a vehicle, the highest raw ratios of the co-travel test by level and its behaviour, nats; negative infinity
    /// where it was never so. For evaluations: the tails of the strata are fitted on them.
    pub peaks: Peaks,
    /// The same of the turnover test in a vehicle, turnovers, by level.
    pub turnover_peaks: TurnoverPeaks,
    /// Prior probability used.
    pub prior: f64,
    /// Displayed probability at the end.
    pub probability: f64,
    /// Whom it follows under an earlier address, with the probability of each, likeliest first; none means that
    /// nothing that ended fits.
    pub follows: Vec<(EmitterId, f64)>,
    /// When it alerted, µs since 1970.
    pub alert_at_us: Option<i64>,
    /// Vehicle.
    pub vehicle: Option<String>,
    /// Probability of that vehicle.
    pub vehicle_probability: Option<f64>,
    /// In which vehicle, in full.
    pub whereabouts: Option<Whereabouts>,
    /// Weak signs of a self-made tracker (protocols section 7), snake_case.
    pub clone_signs: Vec<&'static str>,
}

/// How long an enrolled device was with us. Nothing else of it is kept: no address, no place, no order in time.
#[derive(Debug, Clone, PartialEq)]
pub struct Presence {
    /// Its name in the enrolment file.
    pub name: String,
    /// Time present, seconds, whole slots of ten.
    pub present_s: f64,
    /// Of this, by the vehicle at which it was loudest; in the order of the convoy, those with none left out.
    pub vehicles: Vec<(String, f64)>,
}

/// What is new and loud at our vehicles before departure.
#[derive(Debug, Clone, PartialEq)]
pub struct Departure {
    /// Time of the answer, µs since 1970.
    pub at_us: i64,
    /// When we parked, µs since 1970; `None`: who was there then is not known, so nothing can be called new.
    pub parked_us: Option<i64>,
    /// In the order of the convoy.
    pub vehicles: Vec<VehicleCheck>,
}

/// The answer for one vehicle.
#[derive(Debug, Clone, PartialEq)]
pub struct VehicleCheck {
    /// Which; the sensor's name where no vehicles are known.
    pub vehicle: String,
    /// Time listened for this answer, seconds.
    pub checked_s: f64,
    /// What can be said.
    pub state: CheckState,
    /// Loudest first; with no record of the time of parking, all that is loud, new or not.
    pub newcomers: Vec<LoudNewcomer>,
}

/// What a check before departure can say of a vehicle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// Not enough was listened, or who was there at parking is not known.
    Blind,
    /// Listened long enough; nothing new is loud here.
    NothingNew,
    /// Something new is loud here.
    Newcomer,
}

/// Something loud at a vehicle before departure.
#[derive(Debug, Clone, PartialEq)]
pub struct LoudNewcomer {
    /// Which.
    pub emitter: EmitterId,
    /// Identifier as in the input, upper case.
    pub identifier: String,
    /// Tracker family, where the frames tell.
    pub family: Option<&'static str>,
    /// Mean level at that vehicle, dBm.
    pub level_dbm: f64,
    /// First sighting, µs since 1970.
    pub first_seen_us: i64,
}

/// What `clear` rests on: never shown without it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Clearance {
    /// Seconds of listening that it rests on.
    pub heard_s: f64,
    /// Classes of tracker that would have been found: codes worded by `show`.
    pub classes: Vec<&'static str>,
    /// Chance that one of these classes was aboard the whole time and missed, upper end at 95 %.
    pub miss_probability: f64,
    /// Where that figure comes from: `measured`, `simulated`.
    pub basis: &'static str,
}

/// The end of a run, also when interrupted.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// PDUs, HCI report entries or rows read, good or not.
    pub frames: u64,
    /// Of these, damaged.
    pub malformed: u64,
    /// Damaged ones by kind.
    pub malformed_by_kind: BTreeMap<String, u64>,
    /// Good advertisements, per sensor, duplicates not merged.
    pub sightings: u64,
    /// Transmissions that they are receptions of, as far as the sensors' clocks are known.
    pub transmissions: u64,
    /// Emitters heard.
    pub emitters: u64,
    /// Alerts raised on emitters.
    pub alerts: u64,
    /// Alerts raised on trackers that change their key.
    pub clones: u64,
    /// From the first to the last record, seconds.
    pub duration_s: f64,
    /// Time really listened: silences longer than the cap do not count, seconds.
    pub heard_s: f64,
    /// Distance covered by the fixes, metres; `None` without positions.
    pub travelled_m: Option<f64>,
    /// State at the end.
    pub state: State,
    /// Deaf time per sensor, seconds.
    pub deaf_s: BTreeMap<String, f64>,
    /// The last answer of the check before departure, where it was asked for.
    pub departure: Option<Departure>,
    /// Frames taken in late (behind the hold).
    pub late: u64,
    /// Profile used, `vehicle` or `on-person`.
    pub profile: &'static str,
    /// Threat level used.
    pub threat: &'static str,
    /// With `clear`, what it rests on.
    pub clearance: Option<Clearance>,
    /// Why the state is `blind`, codes worded by `show` (`heard_too_short`, `no_positions`, ...).
    pub blind_because: Vec<&'static str>,
    /// What this recording can never exclude, codes worded by `show`.
    pub cannot_exclude: Vec<&'static str>,
    /// What to do next, codes worded by `show`.
    pub advice: Vec<&'static str>,
    /// True when the run was interrupted.
    pub interrupted: bool,
    /// What is known of the sensors.
    pub sensors: SensorFigures,
}

/// What is known of the sensors at the end, by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SensorFigures {
    /// Frames on channel 37, 38, 39, and on one that is not known.
    pub channels: BTreeMap<String, [u64; 4]>,
    /// Share of the frames that came behind the hold.
    pub late_share: BTreeMap<String, f64>,
    /// Clocks, where frames were shared with another sensor.
    pub clocks: BTreeMap<String, ClockFigures>,
    /// Vehicles (sensors, where the vehicle is not known) in which nothing can be heard at the end.
    pub unheard: Vec<String>,
}

/// A sensor's clock against the one in the middle of all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClockFigures {
    /// It shows so much more, seconds.
    pub offset_s: f64,
    /// Half-width within which that is known, seconds.
    pub uncertainty_s: f64,
    /// How much faster it runs, parts per million, where some minutes were long enough to show it.
    pub drift_ppm: Option<f64>,
}
