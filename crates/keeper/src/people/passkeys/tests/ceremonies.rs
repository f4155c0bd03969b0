use domain::MINUTE_MS;
use sealing::protocol::people::{Ask, Credential, Device as From, Proof};

use super::super::ceremonies::WAITING_MAX;
use super::super::*;
use super::house::{House, Somebody, refused};

#[test]
fn a_credential_is_good_once() {
    let (mut house, mut owner) = House::owned();
    let (ticket, options) = house.options(PasskeyFor::SigningIn).unwrap();
    let credential = owner.device.get(&options);
    assert!(house.ask(Ask::ProvePasskey(ticket, credential.clone())).is_ok());
    assert_eq!(house.no(Ask::ProvePasskey(ticket, credential.clone())), NotDone::Unknown);
    // For other options it is the answer to another question.
    let (other, _) = house.options(PasskeyFor::SigningIn).unwrap();
    assert_eq!(house.no(Ask::ProvePasskey(other, credential)), refused(PasskeyError::Refused));
}

#[test]
fn what_was_refused_used_its_options_up() {
    let (mut house, mut owner) = House::owned();
    let (ticket, options) = house.options(PasskeyFor::SigningIn).unwrap();
    let credential = owner.device.get(&options);
    assert_eq!(house.no(Ask::ProvePasskey(ticket, "{}".to_owned())), refused(PasskeyError::NotACredential));
    assert_eq!(house.no(Ask::ProvePasskey(ticket, credential)), NotDone::Unknown);
}

#[test]
fn options_that_are_ten_minutes_old_are_good_no_more() {
    let (mut house, mut owner) = House::owned();
    let (ticket, options) = house.options(PasskeyFor::SigningIn).unwrap();
    house.now.0 += 10 * MINUTE_MS;
    assert_eq!(house.no(Ask::ProvePasskey(ticket, owner.device.get(&options))), NotDone::Unknown);
}

/// Something that can be asked for, and what puts the answer to use.
type Use = (PasskeyFor, Box<dyn Fn(Ticket, String) -> Ask>);

/// All that somebody can ask a device for that has a passkey of theirs, or makes one.
fn uses(house: &mut House, owner: &Somebody) -> [Use; 5] {
    let (token, shown) = (owner.token.clone(), house.password_shown(owner.id));
    let invitation = house.invite(owner, "new@example.org");
    let (confirming, adding, beginning) = (token.clone(), token.clone(), invitation.clone());
    let email = || "new@example.org".to_owned();
    [
        (PasskeyFor::SigningIn, Box::new(Ask::ProvePasskey)),
        (
            PasskeyFor::SecondFactor(shown),
            Box::new(move |ticket, shows| {
                Ask::ProveMore(shown, Proof::Passkey(ticket, shows), String::new())
            }),
        ),
        (
            PasskeyFor::Confirming(token.clone()),
            Box::new(move |ticket, shows| Ask::Confirm(confirming.clone(), Proof::Passkey(ticket, shows))),
        ),
        (
            PasskeyFor::Adding(token, email()),
            Box::new(move |ticket, made| Ask::AddPasskey(adding.clone(), ticket, made, String::new())),
        ),
        (
            PasskeyFor::Beginning(invitation, email()),
            Box::new(move |ticket, made| {
                let credential = Credential::Passkey(ticket, made);
                Ask::Accept(beginning.clone(), email(), credential, From::default())
            }),
        ),
    ]
}

#[test]
fn what_was_asked_for_one_thing_is_good_for_no_other() {
    for asked in 0..5 {
        for put_to in 0..5 {
            let (mut house, mut owner) = House::owned();
            let mut fresh = house.device();
            let mut uses = uses(&mut house, &owner).map(Some);
            let (wanted, own) = uses[asked].take().unwrap();
            let (ticket, options) = house.options(wanted).unwrap();
            let credential = if asked < 3 { owner.device.get(&options) } else { fresh.create(&options) };
            let use_of = uses[put_to].take().map_or(own, |(_, use_of)| use_of);
            let heard = house.ask(use_of(ticket, credential)).err();
            let expected = if asked == put_to { None } else { Some(NotDone::Unknown) };
            assert_eq!(heard, expected, "{asked} as {put_to}");
        }
    }
}

#[test]
fn what_was_asked_of_one_sign_in_is_good_for_no_other() {
    let (mut house, mut owner) = House::owned();
    let (_, elsewhere) = house.sign_in(&mut owner.device).unwrap();
    let (ticket, options) = house.options(PasskeyFor::Confirming(elsewhere)).unwrap();
    let proof = Proof::Passkey(ticket, owner.device.get(&options));
    assert_eq!(house.no(Ask::Confirm(owner.token, proof)), NotDone::Unknown);
}

#[test]
fn a_second_factor_is_asked_for_where_it_is_wanted() {
    let (mut house, owner) = House::owned();
    assert_eq!(house.options(PasskeyFor::SecondFactor(Ticket(1))).err(), Some(NotDone::Unknown));
    let held = Held::Proven(Proven { person: owner.id, second_factor: true, wanted: Vec::new() });
    let proven = house.people.tickets.give(held, house.now, &house.rng).unwrap();
    assert_eq!(house.options(PasskeyFor::SecondFactor(proven)).err(), Some(NotDone::NotThere));
}

#[test]
fn whoever_is_known_is_asked_for_one_thing_at_a_time() {
    let (mut house, mut owner) = House::owned();
    let confirming = PasskeyFor::Confirming(owner.token.clone());
    let (ticket, options) = house.options(confirming.clone()).unwrap();
    house.options(confirming).unwrap();
    let proof = Proof::Passkey(ticket, owner.device.get(&options));
    assert_eq!(house.no(Ask::Confirm(owner.token, proof)), NotDone::Unknown);
}

#[test]
fn however_many_strangers_ask_nobody_is_turned_away_and_none_of_them_takes_the_room_of_who_is_known() {
    let (mut house, mut owner) = House::owned();
    let confirming = house.options(PasskeyFor::Confirming(owner.token.clone())).unwrap();
    let first = house.options(PasskeyFor::SigningIn).unwrap();
    let second = house.options(PasskeyFor::SigningIn).unwrap();
    for _ in 0..WAITING_MAX - 1 {
        house.options(PasskeyFor::SigningIn).unwrap();
    }
    let oldest = Ask::ProvePasskey(first.0, owner.device.get(&first.1));
    assert_eq!(house.no(oldest), NotDone::Unknown);
    assert!(house.ask(Ask::ProvePasskey(second.0, owner.device.get(&second.1))).is_ok());
    let proof = Proof::Passkey(confirming.0, owner.device.get(&confirming.1));
    assert!(house.ask(Ask::Confirm(owner.token, proof)).is_ok());
}
