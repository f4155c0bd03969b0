use super::*;

fn proven(told: Result<Told, NotDone>) -> (Ticket, Vec<Factor>) {
    match told {
        Ok(Told::Proven(ticket, _, wanted)) => (ticket, wanted),
        Ok(_) => panic!("something else"),
        Err(no) => panic!("{no}"),
    }
}

/// Somebody with an app for codes, who showed their password a minute after the last code.
fn at_the_second_step() -> (House, Somebody, String, Vec<SecretText>, Ticket) {
    let (mut house, mut owner) = House::owned();
    let Told::RecoveryCodes(codes) = house.done(Ask::RenewRecoveryCodes(owner.token.clone())) else {
        panic!()
    };
    let (secret, fresh) = house.with_totp(&mut owner);
    assert!(fresh.is_empty(), "whoever has codes to be kept keeps them");
    house.pass(MINUTE_MS);
    let (ticket, wanted) = proven(house.prove(&owner.email, PASSWORD));
    assert_eq!(wanted, [Factor::Totp, Factor::RecoveryCode]);
    (house, owner, secret, codes, ticket)
}

fn more(ticket: Ticket, proof: Proof) -> Ask {
    Ask::ProveMore(ticket, proof, String::new())
}

#[test]
fn a_password_alone_signs_nobody_in_who_has_a_second_factor() {
    let (mut house, _, secret, _, ticket) = at_the_second_step();
    let now = house.now;
    assert_eq!(house.refused(Ask::SignIn(ticket, Device::default())), NotDone::Unknown);
    assert_eq!(house.refused(more(ticket, totp(&secret, now))), NotDone::Unknown, "the ticket is spent");
}

#[test]
fn the_right_code_signs_in_and_the_same_code_never_again() {
    let (mut house, owner, secret, _, ticket) = at_the_second_step();
    let now = house.now;
    assert_eq!(house.refused(more(ticket, totp(&secret, Timestamp(now.0 + 90_000)))), NotDone::Wrong(None));
    let (whole, wanted) = proven(house.ask(more(ticket, totp(&secret, now))));
    assert!(wanted.is_empty());
    assert_eq!(house.refused(more(ticket, totp(&secret, now))), NotDone::Unknown);
    let Told::SignedIn(token, _) = house.done(Ask::SignIn(whole, Device::default())) else { panic!() };
    assert!(house.identity(&token).unwrap().second_factor);
    house.restart();
    let confirm = |token: &Token, now| Ask::Confirm(token.clone(), totp(&secret, now));
    assert_eq!(house.refused(confirm(&owner.token, now)), NotDone::Wrong(None), "used, and kept as used");
    house.pass(30_000);
    let now = house.now;
    house.done(confirm(&owner.token, now));
}

#[test]
fn a_code_to_be_kept_signs_in_once() {
    let (mut house, owner, _, codes, ticket) = at_the_second_step();
    let code = |number: usize| Proof::RecoveryCode(SecretText::new(codes[number].reveal().to_uppercase()));
    let (whole, _) = proven(house.ask(more(ticket, code(0))));
    house.done(Ask::SignIn(whole, Device::default()));
    assert_eq!(house.security(&owner.token).recovery_codes, 9);
    house.restart();
    let (ticket, _) = proven(house.prove(&owner.email, PASSWORD));
    assert_eq!(house.refused(more(ticket, code(0))), NotDone::Wrong(None));
    proven(house.ask(more(ticket, code(1))));
}

#[test]
fn a_code_to_be_kept_stands_in_for_a_factor_and_is_none_where_there_is_none() {
    let (mut house, owner) = House::owned();
    let Told::RecoveryCodes(codes) = house.done(Ask::RenewRecoveryCodes(owner.token.clone())) else {
        panic!()
    };
    let ticket = house.people.shown(owner.id, false, house.now, &house.rng);
    assert_eq!(house.refused(more(ticket, Proof::RecoveryCode(codes[0].clone()))), NotDone::Wrong(None));
    let confirm = Ask::Confirm(owner.token, Proof::RecoveryCode(codes[0].clone()));
    assert_eq!(house.refused(confirm), NotDone::Wrong(None));
}

#[test]
fn an_app_for_codes_is_put_to_use_by_a_code_of_it_and_ends_sign_ins_that_showed_none() {
    let (mut house, mut owner) = House::owned();
    let elsewhere = house.sign_in(owner.id, false);
    let shown = house.people.shown(owner.id, false, house.now, &house.rng);
    let begun = house.done(Ask::BeginTotp(owner.token.clone(), owner.email.clone()));
    let Told::Totp(secret, uri) = begun else { panic!("no secret") };
    assert!(uri.reveal().contains(secret.reveal()));
    assert!(!house.security(&owner.token).totp, "not before a code was shown");
    let finish = |code| Ask::FinishTotp(owner.token.clone(), code);
    let wrong = code(secret.reveal(), Timestamp(house.now.0 + 90_000));
    assert_eq!(house.refused(finish(wrong)), NotDone::Wrong(None));
    let right = code(secret.reveal(), house.now);
    let Told::Strengthened(token, codes) = house.done(finish(right)) else { panic!("not put to use") };
    assert!(codes.is_empty() && house.identity(&token).unwrap().second_factor);
    assert!(!house.is_good(&owner.token), "the token was replaced");
    assert!(!house.is_good(&elsewhere));
    assert_eq!(house.refused(Ask::SignIn(shown, Device::default())), NotDone::Unknown);
    owner.token = token;
    assert!(house.security(&owner.token).totp);
}

#[test]
fn one_persons_secret_puts_no_other_persons_app_to_use() {
    let (mut house, owner) = House::owned();
    let ann = house.join(&owner, "ann@example.org", Role::Admin);
    let Told::Totp(of_ann, _) = house.done(Ask::BeginTotp(ann.token, ann.email)) else { panic!("no secret") };
    let right = code(of_ann.reveal(), house.now);
    assert_eq!(house.refused(Ask::FinishTotp(owner.token.clone(), right.clone())), NotDone::Unknown);
    house.done(Ask::BeginTotp(owner.token.clone(), owner.email));
    assert_eq!(house.refused(Ask::FinishTotp(owner.token, right)), NotDone::Wrong(None));
}

#[test]
fn whoever_does_without_their_last_second_factor_has_shown_none() {
    let (mut house, mut owner) = House::owned();
    house.with_totp(&mut owner);
    assert!(house.identity(&owner.token).unwrap().second_factor);
    house.done(Ask::EndTotp(owner.token.clone()));
    assert!(!house.identity(&owner.token).unwrap().second_factor);
    assert_eq!(house.refused(Ask::EndTotp(owner.token.clone())), NotDone::NotThere);
    assert_eq!(house.refused(Ask::RequireSecondFactor(owner.token, FIRST, true)), NotDone::Required);
}

#[test]
fn an_organization_that_requires_a_second_factor_is_closed_to_weak_sign_ins_and_open_to_strong_ones() {
    let (mut house, mut owner) = House::owned();
    let mut ann = house.join(&owner, "ann@example.org", Role::Admin);
    let require = |token: &Token| Ask::RequireSecondFactor(token.clone(), FIRST, true);
    assert_eq!(house.refused(require(&owner.token)), NotDone::Required, "only by one who has it");
    house.with_totp(&mut owner);
    assert_eq!(house.refused(require(&ann.token)), NotDone::Denied);
    house.done(require(&owner.token));
    assert_eq!(house.opened(&owner.token), SITES);
    assert!(house.opened(&ann.token).is_empty());
    assert!(house.identity(&ann.token).unwrap().lacks_second_factor(FIRST));
    assert_eq!(house.refused(Ask::Members(ann.token.clone(), FIRST)), NotDone::NotThere);
    let invite = Ask::Invite(ann.token.clone(), "eve@example.org".to_owned(), be(FIRST, Role::Admin));
    assert_eq!(house.refused(invite), NotDone::NotThere);
    house.with_totp(&mut ann);
    assert_eq!(house.opened(&ann.token), SITES, "by the same sign-in once it was shown");
    assert_eq!(house.refused(Ask::EndTotp(ann.token.clone())), NotDone::Required);
    house.done(Ask::RequireSecondFactor(owner.token, FIRST, false));
    house.done(Ask::EndTotp(ann.token));
}
