//! Who is kept out: networks, each until a moment comes. This machine and the proxies in front of it never are, or one
//! bad client of a proxy would keep out all others.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use domain::{Clock, Network, Timestamp};
use tokio::sync::watch;

use crate::Parts;
use crate::blocks::Block;
use crate::config::Cidr;

type Ends = Arc<HashMap<Network, Timestamp>>;

/// The networks that are kept out.
pub(crate) struct Blocks {
    ends: watch::Sender<Ends>,
    proxies: Vec<Cidr>,
    /// Whether what is blocked until the first moment is kept out at the second.
    keeps_out: fn(Timestamp, Timestamp) -> bool,
    clock: Arc<dyn Clock>,
}

impl Blocks {
    pub(super) fn new(proxies: Vec<Cidr>, parts: &Parts) -> Self {
        let Parts { keeps_out, clock, .. } = parts;
        Self { ends: watch::Sender::default(), proxies, keeps_out: *keeps_out, clock: clock.clone() }
    }

    /// From now on these and no others are blocked.
    pub(super) fn take(&self, blocks: &[Block]) {
        let mut ends = HashMap::new();
        for Block { network, until } in blocks {
            let end = ends.entry(*network).or_insert(*until);
            *end = (*until).max(*end);
        }
        self.ends.send_replace(Arc::new(ends));
    }

    /// Whether this client is kept out now.
    pub(super) fn keep_out(&self, client: IpAddr) -> bool {
        self.are_among(&self.ends.borrow(), client)
    }

    /// Returns once this client is kept out.
    pub(super) async fn wait_until_kept_out(&self, client: IpAddr) {
        let mut ends = self.ends.subscribe();
        // The sender lives as long as this.
        let _ = ends.wait_for(|ends| self.are_among(ends, client)).await;
    }

    /// How many are in force.
    pub(super) fn count(&self) -> u64 {
        let now = self.clock.now();
        self.ends.borrow().values().filter(|end| **end > now).count() as u64
    }

    fn are_among(&self, ends: &Ends, client: IpAddr) -> bool {
        !ends.is_empty()
            && ends.get(&Network::of(client)).is_some_and(|end| (self.keeps_out)(*end, self.clock.now()))
            && !client.to_canonical().is_loopback()
            && !self.proxies.iter().any(|proxy| proxy.contains(client))
    }
}
