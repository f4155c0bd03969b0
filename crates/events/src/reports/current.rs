//! Who is on the site now.

use domain::{Event, MINUTE_MS, Timestamp};
use rustc_hash::FxHashSet;

use crate::query::Range;
use crate::rows::{Column, VisitorKey};
use crate::store::View;

/// How long a page view makes its visitor a current one.
pub(crate) const CURRENT_MS: i64 = 5 * MINUTE_MS;

/// The time a view must hold to tell who is on the site at `now`.
pub(crate) const fn current_range(now: Timestamp) -> Range {
    Range { start: Timestamp(now.0 - CURRENT_MS + 1), end: Timestamp(now.0 + 1) }
}

/// Distinct visitors with a page view in the five minutes before `now`, from a view with [`Column::Name`].
pub(crate) fn current_visitors(view: &View, now: Timestamp) -> u64 {
    let Some(pageview) = view.dictionaries.of(Column::Name).find(Event::PAGEVIEW) else { return 0 };
    let range = current_range(now);
    let mut current: FxHashSet<VisitorKey> = FxHashSet::default();
    for run in &view.runs {
        let Some(names) = run.column(Column::Name) else { continue };
        let spine = &run.spine;
        let holds = |time: u32| range.holds(Timestamp(spine.base.0 + i64::from(time)));
        for (row, _) in spine.times.iter().enumerate().filter(|(_, time)| holds(**time)) {
            if names.at(row) == pageview {
                current.extend(view.moves.counts_as(spine.visitor_of(row)));
            }
        }
    }
    current.len() as u64
}
