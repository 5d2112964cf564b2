//! Frames and fixes in, outcomes out: decodes, counts, puts in order, hands to the judge.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use vigie_decode::{Address, AddressKind, Decoded, Decoder, Fix, Frame, Sender, Status};

use crate::clock::{Admitted, Clocks};
use crate::config::Config;
use crate::hold::{Held, Hold};
use crate::identifiers::Identifiers;
use crate::judge::Judge;
use crate::now::{Contact, SensorNow, Travelling};
use crate::outcome::{
    EmitterId, Notice, NoticeKind, Outcome, Presence, State, Summary, Whereabouts,
};
use crate::sighting::{Identifier, Payload, Sighting};

/// What was read, good or not.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Counts {
    /// PDUs, HCI report entries or rows.
    pub frames: u64,
    /// Of these, damaged.
    pub malformed: u64,
    /// Damaged ones by kind.
    pub malformed_by_kind: BTreeMap<&'static str, u64>,
    /// Good advertisements.
    pub sightings: u64,
    /// Taken in behind the hold.
    pub late: u64,
    /// Primary advertising channels on which something was heard: bits 0 to 2 for 37 to 39.
    pub channels: u8,
    /// Sightings with AD structures.
    pub with_payload: u64,
}

/// One run: feed it in the order of the recording (merged by time), then finish it.
#[derive(Debug)]
pub struct Intake {
    decoder: Decoder,
    counts: Counts,
    identifiers: Identifiers,
    order: Order,
    sensors: Vec<String>,
}

/// Receives outcomes as they are reached.
pub type Sink<'s> = &'s mut dyn FnMut(Outcome);

impl Intake {
    /// Begins a run.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            decoder: Decoder::new(),
            counts: Counts::default(),
            identifiers: Identifiers::default(),
            order: Order {
                clocks: Clocks::default(),
                hold: Hold::new(config.limits.hold_us),
                judge: Judge::new(config.clone()),
            },
            sensors: Vec::new(),
        }
    }

    /// Names a sensor, for notices and the summary.
    pub fn name_sensor(&mut self, sensor: u16, name: &str) {
        let at = usize::from(sensor);
        if at >= self.sensors.len() {
            self.sensors.resize(at + 1, String::new());
        }
        if let Some(place) = self.sensors.get_mut(at) {
            name.clone_into(place);
        }
    }

    /// Enters a vehicle of ours; the order of entry is the order of the convoy.
    pub fn vehicle(&mut self, name: &str) {
        self.order.judge.fleet.vehicle(name);
    }

    /// A sensor rides in a vehicle from a time on, µs since 1970 (`i64::MIN`: from the beginning).
    pub fn ride(&mut self, sensor: u16, vehicle: &str, from_us: i64) {
        let fleet = &mut self.order.judge.fleet;
        let vehicle = fleet.vehicle(vehicle);
        fleet.ride(sensor, vehicle, from_us);
    }

    /// A sensor rides in none of our vehicles from a time on, µs since 1970.
    pub fn leave(&mut self, sensor: u16, from_us: i64) {
        self.order.judge.fleet.ride(sensor, None, from_us);
    }

    /// In which vehicle the sender of an address is by its last minute of contact, whether it alerted or not.
    /// `None` without vehicles or levels, or where it is not known.
    pub fn whereabouts(
        &mut self,
        address: Address,
        kind: Option<AddressKind>,
    ) -> Option<Whereabouts> {
        let identifier = Identifier::of_address(address, kind);
        self.order.judge.whereabouts(identifier)
    }

    /// Takes a frame.
    pub fn frame(&mut self, frame: &Frame<'_>, sink: Sink<'_>) {
        let Self {
            decoder,
            counts,
            identifiers,
            order,
            sensors,
        } = self;
        decoder.decode(frame, &mut |decoded: Decoded<'_>| {
            counts.frames += 1;
            if let Some((kind, _)) = decoded.damage() {
                counts.damaged(kind.as_str());
                order.judge.sensing.health.damaged(frame.sensor);
            }
            // With a broken AD structure the address still came through intact: the sender was heard.
            let Decoded::Advertisement(a) = decoded else {
                return;
            };
            if !a.is_sighting() {
                return;
            }
            counts.sightings += 1;
            counts.with_payload += u64::from(!a.payload.is_empty());
            if let Some(channel @ 37..=39) = a.channel {
                counts.channels |= 1 << (channel - 37);
            }
            let identifier = match a.sender {
                Sender::Address(address) => Identifier::of_address(address, a.address_kind),
                Sender::Opaque(text) => identifiers.of_opaque(text),
            };
            let sighting = Sighting {
                time_us: frame.time_us,
                sensor: frame.sensor,
                late: false,
                rssi: a.rssi,
                channel: a.channel,
                pdu: a.pdu,
                address_kind: a.address_kind,
                identifier,
                payload: Payload::new(a.payload),
            };
            order.take(
                Held::Sighting(sighting),
                frame.sensor,
                counts,
                identifiers,
                sensors,
                sink,
            );
        });
    }

    /// Takes a position.
    pub fn fix(&mut self, fix: Fix, sink: Sink<'_>) {
        // A position of nobody in particular has a clock of its own.
        let sensor = fix.sensor.unwrap_or(u16::MAX);
        let Self {
            order,
            counts,
            identifiers,
            sensors,
            ..
        } = self;
        order.take(Held::Fix(fix), sensor, counts, identifiers, sensors, sink);
    }

    /// Takes what a live run said of a sensor or of itself.
    pub fn status(&mut self, status: Status, sink: Sink<'_>) {
        let sensor = status.sensor.unwrap_or(u16::MAX);
        let Self {
            order,
            counts,
            identifiers,
            sensors,
            ..
        } = self;
        let held = Held::Status(status);
        order.take(held, sensor, counts, identifiers, sensors, sink);
        order.judge.tell_state(counts, sink);
    }

    /// Counts a damaged record of the file; `is_frame` where it stands for a frame or row.
    pub fn damaged(&mut self, kind: &'static str, is_frame: bool) {
        self.counts.frames += u64::from(is_frame);
        self.counts.damaged(kind);
    }

    /// Passes on something worth saying about the input: a code, and what it is about.
    pub fn note(&mut self, detail: &str, about: &str, sink: Sink<'_>) {
        sink(Outcome::Notice(Notice {
            at_us: None,
            kind: NoticeKind::Input,
            emitter: None,
            sensor: None,
            detail: detail.to_owned(),
            about: Some(about.to_owned()),
            value: None,
        }));
    }

    /// Whether something of this time, taken now, comes after later ones were already judged.
    #[must_use]
    pub const fn is_late(&self, time_us: i64) -> bool {
        self.order.hold.is_late(time_us)
    }

    /// Whether something waits for its hold to be over.
    #[must_use]
    pub fn holds(&self) -> bool {
        !self.order.hold.is_empty()
    }

    /// Time of the latest event that was judged, µs since 1970; `i64::MIN` before the first.
    #[must_use]
    pub const fn judged_us(&self) -> i64 {
        self.order.hold.released_us()
    }

    /// What was read so far.
    #[must_use]
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The state now: what the summary would say if the run ended here. Events still held are not in it.
    #[must_use]
    pub fn state(&self) -> State {
        self.order.judge.standing(&self.counts).state
    }

    /// The summary, as if the run ended here. Events still held are not in it.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let judge = &self.order.judge;
        judge.summary(&self.counts, &self.sensors, judge.watched())
    }

    /// How each sensor hears now, in the order of their numbers.
    #[must_use]
    pub fn sensors(&self) -> Vec<SensorNow> {
        self.order.judge.sensors_now(&self.sensors)
    }

    /// Names of our vehicles, in the order of the convoy.
    #[must_use]
    pub fn vehicles(&self) -> &[String] {
        self.order.judge.fleet.names()
    }

    /// The vehicle in which a sensor rides at a time, µs since 1970.
    #[must_use]
    pub fn vehicle_of(&self, sensor: u16, at_us: i64) -> Option<&str> {
        let fleet = &self.order.judge.fleet;
        fleet.of_sensor(sensor, at_us).map(|v| fleet.name(v))
    }

    /// What alerted or is on its way to it, as far as it was heard since a time, µs since 1970.
    #[must_use]
    pub fn travelling(&self, since_us: i64) -> Vec<Travelling> {
        self.order.judge.travelling(since_us, &self.sensors)
    }

    /// Runs of contact with an emitter; `None` where it was never heard for longer than a slot, or is forgotten. On a person
    /// there is no course.
    #[must_use]
    pub fn course(&self, emitter: EmitterId) -> Option<Vec<Contact>> {
        self.order.judge.course(emitter, &self.sensors)
    }

    /// Our own devices that were heard, and for how long.
    #[must_use]
    pub fn ours(&self) -> Vec<Presence> {
        let judge = &self.order.judge;
        judge.own.presence(&judge.fleet)
    }

    /// Ends the run: what is still held is taken in, every living emitter told, and the summary returned.
    pub fn finish(self, interrupted: bool, sink: Sink<'_>) -> Summary {
        let Self {
            mut order,
            mut counts,
            identifiers,
            sensors,
            ..
        } = self;
        if let Some(event) = order.clocks.rest() {
            order.pass(event, &mut counts, &identifiers, &sensors, sink);
        }
        while let Some(held) = order.hold.pop() {
            order.judge.take(&held, &identifiers, &sensors, sink);
        }
        order
            .judge
            .finish(&counts, &identifiers, &sensors, interrupted, sink)
    }
}

/// From a decoded event to the judge: clocks, then the hold.
#[derive(Debug)]
struct Order {
    clocks: Clocks,
    hold: Hold,
    judge: Judge,
}

impl Order {
    // Inlined without fail, as `pass`: an event is written once and moved once, where it would be moved five times.
    #[inline(always)]
    fn take(
        &mut self,
        event: Held,
        sensor: u16,
        counts: &mut Counts,
        identifiers: &Identifiers,
        sensors: &[String],
        sink: Sink<'_>,
    ) {
        if self.clocks.passes(sensor, event.time_us()) {
            self.pass(event, counts, identifiers, sensors, sink);
        } else {
            self.look_again(event, sensor, counts, identifiers, sensors, sink);
        }
    }

    /// The same for an event whose time is out of the ordinary.
    #[cold]
    #[inline(never)]
    fn look_again(
        &mut self,
        event: Held,
        sensor: u16,
        counts: &mut Counts,
        identifiers: &Identifiers,
        sensors: &[String],
        sink: Sink<'_>,
    ) {
        if !TIMES_US.contains(&event.time_us()) {
            return counts.wild(&event);
        }
        match self.clocks.admit(sensor, event) {
            Admitted::One(event) => self.pass(event, counts, identifiers, sensors, sink),
            Admitted::Two(first, event) => {
                self.pass(first, counts, identifiers, sensors, sink);
                self.pass(event, counts, identifiers, sensors, sink);
            }
            Admitted::Waits => {}
            Admitted::Dropped(wild, event) => {
                counts.wild(&wild);
                self.pass(event, counts, identifiers, sensors, sink);
            }
            Admitted::SetBack(event, seconds) => {
                sink(Outcome::Notice(Notice {
                    at_us: Some(event.time_us()),
                    kind: NoticeKind::Clock,
                    emitter: None,
                    sensor: sensors.get(usize::from(sensor)).cloned(),
                    detail: "time_backwards".to_owned(),
                    about: None,
                    value: Some(seconds),
                }));
                self.pass(event, counts, identifiers, sensors, sink);
            }
        }
    }

    #[inline(always)]
    fn pass(
        &mut self,
        event: Held,
        counts: &mut Counts,
        identifiers: &Identifiers,
        sensors: &[String],
        sink: Sink<'_>,
    ) {
        if self.hold.is_late(event.time_us()) {
            let mut event = event;
            if let Held::Sighting(s) = &mut event {
                s.late = true;
            }
            counts.late += 1;
            return self.judge.take(&event, identifiers, sensors, sink);
        }
        self.hold.push(event);
        while let Some(due) = self.hold.due() {
            self.judge.take(due, identifiers, sensors, sink);
            self.hold.release();
        }
    }
}

/// Times that a calendar can write, years 1 to 9999, µs since 1970. Beyond them sums of times would overflow.
const TIMES_US: RangeInclusive<i64> = -62_135_596_800_000_000..=253_402_300_799_999_999;

impl Counts {
    /// An event is dropped for a time that cannot be: damage, and no sighting.
    fn wild(&mut self, event: &Held) {
        self.damaged("wild_time");
        self.sightings -= u64::from(matches!(event, Held::Sighting(_)));
    }

    fn damaged(&mut self, kind: &'static str) {
        self.malformed += 1;
        *self.malformed_by_kind.entry(kind).or_default() += 1;
    }
}
