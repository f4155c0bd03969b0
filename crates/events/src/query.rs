//! What can be asked of a site's events, and the shape of the answer: the Stats API v2, without HTTP.
//!
//! A [`Query`] is only made by [`Query::parse`], so every query that reaches the walk is known to make sense:
//! its metrics, dimensions and filters go together, its range is resolved, its sizes are within [`limits`].

mod answer;
mod buckets;
mod countries;
mod dimension;
mod error;
mod filter;
pub mod limits;
mod metric;
mod order;
mod parse;
mod range;
mod rules;
mod visits;

pub use answer::{Answer, AnswerRow, Meta, Value};
pub(crate) use buckets::Bucket;
pub(crate) use countries::country_name;
pub use dimension::{Dimension, EventDimension, Interval, VisitDimension};
pub use error::QueryError;
pub use filter::{Condition, Filter};
pub use metric::Metric;
pub use order::{Direction, OrderKey};
pub use range::{Calendar, Range};
pub use visits::VisitFilters;

use domain::TimeZone;

/// A question about one site's events.
#[derive(Clone, Debug)]
pub struct Query {
    /// The site as the asker named it, for the echo.
    pub(crate) site_id: String,
    pub(crate) range: Range,
    pub(crate) zone: TimeZone,
    pub(crate) metrics: Vec<Metric>,
    pub(crate) dimensions: Vec<Dimension>,
    /// All of them must hold.
    pub(crate) filters: Vec<Filter>,
    pub(crate) order_by: Vec<(OrderKey, Direction)>,
    pub(crate) pagination: Pagination,
    pub(crate) include: Include,
    /// The filters as they were written, for the echo.
    pub(crate) filters_json: serde_json::Value,
    /// The parts into which its time dimension cuts its range; empty without one.
    pub(crate) buckets: Vec<Bucket>,
}

/// Which of the ordered rows to hand out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pagination {
    pub(crate) limit: usize,
    pub(crate) offset: usize,
}

/// What to tell beside the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Include {
    pub(crate) imports: bool,
    pub(crate) time_labels: bool,
    pub(crate) total_rows: bool,
}

impl Query {
    /// Reads the JSON of a query; `calendar` resolves its dates in the site's time zone.
    pub fn parse(json: &serde_json::Value, calendar: &Calendar) -> Result<Self, QueryError> {
        let mut query = parse::parse(json, calendar)?;
        rules::check(&query)?;
        if let Some(interval) = query.interval() {
            query.buckets = buckets::buckets(query.range, interval, &query.zone)?;
        }
        Ok(query)
    }

    /// The domain the query names; reading it is all that is needed before the site is known.
    pub fn site_id_of(json: &serde_json::Value) -> Result<&str, QueryError> {
        parse::site_id(json)
    }

    /// The moments it asks about.
    pub const fn range(&self) -> Range {
        self.range
    }

    /// Every dimension that it groups or filters by.
    pub fn named(&self) -> Vec<&Dimension> {
        let filtered = self.filters.iter().flat_map(Filter::named);
        self.dimensions.iter().chain(filtered).collect()
    }

    /// The interval of its time dimension, if it has one.
    pub(crate) fn interval(&self) -> Option<Interval> {
        self.dimensions.iter().find_map(|dimension| match dimension {
            Dimension::Time(interval) => Some(*interval),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests;
