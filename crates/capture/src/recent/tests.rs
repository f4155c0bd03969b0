use domain::DAY_MS;

use super::*;

const MIDNIGHT: Timestamp = Timestamp(20_000 * DAY_MS);

fn at(minutes: i64) -> Timestamp {
    Timestamp(MIDNIGHT.0 + minutes * MINUTE_MS)
}

fn visitor(number: usize) -> VisitorId {
    VisitorId::from_u128(number as u128)
}

#[test]
fn only_the_half_hour_before_midnight_is_noted() {
    let recent = RecentVisitors::default();
    recent.note_before_midnight(visitor(1), at(-31));
    assert!(recent.is_empty());
    recent.note_before_midnight(visitor(1), at(-30));
    assert_eq!(recent.len(), 1);
}

#[test]
fn a_visit_is_open_for_less_than_its_gap() {
    let recent = RecentVisitors::default();
    recent.note_before_midnight(visitor(1), at(-10));
    let last_moment = Timestamp(at(20).0 - 1);
    assert!(recent.goes_on(visitor(1), last_moment));
    assert!(recent.goes_on(visitor(1), Timestamp(last_moment.0 + GAP_MS - 1)));
    assert!(!recent.goes_on(visitor(1), Timestamp(last_moment.0 + 2 * GAP_MS)));
    assert!(!recent.goes_on(visitor(2), at(1)));
}

#[test]
fn a_late_event_does_not_turn_the_clock_back() {
    let recent = RecentVisitors::default();
    recent.note_before_midnight(visitor(1), at(-5));
    recent.note_before_midnight(visitor(1), at(-20));
    assert!(recent.goes_on(visitor(1), at(20)));
}

#[test]
fn ended_visits_are_forgotten() {
    let recent = RecentVisitors::default();
    for number in 0..1_000 {
        recent.note_before_midnight(visitor(number), at(-10));
    }
    assert_eq!(recent.len(), 1_000);
    assert!(!recent.goes_on(visitor(1), at(20)));
    assert!(recent.is_empty());
}

#[test]
fn a_full_table_takes_no_further_visitor_and_keeps_those_it_has() {
    let recent = RecentVisitors::default();
    for number in 0..=limits::RECENT_VISITORS {
        recent.note_before_midnight(visitor(number), at(-10));
    }
    assert_eq!(recent.len(), limits::RECENT_VISITORS);
    assert!(recent.goes_on(visitor(limits::RECENT_VISITORS - 1), at(10)));
    assert!(!recent.goes_on(visitor(limits::RECENT_VISITORS), at(10)));
}
