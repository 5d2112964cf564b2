//! The command line as data: help, man pages and completions come from here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use vigie_capture::live::{GnssSpec, SensorSpec};
use vigie_decode::Address;
use vigie_detect::{Profile, Threat};
use vigie_show::Language;
use vigie_trial::convoy::Environment;
use vigie_trial::redraw::Redraw;

/// Finds covert location trackers that travel with people under protection.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    propagate_version = true,
    after_help = "Exit status: 0 done (damaged but partly read input included); 1 failed, or an input that is \
                  empty, unrecognised or unreadable; 2 wrong command line; with --exit-code, 3 when at least \
                  one alert was raised (doctor: a problem was found)."
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
    /// A convoy with a hidden tag, simulated, judged and told: the first thing to try.
    Demo(Demo),
    /// Live: sensors, positions, alerts, recording.
    Watch(Watch),
    /// Judge recordings offline, exactly as if live.
    Replay(Replay),
    /// Every frame as Vigie reads it, one JSON object a line.
    Decode(Decode),
    /// Our own devices: known under every address, and silent.
    Enroll(Enroll),
    /// Write a labelled trace: recordings, positions, truth.
    Simulate(Simulate),
    /// Vigie and the rival rules on labelled recordings, one table.
    Evaluate(Evaluate),
    /// Make a tag sound. This transmits, and the tag's owner may be told.
    Sound(Sound),
    /// Alerts that leave this machine: try the channels, see how they stand.
    Alarm(Alarm),
    /// What this machine can hear, what it sends itself, and what is wrong.
    Doctor(Doctor),
    /// The tails of the vehicle analyzer from clean simulated drives, as settings.
    #[command(hide = true)]
    Fit(Fit),
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
    /// Settings (TOML); every constant of the analyzers can be set there, and where alerts go.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Our own devices, as `vigie enroll` keeps them [default: those of the case folder].
    #[arg(long, value_name = "FILE")]
    pub enrolled: Option<PathBuf>,
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
    /// Seed of the simulation.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// A walk with a hidden tag instead of the convoy.
    #[arg(long)]
    pub on_person: bool,
    /// Our own devices, as `vigie enroll` keeps them.
    #[arg(long, value_name = "FILE")]
    pub enrolled: Option<PathBuf>,
    /// Keep the recording in this folder instead of a temporary one.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The result stream instead of the story.
    #[arg(long)]
    pub json: bool,
    /// Where the console listens [default: 127.0.0.1:8750, or any free port; in a terminal only].
    #[arg(long, value_name = "ADDRESS", value_parser = crate::console::parse_listen, conflicts_with = "json")]
    pub listen: Option<std::net::SocketAddr>,
    /// Play it back so many times faster than it was recorded, in the console [default: 5].
    #[arg(long, value_name = "FACTOR", value_parser = parse_speed, conflicts_with = "json")]
    pub speed: Option<f64>,
    /// Do not open a browser.
    #[arg(long)]
    pub no_open: bool,
    /// Without the console: at once, and on the terminal only.
    #[arg(long, conflicts_with_all = ["listen", "speed"])]
    pub no_console: bool,
}

fn parse_speed(text: &str) -> Result<f64, String> {
    let speed = text.trim_end_matches(['x', '\u{d7}']).parse::<f64>();
    let speed = speed.ok().filter(|s| (0.01..=1e6).contains(s));
    speed.ok_or_else(|| "a number such as 20".to_owned())
}

/// `vigie watch`.
#[derive(Debug, Args)]
pub struct Watch {
    /// Case folder to record into; taken up where it exists [default: a new one, by the date].
    #[arg(long, value_name = "DIR")]
    pub case: Option<PathBuf>,
    /// A sensor, `[ID=]KIND`; with ID it rides in the vehicle of that name. Kinds: sniffle:PATH, nrf:PATH, hci:N,
    /// h4:tcp:HOST:PORT, h4:unix:PATH, bluez:hciN, mqtt:HOST:PORT/TOPIC.
    #[arg(long, required = true, num_args = 1.., value_name = "SPEC")]
    pub sensor: Vec<SensorSpec>,
    /// Positions: gpsd:HOST:PORT or nmea:PATH.
    #[arg(long, num_args = 1.., value_name = "SPEC")]
    pub gnss: Vec<GnssSpec>,
    /// End after this time: 90s, 15m, 8h [default: when interrupted].
    #[arg(long = "for", value_name = "DURATION", value_parser = crate::command::watch::parse_duration)]
    pub lasts: Option<std::time::Duration>,
    /// Encrypt what is recorded for this public key (age1…); may be given several times.
    #[arg(long, value_name = "KEY")]
    pub encrypt_to: Vec<String>,
    #[command(flatten)]
    pub judging: Judging,
    /// Newline-delimited JSON on standard output, and nothing else there.
    #[arg(long)]
    pub json: bool,
    /// Exit with 3 when at least one alert was raised.
    #[arg(long)]
    pub exit_code: bool,
    /// Send a test message through every alarm channel of the settings first.
    #[arg(long, requires = "config")]
    pub test_alarm: bool,
    /// Where the console listens [default: 127.0.0.1:8750, or any free port].
    #[arg(long, value_name = "ADDRESS", value_parser = crate::console::parse_listen, conflicts_with = "no_console")]
    pub listen: Option<std::net::SocketAddr>,
    /// Without the console.
    #[arg(long)]
    pub no_console: bool,
}

/// `vigie replay`.
#[derive(Debug, Args)]
pub struct Replay {
    /// Capture files, phone logs, positions, or case folders; `ID=PATH` names the sensor.
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<String>,
    #[command(flatten)]
    pub judging: Judging,
    /// Private key (age) for recordings that are encrypted.
    #[arg(long, value_name = "FILE")]
    pub identity: Option<PathBuf>,
    /// Newline-delimited JSON on standard output, and nothing else there.
    #[arg(long)]
    pub json: bool,
    /// Exit with 3 when at least one alert was raised.
    #[arg(long)]
    pub exit_code: bool,
    /// Show the result in the console until it is interrupted.
    #[arg(long)]
    pub open: bool,
    /// Where that console listens [default: 127.0.0.1:8750, or any free port].
    #[arg(long, value_name = "ADDRESS", value_parser = crate::console::parse_listen, requires = "open")]
    pub listen: Option<std::net::SocketAddr>,
    /// Say first what is new and loud at each vehicle since it was parked: at each departure, else at the end.
    #[arg(long)]
    pub before_departure: bool,
    /// When we parked, where positions do not tell: RFC 3339, or µs since 1970.
    #[arg(long, value_name = "TIME", requires = "before_departure", value_parser = parse_time)]
    pub parked_since: Option<i64>,
}

fn parse_time(text: &str) -> Result<i64, String> {
    vigie_capture::rfc3339_or_us(text).ok_or_else(|| "2026-11-24T06:30:00Z".into())
}

/// `vigie enroll`.
#[derive(Debug, Args)]
pub struct Enroll {
    /// Case folder that keeps the enrolment.
    #[arg(long, global = true, value_name = "DIR")]
    pub case: Option<PathBuf>,
    /// Enrolment file, instead of the case folder's.
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "case")]
    pub file: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub action: EnrollAction,
}

/// What `vigie enroll` does.
#[derive(Debug, Subcommand)]
pub enum EnrollAction {
    /// By its identity resolving key, or by an address that lasts.
    Add(EnrollAdd),
    /// By listening beside it.
    Listen(EnrollListen),
    /// It is elsewhere for a time: heard then, it is a copy.
    Away(EnrollAway),
    /// Names, kinds and consent; never a key.
    List(EnrollList),
    /// Forget it.
    Remove(EnrollRemove),
}

/// `vigie enroll add`.
#[derive(Args)]
#[group(id = "known_by", required = true, multiple = true, args = ["irk", "address"])]
pub struct EnrollAdd {
    /// What we call it.
    pub name: String,
    /// Identity resolving key, 32 hexadecimal digits; `-` reads it from standard input, where no list of
    /// processes shows it.
    #[arg(long, value_name = "HEX", requires = "consent")]
    pub irk: Option<String>,
    /// The key has its least significant octet first, as several operating systems store it.
    #[arg(long, requires = "irk")]
    pub reversed: bool,
    /// Who consented, and when: required with a key.
    #[arg(long, value_name = "WHO, WHEN")]
    pub consent: Option<String>,
    /// An address that lasts.
    #[arg(long, value_name = "AA:BB:CC:DD:EE:FF")]
    pub address: Vec<String>,
    /// Sub-type of the addresses [default: static where the two top bits are set, else public].
    #[arg(long, value_enum, requires = "address")]
    pub kind: Option<AddressKindArgument>,
    /// It is a tracker of this family, such as `tile`: another family under its address is then a copy.
    #[arg(long, value_name = "FAMILY")]
    pub family: Option<String>,
    /// Vehicle in which it usually rides.
    #[arg(long, value_name = "ID")]
    pub vehicle: Option<String>,
}

impl std::fmt::Debug for EnrollAdd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // It may hold a key.
        f.debug_struct("EnrollAdd").finish_non_exhaustive()
    }
}

/// Names of the sub-types of addresses that last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AddressKindArgument {
    /// Public device address.
    Public,
    /// Static random address.
    Static,
}

/// `vigie enroll listen`.
#[derive(Debug, Args)]
pub struct EnrollListen {
    /// What we call it.
    pub name: String,
    /// Recordings made beside it.
    #[arg(long, required = true, num_args = 1.., value_name = "INPUT")]
    pub from: Vec<String>,
    /// How much of them to listen to.
    #[arg(long, default_value_t = 60.0, value_name = "SECONDS")]
    pub seconds: f64,
    /// Take what was shown; without it nothing is kept.
    #[arg(long)]
    pub yes: bool,
    /// Who consented, and when.
    #[arg(long, value_name = "WHO, WHEN")]
    pub consent: Option<String>,
    /// Vehicle in which it usually rides.
    #[arg(long, value_name = "ID")]
    pub vehicle: Option<String>,
}

/// `vigie enroll away`.
#[derive(Debug, Args)]
pub struct EnrollAway {
    /// Which.
    pub name: String,
    /// RFC 3339.
    #[arg(long, value_name = "TIME")]
    pub from: String,
    /// RFC 3339.
    #[arg(long, value_name = "TIME")]
    pub until: String,
}

/// `vigie enroll list`.
#[derive(Debug, Args)]
pub struct EnrollList {
    /// One JSON object a line.
    #[arg(long)]
    pub json: bool,
}

/// `vigie enroll remove`.
#[derive(Debug, Args)]
pub struct EnrollRemove {
    /// Which.
    pub name: String,
}

/// `vigie sound`.
#[derive(Debug, Args)]
pub struct Sound {
    /// Address of the tag, as it was heard.
    #[arg(value_name = "AA:BB:CC:DD:EE:FF")]
    pub address: String,
    /// The adapter: `bluez:hciN`.
    #[arg(long, value_name = "SENSOR")]
    pub sensor: SensorSpec,
    /// How long to wait until it is heard.
    #[arg(long, default_value_t = 30, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub hear: u64,
    /// Do it without asking: whoever gives this has read who may notice.
    #[arg(long)]
    pub yes: bool,
    /// Case folder in whose log the act is recorded.
    #[arg(long, value_name = "DIR", requires = "by")]
    pub case: Option<PathBuf>,
    /// Who does it: required with a case.
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
}

/// `vigie alarm`.
#[derive(Debug, Args)]
pub struct Alarm {
    /// What to do.
    #[command(subcommand)]
    pub action: AlarmAction,
}

/// What `vigie alarm` does.
#[derive(Debug, Subcommand)]
pub enum AlarmAction {
    /// Send a test message through every channel; exit status 1 when one of them failed.
    Test(AlarmTest),
    /// What was delivered, what waits, and since when a channel has been failing.
    State(AlarmState),
    /// Send what an earlier watch left waiting.
    Deliver(AlarmDeliver),
    /// Somebody knows: a cause alarms no more.
    Acknowledge(AlarmAcknowledge),
    /// Send nothing new for a time; what is raised meanwhile is kept as muted.
    Mute(AlarmMute),
    /// How many false alarms to expect in a ten-hour day (simulated).
    Expect(AlarmExpect),
}

/// `vigie alarm test`.
#[derive(Debug, Args)]
pub struct AlarmTest {
    /// Settings (TOML) with the sections `[[alarm]]`.
    #[arg(long, value_name = "FILE")]
    pub config: PathBuf,
}

/// `vigie alarm deliver`.
#[derive(Debug, Args)]
pub struct AlarmDeliver {
    /// Case folder.
    #[arg(long, value_name = "DIR")]
    pub case: PathBuf,
    /// Settings (TOML) with the sections `[[alarm]]`.
    #[arg(long, value_name = "FILE")]
    pub config: PathBuf,
    /// End after so long, whatever still waits [default: when nothing waits].
    #[arg(long = "for", value_name = "SECONDS")]
    pub lasts_s: Option<u32>,
    /// Raise an alert about this invented device first: for drills and tests.
    #[arg(long, hide = true, value_name = "ADDRESS")]
    pub raise: Vec<String>,
}

/// `vigie alarm acknowledge`.
#[derive(Debug, Args)]
pub struct AlarmAcknowledge {
    /// Id of the cause, or its reference, as messages name it.
    pub cause: String,
    /// Who.
    #[arg(long, value_name = "WHO")]
    pub by: String,
    /// Case folder.
    #[arg(long, value_name = "DIR")]
    pub case: PathBuf,
}

/// `vigie alarm mute`.
#[derive(Debug, Args)]
pub struct AlarmMute {
    /// A cause's id or reference, alert, clone, deaf, or all.
    pub what: String,
    /// For how long.
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..=1440))]
    pub minutes: u32,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Who.
    #[arg(long, value_name = "WHO")]
    pub by: String,
    /// Case folder.
    #[arg(long, value_name = "DIR")]
    pub case: PathBuf,
}

/// `vigie alarm expect`.
#[derive(Debug, Args)]
pub struct AlarmExpect {
    /// Vehicles of the convoy.
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub vehicles: u16,
    /// Settings (TOML): the budget of false alarms counts.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// `vigie alarm state`.
#[derive(Debug, Args)]
pub struct AlarmState {
    /// Case folder.
    #[arg(long, value_name = "DIR")]
    pub case: PathBuf,
    /// One JSON object.
    #[arg(long)]
    pub json: bool,
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
    #[arg(value_enum, ignore_case = true)]
    pub family: Family,
    /// Seed: the same seed gives the same bytes.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Folder to write to; made if missing.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub convoy: SimulateConvoy,
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

/// How a convoy is simulated (families a to m, levels, places).
#[derive(Debug, Args)]
pub struct SimulateConvoy {
    /// Which set of the family's parameters [default: its first].
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub variant: Option<String>,
    /// Vehicles, with one sensor each.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u8).range(1..=12), value_name = "N")]
    pub vehicles: u8,
    /// Where the convoy drives [default: the first in which the family exists].
    #[arg(long, value_enum)]
    pub environment: Option<EnvironmentArgument>,
    /// A real track (CSV, JSON lines, GPX, NMEA) instead of a simulated road: what is written is semi-synthetic.
    #[arg(long, value_name = "FILE")]
    pub drive: Option<PathBuf>,
    /// Length, instead of the family's own.
    #[arg(long, value_name = "M")]
    pub minutes: Option<f64>,
    /// Bystanders' tags only; all other devices are on the air as a load that collides.
    #[arg(long, conflicts_with = "frames_per_second")]
    pub tags_only: bool,
    /// As many bystanders as it takes for so many frames a second over all sensors.
    #[arg(long, value_name = "N")]
    pub frames_per_second: Option<f64>,
}

/// Names of environments on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EnvironmentArgument {
    /// 72 km/h, few vehicles.
    Rural,
    /// 108 km/h among vehicles that keep pace.
    Motorway,
    /// 43 km/h with lights.
    City,
    /// 11 km/h through a crowd.
    Crowd,
}

impl From<EnvironmentArgument> for Environment {
    fn from(e: EnvironmentArgument) -> Self {
        match e {
            EnvironmentArgument::Rural => Self::Rural,
            EnvironmentArgument::Motorway => Self::Motorway,
            EnvironmentArgument::City => Self::City,
            EnvironmentArgument::Crowd => Self::Crowd,
        }
    }
}

/// What can be simulated. The letters are the families of a convoy's scenarios.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Family {
    /// A walk through a crowd that turns over, with one lasting tag.
    #[value(alias = "k")]
    Walk,
    /// A drive, with one lasting tag.
    Drive,
    /// A load file for measuring speed: one pcap, no truth.
    Load,
    /// Arrival at a meeting in a town; the tag is planted at the stop.
    #[value(alias = "meeting")]
    A,
    /// An hour of motorway.
    #[value(alias = "motorway")]
    B,
    /// Parked overnight; the tag is planted at three in the morning.
    #[value(alias = "overnight")]
    C,
    /// Through the crowd of a rally.
    #[value(alias = "rally")]
    D,
    /// A bystander's tag on the same road; a stranger's that rides along.
    #[value(alias = "bystander")]
    E,
    /// Our own devices, nothing else.
    #[value(alias = "team")]
    F,
    /// The tag's owner follows, or comes back again and again.
    #[value(alias = "follower")]
    G,
    /// A tracker that changes its key.
    #[value(alias = "clone")]
    H,
    /// Switched on now and then.
    #[value(alias = "gated")]
    I,
    /// Taken off before the search.
    #[value(alias = "taken-off")]
    J,
    /// Faulty sensors.
    #[value(alias = "faults")]
    L,
    /// Hopping power; a tag that changes vehicle.
    #[value(alias = "adversary")]
    M,
    /// A lasting key at three levels.
    Levels,
    /// Hiding places, driving and parked.
    Places,
}

impl Family {
    /// The family of a convoy's scenarios; `None` for the others.
    pub const fn of_convoy(self) -> Option<vigie_trial::families::Family> {
        use vigie_trial::families::Family as Of;
        Some(match self {
            Self::Walk | Self::Drive | Self::Load => return None,
            Self::A => Of::A,
            Self::B => Of::B,
            Self::C => Of::C,
            Self::D => Of::D,
            Self::E => Of::E,
            Self::F => Of::F,
            Self::G => Of::G,
            Self::H => Of::H,
            Self::I => Of::I,
            Self::J => Of::J,
            Self::L => Of::L,
            Self::M => Of::M,
            Self::Levels => Of::Levels,
            Self::Places => Of::Places,
        })
    }
}

/// `vigie evaluate`.
#[derive(Debug, Args)]
pub struct Evaluate {
    /// Folder with recordings and `truth.json` or `truth_inferred.json`.
    #[arg(value_name = "DIR", required_unless_present_any = ["scenarios", "adversarial"])]
    pub folder: Option<PathBuf>,
    #[command(flatten)]
    pub scenarios: Scenarios,
    /// Simulated convoys under attack or with broken sensors, so many seeds each.
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "20", conflicts_with_all = ["folder", "scenarios"])]
    pub adversarial: Option<u64>,
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
    /// Draw the identifiers of the planted trackers anew, with every sighting or every so many seconds
    /// (semi-synthetic: times, levels and surroundings stay real).
    #[arg(long, value_name = "every-sighting|SECONDS", value_parser = redraw,
          conflicts_with_all = ["composed", "without_positions"])]
    pub redraw: Option<Redraw>,
    /// Seed of the compositions.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

fn redraw(text: &str) -> Result<Redraw, String> {
    if text == "every-sighting" {
        return Ok(Redraw::EverySighting);
    }
    match text.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() && seconds >= 1.0 => Ok(Redraw::Every(seconds)),
        _ => Err("neither every-sighting nor a number of seconds, 1 or more".to_owned()),
    }
}

/// `vigie evaluate --scenarios`: simulated convoys.
#[derive(Debug, Args)]
pub struct Scenarios {
    /// Simulated convoys instead of recordings: the scenario families, and drives with nothing planted.
    #[arg(long, conflicts_with = "folder")]
    pub scenarios: bool,
    /// Families: a to m, levels, places, clean [default: all].
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "A,B,…",
        requires = "scenarios"
    )]
    pub families: Vec<String>,
    /// Environments [default: all].
    #[arg(long, value_delimiter = ',', value_enum)]
    pub environments: Vec<EnvironmentArgument>,
    /// Seeds per family and environment.
    #[arg(long, default_value_t = 200, value_name = "N")]
    pub seeds: u64,
    /// Of these, on so many the rival rules run as well.
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub rival_seeds: u64,
    /// Vehicle-hours with nothing planted, per environment, tags only.
    #[arg(long, default_value_t = 30_000.0, value_name = "H")]
    pub clean_hours: f64,
    /// The same with all classes of devices.
    #[arg(long, default_value_t = 350.0, value_name = "H")]
    pub clean_hours_all_classes: f64,
    /// Vehicles of a convoy.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u8).range(1..=12), value_name = "N")]
    pub vehicles: u8,
    /// Real drives (a folder of tracks) as roads: semi-synthetic.
    #[arg(long, value_name = "DIR", requires = "scenarios")]
    pub drives: Option<PathBuf>,
    /// The worlds on which thresholds were fitted instead of those kept for the test.
    #[arg(long, requires = "scenarios")]
    pub fitted_worlds: bool,
    /// The world of the prototypes, and their figures beside ours.
    #[arg(long, requires = "scenarios")]
    pub prototypes: bool,
}

/// `vigie doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Open this receiver and measure what it hears; may be given several times. Names as for `vigie watch`.
    #[arg(long, num_args = 1.., value_name = "SPEC")]
    pub sensor: Vec<SensorSpec>,
    /// How long to listen: 90s, 15m.
    #[arg(long = "for", value_name = "DURATION", default_value = "10s", value_parser = crate::command::watch::parse_duration)]
    pub lasts: std::time::Duration,
    /// Address of an own tag that lies where one could be hidden: is it heard as often as it sends?
    #[arg(long, value_name = "ADDRESS", requires_all = ["sensor", "interval"], value_parser = parse_address)]
    pub reference: Option<Address>,
    /// Its advertising interval.
    #[arg(long, value_name = "SECONDS", requires = "reference", value_parser = parse_interval)]
    pub interval: Option<f64>,
    /// Case folder that will be recorded into, for the room on its disk.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub case: PathBuf,
    /// As one JSON object.
    #[arg(long)]
    pub json: bool,
    /// Exit with 3 when a problem was found.
    #[arg(long)]
    pub exit_code: bool,
    /// Where `/sys`, `/proc` and the rest are; for tests.
    #[arg(long, value_name = "DIR", default_value = "/", hide = true)]
    pub root: PathBuf,
}

fn parse_address(text: &str) -> Result<Address, String> {
    Address::parse(text).ok_or_else(|| "C0:11:22:33:44:55".into())
}

/// Legal for legacy advertising: 20 ms to 10.24 s; slow clones go beyond.
fn parse_interval(text: &str) -> Result<f64, String> {
    let interval = text.parse().ok().filter(|s| (0.02..=3600.0).contains(s));
    interval.ok_or_else(|| "seconds, from 0.02 to 3600".into())
}

/// `vigie fit`.
#[derive(Debug, Args)]
pub struct Fit {
    #[command(flatten)]
    pub judging: Judging,
    /// Only this environment; may be given several times.
    #[arg(long, value_name = "NAME", value_parser = ["rural", "motorway", "city", "crowd"])]
    pub environment: Vec<String>,
    /// Clean drives of an hour each, with tags only.
    #[arg(long, default_value_t = 400, value_name = "N")]
    pub hours: usize,
    /// Clean drives of an hour each, with all classes of devices.
    #[arg(long, default_value_t = 10, value_name = "N")]
    pub all_hours: usize,
    /// Vehicles of the convoy.
    #[arg(long, default_value_t = 7, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=12))]
    pub vehicles: u8,
    /// First seed.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Drives judged at once; changes nothing but the time it takes.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub jobs: usize,
    /// Do not fit: say what the settings give on the other half of the simulated world.
    #[arg(long)]
    pub test: bool,
    /// With `--test`: planted runs for each level.
    #[arg(long, default_value_t = 40, value_name = "N")]
    pub runs: usize,
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
