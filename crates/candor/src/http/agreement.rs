//! `/api/organizations/{id}/agreement`: the data-processing agreement in force, and that an organization accepts it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use control::AgreementRow;
use domain::audit::{Act, Object as Audited, ObjectKind};
use domain::{Object, OrganizationId, Verb};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asking::Asking;
use super::input::{Input, Numbered};
use super::problem::{Kind, Problem};
use crate::processes::app::state::App;
use crate::texts::agreement;

/// That a version was accepted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct AgreementAcceptance {
    version: String,
    /// The number of whoever accepted it.
    person: String,
    #[schema(format = DateTime)]
    at: String,
}

/// The agreement, and what of it was accepted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Agreement {
    /// By what its words are known: another word is another version.
    version: String,
    /// Markdown.
    text: &'static str,
    /// Whether the version in force was accepted.
    accepted: bool,
    /// All that were, newest first.
    acceptances: Vec<AgreementAcceptance>,
}

/// That an organization accepts the agreement.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgreementAccepted {
    /// The version that was read.
    version: String,
}

/// The data-processing agreement in force.
#[utoipa::path(
    get, path = "/api/organizations/{id}/agreement", params(("id" = u32, Path)),
    responses(
        (status = 200, description = "The agreement", body = Agreement),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "There is no such organization", body = Problem),
    )
)]
pub(crate) async fn read_agreement(
    State(app): State<Arc<App>>,
    asking: Asking,
    Numbered(id): Numbered,
) -> Result<Json<Agreement>, Problem> {
    let id = numbered(&id)?;
    app.off_thread(move |app| {
        let permit = asking.of_organization(Verb::See, Object::Organization, Some(id))?;
        Ok(Json(Agreement::of(app.control.agreements(permit.organization)?)))
    })
    .await
}

/// Accepts the data-processing agreement in force.
#[utoipa::path(
    post, path = "/api/organizations/{id}/agreement", params(("id" = u32, Path)), request_body = AgreementAccepted,
    responses(
        (status = 200, description = "It is accepted", body = Agreement),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "There is no such organization", body = Problem),
        (status = 409, description = "Another version is in force: read it first", body = Problem),
    )
)]
pub(crate) async fn accept_agreement(
    State(app): State<Arc<App>>,
    asking: Asking,
    Numbered(id): Numbered,
    Input(accepted): Input<AgreementAccepted>,
) -> Result<Json<Agreement>, Problem> {
    let id = numbered(&id)?;
    app.off_thread(move |app| {
        let permit = asking.of_organization(Verb::Change, Object::Organization, Some(id))?;
        if accepted.version != agreement::version() {
            let sentence = "another version of the agreement is in force: read it, and accept that";
            return Err(Problem::new(Kind::Conflict, sentence).of_field("version"));
        }
        let object = Audited::new(ObjectKind::Organization, id.0);
        let entry = app.entry(&asking, Act::AgreementAccept, object).with("version", &accepted.version);
        let row = AgreementRow { version: accepted.version, person: asking.person(), at: app.clock.now() };
        app.control.act(permit.log(), &entry, |work| {
            Ok::<_, Problem>(work.accept_agreement(permit.organization, &row)?)
        })?;
        Ok(Json(Agreement::of(app.control.agreements(permit.organization)?)))
    })
    .await
}

fn numbered(id: &str) -> Result<OrganizationId, Problem> {
    id.parse().map(OrganizationId).map_err(|_| Problem::not_found("there is no such organization"))
}

impl Agreement {
    fn of(rows: Vec<AgreementRow>) -> Self {
        let acceptances: Vec<AgreementAcceptance> = rows
            .into_iter()
            .map(|row| AgreementAcceptance {
                version: row.version,
                person: row.person.to_string(),
                at: row.at.to_string(),
            })
            .collect();
        Self {
            version: agreement::version().to_owned(),
            text: agreement::TEXT,
            accepted: acceptances.iter().any(|acceptance| acceptance.version == agreement::version()),
            acceptances,
        }
    }
}
