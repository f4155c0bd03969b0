use std::collections::{BTreeMap, BTreeSet};

use domain::audit::{Act, Actor, Log, NewEntry, Object, ObjectKind};
use domain::{DAY_MS, RetentionDays};

use super::*;
use crate::{RecordingSettingsChange, SiteChange, testing};

const NOW: Timestamp = Timestamp(1_700_000_000_000);

struct House {
    _folder: tempfile::TempDir,
    database: Database,
    site: SiteId,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("control.db"), &testing::key(1)).unwrap();
        let site = testing::add_site(&database, "example.com", "UTC").unwrap().id;
        Self { _folder: folder, database, site }
    }

    fn key(&self, visitor: u128, tab: &str) -> RecordingKey {
        RecordingKey { site: self.site, visitor: VisitorId::from_u128(visitor), tab: tab.to_owned() }
    }

    /// A part of a recording that began and ended so many milliseconds before now.
    fn change(&self, key: RecordingKey, object: &str, ago: i64) -> RecordingChange {
        let at = Timestamp(NOW.0 - ago);
        let row = RecordingRow {
            id: 0,
            visitor: key.visitor,
            started_at: at,
            ended_at: at,
            country: "AT".to_owned(),
            browser: "Firefox".to_owned(),
            os: "Linux".to_owned(),
            device: "Desktop".to_owned(),
            pages: 1,
            clicks: 2,
            bytes: 3,
            gaps: 0,
        };
        let part = PartRow { object: object.to_owned(), contents: object.as_bytes().to_vec() };
        RecordingChange {
            key,
            row,
            paths: vec![format!("/{object}")],
            part,
            replaces: vec![],
            dictionaries: vec![],
        }
    }

    fn take_in(&self, changes: &[RecordingChange]) {
        self.database.take_in_recordings(changes, None, &[], None).unwrap();
    }

    fn listed(&self, filter: &RecordingFilter) -> Vec<Timestamp> {
        let filter = RecordingFilter { limit: filter.limit.max(10), ..filter.clone() };
        let page = self.database.recordings(self.site, &filter).unwrap();
        page.recordings.iter().map(|row| row.started_at).collect()
    }

    fn act<T>(&self, work: impl FnOnce(&Work<'_>) -> Result<T, DatabaseError>) -> T {
        let object = Object::sole(ObjectKind::Site);
        let entry = NewEntry::new(NOW, Actor::system(), Act::SiteChange, object);
        self.database.act(Log(1), &entry, work).unwrap()
    }
}

#[test]
fn a_spooled_file_is_remembered_with_what_was_taken_in_of_it_until_it_is_forgotten() {
    let house = House::new();
    let change = house.change(house.key(1, "tab"), "one", 0);
    house.database.take_in_recordings(&[change], Some("file"), &[], None).unwrap();
    assert_eq!(house.database.spooled().unwrap(), BTreeSet::from(["file".to_owned()]));
    assert_eq!(house.database.recording_objects().unwrap(), BTreeSet::from(["one".to_owned()]));
    house.database.take_in_recordings(&[], None, &["file".to_owned()], None).unwrap();
    assert!(house.database.spooled().unwrap().is_empty());
}

#[test]
fn parts_of_a_recording_are_found_in_the_order_in_which_they_came_and_one_takes_the_place_of_all() {
    let house = House::new();
    let key = house.key(1, "tab");
    for object in ["one", "two", "three"] {
        house.take_in(&[house.change(key.clone(), object, 0)]);
    }
    let objects = || match house.database.known_recording(&key).unwrap() {
        KnownRecording::Parts(parts) => parts.into_iter().map(|part| part.object).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(objects(), ["one", "two", "three"]);
    assert_eq!(house.database.recordings_in_parts(Timestamp(NOW.0 + 1)).unwrap(), std::slice::from_ref(&key));
    let replaces = ["one", "two", "three"].map(str::to_owned).to_vec();
    let together = RecordingChange { replaces, ..house.change(key.clone(), "all", 0) };
    house.take_in(std::slice::from_ref(&together));
    assert_eq!(objects(), ["all"]);
    let again =
        RecordingChange { part: PartRow { object: "twice".to_owned(), contents: vec![] }, ..together };
    house.take_in(&[again]);
    assert_eq!(objects(), ["all"], "what it was to take the place of is gone");
    assert!(house.database.recordings_in_parts(Timestamp(NOW.0 + 1)).unwrap().is_empty());
}

#[test]
fn recordings_are_listed_newest_first_by_what_is_asked_for_and_page_by_page() {
    let house = House::new();
    for number in 0..5 {
        let ago = i64::from(number as i32) * 1_000;
        house.take_in(&[house.change(house.key(number, "tab"), &format!("o{number}"), ago)]);
    }
    let at = |ago: i64| Timestamp(NOW.0 - ago * 1_000);
    assert_eq!(house.listed(&RecordingFilter::default()), [0, 1, 2, 3, 4].map(at));
    let filter = |change: fn(&mut RecordingFilter)| {
        let mut filter = RecordingFilter::default();
        change(&mut filter);
        house.listed(&filter)
    };
    assert_eq!(filter(|filter| filter.visitor = Some(VisitorId::from_u128(2))), [at(2)]);
    assert_eq!(filter(|filter| filter.visitor = Some(VisitorId::from_u128(9))), []);
    assert_eq!(filter(|filter| filter.from = Some(Timestamp(NOW.0 - 1_000))), [at(0), at(1)]);
    assert_eq!(filter(|filter| filter.until = Some(Timestamp(NOW.0 - 3_000))), [at(4)]);
    let first = RecordingFilter { limit: 2, ..RecordingFilter::default() };
    let page = house.database.recordings(house.site, &first).unwrap();
    assert_eq!((page.recordings.len(), page.more), (2, true));
    let last = page.recordings.last().unwrap();
    let rest = RecordingFilter { after: Some((last.started_at, last.id)), limit: 3, ..first };
    let page = house.database.recordings(house.site, &rest).unwrap();
    assert_eq!((page.recordings.len(), page.more), (3, false));
}

#[test]
fn recordings_of_a_visitor_are_found_by_any_id_and_of_a_restricted_one_are_in_no_list() {
    let house = House::new();
    for number in 1..=4 {
        house.take_in(&[house.change(house.key(number, "tab"), &format!("{number}"), number as i64)]);
    }
    let id = VisitorId::from_u128;
    for (from, to) in [(1, 2), (2, 3)] {
        house.act(|work| Ok(work.add_alias(house.site, (id(from), id(to)), NOW).unwrap()));
    }
    let found = |visitor: Option<u128>, also_restricted: bool| {
        let visitor = visitor.map(id);
        house.listed(&RecordingFilter { visitor, also_restricted, ..RecordingFilter::default() }).len()
    };
    assert_eq!([1, 2, 3, 4].map(|visitor| found(Some(visitor), false)), [3, 3, 3, 1]);
    house.act(|work| work.restrict_visitor(house.site, id(2), NOW));
    assert_eq!([1, 2, 3, 4].map(|visitor| found(Some(visitor), false)), [0, 0, 0, 1]);
    assert_eq!((found(None, false), found(None, true), found(Some(1), true)), (1, 4, 3));
    let paths = house.database.recorded_paths(house.site, (None, None), "*", None).unwrap();
    assert_eq!(paths, [("/4".to_owned(), 1)]);
}

#[test]
fn what_is_kept_of_a_days_recordings_is_summed_up_by_site() {
    let house = House::new();
    let now = NOW.0;
    assert_eq!(house.database.recorded_since(Timestamp(0)).unwrap(), BTreeMap::new());
    for (tab, ago, bytes) in [("a", 0, 5), ("b", 1_000, 7), ("old", 2_000, 11)] {
        let mut change = house.change(house.key(1, tab), tab, ago);
        change.row.bytes = bytes;
        house.take_in(&[change]);
    }
    let kept = |from| house.database.recorded_since(Timestamp(from)).unwrap();
    assert_eq!(kept(now - 1_000), BTreeMap::from([(house.site, 12)]));
    assert_eq!(kept(now - 2_000), BTreeMap::from([(house.site, 23)]));
    assert_eq!(kept(now + 1), BTreeMap::new());
}

#[test]
fn a_recording_that_was_removed_is_gone_and_does_not_come_back() {
    let house = House::new();
    let key = house.key(1, "tab");
    house.take_in(&[house.change(key.clone(), "one", 0)]);
    let id =
        house.database.recordings(house.site, &RecordingFilter { limit: 1, ..Default::default() }).unwrap();
    let id = id.recordings[0].id;
    assert!(!house.act(|work| work.remove_recording(SiteId(99), id, NOW)), "of another site it is not");
    assert!(house.act(|work| work.remove_recording(house.site, id, NOW)));
    house.take_in(&[house.change(key.clone(), "two", 0)]);
    assert_eq!(house.database.recording(house.site, id).unwrap(), None);
    assert_eq!(house.database.known_recording(&key).unwrap(), KnownRecording::Removed);
    assert!(house.database.recording_objects().unwrap().is_empty());
    house.database.expire_recordings(Timestamp(NOW.0 + 3 * DAY_MS)).unwrap();
    assert_eq!(house.database.known_recording(&key).unwrap(), KnownRecording::New, "nothing comes that late");
}

#[test]
fn all_recordings_of_a_visitor_are_removed_and_those_of_others_stay() {
    let house = House::new();
    for (visitor, tab) in [(1, "a"), (1, "b"), (2, "a")] {
        house.take_in(&[house.change(house.key(visitor, tab), &format!("{visitor}{tab}"), 0)]);
    }
    let remove = |site| house.act(|work| work.remove_recordings_of(site, VisitorId::from_u128(1), NOW));
    assert_eq!(remove(SiteId(99)), 0, "of another site they are not");
    assert_eq!(remove(house.site), 2);
    assert_eq!(house.database.recording_objects().unwrap(), BTreeSet::from(["2a".to_owned()]));
    assert_eq!(house.database.known_recording(&house.key(1, "b")).unwrap(), KnownRecording::Removed);
}

#[test]
fn recordings_are_kept_as_many_days_as_their_site_says_and_no_longer() {
    let house = House::new();
    let days = |days| RetentionDays::try_from(days).unwrap();
    let domain = "example.com".parse().unwrap();
    let recording = RecordingSettingsChange { retention: Some(days(2)), ..Default::default() };
    let change = SiteChange { recording, ..SiteChange::default() };
    let object = Object::sole(ObjectKind::Site);
    let entry = NewEntry::new(NOW, Actor::system(), Act::SiteChange, object);
    house.database.act(Log(1), &entry, |work| work.change_site(&domain, &change)).unwrap();
    for (tab, ago) in [("old", 2 * DAY_MS + 1), ("edge", 2 * DAY_MS), ("young", 0)] {
        house.take_in(&[house.change(house.key(1, tab), tab, ago)]);
    }
    assert_eq!(house.database.expire_recordings(NOW).unwrap(), 1);
    let left = ["edge", "young"].map(str::to_owned);
    assert_eq!(house.database.recording_objects().unwrap(), BTreeSet::from(left));
}

#[test]
fn with_its_site_everything_of_a_recording_goes_and_nothing_of_it_is_taken_up_again() {
    let house = House::new();
    let change = house.change(house.key(1, "tab"), "one", 0);
    house.take_in(std::slice::from_ref(&change));
    house.act(|work| work.alarm_about_recordings(house.site, NOW));
    assert_eq!(house.database.recording_alarm(house.site).unwrap(), Some((NOW, NOW)));
    house.database.remove_site(house.site).unwrap();
    house.take_in(&[change]);
    assert!(house.database.recording_objects().unwrap().is_empty());
    assert_eq!(house.database.recording_alarm(house.site).unwrap(), None);
}

#[test]
fn a_page_is_learned_from_once_enough_visitors_were_recorded_on_it_and_again_after_a_while() {
    let house = House::new();
    let take_in = |visitor: u128, tab: &str| {
        let change = house.change(house.key(visitor, tab), &format!("{visitor}{tab}"), 10);
        house.take_in(&[RecordingChange { paths: vec!["/cart".to_owned()], ..change }]);
    };
    let lesson = |anew| house.database.recording_lesson(3, 4, NOW, Timestamp(anew)).unwrap();
    for visitor in [1, 2] {
        take_in(visitor, "a");
        take_in(visitor, "b");
    }
    assert_eq!(lesson(0), None, "two visitors are not three");
    for visitor in 3..8 {
        take_in(visitor, "a");
    }
    let found = lesson(0).unwrap();
    let visitors: Vec<u128> = found.recordings.iter().map(|(visitor, _)| visitor.as_u128()).collect();
    assert_eq!((found.path.as_str(), visitors), ("/cart", vec![7, 6, 5, 4]));
    let learned = |object: &str, at| DictionaryRow {
        object: object.to_owned(),
        site: house.site,
        path: "/cart".to_owned(),
        at: Timestamp(at),
        empty: false,
    };
    house.database.take_in_recordings(&[], None, &[], Some(&learned("first", 100))).unwrap();
    assert_eq!((lesson(99), lesson(100).is_some()), (None, true));
    let dictionary = || house.database.recording_dictionary(house.site, "/cart").unwrap();
    assert_eq!(dictionary().as_deref(), Some("first"));
    assert_eq!(house.database.recordings_in_parts(NOW).unwrap().len(), 9, "all are put together anew");
    let anew = RecordingChange {
        replaces: vec!["1a".to_owned()],
        dictionaries: vec!["first".to_owned()],
        ..house.change(house.key(1, "a"), "anew", 10)
    };
    house.take_in(&[anew]);
    assert_eq!(house.database.recordings_in_parts(NOW).unwrap().len(), 8);
    // A newer one takes its place; it stays for as long as something is compressed by it.
    house.database.take_in_recordings(&[], None, &[], Some(&learned("second", 200))).unwrap();
    house.database.expire_recordings(NOW).unwrap();
    let has = |name: &str| house.database.recording_objects().unwrap().contains(name);
    assert_eq!((dictionary().as_deref(), has("first"), has("second")), (Some("second"), true, true));
    house.act(|work| work.remove_recordings_of(house.site, VisitorId::from_u128(1), NOW));
    house.database.expire_recordings(NOW).unwrap();
    assert!(!has("first") && has("second"));
    house.database.remove_site(house.site).unwrap();
    assert!(!has("second"));
}

#[test]
fn paths_are_listed_by_how_many_recordings_of_a_time_they_are_in_and_lead_to_them() {
    let house = House::new();
    for (visitor, ago, paths) in
        [(1, 10, &["/", "/cart"][..]), (2, 20, &["/cart", "/[a]?"]), (3, 30, &["/cart/x"])]
    {
        let change = house.change(house.key(visitor, "tab"), &format!("{visitor}"), ago);
        house.take_in(&[RecordingChange {
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
            ..change
        }]);
    }
    let ago = |ago| Some(Timestamp(NOW.0 - ago));
    let paths = |range, glob: &str, ids: Option<&[u64]>| {
        let paths = house.database.recorded_paths(house.site, range, glob, ids).unwrap();
        paths.into_iter().map(|(path, count)| format!("{path} {count}")).collect::<Vec<_>>()
    };
    assert_eq!(paths((None, None), "*", None), ["/cart 2", "/ 1", "/[a]? 1", "/cart/x 1"]);
    assert_eq!(paths((ago(20), ago(10)), "*", None), ["/[a]? 1", "/cart 1"]);
    assert_eq!(paths((None, None), "/cart*", None), ["/cart 2", "/cart/x 1"]);
    assert_eq!(paths((None, None), "/[[]a][?]", None), ["/[a]? 1"]);
    let wanted = |paths: &[&str]| {
        let paths = Some(paths.iter().map(|path| (*path).to_owned()).collect());
        let filter = RecordingFilter { paths, limit: 10, ..RecordingFilter::default() };
        house.database.recordings(house.site, &filter).unwrap().recordings
    };
    let visitors = |rows: &[RecordingRow]| rows.iter().map(|row| row.visitor.as_u128()).collect::<Vec<_>>();
    let of_two = wanted(&["/cart", "/cart/x"]);
    assert_eq!(
        (visitors(&of_two), wanted(&[]).len(), visitors(&wanted(&["/"]))),
        (vec![1, 2, 3], 0, vec![1])
    );
    assert_eq!(paths((None, None), "*", Some(&[of_two[2].id])), ["/cart/x 1"]);
}
