//! Support grants: what an operator is shown of a customer, once.

use domain::SupportField;
use sealing::protocol::operators::{
    Ask as Wish, Badge, GrantState, GrantTold, Grave, NewGrant, Told as Heard,
};

use super::operators::Operator;
use super::*;

fn wanted(site: u32) -> NewGrant {
    NewGrant {
        organization: FIRST,
        site: SiteId(site),
        purpose: "The numbers of last week look wrong to you".to_owned(),
        ticket: "T-17".to_owned(),
        fields: vec![SupportField::Page],
        minutes: 60,
        days: 30,
    }
}

impl House {
    fn grant(&mut self, wish: Wish) -> GrantTold {
        match self.wished(wish) {
            Heard::Grant(told) => told,
            _ => panic!("no grant"),
        }
    }

    fn asked(&mut self, operator: &Operator, site: u32) -> u64 {
        self.grant(Wish::AskGrant(operator.badge.clone(), wanted(site))).id
    }

    fn decide(&mut self, by: &Token, id: u64, approved: bool) -> Result<Heard, NotDone> {
        self.wish(Wish::DecideGrant(by.clone(), id, approved))
    }

    /// Asked for, approved and put to use.
    fn opened_grant(&mut self, operator: &Operator, owner: &mut Somebody, site: u32) -> u64 {
        let id = self.asked(operator, site);
        self.confirm(owner);
        self.decide(&owner.token, id, true).unwrap();
        self.grant(Wish::OpenGrant(operator.badge.clone(), id));
        id
    }

    fn sees(&self, badge: &Badge, site: u32) -> bool {
        let organization = if site == OTHER_SITE { SECOND } else { FIRST };
        let place = Place::site(organization, SiteId(site));
        self.people.opens_by_grant(&badge.token, place, self.now).is_some()
    }

    fn state(&mut self, operator: &Operator, id: u64) -> GrantState {
        let Heard::Grants(grants) = self.wished(Wish::Grants(operator.badge.clone())) else { panic!("none") };
        grants.into_iter().find(|grant| grant.id == id).unwrap().state
    }
}

#[test]
fn a_grant_without_a_purpose_a_ticket_a_field_or_an_end_is_not_asked_for() {
    let (mut house, _) = House::owned();
    let olga = house.operated();
    let changes: [fn(&mut NewGrant); 7] = [
        |new| new.purpose = "  ".to_owned(),
        |new| new.ticket = String::new(),
        |new| new.fields.clear(),
        |new| new.minutes = 0,
        |new| new.minutes = 241,
        |new| new.days = 0,
        |new| new.purpose = "x".repeat(501),
    ];
    for change in changes {
        let mut new = wanted(1);
        change(&mut new);
        let refused = house.not_wished(Wish::AskGrant(olga.badge.clone(), new));
        assert!(matches!(refused, NotDone::Unfit(_)), "{refused}");
    }
    for (organization, site) in [(FIRST, OTHER_SITE), (FIRST, 77), (SECOND, 1)] {
        let new = NewGrant { organization, ..wanted(site) };
        assert_eq!(house.not_wished(Wish::AskGrant(olga.badge.clone(), new)), NotDone::NotThere);
    }
}

#[test]
fn only_an_approved_grant_that_was_put_to_use_opens_its_site_and_no_other() {
    let (mut house, mut owner) = House::owned();
    let olga = house.operated();
    assert!(!house.sees(&olga.badge, 1));
    let id = house.asked(&olga, 1);
    assert!(!house.sees(&olga.badge, 1), "asked for");
    assert_eq!(house.not_wished(Wish::OpenGrant(olga.badge.clone(), id)), NotDone::Closed);
    house.confirm(&mut owner);
    house.decide(&owner.token, id, true).unwrap();
    assert!(!house.sees(&olga.badge, 1), "approved and not put to use");
    house.grant(Wish::OpenGrant(olga.badge.clone(), id));
    assert!(house.sees(&olga.badge, 1));
    assert!([2, 3, OTHER_SITE].iter().all(|site| !house.sees(&olga.badge, *site)));
    assert_eq!(house.opened(&olga.badge.token), Vec::<u32>::new(), "it makes nobody of them");
    let Told::Sites(seen) = house.done(Ask::SitesSeen) else { panic!("no sites") };
    assert!(seen.contains(&SiteId(1)));
}

#[test]
fn an_owner_of_the_organization_approves_in_person_and_nobody_else() {
    let (mut house, owner, other) = House::of_two();
    let olga = house.operated();
    let admin = house.join(&owner, "admin@example.org", Role::Admin);
    let viewer = house.join(&owner, "viewer@example.org", Role::OrganizationViewer);
    let key = house.make_key(&owner, None, &Scope::ALL).unwrap().1;
    let id = house.asked(&olga, 1);
    for (token, why) in [
        (&other.token, NotDone::NotThere),
        (&admin.token, NotDone::Denied),
        (&viewer.token, NotDone::Denied),
        (&key, NotDone::Denied),
        (&olga.badge.token, NotDone::Unknown),
    ] {
        assert_eq!(house.decide(token, id, true).err(), Some(why.clone()));
        assert_eq!(house.decide(token, id, false).err(), Some(why.clone()));
        assert_eq!(house.not_wished(Wish::CloseGrant(token.clone(), id)), why);
    }
    house.pass(10 * MINUTE_MS + 1);
    assert_eq!(house.decide(&owner.token, id, true).err(), Some(NotDone::Confirm));
    assert!(house.decide(&owner.token, id, false).is_ok(), "to decline takes no proof");
    assert_eq!(house.state(&olga, id), GrantState::Declined);
}

#[test]
fn who_may_see_the_grants_of_an_organization_sees_those_alone() {
    let (mut house, owner, other) = House::of_two();
    let olga = house.operated();
    let id = house.asked(&olga, 2);
    let Heard::Grants(grants) = house.wished(Wish::GrantsOf(owner.token.clone(), FIRST)) else {
        panic!("none")
    };
    assert_eq!(grants.iter().map(|grant| grant.id).collect::<Vec<_>>(), [id]);
    let Heard::Grants(grants) = house.wished(Wish::GrantsOf(other.token.clone(), SECOND)) else {
        panic!("none")
    };
    assert!(grants.is_empty());
    assert_eq!(house.not_wished(Wish::GrantsOf(other.token.clone(), FIRST)), NotDone::NotThere);
}

#[test]
fn a_grant_is_over_when_its_time_is_and_never_opens_again() {
    let (mut house, mut owner) = House::owned();
    let olga = house.operated();
    let id = house.opened_grant(&olga, &mut owner, 1);
    for _ in 0..5 {
        house.pass(10 * MINUTE_MS);
        assert!(house.sees(&olga.badge, 1));
        house.grant(Wish::OpenGrant(olga.badge.clone(), id));
    }
    house.pass(10 * MINUTE_MS);
    assert!(!house.sees(&olga.badge, 1));
    assert_eq!(house.not_wished(Wish::OpenGrant(olga.badge.clone(), id)), NotDone::Closed);
    assert_eq!(house.state(&olga, id), GrantState::Expired);
    house.confirm(&mut owner);
    assert_eq!(house.decide(&owner.token, id, true).err(), Some(NotDone::Closed));
}

#[test]
fn either_side_ends_a_grant_at_once_and_it_never_opens_again() {
    let (mut house, mut owner) = House::owned();
    let olga = house.operated();
    for by_owner in [true, false] {
        let id = house.opened_grant(&olga, &mut owner, 1);
        let end = match by_owner {
            true => Wish::CloseGrant(owner.token.clone(), id),
            false => Wish::EndGrant(olga.badge.clone(), id),
        };
        house.wished(end);
        assert!(!house.sees(&olga.badge, 1));
        assert_eq!(house.state(&olga, id), GrantState::Ended);
        assert_eq!(house.not_wished(Wish::OpenGrant(olga.badge.clone(), id)), NotDone::Closed);
        assert_eq!(house.not_wished(Wish::EndGrant(olga.badge.clone(), id)), NotDone::Closed);
        house.restart();
        assert_eq!(house.not_wished(Wish::OpenGrant(olga.badge.clone(), id)), NotDone::Closed);
    }
}

#[test]
fn a_grant_is_of_one_operator_and_of_one_sign_in() {
    let (mut house, mut owner) = House::owned();
    let mut olga = house.operated();
    let otto = house.second(&olga);
    let id = house.opened_grant(&olga, &mut owner, 1);
    assert_eq!(house.not_wished(Wish::OpenGrant(otto.badge.clone(), id)), NotDone::NotThere);
    assert_eq!(house.not_wished(Wish::EndGrant(otto.badge.clone(), id)), NotDone::NotThere);
    assert!(!house.sees(&otto.badge, 1));
    let before = olga.badge.clone();
    house.sign_in_again(&mut olga);
    assert_eq!(
        house.not_wished(Wish::OpenGrant(olga.badge.clone(), id)),
        NotDone::Closed,
        "its use was another"
    );
    assert!(house.sees(&before, 1) && !house.sees(&olga.badge, 1));
    house.wished(Wish::End(before.clone()));
    assert_eq!(house.state(&olga, id), GrantState::Ended, "it ends with the sign-in that used it");
}

#[test]
fn what_nobody_answers_in_a_week_is_answered_by_nobody() {
    let (mut house, mut owner) = House::owned();
    let mut olga = house.operated();
    let id = house.asked(&olga, 1);
    house.pass(7 * DAY_MS);
    house.confirm(&mut owner);
    assert_eq!(house.decide(&owner.token, id, true).err(), Some(NotDone::Closed));
    house.sign_in_again(&mut olga);
    assert_eq!(house.state(&olga, id), GrantState::Expired);
}

#[test]
fn a_grant_ends_with_its_operator_its_organization_and_its_site() {
    let (mut house, mut owner) = House::owned();
    let olga = house.operated();
    let otto = house.second(&olga);
    let id = house.opened_grant(&otto, &mut owner, 1);
    house.opened_grant(&olga, &mut owner, 2);
    let remove = Wish::RemoveOperator(
        olga.badge.clone(),
        house.people.on_duty(&otto.badge, house.now).ok().unwrap().operator,
    );
    house.wished(remove);
    assert!(!house.sees(&otto.badge, 1));
    assert_eq!(house.state(&olga, id), GrantState::Ended);
    assert!(house.sees(&olga.badge, 2));
    house.confirm(&mut owner);
    house.done(Ask::RemoveSite(owner.token.clone(), SiteId(2)));
    let Heard::Grants(grants) = house.wished(Wish::Grants(olga.badge.clone())) else { panic!("none") };
    let of_two = grants.iter().find(|grant| grant.site == SiteId(2)).unwrap().id;
    assert_eq!(house.not_wished(Wish::OpenGrant(olga.badge.clone(), of_two)), NotDone::Closed);
    let (mut house, mut owner) = House::owned();
    let olga = house.operated();
    let id = house.opened_grant(&olga, &mut owner, 1);
    house.wished(Wish::Do(olga.badge.clone(), Grave::Disable(FIRST)));
    assert!(!house.sees(&olga.badge, 1));
    assert_eq!(house.state(&olga, id), GrantState::Ended);
}
