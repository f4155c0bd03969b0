//! AES-256-GCM, the one cipher: with a counter under a fresh key, or with a random nonce where a key wraps keys.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use domain::Rng;
use zeroize::Zeroizing;

use crate::Refused;
use crate::key::{KEY_BYTES, Key};

/// Bytes that sealing adds.
pub(crate) const TAG_BYTES: usize = 16;
/// Bytes of a wrapped key: a nonce, the key, a tag.
pub(crate) const WRAPPED_BYTES: usize = NONCE_LEN + KEY_BYTES + TAG_BYTES;

/// A key ready for use. Whoever holds it must never use a nonce twice.
pub(crate) struct Gcm(LessSafeKey);

impl Gcm {
    pub(crate) fn new(key: &Key) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, key.bytes()).expect("a key has 32 bytes");
        Self(LessSafeKey::new(key))
    }

    /// Seals what stands in `bytes` from `from` on, and appends the tag.
    pub(crate) fn seal(&self, nonce: [u8; NONCE_LEN], label: &[u8], bytes: &mut Vec<u8>, from: usize) {
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = self.0.seal_in_place_separate_tag(nonce, Aad::from(label), &mut bytes[from..]);
        bytes.extend_from_slice(tag.expect("what is sealed is far below 64 GiB").as_ref());
    }

    /// Opens `sealed` in place; the answer is how many of its bytes are open.
    pub(crate) fn open(
        &self,
        nonce: [u8; NONCE_LEN],
        label: &[u8],
        sealed: &mut [u8],
    ) -> Result<usize, Refused> {
        let nonce = Nonce::assume_unique_for_key(nonce);
        self.0.open_in_place(nonce, Aad::from(label), sealed).map(|open| open.len()).map_err(|_| Refused)
    }
}

/// Seals `bytes` under a key that seals few things: nonces are random, which is good for 2^32 of them.
pub fn seal_bytes(bytes: &[u8], key: &Key, label: &[u8], rng: &dyn Rng) -> Vec<u8> {
    let mut nonce = [0; NONCE_LEN];
    rng.fill(&mut nonce);
    let mut sealed = nonce.to_vec();
    sealed.extend_from_slice(bytes);
    Gcm::new(key).seal(nonce, label, &mut sealed, NONCE_LEN);
    sealed
}

/// What was sealed by [`seal_bytes`].
///
/// # Errors
/// [`Refused`] where it was altered, stands under another label, or was sealed by another key.
pub fn unseal_bytes(sealed: &[u8], key: &Key, label: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(Refused)?;
    let mut bytes = Zeroizing::new(sealed.to_vec());
    let length = Gcm::new(key).open(*nonce, label, &mut bytes)?;
    bytes.truncate(length);
    Ok(bytes)
}

/// Seals `key` under `wrapping`. Nonces are random: a wrapping key may wrap 2^32 keys, and is replaced long before.
pub fn wrap(key: &Key, wrapping: &Key, label: &[u8], rng: &dyn Rng) -> [u8; WRAPPED_BYTES] {
    let wrapped = seal_bytes(key.bytes(), wrapping, label, rng);
    wrapped.try_into().expect("a nonce, a key and a tag")
}

/// The key that was sealed under `wrapping`.
///
/// # Errors
/// [`Refused`] where it was altered, stands under another label, or was wrapped by another key.
pub fn unwrap(wrapped: &[u8], wrapping: &Key, label: &[u8]) -> Result<Key, Refused> {
    let mut bytes = unseal_bytes(wrapped, wrapping, label)?;
    match bytes.as_mut_slice().try_into() {
        Ok(key) => Ok(Key::take(key)),
        Err(_) => Err(Refused),
    }
}

#[cfg(test)]
mod tests;
