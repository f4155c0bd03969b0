//! `/api/sites/{domain}/recordings`: which visits were recorded, what is in a recording, and its events. Who looks at one is
//! written down before anything of it is shown.

mod paths;
mod shapes;

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use control::{RECORDINGS_PAGE_MAX, RecordingFilter};
use domain::{Object, Timestamp, Verb};
use events::query::Calendar;
use recordings::{OpenScene, Recordings, RecordingsError};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use utoipa::IntoParams;

use super::asking::Asking;
use super::input::{Asked, NamedSite};
use super::problem::Problem;
use super::whole::{Part, Whole};
use crate::logging::with_causes;
use crate::processes::app::permits::SitePermit;
use crate::processes::app::state::App;
use paths::as_recorded;
use shapes::{RecordingIndex, RecordingList, cursor, read_cursor};

/// Recordings of a page of the list unless it is said.
const COUNT_DEFAULT: u32 = 50;
/// Parts that wait for a slow reader.
const WAITING_MAX: usize = 4;

/// Which recordings.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Those that began in this range, by its name: `day`, `7d`, `30d`, `month`, …
    period: Option<String>,
    /// Those that began on this day or at this moment, or later; with `to`.
    from: Option<String>,
    /// Those that began on this day or at this moment, or before; with `from`.
    to: Option<String>,
    /// Those in which a page of this path is, as reports show it. What in it may name somebody is not kept and is not told
    /// apart.
    page: Option<String>,
    country: Option<String>,
    browser: Option<String>,
    os: Option<String>,
    device: Option<String>,
    /// Those after the page of the list that said this as its `next`.
    after: Option<String>,
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u32>,
}

/// From when on.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedEvents {
    /// Milliseconds since 1970: the scene in which this moment is, or the first.
    from: Option<i64>,
}

/// The recording in a request's path.
pub(crate) struct NamedRecording {
    domain: String,
    id: u64,
}

impl<S: Send + Sync> FromRequestParts<S> for NamedRecording {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let unknown = || Problem::not_found("there is no such recording");
        let Path((domain, id)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| unknown())?;
        let digits = id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let id = digits.then(|| u64::from_str_radix(&id, 16).ok()).flatten().unwrap_or_default();
        Ok(Self { domain, id })
    }
}

/// The recordings of a site, newest first.
#[utoipa::path(
    get, path = "/api/sites/{domain}/recordings", params(("domain" = String, Path), Wanted),
    responses(
        (status = 200, description = "A page of the list", body = RecordingList),
        (status = 400, description = "A filter is not one", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
    )
)]
pub(crate) async fn list_recordings(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
    Asked(wanted): Asked<Wanted>,
) -> Result<Json<RecordingList>, Problem> {
    app.off_thread(move |app| {
        let permit = asking.of_site(app, Verb::See, Object::Recordings, &domain)?;
        let filter = filter(app, &permit, wanted)?;
        let page = app.control.recordings(permit.site.id, &filter)?;
        let alarm = app.control.recording_alarm(permit.site.id)?;
        let last = page.recordings.last().filter(|_| page.more);
        let next = last.map(|row| cursor(row.started_at, row.id));
        Ok(Json(RecordingList::of(page.recordings, next, alarm)))
    })
    .await
}

/// What is in a recording: its pages, the scenes that each can be played by itself, what is missing, and what was checked.
#[utoipa::path(
    get, path = "/api/sites/{domain}/recordings/{id}", params(("domain" = String, Path), ("id" = String, Path)),
    responses(
        (status = 200, description = "Its index", body = RecordingIndex),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site or recording", body = Problem),
    )
)]
pub(crate) async fn find_recording(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedRecording { domain, id }: NamedRecording,
) -> Result<Json<RecordingIndex>, Problem> {
    app.off_thread(move |app| {
        let permit = asking.of_site(app, Verb::See, Object::Recordings, &domain)?;
        let (row, parts) = permit.recording(app, id)?;
        let index = Recordings::index(&parts).map_err(|error| failed(&error))?;
        app.note_look(&permit, id)?;
        Ok(Json(RecordingIndex::of(row, index)))
    })
    .await
}

/// The events of a scene: from a full snapshot of a page up to the next, each a line of JSON.
#[utoipa::path(
    get, path = "/api/sites/{domain}/recordings/{id}/events",
    params(("domain" = String, Path), ("id" = String, Path), WantedEvents),
    responses(
        (status = 200, description = "The events; what breaks off is not whole", content_type = "application/x-ndjson", body = String),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site or recording, or nothing in it that can be played", body = Problem),
    )
)]
pub(crate) async fn read_recording(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedRecording { domain, id }: NamedRecording,
    Asked(wanted): Asked<WantedEvents>,
) -> Result<Response, Problem> {
    let from = Timestamp(wanted.from.unwrap_or_default());
    let scene = app
        .off_thread(move |app| {
            let permit = asking.of_site(app, Verb::See, Object::Recordings, &domain)?;
            let scene = open_scene(app, &permit, id, from)?;
            // Nothing of it is given before that is written down.
            app.note_look_once(&permit, id)?;
            Ok(scene)
        })
        .await?;
    let (sender, parts) = mpsc::channel(WAITING_MAX);
    tokio::task::spawn_blocking(move || {
        let given = scene.give(&mut |lines| sender.blocking_send(Part::Lines(lines.into())).is_ok());
        let end = given.map_or_else(Part::Failed, |()| Part::End);
        let _ = sender.blocking_send(end);
    });
    let whole = Whole::begin(parts).await.map_err(|error| failed(&error))?;
    let headers = [(header::CONTENT_TYPE, "application/x-ndjson"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, Body::new(whole)).into_response())
}

/// Removes a recording for ever.
#[utoipa::path(
    delete, path = "/api/sites/{domain}/recordings/{id}", params(("domain" = String, Path), ("id" = String, Path)),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site or recording", body = Problem),
    )
)]
pub(crate) async fn remove_recording(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedRecording { domain, id }: NamedRecording,
) -> Result<StatusCode, Problem> {
    app.off_thread(move |app| {
        let permit = asking.of_site(app, Verb::Remove, Object::Recordings, &domain)?;
        app.remove_recording(&permit, id)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The scene in which a moment is. Where its parts are put together just now it is looked for once more.
fn open_scene(app: &App, permit: &SitePermit, id: u64, at: Timestamp) -> Result<OpenScene, Problem> {
    let mut again = false;
    loop {
        let (_, parts) = permit.recording(app, id)?;
        let index = Recordings::index(&parts).map_err(|error| failed(&error))?;
        let nothing = || Problem::not_found("nothing of this recording can be played");
        let scene = index.scene_at(at).ok_or_else(nothing)?;
        match permit.recordings(app).open_scene(permit.site.id, &parts, scene) {
            Err(error) if error.is_gone() && !std::mem::replace(&mut again, true) => {}
            opened => return opened.map_err(|error| failed(&error)),
        }
    }
}

fn filter(app: &App, permit: &SitePermit, wanted: Wanted) -> Result<RecordingFilter, Problem> {
    let limit = wanted.limit.unwrap_or(COUNT_DEFAULT);
    if !(1..=RECORDINGS_PAGE_MAX).contains(&limit) {
        let sentence = format!("limit is a whole number from 1 to {RECORDINGS_PAGE_MAX}");
        return Err(Problem::invalid(sentence).of_field("limit"));
    }
    let range: Option<Value> = match (wanted.period, wanted.from, wanted.to) {
        (None, None, None) => None,
        (Some(period), None, None) => Some(json!(period)),
        (None, Some(from), Some(to)) => Some(json!([from, to])),
        _ => return Err(Problem::invalid("say a period, or both from and to").of_field("period")),
    };
    let calendar = Calendar { zone: permit.site.timezone.clone(), now: app.clock.now(), first_event: None };
    let range = range
        .map(|range| calendar.resolve(&range))
        .transpose()
        .map_err(|error| Problem::invalid(error.to_string()).of_field("period"))?;
    let after = wanted.after.map(|after| {
        read_cursor(&after).ok_or_else(|| Problem::invalid("after is no place in the list").of_field("after"))
    });
    Ok(RecordingFilter {
        from: range.map(|range| range.start),
        until: range.map(|range| range.end),
        path: wanted.page.map(|path| as_recorded(&path).unwrap_or(path)),
        country: wanted.country,
        browser: wanted.browser,
        os: wanted.os,
        device: wanted.device,
        after: after.transpose()?,
        limit,
    })
}

/// What went wrong while a recording was read is nobody's fault who asked.
fn failed(error: &RecordingsError) -> Problem {
    match error.closed() {
        Some(why) => why.clone().into(),
        None => {
            tracing::error!("a recording cannot be read: {}", with_causes(error));
            Problem::internal(error)
        }
    }
}
