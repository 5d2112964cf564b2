//! Bluetooth adapters: which there are, whether a switch blocks them, what their controller says it is.

use super::finding::{Datum, Finding};
use super::machine::Machine;

/// Names of the adapters, `hci0` and on. What else lies there are connections (`hci0:12`).
pub fn adapters(machine: &Machine) -> Vec<String> {
    let number = |name: &String| {
        name.strip_prefix("hci")
            .is_some_and(|n| n.parse::<u16>().is_ok())
    };
    let names = machine.names("/sys/class/bluetooth").into_iter();
    names.filter(number).collect()
}

/// A radio switch (rfkill).
pub struct Switch {
    /// Of what: `bluetooth`, `wlan`, `wwan`.
    pub kind: String,
    /// `hci0`, `phy0`, or a name of the machine's maker.
    pub name: String,
    /// Blocked by a program.
    pub soft: bool,
    /// Blocked by a switch one can touch.
    pub hard: bool,
}

/// Every radio switch of the machine.
pub fn switches(machine: &Machine) -> Vec<Switch> {
    let folder = "/sys/class/rfkill";
    let read = |name: String| {
        let of = |what: &str| machine.text(&format!("{folder}/{name}/{what}"));
        Some(Switch {
            kind: of("type")?,
            name: of("name")?,
            soft: of("soft").as_deref() == Some("1"),
            hard: of("hard").as_deref() == Some("1"),
        })
    };
    machine.names(folder).into_iter().filter_map(read).collect()
}

/// What there is to say of the adapters.
pub fn look(machine: &Machine) -> Vec<Finding> {
    let mut findings = Vec::new();
    let adapters = adapters(machine);
    let switches = switches(machine);
    for adapter in &adapters {
        findings.push(
            Finding::ok("adapter")
                .with("adapter", adapter)
                .with("device", device(machine, adapter)),
        );
        findings.push(controller(machine, adapter));
    }
    let bluetooth = |s: &&Switch| s.kind == "bluetooth" && !adapters.is_empty();
    for switch in switches.iter().filter(bluetooth) {
        let finding = match (switch.hard, switch.soft) {
            (true, _) => Finding::problem("adapter_blocked_hard"),
            (false, true) => Finding::problem("adapter_blocked_soft"),
            (false, false) => continue,
        };
        findings.push(finding.with("adapter", &switch.name));
    }
    findings
}

/// Driver, and VID:PID of a USB device, as far as the system says.
fn device(machine: &Machine, adapter: &str) -> String {
    let device = format!("/sys/class/bluetooth/{adapter}/device");
    let driver = machine.link(&format!("{device}/driver"));
    let ids = usb_ids(machine, &device);
    let known: Vec<String> = driver.into_iter().chain(ids).collect();
    if known.is_empty() {
        "?".to_owned()
    } else {
        known.join(", ")
    }
}

/// VID:PID of the USB device that an interface of it, or a port behind it, belongs to.
pub fn usb_ids(machine: &Machine, device: &str) -> Option<String> {
    ["", "/..", "/../.."].iter().find_map(|up| {
        let of = |what: &str| machine.text(&format!("{device}{up}/{what}"));
        Some(format!("{}:{}", of("idVendor")?, of("idProduct")?).to_lowercase())
    })
}

/// Version of HCI and of the firmware (`hci_revision`), which only the administrator may read.
fn controller(machine: &Machine, adapter: &str) -> Finding {
    let of = |what: &str| machine.text(&format!("/sys/kernel/debug/bluetooth/{adapter}/{what}"));
    let number = |what: &str| of(what).and_then(|text| text.parse::<u64>().ok());
    match (
        number("hci_version"),
        number("hci_revision"),
        number("manufacturer"),
    ) {
        (Some(version), Some(revision), Some(manufacturer)) => Finding::ok("controller")
            .with("adapter", adapter)
            .and("version", Datum::Count(version))
            // As the firmware numbers it: no thousands.
            .with("revision", revision.to_string())
            .with("manufacturer", manufacturer.to_string()),
        _ => Finding::note("controller_unknown").with("adapter", adapter),
    }
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{Tree, codes};
    use super::*;

    #[test]
    fn adapters_are_found_with_their_device_and_connections_are_none() {
        let tree = Tree::new();
        tree.write("sys/devices/usb1/1-1/idVendor", "8087\n");
        tree.write("sys/devices/usb1/1-1/idProduct", "0A2B\n");
        tree.folder("sys/devices/usb1/1-1/1-1:1.0");
        tree.folder("sys/bus/usb/drivers/btusb");
        tree.link(
            "sys/devices/usb1/1-1/1-1:1.0/driver",
            "../../../../bus/usb/drivers/btusb",
        );
        tree.link(
            "sys/class/bluetooth/hci0/device",
            "../../../devices/usb1/1-1/1-1:1.0",
        );
        tree.folder("sys/class/bluetooth/hci0:12");
        let found = look(&tree.machine());
        assert_eq!(codes(&found), ["adapter", "controller_unknown"]);
        assert_eq!(
            found[0].data[1],
            ("device", Datum::Text("btusb, 8087:0a2b".into()))
        );
    }

    #[test]
    fn a_controller_is_named_where_it_may_be_read() {
        let tree = Tree::new();
        tree.folder("sys/class/bluetooth/hci1");
        for (name, number) in [
            ("hci_version", "10"),
            ("hci_revision", "256"),
            ("manufacturer", "2"),
        ] {
            tree.write(&format!("sys/kernel/debug/bluetooth/hci1/{name}"), number);
        }
        assert_eq!(codes(&look(&tree.machine())), ["adapter", "controller"]);
    }

    #[test]
    fn a_blocked_adapter_is_a_problem() {
        let tree = Tree::new();
        tree.folder("sys/class/bluetooth/hci0");
        tree.switch(0, "bluetooth", "hci0", true, false);
        tree.switch(1, "wlan", "phy0", true, true);
        let found = look(&tree.machine());
        assert_eq!(
            found[2],
            Finding::problem("adapter_blocked_soft").with("adapter", "hci0")
        );
        tree.switch(0, "bluetooth", "hci0", true, true);
        assert_eq!(codes(&look(&tree.machine()))[2], "adapter_blocked_hard");
        tree.switch(0, "bluetooth", "hci0", false, false);
        assert_eq!(look(&tree.machine()).len(), 2);
    }
}
