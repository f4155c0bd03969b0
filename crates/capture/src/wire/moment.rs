//! The time that a sender gives an event: ISO 8601, or milliseconds since 1970 as a number or as text.

use domain::Timestamp;

use super::loose::Loose;
use crate::Malformed;

pub(super) fn read(value: &Loose<'_>) -> Result<Option<Timestamp>, Malformed> {
    let milliseconds = match value {
        Loose::Null => return Ok(None),
        Loose::Text(text) => value.whole().or_else(|| iso_8601(text.trim())),
        other => other.whole(),
    };
    let wrong = "must be ISO 8601 such as 2026-11-22T13:00:00Z, or milliseconds since 1970";
    milliseconds.map(|ms| Some(Timestamp(ms))).ok_or_else(|| Malformed::new("timestamp", wrong))
}

/// A moment without an offset is taken as UTC, as nothing here knows the sender's zone.
fn iso_8601(text: &str) -> Option<i64> {
    let moment = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let local: jiff::civil::DateTime = text.parse().ok()?;
        local.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    })?;
    Some(moment.as_millisecond())
}
