//! Several sorted runs become one: by visitor, then time, then arrival, each event id once.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::{Range, RangeInclusive};

use domain::Timestamp;
use rustc_hash::FxHashSet;

use super::{Codes, Ids, Spine, VisitorKey, latest};

/// Where each row of a merged run comes from: the number of the run and the row in it.
pub(crate) type Permutation = Vec<(u32, u32)>;

/// The rows of several runs in one order.
pub(crate) struct Order {
    /// Distinct visitors, ascending.
    visitors: Vec<VisitorKey>,
    /// Where each visitor's rows begin; one more entry than visitors.
    starts: Vec<u32>,
    /// Where each row comes from.
    pub(crate) from: Permutation,
}

/// Merges runs given in ascending order of arrival, taking only visitors in `keys`.
///
/// Of rows with the same visitor and id the first in (time, arrival) is kept, wherever the runs were cut.
pub(crate) fn merge_order(spines: &[&Spine], keys: &RangeInclusive<VisitorKey>) -> Order {
    let order = Order { visitors: vec![], starts: vec![], from: vec![] };
    let mut merge = Merge { spines, order, seen: FxHashSet::default() };
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
    merge.order.starts.push(row_number(merge.order.from.len()));
    merge.order
}

struct Merge<'a> {
    spines: &'a [&'a Spine],
    order: Order,
    seen: FxHashSet<u128>,
}

impl Merge<'_> {
    fn add_visitor(&mut self, visitor: VisitorKey, parts: &[(usize, Range<usize>)]) {
        self.order.starts.push(row_number(self.order.from.len()));
        self.order.visitors.push(visitor);
        if let [(run, rows)] = parts {
            self.order.from.extend(rows.clone().map(|row| (row_number(*run), row_number(row))));
            return;
        }
        let mut rows: Vec<(Timestamp, usize, usize)> = parts
            .iter()
            .flat_map(|(run, rows)| rows.clone().map(move |row| (*run, row)))
            .map(|(run, row)| (self.spines[run].at(row), run, row))
            .collect();
        rows.sort_unstable();
        self.seen.clear();
        for (_, run, row) in rows {
            let id = self.spines[run].ids.of(row);
            if id == 0 || self.seen.insert(id) {
                self.order.from.push((row_number(run), row_number(row)));
            }
        }
    }
}

impl Order {
    /// The spine of the merged run, which must span less than 49 days.
    pub(crate) fn spine(&self, spines: &[&Spine]) -> Spine {
        let filled = spines.iter().filter(|spine| spine.rows() > 0);
        let base = filled.map(|spine| spine.base).min().unwrap_or(Timestamp(0));
        let of = |(run, row): &(u32, u32)| (spines[*run as usize], *row as usize);
        let offset = |from| {
            let (spine, row): (&Spine, usize) = of(from);
            u32::try_from(spine.at(row).since(base)).expect("a run spans less than 49 days")
        };
        let id = |from| {
            let (spine, row): (&Spine, usize) = of(from);
            spine.ids.of(row)
        };
        let times: Vec<u32> = self.from.iter().map(offset).collect();
        Spine {
            visitors: self.visitors.clone(),
            starts: self.starts.clone(),
            base,
            latest: latest(&times),
            times,
            ids: Ids::of_rows(self.from.iter().map(id)),
        }
    }
}

fn row_number(row: usize) -> u32 {
    u32::try_from(row).expect("a run has fewer than 2^32 rows")
}

/// One column of a merged run, from that column of the runs it was merged from.
pub(crate) fn merge_codes(columns: &[&Codes], from: &Permutation) -> Codes {
    Codes::narrow(from.iter().map(|(run, row)| columns[*run as usize].at(*row as usize)).collect())
}
