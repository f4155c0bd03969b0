//! What visitors did at a time, held against the filters of reports: the question by which anything beside events, such as a
//! recording, is found by the visit it belongs to.
//!
//! A visit lasts until it is over: until half an hour has passed since the last that was told of it. Only the visitors asked
//! about are walked, and only in the days around the moments asked about, whatever the filters' range; what comes out is
//! no larger than what was asked.

use domain::{SiteId, Timestamp, VisitorId};

use super::Margins;
use super::codes::BatchCodes;
use super::labels::Source;
use super::plan::{columns_of, position};
use super::select::Selection;
use crate::aliases::Moves;
use crate::catalog::Kept;
use crate::query::{Range, VisitFilters};
use crate::rows::{Column, VisitorKey};
use crate::store::{Store, StoreError, View};
use crate::walk::{Batch, Bounds, GAP_MS, Observer, Who, spine_columns, walk};

/// What a visitor did between two moments, both part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "said above")]
pub struct Span {
    pub visitor: VisitorId,
    pub first: Timestamp,
    pub last: Timestamp,
}

impl Store {
    /// For each of `spans`, in their order, whether it overlaps a visit of its visitor that a report of `filters` counts
    /// among its `visits`. Every event committed before the call is part of it.
    pub fn match_visits(
        &self,
        site: SiteId,
        filters: &VisitFilters,
        spans: &[Span],
        threads: usize,
    ) -> Result<Vec<bool>, StoreError> {
        match_all(filters, spans, threads, |columns, range| self.view(site, range, columns, Kept::Counted))
    }
}

/// The same; `open` gives a view of the site with the columns named, of at least the time named.
pub(super) fn match_all<E>(
    filters: &VisitFilters,
    spans: &[Span],
    threads: usize,
    mut open: impl FnMut(&[Column], Range) -> Result<View, E>,
) -> Result<Vec<bool>, E> {
    let first = spans.iter().map(|span| span.first.0).min();
    let Some((first, last)) = first.zip(spans.iter().map(|span| span.last.0).max()) else {
        return Ok(Vec::new());
    };
    let asked =
        Range { start: Timestamp(first.saturating_sub(GAP_MS)), end: Timestamp(last.saturating_add(1)) };
    let mut columns = spine_columns(false).to_vec();
    columns.extend(columns_of(&filters.filters));
    columns.sort_unstable();
    columns.dedup();
    let mut margins = Margins::default();
    loop {
        let window = margins.window(asked);
        let view = open(&columns, window)?;
        let spans = Spans::of(spans, &view.moves);
        let mut sources = Vec::new();
        let mut source_id = |source| position(&mut sources, source);
        let selection = Selection::new(filters.range, &filters.filters, &view.dictionaries, &mut source_id);
        let bounds = Bounds { window, asked, interactive: false };
        let observer = || Matching {
            selection: &selection,
            sources: &sources,
            spans: &spans,
            codes: BatchCodes::default(),
            matched: vec![false; spans.asked],
        };
        let (seen, _, reach) = walk(&view, bounds, Who::These(&spans.visitors), threads, observer);
        if !margins.grow(reach) {
            let matched = |at: usize| seen.iter().any(|each| each.matched[at]);
            return Ok((0..spans.asked).map(matched).collect());
        }
    }
}

/// What is asked about, by the visitor as whom it is counted.
struct Spans {
    /// How many were asked about, those of visitors in no report among them.
    asked: usize,
    /// In ascending order, each once.
    visitors: Vec<VisitorKey>,
    /// Whose, and which of those that were asked about.
    in_order: Vec<(VisitorKey, usize, Span)>,
}

impl Spans {
    fn of(spans: &[Span], moves: &Moves) -> Self {
        let by_visitor =
            |(at, span): (usize, &Span)| Some((moves.counts_as(span.visitor.into())?, at, *span));
        let mut in_order: Vec<_> = spans.iter().enumerate().filter_map(by_visitor).collect();
        in_order.sort_unstable_by_key(|(visitor, at, _)| (*visitor, *at));
        let mut visitors: Vec<_> = in_order.iter().map(|(visitor, ..)| *visitor).collect();
        visitors.dedup();
        Self { asked: spans.len(), visitors, in_order }
    }

    fn of_visitor(&self, visitor: VisitorKey) -> &[(VisitorKey, usize, Span)] {
        let first = self.in_order.partition_point(|(whose, ..)| *whose < visitor);
        let rest = &self.in_order[first..];
        &rest[..rest.partition_point(|(whose, ..)| *whose == visitor)]
    }
}

/// One thread's findings.
struct Matching<'a> {
    selection: &'a Selection,
    sources: &'a [Source],
    spans: &'a Spans,
    codes: BatchCodes,
    /// Of each span, in the order in which they were asked about.
    matched: Vec<bool>,
}

impl Observer for Matching<'_> {
    fn observe(&mut self, batch: &Batch<'_>) {
        self.codes.read(self.sources, batch);
        let selected = self.selection.apply(batch, &self.codes.of_sources);
        let visits = &batch.visits;
        let (mut whose, mut spans): (u32, &[_]) = (0, &[]);
        for visit in 0..visits.len() {
            if !selected.counts(batch, self.selection.range, visit) {
                continue;
            }
            if whose != visits.visitor[visit] {
                whose = visits.visitor[visit];
                spans = self.spans.of_visitor(batch.visitor_of(visits.first[visit]));
            }
            let over = batch.times[visits.end[visit] as usize - 1].saturating_add(GAP_MS);
            for (_, at, span) in spans {
                self.matched[*at] |= visits.start[visit] <= span.last.0 && span.first.0 < over;
            }
        }
    }
}
