//! `/api/people` and `/api/organizations`: who belongs to an organization, as what, and what it requires of them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::audit::{Act, Object as Audited, ObjectKind};
use domain::{Membership, Object, OrganizationId, PersonId, Role, Verb};
use sealing::protocol::people::{Ask, Member, Told};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::asking::{Asking, unexpected};
use super::input::{Asked, Input, Numbered};
use super::problem::{Kind, Problem};
use super::session::{Link, OrganizationShown};
use crate::processes::app::people;
use crate::processes::app::state::App;

/// Which organization is meant; need not be said by who belongs to one alone.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct InOrganization {
    organization: Option<u32>,
}

/// The same in a body.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfOrganization {
    #[serde(default)]
    #[schema(nullable = false)]
    organization: Option<u32>,
}

/// Somebody of an organization.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct MemberShown {
    id: String,
    email: String,
    name: String,
    role: &'static str,
    /// Which sites a site viewer sees; null for all.
    sites: Option<Vec<String>>,
    /// Whether they have a second factor.
    second_factor: bool,
    /// Whether the organization is closed to them.
    disabled: bool,
    #[schema(format = DateTime)]
    last_seen: Option<String>,
}

/// The people of an organization.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PeopleList {
    people: Vec<MemberShown>,
}

/// What to change of somebody; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberChange {
    #[serde(default)]
    #[schema(nullable = false)]
    organization: Option<u32>,
    #[serde(default)]
    #[schema(nullable = false)]
    role: Option<String>,
    #[serde(default)]
    #[schema(nullable = false)]
    sites: Option<Vec<String>>,
    #[serde(default)]
    #[schema(nullable = false)]
    disabled: Option<bool>,
}

/// Your organizations.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct OrganizationList {
    organizations: Vec<OrganizationShown>,
}

/// What to change of an organization; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrganizationChange {
    #[serde(default)]
    #[schema(nullable = false)]
    name: Option<String>,
    /// Whether nothing of it is open to a sign-in without a second factor.
    #[serde(default)]
    #[schema(nullable = false)]
    require_second_factor: Option<bool>,
}

impl InOrganization {
    pub(crate) fn id(&self) -> Option<OrganizationId> {
        self.organization.map(OrganizationId)
    }
}

/// The organizations that you belong to.
#[utoipa::path(
    get, path = "/api/organizations",
    responses(
        (status = 200, description = "Your organizations", body = OrganizationList),
        (status = 401, description = "Sign in first", body = Problem),
    )
)]
pub(crate) async fn list_organizations(
    State(app): State<Arc<App>>,
    asking: Asking,
) -> Result<Json<OrganizationList>, Problem> {
    app.off_thread(move |app| {
        let all = app.control.organizations()?;
        let mine = all.into_iter().filter(|one| asking.identity.membership(one.id).is_some());
        let shown = |one: control::Organization| OrganizationShown {
            id: one.id.0,
            name: one.name,
            require_second_factor: asking.identity.requiring.contains(&one.id),
        };
        Ok(Json(OrganizationList { organizations: mine.map(shown).collect() }))
    })
    .await
}

/// Changes what an organization is called, or requires of its people.
#[utoipa::path(
    patch, path = "/api/organizations/{id}", params(("id" = u32, Path)), request_body = OrganizationChange,
    responses(
        (status = 200, description = "As it is now", body = OrganizationShown),
        (status = 400, description = "The name is not allowed", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that, or show again first that it is you", body = Problem),
        (status = 404, description = "There is no such organization", body = Problem),
    )
)]
pub(crate) async fn change_organization(
    State(app): State<Arc<App>>,
    asking: Asking,
    Numbered(id): Numbered,
    Input(change): Input<OrganizationChange>,
) -> Result<Json<OrganizationShown>, Problem> {
    let unknown = || Problem::not_found("there is no such organization");
    let id = OrganizationId(id.parse().map_err(|_| unknown())?);
    app.off_thread(move |app| {
        let permit = asking.of_organization(Verb::Change, Object::Organization, Some(id))?;
        let mut entry =
            app.entry(&asking, Act::OrganizationChange, Audited::new(ObjectKind::Organization, id.0));
        let name = change.name.as_deref().map(|text| people::name(text, "name")).transpose()?;
        if name.as_deref() == Some("") {
            return Err(Problem::invalid("an organization needs a name").of_field("name"));
        }
        if name.is_some() {
            entry = entry.with("renamed", true);
        }
        let mut required = asking.identity.requiring.contains(&id);
        if let Some(wanted) = change.require_second_factor {
            if wanted && !asking.identity.second_factor {
                let sentence = "sign in with a second factor yourself before you require one of others";
                return Err(Problem::new(Kind::Forbidden, sentence).of_field("second_factor"));
            }
            let entry = entry.clone().with("require_second_factor", wanted);
            let ask = Ask::RequireSecondFactor(asking.token.clone(), id, wanted);
            app.act_in(permit.log(), &entry, ask, |_, _| Ok(()))?;
            required = wanted;
        }
        if let Some(name) = &name {
            app.control
                .act(permit.log(), &entry, |work| Ok::<_, Problem>(work.rename_organization(id, name)?))?;
        }
        let now = app.control.organizations()?.into_iter().find(|one| one.id == id).ok_or_else(unknown)?;
        Ok(Json(OrganizationShown { id: id.0, name: now.name, require_second_factor: required }))
    })
    .await
}

/// The people of an organization.
#[utoipa::path(
    get, path = "/api/people", params(InOrganization),
    responses(
        (status = 200, description = "Its people", body = PeopleList),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
    )
)]
pub(crate) async fn list_people(
    State(app): State<Arc<App>>,
    asking: Asking,
    Asked(of): Asked<InOrganization>,
) -> Result<Json<PeopleList>, Problem> {
    app.off_thread(move |app| {
        let permit = asking.of_organization(Verb::See, Object::People, of.id())?;
        let mut people = members(app, &asking, permit.organization)?
            .iter()
            .map(|member| show(app, member))
            .collect::<Result<Vec<_>, _>>()?;
        people.sort_by(|one, other| one.email.cmp(&other.email));
        Ok(Json(PeopleList { people }))
    })
    .await
}

/// Changes what somebody is in an organization.
#[utoipa::path(
    patch, path = "/api/people/{id}", params(("id" = String, Path)), request_body = MemberChange,
    responses(
        (status = 200, description = "As they are now", body = MemberShown),
        (status = 400, description = "Something is not allowed; field says what", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that, or show again first that it is you", body = Problem),
        (status = 404, description = "There is no such person", body = Problem),
        (status = 409, description = "An organization keeps at least one owner", body = Problem),
    )
)]
pub(crate) async fn change_person(
    State(app): State<Arc<App>>,
    asking: Asking,
    Numbered(id): Numbered,
    Input(change): Input<MemberChange>,
) -> Result<Json<MemberShown>, Problem> {
    let id = person_id(&id)?;
    app.off_thread(move |app| {
        let named = change.organization.map(OrganizationId);
        let permit = asking.of_organization(Verb::Change, Object::People, named)?;
        let before = member(app, &asking, permit.organization, id)?;
        let wanted = match (&change.role, &change.sites) {
            (None, None) => before.membership.clone(),
            (role, sites) => {
                let role = role.as_deref().unwrap_or(before.membership.role.as_str());
                let kept = site_names(app, &before.membership)?;
                let sites =
                    sites.as_deref().or(kept.as_deref().filter(|_| role == Role::SiteViewer.as_str()));
                membership(app, permit.organization, role, sites)?
            }
        };
        let disabled = change.disabled.unwrap_or(before.disabled);
        let act = match (before.disabled, disabled) {
            (false, true) => Act::PersonDisable,
            (true, false) => Act::PersonEnable,
            _ => Act::RoleChange,
        };
        let entry = app.entry(&asking, act, Audited::new(ObjectKind::Person, id));
        let entry = entry.with("role", wanted.role.as_str()).with("before", before.membership.role.as_str());
        let ask = Ask::ChangeMember(asking.token.clone(), id, wanted.clone(), disabled);
        app.act_in(permit.log(), &entry, ask, |_, _| Ok(()))?;
        // The keeper is not asked again: whoever changed themselves may not be told it any more.
        Ok(Json(show(app, &Member { membership: wanted, disabled, ..before })?))
    })
    .await
}

/// Takes somebody out of an organization, or yourself.
#[utoipa::path(
    delete, path = "/api/people/{id}", params(("id" = String, Path), InOrganization),
    responses(
        (status = 204, description = "They belong to it no more"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that, or show again first that it is you", body = Problem),
        (status = 404, description = "There is no such person", body = Problem),
        (status = 409, description = "An organization keeps at least one owner", body = Problem),
    )
)]
pub(crate) async fn remove_person(
    State(app): State<Arc<App>>,
    asking: Asking,
    Numbered(id): Numbered,
    Asked(of): Asked<InOrganization>,
) -> Result<StatusCode, Problem> {
    let id = person_id(&id)?;
    app.off_thread(move |app| {
        // Whoever leaves needs no right to.
        let (verb, object) = match id == asking.person() {
            true => (Verb::See, Object::Organization),
            false => (Verb::Remove, Object::People),
        };
        let permit = asking.of_organization(verb, object, of.id())?;
        let entry = app.entry(&asking, Act::PersonRemove, Audited::new(ObjectKind::Person, id));
        let ask = Ask::RemoveMember(asking.token.clone(), id, permit.organization);
        app.act_in(permit.log(), &entry, ask, |work, told| {
            let Told::Whose(gone) = told else { return Err(unexpected(&told)) };
            work.remove_member(permit.organization, id)?;
            Ok(gone.map_or(Ok(()), |id| work.remove_person(id))?)
        })
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A link to hand on, by which somebody chooses another password. Their second factor stays.
#[utoipa::path(
    post, path = "/api/people/{id}/reset-link", params(("id" = String, Path)), request_body = OfOrganization,
    responses(
        (status = 201, description = "The link, good once and for a day", body = Link),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that, or show again first that it is you", body = Problem),
        (status = 404, description = "There is no such person", body = Problem),
    )
)]
pub(crate) async fn make_reset_link(
    State(app): State<Arc<App>>,
    asking: Asking,
    Numbered(id): Numbered,
    Input(of): Input<OfOrganization>,
) -> Result<(StatusCode, Json<Link>), Problem> {
    let id = person_id(&id)?;
    app.off_thread(move |app| {
        let named = of.organization.map(OrganizationId);
        let permit = asking.of_organization(Verb::Change, Object::People, named)?;
        let entry = app.entry(&asking, Act::ResetLink, Audited::new(ObjectKind::Person, id));
        let ask = Ask::ResetLink(asking.token.clone(), permit.organization, id);
        let token = app.act_in(permit.log(), &entry, ask, |_, told| match told {
            Told::Link(token) => Ok(token),
            other => Err(unexpected(&other)),
        })?;
        Ok((StatusCode::CREATED, Json(Link::to(app, "reset#", &token))))
    })
    .await
}

/// What somebody is to be, from words.
pub(crate) fn membership(
    app: &App,
    organization: OrganizationId,
    role: &str,
    sites: Option<&[String]>,
) -> Result<Membership, Problem> {
    let role: Role = role.parse().map_err(|_| {
        let words = Role::ALL.map(Role::as_str).join(", ");
        Problem::invalid(format!("a role is one of {words}")).of_field("role")
    })?;
    let named = sites.unwrap_or_default();
    if (role == Role::SiteViewer) == named.is_empty() {
        let sentence = "a site viewer is named the sites that they see, and nobody else is";
        return Err(Problem::invalid(sentence).of_field("sites"));
    }
    let known = app.control.sites()?;
    let find = |domain: &String| {
        let of =
            known.iter().find(|site| site.organization == organization && site.domain.as_str() == domain);
        of.map(|site| site.id).ok_or_else(|| Problem::invalid("there is no such site here").of_field("sites"))
    };
    let sites = named.iter().map(find).collect::<Result<_, _>>()?;
    Ok(Membership { organization, role, sites })
}

/// The domains of the sites that a membership names; none for who sees all.
pub(crate) fn site_names(app: &App, membership: &Membership) -> Result<Option<Vec<String>>, Problem> {
    if membership.role != Role::SiteViewer {
        return Ok(None);
    }
    let known = app.control.sites()?;
    let named = known.iter().filter(|site| membership.sites.contains(&site.id));
    Ok(Some(named.map(|site| site.domain.to_string()).collect()))
}

/// A number of an invitation, a key or a device as text.
pub(crate) fn number(id: u64) -> String {
    format!("{id:016x}")
}

fn person_id(text: &str) -> Result<PersonId, Problem> {
    text.parse().map_err(|_| Problem::not_found("there is no such person"))
}

fn members(app: &App, asking: &Asking, organization: OrganizationId) -> Result<Vec<Member>, Problem> {
    match app.ask(Ask::Members(asking.token.clone(), organization))? {
        Told::Members(members) => Ok(members),
        other => Err(unexpected(&other)),
    }
}

fn member(app: &App, asking: &Asking, organization: OrganizationId, id: PersonId) -> Result<Member, Problem> {
    let found = members(app, asking, organization)?.into_iter().find(|member| member.person == id);
    found.ok_or_else(|| Problem::not_found("there is no such person"))
}

fn show(app: &App, member: &Member) -> Result<MemberShown, Problem> {
    let named = app.control.person(member.person)?;
    let (email, name) = named.map(|person| (person.email, person.name)).unwrap_or_default();
    Ok(MemberShown {
        id: member.person.to_string(),
        email,
        name,
        role: member.membership.role.as_str(),
        sites: site_names(app, &member.membership)?,
        second_factor: member.second_factor,
        disabled: member.disabled,
        last_seen: member.seen_at.map(|at| at.to_string()),
    })
}
