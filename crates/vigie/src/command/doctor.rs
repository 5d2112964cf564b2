//! `vigie doctor`: what this build can read and how it judges, and what this machine can hear, sends itself, and lacks.

use std::io::Write;

use anyhow::Result;
use vigie_capture::Format;
use vigie_detect::{Config, cotravel, departure, turnover, turnover_in_vehicle};
use vigie_show::{Texts, Value};

use crate::arguments::Doctor;
use crate::doctor::{self, Finding, Listening, Machine, Reference, Section, Severity};
use crate::stop::Stop;

/// Exit status with `--exit-code` and a problem.
const PROBLEM: u8 = 3;

/// Runs the command.
pub fn run(arguments: &Doctor, texts: &Texts) -> Result<u8> {
    let machine = Machine::at(&arguments.root);
    let mut sections = doctor::look(&machine, &arguments.case, !arguments.sensor.is_empty());
    let listening = Listening {
        sensors: &arguments.sensor,
        lasts: arguments.lasts,
        reference: arguments
            .reference
            .zip(arguments.interval)
            .map(|(address, interval_s)| Reference {
                address,
                interval_s,
            }),
    };
    if !arguments.sensor.is_empty() {
        let lasts = Value::Seconds(arguments.lasts.as_secs_f64());
        eprintln!("{}", texts.text_with("doctor-listens", &[("lasts", lasts)]));
    }
    sections.extend(doctor::listen(&listening, &Stop::on_interrupt())?);
    let mut out = std::io::stdout().lock();
    print(arguments, &sections, texts, &mut out)?;
    out.flush()?;
    let problem = count(&sections, Severity::Problem) > 0;
    Ok(if arguments.exit_code && problem {
        PROBLEM
    } else {
        0
    })
}

fn count(sections: &[Section], severity: Severity) -> u64 {
    let all = sections.iter().flat_map(|section| &section.findings);
    all.filter(|finding| finding.severity == severity).count() as u64
}

fn print(
    arguments: &Doctor,
    sections: &[Section],
    texts: &Texts,
    out: &mut dyn Write,
) -> Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    if arguments.json {
        let formats: Vec<_> = Format::ALL.iter().map(|f| f.as_str()).collect();
        let found = serde_json::json!({
            "version": version,
            "formats": formats,
            "analyzers": [turnover::ANALYZER, cotravel::ANALYZER, turnover_in_vehicle::ANALYZER, departure::ANALYZER],
            "live": true,
            "findings": sections
                .iter()
                .flat_map(|section| &section.findings)
                .map(|finding| finding.json(texts))
                .collect::<Vec<_>>(),
        });
        writeln!(out, "{found}")?;
        return Ok(());
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
    writeln!(out, "{}", texts.text("doctor-live"))?;
    for section in sections {
        let title = texts.text(&format!("doctor-section-{}", section.name));
        writeln!(out, "\n{title}")?;
        for finding in &section.findings {
            print_finding(finding, texts, out)?;
        }
    }
    if arguments.sensor.is_empty() {
        writeln!(out, "\n{}", texts.text("doctor-no-sensor"))?;
    }
    writeln!(out, "\n{}", texts.text("doctor-phones"))?;
    for line in ["why", "figures"] {
        writeln!(out, "  {}", texts.text(&format!("doctor-phones-{line}")))?;
    }
    for line in ["settings", "after", "finding", "others", "left"] {
        let line = texts.text(&format!("doctor-phones-{line}"));
        writeln!(out, "  [ ] {line}")?;
    }
    let problems = Value::Count(count(sections, Severity::Problem));
    let notes = Value::Count(count(sections, Severity::Note));
    let total = [("problems", problems), ("notes", notes)];
    writeln!(out, "\n{}", texts.text_with("doctor-total", &total))?;
    Ok(())
}

/// What was found in one line, what it means and what to do below.
fn print_finding(finding: &Finding, texts: &Texts, out: &mut dyn Write) -> Result<()> {
    let severity = texts.text(&format!("doctor-severity-{}", finding.severity.as_str()));
    let mut words = finding.words(texts).into_iter();
    let found = words.next().unwrap_or_default();
    writeln!(out, "  {severity} {found}")?;
    for more in words {
        writeln!(out, "      {more}")?;
    }
    Ok(())
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
