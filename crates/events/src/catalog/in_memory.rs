//! A catalog for tests, with the contract of the real one.

use std::collections::BTreeMap;
use std::sync::Mutex;

use domain::{Erased, SiteId};

use super::{Aliases, Catalog, CatalogError, Change, ReasonCount, SegmentId, Snapshot};

#[derive(Default)]
pub(crate) struct InMemoryCatalog(
    Mutex<(Snapshot, Vec<ReasonCount>)>,
    Mutex<Vec<SiteId>>,
    Mutex<BTreeMap<SiteId, Aliases>>,
    Mutex<BTreeMap<u64, Erased>>,
);

impl InMemoryCatalog {
    /// From now on there is no such site.
    pub(crate) fn remove_site(&self, site: SiteId) {
        self.1.lock().unwrap().push(site);
    }

    /// This is said of the visitors of `site` from now on.
    pub(crate) fn say_of(&self, site: SiteId, aliases: Aliases) {
        let snapshot = &mut self.0.lock().unwrap().0;
        snapshot.version += 1;
        snapshot.aliases.insert(site, snapshot.version);
        self.2.lock().unwrap().insert(site, Aliases { version: snapshot.version, ..aliases });
    }

    /// What was erased by this erasure so far.
    pub(crate) fn erased(&self, erasure: u64) -> Erased {
        self.3.lock().unwrap().get(&erasure).cloned().unwrap_or_default()
    }
}

impl Catalog for InMemoryCatalog {
    fn version(&self) -> Result<u64, CatalogError> {
        Ok(self.0.lock().unwrap().0.version)
    }

    fn snapshot(&self) -> Result<Snapshot, CatalogError> {
        Ok(self.0.lock().unwrap().0.clone())
    }

    fn aliases(&self, site: SiteId) -> Result<Aliases, CatalogError> {
        Ok(self.2.lock().unwrap().get(&site).cloned().unwrap_or_default())
    }

    fn publish(&self, change: &Change) -> Result<(), CatalogError> {
        let (state, counts) = &mut *self.0.lock().unwrap();
        let live = |id: &SegmentId| state.segments.iter().any(|segment| segment.id == *id);
        if !change.replace.iter().all(live)
            || change.absorb.iter().any(|number| state.absorbed.contains(number))
        {
            return Err(CatalogError::Conflict);
        }
        for segment in state.segments.extract_if(.., |segment| change.replace.contains(&segment.id)) {
            state.replaced.push((segment.id, segment.site, change.at));
        }
        state.segments.extend(change.add.iter().cloned());
        state.absorbed.extend(&change.absorb);
        state.absorbed.retain(|number| !change.forget_absorbed.contains(number));
        state.replaced.retain(|(id, ..)| !change.forget_replaced.contains(id));
        state.version += 1;
        counts.retain(|count| {
            let too_old = |(site, day): &(SiteId, i64)| count.site == *site && count.utc_day < *day;
            !change.forget_counts.iter().any(too_old)
        });
        counts.extend(&change.count);
        if let Some((erasure, erased)) = &change.erased {
            self.3.lock().unwrap().entry(*erasure).or_default().add(erased.clone());
        }
        Ok(())
    }

    fn has_site(&self, site: SiteId) -> Result<bool, CatalogError> {
        Ok(!self.1.lock().unwrap().contains(&site))
    }

    fn counts(&self, site: SiteId, since: i64) -> Result<Vec<ReasonCount>, CatalogError> {
        let all = &self.0.lock().unwrap().1;
        Ok(all.iter().filter(|count| count.site == site && count.utc_day >= since).copied().collect())
    }
}
