//! The wrapped keys on disk: one small file, sealed under a key that follows from the root key, replaced whole at
//! every change. Sealed as a whole, because whoever could put a public half of their own into it would be sealed to.
//!
//! File: magic (8), format (u32), the check of the root key (8), the length-free sealed body. Integers are
//! little-endian.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use domain::{Rng, audit};
use sealing::{Key, KeyCheck};

use crate::file;
use crate::hierarchy::{Stored, first_format};
use crate::locked::LockedKey;

const MAGIC: [u8; 8] = *b"CNDRKEYS";
/// The format written here. Newer ones are refused. The first, without versions of wrapping keys, the second, without
/// keys for people and for checkpoints, and the third, without one for the ledger, are still read; no copy is made before one is stepped up, since a copy would keep
/// keys that are destroyed later.
const FORMAT: u32 = 4;
const HEADER_BYTES: usize = 20;

/// Why the stored keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The root key is another.
    #[error(
        "{path} was written under another root key than this one: restore the root key that belongs to it"
    )]
    OtherRoot {
        /// The file.
        path: PathBuf,
    },
    /// Keys were given before, and those that are stored are gone.
    #[error(
        "{path} is missing, and with it every key that was ever given: restore it from a copy of the folder for keys; \
         to begin anew, without anything that was kept, take the whole folder away"
    )]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// It was put back to an older state.
    #[error(
        "{path} is older than the audit file beside it: keys are in it that were destroyed since; restore the newest copy, \
         or the whole folder for keys from one copy"
    )]
    Older {
        /// The file.
        path: PathBuf,
    },
    /// What was signed was put back to an older state.
    #[error(
        "{path} is missing, or older than the audit file beside it: more was signed of audit log {log} than it knows; restore the \
         newest copy, or the whole folder for keys from one copy"
    )]
    SignedMore {
        /// The file.
        path: PathBuf,
        /// Which log.
        log: audit::Log,
    },
    /// It was altered.
    #[error("{path} is damaged: restore it from a copy of the folder for keys")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// It was written by a newer Candor.
    #[error("{path} has format {format}, newer than this Candor reads: run the newer version")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        format: u32,
    },
    /// Anything else.
    #[error("{path} cannot be used: {error}")]
    Disk {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// The file and the key that seals it.
pub(crate) struct Store {
    path: PathBuf,
    key: LockedKey,
    check: [u8; 8],
}

impl Store {
    /// The file at `path` under the root key.
    pub(crate) fn new(path: PathBuf, root: &Key) -> Self {
        Self { path, key: LockedKey::of(root.derive(b"candor key store")), check: root.check().0 }
    }

    /// By what the root key is recognised that the file at `path` is sealed under; `None` where nothing is stored yet.
    pub(crate) fn root_of(path: &Path) -> Result<Option<KeyCheck>, StoreError> {
        read(path)?.map(|bytes| header(path, &bytes).map(|header| header.check)).transpose()
    }

    /// What is stored; `None` where nothing is yet.
    pub(crate) fn load(&self) -> Result<Option<Stored>, StoreError> {
        let path = || self.path.clone();
        let Some(bytes) = read(&self.path)? else { return Ok(None) };
        let damaged = || StoreError::Damaged { path: path() };
        let Header { bytes: header, format, check } = header(&self.path, &bytes)?;
        if check.0 != self.check {
            return Err(StoreError::OtherRoot { path: path() });
        }
        let body = sealing::unseal_bytes(&bytes[HEADER_BYTES..], &self.key, header).map_err(|_| damaged())?;
        let stored = match format {
            1 => postcard::from_bytes(&body).map(first_format::Stored::stepped_up),
            _ => postcard::from_bytes(&body),
        };
        stored.map(Some).map_err(|_| damaged())
    }

    /// Stores it in the place of what was stored. Durable when it returns.
    pub(crate) fn save(&self, stored: &Stored, rng: &dyn Rng) -> Result<(), StoreError> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&self.check);
        let body = postcard::to_stdvec(stored).expect("memory takes every key");
        let sealed = sealing::seal_bytes(&body, &self.key, &bytes, rng);
        bytes.extend_from_slice(&sealed);
        file::replace(&self.path, &bytes).map_err(|error| StoreError::Disk { path: self.path.clone(), error })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// The file's bytes; `None` where it is not.
fn read(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::Disk { path: path.to_owned(), error }),
    }
}

/// What stands before the body.
struct Header<'a> {
    bytes: &'a [u8],
    format: u32,
    check: KeyCheck,
}

fn header<'a>(path: &Path, bytes: &'a [u8]) -> Result<Header<'a>, StoreError> {
    let damaged = || StoreError::Damaged { path: path.to_owned() };
    let header = bytes.get(..HEADER_BYTES).filter(|header| header[..8] == MAGIC).ok_or_else(damaged)?;
    let format = u32::from_le_bytes([header[8], header[9], header[10], header[11]]);
    if format > FORMAT {
        return Err(StoreError::Newer { path: path.to_owned(), format });
    }
    let check = KeyCheck(header[12..20].try_into().map_err(|_| damaged())?);
    Ok(Header { bytes: header, format, check })
}
