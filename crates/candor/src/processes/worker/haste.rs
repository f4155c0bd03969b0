//! When a duty that is under way makes way: for the end of the process, or for a visitor who is to be erased. What makes way
//! is begun anew later, which is as safe as killing it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether one thread's duties are to make way.
pub(super) struct Haste {
    ending: Arc<AtomicBool>,
    made: AtomicBool,
}

impl Haste {
    /// None, until the process ends.
    pub(super) const fn until(ending: Arc<AtomicBool>) -> Self {
        Self { ending, made: AtomicBool::new(false) }
    }

    /// Something waits that cannot wait.
    pub(super) fn make(&self) {
        self.made.store(true, Ordering::Relaxed);
    }

    /// It is being done.
    pub(super) fn is_over(&self) {
        self.made.store(false, Ordering::Relaxed);
    }

    /// Whether the process is about to end.
    pub(super) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }

    /// What a duty asks between two steps.
    pub(super) fn stops(self: &Arc<Self>) -> impl Fn() -> bool + Send + use<> {
        let haste = self.clone();
        move || haste.is_ending() || haste.made.load(Ordering::Relaxed)
    }
}
