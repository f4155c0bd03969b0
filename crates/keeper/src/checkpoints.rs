//! Signing the checkpoints of audit logs, and remembering what was last signed of each: nothing is signed of a log that is
//! not a continuation of it, whoever asks. So neither a process that was taken over nor an older database that was put back
//! gets two histories signed.
//!
//! File: magic (8), format (u32), the sealed body: for each log its size and root. Integers are little-endian. It is sealed
//! under a key of its own, which outlives the root key.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use domain::{Rng, audit};
use sealing::merkle::{Hash, empty_root, verify_consistency};
use sealing::protocol::{LastCheckpoint, LogState};
use sealing::{Checkpoint, Environment, Key, Origin, SigningKey};
use serde::{Deserialize, Serialize};

use crate::audit::Audit;
use crate::file;
use crate::store::StoreError;

const MAGIC: [u8; 8] = *b"CNDRLOGS";
const FORMAT: u32 = 1;
const HEADER_BYTES: usize = 12;
/// Logs that are remembered at most, so that nobody fills the disk by naming ever more.
const LOGS_MAX: usize = 1 << 16;

/// What was last signed.
type Signed = BTreeMap<audit::Log, Last>;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Last {
    size: u64,
    root: Hash,
}

/// What signs, and what it signed.
pub(crate) struct Checkpoints {
    path: PathBuf,
    environment: Environment,
    sealing: Key,
    signing: SigningKey,
    /// Signs receipts, and nothing else does.
    receipts: SigningKey,
    signed: Signed,
}

impl Checkpoints {
    /// What the file at `path` says was signed, under `key`. The keeper's own audit file must not know of more.
    pub(crate) fn open(
        path: PathBuf,
        key: &Key,
        environment: Environment,
        audit: &Audit,
    ) -> Result<Self, StoreError> {
        let sealing = key.derive(b"candor checkpoint store");
        let signing = SigningKey::of_seed(&key.derive(b"candor checkpoint signature"));
        let receipts = SigningKey::of_seed(&key.derive(b"candor receipt signature"));
        let signed = load(&path, &sealing)?;
        for (log, size) in audit.signed() {
            let known = signed.get(&log).map_or(0, |last| last.size);
            if known < size {
                return Err(StoreError::SignedMore { path, log });
            }
        }
        Ok(Self { path, environment, sealing, signing, receipts, signed })
    }

    /// What was last signed of a log.
    pub(crate) fn last(&self, log: audit::Log) -> LastCheckpoint {
        let Last { size, root } = self.last_of(log);
        LastCheckpoint { environment: self.environment, key: self.signing.public(), size, root }
    }

    /// Signs, once it is remembered that it was. `None` where the log is not a continuation of what was last signed.
    pub(crate) fn sign(&mut self, state: &LogState, rng: &dyn Rng) -> Result<Option<String>, StoreError> {
        let LogState { log, size, root, consistency } = state;
        let before = self.last_of(*log);
        if !verify_consistency((before.size, &before.root), (*size, root), consistency) {
            return Ok(None);
        }
        if before.size < *size {
            let mut signed = self.signed.clone();
            signed.insert(*log, Last { size: *size, root: *root });
            if signed.len() > LOGS_MAX {
                let error = std::io::Error::other("it remembers as many audit logs as it may");
                return Err(StoreError::Disk { path: self.path.clone(), error });
            }
            self.save(&signed, rng)?;
            self.signed = signed;
        }
        let origin = Origin::of(self.environment, log.0);
        Ok(Some(Checkpoint::sign(&origin, *size, root, &self.signing)))
    }

    /// Signs a receipt that says these lines; `None` where they are none.
    pub(crate) fn sign_receipt(&self, said: &str) -> Option<String> {
        sealing::sign_receipt(said, self.environment, &self.receipts)
    }

    fn last_of(&self, log: audit::Log) -> Last {
        self.signed.get(&log).cloned().unwrap_or_else(|| Last { size: 0, root: empty_root() })
    }

    fn save(&self, signed: &Signed, rng: &dyn Rng) -> Result<(), StoreError> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        let body = postcard::to_stdvec(signed).expect("memory takes every log");
        let sealed = sealing::seal_bytes(&body, &self.sealing, &bytes, rng);
        bytes.extend_from_slice(&sealed);
        file::replace(&self.path, &bytes).map_err(|error| StoreError::Disk { path: self.path.clone(), error })
    }
}

fn load(path: &PathBuf, key: &Key) -> Result<Signed, StoreError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Signed::new()),
        Err(error) => return Err(StoreError::Disk { path: path.clone(), error }),
    };
    let damaged = || StoreError::Damaged { path: path.clone() };
    let (header, sealed) = bytes.split_at_checked(HEADER_BYTES).ok_or_else(damaged)?;
    let format = header[8..].try_into().map(u32::from_le_bytes).map_err(|_| damaged())?;
    match (&header[..8], format) {
        (magic, FORMAT) if magic == MAGIC => {}
        (magic, format) if magic == MAGIC && format > FORMAT => {
            return Err(StoreError::Newer { path: path.clone(), format });
        }
        _ => return Err(damaged()),
    }
    let body = sealing::unseal_bytes(sealed, key, header).map_err(|_| damaged())?;
    postcard::from_bytes(&body).map_err(|_| damaged())
}
