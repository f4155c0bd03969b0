//! Tells whether backups are late: whoever makes them after each step, and a thread of its own meanwhile, since a target that answers
//! slowly holds up whoever makes them, and must not keep it from being told.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use control::{Database, DatabaseError};
use domain::Clock;

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
    /// Whether what was looked at last without opening it was found to be wrong. It is looked at again at once where it was, also by
    /// a newborn worker. What a drill found is kept: where a person must drill, nobody else finds it again.
    look_found_wrong: AtomicBool,
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
            look_found_wrong: AtomicBool::new(false),
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

    /// Every object was looked at, and all was right, or something was not.
    pub(super) fn looked(&self, all_right: bool) {
        self.look_found_wrong.store(!all_right, Ordering::Relaxed);
    }

    /// Tells whether something is late, if that changed.
    pub(super) fn tell(&self) -> Result<(), DatabaseError> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let state = match state(&self.database, self.drills_itself, self.clock.now())? {
            BackupState::Ok if self.look_found_wrong.load(Ordering::Relaxed) => BackupState::DrillFailed,
            state => state,
        };
        if told.replace(state) != Some(state) {
            *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = state;
            self.voice.say(FromChild::Backups(state));
        }
        Ok(())
    }
}
