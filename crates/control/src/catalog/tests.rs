//! One change is one transaction, whoever else changes the catalog.

use super::*;

fn database() -> (tempfile::TempDir, Database) {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().join("control.db"), &crate::testing::key(1)).unwrap();
    // Site 3 is the one that the changes below are about.
    for domain in ["one.example", "two.example", "three.example"] {
        crate::testing::add_site(&database, domain, "UTC").unwrap();
    }
    (folder, database)
}

fn change() -> CatalogChange {
    CatalogChange {
        at: Timestamp(5),
        add: vec![],
        replace: vec![],
        absorb: vec![],
        count: vec![],
        forget_absorbed: vec![],
        forget_replaced: vec![],
        erased: None,
        forget_counts: vec![],
    }
}

fn segment(id: &str) -> SegmentRow {
    SegmentRow { id: id.to_owned(), site: SiteId(3), description: id.as_bytes().to_vec() }
}

fn bots(count: u64) -> CountRow {
    let (outcome, reason) = ("set_aside".to_owned(), "user_agent".to_owned());
    CountRow { site: SiteId(3), utc_day: 20_000, outcome, reason, count }
}

#[test]
fn a_change_is_seen_whole_and_raises_the_version() {
    let (_folder, database) = database();
    let first = CatalogChange { add: vec![segment("a"), segment("b")], absorb: vec![1], ..change() };
    database.change_catalog(&first).unwrap();
    let second = CatalogChange { add: vec![segment("c")], replace: vec!["a".to_owned()], ..change() };
    database.change_catalog(&second).unwrap();

    let rows = database.catalog().unwrap();
    assert_eq!(rows.version, 2);
    assert_eq!(database.catalog_version().unwrap(), 2);
    assert_eq!(rows.segments, [segment("b"), segment("c")]);
    assert_eq!(rows.absorbed, [1]);
    assert_eq!(rows.replaced, [ReplacedRow { id: "a".to_owned(), site: SiteId(3), at: Timestamp(5) }]);
}

#[test]
fn a_segment_that_is_not_live_is_not_replaced_and_nothing_of_the_change_happens() {
    let (_folder, database) = database();
    let late =
        CatalogChange { add: vec![segment("b")], replace: vec!["a".to_owned()], absorb: vec![1], ..change() };
    assert!(matches!(database.change_catalog(&late), Err(CatalogChangeError::Conflict)));
    assert_eq!(database.catalog().unwrap(), CatalogRows::default());
}

#[test]
fn a_journal_file_is_absorbed_once() {
    let (_folder, database) = database();
    let absorb = CatalogChange { absorb: vec![7], count: vec![bots(2)], ..change() };
    database.change_catalog(&absorb).unwrap();
    assert!(matches!(database.change_catalog(&absorb), Err(CatalogChangeError::Conflict)));
    assert_eq!(database.reason_counts(SiteId(3), 0).unwrap(), [bots(2)]);
}

#[test]
fn counts_of_one_reason_and_day_add_up_and_days_before_are_left_out() {
    let (_folder, database) = database();
    for _ in 0..2 {
        database.change_catalog(&CatalogChange { count: vec![bots(2)], ..change() }).unwrap();
    }
    assert_eq!(database.reason_counts(SiteId(3), 20_000).unwrap(), [bots(4)]);
    assert_eq!(database.reason_counts(SiteId(3), 20_001).unwrap(), []);
    assert_eq!(database.reason_counts(SiteId(4), 0).unwrap(), []);
}

#[test]
fn what_is_forgotten_is_gone() {
    let (_folder, database) = database();
    let add = CatalogChange { add: vec![segment("a")], absorb: vec![7], ..change() };
    database.change_catalog(&add).unwrap();
    database.change_catalog(&CatalogChange { replace: vec!["a".to_owned()], ..change() }).unwrap();
    let forget =
        CatalogChange { forget_absorbed: vec![7], forget_replaced: vec!["a".to_owned()], ..change() };
    database.change_catalog(&forget).unwrap();
    let rows = database.catalog().unwrap();
    assert_eq!((rows.absorbed, rows.replaced, rows.segments), (vec![], vec![], vec![]));
}

#[test]
fn what_is_made_of_a_site_that_was_removed_meanwhile_is_not_taken_up() {
    let (_folder, database) = database();
    let first = CatalogChange { add: vec![segment("a")], count: vec![bots(2)], ..change() };
    database.change_catalog(&first).unwrap();
    database.remove_site(SiteId(3)).unwrap();
    assert_eq!(database.catalog().unwrap().segments, []);
    assert_eq!(database.reason_counts(SiteId(3), 0).unwrap(), []);
    let late = CatalogChange { add: vec![segment("b")], absorb: vec![1], ..change() };
    database.change_catalog(&late).unwrap();
    let rows = database.catalog().unwrap();
    assert_eq!((rows.segments, rows.absorbed), (vec![], vec![1]));
}
