//! What is known of people on disk: one file, sealed under a key that the hierarchy wraps, replaced whole at every
//! change.
//!
//! File: magic (8), format (u32), the sealed body. Integers are little-endian.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use domain::Rng;
use sealing::Key;

use super::registry::Registry;
use crate::file;
use crate::locked::LockedKey;
use crate::store::StoreError;

const MAGIC: [u8; 8] = *b"CNDRPPLE";
/// The format written here. Newer ones are refused. The first, in which no site shows recordings to viewers, and the second, in
/// which no subscription ends, are still read; no copy is made before they are stepped up, since a copy would keep roles and
/// sign-ins that end later.
const FORMAT: u32 = 3;
/// What each format says beyond the one before, where there is nothing to say: an empty list.
const NOTHING_MORE: u8 = 0;
const HEADER_BYTES: usize = 12;

/// The file and the key that seals it.
pub(super) struct Saved {
    path: PathBuf,
    key: LockedKey,
}

impl Saved {
    pub(super) fn new(path: PathBuf, key: &Key) -> Self {
        Self { path, key: LockedKey::of(key.derive(b"candor people")) }
    }

    /// What is kept; `None` where nothing is yet.
    pub(super) fn load(&self) -> Result<Option<Registry>, StoreError> {
        let damaged = || StoreError::Damaged { path: self.path.clone() };
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::Disk { path: self.path.clone(), error }),
        };
        let header = bytes.get(..HEADER_BYTES).filter(|header| header[..8] == MAGIC).ok_or_else(damaged)?;
        let format = u32::from_le_bytes([header[8], header[9], header[10], header[11]]);
        if format > FORMAT {
            return Err(StoreError::Newer { path: self.path.clone(), format });
        }
        let mut body =
            sealing::unseal_bytes(&bytes[HEADER_BYTES..], &self.key, header).map_err(|_| damaged())?;
        body.extend((format..FORMAT).map(|_| NOTHING_MORE));
        postcard::from_bytes(&body).map(Some).map_err(|_| damaged())
    }

    /// Keeps it in the place of what was kept. Durable when it returns.
    pub(super) fn save(&self, registry: &Registry, rng: &dyn Rng) -> Result<(), StoreError> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        let body = zeroize::Zeroizing::new(postcard::to_stdvec(registry).expect("memory takes everybody"));
        let sealed = sealing::seal_bytes(&body, &self.key, &bytes, rng);
        bytes.extend_from_slice(&sealed);
        file::replace(&self.path, &bytes).map_err(|error| StoreError::Disk { path: self.path.clone(), error })
    }

    /// What the shell wrote into the folder under this name, once; `None` where it wrote nothing.
    pub(super) fn take_wish(&self, name: &str) -> Result<Option<String>, StoreError> {
        let path = self.path.with_file_name(name);
        let failed = |error| StoreError::Disk { path: path.clone(), error };
        match fs::read_to_string(&path) {
            Ok(text) => {
                fs::remove_file(&path).map_err(failed)?;
                Ok(Some(text.trim().to_owned()))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }
}
