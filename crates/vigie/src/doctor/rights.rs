//! What this process may do: the HCI user channel, and bluetoothd over D-Bus.

use super::adapters::adapters;
use super::finding::Finding;
use super::machine::Machine;

/// Bits of the capabilities, as in `linux/capability.h`.
const NET_ADMIN: u32 = 12;
const NET_RAW: u32 = 13;

const BUS: &str = "/run/dbus/system_bus_socket";

/// What there is to say of rights.
pub fn look(machine: &Machine) -> Vec<Finding> {
    // Without an adapter neither way leads anywhere.
    if adapters(machine).is_empty() {
        return Vec::new();
    }
    let bluetoothd = machine.processes("bluetoothd");
    let mut findings = vec![match capabilities(machine) {
        None => Finding::note("hci_unknown"),
        Some(held) if !held(NET_ADMIN) || !held(NET_RAW) => {
            let missing: Vec<_> = [(NET_ADMIN, "CAP_NET_ADMIN"), (NET_RAW, "CAP_NET_RAW")]
                .into_iter()
                .filter(|(bit, _)| !held(*bit))
                .map(|(_, name)| name)
                .collect();
            Finding::note("hci_refused").with("missing", missing.join(", "))
        }
        Some(_) if !bluetoothd.is_empty() => Finding::note("hci_shared"),
        Some(_) => Finding::ok("hci_allowed"),
    }];
    findings.push(match (machine.has(BUS), bluetoothd.first()) {
        (false, _) => Finding::note("bus_absent"),
        (true, None) => Finding::note("bluetoothd_absent"),
        (true, Some(process)) => {
            let command = machine
                .text(&format!("{process}/cmdline"))
                .unwrap_or_default();
            let experimental = command
                .split('\0')
                .any(|word| word == "-E" || word.starts_with("--experimental"));
            if experimental {
                Finding::ok("bluez_ready")
            } else {
                Finding::note("bluez_plain")
            }
        }
    });
    findings
}

/// Which capabilities this process has now (`CapEff` in `/proc/self/status`).
fn capabilities(machine: &Machine) -> Option<impl Fn(u32) -> bool + use<>> {
    let status = machine.text("/proc/self/status")?;
    let hex = status
        .lines()
        .find_map(|line| line.strip_prefix("CapEff:"))?;
    let bits = u64::from_str_radix(hex.trim(), 16).ok()?;
    Some(move |bit: u32| bits & (1 << bit) != 0)
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{Tree, codes};
    use super::*;

    fn with(capabilities: &str) -> Tree {
        let tree = Tree::new();
        tree.folder("sys/class/bluetooth/hci0");
        tree.write(
            "proc/self/status",
            &format!("Name:\tvigie\nCapEff:\t{capabilities}\n"),
        );
        tree
    }

    #[test]
    fn without_an_adapter_there_is_nothing_to_say() {
        assert!(look(&Tree::new().machine()).is_empty());
    }

    #[test]
    fn capabilities_decide_on_the_user_channel() {
        let first = |tree: &Tree| {
            let mut found = look(&tree.machine());
            codes(&found);
            found.swap_remove(0)
        };
        assert_eq!(first(&with("0000000000003000")).code, "hci_allowed");
        let refused = Finding::note("hci_refused");
        assert_eq!(
            first(&with("0000000000001000")),
            refused.clone().with("missing", "CAP_NET_RAW")
        );
        assert_eq!(
            first(&with("0000000000000000")),
            refused.with("missing", "CAP_NET_ADMIN, CAP_NET_RAW")
        );
        assert_eq!(first(&with("x")).code, "hci_unknown");
        let tree = with("000001ffffffffff");
        tree.process(7, "bluetoothd", "/usr/libexec/bluetooth/bluetoothd");
        assert_eq!(first(&tree).code, "hci_shared");
    }

    #[test]
    fn bluetoothd_is_looked_for_on_the_bus() {
        let tree = with("0");
        let second = |tree: &Tree| codes(&look(&tree.machine()))[1];
        assert_eq!(second(&tree), "bus_absent");
        tree.write("run/dbus/system_bus_socket", "");
        assert_eq!(second(&tree), "bluetoothd_absent");
        tree.process(7, "bluetoothd", "bluetoothd");
        assert_eq!(second(&tree), "bluez_plain");
        tree.process(7, "bluetoothd", "bluetoothd --experimental");
        assert_eq!(second(&tree), "bluez_ready");
    }
}
