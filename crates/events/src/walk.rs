//! The walk: every visitor's rows from every run, in time order, cut into visits, in one pass for all panels.
//!
//! The space of visitors is cut into slices. A thread takes a slice, lays its rows out as a [`Batch`] of plain
//! arrays and shows it to its [`Observer`]; nothing is shared between threads until they are done. The walk
//! knows visitors, rows and visits, and nothing of queries.

mod batch;
mod merge;
mod sieve;
mod visits;

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use domain::{Timestamp, limits::VISIT_GAP};

pub(crate) use batch::{Batch, Kind, Located};
pub(crate) use sieve::{RowTest, Sieve};
pub(crate) use visits::NONE;

use crate::query::Range;
use crate::rows::{Column, VisitorKey};
use crate::store::View;
use merge::Merge;

/// Rows that a slice should hold: few enough that its arrays stay in a core's own cache.
const SLICE_ROWS: usize = 1 << 14;
/// Below this many rows one slice is enough; starting threads would cost more than it saves.
const PARALLEL_ROWS_MIN: usize = 1 << 13;

/// Sees every batch of a thread, in no particular order of visitors, each visitor in exactly one batch.
pub(crate) trait Observer: Send {
    /// Takes in a batch.
    fn observe(&mut self, batch: &Batch<'_>);
}

/// Whose rows are walked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Who<'a> {
    Everybody,
    /// Those whom the sieve leaves.
    Sifted(&'a Sieve),
    /// These, in ascending order, each once, and each counted as themselves.
    These(&'a [VisitorKey]),
}

/// What a walk is to see.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Rows outside it do not exist for the walk.
    pub(crate) window: Range,
    /// Visits that do not meet it interest nobody.
    pub(crate) asked: Range,
    /// Whether it matters if custom events are interactive.
    pub(crate) interactive: bool,
}

/// What a walk did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WalkCounts {
    /// Rows walked, in all runs.
    pub rows: u64,
    /// Visits found.
    pub visits: u64,
    /// `engagement` events in the range asked for, of the visitors walked, that found no open visit.
    pub no_visit: u64,
}

/// Whether what was asked for may reach beyond the window, so that a wider one must be walked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    pub(crate) before: bool,
    pub(crate) after: bool,
}

/// Walks `view` with at most `threads` threads; `observer` makes each thread's. Others than `who` are not seen.
pub(crate) fn walk<O: Observer>(
    view: &View,
    bounds: Bounds,
    who: Who<'_>,
    threads: usize,
    observer: impl Fn() -> O + Sync,
) -> (Vec<O>, WalkCounts, Reach) {
    let rows: usize = view.runs.iter().map(|run| run.spine.rows()).sum();
    let slices = Slices::of(view.keys.clone(), rows, threads);
    let stop = AtomicBool::new(false);
    let work = || {
        let mut walker = Walker::new(view, bounds, who);
        let mut seen = observer();
        while let Some((from, to)) = slices.take() {
            walker.walk_slice(from, to, &mut seen);
            // A walk that must be done again in a wider window need not be finished.
            if walker.must_widen() {
                stop.store(true, Ordering::Relaxed);
            }
            if stop.load(Ordering::Relaxed) {
                break;
            }
        }
        (seen, walker.counts, walker.reach)
    };
    let workers = threads.clamp(1, slices.count);
    let done: Vec<_> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        let mine = work();
        let joined = others
            .into_iter()
            .map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        std::iter::once(mine).chain(joined).collect()
    });
    gather_up(done)
}

fn gather_up<O>(done: Vec<(O, WalkCounts, Reach)>) -> (Vec<O>, WalkCounts, Reach) {
    let (mut seen, mut counts, mut reach) = (Vec::new(), WalkCounts::default(), Reach::default());
    for (observer, its, reached) in done {
        seen.push(observer);
        counts.rows += its.rows;
        counts.visits += its.visits;
        counts.no_visit += its.no_visit;
        reach.before |= reached.before;
        reach.after |= reached.after;
    }
    (seen, counts, reach)
}

/// The space of the visitors that are walked in equal parts, handed out in order.
struct Slices {
    keys: RangeInclusive<VisitorKey>,
    count: usize,
    next: AtomicUsize,
}

impl Slices {
    fn of(keys: RangeInclusive<VisitorKey>, rows: usize, threads: usize) -> Self {
        let count = if rows < PARALLEL_ROWS_MIN { 1 } else { (rows / SLICE_ROWS).max(2 * threads.max(1)) };
        Self { keys, count, next: AtomicUsize::new(0) }
    }

    /// The next part: from a visitor on, up to but without another, or to the end.
    fn take(&self) -> Option<(VisitorKey, Option<VisitorKey>)> {
        let at = self.next.fetch_add(1, Ordering::Relaxed);
        if at >= self.count {
            return None;
        }
        let (VisitorKey(first), VisitorKey(last)) = (*self.keys.start(), *self.keys.end());
        let step = (last - first) / self.count as u128;
        let from = |at: usize| VisitorKey(first + step * at as u128);
        let to = if at + 1 < self.count { Some(from(at + 1)) } else { last.checked_add(1).map(VisitorKey) };
        Some((from(at), to))
    }
}

/// One thread's part of a walk, with arrays that are used again for each slice.
struct Walker<'a> {
    view: &'a View,
    bounds: Bounds,
    merge: Merge<'a>,
    batch: Batch<'a>,
    counts: WalkCounts,
    reach: Reach,
}

impl<'a> Walker<'a> {
    fn new(view: &'a View, bounds: Bounds, who: Who<'a>) -> Self {
        let batch = Batch::new(view, bounds.interactive);
        Self {
            view,
            bounds,
            merge: Merge::new(view, bounds.window, who),
            batch,
            counts: WalkCounts::default(),
            reach: Reach::default(),
        }
    }

    fn walk_slice(&mut self, from: VisitorKey, to: Option<VisitorKey>, observer: &mut impl Observer) {
        self.counts.rows += self.merge.fill(from, to, &mut self.batch.layout);
        self.batch.read_rows();
        let edges = visits::Edges::of(self.bounds);
        let cut = visits::cut(&mut self.batch, &edges);
        self.counts.visits += self.batch.visits.len() as u64;
        self.counts.no_visit += cut.no_visit;
        let beyond = self.merge.clipped;
        self.reach.before |= cut.reach.before && (self.view.earlier || beyond.before);
        self.reach.after |= cut.reach.after && (self.view.later || beyond.after);
        if !self.batch.visits.is_empty() {
            observer.observe(&self.batch);
        }
    }

    const fn must_widen(&self) -> bool {
        self.reach.before || self.reach.after
    }
}

/// `range` with `margin_ms` on both sides.
pub(crate) fn widened(range: Range, margin_ms: i64) -> Range {
    Range {
        start: Timestamp(range.start.0.saturating_sub(margin_ms)),
        end: Timestamp(range.end.0.saturating_add(margin_ms)),
    }
}

/// The gap that ends a visit, in milliseconds.
pub(crate) const GAP_MS: i64 = VISIT_GAP.as_millis() as i64;

/// The columns every walk reads.
pub(crate) const fn spine_columns(interactive: bool) -> &'static [Column] {
    if interactive { &[Column::Name, Column::Interactive] } else { &[Column::Name] }
}
