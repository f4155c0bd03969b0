//! A sealed object may be anything once it has lain on a disk: it opens to what was sealed, or it is refused.
#![no_main]

use std::sync::LazyLock;

use domain::Rng;
use libfuzzer_sys::fuzz_target;
use sealing::{HEADER_BYTES, Key, Opened, Pair, Recipient};

/// The same bytes in every run, so that a crash can be made again.
struct Same;

impl Rng for Same {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

const PLAINTEXT: &[u8] = b"what was sealed";
const LABEL: &[u8] = b"label";

static SEALED: LazyLock<(Pair, Vec<u8>)> = LazyLock::new(|| {
    let pair = Pair::of_private(Key::take(&mut [9; 32]));
    let recipient = Recipient { version: 1, public: pair.public() };
    let sealed = sealing::seal(PLAINTEXT, &recipient, LABEL, &Same).expect("a key");
    (pair, sealed)
});

fuzz_target!(|changes: &[u8]| {
    let (pair, sealed) = &*SEALED;
    // Each three bytes change one of the object's; what is left over is cut off or put on.
    let mut bytes = sealed.clone();
    for change in changes.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % bytes.len();
        bytes[at] ^= change[2];
    }
    match changes.len() % 3 {
        1 => bytes.truncate(bytes.len().saturating_sub(usize::from(changes[0]))),
        2 => bytes.extend_from_slice(changes),
        _ => {}
    }
    let header = &bytes[..bytes.len().min(HEADER_BYTES)];
    let Ok(sealed_key) = Opened::sealed_key(header) else { return };
    let Ok(key) = pair.open(&sealed_key, LABEL) else { return };
    let Ok(opened) = Opened::new(header, bytes.len() as u64, &key, LABEL.to_vec()) else { return };
    let range = 0..opened.length();
    let part = opened.sealed_range(&range);
    let Some(part) = bytes.get(part.start as usize..part.end as usize) else { return };
    if let Ok(plaintext) = opened.open(&range, part.to_vec()) {
        assert_eq!(plaintext, PLAINTEXT);
    }
});
