use std::os::unix::fs::PermissionsExt;

use domain::Counting;

use super::*;

fn of(text: &str) -> Result<Passphrase, PassphraseError> {
    Passphrase::new(&Zeroizing::new(text.to_owned()))
}

#[test]
fn a_passphrase_has_at_least_twelve_characters_and_is_no_file_that_was_named_by_mistake() {
    assert!(of("twelve chars").is_ok());
    assert_eq!(of("eleven char").err(), Some(PassphraseError::TooShort));
    // Counted as a person counts, not in bytes.
    assert_eq!(of("äöüäöüäöüäö").err(), Some(PassphraseError::TooShort));
    assert!(of(&"x".repeat(PASSPHRASE_BYTES_MAX)).is_ok());
    assert_eq!(of(&"x".repeat(PASSPHRASE_BYTES_MAX + 1)).err(), Some(PassphraseError::TooLong));
}

#[test]
fn a_file_with_a_passphrase_is_this_accounts_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("passphrase");
    fs::write(&path, "correct horse battery\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    std::fs::write(&path, "correct horse battery\r\n# not part of it\n").unwrap();
    let refused = Passphrase::read(&path).err().unwrap().to_string();
    assert!(refused.contains("chmod 600"), "{refused}");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(Passphrase::read(&path).unwrap().is(&of("correct horse battery").unwrap()));
    fs::write(&path, "short\n").unwrap();
    let refused = Passphrase::read(&path).err().unwrap().to_string();
    assert!(refused.contains("shorter than 12 characters"), "{refused}");
}

#[test]
fn a_file_that_asks_for_all_memory_is_refused_before_it_gets_any() {
    let wrapper = PassphraseWrapper::new(of("correct horse battery").unwrap());
    let rng = Counting::from(1);
    let mut wrapped = wrapper.wrap(&Key::random(&rng), b"", &rng).unwrap();
    wrapped[..4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(wrapper.unwrap(&wrapped, b"").err(), Some(WrapError::Refused));
}

/// What OWASP asks for at least.
const COST_MIN: Cost = Cost { kibibytes: 19 << 10, passes: 2, lanes: 1 };

#[test]
fn a_guess_costs_at_least_what_owasp_asks_for() {
    const { assert!(COST.kibibytes >= COST_MIN.kibibytes && COST.passes >= COST_MIN.passes) };
    let wrapper = PassphraseWrapper::new(of("correct horse battery").unwrap());
    let made = |cost: Cost| wrapper.key(cost, &[7; SALT_BYTES]).ok().unwrap();
    assert_ne!(made(COST).bytes(), made(COST_MIN).bytes());
}
