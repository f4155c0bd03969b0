//! Fills a data directory: clean events go through the journal's own writer, as those of a bulk import do, and
//! the server that runs over the directory absorbs and merges them with the code that handles real traffic.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use domain::{ManualClock, SiteId};
use events::{CommitError, Committer, Entry, JournalFolder, JournalLimits};
use sealing::Seals;

use crate::traffic::{Row, Traffic};

/// Events of one commit.
const EVENTS_PER_COMMIT: usize = 5_000;
/// Commits on their way at a time.
const COMMITS_WAITING: usize = 8;
/// Journal files that may wait to be absorbed before the filling pauses, so that history does not take the disk.
const FILES_WAITING: usize = 64;
/// How often progress is told.
const DAYS_PER_LINE: usize = 15;
const PAUSE: Duration = Duration::from_millis(100);

/// Writes all of `traffic` to the journal in `data`, where its sites have been added in order; how many events.
pub(crate) fn fill(data: &Path, traffic: &Traffic) -> io::Result<u64> {
    // Journal files in the first format, which the server seals as it absorbs them: the keys are its own.
    let folder = JournalFolder::open(data)?;
    let clock = Arc::new(ManualClock::at(traffic.start()));
    // History passes quickly: files are closed by their size alone.
    let limits = JournalLimits { age: Duration::MAX, ..JournalLimits::default() };
    let committer = Committer::start(folder, clock.clone(), limits, Seals::Unsealed)?;
    let (done, outcomes) = channel();
    let mut commits = Commits { committer, done, outcomes, waiting: 0 };
    let mut written = 0;
    for day in 0..traffic.days() {
        let mut rows = traffic.day(day).into_iter().peekable();
        while let Some(first) = rows.peek() {
            clock.set(first.event.at);
            let batch: Vec<Row> = rows.by_ref().take(EVENTS_PER_COMMIT).collect();
            written += batch.len() as u64;
            commits.add(batch)?;
        }
        while std::fs::read_dir(data.join("journal"))?.count() > FILES_WAITING {
            std::thread::sleep(PAUSE);
        }
        if (day + 1) % DAYS_PER_LINE == 0 {
            eprintln!("  day {} of {}, {written} events", day + 1, traffic.days());
        }
    }
    commits.finish()?;
    Ok(written)
}

/// Commits on their way.
struct Commits {
    committer: Committer,
    done: Sender<Result<(), CommitError>>,
    outcomes: Receiver<Result<(), CommitError>>,
    waiting: usize,
}

impl Commits {
    fn add(&mut self, rows: Vec<Row>) -> io::Result<()> {
        let entry = |row: Row| (SiteId(row.site), Entry::Event(Box::new(row.event)));
        let done = self.done.clone();
        let tell = Box::new(move |outcome| drop(done.send(outcome)));
        self.committer.submit(rows.into_iter().map(entry).collect(), tell).map_err(io::Error::other)?;
        self.waiting += 1;
        self.wait_below(COMMITS_WAITING)
    }

    fn finish(mut self) -> io::Result<()> {
        self.wait_below(1)
    }

    fn wait_below(&mut self, limit: usize) -> io::Result<()> {
        while self.waiting >= limit {
            self.outcomes.recv().map_err(io::Error::other)?.map_err(io::Error::other)?;
            self.waiting -= 1;
        }
        Ok(())
    }
}
