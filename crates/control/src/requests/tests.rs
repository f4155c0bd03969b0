use std::time::Duration;

use domain::DAY_MS;
use domain::audit::{Act, Actor, Log, NewEntry, Object, ObjectKind};

use super::*;

const NOW: Timestamp = Timestamp(1_700_000_000_000);
const SITE: SiteId = SiteId(1);

fn database() -> (tempfile::TempDir, Database) {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().join("control.db"), &crate::testing::key(1)).unwrap();
    (folder, database)
}

fn act<T>(
    database: &Database,
    work: impl FnOnce(&Work<'_>) -> Result<T, RequestError>,
) -> Result<T, RequestError> {
    let object = Object::sole(ObjectKind::VisitorRequest);
    database.act(Log(1), &NewEntry::new(NOW, Actor::nobody(), Act::VisitorRequestMake, object), work)
}

fn somebody() -> Asker {
    Asker {
        visitor: Some(VisitorId::from_u128(7)),
        known_as: "customer 12".to_owned(),
        email: "ann@example.com".to_owned(),
        words: "All of it, please".to_owned(),
    }
}

fn ask(database: &Database, site: SiteId, at: Timestamp) -> Result<VisitorRequest, RequestError> {
    act(database, |work| work.add_request(site, RequestKind::Erase, &somebody(), at))
}

fn answer(database: &Database, number: u64) -> Result<VisitorRequest, RequestError> {
    act(database, |work| work.answer_request(SITE, number, RequestAnswer::Done, Timestamp(NOW.0 + DAY_MS)))
}

#[test]
fn a_request_waits_with_all_that_was_said_and_is_due_in_four_weeks() {
    let (_folder, database) = database();
    let asked = ask(&database, SITE, NOW).unwrap();
    assert_eq!(asked.asker, Some(somebody()));
    assert_eq!(asked.due_at, NOW + Duration::from_secs(28 * 86_400));
    assert_eq!(database.requests(SITE, 10).unwrap(), std::slice::from_ref(&asked));
    assert_eq!(database.request(SITE, asked.number).unwrap(), Some(asked.clone()));
    assert_eq!(database.request(SiteId(2), asked.number).unwrap(), None);
}

#[test]
fn an_answer_is_given_once_and_nothing_tells_any_more_who_asked() {
    let (_folder, database) = database();
    let asked = ask(&database, SITE, NOW).unwrap();
    assert_eq!(answer(&database, asked.number).unwrap().asker, Some(somebody()), "to be told, this once");
    assert!(matches!(answer(&database, asked.number), Err(RequestError::NotWaiting)));
    let [kept] = &database.requests(SITE, 10).unwrap()[..] else { panic!("one") };
    assert_eq!(kept.asker, None);
    assert_eq!(kept.answered, Some((RequestAnswer::Done, Timestamp(NOW.0 + DAY_MS))));
    let texts: String = database
        .connection()
        .query_row(
            "SELECT known_as || email || words || coalesce(hex(visitor), '') FROM visitor_request",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(texts, "");
}

#[test]
fn what_waits_comes_first_and_the_most_urgent_of_it() {
    let (_folder, database) = database();
    let numbers: Vec<u64> = [3, 1, 2]
        .iter()
        .map(|day| ask(&database, SITE, Timestamp(NOW.0 + day * DAY_MS)).unwrap().number)
        .collect();
    answer(&database, numbers[1]).unwrap();
    let listed: Vec<u64> =
        database.requests(SITE, 10).unwrap().iter().map(|request| request.number).collect();
    assert_eq!(listed, [numbers[2], numbers[0], numbers[1]]);
    assert_eq!(database.requests(SITE, 1).unwrap().len(), 1);
}

#[test]
fn a_request_is_overdue_a_moment_after_its_day_and_not_once_it_is_answered() {
    let (_folder, database) = database();
    let asked = ask(&database, SITE, NOW).unwrap();
    assert_eq!(database.requests_overdue(asked.due_at).unwrap(), 0);
    assert_eq!(database.requests_overdue(Timestamp(asked.due_at.0 + 1)).unwrap(), 1);
    answer(&database, asked.number).unwrap();
    assert_eq!(database.requests_overdue(Timestamp(asked.due_at.0 + 1)).unwrap(), 0);
}

#[test]
fn so_many_wait_at_a_site_and_no_more_until_one_is_answered() {
    let (_folder, database) = database();
    for _ in 0..REQUESTS_WAITING_MAX {
        ask(&database, SITE, NOW).unwrap();
    }
    assert!(matches!(ask(&database, SITE, NOW), Err(RequestError::TooMany)));
    ask(&database, SiteId(2), NOW).expect("another site has its own");
    answer(&database, 1).unwrap();
    ask(&database, SITE, NOW).unwrap();
}

#[test]
fn of_more_requests_than_are_listed_those_that_wait_come_first_and_the_longest_answered_are_left_out() {
    let (_folder, database) = database();
    let numbers: Vec<u64> = (0..5).map(|_| ask(&database, SITE, NOW).unwrap().number).collect();
    for number in &numbers[..3] {
        answer(&database, *number).unwrap();
    }
    let listed = |limit| -> Vec<u64> {
        database.requests(SITE, limit).unwrap().into_iter().map(|request| request.number).collect()
    };
    let [first, second, third, ..] = numbers[..] else { panic!("five") };
    let waiting: Vec<u64> = numbers[3..].to_vec();
    assert_eq!(listed(5), [waiting.clone(), vec![third, second, first]].concat());
    assert_eq!(listed(4), [waiting.clone(), vec![third, second]].concat());
    assert_eq!(listed(2), waiting);
}
