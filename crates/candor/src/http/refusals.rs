//! `/api/sites/{domain}/refusals`: what was not kept or set aside, and why.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use domain::{Object, Refusal, Timestamp, Verb};
use events::Reason;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::asking::Asking;
use super::input::NamedSite;
use super::problem::Problem;
use crate::processes::app::reports::failed;
use crate::processes::app::state::App;
use crate::processes::edge::NO_SITE;

const DAYS_DEFAULT: i64 = 7;
const DAYS_MAX: i64 = 90;

/// How far back to look.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Back {
    /// UTC days, today included.
    #[param(minimum = 1, maximum = 90, default = 7)]
    days: Option<i64>,
}

/// How often, for one reason.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ReasonCount {
    /// A machine word.
    reason: &'static str,
    count: u64,
    /// The last UTC day on which it happened.
    #[schema(format = Date)]
    last_day: String,
}

/// What is in no report.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Refusals {
    /// Not kept.
    refused: Vec<ReasonCount>,
    /// Kept, but out of every report.
    set_aside: Vec<ReasonCount>,
    /// Events for domains that are no site of this server.
    unknown_site: u64,
}

/// What was refused and what was set aside.
#[utoipa::path(
    get, path = "/api/sites/{domain}/refusals", params(("domain" = String, Path), Back),
    responses(
        (status = 200, description = "What was refused and what was set aside", body = Refusals),
        (status = 400, description = "The number of days is not allowed", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
    )
)]
pub(crate) async fn list_refusals(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
    back: Result<Query<Back>, QueryRejection>,
) -> Result<Json<Refusals>, Problem> {
    let days = back.map_or(None, |Query(back)| Some(back.days.unwrap_or(DAYS_DEFAULT)));
    let Some(days) = days.filter(|days| (1..=DAYS_MAX).contains(days)) else {
        let sentence = format!("days must be a whole number from 1 to {DAYS_MAX}");
        return Err(Problem::invalid(sentence).of_field("days"));
    };
    app.off_thread(move |app| {
        let permit = asking.of_site(app, Verb::See, Object::Events, &domain)?;
        let store = permit.store(app);
        let since = app.clock.now().utc_day() - days + 1;
        let counts = store.counts(permit.site.id, since).map_err(|error| failed(&error))?;
        let nobodys = store.counts(NO_SITE, since).map_err(|error| failed(&error))?;
        Ok(Json(sum_up(&counts, &nobodys)))
    })
    .await
}

fn sum_up(counts: &[events::ReasonCount], nobodys: &[events::ReasonCount]) -> Refusals {
    let mut sums: BTreeMap<(&str, &str), (u64, i64)> = BTreeMap::new();
    for count in counts {
        let sum = sums.entry(count.reason.words()).or_insert((0, count.utc_day));
        *sum = (sum.0 + count.count, sum.1.max(count.utc_day));
    }
    let of_outcome = |wanted: &str| {
        let mut rows: Vec<ReasonCount> = sums
            .iter()
            .filter(|((outcome, _), _)| *outcome == wanted)
            .filter_map(|((outcome, reason), (count, day))| {
                let (_, reason) = Reason::from_words(outcome, reason)?.words();
                Some(ReasonCount { reason, count: *count, last_day: date(*day) })
            })
            .collect();
        rows.sort_by(|one, other| other.count.cmp(&one.count).then(one.reason.cmp(other.reason)));
        rows
    };
    let unknown = nobodys.iter().filter(|count| count.reason == Reason::Refused(Refusal::UnknownSite));
    Refusals {
        refused: of_outcome("refused"),
        set_aside: of_outcome("set_aside"),
        unknown_site: unknown.map(|count| count.count).sum(),
    }
}

fn date(utc_day: i64) -> String {
    let moment = Timestamp(utc_day.saturating_mul(domain::DAY_MS)).to_string();
    moment.split('T').next().unwrap_or_default().to_owned()
}
