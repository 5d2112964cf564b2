//! `vigie replay`: judge recordings offline, exactly as if live.

use std::io::{BufWriter, IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, Result};
use vigie_capture::{Identity, Input, Merge};
use vigie_console::Run;
use vigie_detect::{BeforeDeparture, Config};
use vigie_keep::case_db;
use vigie_show::{Options, Story, Texts, live_line};

use crate::arguments::Replay;
use crate::console::{Opened, Wanted};
use crate::judging::{config_of, judge_before};
use crate::onlooker::Onlooker;
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
    run_at(arguments, None, texts)
}

/// The same; with the console open, simulated recordings are played back so many times faster than they were recorded.
pub fn run_at(arguments: &Replay, simulated: Option<f64>, texts: &Texts) -> Result<u8> {
    let inputs: Vec<Input> = arguments.inputs.iter().map(|i| Input::parse(i)).collect();
    let identity = arguments.identity.as_deref().map(identity).transpose()?;
    let merge = Merge::open_with(&inputs, identity.as_ref())?;
    let mut config = config_of(&arguments.judging, &inputs, merge.cases())?;
    config.before_departure = arguments.before_departure.then_some(BeforeDeparture {
        parked_since_us: arguments.parked_since,
    });
    let stop = Stop::on_interrupt();
    let opened = match arguments.open {
        true => Some(open(arguments, &inputs, &config, simulated, texts)?),
        false => None,
    };
    let mut onlooker = opened
        .as_ref()
        .map(|o| Onlooker::new(o.hub().clone(), simulated, stop.clone()));
    let progress = Progress::new(texts);
    let stdout = std::io::stdout();
    let colour = stdout.is_terminal();
    let mut out = BufWriter::with_capacity(1 << 16, stdout.lock());
    let mut story = Story::new();
    let mut failed = None;
    let summary = judge_before(
        merge,
        &config,
        Some(&progress),
        &stop,
        onlooker.as_mut(),
        &mut |outcome| {
            if let Some(opened) = &opened {
                opened.hub().outcome(&outcome);
            }
            if arguments.json {
                if failed.is_none() {
                    failed = vigie_keep::write_json(&outcome, &mut out).err();
                }
                return;
            }
            if let Some(line) = live_line(&outcome, texts) {
                progress.say(&line);
            }
            story.take(&outcome);
        },
    )?;
    if let Some(e) = failed {
        return Err(e.into());
    }
    if !arguments.json {
        progress.done();
        let options = Options {
            colour,
            ..Options::default()
        };
        out.write_all(story.report(texts, &options).as_bytes())?;
    }
    out.flush()?;
    if let Some(opened) = &opened {
        opened.until_interrupted(&stop, texts);
    }
    Ok(
        if arguments.exit_code && summary.alerts + summary.clones > 0 {
            ALERTED
        } else {
            0
        },
    )
}

/// Opens the console on recordings. Where they are a case, its log takes what people do.
fn open(
    arguments: &Replay,
    inputs: &[Input],
    config: &Config,
    simulated: Option<f64>,
    texts: &Texts,
) -> Result<Opened> {
    let only = match inputs {
        [only] => Some(only.path.as_path()),
        _ => None,
    };
    let name = only.and_then(Path::file_name);
    let run = Run {
        case: name.map(|name| name.to_string_lossy().into_owned()),
        simulated: simulated.is_some(),
        live: false,
        speed: simulated,
        config: config.clone(),
    };
    let wanted = Wanted {
        listen: arguments.listen,
        case: only.filter(|folder| folder.join(case_db::FILE).is_file()),
        browser: simulated.is_none(),
    };
    Opened::begin(run, &wanted, texts)
}
