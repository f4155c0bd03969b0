//! `/api/support-grants`: what operators asked to see of an organization, and what they were allowed. An owner answers.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use control::Letter;
use domain::audit::{Act, Log, Object as Audited, ObjectKind};
use domain::{Object, Verb};
use sealing::protocol::operators::{Ask, Told};

use super::asking::Asking;
use super::input::{Asked, Numbered};
use super::members::{InOrganization, number};
use super::operators::grants::{GrantList, Shelf, grant_id};
use super::problem::Problem;
use crate::processes::app::operators::unexpected;
use crate::processes::app::state::App;
use crate::processes::app::support;

/// The support grants that an organization was asked for.
#[utoipa::path(
    get, path = "/api/support-grants", params(InOrganization),
    responses(
        (status = 200, description = "The newest first", body = GrantList),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
    )
)]
pub(crate) async fn list_grants(
    State(app): State<Arc<App>>,
    asking: Asking,
    Asked(of): Asked<InOrganization>,
) -> Result<Json<GrantList>, Problem> {
    app.off_thread(move |app| {
        let permit = asking.of_organization(Verb::See, Object::SupportGrants, of.id())?;
        match app.ask_operators(Ask::GrantsOf(asking.token.clone(), permit.organization))? {
            Told::Grants(told) => Ok(Json(Shelf::open(app, Some(permit.organization))?.list(&told))),
            _ => Err(unexpected()),
        }
    })
    .await
}

/// Lets an operator see what they asked for, once; its time runs from now.
#[utoipa::path(
    post, path = "/api/support-grants/{id}/approve", params(("id" = String, Path)),
    responses(
        (status = 204, description = "It is open"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that, or show again first that it is you", body = Problem),
        (status = 404, description = "There is no such grant", body = Problem),
        (status = 410, description = "It was answered or is too old", body = Problem),
    )
)]
pub(crate) async fn approve_grant(
    State(app): State<Arc<App>>,
    asking: Asking,
    Numbered(id): Numbered,
) -> Result<StatusCode, Problem> {
    let ask = |asking: &Asking, id| Ask::DecideGrant(asking.token.clone(), id, true);
    answer(&app, asking, &id, Act::SupportApprove, ask).await
}

/// Does not.
#[utoipa::path(
    post, path = "/api/support-grants/{id}/decline", params(("id" = String, Path)),
    responses(
        (status = 204, description = "It will not be open"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "There is no such grant", body = Problem),
        (status = 410, description = "It was answered or is too old", body = Problem),
    )
)]
pub(crate) async fn decline_grant(
    State(app): State<Arc<App>>,
    asking: Asking,
    Numbered(id): Numbered,
) -> Result<StatusCode, Problem> {
    let ask = |asking: &Asking, id| Ask::DecideGrant(asking.token.clone(), id, false);
    answer(&app, asking, &id, Act::SupportDecline, ask).await
}

/// Ends what an operator may see. It never opens again.
#[utoipa::path(
    post, path = "/api/support-grants/{id}/end", params(("id" = String, Path)),
    responses(
        (status = 204, description = "It is over"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "There is no such grant", body = Problem),
        (status = 410, description = "It was over already", body = Problem),
    )
)]
pub(crate) async fn end_grant(
    State(app): State<Arc<App>>,
    asking: Asking,
    Numbered(id): Numbered,
) -> Result<StatusCode, Problem> {
    let ask = |asking: &Asking, id| Ask::CloseGrant(asking.token.clone(), id);
    answer(&app, asking, &id, Act::SupportEnd, ask).await
}

/// Writes it in the organization's log and in the server's, and has the keeper do it.
async fn answer(
    app: &Arc<App>,
    asking: Asking,
    id: &str,
    act: Act,
    ask: impl Fn(&Asking, u64) -> Ask + Send + 'static,
) -> Result<StatusCode, Problem> {
    let id = grant_id(id)?;
    app.off_thread(move |app| {
        let unknown = || Problem::not_found("there is no such support grant");
        let text = app.control.grant_texts(None)?.remove(&id).ok_or_else(unknown)?;
        let permit = asking
            .of_organization(Verb::Change, Object::SupportGrants, Some(text.organization))
            .map_err(|problem| {
                if asking.identity.membership(text.organization).is_none() { unknown() } else { problem }
            })?;
        let object = Audited::new(ObjectKind::SupportGrant, number(id));
        let entry = app.entry(&asking, act, object).with("site", &text.site).with("ticket", &text.ticket);
        let names = app.control.operator_names()?;
        let logs = [permit.log(), Log::SERVER];
        let done = app.act_as_either(&logs, &entry, ask(&asking, id), |work, told| {
            let Told::Grant(told) = told else { return Err(unexpected()) };
            work.append_to_all(&logs, &entry)?;
            let operator = names.get(&told.operator).map_or("", String::as_str);
            let letter = support::letter_of(app, work, &told, &text, operator)?;
            let letter = match act {
                Act::SupportApprove => Letter::GrantApproved(letter),
                Act::SupportEnd => Letter::GrantEnded(letter),
                _ => return Ok(()),
            };
            app.mail_grant(work, &told.owners, text.organization, &letter)
        });
        app.mail_waits();
        done
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
