//! Receipts for what the server did for a visitor, signed by the keeper: lines of text, in a signed note as a checkpoint
//! is (C2SP signed-note, Ed25519), by a key of their own.
//!
//! The keeper writes the first lines, so that nothing but a receipt of its server gets signed by that key.

use crate::checkpoint::{CheckpointError, CheckpointKey, SigningKey, open_note, sign_note};
use crate::label::Environment;
use crate::merkle::sha256;
use domain::VisitorId;

/// Bytes of a receipt that are read at most.
pub const RECEIPT_BYTES_MAX: usize = 64 << 10;

/// How each begins.
const FIRST: &str = "candor erasure receipt 1\n";

/// What a receipt is signed as.
fn name(environment: Environment) -> String {
    format!("candor/{environment:?}/receipts")
}

/// Signs a receipt that says this, each thing a line. `None` where it is no such text, or longer than one may be.
pub fn sign_receipt(said: &str, environment: Environment, key: &SigningKey) -> Option<String> {
    let lines = said.lines().all(|line| !line.is_empty() && line.chars().all(|c| !c.is_control()));
    let (name, public) = (name(environment), key.public());
    let text = format!("{FIRST}server: {name}\nkey: {public}\n{said}");
    let fits = text.len() <= RECEIPT_BYTES_MAX - 512;
    (lines && fits && said.ends_with('\n')).then(|| sign_note(&text, &name, key))
}

/// What a receipt says and who signed it, once its signature was checked: by the key that was noted before, or else by the
/// one that it names.
///
/// # Errors
/// [`CheckpointError`].
pub fn open_receipt(
    note: &str,
    noted: Option<CheckpointKey>,
) -> Result<(&str, CheckpointKey), CheckpointError> {
    let said = note.strip_prefix(FIRST).ok_or(CheckpointError::Malformed)?;
    let value = |label: &str| said.lines().find_map(|line| line.strip_prefix(label));
    let name = value("server: ").ok_or(CheckpointError::Malformed)?;
    let named: CheckpointKey =
        value("key: ").and_then(|key| key.parse().ok()).ok_or(CheckpointError::Malformed)?;
    let key = noted.unwrap_or(named);
    Ok((open_note(note, name, &key, RECEIPT_BYTES_MAX)?, key))
}

/// What stands for a visitor in receipts and audit logs: the SHA-256 of the id as it is written. Who has the id can find the
/// entries about it; nobody finds the id, which is random, by the entries.
pub fn visitor_digest(visitor: VisitorId) -> String {
    sha256(&[visitor.to_string().as_bytes()]).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use base64ct::{Base64, Encoding};
    use domain::Counting;

    use super::*;
    use crate::Key;

    const SAID: &str = "site: example.com\nevents: 3\n";

    fn key(number: u64) -> SigningKey {
        SigningKey::of_seed(&Key::random(&Counting::from(number)))
    }

    fn receipt() -> String {
        sign_receipt(SAID, Environment(0xabc), &key(1)).unwrap()
    }

    #[test]
    fn a_receipt_says_what_was_signed_to_whoever_has_it() {
        let receipt = receipt();
        let (said, by) = open_receipt(&receipt, None).unwrap();
        assert_eq!(by, key(1).public());
        assert!(said.starts_with(FIRST) && said.ends_with(SAID), "{said}");
        assert!(open_receipt(&receipt, Some(key(1).public())).is_ok());
        assert_eq!(open_receipt(&receipt, Some(key(2).public())), Err(CheckpointError::OtherKey));
    }

    #[test]
    fn whatever_bit_of_a_receipt_is_changed_it_does_not_say_something_else() {
        let receipt = receipt();
        for at in 0..receipt.len() * 8 {
            let mut bytes = receipt.clone().into_bytes();
            bytes[at / 8] ^= 1 << (at % 8);
            if let Ok(altered) = String::from_utf8(bytes) {
                assert!(open_receipt(&altered, Some(key(1).public())).is_err(), "bit {at}");
            }
        }
    }

    #[test]
    fn nothing_is_signed_that_could_be_read_in_two_ways_or_is_too_long() {
        let sign = |said: &str| sign_receipt(said, Environment(1), &key(1));
        for said in ["", "events: 3", "one\n\ntwo\n", "tab\there\n"] {
            assert_eq!(sign(said), None, "{said:?}");
        }
        let longest = |bytes: usize| format!("{}\n", "a".repeat(bytes));
        let fits = (0..RECEIPT_BYTES_MAX).rev().find(|bytes| sign(&longest(*bytes)).is_some()).unwrap();
        assert!(open_receipt(&sign(&longest(fits)).unwrap(), None).is_ok());
        assert_eq!(sign(&longest(fits + 1)), None);
    }

    #[test]
    fn a_checkpoint_is_no_receipt_and_a_receipt_no_checkpoint() {
        let origin = crate::Origin::of(Environment(0xabc), 3);
        let checkpoint = crate::Checkpoint::sign(&origin, 5, &[7; 32], &key(1));
        assert!(open_receipt(&checkpoint, Some(key(1).public())).is_err());
        assert!(crate::Checkpoint::open(&receipt(), &key(1).public()).is_err());
    }

    #[test]
    fn a_visitor_is_known_by_what_sha256sum_says_of_their_id() {
        let visitor: VisitorId = "7d0f0d3e-7e0b-4a53-9df2-0d7c0a1b2c3d".parse().unwrap();
        let said = Command::new("sh")
            .args(["-c", "printf %s 7d0f0d3e-7e0b-4a53-9df2-0d7c0a1b2c3d | sha256sum"])
            .output()
            .unwrap();
        assert_eq!(visitor_digest(visitor), String::from_utf8(said.stdout).unwrap()[..64]);
    }

    #[test]
    fn openssl_finds_the_signature_right_and_that_of_another_text_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        // The key as openssl reads one: what comes first says that it is of Ed25519.
        let prefix = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
        std::fs::write(path("key"), [&prefix[..], &key(1).public().0].concat()).unwrap();
        let receipt = receipt();
        let (text, signatures) = receipt.split_once("\n\n").unwrap();
        let signature = Base64::decode_vec(signatures.trim_end().rsplit(' ').next().unwrap()).unwrap();
        std::fs::write(path("signature"), &signature[4..]).unwrap();
        let holds = |text: String| {
            std::fs::write(path("text"), text).unwrap();
            let file = |name: &str| path(name).display().to_string();
            let mut openssl = Command::new("openssl");
            openssl.args(["pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey"]);
            openssl.args([file("key"), "-in".into(), file("text"), "-sigfile".into(), file("signature")]);
            openssl.output().unwrap().status.success()
        };
        assert!(holds(format!("{text}\n")));
        assert!(!holds(format!("{text}0\n")));
    }
}
