//! What is planted in a recording.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;

use crate::{Log, log::seconds_between};

/// A truth file: per recording the planted identifiers, in either of its two forms
/// (`{FILE: [identifier, ...]}` or `{FILE: {kind: [identifier, ...]}}`).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TruthFile {
    recordings: BTreeMap<String, Vec<Group>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Group {
    kind: Option<String>,
    identifiers: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    List(Vec<String>),
    /// `simulate` may put other facts beside the lists (vehicle, on and off); they are passed over.
    Kinds(BTreeMap<String, serde_json::Value>),
}

/// A truth file that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("truth file: {source} (line {}, column {})", source.line(), source.column())]
pub struct TruthError {
    #[from]
    source: serde_json::Error,
}

impl TruthFile {
    /// Reads the JSON text of a truth file.
    ///
    /// # Errors
    /// When the text is no JSON object of lists, or of objects.
    pub fn parse(text: &str) -> Result<Self, TruthError> {
        let entries: BTreeMap<String, Entry> = serde_json::from_str(text)?;
        let recordings = entries
            .into_iter()
            .map(|(file, entry)| (file, groups(entry)))
            .collect();
        Ok(Self { recordings })
    }

    /// The recordings that it speaks of.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.recordings.keys().map(String::as_str)
    }

    /// The truth of one recording; `None` when the file does not speak of it.
    ///
    /// Identifiers are compared without regard to case. In the list form every identifier is an
    /// emitter of its own. In the form by kind, identifiers of one kind that follow each other in
    /// time (at most 5 s of overlap) are one emitter that changed its address, and those heard
    /// side by side are several.
    #[must_use]
    pub fn truth(&self, log: &Log) -> Option<Truth> {
        let groups = self.recordings.get(&log.name)?;
        let index: HashMap<String, u32> = log
            .identifiers
            .iter()
            .zip(0u32..)
            .map(|(text, i)| (text.to_ascii_uppercase(), i))
            .collect();
        let spans = log.spans();
        let mut truth = Truth::default();
        for group in groups {
            let (mut heard, mut unheard) = (Vec::new(), 0);
            for text in &group.identifiers {
                match index.get(&text.to_ascii_uppercase()) {
                    Some(&i) if spans.get(i as usize).is_some_and(Option::is_some) => heard.push(i),
                    _ => unheard += 1,
                }
            }
            heard.dedup();
            truth.unheard += unheard;
            truth.planted.extend(match &group.kind {
                None => heard
                    .into_iter()
                    .map(|i| Planted {
                        kind: None,
                        identifiers: vec![i],
                    })
                    .collect(),
                Some(kind) => successions(kind, heard, &spans),
            });
        }
        Some(truth)
    }
}

fn groups(entry: Entry) -> Vec<Group> {
    match entry {
        Entry::List(identifiers) => vec![Group {
            kind: None,
            identifiers,
        }],
        Entry::Kinds(kinds) => kinds
            .into_iter()
            .filter_map(|(kind, value)| {
                let identifiers = serde_json::from_value(value).ok()?;
                Some(Group {
                    kind: Some(kind),
                    identifiers,
                })
            })
            .collect(),
    }
}

/// Splits the identifiers of one kind into chains of addresses that follow each other.
fn successions(kind: &str, mut heard: Vec<u32>, spans: &[Option<(i64, i64)>]) -> Vec<Planted> {
    const OVERLAP_S: f64 = 5.0;
    let span = |i: u32| spans.get(i as usize).copied().flatten().unwrap_or((0, 0));
    heard.sort_by_key(|&i| span(i));
    let mut chains: Vec<Planted> = Vec::new();
    for i in heard {
        let follows = chains.iter_mut().find(|c| {
            c.identifiers
                .last()
                .is_some_and(|&l| seconds_between(span(l).1, span(i).0) >= -OVERLAP_S)
        });
        match follows {
            Some(chain) => chain.identifiers.push(i),
            None => {
                chains.push(Planted {
                    kind: Some(kind.to_owned()),
                    identifiers: vec![i],
                });
            }
        }
    }
    chains
}

/// One planted emitter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planted {
    /// What it is, where the truth file says it.
    pub kind: Option<String>,
    /// Its identifiers in the log, in order of time; never empty.
    pub identifiers: Vec<u32>,
}

/// What is planted in one recording.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Truth {
    /// The planted emitters that were heard at all.
    pub planted: Vec<Planted>,
    /// Identifiers that the truth file names and the log never has: they count as missed.
    pub unheard: u64,
    /// The planted emitters change their identifiers by composition: a clone alert while one is present finds it.
    /// Where they do not, every clone alert is false.
    pub changing: bool,
}

impl Truth {
    /// Each identifier an emitter of its own.
    #[must_use]
    pub fn of(identifiers: impl IntoIterator<Item = u32>) -> Self {
        let planted = identifiers
            .into_iter()
            .map(|i| Planted {
                kind: None,
                identifiers: vec![i],
            })
            .collect();
        Self {
            planted,
            unheard: 0,
            changing: false,
        }
    }

    /// All planted identifiers.
    #[must_use]
    pub fn identifiers(&self) -> BTreeSet<u32> {
        self.planted
            .iter()
            .flat_map(|p| p.identifiers.iter().copied())
            .collect()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::Sighting;

    pub fn log(rows: &[(&str, f64, i8)]) -> Log {
        let mut log = Log::new("x.json");
        for &(id, at, rssi) in rows {
            let known = log.index().get(id).copied();
            let identifier = known.unwrap_or_else(|| log.add_identifier(id, None));
            log.sightings.push(Sighting {
                time_us: (at * 1e6) as i64,
                identifier,
                rssi: Some(rssi),
                position: None,
            });
        }
        log.sort();
        log
    }

    #[test]
    fn list_form() {
        let file = TruthFile::parse(r#"{"x.json": ["aa", "BB", "never"], "y.json": []}"#).unwrap();
        let log = log(&[("AA", 0.0, -60), ("CC", 1.0, -60), ("BB", 2.0, -60)]);
        let truth = file.truth(&log).unwrap();
        assert_eq!(truth.identifiers(), BTreeSet::from([0, 2]));
        assert_eq!((truth.planted.len(), truth.unheard), (2, 1));
        assert!(file.truth(&Log::new("z.json")).is_none());
        assert_eq!(file.files().collect::<Vec<_>>(), ["x.json", "y.json"]);
    }

    #[test]
    fn form_by_kind_chains_what_follows() {
        let file = TruthFile::parse(r#"{"x.json": {"Tile": ["A"], "SmartTag": ["C", "B", "D"]}}"#)
            .unwrap();
        // B until 10 s, C from 12 s on; D beside both.
        let log = log(&[
            ("A", 0.0, -60),
            ("B", 0.0, -60),
            ("D", 1.0, -60),
            ("B", 10.0, -60),
            ("C", 12.0, -60),
            ("D", 20.0, -60),
            ("C", 30.0, -60),
        ]);
        let truth = file.truth(&log).unwrap();
        let texts: Vec<Vec<&str>> = truth
            .planted
            .iter()
            .map(|p| {
                p.identifiers
                    .iter()
                    .map(|&i| log.identifiers[i as usize].as_str())
                    .collect()
            })
            .collect();
        assert_eq!(texts, [vec!["B", "C"], vec!["D"], vec!["A"]]);
    }

    #[test]
    fn broken_truth_is_an_error() {
        assert!(TruthFile::parse("[1]").is_err());
        assert!(TruthFile::parse(r#"{"x": 3}"#).is_err());
    }
}
