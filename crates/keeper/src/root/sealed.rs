//! The file of a root key that is sealed: by what, and the sealed key.
//!
//! File: magic (8), format (u32), the check of the root key in it (8), length (u32) and text of its source, length (u32)
//! and bytes of what is wrapped. Integers are little-endian. The check tells which root key it is before anybody is
//! asked to open it, and is bound to what is wrapped.

use std::path::Path;

use domain::Rng;
use sealing::{Key, KeyCheck};

use super::wrapper::{RootWrapper, WrapError};
use super::{RootError, RootSource};

const MAGIC: [u8; 8] = *b"CNDRROOT";
/// The format written here. Newer ones are refused.
const FORMAT: u32 = 1;
const PREFIX_BYTES: usize = 20;

/// A sealed root key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sealed {
    pub(crate) check: KeyCheck,
    pub(crate) source: RootSource,
    wrapped: Vec<u8>,
}

impl Sealed {
    /// Seals `root` by what stands behind `source`.
    pub(crate) fn seal(
        root: &Key,
        source: &RootSource,
        wrapper: &dyn RootWrapper,
        rng: &dyn Rng,
    ) -> Result<Self, WrapError> {
        let check = root.check();
        let wrapped = wrapper.wrap(root, &context(source, check), rng)?;
        Ok(Self { check, source: source.clone(), wrapped })
    }

    /// Opens it by what stands behind `source`, which may have been given another address since.
    pub(crate) fn open(&self, wrapper: &dyn RootWrapper) -> Result<Key, WrapError> {
        let root = wrapper.unwrap(&self.wrapped, &context(&self.source, self.check))?;
        if root.check() == self.check { Ok(root) } else { Err(WrapError::Refused) }
    }

    /// The same under another address of what it is sealed by.
    pub(crate) fn at(self, source: &RootSource) -> Self {
        Self { source: source.clone(), ..self }
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&self.check.0);
        for part in [self.source.to_string().as_bytes(), &self.wrapped] {
            let length = u32::try_from(part.len()).expect("a wrapped key is short");
            bytes.extend_from_slice(&length.to_le_bytes());
            bytes.extend_from_slice(part);
        }
        bytes
    }

    /// What the file at `path` holds.
    pub(crate) fn of_bytes(path: &Path, bytes: &[u8]) -> Result<Self, RootError> {
        let damaged = || RootError::Damaged { path: path.to_owned() };
        let (prefix, rest) = bytes.split_at_checked(PREFIX_BYTES).ok_or_else(damaged)?;
        if prefix[..8] != MAGIC {
            return Err(damaged());
        }
        let format = u32::from_le_bytes(prefix[8..12].try_into().map_err(|_| damaged())?);
        if format > FORMAT {
            return Err(RootError::Newer { path: path.to_owned(), format });
        }
        let check = KeyCheck(prefix[12..].try_into().map_err(|_| damaged())?);
        let (source, rest) = part(rest).ok_or_else(damaged)?;
        let (wrapped, rest) = part(rest).ok_or_else(damaged)?;
        let source =
            std::str::from_utf8(source).ok().and_then(|text| text.parse().ok()).ok_or_else(damaged)?;
        if !rest.is_empty() {
            return Err(damaged());
        }
        Ok(Self { check, source, wrapped: wrapped.to_vec() })
    }
}

fn part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(u32::from_le_bytes(*length) as usize)
}

/// What a wrapped root key is bound to: its kind of source, and which key it is. Not the source's address: a socket or
/// a file with a PIN may move.
fn context(source: &RootSource, check: KeyCheck) -> Vec<u8> {
    let check = u64::from_be_bytes(check.0);
    format!("candor root key 1 {} {check:016x}", source.kind()).into_bytes()
}
