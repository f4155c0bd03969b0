//! Step 2, admit the site: an event may name several, and each gets its own copy.

use domain::Site;

use crate::wire::{Address, Claim};
use crate::{Malformed, SiteDirectory};

/// The page's address, taken apart.
pub(crate) fn page<'a>(claim: &'a Claim<'_>) -> Result<Address<'a>, Malformed> {
    Address::parse(&claim.page)
        .ok_or_else(|| Malformed::new("url", "must be an address such as https://example.com/page"))
}

/// The sites that the claim names, each once; none for a name that is no site's. Without a name the page's
/// host is the name.
pub(crate) fn sites<'s>(
    claim: &Claim<'_>,
    page: &Address<'_>,
    directory: &'s SiteDirectory,
) -> Vec<Option<&'s Site>> {
    let Some(list) = &claim.domains else { return vec![directory.find(&page.host)] };
    let mut named: Vec<Option<&Site>> = Vec::with_capacity(1);
    for domain in list.split(',').map(str::trim).filter(|domain| !domain.is_empty()) {
        let site = find(directory, domain);
        if site.is_none_or(|site| named.iter().flatten().all(|other| other.id != site.id)) {
            named.push(site);
        }
    }
    named
}

/// The site of this domain, as a sender may write it.
pub(crate) fn find<'s>(directory: &'s SiteDirectory, domain: &str) -> Option<&'s Site> {
    directory.find(domain).or_else(|| {
        let lower = domain.to_ascii_lowercase();
        directory.find(lower.strip_prefix("www.").unwrap_or(&lower))
    })
}

#[cfg(test)]
mod tests;
