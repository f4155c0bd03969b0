//! Deletes the files of segments that nobody can want any more: replaced ones after a while, and those whose
//! making was cut off before they were published.

use std::time::Duration;

use super::{Progress, Upkeep};
use crate::catalog::Change;
use crate::store::StoreError;

/// How long a replaced segment's file stays, so that a report that began before need not begin again.
const GRACE: Duration = Duration::from_secs(5 * 60);

impl Upkeep {
    /// Deletes what is neither live nor just replaced.
    pub fn collect_garbage(&self) -> Result<Progress, StoreError> {
        let snapshot = self.snapshot()?;
        let now = self.now();
        self.disk.delete_unfinished()?;
        let (due, wanted): (Vec<_>, Vec<_>) =
            snapshot.replaced.into_iter().partition(|(.., at)| *at + GRACE <= now);
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
