//! `/api/sites/{domain}/retention`: for how long a site keeps what, and what goes next.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::{DAY_MS, EventsDays, Object, Timestamp, Verb};
use serde::Serialize;
use utoipa::ToSchema;

use super::asking::Asking;
use super::input::NamedSite;
use super::problem::Problem;
use crate::processes::app::erasures::Goes;
use crate::processes::app::state::App;
use crate::processes::receipt::day;

/// What goes on a day, as it is kept now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Going {
    /// The UTC day.
    #[schema(format = Date)]
    on: String,
    /// How many events, those that are set aside among them, or recordings.
    count: u64,
    /// Their bytes; of events by their share of the rows of their files.
    bytes_about: u64,
}

/// How long something is kept, and what of it goes next.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Kept {
    /// For how many days; null where it is kept as long as there is the site.
    days: Option<u16>,
    /// What goes within the next 30 days, by day.
    next: Vec<Going>,
}

/// For how long a site keeps what.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Retention {
    events: Kept,
    recordings: Kept,
}

/// For how long a site keeps what, and what goes within the next 30 days.
#[utoipa::path(
    get, path = "/api/sites/{domain}/retention", params(("domain" = String, Path)),
    responses(
        (status = 200, description = "What is kept for how long, and what goes next", body = Retention),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
    )
)]
pub(crate) async fn show_retention(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
) -> Result<Json<Retention>, Problem> {
    app.off_thread(move |app| {
        let permit = asking.of_site(app, Verb::Remove, Object::Events, &domain)?;
        let (events, recordings) = app.next_to_go(&permit)?;
        let settings = &permit.site.settings;
        Ok(Json(Retention {
            events: kept(settings.events_retention.map(EventsDays::get), &events),
            recordings: kept(Some(settings.recording.retention.get()), &recordings),
        }))
    })
    .await
}

fn kept(days: Option<u16>, next: &[Goes]) -> Kept {
    let going = |goes: &Goes| Going {
        on: day(Timestamp(goes.day * DAY_MS)),
        count: goes.count,
        bytes_about: goes.bytes,
    };
    Kept { days, next: next.iter().map(going).collect() }
}
