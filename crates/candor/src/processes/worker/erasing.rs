//! Erasing visitors, one after the other: what is written is closed, every store takes out what it has of them, and the
//! keeper signs the receipt. Everything is begun anew where it was cut off, at the next start at the latest.
//!
//! Nothing is said to be erased before every store has said so.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use control::{Database, DatabaseError, ErasureRow};
use domain::audit::{Act, Actor, Log, NewEntry, Object, ObjectKind};
use domain::{Clock, Site};
use events::Erasing;
use sealing::{Client, visitor_digest};

use super::rounds::Hand;
use crate::data_dir::DataDir;
use crate::logging::with_causes;
use crate::processes::birth::Voice;
use crate::processes::messages::FromChild;
use crate::processes::receipt;

/// How long `edge` may take to close what it writes. Where it takes longer, that it is still written to is found out.
const ROLL_PATIENCE: Duration = Duration::from_secs(1);
/// How long it rests before it looks again whether a file that was still written to is closed.
const PAUSE: Duration = Duration::from_millis(200);
/// How long it rests after something failed.
const REST: Duration = Duration::from_secs(5);

/// What holds something of visitors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// The journal and segments.
    Events,
    /// Recordings, and every row of the control database.
    Recordings,
}

/// What erasing takes.
pub(super) struct Eraser {
    pub(super) data: DataDir,
    pub(super) database: Arc<Database>,
    pub(super) keeper: Client,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) voice: Voice,
    /// Those of every store.
    pub(super) hands: [(Stored, Hand); 2],
    /// Which of them are gone through.
    pub(super) erases: fn(Stored) -> bool,
}

/// How the thread that erases is reached.
pub(super) struct UnderWay {
    tell: Sender<()>,
    rolled: Sender<u64>,
}

impl UnderWay {
    /// There may be somebody to erase.
    pub(super) fn look(&self) {
        let _ = self.tell.send(());
    }

    /// What `edge` wrote was closed.
    pub(super) fn take_rolled(&self, number: u64) {
        let _ = self.rolled.send(number);
    }
}

/// Why an erasure is not done yet.
enum NotYet {
    /// Something is still being written to.
    Waits,
    /// In a sentence.
    Failed(String),
}

impl Eraser {
    /// Erases on a thread of its own, beginning with what was left.
    pub(super) fn begin(self) -> std::io::Result<UnderWay> {
        let (tell, told) = mpsc::channel();
        let (rolled, heard) = mpsc::channel();
        std::thread::Builder::new().name("erasing".to_owned()).spawn(move || self.go_on(&told, &heard))?;
        Ok(UnderWay { tell, rolled })
    }

    fn go_on(self, told: &Receiver<()>, rolled: &Receiver<u64>) {
        let (mut number, mut complaint) = (0, String::new());
        loop {
            let rest = match self.round(&mut number, rolled) {
                Ok(()) => None,
                Err(NotYet::Waits) => Some(PAUSE),
                Err(NotYet::Failed(sentence)) => {
                    if complaint != sentence {
                        tracing::error!("a visitor is not erased yet: {sentence}");
                        complaint = sentence;
                    }
                    Some(REST)
                }
            };
            match rest {
                None if told.recv().is_ok() => complaint.clear(),
                Some(rest) if told.recv_timeout(rest) != Err(RecvTimeoutError::Disconnected) => {}
                _ => return,
            }
        }
    }

    /// Erases all who are to be. One who cannot be erased yet holds up no other.
    fn round(&self, number: &mut u64, rolled: &Receiver<u64>) -> Result<(), NotYet> {
        let to_do = self.database.erasures_to_do()?;
        if to_do.is_empty() {
            return Ok(());
        }
        *number += 1;
        self.roll(*number, rolled);
        let mut outcome = Ok(());
        for erasure in to_do {
            let erased = self.carry_out(&erasure);
            outcome = outcome.and(erased);
        }
        outcome
    }

    /// Has what is being written closed.
    fn roll(&self, number: u64, rolled: &Receiver<u64>) {
        let until = Instant::now() + ROLL_PATIENCE;
        self.voice.say(FromChild::Roll(number));
        while let Ok(heard) = rolled.recv_timeout(until.saturating_duration_since(Instant::now())) {
            if heard == number {
                return;
            }
        }
    }

    fn carry_out(&self, erasure: &ErasureRow) -> Result<(), NotYet> {
        let sites = self.database.sites()?;
        // With its site everything goes.
        let Some(site) = sites.into_iter().find(|site| site.id == erasure.site) else { return Ok(()) };
        let hands = self.hands.iter().filter(|(store, _)| (self.erases)(*store));
        // All at once, and only then they are waited for.
        let answers: Vec<_> = hands.map(|(_, hand)| hand.erase(erasure.clone())).collect();
        let mut outcome = Ok(());
        for answer in answers {
            // Where nobody answers the process is about to end.
            let ended = || NotYet::Failed("the process ends".to_owned());
            outcome = outcome.and(match answer.recv().map_err(|_| ended())? {
                Ok(Erasing::Done) => Ok(()),
                Ok(Erasing::Waits) => Err(NotYet::Waits),
                Err(sentence) => Err(NotYet::Failed(sentence)),
            });
        }
        outcome?;
        Database::delete_copies(&self.data.control_database())
            .map_err(|error| NotYet::Failed(with_causes(&error)))?;
        self.finish(erasure, &site)
    }

    /// Has the receipt signed, and writes down that it is done.
    fn finish(&self, erasure: &ErasureRow, site: &Site) -> Result<(), NotYet> {
        let found = self.database.erasure(erasure.site, erasure.number)?;
        let Some(ErasureRow { found, .. }) = found else { return Ok(()) };
        let now = self.clock.now();
        let put_aside = self.data.put_aside().map_err(|error| NotYet::Failed(with_causes(&error)))?;
        let lines = receipt::lines(erasure, site, &found, (now, put_aside));
        let receipt = self.keeper.sign_receipt(lines).map_err(|error| NotYet::Failed(with_causes(&error)))?;
        let object = Object::new(ObjectKind::Visitor, visitor_digest(erasure.visitor));
        let entry = NewEntry::new(now, Actor::system(), Act::VisitorErased, object)
            .with("site", &site.domain)
            .with("erasure", erasure.number)
            .with("events", found.events + found.set_aside)
            .with("recordings", found.recordings);
        self.database.act(Log(site.organization.0), &entry, |work| {
            work.finish_erasure(erasure.number, now, &receipt)
        })?;
        self.database.leave_no_trace()?;
        self.voice.say(FromChild::Erased(erasure.site));
        Ok(())
    }
}

impl From<DatabaseError> for NotYet {
    fn from(error: DatabaseError) -> Self {
        Self::Failed(with_causes(&error))
    }
}
