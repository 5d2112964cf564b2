//! The run's table of sensor names.

use std::collections::HashMap;

/// Sensor names by index, in order of first mention.
#[derive(Debug, Clone, Default)]
pub struct Sensors {
    names: Vec<String>,
    indices: HashMap<String, u16>,
}

/// Name under which every sensor beyond the 65,535th is counted: only a hostile file has so many.
const SURPLUS: &str = "(more)";

impl Sensors {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Index of `name`, entered if new.
    pub fn index(&mut self, name: &str) -> u16 {
        if let Some(&index) = self.indices.get(name) {
            return index;
        }
        let name = if self.names.len() < usize::from(u16::MAX) {
            name
        } else {
            SURPLUS
        };
        let index = u16::try_from(self.names.len()).unwrap_or(u16::MAX);
        if name == SURPLUS
            && let Some(&index) = self.indices.get(SURPLUS)
        {
            return index;
        }
        self.names.push(name.to_owned());
        self.indices.insert(name.to_owned(), index);
        index
    }

    /// Name of a sensor; empty for an index that was never given out.
    #[must_use]
    pub fn name(&self, index: u16) -> &str {
        self.names
            .get(usize::from(index))
            .map_or("", String::as_str)
    }

    /// Number of sensors.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is none yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// All names, in order of index.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_has_the_same_index_and_surplus_names_share_one() {
        let mut sensors = Sensors::new();
        assert_eq!(sensors.index("a"), 0);
        assert_eq!(sensors.index("b"), 1);
        assert_eq!(sensors.index("a"), 0);
        for i in 0..70_000u32 {
            sensors.index(&format!("s{i}"));
        }
        assert_eq!(sensors.len(), 65_536);
        assert_eq!(sensors.index("one more"), u16::MAX);
        assert_eq!(sensors.name(u16::MAX), SURPLUS);
        assert_eq!(sensors.name(0), "a");
    }
}
