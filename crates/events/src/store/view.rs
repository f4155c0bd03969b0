//! What the walk is given: sorted runs of one site, all of one moment, and the texts behind their codes.

use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::aliases::{Moved, Moves};
use crate::dictionary::Dictionaries;
use crate::rows::{Run, VisitorKey};

/// A consistent picture of one site's rows. Later commits and merges do not change it.
#[derive(Clone, Debug)]
pub(crate) struct View {
    /// Whole runs that overlap the time asked for, in ascending order of arrival.
    pub(crate) runs: Vec<Run>,
    /// Whose rows are walked; runs may hold others' as well.
    pub(crate) keys: RangeInclusive<VisitorKey>,
    /// As whom visitors are counted.
    pub(crate) moves: Arc<Moves>,
    /// Who is not counted as themselves, a run each; nothing where everybody is.
    pub(crate) moved: Vec<Arc<Moved>>,
    /// The texts behind the codes of all runs.
    pub(crate) dictionaries: Arc<Dictionaries>,
    /// Whether the site has rows in runs that end before the time asked for.
    pub(crate) earlier: bool,
    /// Whether the site has rows in runs that begin after the time asked for.
    pub(crate) later: bool,
}

#[cfg(test)]
impl View {
    /// All of `events`, in order of arrival, as if they had just been committed; no file is involved.
    pub(crate) fn of_events(events: &[domain::Event]) -> Self {
        let always =
            crate::query::Range { start: domain::Timestamp(i64::MIN), end: domain::Timestamp(i64::MAX) };
        Self::of_runs(events, 30, always)
    }

    /// The same with a run for every so many `days`, of which only those that overlap `range` are in the view.
    pub(crate) fn of_runs(events: &[domain::Event], days: i64, range: crate::query::Range) -> Self {
        let dictionaries = Arc::new(Dictionaries::new());
        let mut by_days: std::collections::BTreeMap<i64, Vec<domain::Event>> = Default::default();
        for event in events {
            by_days.entry(event.at.utc_day().div_euclid(days)).or_default().push(event.clone());
        }
        let (mut runs, mut earlier, mut later) = (Vec::new(), false, false);
        for (events, arrival) in by_days.into_values().zip(1..) {
            let run = Run::from_events(&events, &dictionaries, arrival);
            match run.spine.span() {
                Some((_, last)) if last < range.start => earlier = true,
                Some((first, _)) if first >= range.end => later = true,
                _ => runs.push(run),
            }
        }
        Self {
            runs,
            keys: crate::catalog::Bucket::ALL.keys(),
            moves: Arc::default(),
            moved: Vec::new(),
            dictionaries,
            earlier,
            later,
        }
    }

    /// The same rows, the visitors counted as `moves` says.
    pub(crate) fn moved_by(self, moves: Moves) -> Self {
        let moved = match moves.is_empty() {
            true => Vec::new(),
            false => self.runs.iter().map(|run| Arc::new(moves.in_run(&run.spine))).collect(),
        };
        Self { moves: Arc::new(moves), moved, ..self }
    }
}
