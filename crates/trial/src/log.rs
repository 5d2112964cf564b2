//! A recording as the rules see it.

use std::collections::HashMap;

/// One advertisement heard, without its bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sighting {
    /// Time of reception, microseconds since 1970-01-01T00:00:00Z.
    pub time_us: i64,
    /// Index into [`Log::identifiers`].
    pub identifier: u32,
    /// Level, dBm; `None` is unknown.
    pub rssi: Option<i8>,
    /// Latitude and longitude, degrees WGS 84, where a fix was known; never (0, 0).
    pub position: Option<(f64, f64)>,
}

/// One recording: its identifiers and its sightings in order of time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Log {
    /// Name by which the truth file calls it, such as `log_e.json`.
    pub name: String,
    /// Identifiers as in the input, in order of first sighting.
    pub identifiers: Vec<String>,
    /// An opaque class label per identifier (a log's parser name, a family), where there is one.
    pub tags: Vec<Option<String>>,
    /// Sightings, sorted stably by time.
    pub sightings: Vec<Sighting>,
}

impl Log {
    /// An empty recording.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// Adds an identifier that is not in the log yet and returns its index.
    pub fn add_identifier(&mut self, identifier: impl Into<String>, tag: Option<String>) -> u32 {
        let index = u32::try_from(self.identifiers.len()).unwrap_or(u32::MAX);
        self.identifiers.push(identifier.into());
        self.tags.push(tag);
        index
    }

    /// Sorts the sightings by time; those of one instant keep their order.
    pub fn sort(&mut self) {
        self.sightings.sort_by_key(|s| s.time_us);
    }

    /// Index of every identifier by its text.
    #[must_use]
    pub fn index(&self) -> HashMap<&str, u32> {
        self.identifiers
            .iter()
            .zip(0u32..)
            .map(|(text, i)| (text.as_str(), i))
            .collect()
    }

    /// Wall time from the first to the last sighting, hours.
    #[must_use]
    pub fn hours(&self) -> f64 {
        match (self.sightings.first(), self.sightings.last()) {
            (Some(a), Some(b)) => seconds_between(a.time_us, b.time_us) / 3600.0,
            _ => 0.0,
        }
    }

    /// First and last sighting of every identifier, microseconds; `None` for one never heard.
    #[must_use]
    pub fn spans(&self) -> Vec<Option<(i64, i64)>> {
        let mut spans = vec![None; self.identifiers.len()];
        for s in &self.sightings {
            if let Some(slot) = spans.get_mut(s.identifier as usize) {
                let (first, _) = slot.unwrap_or((s.time_us, s.time_us));
                *slot = Some((first, s.time_us));
            }
        }
        spans
    }
}

/// Seconds from one time to another, both in microseconds.
pub(crate) fn seconds_between(from_us: i64, to_us: i64) -> f64 {
    to_us.saturating_sub(from_us) as f64 / 1e6
}
