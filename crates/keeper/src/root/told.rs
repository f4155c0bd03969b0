//! What the folder for keys tells without any key being opened or read: from where its root key comes, and whether a
//! person has to be asked for a passphrase. This much the supervisor looks at itself.

use std::path::Path;

use sealing::KeyCheck;

use super::place::{Held, Place};
use super::{RootError, RootSource};
use crate::KeeperError;
use crate::store::Store;

/// Whether a passphrase is needed to start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassphraseWanted {
    /// None.
    No,
    /// The one it was sealed with.
    Existing,
    /// A new one.
    New,
}

/// Whether a passphrase is needed to start with the folder `keys`, where the root key shall come from `source`, or
/// from where the folder says.
///
/// # Errors
/// [`KeeperError`] names the file that cannot be used.
pub fn passphrase_wanted(keys: &Path, source: Option<&RootSource>) -> Result<PassphraseWanted, KeeperError> {
    let under = Store::root_of(&keys.join("keys.sealed"))?;
    let present = source_in(keys, under)?;
    Ok(match (source, present) {
        (_, Some(RootSource::Passphrase)) => PassphraseWanted::Existing,
        (Some(RootSource::Passphrase), _) => PassphraseWanted::New,
        _ => PassphraseWanted::No,
    })
}

/// The source of the root key under which the stored keys are, or would be; `None` where it is a key file, or nothing.
pub(super) fn source_in(keys: &Path, under: Option<KeyCheck>) -> Result<Option<RootSource>, RootError> {
    let mut found = None;
    for place in [Place::Sealed, Place::Credential] {
        for path in [place.next_file(keys), place.file(keys)] {
            let Some(held) = place.read(&path)? else { continue };
            if found.is_none() && under.is_none_or(|under| held.check() == under) {
                found = match held {
                    Held::Bare(_) => None,
                    Held::Sealed(sealed) => Some(sealed.source),
                    Held::Noted(_) => Some(RootSource::Credential),
                };
            }
        }
    }
    Ok(found)
}
