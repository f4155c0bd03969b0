//! The root key, from which all others follow: a file beside the data directory, for this account alone.

use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use domain::Rng;
use sealing::Key;
use zeroize::Zeroizing;

use crate::file;

/// What the file's one line begins with.
const PREFIX: &str = "candor-root-key-1:";

/// Why there is no root key.
#[derive(Debug, thiserror::Error)]
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
    /// Anything else.
    #[error("{path} cannot be used: {error}")]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// Makes the folder for keys ready, and refuses one that is not apart from `data` or not private.
pub(crate) fn prepare_folder(keys: &Path, data: &Path) -> Result<PathBuf, RootError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        |error| RootError::Disk { path, error }
    };
    DirBuilder::new().recursive(true).mode(0o700).create(keys).map_err(failed(keys))?;
    let keys = fs::canonicalize(keys).map_err(failed(keys))?;
    let data = fs::canonicalize(data).map_err(failed(data))?;
    if keys.starts_with(&data) {
        return Err(RootError::InsideData { keys, data });
    }
    check_private(&keys, "700")?;
    Ok(keys)
}

/// The root key in the folder `keys`; made where neither it nor anything that it wraps exists. The second tells
/// whether it was made.
pub(crate) fn unseal(keys: &Path, store: &Path, rng: &dyn Rng) -> Result<(Key, bool), RootError> {
    let path = keys.join("root.key");
    match fs::read_to_string(&path).map(Zeroizing::new) {
        Ok(text) => {
            check_private(&path, "600")?;
            parse(&text).map(|key| (key, false)).ok_or(RootError::Damaged { path })
        }
        Err(error) if error.kind() == ErrorKind::InvalidData => Err(RootError::Damaged { path }),
        Err(error) if error.kind() != ErrorKind::NotFound => Err(RootError::Disk { path, error }),
        Err(_) if store.exists() => Err(RootError::Missing { path, store: store.to_owned() }),
        Err(_) => {
            let key = Key::random(rng);
            let text = write(&key);
            file::replace(&path, text.as_bytes()).map_err(|error| RootError::Disk { path, error })?;
            Ok((key, true))
        }
    }
}

fn check_private(path: &Path, wanted: &'static str) -> Result<(), RootError> {
    let metadata = fs::metadata(path).map_err(|error| RootError::Disk { path: path.to_owned(), error })?;
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(RootError::Foreign { path: path.to_owned() });
    }
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(RootError::TooOpen { path: path.to_owned(), mode, wanted });
    }
    Ok(())
}

/// One line: the prefix, the key in hexadecimal, and its check, by which a mistyped copy is noticed.
fn write(key: &Key) -> Zeroizing<String> {
    let check = u64::from_be_bytes(key.check().0);
    Zeroizing::new(format!("{PREFIX}{}:{check:016x}\n", *key.hex()))
}

fn parse(text: &str) -> Option<Key> {
    let (key, check) = text.trim_end().strip_prefix(PREFIX)?.split_once(':')?;
    let mut bytes = Zeroizing::new([0; 32]);
    unhex(key, &mut *bytes)?;
    let mut expected = [0; 8];
    unhex(check, &mut expected)?;
    let key = Key::take(&mut bytes);
    (key.check().0 == expected).then_some(key)
}

fn unhex(text: &str, bytes: &mut [u8]) -> Option<()> {
    if text.len() != bytes.len() * 2 || !text.is_ascii() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).ok()?;
    }
    Some(())
}

#[cfg(test)]
mod tests;
