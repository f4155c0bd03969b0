use super::*;

fn set_up(token: Token, email: &str, chosen: Ticket) -> Ask {
    Ask::SetUp(token, email.to_owned(), Credential::Password(chosen), Device::default())
}

#[test]
fn the_setup_token_makes_one_owner_and_no_second() {
    let mut house = House::new();
    let token = house.setup_token();
    let chosen = house.chosen();
    let told = house.done(set_up(token.clone(), "owner@example.org", chosen));
    let Told::Begun(signed_in, id, FIRST, _) = told else { panic!("not set up") };
    let identity = house.identity(&signed_in).unwrap();
    assert_eq!((identity.person, identity.memberships), (id, vec![be(FIRST, Role::Owner)]));
    let chosen = house.chosen();
    assert_eq!(house.refused(set_up(token.clone(), "another@example.org", chosen)), NotDone::Unknown);
    assert!(matches!(house.done(Ask::SetupToken(Some(token))), Told::Setup(None)));
    assert!(matches!(house.done(Ask::SetupToken(None)), Told::Setup(None)));
}

#[test]
fn a_wrong_setup_token_makes_nobody() {
    let mut house = House::new();
    house.setup_token();
    let chosen = house.chosen();
    let wrong = Token::random(&Counting::from(99));
    assert_eq!(house.refused(set_up(wrong, "owner@example.org", chosen)), NotDone::Unknown);
    assert!(house.people.registry.people.is_empty());
}

#[test]
fn a_setup_token_that_is_held_stays_good_and_one_that_was_lost_is_replaced() {
    let mut house = House::new();
    let held = house.setup_token();
    house.restart();
    let Told::Setup(Some(same)) = house.done(Ask::SetupToken(Some(held.clone()))) else { panic!("none") };
    assert!(same.hash() == held.hash());
    let fresh = house.setup_token();
    let chosen = house.chosen();
    assert_eq!(house.refused(set_up(held, "owner@example.org", chosen)), NotDone::Unknown);
    let chosen = house.chosen();
    house.done(set_up(fresh, "owner@example.org", chosen));
}

#[test]
fn no_token_but_that_of_the_setup_sets_up() {
    let (mut house, owner) = House::owned();
    let invitation = house.invite(&owner, "ann@example.org", be(FIRST, Role::Admin));
    for token in [owner.token, invitation] {
        let chosen = house.chosen();
        assert_eq!(house.refused(set_up(token, "ann@example.org", chosen)), NotDone::Unknown);
    }
}

#[test]
fn an_invitation_makes_whom_it_names_what_it_names_once() {
    let (mut house, owner) = House::owned();
    let viewer = Membership { sites: vec![SiteId(1), SiteId(3)], ..be(FIRST, Role::SiteViewer) };
    let invitation = house.invite(&owner, "Ann@Example.org", viewer.clone());
    let Told::Invitation(looked_at, None) = house.done(Ask::LookAtInvitation(invitation.clone())) else {
        panic!("not there")
    };
    assert_eq!((looked_at.membership, looked_at.by), (viewer.clone(), owner.id));
    let ann = house.accept(invitation.clone(), " ann@example.org").unwrap();
    assert_eq!(house.identity(&ann.token).unwrap().memberships, [viewer]);
    assert_eq!(house.opened(&ann.token), [1, 3]);
    assert_eq!(house.accept(invitation.clone(), "ann@example.org").err(), Some(NotDone::Unknown));
    assert_eq!(house.refused(Ask::LookAtInvitation(invitation)), NotDone::Unknown);
}

#[test]
fn an_invitation_is_for_the_address_it_was_made_for_whether_one_is_new_or_signed_in() {
    let (mut house, owner, other) = House::of_two();
    let invitation = house.invite(&owner, "ann@example.org", be(FIRST, Role::Admin));
    assert_eq!(house.accept(invitation.clone(), "bob@example.org").err(), Some(NotDone::Unknown));
    let as_other = Ask::AcceptAs(invitation.clone(), other.token.clone());
    assert_eq!(house.refused(as_other), NotDone::Denied);
    house.accept(invitation, "ann@example.org").unwrap();
    let invitation = house.invite(&owner, &other.email, be(FIRST, Role::Admin));
    assert_eq!(house.accept(invitation.clone(), &other.email).err(), Some(NotDone::Taken));
    house.done(Ask::AcceptAs(invitation, other.token.clone()));
    let memberships = house.identity(&other.token).unwrap().memberships;
    assert_eq!(memberships, [be(FIRST, Role::Admin), be(SECOND, Role::Owner)]);
}

#[test]
fn an_invitation_is_accepted_by_a_sign_in_and_not_by_an_api_key() {
    let (mut house, owner, other) = House::of_two();
    let (_, key) = house.make_key(&owner, None, &[Scope::Read]).unwrap();
    let invitation = house.invite(&owner, &other.email, be(FIRST, Role::Admin));
    assert_eq!(house.refused(Ask::AcceptAs(invitation.clone(), key)), NotDone::Denied);
    assert_eq!(house.refused(Ask::AcceptAs(other.token.clone(), other.token)), NotDone::Unknown);
    house.done(Ask::LookAtInvitation(invitation));
}

#[test]
fn an_invitation_expires_after_a_week() {
    let (mut house, owner) = House::owned();
    let invitation = house.invite(&owner, "ann@example.org", be(FIRST, Role::Admin));
    house.pass(7 * DAY_MS - 1);
    house.done(Ask::LookAtInvitation(invitation.clone()));
    house.pass(1);
    assert_eq!(house.accept(invitation, "ann@example.org").err(), Some(NotDone::Unknown));
    let Told::Invitations(waiting) = house.done(Ask::Invitations(owner.token, FIRST)) else { panic!() };
    assert!(waiting.is_empty());
}

#[test]
fn an_invitation_is_replaced_by_another_for_the_same_address() {
    let (mut house, owner) = House::owned();
    let first = house.invite(&owner, "ann@example.org", be(FIRST, Role::Admin));
    let second = house.invite(&owner, "ANN@example.org", be(FIRST, Role::OrganizationViewer));
    assert_eq!(house.accept(first, "ann@example.org").err(), Some(NotDone::Unknown));
    let ann = house.accept(second, "ann@example.org").unwrap();
    assert_eq!(house.identity(&ann.token).unwrap().memberships, [be(FIRST, Role::OrganizationViewer)]);
    let again = Ask::Invite(owner.token, "ann@example.org".to_owned(), be(FIRST, Role::Admin));
    assert_eq!(house.refused(again), NotDone::Taken);
}

#[test]
fn an_invitation_that_was_taken_back_is_good_no_more() {
    let (mut house, owner, other) = House::of_two();
    let invitation = house.invite(&owner, "ann@example.org", be(FIRST, Role::Owner));
    let admin = house.join(&owner, "admin@example.org", Role::Admin);
    let Told::Invitations(waiting) = house.done(Ask::Invitations(owner.token.clone(), FIRST)) else {
        panic!()
    };
    let end = |token: &Token, organization| Ask::EndInvitation(token.clone(), organization, waiting[0].id);
    assert_eq!(
        house.refused(end(&admin.token, FIRST)),
        NotDone::Denied,
        "an owner's is an owner's to take back"
    );
    assert_eq!(house.refused(end(&other.token, FIRST)), NotDone::NotThere);
    assert_eq!(house.refused(end(&other.token, SECOND)), NotDone::NotThere);
    house.done(end(&owner.token, FIRST));
    assert_eq!(house.accept(invitation, "ann@example.org").err(), Some(NotDone::Unknown));
}

#[test]
fn an_invitation_is_good_as_long_as_whoever_made_it_could_make_it() {
    let (mut house, mut owner) = House::owned();
    for made_less in [
        |admin: PersonId, token| Ask::RemoveMember(token, admin, FIRST),
        |admin, token| Ask::ChangeMember(token, admin, be(FIRST, Role::Admin), true),
        |admin, token| Ask::ChangeMember(token, admin, be(FIRST, Role::OrganizationViewer), false),
    ] {
        let admin = house.join(&owner, &format!("admin{}@example.org", house.now.0), Role::Admin);
        let invitation = house.invite(&admin, "back-door@example.org", be(FIRST, Role::Admin));
        house.done(made_less(admin.id, owner.token.clone()));
        assert_eq!(house.accept(invitation, "back-door@example.org").err(), Some(NotDone::Unknown));
        house.pass(1);
        house.confirm(&mut owner);
    }
}

#[test]
fn an_organization_has_so_many_invitations_and_no_more() {
    let (mut house, owner) = House::owned();
    for number in 0..100 {
        house.invite(&owner, &format!("{number}@example.org"), be(FIRST, Role::Admin));
    }
    let one_more = Ask::Invite(owner.token, "more@example.org".to_owned(), be(FIRST, Role::Admin));
    assert_eq!(house.refused(one_more), NotDone::TooMany);
}
