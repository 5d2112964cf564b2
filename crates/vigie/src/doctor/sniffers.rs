//! Serial ports: which look like a sniffer, and whether we may use them.

use std::os::unix::fs::MetadataExt;

use super::adapters::usb_ids;
use super::finding::Finding;
use super::machine::Machine;

/// USB devices that carry a sniffer's firmware when prepared for it. The numbers name the board, not the firmware on it.
const BOARDS: [(&str, &str); 4] = [
    // CC1352R, CC2652R and kin on a LaunchPad, by its XDS110 probe.
    ("0451:bef3", "sniffle"),
    // Sonoff Zigbee 3.0 USB Dongle Plus (CC2652P) and other CC13xx/26xx sticks with a CP2102N.
    ("10c4:ea60", "sniffle"),
    // nRF Sniffer for Bluetooth LE on the nRF52840 dongle.
    ("1915:522a", "nrf"),
    // nRF52 and nRF53 development kits, by their J-Link.
    ("1366:1015", "nrf"),
];

/// A serial port of a USB device.
pub struct Port {
    /// The lasting name under `/dev/serial/by-id`, else `/dev/ttyACM0`.
    pub path: String,
    /// VID:PID.
    ids: Option<String>,
    /// Kind of sensor that the board is made into.
    pub kind: Option<&'static str>,
    /// Below `/dev`.
    node: String,
}

/// Serial ports of USB devices.
pub fn ports(machine: &Machine) -> Vec<Port> {
    let by_id = "/dev/serial/by-id";
    let lasting: Vec<(String, String)> = machine
        .names(by_id)
        .into_iter()
        .filter_map(|name| {
            let path = format!("{by_id}/{name}");
            Some((machine.link(&path)?, path))
        })
        .collect();
    let usb = |name: &String| name.starts_with("ttyACM") || name.starts_with("ttyUSB");
    let nodes = machine.names("/sys/class/tty").into_iter().filter(usb);
    nodes
        .map(|node| {
            let ids = usb_ids(machine, &format!("/sys/class/tty/{node}/device"));
            let board = BOARDS
                .iter()
                .find(|(known, _)| Some(*known) == ids.as_deref());
            let named = lasting.iter().find(|(target, _)| *target == node);
            Port {
                path: named.map_or_else(|| format!("/dev/{node}"), |(_, path)| path.clone()),
                kind: board.map(|(_, kind)| *kind),
                ids,
                node: format!("/dev/{node}"),
            }
        })
        .collect()
}

/// What there is to say of the serial ports.
pub fn look(machine: &Machine) -> Vec<Finding> {
    let mut findings = Vec::new();
    for port in ports(machine) {
        let ids = port.ids.clone().unwrap_or_else(|| "?".to_owned());
        findings.push(match port.kind {
            Some(kind) => Finding::ok("sniffer")
                .with("path", &port.path)
                .with("ids", ids)
                .with("sensor", format!("{kind}:{}", port.path)),
            None => Finding::ok("serial_port")
                .with("path", &port.path)
                .with("ids", ids),
        });
        if !machine.may_use(&port.node) {
            findings.push(
                Finding::problem("serial_refused")
                    .with("path", &port.path)
                    .with("group", group_of(machine, &port.node)),
            );
        }
    }
    findings
}

/// Name of the group that a device belongs to; the usual one where that cannot be read.
fn group_of(machine: &Machine, node: &str) -> String {
    let usual = || "dialout".to_owned();
    let Ok(metadata) = machine.path(node).metadata() else {
        return usual();
    };
    let number = metadata.gid().to_string();
    let groups = machine.text("/etc/group").unwrap_or_default();
    let name = groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, _, gid) = (fields.next()?, fields.next()?, fields.next()?);
        // To be in root's group is no advice.
        (gid == number && gid != "0").then(|| name.to_owned())
    });
    name.unwrap_or_else(usual)
}

#[cfg(test)]
mod tests {
    use super::super::finding::{Datum, Severity};
    use super::super::made_up::{Tree, codes};
    use super::*;

    fn plugged() -> Tree {
        let tree = Tree::new();
        // A cdc_acm port hangs below its interface, a usb-serial port one deeper.
        for (device, vendor, product, interface, tty) in [
            ("1-1", "1915", "522a", "1-1:1.1", "ttyACM0"),
            ("1-2", "10c4", "ea60", "1-2:1.0/ttyUSB0", "ttyUSB0"),
            ("1-3", "1546", "01a7", "1-3:1.0", "ttyACM1"),
        ] {
            let folder = format!("sys/devices/{device}");
            tree.write(&format!("{folder}/idVendor"), vendor);
            tree.write(&format!("{folder}/idProduct"), product);
            tree.folder(&format!("{folder}/{interface}"));
            tree.link(
                &format!("sys/class/tty/{tty}/device"),
                &format!("../../../devices/{device}/{interface}"),
            );
            tree.write(&format!("dev/{tty}"), "");
        }
        tree.folder("sys/class/tty/ttyS0");
        tree.link(
            "dev/serial/by-id/usb-ZEPHYR_nRF_Sniffer_01-if00",
            "../../ttyACM0",
        );
        tree
    }

    #[test]
    fn boards_are_named_by_their_numbers_and_their_lasting_path() {
        let tree = plugged();
        let found = look(&tree.machine().with_access(|_| true));
        assert_eq!(codes(&found), ["sniffer", "serial_port", "sniffer"]);
        let sensor = |n: usize| found[n].data[2].1.clone();
        let lasting = "nrf:/dev/serial/by-id/usb-ZEPHYR_nRF_Sniffer_01-if00";
        assert_eq!(sensor(0), Datum::Text(lasting.into()));
        assert_eq!(sensor(2), Datum::Text("sniffle:/dev/ttyUSB0".into()));
    }

    #[test]
    fn a_port_that_may_not_be_used_is_a_problem() {
        let tree = plugged();
        let found = look(
            &tree
                .machine()
                .with_access(|path| !path.ends_with("ttyUSB0")),
        );
        assert_eq!(found.len(), 4);
        let refused = found.last().unwrap();
        assert_eq!(
            (refused.code, refused.severity),
            ("serial_refused", Severity::Problem)
        );
    }
}
