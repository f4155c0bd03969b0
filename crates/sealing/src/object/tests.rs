use proptest::prelude::*;

use super::*;
use crate::Pair;
use crate::testing::{label, pair_and_recipient};
use domain::Counting;

fn sealed(plaintext: &[u8]) -> (Pair, Vec<u8>, Vec<u8>) {
    let rng = Counting::from(1);
    let (pair, recipient) = pair_and_recipient(&rng);
    let label = label("a").to_bytes();
    let bytes = seal(plaintext, &recipient, &label, &rng).unwrap();
    (pair, label, bytes)
}

/// As a reader does: the header, the key, the bytes of the range.
fn read(pair: &Pair, label: &[u8], bytes: &[u8], range: Range<u64>) -> Result<Vec<u8>, ObjectError> {
    let header = &bytes[..bytes.len().min(HEADER_BYTES)];
    let key = pair.open(&Opened::sealed_key(header)?, label)?;
    let opened = Opened::new(header, bytes.len() as u64, &key, label.to_vec())?;
    let sealed = opened.sealed_range(&range);
    let part = bytes.get(sealed.start as usize..sealed.end as usize).ok_or(Refused)?;
    Ok(opened.open(&range, part.to_vec())?)
}

fn text(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 31 % 251) as u8).collect()
}

fn any_length() -> impl Strategy<Value = usize> {
    let edge = CHUNK_BYTES as usize;
    prop_oneof![0..200_usize, edge - 2..edge + 3, 2 * edge - 1..2 * edge + 2, Just(3 * edge + 77)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_range_of_an_object_reads_as_it_was_written(length in any_length(), a in 0.0..1.0_f64, b in 0.0..1.0_f64) {
        let plaintext = text(length);
        let (pair, label, bytes) = sealed(&plaintext);
        let (from, to) = ((length as f64 * a.min(b)) as u64, (length as f64 * a.max(b)) as u64);
        let part = read(&pair, &label, &bytes, from..to).unwrap();
        prop_assert_eq!(&part, &plaintext[from as usize..to as usize]);
        prop_assert_eq!(read(&pair, &label, &bytes, 0..length as u64).unwrap(), plaintext);
    }

    #[test]
    fn a_flipped_bit_anywhere_is_refused(length in any_length(), place in 0.0..1.0_f64, bit in 0..8_u8) {
        let (pair, label, mut bytes) = sealed(&text(length));
        let at = (bytes.len() as f64 * place) as usize;
        bytes[at] ^= 1 << bit;
        prop_assert!(read(&pair, &label, &bytes, 0..length as u64).is_err());
    }

    #[test]
    fn an_object_cut_short_or_made_longer_is_refused(length in any_length(), cut in 0.0..1.0_f64) {
        let (pair, label, bytes) = sealed(&text(length));
        let cut = &bytes[..(bytes.len() as f64 * cut) as usize];
        prop_assert!(read(&pair, &label, cut, 0..length as u64).is_err());
        let longer = [&bytes[..], &[0; 17]].concat();
        prop_assert!(read(&pair, &label, &longer, 0..length as u64).is_err());
    }
}

#[test]
fn an_object_cut_between_two_chunks_is_refused() {
    let (pair, label, bytes) = sealed(&text(2 * CHUNK_BYTES as usize + 5));
    let cut = &bytes[..HEADER_BYTES + 2 * SEALED_CHUNK_BYTES as usize];
    let read = read(&pair, &label, cut, 0..2 * CHUNK_BYTES);
    assert_eq!(read, Err(Refused.into()), "its last chunk is not marked as the last");
}

#[test]
fn chunks_in_another_order_are_refused() {
    let (pair, label, mut bytes) = sealed(&text(3 * CHUNK_BYTES as usize));
    let (first, second) = bytes[HEADER_BYTES..].split_at_mut(SEALED_CHUNK_BYTES as usize);
    first.swap_with_slice(&mut second[..SEALED_CHUNK_BYTES as usize]);
    assert_eq!(read(&pair, &label, &bytes, 0..CHUNK_BYTES), Err(Refused.into()));
}

#[test]
fn an_object_does_not_open_under_another_label() {
    let (pair, _, bytes) = sealed(b"something");
    for other in [
        label("b"),
        crate::Label { site: domain::SiteId(4), ..label("a") },
        crate::Label { kind: crate::Kind::Journal, ..label("a") },
        crate::Label { environment: crate::Environment(8), ..label("a") },
        crate::Label { organization: domain::OrganizationId(2), ..label("a") },
    ] {
        assert_eq!(read(&pair, &other.to_bytes(), &bytes, 0..9), Err(Refused.into()), "{other:?}");
    }
    assert!(read(&pair, &label("a").to_bytes(), &bytes, 0..9).is_ok());
}

#[test]
fn what_is_no_object_and_what_is_a_newer_one_is_told_apart() {
    let (_, _, mut bytes) = sealed(b"something");
    assert_eq!(Opened::sealed_key(b"PAR1").unwrap_err(), ObjectError::NotSealed);
    bytes[8] = 2;
    assert_eq!(Opened::sealed_key(&bytes[..HEADER_BYTES]).unwrap_err(), ObjectError::Newer(2));
}

#[test]
fn sealing_costs_little_room() {
    let (_, _, bytes) = sealed(&text(1_000_000));
    assert!(bytes.len() < 1_000_000 + 500, "{}", bytes.len());
}
