use super::*;
use crate::testing::{label, pair_and_recipient};
use domain::Counting;

#[test]
fn a_fresh_key_opens_with_the_private_half_and_only_with_it() {
    let rng = Counting::from(1);
    let (pair, recipient) = pair_and_recipient(&rng);
    let label = label("a").to_bytes();
    let (key, sealed) = recipient.fresh_key(&label, &rng).unwrap();
    assert_eq!(pair.open(&sealed, &label).unwrap().bytes(), key.bytes());
    assert_eq!(Pair::random(&rng).open(&sealed, &label).err(), Some(Refused));
    assert_eq!(pair.open(&sealed, b"another label").err(), Some(Refused));
}

#[test]
fn a_sealed_key_opens_with_every_bit_as_it_was_only() {
    let rng = Counting::from(1);
    let (pair, recipient) = pair_and_recipient(&rng);
    let (_, sealed) = recipient.fresh_key(b"label", &rng).unwrap();
    for bit in 0..SEALED_KEY_BYTES * 8 {
        let mut bytes = *sealed.bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(pair.open(&SealedKey::read(&bytes).unwrap(), b"label").err(), Some(Refused), "bit {bit}");
    }
}

#[test]
fn no_two_keys_and_no_two_seals_are_the_same() {
    let rng = Counting::from(1);
    let (_, recipient) = pair_and_recipient(&rng);
    let (one, sealed_one) = recipient.fresh_key(b"label", &rng).unwrap();
    let (two, sealed_two) = recipient.fresh_key(b"label", &rng).unwrap();
    assert_ne!(one.bytes(), two.bytes());
    assert_ne!(sealed_one, sealed_two);
}

#[test]
fn a_pair_follows_from_its_private_half() {
    let rng = Counting::from(1);
    let pair = Pair::random(&rng);
    let again = Pair::of_private(Key::take(&mut pair.private().bytes().to_owned()));
    assert_eq!(again.public(), pair.public());
}
