//! Several sorted runs become one: by visitor, then time, then arrival, each event id once.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use domain::Timestamp;
use rustc_hash::FxHashSet;

use super::{Codes, Spine, VisitorKey};

/// Where each row of a merged run comes from: the number of the run and the row in it.
pub(crate) type Permutation = Vec<(u32, u32)>;

/// Merges runs given in ascending order of arrival, taking only visitors in `keys`.
///
/// Of rows with the same visitor and id the first in (time, arrival) is kept, wherever the runs were cut.
pub(crate) fn merge_order(
    spines: &[&Spine],
    keys: &std::ops::RangeInclusive<VisitorKey>,
) -> (Spine, Permutation) {
    let filled = spines.iter().filter(|spine| spine.rows() > 0);
    let base = filled.map(|spine| spine.base).min().unwrap_or(Timestamp(0));
    let has_ids = spines.iter().any(|spine| spine.ids.is_some());
    let mut merge = Merge {
        spines,
        merged: Spine { visitors: vec![], starts: vec![], base, times: vec![], ids: has_ids.then(Vec::new) },
        from: Vec::new(),
        seen: FxHashSet::default(),
    };
    let mut heads: BinaryHeap<Reverse<(VisitorKey, usize, usize)>> = spines
        .iter()
        .enumerate()
        .filter_map(|(run, spine)| {
            let first = spine.visitors.partition_point(|visitor| visitor < keys.start());
            spine.visitors.get(first).map(|visitor| Reverse((*visitor, run, first)))
        })
        .collect();
    let mut parts = Vec::new();
    while let Some(&Reverse((visitor, ..))) = heads.peek() {
        if visitor > *keys.end() {
            break;
        }
        parts.clear();
        while let Some(&Reverse((next, run, index))) = heads.peek()
            && next == visitor
        {
            heads.pop();
            parts.push((run, spines[run].starts[index] as usize..spines[run].starts[index + 1] as usize));
            if let Some(after) = spines[run].visitors.get(index + 1) {
                heads.push(Reverse((*after, run, index + 1)));
            }
        }
        merge.add_visitor(visitor, &parts);
    }
    merge.finish()
}

struct Merge<'a> {
    spines: &'a [&'a Spine],
    merged: Spine,
    from: Permutation,
    seen: FxHashSet<u128>,
}

impl Merge<'_> {
    fn add_visitor(&mut self, visitor: VisitorKey, parts: &[(usize, Range<usize>)]) {
        self.merged.starts.push(row_number(self.from.len()));
        self.merged.visitors.push(visitor);
        if let [(run, rows)] = parts {
            rows.clone().for_each(|row| self.add_row(*run, row));
            return;
        }
        let mut rows: Vec<(Timestamp, usize, usize)> = parts
            .iter()
            .flat_map(|(run, rows)| rows.clone().map(move |row| (*run, row)))
            .map(|(run, row)| (self.time(run, row), run, row))
            .collect();
        rows.sort_unstable();
        self.seen.clear();
        for (_, run, row) in rows {
            let id = self.spines[run].ids.as_ref().map_or(0, |ids| ids[row]);
            if id == 0 || self.seen.insert(id) {
                self.add_row(run, row);
            }
        }
    }

    fn add_row(&mut self, run: usize, row: usize) {
        let offset = self.time(run, row).since(self.merged.base);
        self.merged.times.push(u32::try_from(offset).expect("a run spans less than 49 days"));
        if let Some(ids) = &mut self.merged.ids {
            ids.push(self.spines[run].ids.as_ref().map_or(0, |ids| ids[row]));
        }
        self.from.push((row_number(run), row_number(row)));
    }

    fn time(&self, run: usize, row: usize) -> Timestamp {
        let spine = &self.spines[run];
        Timestamp(spine.base.0 + i64::from(spine.times[row]))
    }

    fn finish(mut self) -> (Spine, Permutation) {
        self.merged.starts.push(row_number(self.from.len()));
        (self.merged, self.from)
    }
}

fn row_number(row: usize) -> u32 {
    u32::try_from(row).expect("a run has fewer than 2^32 rows")
}

/// One column of a merged run, from that column of the runs it was merged from.
pub(crate) fn merge_codes(columns: &[&Codes], from: &Permutation) -> Codes {
    Codes::narrow(from.iter().map(|(run, row)| columns[*run as usize].at(*row as usize)).collect())
}
