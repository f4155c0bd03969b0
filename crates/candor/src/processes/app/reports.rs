//! Answers queries: a bounded number at once, each under a deadline, on threads where they hold up nobody else.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::{Object, Verb};
use events::StoreError;
use events::query::{Answer, Calendar, Query, QueryError};
use sealing::OpenError;
use serde_json::Value;
use tokio::sync::Semaphore;

use super::permits::SitePermit;
use super::state::App;
use crate::http::asking::Asking;
use crate::http::problem::{Kind, Problem};
use crate::prometheus::{Counter, Histogram};

/// Queries that one request may hold.
pub(crate) const QUERIES_MAX: usize = 64;
/// How long an answer may take, waiting included.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(30);

/// The places for walks, and what was counted of them.
pub(crate) struct Reports {
    places: Arc<Semaphore>,
    /// Threads that share one walk.
    threads: usize,
    pub(crate) walks: Histogram,
    pub(crate) turned_away: Counter,
}

impl Reports {
    /// Room for as many walks at once as there are threads; each may use all of them.
    pub(super) fn new(threads: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(threads)),
            threads,
            walks: Histogram::default(),
            turned_away: Counter::default(),
        }
    }

    /// Threads that share one walk.
    pub(crate) const fn threads(&self) -> usize {
        self.threads
    }
}

/// Answers `queries`, which are all of one site, in their order. `is_list` says whether a problem names its
/// member.
pub(crate) async fn answer(
    app: &Arc<App>,
    asking: Asking,
    queries: Vec<Value>,
    is_list: bool,
) -> Result<Vec<Answer>, Problem> {
    in_turn(app, move |app| walk(app, &asking, &queries, is_list)).await
}

/// Computes something when there is a place for it, under the deadline.
pub(crate) async fn in_turn<T: Send + 'static>(
    app: &Arc<App>,
    work: impl FnOnce(&App) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let reports = &app.reports;
    let deadline = tokio::time::Instant::now() + ANSWER_TIME_MAX;
    let place = tokio::time::timeout_at(deadline, reports.places.clone().acquire_owned()).await;
    let Ok(Ok(place)) = place else {
        reports.turned_away.add(1);
        return Err(Problem::new(Kind::Unavailable, "too many reports are being computed; try again soon"));
    };
    // The place is given back when the walk has ended, even if nobody waits for it any more.
    let walk = app.off_thread(move |app| {
        let _place = place;
        let begun = Instant::now();
        let answers = work(app);
        app.reports.walks.observe(begun.elapsed());
        answers
    });
    match tokio::time::timeout_at(deadline, walk).await {
        Ok(answers) => answers,
        Err(_) => Err(Problem::new(Kind::Unavailable, "the report took too long; ask for less at once")),
    }
}

fn walk(app: &App, asking: &Asking, queries: &[Value], is_list: bool) -> Result<Vec<Answer>, Problem> {
    let of_member = |index: usize, error: &QueryError| {
        if is_list {
            Problem::invalid(format!("query {index}: {error}")).of_member(index)
        } else {
            Problem::invalid(error.to_string())
        }
    };
    let permit = common_site(app, asking, queries, of_member)?;
    let (site, store) = (&permit.site, permit.store(app));
    let calendar = Calendar {
        zone: site.timezone.clone(),
        now: app.clock.now(),
        first_event: store.first_event(site.id).map_err(|error| failed(&error))?,
    };
    let mut parsed = Vec::with_capacity(queries.len());
    for (index, query) in queries.iter().enumerate() {
        parsed.push(Query::parse(query, &calendar).map_err(|error| of_member(index, &error))?);
    }
    let (answers, _) = store.answer(site.id, &parsed, app.reports.threads).map_err(|error| failed(&error))?;
    Ok(answers)
}

/// The one site that all of `queries` name.
fn common_site(
    app: &App,
    asking: &Asking,
    queries: &[Value],
    of_member: impl Fn(usize, &QueryError) -> Problem,
) -> Result<SitePermit, Problem> {
    let mut common: Option<&str> = None;
    for (index, query) in queries.iter().enumerate() {
        let named = Query::site_id_of(query).map_err(|error| of_member(index, &error))?;
        if common.is_some_and(|first| first != named) {
            let sentence = format!("query {index}: all queries of one request ask about the same site_id");
            return Err(Problem::invalid(sentence).of_member(index));
        }
        common = Some(named);
    }
    let common = common.ok_or_else(|| Problem::invalid("there is no query in the list"))?;
    asking.of_site(app, Verb::See, Object::Events, common)
}

/// What went wrong while events were read is nobody's fault who asked.
pub(crate) fn failed(error: &StoreError) -> Problem {
    match error {
        error if let Some(why @ (OpenError::Away | OpenError::Denied(_))) = error.closed() => {
            why.clone().into()
        }
        StoreError::Unsteady => Problem::new(Kind::Unavailable, "the events change too fast; try again"),
        error => Problem::internal(error),
    }
}
