//! The journal's tail of one site: events that are durable but not yet in segments, kept as sorted runs in memory.
//!
//! A file is read on from where it was left. Frames of other sites are checked like all others, stepped over, and never
//! opened. A new event makes a run of its own, and small runs are merged into their neighbours as they gather, so that one
//! event more costs the same however long the tail is.
//!
//! Whoever asks opens what is new; what was read stays read. Where a key is not given the tail is as it was before, for the
//! next who asks.

mod file;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Arc;

use domain::{SiteId, Timestamp};
use sealing::{OpenError, Opener};

use crate::catalog::{Kept, ReasonCount};
use crate::dictionary::Dictionaries;
use crate::journal::JournalFolder;
use crate::rows::Run;
use file::TailFile;

/// The texts of a site, which its tail shares with its segments.
pub(crate) type Texts = BTreeMap<Kept, Arc<Dictionaries>>;

/// A run of the tail and its earliest and latest time.
#[derive(Clone, Debug)]
pub(crate) struct TailRun {
    pub(crate) run: Run,
    pub(crate) first: Timestamp,
    pub(crate) last: Timestamp,
}

/// What a site has in the journal files that are not absorbed.
#[derive(Debug, Default)]
pub(crate) struct Tail {
    files: BTreeMap<u64, TailFile>,
}

/// What a tail is read with.
pub(crate) struct Reading<'a> {
    /// Whose tail it is.
    pub(crate) site: SiteId,
    pub(crate) folder: &'a JournalFolder,
    pub(crate) opener: &'a dyn Opener,
    pub(crate) texts: &'a mut Texts,
    pub(crate) noted: &'a mut Noted,
}

/// What is noted of all tails of a store together.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    /// How many sealed frames were opened so far.
    pub(crate) frames_opened: u64,
    /// Files of which damage was told, and whose the damage is where that is known.
    told: BTreeSet<(u64, Option<SiteId>)>,
}

impl Noted {
    fn tell_damage(&mut self, path: &Path, number: u64, of: Option<SiteId>, what: &str) {
        if self.told.insert((number, of)) {
            tracing::error!(path = %path.display(), what, "a journal file is damaged; what is damaged is not served");
        }
    }

    /// Forgets files that are not among `numbers`.
    pub(crate) fn keep_only(&mut self, numbers: &[u64]) {
        self.told.retain(|(number, _)| numbers.contains(number));
    }
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
        numbers: &[u64],
        reading: &mut Reading<'_>,
    ) -> Result<Followed, TailError> {
        self.keep_only(numbers);
        for &number in numbers {
            match self.files.entry(number).or_default().read_on(number, reading) {
                Err(TailError::Disk(error)) if error.kind() == ErrorKind::NotFound => {
                    return Ok(Followed::Vanished);
                }
                read => read?,
            }
        }
        Ok(Followed::All)
    }

    /// Lets go of the files that are not among `numbers`.
    pub(crate) fn keep_only(&mut self, numbers: &[u64]) {
        self.files.retain(|number, _| numbers.contains(number));
    }

    /// The runs, in ascending order of arrival.
    pub(crate) fn runs(&self, kept: Kept) -> impl Iterator<Item = &TailRun> {
        self.files.values().flat_map(move |file| file.runs(kept))
    }

    /// The number of a file of which something is damaged that is the site's or may be, if there is one.
    pub(crate) fn damaged(&self) -> Option<u64> {
        self.files.iter().find(|(_, file)| file.is_damaged()).map(|(number, _)| *number)
    }

    /// The counts, of the site that is named in them.
    pub(crate) fn counts(&self, site: SiteId) -> impl Iterator<Item = ReasonCount> {
        self.files.values().flat_map(move |file| file.counts(site))
    }

    /// Bytes it occupies.
    pub(crate) fn bytes(&self) -> usize {
        self.files.values().map(TailFile::bytes).sum()
    }
}
