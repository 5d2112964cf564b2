//! The command line as data: help, man pages and completions come from here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use vigie_detect::{Profile, Threat};
use vigie_show::Language;

/// Finds covert location trackers that travel with people under protection.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    propagate_version = true,
    after_help = "Exit status: 0 done (damaged but partly read input included); 1 failed, or an input that is \
                  empty, unrecognised or unreadable; 2 wrong command line; with --exit-code, 3 when at least \
                  one alert was raised."
)]
pub struct Arguments {
    /// Language of what people read: fr or en [default: from the locale].
    #[arg(long, global = true, value_parser = parse_language, value_name = "LANG")]
    pub lang: Option<Language>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

fn parse_language(text: &str) -> Result<Language, String> {
    match text {
        "fr" => Ok(Language::Fr),
        "en" => Ok(Language::En),
        _ => Err("fr or en".into()),
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a recorded walk with a hidden tag and judge it: the first thing to try.
    Demo(Demo),
    /// Judge recordings offline, exactly as if live.
    Replay(Replay),
    /// Every frame as Vigie reads it, one JSON object a line.
    Decode(Decode),
    /// Write a labelled trace: pcapng, GPX track, truth.
    Simulate(Simulate),
    /// Vigie and the rival rules on labelled recordings, one table.
    Evaluate(Evaluate),
    /// What this build can read and how it judges.
    Doctor(Doctor),
    /// Man pages and shell completions.
    #[command(hide = true)]
    Generate(Generate),
}

/// How to judge.
#[derive(Debug, Args, Clone)]
pub struct Judging {
    /// How the receiver travelled [default: what the case says, else vehicle].
    #[arg(long, value_enum)]
    pub profile: Option<ProfileArgument>,
    /// Threat level: moves the prior, never the recorded evidence.
    #[arg(long, value_enum, default_value = "normal")]
    pub threat: ThreatArgument,
    /// Settings (TOML); every constant of the analyzers can be set there.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Names of `Profile` on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProfileArgument {
    /// Receivers fixed in a vehicle.
    Vehicle,
    /// A receiver carried by a person.
    OnPerson,
}

/// Names of `Threat` on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ThreatArgument {
    /// Less reason than usual.
    Low,
    /// The everyday setting.
    Normal,
    /// A concrete hint.
    High,
    /// Word has arrived.
    Critical,
}

impl From<ProfileArgument> for Profile {
    fn from(p: ProfileArgument) -> Self {
        match p {
            ProfileArgument::Vehicle => Self::Vehicle,
            ProfileArgument::OnPerson => Self::OnPerson,
        }
    }
}

impl From<ThreatArgument> for Threat {
    fn from(t: ThreatArgument) -> Self {
        match t {
            ThreatArgument::Low => Self::Low,
            ThreatArgument::Normal => Self::Normal,
            ThreatArgument::High => Self::High,
            ThreatArgument::Critical => Self::Critical,
        }
    }
}

/// `vigie demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Seed of the simulated walk.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Keep the recording in this folder instead of a temporary one.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The result stream instead of the story.
    #[arg(long)]
    pub json: bool,
}

/// `vigie replay`.
#[derive(Debug, Args)]
pub struct Replay {
    /// Capture files, phone logs, positions, or case folders; `ID=PATH` names the sensor.
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<String>,
    #[command(flatten)]
    pub judging: Judging,
    /// Newline-delimited JSON on standard output, and nothing else there.
    #[arg(long)]
    pub json: bool,
    /// Exit with 3 when at least one alert was raised.
    #[arg(long)]
    pub exit_code: bool,
}

/// `vigie decode`.
#[derive(Debug, Args)]
pub struct Decode {
    /// Capture files, phone logs or case folders; `ID=PATH` names the sensor.
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<String>,
    /// Accepted for symmetry: the output is always newline-delimited JSON.
    #[arg(long)]
    pub json: bool,
}

/// `vigie simulate`.
#[derive(Debug, Args)]
pub struct Simulate {
    /// What to simulate.
    #[arg(value_enum)]
    pub family: Family,
    /// Seed: the same seed gives the same bytes.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Folder to write to; made if missing.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// `load` only: number of frames.
    #[arg(long, default_value_t = 1_000_000)]
    pub frames: u64,
    /// `load` only: number of distinct addresses.
    #[arg(long, default_value_t = 1000)]
    pub addresses: u64,
    /// `load` only: time that the frames span.
    #[arg(long, default_value_t = 1.0)]
    pub hours: f64,
    /// `load` only: leave the CRC to be computed by the reader.
    #[arg(long)]
    pub crc_unchecked: bool,
}

/// Families of traces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Family {
    /// A walk through a crowd that turns over, with one lasting tag.
    Walk,
    /// A drive, with one lasting tag.
    Drive,
    /// A load file for measuring speed: one pcap, no truth.
    Load,
}

/// `vigie evaluate`.
#[derive(Debug, Args)]
pub struct Evaluate {
    /// Folder with recordings and `truth.json` or `truth_inferred.json`.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    #[command(flatten)]
    pub judging: Judging,
    /// The tables as one JSON document.
    #[arg(long)]
    pub json: bool,
    /// Recordings judged at once; changes nothing but the time it takes.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub jobs: usize,
    /// Remove all positions first.
    #[arg(long)]
    pub without_positions: bool,
    /// What recordings alone cannot show, composed from them (semi-synthetic): a fixed beacon beside a long
    /// stand still, a ride with fellow travellers.
    #[arg(long)]
    pub composed: bool,
    /// Seed of the compositions.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// `vigie doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// As one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// `vigie generate`.
#[derive(Debug, Args)]
pub struct Generate {
    /// Folder to write man pages and completions to.
    #[arg(value_name = "DIR")]
    pub out: PathBuf,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Arguments::command().debug_assert();
    }
}
