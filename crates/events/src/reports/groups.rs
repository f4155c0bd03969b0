//! Groups: which row of a report an item belongs to. One dimension is its own code; a few small ones together
//! are one number; anything larger goes through a table of the combinations met.

use rustc_hash::FxHashMap;

use super::lanes::Lane;
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

    /// How many groups there may be so far: every group is below it.
    pub(crate) fn len(&self) -> usize {
        self.direct.unwrap_or(self.combinations.len())
    }

    /// The group of each item of a lane of `items`; without dimensions there is one group and none are named.
    pub(crate) fn of_items<'a>(
        &mut self,
        lane: &'a Lane,
        items: usize,
        codes: &'a [Vec<u32>],
        groups: &'a mut Vec<u32>,
    ) -> &'a [u32] {
        groups.clear();
        match self.plan.parts.as_slice() {
            [] => {}
            [KeyPart::OfVisit { source }] if lane.visits().is_none() => return &codes[*source],
            [KeyPart::OfVisit { source }] => {
                let visits = lane.visits().unwrap_or_default();
                groups.extend(visits.iter().map(|visit| codes[*source][*visit as usize]));
            }
            [KeyPart::OfRow { source }] => {
                groups.extend(lane.rows.iter().map(|row| codes[*source][*row as usize]));
            }
            [KeyPart::Bucket] => return &lane.buckets,
            [part] => codes_of(part, lane, codes, |code| groups.push(code)),
            parts if self.direct.is_some() => {
                groups.resize(items, 0);
                for (part, width) in parts.iter().zip(&self.plan.widths) {
                    let mut at = 0;
                    codes_of(part, lane, codes, |code| {
                        groups[at] = groups[at] * *width as u32 + code;
                        at += 1;
                    });
                }
            }
            parts => {
                let mut combinations = vec![Combination::default(); items];
                for (place, part) in parts.iter().enumerate() {
                    let mut at = 0;
                    codes_of(part, lane, codes, |code| {
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

fn codes_of(part: &KeyPart, lane: &Lane, codes: &[Vec<u32>], mut push: impl FnMut(u32)) {
    match part {
        KeyPart::OfVisit { source } => match lane.visits() {
            Some(visits) => visits.iter().for_each(|visit| push(codes[*source][*visit as usize])),
            None => codes[*source].iter().for_each(|code| push(*code)),
        },
        KeyPart::OfRow { source } => {
            let codes = &codes[*source];
            lane.rows.iter().for_each(|row| push(codes[*row as usize]));
        }
        KeyPart::Property { source, code_of } => {
            let codes = &codes[*source];
            lane.rows.iter().for_each(|row| push(code_of[codes[*row as usize] as usize]));
        }
        KeyPart::Bucket => lane.buckets.iter().for_each(|bucket| push(*bucket)),
    }
}
