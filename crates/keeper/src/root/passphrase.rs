//! A passphrase, and the root key sealed under a key that is made of it: slowly, and with much memory, so that whoever
//! has the file has to guess at a price.
//!
//! Wrapped: memory in KiB (u32), passes (u32), lanes (u32), salt (16), then nonce, key and tag. Integers are
//! little-endian.

use std::fs;
use std::io::Read;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use domain::Rng;
use sealing::Key;
use serde::{Deserialize, Serialize, Serializer};
use zeroize::{Zeroize, Zeroizing};

use super::RootError;
use super::private::check_private;
use super::wrapper::{RootWrapper, WrapError};
use crate::locked::{LockedKey, lock};

/// Characters of a passphrase at least.
pub const PASSPHRASE_CHARS_MIN: usize = 12;
/// Bytes of a passphrase at most.
pub const PASSPHRASE_BYTES_MAX: usize = 1_024;

/// What a key costs that is made of a passphrase: three times what OWASP asks for, some tenths of a second.
const COST: Cost = Cost { kibibytes: 64 << 10, passes: 3, lanes: 1 };
/// What a file may ask for at most, so that a damaged one does not take the machine's memory.
const COST_MAX: Cost = Cost { kibibytes: 1 << 20, passes: 64, lanes: 16 };

const SALT_BYTES: usize = 16;
const HEADER_BYTES: usize = 12 + SALT_BYTES;

/// A passphrase. It is wiped when it is let go of, and written out only to be handed to the keeper.
#[derive(Deserialize)]
#[serde(from = "String")]
pub struct Passphrase(Zeroizing<Box<str>>);

/// Why a text is no passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseError {
    /// It could be guessed.
    #[error("the passphrase is shorter than {PASSPHRASE_CHARS_MIN} characters")]
    TooShort,
    /// It is probably a file that was named by mistake.
    #[error("the passphrase is longer than {PASSPHRASE_BYTES_MAX} bytes")]
    TooLong,
}

/// A copy stays out of swap space as well.
impl Clone for Passphrase {
    fn clone(&self) -> Self {
        Self::keep(&self.0)
    }
}

/// As the message has it that hands it to the keeper: its limits were looked at before.
impl From<String> for Passphrase {
    fn from(text: String) -> Self {
        Self::keep(&Zeroizing::new(text))
    }
}

impl Serialize for Passphrase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl Passphrase {
    /// From what a person typed or a file holds.
    ///
    /// # Errors
    /// [`PassphraseError`] where it is outside its limits.
    pub fn new(text: &Zeroizing<String>) -> Result<Self, PassphraseError> {
        if text.len() > PASSPHRASE_BYTES_MAX {
            return Err(PassphraseError::TooLong);
        }
        if text.chars().count() < PASSPHRASE_CHARS_MIN {
            return Err(PassphraseError::TooShort);
        }
        Ok(Self::keep(text))
    }

    /// From the first line of a file that no other account can read; a pipe is as good.
    ///
    /// # Errors
    /// [`RootError`] names the file and says what to do.
    pub fn read(path: &Path) -> Result<Self, RootError> {
        let failed = |error| RootError::Disk { path: path.to_owned(), error };
        let file = fs::File::open(path).map_err(failed)?;
        let kind = file.metadata().map_err(failed)?.file_type();
        // What stands at the other end of a pipe without a name is the operator's own.
        if kind.is_file() || kind.is_fifo() {
            check_private(path, "600")?;
        }
        let mut text = Zeroizing::new(String::with_capacity(PASSPHRASE_BYTES_MAX + 2));
        file.take(PASSPHRASE_BYTES_MAX as u64 + 2).read_to_string(&mut text).map_err(failed)?;
        let line = text.lines().next().unwrap_or_default().len();
        text.truncate(line);
        Self::new(&text).map_err(|error| RootError::Passphrase { path: path.to_owned(), error })
    }

    fn keep(text: &str) -> Self {
        let kept = Self(Zeroizing::new(Box::from(text)));
        lock(kept.0.as_bytes());
        kept
    }

    /// Whether it is the same as another.
    pub fn is(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

#[derive(Clone, Copy)]
struct Cost {
    kibibytes: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    fn to_bytes(self) -> [u8; 12] {
        let mut bytes = [0; 12];
        for (at, number) in bytes.chunks_exact_mut(4).zip([self.kibibytes, self.passes, self.lanes]) {
            at.copy_from_slice(&number.to_le_bytes());
        }
        bytes
    }

    /// `None` where it is more than may be asked for.
    fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let number = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        let cost = Self { kibibytes: number(0)?, passes: number(4)?, lanes: number(8)? };
        let within = cost.kibibytes <= COST_MAX.kibibytes
            && cost.passes <= COST_MAX.passes
            && cost.lanes <= COST_MAX.lanes;
        within.then_some(cost)
    }
}

/// Seals under a passphrase.
pub(crate) struct PassphraseWrapper(Passphrase);

impl PassphraseWrapper {
    pub(crate) fn new(passphrase: Passphrase) -> Self {
        Self(passphrase)
    }

    fn key(&self, cost: Cost, salt: &[u8]) -> Result<LockedKey, WrapError> {
        let params = Params::new(cost.kibibytes, cost.passes, cost.lanes, Some(32));
        let params = params.map_err(|_| WrapError::Refused)?;
        let mut memory = vec![Block::default(); params.block_count()];
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut bytes = Zeroizing::new([0; 32]);
        let made = argon.hash_password_into_with_memory(self.0.0.as_bytes(), salt, &mut *bytes, &mut memory);
        memory.zeroize();
        made.map_err(|_| WrapError::Refused)?;
        Ok(LockedKey::of(Key::take(&mut bytes)))
    }
}

impl RootWrapper for PassphraseWrapper {
    fn wrap(&self, root: &Key, context: &[u8], rng: &dyn Rng) -> Result<Vec<u8>, WrapError> {
        let mut wrapped = COST.to_bytes().to_vec();
        let mut salt = [0; SALT_BYTES];
        rng.fill(&mut salt);
        wrapped.extend_from_slice(&salt);
        let bound = [&wrapped, context].concat();
        let key = self.key(COST, &salt)?;
        wrapped.extend_from_slice(&sealing::wrap(root, &key, &bound, rng));
        Ok(wrapped)
    }

    fn unwrap(&self, wrapped: &[u8], context: &[u8]) -> Result<Key, WrapError> {
        let (header, sealed) = wrapped.split_at_checked(HEADER_BYTES).ok_or(WrapError::Refused)?;
        let cost = Cost::of_bytes(header).ok_or(WrapError::Refused)?;
        let key = self.key(cost, &header[12..])?;
        sealing::unwrap(sealed, &key, &[header, context].concat()).map_err(|_| WrapError::Refused)
    }
}

#[cfg(test)]
mod tests;
