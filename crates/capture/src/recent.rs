//! Which of yesterday's daily visitors still have an open visit, so that midnight does not count them twice.
//!
//! It lives in memory only and holds ids that nobody can tie to an address. It is empty for most of the day:
//! only events of the half hour before midnight, and of visits that began before it, are noted.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::{MINUTE_MS, Timestamp, VisitorId, limits};
use rustc_hash::FxHashMap;

const GAP_MS: i64 = limits::VISIT_GAP.as_millis() as i64;
const SWEEP_EVERY_MS: i64 = MINUTE_MS;

/// Daily visitors seen near midnight, at most [`limits::RECENT_VISITORS`] of them. When it is full, further
/// visitors are not noted and count once more on the next day.
#[derive(Default)]
pub struct RecentVisitors {
    noted: AtomicUsize,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    last_seen: FxHashMap<VisitorId, Timestamp>,
    swept_at: Option<Timestamp>,
}

impl RecentVisitors {
    /// How many visitors are noted.
    pub fn len(&self) -> usize {
        self.noted.load(Ordering::Relaxed)
    }

    /// Whether none is noted, as for most of the day.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Notes that daily visitor `id` was seen `at`, if that can matter after the next midnight.
    pub(crate) fn note_before_midnight(&self, id: VisitorId, at: Timestamp) {
        if (at + limits::VISIT_GAP).utc_day() > at.utc_day() {
            self.note(&mut self.lock(), id, at);
        }
    }

    /// Whether `yesterdays`, an id under yesterday's secret, has a visit that is still open `at`; if so, the
    /// visit goes on from there.
    pub(crate) fn goes_on(&self, yesterdays: VisitorId, at: Timestamp) -> bool {
        let mut inner = self.lock();
        self.sweep(&mut inner, at);
        let open = inner.last_seen.get(&yesterdays).is_some_and(|seen| at.since(*seen) < GAP_MS);
        if open {
            self.note(&mut inner, yesterdays, at);
        }
        open
    }

    fn note(&self, inner: &mut Inner, id: VisitorId, at: Timestamp) {
        self.sweep(inner, at);
        if inner.last_seen.len() < limits::RECENT_VISITORS || inner.last_seen.contains_key(&id) {
            let seen = inner.last_seen.entry(id).or_insert(at);
            *seen = at.max(*seen);
        }
        self.noted.store(inner.last_seen.len(), Ordering::Relaxed);
    }

    /// Forgets ended visits, at most once a minute so that a full table is not searched for every event.
    fn sweep(&self, inner: &mut Inner, at: Timestamp) {
        if inner.swept_at.is_some_and(|swept| at.since(swept) < SWEEP_EVERY_MS) {
            return;
        }
        inner.swept_at = Some(at);
        inner.last_seen.retain(|_, seen| at.since(*seen) < GAP_MS);
        if inner.last_seen.is_empty() {
            inner.last_seen.shrink_to_fit();
        }
        self.noted.store(inner.last_seen.len(), Ordering::Relaxed);
    }

    /// A panic elsewhere leaves at worst a visitor forgotten, so a poisoned table is used on.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
