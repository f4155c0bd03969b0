//! The one writer of a journal file: a commit is one write and one sync, or it has not happened.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::Duration;

use domain::{Clock, Event, SiteId, Timestamp};
use sealing::Seals;

use super::files::{Files, OpenFile, write_all};
use super::frame::{FrameRef, Position, RefusedCount, write_frame, write_header};
use super::seal::{Chains, format};

/// A commit did not happen; nothing of it will be served or may be acknowledged.
#[derive(Debug, thiserror::Error)]
#[error("the journal takes no events: {0}")]
pub struct CommitError(#[source] Arc<io::Error>);

impl Clone for CommitError {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// When a journal file is closed, so that it can be absorbed.
#[derive(Clone, Copy, Debug)]
pub struct JournalLimits {
    /// A file of this size takes no more commits.
    pub bytes: u64,
    /// A file this long after its first commit takes no more commits.
    pub age: Duration,
}

impl Default for JournalLimits {
    fn default() -> Self {
        Self { bytes: 16 << 20, age: Duration::from_secs(5 * 60) }
    }
}

/// What one commit adds, by site.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(super) sites: BTreeMap<SiteId, SiteBatch>,
}

#[derive(Debug, Default)]
#[expect(clippy::vec_box, reason = "events come boxed from their submission and are not moved again")]
pub(super) struct SiteBatch {
    pub(super) events: Vec<Box<Event>>,
    pub(super) refused: Vec<RefusedCount>,
}

impl Batch {
    /// Adds an event of `site`.
    pub(crate) fn add_event(&mut self, site: SiteId, event: Box<Event>) {
        self.sites.entry(site).or_default().events.push(event);
    }

    /// Counts an event that is not kept.
    pub(crate) fn add_refusal(&mut self, site: SiteId, refused: RefusedCount) {
        let counts = &mut self.sites.entry(site).or_default().refused;
        let same =
            |count: &&mut RefusedCount| count.refusal == refused.refusal && count.utc_day == refused.utc_day;
        match counts.iter_mut().find(same) {
            Some(counted) => counted.count += refused.count,
            None => counts.push(refused),
        }
    }
}

/// Writes one journal file after another.
pub(crate) struct Writer {
    files: Box<dyn Files>,
    clock: Arc<dyn Clock>,
    limits: JournalLimits,
    seals: Seals,
    active: Option<Active>,
    /// The bytes of a commit, kept for their room.
    bytes: Vec<u8>,
}

struct Active {
    number: u64,
    file: Box<dyn OpenFile>,
    chains: Chains,
    good: Position,
    since: Timestamp,
}

impl Writer {
    pub(crate) fn new(
        files: Box<dyn Files>,
        clock: Arc<dyn Clock>,
        limits: JournalLimits,
        seals: Seals,
    ) -> Self {
        Self { files, clock, limits, seals, active: None, bytes: Vec::new() }
    }

    /// Makes `batch` durable, whole or not at all. After an error the file is as it was, or closed.
    pub(crate) fn commit(&mut self, batch: &Batch) -> Result<(), CommitError> {
        self.write(batch).map_err(|error| CommitError(Arc::new(error)))?;
        self.close_when_due();
        Ok(())
    }

    fn write(&mut self, batch: &Batch) -> io::Result<()> {
        let mut active = match self.active.take() {
            Some(active) => active,
            None => self.open()?,
        };
        self.bytes.clear();
        let mut chain = active.good.chain;
        for (site, added) in &batch.sites {
            let frame = FrameRef { events: &added.events, refused: &added.refused };
            let place = (active.number, *site);
            chain = write_frame(&mut self.bytes, chain, *site, |bytes| {
                active.chains.write(&self.seals, place, &frame, bytes)
            })?;
        }
        let written = write_all(&mut *active.file, &self.bytes, active.good.offset);
        if let Err(error) = written.and_then(|()| active.file.sync()) {
            // The file is cut back and closed. The kernel may have forgotten what it failed to write, so that no later
            // sync of it proves anything; and what it may have written was sealed under a key that must not seal
            // anything else.
            if let Err(error) = active.file.truncate(active.good.offset) {
                tracing::warn!(%error, "a journal file could not be cut back after a failed commit");
            }
            return Err(error);
        }
        batch.sites.keys().for_each(|site| active.chains.advance(*site));
        active.good = Position { offset: active.good.offset + self.bytes.len() as u64, chain };
        self.active = Some(active);
        Ok(())
    }

    fn open(&self) -> io::Result<Active> {
        let mut number = self.files.highest()? + 1;
        loop {
            let (header, good) = write_header(number, format(&self.seals));
            match self.files.create(number, &header) {
                Ok(file) => {
                    let (chains, since) = (Chains::default(), self.clock.now());
                    return Ok(Active { number, file, chains, good, since });
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// Whether the disk has room for more commits.
    pub(crate) fn has_room(&self) -> bool {
        self.files.probe().is_ok()
    }

    /// How long the active file may still be written: `None` when there is none.
    pub(crate) fn due_in(&self) -> Option<Duration> {
        let active = self.active.as_ref()?;
        let age = u64::try_from(self.clock.now().since(active.since)).unwrap_or_default();
        Some(self.limits.age.saturating_sub(Duration::from_millis(age)))
    }

    /// Closes the active file.
    pub(crate) fn close(&mut self) {
        self.active = None;
    }

    /// Closes the active file when it is old or large enough.
    pub(crate) fn close_when_due(&mut self) {
        let large = self.active.as_ref().is_some_and(|active| active.good.offset >= self.limits.bytes);
        if large || self.due_in() == Some(Duration::ZERO) {
            self.close();
        }
    }
}
