//! Threads for what is slow on purpose: a few, so that they never take the whole machine, and a bounded queue before
//! them, so that whoever waits too long is told at once.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

/// Proofs that are checked at once.
const PROVERS: usize = 2;
/// Proofs that wait.
const WAITING_MAX: usize = 32;

/// Something slow.
pub(super) type Job = Box<dyn FnOnce() + Send>;

/// The threads; they end when this is dropped.
pub(super) struct Provers(SyncSender<Job>);

impl Provers {
    /// Starts them.
    pub(super) fn start() -> std::io::Result<Self> {
        let (give, take) = sync_channel::<Job>(WAITING_MAX);
        let take = Arc::new(Mutex::new(take));
        for _ in 0..PROVERS {
            let take = take.clone();
            std::thread::Builder::new().name("keeper-prover".to_owned()).spawn(move || work(&take))?;
        }
        Ok(Self(give))
    }

    /// Has it done soon; what is given back will not be.
    pub(super) fn submit(&self, job: Job) -> Result<(), Job> {
        self.0.try_send(job).map_err(|refused| match refused {
            TrySendError::Full(job) | TrySendError::Disconnected(job) => job,
        })
    }
}

fn work(take: &Mutex<Receiver<Job>>) {
    loop {
        let next = take.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            Ok(job) => job(),
            Err(_) => return,
        }
    }
}
