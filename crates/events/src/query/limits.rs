//! Every limit on what a query may ask, by name. Each is tested at its edge.

/// Queries in one request.
pub const QUERIES_MAX: usize = 64;
/// Metrics of one query.
pub const METRICS_MAX: usize = 16;
/// Dimensions of one query.
pub const DIMENSIONS_MAX: usize = 4;
/// Rows handed out at once; also the number handed out when nothing is said.
pub const ROWS_MAX: usize = 10_000;
/// Rows that may be skipped.
pub const OFFSET_MAX: usize = 10_000_000;
/// Conditions in one query's filters.
pub const CONDITIONS_MAX: usize = 200;
/// How deep `and`, `or`, `not` and `has_done` may nest.
pub const FILTER_DEPTH_MAX: usize = 8;
/// Values of one condition.
pub const VALUES_MAX: usize = 1_000;
/// Bytes of one value.
pub const VALUE_BYTES_MAX: usize = 4_096;
/// Bytes a compiled regular expression may take.
pub const REGEX_BYTES_MAX: usize = 1 << 20;
/// Days a relative date range may reach back.
pub const DAYS_MAX: i32 = 5_000;
/// Months a relative date range may reach back.
pub const MONTHS_MAX: i32 = 120;
/// Buckets a time dimension may cut the range into.
pub const BUCKETS_MAX: usize = 100_000;
/// Bytes of a property's name in a dimension.
pub const PROPERTY_NAME_BYTES_MAX: usize = domain::limits::PROPERTY_NAME_BYTES;
