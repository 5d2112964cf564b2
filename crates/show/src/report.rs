//! The report of a run: one line first, then everything that a decision needs.

mod alerts;
mod card;
mod clones;
mod departure;
mod glance;
mod heard;

pub use card::{Card, Coded, device_text, reason_text};

use std::collections::BTreeSet;

use vigie_detect::outcome::{NoticeKind, Outcome, State, Summary, Update, Whereabouts};

use crate::page::Page;
use crate::story::{NoticeKey, NoticeTally};
use crate::{Story, Texts, Value, codes};

/// How many of those on their way to an alert are listed. Alerts are always listed in full.
const WATCHED_SHOWN: usize = 20;

/// Above this, the first line is said again at the end.
const LINES_IN_VIEW: usize = 40;

/// How a report is laid out, and what the outcomes do not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Terminal colours besides the words.
    pub colour: bool,
    /// Columns to wrap at.
    pub width: usize,
    /// Names of the sensors, where known beyond those in the summary's `deaf_s`.
    pub sensors: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            colour: false,
            width: 100,
            sensors: Vec::new(),
        }
    }
}

/// The report of a whole run.
#[must_use]
pub fn render<'a>(
    outcomes: impl IntoIterator<Item = &'a Outcome>,
    texts: &Texts,
    options: &Options,
) -> String {
    let mut story = Story::new();
    for outcome in outcomes {
        story.take(outcome);
    }
    story.report(texts, options)
}

/// One line to show at once, while the run goes on: for alerts and what changes after them.
#[must_use]
pub fn live_line(outcome: &Outcome, texts: &Texts) -> Option<String> {
    let alert = match outcome {
        Outcome::Alert(alert) => alert,
        Outcome::Clone(clone) => {
            let line = clones::live_line(clone, texts);
            let vehicle = clones::vehicle(clone);
            return Some(placed(line, vehicle, clone.whereabouts.as_ref(), texts));
        }
        Outcome::Update(update) => return Some(live_update(update, texts)),
        _ => return None,
    };
    let line = texts.text_with(
        "live-alert",
        &[
            ("at", Value::Time(alert.at_us)),
            ("state", Value::Text(&texts.text("state-act"))),
            ("emitter", Value::Text(&alert.emitter.to_string())),
            (
                "what",
                Value::Text(&alerts::what(texts, alert.family, None)),
            ),
            ("probability", Value::Percent(alert.probability)),
        ],
    );
    let vehicle = alert.vehicle.as_deref().zip(alert.vehicle_probability);
    Some(placed(line, vehicle, alert.whereabouts.as_ref(), texts))
}

/// One line to show at once in a live run: alerts, and whatever changes what can be heard or kept.
#[must_use]
pub fn watch_line(outcome: &Outcome, texts: &Texts) -> Option<String> {
    let Outcome::Notice(notice) = outcome else {
        return live_line(outcome, texts);
    };
    let at = ("at", Value::Time(notice.at_us?));
    if notice.kind == NoticeKind::State {
        let state = texts.code("state", &notice.detail, &[]);
        let because = notice.about.as_deref().unwrap_or_default();
        let because: Vec<_> = because
            .split_whitespace()
            .map(|code| {
                let heard = Value::Seconds(notice.value.unwrap_or_default());
                texts.text_with(&format!("blind-{code}.short"), &[("heard", heard)])
            })
            .collect();
        let values = [at, ("state", Value::Text(&state))];
        let line = texts.text_with("live-state", &values);
        return Some(match because.as_slice() {
            [] => line,
            because => format!("{line}  {}", because.join("; ")),
        });
    }
    let tells = [
        NoticeKind::Deaf,
        NoticeKind::Clock,
        NoticeKind::Fix,
        NoticeKind::Flood,
        NoticeKind::Newcomer,
        NoticeKind::Copied,
        NoticeKind::Sensor,
        NoticeKind::Recording,
    ];
    if !tells.contains(&notice.kind) {
        return None;
    }
    let mut tally = NoticeTally::default();
    tally.take(notice);
    let text = heard::notice_text(texts, &NoticeKey::of(notice), &tally);
    let values = [at, ("text", Value::Text(&text))];
    Some(texts.text_with("live-notice", &values))
}

fn live_update(update: &Update, texts: &Texts) -> String {
    let verdict = texts.code("verdict", codes::verdict(update.verdict), &[]);
    let line = texts.text_with(
        "live-update",
        &[
            ("at", Value::Time(update.at_us)),
            ("emitter", Value::Text(&update.emitter.to_string())),
            ("verdict", Value::Text(&verdict)),
            ("probability", Value::Percent(update.probability)),
        ],
    );
    let vehicle = update.vehicle.as_deref().zip(update.vehicle_probability);
    placed(line, vehicle, update.whereabouts.as_ref(), texts)
}

/// A line, with the vehicle or the pair where one can be named.
fn placed(
    line: String,
    vehicle: Option<(&str, f64)>,
    whereabouts: Option<&Whereabouts>,
    texts: &Texts,
) -> String {
    if let Some((vehicle, probability)) = vehicle {
        let values = [
            ("line", Value::Text(&line)),
            ("vehicle", Value::Text(vehicle)),
            ("probability", Value::Percent(probability)),
        ];
        return texts.text_with("live-place", &values);
    }
    match whereabouts.and_then(|w| w.pair.as_ref()) {
        Some((first, second, probability)) => {
            let values = [
                ("line", Value::Text(&line)),
                ("first", Value::Text(first)),
                ("second", Value::Text(second)),
                ("probability", Value::Percent(*probability)),
            ];
            texts.text_with("live-pair", &values)
        }
        None => line,
    }
}

impl Story {
    /// The report of what was taken so far; complete once the summary was taken.
    #[must_use]
    pub fn report(&self, texts: &Texts, options: &Options) -> String {
        let mut page = Page::new(options.width, options.colour);
        let writer = Writer {
            story: self,
            texts,
            sensors: self.sensors(options),
        };
        departure::write(&writer, &mut page);
        glance::write(&writer, &mut page);
        writer.why(&mut page);
        alerts::write(&writer, &mut page);
        clones::write(&writer, &mut page);
        writer.watched(&mut page);
        writer.advice(&mut page);
        writer.limits_of_what_was_found(&mut page);
        writer.cannot_exclude(&mut page);
        heard::write(&writer, &mut page);
        // On a terminal the first line of a long report has scrolled away by now.
        if page.lines() > LINES_IN_VIEW {
            page.blank();
            glance::write(&writer, &mut page);
        }
        page.finish()
    }

    fn sensors(&self, options: &Options) -> BTreeSet<String> {
        let deaf = self.summary.iter().flat_map(|s| s.deaf_s.keys());
        options.sensors.iter().chain(deaf).cloned().collect()
    }
}

/// What the parts of the report draw on.
struct Writer<'a> {
    story: &'a Story,
    texts: &'a Texts,
    sensors: BTreeSet<String>,
}

impl Writer<'_> {
    fn summary(&self) -> Option<&Summary> {
        self.story.summary.as_ref()
    }

    /// The state to show. Never `clear` without what it rests on, never less than the alerts say.
    fn state(&self) -> State {
        let alerts = [false, true]
            .iter()
            .any(|ours| !self.story.alerts(*ours).is_empty());
        if alerts || !self.story.clones.is_empty() {
            return State::Act;
        }
        match self.summary() {
            None => State::Blind,
            Some(s) if s.state == State::Clear && s.clearance.is_none() => State::Blind,
            Some(s) => s.state,
        }
    }

    /// Codes of why nothing can be said.
    fn blind_because(&self) -> &[&'static str] {
        match self.summary() {
            Some(s) if !s.blind_because.is_empty() => &s.blind_because,
            _ => &["unexplained"],
        }
    }

    fn one_sensor(&self) -> bool {
        self.sensors.len() <= 1
    }

    fn on_person(&self) -> bool {
        self.summary().is_some_and(|s| s.profile == "on-person")
    }

    /// What to do, the most pressing first. An alert always comes with the same first steps.
    fn advice_codes(&self) -> Vec<&'static str> {
        let first: &[&'static str] = match self.state() {
            State::Act if self.story.alerts(false).is_empty() && self.story.clones.is_empty() => &[
                "check_own_devices",
                "do_not_go_home",
                "call_for_help",
                "keep_device_as_evidence",
            ],
            State::Act => &["do_not_go_home", "call_for_help", "keep_device_as_evidence"],
            State::Blind | State::Clear | State::Watch => &[],
        };
        let told = self.summary().map_or(&[][..], |s| &s.advice);
        let mut codes: Vec<&'static str> = Vec::new();
        for code in first.iter().chain(told) {
            if !codes.contains(code) {
                codes.push(code);
            }
        }
        if codes.is_empty() {
            codes.push("record_longer");
        }
        codes
    }

    /// Why blind, or what clear rests on.
    fn why(&self, page: &mut Page) {
        let texts = self.texts;
        let Some(summary) = self.summary() else {
            return;
        };
        match (self.state(), &summary.clearance) {
            (State::Blind, _) => self.limits("heading-blind", self.blind_because(), page),
            (State::Clear, Some(clearance)) => {
                page.heading(&texts.text("heading-clear"));
                let heard = ("heard", Value::Seconds(clearance.heard_s));
                page.item("  - ", &texts.text_with("clear-heard", &[heard]));
                let classes = self.list("class", &clearance.classes);
                let list = ("list", Value::Text(&classes));
                page.item("  - ", &texts.text_with("clear-classes", &[list]));
                let basis = texts.code("basis", clearance.basis, &[]);
                let miss = [
                    ("miss", Value::Percent(clearance.miss_probability)),
                    ("basis", Value::Text(&basis)),
                ];
                page.item("  - ", &texts.text_with("clear-miss", &miss));
                page.item("  - ", &texts.text("clear-only"));
            }
            _ => {}
        }
    }

    /// Why nothing, or nothing more, can be said.
    fn limits(&self, heading: &str, codes: &[&str], page: &mut Page) {
        let heard = Value::Seconds(self.summary().map_or(f64::NAN, |s| s.heard_s));
        page.heading(&self.texts.text(heading));
        for code in codes {
            page.item("  - ", &self.texts.code("blind", code, &[("heard", heard)]));
        }
        let unheard = self.summary().map_or(&[][..], |s| &s.sensors.unheard);
        if !unheard.is_empty() {
            let names = unheard.join(", ");
            let names = ("names", Value::Text(&names));
            page.item("  - ", &self.texts.text_with("blind-where", &[names]));
        }
    }

    /// What keeps a run that found something from having found everything.
    fn limits_of_what_was_found(&self, page: &mut Page) {
        let because = self.summary().map_or(&[][..], |s| &s.blind_because);
        if matches!(self.state(), State::Act | State::Watch) && !because.is_empty() {
            self.limits("heading-limits", because, page);
        }
    }

    fn watched(&self, page: &mut Page) {
        let texts = self.texts;
        let watched = self.story.watched();
        if watched.is_empty() {
            return;
        }
        let count = ("count", Value::Count(watched.len() as u64));
        page.heading(&texts.text_with("heading-watch", &[count]));
        for (emitter, one) in watched.iter().take(WATCHED_SHOWN) {
            let record = one.record.as_ref();
            let what = alerts::what(
                texts,
                record.and_then(|r| r.family),
                record.and_then(|r| r.model),
            );
            let list = record.map_or_else(|| "?".into(), |r| alerts::listed(texts, &r.identifiers));
            let values = [
                ("emitter", Value::Text(&emitter.to_string())),
                ("what", Value::Text(&what)),
                ("list", Value::Text(&list)),
                ("probability", Value::Percent(one.probability)),
                ("at", one.since_us.map_or(Value::Text("?"), Value::Time)),
            ];
            page.item("  - ", &texts.text_with("watch-line", &values));
        }
        let more = watched.len().saturating_sub(WATCHED_SHOWN);
        if more > 0 {
            let count = ("count", Value::Count(more as u64));
            page.item("  - ", &texts.text_with("watch-more", &[count]));
        }
    }

    fn advice(&self, page: &mut Page) {
        page.heading(&self.texts.text("heading-advice"));
        for (i, code) in self.advice_codes().iter().enumerate() {
            page.item(
                &format!("  {}. ", i + 1),
                &self.texts.code("advice", code, &[]),
            );
        }
    }

    fn cannot_exclude(&self, page: &mut Page) {
        let codes = self.summary().map_or(&[][..], |s| &s.cannot_exclude);
        if codes.is_empty() {
            return;
        }
        page.heading(&self.texts.text("heading-cannot_exclude"));
        for code in codes {
            page.item("  - ", &self.texts.code("cannot_exclude", code, &[]));
        }
    }

    /// The words of several codes, in a row.
    fn list(&self, family: &str, list: &[&str]) -> String {
        let words: Vec<_> = list
            .iter()
            .map(|code| self.texts.code(family, code, &[]))
            .collect();
        words.join("; ")
    }

    fn threat(&self) -> String {
        self.texts
            .code("threat", self.summary().map_or("normal", |s| s.threat), &[])
    }

    fn verdict(&self, verdict: vigie_detect::outcome::Verdict) -> String {
        self.texts.code("verdict", codes::verdict(verdict), &[])
    }
}
