//! What feeds the machine.

use super::finding::{Datum, Finding};
use super::machine::Machine;

/// At or below so much of a full battery it is low.
const LOW: f64 = 0.20;

/// What there is to say of its power.
pub fn look(machine: &Machine) -> Vec<Finding> {
    let folder = "/sys/class/power_supply";
    let batteries = machine.names(folder).into_iter().filter_map(|name| {
        let of = |what: &str| machine.text(&format!("{folder}/{name}/{what}"));
        // A mouse has a battery too.
        let own = of("type")? == "Battery" && of("scope").as_deref() != Some("Device");
        own.then(|| battery(&name, of("capacity"), of("status").as_deref()))
    });
    let findings: Vec<_> = batteries.collect();
    if findings.is_empty() {
        return vec![Finding::note("battery_none")];
    }
    findings
}

fn battery(name: &str, capacity: Option<String>, status: Option<&str>) -> Finding {
    let share = capacity
        .and_then(|text| text.parse::<u8>().ok())
        .map(|percent| f64::from(percent.min(100)) / 100.0);
    let finding = match (share, status) {
        (Some(share), Some("Discharging")) if share <= LOW => Finding::problem("battery_low"),
        (Some(_), Some("Discharging")) => Finding::note("battery_discharging"),
        (Some(_), Some("Charging" | "Full" | "Not charging")) => Finding::ok("battery_fed"),
        _ => return Finding::note("battery_unknown").with("name", name),
    };
    finding
        .with("name", name)
        .and("share", Datum::Share(share.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{Tree, codes};
    use super::*;

    #[test]
    fn batteries_of_the_machine_are_read() {
        let tree = Tree::new();
        let found = |tree: &Tree| codes(&look(&tree.machine()));
        assert_eq!(found(&tree), ["battery_none"]);
        tree.write("sys/class/power_supply/AC/type", "Mains");
        tree.write("sys/class/power_supply/hidpp_battery_0/type", "Battery");
        tree.write("sys/class/power_supply/hidpp_battery_0/scope", "Device");
        assert_eq!(found(&tree), ["battery_none"]);
        tree.write("sys/class/power_supply/BAT0/type", "Battery");
        assert_eq!(found(&tree), ["battery_unknown"]);
        for (percent, status, code) in [
            ("80", "Discharging", "battery_discharging"),
            ("20", "Discharging", "battery_low"),
            ("5", "Charging", "battery_fed"),
            ("x", "Charging", "battery_unknown"),
            ("50", "Unknown", "battery_unknown"),
        ] {
            tree.write("sys/class/power_supply/BAT0/capacity", percent);
            tree.write("sys/class/power_supply/BAT0/status", status);
            assert_eq!(found(&tree), [code], "{percent} {status}");
        }
    }
}
