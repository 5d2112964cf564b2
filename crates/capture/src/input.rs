//! What the user named: a file or folder, perhaps with a sensor's name.

use std::path::{Path, PathBuf};

/// One INPUT of the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// File or case folder.
    pub path: PathBuf,
    /// Sensor name from `ID=PATH`.
    pub sensor: Option<String>,
}

impl Input {
    /// Reads `PATH` or `ID=PATH`. An ID has no slash; a file that bears the whole literal name wins.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if let Some((id, path)) = text.split_once('=') {
            let is_id = !id.is_empty() && !path.is_empty() && !id.contains(['/', '\\']);
            if is_id && !Path::new(text).exists() {
                return Self {
                    path: PathBuf::from(path),
                    sensor: Some(id.to_owned()),
                };
            }
        }
        Self {
            path: PathBuf::from(text),
            sensor: None,
        }
    }

    /// The sensor's name where the file itself does not say: the ID, else the file's stem.
    #[must_use]
    pub fn sensor_name(&self) -> String {
        self.sensor.clone().unwrap_or_else(|| {
            self.path
                .file_stem()
                .map_or_else(String::new, |s| s.to_string_lossy().into_owned())
        })
    }
}

impl From<&Path> for Input {
    fn from(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            sensor: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_split_off_unless_a_file_has_the_whole_name() {
        let input = Input::parse("V3=/tmp/no/such.pcap");
        assert_eq!(input.sensor.as_deref(), Some("V3"));
        assert_eq!(input.path, PathBuf::from("/tmp/no/such.pcap"));
        assert_eq!(input.sensor_name(), "V3");
        assert_eq!(Input::parse("/a=b/c.json").sensor, None);
        assert_eq!(Input::parse("/a/c.d.json").sensor_name(), "c.d");
        assert_eq!(Input::parse("=x").path, PathBuf::from("=x"));
        let folder = tempfile::tempdir().unwrap();
        let literal = folder.path().join("a=b.pcap");
        std::fs::write(&literal, b"x").unwrap();
        let text = literal.to_string_lossy();
        assert_eq!(Input::parse(&text).path, literal);
    }
}
