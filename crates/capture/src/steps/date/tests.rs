use super::*;
use crate::sample::NOON;

#[track_caller]
fn check(offset_ms: i64, admission: Admission, expected: Result<(), Refusal>) {
    let claimed = Timestamp(NOON.0 + offset_ms);
    assert_eq!(super::check(Some(claimed), NOON, admission), expected.map(|()| claimed), "{offset_ms} ms");
}

const WEEK: i64 = limits::EVENT_AGE_MAX.as_millis() as i64;
const AHEAD: i64 = limits::EVENT_AHEAD_MAX.as_millis() as i64;

#[test]
fn a_live_event_lies_within_7_days_back_and_10_minutes_ahead() {
    check(-WEEK, Admission::Live, Ok(()));
    check(-WEEK - 1, Admission::Live, Err(Refusal::Date));
    check(AHEAD, Admission::Live, Ok(()));
    check(AHEAD + 1, Admission::Live, Err(Refusal::Date));
}

#[test]
fn imported_history_reaches_back_to_2000() {
    let to_2000 = limits::HISTORY_BEGINS_MS - NOON.0;
    check(to_2000, Admission::Bulk, Ok(()));
    check(to_2000 - 1, Admission::Bulk, Err(Refusal::Date));
    check(AHEAD, Admission::Bulk, Ok(()));
    check(AHEAD + 1, Admission::Bulk, Err(Refusal::Date));
}

#[test]
fn an_event_without_a_time_happened_when_it_arrived() {
    assert_eq!(super::check(None, NOON, Admission::Live), Ok(NOON));
}

#[test]
fn absurd_times_are_refused_and_break_nothing() {
    for claimed in [i64::MIN, i64::MAX, 0] {
        assert_eq!(super::check(Some(Timestamp(claimed)), NOON, Admission::Live), Err(Refusal::Date));
    }
}
