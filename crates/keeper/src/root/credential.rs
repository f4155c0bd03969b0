//! A root key that systemd hands to the service as a credential: decrypted, with the machine's TPM if there is one,
//! into memory that is the service's alone. Candor reads it and never writes it.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use sealing::Key;
use zeroize::Zeroizing;

use super::{RootError, Unsealing, line};

/// The credential's name.
pub(super) const NOW: &str = "candor-root-key";
/// The name of the one before, while the stored keys are being turned to a new one.
pub(super) const BEFORE: &str = "candor-root-key-before";

/// The root key in the credential `name`; `None` where it was not given.
pub(super) fn read(handed: &Unsealing, name: &str) -> Result<Option<Key>, RootError> {
    let Some(folder) = &handed.credentials else { return Ok(None) };
    read_file(&folder.join(name))
}

// Its mode is not looked at: systemd keeps the folder for the service alone, by means that a mode does not show.
fn read_file(path: &Path) -> Result<Option<Key>, RootError> {
    match fs::read_to_string(path).map(Zeroizing::new) {
        Ok(text) => line::parse(&text).map(Some).ok_or_else(|| RootError::Damaged { path: path.to_owned() }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            Err(RootError::Damaged { path: path.to_owned() })
        }
        Err(error) => Err(RootError::Disk { path: path.to_owned(), error }),
    }
}
