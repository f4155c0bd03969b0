//! Recordings as they are kept: objects, each a part of one recording with an index of what is in it. What there is, the
//! ledger says, and it changes in one transaction; so whatever moment the worker is killed at, nothing that was acknowledged
//! is lost or doubled, and what is in no ledger is garbage.

mod contents;
mod index;
mod learn;
mod ledger;
mod objects;
mod part;
mod settle;
mod take_in;
mod traces;

use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{Clock, Rng, Timestamp};
use sealing::{OpenError, ReadError, Seals};

pub use contents::{Contents, Totals};
pub use index::{Gap, Index, IndexedPage, Scene};
pub use ledger::{Change, Found, Learned, Ledger, LedgerError, Lesson, Part, Taken, Whose};
pub use objects::{OpenScene, Recordings};
pub use traces::TraceCost;

use crate::size::Size;
use crate::spool::SpoolFolder;

/// A recording is over when nothing came of it for so long: a tab makes another after half an hour without anything.
const OVER_AFTER: Duration = Duration::from_secs(35 * 60);

/// Whether a duty found something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It did a piece of work; there may be more.
    Made,
    /// There was nothing to do.
    Idle,
}

/// Why recordings were not read or tidied.
#[derive(Debug, thiserror::Error)]
pub enum RecordingsError {
    /// The disk.
    #[error("the disk failed")]
    Disk(#[from] io::Error),
    /// An object was not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The keeper gave no key.
    #[error(transparent)]
    Closed(#[from] OpenError),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Something is not what was stored.
    #[error("{0} is damaged")]
    Damaged(String),
    /// A spooled file that this Candor does not read.
    #[error("spooled file {0}: {1}")]
    Spool(String, String),
    /// It was asked to stop.
    #[error("stopped")]
    Stopped,
}

impl RecordingsError {
    /// Whether an object is not there: it may have been replaced by another.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Read(ReadError::Store { error, .. }) if error.kind() == io::ErrorKind::NotFound)
    }

    /// Whether it is about one recording, and tells nothing of others.
    pub const fn is_of_one(&self) -> bool {
        match self {
            Self::Damaged(_) | Self::Read(ReadError::Damaged { .. } | ReadError::Store { .. }) => true,
            Self::Read(ReadError::Closed { error, .. }) => {
                matches!(error, OpenError::Destroyed(_) | OpenError::Refused(..))
            }
            _ => false,
        }
    }

    /// Why the keeper gave no key, where that is the reason.
    pub const fn closed(&self) -> Option<&OpenError> {
        match self {
            Self::Closed(error) | Self::Read(ReadError::Closed { error, .. }) => Some(error),
            _ => None,
        }
    }
}

/// Does the worker's duties over the recordings of one data directory.
pub struct Upkeep {
    spool: SpoolFolder,
    recordings: Recordings,
    seals: Seals,
    ledger: Arc<dyn Ledger>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    stop: Box<dyn Fn() -> bool + Send>,
    /// Of one recording.
    limit: Size,
    /// What cannot be put together.
    passed_over: Mutex<BTreeSet<Whose>>,
}

impl Upkeep {
    /// What is written is sealed as `seals` says. `stop` is asked between steps; once it says yes, a duty ends at once with
    /// [`RecordingsError::Stopped`], which is as safe as killing it.
    pub fn new(
        spool: SpoolFolder,
        recordings: Recordings,
        seals: Seals,
        ledger: Arc<dyn Ledger>,
        (clock, rng): (Arc<dyn Clock>, Arc<dyn Rng>),
        stop: impl Fn() -> bool + Send + 'static,
    ) -> Self {
        let (stop, passed_over) = (Box::new(stop), Mutex::default());
        let limit = Size::OF_RECORDING_MAX;
        Self { spool, recordings, seals, ledger, clock, rng, stop, limit, passed_over }
    }

    /// The same where recordings may not become as large.
    #[cfg(test)]
    pub(crate) fn limited(self, limit: Size) -> Self {
        Self { limit, ..self }
    }

    /// Lets go of recordings whose time is over, and deletes objects that are in no ledger: what was removed, and what was
    /// being made when a worker was killed.
    ///
    /// # Errors
    /// [`RecordingsError`].
    pub fn collect(&self) -> Result<Progress, RecordingsError> {
        let expired = self.ledger.expire(self.now())?;
        self.recordings.delete_unfinished()?;
        let known = self.ledger.objects()?;
        for object in self.recordings.stored()? {
            if !known.contains(&object.name) {
                self.step()?;
                self.recordings.delete(&object)?;
            }
        }
        Ok(if expired > 0 { Progress::Made } else { Progress::Idle })
    }

    /// The spooled files that there are, by their names: closed or still written to.
    ///
    /// # Errors
    /// What the file system says.
    pub fn spooled_files(&self) -> Result<Vec<String>, RecordingsError> {
        Ok(self.spool.names()?)
    }

    /// Between two steps: the place to stop at.
    fn step(&self) -> Result<(), RecordingsError> {
        if (self.stop)() { Err(RecordingsError::Stopped) } else { Ok(()) }
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What ended before then is over.
    fn over(&self) -> Timestamp {
        self.now() - OVER_AFTER
    }
}

#[cfg(test)]
mod tests;
