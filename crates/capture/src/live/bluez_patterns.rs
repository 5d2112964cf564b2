//! What bluetoothd is asked to let through.
//!
//! An advertisement monitor hears what matches one of its patterns: bytes at a place inside an AD structure of a type. There
//! is no pattern for "everything". Turnover of the surroundings is judged by all devices, so the patterns are laid
//! as wide as they go. Not let through is an advertisement that has neither flags, manufacturer data nor data or a list of
//! a 16-bit service in its usual number ranges: a bare name, a bare 128-bit service, an empty one.
//!
//! The kernel takes 32 monitors of 16 patterns (`HCI_MAX_ADV_MONITOR_NUM_HANDLES`, `HCI_MAX_ADV_MONITOR_NUM_PATTERNS`). bluetoothd
//! counts the bytes of its request in eight bits (`merged_pattern_send_add_pattern`, 34 bytes a pattern): with
//! eight patterns in one monitor 5.66 overwrites its own memory and ends. So there are never more than [`MOST`].

use vigie_decode::ad_type;

/// Place behind the type, AD type, bytes: in this order (`org.bluez.AdvertisementMonitor1`).
pub type Pattern = (u8, u8, Vec<u8>);

/// One monitor: what it is for, and its patterns.
pub struct Patterns {
    /// For people who read the log.
    pub what: &'static str,
    /// Whether listening makes no sense without it.
    pub needed: bool,
    /// At most [`MOST`].
    pub patterns: Vec<Pattern>,
}

/// Most patterns of one monitor.
pub const MOST: usize = 7;

/// 16-bit services (service data) of the tracker families that decode knows.
const SERVICES: [u16; 11] = [
    0xFCB2, 0xFEAA, 0xFD5A, 0xFD44, 0xFEED, 0xFEEC, 0xFD84, 0xFE33, 0xFE65, 0xFA25, 0xFD59,
];
/// High bytes of 16-bit service numbers: those of the Bluetooth SIG, and members' from 0xF9 up.
const SERVICE_RANGES: [u8; 8] = [0x18, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF];

/// All monitors, the trackers' first: the one that must not be refused.
pub fn monitors() -> Vec<Patterns> {
    let mut trackers = vec![(0, ad_type::MANUFACTURER, vec![0x4C, 0x00])];
    let services = SERVICES.map(u16::to_le_bytes);
    trackers.extend(services.map(|s| (0, ad_type::SERVICE_DATA_16, s.to_vec())));
    let bytes = |ad_type, at, values: &mut dyn Iterator<Item = u8>| -> Vec<Pattern> {
        values.map(|value| (at, ad_type, vec![value])).collect()
    };
    let ranges = |ad_type| bytes(ad_type, 1, &mut SERVICE_RANGES.into_iter());
    let all = [
        ("trackers", trackers),
        // Company numbers are given out in order and have not reached 0x1000.
        (
            "manufacturer data",
            bytes(ad_type::MANUFACTURER, 1, &mut (0..16)),
        ),
        ("service data", ranges(ad_type::SERVICE_DATA_16)),
        // Five bits of flags are defined.
        ("flags", bytes(ad_type::FLAGS, 0, &mut (0..32))),
        ("lists of services", ranges(ad_type::UUID16_ALL)),
        ("short lists of services", ranges(ad_type::UUID16_SOME)),
    ];
    let mut monitors = Vec::new();
    for (n, (what, patterns)) in all.into_iter().enumerate() {
        monitors.extend(patterns.chunks(MOST).map(|patterns| Patterns {
            what,
            needed: n == 0,
            patterns: patterns.to_vec(),
        }));
    }
    monitors
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kernel takes 32; ours are kept as bits of a `u32`.
    const MOST_MONITORS: usize = 31;

    #[test]
    fn no_monitor_has_more_patterns_than_bluetoothd_bears() {
        let all = monitors();
        assert!(all.len() <= MOST_MONITORS, "{}", all.len());
        for monitor in &all {
            assert!(
                (1..=MOST).contains(&monitor.patterns.len()),
                "{}",
                monitor.what
            );
        }
        let needed: usize = all
            .iter()
            .filter(|m| m.needed)
            .map(|m| m.patterns.len())
            .sum();
        assert_eq!(needed, SERVICES.len() + 1);
    }
}
