use super::*;

fn link(house: &mut House, by: &Somebody, whom: &Somebody) -> Result<Token, NotDone> {
    match house.ask(Ask::ResetLink(by.token.clone(), FIRST, whom.id))? {
        Told::Link(token) => Ok(token),
        _ => panic!("no link"),
    }
}

fn reset(house: &mut House, token: &Token) -> Result<Told, NotDone> {
    let chosen = house.people.chosen(house.now, &house.rng);
    house.ask(Ask::Reset(token.clone(), chosen))
}

#[test]
fn a_link_chooses_another_password_once_and_ends_every_sign_in() {
    let (mut house, owner) = House::owned();
    let ann = house.join(&owner, "ann@example.org", Role::Admin);
    let shown = house.people.shown(ann.id, false, house.now, &house.rng);
    let token = link(&mut house, &owner, &ann).unwrap();
    assert!(!house.is_good(&token), "it is no sign-in");
    assert!(house.is_good(&ann.token), "nothing ends before it is used");
    assert!(matches!(reset(&mut house, &token), Ok(Told::Whose(Some(id))) if id == ann.id));
    assert!(!house.is_good(&ann.token) && house.is_good(&owner.token));
    assert_eq!(house.refused(Ask::SignIn(shown, Device::default())), NotDone::Unknown);
    assert_eq!(reset(&mut house, &token).err(), Some(NotDone::Unknown));
    assert_eq!(house.prove(&ann.email, PASSWORD).err(), Some(NotDone::Wrong(None)), "the old one is no more");
}

#[test]
fn a_link_leaves_the_second_factor_and_codes_to_be_kept_as_they_are() {
    let (mut house, owner) = House::owned();
    let mut ann = house.join(&owner, "ann@example.org", Role::Admin);
    let (_, codes) = house.with_totp(&mut ann);
    assert_eq!(codes.len(), 10, "whoever had none was given some");
    let token = link(&mut house, &owner, &ann).unwrap();
    let chosen = house.chosen();
    house.done(Ask::Reset(token, chosen));
    let Ok(Told::Proven(_, _, wanted)) = house.prove(&ann.email, PASSWORD) else { panic!("not proven") };
    assert_eq!(wanted, [Factor::Totp, Factor::RecoveryCode]);
}

#[test]
fn a_link_is_good_for_a_day_and_replaced_by_another() {
    let (mut house, owner) = House::owned();
    let ann = house.join(&owner, "ann@example.org", Role::Admin);
    let (first, second) = (link(&mut house, &owner, &ann).unwrap(), link(&mut house, &owner, &ann).unwrap());
    assert_eq!(reset(&mut house, &first).err(), Some(NotDone::Unknown));
    house.pass(DAY_MS);
    assert_eq!(reset(&mut house, &second).err(), Some(NotDone::Unknown));
}

#[test]
fn a_link_is_for_one_who_outranks_wherever_the_other_belongs() {
    let (mut house, owner, other) = House::of_two();
    let admin = house.join(&owner, "admin@example.org", Role::Admin);
    let viewer = house.join(&owner, "viewer@example.org", Role::OrganizationViewer);
    assert_eq!(link(&mut house, &admin, &owner).err(), Some(NotDone::Denied));
    assert_eq!(link(&mut house, &viewer, &admin).err(), Some(NotDone::Denied));
    assert!(link(&mut house, &admin, &viewer).is_ok());
    // Whoever is a viewer here and an owner there is not this admin's to sign in as, nor this owner's.
    let invitation = house.invite(&owner, &other.email, be(FIRST, Role::OrganizationViewer));
    house.done(Ask::AcceptAs(invitation, other.token.clone()));
    assert_eq!(link(&mut house, &admin, &other).err(), Some(NotDone::Denied));
    assert_eq!(link(&mut house, &owner, &other).err(), Some(NotDone::Denied));
    house.people.put(owner.id, SECOND, Role::Admin);
    assert_eq!(link(&mut house, &owner, &other).err(), Some(NotDone::Denied));
    house.people.put(owner.id, SECOND, Role::Owner);
    assert!(link(&mut house, &owner, &other).is_ok());
    // Where it is closed to this sign-in for want of a second factor, it outranks nobody.
    house.people.registry.organizations.get_mut(&SECOND).unwrap().second_factor = true;
    assert_eq!(link(&mut house, &owner, &other).err(), Some(NotDone::Denied));
}

#[test]
fn a_link_is_good_no_more_when_its_person_becomes_more_than_they_were() {
    let (mut house, owner, other) = House::of_two();
    let admin = house.join(&owner, "admin@example.org", Role::Admin);
    let viewer = house.join(&owner, "viewer@example.org", Role::OrganizationViewer);
    let kept = link(&mut house, &admin, &viewer).unwrap();
    house.done(Ask::ChangeMember(owner.token.clone(), viewer.id, be(FIRST, Role::Owner), false));
    assert_eq!(reset(&mut house, &kept).err(), Some(NotDone::Unknown));
    let ann = house.join(&owner, "ann@example.org", Role::OrganizationViewer);
    let kept = link(&mut house, &admin, &ann).unwrap();
    let ask = Ask::Invite(other.token, ann.email.clone(), be(SECOND, Role::Owner));
    let Told::Invitation(_, Some(invitation)) = house.done(ask) else { panic!("not invited") };
    house.done(Ask::AcceptAs(invitation, ann.token));
    assert_eq!(reset(&mut house, &kept).err(), Some(NotDone::Unknown));
}

#[test]
fn a_mailed_token_goes_to_the_address_of_its_person_alone_and_is_good_for_half_an_hour() {
    let (mut house, mut owner) = House::owned();
    let ann = house.join(&owner, "ann@example.org", Role::Admin);
    let whose = |house: &mut House, email: &str| match house.done(Ask::ResetWanted(email.to_owned())) {
        Told::Whose(whose) => whose,
        _ => panic!("nothing told"),
    };
    assert_eq!(whose(&mut house, "Ann@example.org"), Some(ann.id));
    assert_eq!(whose(&mut house, "nobody@example.org"), None);
    let ask = |id, email: &str| Ask::ResetToken(id, email.to_owned());
    for (id, email) in
        [(ann.id, "owner@example.org"), (owner.id, "ann@example.org"), (ann.id, "eve@example.org")]
    {
        assert_eq!(house.refused(ask(id, email)), NotDone::Unknown);
    }
    let Told::Link(token) = house.done(ask(ann.id, "ann@example.org")) else { panic!("no token") };
    house.pass(30 * MINUTE_MS);
    assert_eq!(reset(&mut house, &token).err(), Some(NotDone::Unknown));
    let Told::Link(token) = house.done(ask(ann.id, "ann@example.org")) else { panic!("no token") };
    reset(&mut house, &token).unwrap();
    house.confirm(&mut owner);
    house.done(Ask::ChangeMember(owner.token, ann.id, be(FIRST, Role::Admin), true));
    assert_eq!(whose(&mut house, "ann@example.org"), None, "whoever is let in nowhere is nobody");
}

#[test]
fn an_owner_who_is_locked_out_is_let_in_without_factors_and_nothing_is_open_to_them_for_a_day() {
    let (mut house, mut owner) = House::owned();
    let admin = house.join(&owner, "admin@example.org", Role::Admin);
    let second = house.join(&owner, "second@example.org", Role::Owner);
    house.with_totp(&mut owner);
    let (_, key) = house.make_key(&owner, None, &[Scope::Read]).unwrap();
    let wish = house.folder.path().join(crate::BREAK_GLASS_WISH);
    let break_glass = |email: &str| {
        std::fs::write(&wish, format!("{email}\n")).unwrap();
        Ask::BreakGlass(email.to_owned())
    };
    let unasked = Ask::BreakGlass("owner@example.org".to_owned());
    assert_eq!(house.refused(unasked), NotDone::Denied, "the shell did not ask");
    assert_eq!(house.refused(break_glass("admin@example.org")), NotDone::Denied, "it is for owners");
    assert_eq!(house.refused(break_glass("nobody@example.org")), NotDone::NotThere);
    let Told::Link(token) = house.done(break_glass("owner@example.org")) else { panic!("no token") };
    assert!(
        house.is_good(&owner.token) && house.opened(&owner.token) == SITES,
        "nothing happens before it is used"
    );
    let chosen = house.chosen();
    house.done(Ask::Reset(token, chosen));
    assert!(!house.is_good(&owner.token));
    let Ok(Told::Proven(ticket, _, wanted)) = house.prove(&owner.email, PASSWORD) else {
        panic!("not proven")
    };
    assert!(wanted.is_empty());
    let Told::SignedIn(token, _) = house.done(Ask::SignIn(ticket, Device::default())) else { panic!() };
    let owner = Somebody { token, ..owner };
    let security = house.security(&owner.token);
    assert!(!security.totp && security.recovery_codes == 0);
    house.restart();
    assert!(house.opened(&owner.token).is_empty() && house.opened(&key).is_empty());
    assert_eq!((house.opened(&admin.token), house.opened(&second.token)), (SITES.to_vec(), SITES.to_vec()));
    house.pass(DAY_MS - 1);
    assert!(house.opened(&owner.token).is_empty() && house.opened(&key).is_empty());
    house.pass(1);
    assert_eq!((house.opened(&owner.token), house.opened(&key)), (SITES.to_vec(), SITES.to_vec()));
}

#[test]
fn an_owner_to_whom_nothing_is_open_lets_nobody_else_in_and_takes_nothing_away() {
    let (mut house, owner) = House::owned();
    let second = house.join(&owner, "second@example.org", Role::Owner);
    std::fs::write(house.folder.path().join(crate::BREAK_GLASS_WISH), &owner.email).unwrap();
    let Told::Link(token) = house.done(Ask::BreakGlass(owner.email.clone())) else { panic!("no token") };
    let chosen = house.chosen();
    house.done(Ask::Reset(token, chosen));
    let token = house.sign_in(owner.id, false);
    let token = || token.clone();
    for ask in [
        Ask::Invite(token(), "eve@example.org".to_owned(), be(FIRST, Role::Admin)),
        Ask::ChangeMember(token(), second.id, be(FIRST, Role::SiteViewer), false),
        Ask::RemoveMember(token(), second.id, FIRST),
        Ask::ResetLink(token(), FIRST, second.id),
        Ask::MakeKey(token(), FIRST, None, vec![Scope::Read], None),
        Ask::RequireSecondFactor(token(), FIRST, false),
        Ask::AddSite(token(), FIRST, SiteId(50)),
        Ask::RemoveSite(token(), SiteId(1)),
    ] {
        let (word, _) = told(&ask);
        assert_eq!(house.refused(ask), NotDone::Denied, "{word}");
    }
    house.done(Ask::Members(token(), FIRST));
    let Told::Sites(seen) = house.done(Ask::SitesSeen) else { panic!("no sites") };
    assert_eq!(seen, SITES.map(SiteId), "by the other owner");
    house.done(Ask::End(second.token, Which::This));
    assert!(matches!(house.done(Ask::SitesSeen), Told::Sites(sites) if sites.is_empty()));
}

#[test]
fn a_link_that_is_handed_on_does_not_end_the_closing_of_a_broken_glass() {
    let (mut house, owner) = House::owned();
    let second = house.join(&owner, "second@example.org", Role::Owner);
    std::fs::write(house.folder.path().join(crate::BREAK_GLASS_WISH), &owner.email).unwrap();
    let Told::Link(token) = house.done(Ask::BreakGlass(owner.email.clone())) else { panic!("no token") };
    reset(&mut house, &token).unwrap();
    let token = link(&mut house, &second, &owner).unwrap();
    reset(&mut house, &token).unwrap();
    let token = house.sign_in(owner.id, false);
    assert!(house.opened(&token).is_empty());
}
