use domain::audit::{Act, Actor, Log, NewEntry, Object, ObjectKind};
use domain::{Counting, ManualClock};

use super::*;
use crate::{Letter, NewMail, Organization, Person, testing};

const NOW: Timestamp = Timestamp(1_700_000_000_000);
const SECOND: OrganizationId = OrganizationId(2);

fn act<T>(database: &Database, work: impl FnOnce(&Work<'_>) -> Result<T, DatabaseError>) -> T {
    let object = Object::sole(ObjectKind::Organization);
    let entry = NewEntry::new(NOW, Actor::system(), Act::SubscriptionEnd, object);
    database.act(Log(1), &entry, work).unwrap()
}

fn database() -> (tempfile::TempDir, Database) {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().join("control.db"), &testing::key(1)).unwrap();
    (folder, database)
}

#[test]
fn a_subscription_ends_once_and_goes_on_and_mail_about_it_goes_with_it() {
    let (_folder, database) = database();
    let later = Timestamp(NOW.0 + 1);
    act(&database, |work| work.end_subscription(SECOND, NOW));
    act(&database, |work| work.end_subscription(SECOND, later));
    act(&database, |work| work.told_of_end(SECOND, 30));
    let ended = SubscriptionEnd { organization: SECOND, ended_at: NOW, told_days: Some(30) };
    assert_eq!(database.ended_subscriptions().unwrap(), [ended]);
    assert_eq!(database.subscription_ended(SECOND).unwrap(), Some(NOW));
    assert_eq!(database.subscription_ended(OrganizationId::FIRST).unwrap(), None);
    let letter = Letter::SubscriptionEnds { organization: "Bakery".to_owned(), days: 30, removed_at: later };
    let mail = NewMail {
        organization: Some(SECOND),
        address: "owner@example.com",
        name: None,
        letter: &letter,
        expires_at: Timestamp(NOW.0 + 1_000_000),
    };
    let (clock, rng) = (ManualClock::at(NOW), Counting::from(1));
    database.enqueue_mail(&mail, &clock, &rng).unwrap();
    act(&database, |work| work.resume_subscription(SECOND));
    assert!(database.ended_subscriptions().unwrap().is_empty());
    assert!(database.claim_mail(later, &rng).unwrap().is_none());
}

#[test]
fn a_forgotten_organization_leaves_nothing_but_its_log_and_others_are_untouched() {
    let (_folder, database) = database();
    let site = testing::add_site(&database, "first.example", "UTC").unwrap();
    let people = |id: u64| Person {
        id: PersonId(id),
        email: format!("{id}@example.com"),
        name: String::new(),
        created_at: NOW,
    };
    act(&database, |work| {
        for (id, name) in [(OrganizationId::FIRST, "First"), (SECOND, "Second")] {
            work.add_organization(&Organization { id, name: name.to_owned(), created_at: NOW })?;
        }
        for (person, organization) in [(1, OrganizationId::FIRST), (2, SECOND), (3, SECOND)] {
            work.add_person(&people(person))?;
            work.add_member(organization, PersonId(person))?;
        }
        work.add_member(OrganizationId::FIRST, PersonId(3))?;
        work.end_subscription(SECOND, NOW)
    });
    let other = crate::NewSite {
        organization: SECOND,
        domain: "second.example".parse().unwrap(),
        timezone: "UTC".parse().unwrap(),
        write_key: "fedcba9876543210fedcba9876543210".parse().unwrap(),
        ids: domain::IdSecret::new([9; 32]),
    };
    let other = act(&database, |work| Ok(work.add_site(&other, NOW).unwrap()));
    for expected in [vec![other.id], vec![]] {
        assert_eq!(act(&database, |work| work.forget_organization(SECOND)), expected);
    }
    assert_eq!(database.sites().unwrap(), [site]);
    assert!(database.ended_subscriptions().unwrap().is_empty());
    let known = |id| database.person(PersonId(id)).unwrap().is_some();
    assert_eq!([1, 2, 3].map(known), [true, false, true]);
    assert_eq!(database.organizations().unwrap().len(), 1);
}
