//! What is worth an entry once and again only after a while, so that whoever knocks without end fills no log.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::Timestamp;

/// After how long the same is worth telling again.
pub(crate) const TELL_EVERY: Duration = Duration::from_secs(600);
/// Of how many it is remembered that they were told of. Of more at once the rest goes untold: the log has the first.
pub(crate) const REMEMBERED_MAX: usize = 256;

/// What was told of lately.
pub(crate) struct Seldom<K>(Mutex<HashMap<K, Timestamp>>);

impl<K> Default for Seldom<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash> Seldom<K> {
    /// Whether this is to be told now. Who asks and hears yes tells it.
    pub(crate) fn is_due(&self, what: K, now: Timestamp) -> bool {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|_, until| now < *until);
        if told.contains_key(&what) || told.len() >= REMEMBERED_MAX {
            return false;
        }
        told.insert(what, now + TELL_EVERY);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    #[test]
    fn the_same_is_told_once_in_a_while_and_something_else_at_once() {
        let seldom = Seldom::default();
        assert!(seldom.is_due('a', NOW) && seldom.is_due('b', NOW));
        assert!(!seldom.is_due('a', NOW + (TELL_EVERY - Duration::from_millis(1))));
        assert!(seldom.is_due('a', NOW + TELL_EVERY));
    }

    #[test]
    fn of_so_many_is_told_and_of_no_more_until_those_are_over() {
        let seldom = Seldom::default();
        assert!((0..REMEMBERED_MAX).all(|number| seldom.is_due(number, NOW)));
        assert!(!seldom.is_due(REMEMBERED_MAX, NOW));
        assert!(seldom.is_due(REMEMBERED_MAX, NOW + TELL_EVERY));
    }
}
