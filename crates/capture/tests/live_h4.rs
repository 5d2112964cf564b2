//! Controllers that speak H4, played by bumble: a third party's stack, not ours.
#![cfg(feature = "live")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod live;
#[path = "../../vigie/tests/real_data/mod.rs"]
mod real_data;

use std::path::{Path, PathBuf};

use live::{Listening, Program, bumble, conditions, controller, free_port};
use vigie_capture::live::{Heard, Packet, Received};
use vigie_decode::Condition;

fn python(test: &str) -> Option<PathBuf> {
    let found = bumble();
    if found.is_none() {
        real_data::skipped(
            test,
            "no Python with bumble==0.0.236 (VIGIE_BUMBLE_PYTHON; check.sh makes one)",
        );
    }
    found
}

fn scenario(folder: &Path, lines: &[&str]) -> PathBuf {
    let path = folder.join("scenario.jsonl");
    std::fs::write(&path, lines.join("\n")).unwrap();
    path
}

/// HCI packets among what came.
fn packets(received: &[Received]) -> Vec<&[u8]> {
    let packets = received.iter().filter_map(|r| match &r.what {
        Heard::Packet(Packet::Hci(bytes)) => Some(bytes.as_slice()),
        _ => None,
    });
    packets.collect()
}

/// What was sent to a controller is what is needed to listen: passive, all the time, nothing else.
fn only_listens(commands: &[String]) {
    let commands: Vec<&str> = commands
        .iter()
        .filter_map(|l| l.strip_prefix("COMMAND "))
        .collect();
    assert!(commands.len() >= 6, "{commands:?}");
    for command in commands {
        let (opcode, parameters) = command.split_once(' ').unwrap();
        match opcode {
            "0c03" | "0c01" | "1001" | "2001" | "2003" => {}
            "200b" => assert_eq!(parameters, "00600060000000"),
            "2041" => assert_eq!(parameters, "0000010060006000"),
            // Off without duplicates filtered, or on with all of them.
            "200c" => assert!(["0000", "0100"].contains(&parameters)),
            "2042" => assert!(["000000000000", "010000000000"].contains(&parameters)),
            _ => panic!("sent {command}"),
        }
    }
}

const REPORT: &str =
    r#"{"t":0,"address":"C6:05:04:03:02:01","payload":"06ff4c001202ab","rssi":-71}"#;
/// The same as the controller writes it.
const LEGACY: [u8; 22] = [
    4, 0x3E, 0x13, 2, 1, 3, 1, 1, 2, 3, 4, 5, 0xC6, 7, 6, 0xFF, 0x4C, 0, 0x12, 2, 0xAB, 185,
];

#[test]
fn legacy_reports_come_over_tcp_and_the_controller_is_opened_again() {
    let Some(python) = python("capture/legacy_reports_come_over_tcp") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let scenario = scenario(
        folder.path(),
        &[REPORT, r#"{"t":0.1,"garbage":"ffee"}"#, REPORT],
    );
    let port = free_port();
    let transport = format!("tcp-server:127.0.0.1:{port}");
    // Nothing is there yet.
    let listening = Listening::to(&format!("h4:tcp:127.0.0.1:{port}"));
    listening.until_condition(Condition::Unplugged);
    for _ in 0..2 {
        let program = Program::start(&mut controller(&python, &transport, &scenario));
        let opened = listening.until_condition(Condition::Listening);
        let (_, description) = conditions(&opened).pop().unwrap();
        assert!(
            description.ends_with("legacy advertising, 1M"),
            "{description}"
        );
        // Two reports, and the bytes between them that were none.
        let mut missing = 3;
        let heard = listening.until(|what| {
            missing -= i32::from(matches!(what, Heard::Packet(_) | Heard::Damage(..)));
            missing == 0
        });
        assert_eq!(packets(&heard), [&LEGACY, &LEGACY]);
        let damage = heard.iter().find_map(|r| match &r.what {
            Heard::Damage(_, detail) => Some(detail.as_str()),
            _ => None,
        });
        assert_eq!(damage, Some("2 bytes that begin no packet"));
        only_listens(&program.end());
        listening.until_condition(Condition::Unplugged);
    }
}

#[test]
fn extended_reports_come_over_a_unix_socket_and_it_is_left_as_found() {
    let Some(python) = python("capture/extended_reports_come_over_a_unix_socket") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let extended = REPORT.replace('}', r#","extended":true}"#);
    let scenario = scenario(folder.path(), &[&extended]);
    let socket = folder.path().join("controller.sock");
    let transport = format!("unix-server:{}", socket.display());
    let mut command = controller(&python, &transport, &scenario);
    let program = Program::start(command.env("EXTENDED", "1"));
    program.until("READY");
    let listening = Listening::to(&format!("h4:unix:{}", socket.display()));
    let heard = listening.until(|what| matches!(what, Heard::Packet(_)));
    let [packet] = packets(&heard)[..] else {
        panic!("{heard:?}");
    };
    assert_eq!(packet[..5], [4, 0x3E, 2 + 24 + 7, 0x0D, 1]);
    assert!(
        conditions(&heard)[0]
            .1
            .ends_with("legacy and extended advertising, 1M")
    );
    // As it was asked to: that is no deafness.
    assert_eq!(conditions(&listening.stop()), []);
    let mut commands = program.until("COMMAND 2042 00");
    commands.extend(program.end());
    only_listens(&commands);
}

#[test]
fn ten_thousand_reports_lose_none_and_keep_their_order() {
    let Some(python) = python("capture/ten_thousand_reports_lose_none") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let many = REPORT.replace('}', r#","times":20000}"#);
    let scenario = scenario(folder.path(), &[&many]);
    let port = free_port();
    let program = Program::start(&mut controller(
        &python,
        &format!("tcp-server:127.0.0.1:{port}"),
        &scenario,
    ));
    program.until("READY");
    let listening = Listening::to(&format!("h4:tcp:127.0.0.1:{port}"));
    let mut reports = 0;
    let heard = listening.until(|what| {
        reports += usize::from(matches!(what, Heard::Packet(_)));
        reports == 20_000
    });
    assert!(packets(&heard).iter().all(|p| *p == LEGACY));
    assert!(!heard.iter().any(|r| matches!(r.what, Heard::Damage(..))));
    let times: Vec<i64> = heard
        .iter()
        .filter(|r| matches!(r.what, Heard::Packet(_)))
        .map(|r| r.time_us)
        .collect();
    assert!(times.is_sorted());
    let seconds = (times[times.len() - 1] - times[0]) as f64 / 1e6;
    println!("20000 reports in {seconds:.2} s");
}

#[test]
fn a_controller_that_refuses_or_falls_silent_is_failing() {
    let Some(python) = python("capture/a_controller_that_refuses_or_falls_silent") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let scenario = scenario(folder.path(), &[r#"{"t":0,"deaf":true}"#]);
    for (refuse, expected) in [
        ("200c", "refuses command 0x200c with status 0x0c"),
        ("0", "does not answer command 0x1001"),
    ] {
        let port = free_port();
        let mut command = controller(&python, &format!("tcp-server:127.0.0.1:{port}"), &scenario);
        let program = Program::start(command.env("REFUSE", refuse));
        program.until("READY");
        let listening = Listening::to(&format!("h4:tcp:127.0.0.1:{port}"));
        let said = conditions(&listening.until_condition(Condition::Failing));
        let (_, what) = said.last().unwrap();
        assert!(what.contains(expected), "{what}");
    }
}
