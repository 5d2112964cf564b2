//! `vigie replay`: judge recordings offline, exactly as if live.

use std::io::{BufWriter, IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, Result};
use vigie_capture::{Identity, Input, Merge};
use vigie_detect::BeforeDeparture;
use vigie_show::{Options, Story, Texts, live_line};

use crate::arguments::Replay;
use crate::judging::{config_of, judge};
use crate::progress::Progress;
use crate::stop::Stop;

/// Exit status with `--exit-code` and at least one alert.
const ALERTED: u8 = 3;

/// The private key of a file.
fn identity(path: &Path) -> Result<Identity> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{}", path.display()))?;
    Identity::parse(&text)
        .map_err(anyhow::Error::msg)
        .with_context(|| format!("{}", path.display()))
}

/// Runs the command.
pub fn run(arguments: &Replay, texts: &Texts) -> Result<u8> {
    let inputs: Vec<Input> = arguments.inputs.iter().map(|i| Input::parse(i)).collect();
    let identity = arguments.identity.as_deref().map(identity).transpose()?;
    let merge = Merge::open_with(&inputs, identity.as_ref())?;
    let mut config = config_of(&arguments.judging, &inputs, merge.cases())?;
    config.before_departure = arguments.before_departure.then_some(BeforeDeparture {
        parked_since_us: arguments.parked_since,
    });
    let stop = Stop::on_interrupt();
    let progress = Progress::new(texts);
    let stdout = std::io::stdout();
    let colour = stdout.is_terminal();
    let mut out = BufWriter::with_capacity(1 << 16, stdout.lock());
    let summary = if arguments.json {
        let mut failed = None;
        let summary = judge(merge, &config, Some(&progress), &stop, &mut |outcome| {
            if failed.is_none() {
                failed = vigie_keep::write_json(&outcome, &mut out).err();
            }
        })?;
        if let Some(e) = failed {
            return Err(e.into());
        }
        summary
    } else {
        let mut story = Story::new();
        let summary = judge(merge, &config, Some(&progress), &stop, &mut |outcome| {
            if let Some(line) = live_line(&outcome, texts) {
                progress.say(&line);
            }
            story.take(&outcome);
        })?;
        progress.done();
        let options = Options {
            colour,
            ..Options::default()
        };
        out.write_all(story.report(texts, &options).as_bytes())?;
        summary
    };
    out.flush()?;
    Ok(
        if arguments.exit_code && summary.alerts + summary.clones > 0 {
            ALERTED
        } else {
            0
        },
    )
}
