//! Deletes the files of segments that nobody can want any more: replaced ones after a while, and those whose
//! making was cut off before they were published.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::SiteId;

use super::{Progress, Upkeep};
use crate::catalog::Change;
use crate::store::StoreError;

/// How long a replaced segment's file stays, so that a report that began before need not begin again.
const GRACE: Duration = Duration::from_secs(5 * 60);

impl Upkeep {
    /// Deletes what is neither live nor just replaced.
    pub fn collect_garbage(&self) -> Result<Progress, StoreError> {
        self.clear([])
    }

    /// The same where of these sites nothing stays that is replaced: a report that began before begins again.
    pub(super) fn clear(&self, at_once: impl IntoIterator<Item = SiteId>) -> Result<Progress, StoreError> {
        let at_once: BTreeSet<SiteId> = at_once.into_iter().collect();
        let snapshot = self.snapshot()?;
        let now = self.now();
        self.disk.delete_unfinished()?;
        let (due, wanted): (Vec<_>, Vec<_>) = snapshot
            .replaced
            .into_iter()
            .partition(|(_, site, at)| *at + GRACE <= now || at_once.contains(site));
        for (site, id) in self.disk.stored_segments()? {
            let live = snapshot.segments.iter().any(|segment| segment.id == id);
            if !live && !wanted.iter().any(|(replaced, ..)| *replaced == id) {
                self.step()?;
                self.disk.delete_segment(site, id)?;
            }
        }
        if due.is_empty() {
            return Ok(Progress::Idle);
        }
        let mut change = Change::new(now);
        change.forget_replaced = due.iter().map(|(id, ..)| *id).collect();
        self.catalog.publish(&change)?;
        Ok(Progress::Made)
    }
}
