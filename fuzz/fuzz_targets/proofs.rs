//! What a person types or pastes to show who they are may be anything: a key, a signature, a passkey's credential, a
//! recovery code, a password. It is judged without a panic, and what is read is read again as it was written.
#![no_main]

use domain::{PersonId, Timestamp};
use keeper::proofs::password::weakness;
use keeper::proofs::recovery::RecoveryCodes;
use keeper::proofs::ssh::{self, OperatorKey};
use keeper::proofs::{passkey, totp};
use libfuzzer_sys::fuzz_target;

const SERVER: &str = "https://stats.example.org";
const PERSON: PersonId = PersonId(7);
const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti";

/// The same bytes each time, so that what was found is found again.
struct Sevens;

impl domain::Rng for Sevens {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

fuzz_target!(|text: &str| {
    if let Ok(key) = OperatorKey::parse(text) {
        assert!(OperatorKey::parse(&key.to_string()).is_ok_and(|again| again == key));
    }
    let challenge = ssh::challenge(SERVER, &Sevens, Timestamp(0));
    let key = OperatorKey::parse(KEY).expect("it is one");
    assert!(ssh::verify(&key, &challenge, text, Timestamp(0)).is_err());

    let relying = passkey::Relying::new(SERVER, &[]).expect("passkeys work there");
    let (_options, state) = relying.begin_registration(PERSON, "alice", "", &[]).expect("options");
    // What a fuzzer makes up cannot hold this challenge.
    assert!(relying.finish_registration(state, text).is_err());
    if let Ok(claim) = passkey::claim(text) {
        let (_options, _state) = relying.begin_authentication(&[claim.passkey]).expect("options");
    }

    assert!(!RecoveryCodes::random(&Sevens).1.take(text) || text.contains('7'));
    let _step = totp::check(&totp::Secret::random(&Sevens), text, Timestamp(0), None);
    let _weakness = weakness(text, &[text]);
});
