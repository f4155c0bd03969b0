//! What a store holds of a visitor: counted, and not shown.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Erased, SiteId, Timestamp, VisitorId};

use super::held::{Share, open, shares, sum};
use super::{Store, StoreError};
use crate::catalog::{Kept, Segment};
use crate::rows::{Run, Spine, VisitorKey};

/// What there is of some visitors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfVisitors {
    /// What erasing them would take out; the files are the segments that would be written anew, and none of the journal.
    pub found: Erased,
    /// Bytes of segments that are theirs, by their share of the rows.
    pub bytes_about: u64,
}

impl Store {
    /// What there is of `visitors` of `site` now, in segments and in the journal, counted or set aside.
    ///
    /// # Errors
    /// [`StoreError`] where something cannot be read: what is not found is not there.
    pub fn of_visitors(&self, site: SiteId, visitors: &[VisitorId]) -> Result<OfVisitors, StoreError> {
        let keys: BTreeSet<VisitorKey> = visitors.iter().copied().map(VisitorKey::from).collect();
        self.steadily(|| {
            let state = self.follow(site)?;
            let snapshot = state.snapshot.clone();
            let tail: Vec<(Kept, Run)> = [Kept::Counted, Kept::SetAside]
                .into_iter()
                .flat_map(|kept| state.waiting(site, kept).map(move |waiting| (kept, waiting.run.clone())))
                .collect();
            drop(state);
            let held = shares(&self.disk, &snapshot, site, &keys)?;
            let segments = held.iter().map(|held| (held.segment.kept, &held.spine));
            let waiting = tail.iter().map(|(kept, run)| (*kept, &*run.spine));
            let runs: Vec<(Kept, &Spine)> = segments.chain(waiting).collect();
            let mut found = sum(&runs, &keys);
            found.files = held.iter().map(|held| format!("{}.parquet", held.segment.id)).collect();
            let share = |held: &Share| {
                held.segment.bytes * held.spine.rows() as u64 / u64::from(held.segment.rows.max(1))
            };
            Ok(OfVisitors { found, bytes_about: held.iter().map(share).sum() })
        })
    }

    /// How many events of `site` happened on each UTC day before a moment, and the bytes of segments that are theirs by their
    /// share of the rows, so that it can be told what goes next.
    ///
    /// # Errors
    /// [`StoreError`] where something cannot be read.
    pub fn by_day(&self, site: SiteId, before: Timestamp) -> Result<BTreeMap<i64, (u64, u64)>, StoreError> {
        self.steadily(|| {
            let state = self.follow(site)?;
            let snapshot = state.snapshot.clone();
            let kinds = [Kept::Counted, Kept::SetAside].into_iter();
            let tail: Vec<Run> =
                kinds.flat_map(|kept| state.waiting(site, kept).map(|waiting| waiting.run.clone())).collect();
            drop(state);
            let old = |segment: &&Segment| segment.site == site && segment.first < before;
            let mut days: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
            for segment in snapshot.segments.iter().filter(old) {
                for held in open(&self.disk, &[segment], |_| Ok(true))? {
                    add_days(&held.spine, before, segment.bytes, &mut days);
                }
            }
            tail.iter().for_each(|run| add_days(&run.spine, before, 0, &mut days));
            Ok(days)
        })
    }

    /// Which of these files there still are, live or not.
    ///
    /// # Errors
    /// [`StoreError`] where the folder cannot be read.
    pub fn still_stored(&self, files: &[String]) -> Result<Vec<String>, StoreError> {
        let stored = self.disk.stored_segments()?;
        let names = stored.into_iter().map(|(_, id)| format!("{id}.parquet"));
        Ok(names.filter(|name| files.contains(name)).collect())
    }
}

fn add_days(spine: &Spine, before: Timestamp, bytes: u64, days: &mut BTreeMap<i64, (u64, u64)>) {
    let mut rows: BTreeMap<i64, u64> = BTreeMap::new();
    for at in (0..spine.rows()).map(|row| spine.at(row)).filter(|at| *at < before) {
        *rows.entry(at.utc_day()).or_default() += 1;
    }
    for (day, count) in rows {
        let (events, about) = days.entry(day).or_default();
        *events += count;
        *about += bytes * count / spine.rows().max(1) as u64;
    }
}
