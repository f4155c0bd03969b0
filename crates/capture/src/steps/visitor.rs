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

/// Who did it. Under cookieless identity a given id is not used.
pub(crate) fn assign(
    site: &Site,
    given: Option<VisitorId>,
    traits: &Traits<'_>,
    at: Timestamp,
    circumstances: &Circumstances<'_>,
) -> VisitorId {
    match given {
        Some(id) if site.settings.identity != IdentityMode::Cookieless => id,
        _ => daily(site.id, traits, at, circumstances),
    }
}

/// Today's id; or yesterday's, while a visit that began under it is still open.
fn daily(site: SiteId, traits: &Traits<'_>, at: Timestamp, circumstances: &Circumstances<'_>) -> VisitorId {
    let recent = circumstances.recent;
    if let Some(yesterday) = circumstances.secrets.yesterday.as_ref().filter(|_| !recent.is_empty()) {
        let id = under(yesterday, site, traits);
        if recent.goes_on(id, at) {
            return id;
        }
    }
    let id = under(&circumstances.secrets.today, site, traits);
    recent.note_before_midnight(id, at);
    id
}

/// The id under one day's secret. Each part of variable length follows its length, so that no two different
/// visitors feed the hash the same bytes.
fn under(secret: &DaySecret, site: SiteId, traits: &Traits<'_>) -> VisitorId {
    let domain = registrable_domain(traits.hostname);
    // HMAC fills a key with zeros up to its block, so handing in the full block is the same and cannot fail.
    let mut block = [0_u8; 64];
    block[..32].copy_from_slice(secret.key());
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    mac.update(&site.0.to_be_bytes());
    mac.update(&traits.address.key_bytes());
    for part in [traits.user_agent, domain] {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
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
