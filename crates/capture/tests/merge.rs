//! Several recordings as one stream, and case folders.
#![allow(clippy::unwrap_used, clippy::panic)]

mod specimens;
mod support;

use std::fs;
use std::path::Path;

use specimens::*;
use vigie_capture::{Error, Event, Input, Merge, expand};

/// (time, `fix` or `frame`, sensor) of every event that has a time; notes by name.
fn stream(inputs: &[Input]) -> Vec<(i64, &'static str, String)> {
    let mut merge = Merge::open(inputs).unwrap();
    let mut out = Vec::new();
    loop {
        let (time, what, sensor) = match merge.next().unwrap() {
            None => break,
            Some(Event::Frame(frame)) => (frame.time_us, "frame", Some(frame.sensor)),
            Some(Event::Status(status)) => (status.time_us, "status", status.sensor),
            Some(Event::Fix(fix)) => (fix.time_us, "fix", fix.sensor),
            Some(Event::Note(note)) => (0, note.detail, None),
            Some(Event::Damage(damage)) => (0, damage.kind.as_str(), None),
        };
        let sensor = sensor.map_or("", |s| merge.sensors().name(s)).to_owned();
        out.push((time, what, sensor));
    }
    assert_eq!(merge.bytes_read(), merge.total_bytes());
    out
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Input {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    Input { path, sensor: None }
}

fn capture(times: &[i64]) -> Vec<u8> {
    let mut file = pcap_head(LITTLE, false, 256);
    for (i, time) in times.iter().enumerate() {
        let packet = radio(0, -50, 0x0C13, &air(i as u8));
        file.extend(pcap_record(LITTLE, false, T0 + time, &packet));
    }
    file
}

#[test]
fn what_live_runs_recorded_comes_in_its_order_of_arrival_also_when_a_power_cut_tore_a_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let first = write(folder.path(), "V2.pcapng", &own_frame(1, T0 + 9_000_000));
    let second = write(folder.path(), "V1.pcapng", &own_frame(2, T0));
    let whole = own_frame(3, T0);
    let torn = write(folder.path(), "V3.pcapng", &whole[..whole.len() - 9]);
    let fixes = format!(
        "{{\"time\":{},\"lat\":48.1,\"lon\":11.5,\"number\":4}}\n{{\"time\":17",
        T0 + 1
    );
    let fixes = write(folder.path(), "fixes.jsonl", fixes.as_bytes());
    let mut inputs = vec![first, second, torn, fixes];
    let expected: Vec<_> = [
        (T0 + 9_000_000, "frame", "V2"),
        (T0, "frame", "V1"),
        (T0 + 1, "fix", ""),
    ]
    .into_iter()
    .map(|(t, w, s)| (t, w, s.to_owned()))
    .collect();
    let with_time = |inputs: &[Input]| -> (Vec<_>, usize) {
        let all = stream(inputs);
        let damaged = all.iter().filter(|e| e.0 == 0).count();
        (all.into_iter().filter(|e| e.0 != 0).collect(), damaged)
    };
    assert_eq!(with_time(&inputs), (expected.clone(), 2));
    // With a recording of another program beside them there is no common order but that of time.
    let other = write(folder.path(), "other.pcap", &capture(&[2]));
    inputs.push(other);
    let (by_time, _) = with_time(&inputs);
    assert!(by_time.is_sorted_by_key(|e| e.0), "{by_time:?}");
}

#[test]
fn events_come_in_order_whatever_the_order_of_inputs() {
    let folder = tempfile::tempdir().unwrap();
    let a = write(
        folder.path(),
        "a.pcap",
        &capture(&[0, 2_000_000, 4_000_000]),
    );
    let b = write(folder.path(), "b.pcap", &capture(&[1_000_000, 2_000_000]));
    let c = write(folder.path(), "c.csv", POSITIONS_CSV.as_bytes());
    let expected = [
        (T0, "fix", ""),
        (T0, "frame", "a"),
        (T0 + 1_000_000, "fix", ""),
        (T0 + 1_000_000, "frame", "b"),
        (T0 + 2_000_000, "frame", "a"),
        (T0 + 2_000_000, "frame", "b"),
        (T0 + 4_000_000, "frame", "a"),
    ];
    let expected: Vec<_> = expected
        .into_iter()
        .map(|(t, w, s)| (t, w, s.to_owned()))
        .collect();
    for order in [[&a, &b, &c], [&c, &b, &a], [&b, &c, &a]] {
        let inputs: Vec<Input> = order.into_iter().cloned().collect();
        assert_eq!(stream(&inputs), expected);
    }
}

#[test]
fn an_id_names_sensor_and_owner_of_positions() {
    let folder = tempfile::tempdir().unwrap();
    let mut a = write(folder.path(), "a.pcap", &capture(&[0]));
    let mut c = write(folder.path(), "c.csv", POSITIONS_CSV.as_bytes());
    a.sensor = Some("V3".to_owned());
    c.sensor = Some("V3".to_owned());
    let sensors: Vec<String> = stream(&[c, a]).into_iter().map(|e| e.2).collect();
    assert_eq!(sensors, ["V3"; 3]);
}

#[test]
fn files_of_one_name_are_ordered_by_content() {
    let folder = tempfile::tempdir().unwrap();
    let first = capture(&[0, 10]);
    let second = capture(&[0, 20]);
    let one = [
        write(folder.path(), "x/a.pcap", &first),
        write(folder.path(), "y/a.pcap", &second),
    ];
    let other = [
        write(folder.path(), "y2/a.pcap", &first),
        write(folder.path(), "x2/a.pcap", &second),
    ];
    let offsets = |inputs: &[Input]| {
        let mut merge = Merge::open(inputs).unwrap();
        let files: Vec<_> = merge
            .files()
            .map(|(path, _)| fs::read(path).unwrap())
            .collect();
        while merge.next().unwrap().is_some() {}
        files
    };
    assert_eq!(offsets(&one), offsets(&other));
}

#[test]
fn a_capture_out_of_order_in_itself_is_passed_on_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let a = write(folder.path(), "a.pcap", &capture(&[0, 5_000, 1_000, 9_000]));
    let b = write(folder.path(), "b.pcap", &capture(&[2_000, 6_000]));
    let times: Vec<i64> = stream(&[a, b]).into_iter().map(|e| e.0 - T0).collect();
    assert_eq!(times, [0, 2_000, 5_000, 1_000, 6_000, 9_000]);
}

#[test]
fn a_case_folder_gives_its_recordings_and_tracks() {
    let folder = tempfile::tempdir().unwrap();
    let case = folder.path().join("case");
    write(&case, "recordings/V1-20231114T221320Z.pcapng", &pcapng(1));
    write(&case, "recordings/V1-20231114T221321Z.pcapng", &pcapng(1));
    write(&case, "recordings/notes.txt", b"nothing");
    write(&case, "tracks/V1.jsonl", POSITIONS_JSON.as_bytes());
    write(&case, "truth.json", SIGHTINGS_JSON.as_bytes());
    write(&case, "case.toml", CASE_TOML.as_bytes());
    write(&case, "seal/leaves", b"x");
    let events = stream(&[Input::from(case.as_path())]);
    let notes = events.iter().filter(|e| e.1 == "passed_over").count();
    assert_eq!(notes, 2, "{events:?}");
    let merge = Merge::open(&[Input::from(case.as_path())]).unwrap();
    assert_eq!(merge.cases()[0].vehicles, ["V1", "V2"]);
    write(&case, "case.toml", b"profile = 7");
    assert!(matches!(
        Merge::open(&[Input::from(case.as_path())]),
        Err(Error::Unreadable { offset: 10, .. })
    ));
    write(&case, "case.toml", b"# nothing said");
    let unknown = events.iter().filter(|e| e.1 == "unknown_setting").count();
    assert_eq!(unknown, 1);
    let notes = notes + unknown;
    let rest: Vec<_> = events.into_iter().skip(notes).map(|e| (e.1, e.2)).collect();
    let expected = [("fix", "V1"), ("frame", "V1"), ("frame", "V1"), ("fix", "")];
    assert_eq!(
        rest,
        expected.map(|(what, sensor)| (what, sensor.to_owned()))
    );

    let plain = folder.path().join("plain");
    write(&plain, "b.pcap", &capture(&[0]));
    let (files, notes) = expand(&[Input::from(plain.as_path())]).unwrap();
    assert_eq!((files.len(), notes.len()), (1, 0));
    fs::create_dir(folder.path().join("empty")).unwrap();
    let empty = Input::from(folder.path().join("empty").as_path());
    assert!(matches!(
        Merge::open(&[empty]),
        Err(Error::Unrecognised { .. })
    ));
}

#[test]
fn a_named_file_that_is_none_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let good = write(folder.path(), "a.pcap", &capture(&[0]));
    let bad = write(folder.path(), "b.txt", b"hello");
    assert!(matches!(
        Merge::open(&[good.clone(), bad]),
        Err(Error::Unrecognised { .. })
    ));
    let empty = write(folder.path(), "c.pcap", b"");
    assert!(matches!(Merge::open(&[empty]), Err(Error::Empty { .. })));
    let absent = Input::from(folder.path().join("absent").as_path());
    assert!(matches!(
        Merge::open(&[good, absent]),
        Err(Error::Io { .. })
    ));
}
