//! Which visits somebody means: those that a report of the same range and filters counts as its `visits`.

use serde_json::Value;

use super::{Filter, QueryError, Range, parse};

/// Filters of visits in a range. Made like a query's, with its limits.
#[derive(Clone, Debug)]
pub struct VisitFilters {
    pub(crate) range: Range,
    /// All of them must hold.
    pub(crate) filters: Vec<Filter>,
}

impl VisitFilters {
    /// Reads the JSON of a query's `filters`.
    ///
    /// # Errors
    /// [`QueryError`] where a query with them would be none.
    pub fn parse(filters: &Value, range: Range) -> Result<Self, QueryError> {
        Ok(Self { range, filters: parse::filters(filters)? })
    }

    /// Whether nothing is asked of a visit.
    pub const fn is_empty(&self) -> bool {
        self.filters.is_empty()
    }
}
