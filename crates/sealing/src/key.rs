//! A key in memory: never shown, wiped when it is let go of.

use aws_lc_rs::{hkdf, hmac};
use domain::Rng;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Bytes of a key.
pub(crate) const KEY_BYTES: usize = 32;

/// 256 secret bits.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Key(Box<[u8; KEY_BYTES]>);

/// Eight bytes by which a key is recognised without being known: AES-GCM alone lets a box be made that opens
/// under two keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyCheck(pub [u8; 8]);

struct Bytes(usize);

impl hkdf::KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

impl Key {
    /// A fresh one.
    pub fn random(rng: &dyn Rng) -> Self {
        let mut key = Self(Box::new([0; KEY_BYTES]));
        rng.fill(&mut *key.0);
        key
    }

    /// From its bytes, which are wiped where they came from.
    pub fn take(bytes: &mut [u8; KEY_BYTES]) -> Self {
        let key = Self(Box::new(*bytes));
        bytes.zeroize();
        key
    }

    /// The bytes, for the one cipher that needs them.
    pub fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// The bytes as hexadecimal digits, for a file or a statement that takes nothing else.
    pub fn hex(&self) -> Zeroizing<String> {
        const DIGITS: [char; 16] =
            ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
        // Of its whole size at once: what a string that grows leaves behind is not wiped.
        let mut text = Zeroizing::new(String::with_capacity(2 * KEY_BYTES));
        for byte in *self.0 {
            text.extend([byte >> 4, byte & 15].map(|digit| DIGITS[usize::from(digit)]));
        }
        text
    }

    /// Another key that follows from this one and says nothing about it (HKDF-Expand, RFC 5869, SHA-256).
    #[must_use]
    pub fn derive(&self, purpose: &[u8]) -> Self {
        let mut derived = Self(Box::new([0; KEY_BYTES]));
        self.expand(purpose, &mut *derived.0);
        derived
    }

    /// What stands for `bytes` to whoever has the key, and says nothing of them to others (HMAC-SHA-256).
    pub fn digest(&self, bytes: &[u8]) -> [u8; 32] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0[..]);
        hmac::sign(&key, bytes).as_ref().try_into().expect("HMAC-SHA-256 has 32 bytes")
    }

    /// What it is recognised by.
    pub fn check(&self) -> KeyCheck {
        let mut check = [0; 8];
        self.expand(b"candor key check", &mut check);
        KeyCheck(check)
    }

    fn expand(&self, purpose: &[u8], out: &mut [u8]) {
        let key = hkdf::Prk::new_less_safe(hkdf::HKDF_SHA256, &self.0[..]);
        key.expand(&[purpose], Bytes(out.len()))
            .and_then(|okm| okm.fill(out))
            .expect("HKDF gives up to 255 hashes");
    }
}
