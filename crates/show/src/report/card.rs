//! The state on a card, in parts: what the console shows at one glance. The same words as the report's first line.

use vigie_detect::outcome::{CloneAlert, Reason, State, Summary};

use super::alerts::pair_values;
use super::{Writer, alerts, glance};
use crate::story::AlertStory;
use crate::{Options, Story, Texts, Value, codes};

/// A code and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coded {
    /// Code.
    pub code: String,
    /// What it says.
    pub text: String,
}

/// The state on a card.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// The state. Never `clear` without what it rests on, never less than the alerts say.
    pub state: State,
    /// Its word.
    pub word: String,
    /// How sure, and which vehicle.
    pub headline: String,
    /// What to do, the most pressing first.
    pub todo: Vec<Coded>,
    /// The same in a few words each.
    pub todo_short: Vec<String>,
    /// What the owner of a tracker would notice of that.
    pub owner_notices: String,
    /// Why nothing, or nothing more, can be said.
    pub because: Vec<Coded>,
    /// What can never be excluded.
    pub cannot_exclude: Vec<Coded>,
    /// With `clear`: classes of tracker that would have been found, and what it rests on.
    pub clearance: Option<(Vec<Coded>, String)>,
}

impl Story {
    /// Takes what the summary would be if the run ended here.
    pub fn stands(&mut self, summary: Summary) {
        self.summary = Some(summary);
    }

    /// What was last said of the whole run.
    #[must_use]
    pub const fn summary(&self) -> Option<&Summary> {
        self.summary.as_ref()
    }

    /// The state now.
    #[must_use]
    pub fn state(&self, texts: &Texts) -> State {
        self.writer(texts).state()
    }

    /// The state on a card.
    #[must_use]
    pub fn card(&self, texts: &Texts) -> Card {
        let writer = self.writer(texts);
        let state = writer.state();
        let mut headline = vec![glance::how_sure(&writer, state)];
        if state == State::Act {
            headline.push(glance::place(&writer));
        }
        let summary = writer.summary();
        let heard = Value::Seconds(summary.map_or(f64::NAN, |s| s.heard_s));
        let because = match (state, summary) {
            (State::Blind, _) => writer.blind_because(),
            (_, Some(summary)) => &summary.blind_because,
            (_, None) => &[],
        };
        let clearance = summary.and_then(|s| s.clearance.as_ref());
        let clearance = clearance.filter(|_| state == State::Clear).map(|c| {
            let basis = texts.code("basis", c.basis, &[]);
            let miss = [
                ("miss", Value::Percent(c.miss_probability)),
                ("basis", Value::Text(&basis)),
            ];
            let said = [
                texts.text_with("clear-miss", &miss),
                texts.text("clear-only"),
            ];
            (coded(texts, "class", &c.classes, &[]), said.join(" "))
        });
        let state_code = codes::state(state);
        Card {
            state,
            word: texts.text(&format!("state-{state_code}")),
            headline: headline.join(" "),
            todo_short: writer
                .advice_codes()
                .iter()
                .map(|code| match texts.has(&format!("advice-{code}")) {
                    true => texts.text(&format!("advice-{code}.short")),
                    false => texts.code("advice", code, &[]),
                })
                .collect(),
            todo: coded(texts, "advice", &writer.advice_codes(), &[]),
            owner_notices: texts.code("owner", state_code, &[]),
            because: coded(texts, "blind", because, &[("heard", heard)]),
            cannot_exclude: coded(
                texts,
                "cannot_exclude",
                summary.map_or(&[][..], |s| &s.cannot_exclude),
                &[],
            ),
            clearance,
        }
    }

    /// Where an emitter that alerted is, in words.
    #[must_use]
    pub fn place(&self, alert: &AlertStory, texts: &Texts) -> String {
        glance::place_of(&self.writer(texts), Some(alert))
    }

    /// Where a tracker that changes its key is, in words.
    #[must_use]
    pub fn place_of_clone(&self, clone: &CloneAlert, texts: &Texts) -> String {
        let pair = clone.whereabouts.as_ref().and_then(|w| w.pair.as_ref());
        match (super::clones::vehicle(clone), pair) {
            (Some((vehicle, probability)), _) => {
                let values = [
                    ("vehicle", Value::Text(vehicle)),
                    ("probability", Value::Percent(probability)),
                ];
                texts.text_with("where-vehicle", &values)
            }
            (None, Some((first, second, p))) => {
                texts.text_with("where-pair", &pair_values(first, second, *p))
            }
            (None, None) => glance::place_of(&self.writer(texts), None),
        }
    }

    fn writer<'a>(&'a self, texts: &'a Texts) -> Writer<'a> {
        Writer {
            story: self,
            texts,
            sensors: self.sensors(&Options::default()),
        }
    }
}

/// What an argument says.
#[must_use]
pub fn reason_text(texts: &Texts, reason: &Reason) -> String {
    alerts::reason_text(texts, reason)
}

/// What kind of device it is, as far as its frames tell.
#[must_use]
pub fn device_text(texts: &Texts, family: Option<&str>, model: Option<&str>) -> String {
    alerts::what(texts, family, model)
}

fn coded(
    texts: &Texts,
    family: &str,
    list: &[&'static str],
    values: &[(&str, Value<'_>)],
) -> Vec<Coded> {
    list.iter()
        .map(|code| Coded {
            code: (*code).to_owned(),
            text: texts.code(family, code, values),
        })
        .collect()
}
