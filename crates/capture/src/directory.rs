//! The sites an event may be for, found by the domain it names.

use std::collections::BTreeSet;

use domain::{OrganizationId, Refusal, Site, SiteId, VisitorId};
use rustc_hash::{FxHashMap, FxHashSet};

/// All sites of this server, as the edge knows them. Replaced as a whole when a site changes.
#[derive(Clone, Debug, Default)]
pub struct SiteDirectory {
    by_domain: FxHashMap<Box<str>, Site>,
    /// The domain of each site, by its write key.
    by_key: FxHashMap<Box<str>, Box<str>>,
    /// Who withdrew the consent by which they were known.
    withdrawn: FxHashSet<(SiteId, VisitorId)>,
    /// Who objected to being measured.
    objected: FxHashSet<(SiteId, VisitorId)>,
    /// Whose subscription has ended.
    ended: BTreeSet<OrganizationId>,
}

impl SiteDirectory {
    /// A directory of `sites`. Of two with the same domain the later stays.
    pub fn new(sites: impl IntoIterator<Item = Site>) -> Self {
        let by_domain: FxHashMap<Box<str>, Site> =
            sites.into_iter().map(|site| (site.domain.as_str().into(), site)).collect();
        let by_key =
            by_domain.iter().map(|(domain, site)| (site.write_key.as_str().into(), domain.clone())).collect();
        Self { by_domain, by_key, ..Self::default() }
    }

    /// The same where these visitors withdrew their consent.
    #[must_use]
    pub fn without(self, withdrawn: impl IntoIterator<Item = (SiteId, VisitorId)>) -> Self {
        Self { withdrawn: withdrawn.into_iter().collect(), ..self }
    }

    /// The same where these visitors objected.
    #[must_use]
    pub fn objecting(self, objected: impl IntoIterator<Item = (SiteId, VisitorId)>) -> Self {
        Self { objected: objected.into_iter().collect(), ..self }
    }

    /// The site of this write key.
    pub fn of_write_key(&self, key: &str) -> Option<&Site> {
        self.find(self.by_key.get(key)?)
    }

    /// Whether a visitor withdrew the consent by which they were known.
    pub fn has_withdrawn(&self, site: SiteId, visitor: VisitorId) -> bool {
        self.withdrawn.contains(&(site, visitor))
    }

    /// Whether a visitor objected to being measured.
    pub(crate) fn has_objected(&self, site: SiteId, visitor: VisitorId) -> bool {
        self.objected.contains(&(site, visitor))
    }

    /// Whether anybody did.
    pub(crate) fn somebody_objected(&self) -> bool {
        !self.objected.is_empty()
    }

    /// The same where the subscriptions of these organizations have ended.
    #[must_use]
    pub fn ended(self, ended: impl IntoIterator<Item = OrganizationId>) -> Self {
        Self { ended: ended.into_iter().collect(), ..self }
    }

    /// Whether something may be added to what is kept of a site.
    pub(crate) fn admits(&self, site: &Site) -> Result<(), Refusal> {
        if self.ended.contains(&site.organization) { Err(Refusal::SubscriptionEnded) } else { Ok(()) }
    }

    /// The site of `domain`, which is lower case and without `www.`.
    pub fn find(&self, domain: &str) -> Option<&Site> {
        self.by_domain.get(domain)
    }

    /// Every site, in no order.
    pub fn sites(&self) -> impl Iterator<Item = &Site> {
        self.by_domain.values()
    }
}
