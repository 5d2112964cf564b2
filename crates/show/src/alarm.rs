//! What leaves the machine when something is found: by default no place, person, plate, vehicle, address or identifier, so that
//! whoever reads along learns no more than that Vigie has something to say.

use crate::{Texts, Value};

/// What an alarm is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlarmKind {
    /// An emitter travels with us.
    Alert,
    /// A tracker that changes its key travels with us.
    Clone,
    /// A sensor has been deaf for a while.
    Deaf,
    /// Somebody tries the channels.
    Test,
}

impl AlarmKind {
    /// As the queue names it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Clone => "clone",
            Self::Deaf => "deaf",
            Self::Test => "test",
        }
    }

    /// The title of its message.
    #[must_use]
    pub fn title(self, texts: &Texts) -> String {
        texts.text(match self {
            // Which of the two it is stays on this machine.
            Self::Alert | Self::Clone => "alarm-title-alert",
            Self::Deaf => "alarm-title-deaf",
            Self::Test => "alarm-title-test",
        })
    }
}

/// What a message may say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AlarmText<'a> {
    /// About what.
    pub kind: AlarmKind,
    /// When, µs since 1970.
    pub at_us: i64,
    /// The same as a clock here shows it.
    pub local: &'a str,
    /// A word and a number to speak about it.
    pub reference: &'a str,
    /// What is added where the channel asks for all of it.
    pub full: Option<FullAlarm<'a>>,
}

/// What is known, for channels that ask for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FullAlarm<'a> {
    /// Of something that travels with us.
    Found {
        /// Vehicle and its probability, where one can be named.
        vehicle: Option<(&'a str, f64)>,
        /// Probability that it travels with us.
        probability: f64,
        /// Analyzer and version.
        analyzer: &'a str,
    },
    /// Of a sensor that hears nothing.
    Deaf {
        /// Which.
        sensor: &'a str,
    },
}

impl AlarmText<'_> {
    /// The message.
    #[must_use]
    pub fn text(&self, texts: &Texts) -> String {
        let mut lines = vec![texts.text(match self.kind {
            AlarmKind::Alert | AlarmKind::Clone => "alarm-alert",
            AlarmKind::Deaf => "alarm-deaf",
            AlarmKind::Test => "alarm-test",
        })];
        match self.full {
            None => {}
            Some(FullAlarm::Deaf { sensor }) => {
                lines
                    .push(texts.text_with("alarm-full-sensor", &[("sensor", Value::Text(sensor))]));
            }
            Some(FullAlarm::Found {
                vehicle,
                probability,
                analyzer,
            }) => {
                if let Some((vehicle, probability)) = vehicle {
                    lines.push(texts.text_with(
                        "alarm-full-vehicle",
                        &[
                            ("vehicle", Value::Text(vehicle)),
                            ("probability", Value::Percent(probability)),
                        ],
                    ));
                }
                lines.push(texts.text_with(
                    "alarm-full-found",
                    &[
                        ("probability", Value::Percent(probability)),
                        ("analyzer", Value::Text(analyzer)),
                    ],
                ));
            }
        }
        lines.push(texts.text_with(
            "alarm-when",
            &[
                ("utc", Value::Time(self.at_us)),
                ("local", Value::Text(self.local)),
                ("reference", Value::Text(self.reference)),
            ],
        ));
        lines.join("\n")
    }
}

/// Texts of `vigie alarm` and of the start of `vigie watch`, with their variables.
pub const ALARM_TEXTS: &[(&str, &[&str])] = &[
    ("alarm-none", &["path"]),
    ("alarm-test-delivered", &["channel"]),
    ("alarm-test-failed", &["channel", "reason", "todo"]),
    ("alarm-do-unreachable", &[]),
    ("alarm-do-timed_out", &[]),
    ("alarm-do-certificate", &[]),
    ("alarm-do-refused", &[]),
    ("alarm-do-answer", &[]),
    ("alarm-do-program", &[]),
    ("alarm-do-terminal", &[]),
    ("alarm-state-none", &["path"]),
    ("alarm-no-such-cause", &["cause"]),
    ("alarm-state-empty", &[]),
    (
        "alarm-state-channel",
        &[
            "channel",
            "delivered",
            "waiting",
            "undeliverable",
            "muted",
            "acknowledged",
        ],
    ),
    ("alarm-state-failing", &["since", "reason"]),
    ("alarm-state-mute", &["what", "until", "by", "reason"]),
    ("alarm-state-acknowledged", &["cause", "by", "at"]),
    ("alarm-expected", &["vehicles"]),
    (
        "alarm-expected-row",
        &["environment", "tags", "tags_high", "all", "all_high"],
    ),
    (
        "alarm-expected-row-tags",
        &["environment", "tags", "tags_high"],
    ),
    ("alarm-environment-rural", &[]),
    ("alarm-environment-motorway", &[]),
    ("alarm-environment-city", &[]),
    ("alarm-environment-crowd", &[]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    #[test]
    fn by_default_it_names_nothing() {
        let alarm = AlarmText {
            kind: AlarmKind::Alert,
            at_us: 1_795_000_000_000_000,
            local: "12:06:40",
            reference: "cedar-3",
            full: None,
        };
        let texts = Texts::new(Language::En);
        assert_eq!(
            alarm.text(&texts),
            "Vigie: alert. Something travels with you. Open Vigie.\n\
             2026-11-18\u{a0}11:06:40 UTC, 12:06:40 local time. Reference: cedar-3."
        );
        assert_eq!(alarm.kind.title(&texts), "Vigie: alert");
        let full = AlarmText {
            full: Some(FullAlarm::Found {
                vehicle: Some(("V3", 0.9)),
                probability: 0.8,
                analyzer: "co-travel@2",
            }),
            ..alarm
        };
        let full = full.text(&Texts::new(Language::Fr));
        assert!(
            full.contains("V3") && full.contains("co-travel@2"),
            "{full}"
        );
    }
}
