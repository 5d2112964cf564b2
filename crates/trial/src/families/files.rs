//! A trace as a case folder: what the sensors would have written, and what only a simulation knows.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::convoy::{Class, Identity, Kind, PlantedTruth, Trace};
use crate::generate::CrcFlag;
use crate::generate::capture_file::PcapNg;
use crate::generate::crowd::Address;
use crate::generate::link_layer;
use crate::generate::track::utc;

/// Access address of the advertising channels, PDU and CRC: all of a packet that does not change from one
/// reception to the next.
fn on_air(identity: &Identity) -> Vec<u8> {
    let address = Address {
        octets: identity.address,
        random: identity.random,
    };
    let pdu = link_layer::pdu(&address, identity.connectable, identity.payload());
    link_layer::packet(&pdu, 37, 0, CrcFlag::Checked).split_off(link_layer::PSEUDO_HEADER)
}

/// What was written.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseFolder {
    /// The folder.
    pub folder: PathBuf,
    /// One recording per sensor, in their order.
    pub recordings: Vec<PathBuf>,
    /// Positions.
    pub track: PathBuf,
    /// Frames in all recordings.
    pub frames: u64,
    /// Addresses of what is planted, in the order of their use.
    pub planted: Vec<String>,
}

/// Name of a vehicle by its place in the convoy, from 0: `V1` for the first.
#[must_use]
pub fn vehicle_name(vehicle: u8) -> String {
    format!("V{}", u16::from(vehicle) + 1)
}

/// Place in the convoy of a vehicle's name.
#[must_use]
pub fn vehicle_of(name: &str) -> Option<u8> {
    name.strip_prefix('V')?.parse::<u8>().ok()?.checked_sub(1)
}

/// Name of a sensor: `S1` rides in `V1`.
#[must_use]
pub fn sensor_name(sensor: u8) -> String {
    format!("S{}", u16::from(sensor) + 1)
}

/// Writes a case folder: `recordings/SENSOR-TIME.pcapng` (link type 256), `tracks/convoy.jsonl`, `case.toml`,
/// `truth.json`. The same trace gives the same bytes.
///
/// # Errors
/// When the folder or a file in it cannot be written.
pub fn write_case(folder: &Path, trace: &Trace, title: &str) -> io::Result<CaseFolder> {
    let (recordings, tracks) = (folder.join("recordings"), folder.join("tracks"));
    fs::create_dir_all(&recordings)?;
    fs::create_dir_all(&tracks)?;
    let start = utc(trace.start_us.div_euclid(1_000_000)).replace(['-', ':'], "");
    let names: Vec<String> = (0..trace.vehicles)
        .map(|s| format!("{}-{start}.pcapng", sensor_name(s)))
        .collect();
    let paths: Vec<PathBuf> = names.iter().map(|n| recordings.join(n)).collect();
    write_recordings(&paths, trace)?;
    let track = tracks.join("convoy.jsonl");
    write_track(&track, trace)?;
    fs::write(folder.join("case.toml"), case_toml(trace, title))?;
    let files: Vec<String> = names.iter().map(|n| format!("recordings/{n}")).collect();
    let truth = Value::Object(truth_of(trace, &files));
    fs::write(folder.join("truth.json"), format!("{truth:#}\n"))?;
    let planted = trace.truth.planted.iter();
    Ok(CaseFolder {
        folder: folder.to_owned(),
        recordings: paths,
        track,
        frames: trace.heard.len() as u64,
        planted: planted.flat_map(|p| addresses(trace, p)).collect(),
    })
}

fn write_recordings(paths: &[PathBuf], trace: &Trace) -> io::Result<()> {
    let mut files = paths
        .iter()
        .map(|path| PcapNg::create(path, "simulated"))
        .collect::<io::Result<Vec<_>>>()?;
    let on_air: Vec<Vec<u8>> = trace.identities.iter().map(on_air).collect();
    let mut packet = Vec::with_capacity(64);
    for h in &trace.heard {
        let (Some(file), Some(rest)) = (
            files.get_mut(usize::from(h.sensor)),
            on_air.get(h.identity as usize),
        ) else {
            continue;
        };
        packet.clear();
        packet.extend(link_layer::pseudo_header(
            h.channel,
            h.rssi,
            CrcFlag::Checked,
        ));
        packet.extend(rest);
        file.packet(h.stamped_us, &packet)?;
    }
    files.into_iter().try_for_each(PcapNg::finish)
}

/// One position a second, JSON lines, every digit: what is read back is what was simulated.
fn write_track(path: &Path, trace: &Trace) -> io::Result<()> {
    let mut out = BufWriter::new(fs::File::create(path)?);
    for fix in &trace.fixes {
        let (lat, lon, speed) = (fix.lat, fix.lon, fix.speed_m_s);
        writeln!(
            out,
            "{{\"time\":{},\"lat\":{lat},\"lon\":{lon},\"speed_m_s\":{speed}}}",
            fix.time_us
        )?;
    }
    out.flush()
}

fn case_toml(trace: &Trace, title: &str) -> String {
    let mut out = String::from("# Simulated.\n");
    // Writing to a String cannot fail.
    let _ = writeln!(out, "convoy = {}", json!(title));
    out.push_str("profile = \"vehicle\"\ntime_zone = \"UTC\"\n");
    for v in 0..trace.vehicles {
        let _ = writeln!(out, "\n[[vehicle]]\nname = \"{}\"", vehicle_name(v));
    }
    for s in 0..trace.vehicles {
        let (sensor, vehicle) = (sensor_name(s), vehicle_name(s));
        let _ = writeln!(
            out,
            "\n[[ride]]\nsensor = \"{sensor}\"\nvehicle = \"{vehicle}\""
        );
    }
    for s in 0..trace.vehicles {
        let _ = writeln!(out, "\n[sensor.{}]\nsource = \"sniffer\"", sensor_name(s));
    }
    out
}

/// The truth file: per recording `{"tag 1": [identifier, ...], "vehicle": {...}, "on": {...}, "off": {...}}`, each of
/// the last three with one entry per tag. Only the lists are read by a reader of truth files.
fn truth_of(trace: &Trace, files: &[String]) -> Map<String, Value> {
    let time = |s: f64| utc((trace.start_us + (s * 1e6) as i64).div_euclid(1_000_000));
    let mut truth = Map::new();
    for (sensor, file) in (0u8..).zip(files) {
        let mut entry = Map::new();
        let [mut class, mut vehicle, mut on, mut off] = [0; 4].map(|_| Map::new());
        for (n, planted) in (1..).zip(&trace.truth.planted) {
            let heard: Vec<String> = heard_by(trace, planted, sensor);
            if heard.is_empty() {
                continue;
            }
            let tag = format!("tag {n}");
            let what = trace.devices.get(planted.device as usize).map(|d| d.class);
            class.insert(tag.clone(), json!(what.map(class_name)));
            let rides: Vec<Value> = planted
                .vehicles
                .iter()
                .map(|(from, v)| json!({"from": time(*from), "vehicle": vehicle_name(*v)}))
                .collect();
            vehicle.insert(tag.clone(), Value::Array(rides));
            let ends: (Vec<String>, Vec<String>) = planted
                .on
                .iter()
                .map(|(from, to)| (time(*from), time(*to)))
                .unzip();
            on.insert(tag.clone(), json!(ends.0));
            off.insert(tag.clone(), json!(ends.1));
            entry.insert(tag, json!(heard));
        }
        if !entry.is_empty() {
            entry.insert("class".to_owned(), Value::Object(class));
            entry.insert("vehicle".to_owned(), Value::Object(vehicle));
            entry.insert("on".to_owned(), Value::Object(on));
            entry.insert("off".to_owned(), Value::Object(off));
        }
        truth.insert(file.clone(), Value::Object(entry));
    }
    truth
}

/// Addresses of a planted tag in the order of their use, each once.
fn addresses(trace: &Trace, planted: &PlantedTruth) -> Vec<String> {
    let identities = planted.identities.iter();
    let mut texts: Vec<String> = identities
        .filter_map(|i| trace.identities.get(*i as usize))
        .map(Identity::address_text)
        .collect();
    texts.dedup();
    texts
}

/// Those of its addresses that one sensor heard.
fn heard_by(trace: &Trace, planted: &PlantedTruth, sensor: u8) -> Vec<String> {
    let of_it: std::collections::HashSet<u32> = planted.identities.iter().copied().collect();
    let mut seen = std::collections::HashSet::new();
    let mut order = Vec::new();
    for h in &trace.heard {
        if h.sensor == sensor && of_it.contains(&h.identity) && seen.insert(h.identity) {
            order.push(h.identity);
        }
    }
    let mut texts: Vec<String> = order
        .iter()
        .filter_map(|i| trace.identities.get(*i as usize))
        .map(Identity::address_text)
        .collect();
    texts.dedup();
    texts
}

const fn class_name(class: Class) -> &'static str {
    match class {
        Class::FindMySeparated => "find_my_separated",
        Class::FindMyNearby => "find_my_near_owner",
        Class::SmartTag => "smart_tag",
        Class::Tile => "tile",
        Class::FindHub => "find_hub",
        Class::Phone => "phone",
        Class::Earbuds => "earbuds",
        Class::CarDevice => "car_device",
        Class::Watch => "watch",
        Class::Computer => "computer",
        Class::Beacon => "beacon",
    }
}

/// Addresses of one kind of device, in order of first use.
#[must_use]
pub fn addresses_of(trace: &Trace, kind: Kind) -> Vec<String> {
    let of_kind = |i: &&Identity| {
        trace
            .devices
            .get(i.device as usize)
            .is_some_and(|d| d.kind == kind)
    };
    let found = trace.identities.iter().filter(of_kind);
    found.map(Identity::address_text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TruthFile;
    use crate::convoy::{Plan, Planted, Rotation, simulate};

    fn short() -> Plan {
        Plan {
            vehicles: 3,
            seconds: 60.0,
            planted: vec![Planted {
                vehicle: 1,
                rotation: Rotation::Every(20.0),
                ..Planted::default()
            }],
            ..Plan::default()
        }
    }

    #[test]
    fn the_truth_file_is_read_as_any_other() {
        let dir = tempfile::tempdir().unwrap();
        let trace = simulate(&short());
        let made = write_case(dir.path(), &trace, "test").unwrap();
        assert!(made.planted.len() >= 3, "{:?}", made.planted);
        let text = fs::read_to_string(dir.path().join("truth.json")).unwrap();
        let truth = TruthFile::parse(&text).unwrap();
        assert_eq!(truth.files().count(), 3);
        let mut log = crate::Log::new(truth.files().nth(1).unwrap());
        for (t, address) in (0..).zip(&made.planted) {
            let identifier = log.add_identifier(address.clone(), None);
            log.sightings.push(crate::Sighting {
                time_us: t * 20_000_000,
                identifier,
                rssi: None,
                position: None,
            });
        }
        let truth = truth.truth(&log).unwrap();
        // One emitter that changed its key, and nothing else.
        assert_eq!((truth.planted.len(), truth.unheard), (1, 0));
        assert_eq!(truth.planted[0].identifiers.len(), made.planted.len());
        let raw: Value = serde_json::from_str(&text).unwrap();
        let entry = raw.as_object().unwrap().values().nth(1).unwrap();
        assert_eq!(entry["vehicle"]["tag 1"][0]["vehicle"], "V2");
        assert_eq!(entry["on"]["tag 1"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn same_trace_same_bytes() {
        let read = || {
            let dir = tempfile::tempdir().unwrap();
            let made = write_case(dir.path(), &simulate(&short()), "test").unwrap();
            let mut all: Vec<Vec<u8>> = made
                .recordings
                .iter()
                .map(|r| fs::read(r).unwrap())
                .collect();
            all.push(fs::read(made.track).unwrap());
            all.push(fs::read(dir.path().join("truth.json")).unwrap());
            all
        };
        assert_eq!(read(), read());
    }
}
