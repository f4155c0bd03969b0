//! Date ranges: from the asker's words to two moments, in the time zone of the site.

use domain::{TimeZone, Timestamp};
use jiff::civil::{Date, DateTime, Weekday};
use jiff::{Span, ToSpan};
use serde_json::Value;

use super::{QueryError, limits};

/// Moments from `start` on, up to but without `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "said above")]
pub struct Range {
    pub start: Timestamp,
    pub end: Timestamp,
}

/// What resolves a date: the site's zone, the present, and since when there is anything to tell.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// The zone in which the site's days begin.
    pub zone: TimeZone,
    /// The present moment.
    pub now: Timestamp,
    /// When the site's first event happened, if it has one: where `all` begins.
    pub first_event: Option<Timestamp>,
}

impl Calendar {
    /// The range that `date_range` names, as queries name one.
    ///
    /// # Errors
    /// [`QueryError`] where it names none.
    pub fn resolve(&self, date_range: &Value) -> Result<Range, QueryError> {
        let range = match date_range {
            Value::String(word) => self.named(word)?,
            Value::Array(ends) => match ends.as_slice() {
                [Value::String(first), Value::String(last)] => self.between(first, last)?,
                _ => return Err(QueryError::DateRange(date_range.to_string())),
            },
            _ => return Err(QueryError::DateRange(date_range.to_string())),
        };
        if range.start < range.end { Ok(range) } else { Err(QueryError::EmptyRange) }
    }

    fn named(&self, word: &str) -> Result<Range, QueryError> {
        let today = self.date_of(self.now)?;
        match word {
            "day" => self.days(today, today),
            "24h" => {
                Ok(Range { start: Timestamp(self.now.0 - domain::DAY_MS), end: Timestamp(self.now.0 + 1) })
            }
            "month" => self.days(today.first_of_month(), today.last_of_month()),
            "year" => self.days(today.first_of_year(), today.last_of_year()),
            "all" => {
                let first = self.first_event.map_or(Ok(today), |first| self.date_of(first))?;
                self.days(first.min(today), today)
            }
            _ => self.counted(word, today),
        }
    }

    /// `7d`: seven days, today the last of them; `6mo`: six months, this one the last of them.
    fn counted(&self, word: &str, today: Date) -> Result<Range, QueryError> {
        let unknown = || QueryError::DateRange(word.to_owned());
        let digits = word.find(|c: char| !c.is_ascii_digit()).ok_or_else(unknown)?;
        let (count, unit) = word.split_at(digits);
        if count.is_empty() || count.starts_with('0') || !matches!(unit, "d" | "mo") {
            return Err(unknown());
        }
        let count: i32 = count.parse().map_err(|_| QueryError::RangeTooLong)?;
        if count > if unit == "d" { limits::DAYS_MAX } else { limits::MONTHS_MAX } {
            return Err(QueryError::RangeTooLong);
        }
        let back = |date: Date, span: Span| date.checked_sub(span).map_err(|_| QueryError::RangeTooLong);
        match unit {
            "d" => self.days(back(today, (count - 1).days())?, today),
            _ => self.days(back(today.first_of_month(), (count - 1).months())?, today.last_of_month()),
        }
    }

    fn between(&self, first: &str, last: &str) -> Result<Range, QueryError> {
        if let (Ok(first), Ok(last)) = (date(first), date(last)) {
            return self.days(first, last);
        }
        let unknown = || QueryError::DateRange(format!("{first} to {last}"));
        let (start, _) = self.moment(first).ok_or_else(unknown)?;
        let (end, whole_second) = self.moment(last).ok_or_else(unknown)?;
        // The last moment named is part of the range, to the precision it was named with.
        Ok(Range { start, end: Timestamp(end.0 + if whole_second { 1_000 } else { 1 }) })
    }

    /// A moment with an offset, or the site's own time without one; and whether it is a whole second.
    fn moment(&self, text: &str) -> Option<(Timestamp, bool)> {
        let moment = match text.parse::<jiff::Timestamp>() {
            Ok(moment) => moment,
            Err(_) => {
                let local = text.parse::<DateTime>().ok().filter(|_| text.len() > "2024-01-01".len())?;
                self.zone.rules().to_timestamp(local).ok()?
            }
        };
        Some((Timestamp(moment.as_millisecond()), moment.subsec_nanosecond() == 0))
    }

    /// From the first moment of `first` to the last of `last`.
    fn days(&self, first: Date, last: Date) -> Result<Range, QueryError> {
        let after = last.tomorrow().map_err(|_| QueryError::RangeTooLong)?;
        Ok(Range { start: start_of_day(&self.zone, first)?, end: start_of_day(&self.zone, after)? })
    }

    fn date_of(&self, moment: Timestamp) -> Result<Date, QueryError> {
        local(&self.zone, moment).map(|local| local.date())
    }
}

/// The clock on the wall in `zone` at `moment`.
pub(crate) fn local(zone: &TimeZone, moment: Timestamp) -> Result<DateTime, QueryError> {
    let moment = jiff::Timestamp::from_millisecond(moment.0).map_err(|_| QueryError::RangeTooLong)?;
    Ok(zone.rules().to_datetime(moment))
}

/// The first moment of `date` in `zone`, which need not be midnight.
pub(crate) fn start_of_day(zone: &TimeZone, date: Date) -> Result<Timestamp, QueryError> {
    let zoned = zone
        .rules()
        .to_zoned(date.at(0, 0, 0, 0))
        .and_then(|midnight| midnight.start_of_day())
        .map_err(|_| QueryError::RangeTooLong)?;
    Ok(Timestamp(zoned.timestamp().as_millisecond()))
}

/// The Monday on or before `date`.
pub(crate) fn monday(date: Date) -> Date {
    let back = i64::from(date.weekday().since(Weekday::Monday));
    date.checked_sub(back.days()).unwrap_or(date)
}

fn date(text: &str) -> Result<Date, ()> {
    if text.len() == "2024-01-01".len() { text.parse().map_err(|_| ()) } else { Err(()) }
}

impl Range {
    /// Its first and last second as ISO 8601 in `zone`, both part of it.
    pub(crate) fn echo(self, zone: &TimeZone) -> [String; 2] {
        let text = |at: Timestamp| {
            let Ok(moment) = jiff::Timestamp::from_millisecond(at.0) else { return at.to_string() };
            let offset = zone.rules().to_offset(moment);
            moment.display_with_offset(offset).to_string()
        };
        let last_second = (self.end.0 - 1).div_euclid(1_000) * 1_000;
        [text(Timestamp(self.start.0.div_euclid(1_000) * 1_000)), text(Timestamp(last_second))]
    }

    /// Whether `at` lies in it.
    pub(crate) const fn holds(self, at: Timestamp) -> bool {
        self.start.0 <= at.0 && at.0 < self.end.0
    }
}
