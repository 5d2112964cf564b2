//! What the sensors and the run say of themselves in a live run: time goes on without frames, deafness is known at once and
//! with its cause, and the state is told when it changes.

use vigie_decode::{Condition, Status};

use crate::intake::{Counts, Sink};
use crate::judge::{Judge, Names};
use crate::outcome::{Notice, NoticeKind, Outcome, State};

/// What was last said.
#[derive(Debug, Default)]
pub(crate) struct Stated {
    /// By sensor: deaf, as it says itself, why and since when.
    deaf: Vec<Option<(Condition, i64)>>,
    /// The state and what it rests on, as last told.
    told: Option<(State, Vec<&'static str>)>,
    /// Something was said since the state was last looked at.
    due: bool,
    /// Second in which the state was last looked at.
    second: i64,
}

impl Stated {
    /// Why a sensor is deaf by its own word, and since when, µs since 1970.
    pub(crate) fn of(&self, sensor: u16) -> Option<(Condition, i64)> {
        self.deaf.get(usize::from(sensor)).copied().flatten()
    }
}

impl Judge {
    /// Takes a statement in its turn.
    pub(crate) fn take_status(&mut self, status: &Status, names: Names<'_>, sink: Sink<'_>) {
        self.listening.tick(status.time_us);
        let now_us = self.listening.now_us();
        self.pass_to(now_us, names, sink);
        self.stated.due = true;
        match status.sensor {
            Some(sensor) => self.of_sensor(sensor, status, now_us, names, sink),
            None => of_run(status, now_us, sink),
        }
    }

    fn of_sensor(
        &mut self,
        sensor: u16,
        status: &Status,
        now_us: i64,
        names: Names<'_>,
        sink: Sink<'_>,
    ) {
        let at = usize::from(sensor);
        if at >= self.stated.deaf.len() {
            self.stated.deaf.resize(at + 1, None);
        }
        let Some(deaf) = self.stated.deaf.get_mut(at) else {
            return;
        };
        let (kind, detail, value) = match status.condition {
            Condition::Listening => {
                let Some((_, since_us)) = deaf.take() else {
                    return;
                };
                self.listening.hears_again(sensor, now_us);
                self.stated.second = i64::MIN;
                let seconds = (now_us - since_us) as f64 / 1e6;
                (NoticeKind::Deaf, "hears_again", seconds)
            }
            condition if condition.is_deaf() => {
                let since_us = match *deaf {
                    Some((before, _)) if before == condition => return,
                    Some((_, since_us)) => since_us,
                    None => now_us,
                };
                *deaf = Some((condition, since_us));
                self.listening.is_deaf_from(sensor, now_us);
                self.stated.second = i64::MIN;
                (NoticeKind::Deaf, condition.as_str(), status.value)
            }
            condition => (NoticeKind::Sensor, condition.as_str(), status.value),
        };
        sink(Outcome::Notice(Notice {
            at_us: Some(now_us),
            kind,
            emitter: None,
            sensor: names.sensors.get(at).cloned(),
            detail: detail.to_owned(),
            about: None,
            value: Some(value),
        }));
    }

    /// Tells the state where it has changed since it was last told. Looked at once a second, and when a sensor falls deaf or
    /// hears again.
    pub(crate) fn tell_state(&mut self, counts: &Counts, sink: Sink<'_>) {
        let now_us = self.listening.now_us();
        let second = now_us.div_euclid(1_000_000);
        if !std::mem::take(&mut self.stated.due) || second == self.stated.second {
            return;
        }
        self.stated.second = second;
        let standing = self.standing(counts);
        let because = match standing.state {
            State::Blind => standing.blind_because,
            _ => Vec::new(),
        };
        let told = Some((standing.state, because));
        if told == self.stated.told {
            return;
        }
        let Some((state, because)) = &told else {
            return;
        };
        sink(Outcome::Notice(Notice {
            at_us: Some(now_us),
            kind: NoticeKind::State,
            emitter: None,
            sensor: None,
            detail: state.as_str().to_owned(),
            about: (!because.is_empty()).then(|| because.join(" ")),
            value: Some(self.listening.scan_us() as f64 / 1e6),
        }));
        self.stated.told = told;
    }
}

fn of_run(status: &Status, now_us: i64, sink: Sink<'_>) {
    let kind = match status.condition {
        Condition::ClockStep | Condition::GnssClock => NoticeKind::Clock,
        Condition::DiskLow | Condition::DiskFull | Condition::DiskBack | Condition::Unrecorded => {
            NoticeKind::Recording
        }
        Condition::PositionsLost | Condition::PositionsBack | Condition::PositionJump => {
            NoticeKind::Fix
        }
        // Said of sensors; of the run it says only that time goes on.
        _ => return,
    };
    let detail = match status.condition {
        Condition::PositionsLost => "position_source_lost",
        Condition::PositionsBack => "position_source_back",
        condition => condition.as_str(),
    };
    sink(Outcome::Notice(Notice {
        at_us: Some(now_us),
        kind,
        emitter: None,
        sensor: None,
        detail: detail.to_owned(),
        about: None,
        value: Some(status.value),
    }));
}
