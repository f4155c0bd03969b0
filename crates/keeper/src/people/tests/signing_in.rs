use super::*;

fn sign_in(ticket: Ticket) -> Ask {
    Ask::SignIn(ticket, Device::default())
}

fn ticket_of(told: Result<Told, NotDone>) -> (Ticket, Vec<Factor>) {
    match told {
        Ok(Told::Proven(ticket, _, wanted)) => (ticket, wanted),
        Ok(_) => panic!("something else"),
        Err(no) => panic!("{no}"),
    }
}

#[test]
fn a_password_signs_in_whoever_it_is_of_by_a_ticket_that_is_good_once() {
    let (mut house, owner) = House::owned();
    let (ticket, wanted) = ticket_of(house.prove("OWNER@example.org ", PASSWORD));
    assert!(wanted.is_empty());
    let Told::SignedIn(token, who) = house.done(sign_in(ticket)) else { panic!("not signed in") };
    assert_eq!(who, owner.id);
    assert!(house.is_good(&token) && house.is_good(&owner.token) && token.hash() != owner.token.hash());
    assert_eq!(house.refused(sign_in(ticket)), NotDone::Unknown);
}

#[test]
fn an_account_that_is_there_is_answered_as_one_that_is_not() {
    let (mut house, owner) = House::owned();
    let viewer = house.join(&owner, "left@example.org", Role::Admin);
    house.done(Ask::ChangeMember(owner.token, viewer.id, be(FIRST, Role::Admin), true));
    let mut answers = |email: &str, password: &str| -> Vec<NotDone> {
        (0..7).map(|_| house.prove_from(email, password, "").err().expect("it is wrong")).collect()
    };
    let known = answers("owner@example.org", "wrong horse battery");
    assert_eq!(
        known[..6],
        [const { NotDone::Wrong(None) }; 5].into_iter().chain([NotDone::Wait(1)]).collect::<Vec<_>>()
    );
    assert_eq!(answers("nobody@example.org", "wrong horse battery"), known);
    assert_eq!(answers("left@example.org", PASSWORD), known, "whoever is let in nowhere is nobody");
}

#[test]
fn a_ticket_ends_after_ten_minutes_and_one_that_nobody_gave_is_none() {
    let (mut house, owner) = House::owned();
    let ticket = house.people.shown(owner.id, false, house.now, &house.rng);
    house.pass(10 * MINUTE_MS);
    assert_eq!(house.refused(sign_in(ticket)), NotDone::Unknown);
    assert_eq!(house.refused(sign_in(Ticket(7))), NotDone::Unknown);
    let chosen = house.chosen();
    assert_eq!(house.refused(sign_in(chosen)), NotDone::Unknown, "a chosen password shows nobody");
}

#[test]
fn a_ticket_that_shows_somebody_is_no_chosen_password() {
    let (mut house, owner) = House::owned();
    let ticket = house.people.shown(owner.id, false, house.now, &house.rng);
    assert_eq!(house.refused(Ask::SetPassword(owner.token, ticket)), NotDone::Unknown);
}

#[test]
fn what_was_shown_by_a_password_that_is_no_more_counts_no_more() {
    let (mut house, owner) = House::owned();
    let stolen = house.people.shown(owner.id, false, house.now, &house.rng);
    let chosen = house.chosen();
    house.done(Ask::SetPassword(owner.token.clone(), chosen));
    assert_eq!(house.refused(sign_in(stolen)), NotDone::Unknown);
    // The same while it is still being checked.
    let prove = |house: &House| {
        let password = SecretText::new(PASSWORD.to_owned());
        house
            .people
            .prepare(Ask::Prove(owner.email.clone(), password, String::new()), house.now)
            .ok()
            .unwrap()
    };
    let checked = prove(&house).run(&house.rng);
    let ticket = house.people.chosen(house.now, &house.rng);
    house.done(Ask::SetPassword(owner.token.clone(), ticket));
    let concluded = house.hands(|people, hands| people.conclude(checked, hands));
    assert!(matches!(concluded, Err(Stop::No(NotDone::Unknown))));
}

#[test]
fn a_password_that_anybody_would_try_first_is_not_chosen() {
    let mut house = House::new();
    let choose = |password: &str| {
        Ask::Choose(SecretText::new(password.to_owned()), vec!["owner@example.org".to_owned()])
    };
    assert!(matches!(house.refused(choose("password1")), NotDone::Weak(_)));
    assert!(matches!(house.refused(choose("owner@example.org")), NotDone::Weak(_)));
    let Told::Ticket(ticket) = house.done(choose("another horse battery")) else { panic!("no ticket") };
    let token = house.setup_token();
    let email = "owner@example.org".to_owned();
    house.done(Ask::SetUp(token, email.clone(), Credential::Password(ticket), Device::default()));
    ticket_of(house.prove(&email, "another horse battery"));
    assert_eq!(house.prove(&email, PASSWORD).err(), Some(NotDone::Wrong(None)));
}

#[test]
fn a_one_time_address_signs_in_one_other_device_within_five_minutes() {
    let (mut house, owner) = House::owned();
    let one_time = |house: &mut House| match house.done(Ask::OneTime(owner.token.clone())) {
        Told::Link(token) => token,
        _ => panic!("no address"),
    };
    let by = |token: &Token| Ask::SignInOnce(token.clone(), Device::default());
    let address = one_time(&mut house);
    assert!(!house.is_good(&address), "it is no sign-in itself");
    let Told::SignedIn(token, who) = house.done(by(&address)) else { panic!("not signed in") };
    assert!(who == owner.id && house.is_good(&token));
    assert_eq!(house.refused(by(&address)), NotDone::Unknown);
    let address = one_time(&mut house);
    house.pass(5 * MINUTE_MS);
    assert_eq!(house.refused(by(&address)), NotDone::Unknown);
    let (replaced, address) = (one_time(&mut house), one_time(&mut house));
    assert_eq!(house.refused(by(&replaced)), NotDone::Unknown, "there is one at a time");
    house.done(Ask::End(owner.token.clone(), Which::Others));
    assert_eq!(house.refused(by(&address)), NotDone::Unknown, "it ends with the other sign-ins");
    house.pass(5 * MINUTE_MS + 1);
    assert_eq!(house.refused(Ask::OneTime(owner.token.clone())), NotDone::Confirm);
}

#[test]
fn no_other_token_signs_in_as_a_one_time_address() {
    let (mut house, owner) = House::owned();
    let (_, key) = house.make_key(&owner, None, &[Scope::Read]).unwrap();
    let invitation = house.invite(&owner, "ann@example.org", be(FIRST, Role::Admin));
    for token in [owner.token, key, invitation] {
        assert_eq!(house.refused(Ask::SignInOnce(token, Device::default())), NotDone::Unknown);
    }
}
