//! `/api/operator/organizations`: which customers there are. Nothing of what they measure.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use control::{Organization, SubscriptionEnd};
use domain::audit::{Act, Object, ObjectKind};
use domain::limits::KEPT_AFTER_END;
use domain::{OrganizationId, Timestamp};
use sealing::protocol::operators::{Ask, Grave, Told};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::input::{Input, Numbered};
use super::super::problem::Problem;
use super::super::secret::Secret;
use super::super::session::Link;
use super::approvals::{WaitsShown, shown};
use super::asking::OnDuty;
use super::health::bytes_of;
use crate::processes::app::operators::unexpected;
use crate::processes::app::people;
use crate::processes::app::state::App;

/// An organization, as operators see it.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrganizationSeen {
    id: u32,
    name: String,
    /// Whether it is closed to everybody.
    disabled: bool,
    people: u32,
    sites: usize,
    /// Bytes of its segments.
    bytes: u64,
    #[schema(format = DateTime)]
    created_at: String,
    /// Since when its subscription has ended, if it has.
    #[schema(format = DateTime)]
    ended_at: Option<String>,
    /// When everything of it is removed then.
    #[schema(format = DateTime)]
    removed_at: Option<String>,
    /// How many days were left when its owners were last written to, if they were.
    told_days: Option<u32>,
    /// Whether its owners are written to then. Without a mail server somebody has to tell them.
    told_by_mail: bool,
}

/// Whether an organization's subscription has ended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubscriptionChange {
    ended: bool,
}

/// A subscription as it is now.
#[derive(Serialize, ToSchema)]
pub(crate) struct SubscriptionShown {
    /// Since when it has ended, if it has.
    #[schema(format = DateTime)]
    ended_at: Option<String>,
    /// When everything is removed then.
    #[schema(format = DateTime)]
    removed_at: Option<String>,
}

impl SubscriptionShown {
    fn of(ended: Option<Timestamp>) -> Self {
        Self {
            ended_at: ended.map(|ended| ended.to_string()),
            removed_at: ended.map(|ended| (ended + KEPT_AFTER_END).to_string()),
        }
    }
}

/// All organizations.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrganizationsSeen {
    organizations: Vec<OrganizationSeen>,
}

/// An organization to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOrganization {
    name: String,
    /// The e-mail address of its first owner.
    #[serde(default)]
    #[schema(nullable = false)]
    owner_email: Option<String>,
}

/// An organization that was added.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrganizationAdded {
    id: u32,
    name: String,
    /// The address by which its first owner comes in, to be handed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    url: Option<Secret>,
    /// Whether it is also on its way to them by mail.
    mailed: bool,
}

/// How the first owner of an organization comes in.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnerInvitedShown {
    /// The address to hand on.
    #[schema(value_type = String)]
    url: Secret,
    /// Whether it is also on its way to them by mail.
    mailed: bool,
}

/// The first owner of an organization.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirstOwner {
    email: String,
}

/// What to change of an organization.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrganizationClosing {
    /// Whether it is closed to everybody.
    disabled: bool,
}

/// All organizations.
#[utoipa::path(
    get, path = "/api/operator/organizations",
    responses(
        (status = 200, description = "All of them", body = OrganizationsSeen),
        (status = 401, description = "Sign in first", body = Problem),
    )
)]
pub(crate) async fn list_organizations(
    State(app): State<Arc<App>>,
    on_duty: OnDuty,
) -> Result<Json<OrganizationsSeen>, Problem> {
    app.off_thread(move |app| {
        let Told::Organizations(told) = app.ask_operators(Ask::Organizations(on_duty.badge))? else {
            return Err(unexpected());
        };
        let mut known: BTreeMap<OrganizationId, Organization> =
            app.control.organizations()?.into_iter().map(|one| (one.id, one)).collect();
        let ended: BTreeMap<OrganizationId, SubscriptionEnd> =
            app.control.ended_subscriptions()?.into_iter().map(|one| (one.organization, one)).collect();
        let seen = told.into_iter().filter_map(|one| {
            let known = known.remove(&one.id)?;
            let end = ended.get(&one.id);
            let subscription = SubscriptionShown::of(end.map(|end| end.ended_at));
            Some(OrganizationSeen {
                id: one.id.0,
                name: known.name,
                disabled: one.disabled,
                people: one.people,
                sites: one.sites.len(),
                bytes: bytes_of(app, &one.sites),
                created_at: known.created_at.to_string(),
                ended_at: subscription.ended_at,
                removed_at: subscription.removed_at,
                told_days: end.and_then(|end| end.told_days),
                told_by_mail: app.mail,
            })
        });
        Ok(Json(OrganizationsSeen { organizations: seen.collect() }))
    })
    .await
}

/// Adds an organization; its first owner comes in by an invitation.
#[utoipa::path(
    post, path = "/api/operator/organizations", request_body = NewOrganization,
    responses(
        (status = 201, description = "Added", body = OrganizationAdded),
        (status = 400, description = "Something is not allowed; field says what", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
    )
)]
pub(crate) async fn add_organization(
    State(app): State<Arc<App>>,
    on_duty: OnDuty,
    Input(new): Input<NewOrganization>,
) -> Result<(StatusCode, Json<OrganizationAdded>), Problem> {
    let name = people::name(&new.name, "name")?;
    if name.is_empty() {
        return Err(Problem::invalid("an organization needs a name").of_field("name"));
    }
    let owner = new.owner_email.as_deref().map(people::email).transpose()?;
    app.off_thread(move |app| {
        let (added, invited) = app.add_organization(&on_duty, &name, owner.as_deref())?;
        let mailed = invited.as_ref().is_some_and(|invited| invited.mailed);
        let url = invited.map(|invited| Link::to(app, "invitation#", &invited.token).url);
        Ok((StatusCode::CREATED, Json(OrganizationAdded { id: added.id.0, name: added.name, url, mailed })))
    })
    .await
}

/// Invites the first owner of an organization to which nobody belongs yet.
#[utoipa::path(
    post, path = "/api/operator/organizations/{id}/owner", params(("id" = u32, Path)), request_body = FirstOwner,
    responses(
        (status = 201, description = "The address to hand on, good once and for a week", body = OwnerInvitedShown),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "It has people of its own, who invite others", body = Problem),
        (status = 404, description = "There is no such organization", body = Problem),
    )
)]
pub(crate) async fn invite_owner(
    State(app): State<Arc<App>>,
    on_duty: OnDuty,
    Numbered(id): Numbered,
    Input(owner): Input<FirstOwner>,
) -> Result<(StatusCode, Json<OwnerInvitedShown>), Problem> {
    let id = read(&id)?;
    let email = people::email(&owner.email)?;
    app.off_thread(move |app| {
        let invited = app.invite_owner(&on_duty, id, &email)?;
        let url = Link::to(app, "invitation#", &invited.token).url;
        Ok((StatusCode::CREATED, Json(OwnerInvitedShown { url, mailed: invited.mailed })))
    })
    .await
}

/// Closes an organization to everybody, or opens it again. To close needs a second operator once there are two.
#[utoipa::path(
    patch, path = "/api/operator/organizations/{id}", params(("id" = u32, Path)), request_body = OrganizationClosing,
    responses(
        (status = 202, description = "It waits for a second operator", body = WaitsShown),
        (status = 204, description = "It is done"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Sign in again first", body = Problem),
        (status = 404, description = "There is no such organization", body = Problem),
    )
)]
pub(crate) async fn change_organization(
    State(app): State<Arc<App>>,
    on_duty: OnDuty,
    Numbered(id): Numbered,
    Input(change): Input<OrganizationClosing>,
) -> Result<Response, Problem> {
    let id = read(&id)?;
    app.off_thread(move |app| {
        if change.disabled {
            return Ok(shown(&app.do_grave(&on_duty, Grave::Disable(id))?));
        }
        let object = Object::new(ObjectKind::Organization, id.0);
        let entry = app.entry_on_duty(&on_duty, Act::OrganizationChange, object).with("disabled", false);
        let ask = Ask::Enable(on_duty.badge.clone(), id);
        app.act_as_operator(Some(id), &entry, ask, |_, _| Ok(()))?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

/// Says whether an organization's subscription has ended. Nothing more is accepted for it then, what it measured can be read and
/// taken out, and after 60 days everything of it is removed. No operator, nor two, makes that time shorter.
#[utoipa::path(
    put, path = "/api/operator/organizations/{id}/subscription", params(("id" = u32, Path)),
    request_body = SubscriptionChange,
    responses(
        (status = 200, description = "As it is now", body = SubscriptionShown),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 404, description = "There is no such organization", body = Problem),
    )
)]
pub(crate) async fn change_subscription(
    State(app): State<Arc<App>>,
    on_duty: OnDuty,
    Numbered(id): Numbered,
    Input(change): Input<SubscriptionChange>,
) -> Result<Json<SubscriptionShown>, Problem> {
    let id = read(&id)?;
    let (ended, directory) = app
        .off_thread(move |app| {
            if !change.ended {
                return Ok((None, app.resume_subscription(&on_duty, id)?));
            }
            let (ended, directory) = app.end_subscription(&on_duty, id)?;
            Ok((Some(ended), directory))
        })
        .await?;
    // From the answer on nothing more is accepted, or everything is again.
    app.edge_knows(directory).await;
    Ok(Json(SubscriptionShown::of(ended)))
}

/// Removes an organization for ever that measures nothing, or whose subscription ended 60 days ago. It needs a second operator
/// once there are two.
#[utoipa::path(
    delete, path = "/api/operator/organizations/{id}", params(("id" = u32, Path)),
    responses(
        (status = 202, description = "It waits for a second operator", body = WaitsShown),
        (status = 204, description = "It is no more"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Sign in again first", body = Problem),
        (status = 404, description = "There is no such organization", body = Problem),
        (status = 409, description = "What it measured is kept still, or another operator was removed lately and you are alone", body = Problem),
    )
)]
pub(crate) async fn remove_organization(
    State(app): State<Arc<App>>,
    on_duty: OnDuty,
    Numbered(id): Numbered,
) -> Result<Response, Problem> {
    let id = read(&id)?;
    app.off_thread(move |app| Ok(shown(&app.do_grave(&on_duty, Grave::Remove(id))?))).await
}

fn read(id: &str) -> Result<OrganizationId, Problem> {
    let unknown = |_| Problem::not_found("there is no such organization");
    id.parse().map(OrganizationId).map_err(unknown)
}
