mod aliases;
mod matching;
mod oracle;
mod questions;
mod traffic;

use std::convert::Infallible;

use domain::{Event, Text, TimeZone, Timestamp, VisitorId};
use serde_json::{Value as Json, json};

use super::answer_all;
use crate::query::{Answer, Calendar, Query, Range};
use crate::store::View;
use crate::testing::{START, some_event};

fn event(visitor: u128, name: &str) -> Event {
    Event { visitor: VisitorId::from_u128(visitor), name: Text::clean(name, 100), ..some_event() }
}

/// Minutes after [`START`], which is midnight UTC.
fn at(event: Event, minutes: f64) -> Event {
    Event { at: Timestamp(START.0 + (minutes * 60_000.0).round() as i64), ..event }
}

fn page(visitor: u128, path: &str, minutes: f64) -> Event {
    at(Event { path: Text::clean(path, 100), ..event(visitor, Event::PAGEVIEW) }, minutes)
}

fn custom(visitor: u128, name: &str, minutes: f64) -> Event {
    at(event(visitor, name), minutes)
}

fn engagement(visitor: u128, path: &str, minutes: f64, depth: u8, spent_ms: u32) -> Event {
    let told =
        Event { scroll_depth: Some(depth), engaged_ms: Some(spent_ms), ..event(visitor, Event::ENGAGEMENT) };
    at(Event { path: Text::clean(path, 100), ..told }, minutes)
}

fn ask(events: &[Event], json: Json) -> Answer {
    ask_in("UTC", events, json)
}

fn ask_in(zone: &str, events: &[Event], json: Json) -> Answer {
    ask_of(zone, json, |_| View::of_events(events))
}

/// The same where a run holds one day, and only days that the walk asks for are there.
fn ask_of_days(events: &[Event], json: Json) -> Answer {
    ask_of("UTC", json, |range| View::of_runs(events, 1, range))
}

fn ask_of(zone: &str, mut json: Json, view: impl Fn(Range) -> View) -> Answer {
    json["site_id"] = "example.com".into();
    if json.get("date_range").is_none() {
        json["date_range"] = json!(["2026-03-20", "2026-03-20"]);
    }
    let zone: TimeZone = zone.parse().unwrap();
    let calendar = Calendar { zone, now: START, first_event: None };
    let query = Query::parse(&json, &calendar).unwrap();
    let view = |_: &[_], range| Ok::<_, Infallible>(view(range));
    let Ok((answers, _)) = answer_all(&[query], 2, view);
    answers.into_iter().next().unwrap()
}

/// The numbers of a report without dimensions.
fn totals(events: &[Event], metrics: &[&str]) -> Json {
    serde_json::to_value(&ask(events, json!({ "metrics": metrics })).results[0].metrics).unwrap()
}

/// `label, label: [numbers]` for each row.
fn rows(answer: &Answer) -> Vec<String> {
    answer
        .results
        .iter()
        .map(|row| format!("{}: {}", row.dimensions.join(", "), serde_json::to_string(&row.metrics).unwrap()))
        .collect()
}

const VISIT: [&str; 4] = ["visits", "views_per_visit", "bounce_rate", "visit_duration"];

#[test]
fn two_pages_a_second_less_than_half_an_hour_apart_are_one_visit() {
    let events = [page(1, "/a", 600.0), page(1, "/b", 600.0 + 29.0 + 59.0 / 60.0)];
    assert_eq!(totals(&events, &VISIT), json!([1, 2.0, 0, 1799]));
    let answer = ask(
        &events,
        json!({ "metrics": ["visitors"], "dimensions": ["visit:entry_page", "visit:exit_page"] }),
    );
    assert_eq!(rows(&answer), ["/a, /b: [1]"]);
}

#[test]
fn two_pages_exactly_half_an_hour_apart_are_two_bounced_visits() {
    let events = [page(1, "/a", 600.0), page(1, "/b", 630.0)];
    assert_eq!(totals(&events, &VISIT), json!([2, 1.0, 100, 0]));
}

#[test]
fn a_visitor_around_midnight_counts_on_each_day_and_once_over_both() {
    let events = [page(1, "/a", 1430.0), page(1, "/b", 1450.0)];
    let both = json!(["2026-03-20", "2026-03-21"]);
    let by_day = ask(
        &events,
        json!({ "metrics": ["visitors", "visits"], "dimensions": ["time:day"], "date_range": both }),
    );
    assert_eq!(rows(&by_day), ["2026-03-20: [1,0]", "2026-03-21: [1,1]"]);
    let over_both = ask(&events, json!({ "metrics": ["visitors", "visits"], "date_range": both }));
    assert_eq!(rows(&over_both), [": [1,1]"]);
}

#[test]
fn engagement_keeps_a_visit_open() {
    let events = [page(1, "/a", 600.0), engagement(1, "/a", 625.0, 50, 1000), page(1, "/b", 650.0)];
    assert_eq!(totals(&events, &VISIT), json!([1, 2.0, 0, 3000]));
}

#[test]
fn an_interactive_custom_event_clears_a_bounce_and_a_passive_one_does_not() {
    let events = [page(1, "/a", 600.0), custom(1, "signup", 601.0)];
    assert_eq!(totals(&events, &VISIT), json!([1, 1.0, 0, 60]));
    let events = [page(1, "/a", 600.0), Event { interactive: false, ..custom(1, "signup", 601.0) }];
    assert_eq!(totals(&events, &VISIT), json!([1, 1.0, 100, 60]));
}

#[test]
fn a_custom_event_alone_is_a_visit_without_entry_or_exit_page() {
    let events = [custom(1, "signup", 600.0)];
    assert_eq!(totals(&events, &VISIT), json!([1, 0.0, 0, 0]));
    let answer =
        ask(&events, json!({ "metrics": ["visits"], "dimensions": ["visit:entry_page", "visit:exit_page"] }));
    assert_eq!(rows(&answer), ["(not set), (not set): [1]"]);
}

#[test]
fn a_second_campaign_within_a_visit_changes_nothing() {
    let mut events = [page(1, "/a", 600.0), page(1, "/b", 605.0)];
    events[0].referral.source = Text::clean("a", 9);
    events[1].referral.source = Text::clean("b", 9);
    let answer = ask(&events, json!({ "metrics": ["visits", "pageviews"], "dimensions": ["visit:source"] }));
    assert_eq!(rows(&answer), ["a: [1,2]"]);
}

#[test]
fn engagement_alone_counts_for_nothing_and_is_tallied() {
    let events = [engagement(1, "/a", 600.0, 50, 1000)];
    assert_eq!(totals(&events, &["visitors", "visits", "pageviews", "events"]), json!([0, 0, 0, 0]));
    let calendar = Calendar { zone: TimeZone::utc(), now: START, first_event: None };
    let json = json!({ "site_id": "x", "metrics": ["visitors"], "date_range": "day" });
    let query = Query::parse(&json, &calendar).unwrap();
    let Ok((_, counts)) = answer_all(&[query], 1, |_, _| Ok::<_, Infallible>(View::of_events(&events)));
    assert_eq!(counts.no_visit, 1);
}

#[test]
fn depth_is_the_average_of_each_visitors_deepest_and_time_is_per_visit() {
    let events = [
        page(1, "/a", 600.0),
        engagement(1, "/a", 601.0, 30, 10_000),
        engagement(1, "/a", 602.0, 80, 5_500),
        page(2, "/a", 600.0),
        engagement(2, "/a", 601.0, 41, 1_000),
        page(3, "/a", 600.0),
    ];
    let answer = ask(
        &events,
        json!({ "metrics": ["visitors", "scroll_depth", "time_on_page"], "dimensions": ["event:page"] }),
    );
    // (80 + 41) / 2 rounds away from zero; 16.5 s over three visits.
    assert_eq!(rows(&answer), ["/a: [3,61,6]"]);
}

#[test]
fn time_on_a_page_without_engagement_is_unknown() {
    let answer = ask(
        &[page(1, "/a", 600.0)],
        json!({ "metrics": ["time_on_page", "scroll_depth"], "dimensions": ["event:page"] }),
    );
    assert_eq!(rows(&answer), ["/a: [null,null]"]);
}

#[test]
fn a_bounce_rate_by_page_is_of_the_visits_that_entered_there() {
    let events = [page(1, "/a", 600.0), page(1, "/b", 601.0), page(2, "/b", 600.0)];
    let answer = ask(
        &events,
        json!({ "metrics": ["visitors", "visits", "bounce_rate"], "dimensions": ["event:page"] }),
    );
    assert_eq!(rows(&answer), ["/b: [2,2,100]", "/a: [1,1,0]"]);
}

#[test]
fn by_hour_a_visit_counts_in_every_hour_it_spans() {
    let events =
        [page(1, "/a", 630.0), engagement(1, "/a", 655.0, 1, 1), page(1, "/b", 680.0), page(1, "/c", 700.0)];
    let answer = ask(&events, json!({ "metrics": ["visitors", "visits"], "dimensions": ["time:hour"] }));
    assert_eq!(rows(&answer), ["2026-03-20 10:00:00: [1,1]", "2026-03-20 11:00:00: [1,1]"]);
}

#[test]
fn the_hour_that_the_clocks_repeat_is_two_hours_with_two_names() {
    // Europe/Berlin, 2026-10-25: 02:00 to 03:00 happens at +02:00 and again at +01:00.
    let minutes = |hour: f64| (Timestamp(1_792_886_400_000 - START.0).0 as f64) / 60_000.0 + hour * 60.0;
    let events = [page(1, "/a", minutes(0.5)), page(2, "/a", minutes(1.5))];
    let answer = ask_in(
        "Europe/Berlin",
        &events,
        json!({ "metrics": ["visitors"], "dimensions": ["time:hour"], "include": { "time_labels": true },
                "date_range": ["2026-10-25", "2026-10-25"] }),
    );
    assert_eq!(rows(&answer), ["2026-10-25 02:00:00+02:00: [1]", "2026-10-25 02:00:00+01:00: [1]"]);
    assert_eq!(answer.meta.time_labels.unwrap().len(), 25);
    assert_eq!(answer.query["date_range"], json!(["2026-10-25T00:00:00+02:00", "2026-10-25T23:59:59+01:00"]));
}

#[test]
fn a_visit_that_began_long_before_the_range_keeps_its_source() {
    // A tab that says every 25 minutes that it is in use, for two days before the day that is asked about.
    let mut events = vec![page(1, "/a", -2880.0)];
    events[0].referral.source = Text::clean("Google", 9);
    events.extend((-115..=2).map(|step| engagement(1, "/a", f64::from(step) * 25.0, 1, 1)));
    events.push(page(1, "/b", 60.0));
    let answer =
        ask(&events, json!({ "metrics": ["visits", "visit_duration"], "dimensions": ["visit:source"] }));
    assert_eq!(rows(&answer), [format!("Google: [1,{}]", 2940 * 60)]);
}

#[test]
fn a_filter_finds_a_visit_whose_deciding_event_lies_days_away() {
    let mut events = vec![page(1, "/start", -2880.0)];
    events[0].referral.source = Text::clean("Google", 9);
    events.extend((-115..=173).map(|step| engagement(1, "/tab", f64::from(step) * 25.0, 1, 1)));
    events.push(page(1, "/end", 4330.0));
    events.push(page(2, "/other", 600.0));
    let visits = |filter: Json| {
        let answer = ask_of_days(&events, json!({ "metrics": ["visits"], "filters": [filter] }));
        answer.results[0].metrics[0]
    };
    let one = crate::query::Value::Whole(1);
    assert_eq!(visits(json!(["is", "visit:source", ["Google"]])), one, "its first event, two days before");
    assert_eq!(visits(json!(["is", "visit:exit_page", ["/end"]])), one, "its last page, three days after");
}

#[test]
fn percentage_is_of_the_visitors_of_the_whole_report() {
    let events = [page(1, "/a", 1.0), page(1, "/b", 2.0), page(2, "/a", 1.0), page(3, "/a", 1.0)];
    let answer = ask(&events, json!({ "metrics": ["visitors", "percentage"], "dimensions": ["event:page"] }));
    assert_eq!(rows(&answer), ["/a: [3,100.0]", "/b: [1,33.3]"]);
}

#[test]
fn a_property_is_a_dimension_and_a_filter() {
    let with = |event: Event, plan: &str| Event {
        properties: vec![(Text::clean("plan", 9), Text::clean(plan, 9))],
        ..event
    };
    let events =
        [with(custom(1, "signup", 1.0), "pro"), with(custom(2, "signup", 1.0), "free"), page(3, "/a", 1.0)];
    let by_plan =
        ask(&events, json!({ "metrics": ["visitors", "events"], "dimensions": ["event:props:plan"] }));
    assert_eq!(rows(&by_plan), ["(none): [1,1]", "free: [1,1]", "pro: [1,1]"]);
    let filters = json!([["is_not", "event:props:plan", ["(none)"]], ["contains", "event:props:plan", ["R"], { "case_sensitive": false }]]);
    let filtered = ask(
        &events,
        json!({ "metrics": ["visitors"], "dimensions": ["event:props:plan"], "filters": filters }),
    );
    assert_eq!(rows(&filtered), ["free: [1]", "pro: [1]"]);
}
