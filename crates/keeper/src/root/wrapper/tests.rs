use domain::Counting;
use sealing::Key;

use super::super::testing::{Service, Token, from, in_a_process_of_its_own, with_passphrase};
use super::super::{Passphrase, Unsealing};
use super::*;
use crate::root::testing::passphrase;

fn wrapper(handed: &Unsealing) -> Box<dyn RootWrapper> {
    wrapper_of(handed.source.as_ref().unwrap(), handed).ok().flatten().unwrap()
}

/// What has to hold of everything that wraps root keys; `other` is the same kind with another key.
fn hold_to_the_contract(wrapper: &dyn RootWrapper, other: &dyn RootWrapper) {
    let rng = Counting::from(9);
    let (root, second) = (Key::random(&rng), Key::random(&rng));
    let wrapped = wrapper.wrap(&root, b"this", &rng).unwrap();
    assert_eq!(wrapper.unwrap(&wrapped, b"this").unwrap().bytes(), root.bytes(), "it opens what it sealed");
    assert_ne!(wrapper.wrap(&root, b"this", &rng).unwrap(), wrapped, "nothing is sealed twice alike");
    let of_second = wrapper.wrap(&second, b"this", &rng).unwrap();
    assert_eq!(wrapper.unwrap(&of_second, b"this").unwrap().bytes(), second.bytes(), "each opens as itself");
    let refused = |wrapper: &dyn RootWrapper, wrapped: &[u8], context: &[u8], what: &str| {
        let error = wrapper.unwrap(wrapped, context).err().unwrap_or_else(|| panic!("{what} opens"));
        assert_eq!(error, WrapError::Refused, "{what}");
    };
    for context in [b"".as_slice(), b"that", b"this ", b"thi"] {
        refused(wrapper, &wrapped, context, "another context");
    }
    // From the nonce or salt on. What stands before it may be a word that tells how to read the rest.
    for at in [wrapped.len() / 4, wrapped.len() / 2, wrapped.len() - 2] {
        let mut altered = wrapped.clone();
        altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
        refused(wrapper, &altered, b"this", "an altered byte");
    }
    refused(wrapper, &wrapped[..wrapped.len() - 1], b"this", "a byte less");
    refused(wrapper, &[], b"this", "nothing");
    // So that it has a key of its own, which is the wrong one.
    other.wrap(&root, b"this", &rng).unwrap();
    refused(other, &wrapped, b"this", "what another key sealed");
    for window in root.bytes().windows(4) {
        assert!(!wrapped.windows(4).any(|bytes| bytes == window), "a piece of the root key lies open");
    }
}

fn is_away(wrapper: &dyn RootWrapper) -> bool {
    let rng = Counting::from(9);
    let wrap = wrapper.wrap(&Key::random(&rng), b"this", &rng).err();
    let unwrap = wrapper.unwrap(b"vault:v1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", b"this").err();
    matches!((wrap, unwrap), (Some(WrapError::Unavailable(_)), Some(WrapError::Unavailable(_))))
}

#[test]
fn a_passphrase_wraps_as_the_contract_says() {
    let mut other = with_passphrase("passphrase");
    other.passphrase = Some(passphrase("correct horse batterz"));
    hold_to_the_contract(&*wrapper(&with_passphrase("passphrase")), &*wrapper(&other));
}

#[test]
fn a_key_management_service_wraps_as_the_contract_says_whether_it_answers_in_one_piece_or_several() {
    use super::super::testing::Manner;
    let service = Service::begin();
    let (one, other) = (from(&service.source("candor")), from(&service.source("another")));
    for manner in [Manner::Plain, Manner::Chunked] {
        service.set(manner);
        hold_to_the_contract(&*wrapper(&one), &*wrapper(&other));
    }
    let heads = service.heard();
    assert!(heads[0].starts_with("POST /v1/transit/encrypt/candor HTTP/1.1\r\n"), "{}", heads[0]);
    assert!(heads[1].starts_with("POST /v1/transit/decrypt/candor HTTP/1.1\r\n"), "{}", heads[1]);
}

#[test]
fn a_key_management_service_that_is_away_is_told_from_one_that_refuses() {
    use super::super::testing::Manner;
    let service = Service::begin();
    let wrapper = wrapper(&from(&service.source("candor")));
    for status in [403, 404, 429, 500, 502, 503] {
        service.set(Manner::Status(status));
        assert!(is_away(&*wrapper), "status {status}");
    }
    // As an agent answers that is not signed in yet.
    service.set(Manner::Status(400));
    assert!(matches!(wrapper.unwrap(b"vault:v1:abcd", b"this"), Err(WrapError::Unavailable(_))));
    for manner in [Manner::Nonsense, Manner::Endless] {
        service.set(manner);
        assert!(is_away(&*wrapper));
    }
    std::fs::remove_file(service.socket()).unwrap();
    assert!(is_away(&*wrapper), "no socket");
}

#[test]
fn a_token_wraps_as_the_contract_says() {
    in_a_process_of_its_own("root::wrapper::tests::a_token_in_this_process_wraps_as_the_contract_says");
}

#[test]
#[ignore = "run by the test before, where there is a token"]
fn a_token_in_this_process_wraps_as_the_contract_says() {
    let token = Token::here();
    let (one, other) = (from(&token.source("candor-root", "pin")), from(&token.source("another", "pin")));
    hold_to_the_contract(&*wrapper(&one), &*wrapper(&other));
    let no_token = token.source("a", "pin").replace("token=candor", "token=other");
    assert!(is_away(&*wrapper(&from(&no_token))), "a token that is not there");
    for (source, expected) in [
        (token.source("candor-root", "wrong-pin"), "does not take the PIN"),
        (token.source("candor-root", "no-pin"), "no-pin"),
        (token.source("nothing", "pin"), "no AES key named nothing"),
        (token.source("a", "pin").replace("libsofthsm2.so", "missing.so"), "cannot be loaded"),
    ] {
        let error = wrapper(&from(&source)).unwrap(&[0; 60], b"this").err();
        let Some(WrapError::Unusable(said) | WrapError::NoKey(said)) = error else {
            panic!("{source}: {error:?}")
        };
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn without_a_passphrase_nothing_is_tried() {
    let refused = wrapper_of(&RootSource::Passphrase, &from("passphrase")).err().unwrap();
    assert!(refused.to_string().contains("--passphrase-file"), "{refused}");
}

#[test]
fn a_passphrase_is_the_same_after_it_was_handed_over() {
    let handed = postcard::to_stdvec(&with_passphrase("passphrase")).unwrap();
    let taken: Unsealing = postcard::from_bytes(&handed).unwrap();
    let is_same = |taken: &Passphrase| taken.is(&passphrase("correct horse battery"));
    assert!(taken.passphrase.as_ref().is_some_and(is_same));
}
