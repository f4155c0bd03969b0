//! What the events of a store have to say: the doors by which the rest of Candor asks for reports.

use domain::{SiteId, Timestamp};

use super::current::{current_range, current_visitors};
use super::{WalkCounts, answer_all};
use crate::catalog::Kept;
use crate::query::{Answer, Query};
use crate::rows::Column;
use crate::store::{Store, StoreError};

impl Store {
    /// Answers `queries` about `site` in their order, on at most `threads` threads; queries whose times lie
    /// together share one walk. Every event committed before the call is part of it.
    pub fn answer(
        &self,
        site: SiteId,
        queries: &[Query],
        threads: usize,
    ) -> Result<(Vec<Answer>, WalkCounts), StoreError> {
        answer_all(queries, threads, |columns, range| self.view(site, range, columns, Kept::Counted))
    }

    /// How many visitors of `site` viewed a page in the five minutes before `now`.
    pub fn current_visitors(&self, site: SiteId, now: Timestamp) -> Result<u64, StoreError> {
        let view = self.view(site, current_range(now), &[Column::Name], Kept::Counted)?;
        Ok(current_visitors(&view, now))
    }
}
