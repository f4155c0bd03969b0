//! The duties, again and again: those over events on one thread, those over recordings on another, so that neither holds up
//! the other.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use events::{Pace, Progress, StoreError, Upkeep};
use recordings::RecordingsError;

use crate::logging::with_causes;

/// How often the sealing of old segments tells how far it is.
const SEALED_PER_LINE: usize = 25;
/// How often it looks for work.
const ROUND_EVERY: Duration = Duration::from_secs(1);
/// How often garbage is collected.
const COLLECT_EVERY: Duration = Duration::from_secs(60);
/// How often it is looked whether something can be learned of a page.
const LEARN_EVERY: Duration = Duration::from_secs(600);
/// How long it rests after a round that failed.
const REST: Duration = Duration::from_secs(5);

/// Why a round ended early.
pub(super) enum Ended {
    /// It was asked to.
    Stopped,
    /// In a sentence.
    Failed(String),
}

/// What is done in rounds.
pub(super) trait Duties: Send + 'static {
    /// What cannot be tidied where a round fails.
    const OVER: &'static str;

    /// What is to be done often.
    fn tidy(&mut self) -> Result<(), Ended>;

    /// What is to be done now and then, and when somebody asks.
    fn collect(&mut self) -> Result<(), Ended>;
}

/// Duties that are under way. They end when it is let go of.
pub(super) struct UnderWay {
    tell: mpsc::Sender<()>,
    finished: tokio::sync::oneshot::Receiver<()>,
}

impl UnderWay {
    /// Has a whole round begun at once.
    pub(super) fn begin_anew(&self) {
        let _ = self.tell.send(());
    }

    /// Ends them, and returns when they have.
    pub(super) async fn end(self) {
        drop(self.tell);
        let _ = self.finished.await;
    }
}

/// Begins duties on a thread of this name.
pub(super) fn begin(name: &str, duties: impl Duties) -> std::io::Result<UnderWay> {
    let (tell, told) = mpsc::channel();
    let (finish, finished) = tokio::sync::oneshot::channel();
    std::thread::Builder::new().name(name.to_owned()).spawn(move || {
        let rounds = Rounds { duties, collected: None, complaint: String::new() };
        rounds.go_on(&told);
        let _ = finish.send(());
    })?;
    Ok(UnderWay { tell, finished })
}

struct Rounds<D> {
    duties: D,
    collected: Option<Instant>,
    /// What was last complained of, so that one trouble is one line in the log.
    complaint: String,
}

impl<D: Duties> Rounds<D> {
    /// Works until the other end of `told` is gone. What is told is to begin a whole round at once.
    fn go_on(mut self, told: &mpsc::Receiver<()>) {
        loop {
            let rest = match self.round() {
                Ok(()) => {
                    self.complaint.clear();
                    ROUND_EVERY
                }
                Err(Ended::Stopped) => return,
                Err(Ended::Failed(sentence)) => {
                    self.complain(sentence);
                    REST
                }
            };
            match told.recv_timeout(rest) {
                Ok(()) => self.collected = None,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn round(&mut self) -> Result<(), Ended> {
        self.duties.tidy()?;
        if self.collected.is_none_or(|at| at.elapsed() >= COLLECT_EVERY) {
            self.duties.collect()?;
            self.collected = Some(Instant::now());
        }
        Ok(())
    }

    fn complain(&mut self, sentence: String) {
        if self.complaint != sentence {
            tracing::error!("{} cannot be tidied: {sentence}", D::OVER);
            self.complaint = sentence;
        }
    }
}

/// The duties over events.
pub(super) struct OfEvents {
    upkeep: Upkeep,
    /// Whether nothing rests unsealed any more.
    all_sealed: bool,
}

impl OfEvents {
    pub(super) fn new(upkeep: Upkeep) -> Self {
        Self { upkeep, all_sealed: false }
    }

    /// Seals what a Candor before the keeper left, once. It comes last, since damage found there must hold up nothing.
    fn seal_old(&mut self) -> Result<(), StoreError> {
        if self.all_sealed {
            return Ok(());
        }
        self.upkeep.seal_old(|sealed, all| {
            if sealed == all || sealed % SEALED_PER_LINE == 0 {
                tracing::info!("{sealed} of {all} segments that rested unsealed are sealed");
            }
        })?;
        self.all_sealed = true;
        Ok(())
    }
}

impl Duties for OfEvents {
    const OVER: &'static str = "journal files and segments";

    fn tidy(&mut self) -> Result<(), Ended> {
        while self.upkeep.absorb()? == Progress::Made {}
        while self.upkeep.merge(Pace::Gradual)? == Progress::Made {}
        Ok(())
    }

    fn collect(&mut self) -> Result<(), Ended> {
        while self.upkeep.collect_garbage()? == Progress::Made {}
        Ok(self.seal_old()?)
    }
}

/// The duties over recordings.
pub(super) struct OfRecordings {
    upkeep: recordings::Upkeep,
    learned: Option<Instant>,
}

impl OfRecordings {
    pub(super) fn new(upkeep: recordings::Upkeep) -> Self {
        Self { upkeep, learned: None }
    }
}

impl Duties for OfRecordings {
    const OVER: &'static str = "recordings";

    fn tidy(&mut self) -> Result<(), Ended> {
        while self.upkeep.take_in()? == recordings::Progress::Made {}
        Ok(())
    }

    fn collect(&mut self) -> Result<(), Ended> {
        if self.learned.is_none_or(|at| at.elapsed() >= LEARN_EVERY) {
            while self.upkeep.learn()? == recordings::Progress::Made {}
            self.learned = Some(Instant::now());
        }
        self.upkeep.settle()?;
        self.upkeep.collect()?;
        Ok(())
    }
}

impl From<StoreError> for Ended {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stopped => Self::Stopped,
            error => Self::Failed(with_causes(&error)),
        }
    }
}

impl From<RecordingsError> for Ended {
    fn from(error: RecordingsError) -> Self {
        match error {
            RecordingsError::Stopped => Self::Stopped,
            error => Self::Failed(with_causes(&error)),
        }
    }
}
