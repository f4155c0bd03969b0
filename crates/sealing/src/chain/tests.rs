use proptest::prelude::*;

use super::*;
use crate::testing::{label, pair_and_recipient};
use domain::Counting;

/// Batches as they are stored, and what opens them.
fn written(batches: &[Vec<u8>]) -> (ChainOpener, Vec<Vec<u8>>) {
    let rng = Counting::from(5);
    let (pair, recipient) = pair_and_recipient(&rng);
    let label = label("journal").to_bytes();
    let mut sealer = ChainSealer::begin(&recipient, label.clone(), &rng).unwrap();
    let stored = batches
        .iter()
        .map(|batch| {
            let mut bytes = batch.clone();
            sealer.seal(&mut bytes, 0);
            sealer.advance();
            bytes
        })
        .collect();
    let key = pair.open(sealer.sealed_key(), &label).unwrap();
    (ChainOpener::new(key, label), stored)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn batches_open_in_their_order(batches in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 1..8)) {
        let (mut opener, stored) = written(&batches);
        for (batch, stored) in batches.iter().zip(&stored) {
            prop_assert_eq!(&opener.open(stored).unwrap(), batch);
        }
    }

    #[test]
    fn an_altered_batch_is_refused_and_those_after_it_open(
        batches in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..50), 2..6),
        place in 0.0..1.0_f64, bit in 0..8_u8,
    ) {
        let (mut opener, mut stored) = written(&batches);
        let at = (stored[0].len() as f64 * place) as usize;
        stored[0][at] ^= 1 << bit;
        prop_assert_eq!(opener.open(&stored[0]), Err(Refused));
        for (batch, stored) in batches.iter().zip(&stored).skip(1) {
            prop_assert_eq!(&opener.open(stored).unwrap(), batch);
        }
    }
}

#[test]
fn a_batch_does_not_open_in_the_place_of_another() {
    let (mut opener, stored) = written(&[b"one".to_vec(), b"two".to_vec()]);
    assert_eq!(opener.open(&stored[1]), Err(Refused));
}

#[test]
fn skipping_a_batch_leads_to_the_next() {
    let (mut opener, stored) = written(&[b"one".to_vec(), b"two".to_vec()]);
    opener.skip();
    assert_eq!(opener.open(&stored[1]).unwrap(), b"two");
}

#[test]
fn what_the_sealer_holds_after_a_batch_does_not_open_it() {
    let rng = Counting::from(5);
    let (_, recipient) = pair_and_recipient(&rng);
    let mut sealer = ChainSealer::begin(&recipient, b"label".to_vec(), &rng).unwrap();
    let mut stored = b"one".to_vec();
    sealer.seal(&mut stored, 0);
    sealer.advance();
    // Whoever takes the sealer has this key, and may try it at every place of the chain.
    for batch in 0..3 {
        let key = Key::take(&mut sealer.link.key.bytes().to_owned());
        let mut taken = ChainOpener(Link { key, label: b"label".to_vec(), batch });
        assert_eq!(taken.open(&stored), Err(Refused));
    }
}
