//! What was tried lately by people whom nobody knows, by network and by kind, and how long one must wait before the next: whoever
//! makes tokens up costs the keeper neither a hash nor lines of its audit file, and nobody fills a site's queue. In memory only; what
//! a link is worth the keeper alone knows.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use domain::{HOUR_MS, Network, Timestamp};
use sealing::protocol::people::NotDone;

use super::state::App;
use crate::http::asking::{From, refused};
use crate::http::problem::Problem;

/// Tries of a kind from a network that cost nothing: many people may share one.
const FREE: u32 = 20;
/// The longest wait, in seconds.
const WAIT_MAX: u32 = 15 * 60;
/// A try is forgotten after so long.
const REMEMBERED_MS: i64 = HOUR_MS;
/// Networks that are remembered, each as often as it tried in kinds.
const NETWORKS_MAX: usize = 10_000;

/// What is tried. Of a link only one that is wrong counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Trying {
    Invitation,
    Password,
    OneTime,
    /// To ask a site what it keeps: anybody may.
    Request,
}

/// How often a kind was tried from a network, and when last.
#[derive(Clone, Copy)]
struct Tried {
    times: u32,
    last: Timestamp,
}

/// What was tried lately, by where it came from.
pub(crate) struct Tries<K = (Network, Trying)>(Mutex<HashMap<K, Tried>>);

impl<K> Default for Tries<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash> Tries<K> {
    /// Seconds that are left to wait: twice as many after each try.
    fn left(&self, from: &K, now: Timestamp) -> u32 {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = known.get(from).filter(|tried| now.0 - tried.last.0 <= REMEMBERED_MS);
        let Some(Tried { times, last }) = recent.filter(|tried| tried.times > FREE) else { return 0 };
        let wait = 2_u32.saturating_pow((times - FREE - 1).min(16)).min(WAIT_MAX);
        let waited = (now.0 - last.0).max(0) / 1_000;
        u32::try_from(i64::from(wait).saturating_sub(waited)).unwrap_or(0)
    }

    fn once_more(&self, from: K, now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= NETWORKS_MAX {
            known.retain(|_, tried| now.0 - tried.last.0 <= REMEMBERED_MS);
        }
        // Memory must not grow by what strangers send: at last all begin anew.
        if known.len() >= NETWORKS_MAX {
            known.retain(|_, tried| tried.times > FREE);
        }
        if known.len() >= NETWORKS_MAX {
            known.clear();
        }
        let tried = known.entry(from).or_insert(Tried { times: 0, last: now });
        let before = if now.0 - tried.last.0 > REMEMBERED_MS { 0 } else { tried.times };
        *tried = Tried { times: before + 1, last: now };
    }
}

impl App {
    /// Whether it may be tried from there now. Commands of this account come from no network, and may.
    pub(crate) fn may_try(&self, what: Trying, from: &From) -> Result<(), Problem> {
        let now = self.clock.now();
        match from.network.map_or(0, |network| self.tries.left(&(network, what), now)) {
            0 => Ok(()),
            seconds => Err(refused(&NotDone::Wait(seconds))),
        }
    }

    /// Puts a link to use, if one may be tried from there now. One that is no good counts.
    pub(crate) fn try_link<T>(
        &self,
        what: Trying,
        from: &From,
        put_to_use: impl FnOnce() -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.may_try(what, from)?;
        let done = put_to_use();
        if let Err(problem) = &done
            && problem.is_gone()
        {
            self.count_try(what, from);
        }
        done
    }

    /// Counts a try that makes later ones wait.
    pub(crate) fn count_try(&self, what: Trying, from: &From) {
        if let Some(network) = from.network {
            self.tries.once_more((network, what), self.clock.now());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    #[test]
    fn twenty_tries_from_a_network_cost_nothing_and_each_more_doubles_the_wait() {
        let tries = Tries::default();
        for _ in 0..FREE {
            tries.once_more('a', NOW);
            assert_eq!(tries.left(&'a', NOW), 0);
        }
        let waits: Vec<u32> = (0..13)
            .map(|_| {
                tries.once_more('a', NOW);
                tries.left(&'a', NOW)
            })
            .collect();
        assert_eq!(waits[..10], [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
        assert_eq!(waits[10..], [WAIT_MAX; 3]);
        assert_eq!(tries.left(&'b', NOW), 0, "another network waits for nobody");
        let later = NOW + Duration::from_secs(u64::from(WAIT_MAX));
        assert_eq!(
            (tries.left(&'a', NOW + Duration::from_secs(1)), tries.left(&'a', later)),
            (WAIT_MAX - 1, 0)
        );
        tries.once_more('a', Timestamp(NOW.0 + REMEMBERED_MS + 1));
        assert_eq!(tries.left(&'a', Timestamp(NOW.0 + REMEMBERED_MS + 1)), 0, "it is forgotten");
    }

    #[test]
    fn of_more_networks_than_are_remembered_those_that_wait_go_on_waiting() {
        let tries = Tries::default();
        for _ in 0..=FREE {
            tries.once_more(usize::MAX, NOW);
        }
        for network in 0..NETWORKS_MAX - 1 {
            tries.once_more(network, NOW);
        }
        assert_eq!(tries.0.lock().unwrap().len(), NETWORKS_MAX);
        tries.once_more(NETWORKS_MAX, NOW);
        assert_eq!(tries.0.lock().unwrap().len(), 2);
        assert_eq!(tries.left(&usize::MAX, NOW), 1);
    }
}
