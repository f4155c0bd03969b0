//! The events of every site, read as one consistent view: live segments and the journal's tail.
//!
//! The catalog is asked first and then the journal's files that are not absorbed in it; when the catalog has
//! changed meanwhile, or a file has vanished, both are asked again. So every acknowledged event is in a view
//! exactly once, whatever the worker does at the time.
//!
//! For a site nothing of another site is opened.

mod cache;
mod disk;
mod export;
mod held;
mod load;
mod resting;
mod state;
mod sweep;
mod upkeep;
mod view;
mod visitor;

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Event, SiteId, Timestamp};
use sealing::{OpenError, Opener, ReadError};

use crate::catalog::{Bucket, Catalog, CatalogError, Kept, ReasonCount};
use crate::query::Range;
use crate::rows::{Column, VisitorKey, merge_order, read_event};
use crate::segments::SegmentError;
use crate::tail::Followed;
use state::State;

pub use disk::Disk;
pub use export::{Belongings, Export};
pub use resting::{ByVersion, Resting};
pub use upkeep::{Disks, Erasing, Erasure, Pace, Progress, Upkeep};
pub(crate) use view::View;
pub use visitor::OfVisitors;

/// How often a view is begun again because segments and journal changed under it.
const ATTEMPTS_MAX: usize = 100;

/// Why events could not be read or kept up.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A folder or a journal file.
    #[error("the disk failed: {0}")]
    Disk(#[from] io::Error),
    /// The list of live segments.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// A segment's file.
    #[error(transparent)]
    Segment(#[from] SegmentError),
    /// The keeper does not open it.
    #[error(transparent)]
    Closed(#[from] OpenError),
    /// A journal file that this Candor cannot read.
    #[error("journal file {0}: {1}")]
    Journal(u64, String),
    /// Damage put acknowledged events out of reach.
    #[error(
        "{path} was put aside as damaged, and events in it are lost: what would be given is not all; move the file \
         elsewhere to have the rest", path = .0.display()
    )]
    PutAside(std::path::PathBuf),
    /// The catalog and the journal changed faster than they could be read.
    #[error("the events change faster than they can be read")]
    Unsteady,
    /// A duty was asked to stop.
    #[error("stopped")]
    Stopped,
}

impl StoreError {
    /// Why the keeper does not open something, where that is why it could not be read.
    pub const fn closed(&self) -> Option<&OpenError> {
        match self {
            Self::Closed(error) | Self::Segment(SegmentError::Object(ReadError::Closed { error, .. })) => {
                Some(error)
            }
            _ => None,
        }
    }
}

/// Reads the events of one data directory, by what one opener opens. Cheap to clone and to share between threads.
#[derive(Clone)]
pub struct Store {
    disk: Disk,
    shared: Arc<Shared>,
}

/// What all handles of a store have in common.
struct Shared {
    catalog: Arc<dyn Catalog>,
    state: Mutex<State>,
    /// Held while columns are decoded, so that two reports do not decode the same ones side by side.
    loading: Mutex<()>,
    threads: usize,
    rows_decoded: AtomicU64,
}

impl Store {
    /// A store that holds decoded columns within `cache_bytes`, and decodes on `threads` threads.
    pub fn new(disk: Disk, catalog: Arc<dyn Catalog>, cache_bytes: usize, threads: usize) -> Self {
        let shared = Shared {
            catalog,
            state: Mutex::new(State::new(cache_bytes)),
            loading: Mutex::default(),
            threads: threads.max(1),
            rows_decoded: AtomicU64::new(0),
        };
        Self { disk, shared: Arc::new(shared) }
    }

    /// The same store for somebody else: what must be opened for them `opener` opens.
    ///
    /// What is in memory is shared, and nobody is asked again about it. Whoever asks about a site here must have been found
    /// to be allowed to see it, and what they are not allowed to see any more must be let go of
    /// ([`Self::keep_only_sites`]).
    #[must_use]
    pub fn opened_by(&self, opener: Arc<dyn Opener>) -> Self {
        Self { disk: self.disk.opened_by(opener), shared: self.shared.clone() }
    }

    /// Lets go of everything in memory of the sites that may not stay, the keys of their journal files included. The next
    /// who asks about one has it opened anew; a report that has begun is still given, and leaves nothing behind.
    pub fn keep_only_sites(&self, may_stay: impl Fn(SiteId) -> bool) {
        self.lock().keep_only_sites(may_stay);
    }

    /// The rows of `site` in whole runs that overlap `range`, of one moment, with `columns`.
    ///
    /// It fails rather than leave out a run that cannot be read.
    pub(crate) fn view(
        &self,
        site: SiteId,
        range: Range,
        columns: &[Column],
        kept: Kept,
    ) -> Result<View, StoreError> {
        self.view_of(Bucket::ALL, site, range, columns, kept)
    }

    /// The same of some visitors, without the runs that hold none of them.
    pub(crate) fn view_of(
        &self,
        whose: Bucket,
        site: SiteId,
        range: Range,
        columns: &[Column],
        kept: Kept,
    ) -> Result<View, StoreError> {
        for _ in 0..ATTEMPTS_MAX {
            let mut state = self.follow(site)?;
            let begun = state.begin_view(site, range, columns, kept, whose);
            drop(state);
            match self.load(&begun) {
                Ok(loaded) => return Ok(self.finish_view(begun, loaded)),
                // Merged and collected since the catalog was asked.
                Err(SegmentError::Object(ReadError::Store { error, .. }))
                    if error.kind() == io::ErrorKind::NotFound =>
                {
                    if self.shared.catalog.version()? == begun.version {
                        return Err(StoreError::Disk(error));
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Unsteady)
    }

    /// Calls `emit` with every event of `site` in `range`, in order of (visitor, time, arrival).
    pub fn export(
        &self,
        site: SiteId,
        range: Range,
        kept: Kept,
        emit: &mut dyn FnMut(Event),
    ) -> Result<(), StoreError> {
        let view = self.view(site, range, &Column::ALL, kept)?;
        let spines: Vec<_> = view.runs.iter().map(|run| &*run.spine).collect();
        let order = merge_order(&spines, &(VisitorKey(0)..=VisitorKey(u128::MAX)));
        for (run, row) in order.from {
            let (run, row) = (&view.runs[run as usize], row as usize);
            let at = run.spine.at(row);
            if range.start <= at && at < range.end {
                emit(read_event(run, &view.dictionaries, row));
            }
        }
        Ok(())
    }

    /// How many rows of `site` lie in whole runs that overlap `range`, at most.
    pub(crate) fn rows_near(&self, site: SiteId, range: Range, kept: Kept) -> Result<u64, StoreError> {
        let state = self.follow(site)?;
        let live = state.segments(site, kept);
        let live = live.filter(|segment| segment.first < range.end && segment.last >= range.start);
        let absorbed: u64 = live.map(|segment| u64::from(segment.rows)).sum();
        Ok(absorbed + state.waiting(site, kept).map(|waiting| waiting.run.spine.rows() as u64).sum::<u64>())
    }

    /// A number that changes when something of `site` was committed. Cheap: meant to be asked several times a second.
    pub fn arrived(&self, site: SiteId) -> Result<u64, StoreError> {
        let state = self.follow(site)?;
        let live = state.snapshot.segments.iter().filter(|segment| segment.site == site);
        let absorbed: u64 = live.map(|segment| u64::from(segment.rows)).sum();
        let kinds = [Kept::Counted, Kept::SetAside];
        let waiting = kinds.iter().flat_map(|kept| state.waiting(site, *kept));
        Ok(absorbed + waiting.map(|waiting| waiting.run.spine.rows() as u64).sum::<u64>())
    }

    /// How many rows of segments were decoded so far, of any number of columns each.
    pub fn rows_decoded(&self) -> u64 {
        self.shared.rows_decoded.load(Ordering::Relaxed)
    }

    /// How many sealed parts of segments and of the journal were opened so far, to be decoded.
    pub fn decryptions(&self) -> u64 {
        self.disk.ranges_opened() + self.lock().frames_opened()
    }

    /// When the first event of `site` that is in reports happened, if it has one.
    pub fn first_event(&self, site: SiteId) -> Result<Option<Timestamp>, StoreError> {
        let state = self.follow(site)?;
        let absorbed = state.segments(site, Kept::Counted).map(|segment| segment.first);
        let waiting = state.waiting(site, Kept::Counted).map(|waiting| waiting.first);
        Ok(absorbed.chain(waiting).min())
    }

    /// How many events of `site` are in no report and why, by UTC day from `since` on (days since 1970).
    pub fn counts(&self, site: SiteId, since: i64) -> Result<Vec<ReasonCount>, StoreError> {
        for _ in 0..ATTEMPTS_MAX {
            let state = self.follow(site)?;
            let waiting = state.waiting_counts(site).filter(|count| count.utc_day >= since);
            let mut counts: Vec<ReasonCount> = waiting.collect();
            let version = state.snapshot.version;
            drop(state);
            let absorbed = self.shared.catalog.counts(site, since)?;
            if self.shared.catalog.version()? == version {
                counts.extend(absorbed);
                return Ok(added_up(counts));
            }
        }
        Err(StoreError::Unsteady)
    }

    /// Does `read` again where what it reads was replaced and deleted meanwhile.
    fn steadily<T>(&self, read: impl Fn() -> Result<T, StoreError>) -> Result<T, StoreError> {
        for _ in 0..ATTEMPTS_MAX {
            let version = self.shared.catalog.version()?;
            match read() {
                Err(StoreError::Segment(SegmentError::Object(ReadError::Store { error, .. })))
                    if error.kind() == io::ErrorKind::NotFound =>
                {
                    if self.shared.catalog.version()? == version {
                        return Err(StoreError::Disk(error));
                    }
                }
                done => return done,
            }
        }
        Err(StoreError::Unsteady)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings snapshot and the tail of `site` to one and the same moment.
    fn follow(&self, site: SiteId) -> Result<MutexGuard<'_, State>, StoreError> {
        let (catalog, journal) = (&self.shared.catalog, &self.disk.journal);
        let mut state = self.lock();
        state.make_room(site);
        for _ in 0..ATTEMPTS_MAX {
            let changed = catalog.version()? != state.snapshot.version;
            if changed {
                state.take_snapshot(catalog.snapshot()?);
            }
            let mut numbers = journal.numbers()?;
            numbers.retain(|number| !state.snapshot.absorbed.contains(number));
            if changed {
                state.keep_journal_files(&numbers);
            }
            let aliases = state.follow_aliases(site, || catalog.aliases(site))?;
            let followed = state.read_on(site, (journal, &numbers), self.disk.opener())?;
            // A file that was absorbed and deleted before it was listed shows in the version alone.
            if followed == Followed::All && aliases && catalog.version()? == state.snapshot.version {
                return Ok(state);
            }
        }
        Err(StoreError::Unsteady)
    }
}

fn added_up(counts: Vec<ReasonCount>) -> Vec<ReasonCount> {
    let mut sums: std::collections::BTreeMap<_, ReasonCount> = std::collections::BTreeMap::new();
    for count in counts {
        sums.entry((count.utc_day, count.reason)).and_modify(|sum| sum.count += count.count).or_insert(count);
    }
    sums.into_values().collect()
}

#[cfg(test)]
mod tests;
