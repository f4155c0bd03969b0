//! Groups: one thread makes durable whatever has gathered, and begins again as soon as the last sync ends.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use domain::{Clock, Rng};

use super::folder::SpoolFolder;
use super::writer::{SpoolError, SpoolLimits, Writer};
use crate::chunk::SealedChunk;

/// Bytes that may wait; beyond them the caller is told that the spool is busy.
const WAITING_BYTES_MAX: usize = 64 << 20;

/// Bytes of a group, but for the chunk that reaches it: a file is not much larger than it may be.
const GROUP_BYTES: usize = 8 << 20;

/// Called once, on the spool's thread, when a chunk is durable or has failed. Must not block.
pub type Done = Box<dyn FnOnce(Result<(), SpoolError>) + Send>;

/// Called once, on the spool's thread, when no file is open that was begun before. Must not block.
pub type Closed = Box<dyn FnOnce() + Send>;

/// More waits than the spool can hold; try again later.
#[derive(Debug, thiserror::Error)]
#[error("the spool is busy")]
pub struct Busy;

/// Takes sealed chunks from any thread and makes them durable. Dropping it commits what waits and closes the file.
pub struct Spool {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    filled: Condvar,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<(SealedChunk, Done)>,
    bytes: usize,
    /// Who waits for the file to be closed.
    rolls: Vec<Closed>,
    closing: bool,
}

impl Queue {
    fn take_group(&mut self) -> VecDeque<(SealedChunk, Done)> {
        let (mut group, mut bytes) = (VecDeque::new(), 0);
        while let Some((chunk, done)) = self.waiting.pop_front() {
            bytes += chunk.bytes();
            group.push_back((chunk, done));
            if bytes >= GROUP_BYTES {
                break;
            }
        }
        self.bytes -= bytes;
        group
    }
}

impl Spool {
    /// Starts the thread that writes to `folder`.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn start(
        folder: SpoolFolder,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        limits: SpoolLimits,
    ) -> std::io::Result<Self> {
        let shared = Arc::<Shared>::default();
        let writer = Writer::new(folder, clock, rng, limits);
        let thread = std::thread::Builder::new().name("spool".into()).spawn({
            let shared = shared.clone();
            move || shared.run(writer)
        })?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Hands over a chunk. On [`Busy`] `done` is never called.
    ///
    /// # Errors
    /// [`Busy`] alone.
    pub fn submit(&self, chunk: SealedChunk, done: Done) -> Result<(), Busy> {
        let mut queue = self.shared.lock();
        if queue.bytes + chunk.bytes() > WAITING_BYTES_MAX {
            return Err(Busy);
        }
        queue.bytes += chunk.bytes();
        queue.waiting.push_back((chunk, done));
        drop(queue);
        self.shared.filled.notify_one();
        Ok(())
    }

    /// Closes the file that is written to, so that it can be taken in; what is submitted after it goes to another.
    pub fn roll(&self, closed: Closed) {
        self.shared.lock().rolls.push(closed);
        self.shared.filled.notify_one();
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        self.shared.lock().closing = true;
        self.shared.filled.notify_one();
        if let Some(thread) = self.thread.take() {
            thread.join().expect("a panic in it ends the process");
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, mut writer: Writer) {
        let _guard = EndTogether;
        let mut full = false;
        while let Some(group) = self.gather(&mut writer) {
            let outcome = writer.commit(group.iter().map(|(chunk, _)| chunk));
            if outcome.is_err() != std::mem::replace(&mut full, outcome.is_err()) {
                match &outcome {
                    Ok(()) => tracing::info!("the spool takes chunks again"),
                    Err(error) => tracing::error!(%error, "recordings are refused until the disk takes them"),
                }
            }
            for (_, done) in group {
                done(outcome.clone());
            }
        }
    }

    /// Waits for chunks, closing the file meanwhile when its time has come. `None` when all is done.
    fn gather(&self, writer: &mut Writer) -> Option<VecDeque<(SealedChunk, Done)>> {
        let mut queue = self.lock();
        loop {
            if !queue.rolls.is_empty() {
                let rolls = std::mem::take(&mut queue.rolls);
                drop(queue);
                writer.close();
                rolls.into_iter().for_each(|closed| closed());
                queue = self.lock();
                continue;
            }
            if !queue.waiting.is_empty() {
                return Some(queue.take_group());
            }
            if queue.closing {
                return None;
            }
            queue = match writer.due_in() {
                None => self.filled.wait(queue).unwrap_or_else(PoisonError::into_inner),
                Some(patience) => {
                    self.filled.wait_timeout(queue, patience).unwrap_or_else(PoisonError::into_inner).0
                }
            };
            writer.close_when_due();
        }
    }
}

/// Should the thread panic, the process ends, so that a new one takes its place.
struct EndTogether;

impl Drop for EndTogether {
    fn drop(&mut self) {
        if std::thread::panicking() {
            std::process::abort();
        }
    }
}
