use domain::audit::{Act, Actor, Log, NewEntry, Object, ObjectKind};
use sealing::Key;

use super::*;

const BEGIN: Timestamp = Timestamp(1_795_651_200_000);

struct House {
    _folder: tempfile::TempDir,
    database: Database,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("control.db"), &Key::take(&mut [1; 32])).unwrap();
        database.begin_backups(BEGIN).unwrap();
        Self { _folder: folder, database }
    }

    fn was_good(&self, what: BackupMark, at: Timestamp) {
        let entry = NewEntry::new(at, Actor::system(), Act::BackupMake, Object::sole(ObjectKind::Backup));
        self.database.act(Log::SERVER, &entry, |work| work.mark_backup(what, at)).unwrap();
    }
}

fn hours(count: u64) -> Timestamp {
    BEGIN + HOUR * u32::try_from(count).unwrap()
}

const MOMENT: Duration = Duration::from_millis(1);
const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn the_first_backup_is_due_at_once_and_the_next_after_a_day() {
    let house = House::new();
    let schedule = Schedule::new(true);
    assert_eq!(schedule.due(&house.database, BEGIN).unwrap(), Some(Due::Backup));
    house.was_good(BackupMark::Backup, BEGIN);
    house.was_good(BackupMark::Drill, BEGIN);
    assert_eq!(schedule.due(&house.database, hours(24) - MOMENT).unwrap(), None);
    assert_eq!(schedule.due(&house.database, hours(24)).unwrap(), Some(Due::Backup));
}

#[test]
fn health_is_red_after_25_hours_without_a_good_backup() {
    let house = House::new();
    let state = |at| state(&house.database, false, at).unwrap();
    assert_eq!(state(hours(25) - MOMENT), BackupState::Ok);
    assert_eq!(state(hours(25)), BackupState::BackupLate);
    house.was_good(BackupMark::Backup, hours(30));
    assert_eq!(state(hours(55) - MOMENT), BackupState::Ok);
    assert_eq!(state(hours(55)), BackupState::BackupLate);
}

#[test]
fn a_drill_is_late_after_a_week_and_a_day_or_where_a_person_must_after_35_days() {
    let house = House::new();
    for (itself, days) in [(true, 8), (false, 35)] {
        house.was_good(BackupMark::Backup, hours(24 * days));
        let state = |at| state(&house.database, itself, at).unwrap();
        assert_eq!(state(hours(24 * days) - MOMENT), BackupState::Ok);
        assert_eq!(state(hours(24 * days)), BackupState::DrillLate);
    }
}

#[test]
fn a_failed_drill_is_red_until_one_is_good_and_the_server_tries_it_again_where_it_can() {
    let house = House::new();
    let (minutes, itself, by_hand) =
        (|count| BEGIN + MINUTE * count, Schedule::new(true), Schedule::new(false));
    for what in [BackupMark::Backup, BackupMark::Drill, BackupMark::Look] {
        house.was_good(what, BEGIN);
    }
    house.was_good(BackupMark::DrillFailed, minutes(1));
    house.was_good(BackupMark::Look, minutes(2));
    assert_eq!(itself.due(&house.database, minutes(3)).unwrap(), Some(Due::Drill));
    assert_eq!(by_hand.due(&house.database, minutes(3)).unwrap(), None);
    for drills_itself in [true, false] {
        assert_eq!(state(&house.database, drills_itself, minutes(3)).unwrap(), BackupState::DrillFailed);
    }
    house.was_good(BackupMark::Drill, minutes(4));
    assert_eq!(state(&house.database, false, minutes(5)).unwrap(), BackupState::Ok);
    assert_eq!(itself.due(&house.database, minutes(5)).unwrap(), None);
}

#[test]
fn what_failed_is_tried_again_after_a_quarter_of_an_hour() {
    let house = House::new();
    let mut schedule = Schedule::new(true);
    schedule.tried(Due::Backup, BEGIN);
    assert_eq!(schedule.due(&house.database, BEGIN + REST - MOMENT).unwrap(), None);
    assert_eq!(schedule.due(&house.database, BEGIN + REST).unwrap(), Some(Due::Backup));
    house.was_good(BackupMark::Backup, BEGIN);
    assert_eq!(schedule.due(&house.database, BEGIN + REST).unwrap(), Some(Due::Drill));
    schedule.tried(Due::Drill, BEGIN + REST);
    assert_eq!(schedule.due(&house.database, BEGIN + REST + MOMENT).unwrap(), None);
}

#[test]
fn a_clock_that_was_put_back_makes_a_backup_due_and_never_late_for_ever() {
    let house = House::new();
    let schedule = Schedule::new(true);
    house.was_good(BackupMark::Backup, hours(1_000));
    assert_eq!(schedule.due(&house.database, hours(1)).unwrap(), Some(Due::Backup));
}
