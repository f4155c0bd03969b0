//! Merged rows become segment files, ready to be published.

use std::sync::Arc;

use domain::{SiteId, Timestamp};

use super::Upkeep;
use crate::catalog::{BUCKET_BITS_MAX, Bucket, Kept, Level, Segment};
use crate::dictionary::Dictionaries;
use crate::rows::{Column, Run, Spine, merge_codes, merge_order};
use crate::segments::{Encoded, encode};
use crate::store::StoreError;

/// Rows of a segment. Only a single visitor with more may exceed it, since a visitor is never split.
pub(super) const ROWS_MAX: u64 = 1_000_000;

/// What the rows of a new segment have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shelf {
    pub(super) site: SiteId,
    pub(super) kept: Kept,
    pub(super) level: Level,
    pub(super) bucket: Bucket,
    /// The journal files they came from.
    pub(super) arrival: (u64, u64),
    pub(super) ids_until: Option<Timestamp>,
}

/// How many bits of a visitor's key buckets must share so that `rows` rows fit the limit.
///
/// Visitors spread evenly, but not exactly: a few rows in a hundred are left free.
pub(super) fn bucket_bits(rows: u64) -> u8 {
    let fits = |bits: &u8| rows >> bits <= ROWS_MAX / 100 * 97;
    (0..BUCKET_BITS_MAX).find(fits).unwrap_or(BUCKET_BITS_MAX)
}

/// Merges runs that have every column, in ascending order of arrival, within one bucket.
pub(super) fn merge_runs(runs: &[&Run], bucket: Bucket) -> Run {
    let spines: Vec<&Spine> = runs.iter().map(|run| &*run.spine).collect();
    let order = merge_order(&spines, &bucket.keys());
    let column = |column: Column| {
        let codes: Vec<_> = runs.iter().filter_map(|run| run.column(column)).map(|codes| &**codes).collect();
        (column, Arc::new(merge_codes(&codes, &order.from)))
    };
    Run {
        spine: Arc::new(order.spine(&spines)),
        columns: Column::ALL.into_iter().map(column).collect(),
        arrival: 0,
    }
}

impl Upkeep {
    /// Writes one segment; `None` when there are no rows, or no such site any more, whose key is gone. It is
    /// served once it is published.
    pub(super) fn write_segment(
        &self,
        run: &Run,
        texts: &Dictionaries,
        shelf: Shelf,
    ) -> Result<Option<Segment>, StoreError> {
        self.step()?;
        if run.spine.rows() == 0 || !self.catalog.has_site(shelf.site)? {
            return Ok(None);
        }
        self.put_segment(&run.spine, encode(run, texts), shelf)
    }

    /// The same of one that is encoded already.
    pub(super) fn put_segment(
        &self,
        spine: &Spine,
        encoded: Encoded,
        shelf: Shelf,
    ) -> Result<Option<Segment>, StoreError> {
        self.step()?;
        let Some((first, last)) = spine.span() else { return Ok(None) };
        if !self.catalog.has_site(shelf.site)? {
            return Ok(None);
        }
        let (id, bytes) = (self.new_id(), encoded.bytes.len() as u64);
        self.disk.write_segment(shelf.site, id, encoded.bytes, &self.seals)?;
        Ok(Some(Segment {
            id,
            site: shelf.site,
            kept: shelf.kept,
            level: shelf.level,
            bucket: shelf.bucket,
            rows: spine.rows() as u32,
            first,
            last,
            arrival: shelf.arrival,
            ids_until: shelf.ids_until.filter(|_| !spine.ids.is_empty()),
            made_at: self.now(),
            bytes,
            text_bytes: encoded.text_bytes,
            footer: encoded.footer,
        }))
    }
}
