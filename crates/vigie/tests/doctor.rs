//! `vigie doctor` as a program: on a made-up machine, and with a controller that plays reports.
#![allow(clippy::unwrap_used, clippy::panic)]

mod program;
mod real_data;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use program::{run, vigie};
use serde_json::Value;

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// A laptop with an adapter, whose clock was set, on mains, Wi-Fi blocked.
fn in_order() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    std::fs::create_dir_all(at.join("sys/class/bluetooth/hci0")).unwrap();
    std::fs::create_dir_all(at.join("sys/class/rtc/rtc0")).unwrap();
    write(at, "run/systemd/timesync/synchronized", "");
    for (name, text) in [
        ("type", "Battery"),
        ("capacity", "90"),
        ("status", "Charging"),
    ] {
        write(at, &format!("sys/class/power_supply/BAT0/{name}"), text);
    }
    write(at, "proc/self/status", "CapEff:\t0000000000003000\n");
    write(at, "proc/sys/kernel/hostname", "laptop\n");
    root
}

fn found(arguments: &[&str], root: &Path) -> (Option<i32>, Value) {
    let output = vigie()
        .args(["doctor", "--json", "--exit-code", "--root"])
        .arg(root)
        .arg("--case")
        .arg(root)
        .args(arguments)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    (output.status.code(), serde_json::from_str(&text).unwrap())
}

fn of<'a>(found: &'a Value, code: &str) -> Option<&'a Value> {
    let findings = found["findings"].as_array().unwrap();
    findings.iter().find(|finding| finding["code"] == code)
}

#[test]
fn the_exit_status_says_whether_a_problem_was_found() {
    let root = in_order();
    let (status, said) = found(&[], root.path());
    // The disk of the tests may be full; that is a problem, and no fault of doctor.
    let full = of(&said, "disk_low").or_else(|| of(&said, "disk_full"));
    assert_eq!(status, Some(if full.is_some() { 3 } else { 0 }), "{said}");
    assert_eq!(of(&said, "hci_allowed").unwrap()["severity"], "ok");
    assert_eq!(of(&said, "adapter").unwrap()["details"]["adapter"], "hci0");
    assert!(said["analyzers"].as_array().unwrap().len() > 2);

    write(root.path(), "sys/class/rfkill/rfkill0/type", "bluetooth");
    write(root.path(), "sys/class/rfkill/rfkill0/name", "hci0");
    write(root.path(), "sys/class/rfkill/rfkill0/soft", "1");
    let (status, said) = found(&[], root.path());
    assert_eq!(status, Some(3));
    let blocked = of(&said, "adapter_blocked_soft").unwrap();
    assert_eq!(blocked["severity"], "problem");
    for part in ["found", "means", "do"] {
        assert!(!blocked[part].as_str().unwrap().is_empty());
    }
}

#[test]
fn people_read_it_in_both_languages() {
    let empty = tempfile::tempdir().unwrap();
    let root = empty.path().to_str().unwrap();
    for (language, parts) in [
        (
            "en",
            [
                "PROBLEM: No Bluetooth adapter",
                "[ ] Bluetooth off in the settings",
                "(simulated",
            ],
        ),
        (
            "fr",
            [
                "PROBLÈME\u{a0}: Aucun adaptateur",
                "[ ] Bluetooth coupé dans les réglages",
                "(simulé",
            ],
        ),
    ] {
        let output = run(["doctor", "--lang", language, "--root", root]);
        // Without --exit-code a problem is no failure.
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(parts.iter().all(|part| text.contains(part)), "{text}");
        assert!(!text.contains(['{', '}']), "{text}");
    }
}

#[test]
fn a_receiver_that_is_not_there_is_a_problem() {
    let root = in_order();
    let nowhere = format!("V1=h4:unix:{}/none.sock", root.path().display());
    let arguments = ["--sensor", &nowhere, "--for", "1s"];
    let (status, said) = found(&arguments, root.path());
    assert_eq!(status, Some(3));
    let finding = of(&said, "sensor_not_opened").unwrap();
    assert_eq!(finding["details"]["sensor"], "V1");
}

#[test]
fn a_reference_needs_its_interval_and_a_sensor() {
    let address = "F0:11:22:33:44:55";
    for arguments in [
        &["doctor", "--reference", address][..],
        &["doctor", "--reference", address, "--interval", "2"],
        &["doctor", "--sensor", "hci:0", "--reference", address],
        &[
            "doctor",
            "--sensor",
            "hci:0",
            "--reference",
            "tag",
            "--interval",
            "2",
        ],
        &[
            "doctor",
            "--sensor",
            "hci:0",
            "--reference",
            address,
            "--interval",
            "0",
        ],
    ] {
        assert_eq!(run(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

/// A controller that plays reports; ended with the test.
struct Controller(Child);

impl Drop for Controller {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// 40 reports a second, and a tag that sends every 2 s.
#[test]
fn what_a_receiver_hears_is_measured_against_an_own_tag() {
    let test = "vigie/doctor_measures_a_receiver";
    let python = std::env::var("VIGIE_PYTHON").unwrap_or_else(|_| "python3".into());
    let bumble = Command::new(&python)
        .args(["-c", "import bumble"])
        .stderr(Stdio::null())
        .status();
    if !bumble.is_ok_and(|status| status.success()) {
        real_data::skipped(test, "no Python with bumble (VIGIE_PYTHON)");
        return;
    }
    let root = in_order();
    for (interval, code) in [("2", "reference_heard"), ("0.2", "reference_seldom")] {
        let socket = root.path().join(format!("{code}.sock"));
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/live/controller.py");
        let child = Command::new(&python)
            .arg(script)
            .arg(format!("unix-server:{}", socket.display()))
            .args(["--rate", "40", "--tag"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let _controller = Controller(child);
        while !socket.exists() {
            std::thread::sleep(Duration::from_millis(20));
        }
        let sensor = format!("V1=h4:unix:{}", socket.display());
        let arguments = [
            "--sensor",
            &sensor,
            "--for",
            "16s",
            "--reference",
            "F0:11:22:33:44:55",
            "--interval",
            interval,
        ];
        let (_, said) = found(&arguments, root.path());
        let heard = of(&said, "sensor_heard").unwrap_or_else(|| panic!("{said}"));
        assert!(heard["details"]["senders"].as_u64().unwrap() > 10, "{said}");
        assert!(of(&said, "channels_unknown").is_some(), "{said}");
        assert!(of(&said, code).is_some(), "{said}");
    }
}
