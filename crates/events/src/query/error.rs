//! Why a query cannot be answered: always the asker's to mend, so each says what is wrong and what would do.

use super::limits;

/// A query that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's sentence says it")]
pub enum QueryError {
    #[error("the query must be a JSON object")]
    NotAnObject,
    #[error("`{key}` is not part of a query; known are {known}")]
    UnknownKey { key: String, known: &'static str },
    #[error("`{0}` is required")]
    Missing(&'static str),
    #[error("`{key}` must be {expected}")]
    Shape { key: &'static str, expected: &'static str },
    #[error("`{0}` is not a metric")]
    UnknownMetric(String),
    #[error("`{0}` is not a dimension")]
    UnknownDimension(String),
    #[error("`{0}` is listed twice")]
    Repeated(String),
    #[error("at most {max} {what}")]
    TooMany { what: &'static str, max: usize },
    #[error(
        "`{0}` is not a date range: day, 24h, 7d, 28d, 30d, 91d, month, 6mo, 12mo, year, all, or two ISO 8601 dates or times"
    )]
    DateRange(String),
    #[error("the date range ends before it begins")]
    EmptyRange,
    #[error("a date range may reach back {} days or {} months", limits::DAYS_MAX, limits::MONTHS_MAX)]
    RangeTooLong,
    #[error(
        "`{interval}` cuts this date range into more than {} parts; take a longer interval or a shorter range",
        limits::BUCKETS_MAX
    )]
    TooManyBuckets { interval: String },
    #[error("a query can have one time dimension")]
    SeveralTimes,
    #[error("filter {filter}: {problem}")]
    Filter { filter: String, problem: String },
    #[error("filters may nest {} deep", limits::FILTER_DEPTH_MAX)]
    FilterTooDeep,
    #[error("`{0}` is neither a metric nor a dimension of this query, so rows cannot be ordered by it")]
    OrderBy(String),
    #[error("`include.time_labels` needs a time dimension")]
    LabelsWithoutTime,
    #[error("`{0}` needs at least one dimension")]
    NeedsDimension(&'static str),
    #[error("`{0}` needs the dimension event:page or a filter on it")]
    NeedsPage(&'static str),
    #[error("`{metric}` speaks of whole visits and cannot be told by `{dimension}`")]
    VisitMetric { metric: &'static str, dimension: String },
    #[error("`{metric}` is told by engagement and cannot be told by event:name or filtered by it")]
    EngagementMetric { metric: &'static str },
}
