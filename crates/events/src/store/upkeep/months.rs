//! The UTC months that segments are cut by.

use domain::{DAY_MS, Timestamp};
use jiff::civil::Date;

/// A month of the UTC calendar, by its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Month(Date);

impl Month {
    /// The month in which `moment` lies. Moments beyond the calendar lie in its last or first month.
    pub(super) fn of(moment: Timestamp) -> Self {
        let inside = jiff::Timestamp::from_millisecond(moment.0).unwrap_or(jiff::Timestamp::MAX);
        Self(jiff::tz::TimeZone::UTC.to_datetime(inside).date().first_of_month())
    }

    /// The first moment after it.
    pub(super) fn end(self) -> Timestamp {
        let days = self.0.last_of_month().since(Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days());
        Timestamp((i64::from(days) + 1) * DAY_MS)
    }
}
