//! Answers queries from walks: queries become a plan, the plan's panels watch one walk, their numbers become
//! rows. Queries whose times lie together share a walk; exactness comes first, so a walk whose visits reach
//! beyond its window is done again in a wider one.

mod codes;
mod counted;
mod current;
mod finish;
mod groups;
mod labels;
mod lanes;
mod matching;
mod measures;
mod of_store;
mod panels;
mod plan;
mod select;

use domain::DAY_MS;

use crate::query::{Answer, Query, Range};
use crate::rows::Column;
use crate::store::View;
use crate::walk::{Bounds, Reach, WalkCounts, Who, spine_columns, walk, widened};
pub use matching::Span;
use panels::Panels;
use plan::Plan;

/// How far a walk looks beyond the range at first: visits rarely last longer than a day.
const MARGIN_MS: i64 = DAY_MS;
/// How much further it looks when that was not enough.
const MARGIN_GROWTH: i64 = 8;

/// Answers `queries` in their order. `open` gives a view of the site with the columns named, of at least the
/// time named; it is called again when a visit turns out to reach further.
pub(crate) fn answer_all<E>(
    queries: &[Query],
    threads: usize,
    mut open: impl FnMut(&[Column], Range) -> Result<View, E>,
) -> Result<(Vec<Answer>, WalkCounts), E> {
    let mut answers: Vec<Option<Answer>> = queries.iter().map(|_| None).collect();
    let mut counts = WalkCounts::default();
    for group in near_each_other(queries) {
        let asked: Vec<&Query> = group.iter().map(|index| &queries[*index]).collect();
        let (found, walked) = answer_together(&asked, threads, &mut open)?;
        for (index, answer) in group.into_iter().zip(found) {
            answers[index] = Some(answer);
        }
        counts.rows += walked.rows;
        counts.visits += walked.visits;
        counts.no_visit += walked.no_visit;
    }
    Ok((answers.into_iter().flatten().collect(), counts))
}

fn answer_together<E>(
    queries: &[&Query],
    threads: usize,
    open: &mut impl FnMut(&[Column], Range) -> Result<View, E>,
) -> Result<(Vec<Answer>, WalkCounts), E> {
    let asked = hull(queries);
    let interactive = queries.iter().any(|query| query.metrics.contains(&crate::query::Metric::BounceRate));
    let mut columns = spine_columns(interactive).to_vec();
    columns.extend(plan::columns(queries));
    columns.sort_unstable();
    columns.dedup();
    let mut margins = Margins::default();
    loop {
        let window = margins.window(asked);
        let view = open(&columns, window)?;
        let plan = Plan::new(queries, &view);
        let bounds = Bounds { window, asked, interactive };
        let sieve = plan.sieve();
        let who = sieve.as_ref().map_or(Who::Everybody, Who::Sifted);
        let (seen, counts, reach) = walk(&view, bounds, who, threads, || Panels::new(&plan));
        if !margins.grow(reach) {
            let panels = counted::add_up(&seen);
            return Ok((finish::answers(queries, &plan, &panels), counts));
        }
    }
}

/// The time that is looked through for `query` at first.
fn first_window(query: &Query) -> Range {
    Margins::default().window(query.range)
}

/// How far a walk looks beyond what is asked about.
struct Margins {
    before: i64,
    after: i64,
}

impl Default for Margins {
    fn default() -> Self {
        Self { before: MARGIN_MS, after: MARGIN_MS }
    }
}

impl Margins {
    fn window(&self, asked: Range) -> Range {
        Range { start: widened(asked, self.before).start, end: widened(asked, self.after).end }
    }

    /// Whether a walk that reached so far must be done again in a wider window, which it then has.
    const fn grow(&mut self, reach: Reach) -> bool {
        if reach.before {
            self.before = self.before.saturating_mul(MARGIN_GROWTH);
        }
        if reach.after {
            self.after = self.after.saturating_mul(MARGIN_GROWTH);
        }
        reach.before || reach.after
    }
}

/// The shortest range that holds all that is asked.
fn hull(queries: &[&Query]) -> Range {
    let start = queries.iter().map(|query| query.range.start).min();
    let end = queries.iter().map(|query| query.range.end).max();
    Range { start: start.unwrap_or(domain::Timestamp(0)), end: end.unwrap_or(domain::Timestamp(0)) }
}

/// The positions of queries, in groups whose widened ranges meet.
fn near_each_other(queries: &[Query]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..queries.len()).collect();
    order.sort_by_key(|index| queries[*index].range.start);
    let mut groups: Vec<(i64, Vec<usize>)> = Vec::new();
    for index in order {
        let range = widened(queries[index].range, MARGIN_MS);
        match groups.last_mut() {
            Some((end, group)) if range.start.0 <= *end => {
                *end = (*end).max(range.end.0);
                group.push(index);
            }
            _ => groups.push((range.end.0, vec![index])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

#[cfg(test)]
mod tests;
