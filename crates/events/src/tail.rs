//! The journal's tail: events that are durable but not yet in segments, kept as sorted runs in memory.
//!
//! A file is read on from where it was left. A new event makes a run of its own, and small runs are merged into
//! their neighbours as they gather, so that one event more costs the same however long the tail is.

mod file;

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::sync::Arc;

use domain::{SiteId, Timestamp};
use rustc_hash::FxHashMap;
use sealing::{OpenError, Opener};

use crate::catalog::{Kept, ReasonCount};
use crate::dictionary::Dictionaries;
use crate::journal::JournalFolder;
use crate::rows::Run;
use file::TailFile;

/// The texts of each site, which a tail shares with the site's segments.
pub(crate) type Texts = FxHashMap<(SiteId, Kept), Arc<Dictionaries>>;

/// A run of the tail and its earliest and latest time.
#[derive(Clone, Debug)]
pub(crate) struct TailRun {
    pub(crate) run: Run,
    pub(crate) first: Timestamp,
    pub(crate) last: Timestamp,
}

/// The journal files that are not absorbed.
#[derive(Debug, Default)]
pub(crate) struct Tail {
    files: BTreeMap<u64, TailFile>,
    frames_opened: u64,
}

/// Why a tail cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TailError {
    #[error(transparent)]
    Disk(#[from] io::Error),
    #[error(transparent)]
    Closed(#[from] OpenError),
}

/// Whether the tail is that of the files asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Followed {
    /// It is.
    All,
    /// A file was deleted meanwhile: what is absorbed must be asked again.
    Vanished,
}

impl Tail {
    /// Reads on in the files `numbers`, and lets go of all others.
    pub(crate) fn follow(
        &mut self,
        folder: &JournalFolder,
        numbers: &[u64],
        opener: &dyn Opener,
        texts: &mut Texts,
    ) -> Result<Followed, TailError> {
        self.files.retain(|number, _| numbers.contains(number));
        for number in numbers {
            let file = self.files.entry(*number).or_default();
            let read = file.read_on(&folder.path(*number), *number, opener, texts);
            self.frames_opened += file.take_frames_opened();
            match read {
                Ok(()) => {}
                Err(TailError::Disk(error)) if error.kind() == ErrorKind::NotFound => {
                    return Ok(Followed::Vanished);
                }
                Err(error) => {
                    // What was read of it stands on what was not: it is read again from its beginning.
                    *file = TailFile::default();
                    return Err(error);
                }
            }
        }
        Ok(Followed::All)
    }

    /// The runs of a site, in ascending order of arrival.
    pub(crate) fn runs(&self, site: SiteId, kept: Kept) -> impl Iterator<Item = &TailRun> {
        self.files.values().flat_map(move |file| file.runs(site, kept))
    }

    /// The number of a file of which something is damaged, if there is one.
    pub(crate) fn damaged(&self) -> Option<u64> {
        self.files.iter().find(|(_, file)| file.is_damaged()).map(|(number, _)| *number)
    }

    /// The counts of a site.
    pub(crate) fn counts(&self, site: SiteId) -> impl Iterator<Item = ReasonCount> {
        self.files.values().flat_map(move |file| file.counts(site))
    }

    /// How many sealed frames were opened so far.
    pub(crate) fn frames_opened(&self) -> u64 {
        self.frames_opened
    }

    /// Forgets everything; the files are read again from their beginning.
    pub(crate) fn forget(&mut self) {
        self.files.clear();
    }
}
