//! The keeper: guards the keys in a process of its own, and gives each process of the server what is its to have.
//!
//! It opens no network socket and reads no data. Who asks is known by the socket it was introduced with, never by
//! what is said over it. Every answer is written to its audit file before it is given; what cannot be written down
//! is not given.

mod audit;
mod checkpoints;
mod file;
mod folder;
mod hierarchy;
mod keys;
mod left_out;
mod locked;
mod people;
mod policy;
pub mod proofs;
mod rewrap;
mod root;
mod serve;
mod store;

use std::path::PathBuf;

pub use audit::AuditError;
pub use left_out::Check;
#[cfg(debug_assertions)]
pub use left_out::leave_out;
pub use locked::memory_is_locked;
pub use root::{
    PASSPHRASE_BYTES_MAX, PASSPHRASE_CHARS_MIN, Passphrase, PassphraseError, PassphraseWanted, RootError,
    RootNews, RootSource, SourceError, TokenUri, TransitAddress, Unsealing, new_root_line, passphrase_wanted,
};
pub use serve::{Keeper, Parts};
pub use store::StoreError;

/// The file in the folder for keys by which the shell asks that an owner who is locked out be let in: it holds their e-mail
/// address.
pub const BREAK_GLASS_WISH: &str = "break-glass";

/// Why the keeper cannot work. Each names the file and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeeperError {
    /// The root key.
    #[error(transparent)]
    Root(#[from] RootError),
    /// The stored keys.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The audit file.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// Another keeper has the folder.
    #[error(
        "another Candor server uses the keys in {path}: stop it first, or give this one a copy of the folder, with --keys"
    )]
    Taken {
        /// Which one.
        path: PathBuf,
    },
    /// The folder.
    #[error("the folder for keys {path} cannot be used: {error}")]
    Folder {
        /// Which one.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}

impl KeeperError {
    /// Whether to try again may help: what opens the root key is away just now.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Root(error) if error.is_passing())
    }
}
