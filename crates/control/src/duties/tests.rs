use domain::{Counting, ManualClock};

use super::*;
use crate::{Letter, testing};

const NOW: Timestamp = Timestamp(1_700_000_000_000);
const HOUR: Duration = Duration::from_secs(3_600);

fn database() -> (tempfile::TempDir, Database) {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().join("control.db"), &testing::key(1)).unwrap();
    (folder, database)
}

fn only(database: &Database) -> DutyRow {
    let mut duties = database.duties().unwrap();
    assert_eq!(duties.len(), 1);
    duties.remove(0)
}

#[test]
fn a_duty_is_late_when_it_was_not_done_in_time_and_never_before() {
    let (_folder, database) = database();
    database.promise_duty("backup", DUTY_EVERY, NOW).unwrap();
    let just = |at: Timestamp| Timestamp((at + DUTY_EVERY).0 - 1);
    assert!(!only(&database).is_late(just(NOW)), "it was promised, and has a day for it");
    assert!(only(&database).is_late(NOW + DUTY_EVERY));
    let done = NOW + 20 * HOUR;
    database.duty_ended("backup", Ok(()), done).unwrap();
    assert!(!only(&database).is_late(just(done)));
    assert!(only(&database).is_late(done + DUTY_EVERY));
    // That it is tried does not help, and promising it once more does not either.
    database.duty_ended("backup", Err("no room"), done + 21 * HOUR).unwrap();
    database.promise_duty("backup", DUTY_EVERY, done + 21 * HOUR).unwrap();
    let row = only(&database);
    assert_eq!((row.last_ok, row.error.as_deref()), (Some(done), Some("no room")));
    assert!(row.is_late(done + DUTY_EVERY));
    database.duty_ended("backup", Ok(()), done + DUTY_EVERY).unwrap();
    assert!(!only(&database).is_late(done + DUTY_EVERY) && only(&database).error.is_none());
}

#[test]
fn a_duty_has_its_own_time_and_ends_with_what_it_was_about() {
    let (_folder, database) = database();
    database.promise_duty("drill", 8 * 24 * HOUR, NOW).unwrap();
    assert!(!only(&database).is_late(NOW + 7 * 24 * HOUR) && only(&database).is_late(NOW + 8 * 24 * HOUR));
    database.release_duty("drill").unwrap();
    assert!(database.duties().unwrap().is_empty());
}

#[test]
fn a_duty_that_nobody_promised_is_late_once_it_fails_and_not_before() {
    let (_folder, database) = database();
    database.duty_ended("backup", Err("no room"), NOW).unwrap();
    assert!(only(&database).is_late(NOW));
    database.duty_ended("backup", Ok(()), NOW).unwrap();
    assert!(!only(&database).is_late(NOW));
}

#[test]
fn a_long_sentence_is_cut_where_a_character_ends() {
    let (_folder, database) = database();
    database.duty_ended("backup", Err(&"ü".repeat(ERROR_BYTES_MAX)), NOW).unwrap();
    assert_eq!(only(&database).error.unwrap().len(), ERROR_BYTES_MAX);
}

#[test]
fn lateness_is_told_once_for_each_change_and_by_each_way() {
    let (_folder, database) = database();
    let (clock, rng) = (ManualClock::at(NOW), Counting::from(1));
    let tell = |late| {
        let mail = NewMail {
            organization: None,
            address: "operator@example.com",
            name: None,
            letter: &Letter::Test,
            expires_at: NOW + HOUR,
        };
        database.tell_lateness(AlertWay::Mail, late, Some(&mail), (&clock, &rng)).unwrap();
        let mut sent = 0;
        while let Some(mail) = database.claim_mail(NOW, &rng).unwrap() {
            database.drop_mail(mail.id).unwrap();
            sent += 1;
        }
        sent
    };
    assert_eq!([false, true, true, false, false, true].map(tell), [0, 1, 0, 1, 0, 1]);
    assert!(database.lateness_told(AlertWay::Mail).unwrap());
    assert!(!database.lateness_told(AlertWay::Webhook).unwrap());
}
