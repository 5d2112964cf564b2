//! What was heard: the ground that everything else in the report stands on.

use super::{Writer, alerts};
use crate::page::Page;
use crate::story::{NoticeKey, NoticeTally};
use crate::{Texts, Value, codes};

pub(super) fn write(writer: &Writer<'_>, page: &mut Page) {
    page.heading(&writer.texts.text("heading-heard"));
    heard(writer, page);
    notices(writer, page);
}

fn heard(writer: &Writer<'_>, page: &mut Page) {
    let texts = writer.texts;
    let mut say = |key: &str, values: &[(&str, Value<'_>)]| {
        page.item("  - ", &texts.text_with(key, values));
    };
    let Some(summary) = writer.summary() else {
        say("heard-utc", &[]);
        return;
    };
    if let Some((first, last)) = writer.story.period {
        say(
            "heard-period",
            &[("first", Value::Time(first)), ("last", Value::Time(last))],
        );
    }
    say(
        "heard-listened",
        &[
            ("heard", Value::Seconds(summary.heard_s)),
            ("duration", Value::Seconds(summary.duration_s)),
        ],
    );
    match summary.travelled_m {
        Some(metres) => say("heard-travelled", &[("metres", Value::Metres(metres))]),
        None => say("heard-travelled-unknown", &[]),
    }
    if !writer.sensors.is_empty() {
        let names: Vec<_> = writer.sensors.iter().map(String::as_str).collect();
        let count = ("count", Value::Count(names.len() as u64));
        say(
            "heard-sensors",
            &[count, ("list", Value::Text(&names.join(", ")))],
        );
    }
    let mut deaf = summary.deaf_s.iter().filter(|(_, s)| **s >= 1.0).peekable();
    if deaf.peek().is_none() {
        say("heard-deaf-none", &[]);
    }
    for (sensor, seconds) in deaf {
        let values = [
            ("sensor", Value::Text(sensor)),
            ("deaf", Value::Seconds(*seconds)),
        ];
        say("heard-deaf", &values);
    }
    let kinds: Vec<_> = summary
        .malformed_by_kind
        .iter()
        .map(|(kind, count)| {
            let kind = texts.code("damage", kind, &[]);
            let values = [
                ("kind", Value::Text(&kind)),
                ("count", Value::Count(*count)),
            ];
            texts.text_with("heard-kind", &values)
        })
        .collect();
    let kinds = if kinds.is_empty() {
        "?".into()
    } else {
        kinds.join(", ")
    };
    say(
        "heard-frames",
        &[
            ("frames", Value::Count(summary.frames)),
            ("malformed", Value::Count(summary.malformed)),
            ("kinds", Value::Text(&kinds)),
        ],
    );
    if summary.late > 0 {
        say("heard-late", &[("count", Value::Count(summary.late))]);
    }
    let emitters = [
        ("emitters", Value::Count(summary.emitters)),
        ("sightings", Value::Count(summary.sightings)),
    ];
    say("heard-emitters", &emitters);
    for (verdict, count) in &writer.story.verdicts {
        let words = writer.verdict(*verdict);
        say(
            "heard-verdict",
            &[
                ("count", Value::Count(*count)),
                ("verdict", Value::Text(&words)),
            ],
        );
    }
    if writer
        .story
        .verdicts
        .keys()
        .any(|verdict| !alerts::is_listed(*verdict))
    {
        say("heard-bystanders", &[]);
    }
    let profile = texts.code("profile", summary.profile, &[]);
    let threat = writer.threat();
    say(
        "heard-settings",
        &[
            ("profile", Value::Text(&profile)),
            ("threat", Value::Text(&threat)),
        ],
    );
    say("heard-utc", &[]);
}

fn notices(writer: &Writer<'_>, page: &mut Page) {
    let mut notices = writer.story.notices().peekable();
    if notices.peek().is_some() {
        page.heading(&writer.texts.text("heading-notices"));
    }
    for (key, tally) in notices {
        page.item("  - ", &notice(writer, key, tally));
    }
}

/// What a notice says, without when.
pub(super) fn notice_text(texts: &Texts, key: &NoticeKey, tally: &NoticeTally) -> String {
    let sensors: Vec<_> = tally.sensors.iter().map(String::as_str).collect();
    let sensors = if sensors.is_empty() {
        texts.text("word-all_sensors")
    } else {
        sensors.join(", ")
    };
    let about = if key.detail == "damage" {
        texts.code("damage", &key.damage, &[])
    } else {
        alerts::listed(texts, &tally.about.iter().cloned().collect::<Vec<_>>())
    };
    let figure = |value| if tally.valued { value } else { f64::NAN };
    let kind = texts.code("notice-kind", codes::notice_kind(key.kind), &[]);
    let values = [
        ("kind", Value::Text(&kind)),
        ("detail", Value::Text(&key.detail)),
        ("about", Value::Text(&about)),
        ("sensors", Value::Text(&sensors)),
        ("duration", Value::Seconds(figure(tally.sum))),
        ("largest", Value::Seconds(figure(tally.largest))),
        ("metres", Value::Metres(figure(tally.largest))),
        ("figure", Value::Decimal(figure(tally.largest), 0)),
    ];
    let id = format!("notice-{}", key.detail);
    let known = codes::NOTICE_DETAILS.contains(&key.detail.as_str());
    texts.text_with(if known { &id } else { "notice-unknown" }, &values)
}

fn notice(writer: &Writer<'_>, key: &NoticeKey, tally: &NoticeTally) -> String {
    let texts = writer.texts;
    let mut text = notice_text(texts, key, tally);
    let count = ("count", Value::Count(tally.count));
    match tally.first_us {
        Some(first) => {
            text.push(' ');
            text.push_str(&texts.text_with("notice-when", &[count, ("first", Value::Time(first))]));
        }
        // What it is about is listed; to count that as well says nothing.
        None if tally.count > 1 && tally.about.is_empty() => {
            text.push(' ');
            text.push_str(&texts.text_with("notice-often", &[count]));
        }
        None => {}
    }
    text
}
