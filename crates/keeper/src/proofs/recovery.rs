//! Recovery codes: for who has lost the second factor. Each has 80 bits, is shown once and is taken once.
//!
//! A code cannot be guessed, so it is stored as its SHA-256 and needs no slow hash. Reading is forgiving: case, spaces and
//! dashes are no matter, nor are letters that look like a digit. Nothing here shows a code again.

#[cfg(test)]
mod tests;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use domain::Rng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// How many there are at first.
pub const CODES: usize = 10;
const GROUPS: usize = 4;
const GROUP_CHARS: usize = 4;
const CODE_CHARS: usize = GROUPS * GROUP_CHARS;
/// Crockford's: no i, l, o and u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A code as it is shown, once: four groups of four characters. It is wiped when it is let go of.
pub struct RecoveryCode(Zeroizing<String>);

impl RecoveryCode {
    /// As the person writes it down.
    pub fn text(&self) -> &str {
        &self.0
    }

    fn random(rng: &dyn Rng) -> Self {
        let mut bytes = Zeroizing::new([0; CODE_CHARS]);
        rng.fill(&mut *bytes);
        // Of its whole size at once: what a string that grows leaves behind is not wiped.
        let mut text = Zeroizing::new(String::with_capacity(CODE_CHARS + GROUPS));
        for (place, byte) in bytes.iter().enumerate() {
            if place > 0 && place % GROUP_CHARS == 0 {
                text.push('-');
            }
            text.push(char::from(ALPHABET[usize::from(byte % 32)]));
        }
        Self(text)
    }
}

/// The codes that were not taken yet, as they are stored.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct RecoveryCodes(Vec<[u8; 32]>);

impl RecoveryCodes {
    /// Fresh ones, to show and to store.
    pub fn random(rng: &dyn Rng) -> ([RecoveryCode; CODES], Self) {
        let codes = std::array::from_fn(|_| RecoveryCode::random(rng));
        let stored = codes.iter().filter_map(|code: &RecoveryCode| hashed(code.text())).collect();
        (codes, Self(stored))
    }

    /// How many are left.
    pub const fn left(&self) -> usize {
        self.0.len()
    }

    /// Whether `typed` is one of them; from then on it is none.
    pub fn take(&mut self, typed: &str) -> bool {
        let Some(typed) = hashed(typed) else { return false };
        let before = self.0.len();
        self.0.retain(|stored| verify_slices_are_equal(stored, &typed).is_err());
        self.0.len() < before
    }
}

/// What a code is stored as; nothing where it cannot be one.
fn hashed(typed: &str) -> Option<[u8; 32]> {
    let mut code = Zeroizing::new([0; CODE_CHARS]);
    let mut read = 0;
    for char in typed.chars().filter(|char| !char.is_whitespace() && !is_dash(*char)) {
        let meant = match char.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        };
        *code.get_mut(read)? = u8::try_from(meant).ok().filter(|byte| ALPHABET.contains(byte))?;
        read += 1;
    }
    (read == CODE_CHARS).then(|| digest(&SHA256, &*code).as_ref().try_into().expect("SHA-256 has 32 bytes"))
}

/// Those that a word processor makes of one, too.
const fn is_dash(char: char) -> bool {
    matches!(char, '-' | '_' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}
