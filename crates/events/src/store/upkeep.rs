//! The worker's part: closed journal files become segments, small segments become large ones, and what nobody
//! can want any more is deleted. One process does it; whatever moment it is killed at, nothing is lost, doubled
//! or reordered, because only the catalog says what is served and it changes in one transaction.

mod absorb;
mod collect;
mod erase;
mod expire;
mod merge;
mod months;
mod output;
mod seal_old;

use std::sync::Arc;

use domain::{Clock, Rng, Timestamp};
use sealing::Seals;

use super::{Disk, StoreError};
use crate::catalog::{Catalog, SegmentId, Snapshot};

pub use erase::{Erasing, Erasure};

/// Whether a duty found something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It did a piece of work; there may be more.
    Made,
    /// There was nothing to do.
    Idle,
}

/// When segments are merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// When it pays: each event is rewritten a few times in its life.
    Gradual,
    /// Until nothing is left to merge: each month becomes as few segments as it can.
    Complete,
}

/// The same data directory, opened for each duty under its own name.
#[derive(Clone)]
pub struct Disks {
    /// Journal files become segments.
    pub absorbing: Disk,
    /// Segments become larger ones.
    pub merging: Disk,
    /// What rests unsealed is sealed.
    pub sealing_old: Disk,
    /// Visitors are erased.
    pub erasing: Disk,
    /// What is older than its site keeps goes.
    pub expiring: Disk,
}

/// Does the worker's duties over the events of one data directory.
pub struct Upkeep {
    /// Opened to absorb, to merge, and to seal what is not.
    disk: Disk,
    merging: Disk,
    sealing_old: Disk,
    erasing: Disk,
    expiring: Disk,
    seals: Seals,
    catalog: Arc<dyn Catalog>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    stop: Box<dyn Fn() -> bool + Send>,
    /// On which segments are written anew.
    threads: usize,
}

impl Upkeep {
    /// What is written is sealed as `seals` says. `stop` is asked between steps; once it says yes, a duty ends at once
    /// with [`StoreError::Stopped`], which is as safe as killing it.
    pub fn new(
        disks: Disks,
        seals: Seals,
        catalog: Arc<dyn Catalog>,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        stop: impl Fn() -> bool + Send + 'static,
    ) -> Self {
        let Disks { absorbing: disk, merging, sealing_old, erasing, expiring } = disks;
        let stop = Box::new(stop);
        Self { disk, merging, sealing_old, erasing, expiring, seals, catalog, clock, rng, stop, threads: 1 }
    }

    /// The same where an erasure may use so many threads at once.
    #[must_use]
    pub fn on_threads(self, threads: usize) -> Self {
        Self { threads: threads.max(1), ..self }
    }

    /// Between two steps: the place to stop at.
    fn step(&self) -> Result<(), StoreError> {
        if (self.stop)() { Err(StoreError::Stopped) } else { Ok(()) }
    }

    fn snapshot(&self) -> Result<Snapshot, StoreError> {
        Ok(self.catalog.snapshot()?)
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn new_id(&self) -> SegmentId {
        SegmentId(self.rng.next_u128())
    }
}
