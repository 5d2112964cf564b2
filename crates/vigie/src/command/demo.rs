//! `vigie demo`: a simulated walk with a hidden tag, judged and told.

use anyhow::Result;
use vigie_show::Texts;
use vigie_trial::generate::{Scenario, write};

use crate::arguments::{Demo, Judging, ProfileArgument, Replay, ThreatArgument};

/// Runs the command.
pub fn run(arguments: &Demo, texts: &Texts) -> Result<u8> {
    let temporary = tempfile::tempdir()?;
    let folder = arguments.out.as_deref().unwrap_or(temporary.path());
    let made = write(folder, Scenario::Walk, arguments.seed)?;
    super::simulate::tell(&made, texts);
    let inputs = [&made.capture, &made.track]
        .map(|p| p.display().to_string())
        .to_vec();
    let judging = Judging {
        profile: Some(ProfileArgument::OnPerson),
        threat: ThreatArgument::Normal,
        config: None,
    };
    super::replay::run(
        &Replay {
            inputs,
            judging,
            json: arguments.json,
            exit_code: false,
        },
        texts,
    )
}
