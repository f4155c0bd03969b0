//! Having the keeper sign what a log is now. The keeper signs nothing that is not a continuation of what it signed before:
//! so an old database that was put back, or one that was altered, shows here first.

use domain::audit::Log;
use sealing::{CheckpointKey, OpenError, Origin, Signer};

use super::tree::LogHead;
use crate::{Database, DatabaseError};

/// How often it is tried while others have the same log signed.
const TRIES: usize = 3;

/// A log that the keeper signed.
#[derive(Clone, Debug)]
pub struct SignedLog {
    /// What it is called.
    pub origin: Origin,
    /// By what the signature is checked.
    pub key: CheckpointKey,
    /// How many entries were signed.
    pub size: u64,
    /// The note.
    pub note: String,
}

/// Why a log is not signed.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The keeper does not answer or says no.
    #[error(transparent)]
    Keeper(#[from] OpenError),
    /// The database failed.
    #[error(transparent)]
    Database(DatabaseError),
    /// Parts of it are gone.
    #[error("audit log {log} cannot be signed: rows of it were deleted")]
    Missing {
        /// Which log.
        log: Log,
    },
    /// It is not a continuation of what was last signed.
    #[error(
        "audit log {log} has {entries} entries and is not a continuation of the {signed} that were signed: it was altered, \
         or an older database was put back"
    )]
    Parted {
        /// Which log.
        log: Log,
        /// How many entries it has.
        entries: u64,
        /// How many were signed.
        signed: u64,
    },
}

impl Database {
    /// The signed checkpoint of a log as it is now.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn audit_checkpoint(&self, keeper: &dyn Signer, log: Log) -> Result<SignedLog, CheckpointError> {
        let failed = |error: DatabaseError| match error.0 {
            rusqlite::Error::QueryReturnedNoRows => CheckpointError::Missing { log },
            _ => CheckpointError::Database(error),
        };
        let mut last = keeper.last_checkpoint(log)?;
        for _ in 0..TRIES {
            let LogHead { size, root } = self.audit_head(log).map_err(failed)?;
            let consistency = self.audit_consistency(log, last.size, size).map_err(failed)?;
            let Some(consistency) = consistency else { break };
            let state = sealing::protocol::LogState { log, size, root, consistency };
            if let Some(note) = keeper.sign_checkpoint(state)? {
                let origin = Origin::of(last.environment, log.0);
                return Ok(SignedLog { origin, key: last.key, size, note });
            }
            let before = last.size;
            last = keeper.last_checkpoint(log)?;
            if last.size == before {
                break;
            }
        }
        let entries = self.audit_head(log).map_err(failed)?.size;
        Err(CheckpointError::Parted { log, entries, signed: last.size })
    }
}
