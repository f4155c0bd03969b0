//! Erasing visitors: every segment that holds rows of theirs is written anew without them, and the old ones are deleted
//! at once. What changes, changes in one transaction, in which it is also remembered what was taken out; so whatever
//! moment it is cut off at, it can be begun anew, and tells all of it in the end.
//!
//! What comes of a visitor after it is another visit. A merge cannot bring anything back: both are done by one hand.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use domain::{Erased, SiteId, VisitorId};

use super::output::Shelf;
use super::{Progress, Upkeep};
use crate::catalog::{Change, Kept};
use crate::dictionary::Dictionaries;
use crate::rows::{Column, Run, Spine, Staying, VisitorKey};
use crate::segments::{Encoded, SegmentError, encode};
use crate::store::StoreError;
use crate::store::held::{Held, holding, sum};

/// How far an erasure came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasing {
    /// Nothing that was there when it began is left.
    Done,
    /// Somebody still writes to a journal file that was there when it began: it is to be asked for again.
    Waits,
}

/// Who is erased, and by which erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Its number.
    pub number: u64,
    /// Of which site.
    pub site: SiteId,
    /// Whom.
    pub visitors: Vec<VisitorId>,
}

/// A segment written anew, not on disk yet.
pub(super) struct Anew {
    pub(super) spine: Spine,
    encoded: Option<Encoded>,
}

impl Upkeep {
    /// Takes out everything that closed journal files and segments hold of these visitors.
    ///
    /// # Errors
    /// [`StoreError`]; what was not done is done when it is asked for again.
    pub fn erase(&self, erasure: &Erasure) -> Result<Erasing, StoreError> {
        let Erasure { number, site, visitors } = erasure;
        let waiting = self.disk.journal.numbers()?;
        // The file with the highest number is never deleted: this one holds nothing.
        self.disk.journal.put_empty(&self.seals)?;
        while self.absorb()? == Progress::Made {}
        let left = self.disk.journal.numbers()?;
        let outcome = match waiting.iter().any(|number| left.contains(number)) {
            true => Erasing::Waits,
            false => Erasing::Done,
        };
        let keys: BTreeSet<VisitorKey> = visitors.iter().copied().map(VisitorKey::from).collect();
        let held = holding(&self.erasing, &self.snapshot()?, *site, &keys)?;
        if !held.is_empty() {
            let spines: Vec<(Kept, &Spine)> =
                held.iter().map(|held| (held.segment.kept, &held.spine)).collect();
            let mut erased = sum(&spines, &keys);
            erased.files = held.iter().map(|held| format!("{}.parquet", held.segment.id)).collect();
            self.swap(&held, |held| held.spine.without(&keys), Some((*number, erased)))?;
        }
        self.clear(Some(*site))?;
        Ok(outcome)
    }

    /// Puts segments in the place of these that hold nothing but the rows that stay.
    pub(super) fn swap(
        &self,
        held: &[Held],
        staying: impl Fn(&Held) -> Staying + Sync,
        erased: Option<(u64, Erased)>,
    ) -> Result<(), StoreError> {
        let anew = self.anew(held, staying)?;
        let mut change = Change::new(self.now());
        change.erased = erased;
        for (held, anew) in held.iter().zip(anew) {
            let of = &held.segment;
            change.replace.push(of.id);
            let Some(encoded) = anew.encoded else { continue };
            let shelf = Shelf {
                site: of.site,
                kept: of.kept,
                level: of.level,
                bucket: of.bucket,
                arrival: of.arrival,
                ids_until: of.ids_until,
            };
            change.add.extend(self.put_segment(&anew.spine, encoded, shelf)?);
        }
        self.step()?;
        self.catalog.publish(&change)?;
        self.step()
    }

    /// Writes them anew in memory, on all threads, one at a time each.
    fn anew(
        &self,
        held: &[Held],
        staying: impl Fn(&Held) -> Staying + Sync,
    ) -> Result<Vec<Anew>, StoreError> {
        self.step()?;
        let done: Mutex<Vec<Option<Anew>>> = Mutex::new(held.iter().map(|_| None).collect());
        let waiting = Mutex::new(held.iter().enumerate());
        let work = || -> Result<(), SegmentError> {
            let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
            while let Some((at, held)) = next() {
                let anew = held.without_others(&staying(held))?;
                done.lock().unwrap_or_else(PoisonError::into_inner)[at] = Some(anew);
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let helpers: Vec<_> = (1..self.threads.min(held.len())).map(|_| scope.spawn(work)).collect();
            let mut outcome = work();
            for helper in helpers {
                outcome = outcome.and(helper.join().expect("writing a segment does not panic"));
            }
            outcome
        })?;
        let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(done.into_iter().flatten().collect())
    }
}

impl Held {
    /// The same with these rows alone. Texts that only the others had are in it no more.
    fn without_others(&self, staying: &[Range<usize>]) -> Result<Anew, SegmentError> {
        let spine = self.spine.keep(staying);
        if spine.rows() == 0 {
            return Ok(Anew { spine, encoded: None });
        }
        let texts = Dictionaries::new();
        let columns = self.reader.columns(&Column::ALL, &texts)?;
        let columns = columns.into_iter().map(|(column, codes)| (column, codes.keep(staying).into()));
        let run = Run { spine: spine.into(), columns: columns.collect(), arrival: 0 };
        let encoded = Some(encode(&run, &texts));
        let spine = std::sync::Arc::into_inner(run.spine).expect("nobody else holds it");
        Ok(Anew { spine, encoded })
    }
}
