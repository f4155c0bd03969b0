//! `/api/operator/operators`: who the operators are.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::OperatorId;
use domain::audit::{Act, Object, ObjectKind};
use sealing::protocol::operators::{Ask, Grave, NewOperator, OperatorTold, Told};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::input::{Input, Numbered};
use super::super::problem::Problem;
use super::approvals::{WaitsShown, shown};
use super::asking::OnDuty;
use crate::processes::app::operators::unexpected;
use crate::processes::app::state::App;

/// An operator, without the key.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct OperatorShown {
    id: String,
    name: String,
    /// The fingerprint of their key, as `ssh-keygen -l` shows it.
    key: String,
    /// From where they may act.
    networks: Vec<String>,
    /// Whether they have an app for codes yet.
    second_factor: bool,
    #[schema(format = DateTime)]
    enrolled_at: String,
    /// When they last signed in.
    #[schema(format = DateTime)]
    last_seen: Option<String>,
}

/// All operators.
#[derive(Serialize, ToSchema)]
pub(crate) struct OperatorList {
    operators: Vec<OperatorShown>,
}

/// Somebody to enrol.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOperatorShown {
    /// The line of their public key.
    key: String,
    /// What they are called; the key's comment where it is left out.
    #[serde(default)]
    #[schema(nullable = false)]
    name: Option<String>,
    /// From where they may act, like `203.0.113.0/24`; from the server's own machine alone where it is left out.
    #[serde(default)]
    #[schema(nullable = false)]
    networks: Option<Vec<String>>,
}

impl OperatorShown {
    pub(super) fn of(told: &OperatorTold) -> Self {
        Self {
            id: told.id.to_string(),
            name: told.name.clone(),
            key: told.fingerprint.clone(),
            networks: told.networks.clone(),
            second_factor: told.second_factor,
            enrolled_at: told.enrolled_at.to_string(),
            last_seen: told.signed_in_at.map(|at| at.to_string()),
        }
    }
}

/// All operators.
#[utoipa::path(
    get, path = "/api/operator/operators",
    responses(
        (status = 200, description = "All of them", body = OperatorList),
        (status = 401, description = "Sign in first", body = Problem),
    )
)]
pub(crate) async fn list_operators(
    State(app): State<Arc<App>>,
    on_duty: OnDuty,
) -> Result<Json<OperatorList>, Problem> {
    app.off_thread(move |app| match app.ask_operators(Ask::Operators(on_duty.badge))? {
        Told::Operators(told) => {
            Ok(Json(OperatorList { operators: told.iter().map(OperatorShown::of).collect() }))
        }
        _ => Err(unexpected()),
    })
    .await
}

/// Enrols an operator; once there are two, when a second one approves.
#[utoipa::path(
    post, path = "/api/operator/operators", request_body = NewOperatorShown,
    responses(
        (status = 201, description = "Enrolled", body = OperatorShown),
        (status = 202, description = "It waits for a second operator", body = WaitsShown),
        (status = 400, description = "Something is not allowed", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Sign in again first", body = Problem),
        (status = 409, description = "The key is an operator's already", body = Problem),
    )
)]
pub(crate) async fn enrol_operator(
    State(app): State<Arc<App>>,
    on_duty: OnDuty,
    Input(new): Input<NewOperatorShown>,
) -> Result<Response, Problem> {
    let NewOperatorShown { key, name, networks } = new;
    let new = NewOperator { name: name.unwrap_or_default(), key, networks: networks.unwrap_or_default() };
    app.off_thread(move |app| Ok(shown(&app.do_grave(&on_duty, Grave::Enrol(new))?))).await
}

/// Takes an operator out, whose sign-ins end at once.
#[utoipa::path(
    delete, path = "/api/operator/operators/{id}", params(("id" = String, Path)),
    responses(
        (status = 204, description = "They are none any more"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Sign in again first", body = Problem),
        (status = 404, description = "There is no such operator", body = Problem),
        (status = 409, description = "A server keeps at least one operator", body = Problem),
    )
)]
pub(crate) async fn remove_operator(
    State(app): State<Arc<App>>,
    on_duty: OnDuty,
    Numbered(id): Numbered,
) -> Result<StatusCode, Problem> {
    let id: OperatorId = id.parse().map_err(|_| Problem::not_found("there is no such operator"))?;
    app.off_thread(move |app| {
        let entry = app.entry_on_duty(&on_duty, Act::OperatorRemove, Object::new(ObjectKind::Operator, id));
        let ask = Ask::RemoveOperator(on_duty.badge.clone(), id);
        app.act_as_operator(None, &entry, ask, |_, _| Ok(()))?;
        app.publish_operators()
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
