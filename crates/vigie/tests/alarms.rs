//! Alarms against real servers: mosquitto, aiosmtpd, and servers of this test for the rest. Each is told once, in words that name
//! nothing, also when the server fails, is away for a while, or the program is killed.
#![allow(clippy::unwrap_used, clippy::panic)]

mod alarm_servers;
mod program;
mod real_data;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant};

use alarm_servers::{Certificates, Http, Listener, Smtp, broker, free_port};
use serde_json::Value;

/// What a default message must not name.
const ADDRESS: &str = "C0:11:22:33:44:55";
const OTHER: &str = "C0:11:22:33:44:66";
const VEHICLE: &str = "DRILL-VEHICLE";

struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    fn new(settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("settings.toml"), settings).unwrap();
        Self { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn settings(&self) -> PathBuf {
        self.path().join("settings.toml")
    }

    fn command(&self, action: &str, more: &[&str]) -> std::process::Command {
        let mut command = program::vigie();
        command.args(["--lang", "en", "alarm", action, "--case"]);
        command.arg(self.path());
        if action == "deliver" {
            command.arg("--config").arg(self.settings());
        }
        command.args(more).env("TZ", "Europe/Paris");
        command
    }

    fn run(&self, action: &str, more: &[&str]) -> Output {
        let output = self.command(action, more).output().unwrap();
        assert!(
            output.status.code().is_some_and(|code| code < 2),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        output
    }

    /// Delivers until nothing waits.
    fn deliver(&self, raised: &[&str]) {
        let more: Vec<_> = raised.iter().flat_map(|a| ["--raise", a]).collect();
        let output = self.run("deliver", &more);
        assert!(
            output.status.success(),
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// Delivers in the background.
    fn begin(&self, raised: &[&str]) -> Child {
        let more: Vec<_> = raised.iter().flat_map(|a| ["--raise", a]).collect();
        let mut command = self.command("deliver", &more);
        command.args(["--for", "600"]).stdout(Stdio::null());
        command.spawn().unwrap()
    }

    fn state(&self) -> Value {
        serde_json::from_slice(&self.run("state", &["--json"]).stdout).unwrap()
    }

    fn channel(&self) -> Value {
        self.state()["channels"][0].clone()
    }

    /// Waits until the first channel stands so.
    fn wait_until(&self, stands: impl Fn(&Value) -> bool) {
        wait_until(|| self.path().join("alarms.db").is_file() && stands(&self.channel()));
    }
}

/// No test ends by a limit of time that a busy machine could reach; this one is for what never comes.
#[track_caller]
fn wait_until(is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(300), "it never came");
        std::thread::sleep(Duration::from_millis(30));
    }
}

fn kill(child: &mut Child) {
    child.kill().unwrap(); // SIGKILL
    child.wait().unwrap();
}

fn webhook(url: &str) -> String {
    format!("[[alarm]]\nname = \"desk\"\nkind = \"webhook\"\nurl = \"{url}\"\n")
}

#[track_caller]
fn names_nothing(text: &str) {
    for word in [ADDRESS, "C0:11", "c0:11", VEHICLE, "drill@1", "50"] {
        let without_times: String = text.lines().filter(|l| !l.contains("UTC")).collect();
        assert!(!without_times.contains(word), "{word}: {text}");
        assert!(word == "50" || !text.contains(word), "{word}: {text}");
    }
    assert!(text.contains("Something travels with you"), "{text}");
}

#[test]
fn a_server_that_fails_twice_gets_it_once_and_knows_the_attempts() {
    let server = Http::start(&[500, 503, 200]);
    let case = Case::new(&webhook(&server.url));
    case.deliver(&[ADDRESS]);
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    let key = requests[0].header("idempotency-key").unwrap();
    assert!(
        requests
            .iter()
            .all(|r| r.header("idempotency-key") == Some(key))
    );
    let body = requests[2].json();
    assert_eq!((&body["event"], &body["v"]), (&"alarm".into(), &1.into()));
    assert_eq!((&body["id"], &body["kind"]), (&key.into(), &"alert".into()));
    assert_eq!(body["title"], "Vigie: alert");
    let text = body["text"].as_str().unwrap();
    names_nothing(text);
    assert!(
        text.contains("UTC") && text.contains("local time. Reference: "),
        "{text}"
    );
    names_nothing(&requests[2].body.replace(key, ""));
    // The same device again, by another process: told already.
    case.deliver(&[ADDRESS]);
    assert_eq!(server.requests().len(), 3);
    // Another one is news, and has another key.
    case.deliver(&[OTHER, ADDRESS]);
    let requests = server.requests();
    assert_eq!(requests.len(), 4);
    assert_ne!(requests[3].header("idempotency-key"), Some(key));
    assert_eq!(case.channel()["delivered"], 2);
}

#[test]
fn all_of_it_where_the_channel_asks_for_it() {
    let server = Http::start(&[200]);
    let case = Case::new(&format!("{}detail = \"full\"\n", webhook(&server.url)));
    case.deliver(&[ADDRESS]);
    let text = server.requests()[0].json()["text"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(text.contains(VEHICLE) && text.contains("drill@1"), "{text}");
    assert!(!text.contains("C0:11"), "{text}");
}

#[test]
fn killed_before_delivery_it_is_delivered_by_the_next_run() {
    let port = free_port();
    let case = Case::new(&webhook(&format!("http://127.0.0.1:{port}/")));
    let mut running = case.begin(&[ADDRESS]);
    case.wait_until(|channel| !channel["failing_since_us"].is_null());
    kill(&mut running);
    let channel = case.channel();
    assert_eq!(
        (&channel["waiting"], &channel["delivered"]),
        (&1.into(), &0.into())
    );
    assert!(
        channel["last_error"]
            .as_str()
            .unwrap()
            .contains("127.0.0.1"),
        "{channel}"
    );
    let server = Http::start_at(port, &[200]);
    // What was raised before the kill, raised once more by the next run.
    case.deliver(&[ADDRESS]);
    assert_eq!(server.requests().len(), 1);
    let channel = case.channel();
    assert_eq!(
        (&channel["waiting"], &channel["delivered"]),
        (&0.into(), &1.into())
    );
    assert!(channel["failing_since_us"].is_null() && channel["last_error"].is_null());
}

/// The only duplicate possible, and how a receiver knows it.
#[test]
fn killed_between_delivery_and_mark_it_comes_again_under_the_same_key() {
    let server = Http::start(&[0, 200]); // 0: takes it and never answers
    let case = Case::new(&webhook(&server.url));
    let mut running = case.begin(&[ADDRESS]);
    wait_until(|| server.requests().len() == 1);
    kill(&mut running);
    case.deliver(&[]);
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(
        requests[0].header("idempotency-key"),
        requests[1].header("idempotency-key")
    );
    assert_eq!(requests[0].body, requests[1].body);
}

#[test]
fn a_server_that_is_away_for_a_while_gets_all_once_it_is_back() {
    let port = free_port();
    let case = Case::new(&webhook(&format!("http://127.0.0.1:{port}/")));
    let mut running = case.begin(&[ADDRESS, OTHER]);
    case.wait_until(|channel| channel["waiting"] == 2 && !channel["last_error"].is_null());
    std::thread::sleep(Duration::from_secs(2));
    let server = Http::start_at(port, &[200]);
    case.wait_until(|channel| channel["delivered"] == 2);
    kill(&mut running);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn what_is_acknowledged_or_muted_is_not_sent_and_is_shown() {
    let port = free_port();
    let case = Case::new(&webhook(&format!("http://127.0.0.1:{port}/")));
    let mut running = case.begin(&[ADDRESS]);
    case.wait_until(|channel| !channel["last_error"].is_null());
    kill(&mut running);
    // By a wrong name, then by the reference in the message.
    let wrong = case.run("acknowledge", &["nothing-1", "--by", "A. Martin"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("nothing-1"));
    let told = Http::start_at(port, &[500, 200]);
    let mut running = case.begin(&[]);
    wait_until(|| !told.requests().is_empty());
    kill(&mut running);
    let first = told.requests()[0].json()["text"]
        .as_str()
        .unwrap()
        .to_owned();
    let (_, reference) = first.rsplit_once("Reference: ").unwrap();
    let acknowledged = case.run(
        "acknowledge",
        &[reference.trim_end_matches('.'), "--by", "A. Martin"],
    );
    assert!(acknowledged.status.success());
    let before = told.requests().len();
    case.deliver(&[ADDRESS]);
    assert_eq!(
        told.requests().len(),
        before,
        "acknowledged, and sent all the same"
    );
    let muted = [
        "all",
        "--minutes",
        "5",
        "--reason",
        "drill",
        "--by",
        "A. Martin",
    ];
    assert!(case.run("mute", &muted).status.success());
    case.deliver(&[OTHER]);
    assert_eq!(
        told.requests().len(),
        before,
        "muted, and sent all the same"
    );
    let state = case.state();
    assert_eq!(state["channels"][0]["muted"], 1);
    assert_eq!(
        state["channels"][0]["acknowledged"].as_u64().unwrap()
            + state["channels"][0]["delivered"].as_u64().unwrap(),
        1
    );
    assert_eq!(state["mutes"][0]["reason"], "drill");
    assert_eq!(state["acknowledged"][0]["by"], "A. Martin");
    let text = String::from_utf8(case.run("state", &[]).stdout).unwrap();
    assert!(
        text.contains("drill") && text.contains("A. Martin"),
        "{text}"
    );
}

#[test]
fn a_channel_that_hangs_holds_up_no_other() {
    let hangs = Http::start(&[0]);
    let works = Http::start(&[200]);
    let second = webhook(&works.url).replace("desk", "other");
    let case = Case::new(&format!("{}{second}", webhook(&hangs.url)));
    let mut running = case.begin(&[ADDRESS]);
    wait_until(|| works.requests().len() == 1);
    assert!(hangs.requests().len() <= 1);
    kill(&mut running);
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = Http::start(&[200]);
    let server = Http::redirecting(&elsewhere.url);
    let case = Case::new(&webhook(&server.url));
    let output = case.run("deliver", &["--raise", ADDRESS, "--for", "2"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(!server.requests().is_empty());
    assert!(elsewhere.requests().is_empty());
    assert!(String::from_utf8_lossy(&output.stdout).contains("redirects are not followed"));
}

/// In place of a real ntfy server, which is not to be had here: one that takes what its documentation describes.
#[test]
fn ntfy_gets_a_topic_a_title_and_a_message() {
    let server = Http::start(&[200]);
    let case = Case::new(&format!(
        "[[alarm]]\nname = \"push\"\nkind = \"ntfy\"\nurl = \"{}\"\ntopic = \"ops\"\ntoken_file = \"token\"\n",
        server.url
    ));
    secret(&case.path().join("token"), "hunter2");
    case.deliver(&[ADDRESS]);
    let request = &server.requests()[0];
    assert_eq!(request.header("authorization"), Some("Bearer hunter2"));
    let body = request.json();
    assert_eq!(
        (&body["topic"], &body["priority"]),
        (&"ops".into(), &5.into())
    );
    assert_eq!(body["title"], "Vigie: alert");
    names_nothing(body["message"].as_str().unwrap());
}

#[test]
fn a_mail_is_delivered_once_and_names_nothing() {
    let Some(smtp) = Smtp::start(None) else {
        return;
    };
    let case = Case::new(&mail(&format!("smtp://127.0.0.1:{}", smtp.port)));
    case.deliver(&[ADDRESS]);
    case.deliver(&[ADDRESS]);
    let mails = smtp.mails();
    assert_eq!(mails.len(), 1, "{mails:?}");
    let mail = &mails[0];
    assert!(mail.contains("Subject: Vigie: alert"), "{mail}");
    assert!(mail.contains("To: desk@example.org"), "{mail}");
    let id = mail
        .lines()
        .find_map(|l| l.strip_prefix("Message-ID: <"))
        .unwrap();
    assert!(id.ends_with("@vigie.invalid>"), "{id}");
    let (_, text) = mail
        .replace("\r\n", "\n")
        .split_once("\n\n")
        .map(|(h, t)| (h.to_owned(), t.to_owned()))
        .unwrap();
    names_nothing(&text);
    for secret in [ADDRESS, VEHICLE] {
        assert!(!mail.contains(secret), "{mail}");
    }
}

#[test]
fn a_mail_server_that_is_away_for_a_while_gets_it_once() {
    let Some(mut smtp) = Smtp::start(None) else {
        return;
    };
    let case = Case::new(&mail(&format!("smtp://127.0.0.1:{}", smtp.port)));
    smtp.stop();
    let mut running = case.begin(&[ADDRESS]);
    case.wait_until(|channel| !channel["last_error"].is_null());
    kill(&mut running);
    smtp.start_again();
    case.deliver(&[ADDRESS]);
    assert_eq!(smtp.mails().len(), 1);
}

#[test]
fn a_broker_gets_it_once_also_when_it_was_away() {
    let port = free_port();
    let case = Case::new(&mqtt(&format!("mqtt://127.0.0.1:{port}")));
    let mut running = case.begin(&[ADDRESS]);
    case.wait_until(|channel| !channel["last_error"].is_null());
    kill(&mut running);
    let Some(_broker) = broker("vigie/alarms", port, None) else {
        return;
    };
    let heard = alarm_servers::subscribe(port, "ops/alarm");
    case.deliver(&[ADDRESS]);
    case.deliver(&[ADDRESS, OTHER]);
    let first = heard.recv_timeout(Duration::from_secs(60)).unwrap();
    let second = heard.recv_timeout(Duration::from_secs(60)).unwrap();
    assert!(heard.recv_timeout(Duration::from_millis(500)).is_err());
    let body: Value = serde_json::from_slice(&first).unwrap();
    assert_eq!(
        (&body["event"], &body["kind"]),
        (&"alarm".into(), &"alert".into())
    );
    names_nothing(body["text"].as_str().unwrap());
    let other: Value = serde_json::from_slice(&second).unwrap();
    assert_ne!(body["id"], other["id"]);
}

#[test]
fn a_tak_server_gets_an_event_without_a_place() {
    let listener = Listener::tcp();
    let case = Case::new(&format!(
        "[[alarm]]\nname = \"tak\"\nkind = \"cursor-on-target\"\nserver = \"tcp://127.0.0.1:{}\"\n",
        listener.port
    ));
    case.deliver(&[ADDRESS]);
    case.deliver(&[ADDRESS]);
    wait_until(|| !listener.received().is_empty());
    let received = listener.received();
    assert_eq!(received.len(), 1);
    is_event_without_place(&received[0]);
}

#[test]
fn a_tak_client_gets_it_over_udp() {
    let listener = Listener::udp();
    let case = Case::new(&format!(
        "[[alarm]]\nname = \"tak\"\nkind = \"cursor-on-target\"\nserver = \"udp://127.0.0.1:{}\"\n",
        listener.port
    ));
    case.deliver(&[ADDRESS]);
    wait_until(|| !listener.received().is_empty());
    is_event_without_place(&listener.received()[0]);
}

#[track_caller]
fn is_event_without_place(event: &str) {
    assert!(
        event.contains(r#"<event version="2.0" uid="vigie-"#),
        "{event}"
    );
    assert!(event.contains(r#"type="b-a-o-tbl""#), "{event}");
    assert!(
        event.contains(
            r#"<point lat="0.0" lon="0.0" hae="9999999.0" ce="9999999.0" le="9999999.0"/>"#
        )
    );
    let (_, remarks) = event.split_once("<remarks>").unwrap();
    names_nothing(remarks);
    assert!(
        !event.contains(ADDRESS) && !event.contains(VEHICLE),
        "{event}"
    );
}

#[test]
fn a_program_gets_the_text_and_none_of_our_secrets() {
    let case = Case::new("");
    let script = case.path().join("tell");
    fs::write(&script, "#!/bin/sh\ncat > \"$1\"\nenv >> \"$1\"\n").unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let told = case.path().join("told");
    let settings = format!(
        "[[alarm]]\nname = \"script\"\nkind = \"command\"\nprogram = [{:?}, {:?}]\n",
        script.to_str().unwrap(),
        told.to_str().unwrap()
    );
    fs::write(case.settings(), settings).unwrap();
    let mut command = case.command("deliver", &["--raise", ADDRESS]);
    let output = command.env("DESK_TOKEN", "hunter2").output().unwrap();
    assert!(output.status.success());
    let told = fs::read_to_string(told).unwrap();
    names_nothing(told.split("PATH=").next().unwrap());
    assert!(
        told.contains("VIGIE_ALARM_KIND=alert") && told.contains("VIGIE_ALARM_ID="),
        "{told}"
    );
    assert!(
        !told.contains("hunter2") && !told.contains(ADDRESS),
        "{told}"
    );
}

#[test]
fn everything_encrypted_and_only_to_whom_we_know() {
    let folder = tempfile::tempdir().unwrap();
    let Some(certificates) = Certificates::make(folder.path()) else {
        real_data::skipped(
            "vigie/alarms_over_tls",
            "openssl or python3 is missing (Debian: apt-get install openssl python3)",
        );
        return;
    };
    let https = certificates.https();
    let tak = certificates.tls_listener();
    let mut settings = format!(
        "[[alarm]]\nname = \"desk\"\nkind = \"webhook\"\nurl = \"https://localhost:{}/\"\n\
         [[alarm]]\nname = \"tak\"\nkind = \"cursor-on-target\"\nserver = \"tls://localhost:{}\"\n",
        https.port, tak.port
    );
    let smtp = Smtp::start(Some(&certificates));
    if let Some(smtp) = &smtp {
        settings += &mail(&format!("smtps://localhost:{}", smtp.port));
    }
    let port = free_port();
    let broker = broker("vigie/alarms_over_tls", port, Some(&certificates));
    if broker.is_some() {
        settings += &mqtt(&format!("mqtts://localhost:{port}"));
    }
    // Nobody told us about this authority.
    let case = Case::new(&settings);
    let output = case.run("deliver", &["--raise", ADDRESS, "--for", "6"]);
    assert_eq!(output.status.code(), Some(1));
    let channels = case.state()["channels"].as_array().unwrap().clone();
    assert_eq!(
        channels.len(),
        2 + usize::from(smtp.is_some()) + usize::from(broker.is_some())
    );
    for channel in &channels {
        assert_eq!(
            (&channel["delivered"], &channel["waiting"]),
            (&0.into(), &1.into()),
            "{channel}"
        );
    }
    let test = test_of(&case);
    assert_eq!(
        test.matches("did not show who it is").count(),
        channels.len(),
        "{test}"
    );
    let ca_file = format!(
        "\nca_file = \"{}\"\n[[alarm]]",
        certificates.authority.display()
    );
    let known = format!("{settings}\n[[alarm]]").replace("\n[[alarm]]", &ca_file);
    fs::write(case.settings(), known.trim_end_matches("[[alarm]]")).unwrap();
    case.deliver(&[]);
    for channel in case.state()["channels"].as_array().unwrap() {
        assert_eq!(
            (&channel["delivered"], &channel["waiting"]),
            (&1.into(), &0.into()),
            "{channel}"
        );
    }
    assert!(tak.received().contains("b-a-o-tbl"));
}

#[test]
fn what_would_go_in_clear_or_to_everybody_is_refused_at_the_start() {
    for (section, said) in [
        (
            "kind = \"webhook\"\nurl = \"http://desk.example/\"",
            "https://",
        ),
        (
            "kind = \"mqtt\"\nserver = \"mqtt://192.0.2.1\"\ntopic = \"t\"",
            "mqtts://",
        ),
        (
            "kind = \"cursor-on-target\"\nserver = \"udp://192.0.2.1:6969\"",
            "tls://",
        ),
        (
            "kind = \"ntfy\"\nurl = \"https://ntfy.sh\"\ntopic = \"t\"",
            "public_server",
        ),
        (
            "kind = \"ntfy\"\nurl = \"https://NTFY.sh./\"\ntopic = \"t\"",
            "public_server",
        ),
        (
            "kind = \"webhook\"\nurl = \"https://desk.example/\"\ntoken_env = \"NO_SUCH\"",
            "NO_SUCH",
        ),
        (
            "kind = \"webhook\"\nurl = \"https://desk.example/\"\ntoken = \"hunter2\"",
            "line 5",
        ),
    ] {
        let case = Case::new(&format!("[[alarm]]\nname = \"desk\"\n{section}\n"));
        let output = case
            .command("deliver", &["--raise", ADDRESS])
            .output()
            .unwrap();
        let said_now = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{section}: {said_now}");
        assert!(said_now.contains(said), "{section}: {said_now}");
        assert!(!said_now.contains("hunter2"), "{said_now}");
    }
}

#[test]
fn a_test_alarm_says_of_each_channel_whether_it_works_and_what_to_do() {
    let works = Http::start(&[200]);
    let refuses = Http::start(&[401]);
    let second = webhook(&refuses.url).replace("desk", "other");
    let away = webhook(&format!("http://127.0.0.1:{}/", free_port())).replace("desk", "away");
    let case = Case::new(&format!(
        "{}{second}token_env = \"T\"\n{away}",
        webhook(&works.url)
    ));
    let mut command = program::vigie();
    command
        .args(["--lang", "en", "alarm", "test", "--config"])
        .arg(case.settings());
    let output = command.env("T", "hunter2").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("desk (webhook): delivered"), "{said}");
    assert!(
        said.contains("other (webhook): FAILED") && said.contains("401"),
        "{said}"
    );
    assert!(
        said.contains("wants another name, password or token"),
        "{said}"
    );
    assert!(
        said.contains("away (webhook): FAILED") && said.contains("Check that the server runs"),
        "{said}"
    );
    assert!(!said.contains("hunter2"), "{said}");
    assert_eq!(
        refuses.requests()[0].header("authorization"),
        Some("Bearer hunter2")
    );
    let body = works.requests()[0].json();
    assert_eq!(body["kind"], "test");
    assert!(
        !body["text"].as_str().unwrap().contains("travels with you."),
        "{body}"
    );
    fs::write(case.settings(), webhook(&works.url)).unwrap();
    assert!(test_of(&case).contains("delivered"));
    assert!(!case.path().join("alarms.db").exists());
}

#[test]
fn expected_false_alarms_are_called_simulated() {
    let said = program::stdout_of(["--lang", "en", "alarm", "expect", "--vehicles", "7"]);
    assert!(
        said.contains("simulated") && said.contains("crowd: 0.08 (up to 0.12)"),
        "{said}"
    );
}

fn test_of(case: &Case) -> String {
    let mut command = program::vigie();
    command
        .args(["--lang", "en", "alarm", "test", "--config"])
        .arg(case.settings());
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

fn mail(server: &str) -> String {
    format!(
        "[[alarm]]\nname = \"mail\"\nkind = \"mail\"\nserver = \"{server}\"\nfrom = \"vigie@example.org\"\n\
         to = \"desk@example.org\"\n"
    )
}

fn mqtt(server: &str) -> String {
    format!(
        "[[alarm]]\nname = \"broker\"\nkind = \"mqtt\"\nserver = \"{server}\"\ntopic = \"ops/alarm\"\n"
    )
}

fn secret(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}
