//! Reads everything that is kept, for commands of this account. What is read is shown to nobody.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::problem::Problem;
use crate::processes::app::state::App;
use crate::processes::checking::Checked;

/// Has the worker read every segment and the journal of every site.
pub(crate) async fn check_events(State(app): State<Arc<App>>) -> Result<Json<Checked>, Problem> {
    app.check().await.map(Json)
}
