//! What the threads of a walk counted, added up to the rows of each report.

use rustc_hash::FxHashMap;

use super::groups::{Combination, Groups};
use super::panels::{Panel, Panels};

/// What was counted for one row of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Numbers {
    pub(crate) visitors: u64,
    /// Visits that own a matching event.
    pub(crate) visits: u64,
    pub(crate) pageviews: u64,
    pub(crate) events: u64,
    pub(crate) depth_sum: u64,
    pub(crate) depth_visitors: u64,
    pub(crate) engaged_ms: u64,
    pub(crate) engaged_visits: u64,
    /// Whole visits and what they hold.
    pub(crate) whole_visits: u64,
    pub(crate) bounced: u64,
    pub(crate) seconds: u64,
    pub(crate) views: u64,
}

/// What was counted for one query, by all threads together.
pub(crate) struct Counted {
    /// Each combination of which anything was counted, once.
    pub(crate) rows: Vec<(Combination, Numbers)>,
    /// Visitors of all rows together.
    pub(crate) total: u64,
}

/// A part of one thread's counters for one query.
pub(super) trait Part {
    fn groups(&self) -> &Groups<'_>;
    /// Adds what was counted of a group.
    fn add(&self, group: u32, numbers: &mut Numbers);
}

/// What all threads counted, for each query.
pub(crate) fn add_up(threads: &[Panels<'_>]) -> Vec<Counted> {
    let queries = threads.first().map_or(0, |thread| thread.panels.len());
    (0..queries)
        .map(|query| {
            let panels: Vec<&Panel<'_>> = threads.iter().map(|thread| &thread.panels[query]).collect();
            let parts: Vec<&dyn Part> = panels.iter().flat_map(|panel| panel.parts()).collect();
            let rows = if is_aligned(&parts) { group_by_group(&parts) } else { by_combination(&parts) };
            Counted { rows, total: panels.iter().map(|panel| panel.total()).sum() }
        })
        .collect()
}

/// Whether a group's number means the same combination in all parts.
fn is_aligned(parts: &[&dyn Part]) -> bool {
    let mut widths = parts.iter().map(|part| part.groups().direct_widths());
    let first = widths.next().flatten();
    first.is_some() && widths.all(|of_part| of_part == first)
}

fn group_by_group(parts: &[&dyn Part]) -> Vec<(Combination, Numbers)> {
    let Some(groups) = parts.first().map(|part| part.groups()) else { return Vec::new() };
    let mut rows = Vec::new();
    for group in 0..groups.len() as u32 {
        let mut numbers = Numbers::default();
        parts.iter().for_each(|part| part.add(group, &mut numbers));
        if numbers != Numbers::default() {
            rows.push((groups.combination(group), numbers));
        }
    }
    rows
}

fn by_combination(parts: &[&dyn Part]) -> Vec<(Combination, Numbers)> {
    let mut rows: FxHashMap<Combination, Numbers> = FxHashMap::default();
    for part in parts {
        for group in 0..part.groups().len() as u32 {
            let mut numbers = Numbers::default();
            part.add(group, &mut numbers);
            if numbers != Numbers::default() {
                part.add(group, rows.entry(part.groups().combination(group)).or_default());
            }
        }
    }
    rows.into_iter().collect()
}
