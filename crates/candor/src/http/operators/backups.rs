//! `/api/operator/backups`: what goes into backups, making one, and which there are. Which there are one alone does not see once
//! two operators are enrolled.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use control::BackupMark;
use domain::audit::{Act, Log, Object, ObjectKind};
use operations::backup::{Place, places};
use sealing::protocol::operators::{Grave, Outcome};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::problem::Problem;
use super::approvals::{WaitsShown, shown};
use super::asking::OnDuty;
use crate::processes::app::operators::unexpected;
use crate::processes::app::state::App;
use crate::processes::messages::{BackupListed, BackupMade, BackupState, BackupTold, BackupWish};

/// How long whoever asks for a backup waits for it. It is made all the same.
const TOLD_WITHIN: Duration = Duration::from_secs(20);

/// What becomes of something that lies on the server.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PlaceKind {
    /// In every backup.
    Kept,
    /// In those of sites that want it.
    OfRecordings,
    /// In a set of its own.
    OfKeys,
    /// In none.
    LeftOut,
}

/// Something that lies on the server.
#[derive(Serialize, ToSchema)]
pub(crate) struct PlaceShown {
    /// Under the data directory (`data`) or the folder for keys (`keys`). A star stands for anything.
    path: &'static str,
    becomes: PlaceKind,
    /// Why it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    why: Option<&'static str>,
}

/// What goes into backups.
#[derive(Serialize, ToSchema)]
pub(crate) struct BackupContents {
    state: BackupState,
    /// When one was last made and read back.
    #[schema(format = DateTime)]
    last_backup: Option<String>,
    /// When it was last seen that one restores.
    #[schema(format = DateTime)]
    last_drill: Option<String>,
    /// How many sites there are.
    sites: usize,
    /// Of how many recordings are in backups, which each site decides.
    sites_with_recordings: usize,
    /// Everything that lies on the server.
    places: Vec<PlaceShown>,
}

/// Which backups there are, oldest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct BackupList {
    backups: Vec<BackupListed>,
}

/// What goes into backups and what is left out, and whether they are made as they should be.
#[utoipa::path(
    get, path = "/api/operator/backups",
    responses(
        (status = 200, description = "What goes into backups", body = BackupContents),
        (status = 401, description = "Sign in first", body = Problem),
    )
)]
pub(crate) async fn show_backups(
    State(app): State<Arc<App>>,
    _: OnDuty,
) -> Result<Json<BackupContents>, Problem> {
    app.off_thread(move |app| {
        let sites = app.control.sites()?;
        let last = |what| Ok::<_, Problem>(app.control.backup_mark(what)?.map(|at| at.to_string()));
        Ok(Json(BackupContents {
            state: app.status().backups,
            last_backup: last(BackupMark::Backup)?,
            last_drill: last(BackupMark::Drill)?,
            sites: sites.len(),
            sites_with_recordings: sites.iter().filter(|site| site.settings.recording.in_backups).count(),
            places: places().map(|(path, place)| PlaceShown::of(path, place)).collect(),
        }))
    })
    .await
}

/// Has a backup made now. That somebody asked is written down, and by the worker what came of it.
#[utoipa::path(
    post, path = "/api/operator/backups",
    responses(
        (status = 200, description = "It was made, and read back", body = BackupMade),
        (status = 202, description = "It is being made; health says when it is good"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 409, description = "No backups are made here, or this one was not; error says why", body = Problem),
    )
)]
pub(crate) async fn make_backup(State(app): State<Arc<App>>, on_duty: OnDuty) -> Result<Response, Problem> {
    app.off_thread(move |app| {
        let entry = app.entry_on_duty(&on_duty, Act::BackupAsk, Object::sole(ObjectKind::Backup));
        Ok(app.control.note(Log::SERVER, &entry)?)
    })
    .await?;
    match tokio::time::timeout(TOLD_WITHIN, app.about_backups(BackupWish::Make)).await {
        Err(_) => Ok(StatusCode::ACCEPTED.into_response()),
        Ok(told) => match told? {
            BackupTold::Made(made) => Ok(Json(made).into_response()),
            _ => Err(unexpected()),
        },
    }
}

/// Looks which backups there are, or has it wait for a second operator, who then sees it.
#[utoipa::path(
    post, path = "/api/operator/backups/list",
    responses(
        (status = 200, description = "Which there are", body = BackupList),
        (status = 202, description = "It waits for a second operator", body = WaitsShown),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Sign in again first", body = Problem),
        (status = 409, description = "No backups are made here", body = Problem),
    )
)]
pub(crate) async fn list_backups(State(app): State<Arc<App>>, on_duty: OnDuty) -> Result<Response, Problem> {
    let outcome = app.off_thread(move |app| app.do_grave(&on_duty, Grave::ListBackups)).await?;
    match outcome {
        Outcome::BackupsOpen => list(&app).await,
        outcome => Ok(shown(&outcome)),
    }
}

/// Which there are, once it is decided that it may be seen.
pub(super) async fn list(app: &App) -> Result<Response, Problem> {
    match app.about_backups(BackupWish::List).await? {
        BackupTold::Listed(backups) => Ok(Json(BackupList { backups }).into_response()),
        _ => Err(unexpected()),
    }
}

impl PlaceShown {
    const fn of(path: &'static str, place: Place) -> Self {
        let (becomes, why) = match place {
            Place::Kept => (PlaceKind::Kept, None),
            Place::OfRecordings => (PlaceKind::OfRecordings, None),
            Place::OfKeys => (PlaceKind::OfKeys, None),
            Place::LeftOut(why) => (PlaceKind::LeftOut, Some(why)),
        };
        Self { path, becomes, why }
    }
}
