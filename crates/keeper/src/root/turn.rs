//! Turning the stored keys to another root key: when it comes from elsewhere from now on, and when it is replaced.
//!
//! At every moment one root key opens the stored keys, and lies where the next start finds it: the new one is written
//! down beside the old before anything is stored under it, and the old one is taken away only afterwards. A turn that
//! was killed is finished at the next start if the stored keys are under the new root key, and undone if they are not.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use domain::Rng;
use sealing::{Key, KeyCheck};
use zeroize::Zeroizing;

use super::place::Place;
use super::{RootError, RootNews, RootSource, Unsealing, place};
use crate::rewrap::rewrap;
use crate::{KeeperError, file};

/// A file of this name in the folder for keys asks for another root key at the next start.
pub(super) const MARKER: &str = "rotate-root";

/// A step of a turn. Each is whole or was not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The new root key is written down beside the old.
    WriteNew,
    /// The stored keys are under the new one. What comes before is undone by a next start, what comes after finished.
    Rewrap,
    /// What tells of a root key of another kind of source is taken away.
    RemoveOthers,
    /// What asked for the turn is taken away.
    RemoveMarker,
    /// The new root key takes the place of the old.
    TakePlace,
}

impl Step {
    pub(crate) const ALL: [Self; 5] =
        [Self::WriteNew, Self::Rewrap, Self::RemoveOthers, Self::RemoveMarker, Self::TakePlace];
}

/// A turn from one root key to another.
pub(super) struct Turn<'a> {
    folder: &'a Path,
    store: &'a Path,
    rng: &'a dyn Rng,
    place: Place,
    before: &'a Key,
    root: &'a Key,
    written: Zeroizing<Vec<u8>>,
}

impl<'a> Turn<'a> {
    /// Makes ready to turn what `store` holds from `before` to `root`, which comes from `source` from now on.
    pub(super) fn prepare(
        (folder, store): (&'a Path, &'a Path),
        (before, root): (&'a Key, &'a Key),
        (source, handed): (&RootSource, &Unsealing),
        rng: &'a dyn Rng,
    ) -> Result<Self, RootError> {
        refuse_strays(folder, before.check())?;
        let written = place::written(root, source, handed, rng)?;
        Ok(Self { folder, store, rng, place: Place::of(source), before, root, written })
    }

    pub(super) fn perform(&self, step: Step) -> Result<(), KeeperError> {
        let next = self.place.next_file(self.folder);
        match step {
            Step::WriteNew => file::replace(&next, &self.written).map_err(disk(&next))?,
            Step::Rewrap => rewrap(self.store, self.before, self.root, self.rng)?,
            Step::RemoveOthers => remove_others(self.folder, self.place)?,
            Step::RemoveMarker => remove(&self.folder.join(MARKER))?,
            Step::TakePlace => take_place(self.folder, self.place)?,
        }
        Ok(())
    }
}

/// Finishes or undoes a turn that was killed. `under` is which root key the stored keys are under.
pub(super) fn settle(folder: &Path, under: KeyCheck) -> Result<Option<RootNews>, RootError> {
    let mut news = None;
    for place in Place::ALL {
        let next = place.next_file(folder);
        // What was never finished was never used either.
        remove(&next.with_extension("making"))?;
        remove(&place.file(folder).with_extension("making"))?;
        match place.read(&next)? {
            Some(held) if held.check() == under => {
                remove_others(folder, place)?;
                remove(&folder.join(MARKER))?;
                take_place(folder, place)?;
                news = Some(RootNews::Finished);
            }
            Some(_) => {
                remove(&next)?;
                news = Some(RootNews::TakenBack);
            }
            None => {}
        }
    }
    Ok(news)
}

/// A root key that is not the one of the stored keys must not be deleted or written over: somebody put it there.
fn refuse_strays(folder: &Path, under: KeyCheck) -> Result<(), RootError> {
    for place in [Place::File, Place::Sealed] {
        let path = place.file(folder);
        if place.read(&path)?.is_some_and(|held| held.check() != under) {
            return Err(RootError::Stray { path });
        }
    }
    Ok(())
}

fn remove_others(folder: &Path, place: Place) -> Result<(), RootError> {
    Place::ALL.iter().filter(|other| **other != place).try_for_each(|other| remove(&other.file(folder)))
}

fn take_place(folder: &Path, place: Place) -> Result<(), RootError> {
    let (next, file) = (place.next_file(folder), place.file(folder));
    fs::rename(&next, &file).and_then(|()| file::sync_folder_of(&file)).map_err(disk(&file))
}

/// Deletes a file, if it is there. Durable when it returns.
pub(super) fn remove(path: &Path) -> Result<(), RootError> {
    match fs::remove_file(path) {
        Ok(()) => file::sync_folder_of(path).map_err(disk(path)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(disk(path)(error)),
    }
}

fn disk(path: &Path) -> impl FnOnce(std::io::Error) -> RootError {
    let path: PathBuf = path.to_owned();
    |error| RootError::Disk { path, error }
}

#[cfg(test)]
mod tests;
