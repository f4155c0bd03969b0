//! `/api/replay`: where recordings play. The page there is at an origin of its own, so that nothing in a recording reaches this one.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::Problem;
use crate::processes::app::state::App;

/// Where recordings play.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Replay {
    /// Scheme, host and port of the page; none where this server has no address for it.
    origin: Option<String>,
}

/// Where recordings play.
#[utoipa::path(
    get, path = "/api/replay",
    responses(
        (status = 200, description = "Where recordings play", body = Replay),
        (status = 401, description = "Sign in first", body = Problem),
    )
)]
pub(crate) async fn find_replay(State(app): State<Arc<App>>) -> Json<Replay> {
    Json(Replay { origin: app.replay_url.clone() })
}
