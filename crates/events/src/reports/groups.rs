//! Groups: which row of a report an item belongs to. One dimension is its own code; a few small ones together
//! are one number; anything larger goes through a table of the combinations met.

use rustc_hash::FxHashMap;

use super::lanes::{Items, Which};
use crate::query::limits::DIMENSIONS_MAX;

/// The codes of a row's dimensions, in their order; unused places are 0.
pub(crate) type Combination = [u32; DIMENSIONS_MAX];

/// Combinations up to this number each have a place of their own.
const DIRECT_MAX: usize = 1 << 18;

/// Where a dimension's code of an item comes from.
#[derive(Clone, Debug)]
pub(crate) enum KeyPart {
    /// The codes of a source that is read once for each visit.
    OfVisit { source: usize },
    /// The codes of a source that is read at each row.
    OfRow { source: usize },
    /// The same, translated: the value of a property.
    Property { source: usize, code_of: std::sync::Arc<Vec<u32>> },
    /// The lane's buckets.
    Bucket,
}

/// How items find their group.
#[derive(Clone, Debug)]
pub(crate) struct GroupPlan {
    pub(crate) parts: Vec<KeyPart>,
    /// How many codes each part can have.
    pub(crate) widths: Vec<usize>,
}

/// The groups of one part of a panel in one thread.
pub(crate) struct Groups<'p> {
    plan: &'p GroupPlan,
    /// With a place for every combination: how many there are. Otherwise the combinations met.
    direct: Option<usize>,
    met: FxHashMap<Combination, u32>,
    combinations: Vec<Combination>,
}

impl<'p> Groups<'p> {
    pub(crate) fn new(plan: &'p GroupPlan) -> Self {
        let all = plan.widths.iter().try_fold(1_usize, |all, width| all.checked_mul(*width));
        let direct = all.filter(|all| plan.parts.len() < 2 || *all <= DIRECT_MAX);
        Self { plan, direct, met: FxHashMap::default(), combinations: Vec::new() }
    }

    /// How many codes each dimension can have, where every combination has a place of its own.
    pub(crate) fn direct_widths(&self) -> Option<&[usize]> {
        self.direct.map(|_| self.plan.widths.as_slice())
    }

    /// How many groups there may be so far: every group is below it.
    pub(crate) fn len(&self) -> usize {
        self.direct.unwrap_or(self.combinations.len())
    }

    /// The group of each item; without dimensions there is one group and none are named.
    pub(crate) fn of_items<'a>(
        &mut self,
        items: Items<'a>,
        codes: &'a [Vec<u32>],
        groups: &'a mut Vec<u32>,
    ) -> &'a [u32] {
        groups.clear();
        match (self.plan.parts.as_slice(), items.which()) {
            ([], _) => {}
            ([KeyPart::OfVisit { source }], Which::AllVisits) => return &codes[*source],
            ([KeyPart::OfRow { source }], Which::AllRows) => return &codes[*source],
            ([KeyPart::OfVisit { source }], Which::Visits(items))
            | ([KeyPart::OfRow { source }], Which::Rows(items)) => {
                groups.extend(items.iter().map(|item| codes[*source][*item as usize]));
            }
            ([KeyPart::Bucket], _) => return &items.lane.buckets,
            ([part], _) => codes_of(part, items, codes, |code| groups.push(code)),
            (parts, _) if self.direct.is_some() => {
                groups.resize(items.len(), 0);
                for (part, width) in parts.iter().zip(&self.plan.widths) {
                    let mut at = 0;
                    codes_of(part, items, codes, |code| {
                        groups[at] = groups[at] * *width as u32 + code;
                        at += 1;
                    });
                }
            }
            (parts, _) => {
                let mut combinations = vec![Combination::default(); items.len()];
                for (place, part) in parts.iter().enumerate() {
                    let mut at = 0;
                    codes_of(part, items, codes, |code| {
                        combinations[at][place] = code;
                        at += 1;
                    });
                }
                groups.extend(combinations.into_iter().map(|combination| self.group_of(combination)));
            }
        }
        groups
    }

    /// The group of a combination that may not have been met before.
    pub(crate) fn group_of(&mut self, combination: Combination) -> u32 {
        if self.direct.is_some() {
            let parts = combination.iter().zip(&self.plan.widths);
            return parts.fold(0, |group, (code, width)| group * *width as u32 + code);
        }
        *self.met.entry(combination).or_insert_with(|| {
            self.combinations.push(combination);
            self.combinations.len() as u32 - 1
        })
    }

    /// What a group stands for.
    pub(crate) fn combination(&self, group: u32) -> Combination {
        if self.direct.is_none() {
            return self.combinations[group as usize];
        }
        let mut rest = group;
        let mut combination = Combination::default();
        for (place, width) in self.plan.widths.iter().enumerate().rev() {
            let width = *width as u32;
            combination[place] = rest % width;
            rest /= width;
        }
        combination
    }
}

fn codes_of(part: &KeyPart, items: Items<'_>, codes: &[Vec<u32>], mut push: impl FnMut(u32)) {
    match part {
        KeyPart::OfVisit { source } => {
            let codes = &codes[*source];
            items.each_visit(|visit| push(codes[visit as usize]));
        }
        KeyPart::OfRow { source } => {
            let codes = &codes[*source];
            items.each_row(|row| push(codes[row as usize]));
        }
        KeyPart::Property { source, code_of } => {
            let codes = &codes[*source];
            items.each_row(|row| push(code_of[codes[row as usize] as usize]));
        }
        KeyPart::Bucket => items.lane.buckets.iter().for_each(|bucket| push(*bucket)),
    }
}
