//! What the walk is given: sorted runs of one site, all of one moment, and the texts behind their codes.

use std::sync::Arc;

use crate::dictionary::Dictionaries;
use crate::rows::Run;

/// A consistent picture of one site's rows. Later commits and merges do not change it.
#[derive(Clone, Debug)]
pub(crate) struct View {
    /// Whole runs that overlap the time asked for, in ascending order of arrival.
    pub(crate) runs: Vec<Run>,
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
        Self { runs, dictionaries, earlier, later }
    }
}
