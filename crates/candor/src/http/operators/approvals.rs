//! `/api/operator/approvals`: what waits for a second operator.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::OperatorId;
use domain::audit::{Act, Object, ObjectKind};
use sealing::protocol::operators::{ApprovalTold, Ask, Grave, Outcome, Told};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::input::Numbered;
use super::super::members::number;
use super::super::problem::Problem;
use super::asking::OnDuty;
use super::backups::{BackupList, list};
use super::roster::OperatorShown;
use crate::processes::app::operators::unexpected;
use crate::processes::app::state::App;

/// An approval by its number.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApprovalNamed {
    id: String,
    #[schema(format = DateTime)]
    expires_at: String,
}

/// Something grave waits for a second operator.
#[derive(Serialize, ToSchema)]
pub(crate) struct WaitsShown {
    approval: ApprovalNamed,
}

/// What waits, to the last thing that will be done.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApprovalShown {
    id: String,
    /// operator_enrol, organization_disable, organization_remove or backup_list.
    act: &'static str,
    /// What the organization is called, or the operator who is to be enrolled.
    object: String,
    /// The number of the organization.
    organization: Option<u32>,
    /// The public key to be enrolled, and from where its operator may act.
    key: Option<String>,
    networks: Option<Vec<String>>,
    /// Who asked.
    asked_by: String,
    #[schema(format = DateTime)]
    asked_at: String,
    #[schema(format = DateTime)]
    expires_at: String,
    /// Whether it was you, who cannot approve it.
    own: bool,
}

/// All that waits.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApprovalList {
    approvals: Vec<ApprovalShown>,
}

/// What came of something grave, as an answer.
pub(super) fn shown(outcome: &Outcome) -> Response {
    match outcome {
        Outcome::Waits(told) => {
            let approval = ApprovalNamed { id: number(told.id), expires_at: told.expires_at.to_string() };
            (StatusCode::ACCEPTED, Json(WaitsShown { approval })).into_response()
        }
        Outcome::Enrolled(told) => (StatusCode::CREATED, Json(OperatorShown::of(told))).into_response(),
        Outcome::Disabled(_) | Outcome::Removed(..) | Outcome::BackupsOpen => {
            StatusCode::NO_CONTENT.into_response()
        }
    }
}

/// What waits for a second operator.
#[utoipa::path(
    get, path = "/api/operator/approvals",
    responses(
        (status = 200, description = "What waits", body = ApprovalList),
        (status = 401, description = "Sign in first", body = Problem),
    )
)]
pub(crate) async fn list_approvals(
    State(app): State<Arc<App>>,
    on_duty: OnDuty,
) -> Result<Json<ApprovalList>, Problem> {
    app.off_thread(move |app| {
        let names = app.control.operator_names()?;
        let called: BTreeMap<u32, String> =
            app.control.organizations()?.into_iter().map(|one| (one.id.0, one.name)).collect();
        let show = |told: &ApprovalTold| show(told, &names, &called, on_duty.id());
        Ok(Json(ApprovalList { approvals: waiting(app, &on_duty)?.iter().map(show).collect() }))
    })
    .await
}

fn show(
    told: &ApprovalTold,
    names: &BTreeMap<OperatorId, String>,
    called: &BTreeMap<u32, String>,
    me: OperatorId,
) -> ApprovalShown {
    let (organization, new) = match &told.act {
        Grave::Enrol(new) => (None, Some(new)),
        Grave::Disable(id) | Grave::Remove(id) => (Some(id.0), None),
        Grave::ListBackups => (None, None),
    };
    let of_organization = organization.and_then(|id| called.get(&id).cloned());
    let object = of_organization.or_else(|| new.map(|new| new.name.clone())).unwrap_or_default();
    ApprovalShown {
        id: number(told.id),
        act: told.act.as_str(),
        object,
        organization,
        key: new.map(|new| new.key.clone()),
        networks: new.map(|new| new.networks.clone()),
        asked_by: names.get(&told.by).cloned().unwrap_or_else(|| told.by.to_string()),
        asked_at: told.asked_at.to_string(),
        expires_at: told.expires_at.to_string(),
        own: told.by == me,
    }
}

/// Approves what another operator asked for, and thereby does it.
#[utoipa::path(
    post, path = "/api/operator/approvals/{id}/approve", params(("id" = String, Path)),
    responses(
        (status = 200, description = "Which backups there are", body = BackupList),
        (status = 201, description = "An operator was enrolled", body = OperatorShown),
        (status = 204, description = "It is done"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "You asked for it yourself, or must sign in again first", body = Problem),
        (status = 404, description = "Nothing of that number waits", body = Problem),
    )
)]
pub(crate) async fn approve(
    State(app): State<Arc<App>>,
    on_duty: OnDuty,
    Numbered(id): Numbered,
) -> Result<Response, Problem> {
    let outcome = app
        .off_thread(move |app| {
            let approval = one(app, &on_duty, &id)?;
            app.approve(&on_duty, &approval)
        })
        .await?;
    match outcome {
        Outcome::BackupsOpen => list(&app).await,
        outcome => Ok(shown(&outcome)),
    }
}

/// Does not; whoever asked takes it back by this.
#[utoipa::path(
    post, path = "/api/operator/approvals/{id}/decline", params(("id" = String, Path)),
    responses(
        (status = 204, description = "It will not be done"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 404, description = "Nothing of that number waits", body = Problem),
    )
)]
pub(crate) async fn decline(
    State(app): State<Arc<App>>,
    on_duty: OnDuty,
    Numbered(id): Numbered,
) -> Result<StatusCode, Problem> {
    app.off_thread(move |app| {
        let approval = one(app, &on_duty, &id)?;
        let object = Object::new(ObjectKind::Operator, approval.by);
        let entry = app.entry_on_duty(&on_duty, Act::Approve, object);
        let entry = entry.with("act", approval.act.as_str()).with("declined", true);
        let ask = Ask::Decline(on_duty.badge.clone(), approval.id);
        app.act_as_operator(None, &entry, ask, |_, _| Ok(()))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn waiting(app: &App, on_duty: &OnDuty) -> Result<Vec<ApprovalTold>, Problem> {
    match app.ask_operators(Ask::Approvals(on_duty.badge.clone()))? {
        Told::Approvals(approvals) => Ok(approvals),
        _ => Err(unexpected()),
    }
}

fn one(app: &App, on_duty: &OnDuty, id: &str) -> Result<ApprovalTold, Problem> {
    let found = waiting(app, on_duty)?.into_iter().find(|approval| number(approval.id) == id);
    found.ok_or_else(|| Problem::not_found("nothing of that number waits for approval"))
}
