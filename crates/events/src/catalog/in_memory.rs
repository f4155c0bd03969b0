//! A catalog for tests, with the contract of the real one.

use std::sync::Mutex;

use domain::SiteId;

use super::{Catalog, CatalogError, Change, ReasonCount, SegmentId, Snapshot};

#[derive(Default)]
pub(crate) struct InMemoryCatalog(Mutex<(Snapshot, Vec<ReasonCount>)>, Mutex<Vec<SiteId>>);

impl InMemoryCatalog {
    /// From now on there is no such site.
    pub(crate) fn remove_site(&self, site: SiteId) {
        self.1.lock().unwrap().push(site);
    }
}

impl Catalog for InMemoryCatalog {
    fn version(&self) -> Result<u64, CatalogError> {
        Ok(self.0.lock().unwrap().0.version)
    }

    fn snapshot(&self) -> Result<Snapshot, CatalogError> {
        Ok(self.0.lock().unwrap().0.clone())
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
        counts.extend(&change.count);
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
