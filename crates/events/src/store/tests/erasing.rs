//! Erasing visitors, and what is older than its site keeps.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Text, VisitorId};

use super::*;
use crate::catalog::Segment;
use crate::dictionary::Dictionaries;
use crate::segments::SegmentReader;

const CANARY: &str = "only-of-the-erased";

fn visitor(number: u128) -> VisitorId {
    VisitorId::from_u128(number << 70 | 0x4000 << 64 | number)
}

/// An event of a visitor after so many days, whose path nobody else has where it is visitor 1.
fn event_of(number: u128, days: u32) -> Event {
    let path = if number == 1 { format!("/{CANARY}/{days}") } else { "/shared".to_owned() };
    let at = START + days * DAY;
    Event { visitor: visitor(number), at, path: Text::clean(&path, 200), ..some_event() }
}

fn erasure(number: u64, visitors: &[VisitorId]) -> Erasure {
    Erasure { number, site: SITE, visitors: visitors.to_vec() }
}

/// Every text of every segment that is stored, live or not.
fn stored_texts(house: &House) -> BTreeSet<String> {
    let snapshot = house.catalog.snapshot().unwrap();
    let mut texts = BTreeSet::new();
    for (_, id) in house.disk.stored_segments().unwrap() {
        let segment: &Segment =
            snapshot.segments.iter().find(|segment| segment.id == id).expect("a live one");
        let object = house.disk.open_segments(&[segment]).unwrap().remove(0);
        let reader = SegmentReader::open(object, segment.bytes, segment.footer).unwrap();
        let known = Dictionaries::new();
        reader.columns(&Column::ALL, &known).unwrap();
        for column in Column::ALL.into_iter().filter(|column| !column.is_number()) {
            let codes: Vec<u32> = (0..known.of(column).len() as u32).collect();
            texts.extend(known.of(column).texts(&codes).iter().map(ToString::to_string));
        }
    }
    texts
}

/// Events of three visitors in a month's segment, a day's, set aside and in a closed journal file.
fn house_of_all_places() -> House {
    let house = House::at(START + 120 * DAY);
    let everybody = |days| [1, 2, 3].map(|number| event_of(number, days));
    house.commit(&everybody(0));
    house.commit(&everybody(5));
    house.settle(Pace::Complete);
    house.commit(&everybody(119));
    let suspicion = Some(Suspicion::ALL[0]);
    house.commit(&everybody(118).map(|event| Event { suspicion, ..event }));
    house.settle(Pace::Gradual);
    house.commit(&everybody(120));
    house
}

#[test]
fn an_erased_visitor_is_gone_from_segments_and_journal_and_nobody_else_is() {
    let house = house_of_all_places();
    assert!(house.served().iter().filter(|event| event.visitor == visitor(1)).count() == 5);
    let before = house.store.of_visitors(SITE, &[visitor(1)]).unwrap();
    assert_eq!((before.found.events, before.found.set_aside, before.found.visits), (4, 1, 4));
    assert_eq!(before.found.span, Some((START, START + 120 * DAY)));
    assert_eq!(house.worker().erase(&erasure(7, &[visitor(1)])).unwrap(), Erasing::Done);
    let left = house.served();
    assert_eq!(left.len(), 10);
    assert!(left.iter().all(|event| event.visitor != visitor(1)));
    assert!(stored_texts(&house).iter().all(|text| !text.contains(CANARY)));
    let erased = house.catalog.erased(7);
    assert_eq!((erased.events, erased.set_aside, erased.visits), (4, 1, 4));
    assert_eq!(house.store.still_stored(&erased.files).unwrap(), Vec::<String>::new());
    assert!(house.store.of_visitors(SITE, &[visitor(1)]).unwrap().found.is_nothing());
    // What is on the disk is what is live, and one journal file that holds nothing.
    assert_eq!(house.segment_files(), house.catalog.snapshot().unwrap().segments.len());
    let journal: u64 = std::fs::read_dir(house.data.path().join("journal"))
        .unwrap()
        .map(|file| file.unwrap().metadata().unwrap().len())
        .sum();
    assert!(journal < 64, "{journal} bytes of journal are left");
}

/// Whether a store has this text in memory.
fn remembers(store: &Store, text: &str) -> bool {
    let texts = store.lock().texts_of(SITE);
    let mut found = false;
    for (dictionaries, column) in texts.values().flat_map(|texts| Column::ALL.map(|column| (texts, column))) {
        dictionaries.of(column).judge(|known| found |= known.contains(text));
    }
    found
}

#[test]
fn a_store_lets_go_of_what_was_erased_and_of_nothing_else() {
    let house = house_of_all_places();
    // A month that the erased visitor was never in.
    house.commit(&[event_of(2, 60), event_of(3, 61)]);
    house.settle(Pace::Complete);
    let store = &house.store;
    house.served();
    assert!(remembers(store, CANARY) && remembers(store, "/shared"));
    house.worker().erase(&erasure(7, &[visitor(1)])).unwrap();
    store.let_go(SITE);
    assert!(!remembers(store, CANARY));
    assert!(remembers(store, "/shared"), "what others have stays");
    let rows = |house: &House| -> u64 {
        let snapshot = house.catalog.snapshot().unwrap();
        snapshot.segments.iter().map(|segment| u64::from(segment.rows)).sum()
    };
    let before = store.rows_decoded();
    let served = house.served();
    let again = store.rows_decoded() - before;
    assert!(again > 0 && again < rows(&house), "{again} of {} rows are read again", rows(&house));
    assert_eq!(served.len(), 12);
    // Whatever codes mean now, they mean it for the next that come, too.
    house.commit(&[event_of(1, 120), event_of(2, 120)]);
    assert_eq!(house.served().len(), 14);
    assert!(remembers(store, CANARY), "what comes later is another visit");
}

#[test]
fn texts_of_the_erased_are_found_in_what_is_stored_before() {
    let house = house_of_all_places();
    let places = [0, 5, 118, 119].map(|days| format!("/{CANARY}/{days}"));
    house.worker().collect_garbage().unwrap();
    house.clock.advance(DAY);
    house.worker().collect_garbage().unwrap();
    let texts = stored_texts(&house);
    assert!(places.iter().all(|place| texts.contains(place)), "{texts:?}");
}

#[test]
fn what_comes_of_an_erased_visitor_later_is_another_visit() {
    let house = house_of_all_places();
    house.worker().erase(&erasure(1, &[visitor(1)])).unwrap();
    house.commit(&[event_of(1, 120)]);
    house.settle(Pace::Complete);
    let of_visitor = house.served().into_iter().filter(|event| event.visitor == visitor(1)).count();
    assert_eq!(of_visitor, 1);
}

#[test]
fn an_erasure_waits_for_a_journal_file_that_is_still_written() {
    let house = House::at(START);
    let mut writer = house.writer();
    writer.commit(&batch(&[event_of(1, 0)])).unwrap();
    assert_eq!(house.worker().erase(&erasure(1, &[visitor(1)])).unwrap(), Erasing::Waits);
    assert_eq!(house.served().len(), 1);
    drop(writer);
    assert_eq!(house.worker().erase(&erasure(1, &[visitor(1)])).unwrap(), Erasing::Done);
    assert_eq!((house.served().len(), house.catalog.erased(1).events), (0, 1));
}

#[test]
fn erasing_nobody_that_was_here_writes_no_segment_anew() {
    let house = house_of_all_places();
    house.settle(Pace::Complete);
    let before: Vec<_> = house.catalog.snapshot().unwrap().segments.iter().map(|one| one.id).collect();
    assert_eq!(house.worker().erase(&erasure(1, &[visitor(9)])).unwrap(), Erasing::Done);
    let after: Vec<_> = house.catalog.snapshot().unwrap().segments.iter().map(|one| one.id).collect();
    assert_eq!(before, after);
    assert!(house.catalog.erased(1).is_nothing());
}

#[test]
fn events_go_on_the_day_on_which_they_are_as_old_as_their_site_keeps_them() {
    let house = House::at(START + 31 * DAY);
    let events: Vec<Event> = (0..31).map(|days| event_of(2, days)).collect();
    house.commit(&events);
    house.settle(Pace::Complete);
    let expire = |days: u32| {
        let oldest = BTreeMap::from([(SITE, START + days * DAY)]);
        house.worker().expire(&oldest).unwrap()
    };
    assert_eq!(expire(0), Progress::Idle);
    assert_eq!(house.served().len(), 31);
    assert_eq!(expire(3), Progress::Made);
    assert_eq!(house.served(), events[3..]);
    assert_eq!(expire(3), Progress::Idle);
    // The first month's segment goes whole: nothing is written for it.
    let files = house.segment_files();
    assert_eq!(expire(20), Progress::Made);
    assert_eq!(house.served(), events[20..]);
    assert!(house.segment_files() < files);
    assert_eq!(expire(40), Progress::Made);
    assert_eq!((house.served().len(), house.segment_files()), (0, 0));
}

#[test]
fn what_goes_next_is_told_by_the_day_from_segments_and_journal() {
    let house = House::at(START + 31 * DAY);
    house.commit(&[event_of(2, 0), event_of(3, 0), event_of(2, 1)]);
    house.settle(Pace::Complete);
    house.commit(&[event_of(2, 1), event_of(2, 2)]);
    let by_day = house.store.by_day(SITE, START + 2 * DAY).unwrap();
    let days: Vec<_> = by_day.iter().map(|(day, (events, _))| (day - START.utc_day(), *events)).collect();
    assert_eq!(days, [(0, 2), (1, 2)]);
    let bytes = house.catalog.snapshot().unwrap().bytes();
    assert!(by_day.values().map(|(_, bytes)| bytes).sum::<u64>().abs_diff(bytes) <= 2);
}

#[test]
fn counts_that_are_older_than_a_site_keeps_go_as_well_and_those_of_others_stay() {
    let house = House::at(START + 9 * DAY);
    let other = SiteId(2);
    let suspicion = Some(Suspicion::ALL[0]);
    let set_aside = |days| Event { suspicion, ..event_of(2, days) };
    let mut both = batch(&[set_aside(1), set_aside(5)]);
    both.add_event(other, Box::new(set_aside(1)));
    house.writer().commit(&both).unwrap();
    house.settle(Pace::Gradual);
    assert_eq!(house.worker().expire(&BTreeMap::from([(SITE, START + 5 * DAY)])).unwrap(), Progress::Made);
    let days = |site| {
        let counts = house.store.counts(site, i64::MIN).unwrap();
        counts.iter().map(|count| count.utc_day - START.utc_day()).collect::<Vec<_>>()
    };
    assert_eq!((days(SITE), days(other)), (vec![5], vec![1]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn an_erasure_that_is_killed_anywhere_is_done_when_it_is_begun_anew(
        mut events in any_events(60), steps in 1_usize..40, who in 0_u128..6, pace in prop_oneof![
            Just(Pace::Gradual), Just(Pace::Complete)
        ],
    ) {
        events.iter_mut().for_each(|event| event.id = None);
        let house = House::at(START + 25 * DAY);
        let (early, late) = events.split_at(events.len() / 2);
        house.commit(early);
        house.settle(pace);
        house.commit(late);
        let before = expected(&events);
        let (gone, left): (Vec<_>, Vec<_>) = before.iter().cloned().partition(|event| event.visitor == visitor(who));
        match house.worker_for(steps).erase(&erasure(3, &[visitor(who)])) {
            Err(StoreError::Stopped) => {
                let served = house.served();
                prop_assert!(served == before || served == left, "it is there whole or not at all");
            }
            done => prop_assert_eq!(done.unwrap(), Erasing::Done),
        }
        prop_assert_eq!(house.worker().erase(&erasure(3, &[visitor(who)])).unwrap(), Erasing::Done);
        prop_assert_eq!(house.served(), left.clone());
        let erased = house.catalog.erased(3);
        prop_assert_eq!(erased.events + erased.set_aside, gone.len() as u64, "all is told, though it was cut off");
        house.settle(Pace::Complete);
        house.clock.advance(DAY);
        house.worker().collect_garbage().unwrap();
        prop_assert_eq!(house.served(), left);
    }

    #[test]
    fn expiry_that_is_killed_anywhere_is_done_when_it_is_begun_anew(
        mut events in any_events(60), steps in 1_usize..40, days in 0_u32..25,
    ) {
        events.iter_mut().for_each(|event| event.id = None);
        let house = House::at(START + 25 * DAY);
        house.commit(&events);
        house.settle(Pace::Complete);
        let oldest = START + days * DAY;
        let left: Vec<_> = expected(&events).into_iter().filter(|event| event.at >= oldest).collect();
        let of_site = BTreeMap::from([(SITE, oldest)]);
        let outcome = house.worker_for(steps).expire(&of_site);
        prop_assert!(matches!(outcome, Ok(_) | Err(StoreError::Stopped)), "{outcome:?}");
        house.worker().expire(&of_site).unwrap();
        prop_assert_eq!(house.served(), left);
        prop_assert_eq!(house.worker().expire(&of_site).unwrap(), Progress::Idle);
    }
}

/// The events that are held, as they are given.
fn given(held: &Belongings) -> Vec<Event> {
    let mut events = Vec::new();
    let count = held.give(&mut |event| {
        events.push(event);
        std::ops::ControlFlow::Continue(())
    });
    assert_eq!(count.unwrap(), events.len() as u64);
    events
}

#[test]
fn what_is_kept_of_some_visitors_is_given_from_every_place_as_often_as_it_is_wanted() {
    let house = house_of_all_places();
    let held = house.store.hold_of(SITE, &[visitor(3), visitor(1)]).unwrap();
    let events = given(&held);
    let of = |number| events.iter().filter(|event| event.visitor == visitor(number)).collect::<Vec<_>>();
    assert_eq!((of(1).len(), of(3).len(), events.len()), (5, 5, 10));
    assert_eq!(of(1).iter().filter(|event| event.suspicion.is_some()).count(), 1);
    assert!(of(1).is_sorted_by_key(|event| event.at) && of(3).is_sorted_by_key(|event| event.at));
    // What is merged or erased meanwhile changes nothing of what is held.
    house.worker().erase(&erasure(7, &[visitor(1)])).unwrap();
    assert_eq!(given(&held), events);
    assert_eq!(given(&house.store.hold_of(SITE, &[visitor(3), visitor(1)]).unwrap()).len(), 5);
    assert!(house.store.hold_of(SITE, &[visitor(1), visitor(9)]).unwrap().is_empty());
}
