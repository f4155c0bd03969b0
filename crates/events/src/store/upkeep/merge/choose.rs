//! Which segments to merge next.
//!
//! Segments of the same rows' arrival and time, split by bucket, are one *sheet*. Sheets are merged when enough
//! of like size lie on each other, days join their month once they are quiet, and a closed month ends as one.

use std::collections::BTreeMap;

use domain::{DAY_MS, MINUTE_MS, SiteId, Timestamp};

use super::super::months::Month;
use super::super::{Pace, absorb::MONTH_CLOSED_MS};
use super::Job;
use crate::catalog::{Kept, Level, Segment};

/// So many sheets of like size are merged into one.
const SHEETS_MIN: usize = 4;
/// A day is quiet this long after its end: what still comes for it comes late and seldom.
const QUIET_MS: i64 = DAY_MS;
/// A closed month to which something came is merged again after this time without more.
const SETTLED_MS: i64 = MINUTE_MS;

/// Segments with the same arrival and time, one for each bucket that has rows.
struct Sheet<'a> {
    segments: Vec<&'a Segment>,
    rows: u64,
}

impl Sheet<'_> {
    fn one(&self) -> &Segment {
        self.segments[0]
    }

    fn day(&self) -> Option<i64> {
        (self.one().level == Level::Day).then(|| self.one().first.utc_day())
    }
}

/// The next merge among `segments`, all of which may be merged as far as the journal is concerned.
pub(super) fn choose<'a>(segments: &[&'a Segment], now: Timestamp, pace: Pace) -> Option<Job<'a>> {
    let mut months: BTreeMap<(SiteId, Kept, Month), Vec<&'a Segment>> = BTreeMap::new();
    for segment in segments {
        months.entry((segment.site, segment.kept, Month::of(segment.first))).or_default().push(segment);
    }
    months.into_iter().find_map(|((.., month), segments)| {
        let sheets = sheets(segments);
        let closed = now.since(month.end()) >= MONTH_CLOSED_MS;
        match (pace, closed) {
            (Pace::Complete, _) => whole_month(&sheets),
            (Pace::Gradual, true) => stacked(&sheets, Level::Month).or_else(|| settled_month(&sheets, now)),
            (Pace::Gradual, false) => stacked_day(&sheets).or_else(|| quiet_days(&sheets, now)),
        }
    })
}

/// The sheets of a month in ascending order of arrival.
fn sheets<'a>(segments: Vec<&'a Segment>) -> Vec<Sheet<'a>> {
    let mut sheets: BTreeMap<_, Sheet<'a>> = BTreeMap::new();
    for segment in segments {
        let day = (segment.level == Level::Day).then(|| segment.first.utc_day());
        let sheet = sheets.entry((segment.arrival, day)).or_insert(Sheet { segments: vec![], rows: 0 });
        sheet.rows += u64::from(segment.rows);
        sheet.segments.push(segment);
    }
    sheets.into_values().collect()
}

fn job<'a, 'b>(sheets: impl IntoIterator<Item = &'b Sheet<'a>>, level: Level) -> Option<Job<'a>>
where
    'a: 'b,
{
    Some(Job { inputs: sheets.into_iter().flat_map(|sheet| sheet.segments.iter().copied()).collect(), level })
}

/// The newest sheets, as many as are of like size: none is larger than twice all that lie upon it. So a row is
/// rewritten only when what it is in has at least grown by half.
fn stacked<'a, 'b>(sheets: impl IntoIterator<Item = &'b Sheet<'a>>, level: Level) -> Option<Job<'a>>
where
    'a: 'b,
{
    let sheets: Vec<&Sheet<'a>> = sheets.into_iter().collect();
    let mut above = 0;
    let like = |sheet: &&&Sheet<'a>| {
        let fits = above == 0 || sheet.rows <= above * 2;
        above += sheet.rows;
        fits
    };
    let count = sheets.iter().rev().take_while(like).count();
    if count < SHEETS_MIN { None } else { job(sheets[sheets.len() - count..].iter().copied(), level) }
}

fn stacked_day<'a>(sheets: &[Sheet<'a>]) -> Option<Job<'a>> {
    let mut days: BTreeMap<i64, Vec<&Sheet<'a>>> = BTreeMap::new();
    for sheet in sheets {
        if let Some(day) = sheet.day() {
            days.entry(day).or_default().push(sheet);
        }
    }
    days.into_values().find_map(|sheets| stacked(sheets, Level::Day))
}

fn whole_month<'a>(sheets: &[Sheet<'a>]) -> Option<Job<'a>> {
    if sheets.len() < 2 { None } else { job(sheets, Level::Month) }
}

fn settled_month<'a>(sheets: &[Sheet<'a>], now: Timestamp) -> Option<Job<'a>> {
    let newest = sheets.iter().map(|sheet| sheet.one().made_at).max()?;
    if now.since(newest) < SETTLED_MS { None } else { whole_month(sheets) }
}

/// The month so far and the days that are quiet, when these have grown to half of it.
fn quiet_days<'a>(sheets: &[Sheet<'a>], now: Timestamp) -> Option<Job<'a>> {
    let quiet = |day: i64| now.0 >= (day + 1) * DAY_MS + QUIET_MS;
    let (month, days): (Vec<&Sheet<'a>>, Vec<&Sheet<'a>>) =
        sheets.iter().filter(|sheet| sheet.day().is_none_or(quiet)).partition(|sheet| sheet.day().is_none());
    let rows = |sheets: &[&Sheet<'a>]| sheets.iter().map(|sheet| sheet.rows).sum::<u64>();
    let due =
        if month.is_empty() { days.len() > 1 } else { !days.is_empty() && rows(&days) * 2 >= rows(&month) };
    // In ascending order of arrival again.
    let chosen = sheets.iter().filter(|sheet| sheet.day().is_none_or(quiet));
    if due { job(chosen, Level::Month) } else { None }
}
