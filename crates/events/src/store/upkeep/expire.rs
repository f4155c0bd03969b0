//! What is older than its site keeps goes: whole segments at once, and of others the rows that are too old.

use std::collections::BTreeMap;

use domain::{SiteId, Timestamp};

use super::{Progress, Upkeep};
use crate::catalog::{Change, Segment};
use crate::store::StoreError;
use crate::store::held::open;

impl Upkeep {
    /// Takes out the rows of each of these sites that happened before its moment, and its counts of the UTC days before it.
    ///
    /// # Errors
    /// [`StoreError`]; what was not done is done when it is asked for again.
    pub fn expire(&self, oldest: &BTreeMap<SiteId, Timestamp>) -> Result<Progress, StoreError> {
        let snapshot = self.snapshot()?;
        let oldest_of = |segment: &Segment| oldest.get(&segment.site).copied();
        let over = |segment: &&Segment| oldest_of(segment).is_some_and(|oldest| segment.last < oldest);
        let in_part = |segment: &&Segment| {
            oldest_of(segment).is_some_and(|oldest| segment.first < oldest && oldest <= segment.last)
        };
        let mut change = Change::new(self.now());
        change.replace = snapshot.segments.iter().filter(over).map(|segment| segment.id).collect();
        change.forget_counts = self.old_counts(oldest)?;
        let mut progress = Progress::Idle;
        if !change.replace.is_empty() || !change.forget_counts.is_empty() {
            self.step()?;
            self.catalog.publish(&change)?;
            progress = Progress::Made;
        }
        // One at a time: what is under way is never more than one segment.
        for segment in snapshot.segments.iter().filter(in_part) {
            self.step()?;
            let held = open(&self.expiring, &[segment], |_| Ok(true))?;
            let oldest = oldest[&segment.site];
            self.swap(&held, |held| held.spine.since(oldest), None)?;
            progress = Progress::Made;
        }
        if progress == Progress::Made {
            self.clear(oldest.keys().copied())?;
        }
        Ok(progress)
    }

    /// The sites of which something older is counted.
    fn old_counts(&self, oldest: &BTreeMap<SiteId, Timestamp>) -> Result<Vec<(SiteId, i64)>, StoreError> {
        let mut old = Vec::new();
        for (site, oldest) in oldest {
            let day = oldest.utc_day();
            let counts = self.catalog.counts(*site, i64::MIN)?;
            if counts.iter().any(|count| count.utc_day < day) {
                old.push((*site, day));
            }
        }
        Ok(old)
    }
}
