//! What `app` does about backups: it passes on what commands ask of the worker, and takes in what a restore left, before it
//! serves anybody.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use control::ErasureRow;
use operations::backup::Restored;
use serde::Serialize;
use tokio::sync::{Semaphore, oneshot};
use utoipa::ToSchema;

use super::state::App;
use crate::http::problem::{Kind, Problem};
use crate::processes::messages::{BackupState, BackupTold, BackupWish, Doing, FromChild};

/// How long making a backup may take, at most, until whoever asked for it is told that it goes on without them.
const PATIENCE: Duration = Duration::from_secs(6 * 3_600);
/// How many looks for an erasure the worker has before it: people of sites ask for them, and operators' wishes wait behind them.
const LOOKS_MAX: usize = 1;
/// How long it is waited for whether the target knows of an erasure: it may be busy with a backup.
const LOOK_PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked whether whoever was erased is erased again.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Whether a backup could bring back whom an erasure is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BackupsOfErasure {
    /// No backups are made.
    Off,
    /// Of before the erasure none is left.
    NoneOlder,
    /// There are, and the target's list of what was destroyed names it: a restore carries it out again.
    Listed,
    /// There are, and the list does not name it.
    NotListed,
    /// The target did not answer in time, or is busy, be it with another erasure.
    Unknown,
}

type Answer = Result<BackupTold, String>;

/// What was asked of the worker, by number.
pub(crate) struct BackupsAsked {
    last: AtomicU64,
    waiting: Mutex<HashMap<u64, oneshot::Sender<Answer>>>,
    looks: Arc<Semaphore>,
}

impl Default for BackupsAsked {
    fn default() -> Self {
        let looks = Arc::new(Semaphore::new(LOOKS_MAX));
        Self { last: AtomicU64::default(), waiting: Mutex::default(), looks }
    }
}

impl App {
    /// Has the worker do something about backups.
    pub(crate) async fn about_backups(&self, wish: BackupWish) -> Result<BackupTold, Problem> {
        if self.status().worker == Doing::Ended {
            return Err(away());
        }
        let number = self.backups.last.fetch_add(1, Ordering::Relaxed) + 1;
        let (tell, told) = oneshot::channel();
        self.backups.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(number, tell);
        self.voice.say(FromChild::AboutBackups(number, wish));
        match tokio::time::timeout(PATIENCE, told).await {
            Ok(Ok(Ok(told))) => Ok(told),
            Ok(Ok(Err(sentence))) => Err(Problem::new(Kind::Conflict, sentence)),
            _ => {
                self.backups.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
                Err(away())
            }
        }
    }

    /// Whether a backup could bring back whom this erasure is of.
    pub(crate) async fn backups_of(self: &Arc<Self>, erasure: &ErasureRow) -> BackupsOfErasure {
        let Some((done_at, _)) = erasure.done else { return BackupsOfErasure::Unknown };
        if self.status().backups == BackupState::Off {
            return BackupsOfErasure::Off;
        }
        let wish = BackupWish::LookForErasure { number: erasure.number, done_at };
        let Ok(only) = self.backups.looks.clone().try_acquire_owned() else {
            return BackupsOfErasure::Unknown;
        };
        // Whoever asked may be gone before the worker is: until it has answered, it is not given another.
        let app = self.clone();
        let looked = tokio::spawn(async move {
            let told = app.about_backups(wish).await;
            drop(only);
            told
        });
        let Ok(Ok(told)) = tokio::time::timeout(LOOK_PATIENCE, looked).await else {
            return BackupsOfErasure::Unknown;
        };
        match told {
            Ok(BackupTold::LookedForErasure { older: false, .. }) => BackupsOfErasure::NoneOlder,
            Ok(BackupTold::LookedForErasure { listed: true, .. }) => BackupsOfErasure::Listed,
            Ok(BackupTold::LookedForErasure { .. }) => BackupsOfErasure::NotListed,
            _ => BackupsOfErasure::Unknown,
        }
    }

    /// A worker that ended answers nobody.
    pub(super) fn give_up_on_backups(&self) {
        self.backups.waiting.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// What came of it.
    pub(super) fn take_backup_answer(&self, number: u64, answer: Answer) {
        let waiting = self.backups.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
        // Whoever asked may have gone.
        let _ = waiting.map(|waiting| waiting.send(answer));
    }

    /// Takes in what a restore left: nothing is served until whoever was erased since the backup is erased again.
    pub(super) async fn take_in_restored(&self) -> anyhow::Result<()> {
        if Restored::take_in(&self.data, &self.control, self.clock.now())? {
            tracing::info!("a restored backup is taken in");
        }
        while !Restored::may_serve(&self.data, &self.control)? {
            // The worker may have looked before they were written down, or be a newborn one.
            self.voice.say(FromChild::Erase);
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }
}

fn away() -> Problem {
    Problem::new(Kind::Unavailable, "the worker did not answer; try again")
}
