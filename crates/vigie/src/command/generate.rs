//! `vigie generate`: man pages and shell completions, from the same data as the help.

use anyhow::Result;
use clap::{CommandFactory, ValueEnum};

use crate::arguments::{Arguments, Generate};

/// Runs the command.
pub fn run(arguments: &Generate) -> Result<u8> {
    std::fs::create_dir_all(&arguments.out)?;
    let mut command = Arguments::command();
    clap_mangen::generate_to(command.clone(), &arguments.out)?;
    for shell in clap_complete::Shell::value_variants() {
        clap_complete::generate_to(*shell, &mut command, "vigie", &arguments.out)?;
    }
    Ok(0)
}
