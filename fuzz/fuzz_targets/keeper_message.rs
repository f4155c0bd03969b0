//! Anything may come over the keeper's sockets: it is a message or it is none, and a message that is one is written as
//! it was read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sealing::protocol::{Answer, Request, decode, encode};

fuzz_target!(|packet: &[u8]| {
    if let Some(question) = decode::<Request>(packet) {
        let written = encode(&question);
        assert!(decode::<Request>(&written).is_some_and(|again| *encode(&again) == *written));
    }
    if let Some(answer) = decode::<Answer>(packet) {
        let written = encode(&answer);
        assert!(decode::<Answer>(&written).is_some_and(|again| *encode(&again) == *written));
    }
});
