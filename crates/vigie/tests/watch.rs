//! `vigie watch` as a program: what it records is what it judged, whatever happens to it.
#![allow(clippy::unwrap_used, clippy::panic)]

mod real_data;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A controller that plays reports (bumble), on a Unix socket.
struct Controller {
    child: Child,
    socket: PathBuf,
}

impl Controller {
    /// `None` where there is no Python with bumble: said, and the test returns.
    fn start(test: &str, folder: &Path, options: &[&str]) -> Option<Self> {
        let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/bumble/bin/python");
        let named = std::env::var_os("VIGIE_BUMBLE_PYTHON").filter(|p| !p.is_empty());
        let Some(python) = named
            .map(PathBuf::from)
            .or_else(|| made.is_file().then_some(made))
        else {
            let why = "no Python with bumble==0.0.236 (VIGIE_BUMBLE_PYTHON; check.sh makes one)";
            real_data::skipped(test, why);
            return None;
        };
        let socket = folder.join("controller.sock");
        let _ = std::fs::remove_file(&socket);
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/live/controller.py");
        let child = Command::new(python)
            .arg(script)
            .arg(format!("unix-server:{}", socket.display()))
            .args(options)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let controller = Self { child, socket };
        while !controller.socket.exists() {
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(controller)
    }

    fn spec(&self, name: &str) -> String {
        format!("{name}=h4:unix:{}", self.socket.display())
    }
}

impl Drop for Controller {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn vigie() -> Command {
    Command::new(env!("CARGO_BIN_EXE_vigie"))
}

/// The result stream of a replay.
fn replayed(case: &Path, more: &[&str]) -> String {
    let output = vigie()
        .args(["replay", "--json", "--profile", "on-person"])
        .args(more)
        .arg(case)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn summary(stream: &str) -> serde_json::Value {
    serde_json::from_str(stream.lines().last().unwrap()).unwrap()
}

fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path);
            }
        }
    }
    found
}

#[test]
fn a_replay_of_the_recording_is_the_live_result_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let test = "vigie/a_replay_of_the_recording_is_the_live_result";
    let options = ["--rate", "2000", "--stay", "3", "--tag"];
    let Some(controller) = Controller::start(test, folder.path(), &options) else {
        return;
    };
    let case = folder.path().join("case");
    let output = vigie()
        .args(["watch", "--json", "--profile", "on-person", "--for", "12s"])
        .arg("--case")
        .arg(&case)
        .args(["--sensor", &controller.spec("V1")])
        .output()
        .unwrap();
    let live = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let heard = summary(&live)["frames"].as_u64().unwrap();
    assert!(heard > 10_000, "{heard}");
    assert_eq!(live, replayed(&case, &[]));
    // Conclusions are kept as they were told.
    let kept = vigie_keep::case_db::lines(&case, "summary").unwrap();
    assert_eq!(kept, [live.lines().last().unwrap()]);
    assert_eq!(
        vigie_keep::case_db::ended_in_order(&case).unwrap(),
        Some(true)
    );
}

#[test]
fn an_encrypted_case_tells_nothing_without_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let test = "vigie/an_encrypted_case_tells_nothing_without_its_key";
    let options = ["--rate", "500", "--tag"];
    let Some(controller) = Controller::start(test, folder.path(), &options) else {
        return;
    };
    let key = age::x25519::Identity::generate();
    let identity = folder.path().join("key.txt");
    let secret = age::secrecy::ExposeSecret::expose_secret(&key.to_string()).to_owned();
    std::fs::write(&identity, secret).unwrap();
    let case = folder.path().join("case");
    let output = vigie()
        .args(["watch", "--json", "--profile", "on-person", "--for", "6s"])
        .args(["--encrypt-to", &key.to_public().to_string()])
        .arg("--case")
        .arg(&case)
        .args(["--sensor", &controller.spec("V1")])
        .output()
        .unwrap();
    let live = String::from_utf8(output.stdout).unwrap();
    assert!(summary(&live)["frames"].as_u64().unwrap() > 1000);
    // Of the tag: its address as the air has it, as text, and the head of its payload.
    let traces: [&[u8]; 4] = [
        &[0x55, 0x44, 0x33, 0x22, 0x11, 0xF0],
        b"F0:11:22:33:44:55",
        &[0x4C, 0x00, 0x12, 0x19],
        b"heard_too_short",
    ];
    for path in files(&case) {
        let bytes = std::fs::read(&path).unwrap();
        for trace in traces {
            let found = bytes.windows(trace.len()).any(|window| window == trace);
            assert!(!found, "{}: {trace:?}", path.display());
        }
    }
    let refused = vigie()
        .args(["replay", "--json"])
        .arg(&case)
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(1));
    let key = identity.to_str().unwrap();
    assert_eq!(live, replayed(&case, &["--identity", key]));
}

/// Ends the process at once, as `kill -9` does, again and again under load: every time the case opens, lacks at most the last second,
/// and is taken up again.
#[test]
fn a_killed_run_loses_at_most_a_second_and_is_taken_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let test = "vigie/a_killed_run_loses_at_most_a_second";
    let options = ["--rate", "3000", "--tag"];
    let case = folder.path().join("case");
    let times: u64 = std::env::var("VIGIE_KILLS").map_or(6, |n| n.parse().unwrap());
    let mut before = 0;
    let mut worst_us = 0;
    for round in 0..times {
        let Some(controller) = Controller::start(test, folder.path(), &options) else {
            return;
        };
        let mut watch = vigie()
            .args(["watch", "--json", "--profile", "on-person"])
            .arg("--case")
            .arg(&case)
            .args(["--sensor", &controller.spec("V1")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Spread over the rhythm of writing and syncing.
        std::thread::sleep(Duration::from_millis(900 + round * 377 % 1100));
        let killed_us = now_us();
        watch.kill().unwrap();
        watch.wait().unwrap();
        drop(controller);
        let stream = replayed(&case, &[]);
        let end = summary(&stream);
        let frames = end["frames"].as_u64().unwrap();
        assert!(frames > before, "round {round}: {frames} after {before}");
        before = frames;
        let last_us = last_time_us(&case);
        worst_us = worst_us.max(killed_us - last_us);
        assert!(
            killed_us - last_us <= 1_000_000,
            "round {round}: {} us",
            killed_us - last_us
        );
        assert_eq!(
            vigie_keep::case_db::ended_in_order(&case).unwrap(),
            Some(false)
        );
    }
    println!(
        "killed {times} times: at most {:.3} s lost",
        worst_us as f64 / 1e6
    );
}

fn now_us() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(now.unwrap().as_micros()).unwrap()
}

/// Time of the last frame of the newest segment, µs.
fn last_time_us(case: &Path) -> i64 {
    let newest = files(&case.join("recordings")).pop_last().unwrap();
    let mut merge =
        vigie_capture::Merge::open(&[vigie_capture::Input::from(newest.as_path())]).unwrap();
    let mut last_us = 0;
    while let Some(event) = merge.next().unwrap() {
        if let vigie_capture::Event::Frame(frame) = event {
            last_us = frame.time_us;
        }
    }
    last_us
}

#[test]
fn a_sensor_that_is_pulled_out_is_deaf_at_once_and_heard_again_when_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let test = "vigie/a_sensor_that_is_pulled_out";
    let options = ["--rate", "300", "--tag"];
    let times: u64 = std::env::var("VIGIE_PULLS").map_or(3, |n| n.parse().unwrap());
    let Some(mut controller) = Controller::start(test, folder.path(), &options) else {
        return;
    };
    let case = folder.path().join("case");
    let mut watch = vigie()
        .args(["watch", "--json", "--profile", "on-person"])
        .arg("--case")
        .arg(&case)
        .args(["--sensor", &controller.spec("V1")])
        .stdout(std::fs::File::create(folder.path().join("live.json")).unwrap())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..times {
        std::thread::sleep(Duration::from_millis(1500));
        drop(controller);
        std::thread::sleep(Duration::from_millis(300));
        controller = Controller::start(test, folder.path(), &options).unwrap();
    }
    std::thread::sleep(Duration::from_millis(2500));
    interrupt(&watch);
    watch.wait().unwrap();
    let live = std::fs::read_to_string(folder.path().join("live.json")).unwrap();
    let told = |detail: &str| live.matches(&format!("\"detail\":\"{detail}\"")).count() as u64;
    assert_eq!((told("unplugged"), told("hears_again")), (times, times));
    assert!(summary(&live)["deaf_s"]["V1"].as_f64().unwrap() > 0.5);
    let spells = vigie_keep::case_db::deaf_spells(&case).unwrap();
    assert_eq!(spells.len() as u64, times);
    assert!(
        spells
            .iter()
            .all(|s| s.cause == "unplugged" && s.to_us > Some(s.from_us))
    );
    assert_eq!(live, replayed(&case, &[]));
}

#[test]
fn a_sensor_that_does_not_hear_our_reference_tag_is_deaf_and_that_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let test = "vigie/a_sensor_that_does_not_hear_our_reference_tag";
    let Some(controller) = Controller::start(test, folder.path(), &["--rate", "300"]) else {
        return;
    };
    let settings = folder.path().join("vigie.toml");
    let reference = "[[watch.reference]]\naddress = \"C0:11:22:33:44:55\"\ninterval_s = 0.5\n";
    std::fs::write(&settings, reference).unwrap();
    let case = folder.path().join("case");
    let output = vigie()
        .args(["watch", "--json", "--profile", "on-person", "--for", "36s"])
        .arg("--config")
        .arg(&settings)
        .arg("--case")
        .arg(&case)
        .args(["--sensor", &controller.spec("V1")])
        .output()
        .unwrap();
    let live = String::from_utf8(output.stdout).unwrap();
    assert_eq!(live.matches("\"detail\":\"reference_unheard\"").count(), 1);
    let last = summary(&live);
    assert_eq!(last["state"], "blind");
    let spells = vigie_keep::case_db::deaf_spells(&case).unwrap();
    let [spell] = spells.as_slice() else {
        panic!("{spells:?}")
    };
    assert_eq!(spell.cause, "reference_unheard");
    let lasted_us = spell.to_us.unwrap() - spell.from_us;
    assert!((30_000_000..40_000_000).contains(&lasted_us), "{lasted_us}");
    assert_eq!(live, replayed(&case, &[]));
}

/// As Ctrl-C does.
fn interrupt(child: &Child) {
    let done = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(done.success());
}

/// A disk of its own for a test, gone with it; `None` where that is not allowed.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(test: &str, folder: &Path, size: &str) -> Option<Self> {
        let at = folder.join("disk");
        std::fs::create_dir(&at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(&at)
            .stderr(Stdio::null())
            .status();
        if !mounted.is_ok_and(|status| status.success()) {
            real_data::skipped(test, "no small disk can be mounted here");
            return None;
        }
        Some(Self(at))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_announced_and_detection_and_then_recording_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let test = "vigie/a_full_disk_is_announced";
    let Some(disk) = SmallDisk::mount(test, folder.path(), "64M") else {
        return;
    };
    let options = ["--rate", "1000", "--tag"];
    let Some(controller) = Controller::start(test, folder.path(), &options) else {
        return;
    };
    let case = disk.0.join("case");
    let live = folder.path().join("live.json");
    let mut watch = vigie()
        .args(["watch", "--json", "--profile", "on-person"])
        .arg("--case")
        .arg(&case)
        .args(["--sensor", &controller.spec("V1")])
        .stdout(std::fs::File::create(&live).unwrap())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let told = |detail: &str| {
        let text = std::fs::read_to_string(&live).unwrap_or_default();
        text.contains(&format!("\"detail\":\"{detail}\""))
    };
    let wait_for = |detail: &str| {
        while !told(detail) {
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    // Less than a gigabyte is little.
    wait_for("disk_low");
    let filler = disk.0.join("filler");
    std::fs::write(&filler, vec![0_u8; 52 << 20]).unwrap();
    wait_for("disk_full");
    std::thread::sleep(Duration::from_secs(2));
    std::fs::remove_file(&filler).unwrap();
    wait_for("disk_back");
    std::thread::sleep(Duration::from_secs(2));
    interrupt(&watch);
    assert!(watch.wait().unwrap().success());
    let judged = summary(&std::fs::read_to_string(&live).unwrap());
    let kept = summary(&replayed(&case, &[]));
    let frames = |end: &serde_json::Value| end["frames"].as_u64().unwrap();
    // What was heard meanwhile was judged; it is not kept, and everything else is.
    assert!(frames(&judged) > frames(&kept) + 1000);
    assert!(frames(&kept) > 2000, "{}", frames(&kept));
    assert_eq!(kept["malformed"], 0);
}
