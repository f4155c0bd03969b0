//! Work on many things of one kind, on a few threads.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::step_back;

/// Threads at most: each holds a pack in memory.
const THREADS_MAX: usize = 4;

/// Whether what is done lets everything else of the machine go first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It does: nobody waits for it.
    Last,
    /// Somebody waits for it.
    Own,
}

/// Does `work` on each of `all`, and `meanwhile` on this thread. What was done is in the order of `all`; once something fails
/// nothing more is begun.
pub(super) fn side_by_side<A, B, E, T>(
    all: &[A],
    turn: Turn,
    work: impl Fn(&A) -> Result<B, E> + Sync,
    meanwhile: impl FnOnce() -> T,
) -> (Result<Vec<B>, E>, T)
where
    A: Sync,
    B: Send,
    E: Send,
{
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(THREADS_MAX).min(all.len());
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(all.len())));
    let one_after_the_other = || {
        while let Some((place, one)) = {
            let place = next.fetch_add(1, Ordering::Relaxed);
            all.get(place).map(|one| (place, one))
        } {
            let outcome = work(one);
            if outcome.is_err() {
                next.store(all.len(), Ordering::Relaxed);
            }
            done.lock().unwrap_or_else(PoisonError::into_inner).push((place, outcome));
        }
    };
    let answer = thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                if turn == Turn::Last {
                    step_back();
                }
                one_after_the_other();
            });
        }
        meanwhile()
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(place, _)| *place);
    (done.into_iter().map(|(_, outcome)| outcome).collect(), answer)
}
