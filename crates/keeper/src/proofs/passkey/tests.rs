pub(crate) mod device;

use proptest::prelude::*;

use super::*;
use device::Device;

const SERVER: &str = "https://stats.example.org";
const ALICE: PersonId = PersonId(0x0123_4567_89ab_cdef);
const BOB: PersonId = PersonId(7);

fn relying() -> Relying {
    Relying::new(SERVER, &[]).expect("passkeys work there")
}

/// A passkey of Alice's, and the device that has it.
fn registered(server: &str, relying: &Relying) -> (Device, Passkey) {
    let mut device = Device::new(server, 1);
    let (options, state) = begin_for_alice(relying, &[]);
    let passkey = relying.finish_registration(state, &device.create(&options)).expect("it is taken");
    (device, passkey)
}

fn begin_for_alice(relying: &Relying, existing: &[PasskeyId]) -> (String, Registration) {
    relying.begin_registration(ALICE, "alice@example.org", "Alice", existing).expect("options")
}

fn sign_in(relying: &Relying, device: &mut Device, passkey: &mut Passkey) -> Result<(), PasskeyError> {
    let (options, state) = relying.begin_authentication(&[passkey.id()]).expect("options");
    relying.finish_authentication(state, &device.get(&options), ALICE, passkey)
}

#[test]
fn a_passkey_signs_its_person_in_where_the_person_is_known() {
    for server in [SERVER, "http://localhost:8000", "https://stats.example.org:8443"] {
        let relying = Relying::new(server, &[]).expect("passkeys work there");
        let (mut device, mut passkey) = registered(server, &relying);
        assert_eq!(sign_in(&relying, &mut device, &mut passkey), Ok(()), "{server}");
        // An authenticator that has no room for a handle.
        device.handle = None;
        assert_eq!(sign_in(&relying, &mut device, &mut passkey), Ok(()), "{server}");
    }
}

#[test]
fn a_passkey_finds_its_person_where_the_person_is_not_known() {
    let relying = relying();
    let (mut device, mut passkey) = registered(SERVER, &relying);
    let (options, state) = relying.begin_discoverable().expect("options");
    let credential = device.get(&options);
    assert_eq!(claim(&credential), Ok(Claim { person: Some(ALICE), passkey: passkey.id() }));
    assert_eq!(relying.finish_authentication(state, &credential, ALICE, &mut passkey), Ok(()));
}

#[test]
fn a_passkey_without_a_person_or_with_anothers_signs_nobody_in() {
    let relying = relying();
    let (mut device, mut passkey) = registered(SERVER, &relying);
    let mut refusal = |device: &mut Device, person| {
        let (options, state) = relying.begin_discoverable().expect("options");
        relying.finish_authentication(state, &device.get(&options), person, &mut passkey)
    };
    assert_eq!(refusal(&mut device, BOB), Err(PasskeyError::Unknown));
    device.handle = None;
    assert_eq!(refusal(&mut device, ALICE), Err(PasskeyError::Unknown));
    device.handle = Some("AAAAAAAAAAAAAAAAAAAAAA".to_owned());
    assert_eq!(refusal(&mut device, PersonId(0)), Err(PasskeyError::Unknown));
}

#[test]
fn only_the_passkeys_that_were_asked_for_end_a_sign_in() {
    let relying = relying();
    let (mut device, mut passkey) = registered(SERVER, &relying);
    for asked in [vec![], vec![PasskeyId::from(&[9; 16][..])]] {
        let (options, state) = relying.begin_authentication(&asked).expect("options");
        let end = relying.finish_authentication(state, &device.get(&options), ALICE, &mut passkey);
        assert_eq!(end, Err(PasskeyError::Unknown));
    }
    // Another device that says it has the same passkey.
    let mut other = Device::new(SERVER, 1);
    assert_eq!(sign_in(&relying, &mut other, &mut passkey), Err(PasskeyError::Refused));
}

#[test]
fn a_device_that_has_a_passkey_already_makes_no_second_one() {
    let relying = relying();
    let (mut device, passkey) = registered(SERVER, &relying);
    let (options, state) = begin_for_alice(&relying, &[passkey.id()]);
    assert!(options.contains(&passkey.id().text()));
    let end = relying.finish_registration(state, &device.create(&options));
    assert_eq!(end.err(), Some(PasskeyError::Twice));
    // A browser that says it is another one.
    let (options, state) = begin_for_alice(&relying, &[passkey.id()]);
    let credential = device.create(&options).replace(&passkey.id().text(), "AAAA");
    assert_eq!(relying.finish_registration(state, &credential).err(), Some(PasskeyError::Refused));
}

#[test]
fn without_a_finger_a_face_or_a_pin_a_passkey_is_neither_made_nor_taken() {
    let relying = relying();
    let (mut device, mut passkey) = registered(SERVER, &relying);
    device.verifies = false;
    assert_eq!(sign_in(&relying, &mut device, &mut passkey), Err(PasskeyError::NotVerified));
    let (options, state) = begin_for_alice(&relying, &[]);
    let end = relying.finish_registration(state, &device.create(&options));
    assert_eq!(end.err(), Some(PasskeyError::NotVerified));
}

#[test]
fn at_another_address_a_passkey_is_neither_made_nor_taken() {
    let relying = relying();
    let (mut device, mut passkey) = registered(SERVER, &relying);
    for elsewhere in
        ["https://stats.example.com", "https://stats.example.org:8443", "http://stats.example.org"]
    {
        device.origin = elsewhere.to_owned();
        assert_eq!(sign_in(&relying, &mut device, &mut passkey), Err(PasskeyError::Elsewhere), "{elsewhere}");
        let (options, state) = begin_for_alice(&relying, &[]);
        let end = relying.finish_registration(state, &device.create(&options));
        assert_eq!(end.err(), Some(PasskeyError::Elsewhere), "{elsewhere}");
    }
}

#[test]
fn an_address_that_the_configuration_names_beside_is_as_good() {
    let relying = Relying::new(SERVER, &["https://stats.example.org:8443"]).expect("passkeys work there");
    let (mut device, mut passkey) = registered(SERVER, &relying);
    device.origin = "https://stats.example.org:8443".to_owned();
    assert_eq!(sign_in(&relying, &mut device, &mut passkey), Ok(()));
}

#[test]
fn an_answer_to_another_question_is_refused() {
    let relying = relying();
    let (mut device, mut passkey) = registered(SERVER, &relying);
    let (earlier, _state) = relying.begin_discoverable().expect("options");
    let (_options, state) = relying.begin_discoverable().expect("options");
    let end = relying.finish_authentication(state, &device.get(&earlier), ALICE, &mut passkey);
    assert_eq!(end, Err(PasskeyError::Refused));
}

#[test]
fn a_counter_that_does_not_grow_shows_a_copy_and_one_that_grows_is_kept() {
    let relying = relying();
    let (mut device, mut passkey) = registered(SERVER, &relying);
    device.counter = 5;
    assert_eq!(sign_in(&relying, &mut device, &mut passkey), Ok(()));
    assert_eq!(sign_in(&relying, &mut device, &mut passkey), Err(PasskeyError::Copied));
    let stored = String::from(passkey);
    let mut read = Passkey::try_from(stored).expect("it is read");
    device.counter = 4;
    assert_eq!(sign_in(&relying, &mut device, &mut read), Err(PasskeyError::Copied));
    device.counter = 6;
    assert_eq!(sign_in(&relying, &mut device, &mut read), Ok(()));
}

#[test]
fn whether_a_passkey_is_backed_up_is_kept_as_it_is_now() {
    let relying = relying();
    let (mut device, mut passkey) = registered(SERVER, &relying);
    let is_backed_up = |passkey: &Passkey| String::from(passkey.clone()).contains("\"backup_state\":true");
    assert!(!is_backed_up(&passkey));
    device.is_backed_up = true;
    assert_eq!(sign_in(&relying, &mut device, &mut passkey), Ok(()));
    assert!(is_backed_up(&passkey));
}

#[test]
fn a_passkey_that_is_made_must_find_its_person_and_verify_them() {
    let options: Value = serde_json::from_str(&begin_for_alice(&relying(), &[]).0).expect("JSON");
    let selection = &options["publicKey"]["authenticatorSelection"];
    assert_eq!(selection["residentKey"], "required");
    assert_eq!(selection["requireResidentKey"], true);
    assert_eq!(selection["userVerification"], "required");
    assert_eq!(options["publicKey"]["rp"], json!({"id": "stats.example.org", "name": "Candor"}));
    for (options, _state) in
        [relying().begin_discoverable(), relying().begin_authentication(&[])].map(Result::unwrap)
    {
        let options: Value = serde_json::from_str(&options).expect("JSON");
        assert_eq!(options["publicKey"]["userVerification"], "required");
        assert!(options.get("mediation").is_none_or(Value::is_null));
    }
}

#[test]
fn a_handle_is_its_persons_and_no_other_bytes_are() {
    let handle = known::handle(ALICE);
    assert_eq!(known::person(&handle), Some(ALICE));
    for place in 0..handle.len() {
        let mut other = handle;
        other[place] ^= 1;
        assert_eq!(known::person(&other), None);
    }
    assert_eq!(known::person(&handle[..15]), None);
    assert_eq!(known::person(&[]), None);
}

#[test]
fn a_place_where_browsers_use_no_passkeys_is_refused_by_name() {
    let refusal = |url: &str, others: &[&str]| Relying::new(url, others).err().map(|error| error.to_string());
    assert_eq!(
        refusal("http://127.0.0.1:8000", &[]).as_deref(),
        Some("passkeys belong to a host name, and http://127.0.0.1:8000 has none")
    );
    assert!(refusal("https://[::1]", &[]).is_some_and(|text| text.contains("host name")));
    assert!(refusal("http://stats.example.org", &[]).is_some_and(|text| text.contains("only over https")));
    assert!(refusal("stats", &[]).is_some_and(|text| text.contains("not an address")));
    assert!(refusal("ftp://stats.example.org", &[]).is_some_and(|text| text.contains("not an address")));
    assert_eq!(
        refusal(SERVER, &["https://example.org"]).as_deref(),
        Some("passkeys of stats.example.org cannot be used at https://example.org")
    );
    assert!(refusal(SERVER, &["https://evilstats.example.org"]).is_some());
    assert_eq!(refusal(SERVER, &["https://eu.stats.example.org"]), None);
}

#[test]
fn what_is_no_credential_is_refused() {
    let long = format!("{{\"id\":\"{}\"}}", "A".repeat(CREDENTIAL_BYTES_MAX));
    for text in ["", "{}", "null", "{\"id\":1}", &long] {
        assert_eq!(claim(text), Err(PasskeyError::NotACredential));
        let (_options, state) = begin_for_alice(&relying(), &[]);
        assert_eq!(relying().finish_registration(state, text).err(), Some(PasskeyError::NotACredential));
    }
}

proptest! {
    #[test]
    fn a_damaged_credential_is_judged(place in 0_usize..2_000, byte in 0x20_u8..0x7f) {
        let relying = relying();
        let mut device = Device::new(SERVER, 1);
        let (options, state) = begin_for_alice(&relying, &[]);
        let mut credential = device.create(&options).into_bytes();
        let place = place % credential.len();
        credential[place] = byte;
        let _verdict = relying.finish_registration(state, &String::from_utf8_lossy(&credential));
    }
}
