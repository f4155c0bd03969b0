//! `/api/sites/{domain}/recordings`: which visits were recorded, what is in a recording, and its events. Who looks at one is
//! written down before anything of it is shown.

pub(super) mod shapes;
pub(super) mod wanted;

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Object, Timestamp, Verb};
use recordings::{OpenScene, Recordings, RecordingsError};
use serde::Deserialize;
use tokio::sync::mpsc;
use utoipa::IntoParams;

use super::asking::Asking;
use super::input::{Asked, NamedSite};
use super::problem::Problem;
use super::whole::{Part, Whole};
use crate::logging::with_causes;
use crate::processes::app::permits::SitePermit;
use crate::processes::app::recordings::matching::Cursor;
use crate::processes::app::reports::in_turn;
use crate::processes::app::state::App;
use shapes::{RecordingIndex, RecordingList, RecordingsRemoved, cursor, read_cursor};
use wanted::{WantedRecordings, WhoseRecordings};

/// Recordings of a page of the list, and how many unless it is said.
const COUNT_MAX: u32 = 100;
const COUNT_DEFAULT: u32 = 50;
/// Parts that wait for a slow reader.
const WAITING_MAX: usize = 4;

/// Which part of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedPage {
    /// What comes after the page of the list that said this as its `next`.
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

/// The recordings of a site, newest first. Where filters leave few of many, a page may have less than its limit, or nothing, and
/// more may come after it all the same: what comes last says no `next`.
#[utoipa::path(
    get, path = "/api/sites/{domain}/recordings",
    params(("domain" = String, Path), WantedRecordings, WantedPage),
    responses(
        (status = 200, description = "A page of the list", body = RecordingList),
        (status = 400, description = "What is asked for is nothing; field names what", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
        (status = 503, description = "Too much is being asked; try again", body = Problem),
    )
)]
pub(crate) async fn list_recordings(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
    Asked(wanted): Asked<WantedRecordings>,
    Asked(page): Asked<WantedPage>,
) -> Result<Json<RecordingList>, Problem> {
    let takes_a_walk = wanted.takes_a_walk();
    let work = move |app: &App| {
        let permit = asking.of_site(app, Verb::See, Object::Recordings, &domain)?;
        let wanted = wanted.read(app, &permit)?;
        let (after, limit) = page.read()?;
        let page = wanted.page(app, &permit, after, limit)?;
        let alarm = app.control.recording_alarm(permit.site.id)?;
        Ok(Json(RecordingList::of(page.recordings, page.next.map(cursor), alarm)))
    };
    if takes_a_walk { in_turn(&app, work).await } else { app.off_thread(work).await }
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

/// Removes all recordings of a visitor for ever.
#[utoipa::path(
    delete, path = "/api/sites/{domain}/recordings", params(("domain" = String, Path), WhoseRecordings),
    responses(
        (status = 200, description = "They are gone", body = RecordingsRemoved),
        (status = 400, description = "That is no visitor", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
    )
)]
pub(crate) async fn remove_recordings(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
    Asked(whose): Asked<WhoseRecordings>,
) -> Result<Json<RecordingsRemoved>, Problem> {
    app.off_thread(move |app| {
        let permit = asking.of_site(app, Verb::Remove, Object::Recordings, &domain)?;
        let removed = app.remove_recordings_of(&permit, whose.read()?)?;
        Ok(Json(RecordingsRemoved { removed }))
    })
    .await
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

impl WantedPage {
    /// After which recording, and how many.
    fn read(&self) -> Result<(Option<Cursor>, usize), Problem> {
        let limit = self.limit.unwrap_or(COUNT_DEFAULT);
        if !(1..=COUNT_MAX).contains(&limit) {
            let sentence = format!("limit is a whole number from 1 to {COUNT_MAX}");
            return Err(Problem::invalid(sentence).of_field("limit"));
        }
        let no_place = || Problem::invalid("after is no place in the list").of_field("after");
        let after = self.after.as_deref().map(|after| read_cursor(after).ok_or_else(no_place));
        Ok((after.transpose()?, limit as usize))
    }
}

/// What went wrong while a recording was read is nobody's fault who asked.
pub(crate) fn failed(error: &RecordingsError) -> Problem {
    match error.closed() {
        Some(why) => why.clone().into(),
        None => {
            tracing::error!("a recording cannot be read: {}", with_causes(error));
            Problem::internal(error)
        }
    }
}
