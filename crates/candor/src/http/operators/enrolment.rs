//! How the first operator comes to be: from the shell of this account, while there is none.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use sealing::protocol::operators::{NewOperator, Outcome};
use serde::{Deserialize, Serialize};

use super::super::input::Input;
use super::super::problem::Problem;
use crate::processes::app::operators::unexpected;
use crate::processes::app::state::App;

/// The first operator.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewFirst {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) networks: Vec<String>,
}

/// Who was enrolled.
#[derive(Serialize, Deserialize)]
pub(crate) struct Enrolled {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) fingerprint: String,
    pub(crate) networks: Vec<String>,
}

/// How many operators there are.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Counted {
    pub(crate) count: u32,
    /// Until when a second one is needed although there is one alone.
    pub(crate) held_until: Option<String>,
}

/// Tells a command how many there are.
pub(crate) async fn count_operators(State(app): State<Arc<App>>) -> Result<Json<Counted>, Problem> {
    let roster = app.off_thread(|app| app.roster()).await?;
    Ok(Json(Counted { count: roster.count, held_until: roster.held_until.map(|until| until.to_string()) }))
}

/// Enrols the first.
pub(crate) async fn enrol_first(
    State(app): State<Arc<App>>,
    Input(new): Input<NewFirst>,
) -> Result<(StatusCode, Json<Enrolled>), Problem> {
    let NewFirst { key, name, networks } = new;
    let outcome = app.off_thread(move |app| app.enrol_first(NewOperator { name, key, networks })).await?;
    let Outcome::Enrolled(told) = outcome else { return Err(unexpected()) };
    let (id, name) = (told.id.to_string(), told.name);
    Ok((
        StatusCode::CREATED,
        Json(Enrolled { id, name, fingerprint: told.fingerprint, networks: told.networks }),
    ))
}
