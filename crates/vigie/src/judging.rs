//! Recordings in, outcomes out: the one loop that both `replay` and `evaluate` run.

use anyhow::{Context, Result};
use vigie_capture::{Event, Input, Merge};
use vigie_detect::outcome::{Outcome, Summary};
use vigie_detect::{Config, Intake};

use crate::arguments::Judging;
use crate::progress::Progress;
use crate::stop::Stop;

/// Events between two looks at the clock face: progress and Ctrl-C.
const BETWEEN_LOOKS: u64 = 65_536;

/// Settings from the file, if one is named, under the command line.
pub fn config_of(judging: &Judging) -> Result<Config> {
    let mut config = match &judging.config {
        None => Config::default(),
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("{}: cannot be read", path.display()))?;
            toml::from_str(&text).with_context(|| format!("{}", path.display()))?
        }
    };
    config.profile = judging.profile.into();
    config.threat = judging.threat.into();
    Ok(config)
}

/// Judges recordings as if they were heard now.
pub fn judge(
    inputs: &[Input],
    config: &Config,
    progress: Option<&Progress<'_>>,
    stop: &Stop,
    sink: &mut dyn FnMut(Outcome),
) -> Result<Summary> {
    let mut merge = Merge::open(inputs)?;
    let mut intake = Intake::new(config);
    let mut named = 0;
    let mut events: u64 = 0;
    let mut interrupted = false;
    loop {
        while named < merge.sensors().len() {
            intake.name_sensor(named as u16, merge.sensors().name(named as u16));
            named += 1;
        }
        let Some(event) = merge.next()? else { break };
        match event {
            Event::Frame(frame) => intake.frame(&frame, sink),
            Event::Fix(fix) => intake.fix(fix, sink),
            Event::Damage(damage) => intake.damaged(damage.kind.as_str(), damage.frames),
            Event::Note(note) => intake.note(note.detail, &note.text, sink),
        }
        events += 1;
        if events.is_multiple_of(BETWEEN_LOOKS) {
            if let Some(progress) = progress {
                progress.at(
                    merge.bytes_read(),
                    merge.total_bytes(),
                    intake.counts().frames,
                );
            }
            if stop.asked() {
                interrupted = true;
                break;
            }
        }
    }
    Ok(intake.finish(interrupted, sink))
}
