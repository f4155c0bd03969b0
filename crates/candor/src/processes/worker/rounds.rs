//! The duties, again and again: those over events on one thread, those over recordings on another, so that neither holds up
//! the other.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use control::{DUTY_EVERY, Database, ErasureRow};
use domain::{Clock, DAY_MS, Timestamp};
use events::{Erasing, Erasure, Pace, Progress, StoreError, Upkeep};
use recordings::RecordingsError;

use super::haste::Haste;

use crate::logging::with_causes;

/// How often the sealing of old segments tells how far it is.
const SEALED_PER_LINE: usize = 25;
/// How often it looks for work.
const ROUND_EVERY: Duration = Duration::from_secs(1);
/// How often garbage is collected.
const COLLECT_EVERY: Duration = Duration::from_secs(60);
/// How often it is looked whether something can be learned of a page.
const LEARN_EVERY: Duration = Duration::from_secs(600);
/// How often it is written down that what is too old was taken out, and under which name that is promised.
const NOTED_EVERY: Duration = Duration::from_secs(3_600);
const RETENTION: &str = "retention";
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

    /// Takes out what there is of the visitor whom this erasure is of.
    fn erase(&mut self, erasure: &ErasureRow) -> Result<Erasing, Ended>;
}

/// What duties are told.
enum Told {
    /// To begin a whole round at once.
    Anew,
    /// To take out what there is of a visitor, before anything else.
    Erase(ErasureRow, mpsc::Sender<Result<Erasing, String>>),
    /// To end.
    End,
}

/// Duties that are under way. They end when it is let go of.
pub(super) struct UnderWay {
    hand: Hand,
    finished: tokio::sync::oneshot::Receiver<()>,
}

/// By what others have a visitor erased.
#[derive(Clone)]
pub(super) struct Hand {
    tell: mpsc::Sender<Told>,
    haste: Arc<Haste>,
}

impl UnderWay {
    /// Has a whole round begun at once.
    pub(super) fn begin_anew(&self) {
        let _ = self.hand.tell.send(Told::Anew);
    }

    /// By what visitors are erased.
    pub(super) fn hand(&self) -> Hand {
        self.hand.clone()
    }

    /// Ends them, and returns when they have.
    pub(super) async fn end(self) {
        let _ = self.hand.tell.send(Told::End);
        let _ = self.finished.await;
    }
}

impl Hand {
    /// Has what there is of a visitor taken out: whatever is under way makes way for it. The answer comes over what is
    /// returned, an error as a sentence.
    pub(super) fn erase(&self, erasure: ErasureRow) -> mpsc::Receiver<Result<Erasing, String>> {
        let (answer, answered) = mpsc::channel();
        self.haste.make();
        let _ = self.tell.send(Told::Erase(erasure, answer));
        answered
    }
}

/// Begins duties on a thread of this name. They stop where `haste` says so.
pub(super) fn begin(name: &str, duties: impl Duties, haste: Arc<Haste>) -> std::io::Result<UnderWay> {
    let (tell, told) = mpsc::channel();
    let (finish, finished) = tokio::sync::oneshot::channel();
    let hand = Hand { tell, haste: haste.clone() };
    std::thread::Builder::new().name(name.to_owned()).spawn(move || {
        let rounds = Rounds { duties, haste, collected: None, complaint: String::new() };
        rounds.go_on(&told);
        let _ = finish.send(());
    })?;
    Ok(UnderWay { hand, finished })
}

struct Rounds<D> {
    duties: D,
    haste: Arc<Haste>,
    collected: Option<Instant>,
    /// What was last complained of, so that one trouble is one line in the log.
    complaint: String,
}

impl<D: Duties> Rounds<D> {
    /// Works until it is told to end.
    fn go_on(mut self, told: &mpsc::Receiver<Told>) {
        loop {
            let rest = match self.round() {
                Ok(()) => {
                    self.complaint.clear();
                    ROUND_EVERY
                }
                Err(Ended::Stopped) if self.haste.is_ending() => return,
                // A visitor is to be erased, which is told next.
                Err(Ended::Stopped) => ROUND_EVERY,
                Err(Ended::Failed(sentence)) => {
                    self.complain(sentence);
                    REST
                }
            };
            match told.recv_timeout(rest) {
                Ok(Told::Anew) => self.collected = None,
                Ok(Told::Erase(erasure, answer)) => {
                    self.haste.is_over();
                    let outcome = match self.duties.erase(&erasure) {
                        Err(Ended::Stopped) => return,
                        Err(Ended::Failed(sentence)) => Err(sentence),
                        Ok(erasing) => Ok(erasing),
                    };
                    let _ = answer.send(outcome);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Told::End) | Err(RecvTimeoutError::Disconnected) => return,
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
    database: Arc<Database>,
    clock: Arc<dyn Clock>,
    /// When it was last written down that what is too old was taken out.
    noted: Option<Timestamp>,
    /// Whether nothing rests unsealed any more.
    all_sealed: bool,
}

impl OfEvents {
    pub(super) fn new(upkeep: Upkeep, database: Arc<Database>, clock: Arc<dyn Clock>) -> Self {
        Self { upkeep, database, clock, noted: None, all_sealed: false }
    }

    /// Takes out what is too old, and writes down how that went: it is promised, and shows where it is late.
    fn expire_in_time(&mut self) -> Result<(), Ended> {
        let expired = self.expire();
        let ended = match &expired {
            Ok(()) => Ok(()),
            Err(Ended::Failed(sentence)) => Err(sentence.as_str()),
            Err(Ended::Stopped) => return expired,
        };
        let now = self.clock.now();
        if ended.is_err() || self.noted.is_none_or(|at| at + NOTED_EVERY <= now) {
            let written = self
                .database
                .promise_duty(RETENTION, DUTY_EVERY, now)
                .and_then(|()| self.database.duty_ended(RETENTION, ended, now));
            written.map_err(|error| Ended::Failed(with_causes(&error)))?;
            self.noted = Some(now);
        }
        expired
    }

    /// Takes out what is older than its site keeps: whole UTC days, so that it is written anew once a day at most.
    fn expire(&self) -> Result<(), Ended> {
        let today = self.clock.now().utc_day();
        let sites = self.database.sites().map_err(|error| Ended::Failed(with_causes(&error)))?;
        let oldest: BTreeMap<_, _> = sites
            .into_iter()
            .filter_map(|site| Some((site.id, site.settings.events_retention?)))
            .map(|(site, days)| (site, Timestamp((today - i64::from(days.get())) * DAY_MS)))
            .collect();
        self.upkeep.expire(&oldest)?;
        Ok(())
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
        self.expire_in_time()?;
        Ok(self.seal_old()?)
    }

    fn erase(&mut self, erasure: &ErasureRow) -> Result<Erasing, Ended> {
        let ErasureRow { number, site, visitor, .. } = *erasure;
        Ok(self.upkeep.erase(&Erasure { number, site, visitors: vec![visitor] })?)
    }
}

/// The duties over recordings.
pub(super) struct OfRecordings {
    upkeep: recordings::Upkeep,
    database: Arc<Database>,
    clock: Arc<dyn Clock>,
    learned: Option<Instant>,
}

impl OfRecordings {
    pub(super) fn new(upkeep: recordings::Upkeep, database: Arc<Database>, clock: Arc<dyn Clock>) -> Self {
        Self { upkeep, database, clock, learned: None }
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

    /// What waits in the spool is taken in first; then all rows of the visitor go, and what lies in no ledger any more.
    fn erase(&mut self, erasure: &ErasureRow) -> Result<Erasing, Ended> {
        let waiting = self.upkeep.spooled_files()?;
        while self.upkeep.take_in()? == recordings::Progress::Made {}
        let left = self.upkeep.spooled_files()?;
        let forgotten = self.database.forget_for(erasure, self.clock.now());
        forgotten.map_err(|error| Ended::Failed(with_causes(&error)))?;
        self.upkeep.collect()?;
        Ok(match waiting.iter().any(|name| left.contains(name)) {
            true => Erasing::Waits,
            false => Erasing::Done,
        })
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use domain::{Erased, SiteId, VisitorId};

    use super::*;

    /// Duties that never end by themselves.
    struct Endless {
        stops: Box<dyn Fn() -> bool + Send>,
        begun: mpsc::Sender<()>,
    }

    impl Duties for Endless {
        const OVER: &'static str = "nothing";

        fn tidy(&mut self) -> Result<(), Ended> {
            let _ = self.begun.send(());
            while !(self.stops)() {
                std::thread::yield_now();
            }
            Err(Ended::Stopped)
        }

        fn collect(&mut self) -> Result<(), Ended> {
            Ok(())
        }

        fn erase(&mut self, _: &ErasureRow) -> Result<Erasing, Ended> {
            assert!(!(self.stops)(), "what others make way for is not asked to make way itself");
            Ok(Erasing::Done)
        }
    }

    #[tokio::test]
    async fn a_duty_under_way_makes_way_for_an_erasure_and_goes_on_after_it_until_the_end() {
        let ending = Arc::new(AtomicBool::new(false));
        let haste = Arc::new(Haste::until(ending.clone()));
        let (begun, begins) = mpsc::channel();
        let duties = Endless { stops: Box::new(haste.stops()), begun };
        let under_way = begin("endless", duties, haste).expect("a thread");
        begins.recv().expect("it begins");
        let erasure = ErasureRow {
            number: 1,
            site: SiteId(1),
            visitor: VisitorId::from_u128(1),
            asked_at: Timestamp(0),
            done: None,
            found: Erased::default(),
        };
        let answer = under_way.hand().erase(erasure).recv().expect("an answer");
        assert_eq!(answer, Ok(Erasing::Done));
        begins.recv().expect("it goes on");
        ending.store(true, Ordering::Relaxed);
        under_way.end().await;
    }
}
