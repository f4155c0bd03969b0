//! The root key, from which all others follow: where it comes from, and how it is replaced.
//!
//! It is never asked of anybody but the source that the operator chose, and never lies anywhere in the clear but in a
//! key file that was chosen. The stored keys are turned to another root key at the keeper's start only.

mod credential;
mod error;
mod line;
mod passphrase;
mod pkcs11;
mod place;
mod private;
mod sealed;
mod source;
mod told;
mod transit;
mod turn;
mod wrapper;

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use domain::Rng;
use sealing::{Key, KeyCheck};

pub use self::error::RootError;
pub use self::line::new_root_line;
pub use self::passphrase::{PASSPHRASE_BYTES_MAX, PASSPHRASE_CHARS_MIN, Passphrase, PassphraseError};
pub use self::pkcs11::TokenUri;
use self::place::{Held, Place};
use self::private::check_private;
use self::sealed::Sealed;
pub use self::source::{RootSource, SourceError, Unsealing};
pub use self::told::{PassphraseWanted, passphrase_wanted};
pub use self::transit::TransitAddress;
use self::turn::{MARKER, Step, Turn};
use self::wrapper::{WrapError, wrapper_of};
use crate::locked::LockedKey;
use crate::store::{Store, StoreError};
use crate::{KeeperError, file};

/// Makes the folder for keys ready, and refuses one that is not apart from `data` or not private.
pub(crate) fn prepare_folder(keys: &Path, data: &Path) -> Result<PathBuf, RootError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        |error| RootError::Disk { path, error }
    };
    DirBuilder::new().recursive(true).mode(0o700).create(keys).map_err(failed(keys))?;
    let keys = fs::canonicalize(keys).map_err(failed(keys))?;
    file::sync_folder_of(&keys).map_err(failed(&keys))?;
    let data = fs::canonicalize(data).map_err(failed(data))?;
    if keys.starts_with(&data) {
        return Err(RootError::InsideData { keys, data });
    }
    check_private(&keys, "700")?;
    Ok(keys)
}

/// Asks the next start for another root key. Durable when it returns.
pub(crate) fn mark_for_rotation(folder: &Path) -> Result<(), RootError> {
    let path = folder.join(MARKER);
    file::replace(&path, b"").map_err(|error| RootError::Disk { path, error })
}

/// Takes back that another root key is asked for. Where that fails, the next start says so by doing it.
pub(crate) fn unmark(folder: &Path) {
    if let Err(error) = turn::remove(&folder.join(MARKER)) {
        tracing::error!(%error, "the root key will be replaced at the next start, though nobody asked for it");
    }
}

/// What became of the root key, for a person to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RootNews {
    /// It was made.
    Made(RootSource),
    /// It was replaced by one from another source.
    Moved(RootSource),
    /// It was replaced by one from the same source.
    Replaced(RootSource),
    /// It was asked to be replaced, and that could not be begun; why.
    NotReplaced(String),
    /// A replacement that was cut off was finished.
    Finished,
    /// A replacement that was cut off was taken back.
    TakenBack,
    /// A credential is asked to be replaced, which Candor cannot do.
    CredentialStays,
    /// It lies in this file, too, where nothing needs it.
    LiesOpen(PathBuf),
}

impl RootNews {
    /// The word for it in the audit file, where it ends what a turn began.
    pub(crate) const fn of_turn(&self) -> Option<&'static str> {
        match self {
            Self::Moved(_) | Self::Replaced(_) | Self::Finished => Some("done"),
            Self::NotReplaced(_) => Some("not done"),
            Self::TakenBack => Some("taken back"),
            Self::Made(_) | Self::CredentialStays | Self::LiesOpen(_) => None,
        }
    }
}

/// From where, into what and with what a root key is unsealed.
pub(crate) struct Ground<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) store: &'a Path,
    pub(crate) handed: &'a Unsealing,
    pub(crate) rng: &'a dyn Rng,
    /// Hears of each moment of a turn, and ends it there with an error.
    pub(crate) watch: &'a mut dyn FnMut(Moment<'_>) -> Result<(), KeeperError>,
}

/// A moment of turning the stored keys to another root key.
pub(crate) enum Moment<'a> {
    /// Nothing was done yet; the new one comes from this source.
    Before(&'a RootSource),
    /// This step was done.
    After(Step),
}

/// The root key under which the stored keys are from now on: made where there are none, and replaced first where its
/// source is another or somebody asked for it.
pub(crate) fn unseal(ground: &mut Ground<'_>) -> Result<(LockedKey, Vec<RootNews>), KeeperError> {
    let under = Store::root_of(ground.store)?;
    let mut news: Vec<RootNews> = match under {
        Some(under) => turn::settle(ground.folder, under)?.into_iter().collect(),
        None => Vec::new(),
    };
    let source = source_of(ground.folder, under, ground.handed)?;
    let Some(under) = under else { return first(ground, &source) };
    if let Some(root) = present(ground, &source, under)? {
        let (root, more) = keep(ground, &source, root)?;
        news.extend(more);
        return Ok((root, news));
    }
    let before = before(ground, &source, under)?;
    let root = match source {
        RootSource::Credential => credential::read(ground.handed, credential::NOW)?
            .map(LockedKey::of)
            .ok_or(RootError::NoCredential)?,
        _ => LockedKey::of(Key::random(ground.rng)),
    };
    turn(ground, &source, &before, &root).map_err(Failed::why)?;
    news.push(RootNews::Moved(source));
    Ok((root, news))
}

/// Where the root key comes from: as is said, or else as the folder tells.
pub(crate) fn source_of(
    folder: &Path,
    under: Option<KeyCheck>,
    handed: &Unsealing,
) -> Result<RootSource, RootError> {
    match &handed.source {
        Some(source) => Ok(source.clone()),
        None => Ok(told::source_in(folder, under)?.unwrap_or_default()),
    }
}

/// The root key where nothing is stored yet.
fn first(ground: &Ground<'_>, source: &RootSource) -> Result<(LockedKey, Vec<RootNews>), KeeperError> {
    let place = Place::of(source);
    let path = place.file(ground.folder);
    let found = match (place.read(&path)?, source) {
        (_, RootSource::Credential) => {
            let root = credential::read(ground.handed, credential::NOW)?.ok_or(RootError::NoCredential)?;
            note(ground, &root)?;
            Some(root)
        }
        (Some(Held::Bare(root)), _) => Some(root),
        (Some(Held::Sealed(sealed)), _) => Some(open(&path, &sealed, source, ground.handed)?),
        (Some(Held::Noted(_)) | None, _) => None,
    };
    if let Some(root) = found {
        return Ok((LockedKey::of(root), vec![]));
    }
    let root = LockedKey::of(Key::random(ground.rng));
    let written = place::written(&root, source, ground.handed, ground.rng)?;
    file::replace(&path, &written).map_err(|error| RootError::Disk { path, error })?;
    Ok((root, vec![RootNews::Made(source.clone())]))
}

/// The root key of the stored keys, if it comes from `source` already.
fn present(
    ground: &Ground<'_>,
    source: &RootSource,
    under: KeyCheck,
) -> Result<Option<LockedKey>, KeeperError> {
    let place = Place::of(source);
    let path = place.file(ground.folder);
    let root = match source {
        RootSource::Credential => {
            credential::read(ground.handed, credential::NOW)?.filter(|root| root.check() == under)
        }
        _ => match place.read(&path)?.filter(|held| held.check() == under) {
            Some(Held::Bare(root)) => Some(root),
            Some(Held::Sealed(sealed)) if sealed.source == *source => {
                Some(open(&path, &sealed, source, ground.handed)?)
            }
            Some(Held::Sealed(sealed)) if sealed.source.kind() == source.kind() => {
                moved(ground, &path, sealed, source)?
            }
            _ => None,
        },
    };
    Ok(root.map(LockedKey::of))
}

/// Opens at a new address what was sealed at another, and remembers the new one; `None` where something else is there.
fn moved(
    ground: &Ground<'_>,
    path: &Path,
    sealed: Sealed,
    source: &RootSource,
) -> Result<Option<Key>, RootError> {
    match unwrap(path, &sealed, source, ground.handed)? {
        Ok(root) => {
            let written = sealed.at(source).to_bytes();
            file::replace(path, &written)
                .map_err(|error| RootError::Disk { path: path.to_owned(), error })?;
            Ok(Some(root))
        }
        Err(WrapError::Refused | WrapError::NoKey(_)) => Ok(None),
        // What the token or service says of itself, such as of a PIN: it must not be asked again.
        Err(error) => Err(closed(path, source, error)),
    }
}

/// The root key of the stored keys from wherever else it can be had.
fn before(ground: &Ground<'_>, source: &RootSource, under: KeyCheck) -> Result<LockedKey, KeeperError> {
    let mut other = None;
    for place in [Place::File, Place::Sealed] {
        let path = place.file(ground.folder);
        match place.read(&path)? {
            Some(held) if held.check() != under => other = Some(path),
            Some(Held::Bare(root)) => return Ok(LockedKey::of(root)),
            Some(Held::Sealed(sealed)) => {
                return Ok(LockedKey::of(open(&path, &sealed, &sealed.source, ground.handed)?));
            }
            Some(Held::Noted(_)) | None => {}
        }
    }
    for name in [credential::BEFORE, credential::NOW] {
        if let Some(root) = credential::read(ground.handed, name)?.filter(|root| root.check() == under) {
            return Ok(LockedKey::of(root));
        }
    }
    let store = ground.store.to_owned();
    Err(match (source, other) {
        (RootSource::Credential, _) if credential::read(ground.handed, credential::NOW)?.is_none() => {
            RootError::NoCredential.into()
        }
        (RootSource::Credential, _) => RootError::OtherCredential { store }.into(),
        (_, Some(_)) => StoreError::OtherRoot { path: store }.into(),
        (_, None) => RootError::Missing { path: Place::of(source).file(ground.folder), store }.into(),
    })
}

/// Goes on with `root`, unless somebody asked for another.
fn keep(
    ground: &mut Ground<'_>,
    source: &RootSource,
    root: LockedKey,
) -> Result<(LockedKey, Vec<RootNews>), KeeperError> {
    let asked = ground.folder.join(MARKER).exists();
    if *source == RootSource::Credential {
        note(ground, &root)?;
        let stays = asked.then_some(RootNews::CredentialStays);
        let key_file = Place::File.file(ground.folder);
        let open = Place::File.read(&key_file)?.filter(|held| held.check() == root.check());
        let news = stays.into_iter().chain(open.map(|_| RootNews::LiesOpen(key_file)));
        return Ok((root, news.collect()));
    }
    if !asked {
        return Ok((root, vec![]));
    }
    let new = LockedKey::of(Key::random(ground.rng));
    match turn(ground, source, &root, &new) {
        Ok(()) => Ok((new, vec![RootNews::Replaced(source.clone())])),
        // The one there is opens everything: a wish that cannot be fulfilled is no reason not to serve.
        Err(Failed::Unbegun(error)) => {
            unmark(ground.folder);
            Ok((root, vec![RootNews::NotReplaced(error.to_string())]))
        }
        Err(Failed::Amid(error)) => Err(error),
    }
}

/// Why a turn failed.
enum Failed {
    /// Nothing of it is left: everything is as it was.
    Unbegun(KeeperError),
    /// The next start finishes it or takes it back.
    Amid(KeeperError),
}

impl Failed {
    fn why(self) -> KeeperError {
        match self {
            Self::Unbegun(error) | Self::Amid(error) => error,
        }
    }
}

fn turn(ground: &mut Ground<'_>, source: &RootSource, before: &Key, root: &Key) -> Result<(), Failed> {
    let place = (ground.folder, ground.store);
    let turn = Turn::prepare(place, (before, root), (source, ground.handed), ground.rng);
    let turn = turn.map_err(|error| Failed::Unbegun(error.into()))?;
    (ground.watch)(Moment::Before(source)).map_err(Failed::Amid)?;
    for step in Step::ALL {
        turn.perform(step).map_err(|error| match step {
            Step::WriteNew => Failed::Unbegun(error),
            _ => Failed::Amid(error),
        })?;
        (ground.watch)(Moment::After(step)).map_err(Failed::Amid)?;
    }
    Ok(())
}

/// Leaves a note of which credential is meant, for whoever starts without saying so.
fn note(ground: &Ground<'_>, root: &Key) -> Result<(), RootError> {
    let path = Place::Credential.file(ground.folder);
    if Place::Credential.read(&path)?.is_some_and(|held| held.check() == root.check()) {
        return Ok(());
    }
    let written = place::written(root, &RootSource::Credential, ground.handed, ground.rng)?;
    file::replace(&path, &written).map_err(|error| RootError::Disk { path, error })
}

fn open(path: &Path, sealed: &Sealed, source: &RootSource, handed: &Unsealing) -> Result<Key, RootError> {
    unwrap(path, sealed, source, handed)?.map_err(|error| closed(path, source, error))
}

fn unwrap(
    path: &Path,
    sealed: &Sealed,
    source: &RootSource,
    handed: &Unsealing,
) -> Result<Result<Key, WrapError>, RootError> {
    let damaged = || RootError::Damaged { path: path.to_owned() };
    let wrapper = wrapper_of(source, handed)?.ok_or_else(damaged)?;
    Ok(sealed.open(&*wrapper))
}

fn closed(path: &Path, source: &RootSource, error: WrapError) -> RootError {
    match (error, source) {
        (WrapError::Unavailable(why), _) => RootError::Unavailable { why },
        (WrapError::Refused, RootSource::Passphrase) => RootError::WrongPassphrase { path: path.to_owned() },
        (error, source) => RootError::Closed {
            path: path.to_owned(),
            source_of_root: source.to_string(),
            why: error.to_string(),
        },
    }
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
