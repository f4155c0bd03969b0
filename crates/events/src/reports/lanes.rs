//! Lanes: what a panel counts of one batch, one item after the other in order of visitors. Panels that ask
//! about the same events share a lane.

use domain::Timestamp;

use super::select::{Selected, owners};
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
    pub(crate) visits: Vec<u32>,
    pub(crate) rows: Vec<u32>,
    pub(crate) buckets: Vec<u32>,
    pub(crate) pageviews: Vec<u32>,
    pub(crate) events: Vec<u32>,
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
        let filler = Filler { lane: self, batch, range, selected, buckets };
        match kind {
            LaneKind::Events => filler.events(),
            LaneKind::EventsOfVisits => filler.events_of_visits(),
            LaneKind::Engagement => filler.engagement(),
            LaneKind::Visits { spanned } => filler.visits(spanned),
        }
    }

    fn clear(&mut self) {
        self.visits.clear();
        self.rows.clear();
        self.buckets.clear();
        self.pageviews.clear();
        self.events.clear();
    }
}

struct Filler<'a> {
    lane: &'a mut Lane,
    batch: &'a Batch<'a>,
    range: Range,
    selected: &'a Selected,
    buckets: Option<&'a Buckets>,
}

impl Filler<'_> {
    /// The visits that meet the range and pass the tests on visits.
    fn meeting(&self) -> impl Iterator<Item = usize> + use<'_> {
        let visits = &self.batch.visits;
        let passed = self.selected.visits.as_deref();
        (0..visits.len()).filter(move |visit| {
            visits.start[*visit] < self.range.end.0
                && visits.last[*visit] >= self.range.start.0
                && passed.is_none_or(|passed| passed[*visit])
        })
    }

    /// The visits that meet or outlive the range: their `engagement` may lie in it though their events do not.
    fn around(&self) -> impl Iterator<Item = usize> + use<'_> {
        let visits = &self.batch.visits;
        let passed = self.selected.visits.as_deref();
        (0..visits.len()).filter(move |visit| passed.is_none_or(|passed| passed[*visit]))
    }

    fn rows_of(&self, visit: usize) -> std::ops::Range<usize> {
        self.batch.visits.first[visit] as usize..self.batch.visits.end[visit] as usize
    }

    fn row_passes(&self, row: usize) -> bool {
        self.range.holds(Timestamp(self.batch.times[row]))
            && self.selected.rows.as_ref().is_none_or(|rows| rows[row])
    }

    fn events(self) {
        for visit in self.meeting().collect::<Vec<_>>() {
            for row in self.rows_of(visit) {
                if self.batch.kinds[row] != Kind::Engagement && self.row_passes(row) {
                    self.lane.visits.push(visit as u32);
                    self.lane.rows.push(row as u32);
                    self.lane.pageviews.push(u32::from(self.batch.kinds[row] == Kind::Pageview));
                    self.lane.events.push(1);
                    if let Some(buckets) = self.buckets {
                        self.lane.buckets.push(buckets.of(self.batch.times[row]));
                    }
                }
            }
        }
    }

    fn events_of_visits(self) {
        let visits = &self.batch.visits;
        for visit in self.meeting().collect::<Vec<_>>() {
            let (start, last) = (visits.start[visit], visits.last[visit]);
            let inside = start >= self.range.start.0 && last < self.range.end.0;
            let bucket = match self.buckets {
                Some(buckets) if inside => {
                    let (first, end) = (buckets.of(start), buckets.of(last));
                    (first == end).then_some(Some(first))
                }
                None if inside => Some(None),
                _ => None,
            };
            if let Some(bucket) = bucket {
                self.lane.visits.push(visit as u32);
                self.lane.pageviews.push(visits.pageviews[visit]);
                self.lane.events.push(visits.events[visit]);
                self.lane.buckets.extend(bucket);
                continue;
            }
            for row in self.rows_of(visit) {
                if self.batch.kinds[row] != Kind::Engagement && self.row_passes(row) {
                    self.lane.visits.push(visit as u32);
                    self.lane.pageviews.push(u32::from(self.batch.kinds[row] == Kind::Pageview));
                    self.lane.events.push(1);
                    self.lane.buckets.extend(self.buckets.map(|buckets| buckets.of(self.batch.times[row])));
                }
            }
        }
    }

    fn engagement(self) {
        for visit in self.around().collect::<Vec<_>>() {
            for row in self.rows_of(visit) {
                let told = matches!(self.batch.kinds[row], Kind::Engagement | Kind::Pageview);
                if told && self.row_passes(row) {
                    self.lane.visits.push(visit as u32);
                    self.lane.rows.push(row as u32);
                    self.lane.buckets.extend(self.buckets.map(|buckets| buckets.of(self.batch.times[row])));
                }
            }
        }
    }

    fn visits(self, spanned: bool) {
        let owners = self.selected.rows.as_ref().map(|rows| owners(self.batch, self.range, rows));
        let visits = &self.batch.visits;
        for visit in self.meeting().collect::<Vec<_>>() {
            if owners.as_ref().is_some_and(|owners| !owners[visit]) {
                continue;
            }
            let Some(buckets) = self.buckets else {
                self.lane.visits.push(visit as u32);
                continue;
            };
            let last = buckets.of(visits.last[visit].min(self.range.end.0 - 1));
            let first = if spanned { buckets.of(visits.start[visit].max(self.range.start.0)) } else { last };
            for bucket in first..=last {
                self.lane.visits.push(visit as u32);
                self.lane.buckets.push(bucket);
            }
        }
    }
}
