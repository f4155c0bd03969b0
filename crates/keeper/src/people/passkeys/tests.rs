mod ceremonies;
mod house;

use domain::{DAY_MS, MINUTE_MS, OrganizationId, Role};
use sealing::protocol::people::{Ask, Credential, Device as From, Proof};

use super::*;
use house::{House, membership, refused};

#[test]
fn a_passkey_signs_its_person_in_without_a_name_and_counts_as_both_factors() {
    let (mut house, mut owner) = House::owned();
    assert!(house.identity(&owner.token).unwrap().second_factor, "from the beginning");
    let mut other = house.join(&owner, "other@example.org");
    assert!(house.identity(&other.token).unwrap().second_factor, "from the beginning");
    for somebody in [&mut owner, &mut other] {
        let (person, token) = house.sign_in(&mut somebody.device).unwrap();
        assert_eq!(person, somebody.id);
        let identity = house.identity(&token).unwrap();
        assert_eq!((identity.person, identity.second_factor), (somebody.id, true));
    }
}

#[test]
fn beside_a_password_a_passkey_of_theirs_is_taken_and_nobody_elses() {
    let (mut house, mut owner) = House::owned();
    let mut other = house.join(&owner, "other@example.org");
    let alone = house.password_shown(owner.id);
    assert_eq!(house.no(Ask::SignIn(alone, From::default())), NotDone::Unknown);
    let shown = house.password_shown(owner.id);
    let (ticket, options) = house.options(PasskeyFor::SecondFactor(shown)).unwrap();
    let theirs = Proof::Passkey(ticket, other.device.get(&options));
    let no = house.no(Ask::ProveMore(shown, theirs, String::new()));
    assert_eq!(no, refused(PasskeyError::Unknown));
    // What was wrong used up the options, not what was shown.
    let (ticket, options) = house.options(PasskeyFor::SecondFactor(shown)).unwrap();
    let proof = Proof::Passkey(ticket, owner.device.get(&options));
    let Ok(Told::Proven(proven, person, wanted)) = house.ask(Ask::ProveMore(shown, proof, String::new()))
    else {
        panic!("it was not taken")
    };
    assert_eq!((person, wanted.len()), (owner.id, 0));
    let Ok(Told::SignedIn(token, _)) = house.ask(Ask::SignIn(proven, From::default())) else {
        panic!("not signed in")
    };
    assert!(house.identity(&token).unwrap().second_factor);
}

#[test]
fn a_passkey_shown_again_confirms_and_the_token_is_another() {
    let (mut house, mut owner) = House::owned();
    let mut other = house.join(&owner, "other@example.org");
    house.now.0 += DAY_MS;
    assert_eq!(house.no(Ask::OneTime(owner.token.clone())), NotDone::Confirm);
    let nobody_elses = house.confirm(&owner.token, &mut other.device);
    assert_eq!(nobody_elses.err(), Some(refused(PasskeyError::Unknown)));
    let fresh = house.confirm(&owner.token, &mut owner.device).unwrap();
    assert_eq!(house.identity(&owner.token).err(), Some(NotDone::Unknown));
    assert!(house.ask(Ask::OneTime(fresh)).is_ok());
}

#[test]
fn a_passkey_that_was_added_signs_in_until_it_is_removed() {
    let (mut house, mut owner) = House::owned();
    let mut second = house.device();
    let (token, codes) = house.add(&owner.token, &mut second).unwrap();
    assert_eq!(codes, 0, "there were some");
    assert_eq!(house.identity(&owner.token).err(), Some(NotDone::Unknown), "the token is another");
    assert_eq!(house.sign_in(&mut second).unwrap().0, owner.id);
    assert_eq!(house.sign_in(&mut owner.device).unwrap().0, owner.id);
    let passkeys = house.passkeys(&token);
    assert_eq!(passkeys[1].name, "a key");
    assert!(house.ask(Ask::EndPasskey(token.clone(), passkeys[1].id)).is_ok());
    assert_eq!(house.sign_in(&mut second).err(), Some(refused(PasskeyError::Unknown)));
    assert_eq!(house.sign_in(&mut owner.device).unwrap().0, owner.id);
    assert_eq!(house.no(Ask::EndPasskey(token, passkeys[0].id)), NotDone::LastCredential);
}

#[test]
fn whoever_adds_a_passkey_and_has_no_codes_to_be_kept_is_given_some() {
    let (mut house, owner) = House::owned();
    house.people.registry.people.get_mut(&owner.id).unwrap().recovery_codes = Default::default();
    let mut second = house.device();
    assert_eq!(house.add(&owner.token, &mut second).unwrap().1, 10);
}

#[test]
fn a_passkey_is_added_only_by_one_who_showed_a_short_while_ago_that_it_is_they() {
    let (mut house, mut owner) = House::owned();
    let adding = |token: &Token| PasskeyFor::Adding(token.clone(), "owner@example.org".to_owned());
    let (ticket, options) = house.options(adding(&owner.token)).unwrap();
    house.now.0 += 11 * MINUTE_MS;
    assert_eq!(house.options(adding(&owner.token)).err(), Some(NotDone::Confirm));
    let credential = house.device().create(&options);
    let late = Ask::AddPasskey(owner.token.clone(), ticket, credential, String::new());
    assert_eq!(house.no(late), NotDone::Confirm);
    let token = house.confirm(&owner.token, &mut owner.device).unwrap();
    let mut second = house.device();
    assert!(house.add(&token, &mut second).is_ok());
}

#[test]
fn a_device_makes_one_passkey_of_a_person_and_takes_nobody_elses_for_its_own() {
    let (mut house, mut owner) = House::owned();
    let mut other = house.join(&owner, "other@example.org");
    let adding = PasskeyFor::Adding(owner.token.clone(), "owner@example.org".to_owned());
    let known = owner.device.create(&house.options(adding.clone()).unwrap().1);
    let id: serde_json::Value = serde_json::from_str(&known).unwrap();
    let excluded = house.options(adding).unwrap().1;
    assert!(excluded.contains(id["rawId"].as_str().unwrap()));
    let twice = house.add(&owner.token, &mut owner.device).err();
    assert_eq!(twice, Some(refused(PasskeyError::Twice)));
    let theirs = house.add(&owner.token, &mut other.device).err();
    assert_eq!(theirs, Some(refused(PasskeyError::Refused)));
    assert_eq!(house.passkeys(&owner.token).len(), 1);
}

#[test]
fn there_are_as_many_passkeys_of_a_person_as_there_may_be() {
    let (mut house, owner) = House::owned();
    let person = house.people.registry.people.get_mut(&owner.id).unwrap();
    person.passkeys = vec![person.passkeys[0].clone(); PASSKEYS_MAX];
    let mut one_more = house.device();
    assert_eq!(house.add(&owner.token, &mut one_more).err(), Some(NotDone::TooMany));
}

#[test]
fn when_a_passkey_was_used_and_how_often_is_kept() {
    let (mut house, mut owner) = House::owned();
    assert_eq!(house.passkeys(&owner.token)[0].used_at, None);
    house.now.0 += MINUTE_MS;
    owner.device.counter = 5;
    assert!(house.sign_in(&mut owner.device).is_ok());
    assert_eq!(house.passkeys(&owner.token)[0].used_at, Some(house.now));
    house.again();
    assert_eq!(house.passkeys(&owner.token)[0].used_at, Some(house.now));
    // A copy of it, which did not count along.
    assert_eq!(house.sign_in(&mut owner.device).err(), Some(refused(PasskeyError::Copied)));
    owner.device.counter = 6;
    assert!(house.sign_in(&mut owner.device).is_ok());
}

#[test]
fn a_passkey_of_somebody_who_was_removed_or_is_disabled_opens_nothing() {
    let (mut house, owner) = House::owned();
    let (mut removed, mut disabled) =
        (house.join(&owner, "removed@example.org"), house.join(&owner, "disabled@example.org"));
    let (ticket, options) = house.options(PasskeyFor::SigningIn).unwrap();
    let held = removed.device.get(&options);
    let first = OrganizationId::FIRST;
    assert!(house.ask(Ask::RemoveMember(owner.token.clone(), removed.id, first)).is_ok());
    let role = membership(Role::OrganizationViewer);
    assert!(house.ask(Ask::ChangeMember(owner.token.clone(), disabled.id, role.clone(), true)).is_ok());
    assert_eq!(house.no(Ask::ProvePasskey(ticket, held)), refused(PasskeyError::Unknown));
    for device in [&mut removed.device, &mut disabled.device] {
        assert_eq!(house.sign_in(device).err(), Some(refused(PasskeyError::Unknown)));
    }
    assert!(house.ask(Ask::ChangeMember(owner.token.clone(), disabled.id, role, false)).is_ok());
    assert!(house.sign_in(&mut disabled.device).is_ok());
}

#[test]
fn what_was_wrong_before_holds_up_no_passkey() {
    let (mut house, mut owner) = House::owned();
    let account = house.people.registry.people[&owner.id].email;
    for _ in 0..50 {
        house.people.delays.wrong(account, "203.0.113.0", house.now);
    }
    let code = Proof::Totp(sealing::SecretText::new("000000".to_owned()));
    assert!(matches!(house.no(Ask::Confirm(owner.token.clone(), code)), NotDone::Wait(_)));
    assert!(house.sign_in(&mut owner.device).is_ok());
    let token = house.confirm(&owner.token, &mut owner.device);
    assert!(token.is_ok());
}

#[test]
fn nobody_begins_with_a_passkey_by_anothers_invitation_or_as_somebody_who_is_there() {
    let (mut house, owner) = House::owned();
    let begin = |token: &Token, email: &str| PasskeyFor::Beginning(token.clone(), email.to_owned());
    let nobodys = Token::random(&house.rng);
    assert_eq!(house.options(begin(&nobodys, "owner@example.org")).err(), Some(NotDone::Unknown));
    assert_eq!(house.options(begin(&owner.token, "owner@example.org")).err(), Some(NotDone::Unknown));
    let token = house.invite(&owner, "new@example.org");
    assert_eq!(house.options(begin(&token, "mallory@example.org")).err(), Some(NotDone::Unknown));
    let (ticket, options) = house.options(begin(&token, " New@example.org")).unwrap();
    let mut device = house.device();
    let credential = device.create(&options);
    let other = house.invite(&owner, "other@example.org");
    let by_another = |ticket, credential| {
        let credential = Credential::Passkey(ticket, credential);
        Ask::Accept(other.clone(), "other@example.org".to_owned(), credential, From::default())
    };
    assert_eq!(house.no(by_another(ticket, credential.clone())), NotDone::Unknown);
    let accept = |ticket, credential| {
        let credential = Credential::Passkey(ticket, credential);
        Ask::Accept(token.clone(), "new@example.org".to_owned(), credential, From::default())
    };
    let Ok(Told::Begun(_, id, ..)) = house.ask(accept(ticket, credential.clone())) else {
        panic!("not begun")
    };
    assert_eq!(house.sign_in(&mut device).unwrap().0, id);
    assert_eq!(house.no(accept(ticket, credential)), NotDone::Unknown);
    // An invitation to somebody who came to be known by the address meanwhile.
    let late = house.invite(&owner, "late@example.org");
    let mail = Ask::SetEmail(owner.token.clone(), "late@example.org".to_owned());
    assert!(house.ask(mail).is_ok());
    assert_eq!(house.options(begin(&late, "late@example.org")).err(), Some(NotDone::Taken));
}

#[test]
fn where_browsers_use_no_passkeys_there_are_none_and_it_is_said_why() {
    for (url, why) in
        [("http://203.0.113.7:8000", "host name"), ("http://stats.example.org", "only over https")]
    {
        let mut house = House::at(url);
        let token = house.setup_token();
        let beginning = PasskeyFor::Beginning(token, "owner@example.org".to_owned());
        for wanted in [PasskeyFor::SigningIn, beginning] {
            let Err(NotDone::NoPasskeys(sentence)) = house.options(wanted) else { panic!("there are some") };
            assert!(sentence.contains(why) && sentence.contains(url), "{sentence}");
        }
    }
    assert!(House::at("http://localhost:7400").options(PasskeyFor::SigningIn).is_ok());
}
