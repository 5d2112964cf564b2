#![allow(clippy::unwrap_used)]

use super::*;

const S: i64 = 1_000_000;
const NOW: i64 = 1_795_000_000 * S;
const HOURS: i64 = 3600 * S;

fn queue() -> (tempfile::TempDir, Outbox) {
    let folder = tempfile::tempdir().unwrap();
    let outbox = Outbox::open(&folder.path().join(FILE)).unwrap();
    (folder, outbox)
}

fn alert(outbox: &mut Outbox, at_us: i64) -> Cause {
    outbox
        .cause("alert", "C0:11:22:33:44:55", at_us, 12 * HOURS)
        .unwrap()
}

fn hand_in(outbox: &mut Outbox, cause: &Cause, now_us: i64) -> Taken {
    outbox
        .hand_in(cause, "desk", "title", "text", now_us)
        .unwrap()
}

#[test]
fn one_message_for_a_cause_and_a_channel_also_after_a_restart() {
    let (folder, mut outbox) = queue();
    let cause = alert(&mut outbox, NOW);
    assert_eq!(hand_in(&mut outbox, &cause, NOW), Taken::Queued);
    assert_eq!(hand_in(&mut outbox, &cause, NOW + S), Taken::Known);
    drop(outbox);
    let mut outbox = Outbox::open(&folder.path().join(FILE)).unwrap();
    let again = alert(&mut outbox, NOW + HOURS);
    assert_eq!(again, cause);
    assert_eq!(hand_in(&mut outbox, &again, NOW + HOURS), Taken::Known);
    let message = outbox.due("desk", NOW + HOURS).unwrap().unwrap();
    outbox
        .delivered("desk", message.number, NOW + HOURS)
        .unwrap();
    assert_eq!(hand_in(&mut outbox, &again, NOW + 2 * HOURS), Taken::Known);
    assert_eq!(outbox.due("desk", NOW + 24 * HOURS).unwrap(), None);
    assert_eq!(
        outbox.hand_in(&again, "other", "", "", NOW).unwrap(),
        Taken::Queued
    );
    // The same device on another day is news.
    let tomorrow = alert(&mut outbox, NOW + 30 * HOURS);
    assert_ne!(tomorrow.id, cause.id);
    assert_eq!(
        hand_in(&mut outbox, &tomorrow, NOW + 30 * HOURS),
        Taken::Queued
    );
}

#[test]
fn waits_double_up_to_five_minutes_and_nothing_is_given_up() {
    let (_folder, mut outbox) = queue();
    let cause = alert(&mut outbox, NOW);
    hand_in(&mut outbox, &cause, NOW);
    let mut now = NOW;
    let mut waits = Vec::new();
    for _ in 0..14 {
        let message = outbox.due("desk", now).unwrap().unwrap();
        outbox.failed("desk", &message, "no route", now).unwrap();
        let mut wait = 0;
        while outbox.due("desk", now + wait * S).unwrap().is_none() {
            wait += 1;
        }
        now += wait * S;
        waits.push(wait);
    }
    assert_eq!(
        waits,
        [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300, 300]
    );
    let standing = outbox.standing("desk").unwrap();
    assert_eq!((standing.waiting, standing.undeliverable), (0, 1));
    assert_eq!(standing.failing_since_us, Some(NOW));
    assert_eq!(standing.last_error.as_deref(), Some("no route"));
    let message = outbox.due("desk", now).unwrap().unwrap();
    outbox.delivered("desk", message.number, now).unwrap();
    let standing = outbox.standing("desk").unwrap();
    assert_eq!((standing.delivered, standing.undeliverable), (1, 0));
    assert_eq!(
        (standing.failing_since_us, standing.last_error),
        (None, None)
    );
}

#[test]
fn what_else_waits_goes_out_once_the_channel_is_back() {
    let (_folder, mut outbox) = queue();
    let first = alert(&mut outbox, NOW);
    hand_in(&mut outbox, &first, NOW);
    let message = outbox.due("desk", NOW).unwrap().unwrap();
    for _ in 0..3 {
        outbox.failed("desk", &message, "down", NOW).unwrap();
    }
    let second = outbox.cause("alert", "other", NOW, HOURS).unwrap();
    hand_in(&mut outbox, &second, NOW);
    let message = outbox.due("desk", NOW).unwrap().unwrap();
    assert_ne!(message.number, 1);
    outbox.delivered("desk", message.number, NOW).unwrap();
    assert_eq!(outbox.due("desk", NOW).unwrap().unwrap().number, 1);
}

#[test]
fn a_clock_set_back_delays_nothing() {
    let (_folder, mut outbox) = queue();
    let cause = alert(&mut outbox, NOW);
    hand_in(&mut outbox, &cause, NOW);
    let message = outbox.due("desk", NOW).unwrap().unwrap();
    outbox.failed("desk", &message, "down", NOW).unwrap();
    assert!(outbox.due("desk", NOW).unwrap().is_none());
    assert!(outbox.due("desk", NOW - HOURS).unwrap().is_some());
}

#[test]
fn what_is_acknowledged_is_silent_for_good() {
    let (_folder, mut outbox) = queue();
    let cause = alert(&mut outbox, NOW);
    hand_in(&mut outbox, &cause, NOW);
    outbox.acknowledge(&cause.id, "A. Martin", NOW + S).unwrap();
    assert_eq!(outbox.due("desk", NOW + HOURS).unwrap(), None);
    let again = alert(&mut outbox, NOW + 100 * HOURS);
    assert_eq!(again.id, cause.id);
    assert_eq!(
        hand_in(&mut outbox, &again, NOW + 100 * HOURS),
        Taken::Known
    );
    assert_eq!(
        outbox
            .hand_in(&again, "other", "", "", NOW + 100 * HOURS)
            .unwrap(),
        Taken::Acknowledged
    );
    assert_eq!(outbox.standing("desk").unwrap().acknowledged, 1);
    assert_eq!(outbox.acknowledgements().unwrap()[0].by, "A. Martin");
}

#[test]
fn a_mute_keeps_what_it_held_back_and_ends() {
    let (_folder, mut outbox) = queue();
    let cause = alert(&mut outbox, NOW);
    outbox
        .mute("alert", NOW + 60 * S, "drill", "A. Martin", NOW)
        .unwrap();
    assert_eq!(hand_in(&mut outbox, &cause, NOW), Taken::Muted);
    assert_eq!(outbox.due("desk", NOW).unwrap(), None);
    assert_eq!(outbox.log(9).unwrap()[0].state, "muted");
    assert_eq!(outbox.mutes(Some(NOW)).unwrap()[0].reason, "drill");
    assert!(outbox.mutes(Some(NOW + 60 * S)).unwrap().is_empty());
    assert_eq!(outbox.mutes(None).unwrap().len(), 1);
    let deaf = outbox.cause("deaf", "V3", NOW, HOURS).unwrap();
    assert_eq!(hand_in(&mut outbox, &deaf, NOW), Taken::Queued);
    assert_eq!(hand_in(&mut outbox, &cause, NOW + 60 * S), Taken::Queued);
    assert_eq!(outbox.standing("desk").unwrap().muted, 0);
}

#[test]
fn the_file_names_no_device_and_is_its_owners() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, mut outbox) = queue();
    let cause = alert(&mut outbox, NOW);
    hand_in(&mut outbox, &cause, NOW);
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        assert!(
            !String::from_utf8_lossy(&bytes).contains("C0:11"),
            "{path:?}"
        );
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{path:?}");
    }
    // Another queue gives the same device another cause.
    let (_other_folder, mut other) = queue();
    assert_ne!(alert(&mut other, NOW).id, cause.id);
}

#[test]
fn a_cause_is_found_by_what_people_call_it() {
    let (_folder, mut outbox) = queue();
    let cause = alert(&mut outbox, NOW);
    let called = |name: &str| outbox.called(name).unwrap();
    assert_eq!(called(&cause.id).as_ref(), Some(&cause.id));
    assert_eq!(called(&cause.reference).as_ref(), Some(&cause.id));
    assert_eq!(
        called(&cause.reference.to_uppercase()).as_ref(),
        Some(&cause.id)
    );
    for wrong in ["", "1", "-1", "nothing-1"] {
        assert_eq!(called(wrong), None, "{wrong}");
    }
}

#[test]
fn a_newer_file_is_refused() {
    let (folder, outbox) = queue();
    outbox.db.pragma_update(None, "user_version", 99).unwrap();
    drop(outbox);
    let error = Outbox::open(&folder.path().join(FILE)).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Newer {
                found: 99,
                known: 1,
                ..
            }
        ),
        "{error}"
    );
}
