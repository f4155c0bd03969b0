//! The counters of a panel, a place for each group. None of them hashes: items come in order of visitors, so
//! that remembering the last one seen is enough to count each once.

/// Distinct visitors, or visits, of each group.
#[derive(Default)]
pub(crate) struct Uniques {
    /// The last one seen and how many were: side by side, since both are touched together.
    groups: Vec<[u32; 2]>,
}

impl Uniques {
    /// Counts an owner for each item. An owner's items stand together; owners are numbered from 1.
    pub(crate) fn count(&mut self, groups: &[u32], owners: impl Iterator<Item = u32>, len: usize) {
        grow(&mut self.groups, len);
        for (group, owner) in groups.iter().zip(owners) {
            let [last, count] = &mut self.groups[*group as usize];
            *count += u32::from(*last != owner);
            *last = owner;
        }
    }

    /// The count of a group.
    pub(crate) fn of(&self, group: u32) -> u64 {
        self.groups.get(group as usize).map_or(0, |[_, count]| u64::from(*count))
    }
}

/// A sum for each group.
#[derive(Default)]
pub(crate) struct Sums {
    groups: Vec<u64>,
}

impl Sums {
    /// Adds an amount for each item.
    pub(crate) fn add(&mut self, groups: &[u32], amounts: impl Iterator<Item = u64>, len: usize) {
        grow(&mut self.groups, len);
        for (group, amount) in groups.iter().zip(amounts) {
            self.groups[*group as usize] += amount;
        }
    }

    /// The sum of a group.
    pub(crate) fn of(&self, group: u32) -> u64 {
        self.groups.get(group as usize).copied().unwrap_or_default()
    }
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
