//! Before departure: what is new and loud at each vehicle, in the order of the convoy.

use vigie_detect::outcome::{CheckState, Departure, LoudNewcomer, VehicleCheck};

use super::{Writer, alerts};
use crate::Value;
use crate::page::Page;

/// How many devices of one vehicle are listed.
const LISTED: usize = 5;

pub(super) fn write(writer: &Writer<'_>, page: &mut Page) {
    let texts = writer.texts;
    let Some(departure) = writer.summary().and_then(|s| s.departure.as_ref()) else {
        return;
    };
    page.heading(&texts.text("heading-departure"));
    let at = ("at", Value::Time(departure.at_us));
    page.item(
        "  ",
        &match departure.parked_us {
            Some(us) => texts.text_with("departure-parked", &[at, ("parked", Value::Time(us))]),
            None => texts.text_with("departure-answered", &[at]),
        },
    );
    if departure.vehicles.is_empty() {
        page.item("  - ", &texts.text("departure-none"));
    }
    for check in &departure.vehicles {
        page.item("  - ", &one(writer, departure, check));
    }
}

fn one(writer: &Writer<'_>, departure: &Departure, check: &VehicleCheck) -> String {
    let list: Vec<_> = check
        .newcomers
        .iter()
        .take(LISTED)
        .map(|n| newcomer(writer, n))
        .collect();
    let list = list.join("; ");
    let key = match check.state {
        CheckState::Newcomer => "departure-newcomer",
        CheckState::NothingNew => "departure-nothing_new",
        CheckState::Blind if departure.parked_us.is_some() => "departure-blind-short",
        CheckState::Blind if !list.is_empty() => "departure-blind-loud",
        CheckState::Blind if check.checked_s < SHORT_S => "departure-blind-short",
        CheckState::Blind => "departure-blind-parked",
    };
    let values = [
        ("vehicle", Value::Text(&check.vehicle)),
        ("checked", Value::Seconds(check.checked_s)),
        ("count", Value::Count(check.newcomers.len() as u64)),
        ("list", Value::Text(&list)),
    ];
    writer.texts.text_with(key, &values)
}

/// Below this, what is missing is listening, seconds.
const SHORT_S: f64 = 60.0;

fn newcomer(writer: &Writer<'_>, newcomer: &LoudNewcomer) -> String {
    let texts = writer.texts;
    let emitter = newcomer.emitter.to_string();
    let what = alerts::what(texts, newcomer.family, None);
    let values = [
        ("emitter", Value::Text(&emitter)),
        ("what", Value::Text(&what)),
        ("identifier", Value::Text(&newcomer.identifier)),
        ("level", Value::Decimal(newcomer.level_dbm, 0)),
        ("first", Value::Time(newcomer.first_seen_us)),
    ];
    texts.text_with("departure-one", &values)
}
