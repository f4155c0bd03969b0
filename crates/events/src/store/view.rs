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
        let dictionaries = Arc::new(Dictionaries::new());
        let mut by_month: std::collections::BTreeMap<i64, Vec<domain::Event>> = Default::default();
        for event in events {
            by_month.entry(event.at.utc_day().div_euclid(30)).or_default().push(event.clone());
        }
        let runs = by_month
            .into_values()
            .zip(1..)
            .map(|(events, arrival)| Run::from_events(&events, &dictionaries, arrival))
            .collect();
        Self { runs, dictionaries, earlier: false, later: false }
    }
}
