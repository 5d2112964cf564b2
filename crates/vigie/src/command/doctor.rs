//! `vigie doctor`: what this build can read and how it judges. Receivers come with the live part.

use std::io::Write;

use anyhow::Result;
use vigie_capture::Format;
use vigie_detect::{Config, cotravel, departure, turnover};
use vigie_show::{Texts, Value};

use crate::arguments::Doctor;

/// Runs the command.
pub fn run(arguments: &Doctor, texts: &Texts) -> Result<u8> {
    let mut out = std::io::stdout().lock();
    let version = env!("CARGO_PKG_VERSION");
    if arguments.json {
        let formats: Vec<_> = Format::ALL.iter().map(|f| f.as_str()).collect();
        let found = serde_json::json!({
            "version": version,
            "formats": formats,
            "analyzers": [turnover::ANALYZER, cotravel::ANALYZER, departure::ANALYZER],
            "live": false,
        });
        writeln!(out, "{found}")?;
        return Ok(0);
    }
    writeln!(
        out,
        "{}",
        texts.text_with("doctor-title", &[("version", Value::Text(version))])
    )?;
    writeln!(out, "{}", texts.text("doctor-formats"))?;
    for kind in FORMATS {
        writeln!(out, "  - {}", texts.text(&format!("doctor-format-{kind}")))?;
    }
    let config = Config::default();
    let threat = texts.code("threat", config.threat.as_str(), &[]);
    let profile = texts.code("profile", config.profile.as_str(), &[]);
    writeln!(
        out,
        "{}",
        texts.text_with(
            "doctor-defaults",
            &[
                ("profile", Value::Text(&profile)),
                ("threat", Value::Text(&threat))
            ]
        )
    )?;
    writeln!(out, "{}", texts.text("doctor-offline"))?;
    Ok(0)
}

/// Groups of formats, as the texts list them.
const FORMATS: [&str; 8] = [
    "pcap",
    "btsnoop",
    "packetlogger",
    "bledoubt",
    "homescout",
    "generic",
    "untested",
    "positions",
];
