//! Step 8, assign the visitor: the id that the sender gives, else one that means a visitor for one UTC day.
//!
//! The daily id is the first 128 bits of HMAC-SHA-256 under the day's secret. Once the secret is dropped,
//! nobody can tie the id to an address. It is made before the address is truncated: neighbours with the
//! same browser would otherwise be one visitor.

use domain::{ClientAddress, DaySecret, IdentityMode, Site, SiteId, Timestamp, VisitorId};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::Circumstances;

/// What tells two visitors without an id apart.
#[derive(Clone, Copy)]
pub(crate) struct Traits<'a> {
    pub(crate) address: ClientAddress,
    pub(crate) user_agent: &'a str,
    pub(crate) hostname: &'a str,
}

/// Who did it. Under cookieless identity a given id is not used, nor that of a visitor who withdrew their consent.
pub(crate) fn assign(
    site: &Site,
    given: Option<VisitorId>,
    traits: &Traits<'_>,
    at: Timestamp,
    circumstances: &Circumstances<'_>,
) -> VisitorId {
    match given {
        Some(id)
            if site.settings.identity != IdentityMode::Cookieless
                && !circumstances.sites.has_withdrawn(site.id, id) =>
        {
            id
        }
        _ => daily(site.id, traits, at, circumstances),
    }
}

/// The id of the day on which it happened; or of the day before, while a visit that began then is open.
fn daily(site: SiteId, traits: &Traits<'_>, at: Timestamp, circumstances: &Circumstances<'_>) -> VisitorId {
    let Circumstances { secrets, recent, .. } = circumstances;
    // A clock that runs ahead into tomorrow belongs to today.
    let day = at.utc_day().min(secrets.today.day);
    let Some(secret) = secrets.of(day) else {
        return forgotten(&secrets.today, day, site, traits);
    };
    if let Some(before) = secrets.of(day - 1).filter(|_| !recent.is_empty()) {
        let id = under(before, site, traits);
        if recent.goes_on(id, at) {
            return id;
        }
    }
    let id = under(secret, site, traits);
    recent.note_before_midnight(id, at);
    id
}

/// The id under one day's secret.
fn under(secret: &DaySecret, site: SiteId, traits: &Traits<'_>) -> VisitorId {
    first_128_bits(feed(keyed(secret), site, traits))
}

/// The id of a day whose secret is gone, for a late event: under today's secret with the day beside it, so
/// that it ties no two days together either.
fn forgotten(today: &DaySecret, day: i64, site: SiteId, traits: &Traits<'_>) -> VisitorId {
    first_128_bits(feed(keyed(today), site, traits).chain_update(day.to_be_bytes()))
}

fn keyed(secret: &DaySecret) -> Hmac<Sha256> {
    // HMAC fills a key with zeros up to its block, so handing in the full block is the same and cannot fail.
    let mut block = [0_u8; 64];
    block[..32].copy_from_slice(secret.key());
    <Hmac<Sha256> as KeyInit>::new(&block.into())
}

/// Each part of variable length follows its length, so that no two visitors feed the hash the same bytes.
fn feed(mac: Hmac<Sha256>, site: SiteId, traits: &Traits<'_>) -> Hmac<Sha256> {
    let fixed = mac.chain_update(site.0.to_be_bytes()).chain_update(traits.address.key_bytes());
    [traits.user_agent, registrable_domain(traits.hostname)]
        .into_iter()
        .fold(fixed, |mac, part| mac.chain_update((part.len() as u64).to_be_bytes()).chain_update(part))
}

fn first_128_bits(mac: Hmac<Sha256>) -> VisitorId {
    let digest = mac.finalize().into_bytes();
    VisitorId::from_u128(digest.iter().take(16).fold(0, |bits, &byte| (bits << 8) | u128::from(byte)))
}

/// `example.co.uk` for `shop.example.co.uk`; the bare host if it is an address or has no public suffix.
fn registrable_domain(host: &str) -> &str {
    let is_address = host.parse::<std::net::IpAddr>().is_ok();
    if is_address { host } else { psl::domain_str(host).unwrap_or(host) }
}

#[cfg(test)]
mod tests;
