//! `/api/invitations`: who is invited, as what, and how they come in.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use control::Invitation;
use domain::audit::{Act, Actor, Log, NewEntry, Object as Audited, ObjectKind};
use domain::{Object, OrganizationId, Verb};
use sealing::protocol::people::{Ask, Invited, PasskeyFor, Told};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asking::{Asking, From, unexpected};
use super::input::{Asked, Input, Numbered};
use super::members::{InOrganization, membership, number, site_names};
use super::passkeys::{PasskeyOptions, Shown};
use super::problem::{Kind, Problem};
use super::secret::Secret;
use super::session::{Link, signed_in};
use super::setup::{Made, OrganizationNamed, credential};
use crate::processes::app::letters::called;
use crate::processes::app::people::{self, Begun};
use crate::processes::app::state::App;
use crate::processes::app::tries::Trying;

/// The token of an invitation's address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvitationToken {
    #[schema(value_type = String)]
    token: Secret,
}

/// Somebody accepts: as a new person, or, without anything but the token, as who is signed in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acceptance {
    #[schema(value_type = String)]
    token: Secret,
    #[serde(default)]
    #[schema(nullable = false)]
    name: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, nullable = false)]
    password: Option<Secret>,
    #[serde(default)]
    #[schema(nullable = false)]
    passkey: Option<Shown>,
}

/// To what somebody is invited.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct InvitationSeen {
    organization: OrganizationNamed,
    role: &'static str,
    /// Which sites a site viewer will see; null for all.
    sites: Option<Vec<String>>,
    email: String,
}

/// Somebody to invite.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInvitation {
    email: String,
    role: String,
    /// Domains of the sites that a site viewer will see.
    #[serde(default)]
    #[schema(nullable = false)]
    sites: Option<Vec<String>>,
    #[serde(default)]
    #[schema(nullable = false)]
    organization: Option<u32>,
}

/// An invitation that waits.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct InvitationShown {
    id: String,
    email: String,
    role: &'static str,
    sites: Option<Vec<String>>,
    #[schema(format = DateTime)]
    expires_at: String,
}

/// An invitation that was made now, with its address.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitationMade {
    id: String,
    /// To be handed on; shown once.
    #[schema(value_type = String)]
    url: Secret,
    email: String,
    role: &'static str,
    sites: Option<Vec<String>>,
    #[schema(format = DateTime)]
    expires_at: String,
    /// Whether it is on its way by mail, too.
    mailed: bool,
}

/// The invitations that wait.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct InvitationList {
    invitations: Vec<InvitationShown>,
}

/// Who is invited and did not come yet.
#[utoipa::path(
    get, path = "/api/invitations", params(InOrganization),
    responses(
        (status = 200, description = "The invitations that wait", body = InvitationList),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
    )
)]
pub(crate) async fn list_invitations(
    State(app): State<Arc<App>>,
    asking: Asking,
    Asked(of): Asked<InOrganization>,
) -> Result<Json<InvitationList>, Problem> {
    app.off_thread(move |app| {
        let permit = asking.of_organization(Verb::See, Object::People, of.id())?;
        let Told::Invitations(waiting) =
            app.ask(Ask::Invitations(permit.asking.token.clone(), permit.organization))?
        else {
            return Err(Problem::not_found("there are no invitations"));
        };
        let known = app.control.invitations(permit.organization)?;
        let shown = |one: &Invited| {
            let email = known.get(&one.id).map(|known| known.email.clone()).unwrap_or_default();
            let sites = site_names(app, &one.membership)?;
            Ok(InvitationShown {
                id: number(one.id),
                email,
                role: one.membership.role.as_str(),
                sites,
                expires_at: one.expires_at.to_string(),
            })
        };
        let invitations = waiting.iter().map(shown).collect::<Result<_, Problem>>()?;
        Ok(Json(InvitationList { invitations }))
    })
    .await
}

/// Invites somebody, by mail where there is mail, and always by an address to hand on.
#[utoipa::path(
    post, path = "/api/invitations", request_body = NewInvitation,
    responses(
        (status = 201, description = "The invitation, and its address", body = InvitationMade),
        (status = 400, description = "Something is not allowed; field says what", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that, or show again first that it is you", body = Problem),
        (status = 404, description = "There is no such organization", body = Problem),
        (status = 409, description = "They belong to the organization already", body = Problem),
    )
)]
pub(crate) async fn invite(
    State(app): State<Arc<App>>,
    asking: Asking,
    Input(new): Input<NewInvitation>,
) -> Result<(StatusCode, Json<InvitationMade>), Problem> {
    let email = people::email(&new.email)?;
    app.off_thread(move |app| {
        let named = new.organization.map(OrganizationId);
        let permit = asking.of_organization(Verb::Add, Object::People, named)?;
        let membership = membership(app, permit.organization, &new.role, new.sites.as_deref())?;
        let entry = app
            .entry(&asking, Act::Invite, Audited::sole(ObjectKind::Invitation))
            .with_address("email", &email)
            .with("role", membership.role.as_str());
        let ask = Ask::Invite(asking.token.clone(), email.clone(), membership);
        let (made, token, mailed) = app.act_in(permit.log(), &entry, ask, |work, told| match told {
            Told::Invitation(invited, Some(token)) => {
                let shown = Invitation {
                    id: invited.id,
                    organization: permit.organization,
                    email: email.clone(),
                    expires_at: invited.expires_at,
                };
                work.add_invitation(&shown)?;
                let by = work.person(invited.by)?.map(|person| called(&person)).unwrap_or_default();
                let mailed = app.mail_invitation(work, &shown, invited.membership.role, by, &token)?;
                Ok((invited, token, mailed))
            }
            other => Err(unexpected(&other)),
        })?;
        let Link { url } = Link::to(app, "invitation#", &token);
        app.mail_waits();
        let made = InvitationMade {
            id: number(made.id),
            url,
            email,
            role: made.membership.role.as_str(),
            sites: site_names(app, &made.membership)?,
            expires_at: made.expires_at.to_string(),
            mailed,
        };
        Ok((StatusCode::CREATED, Json(made)))
    })
    .await
}

/// Takes an invitation back.
#[utoipa::path(
    delete, path = "/api/invitations/{id}", params(("id" = String, Path)),
    responses(
        (status = 204, description = "Its address is good no more"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "There is no such invitation", body = Problem),
    )
)]
pub(crate) async fn end_invitation(
    State(app): State<Arc<App>>,
    asking: Asking,
    Numbered(id): Numbered,
) -> Result<StatusCode, Problem> {
    app.off_thread(move |app| {
        let unknown = || Problem::not_found("there is no such invitation");
        let id = u64::from_str_radix(&id, 16).map_err(|_| unknown())?;
        let of = app.control.invitation(id)?.ok_or_else(unknown)?.organization;
        let permit = asking.of_organization(Verb::Remove, Object::People, Some(of))?;
        let entry = app.entry(&asking, Act::InvitationEnd, Audited::new(ObjectKind::Invitation, number(id)));
        let ask = Ask::EndInvitation(asking.token.clone(), of, id);
        app.act_in(permit.log(), &entry, ask, |work, _| Ok(work.remove_invitation(id, app.clock.now())?))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// To what an invitation is, for who has its address.
#[utoipa::path(
    post, path = "/api/invitations/look", request_body = InvitationToken,
    responses(
        (status = 200, description = "To what it is", body = InvitationSeen),
        (status = 410, description = "It was accepted, taken back, or is too old", body = Problem),
    )
)]
pub(crate) async fn look_at_invitation(
    State(app): State<Arc<App>>,
    Input(asked): Input<InvitationToken>,
) -> Result<Json<InvitationSeen>, Problem> {
    let token = asked.token.token().ok_or_else(gone)?;
    app.off_thread(move |app| {
        let Told::Invitation(invited, _) = app.ask(Ask::LookAtInvitation(token))? else { return Err(gone()) };
        let known = app.control.invitation(invited.id)?.ok_or_else(gone)?;
        Ok(Json(InvitationSeen {
            organization: organization(app, known.organization)?,
            role: invited.membership.role.as_str(),
            sites: site_names(app, &invited.membership)?,
            email: known.email,
        }))
    })
    .await
}

/// Options with which a browser makes the passkey of somebody who accepts.
#[utoipa::path(
    post, path = "/api/invitations/passkey", request_body = InvitationToken,
    responses(
        (status = 200, description = "The options", body = PasskeyOptions),
        (status = 410, description = "It was accepted, taken back, or is too old", body = Problem),
    )
)]
pub(crate) async fn begin_invitation_passkey(
    State(app): State<Arc<App>>,
    Input(asked): Input<InvitationToken>,
) -> Result<Json<PasskeyOptions>, Problem> {
    let token = asked.token.token().ok_or_else(gone)?;
    app.off_thread(move |app| {
        let Told::Invitation(invited, _) = app.ask(Ask::LookAtInvitation(token.clone()))? else {
            return Err(gone());
        };
        let known = app.control.invitation(invited.id)?.ok_or_else(gone)?;
        PasskeyOptions::ask(app, PasskeyFor::Beginning(token, known.email))
    })
    .await
    .map(Json)
}

/// Accepts an invitation: as a new person with a password or a passkey, or as who is signed in.
#[utoipa::path(
    post, path = "/api/invitations/accept", request_body = Acceptance,
    responses(
        (status = 200, description = "The signed-in person belongs to the organization now", body = InvitationSeen),
        (status = 201, description = "There is a new person; the cookie is that of their sign-in", body = Made),
        (status = 400, description = "The password will not do; error says why", body = Problem),
        (status = 409, description = "The address is somebody's: sign in to accept", body = Problem),
        (status = 410, description = "It was accepted, taken back, or is too old", body = Problem),
        (status = 429, description = "Too many links from that network were wrong: wait", body = Problem),
    )
)]
pub(crate) async fn accept_invitation(
    State(app): State<Arc<App>>,
    asking: Option<Asking>,
    from: From,
    Input(accepted): Input<Acceptance>,
) -> Result<Response, Problem> {
    let Acceptance { token, name, password, passkey } = accepted;
    let token = token.token().ok_or_else(gone)?;
    if let (Some(asking), None, None) = (asking, &password, &passkey) {
        return app
            .off_thread(move |app| app.try_link(Trying::Invitation, &from, || accept_as(app, &asking, token)))
            .await;
    }
    let (known, looked) = {
        let (token, from) = (token.clone(), from.clone());
        app.off_thread(move |app| {
            app.try_link(Trying::Invitation, &from, || {
                let Told::Invitation(invited, _) = app.ask(Ask::LookAtInvitation(token))? else {
                    return Err(gone());
                };
                let known = app.control.invitation(invited.id)?.ok_or_else(gone)?;
                Ok((known, organization(app, invited.membership.organization)?))
            })
        })
        .await?
    };
    let name = people::name(name.as_deref().unwrap_or_default(), "name")?;
    let context = vec![known.email.clone(), looked.name.clone(), name.clone()];
    let credential = credential(&app, password, passkey, context).await?;
    let device = from.device();
    let (token, begun) = app
        .off_thread(move |app| {
            let ask = Ask::Accept(token, known.email.clone(), credential, device);
            accept_as_new(app, ask, &known, name, &from)
        })
        .await?;
    Ok(signed_in(&token, StatusCode::CREATED, Json(Made::of(begun))))
}

fn accept_as_new(
    app: &App,
    ask: Ask,
    known: &Invitation,
    name: String,
    from: &From,
) -> Result<(sealing::Token, Begun), Problem> {
    let now = app.clock.now();
    let object = Audited::new(ObjectKind::Invitation, number(known.id));
    let entry = NewEntry::new(now, Actor::nobody(), Act::InvitationAccept, object).at_network(from.network);
    app.act_in(Log(known.organization.0), &entry, ask, |work, told| {
        let Told::Begun(token, id, organization, recovery_codes) = told else {
            return Err(unexpected(&told));
        };
        let person = control::Person { id, email: known.email.clone(), name, created_at: now };
        work.add_person(&person)?;
        work.add_member(organization, id)?;
        work.remove_invitation(known.id, now)?;
        let organizations = work.organization(organization)?;
        let organization = organizations.ok_or_else(gone)?;
        Ok((token, Begun { person, organization, recovery_codes }))
    })
}

fn accept_as(app: &App, asking: &Asking, token: sealing::Token) -> Result<Response, Problem> {
    let Told::Invitation(invited, _) = app.ask(Ask::LookAtInvitation(token.clone()))? else {
        return Err(gone());
    };
    let known = app.control.invitation(invited.id)?.ok_or_else(gone)?;
    let entry =
        app.entry(asking, Act::InvitationAccept, Audited::new(ObjectKind::Invitation, number(invited.id)));
    let ask = Ask::AcceptAs(token, asking.token.clone());
    app.act_in(Log(known.organization.0), &entry, ask, |work, told| match told {
        Told::Invitation(..) => {
            work.add_member(known.organization, asking.person())?;
            Ok(work.remove_invitation(invited.id, app.clock.now())?)
        }
        other => Err(unexpected(&other)),
    })?;
    let seen = InvitationSeen {
        organization: organization(app, known.organization)?,
        role: invited.membership.role.as_str(),
        sites: site_names(app, &invited.membership)?,
        email: known.email,
    };
    Ok(Json(seen).into_response())
}

fn organization(app: &App, id: OrganizationId) -> Result<OrganizationNamed, Problem> {
    let found = app.control.organizations()?.into_iter().find(|one| one.id == id);
    let found = found.ok_or_else(gone)?;
    Ok(OrganizationNamed { id: found.id.0, name: found.name })
}

fn gone() -> Problem {
    Problem::new(Kind::Gone, "that invitation was accepted, taken back, or is too old: ask for another")
}
