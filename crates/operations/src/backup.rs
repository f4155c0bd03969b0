//! Backups. `docs/backups.md` says what lies in the target and how it is unpacked without Candor.
//!
//! A backup is a snapshot (what changes: the control database, the journal, the keeper's files, and the list of all files
//! with their digests) and packs (what never changes once it is written: segments and parts of recordings), which later
//! snapshots name again. Each object in the target is named by the digest of its bytes, so that whoever can list it can
//! check it. An index in the clear beside each snapshot, under a code that only this server can make, lets it prune and
//! reuse what it cannot decrypt: it says sizes and digests, never a name.

mod archive;
mod crypt;
mod destruction;
mod hold;
mod index;
mod inventory;
mod manifest;
mod names;
mod prune;
mod restore;
mod restored;
pub mod s3;
mod side_by_side;
mod target;
#[cfg(test)]
mod tests;
mod verify;
mod write;

pub use crypt::{Identity, IdentityError, Recipient, RecipientError, Recipients};
pub use destruction::{Destroyed, Destruction, VisitorKey};
pub use hold::Copies;
pub use inventory::{Place, place_of, places};
pub use manifest::{AuditHead, Canary, Manifest};
pub use names::{Found, SnapshotId};
pub use prune::{Backup, KEPT_FOR, Listed, Pruned};
pub use restore::{Restore, Step, unfinished};
pub use restored::Restored;
pub use sealing::protocol::KeptFile;
pub use target::{Target, Wait};
pub use verify::{Finding, Verified};
pub use write::{Backups, Controls, Made, Source};

use std::io;
use std::path::PathBuf;

/// Why a backup was not made, not found to be right, or not restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The target does not do what is asked.
    #[error("{name} in the backup target: {error}")]
    Target {
        /// Which object.
        name: String,
        /// What it said.
        #[source]
        error: io::Error,
    },
    /// What was read back is not what was put.
    #[error(
        "{name} was put into the backup target and came back as something else: this backup does not count"
    )]
    NotReadBack {
        /// Which object.
        name: String,
    },
    /// What lies in the target is not what was put there.
    #[error("{name} in the backup target is damaged: {what}")]
    Damaged {
        /// Which object.
        name: String,
        /// What does not fit.
        what: String,
    },
    /// It is not encrypted to this identity.
    #[error("{name} is not encrypted to this identity")]
    OtherIdentity {
        /// Which object.
        name: String,
    },
    /// It was made by a newer Candor.
    #[error("{name} has format {format}, newer than this Candor reads: use the newer version")]
    Newer {
        /// Which object.
        name: String,
        /// Its format.
        format: u32,
    },
    /// There is none.
    #[error("there is no such backup in the target")]
    NoBackup,
    /// Nothing says what was destroyed since.
    #[error(
        "the backup target holds keys, but its list of what was destroyed cannot be read ({0}); to restore all the same, \
         what was erased included, add --without-destruction-list"
    )]
    NoDestructionList(String),
    /// A file of this machine.
    #[error("{path}: {error}")]
    Disk {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// A live file is not there.
    #[error("{0} belongs to what is to be backed up and is not there")]
    Missing(String),
    /// A folder to restore to holds something.
    #[error("{0} is not empty: restore to a folder that holds nothing yet")]
    NotEmpty(PathBuf),
    /// Another backup is half restored there.
    #[error("{0} holds what was restored so far of another backup: finish that one, or delete the folder")]
    OtherBackup(PathBuf),
    /// The control database.
    #[error(transparent)]
    Copy(#[from] control::CopyError),
    /// The control database.
    #[error(transparent)]
    Database(#[from] control::DatabaseError),
    /// The control database.
    #[error(transparent)]
    Open(#[from] control::OpenError),
    /// The keeper.
    #[error(transparent)]
    Keeper(#[from] sealing::OpenError),
    /// Nobody to encrypt to.
    #[error("there is no recipient to encrypt backups to")]
    NoRecipient,
    /// It was asked to stop.
    #[error("stopped")]
    Stopped,
    /// Questions about what is kept.
    #[error("the questions that every backup answers could not be answered: {0}")]
    Canary(String),
}

impl BackupError {
    /// Whether it says of a backup that it does not restore; else it could not be looked at whether it does.
    pub const fn finds_wrong(&self) -> bool {
        use sealing::OpenError::{Away, Unable, Unanswered};
        match self {
            Self::NotReadBack { .. }
            | Self::Damaged { .. }
            | Self::OtherIdentity { .. }
            | Self::Newer { .. }
            | Self::NoDestructionList(_)
            | Self::Copy(_)
            | Self::Database(_)
            | Self::Open(_)
            | Self::Canary(_) => true,
            Self::Keeper(error) => !matches!(error, Away | Unanswered | Unable),
            Self::Target { .. }
            | Self::Disk { .. }
            | Self::NoBackup
            | Self::Missing(_)
            | Self::NotEmpty(_)
            | Self::OtherBackup(_)
            | Self::NoRecipient
            | Self::Stopped => false,
        }
    }
}

/// A file of this machine that failed.
fn disk(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.into();
    move |error| BackupError::Disk { path, error }
}
