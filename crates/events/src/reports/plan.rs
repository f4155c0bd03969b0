//! From queries to what a walk must do for them: which columns it reads where, what it selects, in which lanes
//! it lays it out, and which panels count what of which lane. Whatever two panels have in common is done once.

use super::groups::{GroupPlan, KeyPart};
use super::labels::{Place, PropertyValues, Source};
use super::lanes::{Buckets, LaneKind, LanePlan};
use super::select::Selection;
use crate::query::{Dimension, EventDimension, Filter, Metric, Query};
use crate::rows::Column;
use crate::store::View;
use crate::walk::Sieve;

/// What a walk does for a set of queries.
pub(crate) struct Plan<'v> {
    pub(crate) view: &'v View,
    pub(crate) sources: Vec<Source>,
    pub(crate) selections: Vec<Selection>,
    pub(crate) buckets: Vec<Buckets>,
    pub(crate) lanes: Vec<LanePlan>,
    /// One for each query.
    pub(crate) panels: Vec<PanelPlan>,
    /// Where `engagement` events tell their depth and their time, if anybody asks.
    pub(crate) engagement: Option<EngagementSources>,
    keys: Keys,
}

/// What was already planned, so that it is planned once.
#[derive(Default)]
struct Keys {
    selections: Vec<String>,
    buckets: Vec<String>,
}

/// Positions in the plan's sources.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EngagementSources {
    pub(crate) depth: usize,
    pub(crate) time: usize,
}

/// What one query counts.
pub(crate) struct PanelPlan {
    /// Of events.
    pub(crate) events: Option<EventsPlan>,
    /// Of `engagement` events, by the same dimensions.
    pub(crate) engagement: Option<PartPlan>,
    /// Of whole visits.
    pub(crate) visits: Option<VisitsPlan>,
    /// For each dimension that is a property, its values.
    pub(crate) properties: Vec<Option<PropertyValues>>,
}

/// A lane and how its items are grouped.
pub(crate) struct PartPlan {
    pub(crate) lane: usize,
    pub(crate) groups: GroupPlan,
}

/// What is counted of whole visits.
pub(crate) struct VisitsPlan {
    pub(crate) part: PartPlan,
    /// What they hold, beside how many they are.
    pub(crate) contents: bool,
}

/// What is counted of events.
pub(crate) struct EventsPlan {
    pub(crate) part: PartPlan,
    /// The visits that own them.
    pub(crate) visits: bool,
    /// The visitors of all rows together.
    pub(crate) total: bool,
}

/// The columns that `queries` need beside those that every walk reads.
pub(crate) fn columns(queries: &[&Query]) -> Vec<Column> {
    let mut columns = Vec::new();
    for query in queries {
        for dimension in &query.dimensions {
            columns.extend(Source::of(dimension).map(|source| source.column));
        }
        columns.extend(columns_of(&query.filters));
        if query.metrics.iter().any(|metric| metric.is_of_engagement()) {
            columns.extend([Column::ScrollDepth, Column::EngagedMs]);
        }
    }
    columns
}

/// The columns that `filters` look at.
pub(crate) fn columns_of(filters: &[Filter]) -> Vec<Column> {
    let dimensions = filters.iter().flat_map(Filter::named);
    dimensions.filter_map(|dimension| Source::of(dimension).map(|source| source.column)).collect()
}

/// Whether a query's `visits` are those that own a matching event, instead of those that meet the range.
pub(crate) fn tells_visits_by_events(query: &Query) -> bool {
    query.dimensions.iter().any(|dimension| matches!(dimension, Dimension::Event(_)))
        || query.filters.iter().any(Filter::is_of_events)
}

impl<'v> Plan<'v> {
    pub(crate) fn new(queries: &[&Query], view: &'v View) -> Self {
        let mut plan = Self {
            view,
            sources: Vec::new(),
            selections: Vec::new(),
            buckets: Vec::new(),
            lanes: Vec::new(),
            panels: Vec::new(),
            engagement: None,
            keys: Keys::default(),
        };
        for query in queries {
            let panel = plan.panel(query);
            plan.panels.push(panel);
        }
        plan
    }

    /// Which visitors can matter; `None` where all may.
    pub(crate) fn sieve(&self) -> Option<Sieve> {
        let tests = self.selections.iter().map(|selection| selection.row_test(&self.sources));
        tests.collect::<Option<Vec<_>>>().map(Sieve)
    }

    fn panel(&mut self, query: &Query) -> PanelPlan {
        let by_events = tells_visits_by_events(query);
        let asks = |wanted: fn(Metric) -> bool| query.metrics.iter().any(|metric| wanted(*metric));
        let of_visits = asks(Metric::is_of_visits) || (!by_events && asks(|metric| metric == Metric::Visits));
        let of_events = asks(|metric| !metric.is_of_visits() && metric != Metric::Visits)
            || (by_events && asks(|metric| metric == Metric::Visits));
        let properties: Vec<_> = query
            .dimensions
            .iter()
            .map(|dimension| {
                matches!(dimension, Dimension::Event(EventDimension::Property(_)))
                    .then(|| PropertyValues::read(dimension, &self.view.dictionaries))
            })
            .collect();
        PanelPlan {
            events: of_events.then(|| self.events(query, by_events, &properties)),
            engagement: asks(Metric::is_of_engagement).then(|| self.engagement(query, &properties)),
            visits: of_visits.then(|| self.visits(query)),
            properties,
        }
    }

    fn events(
        &mut self,
        query: &Query,
        by_events: bool,
        properties: &[Option<PropertyValues>],
    ) -> EventsPlan {
        let asked = |metric| query.metrics.contains(&metric);
        let kind = if by_events { LaneKind::Events } else { LaneKind::EventsOfVisits };
        EventsPlan {
            part: self.part(query, kind, &query.filters, (&query.dimensions, properties)),
            visits: by_events && asked(Metric::Visits),
            total: asked(Metric::Percentage),
        }
    }

    fn engagement(&mut self, query: &Query, properties: &[Option<PropertyValues>]) -> PartPlan {
        let source = |plan: &mut Self, column| plan.source(Source { place: Place::Row, column });
        self.engagement = Some(EngagementSources {
            depth: source(self, Column::ScrollDepth),
            time: source(self, Column::EngagedMs),
        });
        self.part(query, LaneKind::Engagement, &query.filters, (&query.dimensions, properties))
    }

    fn visits(&mut self, query: &Query) -> VisitsPlan {
        let filters: Vec<Filter> = query.filters.iter().map(Filter::of_entry).collect();
        let dimensions: Vec<Dimension> = query.dimensions.iter().map(Dimension::of_entry).collect();
        let kind = LaneKind::Visits {
            spanned: query.interval().is_some_and(crate::query::Interval::counts_spanned),
        };
        let contents = query.metrics.iter().any(|metric| metric.is_of_visits());
        VisitsPlan { part: self.part(query, kind, &filters, (&dimensions, &[])), contents }
    }

    fn part(
        &mut self,
        query: &Query,
        kind: LaneKind,
        filters: &[Filter],
        (dimensions, properties): (&[Dimension], &[Option<PropertyValues>]),
    ) -> PartPlan {
        let selection = self.selection(query, filters);
        let buckets = query.interval().map(|_| self.buckets(query));
        let lane = LanePlan { kind, selection, buckets };
        let lane = position(&mut self.lanes, lane);
        let mut groups = GroupPlan { parts: Vec::new(), widths: Vec::new() };
        for (place, dimension) in dimensions.iter().enumerate() {
            let property = properties.get(place).and_then(Option::as_ref);
            let (part, width) = self.key_part(dimension, property, buckets);
            groups.parts.push(part);
            groups.widths.push(width.max(1));
        }
        PartPlan { lane, groups }
    }

    fn key_part(
        &mut self,
        dimension: &Dimension,
        property: Option<&PropertyValues>,
        buckets: Option<usize>,
    ) -> (KeyPart, usize) {
        let Some(source) = Source::of(dimension) else {
            return (KeyPart::Bucket, buckets.map_or(0, |buckets| self.buckets[buckets].len()));
        };
        let width = self.view.dictionaries.of(source.column).len();
        let id = self.source(source);
        match (property, source.place) {
            (Some(property), _) => {
                let part = KeyPart::Property { source: id, code_of: property.code_of.clone() };
                (part, property.values.len())
            }
            (None, Place::Row) => (KeyPart::OfRow { source: id }, width),
            (None, _) => (KeyPart::OfVisit { source: id }, width),
        }
    }

    fn selection(&mut self, query: &Query, filters: &[Filter]) -> usize {
        let key = format!("{:?} {filters:?}", query.range);
        if let Some(known) = self.keys.selections.iter().position(|known| *known == key) {
            return known;
        }
        let sources = &mut self.sources;
        let mut source_id = |source| position(sources, source);
        let selection = Selection::new(query.range, filters, &self.view.dictionaries, &mut source_id);
        self.selections.push(selection);
        self.keys.selections.push(key);
        self.selections.len() - 1
    }

    fn buckets(&mut self, query: &Query) -> usize {
        let key = format!("{:?} {:?}", query.range, query.interval());
        let known = self.keys.buckets.iter().position(|known| *known == key);
        known.unwrap_or_else(|| {
            self.buckets.push(Buckets::new(query.range, &query.buckets));
            self.keys.buckets.push(key);
            self.buckets.len() - 1
        })
    }

    fn source(&mut self, source: Source) -> usize {
        position(&mut self.sources, source)
    }
}

/// Where `item` is in `items`, putting it there if need be.
pub(super) fn position<T: PartialEq>(items: &mut Vec<T>, item: T) -> usize {
    items.iter().position(|known| *known == item).unwrap_or_else(|| {
        items.push(item);
        items.len() - 1
    })
}
