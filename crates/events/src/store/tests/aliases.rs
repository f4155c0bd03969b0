//! What is said of visitors, in a store that absorbs and merges meanwhile.

use domain::VisitorId;
use serde_json::json;

use super::*;
use crate::aliases::Aliases;
use crate::query::{Answer, Calendar, Query};

fn id(number: u128) -> VisitorId {
    VisitorId::from_u128(number << 70 | 0x4000 << 64 | number)
}

fn one_is(from: u128, to: u128) -> Aliases {
    Aliases { merged: vec![(id(from), id(to))], ..Aliases::default() }
}

fn answers(store: &Store) -> Vec<Answer> {
    let calendar = Calendar { zone: "UTC".parse().unwrap(), now: START + 30 * DAY, first_event: Some(START) };
    let query = |json: serde_json::Value| Query::parse(&json, &calendar).unwrap();
    let metrics = json!(["visitors", "visits", "pageviews", "bounce_rate", "visit_duration"]);
    let by = |dimensions: &[&str]| {
        query(json!({ "site_id": "x", "metrics": metrics, "date_range": "all", "dimensions": dimensions }))
    };
    let filtered = query(json!({
        "site_id": "x", "metrics": ["visitors", "visits"], "date_range": "all",
        "filters": [["is", "event:page", ["/pricing"]]],
    }));
    let queries = [by(&[]), by(&["visit:source"]), by(&["visit:entry_page"]), by(&["time:day"]), filtered];
    store.answer(SITE, &queries, 2).unwrap().0
}

/// What a store answers that has just begun, which must be what the one answers that saw everything happen.
fn answered(house: &House) -> Vec<Answer> {
    let fresh = Store::new(house.disk.clone(), house.catalog.clone(), 64 << 20, 2);
    let answers = answers(&house.store);
    assert_eq!(answers, self::answers(&fresh));
    answers
}

/// No two of them in one millisecond: which comes first of such is a matter of how they lie.
fn apart(events: Vec<Event>) -> Vec<Event> {
    let apart = |(nth, event): (i64, Event)| Event { at: Timestamp(event.at.0 + nth), id: None, ..event };
    (0..).zip(events).map(apart).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn reports_are_those_of_one_id_while_two_are_one_and_those_of_before_after_it(
        events in any_events(60), more in any_events(20), pair in (0_u128..3, 3_u128..6), few in 1_usize..30,
    ) {
        let (from, to) = pair;
        let (events, more) = (apart(events), apart(more));
        let as_one = |events: &[Event]| -> Vec<Event> {
            let one = |event: &Event| if event.visitor == id(from) { id(to) } else { event.visitor };
            events.iter().map(|event| Event { visitor: one(event), ..event.clone() }).collect()
        };
        let (house, from_the_start) = (House::at(START + 25 * DAY), House::at(START + 25 * DAY));
        for some in events.chunks(few) {
            house.commit(some);
            from_the_start.commit(&as_one(some));
            house.worker().absorb().unwrap();
        }
        let before = answered(&house);
        house.catalog.say_of(SITE, one_is(from, to));
        prop_assert_eq!(answered(&house), answered(&from_the_start));
        house.catalog.say_of(SITE, Aliases::default());
        prop_assert_eq!(answered(&house), before);

        // Said again, more events, and everything merged meanwhile.
        house.catalog.say_of(SITE, one_is(from, to));
        house.commit(&more);
        from_the_start.commit(&as_one(&more));
        prop_assert_eq!(answered(&house), answered(&from_the_start));
        house.settle(Pace::Complete);
        prop_assert_eq!(answered(&house), answered(&from_the_start));
        house.catalog.say_of(SITE, Aliases::default());
        let untouched = House::at(START + 25 * DAY);
        untouched.commit(&events);
        untouched.commit(&more);
        prop_assert_eq!(answered(&house), answered(&untouched));
    }
}

#[test]
fn what_is_said_of_one_sites_visitors_is_said_of_no_others() {
    let house = House::at(START);
    let events = [1, 2].map(|who| Event { visitor: id(who), ..some_event() });
    house.commit(&events);
    let before = answered(&house);
    house.catalog.say_of(SiteId(2), one_is(1, 2));
    assert_eq!(answered(&house), before);
}

#[test]
fn an_export_gives_the_id_an_event_came_with_and_who_that_is_and_restricted_visitors_too() {
    let house = House::at(START);
    let events = [1, 2, 3].map(|who| Event { visitor: id(who), ..some_event() });
    house.commit(&events);
    let said = Aliases { merged: vec![(id(1), id(2)), (id(2), id(3))], restricted: vec![id(1)], version: 0 };
    house.catalog.say_of(SITE, said);
    let mut given = Vec::new();
    let export = house.store.hold(SITE).unwrap();
    let count = export.give(&mut |event, who| {
        given.push((event.visitor, who));
        ControlFlow::Continue(())
    });
    given.sort_unstable();
    assert_eq!(given, [(id(1), Some(id(3))), (id(2), Some(id(3))), (id(3), None)]);
    assert_eq!(count.unwrap(), 3);
    assert_eq!(house.served().len(), 3, "whoever reads everything to check it reads theirs, too");
    assert_eq!(house.store.current_visitors(SITE, START).unwrap(), 0);
}
