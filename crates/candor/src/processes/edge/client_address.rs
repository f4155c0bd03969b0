//! Whose request it is: the socket's peer, or, where the peer is a trusted proxy, the nearest address in
//! X-Forwarded-For that is not one.
//!
//! The header is walked from the right and never trusted beyond the first address that no configured proxy
//! vouches for: whatever stands left of it was written by the client.

use std::net::{IpAddr, SocketAddr};

use hyper::header::HeaderMap;

use crate::config::Cidr;

/// The client's address. It is shown to nobody.
pub(super) fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[Cidr]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|range| range.contains(address));
    let mut client = peer.to_canonical();
    if trusted.is_empty() || !is_trusted(client) {
        return client;
    }
    let values: Vec<&[u8]> =
        headers.get_all("x-forwarded-for").iter().map(hyper::header::HeaderValue::as_bytes).collect();
    let hops = values.iter().rev().flat_map(|value| value.rsplit(|&byte| byte == b','));
    for hop in hops {
        let Some(address) = parse(hop) else { break };
        client = address.to_canonical();
        if !is_trusted(client) {
            break;
        }
    }
    client
}

/// `203.0.113.7`, `203.0.113.7:49152`, `2001:db8::7`, `[2001:db8::7]` or `[2001:db8::7]:49152`.
fn parse(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim();
    text.parse()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
        .or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}
