//! Erasures: asked for, carried out, told of.

use std::collections::BTreeSet;

use domain::audit::{Act, Actor, Log, NewEntry, Object, ObjectKind};

use super::*;
use crate::catalog::CatalogChange;
use crate::{CatalogChangeError, KnownRecording, PartRow, RecordingChange, RecordingKey, RecordingRow};

const ANNA: VisitorId = VisitorId::from_u128(1);
const BEN: VisitorId = VisitorId::from_u128(2);

struct House {
    folder: tempfile::TempDir,
    database: Database,
    site: SiteId,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("control.db"), &crate::testing::key(1)).unwrap();
        let site = crate::testing::add_site(&database, "example.com", "UTC").unwrap().id;
        Self { folder, database, site }
    }

    fn work<T>(&self, work: impl FnOnce(&Work<'_>) -> Result<T, DatabaseError>) -> T {
        let object = Object::sole(ObjectKind::Visitor);
        let entry = NewEntry::new(Timestamp(0), Actor::system(), Act::VisitorErase, object);
        self.database.act(Log(1), &entry, work).unwrap()
    }

    fn ask(&self, visitor: VisitorId, at: i64) -> u64 {
        self.work(|work| work.ask_erasure(self.site, visitor, Timestamp(at)))
    }

    fn row(&self, number: u64) -> ErasureRow {
        self.database.erasure(self.site, number).unwrap().unwrap()
    }

    fn key(&self, visitor: VisitorId, tab: &str) -> RecordingKey {
        RecordingKey { site: self.site, visitor, tab: tab.to_owned() }
    }

    /// A recording of a visitor in one object of this name.
    fn record(&self, visitor: VisitorId, object: &str) {
        let row = RecordingRow {
            id: 0,
            visitor,
            started_at: Timestamp(5),
            ended_at: Timestamp(9),
            country: String::new(),
            browser: String::new(),
            os: String::new(),
            device: String::new(),
            pages: 1,
            clicks: 0,
            bytes: 100,
            gaps: 0,
        };
        let change = RecordingChange {
            key: self.key(visitor, object),
            row,
            paths: vec![format!("/{object}")],
            part: PartRow { object: object.to_owned(), contents: vec![] },
            replaces: vec![],
            dictionaries: vec![],
        };
        self.database.take_in_recordings(&[change], None, &[], None).unwrap();
    }
}

fn taken_out(number: u64, events: u64, file: &str) -> CatalogChange {
    let erased = Erased { events, files: vec![file.to_owned()], ..Erased::default() };
    CatalogChange {
        at: Timestamp(0),
        add: vec![],
        replace: vec![],
        absorb: vec![],
        count: vec![],
        forget_absorbed: vec![],
        forget_replaced: vec![],
        erased: Some((number, erased)),
        forget_counts: vec![],
    }
}

#[test]
fn who_is_erased_is_asked_for_once_until_it_is_done_and_then_anew() {
    let house = House::new();
    let first = house.ask(ANNA, 10);
    assert_eq!(house.ask(ANNA, 11), first);
    assert_ne!(house.ask(BEN, 12), first);
    assert_eq!(house.database.erasures_to_do().unwrap().len(), 2);
    assert!(house.work(|work| work.finish_erasure(first, Timestamp(20), "a receipt")));
    assert!(!house.work(|work| work.finish_erasure(first, Timestamp(30), "another")));
    assert_eq!(house.row(first).done, Some((Timestamp(20), "a receipt".to_owned())));
    assert_eq!(house.row(first).asked_at, Timestamp(10));
    assert_eq!(house.database.last_erasure_of(house.site, ANNA).unwrap(), None, "it took nothing out");
    assert!(house.ask(ANNA, 40) > first);
    let numbers: Vec<u64> =
        house.database.erasures(house.site, None).unwrap().iter().map(|row| row.number).collect();
    assert!(numbers.is_sorted_by(|one, two| one > two) && numbers.len() == 3);
    assert_eq!(house.database.erasures(house.site, Some(numbers[1])).unwrap().len(), 1);
}

#[test]
fn one_that_waited_is_noticed_when_it_is_done_after_a_later_one() {
    let house = House::new();
    let done = || house.database.erasures_done(house.site).unwrap();
    let under_way = |visitors: &[VisitorId]| house.database.is_being_erased(house.site, visitors).unwrap();
    assert_eq!((done(), under_way(&[ANNA, BEN])), (0, false));
    let (earlier, later) = (house.ask(ANNA, 10), house.ask(BEN, 11));
    assert!(later > earlier && done() == 0);
    assert!(house.work(|work| work.finish_erasure(later, Timestamp(20), "a receipt")));
    assert_eq!((done(), under_way(&[BEN]), under_way(&[BEN, ANNA]), under_way(&[])), (1, false, true, false));
    assert!(house.work(|work| work.finish_erasure(earlier, Timestamp(21), "a receipt")));
    assert_eq!((done(), under_way(&[BEN, ANNA])), (2, false));
}

#[test]
fn every_row_of_the_visitor_goes_and_none_of_another() {
    let house = House::new();
    for (visitor, object) in [(ANNA, "one"), (ANNA, "two"), (BEN, "three")] {
        house.record(visitor, object);
    }
    let number = house.ask(ANNA, 50);
    let found = house.database.forget_for(&house.row(number), Timestamp(60)).unwrap();
    assert_eq!((found.recordings, found.recording_bytes), (2, 200));
    assert_eq!(found.files, ["one.recording", "two.recording"]);
    assert_eq!(found.span, Some((Timestamp(5), Timestamp(9))));
    let objects = house.database.recording_objects().unwrap();
    assert_eq!(objects, BTreeSet::from(["three".to_owned()]));
    // What still comes of it is let go of.
    let known = house.database.known_recording(&house.key(ANNA, "one")).unwrap();
    assert_eq!(known, KnownRecording::Removed);
    assert!(house.work(|work| work.finish_erasure(number, Timestamp(62), "a receipt")));
    assert_eq!(house.database.last_erasure_of(house.site, ANNA).unwrap().unwrap().number, number);
    // Begun anew it finds nothing more, and tells of all of it.
    assert_eq!(house.database.forget_for(&house.row(number), Timestamp(61)).unwrap(), found);
}

#[test]
fn what_is_taken_out_is_remembered_with_the_change_that_does_it_or_not_at_all() {
    let house = House::new();
    let number = house.ask(ANNA, 50);
    house.database.change_catalog(&taken_out(number, 3, "a")).unwrap();
    house.database.change_catalog(&taken_out(number, 4, "b")).unwrap();
    let conflicting = CatalogChange { replace: vec!["none".to_owned()], ..taken_out(number, 9, "c") };
    let refused = house.database.change_catalog(&conflicting);
    assert!(matches!(refused, Err(CatalogChangeError::Conflict)));
    let found = house.row(number).found;
    assert_eq!((found.events, found.files), (7, vec!["a".to_owned(), "b".to_owned()]));
}

#[test]
fn an_erasure_goes_with_its_site_and_its_number_is_not_given_again() {
    let house = House::new();
    let number = house.ask(ANNA, 50);
    house.database.remove_site(house.site).unwrap();
    assert_eq!(house.database.erasures_to_do().unwrap(), []);
    house.database.change_catalog(&taken_out(number, 3, "a")).unwrap();
    assert!(house.ask(ANNA, 60) > number);
}

#[test]
fn what_was_deleted_is_in_no_file_of_the_database_any_more() {
    let house = House::new();
    house.record(ANNA, "one");
    let row = house.row(house.ask(ANNA, 50));
    let wal = house.folder.path().join("control.db-wal");
    assert!(wal.metadata().unwrap().len() > 0, "what it was is in the log of changes");
    house.work(|work| work.forget_visitor(row.site, row.visitor, Timestamp(60)));
    house.database.leave_no_trace().unwrap();
    assert_eq!(wal.metadata().map_or(0, |file| file.len()), 0);
    let connection = house.database.connection();
    let overwrites: i64 = connection.query_row("PRAGMA secure_delete", [], |row| row.get(0)).unwrap();
    assert_eq!(overwrites, 1, "deleted rows are overwritten in the file itself");
}

#[test]
fn recordings_are_counted_by_the_day_on_which_they_ended() {
    let house = House::new();
    house.record(ANNA, "one");
    house.record(BEN, "two");
    let by_day = |before| house.database.recordings_by_day(house.site, Timestamp(before)).unwrap();
    assert_eq!(by_day(10), BTreeMap::from([(0, (2, 200))]));
    assert_eq!(by_day(9), BTreeMap::new());
}
