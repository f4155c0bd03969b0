//! Two ids are one visitor, or a visitor is in no report: as whom each is counted.
//!
//! What rests on the disk keeps the id it came with, and what stands here is never written into a segment. So whatever was
//! said of visitors can be taken back, and every report is then what it was before (decision 10).

use std::collections::hash_map::Entry;

use domain::VisitorId;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::rows::{Spine, VisitorKey};

/// What was said of a site's visitors, of one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aliases {
    /// Changes with every change of what follows; 0 as long as nothing was said of anybody.
    pub version: u64,
    /// The first of each two is the second, who may be a third in turn. No chain comes back to where it began.
    pub merged: Vec<(VisitorId, VisitorId)>,
    /// They, and all who are they, are in no report.
    pub restricted: Vec<VisitorId>,
}

/// As whom one visitor is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Move {
    who: VisitorKey,
    /// The end of the chain.
    to: VisitorKey,
    /// Whether in reports at all.
    shown: bool,
}

/// The visitors of a site who are not counted as themselves, each with the end of its chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moves {
    /// In ascending order of who.
    all: Vec<Move>,
}

impl Moves {
    /// What follows from what was said.
    pub(crate) fn of(aliases: &Aliases) -> Self {
        let ends = Ends::of(&aliases.merged);
        let hidden: FxHashSet<VisitorId> = aliases.restricted.iter().map(|who| ends.of_one(*who)).collect();
        let moved = |(who, to): (&VisitorId, &VisitorId)| Move {
            who: (*who).into(),
            to: (*to).into(),
            shown: !hidden.contains(to),
        };
        let mut all: Vec<Move> = ends.0.iter().map(moved).collect();
        all.extend(hidden.iter().map(|end| Move { who: (*end).into(), to: (*end).into(), shown: false }));
        all.sort_unstable_by_key(|of| of.who);
        Self { all }
    }

    /// Whether everybody is counted as who they are.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// As whom `who` is counted; `None`: in no report.
    pub(crate) fn counts_as(&self, who: VisitorKey) -> Option<VisitorKey> {
        self.find(who).map_or(Some(who), |of| of.shown.then_some(of.to))
    }

    /// Who `who` is, be it in reports or not; `None` where nobody but itself.
    pub(crate) fn leads_to(&self, who: VisitorKey) -> Option<VisitorKey> {
        self.find(who).map(|of| of.to).filter(|to| *to != who)
    }

    fn find(&self, who: VisitorKey) -> Option<&Move> {
        self.all.binary_search_by_key(&who, |of| of.who).ok().map(|at| &self.all[at])
    }

    /// Where those of them stand who have rows in a run.
    pub(crate) fn in_run(&self, spine: &Spine) -> Moved {
        let mut moved = Moved::default();
        let (mut at, mut place) = (0, 0);
        while let (Some(of), Some(visitor)) = (self.all.get(at), spine.visitors.get(place)) {
            if of.who < *visitor {
                at = first_from(at, self.all.len(), |at| self.all[at].who < *visitor);
            } else if *visitor < of.who {
                place = first_from(place, spine.visitors.len(), |place| spine.visitors[place] < of.who);
            } else {
                moved.places.push(place as u32);
                if of.shown {
                    moved.arriving.push((of.to, place as u32));
                }
                (at, place) = (at + 1, place + 1);
            }
        }
        moved.arriving.sort_unstable();
        moved
    }
}

/// Of everybody who is somebody else, the end of the chain.
struct Ends(FxHashMap<VisitorId, VisitorId>);

impl Ends {
    fn of(merged: &[(VisitorId, VisitorId)]) -> Self {
        let next: FxHashMap<VisitorId, VisitorId> = merged.iter().copied().collect();
        let mut ends: FxHashMap<VisitorId, VisitorId> = FxHashMap::default();
        let mut passed = Vec::new();
        for who in next.keys() {
            passed.clear();
            let mut at = *who;
            // A ring would have no end; nobody is led further than all there are.
            while let Some(to) = next.get(&at)
                && passed.len() <= next.len()
            {
                if let Some(end) = ends.get(&at) {
                    at = *end;
                    break;
                }
                passed.push(at);
                at = *to;
            }
            for passed in &passed {
                if let Entry::Vacant(free) = ends.entry(*passed)
                    && *passed != at
                {
                    free.insert(at);
                }
            }
        }
        Self(ends)
    }

    fn of_one(&self, who: VisitorId) -> VisitorId {
        self.0.get(&who).copied().unwrap_or(who)
    }
}

/// The visitors of one run who are not counted as themselves.
#[derive(Debug, Default)]
pub(crate) struct Moved {
    /// Their places in the run, ascending.
    places: Vec<u32>,
    /// As whom, and whose place it is; ascending. Who is in no report is not among them.
    arriving: Vec<(VisitorKey, u32)>,
}

impl Moved {
    /// Those of `places` of the run at which visitors stand who are counted as themselves, in stretches.
    pub(crate) fn around(&self, places: std::ops::Range<u32>) -> impl Iterator<Item = std::ops::Range<u32>> {
        let from = self.places.partition_point(|place| *place < places.start);
        let to = self.places.partition_point(|place| *place < places.end);
        let gaps = self.places[from..to].iter().copied();
        let begins = std::iter::once(places.start).chain(gaps.clone().map(|gap| gap + 1));
        begins.zip(gaps.chain([places.end])).map(|(begin, end)| begin..end).filter(|each| !each.is_empty())
    }

    /// Who is counted as a visitor from `from` on and before `to`: as whom, and their place in the run; ascending.
    pub(crate) fn arriving(&self, from: VisitorKey, to: Option<VisitorKey>) -> &[(VisitorKey, u32)] {
        let place = |key: VisitorKey| self.arriving.partition_point(|(as_whom, _)| *as_whom < key);
        &self.arriving[place(from)..to.map_or(self.arriving.len(), place)]
    }

    /// Bytes it occupies, for the cache's budget.
    pub(crate) fn bytes(&self) -> usize {
        self.places.len() * 4 + self.arriving.len() * 32
    }
}

/// The first place from `from` on that is not `before`: near ones are found at once, far ones by doubling.
fn first_from(mut from: usize, len: usize, before: impl Fn(usize) -> bool) -> usize {
    let mut step = 1;
    while from + step < len && before(from + step) {
        from += step;
        step *= 2;
    }
    let (mut low, mut high) = (from, len.min(from + step));
    while low < high {
        let middle = low.midpoint(high);
        if before(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

#[cfg(test)]
mod tests;
