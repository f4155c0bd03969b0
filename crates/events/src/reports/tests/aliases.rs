//! Two ids that are one visitor are counted as if every event had come with one id from the start, and visitors in no report
//! as if nothing had ever come from them.

use super::oracle::{CASES, Case, Site, edges, ranges};
use super::questions::{any_filter, anything, each_of_everything};
use super::traffic::{Dice, traffic};
use super::*;
use crate::aliases::{Aliases, Moves};
use crate::query::VisitFilters;
use crate::reports::current::current_visitors;
use crate::reports::matching::{Span, match_all};
use crate::rows::VisitorKey;

/// Who is who at random: pairs, chains, many of one, some restricted.
fn any_aliases(dice: &mut Dice, events: &[Event]) -> Aliases {
    let mut visitors: Vec<VisitorId> = events.iter().map(|event| event.visitor).collect();
    visitors.sort_unstable();
    visitors.dedup();
    let mut aliases = Aliases { version: 1, ..Aliases::default() };
    for at in 1..visitors.len() {
        if dice.once_in(3) {
            // Always to one before it, so that there is no ring.
            let to = if dice.once_in(3) { 0 } else { dice.below(at) };
            aliases.merged.push((visitors[at], visitors[to]));
        }
    }
    aliases.restricted = (0..visitors.len() / 40).map(|_| *dice.pick(&visitors)).collect();
    aliases
}

/// The same events as if each had come with the id it is counted as. In the order of arrival that rows of several ids have
/// who meet in one millisecond and one run: by id.
fn rewritten(events: &[Event], moves: &Moves) -> Vec<Option<Event>> {
    let counted = |event: &Event| {
        let visitor = moves.counts_as(event.visitor.into())?;
        Some(Event { visitor: visitor.into(), ..event.clone() })
    };
    events.iter().map(counted).collect()
}

fn traffic_of(case: &Case, dice: &mut Dice) -> (Vec<Event>, Calendar) {
    let start = case.midnight();
    let zone: TimeZone = case.zone.parse().unwrap();
    let mut events = traffic(dice, case.visitors, start, case.days, &edges(start, case.days, &zone));
    // Those of one millisecond in the order that they have once they lie in one run.
    events.sort_by_key(|event| VisitorKey::from(event.visitor));
    let first_event = events.iter().map(|event| event.at).min();
    let now = Timestamp(start.0 + case.days * domain::DAY_MS - 12_345);
    (events, Calendar { zone, now, first_event })
}

#[test]
fn every_report_is_that_of_events_that_came_with_one_id_from_the_start() {
    for (seed, case) in (1..).zip(&CASES) {
        let mut dice = Dice(seed);
        let case = Case { visitors: case.visitors.min(300), ..*case };
        let (events, calendar) = traffic_of(&case, &mut dice);
        let ranges = ranges(&case, case.midnight());
        let mut questions = anything(&mut dice, 60, &ranges);
        if seed == 1 {
            questions.extend(each_of_everything(&mut dice, &ranges));
        }
        let before = Site::of(&events, &mut Dice(seed)).ask(questions.clone(), &calendar);

        let aliases = any_aliases(&mut dice, &events);
        let moves = Moves::of(&aliases);
        let mut site = Site::of(&events, &mut Dice(seed));
        site.moves = moves.clone();
        let merged = site.ask(questions.clone(), &calendar);
        let from_the_start = Site::of_some(&rewritten(&events, &moves), &mut Dice(seed));
        assert_eq!(merged, from_the_start.ask(questions.clone(), &calendar), "{}", case.zone);
        assert_ne!(merged, before);

        site.moves = Moves::default();
        assert_eq!(site.ask(questions, &calendar), before, "unmerged, nothing is left of it");
    }
}

#[test]
fn what_visitors_did_is_found_by_either_id() {
    let mut dice = Dice(7);
    let (events, _) = traffic_of(&Case { visitors: 120, ..CASES[0] }, &mut dice);
    let moves = Moves::of(&any_aliases(&mut dice, &events));
    let mut site = Site::of(&events, &mut Dice(3));
    site.moves = moves.clone();
    let from_the_start = Site::of_some(&rewritten(&events, &moves), &mut Dice(3));
    let mut first_of = std::collections::BTreeMap::new();
    events.iter().for_each(|event| _ = first_of.entry(event.visitor).or_insert(event.at));
    let spans: Vec<Span> =
        first_of.into_iter().map(|(visitor, at)| Span { visitor, first: at, last: at + DAY }).collect();
    let range = Range { start: CASES[0].midnight(), end: CASES[0].midnight() + 3 * DAY };
    for _ in 0..40 {
        let wanted: Json = (0..dice.below(3)).map(|_| any_filter(&mut dice, 0)).collect();
        let wanted = VisitFilters::parse(&wanted, range).unwrap();
        let Ok(found) = match_all(&wanted, &spans, 2, |_, range| Ok::<_, Infallible>(site.view(range)));
        let by_end = |span: &Span| {
            let Some(visitor) = moves.counts_as(span.visitor.into()) else { return false };
            let span = Span { visitor: visitor.into(), ..*span };
            let view = |_: &[_], range| Ok::<_, Infallible>(from_the_start.view(range));
            let Ok(found) = match_all(&wanted, &[span], 1, view);
            found[0]
        };
        assert_eq!(found, spans.iter().map(by_end).collect::<Vec<_>>());
    }
}

const DAY: std::time::Duration = std::time::Duration::from_secs(86_400);

fn one_is(from: u128, to: u128, restricted: &[u128]) -> Moves {
    let id = VisitorId::from_u128;
    Moves::of(&Aliases {
        version: 1,
        merged: vec![(id(from), id(to))],
        restricted: restricted.iter().map(|who| id(*who)).collect(),
    })
}

fn counted(events: &[Event], moves: &Moves, metrics: &[&str]) -> Json {
    let json = json!({ "metrics": metrics });
    let answer = ask_of("UTC", json, |_| View::of_events(events).moved_by(moves.clone()));
    serde_json::to_value(&answer.results[0].metrics).unwrap()
}

#[test]
fn a_visit_goes_on_from_one_id_to_the_other() {
    let events = [page(1, "/a", 600.0), page(2, "/b", 620.0), page(1, "/c", 640.0), page(3, "/", 600.0)];
    let metrics = ["visitors", "visits", "pageviews", "visit_duration"];
    assert_eq!(counted(&events, &Moves::default(), &metrics), json!([3, 4, 4, 0]));
    assert_eq!(counted(&events, &one_is(1, 2, &[]), &metrics), json!([2, 2, 4, 1200]));
    assert_eq!(counted(&events, &one_is(1, 2, &[1]), &metrics), json!([1, 1, 1, 0]));
}

#[test]
fn an_id_that_two_visitors_sent_is_two_events_before_and_after_they_are_one() {
    let with_id = |event: Event| Event { id: Some(domain::EventId::from_u128(9)), ..event };
    let events = [with_id(page(1, "/a", 600.0)), with_id(page(2, "/a", 600.0))];
    for moves in [Moves::default(), one_is(1, 2, &[])] {
        assert_eq!(counted(&events, &moves, &["pageviews"]), json!([2]));
    }
}

#[test]
fn who_is_on_the_site_now_is_counted_once() {
    let events = [page(1, "/a", 0.0), page(2, "/a", 0.0), page(3, "/a", 0.0)];
    let now = |moves: Moves| current_visitors(&View::of_events(&events).moved_by(moves), START);
    assert_eq!(now(Moves::default()), 3);
    assert_eq!(now(one_is(1, 2, &[])), 2);
    assert_eq!(now(one_is(1, 2, &[2])), 1);
}
