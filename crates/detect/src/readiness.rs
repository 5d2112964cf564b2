//! The answer before departure, told.

use crate::departure::{Answer, Place};
use crate::intake::Sink;
use crate::judge::{Judge, Names};
use crate::outcome::{
    CheckState, Departure, LoudNewcomer, Notice, NoticeKind, Outcome, VehicleCheck,
};

impl Judge {
    /// Answers now, and notes each newcomer.
    pub(crate) fn answer_before_departure(&mut self, names: Names<'_>, sink: Sink<'_>) {
        let Some((check, _)) = &self.leaving else {
            return;
        };
        let at_us = self.listening.now_us();
        let parked_us = check.parked_us();
        let overflowed = check.overflowed();
        let answers = check.answers(&self.fleet, at_us);
        let mut departure = Departure {
            at_us,
            parked_us,
            vehicles: Vec::with_capacity(answers.len()),
        };
        for answer in answers {
            let told = self.told(answer, parked_us.is_some(), overflowed, names);
            for newcomer in &told.newcomers {
                sink(Outcome::Notice(Notice {
                    at_us: Some(at_us),
                    kind: NoticeKind::Newcomer,
                    emitter: Some(newcomer.emitter),
                    sensor: None,
                    detail: if parked_us.is_some() {
                        "newcomer".into()
                    } else {
                        "loud_before_departure".into()
                    },
                    about: Some(told.vehicle.clone()),
                    value: Some(newcomer.level_dbm),
                }));
            }
            departure.vehicles.push(told);
        }
        if let Some((_, last)) = &mut self.leaving {
            *last = Some(departure);
        }
    }

    /// At the end of the recording we are about to leave, unless we were seen to.
    pub(crate) fn answer_at_the_end(&mut self, names: Names<'_>, sink: Sink<'_>) {
        let waiting = self.leaving.as_ref().is_some_and(|(c, _)| !c.moving());
        if waiting {
            self.answer_before_departure(names, sink);
        }
    }

    fn told(
        &mut self,
        answer: Answer,
        recorded: bool,
        overflowed: bool,
        names: Names<'_>,
    ) -> VehicleCheck {
        let c = &self.config.departure;
        // A sensor is not heard from at the very ends of the time.
        const SLACK_S: f64 = 2.0;
        let heard = answer.checked_s + SLACK_S >= c.earliest_s;
        let long = answer.checked_s + SLACK_S >= c.answer_s;
        let mut newcomers = Vec::new();
        if heard {
            for loud in answer.loud {
                let slot = self.roster.find(loud.identifier);
                let Some(e) = slot.and_then(|slot| self.roster.at(slot)) else {
                    continue;
                };
                newcomers.push(LoudNewcomer {
                    emitter: e.number,
                    identifier: names.identifiers.text(loud.identifier),
                    family: e.traits.as_ref().map(|t| t.family.as_str()),
                    level_dbm: loud.level_dbm,
                    first_seen_us: e.first_us,
                });
            }
        }
        let state = if !recorded || !heard {
            CheckState::Blind
        } else if !newcomers.is_empty() {
            CheckState::Newcomer
        } else if long && !overflowed {
            CheckState::NothingNew
        } else {
            CheckState::Blind
        };
        VehicleCheck {
            vehicle: match answer.place {
                Place::Vehicle(v) => self.fleet.name(v).to_owned(),
                Place::Sensor(s) => names
                    .sensors
                    .get(usize::from(s))
                    .cloned()
                    .unwrap_or_default(),
            },
            checked_s: answer.checked_s,
            state,
            newcomers,
        }
    }
}
