//! Each alert: what, since when, how sure, why, and what to do with it.

use vigie_detect::outcome::{Reason, ReasonCode, Verdict};

use super::Writer;
use crate::page::Page;
use crate::story::AlertStory;
use crate::{Texts, Value, codes};

/// How many identifiers of one emitter are listed.
const IDENTIFIERS_SHOWN: usize = 8;
/// Highest probability that is shown on a person, without own devices enrolled.
const CAP: f64 = 0.75;
/// From this probability on it is told that it may be in none of the vehicles.
const OUTSIDE_SHOWN: f64 = 0.05;

pub(super) fn write(writer: &Writer<'_>, page: &mut Page) {
    let texts = writer.texts;
    let mut number = 0;
    for (ours, heading) in [(false, "heading-alerts"), (true, "heading-ours")] {
        let alerts = writer.story.alerts(ours);
        if alerts.is_empty() {
            continue;
        }
        let count = ("count", Value::Count(alerts.len() as u64));
        page.heading(&texts.text_with(heading, &[count]));
        if ours {
            page.item("  ", &texts.text("heading-ours-note"));
        }
        if number == 0 {
            notes(writer, page);
        }
        for alert in alerts {
            number += 1;
            page.blank();
            one(writer, page, number, alert);
        }
    }
}

/// What holds for every alert, said once.
fn notes(writer: &Writer<'_>, page: &mut Page) {
    let texts = writer.texts;
    let story = writer.story;
    let mut alerts = [false, true]
        .into_iter()
        .flat_map(|ours| story.alerts(ours));
    // Said wherever the cap may have lowered a figure.
    if writer.on_person() || alerts.any(|a| (a.probability() - CAP).abs() < 1e-3) {
        page.item(
            "  ",
            &texts.text_with("alerts-capped", &[("cap", Value::Percent(CAP))]),
        );
    }
    page.item("  ", &texts.text("alerts-note"));
}

fn one(writer: &Writer<'_>, page: &mut Page, number: usize, story: &AlertStory) {
    let texts = writer.texts;
    let alert = &story.alert;
    page.item(&format!("{number:>2}. "), &title(texts, story));

    let say = |page: &mut Page, key: &str, values: &[(&str, Value<'_>)]| {
        page.item("    ", &texts.text_with(key, values));
    };
    let identifiers = listed(texts, story.identifiers());
    let shown = ("count", Value::Count(story.identifiers().len() as u64));
    say(
        page,
        "alert-identifiers",
        &[shown, ("list", Value::Text(&identifiers))],
    );
    let after_s = alert.at_us.saturating_sub(alert.first_seen_us) as f64 / 1e6;
    say(
        page,
        "alert-times",
        &[
            ("first", Value::Time(alert.first_seen_us)),
            ("at", Value::Time(alert.at_us)),
            ("after", Value::Seconds(after_s)),
        ],
    );
    if let Some(record) = &story.record {
        say(
            page,
            "alert-last_heard",
            &[
                ("last", Value::Time(record.last_seen_us)),
                ("count", Value::Count(record.sightings)),
            ],
        );
    }
    if let Some(level) = alert.level_dbm {
        say(page, "alert-level", &[("level", Value::Decimal(level, 0))]);
    }
    if !writer.on_person() || story.vehicle().is_some() {
        vehicle(writer, page, story);
    }
    how_sure(writer, page, story);
    reasons(writer, page, story);
    if let Some(update) = &story.update {
        let verdict = writer.verdict(update.verdict);
        say(
            page,
            "alert-since",
            &[
                ("at", Value::Time(update.at_us)),
                ("verdict", Value::Text(&verdict)),
                ("probability", Value::Percent(update.probability)),
            ],
        );
    }
    match story.vehicle() {
        _ if story.is_ours() => say(page, "alert-do-ours", &[]),
        Some((vehicle, _)) => say(
            page,
            "alert-do-vehicle",
            &[("vehicle", Value::Text(vehicle))],
        ),
        None => match story.pair() {
            Some((first, second, p)) => say(page, "alert-do-pair", &pair_values(first, second, p)),
            None => say(page, "alert-do", &[]),
        },
    }
}

fn title(texts: &Texts, story: &AlertStory) -> String {
    let record = story.record.as_ref();
    let family = record.and_then(|r| r.family).or(story.alert.family);
    let what = what(texts, family, record.and_then(|r| r.model));
    let emitter = story.alert.emitter.to_string();
    let mut values = vec![
        ("emitter", Value::Text(&emitter)),
        ("what", Value::Text(&what)),
    ];
    match record.and_then(|r| r.state) {
        Some(code) => {
            let state = texts.code("device_state", code, &[]);
            values.push(("state", Value::Text(&state)));
            texts.text_with("alert-title-state", &values)
        }
        None => texts.text_with("alert-title", &values),
    }
}

/// What kind of device it is, as far as its frames tell.
pub(super) fn what(texts: &Texts, family: Option<&str>, model: Option<&str>) -> String {
    match (family, model) {
        (_, Some(model)) if texts.has(&format!("model-{model}")) => texts.code("model", model, &[]),
        (Some(family), Some(model)) => format!("{} ({model})", texts.code("family", family, &[])),
        (Some(family), None) => texts.code("family", family, &[]),
        (None, Some(model)) => model.to_owned(),
        (None, None) => texts.text("alert-unknown_kind"),
    }
}

/// Identifiers in a row, not too many.
pub(super) fn listed(texts: &Texts, identifiers: &[String]) -> String {
    let shown = identifiers
        .get(..IDENTIFIERS_SHOWN)
        .unwrap_or(identifiers)
        .join(", ");
    match identifiers.len().saturating_sub(IDENTIFIERS_SHOWN) {
        0 => shown,
        more => texts.text_with(
            "alert-identifiers-more",
            &[
                ("list", Value::Text(&shown)),
                ("count", Value::Count(more as u64)),
            ],
        ),
    }
}

fn vehicle(writer: &Writer<'_>, page: &mut Page, story: &AlertStory) {
    let texts = writer.texts;
    let text = match (story.vehicle(), story.pair()) {
        (Some((vehicle, probability)), _) => texts.text_with(
            "alert-vehicle",
            &[
                ("vehicle", Value::Text(vehicle)),
                ("probability", Value::Percent(probability)),
            ],
        ),
        (None, Some((first, second, probability))) => texts.text_with(
            "alert-vehicle-pair",
            &pair_values(first, second, probability),
        ),
        (None, None) if writer.one_sensor() => texts.text("alert-vehicle-one_sensor"),
        (None, None) => texts.text("alert-vehicle-undecided"),
    };
    page.item("    ", &text);
    let outside = story.whereabouts().map_or(0.0, |w| w.outside);
    if outside >= OUTSIDE_SHOWN {
        let values = [("probability", Value::Percent(outside))];
        page.item("    ", &texts.text_with("alert-outside", &values));
    }
}

/// What a text on two vehicles is filled with.
pub(super) const fn pair_values<'a>(
    first: &'a str,
    second: &'a str,
    probability: f64,
) -> [(&'static str, Value<'a>); 3] {
    [
        ("first", Value::Text(first)),
        ("second", Value::Text(second)),
        ("probability", Value::Percent(probability)),
    ]
}

/// Probability, evidence and prior, each on its own.
fn how_sure(writer: &Writer<'_>, page: &mut Page, story: &AlertStory) {
    let texts = writer.texts;
    let probability = ("probability", Value::Percent(story.probability()));
    page.item(
        "    ",
        &texts.text_with("alert-probability", &[probability]),
    );
    let llr = story.llr();
    let key = if llr < 0.0 {
        "alert-evidence-against"
    } else {
        "alert-evidence"
    };
    let evidence = [
        ("times", Value::Text(&times(texts, llr))),
        ("llr", Value::Decimal(llr, 2)),
        ("analyzer", Value::Text(story.alert.analyzer)),
    ];
    page.item("    ", &texts.text_with(key, &evidence));
    let threat = writer.threat();
    let prior = [
        ("threat", Value::Text(&threat)),
        ("prior", Value::Percent(story.alert.prior)),
    ];
    page.item("    ", &texts.text_with("alert-prior", &prior));
}

fn reasons(writer: &Writer<'_>, page: &mut Page, story: &AlertStory) {
    let texts = writer.texts;
    let latest = match &story.update {
        Some(update) if !update.reasons.is_empty() => &update.reasons,
        _ => &story.alert.reasons,
    };
    supporting(texts, latest, page);
    let signs = story.record.as_ref().map_or(&[][..], |r| &r.clone_signs);
    if !signs.is_empty() {
        let list = writer.list("clone_sign", signs);
        let list = [("list", Value::Text(&list))];
        page.item("      + ", &texts.text_with("alert-clone_signs", &list));
    }
    opposing(texts, latest, page);
}

/// What speaks for it and what against.
pub(super) fn for_and_against(texts: &Texts, reasons: &[Reason], page: &mut Page) {
    supporting(texts, reasons, page);
    opposing(texts, reasons, page);
}

fn supporting(texts: &Texts, reasons: &[Reason], page: &mut Page) {
    let supports: Vec<_> = reasons.iter().filter(|r| r.supports).collect();
    if !supports.is_empty() {
        page.item("    ", &texts.text("alert-for"));
        for reason in supports {
            page.item("      + ", &reason_text(texts, reason));
        }
    }
}

fn opposing(texts: &Texts, reasons: &[Reason], page: &mut Page) {
    let against: Vec<_> = reasons.iter().filter(|r| !r.supports).collect();
    page.item("    ", &texts.text("alert-against"));
    if against.is_empty() {
        page.item("      - ", &texts.text("alert-against-none"));
    }
    for reason in against {
        page.item("      - ", &reason_text(texts, reason));
    }
}

pub(super) fn reason_text(texts: &Texts, reason: &Reason) -> String {
    let two_sided = matches!(
        reason.code,
        ReasonCode::LevelAboveStrangers
            | ReasonCode::AgainstRoadside
            | ReasonCode::AgainstStream
            | ReasonCode::AgainstPlatoon
    );
    let mut code = codes::reason(reason.code).to_owned();
    let mut value = reason.value.unwrap_or(f64::NAN);
    if two_sided && value < 0.0 {
        code.push_str("-less");
        value = -value;
    }
    texts.code(
        "reason",
        &code,
        &[
            ("value", Value::Decimal(value, 1)),
            ("metres", Value::Metres(value)),
            ("duration", Value::Seconds(value)),
            ("times", Value::Text(&times(texts, value))),
        ],
    )
}

/// A log-likelihood ratio (nats, either sign) as "so many times", to two digits.
fn times(texts: &Texts, nats: f64) -> String {
    let ratio = nats.abs().exp();
    if ratio >= 1e6 {
        return texts.text("times-million");
    }
    let rounded = if ratio < 10.0 {
        Value::Decimal(ratio, 1)
    } else {
        let unit = 10f64.powi(ratio.log10() as i32 - 1);
        Value::Decimal((ratio / unit).round() * unit, 0)
    };
    texts.text_with("times-about", &[("times", rounded)])
}

/// Whether a verdict is one whose bearers are listed one by one.
pub(super) const fn is_listed(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Aboard | Verdict::TravellingWithUs | Verdict::ProbablyOurs
    )
}
