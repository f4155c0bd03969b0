//! What an `app` that was taken over can do with the tokens of operators that pass through it, and what is written down of
//! it.

use domain::SupportField;
use sealing::protocol::operators::{Ask as Wish, Badge, Grave, NewGrant, Told as Said};

use super::*;

fn wish(keeper: &Keeper, wish: Wish) -> Said {
    match keeper.answer(Peer::App, Some(Request::Operators(Box::new(wish)))) {
        Answer::Operators(said) => said,
        other => panic!("{}", word(&other)),
    }
}

fn on_duty(keeper: &Keeper) -> Badge {
    let mut state = keeper.lock();
    keeper.with_hands(&mut state, |people, hands| people.put_on_duty("olga", hands))
}

fn opens(keeper: &Keeper, token: &Token, wanted: &Wanted) -> String {
    word(&keeper.answer(Peer::App, Some(open_for(request(token), wanted))))
}

fn grant(keeper: &Keeper, badge: &Badge) -> u64 {
    let new = NewGrant {
        organization: OrganizationId::FIRST,
        site: SiteId(1),
        purpose: "to see".to_owned(),
        ticket: "T-1".to_owned(),
        fields: vec![SupportField::Page],
        minutes: 5,
        days: 1,
    };
    match wish(keeper, Wish::AskGrant(badge.clone(), new)) {
        Said::Grant(told) => told.id,
        _ => panic!("no grant"),
    }
}

#[test]
fn an_operators_token_opens_a_site_under_a_live_grant_of_it_alone_and_every_open_names_the_grant() {
    let house = House::new();
    let (keeper, owner) = house.begun();
    add_site(&keeper, &owner, 2);
    let (_, one) = sealed(&keeper, 1);
    let (_, two) = sealed(&keeper, 2);
    let badge = on_duty(&keeper);
    let id = grant(&keeper, &badge);
    assert_eq!(opens(&keeper, &badge.token, &one), "denied", "asked for");
    assert!(matches!(wish(&keeper, Wish::DecideGrant(owner.clone(), id, true)), Said::Grant(_)));
    assert_eq!(opens(&keeper, &badge.token, &one), "denied", "approved");
    assert!(matches!(wish(&keeper, Wish::OpenGrant(badge.clone(), id)), Said::Grant(_)));
    let from = house.audit().lines().count();
    assert_eq!(opens(&keeper, &badge.token, &one), "given");
    assert_eq!(opens(&keeper, &badge.token, &two), "denied", "another site");
    let both = Request::Open(request(&badge.token), vec![(&one).into(), (&two).into()]);
    assert_eq!(word(&keeper.answer(Peer::App, Some(both))), "denied");
    let told = told_from(&house, from);
    assert!(told[0].starts_with("app for operator ") && told[0].ends_with(" given"), "{}", told[0]);
    assert!(told[0].contains(&format!("grant {id:016x}")), "{}", told[0]);
    house.clock.advance(Duration::from_secs(5 * 60));
    assert_eq!(opens(&keeper, &badge.token, &one), "denied", "its time is over");
    assert!(matches!(wish(&keeper, Wish::OpenGrant(badge.clone(), id)), Said::No(NotDone::Closed)), "used");
    let worker = Request::Open(Purpose::Duty(Duty::Absorb), vec![(&one).into()]);
    assert_eq!(word(&keeper.answer(Peer::App, Some(worker))), "denied");
}

#[test]
fn neither_edge_nor_worker_has_anything_to_do_with_operators() {
    let house = House::new();
    let (keeper, _) = house.begun();
    let badge = on_duty(&keeper);
    for peer in [Peer::Edge, Peer::Worker] {
        for wish in [
            Wish::Roster,
            Wish::Identify(badge.clone()),
            Wish::Do(badge.clone(), Grave::Remove(OrganizationId(1))),
        ] {
            assert_eq!(word(&keeper.answer(peer, Some(Request::Operators(Box::new(wish))))), "denied");
        }
    }
}

#[test]
fn removing_an_organization_says_whose_keys_were_destroyed_and_waiting_for_approval_does_not() {
    let house = House::new();
    let (keeper, owner) = house.begun();
    add_site(&keeper, &owner, 2);
    let badge = on_duty(&keeper);
    {
        let mut state = keeper.lock();
        keeper.with_hands(&mut state, |people, hands| people.end_long_ago(OrganizationId::FIRST, hands.now));
    }
    let remove = || Wish::Do(badge.clone(), Grave::Remove(OrganizationId::FIRST));
    let other = {
        let mut state = keeper.lock();
        keeper.with_hands(&mut state, |people, hands| people.put_on_duty("otto", hands))
    };
    let Said::Done(sealing::protocol::operators::Outcome::Waits(asked), _) = wish(&keeper, remove()) else {
        panic!("done at once")
    };
    assert!(!house.audit().contains("\"destroy\""));
    drop(keeper);
    let keeper = house.keeper();
    assert!(matches!(wish(&keeper, Wish::Approve(other, asked.id)), Said::Done(..)));
    let last = told_from(&house, 0).pop().unwrap();
    assert!(last.ends_with(r#"destroy ["site 1","site 2"] given"#), "{last}");
    drop(keeper);
    // What was destroyed stays known to be.
    house.keeper();
}

#[test]
fn what_cannot_be_written_down_of_an_operator_is_not_done() {
    let house = House::new();
    let (keeper, owner) = house.begun();
    let badge = on_duty(&keeper);
    let id = grant(&keeper, &badge);
    let version = keeper.lock().people.version();
    let full = std::fs::OpenOptions::new().read(true).write(true).open("/dev/full").unwrap();
    keeper.lock().audit.replace_file(full);
    for wish in [
        Wish::AddOrganization(badge.clone()),
        Wish::DecideGrant(owner, id, true),
        Wish::Do(badge.clone(), Grave::Remove(OrganizationId::FIRST)),
    ] {
        let answer = keeper.answer(Peer::App, Some(Request::Operators(Box::new(wish))));
        assert_eq!(word(&answer), "unable");
    }
    assert_eq!(keeper.lock().people.version(), version);
}
