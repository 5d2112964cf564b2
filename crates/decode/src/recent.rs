//! A small, bounded memory of what was heard a moment ago.

/// At most `CAPACITY` entries, the one untouched for longest dropped first; none is found after `MAX_AGE_US`.
///
/// Linear search: it is asked only for extended advertising, and 64 keys lie in a few cache lines.
#[derive(Debug)]
pub(crate) struct Recent<K, V> {
    entries: Vec<Entry<K, V>>,
}

#[derive(Debug)]
struct Entry<K, V> {
    key: K,
    time_us: i64,
    value: V,
}

const CAPACITY: usize = 64;

/// An AuxPtr reaches at most 8191 x 300 us = 2.46 s ahead (Core Specification Vol 6 Part B 2.3.4.5).
const MAX_AGE_US: u64 = 3_000_000;

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
        }
    }
}

impl<K: PartialEq, V> Recent<K, V> {
    /// The entry that was last put in or touched at most three seconds before or after `time_us`.
    pub(crate) fn find(&mut self, key: &K, time_us: i64) -> Option<&mut V> {
        let entry = self
            .entries
            .iter_mut()
            .find(|e| e.key == *key && e.time_us.abs_diff(time_us) <= MAX_AGE_US)?;
        entry.time_us = time_us;
        Some(&mut entry.value)
    }

    /// Puts in an entry in place of any of the same key.
    pub(crate) fn put(&mut self, key: K, time_us: i64, value: V) -> &mut V {
        let full = self.entries.len() >= CAPACITY;
        let same = self.entries.iter().position(|e| e.key == key);
        let oldest = || {
            let entries = self.entries.iter().enumerate();
            entries.min_by_key(|(_, e)| e.time_us).map(|(at, _)| at)
        };
        if let Some(at) = same.or_else(|| if full { oldest() } else { None }) {
            self.entries.swap_remove(at);
        }
        let entry = Entry {
            key,
            time_us,
            value,
        };
        &mut self.entries.push_mut(entry).value
    }

    /// Takes the entry out.
    pub(crate) fn take(&mut self, key: &K) -> Option<V> {
        let at = self.entries.iter().position(|e| e.key == *key)?;
        Some(self.entries.swap_remove(at).value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_makes_room() {
        let mut recent = Recent::default();
        for key in 0..65 {
            recent.put(key, i64::from(key), key);
        }
        assert_eq!(recent.entries.len(), 64);
        assert_eq!(recent.find(&0, 65), None);
        assert_eq!(recent.find(&64, 65), Some(&mut 64));
    }

    #[test]
    fn nothing_is_found_after_three_seconds() {
        let mut recent = Recent::default();
        recent.put('a', 0, 1);
        assert!(recent.find(&'a', 3_000_000).is_some());
        assert!(recent.find(&'a', 6_000_001).is_none());
        assert!(recent.find(&'a', i64::MIN).is_none());
    }

    #[test]
    fn a_key_is_held_once() {
        let mut recent = Recent::default();
        recent.put('a', 0, 1);
        recent.put('a', 1, 2);
        assert_eq!(recent.entries.len(), 1);
        assert_eq!(recent.find(&'a', 1), Some(&mut 2));
        assert_eq!(recent.take(&'a'), Some(2));
        assert_eq!(recent.take(&'a'), None);
    }
}
