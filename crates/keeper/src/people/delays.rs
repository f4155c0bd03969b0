//! What was wrong lately, and how long one must wait before the next try: by account, whether there is one or not, and
//! by network. Nobody is locked out for good, and passkeys are never held up. In memory only.

use std::collections::{BTreeMap, BTreeSet};

use domain::{HOUR_MS, MINUTE_MS, Timestamp};
use sealing::protocol::people::NotDone;

use super::registry::Digest;
use crate::left_out::{Check, is_left_out};

/// Wrong tries of an account that cost nothing.
const FREE_OF_ACCOUNT: u32 = 4;
/// Wrong tries from a network that cost nothing: many people may share one.
const FREE_OF_NETWORK: u32 = 20;
/// The longest wait, in seconds.
const WAIT_MAX: u32 = 15 * 60;
/// What was wrong is forgotten after so long.
const REMEMBERED_MS: i64 = HOUR_MS;
/// Accounts that one network tries wrongly, within [`ATTACK_MS`], before it is taken for an attack.
const ATTACKED_ACCOUNTS: usize = 5;
/// Wrong tries that it takes, too.
const ATTACK_TRIES: usize = 10;
const ATTACK_MS: i64 = 10 * MINUTE_MS;
/// How long such a network is blocked.
const BLOCKED_MS: i64 = 15 * MINUTE_MS;
/// Accounts and networks that are remembered, each.
const REMEMBERED_MAX: usize = 100_000;

/// What was wrong of one of them.
struct Wrong {
    times: u32,
    last: Timestamp,
}

/// What was wrong lately.
#[derive(Default)]
pub(super) struct Delays {
    accounts: BTreeMap<Digest, Wrong>,
    networks: BTreeMap<String, Wrong>,
    /// When which network tried which account wrongly.
    tries: BTreeMap<String, Vec<(Timestamp, Digest)>>,
}

impl Delays {
    /// How many accounts and networks are remembered.
    #[cfg(test)]
    pub(super) fn remembered(&self) -> [usize; 3] {
        [self.accounts.len(), self.networks.len(), self.tries.len()]
    }

    /// Whether a try may be made now.
    pub(super) fn check(&self, account: Digest, network: &str, now: Timestamp) -> Result<(), NotDone> {
        let of = |wrong: Option<&Wrong>, free| wrong.map_or(0, |wrong| wrong.left(free, now));
        let left = of(self.accounts.get(&account), FREE_OF_ACCOUNT);
        match left.max(of(self.networks.get(network), FREE_OF_NETWORK)) {
            0 => Ok(()),
            _ if is_left_out(Check::Delays) => Ok(()),
            seconds => Err(NotDone::Wait(seconds)),
        }
    }

    /// A try was wrong. Until when its network should be blocked, if it attacks.
    pub(super) fn wrong(&mut self, account: Digest, network: &str, now: Timestamp) -> Option<Timestamp> {
        self.forget(now);
        self.accounts.entry(account).or_default().once_more(now);
        if network.is_empty() {
            return None;
        }
        self.networks.entry(network.to_owned()).or_default().once_more(now);
        let tries = self.tries.entry(network.to_owned()).or_default();
        tries.retain(|(at, _)| now.0 - at.0 <= ATTACK_MS);
        tries.push((now, account));
        let accounts: BTreeSet<Digest> = tries.iter().map(|(_, account)| *account).collect();
        let attacks = accounts.len() >= ATTACKED_ACCOUNTS && tries.len() >= ATTACK_TRIES;
        attacks.then_some(Timestamp(now.0 + BLOCKED_MS))
    }

    /// A try was right: what was wrong of the account before was its own.
    pub(super) fn right(&mut self, account: Digest) {
        self.accounts.remove(&account);
    }

    fn forget(&mut self, now: Timestamp) {
        make_room(&mut self.accounts, FREE_OF_ACCOUNT, now);
        make_room(&mut self.networks, FREE_OF_NETWORK, now);
        if self.tries.len() >= REMEMBERED_MAX {
            let recent = |(at, _): &(Timestamp, Digest)| now.0 - at.0 <= ATTACK_MS;
            self.tries.retain(|_, tries| tries.last().is_some_and(recent));
        }
        if self.tries.len() >= REMEMBERED_MAX {
            self.tries.clear();
        }
    }
}

/// Lets go of what is old, where there is too much of it; then of what costs no wait yet; and at last of everything, since
/// memory must not grow by what strangers send. To get so far takes hours of passwords checked.
fn make_room<T: Ord>(of: &mut BTreeMap<T, Wrong>, free: u32, now: Timestamp) {
    if of.len() >= REMEMBERED_MAX {
        of.retain(|_, wrong| now.0 - wrong.last.0 <= REMEMBERED_MS);
    }
    if of.len() >= REMEMBERED_MAX {
        of.retain(|_, wrong| wrong.times > free);
    }
    if of.len() >= REMEMBERED_MAX {
        of.clear();
    }
}

impl Default for Wrong {
    fn default() -> Self {
        Self { times: 0, last: Timestamp(0) }
    }
}

impl Wrong {
    fn once_more(&mut self, now: Timestamp) {
        if now.0 - self.last.0 > REMEMBERED_MS {
            self.times = 0;
        }
        self.times += 1;
        self.last = now;
    }

    /// Seconds that are left to wait: twice as many after each wrong try.
    fn left(&self, free: u32, now: Timestamp) -> u32 {
        let over = self.times.saturating_sub(free);
        if over == 0 || now.0 - self.last.0 > REMEMBERED_MS {
            return 0;
        }
        let wait = 2_u32.saturating_pow((over - 1).min(16)).min(WAIT_MAX);
        let waited = (now.0 - self.last.0).max(0) / 1_000;
        i64::from(wait).saturating_sub(waited).max(0) as u32
    }
}
