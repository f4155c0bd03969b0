use super::*;

#[test]
fn a_key_opens_what_its_scope_and_its_site_say() {
    let (mut house, owner) = House::owned();
    let mut opened = |site, scope| {
        let (_, key) = house.make_key(&owner, site, &[scope]).unwrap();
        house.opened(&key)
    };
    assert_eq!(opened(None, Scope::Read), SITES);
    assert_eq!(opened(Some(2), Scope::Read), [2]);
    assert_eq!(opened(Some(2), Scope::Export), [2]);
    for scope in [Scope::Write, Scope::Manage] {
        assert!(opened(Some(2), scope).is_empty(), "{}", scope.as_str());
    }
    assert!(opened(None, Scope::Audit).is_empty());
}

#[test]
fn nobody_makes_a_key_that_may_what_they_may_not() {
    let (mut house, owner, other) = House::of_two();
    let admin = house.join(&owner, "admin@example.org", Role::Admin);
    let viewer = house.join(&owner, "viewer@example.org", Role::OrganizationViewer);
    let mut refused = |by: &Somebody, site, scopes: &[Scope]| house.make_key(by, site, scopes).err();
    assert_eq!(refused(&viewer, Some(1), &[Scope::Read]), Some(NotDone::Denied));
    assert_eq!(refused(&admin, None, &[Scope::Export]), Some(NotDone::Denied));
    assert_eq!(refused(&admin, None, &[Scope::Read, Scope::Export]), Some(NotDone::Denied));
    assert_eq!(refused(&admin, None, &[]), Some(NotDone::Denied));
    assert_eq!(refused(&owner, Some(1), &[Scope::Audit]), Some(NotDone::Denied), "a site has no audit log");
    assert_eq!(refused(&owner, Some(OTHER_SITE), &[Scope::Read]), Some(NotDone::NotThere));
    assert_eq!(refused(&owner, Some(0), &[Scope::Read]), Some(NotDone::NotThere));
    assert_eq!(refused(&other, None, &[Scope::Read]), Some(NotDone::NotThere));
    assert_eq!(refused(&admin, None, &[Scope::Read, Scope::Write, Scope::Manage, Scope::Audit]), None);
}

#[test]
fn a_key_may_no_more_than_its_maker_may_now_and_dies_with_them() {
    let (mut house, owner) = House::owned();
    let maker = house.join(&owner, "maker@example.org", Role::Owner);
    let (_, reads) = house.make_key(&maker, None, &[Scope::Read]).unwrap();
    let (_, exports) = house.make_key(&maker, None, &[Scope::Export]).unwrap();
    assert_eq!((house.opened(&reads), house.opened(&exports)), (SITES.to_vec(), SITES.to_vec()));
    let become_ = |role| Ask::ChangeMember(owner.token.clone(), maker.id, be(FIRST, role), false);
    house.done(become_(Role::Admin));
    assert_eq!((house.opened(&reads), house.opened(&exports)), (SITES.to_vec(), vec![]));
    house.done(become_(Role::SiteViewer));
    assert_eq!((house.opened(&reads), house.opened(&exports)), (vec![1], vec![]));
    house.done(Ask::RemoveMember(owner.token.clone(), maker.id, FIRST));
    assert!(house.opened(&reads).is_empty() && !house.is_good(&reads));
}

#[test]
fn a_key_ends_when_its_time_is_over_or_it_is_ended() {
    let (mut house, owner) = House::owned();
    let until = house.now + Duration::from_millis(HOUR_MS as u64);
    let ask = Ask::MakeKey(owner.token.clone(), FIRST, None, vec![Scope::Read; 9], Some(until));
    let Told::Key(_, short) = house.done(ask) else { panic!("no key") };
    let (id, long) = house.make_key(&owner, None, &[Scope::Read]).unwrap();
    let Told::Keys(keys) = house.done(Ask::Keys(owner.token.clone(), FIRST)) else { panic!("no keys") };
    assert!(keys.iter().all(|key| key.by == owner.id && key.scopes == [Scope::Read]));
    house.pass(HOUR_MS - 1);
    assert!(house.is_good(&short));
    house.pass(1);
    assert!(!house.is_good(&short) && house.opened(&short).is_empty());
    house.pass(400 * DAY_MS);
    assert!(house.is_good(&long), "a key is not a sign-in that ends when it is not used");
    let token = house.sign_in(owner.id, false);
    house.done(Ask::EndKey(token.clone(), FIRST, id));
    assert!(!house.is_good(&long));
    assert_eq!(house.refused(Ask::EndKey(token, FIRST, id)), NotDone::NotThere);
}

#[test]
fn a_key_whose_time_was_over_before_it_was_made_is_good_at_no_moment() {
    let (mut house, owner) = House::owned();
    for until in [Timestamp(i64::MIN), Timestamp(0), house.now] {
        let ask = Ask::MakeKey(owner.token.clone(), FIRST, None, vec![Scope::Read], Some(until));
        let Told::Key(_, key) = house.done(ask) else { panic!("no key") };
        assert!(!house.is_good(&key));
    }
}

#[test]
fn a_key_of_one_site_manages_that_site_and_adds_none() {
    let (mut house, owner) = House::owned();
    let (_, of_one) = house.make_key(&owner, Some(1), &[Scope::Manage]).unwrap();
    let (_, of_all) = house.make_key(&owner, None, &[Scope::Manage]).unwrap();
    assert_eq!(house.refused(Ask::AddSite(of_one.clone(), FIRST, SiteId(50))), NotDone::Denied);
    house.done(Ask::AddSite(of_all.clone(), FIRST, SiteId(50)));
    assert_eq!(house.refused(Ask::RemoveSite(of_one.clone(), SiteId(2))), NotDone::NotThere);
    assert_eq!(house.refused(Ask::RemoveSite(of_all, SiteId(OTHER_SITE))), NotDone::NotThere);
    house.done(Ask::RemoveSite(of_one.clone(), SiteId(1)));
    assert_eq!(house.refused(Ask::RemoveSite(of_one, SiteId(0))), NotDone::NotThere);
}

#[test]
fn an_organization_has_so_many_keys_and_no_more() {
    let (mut house, owner) = House::owned();
    for _ in 0..200 {
        house.make_key(&owner, None, &[Scope::Read]).unwrap();
    }
    assert_eq!(house.make_key(&owner, None, &[Scope::Read]).err(), Some(NotDone::TooMany));
}
