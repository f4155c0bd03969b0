//! How a time dimension cuts a range: at the site's own hours, days, weeks and months, whatever the clocks do.

use domain::{MINUTE_MS, TimeZone, Timestamp};
use jiff::ToSpan;
use jiff::civil::DateTime;

use super::range::{local, monday, start_of_day};
use super::{Interval, QueryError, Range, limits};

/// One part of a range: from `start` to the next bucket's, or to the end of the range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bucket {
    pub(crate) start: Timestamp,
    pub(crate) label: String,
}

/// The buckets of `range`, in order; the first begins with the range even inside an hour, week or month.
pub(crate) fn buckets(range: Range, interval: Interval, zone: &TimeZone) -> Result<Vec<Bucket>, QueryError> {
    let mut found = Vec::new();
    let mut start = range.start;
    while start < range.end {
        if found.len() >= limits::BUCKETS_MAX {
            return Err(QueryError::TooManyBuckets { interval: interval.as_str().to_owned() });
        }
        let wall = local(zone, start)?;
        found.push(Bucket { start, label: label(wall, start, interval, zone, found.is_empty()) });
        let next = next_start(wall, start, interval, zone)?;
        debug_assert!(next > start, "buckets go forward");
        start = next;
    }
    Ok(found)
}

fn next_start(
    wall: DateTime,
    start: Timestamp,
    interval: Interval,
    zone: &TimeZone,
) -> Result<Timestamp, QueryError> {
    let too_long = |_| QueryError::RangeTooLong;
    let past_minute_ms = i64::from(wall.second()) * 1_000 + i64::from(wall.millisecond());
    let day = match interval {
        Interval::Minute => return Ok(Timestamp(start.0 + MINUTE_MS - past_minute_ms)),
        Interval::Hour | Interval::Auto => {
            let past_hour_ms = i64::from(wall.minute()) * MINUTE_MS + past_minute_ms;
            return Ok(Timestamp(start.0 + 60 * MINUTE_MS - past_hour_ms));
        }
        Interval::Day => wall.date().tomorrow().map_err(too_long)?,
        Interval::Week => monday(wall.date()).checked_add(7.days()).map_err(too_long)?,
        Interval::Month => wall.date().last_of_month().tomorrow().map_err(too_long)?,
    };
    start_of_day(zone, day)
}

fn label(wall: DateTime, start: Timestamp, interval: Interval, zone: &TimeZone, first: bool) -> String {
    match interval {
        Interval::Minute => clock_label(wall, wall.minute(), start, zone),
        Interval::Hour | Interval::Auto => clock_label(wall, 0, start, zone),
        Interval::Day => wall.date().to_string(),
        // A week that began before the range is named by the first day of it that counts.
        Interval::Week if first => wall.date().to_string(),
        Interval::Week => monday(wall.date()).to_string(),
        Interval::Month => wall.date().first_of_month().to_string(),
    }
}

/// `2026-10-25 02:00:00`; where the clocks are turned back and that is said twice, with the offset.
fn clock_label(wall: DateTime, minute: i8, start: Timestamp, zone: &TimeZone) -> String {
    let date = wall.date();
    let hour = wall.hour();
    let plain = format!("{date} {hour:02}:{minute:02}:00");
    if !zone.rules().to_ambiguous_timestamp(date.at(hour, minute, 0, 0)).is_ambiguous() {
        return plain;
    }
    match jiff::Timestamp::from_millisecond(start.0) {
        Ok(moment) => {
            let seconds = zone.rules().to_offset(moment).seconds();
            let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
            format!("{plain}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
        }
        Err(_) => plain,
    }
}

/// The interval that `time` stands for: fine enough to see a shape, coarse enough to read.
pub(crate) fn auto_interval(range: Range) -> Interval {
    let hours = (range.end.0 - range.start.0) / domain::HOUR_MS;
    match hours {
        ..=48 => Interval::Hour,
        49..=960 => Interval::Day,
        961..=8_760 => Interval::Week,
        _ => Interval::Month,
    }
}
