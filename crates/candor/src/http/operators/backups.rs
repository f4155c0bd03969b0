//! `/api/operator/backups`: which backups there are. Once two operators are enrolled, one alone does not see it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use sealing::protocol::operators::{Grave, Outcome};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::problem::Problem;
use super::approvals::{WaitsShown, shown};
use super::asking::OnDuty;
use crate::processes::app::operators::unexpected;
use crate::processes::app::state::App;
use crate::processes::messages::{BackupListed, BackupTold, BackupWish};

/// Which backups there are, oldest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct BackupList {
    backups: Vec<BackupListed>,
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
