//! The system clock: whether somebody sets it, and whether it outlives a power cut.

use super::finding::Finding;
use super::machine::Machine;

/// Written by systemd-timesyncd once it has set the clock since boot.
const SET_BY_TIMESYNCD: &str = "/run/systemd/timesync/synchronized";

/// Other programs that set the clock. Whether they have done so is not told by a file.
const SETTERS: [&str; 6] = [
    "chronyd",
    "ntpd",
    "openntpd",
    "ptp4l",
    "phc2sys",
    "systemd-timesyncd",
];

/// What there is to say of the clock.
pub fn look(machine: &Machine) -> Vec<Finding> {
    let lasting = machine.names("/sys/class/rtc").first().cloned();
    let set = if machine.has(SET_BY_TIMESYNCD) {
        Finding::ok("clock_set")
    } else if let Some(program) = machine.running(&SETTERS) {
        Finding::note("clock_maybe").with("program", program)
    } else if lasting.is_some() {
        Finding::note("clock_unset")
    } else {
        // It begins anywhere at each start, and nothing puts it right.
        Finding::problem("clock_adrift")
    };
    let rtc = match lasting {
        Some(name) => Some(Finding::ok("rtc").with("name", name)),
        // Said already.
        None if set.code == "clock_adrift" => None,
        None => Some(Finding::note("rtc_absent")),
    };
    std::iter::once(set).chain(rtc).collect()
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{Tree, codes};
    use super::*;

    #[test]
    fn the_clock_is_set_perhaps_set_or_adrift() {
        let tree = Tree::new();
        let found = |tree: &Tree| codes(&look(&tree.machine()));
        assert_eq!(found(&tree), ["clock_adrift"]);
        tree.folder("sys/class/rtc/rtc0");
        assert_eq!(found(&tree), ["clock_unset", "rtc"]);
        tree.process(9, "systemd-timesyn", "/lib/systemd/systemd-timesyncd");
        assert_eq!(found(&tree), ["clock_maybe", "rtc"]);
        tree.write("run/systemd/timesync/synchronized", "");
        assert_eq!(found(&tree), ["clock_set", "rtc"]);
        let tree = Tree::new();
        tree.process(9, "chronyd", "/usr/sbin/chronyd");
        assert_eq!(found(&tree), ["clock_maybe", "rtc_absent"]);
    }
}
