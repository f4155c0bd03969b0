//! Tells whether backups are late: whoever makes them after each step, and a thread of its own meanwhile, since a target that answers
//! slowly holds up whoever makes them, and must not keep it from being told.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use control::{Database, DatabaseError};
use domain::Clock;
use operations::backup::BackupError;

use super::Means;
use super::schedule::state;
use crate::processes::birth::Voice;
use crate::processes::messages::{BackupState, FromChild};

/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What was told last, and what it takes to tell more.
pub(super) struct Telling {
    database: Arc<Database>,
    clock: Arc<dyn Clock>,
    voice: Voice,
    shown: Arc<Mutex<BackupState>>,
    drills_itself: bool,
    /// Whether what was restored or looked at last was found to be wrong.
    found_wrong: AtomicBool,
    told: Mutex<Option<BackupState>>,
}

impl Telling {
    pub(super) fn new(means: &Means, drills_itself: bool) -> Self {
        Self {
            database: means.database.clone(),
            clock: means.clock.clone(),
            voice: means.voice.clone(),
            shown: means.shown.clone(),
            drills_itself,
            found_wrong: AtomicBool::new(false),
            told: Mutex::default(),
        }
    }

    /// Tells by itself, for as long as the answer is held.
    pub(super) fn begin(self: Arc<Self>) -> std::io::Result<mpsc::Sender<()>> {
        let (held, told) = mpsc::channel();
        let look = move || {
            while told.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout) {
                // Whoever makes backups complains of the same, once.
                let _ = self.tell();
            }
        };
        std::thread::Builder::new().name("backups-late".to_owned()).spawn(look)?;
        Ok(held)
    }

    /// What was restored or looked at was found to be right, or wrong. Where it could not be looked at, nothing was found.
    pub(super) fn found<T>(&self, outcome: &Result<T, BackupError>) {
        match outcome {
            Err(BackupError::Target { .. } | BackupError::Disk { .. } | BackupError::Stopped) => {}
            outcome => self.found_wrong.store(outcome.is_err(), Ordering::Relaxed),
        }
    }

    /// Tells whether something is late, if that changed.
    pub(super) fn tell(&self) -> Result<(), DatabaseError> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let state = match state(&self.database, self.drills_itself, self.clock.now())? {
            BackupState::Ok if self.found_wrong.load(Ordering::Relaxed) => BackupState::DrillFailed,
            state => state,
        };
        if told.replace(state) != Some(state) {
            *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = state;
            self.voice.say(FromChild::Backups(state));
        }
        Ok(())
    }
}
