//! The first line: state, how sure, in which vehicle, what to do.

use vigie_detect::outcome::State;

use super::Writer;
use super::alerts::pair_values;
use crate::page::Page;
use crate::story::AlertStory;
use crate::{Value, codes};

pub(super) fn write(writer: &Writer<'_>, page: &mut Page) {
    let texts = writer.texts;
    let state = writer.state();
    let mut sentences = vec![how_sure(writer, state)];
    if state == State::Act {
        sentences.push(place(writer));
    }
    for code in writer.advice_codes().iter().take(2) {
        let key = format!("advice-{code}");
        if texts.has(&key) {
            sentences.push(texts.text(&format!("{key}.short")));
        }
    }
    let word = texts.text(&format!("state-{}", codes::state(state)));
    page.glance(state, &word, &sentences.join(" "));
    match writer.summary() {
        None => page.item("  ", &texts.text("glance-no_summary")),
        Some(summary) if summary.interrupted => {
            page.item("  ", &texts.text("glance-interrupted"));
        }
        Some(_) => {}
    }
}

pub(super) fn how_sure(writer: &Writer<'_>, state: State) -> String {
    let texts = writer.texts;
    let summary = writer.summary();
    match state {
        State::Act => {
            let clones = how_sure_of_clones(writer);
            if let (Some(clones), true) = (&clones, writer.story.alerts(false).is_empty()) {
                return clones.clone();
            }
            let (key, alerts) = match writer.story.alerts(false) {
                others if !others.is_empty() => ("glance-act", others),
                _ => ("glance-act-ours", writer.story.alerts(true)),
            };
            let highest = alerts.first().map_or(0.0, |a| a.probability());
            let devices = texts.text_with(
                key,
                &[
                    ("count", Value::Count(alerts.len() as u64)),
                    ("probability", Value::Percent(highest)),
                ],
            );
            match clones {
                Some(clones) => format!("{devices} {clones}"),
                None => devices,
            }
        }
        State::Watch => {
            let watched = writer.story.watched();
            let highest = watched.first().map_or(0.0, |(_, w)| w.probability);
            texts.text_with(
                "glance-watch",
                &[
                    ("count", Value::Count(watched.len().max(1) as u64)),
                    ("probability", Value::Percent(highest)),
                ],
            )
        }
        State::Clear => summary
            .and_then(|s| s.clearance.as_ref())
            .map_or_else(String::new, |c| {
                let classes = writer.list("class", &c.classes);
                let basis = texts.code("basis", c.basis, &[]);
                texts.text_with(
                    "glance-clear",
                    &[
                        ("heard", Value::Seconds(c.heard_s)),
                        ("miss", Value::Percent(c.miss_probability)),
                        ("basis", Value::Text(&basis)),
                        ("classes", Value::Text(&classes)),
                    ],
                )
            }),
        State::Blind => {
            let why = match summary {
                Some(s) if s.state == State::Clear => texts.text("clear-without_basis"),
                Some(s) => {
                    let code = writer.blind_because().first().unwrap_or(&"unexplained");
                    if texts.has(&format!("blind-{code}")) {
                        texts.text_with(
                            &format!("blind-{code}.short"),
                            &[("heard", Value::Seconds(s.heard_s))],
                        )
                    } else {
                        texts.code("blind", code, &[])
                    }
                }
                None => texts.text("blind-unexplained.short"),
            };
            texts.text_with("glance-blind", &[("why", Value::Text(&why))])
        }
    }
}

/// How many trackers change their key, and how sure the surest is.
fn how_sure_of_clones(writer: &Writer<'_>) -> Option<String> {
    let clones = &writer.story.clones;
    let highest = clones.iter().map(|c| c.probability).reduce(f64::max)?;
    let values = [
        ("count", Value::Count(clones.len() as u64)),
        ("probability", Value::Percent(highest)),
    ];
    Some(writer.texts.text_with("glance-clones", &values))
}

/// Where it is, of the most likely alert.
pub(super) fn place(writer: &Writer<'_>) -> String {
    let ranked = writer
        .story
        .alerts(false)
        .into_iter()
        .chain(writer.story.alerts(true))
        .next();
    place_of(writer, ranked)
}

/// Where an alert is; without one, where it can be at all.
pub(super) fn place_of(writer: &Writer<'_>, alert: Option<&AlertStory>) -> String {
    let texts = writer.texts;
    if let Some((vehicle, probability)) = alert.and_then(|a| a.vehicle()) {
        return texts.text_with(
            "where-vehicle",
            &[
                ("vehicle", Value::Text(vehicle)),
                ("probability", Value::Percent(probability)),
            ],
        );
    }
    if let Some((first, second, probability)) = alert.and_then(|a| a.pair()) {
        let values = pair_values(first, second, probability);
        return texts.text_with("where-pair", &values);
    }
    texts.text(if writer.on_person() {
        "where-person"
    } else if writer.one_sensor() {
        "where-one_sensor"
    } else {
        "where-undecided"
    })
}
