//! The console over real HTTP: what it shows equals the result stream, nobody sees anything without a key, what people do reaches
//! the queue of alarms, and who looked is in the log.
#![allow(clippy::unwrap_used, clippy::panic)]

mod console_client;
mod program;

use std::time::{Duration, Instant};

use console_client::{Client, Served};
use serde_json::{Value, json};
use vigie_keep::case_db;

const PARTS: [&str; 9] = [
    "state", "alerts", "tracks", "timeline", "sensors", "ours", "threat", "log", "shift",
];

fn demo(speed: &str) -> Served {
    let mut command = program::vigie();
    command.args(["--lang", "en", "demo", "--listen", "127.0.0.1:0"]);
    Served::start(command.args(["--no-open", "--speed", speed]))
}

/// The result stream of the same simulated case.
fn result_stream() -> Vec<Value> {
    let output = program::vigie().args(["demo", "--json"]).output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines = lines.lines().map(|l| serde_json::from_str(l).unwrap());
    lines.collect()
}

fn of_event<'r>(results: &'r [Value], event: &str) -> Vec<&'r Value> {
    results.iter().filter(|r| r["event"] == event).collect()
}

#[test]
fn the_demo_goes_from_blind_to_act_with_the_figures_of_the_result_stream() {
    let served = demo("60");
    let client = served.signed_in(None);
    let state = client.until("/api/v1/state", |s| s["at_us"].is_i64());
    assert_eq!(state["state"], "blind");
    assert_eq!(state["simulated"], true);
    assert_eq!(state["role"], "administer");
    assert!(!state["because"].as_array().unwrap().is_empty());
    assert_eq!(state["clearance"], Value::Null);
    let act = client.until("/api/v1/state", |s| s["state"] == "act");
    let delay_us = act["at_us"].as_i64().unwrap() - act["since_us"].as_i64().unwrap();
    // Sixty times faster: two seconds here are two minutes there.
    assert!((0..120_000_000).contains(&delay_us), "{delay_us}");
    client.event_about("alerts");
    let end = client.until("/api/v1/state", |s| s["ended"] == true);
    assert_eq!(end["state"], "act");
    let results = result_stream();
    let alerts = client.get("/api/v1/alerts").json();
    let shown = alerts["alerts"].as_array().unwrap();
    let raised = of_event(&results, "alert");
    assert_eq!(shown.len(), raised.len());
    for alert in raised {
        let shown = shown.iter().find(|s| s["id"] == alert["emitter"]).unwrap();
        let last = of_event(&results, "emitter");
        let last = last.iter().find(|e| e["emitter"] == alert["emitter"]);
        let last = last.unwrap();
        let at = vigie_keep::utc_text(shown["at_us"].as_i64().unwrap());
        assert_eq!(alert["at"], at);
        for figure in ["llr", "probability", "vehicle_probability"] {
            let (a, b) = (
                shown[figure].as_f64().unwrap(),
                last[figure].as_f64().unwrap(),
            );
            assert_eq!(a, b, "{figure}");
        }
        for same in ["vehicle", "identifiers", "family"] {
            assert_eq!(shown[same], last[same], "{same}");
        }
        assert_eq!(shown["analyzer"], alert["analyzer"]);
        let course = shown["course"].as_array().unwrap();
        assert!(course.len() > 10 && course.len() <= 256);
        let loudest = course.iter().max_by(|a, b| {
            let level = |c: &Value| c["level_dbm"].as_f64().unwrap_or(-200.0);
            level(a).total_cmp(&level(b))
        });
        assert_eq!(loudest.unwrap()["vehicle"], shown["vehicle"]);
    }
    let summary = of_event(&results, "summary")[0];
    let sensors = client.get("/api/v1/sensors").json();
    let sensors = sensors["sensors"].as_array().unwrap();
    assert_eq!(sensors.len(), 7);
    assert!(sensors.iter().all(|s| s["hears"] == true));
    let counted = end["passers_by"].as_u64().unwrap() + end["watched"].as_u64().unwrap();
    assert_eq!(
        counted + shown.len() as u64,
        summary["emitters"].as_u64().unwrap()
    );
    let tracks = client.get("/api/v1/tracks").json();
    assert!(tracks["tracks"][0]["points"].as_array().unwrap().len() > 20);
    assert!(tracks["suspects"][0]["points"].as_array().unwrap().len() > 10);
    let timeline = client.get("/api/v1/timeline").json();
    assert_eq!(timeline["vehicles"].as_array().unwrap().len(), 7);
    let rows = timeline["rows"].as_array().unwrap();
    assert!(
        rows.iter()
            .any(|r| r["state"] == "act" && r["id"] == shown[0]["id"])
    );
    let french = client.get("/api/v1/state?lang=fr").json();
    assert_eq!(french["word"], "AGIR");
    assert_eq!(served.interrupt(), Some(0));
}

#[test]
fn nobody_sees_anything_without_a_key_and_guessing_is_slowed() {
    let served = demo("1000");
    let nobody = served.client();
    assert_eq!(nobody.get("/healthz").status, 200);
    let described = nobody.get("/openapi.json").json();
    for (path, methods) in described["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            if ["/healthz", "/openapi.json", "/login"].contains(&path.as_str()) {
                continue;
            }
            let answer = match method.as_str() {
                "get" => nobody.get(&path.replace("{path}", "app.js")),
                _ => nobody.post(path, &json!({ "what": "note", "who": "x" })),
            };
            assert_eq!(answer.status, 401, "{method} {path}");
            for protected in ["V3", "C6:4E", "AirTag", "Demonstration"] {
                assert!(!answer.body.contains(protected), "{path}: {}", answer.body);
            }
            assert!(answer.head.contains("frame-ancestors 'none'"));
            assert!(answer.head.contains("nosniff"));
            if path.starts_with("/api/") {
                assert_eq!(answer.json()["error"], "login");
                assert!(answer.head.contains("cache-control: no-store"));
            }
        }
    }
    assert_eq!(nobody.get("/api/v1/emitters/C6:4E:C3:10:16:00").status, 401);
    let mut guess = served.client();
    let wrong = format!("http://{}/?token={}", served.host, "0".repeat(64));
    let mut times = Vec::new();
    for _ in 0..3 {
        let began = Instant::now();
        let answer = guess.open(&wrong);
        assert_eq!(answer.status, 401);
        assert_eq!(answer.json()["error"], "token");
        assert_eq!(guess.cookie, None);
        times.push(began.elapsed());
    }
    assert!(times[0] >= Duration::from_millis(200), "{times:?}");
    assert!(times[2] >= times[0] * 2, "{times:?}");
    guess.cookie = Some("0".repeat(64));
    assert_eq!(guess.get("/api/v1/state").status, 401);
    // The right one still opens, again and again, also by the form.
    for _ in 0..2 {
        served.signed_in(None);
    }
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let key = served.link.split_once("token=").unwrap().1;
    let answer = nobody.send("POST", "/login", &form, &format!("token={key}"));
    assert_eq!(answer.status, 303);
    assert!(answer.head.contains("httponly; samesite=strict"));
    let client = served.signed_in(None);
    assert_eq!(client.get("/api/v1/emitters").json()["error"], "unknown");
    let log = client.get("/api/v1/log").json();
    let entries = log["entries"].as_array().unwrap();
    let refused = entries.iter().filter(|e| e["what"] == "login_refused");
    assert_eq!(refused.count(), 3);
}

fn link(client: &Client, role: &str) -> String {
    let asked = json!({ "role": role, "who": "A. Example", "hours": 1 });
    let answer = client.post("/api/v1/links", &asked);
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.json()["url"].as_str().unwrap().to_owned()
}

#[test]
fn roles_hold_and_forged_requests_are_refused() {
    let served = demo("1000");
    let chief = served.signed_in(None);
    let alerts = chief.until("/api/v1/alerts", |a| {
        !a["alerts"].as_array().unwrap().is_empty()
    });
    let id = alerts["alerts"][0]["id"].clone();
    let acknowledge = json!({ "what": "acknowledge", "about": id, "who": "B. Example" });
    let to_look = link(&chief, "look");
    let looker = served.signed_in(Some(&to_look));
    assert_eq!(served.client().open(&to_look).status, 401, "it opens once");
    assert_eq!(looker.get("/api/v1/alerts").status, 200);
    for path in ["acts", "links"] {
        let answer = looker.post(&format!("/api/v1/{path}"), &acknowledge);
        assert_eq!(answer.json()["error"], "role");
        assert_eq!(answer.status, 403);
    }
    let actor = served.signed_in(Some(&link(&chief, "act")));
    assert_eq!(actor.post("/api/v1/links", &json!({})).status, 403);
    let body = acknowledge.to_string();
    let own = format!("http://{}", served.host);
    let json = ("Content-Type", "application/json");
    for (headers, error) in [
        (vec![json], "forged"),
        (
            vec![json, ("X-Vigie", "1"), ("Origin", "http://evil.example")],
            "forged",
        ),
        (vec![json, ("X-Vigie", "1"), ("Origin", "null")], "forged"),
        (vec![("X-Vigie", "1"), ("Origin", own.as_str())], "media"),
    ] {
        let answer = actor.send("POST", "/api/v1/acts", &headers, &body);
        assert_eq!(answer.json()["error"], error, "{headers:?}");
    }
    let act = |what: &str, more: Value| {
        let mut act = json!({ "what": what, "about": id, "who": "B. Example" });
        act.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let answer = actor.post("/api/v1/acts", &act);
        (answer.status, answer.json()["error"].clone())
    };
    assert_eq!(act("fly", json!({})), (400, json!("field")));
    assert_eq!(
        act("mute", json!({ "until_us": 5, "reason": "x" })),
        (400, json!("field"))
    );
    assert_eq!(
        act("acknowledge", json!({ "who": " " })),
        (400, json!("field"))
    );
    assert_eq!(
        act("acknowledge", json!({ "about": "E999999" })),
        (404, json!("about"))
    );
    assert_eq!(
        act("ours", json!({ "reason": "keys" })),
        (409, json!("unconfirmed"))
    );
    assert_eq!(
        act("note", json!({ "reason": "x".repeat(20_000) })),
        (413, json!("large"))
    );
    assert_eq!(
        actor
            .send("DELETE", "/api/v1/acts", &[("X-Vigie", "1")], "")
            .status,
        405
    );
    let unchanged = actor.get("/api/v1/state").json();
    assert_eq!(unchanged["acknowledged"], 0);

    assert_eq!(act("acknowledge", json!({})).0, 201);
    let shown = actor.get("/api/v1/alerts").json()["alerts"][0].clone();
    assert_eq!(shown["acknowledged"]["who"], "B. Example");
    let state = actor.get("/api/v1/state").json();
    assert_eq!(
        (&state["acknowledged"], &state["state"]),
        (&json!(1), &json!("act"))
    );
    assert_eq!(
        act("ours", json!({ "reason": "keys", "confirm": true })).0,
        201
    );
    assert_eq!(
        act(
            "officer_alert",
            json!({ "at_us": 1_780_301_120_000_000_i64 })
        )
        .0,
        201
    );
    let shift = actor.get("/api/v1/shift").json();
    let decided = shift["decisions"].as_array().unwrap();
    let decided: Vec<_> = decided
        .iter()
        .map(|d| d["what"].as_str().unwrap())
        .collect();
    assert_eq!(
        decided,
        ["officer_alert", "ours", "acknowledge", "link", "link"]
    );
    assert!(shift["open"].as_array().unwrap().is_empty());
}

#[test]
fn mutes_reach_the_queue_of_alarms_and_the_case_knows_who_looked() {
    let folder = tempfile::tempdir().unwrap();
    let made = program::vigie()
        .args(["demo", "--json", "--out"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(made.status.success());
    case_db::try_open(folder.path()).unwrap();
    let mut command = program::vigie();
    command.args([
        "--lang",
        "en",
        "replay",
        "--open",
        "--listen",
        "127.0.0.1:0",
    ]);
    let served = Served::start(command.arg(folder.path()));
    let client = served.signed_in(None);
    client.until("/api/v1/state", |s| s["ended"] == true);
    for part in PARTS {
        for _ in 0..2 {
            assert_eq!(client.get(&format!("/api/v1/{part}")).status, 200, "{part}");
        }
    }
    let acts = case_db::acts(folder.path()).unwrap();
    for part in PARTS {
        let looked = acts.iter().filter(|a| a.what == "look" && a.about == part);
        let looked: Vec<_> = looked.collect();
        assert_eq!(looked.len(), 1, "{part}");
        assert_eq!(looked[0].who, "tester");
    }
    let id = client.get("/api/v1/alerts").json()["alerts"][0]["id"].clone();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let until_us = now.unwrap().as_micros() as i64 + 600_000_000;
    let mute = json!({ "what": "mute", "about": id, "who": "B. Example", "reason": "found", "until_us": until_us });
    assert_eq!(client.post("/api/v1/acts", &mute).status, 201);
    let queue = || -> Value {
        let mut command = program::vigie();
        command.args(["alarm", "state", "--json", "--case"]);
        let output = command.arg(folder.path()).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let muted = &queue()["mutes"][0];
    assert_eq!(
        (&muted["by"], &muted["reason"]),
        (&json!("B. Example"), &json!("found"))
    );
    assert_eq!(muted["until_us"], until_us);
    let shift = client.get("/api/v1/shift").json();
    assert_eq!(shift["mutes"][0]["about"], id);
    let act = case_db::acts(folder.path()).unwrap();
    let act = act.iter().find(|a| a.what == "mute").unwrap();
    assert_eq!(
        (act.who.as_str(), act.reason.as_str()),
        ("B. Example", "found")
    );
    // What is acknowledged elsewhere is shown here.
    let cause = muted["what"].as_str().unwrap();
    let mut command = program::vigie();
    command.args([
        "alarm",
        "acknowledge",
        cause,
        "--by",
        "C. Example",
        "--case",
    ]);
    assert!(command.arg(folder.path()).status().unwrap().success());
    let known = client.until("/api/v1/alerts", |a| {
        !a["alerts"][0]["acknowledged"].is_null()
    });
    assert_eq!(known["alerts"][0]["acknowledged"]["who"], "C. Example");
    let unmute = json!({ "what": "unmute", "about": id, "who": "B. Example", "reason": "over" });
    assert_eq!(client.post("/api/v1/acts", &unmute).status, 201);
    assert_eq!(queue()["mutes"], json!([]));
}

#[test]
fn it_listens_on_this_machine_only() {
    let mut command = program::vigie();
    command.args(["--lang", "en", "demo", "--no-open", "--listen", "0.0.0.0:0"]);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("0.0.0.0:0 can be reached by others"),
        "{said}"
    );
}
