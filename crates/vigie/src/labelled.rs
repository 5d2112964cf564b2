//! Labelled recordings as the rival rules see them, and the product's answer on them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;
use vigie_capture::{Event, Input, Merge};
use vigie_decode::{Body, Decoded, Decoder, Fix, Frame, Row, Sender};
use vigie_detect::outcome::{EmitterRecord, Outcome};
use vigie_detect::{Config, Intake};
use vigie_trial::{Alert, Log, ProductRun, Sighting, Truth, TruthFile};

use crate::command::Refused;
use crate::judging::judge;
use crate::stop::Stop;

/// A recording with its truth.
pub struct Labelled {
    /// Where it lies.
    pub path: PathBuf,
    /// As the rules see it.
    pub log: Log,
    /// What was planted.
    pub truth: Truth,
}

/// The recordings of a folder that its truth file speaks of, in order of name.
pub fn load(folder: &Path) -> Result<Vec<Labelled>> {
    let Some(truth_path) = ["truth.json", "truth_inferred.json"]
        .iter()
        .map(|name| folder.join(name))
        .find(|path| path.is_file())
    else {
        return Err(Refused::Unlabelled(folder.display().to_string()).into());
    };
    let text = std::fs::read_to_string(&truth_path)
        .with_context(|| format!("{}: cannot be read", truth_path.display()))?;
    let truths = TruthFile::parse(&text).with_context(|| truth_path.display().to_string())?;
    let mut out = Vec::new();
    for file in truths.files() {
        let path = folder.join(file);
        if !path.is_file() {
            eprintln!(
                "vigie: {}: named in the truth file, not in the folder: passed over",
                path.display()
            );
            continue;
        }
        let mut log = read(&path)?;
        // The truth file calls it so; in a case folder that is more than the file's name.
        file.clone_into(&mut log.name);
        let truth = truths.truth(&log).unwrap_or_default();
        out.push(Labelled { path, log, truth });
    }
    if out.is_empty() {
        return Err(Refused::Deserted(folder.display().to_string()).into());
    }
    Ok(out)
}

/// Reads one recording into the plain form.
fn read(path: &Path) -> Result<Log> {
    let mut merge = Merge::open(&[Input::from(path)])?;
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let tags = tags_of(path);
    let mut log = Log::new(name);
    let mut index: HashMap<String, u32> = HashMap::new();
    let mut decoder = Decoder::new();
    let mut position = None;
    while let Some(event) = merge.next()? {
        match event {
            Event::Fix(fix) => position = Some((fix.lat, fix.lon)),
            Event::Frame(frame) => decoder.decode(&frame, &mut |decoded| {
                let Decoded::Advertisement(a) = decoded else {
                    return;
                };
                if !a.is_sighting() {
                    return;
                }
                let text = match a.sender {
                    Sender::Address(address) => address.to_string(),
                    Sender::Opaque(text) => text.to_uppercase(),
                };
                let identifier = match index.get(&text) {
                    Some(i) => *i,
                    None => {
                        let i = log.add_identifier(text.clone(), tags.get(&text).cloned());
                        index.insert(text, i);
                        i
                    }
                };
                let time_us = frame.time_us;
                log.sightings.push(Sighting {
                    time_us,
                    identifier,
                    rssi: a.rssi,
                    position,
                });
            }),
            Event::Damage(_) | Event::Note(_) | Event::Status(_) => {}
        }
    }
    log.sort();
    Ok(log)
}

/// Classes that a phone log gives its devices: the third label regime asks for them. Nothing else does.
fn tags_of(path: &Path) -> HashMap<String, String> {
    #[derive(Deserialize)]
    struct Devices {
        devices: Vec<Device>,
    }
    #[derive(Deserialize)]
    struct Device {
        address: serde_json::Value,
        #[serde(rename = "parserId")]
        parser: Option<String>,
    }
    let Ok(text) = std::fs::read_to_string(path) else {
        return HashMap::new();
    };
    let Ok(log) = serde_json::from_str::<Devices>(&text) else {
        return HashMap::new();
    };
    log.devices
        .into_iter()
        .filter_map(|d| {
            let address = match d.address {
                serde_json::Value::String(s) => s,
                other => other.to_string(),
            };
            Some((address.to_uppercase(), d.parser?))
        })
        .collect()
}

/// The product on a recording as it lies there, through the same loop as `replay`.
pub fn run_recording(recording: &Labelled, config: &Config, stop: &Stop) -> Result<ProductRun> {
    let mut told = Told::default();
    judge(
        Merge::open(&[Input::from(recording.path.as_path())])?,
        config,
        None,
        stop,
        &mut |outcome| told.take(outcome),
    )?;
    Ok(product_run(&recording.log, told, config))
}

/// The product on a log that exists only in memory: its sightings as rows.
pub fn run_log(log: &Log, config: &Config) -> ProductRun {
    let mut told = Told::default();
    let mut sink = |outcome| told.take(outcome);
    let mut intake = Intake::new(config);
    for (s, offset) in log.sightings.iter().zip(0..) {
        if let Some((lat, lon)) = s.position {
            let time_us = s.time_us;
            let fix = Fix {
                time_us,
                sensor: Some(0),
                lat,
                lon,
                accuracy_m: None,
                speed_m_s: None,
            };
            intake.fix(fix, &mut sink);
        }
        let Some(address) = log.identifiers.get(s.identifier as usize) else {
            continue;
        };
        let row = Row {
            address,
            address_kind: None,
            pdu: None,
            payload: None,
        };
        let frame = Frame {
            time_us: s.time_us,
            sensor: 0,
            offset,
            rssi: s.rssi,
            channel: None,
            body: Body::Row(row),
        };
        intake.frame(&frame, &mut sink);
    }
    intake.finish(false, &mut sink);
    product_run(log, told, config)
}

/// What of the outcomes is scored.
#[derive(Default)]
struct Told {
    emitters: Vec<EmitterRecord>,
    clones: Vec<i64>,
}

impl Told {
    fn take(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Emitter(e) => self.emitters.push(e),
            Outcome::Clone(c) => self.clones.push(c.at_us),
            _ => {}
        }
    }
}

fn product_run(log: &Log, told: Told, config: &Config) -> ProductRun {
    let index = log.index();
    let emitters = &told.emitters;
    let mut run = ProductRun {
        clones: told.clones,
        ..ProductRun::default()
    };
    let mut best: HashMap<u32, (f64, f64)> = HashMap::new();
    for e in emitters {
        for i in e
            .identifiers
            .iter()
            .filter_map(|text| index.get(text.as_str()).copied())
        {
            if let Some(at_us) = e.alert_at_us {
                run.alerts.push(Alert {
                    identifier: i,
                    at_us,
                    probability: Some(e.probability),
                });
            }
            // An identifier that was forgotten and came back is judged by its best hour.
            let entry = best.entry(i).or_insert((0.0, f64::NEG_INFINITY));
            entry.0 = entry.0.max(e.probability);
            entry.1 = entry.1.max(e.llr_uncapped);
        }
    }
    run.alerts.sort_by_key(|a| (a.at_us, a.identifier));
    run.alerts.dedup_by_key(|a| a.identifier);
    let c = &config.turnover;
    let mut best: Vec<_> = best.into_iter().collect();
    best.sort_by_key(|(i, _)| *i);
    for (i, (probability, llr)) in best {
        run.probabilities.push((i, probability));
        run.records
            .push((i, (llr - c.llr_at_alert) / c.llr_per_turnover));
    }
    run
}
