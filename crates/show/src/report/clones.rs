//! Trackers that change their key: found without following any one address, so there is none to list.

use vigie_detect::outcome::CloneAlert;

use super::{Writer, alerts};
use crate::page::Page;
use crate::{Texts, Value};

pub(super) fn write(writer: &Writer<'_>, page: &mut Page) {
    let texts = writer.texts;
    let clones = &writer.story.clones;
    if clones.is_empty() {
        return;
    }
    let count = ("count", Value::Count(clones.len() as u64));
    page.heading(&texts.text_with("heading-clones", &[count]));
    page.item("  ", &texts.text("clones-note"));
    for (number, clone) in clones.iter().enumerate() {
        page.blank();
        one(writer, page, number + 1, clone);
    }
}

fn one(writer: &Writer<'_>, page: &mut Page, number: usize, clone: &CloneAlert) {
    let texts = writer.texts;
    let what = alerts::what(texts, clone.family, None);
    let title = [("what", Value::Text(&what))];
    page.item(
        &format!("{number:>2}. "),
        &texts.text_with("clone-title", &title),
    );
    let say = |page: &mut Page, key: &str, values: &[(&str, Value<'_>)]| {
        page.item("    ", &texts.text_with(key, values));
    };
    let after_s = clone.at_us.saturating_sub(clone.since_us) as f64 / 1e6;
    say(
        page,
        "clone-times",
        &[
            ("since", Value::Time(clone.since_us)),
            ("at", Value::Time(clone.at_us)),
            ("after", Value::Seconds(after_s)),
            ("count", Value::Count(clone.identifiers_counted)),
        ],
    );
    match vehicle(clone) {
        Some((vehicle, probability)) => say(
            page,
            "where-vehicle",
            &[
                ("vehicle", Value::Text(vehicle)),
                ("probability", Value::Percent(probability)),
            ],
        ),
        None => say(page, "where-undecided", &[]),
    }
    let prior = Value::Percent(clone.prior);
    let values = [
        ("probability", Value::Percent(clone.probability)),
        ("llr", Value::Decimal(clone.llr, 1)),
        ("prior", prior),
        ("analyzer", Value::Text(clone.analyzer)),
    ];
    say(page, "clone-how_sure", &values);
    alerts::for_and_against(texts, &clone.reasons, page);
    match vehicle(clone) {
        Some((vehicle, _)) => say(
            page,
            "alert-do-vehicle",
            &[("vehicle", Value::Text(vehicle))],
        ),
        None => say(page, "alert-do", &[]),
    }
}

/// Vehicle and its probability, where one can be named.
pub(super) fn vehicle(clone: &CloneAlert) -> Option<(&str, f64)> {
    clone.vehicle.as_deref().zip(clone.vehicle_probability)
}

/// One line to show at once.
pub(super) fn live_line(clone: &CloneAlert, texts: &Texts) -> String {
    texts.text_with(
        "live-clone",
        &[
            ("at", Value::Time(clone.at_us)),
            ("state", Value::Text(&texts.text("state-act"))),
            (
                "what",
                Value::Text(&alerts::what(texts, clone.family, None)),
            ),
            ("probability", Value::Percent(clone.probability)),
        ],
    )
}
