//! The counters of a panel, a place for each group. None of them hashes: items come in order of visitors, so
//! that remembering the last one seen is enough to count each once.

use super::lanes::{Items, Which};
use crate::walk::Kind;

/// Visitors, page views and events of each group: in one place, since all are touched together.
#[derive(Default)]
pub(crate) struct Tallies(Vec<Tally>);

/// What was counted of events. A walk has fewer than 2^32 rows, so that no count of one thread overflows.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    last_visitor: u32,
    pub(crate) visitors: u32,
    pub(crate) pageviews: u32,
    pub(crate) events: u32,
}

impl Tally {
    fn take(&mut self, visitor: u32, pageviews: u32, events: u32) {
        self.visitors += u32::from(self.last_visitor != visitor);
        self.last_visitor = visitor;
        self.pageviews += pageviews;
        self.events += events;
    }
}

impl Tallies {
    /// Counts items, one group each or all in one if none are named. A visitor's items stand together.
    pub(crate) fn count(&mut self, groups: &[u32], items: Items<'_>, len: usize) {
        let (visit_of_row, kinds) = (items.visit_of_row, &items.batch.kinds);
        let visitor_of = |visit: u32| items.batch.visits.visitor[visit as usize];
        let views = |kind: Kind| u32::from(kind == Kind::Pageview);
        match items.which() {
            Which::AllRows => {
                let rows = visit_of_row.iter().zip(kinds);
                self.take(groups, rows.map(|(visit, kind)| (visitor_of(*visit), views(*kind), 1)), len);
            }
            Which::Rows(rows) => {
                let of_row = |row: &u32| {
                    let row = *row as usize;
                    (visitor_of(visit_of_row[row]), views(kinds[row]), 1)
                };
                self.take(groups, rows.iter().map(of_row), len);
            }
            Which::AllVisits | Which::Visits(_) => {
                let (visitors, pageviews, events) = items.of_visits();
                let visits = visitors.iter().zip(pageviews).zip(events);
                self.take(groups, visits.map(|((visitor, views), events)| (*visitor, *views, *events)), len);
            }
        }
    }

    /// Takes the visitor, the page views and the events of each item.
    fn take(&mut self, groups: &[u32], items: impl Iterator<Item = (u32, u32, u32)>, len: usize) {
        grow(&mut self.0, len);
        if !groups.is_empty() {
            for ((visitor, pageviews, events), group) in items.zip(groups) {
                self.0[*group as usize].take(visitor, pageviews, events);
            }
        } else if let [only, ..] = self.0.as_mut_slice() {
            // In a register meanwhile.
            let mut tally = *only;
            items.for_each(|(visitor, pageviews, events)| tally.take(visitor, pageviews, events));
            *only = tally;
        }
    }

    /// What was counted of a group.
    pub(crate) fn of(&self, group: u32) -> Tally {
        self.0.get(group as usize).copied().unwrap_or_default()
    }
}

/// Distinct visits of each group.
#[derive(Default)]
pub(crate) struct Uniques(Vec<[u32; 2]>);

impl Uniques {
    /// Counts an owner for each item. An owner's items stand together; owners are numbered from 1.
    pub(crate) fn count(&mut self, groups: &[u32], owners: impl Iterator<Item = u32>, len: usize) {
        grow(&mut self.0, len);
        for (owner, group) in owners.zip(one_if_unnamed(groups)) {
            let [last, count] = &mut self.0[group as usize];
            *count += u32::from(*last != owner);
            *last = owner;
        }
    }

    /// The count of a group.
    pub(crate) fn of(&self, group: u32) -> u64 {
        self.0.get(group as usize).map_or(0, |[_, count]| u64::from(*count))
    }
}

/// A sum for each group.
#[derive(Default)]
pub(crate) struct Sums(Vec<u64>);

impl Sums {
    /// Adds an amount for each item.
    pub(crate) fn add(&mut self, groups: &[u32], amounts: impl Iterator<Item = u64>, len: usize) {
        grow(&mut self.0, len);
        match (groups, self.0.as_mut_slice()) {
            ([], [only, ..]) => *only += amounts.sum::<u64>(),
            (_, sums) => amounts.zip(groups).for_each(|(amount, group)| sums[*group as usize] += amount),
        }
    }

    /// The sum of a group.
    pub(crate) fn of(&self, group: u32) -> u64 {
        self.0.get(group as usize).copied().unwrap_or_default()
    }
}

/// The group of each item: the first for all where none are named.
pub(crate) fn one_if_unnamed(groups: &[u32]) -> impl Iterator<Item = u32> + '_ {
    let unnamed = groups.is_empty();
    groups.iter().copied().chain(std::iter::repeat_n(0, if unnamed { usize::MAX } else { 0 }))
}

/// For each group, the sum over visitors of each one's largest amount, and how many visitors have one.
#[derive(Default)]
pub(crate) struct Peaks {
    groups: Vec<Peak>,
}

#[derive(Clone, Copy, Default)]
struct Peak {
    last: u32,
    /// The largest amount of the last visitor, already part of the sum.
    current: u32,
    visitors: u32,
    sum: u64,
}

impl Peaks {
    /// Takes in an amount of a visitor; a visitor's amounts come together.
    pub(crate) fn take(&mut self, group: u32, visitor: u32, amount: u32, len: usize) {
        grow(&mut self.groups, len);
        let peak = &mut self.groups[group as usize];
        if peak.last != visitor {
            *peak = Peak { last: visitor, current: 0, visitors: peak.visitors + 1, sum: peak.sum };
        }
        let higher = amount.max(peak.current);
        peak.sum += u64::from(higher - peak.current);
        peak.current = higher;
    }

    /// The sum and the number of visitors of a group.
    pub(crate) fn of(&self, group: u32) -> (u64, u64) {
        self.groups.get(group as usize).map_or((0, 0), |peak| (peak.sum, u64::from(peak.visitors)))
    }
}

fn grow<T: Default + Clone>(groups: &mut Vec<T>, len: usize) {
    if groups.len() < len {
        groups.resize(len, T::default());
    }
}
