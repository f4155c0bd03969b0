//! Networks that are kept out for a while, and the same list for the machine's own firewall.
//!
//! What is blocked is a network and never an address: none is known.

use std::collections::BTreeMap;
use std::fmt::Write;

use domain::{Network, Timestamp};
use serde::{Deserialize, Serialize};

use crate::config::Cidr;

/// A network that is kept out until a moment comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Block {
    pub(crate) network: Network,
    pub(crate) until: Timestamp,
}

/// The blocks of `now` as a script for `nft -f`: loading it takes the place of what an earlier one loaded, and each ends
/// by itself. This machine and the proxies in front of it are never kept out.
pub(crate) fn as_nftables(blocks: &[Block], proxies: &[Cidr], now: Timestamp) -> String {
    let mut ends: BTreeMap<Network, Timestamp> = BTreeMap::new();
    for block in blocks.iter().filter(|block| block.until > now) {
        let end = ends.entry(block.network).or_insert(block.until);
        *end = block.until.max(*end);
    }
    let elements = |wanted: fn(&Network) -> bool| {
        let chosen = ends.iter().filter(|(network, _)| wanted(network));
        listed(chosen.map(|(network, end)| {
            let seconds = end.since(now).unsigned_abs().div_ceil(1_000);
            format!("{network}/{} timeout {seconds}s", network.bits())
        }))
    };
    let mut script = format!(
        "# Networks that Candor blocks, as of {now}. Load it with: nft -f FILE
table inet candor
delete table inet candor
table inet candor {{
\tset blocked4 {{
\t\ttype ipv4_addr
\t\tflags interval, timeout
{}\t}}
\tset blocked6 {{
\t\ttype ipv6_addr
\t\tflags interval, timeout
{}\t}}
\tchain input {{
\t\ttype filter hook input priority -10; policy accept;
\t\tiif \"lo\" accept
",
        elements(|network| matches!(network, Network::V4(_))),
        elements(|network| matches!(network, Network::V6(_))),
    );
    for proxy in proxies {
        let family = if proxy.is_ipv4() { "ip" } else { "ip6" };
        writeln!(script, "\t\t{family} saddr {proxy} accept").expect("text takes text");
    }
    script.push_str("\t\tip saddr @blocked4 drop\n\t\tip6 saddr @blocked6 drop\n\t}\n}\n");
    script
}

/// The elements of a set. There is no way to write none.
fn listed(elements: impl Iterator<Item = String>) -> String {
    let elements: Vec<String> = elements.collect();
    if elements.is_empty() {
        return String::new();
    }
    format!("\t\telements = {{ {} }}\n", elements.join(", "))
}

#[cfg(test)]
mod tests;
