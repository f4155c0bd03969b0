//! What an `app` that was taken over can do with the tokens that pass through it: what they are good for, and nothing else.

use domain::{HOUR_MS, Membership, PersonId, Role, Scope};
use sealing::SecretText;
use sealing::protocol::people::{Proof, Ticket, Which};

use super::taken_over::{hear, line_of, packet};
use super::*;

/// A house of an owner and a site viewer who sees site 1 of 1 and 2; another organization has site 9.
struct Full {
    house: House,
    keeper: Keeper,
    owner: Token,
    viewer: Token,
    ids: [PersonId; 2],
    sealed: [Wanted; 3],
}

fn full() -> Full {
    let house = House::new();
    let (keeper, owner) = house.begun();
    add_site(&keeper, &owner, 2);
    keeper.lock().keys.make(OrganizationId(2), SiteId(9), &*house.rng).unwrap();
    let membership = viewer_of(&[1]);
    let asked = Ask::Invite(owner.clone(), "viewer@example.org".to_owned(), membership);
    let Heard::Invitation(_, Some(invitation)) = ask(&keeper, asked) else { panic!("not invited") };
    let chosen = keeper.lock().people.chosen(house.clock.now(), &*house.rng);
    let email = "viewer@example.org".to_owned();
    let accept = Ask::Accept(invitation, email, Credential::Password(chosen), Device::default());
    let Heard::Begun(viewer, ..) = ask(&keeper, accept) else { panic!("not accepted") };
    let whose = |token: &Token| keeper.lock().people.whose(token, house.clock.now()).unwrap();
    let ids = [whose(&owner), whose(&viewer)];
    let sealed = [sealed_in(&keeper, 1, 1).1, sealed_in(&keeper, 1, 2).1, sealed_in(&keeper, 2, 9).1];
    Full { house, keeper, owner, viewer, ids, sealed }
}

fn viewer_of(sites: &[u32]) -> Membership {
    let sites = sites.iter().copied().map(SiteId).collect();
    Membership { organization: OrganizationId::FIRST, role: Role::SiteViewer, sites }
}

/// What the keeper says to `app`.
fn said(keeper: &Keeper, request: Request) -> String {
    word(&keeper.answer(Peer::App, Some(request)))
}

fn of_people(ask: Ask) -> Request {
    Request::People(Box::new(ask))
}

fn open_all(purpose: Purpose, wanted: &[&Wanted]) -> Request {
    Request::Open(purpose, wanted.iter().map(|wanted| (*wanted).into()).collect())
}

#[test]
fn a_site_viewers_token_opens_its_site_and_never_another_however_it_is_asked() {
    let Full { house: _house, keeper, owner, viewer, sealed: [one, two, nine], .. } = full();
    let opens = |token: &Token, wanted: &[&Wanted]| said(&keeper, open_all(request(token), wanted));
    assert_eq!(opens(&viewer, &[&one]), "given");
    assert_eq!(opens(&owner, &[&one, &two]), "given");
    for wanted in [&[&two][..], &[&nine], &[&one, &two], &[&two, &one], &[&one, &one, &nine]] {
        assert_eq!(opens(&viewer, wanted), "denied");
    }
    assert_eq!(opens(&owner, &[&one, &nine]), "denied");
    for duty in [Duty::Absorb, Duty::Merge, Duty::SealOld] {
        for wanted in [&one, &two] {
            assert_eq!(said(&keeper, open_all(Purpose::Duty(duty), &[wanted])), "denied");
        }
    }
}

#[test]
fn a_forged_label_opens_nothing() {
    let Full { house: _house, keeper, owner, viewer, sealed: [one, two, nine], .. } = full();
    for token in [&viewer, &owner] {
        for stolen in [&two, &nine] {
            // As if it were of the site that is open.
            let label = Label { name: stolen.label.name.clone(), ..one.label.clone() };
            let forged = Wanted { label, sealed: stolen.sealed };
            assert_eq!(said(&keeper, open_all(request(token), &[&forged])), "refused");
            assert_eq!(said(&keeper, open_all(request(token), &[&one, &forged])), "refused");
        }
        for label in [
            Label { organization: OrganizationId(2), ..one.label.clone() },
            Label { kind: Kind::Key, ..one.label.clone() },
            Label { environment: Environment(1), ..one.label.clone() },
            Label { name: "0000000002".to_owned(), ..one.label.clone() },
        ] {
            let forged = Wanted { label, sealed: one.sealed };
            assert_eq!(said(&keeper, open_all(request(token), &[&forged])), "refused");
        }
        // What belongs to no site everybody may count, and nothing of a site opens as that.
        let label = Label { site: SiteId(0), ..one.label.clone() };
        let forged = Wanted { label, sealed: one.sealed };
        assert_eq!(said(&keeper, open_all(request(token), &[&forged])), "refused");
        // A site that nobody has is nobody's.
        for site in [77, u32::MAX] {
            let label = Label { site: SiteId(site), ..one.label.clone() };
            let forged = Wanted { label, sealed: one.sealed };
            assert_eq!(said(&keeper, open_all(request(token), &[&forged])), "denied", "site {site}");
        }
    }
    // The organization that a label names is not what decides.
    let label = Label { organization: OrganizationId::FIRST, ..nine.label.clone() };
    let forged = Wanted { label, sealed: nine.sealed };
    assert_eq!(said(&keeper, open_all(request(&owner), &[&forged])), "denied");
}

#[test]
fn what_belongs_to_no_site_opens_for_whoever_is_let_in_and_for_nobody_else() {
    let Full { house: _house, keeper, owner, viewer, ids: [owner_id, _], sealed: [one, ..] } = full();
    let (_, nobodys) = sealed_in(&keeper, 1, 0);
    let forged = Wanted { label: Label { site: SiteId(0), ..one.label.clone() }, sealed: one.sealed };
    let opens = |token: &Token, wanted: &Wanted| said(&keeper, open_all(request(token), &[wanted]));
    for token in [&owner, &viewer] {
        assert_eq!(
            (opens(token, &nobodys), opens(token, &forged)),
            ("given".to_owned(), "refused".to_owned())
        );
    }
    assert_eq!(opens(&Token::random(&Counting::from(77)), &nobodys), "denied");
    let break_glass = || Ask::BreakGlass("owner@example.org".to_owned());
    assert!(matches!(ask(&keeper, break_glass()), Heard::No(NotDone::Denied)), "an app alone lets nobody in");
    std::fs::write(keeper.0.folder.join(crate::BREAK_GLASS_WISH), "owner@example.org").unwrap();
    let Heard::Link(reset) = ask(&keeper, break_glass()) else { panic!() };
    let chosen = keeper.lock().people.chosen(keeper.0.clock.now(), &*keeper.0.rng);
    ask(&keeper, Ask::Reset(reset, chosen));
    assert_eq!(opens(&owner, &nobodys), "denied", "the sign-in ended");
    let ticket = keeper.lock().people.shown(owner_id, false, keeper.0.clock.now(), &*keeper.0.rng);
    let Heard::SignedIn(closed, _) = ask(&keeper, Ask::SignIn(ticket, Device::default())) else { panic!() };
    assert_eq!(opens(&closed, &nobodys), "denied", "nothing is opened for them");
}

#[test]
fn a_viewers_token_opens_recordings_of_the_sites_alone_that_one_who_may_has_shown_to_viewers() {
    let Full { house: _house, keeper, owner, viewer, .. } = full();
    let [(_, one), (_, two)] = [1, 2].map(|site| sealed_as(Kind::Recording, &keeper, 1, site));
    let opens = |token: &Token| [&one, &two].map(|wanted| said(&keeper, open_all(request(token), &[wanted])));
    let share = |token: &Token, shared| {
        said(&keeper, of_people(Ask::ShareRecordings(token.clone(), SiteId(1), shared)))
    };
    assert_eq!(
        (opens(&owner), opens(&viewer)),
        (["given", "given"].map(str::to_owned), ["denied", "denied"].map(str::to_owned))
    );
    assert_eq!(share(&viewer, true), "denied");
    assert_eq!(opens(&viewer), ["denied", "denied"]);
    share(&owner, true);
    assert_eq!(opens(&viewer), ["given", "denied"]);
    share(&owner, false);
    assert_eq!(opens(&viewer), ["denied", "denied"]);
}

#[test]
fn a_site_viewers_token_makes_no_grant_to_anybody() {
    let Full { house: _house, keeper, viewer, ids: [owner_id, viewer_id], sealed: [_, two, _], .. } = full();
    let first = OrganizationId::FIRST;
    let token = || viewer.clone();
    let more = Membership { organization: first, role: Role::Admin, sites: Vec::new() };
    let both = viewer_of(&[1, 2]);
    let version = keeper.lock().people.version();
    for asked in [
        Ask::Invite(token(), "eve@example.org".to_owned(), more.clone()),
        Ask::Invite(token(), "eve@example.org".to_owned(), both.clone()),
        Ask::ChangeMember(token(), viewer_id, more.clone(), false),
        Ask::ChangeMember(token(), viewer_id, both, false),
        Ask::ChangeMember(token(), owner_id, more, true),
        Ask::RemoveMember(token(), owner_id, first),
        Ask::MakeKey(token(), first, Some(SiteId(1)), vec![Scope::Read], None),
        Ask::MakeKey(token(), first, None, vec![Scope::Read], None),
        Ask::RequireSecondFactor(token(), first, true),
        Ask::ResetLink(token(), first, owner_id),
        Ask::ResetLink(token(), first, viewer_id),
        Ask::AddSite(token(), first, SiteId(3)),
        Ask::RemoveSite(token(), SiteId(1)),
        Ask::ShareRecordings(token(), SiteId(1), true),
        Ask::Members(token(), first),
        Ask::Keys(token(), first),
        Ask::Invitations(token(), first),
    ] {
        let (what, _) = crate::people::told(&asked);
        assert_eq!(said(&keeper, of_people(asked)), "denied", "{what}");
    }
    assert_eq!(said(&keeper, of_people(Ask::RemoveSite(token(), SiteId(2)))), "not there");
    assert_eq!(keeper.lock().people.version(), version, "nothing was changed");
    assert_eq!(said(&keeper, open_all(request(&viewer), &[&two])), "denied");
}

#[test]
fn a_reset_token_is_given_to_worker_alone_and_opens_nothing() {
    let Full { house: _house, keeper, ids, sealed: [one, ..], .. } = full();
    let wanted = |id| of_people(Ask::ResetToken(id, "owner@example.org".to_owned()));
    assert_eq!(said(&keeper, wanted(ids[0])), "denied");
    assert_eq!(word(&keeper.answer(Peer::Edge, Some(wanted(ids[0])))), "denied");
    assert_eq!(word(&keeper.answer(Peer::Worker, Some(wanted(ids[1])))), "unknown", "not their address");
    let Answer::People(Heard::Link(token)) = keeper.answer(Peer::Worker, Some(wanted(ids[0]))) else {
        panic!("no token")
    };
    assert_eq!(said(&keeper, open_all(request(&token), &[&one])), "denied");
    assert_eq!(said(&keeper, of_people(Ask::Identify(token))), "unknown");
    // All else about people is not worker's to ask.
    let setup = of_people(Ask::SetupToken(None));
    assert_eq!(word(&keeper.answer(Peer::Worker, Some(setup))), "denied");
    let wanted = of_people(Ask::ResetWanted("owner@example.org".to_owned()));
    assert_eq!(word(&keeper.answer(Peer::Worker, Some(wanted))), "denied");
}

#[test]
fn no_sign_in_is_minted_without_a_proof() {
    let Full { house: _house, keeper, viewer, .. } = full();
    let version = keeper.lock().people.version();
    let (none, device) = (Token::random(&Counting::from(77)), Device::default);
    let password = |text: &str| SecretText::new(text.to_owned());
    for asked in [
        Ask::SignIn(Ticket(0), device()),
        Ask::SignIn(Ticket(u128::MAX), device()),
        Ask::SignInOnce(none.clone(), device()),
        Ask::SignInOnce(viewer.clone(), device()),
        Ask::ProveMore(Ticket(0), Proof::Totp(password("000000")), String::new()),
        Ask::SetUp(none.clone(), "eve@example.org".to_owned(), Credential::Password(Ticket(0)), device()),
        Ask::Accept(none.clone(), "eve@example.org".to_owned(), Credential::Password(Ticket(0)), device()),
        Ask::AcceptAs(none.clone(), viewer.clone()),
        Ask::Reset(none.clone(), Ticket(0)),
        Ask::Reset(viewer.clone(), Ticket(0)),
        Ask::Confirm(none.clone(), Proof::Password(password("whatever it is"))),
        Ask::Confirm(none, Proof::Totp(password("000000"))),
    ] {
        assert_eq!(said(&keeper, of_people(asked)), "unknown");
    }
    let prove = Ask::Prove("owner@example.org".to_owned(), password("whatever it is"), String::new());
    assert_eq!(said(&keeper, of_people(prove)), "wrong");
    assert!(matches!(ask(&keeper, Ask::SetupToken(None)), Heard::Setup(None)));
    assert_eq!(keeper.lock().people.version(), version, "nothing was changed");
}

#[test]
fn a_ticket_of_one_person_serves_nobody_elses_token() {
    let Full { house, keeper, owner, viewer, ids: [_, viewer_id], sealed: [one, two, _] } = full();
    let now = house.clock.now();
    let shown = || keeper.lock().people.shown(viewer_id, false, now, &*house.rng);
    assert_eq!(said(&keeper, of_people(Ask::SetPassword(owner.clone(), shown()))), "unknown");
    let Heard::Totp(secret, _) = ask(&keeper, Ask::BeginTotp(viewer, "viewer".to_owned())) else { panic!() };
    let code = crate::people::tests::code(secret.reveal(), now);
    assert_eq!(said(&keeper, of_people(Ask::FinishTotp(owner, code))), "unknown");
    let Heard::SignedIn(token, who) = ask(&keeper, Ask::SignIn(shown(), Device::default())) else { panic!() };
    assert_eq!(who, viewer_id);
    assert_eq!(said(&keeper, open_all(request(&token), &[&one])), "given");
    assert_eq!(said(&keeper, open_all(request(&token), &[&two])), "denied");
}

#[test]
fn a_token_that_ended_or_is_no_sign_in_opens_nothing_and_changes_nothing() {
    let Full { house, keeper, owner, viewer, sealed: [one, ..], .. } = full();
    let Heard::Link(address) = ask(&keeper, Ask::OneTime(owner.clone())) else { panic!("no address") };
    let asked = Ask::Invite(owner.clone(), "eve@example.org".to_owned(), viewer_of(&[1]));
    let Heard::Invitation(_, Some(invitation)) = ask(&keeper, asked) else { panic!("not invited") };
    let until = Some(Timestamp(house.clock.now().0 + HOUR_MS));
    let make = Ask::MakeKey(owner.clone(), OrganizationId::FIRST, None, vec![Scope::Read], until);
    let Heard::Key(_, key) = ask(&keeper, make) else { panic!("no key") };
    assert_eq!(said(&keeper, open_all(request(&key), &[&one])), "given");
    ask(&keeper, Ask::End(viewer.clone(), Which::This));
    house.clock.advance(Duration::from_millis(HOUR_MS as u64));
    for token in [viewer, key, address, invitation, Token::random(&Counting::from(77))] {
        assert_eq!(said(&keeper, open_all(request(&token), &[&one])), "denied");
        assert_eq!(said(&keeper, of_people(Ask::Identify(token.clone()))), "unknown");
        assert_eq!(said(&keeper, remove_site(&token, 1)), "unknown");
    }
    house.clock.advance(Duration::from_millis(15 * DAY_MS as u64));
    assert_eq!(said(&keeper, open_all(request(&owner), &[&one])), "denied");
}

#[test]
fn over_its_line_whoever_is_disabled_is_refused_from_the_next_question_on() {
    let Full { house, keeper, owner, viewer, ids: [_, viewer_id], sealed: [one, ..] } = full();
    let line = line_of(&keeper, Peer::App);
    let question = packet(1, open_all(request(&viewer), &[&one]));
    sealing::send_packet(&line, &question).unwrap();
    assert_eq!(hear(&line), Some((1, "given".to_owned())));
    let disable = Ask::ChangeMember(owner, viewer_id, viewer_of(&[1]), true);
    sealing::send_packet(&line, &packet(2, of_people(disable))).unwrap();
    assert_eq!(hear(&line), Some((2, "given".to_owned())));
    sealing::send_packet(&line, &question).unwrap();
    assert_eq!(hear(&line), Some((1, "denied".to_owned())));
    let last = house.audit().lines().last().unwrap().to_owned();
    assert!(last.contains(r#""asks":"request""#) && last.contains(r#""answer":"denied""#), "{last}");
}
