use super::*;

fn change(by: &Somebody, whom: &Somebody, role: Role, disabled: bool) -> Ask {
    Ask::ChangeMember(by.token.clone(), whom.id, be(FIRST, role), disabled)
}

fn remove(by: &Somebody, whom: &Somebody) -> Ask {
    Ask::RemoveMember(by.token.clone(), whom.id, FIRST)
}

#[test]
fn each_role_opens_what_it_is_known_for() {
    let (mut house, owner, other) = House::of_two();
    let opened = Role::ALL.map(|role| {
        let somebody = house.join(&owner, &format!("{}@example.com", role.as_str()), role);
        house.opened(&somebody.token)
    });
    assert_eq!(opened, [vec![1, 2, 3], vec![1, 2, 3], vec![1, 2, 3], vec![1]]);
    assert_eq!(house.opened(&other.token), [OTHER_SITE]);
    assert!(house.opened(&Token::random(&Counting::from(99))).is_empty());
}

#[test]
fn nobody_grants_more_than_they_have() {
    let (mut house, owner) = House::owned();
    let admin = house.join(&owner, "admin@example.org", Role::Admin);
    let viewer = house.join(&owner, "viewer@example.org", Role::OrganizationViewer);
    let of_site = house.join(&owner, "site@example.org", Role::SiteViewer);
    let invite = |by: &Somebody, role| {
        Ask::Invite(by.token.clone(), format!("{}@example.com", role as u8), be(FIRST, role))
    };
    for role in Role::ALL {
        for nobody in [&viewer, &of_site] {
            assert_eq!(house.refused(invite(nobody, role)), NotDone::Denied);
            assert_eq!(house.refused(change(nobody, nobody, role, false)), NotDone::Denied);
            assert_eq!(house.refused(change(nobody, &admin, role, true)), NotDone::Denied);
        }
    }
    assert_eq!(house.refused(invite(&admin, Role::Owner)), NotDone::Denied);
    assert_eq!(house.refused(change(&admin, &admin, Role::Owner, false)), NotDone::Denied);
    assert_eq!(house.refused(change(&admin, &viewer, Role::Owner, false)), NotDone::Denied);
    assert_eq!(house.refused(change(&admin, &owner, Role::SiteViewer, false)), NotDone::Denied);
    assert_eq!(house.refused(change(&admin, &owner, Role::Owner, true)), NotDone::Denied);
    assert_eq!(house.refused(remove(&admin, &owner)), NotDone::Denied);
    assert_eq!(house.refused(remove(&viewer, &of_site)), NotDone::Denied);
    house.done(invite(&admin, Role::Admin));
    house.done(change(&admin, &of_site, Role::Admin, false));
    assert_eq!(house.opened(&of_site.token), SITES);
    house.done(change(&admin, &admin, Role::OrganizationViewer, false));
    assert_eq!(house.refused(invite(&admin, Role::SiteViewer)), NotDone::Denied, "it is so at once");
}

#[test]
fn a_site_viewer_is_named_sites_of_their_organization_and_nobody_else_is_named_any() {
    let (mut house, owner) = House::owned();
    let viewer = house.join(&owner, "viewer@example.org", Role::SiteViewer);
    let named = |role, sites: &[u32]| Membership {
        organization: FIRST,
        role,
        sites: sites.iter().copied().map(SiteId).collect(),
    };
    for wrong in [
        named(Role::SiteViewer, &[OTHER_SITE]),
        named(Role::SiteViewer, &[1, OTHER_SITE]),
        named(Role::SiteViewer, &[77]),
        named(Role::SiteViewer, &[0]),
        named(Role::SiteViewer, &[]),
        named(Role::Admin, &[1]),
        named(Role::OrganizationViewer, &[1]),
    ] {
        let invite = Ask::Invite(owner.token.clone(), "ann@example.org".to_owned(), wrong.clone());
        assert_eq!(house.refused(invite), NotDone::NotThere, "{wrong:?}");
        let change = Ask::ChangeMember(owner.token.clone(), viewer.id, wrong.clone(), false);
        assert_eq!(house.refused(change), NotDone::NotThere, "{wrong:?}");
    }
    let many = named(Role::SiteViewer, &[1; 51]);
    let change = Ask::ChangeMember(owner.token.clone(), viewer.id, many, false);
    assert_eq!(house.refused(change), NotDone::TooMany);
    let two = named(Role::SiteViewer, &[2, 3]);
    house.done(Ask::ChangeMember(owner.token, viewer.id, two, false));
    assert_eq!(house.opened(&viewer.token), [2, 3]);
}

#[test]
fn to_disable_somebody_ends_all_that_they_bear_at_once() {
    let (mut house, owner) = House::owned();
    let admin = house.join(&owner, "admin@example.org", Role::Admin);
    let (_, key) = house.make_key(&admin, None, &[Scope::Read]).unwrap();
    let Told::Link(address) = house.done(Ask::OneTime(admin.token.clone())) else { panic!("no address") };
    let Told::Link(reset) = house.done(Ask::ResetLink(owner.token.clone(), FIRST, admin.id)) else {
        panic!()
    };
    let ticket = house.people.shown(admin.id, false, house.now, &house.rng);
    assert_eq!((house.opened(&admin.token), house.opened(&key)), (SITES.to_vec(), SITES.to_vec()));
    house.done(change(&owner, &admin, Role::Admin, true));
    assert!(house.opened(&admin.token).is_empty() && house.opened(&key).is_empty());
    assert!(!house.is_good(&admin.token) && !house.is_good(&key));
    assert_eq!(house.refused(Ask::SignInOnce(address, Device::default())), NotDone::Unknown);
    assert_eq!(house.refused(Ask::SignIn(ticket, Device::default())), NotDone::Unknown);
    let chosen = house.chosen();
    assert_eq!(house.refused(Ask::Reset(reset, chosen)), NotDone::Unknown);
    house.done(change(&owner, &admin, Role::Admin, false));
    assert!(!house.is_good(&admin.token) && !house.is_good(&key), "what ended does not come back");
    let again = house.sign_in(admin.id, false);
    assert_eq!(house.opened(&again), SITES);
}

#[test]
fn whoever_is_disabled_in_one_organization_stays_what_they_are_in_another() {
    let (mut house, owner, other) = House::of_two();
    let invitation = house.invite(&owner, &other.email, be(FIRST, Role::Admin));
    house.done(Ask::AcceptAs(invitation, other.token.clone()));
    let (_, key) = house.make_key(&other, None, &[Scope::Read]).unwrap();
    assert_eq!(house.opened(&other.token), [1, 2, 3, OTHER_SITE]);
    house.done(change(&owner, &other, Role::Admin, true));
    assert_eq!(house.opened(&other.token), [OTHER_SITE]);
    assert!(house.opened(&key).is_empty() && !house.is_good(&key));
    house.done(change(&owner, &other, Role::Admin, false));
    assert_eq!(house.opened(&other.token), [1, 2, 3, OTHER_SITE]);
    assert!(house.opened(&key).is_empty(), "a key that ended does not come back");
}

#[test]
fn whoever_is_removed_is_let_in_no_more_and_known_no_more_where_they_belong_nowhere() {
    let (mut house, owner) = House::owned();
    let admin = house.join(&owner, "admin@example.org", Role::Admin);
    let (_, key) = house.make_key(&admin, None, &[Scope::Read]).unwrap();
    assert!(matches!(house.done(remove(&owner, &admin)), Told::Whose(Some(id)) if id == admin.id));
    assert!(!house.is_good(&admin.token) && !house.is_good(&key));
    assert_eq!(house.refused(remove(&owner, &admin)), NotDone::NotThere);
    let again = house.join(&owner, "admin@example.org", Role::OrganizationViewer);
    assert_ne!(again.id, admin.id);
    assert!(!house.is_good(&key));
    assert!(matches!(house.done(remove(&again, &again)), Told::Whose(Some(_))), "anybody may leave");
    assert!(!house.is_good(&again.token));
}

#[test]
fn the_last_owner_stays_an_owner_who_can_sign_in() {
    let (mut house, owner) = House::owned();
    let second = house.join(&owner, "second@example.org", Role::Owner);
    house.done(change(&owner, &second, Role::Owner, true));
    for ask in [
        remove(&owner, &owner),
        change(&owner, &owner, Role::Admin, false),
        change(&owner, &owner, Role::Owner, true),
    ] {
        assert_eq!(house.refused(ask), NotDone::LastOwner, "one who is disabled does not count");
    }
    house.done(change(&owner, &second, Role::Owner, false));
    house.done(change(&owner, &owner, Role::Admin, false));
    let token = house.sign_in(second.id, false);
    let second = Somebody { token, ..second };
    assert_eq!(house.refused(remove(&second, &second)), NotDone::LastOwner);
    house.done(remove(&second, &owner));
}

#[test]
fn the_people_of_an_organization_are_seen_by_its_owners_and_admins_alone() {
    let (mut house, owner, other) = House::of_two();
    let admin = house.join(&owner, "admin@example.org", Role::Admin);
    let viewer = house.join(&owner, "viewer@example.org", Role::OrganizationViewer);
    let Told::Members(members) = house.done(Ask::Members(admin.token, FIRST)) else { panic!("none") };
    let mut ids: Vec<PersonId> = members.iter().map(|member| member.person).collect();
    let mut expected = vec![owner.id, admin.id, viewer.id];
    ids.sort();
    expected.sort();
    assert_eq!(ids, expected);
    assert_eq!(house.refused(Ask::Members(viewer.token, FIRST)), NotDone::Denied);
    assert_eq!(house.refused(Ask::Members(other.token.clone(), FIRST)), NotDone::NotThere);
    assert_eq!(house.refused(Ask::Members(owner.token, SECOND)), NotDone::NotThere);
    assert_eq!(house.refused(Ask::Invitations(other.token.clone(), FIRST)), NotDone::NotThere);
    assert_eq!(house.refused(Ask::Keys(other.token, FIRST)), NotDone::NotThere);
}

#[test]
fn an_owner_of_another_organization_changes_nobody_here() {
    let (mut house, owner, other) = House::of_two();
    let admin = house.join(&owner, "admin@example.org", Role::Admin);
    assert_eq!(house.refused(change(&other, &admin, Role::SiteViewer, true)), NotDone::NotThere);
    assert_eq!(house.refused(remove(&other, &admin)), NotDone::NotThere);
    let theirs = Ask::ChangeMember(other.token.clone(), admin.id, be(SECOND, Role::Admin), false);
    assert_eq!(house.refused(theirs), NotDone::NotThere, "nobody becomes a member but by an invitation");
    let reset = |organization| Ask::ResetLink(other.token.clone(), organization, admin.id);
    assert_eq!(house.refused(reset(FIRST)), NotDone::NotThere);
    assert_eq!(house.refused(reset(SECOND)), NotDone::NotThere);
    assert_eq!(house.refused(Ask::RequireSecondFactor(other.token.clone(), FIRST, false)), NotDone::NotThere);
    assert_eq!(house.refused(Ask::AddSite(other.token.clone(), FIRST, SiteId(50))), NotDone::NotThere);
    assert_eq!(house.refused(Ask::AddSite(other.token.clone(), SECOND, SiteId(1))), NotDone::NotThere);
    assert_eq!(house.refused(Ask::RemoveSite(other.token, SiteId(1))), NotDone::NotThere);
}

#[test]
fn which_sites_anybody_may_see_is_told_without_saying_who() {
    let (mut house, owner) = House::owned();
    let viewer = house.join(&owner, "viewer@example.org", Role::SiteViewer);
    let seen = |house: &mut House| match house.done(Ask::SitesSeen) {
        Told::Sites(sites) => sites,
        _ => panic!("no sites"),
    };
    assert_eq!(seen(&mut house), SITES.map(SiteId));
    house.done(Ask::End(owner.token, Which::This));
    assert_eq!(seen(&mut house), [SiteId(1)]);
    house.done(Ask::End(viewer.token, Which::This));
    assert!(seen(&mut house).is_empty());
}
