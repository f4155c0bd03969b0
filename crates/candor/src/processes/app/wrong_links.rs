//! Links that were wrong lately, by network and by what they are for, and how long one must wait before the next: whoever makes
//! tokens up costs the keeper neither a hash nor lines of its audit file. In memory only; what a link is worth the keeper alone knows.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use domain::{HOUR_MS, Network, Timestamp};
use sealing::protocol::people::NotDone;

use super::state::App;
use crate::http::asking::{From, refused};
use crate::http::problem::Problem;

/// Wrong links of a kind from a network that cost nothing: many people may share one.
const FREE: u32 = 20;
/// The longest wait, in seconds.
const WAIT_MAX: u32 = 15 * 60;
/// What was wrong is forgotten after so long.
const REMEMBERED_MS: i64 = HOUR_MS;
/// Networks that are remembered, each as often as it was wrong in kinds.
const NETWORKS_MAX: usize = 10_000;

/// What a link is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum LinkFor {
    Invitation,
    Password,
    OneTime,
    /// No link, and nothing wrong: what visitors ask of sites is slowed down the same way, for anybody may.
    Request,
}

/// What was wrong of one of them.
#[derive(Clone, Copy)]
struct Wrong {
    times: u32,
    last: Timestamp,
}

/// What was wrong lately, by where it came from.
pub(crate) struct WrongLinks<K = (Network, LinkFor)>(Mutex<HashMap<K, Wrong>>);

impl<K> Default for WrongLinks<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash> WrongLinks<K> {
    /// Seconds that are left to wait: twice as many after each wrong one.
    fn left(&self, from: &K, now: Timestamp) -> u32 {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = known.get(from).filter(|wrong| now.0 - wrong.last.0 <= REMEMBERED_MS);
        let Some(Wrong { times, last }) = recent.filter(|wrong| wrong.times > FREE) else { return 0 };
        let wait = 2_u32.saturating_pow((times - FREE - 1).min(16)).min(WAIT_MAX);
        let waited = (now.0 - last.0).max(0) / 1_000;
        u32::try_from(i64::from(wait).saturating_sub(waited)).unwrap_or(0)
    }

    fn once_more(&self, from: K, now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= NETWORKS_MAX {
            known.retain(|_, wrong| now.0 - wrong.last.0 <= REMEMBERED_MS);
        }
        // Memory must not grow by what strangers send: at last all begin anew.
        if known.len() >= NETWORKS_MAX {
            known.retain(|_, wrong| wrong.times > FREE);
        }
        if known.len() >= NETWORKS_MAX {
            known.clear();
        }
        let wrong = known.entry(from).or_insert(Wrong { times: 0, last: now });
        let before = if now.0 - wrong.last.0 > REMEMBERED_MS { 0 } else { wrong.times };
        *wrong = Wrong { times: before + 1, last: now };
    }
}

impl App {
    /// Whether a link may be tried from there now. Commands of this account come from no network, and may.
    pub(crate) fn may_try_link(&self, link: LinkFor, from: &From) -> Result<(), Problem> {
        let now = self.clock.now();
        match from.network.map_or(0, |network| self.wrong_links.left(&(network, link), now)) {
            0 => Ok(()),
            seconds => Err(refused(&NotDone::Wait(seconds))),
        }
    }

    /// Puts a link to use, if one may be tried from there now.
    pub(crate) fn try_link<T>(
        &self,
        link: LinkFor,
        from: &From,
        put_to_use: impl FnOnce() -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.may_try_link(link, from)?;
        let done = put_to_use();
        if let Err(problem) = &done
            && problem.is_gone()
        {
            self.count_try(link, from);
        }
        done
    }

    /// Counts a try that makes later ones wait.
    pub(crate) fn count_try(&self, link: LinkFor, from: &From) {
        if let Some(network) = from.network {
            self.wrong_links.once_more((network, link), self.clock.now());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    #[test]
    fn twenty_wrong_links_from_a_network_cost_nothing_and_each_more_doubles_the_wait() {
        let links = WrongLinks::default();
        for _ in 0..FREE {
            links.once_more('a', NOW);
            assert_eq!(links.left(&'a', NOW), 0);
        }
        let waits: Vec<u32> = (0..13)
            .map(|_| {
                links.once_more('a', NOW);
                links.left(&'a', NOW)
            })
            .collect();
        assert_eq!(waits[..10], [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
        assert_eq!(waits[10..], [WAIT_MAX; 3]);
        assert_eq!(links.left(&'b', NOW), 0, "another network waits for nobody");
        let later = NOW + Duration::from_secs(u64::from(WAIT_MAX));
        assert_eq!(
            (links.left(&'a', NOW + Duration::from_secs(1)), links.left(&'a', later)),
            (WAIT_MAX - 1, 0)
        );
        links.once_more('a', Timestamp(NOW.0 + REMEMBERED_MS + 1));
        assert_eq!(links.left(&'a', Timestamp(NOW.0 + REMEMBERED_MS + 1)), 0, "it is forgotten");
    }

    #[test]
    fn of_more_networks_than_are_remembered_those_that_wait_go_on_waiting() {
        let links = WrongLinks::default();
        for _ in 0..=FREE {
            links.once_more(usize::MAX, NOW);
        }
        for network in 0..NETWORKS_MAX - 1 {
            links.once_more(network, NOW);
        }
        assert_eq!(links.0.lock().unwrap().len(), NETWORKS_MAX);
        links.once_more(NETWORKS_MAX, NOW);
        assert_eq!(links.0.lock().unwrap().len(), 2);
        assert_eq!(links.left(&usize::MAX, NOW), 1);
    }
}
