use super::*;

fn password() -> Proof {
    Proof::Password(SecretText::new(PASSWORD.to_owned()))
}

#[test]
fn what_is_sensitive_wants_it_shown_within_ten_minutes_that_it_is_they() {
    let (mut house, mut owner) = House::owned();
    let ann = house.join(&owner, "ann@example.org", Role::Admin);
    let invitation = house.invite(&owner, "bob@example.org", be(FIRST, Role::Admin));
    let asks = |house: &mut House, token: &Token| {
        let chosen = house.chosen();
        let token = || token.clone();
        [
            Ask::SetPassword(token(), chosen),
            Ask::SetEmail(token(), "new@example.org".to_owned()),
            Ask::BeginTotp(token(), "new".to_owned()),
            Ask::FinishTotp(token(), SecretText::new("000000".to_owned())),
            Ask::EndTotp(token()),
            Ask::AddPasskey(token(), Ticket(1), String::new(), String::new()),
            Ask::EndPasskey(token(), 1),
            Ask::RenewRecoveryCodes(token()),
            Ask::OneTime(token()),
            Ask::RequireSecondFactor(token(), FIRST, false),
            Ask::ChangeMember(token(), ann.id, be(FIRST, Role::Owner), false),
            Ask::RemoveMember(token(), ann.id, FIRST),
            Ask::RemoveMember(token(), owner.id, FIRST),
            Ask::Invite(token(), "eve@example.org".to_owned(), be(FIRST, Role::SiteViewer)),
            Ask::MakeKey(token(), FIRST, None, vec![Scope::Read], None),
            Ask::ResetLink(token(), FIRST, ann.id),
            Ask::RemoveSite(token(), SiteId(1)),
        ]
    };
    house.pass(10 * MINUTE_MS + 1);
    for ask in asks(&mut house, &owner.token) {
        let (word, about) = told(&ask);
        assert_eq!(house.refused(ask), NotDone::Confirm, "{word} {about:?}");
    }
    house.done(Ask::LookAtInvitation(invitation));
    house.confirm(&mut owner);
    house.done(Ask::RenewRecoveryCodes(owner.token));
}

#[test]
fn an_api_key_shows_nobody_and_changes_nothing_that_is_sensitive() {
    let (mut house, owner) = House::owned();
    let (_, key) = house.make_key(&owner, None, &Scope::ALL).unwrap();
    assert_eq!(house.refused(Ask::Confirm(key.clone(), password())), NotDone::Denied);
    assert_eq!(house.refused(Ask::OneTime(key.clone())), NotDone::Denied);
    assert_eq!(house.refused(Ask::Devices(key.clone())), NotDone::Denied);
    assert_eq!(house.refused(Ask::End(key.clone(), Which::Others)), NotDone::Denied);
    assert_eq!(house.refused(Ask::RemoveMember(key.clone(), owner.id, FIRST)), NotDone::Denied);
    let wanted = Ask::MakeKey(key.clone(), FIRST, None, vec![Scope::Read], None);
    assert_eq!(house.refused(wanted), NotDone::Denied);
    let invite = Ask::Invite(key, "eve@example.org".to_owned(), be(FIRST, Role::Owner));
    assert_eq!(house.refused(invite), NotDone::Denied);
}

#[test]
fn to_show_it_again_replaces_the_token() {
    let (mut house, owner) = House::owned();
    house.pass(HOUR_MS);
    let wrong = Proof::Password(SecretText::new("wrong horse battery".to_owned()));
    assert_eq!(house.refused(Ask::Confirm(owner.token.clone(), wrong)), NotDone::Wrong(None));
    let Told::SignedIn(fresh, who) = house.done(Ask::Confirm(owner.token.clone(), password())) else {
        panic!()
    };
    assert_eq!(who, owner.id);
    assert!(!house.is_good(&owner.token) && house.is_good(&fresh));
    assert_eq!(house.identity(&fresh).unwrap().confirmed_at, house.now);
    house.done(Ask::RenewRecoveryCodes(fresh));
}

#[test]
fn a_sign_in_ends_when_it_was_not_used_for_two_weeks() {
    let (mut house, owner) = House::owned();
    for _ in 0..3 {
        house.pass(14 * DAY_MS);
        assert!(house.is_good(&owner.token));
    }
    house.pass(14 * DAY_MS + 1);
    assert!(!house.is_good(&owner.token) && house.opened(&owner.token).is_empty());
}

#[test]
fn a_sign_in_ends_after_ninety_days_however_much_it_is_used() {
    let (mut house, owner) = House::owned();
    for _ in 0..89 {
        house.pass(DAY_MS);
        assert!(house.is_good(&owner.token));
    }
    house.pass(DAY_MS - 1);
    assert!(house.is_good(&owner.token));
    house.pass(1);
    assert!(!house.is_good(&owner.token) && house.opened(&owner.token).is_empty());
}

#[test]
fn to_show_it_again_does_not_put_off_the_end_of_a_sign_in() {
    let (mut house, mut owner) = House::owned();
    for _ in 0..9 {
        house.pass(10 * DAY_MS - 1);
        assert!(house.is_good(&owner.token));
        house.confirm(&mut owner);
    }
    house.pass(10);
    assert!(!house.is_good(&owner.token));
}

#[test]
fn of_fifty_sign_ins_the_one_that_was_longest_unused_makes_room() {
    let (mut house, owner) = House::owned();
    let first: Vec<Token> = (0..49)
        .map(|_| {
            house.pass(MINUTE_MS);
            house.sign_in(owner.id, false)
        })
        .collect();
    house.pass(MINUTE_MS);
    assert!(house.is_good(&owner.token), "the oldest is used");
    house.pass(MINUTE_MS);
    let one_more = house.sign_in(owner.id, false);
    assert!(house.is_good(&owner.token) && house.is_good(&one_more));
    assert!(!house.is_good(&first[0]) && house.is_good(&first[1]));
    let Told::Devices(devices) = house.done(Ask::Devices(owner.token)) else { panic!("no devices") };
    assert_eq!(devices.len(), 50);
}

#[test]
fn a_person_ends_this_sign_in_another_or_all_others_and_nobody_elses() {
    let (mut house, owner) = House::owned();
    let ann = house.join(&owner, "ann@example.org", Role::Admin);
    let [second, third, fourth] = [(); 3].map(|()| {
        house.pass(1);
        house.sign_in(owner.id, false)
    });
    let devices = |house: &mut House, token: &Token| match house.done(Ask::Devices(token.clone())) {
        Told::Devices(devices) => devices,
        _ => panic!("no devices"),
    };
    let of_owner = devices(&mut house, &fourth);
    assert_eq!(of_owner.iter().map(|device| device.current).collect::<Vec<_>>(), [true, false, false, false]);
    let third_id = of_owner[1].id;
    assert_eq!(house.refused(Ask::End(ann.token.clone(), Which::Device(third_id))), NotDone::NotThere);
    house.done(Ask::End(fourth.clone(), Which::Device(third_id)));
    assert!(!house.is_good(&third) && house.is_good(&second));
    house.done(Ask::End(fourth.clone(), Which::Others));
    assert!(!house.is_good(&second) && !house.is_good(&owner.token) && house.is_good(&fourth));
    assert!(house.is_good(&ann.token));
    house.done(Ask::End(fourth.clone(), Which::This));
    assert!(!house.is_good(&fourth));
    assert_eq!(house.refused(Ask::End(fourth, Which::This)), NotDone::Unknown);
}

#[test]
fn whoever_changes_what_they_sign_in_by_is_signed_in_here_alone() {
    let (mut house, owner) = House::owned();
    for change in [
        |house: &mut House, token| {
            let chosen = house.chosen();
            Ask::SetPassword(token, chosen)
        },
        |_: &mut House, token| Ask::SetEmail(token, "owner@example.com".to_owned()),
    ] {
        let elsewhere = house.sign_in(owner.id, false);
        let Told::Link(address) = house.done(Ask::OneTime(owner.token.clone())) else { panic!("no address") };
        let ask = change(&mut house, owner.token.clone());
        house.done(ask);
        assert!(house.is_good(&owner.token) && !house.is_good(&elsewhere));
        assert_eq!(house.refused(Ask::SignInOnce(address, Device::default())), NotDone::Unknown);
    }
    assert!(house.prove("owner@example.com", PASSWORD).is_ok());
    assert!(house.prove("owner@example.org", PASSWORD).is_err());
}

#[test]
fn nobody_takes_an_address_that_is_somebody_elses() {
    let (mut house, owner) = House::owned();
    let ann = house.join(&owner, "ann@example.org", Role::Admin);
    let take = |token: &Token| Ask::SetEmail(token.clone(), "Owner@example.org".to_owned());
    assert_eq!(house.refused(take(&ann.token)), NotDone::Taken);
    house.done(take(&owner.token));
}

#[test]
fn what_was_never_asked_is_known_no_sooner_than_it_is_kept_and_sign_ins_outlive_a_restart() {
    let (mut house, owner) = House::owned();
    house.pass(2 * HOUR_MS);
    assert!(house.is_good(&owner.token));
    house.restart();
    let Told::Devices(devices) = house.done(Ask::Devices(owner.token)) else { panic!("no devices") };
    assert_eq!(devices[0].seen_at, house.now);
}

#[test]
fn what_a_device_says_of_itself_is_cut_and_cleaned() {
    let (mut house, owner) = House::owned();
    let ticket = house.people.shown(owner.id, false, house.now, &house.rng);
    let device = Device { agent: "a\n\u{1b}[2Jb".repeat(1_000), network: "x".repeat(90_000) };
    let Told::SignedIn(token, _) = house.done(Ask::SignIn(ticket, device)) else { panic!("not signed in") };
    let Told::Devices(devices) = house.done(Ask::Devices(token)) else { panic!("no devices") };
    let told = devices.iter().find(|device| device.current).unwrap();
    assert_eq!((told.device.agent.len(), told.device.network.len()), (120, 120));
    assert!(!told.device.agent.contains(char::is_control));
}
