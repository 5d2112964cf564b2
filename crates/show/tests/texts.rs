//! Both languages say the same things, about everything that can be said, and nothing else.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{
    CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement,
};
use vigie_detect::outcome::{NoticeKind, ReasonCode, State, Verdict};
use vigie_show::{ALARM_TEXTS, CONSOLE_TEXTS, Language, Texts, Value, codes, findings};

/// Key (with attribute) to the variables of its text.
type Keys = BTreeMap<String, BTreeSet<String>>;

fn source(language: Language) -> String {
    let file = format!(
        "{}/locales/{}.ftl",
        env!("CARGO_MANIFEST_DIR"),
        language.code()
    );
    std::fs::read_to_string(file).unwrap()
}

fn keys(language: Language) -> Keys {
    let resource = fluent_syntax::parser::parse(source(language)).unwrap_or_else(|(_, errors)| {
        panic!("{}.ftl: {errors:?}", language.code());
    });
    let mut keys = Keys::new();
    let mut add = |key: String, pattern: &Pattern<String>| {
        let mut variables = BTreeSet::new();
        collect(pattern, &mut variables);
        assert!(
            keys.insert(key.clone(), variables).is_none(),
            "{key} is there twice"
        );
    };
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                let id = &message.id.name;
                add(id.clone(), message.value.as_ref().unwrap());
                for attribute in &message.attributes {
                    add(format!("{id}.{}", attribute.id.name), &attribute.value);
                }
            }
            Entry::Junk { content } => panic!("{}.ftl: {content}", language.code()),
            _ => {}
        }
    }
    keys
}

fn collect(pattern: &Pattern<String>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            match expression {
                Expression::Inline(inline) => collect_inline(inline, variables),
                Expression::Select { selector, variants } => {
                    collect_inline(selector, variables);
                    for variant in variants {
                        collect(&variant.value, variables);
                    }
                }
            }
        }
    }
}

fn collect_inline(inline: &InlineExpression<String>, variables: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            variables.insert(id.name.clone());
        }
        InlineExpression::FunctionReference {
            id,
            arguments: CallArguments { .. },
        } => {
            panic!("function {} is not offered", id.name)
        }
        _ => {}
    }
}

/// Every key that is built from a code.
fn coded() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut family = |family: &str, list: &[&str]| {
        keys.extend(list.iter().map(|code| format!("{family}-{code}")));
    };
    family("blind", codes::BLIND_BECAUSE);
    family("blind", &["unexplained", "where"]);
    family("cannot_exclude", codes::CANNOT_EXCLUDE);
    family("advice", codes::ADVICE);
    family("class", codes::CLASSES);
    family("basis", codes::BASES);
    family("notice", codes::NOTICE_DETAILS);
    family("damage", codes::DAMAGE);
    family("family", codes::FAMILIES);
    family("model", codes::MODELS);
    family("device_state", codes::DEVICE_STATES);
    family("clone_sign", codes::CLONE_SIGNS);
    family("profile", codes::PROFILES);
    family("finding", findings::AS_IT_SHOULD_BE);
    family("finding", findings::TO_BE_TOLD);
    family("threat", codes::THREATS);
    family(
        "state",
        &[State::Blind, State::Clear, State::Watch, State::Act].map(codes::state),
    );
    family(
        "verdict",
        &[
            Verdict::Aboard,
            Verdict::TravellingWithUs,
            Verdict::Passing,
            Verdict::Fixed,
            Verdict::Enrolled,
            Verdict::ProbablyOurs,
            Verdict::Undecided,
        ]
        .map(codes::verdict),
    );
    family(
        "notice-kind",
        &[
            NoticeKind::Watch,
            NoticeKind::Deaf,
            NoticeKind::Clock,
            NoticeKind::Fix,
            NoticeKind::Flood,
            NoticeKind::Newcomer,
            NoticeKind::Clone,
            NoticeKind::Copied,
            NoticeKind::Damage,
            NoticeKind::Sensor,
            NoticeKind::State,
            NoticeKind::Recording,
            NoticeKind::Input,
        ]
        .map(codes::notice_kind),
    );
    let reasons = [
        ReasonCode::Turnover,
        ReasonCode::Displacement,
        ReasonCode::Contact,
        ReasonCode::LevelAboveStrangers,
        ReasonCode::Level,
        ReasonCode::AgainstRoadside,
        ReasonCode::AgainstStream,
        ReasonCode::AgainstPlatoon,
        ReasonCode::Turns,
        ReasonCode::NoPositions,
        ReasonCode::NotMoved,
        ReasonCode::OnePlace,
        ReasonCode::FellowTraveller,
        ReasonCode::Successor,
        ReasonCode::Linked,
        ReasonCode::CarriedEvidence,
        ReasonCode::LoudOnce,
        ReasonCode::Places,
        ReasonCode::NearOwner,
        ReasonCode::CloneSigns,
        ReasonCode::KeysHeardOnce,
        ReasonCode::KeysLoudThroughout,
        ReasonCode::LevelOccupied,
        ReasonCode::ManyTagsAround,
        ReasonCode::CopiedAddress,
        ReasonCode::LevelByVehicle,
        ReasonCode::ChangedVehicle,
        ReasonCode::FamilyUnknown,
    ]
    .map(codes::reason);
    family("reason", &reasons);
    let two_sided = [
        "level_above_strangers",
        "against_roadside",
        "against_stream",
        "against_platoon",
    ];
    family(
        "reason",
        &two_sided
            .map(|code| format!("{code}-less"))
            .each_ref()
            .map(String::as_str),
    );
    for code in findings::TO_BE_TOLD {
        keys.insert(format!("finding-{code}.means"));
        keys.insert(format!("finding-{code}.do"));
    }
    for code in codes::ADVICE {
        keys.insert(format!("advice-{code}.short"));
    }
    for code in codes::BLIND_BECAUSE.iter().chain(&["unexplained"]) {
        keys.insert(format!("blind-{code}.short"));
    }
    keys
}

#[test]
fn both_languages_hold_the_same_keys_and_variables() {
    let (en, fr) = (keys(Language::En), keys(Language::Fr));
    let only = |a: &Keys, b: &Keys| -> Vec<String> {
        a.keys().filter(|k| !b.contains_key(*k)).cloned().collect()
    };
    assert_eq!(only(&en, &fr), [""; 0], "only in en.ftl");
    assert_eq!(only(&fr, &en), [""; 0], "only in fr.ftl");
    for (key, variables) in &en {
        assert_eq!(fr.get(key), Some(variables), "variables of {key}");
    }
}

#[test]
fn every_code_has_a_text() {
    for language in Language::ALL {
        let keys = keys(language);
        for key in coded() {
            assert!(
                keys.contains_key(&key),
                "{}.ftl lacks {key}",
                language.code()
            );
        }
    }
}

#[test]
fn the_command_line_texts_have_the_variables_they_are_listed_with() {
    let keys = keys(Language::En);
    for (key, variables) in codes::COMMAND_LINE
        .iter()
        .chain(ALARM_TEXTS)
        .chain(CONSOLE_TEXTS)
    {
        let listed: BTreeSet<String> = variables.iter().map(ToString::to_string).collect();
        assert_eq!(keys.get(*key), Some(&listed), "{key}");
    }
}

#[test]
fn no_text_is_unused_and_none_is_missing() {
    let mut code = String::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src"
    ))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                // What only a test names is not used.
                let text = std::fs::read_to_string(path).unwrap();
                code.push_str(text.split("#[cfg(test)]").next().unwrap());
            }
        }
    }
    let keys = keys(Language::En);
    let coded = coded();
    let unused: Vec<_> = keys
        .keys()
        .filter(|key| !key.starts_with("ui-"))
        .filter(|key| !coded.contains(*key) && !code.contains(&format!("\"{key}\"")))
        .collect();
    assert!(unused.is_empty(), "unused: {unused:?}");

    // The other way round: literals that look like keys of a known kind have a text.
    let starts: BTreeSet<_> = keys
        .keys()
        .filter_map(|k| k.split_once('-'))
        .map(|k| k.0)
        .collect();
    for literal in code.split('"').skip(1).step_by(2) {
        let looks_like_a_key = literal
            .split_once('-')
            .is_some_and(|(start, rest)| starts.contains(start) && !rest.is_empty())
            && !literal.contains(['{', ' ', '@']);
        let is_start = keys
            .keys()
            .any(|key| key.starts_with(&format!("{literal}-")));
        assert!(
            !looks_like_a_key || is_start || keys.contains_key(literal),
            "no text for {literal}"
        );
    }
}

/// The page asks for its words by key; what it asks for exists, and nothing else does.
#[test]
fn the_page_of_the_console_uses_every_text_of_its_own() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../console/page");
    let mut used = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "js" || e == "html") {
            let text = std::fs::read_to_string(path).unwrap();
            let quoted = text.split('"').skip(1);
            used.extend(quoted.filter(|q| q.starts_with("ui-")).map(str::to_owned));
        }
    }
    let there: BTreeSet<_> = keys(Language::En)
        .into_keys()
        .filter(|key| key.starts_with("ui-"))
        .collect();
    assert_eq!(used, there, "left: what the page uses");
}

/// Fills every variable of every text: nothing is left over, nothing is said to be wrong.
#[test]
fn every_text_can_be_filled() {
    for language in Language::ALL {
        let texts = Texts::new(language);
        for (key, variables) in keys(language) {
            for count in [0, 1, 2, 100] {
                let values: Vec<_> = variables
                    .iter()
                    .map(|name| (name.as_str(), Value::Count(count)))
                    .collect();
                let text = texts.text_with(&key, &values);
                assert!(!text.contains(['{', '}']), "{key}: {text}");
                assert_ne!(text, format!("[{key}]"));
                assert!(!text.is_empty(), "{key}");
            }
        }
    }
}

/// A space that may break would put a mark at the start of a line.
#[test]
fn french_marks_are_set_with_no_break_spaces() {
    for (number, line) in source(Language::Fr).lines().enumerate() {
        for mark in [" :", " ;", " !", " ?", " %", " »", "« ", "'"] {
            assert!(
                !line.contains(mark),
                "fr.ftl:{}: {mark:?} in {line}",
                number + 1
            );
        }
    }
}

/// What is found is never called proof, and an address under a key never anonymous.
#[test]
fn no_word_claims_too_much() {
    for (language, words) in [
        (
            Language::En,
            [
                "proof",
                "proves",
                "anonym",
                "certainly",
                "guarantee",
                "safe now",
            ],
        ),
        (
            Language::Fr,
            [
                "preuve",
                "prouve",
                "anonym",
                "certainement",
                "garanti",
                "hors de danger",
            ],
        ),
    ] {
        let text = source(language).to_lowercase();
        for word in words {
            assert!(!text.contains(word), "{}.ftl says {word}", language.code());
        }
    }
}

/// Texts name no command that does not exist.
#[test]
fn only_commands_that_exist_are_named() {
    for language in Language::ALL {
        for (number, line) in source(language).lines().enumerate() {
            for rest in line.split("vigie ").skip(1) {
                let command = rest
                    .split(|c: char| !c.is_ascii_lowercase())
                    .next()
                    .unwrap();
                assert!(
                    [
                        "replay", "decode", "evaluate", "doctor", "enroll", "alarm", "watch"
                    ]
                    .contains(&command),
                    "{}.ftl:{}: vigie {command}",
                    language.code(),
                    number + 1
                );
            }
        }
    }
}
