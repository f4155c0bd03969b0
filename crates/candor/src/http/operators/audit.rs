//! `/api/operator/audit`: the server's own log, as a page and as the file that anybody can check. Those of organizations are
//! not there.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::audit::{Act, Log, Object, ObjectKind};

use super::super::audit::{AuditPage, Names, WantedActs, as_file, begin_export, checkpoint, page};
use super::super::input::Asked;
use super::super::problem::Problem;
use super::asking::OnDuty;
use crate::processes::app::state::App;

/// What operators did, and what was done to the server.
#[utoipa::path(
    get, path = "/api/operator/audit", params(WantedActs),
    responses(
        (status = 200, description = "The entries, the newest first", body = AuditPage),
        (status = 400, description = "There is no such act, or the limit is not allowed", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
    )
)]
pub(crate) async fn list_acts(
    State(app): State<Arc<App>>,
    _: OnDuty,
    Asked(wanted): Asked<WantedActs>,
) -> Result<Json<AuditPage>, Problem> {
    app.off_thread(move |app| {
        let names = Names { operators: app.control.operator_names()?, ..Names::default() };
        page(app, Log::SERVER, wanted, &names).map(Json)
    })
    .await
}

/// The signed checkpoint of the server's log as it is now.
#[utoipa::path(
    get, path = "/api/operator/audit/checkpoint",
    responses(
        (status = 200, description = "A signed note", content_type = "text/plain", body = String),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 409, description = "The log is not a continuation of what was signed before", body = Problem),
    )
)]
pub(crate) async fn read_checkpoint(State(app): State<Arc<App>>, _: OnDuty) -> Result<String, Problem> {
    app.off_thread(|app| checkpoint(app, Log::SERVER)).await
}

/// The whole of the server's log as the file that `candor audit verify` checks.
#[utoipa::path(
    get, path = "/api/operator/audit/export",
    responses(
        (status = 200, description = "The file", content_type = "application/x-ndjson", body = String),
        (status = 401, description = "Sign in first", body = Problem),
    )
)]
pub(crate) async fn export_acts(State(app): State<Arc<App>>, on_duty: OnDuty) -> Result<Response, Problem> {
    app.off_thread(move |app| {
        let entry = app.entry_on_duty(&on_duty, Act::AuditExport, Object::sole(ObjectKind::AuditLog));
        begin_export(app, Log::SERVER, &entry)
    })
    .await
    .map(as_file)
}
