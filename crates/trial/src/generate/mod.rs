//! A small seeded generator: one walk and one drive, a crowd that turns over, one tag that stays.
//! And load files for benches.
//!
//! What it makes is **simulated** and is called so wherever a figure rests on it. The tag's key is
//! drawn at random: the frames look right and locate nothing. The same seed gives the same bytes.

pub(crate) mod capture_file;
pub(crate) mod crowd;
pub(crate) mod link_layer;
mod load;
pub(crate) mod payload;
pub(crate) mod track;

use std::{fs, io, path::Path, path::PathBuf};

pub use load::{Load, LoadFormat, write_load};

use crate::{
    Log, Sighting, Truth,
    random::{Draws, as_rssi},
};
use capture_file::PcapNg;
use crowd::Device;
use track::Track;

/// What to simulate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scenario {
    /// 25 minutes on foot at 1.3 m/s, some 60 devices around at any time.
    Walk,
    /// 20 minutes in a car at 12 m/s with halts, roadside devices and a few vehicles that keep pace
    /// for a while.
    Drive,
}

impl Scenario {
    /// `walk` or `drive`: the stem of its files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Walk => "walk",
            Self::Drive => "drive",
        }
    }

    const fn seconds(self) -> f64 {
        match self {
            Self::Walk => 25.0 * 60.0,
            Self::Drive => 20.0 * 60.0,
        }
    }
}

/// Whether the capture says that the receiver checked the CRC. It is right in every frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CrcFlag {
    /// Checked and valid.
    #[default]
    Checked,
    /// Not checked: readers have to compute it.
    Unchecked,
}

/// What was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Generated {
    /// The capture, pcapng with link type 256.
    pub capture: PathBuf,
    /// The track, GPX, one point a second.
    pub track: PathBuf,
    /// `truth.json`.
    pub truth: PathBuf,
    /// Address of the planted tag.
    pub tag: String,
    /// Frames in the capture.
    pub frames: u64,
    /// Addresses in the capture.
    pub addresses: u64,
}

/// 2025-06-01T08:00:00Z.
const START_US: i64 = 1_748_764_800_000_000;

/// The tag advertises every 2 s (and up to 10 ms of random delay) at about this level.
const TAG_INTERVAL_S: f64 = 2.0;
const TAG_DBM: f64 = -60.0;

/// Simulates a scenario into a folder: `NAME.pcapng`, `NAME.gpx`, and its entry in `truth.json`
/// (those of other recordings are kept). The frames say that their CRC was checked.
///
/// # Errors
/// When the folder or a file in it cannot be written.
pub fn write(dir: &Path, scenario: Scenario, seed: u64) -> io::Result<Generated> {
    write_with(dir, scenario, seed, CrcFlag::Checked)
}

/// The same, with the choice of what the frames say of their CRC.
///
/// # Errors
/// When the folder or a file in it cannot be written.
pub fn write_with(
    dir: &Path,
    scenario: Scenario,
    seed: u64,
    crc: CrcFlag,
) -> io::Result<Generated> {
    fs::create_dir_all(dir)?;
    let world = World::new(scenario, seed);
    let capture = dir.join(format!("{}.pcapng", scenario.name()));
    let mut file = PcapNg::create(&capture, "simulated")?;
    for h in &world.heard {
        if let Some(device) = world.devices.get(h.device) {
            let packet = link_layer::packet(&device.pdu, h.channel, h.rssi, crc);
            file.packet(h.time_us, &packet)?;
        }
    }
    file.finish()?;

    let track_file = dir.join(format!("{}.gpx", scenario.name()));
    fs::write(&track_file, world.track.gpx(START_US))?;
    let truth = dir.join("truth.json");
    let tag = world.tag();
    add_truth(&truth, &format!("{}.pcapng", scenario.name()), &tag)?;
    Ok(Generated {
        capture,
        track: track_file,
        truth,
        tag,
        frames: world.heard.len() as u64,
        addresses: world.addresses(),
    })
}

/// Sets one recording's entry in a truth file and keeps those of others.
fn add_truth(path: &Path, recording: &str, tag: &str) -> io::Result<()> {
    let mut entries: serde_json::Map<String, serde_json::Value> = match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes)?,
        Err(e) if e.kind() == io::ErrorKind::NotFound => serde_json::Map::new(),
        Err(e) => return Err(e),
    };
    entries.insert(recording.to_owned(), serde_json::json!([tag]));
    fs::write(path, format!("{:#}\n", serde_json::Value::Object(entries)))
}

/// The same simulation as a plain recording, without files: what the capture and the track hold.
#[must_use]
pub fn log(scenario: Scenario, seed: u64) -> (Log, Truth) {
    let world = World::new(scenario, seed);
    let mut log = Log::new(format!("{}.pcapng", scenario.name()));
    let mut index: Vec<Option<u32>> = vec![None; world.devices.len()];
    let mut truth = Truth::default();
    for h in &world.heard {
        let (Some(device), Some(slot)) = (world.devices.get(h.device), index.get_mut(h.device))
        else {
            continue;
        };
        let identifier =
            *slot.get_or_insert_with(|| log.add_identifier(device.address_text(), None));
        if h.device == TAG && truth.planted.is_empty() {
            truth = Truth::of([identifier]);
        }
        let position = world.track.at((h.time_us - START_US) / 1_000_000);
        let (time_us, rssi) = (h.time_us, Some(h.rssi));
        log.sightings.push(Sighting {
            time_us,
            identifier,
            rssi,
            position,
        });
    }
    (log, truth)
}

/// Everything that a seed determines.
struct World {
    track: Track,
    /// The tag first.
    devices: Vec<Device>,
    /// In order of time.
    heard: Vec<Heard>,
}

/// Index of the tag among the devices.
const TAG: usize = 0;

impl World {
    fn new(scenario: Scenario, seed: u64) -> Self {
        let mut draws = Draws::new(seed);
        let track = Track::new(scenario, &mut draws);
        let mut devices = vec![Device::find_my_tag(&mut draws, scenario.seconds())];
        devices.extend(crowd::crowd(scenario, &mut draws));
        let mut heard: Vec<Heard> = Vec::new();
        for (i, device) in devices.iter().enumerate() {
            hear(device, i, &mut draws, &mut heard);
        }
        heard.sort_by_key(|h| (h.time_us, h.device));
        Self {
            track,
            devices,
            heard,
        }
    }

    fn tag(&self) -> String {
        self.devices
            .get(TAG)
            .map_or_else(String::new, Device::address_text)
    }

    fn addresses(&self) -> u64 {
        let ids: std::collections::BTreeSet<usize> = self.heard.iter().map(|h| h.device).collect();
        ids.len() as u64
    }
}

struct Heard {
    time_us: i64,
    device: usize,
    channel: u8,
    rssi: i8,
}

/// The frames of one device that one receiver, which goes round the three channels, takes in.
fn hear(device: &Device, index: usize, draws: &mut Draws, heard: &mut Vec<Heard>) {
    /// Share of frames lost to collisions and to changes of channel.
    const LOST: f64 = 0.1;
    const SENSITIVITY_DBM: f64 = -95.0;
    let mut at = device.from_s + draws.between(0.0, device.interval_s);
    while at < device.to_s {
        let dbm = draws.normal(device.level_at(at), device.spread_db);
        let channel = [37, 38, 39].get(draws.below(3)).copied().unwrap_or(37);
        if dbm > SENSITIVITY_DBM && draws.unit() > LOST {
            heard.push(Heard {
                time_us: START_US + (at * 1e6) as i64,
                device: index,
                channel,
                rssi: as_rssi(dbm),
            });
        }
        at += device.interval_s + draws.between(0.0, 0.01);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(dir: &Path) -> Vec<Vec<u8>> {
        ["walk.pcapng", "walk.gpx", "truth.json"]
            .map(|f| fs::read(dir.join(f)).unwrap())
            .to_vec()
    }

    #[test]
    fn same_seed_same_bytes() {
        let dirs = [1, 1, 2].map(|seed| {
            let dir = tempfile::tempdir().unwrap();
            write(dir.path(), Scenario::Walk, seed).unwrap();
            dir
        });
        let [a, b, c] = dirs.each_ref().map(|d| bytes(d.path()));
        assert_eq!(a, b);
        assert_ne!(a[0], c[0]);
    }

    #[test]
    fn truth_names_the_tag_and_the_crowd_turns_over() {
        for scenario in [Scenario::Walk, Scenario::Drive] {
            let dir = tempfile::tempdir().unwrap();
            let made = write(dir.path(), scenario, 5).unwrap();
            let truth = crate::TruthFile::parse(&fs::read_to_string(&made.truth).unwrap()).unwrap();
            let name = format!("{}.pcapng", scenario.name());
            assert_eq!(truth.files().collect::<Vec<_>>(), [name.as_str()]);
            let mut log = crate::Log::new(name);
            log.add_identifier(&made.tag, None);
            assert_eq!(truth.truth(&log).unwrap().unheard, 1);
            assert!(made.addresses > 300, "{}", made.addresses);
            assert!((10_000..200_000).contains(&made.frames), "{}", made.frames);
            let size = fs::metadata(&made.capture).unwrap().len();
            assert!(size < 8_000_000, "{size}");
            let gpx = fs::read_to_string(&made.track).unwrap();
            assert_eq!(
                gpx.matches("<trkpt").count() as f64,
                scenario.seconds() + 1.0
            );
        }
    }

    #[test]
    fn two_scenarios_share_a_folder() {
        let dir = tempfile::tempdir().unwrap();
        let walk = write(dir.path(), Scenario::Walk, 1).unwrap();
        let drive = write(dir.path(), Scenario::Drive, 1).unwrap();
        let truth = crate::TruthFile::parse(&fs::read_to_string(&drive.truth).unwrap()).unwrap();
        assert_eq!(
            truth.files().collect::<Vec<_>>(),
            ["drive.pcapng", "walk.pcapng"]
        );
        for made in [walk, drive] {
            let mut log = Log::new(made.capture.file_name().unwrap().to_str().unwrap());
            let identifier = log.add_identifier(&made.tag, None);
            log.sightings.push(Sighting {
                time_us: 0,
                identifier,
                rssi: None,
                position: None,
            });
            assert_eq!(truth.truth(&log).unwrap().identifiers().len(), 1);
        }
    }

    #[test]
    fn the_reference_finds_the_tag_and_little_else() {
        for scenario in [Scenario::Walk, Scenario::Drive] {
            for seed in 1..=3 {
                let (log, truth) = log(scenario, seed);
                let mut reference = crate::rules::onperson_reference::OnPersonReference::default();
                let alerts = crate::rules::run(&mut reference, &log);
                let tally = crate::score::Tally::of(&log, &truth, &alerts, &[]);
                println!(
                    "{scenario:?} {seed} {:?} {:?}",
                    tally.times_s, tally.false_alarms
                );
                assert_eq!(tally.times_s.len(), 1, "{scenario:?} {seed}");
                assert!(tally.times_s[0] < 900.0 && tally.false_alarms[0] <= 1);
            }
        }
    }

    #[test]
    fn the_crc_flag_is_the_only_difference() {
        let [checked, unchecked] = [CrcFlag::Checked, CrcFlag::Unchecked].map(|crc| {
            let dir = tempfile::tempdir().unwrap();
            let made = write_with(dir.path(), Scenario::Walk, 1, crc).unwrap();
            fs::read(made.capture).unwrap()
        });
        assert_eq!(checked.len(), unchecked.len());
        let differing = checked
            .iter()
            .zip(&unchecked)
            .filter(|(a, b)| a != b)
            .count();
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(
            differing as u64,
            write(dir.path(), Scenario::Walk, 1).unwrap().frames
        );
    }
}
