//! Cuts rows into visits: the one place that knows what a visit is.

use super::batch::{Batch, Kind};
use super::{Bounds, GAP_MS, Reach};
use crate::stretches;

/// No such row, or no visit.
pub(crate) const NONE: u32 = u32::MAX;

/// The visits of a batch, an array for each thing known of them.
#[derive(Default)]
pub(crate) struct Visits {
    /// The visitor's number in this thread's walk, from 1; visits of one visitor stand together.
    pub(crate) visitor: Vec<u32>,
    /// The row of the first event.
    pub(crate) first: Vec<u32>,
    /// The row after the last one, `engagement` included.
    pub(crate) end: Vec<u32>,
    /// The rows of the first and of the last page view, or [`NONE`].
    pub(crate) entry: Vec<u32>,
    pub(crate) exit: Vec<u32>,
    /// When the first event and the last one that is not `engagement` happened.
    pub(crate) start: Vec<i64>,
    pub(crate) last: Vec<i64>,
    pub(crate) pageviews: Vec<u32>,
    /// Events that are not `engagement`.
    pub(crate) events: Vec<u32>,
    pub(crate) bounced: Vec<bool>,
    /// The same visit by visit, while they are being cut.
    cut: Vec<Open>,
    /// The first moment of the first of them in time, and the last of the last.
    pub(crate) span: (i64, i64),
    /// The number the next visitor gets is one more.
    visitors: u32,
}

impl Visits {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.visitor.len()
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.visitor.is_empty()
    }

    /// Whether all `rows` of the batch are events of visits.
    pub(crate) fn own_all_of(&self, rows: usize) -> bool {
        self.events.iter().map(|events| *events as usize).sum::<usize>() == rows
    }

    /// Fills `visits` with the visit of each of the batch's `rows`; that of a row in no visit says nothing.
    pub(crate) fn of_rows(&self, rows: usize, visits: &mut Vec<u32>) {
        stretches::make_room(visits, rows);
        for (visit, (first, end)) in (0..).zip(self.first.iter().zip(&self.end)) {
            stretches::fill(visits, *first as usize..*end as usize, visit);
        }
        visits.truncate(rows);
    }

    /// How long one lasted, in whole seconds.
    pub(crate) fn seconds(&self, visit: usize) -> u64 {
        ((self.last[visit] - self.start[visit]) / 1_000) as u64
    }

    fn clear(&mut self) {
        self.cut.clear();
        self.visitor.clear();
        self.first.clear();
        self.end.clear();
        self.entry.clear();
        self.exit.clear();
        self.start.clear();
        self.last.clear();
        self.pageviews.clear();
        self.events.clear();
        self.bounced.clear();
    }

    /// Turns what was cut into arrays: array by array, which is far cheaper than visit by visit.
    fn lay_out(&mut self) {
        let cut = &self.cut;
        self.visitor.extend(cut.iter().map(|visit| visit.visitor));
        self.first.extend(cut.iter().map(|visit| visit.first));
        self.end.extend(cut.iter().map(|visit| visit.end));
        self.entry.extend(cut.iter().map(|visit| visit.entry));
        self.exit.extend(cut.iter().map(|visit| visit.exit));
        self.start.extend(cut.iter().map(|visit| visit.start));
        self.last.extend(cut.iter().map(|visit| visit.last));
        self.pageviews.extend(cut.iter().map(|visit| visit.pageviews));
        self.events.extend(cut.iter().map(|visit| visit.events));
        self.bounced.extend(cut.iter().map(|visit| visit.pageviews < 2 && !visit.interactive));
        let first = self.start.iter().copied().min().unwrap_or(i64::MAX);
        self.span = (first, self.last.iter().copied().max().unwrap_or(i64::MIN));
    }
}

/// A visit that may still grow.
#[derive(Clone, Copy)]
struct Open {
    visitor: u32,
    first: u32,
    end: u32,
    entry: u32,
    exit: u32,
    start: i64,
    last: i64,
    pageviews: u32,
    events: u32,
    interactive: bool,
}

/// Where a chain of events would have to reach to make a wider window necessary.
pub(crate) struct Edges {
    window_start: i64,
    window_end: i64,
    asked_start: i64,
    asked_end: i64,
}

impl Edges {
    pub(crate) const fn of(bounds: Bounds) -> Self {
        Self {
            window_start: bounds.window.start.0,
            window_end: bounds.window.end.0,
            asked_start: bounds.asked.start.0,
            asked_end: bounds.asked.end.0,
        }
    }

    /// What events from `first` to `last`, no gap of a visit's end between them, make necessary.
    fn reach(&self, first: i64, last: i64) -> Reach {
        let near_start = first.saturating_sub(GAP_MS) < self.window_start && last >= self.asked_start;
        let near_end = last.saturating_add(GAP_MS) >= self.window_end && first < self.asked_end;
        Reach { before: near_start, after: near_end }
    }
}

/// What cutting found beside the visits.
#[derive(Default)]
pub(crate) struct Cut {
    pub(crate) no_visit: u64,
    pub(crate) reach: Reach,
}

/// Fills `batch.visits` from its times and kinds.
pub(crate) fn cut(batch: &mut Batch<'_>, edges: &Edges) -> Cut {
    let mut found = Cut::default();
    batch.visits.clear();
    let mut from = 0;
    for end in &batch.layout.visitor_ends {
        batch.visits.visitors += 1;
        let rows = from as usize..*end as usize;
        cut_visitor(
            from,
            &batch.times[rows.clone()],
            &batch.kinds[rows],
            &mut batch.visits,
            (edges, &mut found),
        );
        from = *end;
    }
    batch.visits.lay_out();
    found
}

fn cut_visitor(
    from: u32,
    times: &[i64],
    kinds: &[Kind],
    visits: &mut Visits,
    (edges, found): (&Edges, &mut Cut),
) {
    let Some(mut chain_start) = times.first().copied() else { return };
    let mut previous = chain_start;
    let none = Open {
        visitor: visits.visitors,
        first: NONE,
        end: NONE,
        entry: NONE,
        exit: NONE,
        start: 0,
        last: 0,
        pageviews: 0,
        events: 0,
        interactive: false,
    };
    let mut open = none;
    for (row, (&time, &kind)) in (from..).zip(times.iter().zip(kinds)) {
        if time - previous >= GAP_MS {
            if open.events > 0 {
                visits.cut.push(Open { end: row, ..open });
                open = none;
            }
            note_reach(edges.reach(chain_start, previous), found);
            chain_start = time;
        }
        previous = time;
        if kind == Kind::Engagement {
            let lost = open.events == 0 && edges.asked_start <= time && time < edges.asked_end;
            found.no_visit += u64::from(lost);
            continue;
        }
        if open.events == 0 {
            (open.first, open.start) = (row, time);
        }
        open.last = time;
        open.events += 1;
        if kind == Kind::Pageview {
            open.pageviews += 1;
            open.exit = row;
            open.entry = open.entry.min(row);
        }
        open.interactive |= kind == Kind::Interactive;
    }
    if open.events > 0 {
        visits.cut.push(Open { end: from + times.len() as u32, ..open });
    }
    note_reach(edges.reach(chain_start, previous), found);
}

fn note_reach(reach: Reach, found: &mut Cut) {
    found.reach.before |= reach.before;
    found.reach.after |= reach.after;
}
