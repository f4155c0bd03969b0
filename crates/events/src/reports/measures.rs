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
    /// What was counted of a group.
    pub(crate) fn of(&self, group: u32) -> Tally {
        self.0.get(group as usize).copied().unwrap_or_default()
    }
}

/// One panel's part in counting the items of a lane.
pub(crate) struct Counting<'a> {
    pub(crate) tallies: &'a mut Tallies,
    /// The group of each item, below `len`; all are in one group if none are named.
    pub(crate) groups: &'a [u32],
    pub(crate) len: usize,
}

/// Counts items for several panels. A visitor's items stand together.
///
/// Panels are counted four at a time: neighbours are often in the same group, and adding to what was just written
/// makes the processor wait, which it does better for four at once.
pub(crate) fn count(mut panels: Vec<Counting<'_>>, items: Items<'_>) {
    for counting in &mut panels {
        grow(&mut counting.tallies.0, counting.len);
    }
    let (mut whole, mut grouped): (Vec<_>, Vec<_>) =
        panels.into_iter().partition(|counting| counting.groups.is_empty());
    for counting in &mut whole {
        if let [only, ..] = counting.tallies.0.as_mut_slice() {
            // In a register meanwhile.
            let mut tally = *only;
            each(items, |_, visitor, pageviews, events| tally.take(visitor, pageviews, events));
            *only = tally;
        }
    }
    for panels in grouped.chunks_mut(4) {
        match panels {
            [one] => count_grouped([one], items),
            [one, two] => count_grouped([one, two], items),
            [one, two, three] => count_grouped([one, two, three], items),
            [one, two, three, four] => count_grouped([one, two, three, four], items),
            _ => {}
        }
    }
}

fn count_grouped<const N: usize>(panels: [&mut Counting<'_>; N], items: Items<'_>) {
    let count = items.len();
    let mut panels = panels.map(|panel| (panel.tallies.0.as_mut_slice(), &panel.groups[..count]));
    each(items, |item, visitor, pageviews, events| {
        for (tallies, groups) in &mut panels {
            tallies[groups[item] as usize].take(visitor, pageviews, events);
        }
    });
}

/// Shows each item: its number, its visitor, its page views and its events.
fn each(items: Items<'_>, mut show: impl FnMut(usize, u32, u32, u32)) {
    let (visit_of_row, kinds) = (items.visit_of_row, &items.batch.kinds);
    let visitor_of = |visit: u32| items.batch.visits.visitor[visit as usize];
    let views = |kind: Kind| u32::from(kind == Kind::Pageview);
    match items.which() {
        Which::AllRows => {
            for (item, (visit, kind)) in visit_of_row.iter().zip(kinds).enumerate() {
                show(item, visitor_of(*visit), views(*kind), 1);
            }
        }
        Which::Rows(rows) => {
            for (item, row) in rows.iter().enumerate() {
                show(item, visitor_of(visit_of_row[*row as usize]), views(kinds[*row as usize]), 1);
            }
        }
        Which::AllVisits | Which::Visits(_) => {
            let (visitors, pageviews, events) = items.of_visits();
            let visits = visitors.iter().zip(pageviews).zip(events).enumerate();
            visits.for_each(|(item, ((visitor, views), events))| show(item, *visitor, *views, *events));
        }
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
