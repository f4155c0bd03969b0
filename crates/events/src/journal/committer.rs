//! Group commit: one thread makes durable whatever has gathered, and begins again as soon as the last sync ends, though no
//! sooner than [`COMMIT_EVERY`] after it began.
//!
//! Who comes after a quiet moment waits for no timer. Under load batches form by themselves while a sync runs, and where syncs
//! are fast, while the rest of that time passes.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use domain::{Clock, Event, Refusal, SiteId, Timestamp};
use sealing::Seals;

use super::files::{Files, JournalFolder};
use super::frame::RefusedCount;
use super::writer::{Batch, CommitError, JournalLimits, Writer};

/// Submissions that may wait; beyond it the caller is told that the journal is busy.
const WAITING_MAX: usize = 16_384;

/// How long after a commit the next one begins at the earliest. Much of what a commit costs is the same for one event and for
/// many, most of it in the kernel: on a disk that syncs fast, commits of a few events each would be a quarter of an event's CPU.
pub(super) const COMMIT_EVERY: Duration = Duration::from_millis(1);

/// How often a disk that was full is looked at while nobody sends anything.
const PROBE_EVERY: Duration = Duration::from_secs(1);

/// Called once, on the committer's thread, when a submission is durable or has failed. Must not block.
pub type Done = Box<dyn FnOnce(Result<(), CommitError>) + Send>;

/// Called once, on the committer's thread, when no file is open that was begun before. Must not block.
pub type Closed = Box<dyn FnOnce() + Send>;

/// Something to remember about a site.
#[derive(Debug)]
pub enum Entry {
    /// An event to keep.
    Event(Box<Event>),
    /// An event that is counted by its reason and not kept.
    Refused(Refusal, Timestamp),
}

/// More submissions wait than the journal can hold; try again later.
#[derive(Debug, thiserror::Error)]
#[error("the journal is busy")]
pub struct Busy;

/// Whether the disk takes events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// The last commit went through.
    Ok,
    /// The last commit failed. The next that succeeds heals it, and so does room that is found meanwhile.
    Full,
}

/// Takes events from any thread and makes them durable. Dropping it commits what waits and closes the file.
#[derive(Debug)]
pub struct Committer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    queue: Mutex<Queue>,
    filled: Condvar,
    full: AtomicBool,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Submission>,
    /// Who waits for the file to be closed.
    rolls: Vec<Closed>,
    closing: bool,
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queue").field("waiting", &self.waiting.len()).finish_non_exhaustive()
    }
}

struct Submission {
    entries: Vec<(SiteId, Entry)>,
    done: Done,
}

impl Committer {
    /// Starts the thread that writes to `folder`, sealed as `seals` says.
    pub fn start(
        folder: JournalFolder,
        clock: Arc<dyn Clock>,
        limits: JournalLimits,
        seals: Seals,
    ) -> std::io::Result<Self> {
        Self::start_on(Box::new(folder), clock, limits, seals)
    }

    pub(crate) fn start_on(
        files: Box<dyn Files>,
        clock: Arc<dyn Clock>,
        limits: JournalLimits,
        seals: Seals,
    ) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            filled: Condvar::new(),
            full: AtomicBool::new(false),
        });
        let writer = Writer::new(files, clock, limits, seals);
        let thread = std::thread::Builder::new().name("journal".into()).spawn({
            let shared = shared.clone();
            move || shared.run(writer)
        })?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Hands over `entries`, to be durable together or not at all. On [`Busy`] `done` is never called.
    pub fn submit(&self, entries: Vec<(SiteId, Entry)>, done: Done) -> Result<(), Busy> {
        let mut queue = self.shared.lock();
        if queue.waiting.len() >= WAITING_MAX {
            return Err(Busy);
        }
        queue.waiting.push_back(Submission { entries, done });
        let first = queue.waiting.len() == 1;
        drop(queue);
        // Later ones find the thread awake, or about to look.
        if first {
            self.shared.filled.notify_one();
        }
        Ok(())
    }

    /// Closes the file that is written to, so that it can be absorbed; what is submitted after it goes to another.
    pub fn roll(&self, closed: Closed) {
        self.shared.lock().rolls.push(closed);
        self.shared.filled.notify_one();
    }

    /// Whether the disk takes events.
    pub fn storage(&self) -> Storage {
        if self.shared.full.load(Ordering::Relaxed) { Storage::Full } else { Storage::Ok }
    }
}

impl Drop for Committer {
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
        let mut begun = None;
        while let Some(submissions) = self.gather(&mut writer, begun) {
            begun = Some(Instant::now());
            let (batch, waiting) = split(submissions);
            let outcome = writer.commit(&batch);
            self.note(outcome.as_ref().err());
            for done in waiting {
                done(outcome.clone());
            }
        }
    }

    /// Remembers whether the disk takes events, and says so when it changes.
    fn note(&self, failure: Option<&CommitError>) {
        if failure.is_some() == self.full.swap(failure.is_some(), Ordering::Relaxed) {
            return;
        }
        match failure {
            None => tracing::info!("the journal takes events again"),
            Some(error) => tracing::error!(%error, "events are refused until the disk takes them"),
        }
    }

    /// Waits for submissions, closing the file meanwhile when its time has come, and for its turn after the commit that was
    /// `begun` before. `None` when all is done.
    fn gather(&self, writer: &mut Writer, begun: Option<Instant>) -> Option<VecDeque<Submission>> {
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
                if let Some(left) = begun.and_then(|begun| COMMIT_EVERY.checked_sub(begun.elapsed())) {
                    drop(queue);
                    std::thread::sleep(left);
                    queue = self.lock();
                }
                return Some(std::mem::take(&mut queue.waiting));
            }
            if queue.closing {
                return None;
            }
            let full = self.full.load(Ordering::Relaxed);
            let patience = writer.due_in().into_iter().chain(full.then_some(PROBE_EVERY)).min();
            let Some(patience) = patience else {
                queue = self.filled.wait(queue).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let (waited, timeout) =
                self.filled.wait_timeout(queue, patience).unwrap_or_else(PoisonError::into_inner);
            if full && timeout.timed_out() && waited.waiting.is_empty() {
                // Not while others wait for the queue.
                drop(waited);
                if writer.has_room() {
                    self.note(None);
                }
                queue = self.lock();
            } else {
                queue = waited;
            }
            writer.close_when_due();
        }
    }
}

/// Without its journal a process is of no use: should the thread panic, the process ends, so that a new one takes
/// its place.
struct EndTogether;

impl Drop for EndTogether {
    fn drop(&mut self) {
        if std::thread::panicking() {
            std::process::abort();
        }
    }
}

fn split(submissions: VecDeque<Submission>) -> (Batch, Vec<Done>) {
    let mut batch = Batch::default();
    let mut waiting = Vec::with_capacity(submissions.len());
    for submission in submissions {
        for (site, entry) in submission.entries {
            match entry {
                Entry::Event(event) => batch.add_event(site, event),
                Entry::Refused(refusal, at) => {
                    batch.add_refusal(site, RefusedCount { refusal, utc_day: at.utc_day(), count: 1 });
                }
            }
        }
        waiting.push(submission.done);
    }
    (batch, waiting)
}
