//! A root key as a line of text: what stands in a key file and in a credential.

use domain::Rng;
use sealing::Key;
use zeroize::Zeroizing;

/// What the line begins with.
const PREFIX: &str = "candor-root-key-1:";

/// A line with a fresh root key, for a place that Candor does not write to by itself.
pub fn new_root_line(rng: &dyn Rng) -> Zeroizing<String> {
    write(&Key::random(rng))
}

/// The prefix, the key in hexadecimal, and its check, by which a mistyped copy is noticed.
pub(super) fn write(key: &Key) -> Zeroizing<String> {
    let check = u64::from_be_bytes(key.check().0);
    let (key, end) = (key.hex(), format!(":{check:016x}\n"));
    // Of its whole size at once: what a string that grows leaves behind is not wiped.
    let mut text = Zeroizing::new(String::with_capacity(PREFIX.len() + key.len() + end.len()));
    for piece in [PREFIX, key.as_str(), end.as_str()] {
        text.push_str(piece);
    }
    text
}

/// The key in a line; `None` where it is none.
pub(super) fn parse(text: &str) -> Option<Key> {
    let (key, check) = text.trim_end().strip_prefix(PREFIX)?.split_once(':')?;
    let mut bytes = Zeroizing::new([0; 32]);
    unhex(key, &mut *bytes)?;
    let mut expected = [0; 8];
    unhex(check, &mut expected)?;
    let key = Key::take(&mut bytes);
    (key.check().0 == expected).then_some(key)
}

/// Reads hexadecimal digits that fill `bytes`.
pub(super) fn unhex(text: &str, bytes: &mut [u8]) -> Option<()> {
    if text.len() != bytes.len() * 2 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).ok()?;
    }
    Some(())
}
