//! A sealed object: a header, then chunks of 64 KiB, each sealed by itself so that a range can be read alone.
//!
//! Header: magic (8), format (u32), the check of the object's key (8), the sealed key (84). A chunk's nonce is its
//! number and whether it is the last, under a key that belongs to this object alone: no nonce is ever used twice,
//! no chunk can stand in another's place, and an object that was cut short has no last chunk. An object has at
//! least one chunk. Integers are little-endian.

use std::ops::Range;

use domain::Rng;

use crate::Refused;
use crate::gcm::{Gcm, TAG_BYTES};
use crate::key::Key;
use crate::pair::{Recipient, SEALED_KEY_BYTES, SealedKey};

/// Begins every sealed object.
const MAGIC: [u8; 8] = *b"CNDRSEAL";
/// The format written here. Newer ones are refused.
const FORMAT: u32 = 1;
/// Bytes of plaintext in every chunk but the last.
pub(crate) const CHUNK_BYTES: u64 = 64 << 10;
/// Bytes of a whole chunk when it is sealed.
pub(crate) const SEALED_CHUNK_BYTES: u64 = CHUNK_BYTES + TAG_BYTES as u64;
/// Bytes before the first chunk.
pub const HEADER_BYTES: usize = 8 + 4 + 8 + SEALED_KEY_BYTES;

/// Why an object cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
    /// It does not begin like one.
    #[error("it is not a sealed object")]
    NotSealed,
    /// It was written by a newer Candor.
    #[error("its format {0} is newer than this Candor reads")]
    Newer(u32),
    /// It was altered, cut, or put in another's place.
    #[error(transparent)]
    Refused(#[from] Refused),
}

/// The bytes of a sealed object that holds `plaintext`, for `recipient` under `label`.
///
/// # Errors
/// [`Refused`] where the recipient's public key is no key.
pub fn seal(
    plaintext: &[u8],
    recipient: &Recipient,
    label: &[u8],
    rng: &dyn Rng,
) -> Result<Vec<u8>, Refused> {
    let (key, sealed_key) = recipient.fresh_key(label, rng)?;
    let chunks = plaintext.len() / CHUNK_BYTES as usize + 1;
    let mut bytes = Vec::with_capacity(HEADER_BYTES + plaintext.len() + chunks * TAG_BYTES);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&FORMAT.to_le_bytes());
    bytes.extend_from_slice(&key.check().0);
    bytes.extend_from_slice(sealed_key.bytes());
    let gcm = Gcm::new(&key);
    let mut rest = plaintext;
    for number in 0.. {
        let (chunk, after) = rest.split_at(rest.len().min(CHUNK_BYTES as usize));
        let from = bytes.len();
        bytes.extend_from_slice(chunk);
        gcm.seal(nonce(number, after.is_empty()), label, &mut bytes, from);
        if after.is_empty() {
            break;
        }
        rest = after;
    }
    Ok(bytes)
}

/// An object whose key is known.
pub struct Opened {
    gcm: Gcm,
    label: Vec<u8>,
    /// Bytes of plaintext.
    length: u64,
}

impl Opened {
    /// The sealed key in an object's header: with it the keeper is asked for the key.
    ///
    /// # Errors
    /// [`ObjectError`] where the header is none.
    pub fn sealed_key(header: &[u8]) -> Result<SealedKey, ObjectError> {
        let header = header.get(..HEADER_BYTES).ok_or(ObjectError::NotSealed)?;
        if header[..8] != MAGIC {
            return Err(ObjectError::NotSealed);
        }
        match u32::from_le_bytes([header[8], header[9], header[10], header[11]]) {
            FORMAT => SealedKey::read(&header[20..]).ok_or(ObjectError::NotSealed),
            newer => Err(ObjectError::Newer(newer)),
        }
    }

    /// An object of `bytes` bytes that begins with `header`, under its `key`.
    ///
    /// # Errors
    /// [`ObjectError`] where the key is another, or no object has so many bytes.
    pub fn new(header: &[u8], bytes: u64, key: &Key, label: Vec<u8>) -> Result<Self, ObjectError> {
        Self::sealed_key(header)?;
        if header[12..20] != key.check().0 {
            return Err(Refused.into());
        }
        let length = bytes.checked_sub(HEADER_BYTES as u64).and_then(plaintext_bytes).ok_or(Refused)?;
        Ok(Self { gcm: Gcm::new(key), label, length })
    }

    /// Bytes of plaintext.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The range of the plaintext that the last chunk holds. Where it opens, the object ends there.
    pub fn last_chunk(&self) -> Range<u64> {
        (self.chunk_count() - 1) * CHUNK_BYTES..self.length
    }

    /// Which bytes of the object must be read for a range of the plaintext.
    pub fn sealed_range(&self, range: &Range<u64>) -> Range<u64> {
        let header = HEADER_BYTES as u64;
        let chunks = self.chunks(range);
        let end = header + self.length + self.chunk_count() * TAG_BYTES as u64;
        header + chunks.start * SEALED_CHUNK_BYTES..end.min(header + chunks.end * SEALED_CHUNK_BYTES)
    }

    /// The range of the plaintext, out of the bytes that [`Self::sealed_range`] names for it.
    ///
    /// # Errors
    /// [`Refused`] where they were altered, cut, or come from elsewhere.
    pub fn open(&self, range: &Range<u64>, mut sealed: Vec<u8>) -> Result<Vec<u8>, Refused> {
        if range.end > self.length || range.start > range.end {
            return Err(Refused);
        }
        let chunks = self.chunks(range);
        let last = self.chunk_count() - 1;
        // Opened in place, each chunk moved up to where the one before ends.
        let (mut from, mut open) = (0, 0);
        for number in chunks.clone() {
            let to = sealed.len().min(from + SEALED_CHUNK_BYTES as usize);
            let chunk = sealed.get_mut(from..to).ok_or(Refused)?;
            let length = self.gcm.open(nonce(number, number == last), &self.label, chunk)?;
            sealed.copy_within(from..from + length, open);
            (from, open) = (to, open + length);
        }
        let first = (range.start - chunks.start * CHUNK_BYTES) as usize;
        let wanted = first..first + (range.end - range.start) as usize;
        if wanted.end > open {
            return Err(Refused);
        }
        sealed.truncate(wanted.end);
        sealed.drain(..wanted.start);
        Ok(sealed)
    }

    fn chunk_count(&self) -> u64 {
        self.length.div_ceil(CHUNK_BYTES).max(1)
    }

    fn chunks(&self, range: &Range<u64>) -> Range<u64> {
        let last = self.chunk_count() - 1;
        let first = (range.start / CHUNK_BYTES).min(last);
        first..(range.end.saturating_sub(1) / CHUNK_BYTES).clamp(first, last) + 1
    }
}

/// Bytes of plaintext in `sealed` bytes of chunks; `None` where chunks never have so many.
fn plaintext_bytes(sealed: u64) -> Option<u64> {
    let (whole, rest) = (sealed / SEALED_CHUNK_BYTES, sealed % SEALED_CHUNK_BYTES);
    match rest {
        0 if whole > 0 => Some(whole * CHUNK_BYTES),
        _ => rest.checked_sub(TAG_BYTES as u64).map(|rest| whole * CHUNK_BYTES + rest),
    }
}

fn nonce(number: u64, last: bool) -> [u8; 12] {
    let mut nonce = [0; 12];
    nonce[3] = u8::from(last);
    nonce[4..].copy_from_slice(&number.to_be_bytes());
    nonce
}

#[cfg(test)]
mod tests;
