//! What is known of people, in the folder for keys: no older state of it is taken, and nothing in it can be read.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use domain::{Membership, Role, Scope};
use sealing::SecretText;
use sealing::protocol::people::Proof;

use super::*;

fn invite(keeper: &Keeper, owner: &Token, email: &str) -> Token {
    let membership = Membership { organization: OrganizationId::FIRST, role: Role::Admin, sites: Vec::new() };
    match ask(keeper, Ask::Invite(owner.clone(), email.to_owned(), membership)) {
        Heard::Invitation(_, Some(token)) => token,
        _ => panic!("not invited"),
    }
}

#[test]
fn what_is_known_of_people_is_refused_where_it_is_older_than_the_audit_file_says() {
    let house = House::new();
    let path = house.keys().join("people.sealed");
    let (keeper, owner) = house.begun();
    let older = std::fs::read(&path).unwrap();
    invite(&keeper, &owner, "ann@example.org");
    drop(keeper);
    drop(house.keeper());
    let newest = std::fs::read(&path).unwrap();
    std::fs::write(&path, older).unwrap();
    let refused = Keeper::open(&house.parts()).err().expect("a refusal").to_string();
    assert!(refused.contains("people.sealed is older than the audit file"), "{refused}");
    std::fs::remove_file(&path).unwrap();
    let refused = Keeper::open(&house.parts()).err().expect("a refusal").to_string();
    assert!(refused.contains("people.sealed is older"), "nobody begins anew: {refused}");
    std::fs::write(&path, newest).unwrap();
    house.keeper();
}

#[test]
fn what_is_done_to_people_is_written_down_before_and_after_and_what_is_looked_at_is_not() {
    let house = House::new();
    let (keeper, owner) = house.begun();
    let before = house.audit().lines().count();
    ask(&keeper, Ask::Identify(owner.clone()));
    ask(&keeper, Ask::Members(owner.clone(), OrganizationId::FIRST));
    invite(&keeper, &owner, "ann@example.org");
    let who = keeper.lock().people.whose(&owner, house.clock.now()).unwrap();
    assert_eq!(
        told_from(&house, before),
        [format!("app for {who} invitation [] begun"), format!("app for {who} invitation [] given")]
    );
    let full = std::fs::OpenOptions::new().read(true).write(true).open("/dev/full").unwrap();
    keeper.lock().audit.replace_file(full);
    let version = keeper.lock().people.version();
    let asked = Request::People(Box::new(Ask::End(owner.clone(), sealing::protocol::people::Which::This)));
    assert_eq!(word(&keeper.answer(Peer::App, Some(asked))), "unable");
    assert_eq!(keeper.lock().people.version(), version, "what cannot be written down is not done");
}

/// A text in every shape in which it might have been written.
fn shapes(text: &str) -> Vec<Vec<u8>> {
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut shapes = vec![text.as_bytes().to_vec(), hex.to_uppercase().into_bytes(), hex.into_bytes()];
    // Wherever it begins within base64, what is between its ends is the same.
    for before in 0..3 {
        let padded = [vec![b'.'; before], text.as_bytes().to_vec()].concat();
        for encoded in [Base64::encode_string(&padded), Base64UrlUnpadded::encode_string(&padded)] {
            let encoded = encoded.trim_end_matches('=');
            shapes.push(encoded.as_bytes()[4..encoded.len() - 2].to_vec());
        }
    }
    shapes
}

#[test]
fn no_password_address_token_or_code_is_in_any_file_in_a_shape_that_can_be_read() {
    let house = House::new();
    let keeper = house.keeper();
    let secret = |text: &str| SecretText::new(text.to_owned());
    let (email, password) = ("canary.person@canary.example", "canary horse battery");
    let Heard::Setup(Some(setup)) = ask(&keeper, Ask::SetupToken(None)) else { panic!("set up before") };
    let Heard::Ticket(chosen) = ask(&keeper, Ask::Choose(secret(password), vec![])) else {
        panic!("no ticket")
    };
    let device = Device { agent: "canary browser 99".to_owned(), network: "203.0.113.0".to_owned() };
    let begin = Ask::SetUp(setup.clone(), email.to_owned(), Credential::Password(chosen), device.clone());
    let Heard::Begun(owner, _, _, codes) = ask(&keeper, begin) else { panic!("not set up") };
    let prove = Ask::Prove(email.to_owned(), secret(password), "203.0.113.0".to_owned());
    let Heard::Proven(ticket, ..) = ask(&keeper, prove) else { panic!("not proven") };
    let Heard::SignedIn(elsewhere, _) = ask(&keeper, Ask::SignIn(ticket, device)) else {
        panic!("not signed in")
    };
    let wrong = "canary wrong battery";
    ask(&keeper, Ask::Confirm(elsewhere.clone(), Proof::Password(secret(wrong))));
    let invitation = invite(&keeper, &owner, "canary.invited@canary.example");
    let make = Ask::MakeKey(owner.clone(), OrganizationId::FIRST, None, vec![Scope::Read], None);
    let Heard::Key(_, key) = ask(&keeper, make) else { panic!("no key") };
    let Heard::Link(address) = ask(&keeper, Ask::OneTime(owner.clone())) else { panic!("no address") };
    let Heard::Totp(totp, _) = ask(&keeper, Ask::BeginTotp(owner.clone(), email.to_owned())) else {
        panic!()
    };
    let code = crate::people::tests::code(totp.reveal(), house.clock.now());
    let Heard::Strengthened(strong, _) = ask(&keeper, Ask::FinishTotp(owner.clone(), code)) else { panic!() };
    let tokens = [setup, owner, elsewhere, invitation, key, address, strong];
    let mut canaries: Vec<Vec<u8>> = Vec::new();
    for token in &tokens {
        let text = token.text();
        let bytes = Base64UrlUnpadded::decode_vec(&text).unwrap();
        canaries.extend(shapes(&text));
        canaries.push(bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect());
        canaries.push(Base64::encode_string(&bytes).into_bytes());
        canaries.push(bytes);
    }
    let texts = [email, password, wrong, "canary.invited", "canary browser", totp.reveal()];
    canaries.extend(texts.into_iter().chain(codes.iter().map(|code| code.reveal())).flat_map(shapes));
    drop(keeper);
    for file in std::fs::read_dir(house.keys()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let lower = bytes.to_ascii_lowercase();
        for canary in &canaries {
            let found = |bytes: &[u8]| bytes.windows(canary.len()).any(|window| window == canary.as_slice());
            assert!(!found(&bytes) && !found(&lower), "{} in {path:?}", String::from_utf8_lossy(canary));
        }
    }
}
