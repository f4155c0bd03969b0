//! Leaves out visitors of whom nothing can be counted, before any of their rows is merged.
//!
//! It judges rows alone and knows nothing of visits, so it may keep a visitor in vain; it must never leave out
//! one of whom an observer would count something.

use std::ops::Range as Rows;

use super::GAP_MS;
use crate::aliases::Moved;
use crate::dictionary::EMPTY;
use crate::query::Range;
use crate::rows::{Codes, Column, Run, Spine, VisitorKey};

/// What one row must be: for each column, which codes will do.
pub(crate) type RowTest = Vec<(Column, Vec<bool>)>;

/// Visitors matter who have, in any run, a row that passes any of these.
#[derive(Debug)]
pub(crate) struct Sieve(pub(crate) Vec<RowTest>);

/// A sieve at work, with arrays that are used again for each slice.
pub(super) struct Sifter<'a> {
    sieve: &'a Sieve,
    window: Range,
    /// A row each: whether it passes.
    passing: Vec<bool>,
    one_test: Vec<bool>,
    /// The visitors that matter, ascending once all runs were sifted.
    pub(super) wanted: Vec<VisitorKey>,
}

impl<'a> Sifter<'a> {
    pub(super) const fn new(sieve: &'a Sieve, window: Range) -> Self {
        Self { sieve, window, passing: Vec::new(), one_test: Vec::new(), wanted: Vec::new() }
    }

    /// Forgets the visitors of the slice before.
    pub(super) fn clear(&mut self) {
        self.wanted.clear();
    }

    /// Adds those of a run's `visitors`, given by their places, that matter and are counted as themselves.
    pub(super) fn sift(&mut self, run: &Run, visitors: Rows<u32>, moved: Option<&Moved>) {
        let spine = &run.spine;
        let rows =
            spine.starts[visitors.start as usize] as usize..spine.starts[visitors.end as usize] as usize;
        self.judge(run, &rows);
        match moved {
            None => self.add_passing(spine, visitors, rows.start),
            Some(moved) => {
                moved.around(visitors).for_each(|stretch| self.add_passing(spine, stretch, rows.start));
            }
        }
    }

    /// Adds those of the visitors that matter; what was judged begins with the row `judged`.
    fn add_passing(&mut self, spine: &Spine, visitors: Rows<u32>, judged: usize) {
        for visitor in visitors.start as usize..visitors.end as usize {
            let its = spine.starts[visitor] as usize..spine.starts[visitor + 1] as usize;
            let passes = self.passing[its.start - judged..its.end - judged].contains(&true);
            if passes || self.may_reach_beyond(spine, its) {
                self.wanted.push(spine.visitors[visitor]);
            }
        }
    }

    /// Adds `as_whom` if the visitor at a place of a run matters, who is counted as they.
    pub(super) fn sift_moved(&mut self, run: &Run, place: usize, as_whom: VisitorKey) {
        let rows = run.spine.starts[place] as usize..run.spine.starts[place + 1] as usize;
        let code = |column: Column, row: usize| run.column(column).map_or(EMPTY, |codes| codes.at(row));
        let passes = |passes: &[bool], code: u32| passes.get(code as usize).copied().unwrap_or_default();
        let judge = |row: usize| {
            let matters = |test: &RowTest| test.iter().all(|(column, will)| passes(will, code(*column, row)));
            self.sieve.0.iter().any(matters)
        };
        if rows.clone().any(judge) || self.may_reach_beyond(&run.spine, rows) {
            self.wanted.push(as_whom);
        }
    }

    /// Puts the visitors of all runs in order.
    pub(super) fn finish(&mut self) {
        self.wanted.sort_unstable();
        self.wanted.dedup();
    }

    fn judge(&mut self, run: &Run, rows: &Rows<usize>) {
        self.passing.clear();
        self.passing.resize(rows.len(), false);
        for test in &self.sieve.0 {
            self.one_test.clear();
            self.one_test.resize(rows.len(), true);
            for (column, passes) in test {
                keep(run.column(*column).map(AsRef::as_ref), rows, passes, &mut self.one_test);
            }
            self.passing.iter_mut().zip(&self.one_test).for_each(|(all, one)| *all |= *one);
        }
    }

    /// Whether the visitor has a row so near to an end of the window that its visit may go on beyond, where the
    /// row that decides may lie.
    fn may_reach_beyond(&self, spine: &Spine, rows: Rows<usize>) -> bool {
        let moment = |time: &u32| spine.base.0 + i64::from(*time);
        let times = &spine.times[rows];
        let (Some(first), Some(last)) = (times.first().map(moment), times.last().map(moment)) else {
            return false;
        };
        let (start, end) = (self.window.start.0, self.window.end.0);
        let after = |bound: i64| times.partition_point(|time| moment(time) < bound);
        let near_start =
            || times.get(after(start)).is_some_and(|time| moment(time) < start.saturating_add(GAP_MS));
        let near_end = || {
            let before = after(end).checked_sub(1).map(|row| moment(&times[row]));
            before.is_some_and(|moment| moment >= end.saturating_sub(GAP_MS))
        };
        (first < start.saturating_add(GAP_MS) && last >= start && near_start())
            || (last >= end.saturating_sub(GAP_MS) && first < end && near_end())
    }
}

/// Takes the rows out of `kept` whose codes do not pass. A run without the column has the empty text throughout.
fn keep(codes: Option<&Codes>, rows: &Rows<usize>, passes: &[bool], kept: &mut [bool]) {
    let passes = |code: u32| passes.get(code as usize).copied().unwrap_or_default();
    match codes {
        None if !passes(EMPTY) => kept.fill(false),
        Some(Codes::Constant(code)) if !passes(*code) => kept.fill(false),
        None | Some(Codes::Constant(_)) => {}
        Some(Codes::U8(codes)) => {
            let table: [bool; 256] = std::array::from_fn(|code| passes(code as u32));
            let codes = &codes[rows.clone()];
            kept.iter_mut().zip(codes).for_each(|(kept, code)| *kept &= table[*code as usize]);
        }
        Some(Codes::U16(codes)) => {
            let codes = &codes[rows.clone()];
            kept.iter_mut().zip(codes).for_each(|(kept, code)| *kept &= passes((*code).into()));
        }
        Some(Codes::U32(codes)) => {
            let codes = &codes[rows.clone()];
            kept.iter_mut().zip(codes).for_each(|(kept, code)| *kept &= passes(*code));
        }
    }
}
