use std::process::Command;

use domain::Counting;
use proptest::prelude::*;

use super::*;
use crate::merkle::leaf_hash;

fn key(number: u64) -> SigningKey {
    SigningKey::of_seed(&Key::random(&Counting::from(number)))
}

fn origin() -> Origin {
    Origin::of(Environment(0xabc), 3)
}

fn note() -> String {
    Checkpoint::sign(&origin(), 57, &leaf_hash(b"root"), &key(1))
}

#[test]
fn a_note_says_what_was_signed_to_whoever_has_the_public_key() {
    let said = Checkpoint::open(&note(), &key(1).public()).unwrap();
    let origin = "candor/00000000000000000000000000000abc/3".to_owned();
    assert_eq!(said, Checkpoint { origin, size: 57, root: leaf_hash(b"root") });
    assert_eq!(note(), note(), "the same log is the same note");
}

#[test]
fn a_note_by_another_key_and_one_that_was_altered_are_told_apart() {
    assert_eq!(Checkpoint::open(&note(), &key(2).public()), Err(CheckpointError::OtherKey));
    let altered = note().replace("\n57\n", "\n58\n");
    assert_eq!(Checkpoint::open(&altered, &key(1).public()), Err(CheckpointError::Forged));
    let renamed = note().replace("abc/3", "abc/4");
    assert_eq!(Checkpoint::open(&renamed, &key(1).public()), Err(CheckpointError::OtherKey));
}

#[test]
fn a_witness_may_have_signed_the_note_too() {
    let witnessed = format!("{}{MARK}witness.example {}\n", note(), Base64::encode_string(&[7; 76]));
    assert!(Checkpoint::open(&witnessed, &key(1).public()).is_ok());
}

#[test]
fn whatever_bit_of_a_note_is_changed_it_does_not_say_something_else() {
    let (note, public) = (note(), key(1).public());
    for at in 0..note.len() * 8 {
        let mut bytes = note.clone().into_bytes();
        bytes[at / 8] ^= 1 << (at % 8);
        if let Ok(altered) = String::from_utf8(bytes) {
            assert!(Checkpoint::open(&altered, &public).is_err(), "bit {at}");
        }
    }
}

#[test]
fn a_public_key_is_read_as_it_is_written() {
    for number in 0..200 {
        let public = key(number).public();
        assert_eq!(public.to_string().parse(), Ok(public));
        assert_eq!(public.verifier(origin().as_str()).parse(), Ok(public));
    }
    for wrong in ["", "00", "zz", "a+b", "a+b+AA==", &"é".repeat(32), &"+".repeat(64)] {
        assert_eq!(wrong.parse::<CheckpointKey>(), Err(NoCheckpointKey), "{wrong}");
    }
}

/// The standard's own example of a key that checks notes.
#[test]
fn a_key_is_marked_as_the_standard_marks_one() {
    let known = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let key: CheckpointKey = known.parse().unwrap();
    assert_eq!(key.verifier("PeterNeumann"), known);
}

/// Somebody else's Ed25519 judges the signature: where there is no `openssl`, nobody does.
#[test]
fn a_signature_is_one_to_openssl_too() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let note = note();
    let (text, signatures) = split(&note, CHECKPOINT_BYTES_MAX).unwrap();
    let signature = signature(signatures.trim_end(), origin().as_str()).unwrap().unwrap();
    // The fixed beginning of an Ed25519 key as X.509 writes one (RFC 8410).
    let der = [&b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00"[..], &key(1).public().0].concat();
    std::fs::write(at("key"), der).unwrap();
    std::fs::write(at("signature"), &signature[4..]).unwrap();
    for (said, holds) in [(text.to_owned(), true), (text.replace("57", "58"), false)] {
        std::fs::write(at("text"), said).unwrap();
        let judged = Command::new("openssl")
            .args(["pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey"])
            .arg(at("key"))
            .arg("-sigfile")
            .arg(at("signature"))
            .arg("-in")
            .arg(at("text"))
            .output();
        match judged {
            Ok(judged) => assert_eq!(judged.status.success(), holds, "{judged:?}"),
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::NotFound),
        }
    }
}

proptest! {
    #[test]
    fn no_text_makes_reading_panic(text in "\\PC{0,80}\n?\\PC{0,20}\n{0,2}(\u{2014} )?\\PC{0,90}\n?") {
        prop_assert!(Checkpoint::open(&text, &key(1).public()).is_err());
        let _ = text.parse::<CheckpointKey>();
    }
}
