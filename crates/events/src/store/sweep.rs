//! Letting go of what was erased: of columns of segments that are gone, of what was read of journal files that are gone,
//! and of the texts that no row has any more that is held. All else that is held of the site stays, so that the next report
//! need not read it again.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::SiteId;
use rustc_hash::FxHashSet;

use super::state::State;
use super::{Store, StoreError};
use crate::catalog::{Kept, SegmentId};
use crate::dictionary::Dictionaries;
use crate::rows::{Codes, Column};

/// A column that is held, of a segment or of a run of the tail.
pub(super) type HeldColumn = (Kept, Column, Arc<Codes>);

/// Which codes held rows have, by kind and column.
#[derive(Default)]
struct Used(BTreeMap<(Kept, Column), Vec<bool>>);

impl Store {
    /// Lets go of what is in memory of rows of `site` that are not kept any more.
    pub fn let_go(&self, site: SiteId) {
        if self.sweep(site).is_err() {
            // Where it cannot be told what is kept, nothing of the site is held.
            self.lock().keep_only_sites(|of| of != site);
        }
    }

    fn sweep(&self, site: SiteId) -> Result<(), StoreError> {
        let mut state = self.lock();
        state.take_snapshot(self.shared.catalog.snapshot()?);
        let mut numbers = self.disk.journal.numbers()?;
        numbers.retain(|number| !state.snapshot.absorbed.contains(number));
        state.keep_journal_files(&numbers);
        let (held, texts) = (state.columns_of(site), state.texts_of(site));
        drop(state);
        // That takes its time, in which reports are given as before.
        let mut used = Used::default();
        held.iter().for_each(|column| used.mark(column));
        let mut state = self.lock();
        let speaks = |(kept, texts): (&Kept, &Arc<Dictionaries>)| state.speaks(site, *kept, texts);
        if !texts.iter().all(speaks) {
            // All of it was let go of meanwhile, and what is held now is of other texts.
            state.keep_only_sites(|of| of != site);
            return Ok(());
        }
        let known: FxHashSet<*const Codes> = held.iter().map(|(.., codes)| Arc::as_ptr(codes)).collect();
        let since = state.columns_of(site).into_iter();
        since.filter(|(.., codes)| !known.contains(&Arc::as_ptr(codes))).for_each(|one| used.mark(&one));
        for (kept, texts) in texts {
            let none = Vec::new();
            let swept = texts.keeping(|column| used.0.get(&(kept, column)).unwrap_or(&none));
            state.put_texts(site, kept, Arc::new(swept));
        }
        Ok(())
    }
}

impl State {
    /// What is held of the columns of a site.
    fn columns_of(&self, site: SiteId) -> Vec<HeldColumn> {
        let segments = self.snapshot.segments.iter().filter(|segment| segment.site == site);
        let kinds: BTreeMap<SegmentId, Kept> = segments.map(|segment| (segment.id, segment.kept)).collect();
        let of_segments = self
            .cache
            .columns()
            .filter_map(|(id, column, codes)| Some((*kinds.get(&id)?, column, codes.clone())));
        let of_tail = [Kept::Counted, Kept::SetAside].into_iter().flat_map(|kept| {
            let columns = self.waiting(site, kept).flat_map(|waiting| &waiting.run.columns);
            columns.map(move |(column, codes)| (kept, *column, codes.clone()))
        });
        of_segments.chain(of_tail).collect()
    }
}

impl Used {
    fn mark(&mut self, (kept, column, codes): &HeldColumn) {
        if column.is_number() {
            return;
        }
        let used = self.0.entry((*kept, *column)).or_default();
        match &**codes {
            Codes::Constant(code) => mark_one(used, *code),
            Codes::U8(codes) => codes.iter().for_each(|code| mark_one(used, u32::from(*code))),
            Codes::U16(codes) => codes.iter().for_each(|code| mark_one(used, u32::from(*code))),
            Codes::U32(codes) => codes.iter().for_each(|code| mark_one(used, *code)),
        }
    }
}

fn mark_one(used: &mut Vec<bool>, code: u32) {
    if used.len() <= code as usize {
        used.resize(code as usize + 1, false);
    }
    used[code as usize] = true;
}
