//! What the events of a store have to say: the doors by which the rest of Candor asks for reports.

use domain::{SiteId, Timestamp};

use super::current::{current_range, current_visitors};
use super::{WalkCounts, answer_all, first_window};
use crate::catalog::{Bucket, Kept};
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
        self.answer_of(Bucket::ALL, site, queries, threads)
    }

    /// The same, as if the site had no other visitors than those of `whose`. Of ids that are counted as one of theirs those are
    /// counted that lie in a file with some of them.
    pub fn answer_of(
        &self,
        whose: Bucket,
        site: SiteId,
        queries: &[Query],
        threads: usize,
    ) -> Result<(Vec<Answer>, WalkCounts), StoreError> {
        answer_all(queries, threads, |columns, range| {
            self.view_of(whose, site, range, columns, Kept::Counted)
        })
    }

    /// How many rows are looked through to answer `query` about all visitors of `site`, about.
    pub fn rows_for(&self, site: SiteId, query: &Query) -> Result<u64, StoreError> {
        self.rows_near(site, first_window(query), Kept::Counted)
    }

    /// How many visitors of `site` viewed a page in the five minutes before `now`.
    pub fn current_visitors(&self, site: SiteId, now: Timestamp) -> Result<u64, StoreError> {
        let view = self.view(site, current_range(now), &[Column::Name], Kept::Counted)?;
        Ok(current_visitors(&view, now))
    }
}
