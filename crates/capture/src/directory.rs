//! The sites an event may be for, found by the domain it names.

use domain::Site;
use rustc_hash::FxHashMap;

/// All sites of this server, as the edge knows them. Replaced as a whole when a site changes.
#[derive(Clone, Debug, Default)]
pub struct SiteDirectory {
    by_domain: FxHashMap<Box<str>, Site>,
}

impl SiteDirectory {
    /// A directory of `sites`. Of two with the same domain the later stays.
    pub fn new(sites: impl IntoIterator<Item = Site>) -> Self {
        let by_domain = sites.into_iter().map(|site| (site.domain.as_str().into(), site)).collect();
        Self { by_domain }
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
