//! What a run has yielded so far: folded from its outcomes and from looks at the engine. Bounded by what travels with us and by
//! the sensors, never by passers-by.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use vigie_decode::{Condition, Fix};
use vigie_detect::Config;
use vigie_detect::now::{SensorNow, Travelling};
use vigie_detect::outcome::{
    EmitterId, Notice, NoticeKind, Outcome, Presence, State, Summary, Verdict,
};
use vigie_show::{Language, Story, Texts};

use crate::parts::Part;
use crate::track::{Point, Track};

/// Deaf spells kept, the latest.
const SPELLS: usize = 500;

/// What is known of a run from its start.
#[derive(Debug, Clone)]
pub struct Run {
    /// Name of the case, where it has one.
    pub case: Option<String>,
    /// Made up by the simulator.
    pub simulated: bool,
    /// Heard now, not read from a recording.
    pub live: bool,
    /// How many times faster than it was recorded, where it is played back so.
    pub speed: Option<f64>,
    /// By what is judged.
    pub config: Config,
}

/// A look at the engine.
#[derive(Debug)]
pub struct Look {
    /// Time of what was judged last, µs since 1970.
    pub now_us: i64,
    /// The summary, as if the run ended here.
    pub summary: Summary,
    /// How the sensors hear.
    pub sensors: Vec<SensorNow>,
    /// Our vehicles, in the order of the convoy.
    pub vehicles: Vec<String>,
    /// What travels with us and was heard since the last look.
    pub travelling: Vec<Travelling>,
    /// Our own devices.
    pub ours: Vec<Presence>,
}

/// A time in which a sensor heard nothing, or not what it should.
#[derive(Debug, Clone, PartialEq)]
pub struct Spell {
    /// Sensor.
    pub sensor: String,
    /// Channel; `None`: all.
    pub channel: Option<u8>,
    /// Why.
    pub cause: String,
    /// From when, µs since 1970.
    pub from_us: i64,
    /// Until when; `None`: it lasts.
    pub to_us: Option<i64>,
}

/// What people said of one alert.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    /// Somebody knows: when, who, why.
    pub acknowledged: Option<(i64, String, String)>,
    /// Silent until a time, µs since 1970, by the wall clock: until when, who, why.
    pub muted: Option<(i64, String, String)>,
    /// Somebody said that it is ours.
    pub ours: bool,
}

/// The picture.
#[derive(Debug)]
pub struct Picture {
    pub(crate) run: Run,
    pub(crate) story: Story,
    pub(crate) now_us: Option<i64>,
    pub(crate) state: State,
    pub(crate) since_us: Option<i64>,
    pub(crate) first_us: Option<i64>,
    pub(crate) ended: bool,
    pub(crate) vehicles: Vec<String>,
    pub(crate) sensors: Vec<SensorNow>,
    pub(crate) travelling: BTreeMap<EmitterId, Travelling>,
    /// By vehicle; `None`: of the convoy as a whole.
    pub(crate) tracks: BTreeMap<Option<String>, Track>,
    pub(crate) spells: VecDeque<Spell>,
    pub(crate) ours: Vec<Presence>,
    /// By the name of the alert.
    pub(crate) said: BTreeMap<String, Said>,
    /// For the state, which no language changes.
    texts: Texts,
}

impl Picture {
    /// Of a run that begins.
    pub fn new(run: Run) -> Self {
        Self {
            run,
            story: Story::new(),
            now_us: None,
            state: State::Blind,
            since_us: None,
            first_us: None,
            ended: false,
            vehicles: Vec::new(),
            sensors: Vec::new(),
            travelling: BTreeMap::new(),
            tracks: BTreeMap::new(),
            spells: VecDeque::new(),
            ours: Vec::new(),
            said: BTreeMap::new(),
            texts: Texts::new(Language::En),
        }
    }

    /// Takes the next outcome, and says which parts it changes.
    pub fn outcome(&mut self, outcome: &Outcome) -> &'static [Part] {
        self.story.take(outcome);
        let parts: &[Part] = match outcome {
            Outcome::Alert(a) => {
                self.advance(a.at_us);
                &[Part::Alerts, Part::State, Part::Timeline, Part::Tracks]
            }
            Outcome::Clone(c) => {
                self.advance(c.at_us);
                &[Part::Alerts, Part::State, Part::Timeline]
            }
            Outcome::Update(u) => {
                self.advance(u.at_us);
                &[Part::Alerts, Part::State]
            }
            Outcome::Notice(notice) => self.notice(notice),
            Outcome::Emitter(record) => {
                if record.alert_at_us.is_some() {
                    &[Part::Alerts, Part::Timeline]
                } else {
                    if matches!(record.verdict, Verdict::Passing | Verdict::Fixed) {
                        self.travelling.remove(&record.emitter);
                    }
                    &[]
                }
            }
            Outcome::Summary(_) => {
                self.ended = true;
                &Part::OF_RUN
            }
        };
        self.look_at_state();
        parts
    }

    fn notice(&mut self, notice: &Notice) -> &'static [Part] {
        if let Some(at_us) = notice.at_us {
            self.advance(at_us);
        }
        let (Some(sensor), Some(at_us)) = (&notice.sensor, notice.at_us) else {
            return if notice.kind == NoticeKind::Watch {
                &[Part::State, Part::Timeline]
            } else {
                &[]
            };
        };
        let seconds_us = (notice.value.unwrap_or(0.0) * 1e6) as i64;
        let spell = |cause: &str, channel, from_us, to_us| Spell {
            sensor: sensor.clone(),
            channel,
            cause: cause.to_owned(),
            from_us,
            to_us,
        };
        let spell = match (notice.kind, notice.detail.as_str()) {
            (NoticeKind::Deaf, "hears_again") => {
                let lasting = self
                    .spells
                    .iter_mut()
                    .filter(|s| s.sensor == *sensor && s.to_us.is_none() && s.channel.is_none());
                lasting.for_each(|s| s.to_us = Some(at_us));
                return &[Part::Sensors, Part::State];
            }
            (NoticeKind::Deaf, "deaf_gap") => {
                spell("silent", None, at_us - seconds_us, Some(at_us))
            }
            (NoticeKind::Deaf, cause) => {
                // As the ledger has it: told once it has lasted. Another reason meanwhile: it has been deaf all the time.
                let stated = Condition::named(cause).is_some_and(Condition::is_deaf);
                spell(cause, None, at_us - seconds_us, (!stated).then_some(at_us))
            }
            (NoticeKind::Flood, cause) => spell(cause, None, at_us, Some(at_us)),
            (NoticeKind::Sensor, "channel_unheard") => {
                let channel = notice.value.map(|v| v as u8);
                spell("channel_unheard", channel, at_us, None)
            }
            _ => return &[Part::Sensors],
        };
        self.spells.push_back(spell);
        if self.spells.len() > SPELLS {
            self.spells.pop_front();
        }
        &[Part::Sensors, Part::State]
    }

    /// Takes a look at the engine.
    pub fn look(&mut self, look: Look) -> &'static [Part] {
        let Look {
            now_us,
            summary,
            sensors,
            vehicles,
            travelling,
            ours,
        } = look;
        self.advance(now_us);
        self.story.stands(summary);
        self.sensors = sensors;
        self.vehicles = vehicles;
        self.ours = ours;
        let moved = !travelling.is_empty();
        for one in travelling {
            self.travelling.insert(one.emitter, one);
        }
        self.look_at_state();
        if moved {
            &Part::OF_RUN
        } else {
            &[
                Part::State,
                Part::Tracks,
                Part::Timeline,
                Part::Sensors,
                Part::Ours,
            ]
        }
    }

    /// Takes a position.
    pub fn fix(&mut self, fix: &Fix, vehicle: Option<&str>) {
        let point = Point {
            at_us: fix.time_us,
            lat: fix.lat,
            lon: fix.lon,
        };
        // A name is made once, not for every position.
        match self
            .tracks
            .iter_mut()
            .find(|(v, _)| v.as_deref() == vehicle)
        {
            Some((_, track)) => track.take(point),
            None => {
                self.tracks
                    .insert(vehicle.map(str::to_owned), Track::new(point));
            }
        }
    }

    /// Where we were at a time: the vehicle where its own track is known, else the convoy, else whoever has a track.
    pub fn place(&self, vehicle: Option<&str>, at_us: i64) -> Option<(f64, f64)> {
        let of = |name: Option<&str>| self.tracks.iter().find(|(v, _)| v.as_deref() == name);
        let track = of(vehicle).or_else(|| of(None));
        let (_, track) = track.or_else(|| self.tracks.iter().next())?;
        track.at(at_us)
    }

    /// Names of all alerts: `E12` for an emitter, `C1` for a tracker that changes its key.
    pub fn alert_names(&self) -> BTreeSet<String> {
        let emitters = [false, true].into_iter().flat_map(|o| self.story.alerts(o));
        let emitters = emitters.map(|a| a.alert.emitter.to_string());
        let clones = (1..=self.story.clones().len()).map(|n| format!("C{n}"));
        emitters.chain(clones).collect()
    }

    /// Takes what the queue of alarms says of alerts, and says whether that is new.
    pub fn take_said(&mut self, queue: Vec<(String, Said)>) -> bool {
        let mut is_new = false;
        for (name, said) in queue {
            let before = self.said.entry(name).or_default();
            // The queue does not know why somebody acknowledged, nor that it is ours.
            if let Some(known) = said.acknowledged.filter(|_| before.acknowledged.is_none()) {
                before.acknowledged = Some(known);
                is_new = true;
            }
            if before.muted != said.muted {
                before.muted = said.muted;
                is_new = true;
            }
        }
        is_new
    }

    fn advance(&mut self, at_us: i64) {
        self.first_us.get_or_insert(at_us);
        self.now_us = self.now_us.max(Some(at_us));
    }

    fn look_at_state(&mut self) {
        let state = self.story.state(&self.texts);
        if self.since_us.is_none() || state != self.state {
            self.since_us = self.now_us;
        }
        self.state = state;
    }
}
