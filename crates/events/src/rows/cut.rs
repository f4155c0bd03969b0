//! A run without some of its rows: what is erased or too old is taken out, and all else stays in its order.

use std::collections::BTreeSet;
use std::ops::Range;

use domain::Timestamp;

use super::{Codes, Ids, Spine, VisitorKey, latest};

/// Rows that stay, as ranges in ascending order, none of them empty.
pub(crate) type Staying = Vec<Range<usize>>;

impl Spine {
    /// The rows of one visitor; none where there are none.
    pub(crate) fn rows_of(&self, visitor: VisitorKey) -> Range<usize> {
        match self.visitors.binary_search(&visitor) {
            Ok(at) => self.starts[at] as usize..self.starts[at + 1] as usize,
            Err(_) => 0..0,
        }
    }

    /// The rows that are these visitors'.
    pub(crate) fn of_these(&self, visitors: &BTreeSet<VisitorKey>) -> Staying {
        let rows = visitors.iter().map(|visitor| self.rows_of(*visitor));
        rows.filter(|rows| !rows.is_empty()).collect()
    }

    /// The rows that are none of these visitors'.
    pub(crate) fn without(&self, gone: &BTreeSet<VisitorKey>) -> Staying {
        let (mut staying, mut from) = (Staying::new(), 0);
        for rows in gone.iter().map(|visitor| self.rows_of(*visitor)).filter(|rows| !rows.is_empty()) {
            staying.push(from..rows.start);
            from = rows.end;
        }
        staying.push(from..self.rows());
        staying.retain(|rows| !rows.is_empty());
        staying
    }

    /// The rows that happened then or later. Each visitor's are in order of time, so they are its last.
    pub(crate) fn since(&self, oldest: Timestamp) -> Staying {
        let mut staying = Staying::new();
        for rows in self.starts.windows(2) {
            let rows = rows[0] as usize..rows[1] as usize;
            let before = self.times[rows.clone()]
                .partition_point(|time| Timestamp(self.base.0 + i64::from(*time)) < oldest);
            let kept = rows.start + before..rows.end;
            match staying.last_mut() {
                Some(last) if last.end == kept.start && !kept.is_empty() => last.end = kept.end,
                _ if kept.is_empty() => {}
                _ => staying.push(kept),
            }
        }
        staying
    }

    /// These rows alone. Nothing of the others is in it, their times neither.
    pub(crate) fn keep(&self, staying: &[Range<usize>]) -> Self {
        let times = staying.iter().flat_map(|rows| &self.times[rows.clone()]);
        let earliest = times.clone().min().copied().unwrap_or_default();
        let times: Vec<u32> = times.map(|time| time - earliest).collect();
        let (visitors, starts) = self.keep_visitors(staying);
        Self {
            visitors,
            starts,
            base: Timestamp(self.base.0 + i64::from(earliest)),
            latest: latest(&times),
            times,
            ids: keep_ids(&self.ids, staying),
        }
    }

    fn keep_visitors(&self, staying: &[Range<usize>]) -> (Vec<VisitorKey>, Vec<u32>) {
        let (mut visitors, mut starts) = (Vec::new(), Vec::new());
        let (mut kept, mut next) = (0, 0);
        for (visitor, rows) in self.visitors.iter().zip(self.starts.windows(2)) {
            let (from, to) = (rows[0] as usize, rows[1] as usize);
            let before = kept;
            while let Some(range) = staying.get(next).filter(|range| range.start < to) {
                kept += range.end.min(to).saturating_sub(range.start.max(from));
                if range.end > to {
                    break;
                }
                next += 1;
            }
            if kept > before {
                visitors.push(*visitor);
                starts.push(before as u32);
            }
        }
        starts.push(kept as u32);
        (visitors, starts)
    }
}

fn keep_ids(ids: &Ids, staying: &[Range<usize>]) -> Ids {
    if ids.is_empty() {
        return Ids::default();
    }
    let mut before = 0;
    let mut kept = Vec::new();
    for rows in staying {
        kept.extend(ids.slice(rows.clone()).iter().map(|(row, id)| (row + before, id)));
        before += rows.len() as u32;
    }
    kept.into_iter().collect()
}

impl Codes {
    /// The codes of these rows alone, told as one where they are equal.
    pub(crate) fn keep(&self, staying: &[Range<usize>]) -> Self {
        match self {
            Self::Constant(code) => Self::Constant(*code),
            Self::U8(codes) => keep_codes(codes, staying, Self::U8),
            Self::U16(codes) => keep_codes(codes, staying, Self::U16),
            Self::U32(codes) => keep_codes(codes, staying, Self::U32),
        }
    }
}

fn keep_codes<T: Copy + Into<u32> + PartialEq>(
    codes: &[T],
    staying: &[Range<usize>],
    of: fn(Vec<T>) -> Codes,
) -> Codes {
    let mut kept = Vec::with_capacity(staying.iter().map(Range::len).sum());
    staying.iter().for_each(|rows| kept.extend_from_slice(&codes[rows.clone()]));
    match kept.first().copied() {
        Some(first) if kept.iter().any(|code| *code != first) => of(kept),
        first => Codes::Constant(first.map_or(0, Into::into)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Run;
    use super::*;
    use crate::dictionary::Dictionaries;
    use crate::testing::{all_events, any_events};

    proptest! {
        #[test]
        fn what_is_taken_out_is_gone_and_the_rest_is_as_it_was(events in any_events(60), some in 0_usize..64) {
            let texts = Dictionaries::new();
            let run = Run::from_events(&events, &texts, 0);
            let gone: BTreeSet<VisitorKey> = run
                .spine.visitors.iter().enumerate().filter(|(at, _)| some >> at & 1 == 1).map(|(_, key)| *key).collect();
            let moment = events.get(some % events.len().max(1)).map_or(Timestamp(0), |event| event.at);
            for staying in [run.spine.without(&gone), run.spine.of_these(&gone), run.spine.since(moment)] {
                let columns = run.columns.iter();
                let cut = Run {
                    spine: run.spine.keep(&staying).into(),
                    columns: columns.map(|(column, codes)| (*column, codes.keep(&staying).into())).collect(),
                    arrival: 0,
                };
                let all = all_events(&run, &texts);
                let expected: Vec<_> = staying.iter().flat_map(|rows| all[rows.clone()].to_vec()).collect();
                prop_assert_eq!(all_events(&cut, &texts), expected);
                prop_assert_eq!(*cut.spine.starts.last().unwrap() as usize, cut.spine.rows());
            }
            let left = run.spine.keep(&run.spine.without(&gone));
            prop_assert!(left.visitors.iter().all(|visitor| !gone.contains(visitor)));
            prop_assert_eq!(left.visitors.len() + gone.len(), run.spine.visitors.len());
            let theirs = run.spine.keep(&run.spine.of_these(&gone));
            prop_assert!(theirs.visitors.iter().eq(&gone));
            let since = run.spine.keep(&run.spine.since(moment));
            let late = all_events(&run, &texts).iter().filter(|event| event.at >= moment).count();
            prop_assert_eq!(since.rows(), late);
        }
    }
}
