//! Which recordings are meant by a time, a visitor and the filters of reports. Lists and heatmaps ask here, so that all of them
//! mean the same ones: a recording matches when a visit that a report of the same time and filters counts overlaps it in time.
//!
//! However many there are, so many are looked at and no more: whoever gets fewer than there may be is told from where to go on.

use std::ops::ControlFlow;

use control::{RECORDINGS_PAGE_MAX, RecordingFilter, RecordingPage, RecordingRow};
use domain::{Timestamp, VisitorId};
use events::Span;
use events::query::{Range, VisitFilters};

use crate::http::problem::Problem;
use crate::processes::app::permits::SitePermit;
use crate::processes::app::reports::failed;
use crate::processes::app::state::App;

/// Recordings that are looked at for one answer.
pub(crate) const LOOKED_AT_MAX: usize = 5_000;

/// When a recording began, and its number: the place of the next one is behind it.
pub(crate) type Cursor = (Timestamp, u64);

/// Which recordings are wanted.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// Those that began in it.
    pub(crate) range: Option<Range>,
    pub(crate) visitor: Option<VisitorId>,
    /// Those in which a page of one of these paths is.
    pub(crate) paths: Option<Vec<String>>,
    /// Those of a visit that passes; in a range of time as well, where one is wanted.
    pub(crate) visits: Option<VisitFilters>,
}

/// A page of a list.
pub(crate) struct Page {
    pub(crate) recordings: Vec<RecordingRow>,
    /// Behind which there may be more; absent where these were all.
    pub(crate) next: Option<Cursor>,
}

impl Wanted {
    /// Up to `limit` of the recordings that are wanted after `after`, the newest first; fewer where not all could be looked at.
    pub(crate) fn page(
        &self,
        app: &App,
        permit: &SitePermit,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page, Problem> {
        let mut recordings: Vec<RecordingRow> = Vec::new();
        let mut more = false;
        let looked_until = self.each(app, permit, after, &mut |row| {
            more = recordings.len() == limit;
            if more {
                return ControlFlow::Break(());
            }
            recordings.push(row);
            ControlFlow::Continue(())
        })?;
        let last = recordings.last().filter(|_| more).map(|row| (row.started_at, row.id));
        Ok(Page { recordings, next: last.or(looked_until) })
    }

    /// Shows `see` the recordings that are wanted after `after`, the newest first, until it has enough. Where not all could be
    /// looked at, the place is given up to which they were.
    ///
    /// It takes the time of a walk over events where filters are wanted: it is to be called in a report's place.
    pub(crate) fn each(
        &self,
        app: &App,
        permit: &SitePermit,
        after: Option<Cursor>,
        see: &mut dyn FnMut(RecordingRow) -> ControlFlow<()>,
    ) -> Result<Option<Cursor>, Problem> {
        let read = |after, limit| {
            let filter = RecordingFilter {
                from: self.range.map(|range| range.start),
                until: self.range.map(|range| range.end),
                visitor: self.visitor,
                also_restricted: false,
                paths: self.paths.clone(),
                after,
                limit,
            };
            app.control.recordings(permit.site.id, &filter).map_err(Problem::from)
        };
        look_through(after, read, |rows| self.matched(app, permit, rows), see)
    }

    /// For each recording, whether a visit that passes overlaps it.
    fn matched(&self, app: &App, permit: &SitePermit, rows: &[RecordingRow]) -> Result<Vec<bool>, Problem> {
        let Some(visits) = &self.visits else { return Ok(vec![true; rows.len()]) };
        let span =
            |row: &RecordingRow| Span { visitor: row.visitor, first: row.started_at, last: row.ended_at };
        let spans: Vec<Span> = rows.iter().map(span).collect();
        let matched = permit.store(app).match_visits(permit.site.id, visits, &spans, app.reports.threads());
        matched.map_err(|error| failed(&error))
    }
}

/// Shows `see` what `matched` leaves of what `read` gives after a place, so much at a time, until there is enough, there is no
/// more, or so many were looked at as may be; then the place is given up to which they were.
fn look_through(
    mut after: Option<Cursor>,
    read: impl Fn(Option<Cursor>, u32) -> Result<RecordingPage, Problem>,
    matched: impl Fn(&[RecordingRow]) -> Result<Vec<bool>, Problem>,
    see: &mut dyn FnMut(RecordingRow) -> ControlFlow<()>,
) -> Result<Option<Cursor>, Problem> {
    let mut left = LOOKED_AT_MAX;
    while left > 0 {
        let page = read(after, RECORDINGS_PAGE_MAX.min(left as u32))?;
        left -= page.recordings.len();
        after = page.recordings.last().map(|row| (row.started_at, row.id));
        let matched = matched(&page.recordings)?;
        for (row, _) in page.recordings.into_iter().zip(matched).filter(|(_, matched)| *matched) {
            if see(row).is_break() {
                return Ok(None);
            }
        }
        if !page.more {
            return Ok(None);
        }
    }
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The recordings numbered from `count` down to 1, of which those match whose number is a multiple of `of`.
    fn look(count: u64, of: u64, enough: usize) -> (Vec<u64>, Option<Cursor>) {
        let row = |id: u64| RecordingRow {
            id,
            visitor: VisitorId::from_u128(1),
            started_at: Timestamp(id as i64),
            ended_at: Timestamp(id as i64),
            country: String::new(),
            browser: String::new(),
            os: String::new(),
            device: String::new(),
            pages: 1,
            clicks: 0,
            bytes: 0,
            gaps: 0,
        };
        let read = |after: Option<Cursor>, limit: u32| {
            let from = after.map_or(count, |(_, id)| id - 1);
            let recordings: Vec<_> = (1..=from).rev().take(limit as usize).map(row).collect();
            let more = from > u64::from(limit);
            Ok(RecordingPage { recordings, more })
        };
        let matched = |rows: &[RecordingRow]| Ok(rows.iter().map(|row| row.id % of == 0).collect());
        let mut seen = Vec::new();
        let place = look_through(None, read, matched, &mut |row| {
            seen.push(row.id);
            if seen.len() < enough { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        (seen, place.unwrap())
    }

    #[test]
    fn recordings_that_match_are_looked_for_until_there_are_enough_or_no_more() {
        assert_eq!(look(1_700, 500, 2), (vec![1_500, 1_000], None));
        assert_eq!(look(1_700, 500, 9), (vec![1_500, 1_000, 500], None));
        assert_eq!(look(0, 1, 9), (vec![], None));
    }

    #[test]
    fn of_more_than_may_be_looked_at_the_place_is_told_from_where_to_go_on() {
        let most = LOOKED_AT_MAX as u64;
        assert_eq!(look(most, most + 1, 9), (vec![], None), "all were looked at");
        assert_eq!(look(most + 1, most + 2, 9), (vec![], Some((Timestamp(2), 2))));
        assert_eq!(look(most + 1, most + 1, 9), (vec![most + 1], Some((Timestamp(2), 2))));
    }
}
