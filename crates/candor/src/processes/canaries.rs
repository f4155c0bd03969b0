//! Questions that every backup answers: how many events of each site are in reports, and how many visitors viewed how many pages
//! in the week before. They are asked of a folder that holds one moment: of what is backed up, and, word for word, of what was
//! restored.
//!
//! What they cost has a limit, however large a site is: of one with many events in that week a part of its visitors is asked
//! about, every day another.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use control::Database;
use domain::{Site, SiteId, Timestamp};
use events::query::{Calendar, Query};
use events::{BUCKET_BITS_MAX, Bucket, Disk, Store, StoreError};
use operations::backup::{BackupError, Canary};
use sealing::protocol::{Duty, Purpose};
use sealing::{Client, Key};
use serde_json::{Value, json};

use crate::catalog::ControlCatalog;
use crate::logging::with_causes;

/// Bytes of decoded columns that are held meanwhile.
const CACHE_BYTES: usize = 64 << 20;
/// Rows of a site that are looked through for an answer, about.
const ROWS_ABOUT: u64 = 500_000;
/// The question how many events there are.
const EVENTS_KEPT: &str = "events that are kept";
/// In a question about visits: how the ids of the visitors begin that it is about, in bits.
const WHOSE: &str = "visitors";

/// Asks them of all sites, as of `now`. A keeper that does not answer is told apart from what was read and is wrong.
pub(crate) fn ask(folder: &Path, keys: (&Key, &Client), now: Timestamp) -> Result<Vec<Canary>, BackupError> {
    let moment = Moment::open(folder, keys, now)?;
    let mut canaries = Vec::new();
    for site in &moment.sites {
        for question in [EVENTS_KEPT.to_owned(), moment.about_visits(site)?.to_string()] {
            let answer = moment.answer(site, &question)?;
            canaries.push(Canary { site: site.id, question, answer });
        }
    }
    Ok(canaries)
}

/// Asks the same once more, as of the same moment, but for sites whose keys were destroyed.
pub(crate) fn ask_again(
    folder: &Path,
    keys: (&Key, &Client),
    now: Timestamp,
    asked: &[Canary],
    destroyed: &BTreeSet<SiteId>,
) -> Result<Vec<Canary>, BackupError> {
    let moment = Moment::open(folder, keys, now)?;
    let is_asked =
        |site: &&Site| destroyed.contains(&site.id) || asked.iter().any(|canary| canary.site == site.id);
    if let Some(site) = moment.sites.iter().find(|site| !is_asked(site)) {
        return Err(BackupError::Canary(format!("nothing was asked about {}", site.domain)));
    }
    let mut canaries = Vec::new();
    for canary in asked.iter().filter(|canary| !destroyed.contains(&canary.site)) {
        let site = moment.sites.iter().find(|site| site.id == canary.site);
        let site = site.ok_or_else(|| BackupError::Canary(format!("site {} is not there", canary.site)))?;
        let answer = moment.answer(site, &canary.question)?;
        canaries.push(Canary { answer, ..canary.clone() });
    }
    Ok(canaries)
}

/// One moment of all data. It uses every processor: where next to nothing is new, a backup takes little longer than its
/// questions.
struct Moment {
    now: Timestamp,
    sites: Vec<Site>,
    store: Store,
    threads: usize,
}

impl Moment {
    fn open(folder: &Path, (key, keeper): (&Key, &Client), now: Timestamp) -> Result<Self, BackupError> {
        let database = Database::open(&folder.join("control.db"), key)?;
        let sites = database.sites()?;
        let disk = Disk::open(folder, keeper.opener(Purpose::Duty(Duty::BackUp)))
            .map_err(|error| BackupError::Disk { path: folder.to_owned(), error })?;
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let store = Store::new(disk, Arc::new(ControlCatalog(Arc::new(database))), CACHE_BYTES, threads);
        Ok(Self { now, sites, store, threads })
    }

    /// The question about a week of a site, of as many visitors as it may be about.
    fn about_visits(&self, site: &Site) -> Result<Value, BackupError> {
        let mut question = json!({
            "site_id": site.domain.to_string(),
            "metrics": ["visitors", "pageviews"],
            "date_range": "7d",
        });
        let rows = self.store.rows_for(site.id, &self.query(site, &question)?);
        let whose = part_of(rows.map_err(|error| unread(site, &error))?, self.now);
        if whose != Bucket::ALL {
            question[WHOSE] = whose.to_string().into();
        }
        Ok(question)
    }

    fn answer(&self, site: &Site, question: &str) -> Result<String, BackupError> {
        if question == EVENTS_KEPT {
            return Ok(self.store.arrived(site.id).map_err(|error| unread(site, &error))?.to_string());
        }
        let (whose, question) = about_whom(question).map_err(|error| wrong(site, &*error))?;
        let query = self.query(site, &question)?;
        let answered = self.store.answer_of(whose, site.id, &[query], self.threads);
        let (answers, _) = answered.map_err(|error| unread(site, &error))?;
        let rows: Vec<_> =
            answers.iter().flat_map(|answer| &answer.results).map(|row| &row.metrics).collect();
        serde_json::to_string(&rows).map_err(|error| wrong(site, &error))
    }

    fn query(&self, site: &Site, question: &Value) -> Result<Query, BackupError> {
        let calendar = Calendar { zone: site.timezone.clone(), now: self.now, first_event: None };
        Query::parse(question, &calendar).map_err(|error| wrong(site, &error))
    }
}

/// Of so many rows a part that can be looked through: one after the other, day by day.
fn part_of(rows: u64, now: Timestamp) -> Bucket {
    let bits = (0..BUCKET_BITS_MAX).find(|bits| rows >> bits <= ROWS_ABOUT).unwrap_or(BUCKET_BITS_MAX);
    let mut parts = Bucket::split(bits);
    let today = now.utc_day().rem_euclid(1 << bits);
    usize::try_from(today).ok().and_then(|today| parts.nth(today)).unwrap_or(Bucket::ALL)
}

/// Whose visits a question is about, and what is asked of them.
fn about_whom(question: &str) -> Result<(Bucket, Value), Box<dyn std::error::Error>> {
    let mut question: Value = serde_json::from_str(question)?;
    let whose = question.as_object_mut().and_then(|parts| parts.remove(WHOSE)).unwrap_or_default();
    Ok((whose.as_str().unwrap_or_default().parse()?, question))
}

fn wrong(site: &Site, error: &dyn std::error::Error) -> BackupError {
    BackupError::Canary(format!("{}: {}", site.domain, with_causes(error)))
}

fn unread(site: &Site, error: &StoreError) -> BackupError {
    match error.closed() {
        Some(closed) => BackupError::Keeper(closed.clone()),
        None => wrong(site, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 86_400_000;

    fn on_day(rows: u64, day: i64) -> String {
        part_of(rows, Timestamp(day * DAY_MS)).to_string()
    }

    #[test]
    fn a_site_is_asked_about_whole_until_it_has_too_many_rows() {
        assert_eq!(on_day(0, 5), "");
        assert_eq!(on_day(ROWS_ABOUT, 5), "");
        assert_eq!(on_day(ROWS_ABOUT * 2 + 2, 5), "01");
        assert_eq!(on_day(2 * ROWS_ABOUT, 5), "1");
        assert_eq!(on_day(8 * ROWS_ABOUT, 5), "101");
        assert_eq!(on_day(u64::MAX, 5).len(), usize::from(BUCKET_BITS_MAX));
    }

    #[test]
    fn a_question_says_whose_visits_it_is_about_or_is_about_all() {
        let of_all = r#"{"date_range":"7d"}"#;
        let (whose, asked) = about_whom(of_all).unwrap();
        assert_eq!((whose, asked.to_string()), (Bucket::ALL, of_all.to_owned()));
        let (whose, asked) = about_whom(r#"{"date_range":"7d","visitors":"01"}"#).unwrap();
        assert_eq!((whose.to_string(), asked.to_string()), ("01".to_owned(), of_all.to_owned()));
        assert!(about_whom(r#"{"visitors":"some"}"#).is_err());
    }

    #[test]
    fn every_part_of_a_large_site_has_its_day() {
        let asked: BTreeSet<String> = (20_000..20_008).map(|day| on_day(8 * ROWS_ABOUT, day)).collect();
        assert_eq!(asked, Bucket::split(3).map(|part| part.to_string()).collect());
    }
}
