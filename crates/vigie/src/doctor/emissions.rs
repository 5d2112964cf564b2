//! What this machine itself sends, and by which names: whoever hides a tag may listen too.

use super::adapters::{Switch, adapters, switches};
use super::finding::Finding;
use super::machine::Machine;

/// `IFF_UP` in `/sys/class/net/NAME/flags`.
const UP: u32 = 1;
/// UDP port of multicast DNS.
const MDNS: u16 = 5353;
/// Of an account's name, so many letters at least must stand in a name that is sent.
const TELLING: usize = 3;

/// What there is to say of it.
pub fn look(machine: &Machine) -> Vec<Finding> {
    let switches = switches(machine);
    let mut findings = network(machine, &switches);
    findings.extend(bluetooth(machine, &switches));
    if listens_on_mdns(machine) {
        findings.push(Finding::note("mdns"));
    }
    findings.extend(host_name(machine));
    findings
}

fn network(machine: &Machine, switches: &[Switch]) -> Vec<Finding> {
    let folder = "/sys/class/net";
    let mut findings = Vec::new();
    for name in machine.names(folder) {
        let has = |what: &str| machine.has(&format!("{folder}/{name}/{what}"));
        let text = |what: &str| machine.text(&format!("{folder}/{name}/{what}"));
        let kind = text("uevent").unwrap_or_default();
        let is = |kind_of: &str| {
            kind.lines()
                .any(|line| line == format!("DEVTYPE={kind_of}"))
        };
        let flags = text("flags")
            .and_then(|hex| u32::from_str_radix(hex.trim_start_matches("0x"), 16).ok());
        let up = flags.is_some_and(|flags| flags & UP != 0);
        if is("wwan") {
            findings.push(if up {
                Finding::note("cellular_up").with("name", &name)
            } else {
                // A modem may be on the network without an interface that is up.
                Finding::note("cellular_unknown").with("name", &name)
            });
        } else if has("wireless") || has("phy80211") || is("wlan") {
            let radio = machine.link(&format!("{folder}/{name}/phy80211"));
            let blocked = switches.iter().any(|s| {
                s.kind == "wlan"
                    && (s.soft || s.hard)
                    && radio.as_ref().is_none_or(|r| *r == s.name)
            });
            let finding = match (blocked, flags, text("operstate").as_deref()) {
                (true, ..) => Finding::ok("wifi_blocked"),
                (false, None, _) => Finding::note("wifi_unknown"),
                (false, Some(_), Some("up")) => Finding::note("wifi_up"),
                (false, Some(_), _) if up => Finding::note("wifi_searching"),
                (false, Some(_), _) => Finding::ok("wifi_down"),
            };
            findings.push(finding.with("name", name));
        }
    }
    findings
}

fn bluetooth(machine: &Machine, switches: &[Switch]) -> Vec<Finding> {
    let adapters = adapters(machine);
    let blocked = |adapter: &String| {
        let mut of = switches.iter();
        of.any(|s| s.kind == "bluetooth" && s.name == *adapter && (s.soft || s.hard))
    };
    if adapters.iter().all(blocked) {
        return vec![Finding::ok("bluetooth_silent")];
    }
    if machine.processes("bluetoothd").is_empty() {
        return vec![Finding::note("bluetooth_unknown")];
    }
    // bluetoothd keeps its settings where only the administrator may read.
    let kept = "/var/lib/bluetooth";
    let settings: Vec<String> = machine
        .names(kept)
        .into_iter()
        .filter_map(|address| machine.text(&format!("{kept}/{address}/settings")))
        .collect();
    if settings.is_empty() {
        return vec![Finding::note("bluetooth_unknown")];
    }
    let value = |settings: &str, key: &str| {
        let line = |line: &str| Some(line.strip_prefix(key)?.strip_prefix('=')?.to_owned());
        settings.lines().find_map(line)
    };
    let discoverable = |s: &String| value(s, "Discoverable").as_deref() == Some("true");
    let mut findings = vec![if settings.iter().any(discoverable) {
        Finding::note("bluetooth_discoverable")
    } else {
        Finding::ok("bluetooth_hidden")
    }];
    for alias in settings.iter().filter_map(|s| value(s, "Alias")) {
        if names_an_account(machine, &alias) {
            findings.push(Finding::note("bluetooth_name_tells").with("name", alias));
        }
    }
    findings
}

/// avahi runs, or something is bound to its port.
fn listens_on_mdns(machine: &Machine) -> bool {
    !machine.processes("avahi-daemon").is_empty()
        || ["/proc/net/udp", "/proc/net/udp6"].iter().any(|table| {
            let table = machine.text(table).unwrap_or_default();
            // `sl  local_address rem_address …`, the address as HEX:PORT.
            let local = |line: &str| line.split_whitespace().nth(1).map(str::to_owned);
            let port = format!(":{MDNS:04X}");
            table
                .lines()
                .skip(1)
                .filter_map(local)
                .any(|a| a.ends_with(&port))
        })
}

fn host_name(machine: &Machine) -> Option<Finding> {
    let name = machine
        .text("/proc/sys/kernel/hostname")
        .or_else(|| machine.text("/etc/hostname"))?;
    let finding = if names_an_account(machine, &name) {
        Finding::note("host_name_tells")
    } else {
        Finding::ok("host_name")
    };
    Some(finding.with("name", name))
}

/// Whether a name holds that of somebody with an account here (login, or a word of the full name).
fn names_an_account(machine: &Machine, name: &str) -> bool {
    let name = name.to_lowercase();
    let accounts = machine.text("/etc/passwd").unwrap_or_default();
    let people = accounts.lines().filter_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        let [login, _, uid, _, full, ..] = fields.as_slice() else {
            return None;
        };
        let number: u32 = uid.parse().ok()?;
        // Programs have accounts too; 65534 is nobody.
        let person = (1000..60_000).contains(&number);
        person.then(|| format!("{login} {full}").to_lowercase())
    });
    let words: Vec<String> = people
        .flat_map(|person| {
            let words = person.split(|c: char| !c.is_alphanumeric());
            words.map(str::to_owned).collect::<Vec<_>>()
        })
        .filter(|word| word.chars().count() >= TELLING)
        .collect();
    words.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{Tree, codes};
    use super::*;

    fn found(tree: &Tree) -> Vec<&'static str> {
        codes(&look(&tree.machine()))
    }

    #[test]
    fn wifi_and_modems_are_told_by_their_state() {
        let tree = Tree::new();
        tree.write("sys/class/net/lo/flags", "0x9");
        let folder = "sys/class/net/wlan0";
        tree.folder(&format!("{folder}/wireless"));
        assert_eq!(found(&tree), ["wifi_unknown", "bluetooth_silent"]);
        for (flags, state, code) in [
            ("0x1003", "up", "wifi_up"),
            ("0x1003", "down", "wifi_searching"),
            ("0x1003", "dormant", "wifi_searching"),
            ("0x1002", "down", "wifi_down"),
        ] {
            tree.write(&format!("{folder}/flags"), flags);
            tree.write(&format!("{folder}/operstate"), state);
            assert_eq!(found(&tree)[0], code);
        }
        tree.folder("sys/class/ieee80211/phy0");
        tree.link(&format!("{folder}/phy80211"), "../../ieee80211/phy0");
        tree.switch(0, "wlan", "phy1", true, false);
        assert_eq!(found(&tree)[0], "wifi_down");
        tree.switch(1, "wlan", "phy0", true, false);
        assert_eq!(found(&tree)[0], "wifi_blocked");
        tree.write(
            "sys/class/net/wwan0/uevent",
            "DEVTYPE=wwan\nINTERFACE=wwan0\n",
        );
        tree.write("sys/class/net/wwan0/flags", "0x1091");
        assert_eq!(found(&tree)[1], "cellular_up");
    }

    #[test]
    fn bluetooth_is_not_known_without_bluetoothd_and_its_settings() {
        let tree = Tree::new();
        assert_eq!(found(&tree), ["bluetooth_silent"]);
        tree.folder("sys/class/bluetooth/hci0");
        assert_eq!(found(&tree), ["bluetooth_unknown"]);
        tree.process(5, "bluetoothd", "bluetoothd");
        assert_eq!(found(&tree), ["bluetooth_unknown"]);
        let settings = "var/lib/bluetooth/00:11:22:33:44:55/settings";
        tree.write(
            settings,
            "[General]\nDiscoverable=false\nAlias=Laptop of Camille\n",
        );
        assert_eq!(found(&tree), ["bluetooth_hidden"]);
        tree.write(
            "etc/passwd",
            "cdurand:x:1000:1000:Camille Durand,,,:/home/c:/bin/sh\n",
        );
        assert_eq!(found(&tree), ["bluetooth_hidden", "bluetooth_name_tells"]);
        tree.write(settings, "[General]\nDiscoverable=true\n");
        assert_eq!(found(&tree), ["bluetooth_discoverable"]);
        tree.switch(0, "bluetooth", "hci0", false, true);
        assert_eq!(found(&tree), ["bluetooth_silent"]);
    }

    #[test]
    fn multicast_dns_is_found_by_its_port() {
        let tree = Tree::new();
        let head = "   sl  local_address rem_address   st\n";
        tree.write(
            "proc/net/udp",
            &format!("{head}  1: 00000000:0044 00000000:0000 07\n"),
        );
        assert_eq!(found(&tree), ["bluetooth_silent"]);
        tree.write(
            "proc/net/udp",
            &format!("{head}  1: 00000000:14E9 00000000:0000 07\n"),
        );
        assert_eq!(found(&tree), ["bluetooth_silent", "mdns"]);
    }

    #[test]
    fn a_host_name_with_an_account_in_it_tells() {
        let tree = Tree::new();
        tree.write("proc/sys/kernel/hostname", "durand-thinkpad\n");
        tree.write(
            "etc/passwd",
            "root:x:0:0:root:/root:/bin/sh\nal:x:1001:1001::/home/al:/bin/sh\n",
        );
        assert_eq!(found(&tree)[1], "host_name");
        tree.write(
            "etc/passwd",
            "cam:x:1000:1000:Camille Durand:/home/c:/bin/sh\n",
        );
        assert_eq!(found(&tree)[1], "host_name_tells");
    }
}
