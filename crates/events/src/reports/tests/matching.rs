//! What visitors did, held against filters, is what a report of the same filters counts.

use super::traffic::{Dice, traffic};
use super::*;
use crate::query::{Value, VisitFilters};
use crate::reports::matching::{Span, match_all};

const MINUTE: i64 = 60_000;

fn day() -> Range {
    Range { start: START, end: Timestamp(START.0 + domain::DAY_MS) }
}

fn filters(json: &Json) -> VisitFilters {
    VisitFilters::parse(json, day()).unwrap()
}

/// What a visitor did between two moments, in milliseconds after midnight.
fn span(visitor: u128, first: i64, last: i64) -> Span {
    let at = |moment: i64| Timestamp(START.0 + moment);
    Span { visitor: VisitorId::from_u128(visitor), first: at(first), last: at(last) }
}

fn matched(events: &[Event], wanted: &VisitFilters, spans: &[Span]) -> Vec<bool> {
    let Ok(matched) = match_all(wanted, spans, 2, |_, _| Ok::<_, Infallible>(View::of_events(events)));
    // Where runs hold a day each, and only those that the walk asks for are there, nothing else comes out.
    let in_days = |_: &[_], range| Ok::<_, Infallible>(View::of_runs(events, 1, range));
    let Ok(again) = match_all(wanted, spans, 2, in_days);
    assert_eq!(matched, again);
    matched
}

#[test]
fn what_a_visitor_did_belongs_to_a_visit_from_its_first_event_until_half_an_hour_after_the_last_told_of_it() {
    let events = [page(1, "/a", 60.0), engagement(1, "/a", 80.0, 50, 1_000)];
    let (start, over) = (60 * MINUTE, 110 * MINUTE);
    let spans = [
        span(1, 0, start - 1),
        span(1, 0, start),
        span(1, over - 1, over + MINUTE),
        span(1, over, over + MINUTE),
        span(1, 0, over + MINUTE),
    ];
    assert_eq!(matched(&events, &filters(&json!([])), &spans), [false, true, true, false, true]);
}

#[test]
fn of_each_visitor_the_own_visits_are_told_in_the_order_in_which_they_were_asked_about() {
    let events = [page(1, "/a", 1.0), page(2, "/b", 1.0), page(1, "/b", 120.0)];
    let spans = [
        span(2, 0, 5 * MINUTE),
        span(1, 0, 5 * MINUTE),
        span(1, 115 * MINUTE, 125 * MINUTE),
        span(3, 0, 200 * MINUTE),
        span(1, 0, 5 * MINUTE),
    ];
    let ask = |json: Json| matched(&events, &filters(&json), &spans);
    assert_eq!(ask(json!([])), [true, true, true, false, true]);
    assert_eq!(ask(json!([["is", "event:page", ["/b"]]])), [true, false, true, false, false]);
    assert_eq!(ask(json!([["is", "visit:entry_page", ["/a"]]])), [false, true, false, false, true]);
    assert_eq!(
        ask(json!([["has_not_done", ["is", "event:page", ["/a"]]]])),
        [true, false, true, false, false]
    );
    assert!(matched(&events, &filters(&json!([])), &[]).is_empty());
}

#[test]
fn a_visit_counts_by_what_of_it_lies_in_the_range_of_the_filters() {
    let events = [page(1, "/late", -5.0), page(1, "/early", 5.0), page(2, "/late", -5.0)];
    let spans = [span(1, -10 * MINUTE, 10 * MINUTE), span(2, -10 * MINUTE, 10 * MINUTE)];
    let ask = |json: Json| matched(&events, &filters(&json), &spans);
    assert_eq!(ask(json!([])), [true, false]);
    assert_eq!(ask(json!([["is", "event:page", ["/late"]]])), [false, false]);
    assert_eq!(ask(json!([["is", "visit:entry_page", ["/late"]]])), [true, false]);
}

#[test]
fn of_any_traffic_and_any_filters_those_match_who_have_a_visit_in_a_report_of_them() {
    let mut dice = Dice(5);
    let edges = [START.0, START.0 + domain::DAY_MS];
    let events = traffic(&mut dice, 120, Timestamp(START.0 - domain::DAY_MS), 3, &edges);
    let mut visitors: Vec<VisitorId> = events.iter().map(|event| event.visitor).collect();
    visitors.sort_unstable();
    visitors.dedup();
    let whole = |visitor: &VisitorId| span(visitor.as_u128(), -4 * domain::DAY_MS, 8 * domain::DAY_MS);
    let spans: Vec<Span> = visitors.iter().map(whole).collect();
    let of_one: Vec<Vec<Event>> = visitors
        .iter()
        .map(|visitor| events.iter().filter(|event| event.visitor == *visitor).cloned().collect())
        .collect();
    for _ in 0..60 {
        let wanted: Json = (0..dice.below(3)).map(|_| super::questions::any_filter(&mut dice, 0)).collect();
        let counted: Vec<bool> = of_one
            .iter()
            .map(|events| {
                let answer = ask(events, json!({ "metrics": ["visits"], "filters": wanted }));
                answer.results.first().is_some_and(|row| row.metrics[0] != Value::Whole(0))
            })
            .collect();
        assert_eq!(matched(&events, &filters(&wanted), &spans), counted, "{wanted}");
        // Moment by moment, in whole and in days.
        let moments =
            events.iter().map(|event| Span { first: event.at, last: event.at, visitor: event.visitor });
        matched(&events, &filters(&wanted), &moments.collect::<Vec<_>>());
    }
}
