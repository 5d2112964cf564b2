//! A case folder: which files of it are inputs.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::{Error, Input, Note, case, format, sealed};

/// Replaces folders by the files in them that are read, and says what was passed over.
///
/// Of a folder: `recordings/` (or, without one, the files directly in it) and `tracks/`. Files there that are not recognised are
/// passed over; a folder without any recognised file is an error, like a named file that is not recognised.
///
/// # Errors
/// When a folder cannot be listed, or holds nothing that is read.
pub fn expand(inputs: &[Input]) -> Result<(Vec<Input>, Vec<Note>), Error> {
    let mut files = Vec::new();
    let mut notes = Vec::new();
    for input in inputs {
        if !input.path.is_dir() {
            files.push(input.clone());
            continue;
        }
        let before = files.len();
        let recordings = input.path.join("recordings");
        let mut found = list(&input.path)?;
        if recordings.is_dir() {
            found.extend(list(&recordings)?);
        }
        let tracks = input.path.join("tracks");
        if tracks.is_dir() {
            found.extend(list(&tracks)?);
        }
        for path in found {
            let apart = [case::FILE, case::ENROLLED_FILE];
            if path
                .file_name()
                .is_some_and(|name| apart.iter().any(|a| name == *a))
            {
                // Read apart: no recordings.
                continue;
            }
            let whole_name = path.display().to_string();
            if is_own_store(&path) {
                continue;
            }
            if is_truth(&path) || !is_recognised(&path) {
                notes.push(Note {
                    detail: "passed_over",
                    text: whole_name,
                });
                continue;
            }
            let sensor = input.sensor.clone().or_else(|| segment_sensor(&path));
            files.push(Input { path, sensor });
        }
        if files.len() == before {
            let hint = "a folder without any recording or track that is read".to_owned();
            return Err(Error::Unrecognised {
                path: input.path.clone(),
                hint,
            });
        }
    }
    Ok((files, notes))
}

/// Files in a folder, in order of name, hidden ones left out.
fn list(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let io = |source| Error::Io {
        path: folder.to_owned(),
        source,
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        let hidden = path
            .file_name()
            .is_some_and(|n| n.to_string_lossy().starts_with('.'));
        if path.is_file() && !hidden {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// How the names of a case's own stores begin: what was concluded and done, what is to be told.
const STORES: [&str; 2] = ["case.db", "alarms.db"];

fn is_own_store(path: &Path) -> bool {
    let name = file_name(path);
    STORES.iter().any(|store| name.starts_with(store))
}

/// What is known of a labelled recording.
fn is_truth(path: &Path) -> bool {
    let name = file_name(path);
    name.starts_with("truth") && name.ends_with(".json")
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn is_recognised(path: &Path) -> bool {
    let mut prefix = Vec::new();
    let read =
        File::open(path).and_then(|file| file.take(format::PREFIX as u64).read_to_end(&mut prefix));
    read.is_ok() && (prefix.starts_with(sealed::MAGIC) || format::recognise(&prefix).is_ok())
}

/// Segments are named `SENSOR-TIME.pcapng`: the sensor, where the name has a time at its end.
fn segment_sensor(path: &Path) -> Option<String> {
    let stem = path.file_stem()?.to_string_lossy().into_owned();
    // What is encrypted has one extension more.
    let stem = stem.strip_suffix(".pcapng").unwrap_or(&stem);
    let (sensor, time) = stem.rsplit_once('-')?;
    let digits = time.bytes().filter(u8::is_ascii_digit).count();
    let is_time = digits >= 8
        && time
            .bytes()
            .all(|b| b.is_ascii_digit() || b"TZ._".contains(&b));
    (is_time && !sensor.is_empty()).then(|| sensor.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_of_one_sensor_share_its_name() {
        let of = |name: &str| segment_sensor(Path::new(name));
        assert_eq!(of("a/V3-20261124T120000Z.pcapng").as_deref(), Some("V3"));
        assert_eq!(
            of("V3-rear-1764000000000000.pcapng").as_deref(),
            Some("V3-rear")
        );
        assert_eq!(
            of("V3-20261124T120000123Z.pcapng.age").as_deref(),
            Some("V3")
        );
        assert_eq!(of("log-e.json"), None);
        assert_eq!(of("-20261124T120000Z.pcapng"), None);
    }
}
