//! The bulk door: history comes in as the requests it once was, through the same pipeline as live traffic, into a
//! journal file of this process's own. Only commands reach it, over the command socket.
//!
//! It never takes a ready event: what is imported is as clean as what a browser sends.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};

use capture::{Admission, Captured, Circumstances, Headers, Malformed, Pipeline, RawRequest, RecentVisitors, SiteDirectory};
use domain::{ClientAddress, Clock, DaySecret, DaySecrets, Rng, SiteId, Timestamp};
use events::{CommitError, Committer, Entry, JournalFolder, JournalLimits};
use serde::{Deserialize, Serialize};

use crate::processes::edge::NO_SITE;

/// Entries that are made durable together.
const ENTRIES_PER_COMMIT: usize = 1_000;
/// Commits under way: enough to keep the disk busy while the next lines are read.
const COMMITS_WAITING: usize = 4;

/// One line of the stream: a request, and when and whence it came.
#[derive(Serialize, Deserialize)]
pub(crate) struct BulkLine {
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    pub(crate) address: IpAddr,
    pub(crate) user_agent: String,
    #[serde(default)]
    pub(crate) accept_language: String,
    /// The body of `POST /api/event`.
    pub(crate) body: serde_json::Value,
}

/// What became of a stream.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct BulkReport {
    pub(crate) accepted: u64,
    pub(crate) set_aside: u64,
    pub(crate) refused: BTreeMap<String, u64>,
    pub(crate) malformed: u64,
    /// The first malformed line and what is wrong with it.
    pub(crate) first_malformed: Option<String>,
}

/// Why a stream was not taken to its end. What was reported as accepted before stays.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BulkError {
    #[error("the journal cannot be opened: {0}")]
    Journal(#[from] std::io::Error),
    #[error("the disk takes no more events")]
    Full,
}

/// Takes streams of history.
pub(crate) struct BulkDoor {
    pub(crate) pipeline: Arc<Pipeline>,
    pub(crate) data: PathBuf,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
}

impl BulkDoor {
    /// Takes `lines` to their end, blocking. Everything that the report counts as accepted is durable then.
    pub(crate) fn import(
        &self,
        sites: &SiteDirectory,
        lines: impl Iterator<Item = Vec<u8>>,
    ) -> Result<BulkReport, BulkError> {
        let folder = JournalFolder::open(&self.data)?;
        let journal = Committer::start(folder, self.clock.clone(), JournalLimits::default())?;
        let mut import = Import {
            door: self,
            sites,
            secrets: None,
            recent: RecentVisitors::default(),
            entries: Vec::new(),
            commits: Commits::of(journal),
            report: BulkReport::default(),
        };
        for (number, line) in lines.enumerate().filter(|(_, line)| !line.is_empty()) {
            import.take(number + 1, &line)?;
        }
        import.flush()?;
        import.commits.wait_for_all()?;
        Ok(import.report)
    }
}

/// A stream on its way.
struct Import<'a> {
    door: &'a BulkDoor,
    sites: &'a SiteDirectory,
    /// Made for this stream alone: visitors without an id cannot be tied to those of the live door.
    secrets: Option<DaySecrets>,
    recent: RecentVisitors,
    entries: Vec<(SiteId, Entry)>,
    commits: Commits,
    report: BulkReport,
}

impl Import<'_> {
    fn take(&mut self, number: usize, line: &[u8]) -> Result<(), BulkError> {
        match serde_json::from_slice(line) {
            Ok(line) => match self.capture(&line) {
                Ok(captured) => captured.into_iter().for_each(|captured| self.sort(captured)),
                Err(malformed) => self.note_malformed(number, &malformed),
            },
            Err(error) => self.note_malformed(number, &error),
        }
        if self.entries.len() >= ENTRIES_PER_COMMIT { self.flush() } else { Ok(()) }
    }

    fn capture(&mut self, line: &BulkLine) -> Result<Vec<Captured>, Malformed> {
        let received_at = Timestamp(line.at);
        let secrets = self.secrets_of(received_at.utc_day());
        let body = line.body.to_string();
        let request = RawRequest {
            body: body.as_bytes(),
            headers: Headers {
                user_agent: line.user_agent.as_bytes(),
                accept_language: line.accept_language.as_bytes(),
                ..Headers::default()
            },
            address: ClientAddress::new(line.address),
            received_at,
        };
        let circumstances = Circumstances {
            sites: self.sites,
            secrets: &secrets,
            recent: &self.recent,
            admission: Admission::Bulk,
        };
        self.door.pipeline.capture(&request, &circumstances)
    }

    /// The secret of `day`; history comes in order of time, as it happened.
    fn secrets_of(&mut self, day: i64) -> DaySecrets {
        if let Some(secrets) = self.secrets.as_ref().filter(|secrets| secrets.today.day >= day) {
            return secrets.clone();
        }
        let mut fresh = [0; 32];
        self.door.rng.fill(&mut fresh);
        let turned = match self.secrets.take() {
            Some(secrets) => secrets.turned_to(day, fresh),
            None => DaySecrets { today: DaySecret::new(day, fresh), yesterday: None },
        };
        self.secrets.insert(turned).clone()
    }

    fn sort(&mut self, captured: Captured) {
        let now = self.door.clock.now();
        match captured {
            Captured::Accepted { site, event } => {
                self.report.accepted += 1;
                self.report.set_aside += u64::from(event.suspicion.is_some());
                self.entries.push((site, Entry::Event(event)));
            }
            Captured::Refused { site, reason } => {
                *self.report.refused.entry(reason.as_str().to_owned()).or_default() += 1;
                self.entries.push((site.unwrap_or(NO_SITE), Entry::Refused(reason, now)));
            }
        }
    }

    fn note_malformed(&mut self, number: usize, error: &dyn std::error::Error) {
        self.report.malformed += 1;
        self.report.first_malformed.get_or_insert_with(|| format!("line {number}: {error}"));
    }

    fn flush(&mut self) -> Result<(), BulkError> {
        let entries = std::mem::take(&mut self.entries);
        if entries.is_empty() { Ok(()) } else { self.commits.submit(entries) }
    }
}

/// Commits under way, a few at a time.
struct Commits {
    journal: Committer,
    tell: mpsc::Sender<Result<(), CommitError>>,
    told: mpsc::Receiver<Result<(), CommitError>>,
    waiting: usize,
}

impl Commits {
    fn of(journal: Committer) -> Self {
        let (tell, told) = mpsc::channel();
        Self { journal, tell, told, waiting: 0 }
    }

    fn submit(&mut self, entries: Vec<(SiteId, Entry)>) -> Result<(), BulkError> {
        while self.waiting >= COMMITS_WAITING {
            self.wait_for_one()?;
        }
        let tell = self.tell.clone();
        let done = Box::new(move |outcome| {
            // Nobody listens where the stream was given up meanwhile.
            let _ = tell.send(outcome);
        });
        self.journal.submit(entries, done).map_err(|_| BulkError::Full)?;
        self.waiting += 1;
        Ok(())
    }

    fn wait_for_one(&mut self) -> Result<(), BulkError> {
        self.waiting -= 1;
        match self.told.recv() {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(BulkError::Full),
        }
    }

    fn wait_for_all(&mut self) -> Result<(), BulkError> {
        while self.waiting > 0 {
            self.wait_for_one()?;
        }
        Ok(())
    }
}
