//! Lanes: what a panel counts of one batch, one item after the other in order of visitors. Panels that ask
//! about the same events share a lane.

use domain::Timestamp;

use super::select::Selected;
use crate::query::{Bucket, Range};
use crate::walk::{Batch, Kind};

/// What the items of a lane stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum LaneKind {
    /// Selected events, an item each.
    Events,
    /// The same events where nothing is asked of them but to which visit they belong: a visit all of whose
    /// events are selected and lie in one bucket is one item.
    EventsOfVisits,
    /// Selected page views and `engagement` events, an item each.
    Engagement,
    /// Selected visits, an item in each bucket they count in.
    Visits {
        /// Every bucket that a visit spans, instead of that of its last event.
        spanned: bool,
    },
}

/// A lane as the plan orders it: positions of a selection and, where time is asked for, of its buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LanePlan {
    pub(crate) kind: LaneKind,
    pub(crate) selection: usize,
    pub(crate) buckets: Option<usize>,
}

/// The items of a lane. Arrays that the kind has no use for are empty.
#[derive(Default)]
pub(crate) struct Lane {
    /// Each item is a row; otherwise it is of a visit.
    of_rows: bool,
    /// The items are all visits, or all rows, of the batch in order: then the batch's own arrays serve and these
    /// are empty.
    whole: bool,
    rows: Vec<u32>,
    visits: Vec<u32>,
    visitors: Vec<u32>,
    pageviews: Vec<u32>,
    events: Vec<u32>,
    /// With a time dimension only.
    pub(crate) buckets: Vec<u32>,
}

/// A lane of a batch, item by item.
#[derive(Clone, Copy)]
pub(crate) struct Items<'a> {
    pub(crate) lane: &'a Lane,
    pub(crate) batch: &'a Batch<'a>,
    /// The visit of each row of the batch; only where a lane of the plan is of rows.
    pub(crate) visit_of_row: &'a [u32],
}

/// Which items a lane has.
pub(crate) enum Which<'a> {
    AllVisits,
    Visits(&'a [u32]),
    AllRows,
    Rows(&'a [u32]),
}

impl<'a> Items<'a> {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        match self.which() {
            Which::AllVisits => self.batch.visits.len(),
            Which::AllRows => self.batch.times.len(),
            Which::Visits(items) | Which::Rows(items) => items.len(),
        }
    }

    /// Their numbers in the batch.
    pub(crate) fn which(&self) -> Which<'a> {
        match (self.lane.of_rows, self.lane.whole) {
            (false, true) => Which::AllVisits,
            (false, false) => Which::Visits(&self.lane.visits),
            (true, true) => Which::AllRows,
            (true, false) => Which::Rows(&self.lane.rows),
        }
    }

    /// Shows the visit of each item.
    pub(crate) fn each_visit(&self, mut show: impl FnMut(u32)) {
        match self.which() {
            Which::AllVisits => (0..self.batch.visits.len() as u32).for_each(show),
            Which::Visits(visits) => visits.iter().for_each(|visit| show(*visit)),
            Which::AllRows => self.visit_of_row.iter().for_each(|visit| show(*visit)),
            Which::Rows(rows) => rows.iter().for_each(|row| show(self.visit_of_row[*row as usize])),
        }
    }

    /// Shows the row of each item; none where items are of visits.
    pub(crate) fn each_row(&self, mut show: impl FnMut(u32)) {
        match self.which() {
            Which::AllVisits | Which::Visits(_) => {}
            Which::AllRows => (0..self.batch.times.len() as u32).for_each(show),
            Which::Rows(rows) => rows.iter().for_each(|row| show(*row)),
        }
    }

    /// Of items of visits: the visitor, the page views and the events of each.
    pub(crate) fn of_visits(&self) -> (&'a [u32], &'a [u32], &'a [u32]) {
        let (lane, visits) = (self.lane, &self.batch.visits);
        match lane.whole {
            true => (&visits.visitor, &visits.pageviews, &visits.events),
            false => (&lane.visitors, &lane.pageviews, &lane.events),
        }
    }

    /// The visitor of a row.
    pub(crate) fn visitor_of(&self, row: u32) -> u32 {
        self.batch.visits.visitor[self.visit_of_row[row as usize] as usize]
    }
}

/// The buckets of a range, for finding that of a moment without dividing.
#[derive(Debug)]
pub(crate) struct Buckets {
    /// Where each begins, and where the last one ends.
    bounds: Vec<i64>,
    per_ms: f64,
}

impl Buckets {
    pub(crate) fn new(range: Range, buckets: &[Bucket]) -> Self {
        let starts = buckets.iter().map(|bucket| bucket.start.0);
        let bounds: Vec<i64> = starts.chain([range.end.0]).collect();
        #[expect(clippy::cast_precision_loss, reason = "a guess that is corrected")]
        let per_ms = buckets.len() as f64 / (range.end.0 - range.start.0).max(1) as f64;
        Self { bounds, per_ms }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.bounds.len() - 1
    }

    /// The one that holds a moment of the range: guessed from an even spread, then walked to.
    pub(crate) fn of(&self, moment: i64) -> u32 {
        #[expect(clippy::cast_precision_loss, clippy::cast_sign_loss, reason = "a guess that is corrected")]
        let guess = ((moment - self.bounds[0]) as f64 * self.per_ms) as usize;
        let mut at = guess.min(self.len() - 1);
        while self.bounds[at] > moment {
            at -= 1;
        }
        while self.bounds[at + 1] <= moment {
            at += 1;
        }
        at as u32
    }

    /// Whether a moment not before the bucket lies in it.
    fn ends_after(&self, bucket: u32, moment: i64) -> bool {
        moment < self.bounds[bucket as usize + 1]
    }
}

impl Lane {
    /// Fills the lane from a batch.
    pub(crate) fn fill(
        &mut self,
        kind: LaneKind,
        batch: &Batch<'_>,
        range: Range,
        selected: &Selected,
        buckets: Option<&Buckets>,
    ) {
        self.clear();
        let (first, last) = batch.visits.span;
        let within = range.holds(Timestamp(first)) && range.holds(Timestamp(last));
        let everything = within && selected.visits.is_none() && selected.rows.is_none();
        self.of_rows = matches!(kind, LaneKind::Events | LaneKind::Engagement);
        let all = match kind {
            LaneKind::Events => batch.visits.own_all_of(batch.times.len()),
            LaneKind::Engagement => false,
            LaneKind::EventsOfVisits | LaneKind::Visits { .. } => true,
        };
        self.whole = everything && all && buckets.is_none();
        if self.whole {
            return;
        }
        let mut filler = Filler { lane: self, batch, range, selected, buckets, everything };
        for visit in 0..batch.visits.len() {
            match kind {
                LaneKind::Events => filler.events(visit),
                LaneKind::EventsOfVisits => filler.events_of_visit(visit),
                LaneKind::Engagement => filler.engagement(visit),
                LaneKind::Visits { spanned } => filler.visit(visit, spanned),
            }
        }
    }

    fn clear(&mut self) {
        self.visits.clear();
        self.visitors.clear();
        self.pageviews.clear();
        self.events.clear();
        self.rows.clear();
        self.buckets.clear();
    }
}

struct Filler<'a> {
    lane: &'a mut Lane,
    batch: &'a Batch<'a>,
    range: Range,
    selected: &'a Selected,
    buckets: Option<&'a Buckets>,
    /// Every event of the batch is selected.
    everything: bool,
}

impl Filler<'_> {
    fn meets(&self, visit: usize) -> bool {
        self.everything || self.selected.meets(self.batch, self.range, visit)
    }

    fn row_passes(&self, row: usize) -> bool {
        self.everything
            || (self.range.holds(Timestamp(self.batch.times[row]))
                && self.selected.rows.as_ref().is_none_or(|rows| rows[row]))
    }

    fn rows_of(&self, visit: usize) -> std::ops::Range<usize> {
        self.batch.visits.first[visit] as usize..self.batch.visits.end[visit] as usize
    }

    fn push(&mut self, visit: usize, pageviews: u32, events: u32, bucket: Option<u32>) {
        self.lane.visits.push(visit as u32);
        self.lane.visitors.push(self.batch.visits.visitor[visit]);
        self.lane.pageviews.push(pageviews);
        self.lane.events.push(events);
        if let Some(bucket) = bucket {
            self.lane.buckets.push(bucket);
        }
    }

    fn bucket_of(&self, row: usize) -> Option<u32> {
        self.buckets.map(|buckets| buckets.of(self.batch.times[row]))
    }

    fn push_row(&mut self, row: usize) {
        self.lane.rows.push(row as u32);
        if let Some(bucket) = self.bucket_of(row) {
            self.lane.buckets.push(bucket);
        }
    }

    fn events(&mut self, visit: usize) {
        if !self.meets(visit) {
            return;
        }
        for row in self.rows_of(visit) {
            if self.batch.kinds[row] != Kind::Engagement && self.row_passes(row) {
                self.push_row(row);
            }
        }
    }

    fn events_of_visit(&mut self, visit: usize) {
        if !self.meets(visit) {
            return;
        }
        let visits = &self.batch.visits;
        let (start, last) = (visits.start[visit], visits.last[visit]);
        if self.range.holds(Timestamp(start)) && self.range.holds(Timestamp(last)) {
            let (pageviews, events) = (visits.pageviews[visit], visits.events[visit]);
            let Some(buckets) = self.buckets else { return self.push(visit, pageviews, events, None) };
            let bucket = buckets.of(start);
            if buckets.ends_after(bucket, last) {
                return self.push(visit, pageviews, events, Some(bucket));
            }
        }
        for row in self.rows_of(visit) {
            if self.batch.kinds[row] != Kind::Engagement && self.row_passes(row) {
                self.push(visit, u32::from(self.batch.kinds[row] == Kind::Pageview), 1, self.bucket_of(row));
            }
        }
    }

    /// A visit's `engagement` may lie in the range even though its events do not.
    fn engagement(&mut self, visit: usize) {
        if !self.selected.passes(visit) {
            return;
        }
        for row in self.rows_of(visit) {
            let told = matches!(self.batch.kinds[row], Kind::Engagement | Kind::Pageview);
            // `everything` speaks of events alone.
            let inside = self.range.holds(Timestamp(self.batch.times[row]));
            if told && inside && self.row_passes(row) {
                self.push_row(row);
            }
        }
    }

    fn visit(&mut self, visit: usize, spanned: bool) {
        if !(self.everything || self.selected.counts(self.batch, self.range, visit)) {
            return;
        }
        let visits = &self.batch.visits;
        let (start, last) = (visits.start[visit], visits.last[visit]);
        let Some(buckets) = self.buckets else { return self.push(visit, 0, 0, None) };
        let end = buckets.of(last.min(self.range.end.0 - 1));
        let first = if spanned { buckets.of(start.max(self.range.start.0)) } else { end };
        for bucket in first..=end {
            self.push(visit, 0, 0, Some(bucket));
        }
    }
}
