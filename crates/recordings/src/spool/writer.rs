//! The one writer of a spooled file: a group is one write and one sync, or it has not happened.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::time::Duration;

use domain::{Clock, Rng, Timestamp};

use super::folder::SpoolFolder;
use super::frame::{self, HEADER_BYTES};
use crate::chunk::SealedChunk;

/// A group was not spooled; nothing of it may be acknowledged.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the spool takes no chunks: {0}")]
pub struct SpoolError(#[source] Arc<io::Error>);

/// When a file is closed, so that it can be taken in.
#[derive(Clone, Copy, Debug)]
pub struct SpoolLimits {
    /// A file of this size takes no more groups.
    pub bytes: u64,
    /// A file this long after its first group takes no more.
    pub age: Duration,
}

impl Default for SpoolLimits {
    fn default() -> Self {
        Self { bytes: 16 << 20, age: Duration::from_secs(2) }
    }
}

/// Writes one file after another.
pub(super) struct Writer {
    folder: SpoolFolder,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    limits: SpoolLimits,
    active: Option<Active>,
    /// The bytes of a group, kept for their room.
    bytes: Vec<u8>,
}

struct Active {
    file: File,
    good: u64,
    since: Timestamp,
}

impl Writer {
    pub(super) fn new(
        folder: SpoolFolder,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        limits: SpoolLimits,
    ) -> Self {
        Self { folder, clock, rng, limits, active: None, bytes: Vec::new() }
    }

    /// Makes a group durable, whole or not at all. After an error the file is as it was, and closed.
    pub(super) fn commit<'a>(
        &mut self,
        group: impl Iterator<Item = &'a SealedChunk>,
    ) -> Result<(), SpoolError> {
        self.bytes.clear();
        group.for_each(|chunk| frame::write(&mut self.bytes, chunk));
        let written = self.write().map_err(|error| SpoolError(Arc::new(error)));
        self.close_when_due();
        written
    }

    fn write(&mut self) -> io::Result<()> {
        let mut active = match self.active.take() {
            Some(active) => active,
            None => self.open()?,
        };
        let written = active.file.write_all_at(&self.bytes, active.good);
        if let Err(error) = written.and_then(|()| active.file.sync_data()) {
            // Cut back and closed: the kernel may have forgotten what it failed to write, so that no later sync of it
            // proves anything.
            if let Err(error) = active.file.set_len(active.good) {
                tracing::warn!(%error, "a spooled file could not be cut back after a failed group");
            }
            return Err(error);
        }
        active.good += self.bytes.len() as u64;
        self.active = Some(active);
        Ok(())
    }

    fn open(&self) -> io::Result<Active> {
        let since = self.clock.now();
        Ok(Active { file: self.folder.create(since, &*self.rng)?, good: HEADER_BYTES as u64, since })
    }

    /// How long the active file may still be written: `None` when there is none.
    pub(super) fn due_in(&self) -> Option<Duration> {
        let active = self.active.as_ref()?;
        let age = u64::try_from(self.clock.now().since(active.since)).unwrap_or_default();
        Some(self.limits.age.saturating_sub(Duration::from_millis(age)))
    }

    /// Closes the active file.
    pub(super) fn close(&mut self) {
        self.active = None;
    }

    /// Closes the active file when it is old or large enough.
    pub(super) fn close_when_due(&mut self) {
        let large = self.active.as_ref().is_some_and(|active| active.good >= self.limits.bytes);
        if large || self.due_in() == Some(Duration::ZERO) {
            self.close();
        }
    }
}
