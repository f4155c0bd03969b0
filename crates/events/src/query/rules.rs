//! Which metrics, dimensions and filters go together.

use super::{Dimension, EventDimension, Filter, Metric, Query, QueryError};

/// Refuses a query whose parts do not go together.
pub(crate) fn check(query: &Query) -> Result<(), QueryError> {
    let times: Vec<_> = query.dimensions.iter().filter(|one| matches!(one, Dimension::Time(_))).collect();
    if times.len() > 1 {
        return Err(QueryError::SeveralTimes);
    }
    if query.include.time_labels && times.is_empty() {
        return Err(QueryError::LabelsWithoutTime);
    }
    query.metrics.iter().try_for_each(|metric| check_metric(query, *metric))
}

fn check_metric(query: &Query, metric: Metric) -> Result<(), QueryError> {
    let name = metric.as_str();
    if metric == Metric::Percentage && query.dimensions.is_empty() {
        return Err(QueryError::NeedsDimension(name));
    }
    if metric.is_of_visits() {
        let blocking = query.dimensions.iter().find(|dimension| {
            matches!(dimension, Dimension::Event(EventDimension::Name | EventDimension::Property(_)))
        });
        if let Some(dimension) = blocking {
            return Err(QueryError::VisitMetric { metric: name, dimension: dimension.to_string() });
        }
    }
    if metric.is_of_engagement() {
        let page = Dimension::Event(EventDimension::Page);
        let event_name = Dimension::Event(EventDimension::Name);
        if query.dimensions.contains(&event_name) || filtered(&query.filters, &event_name) {
            return Err(QueryError::EngagementMetric { metric: name });
        }
        if !query.dimensions.contains(&page) && !filtered(&query.filters, &page) {
            return Err(QueryError::NeedsPage(name));
        }
    }
    Ok(())
}

/// Whether a filter speaks of `dimension` of the very event that is counted.
fn filtered(filters: &[Filter], dimension: &Dimension) -> bool {
    let mut found = false;
    for filter in filters {
        filter.visit_conditions(false, &mut |condition, inside| {
            found |= !inside && condition.dimension == *dimension;
        });
    }
    found
}
