//! What `app` does about backups: it passes on what commands ask of the worker, and takes in what a restore left, before it
//! serves anybody.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use operations::backup::Restored;
use tokio::sync::oneshot;

use super::state::App;
use crate::http::problem::{Kind, Problem};
use crate::processes::messages::{BackupTold, BackupWish, Doing, FromChild};

/// How long making a backup may take, at most, until whoever asked for it is told that it goes on without them.
const PATIENCE: Duration = Duration::from_secs(6 * 3_600);
/// How often it is looked whether whoever was erased is erased again.
const LOOK_EVERY: Duration = Duration::from_millis(50);

type Answer = Result<BackupTold, String>;

/// What was asked of the worker, by number.
#[derive(Default)]
pub(crate) struct BackupsAsked {
    last: AtomicU64,
    waiting: Mutex<HashMap<u64, oneshot::Sender<Answer>>>,
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
            _ => Err(away()),
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
