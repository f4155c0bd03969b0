//! The files in the folder for keys that hold a root key, or tell where it is: one for each kind of source, and one more
//! beside it while the stored keys are being turned to another root key.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use domain::Rng;
use sealing::{Key, KeyCheck};
use zeroize::Zeroizing;

use super::private::check_private;
use super::sealed::Sealed;
use super::wrapper::{WrapError, wrapper_of};
use super::{RootError, RootSource, Unsealing, line};

/// What the note begins with that tells which credential is meant.
const NOTE_PREFIX: &str = "candor-root-credential-1:";

/// Where a root key lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// As it is, in a key file.
    File,
    /// Sealed.
    Sealed,
    /// Elsewhere; here lies a note of its check.
    Credential,
}

/// What a place holds.
pub(super) enum Held {
    /// The key itself.
    Bare(Key),
    /// The key, sealed.
    Sealed(Sealed),
    /// Which key it is.
    Noted(KeyCheck),
}

impl Place {
    pub(super) const ALL: [Self; 3] = [Self::File, Self::Sealed, Self::Credential];

    pub(super) const fn of(source: &RootSource) -> Self {
        match source {
            RootSource::File => Self::File,
            RootSource::Passphrase | RootSource::Pkcs11(_) | RootSource::Transit(_) => Self::Sealed,
            RootSource::Credential => Self::Credential,
        }
    }

    /// Its file.
    pub(super) fn file(self, folder: &Path) -> PathBuf {
        folder.join(match self {
            Self::File => "root.key",
            Self::Sealed => "root.sealed",
            Self::Credential => "root.credential",
        })
    }

    /// The file of the root key that comes after it.
    pub(super) fn next_file(self, folder: &Path) -> PathBuf {
        folder.join(match self {
            Self::File => "root.new",
            Self::Sealed => "root.sealed.new",
            Self::Credential => "root.credential.new",
        })
    }

    /// What the file at `path` holds, which is of this place; `None` where it is not.
    pub(super) fn read(self, path: &Path) -> Result<Option<Held>, RootError> {
        let bytes = match fs::read(path).map(Zeroizing::new) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(RootError::Disk { path: path.to_owned(), error }),
        };
        check_private(path, "600")?;
        let text = || std::str::from_utf8(&bytes).ok();
        let held = match self {
            Self::File => text().and_then(line::parse).map(Held::Bare),
            Self::Sealed => Some(Held::Sealed(Sealed::of_bytes(path, &bytes)?)),
            Self::Credential => text().and_then(parse_note).map(Held::Noted),
        };
        held.map(Some).ok_or_else(|| RootError::Damaged { path: path.to_owned() })
    }
}

impl Held {
    pub(super) fn check(&self) -> KeyCheck {
        match self {
            Self::Bare(key) => key.check(),
            Self::Sealed(sealed) => sealed.check,
            Self::Noted(check) => *check,
        }
    }
}

/// What a file holds that tells where `root` is under `source`.
pub(super) fn written(
    root: &Key,
    source: &RootSource,
    handed: &Unsealing,
    rng: &dyn Rng,
) -> Result<Zeroizing<Vec<u8>>, RootError> {
    let note = || format!("{NOTE_PREFIX}{:016x}\n", u64::from_be_bytes(root.check().0));
    let bytes = match (Place::of(source), wrapper_of(source, handed)?) {
        (Place::Sealed, Some(wrapper)) => {
            let sealed = Sealed::seal(root, source, &*wrapper, rng);
            let sealed = sealed.map_err(|error| not_sealed(source, error))?;
            // Nothing is to depend on what does not open again.
            match sealed.open(&*wrapper) {
                Ok(_) => sealed.to_bytes(),
                Err(error) => return Err(not_sealed(source, error)),
            }
        }
        (Place::Credential, _) => note().into_bytes(),
        _ => return Ok(Zeroizing::new(line::write(root).as_bytes().to_vec())),
    };
    Ok(Zeroizing::new(bytes))
}

fn not_sealed(source: &RootSource, error: WrapError) -> RootError {
    match error {
        WrapError::Unavailable(why) => RootError::Unavailable { why },
        error => RootError::NotSealed { source_of_root: source.to_string(), why: error.to_string() },
    }
}

fn parse_note(text: &str) -> Option<KeyCheck> {
    let mut check = [0; 8];
    line::unhex(text.trim_end().strip_prefix(NOTE_PREFIX)?, &mut check)?;
    Some(KeyCheck(check))
}
