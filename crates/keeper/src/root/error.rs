//! Why there is no root key. Each names the file or the service, and says what to do.

use std::io;
use std::path::PathBuf;

use super::PassphraseError;

/// Why there is no root key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RootError {
    /// Anybody who gets a copy of the data would get the key with it.
    #[error(
        "the folder for keys {keys} lies inside the data directory {data}, where every copy of the data would take \
         the keys along: give it another place with --keys"
    )]
    InsideData {
        /// The folder for keys.
        keys: PathBuf,
        /// The data directory.
        data: PathBuf,
    },
    /// Other accounts can read it.
    #[error(
        "{path} can be read by other accounts (mode {mode:03o}): run `chmod {wanted} {path}`, and know that whoever has \
         read it can open every copy of the data"
    )]
    TooOpen {
        /// The file or folder.
        path: PathBuf,
        /// Its mode.
        mode: u32,
        /// The mode it should have.
        wanted: &'static str,
    },
    /// It belongs to another account.
    #[error("{path} belongs to another account than this server's")]
    Foreign {
        /// The file or folder.
        path: PathBuf,
    },
    /// The store has keys, but the root key that wraps them is gone.
    #[error("{path} is missing, and with it every key in {store}: restore it from where its copy is kept")]
    Missing {
        /// The key file.
        path: PathBuf,
        /// The stored keys.
        store: PathBuf,
    },
    /// It is not a root key.
    #[error("{path} is damaged or is no root key: restore it from where its copy is kept")]
    Damaged {
        /// The key file.
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
    /// It is sealed, and does not open.
    #[error(
        "the root key in {path} does not open with {source_of_root}: {why}. It needs the same as when it was sealed; if \
         the file was altered, restore it from where its copy is kept"
    )]
    Closed {
        /// The file.
        path: PathBuf,
        /// What it was tried with.
        source_of_root: String,
        /// Why not.
        why: String,
    },
    /// The passphrase is not the one it was sealed with.
    #[error(
        "the passphrase does not open {path}: it is another than the one that was made, or the file was altered; then \
         restore it from where its copy is kept"
    )]
    WrongPassphrase {
        /// The file.
        path: PathBuf,
    },
    /// A new root key cannot be sealed.
    #[error("a root key cannot be sealed with {source_of_root}: {why}")]
    NotSealed {
        /// By what.
        source_of_root: String,
        /// Why not.
        why: String,
    },
    /// What opens it is away just now.
    #[error("{why}")]
    Unavailable {
        /// What is away, and why.
        why: String,
    },
    /// Nobody gave the passphrase.
    #[error(
        "the root key is sealed with a passphrase, and none was given: start Candor at a terminal, or with \
         --passphrase-file FILE"
    )]
    NoPassphrase,
    /// The file holds none.
    #[error("{path} holds no passphrase that can be used: {error}")]
    Passphrase {
        /// The file.
        path: PathBuf,
        /// Why.
        error: PassphraseError,
    },
    /// The credential was not given.
    #[error(
        "there is no credential candor-root-key: make one with `candor keys new-root | systemd-creds encrypt \
         --name=candor-root-key - FILE`, and name it in the service with LoadCredentialEncrypted=candor-root-key:FILE"
    )]
    NoCredential,
    /// The credential is another, and so is the one before.
    #[error(
        "neither the credential candor-root-key nor candor-root-key-before is the root key of {store}: give the one \
         that belongs to it, or, to replace it, the new one and the old one as candor-root-key-before"
    )]
    OtherCredential {
        /// The stored keys.
        store: PathBuf,
    },
    /// A root key that belongs to nothing here is in the way.
    #[error(
        "{path} holds another root key than the one the stored keys are under: take it away, to where it belongs or \
         is kept, before the root key is replaced"
    )]
    Stray {
        /// The file.
        path: PathBuf,
    },
    /// Anything else.
    #[error("{path} cannot be used: {error}")]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

impl RootError {
    /// Whether to try again may help.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }
}
