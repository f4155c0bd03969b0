//! How the server is, in the words of the API.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::processes::app::state::App;
use crate::processes::messages::{BackupState, Doing, Promises, Status, Storage};

/// Whether everything works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Condition {
    /// Every process serves, there is room for events, and nothing that is promised is late.
    Ok,
    /// Something does not.
    Degraded,
}

/// What each process is doing.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct Processes {
    keeper: Doing,
    edge: Doing,
    app: Doing,
    worker: Doing,
}

/// How the server is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    status: Condition,
    processes: Processes,
    storage: Storage,
    backups: BackupState,
    /// Whether what is promised to be done again and again is done in time.
    promises: Promises,
}

impl Health {
    pub(crate) fn of(status: Status) -> Self {
        let Status { keeper, edge, app, worker, storage, backups, promises, .. } = status;
        let in_time = !backups.is_late() && promises == Promises::Kept;
        let fine = status.is_whole() && storage == Storage::Ok && in_time;
        Self {
            status: if fine { Condition::Ok } else { Condition::Degraded },
            processes: Processes { keeper, edge, app, worker },
            storage,
            backups,
            promises,
        }
    }

    pub(crate) fn is_ok(&self) -> bool {
        self.status == Condition::Ok
    }
}

/// How the server is.
#[utoipa::path(
    get, path = "/api/health",
    responses(
        (status = 200, description = "Every process serves, there is room, and nothing promised is late", body = Health),
        (status = 503, description = "Something does not", body = Health),
    )
)]
pub(crate) async fn read_health(State(app): State<Arc<App>>) -> (StatusCode, Json<Health>) {
    let health = Health::of(app.status());
    let status = if health.is_ok() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(health))
}
