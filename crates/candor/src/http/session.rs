//! `/api/session`: signing in, in one step or two, showing again that it is you, and signing out.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use control::AuditFilter;
use domain::audit::{Act, Log};
use domain::{DAY_MS, Object, OrganizationId, Place, Verb};
use sealing::Token;
use sealing::protocol::people::{Ask, Factor, NotDone, PasskeyFor, Proof, Told, Which};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asking::{Asking, From, no, unexpected};
use super::cookie;
use super::input::Input;
use super::passkeys::{self, PasskeyOptions, Shown};
use super::problem::{Kind, Problem};
use super::secret::Secret;
use super::setup::PersonShown;
use crate::processes::app::letters::called;
use crate::processes::app::people;
use crate::processes::app::state::App;
use crate::processes::app::tries::Trying;

/// How long everybody who may see the log is told on every screen that an owner was let in from the shell.
const BREAK_GLASS_SHOWN_FOR_MS: i64 = 30 * DAY_MS;
/// How many times of it are told.
const BREAK_GLASS_SHOWN: usize = 10;

/// Somebody signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    email: String,
    #[schema(value_type = String)]
    password: Secret,
}

/// How far signing in came.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SignInState {
    /// Whether the cookie of a sign-in came with this answer.
    signed_in: bool,
    /// To be sent with a second factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    ticket: Option<String>,
    /// Which of them are wanted: one is enough.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    second_factors: Vec<&'static str>,
}

/// A second factor, one of them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecondFactor {
    ticket: String,
    #[serde(default)]
    #[schema(value_type = Option<String>, nullable = false)]
    totp: Option<Secret>,
    #[serde(default)]
    #[schema(value_type = Option<String>, nullable = false)]
    recovery_code: Option<Secret>,
    #[serde(default)]
    #[schema(nullable = false)]
    passkey: Option<Shown>,
}

/// A ticket of a sign-in that was begun.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TicketOf {
    ticket: String,
}

/// The token of a one-time address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OneTime {
    #[schema(value_type = String)]
    token: Secret,
}

/// Something that only you can show, one of them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confirmation {
    #[serde(default)]
    #[schema(value_type = Option<String>, nullable = false)]
    password: Option<Secret>,
    #[serde(default)]
    #[schema(value_type = Option<String>, nullable = false)]
    totp: Option<Secret>,
    #[serde(default)]
    #[schema(nullable = false)]
    passkey: Option<Shown>,
}

/// An address that signs another device in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Link {
    #[schema(value_type = String)]
    pub(crate) url: Secret,
}

/// What somebody is in an organization, and what that lets them do.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct MembershipShown {
    organization: OrganizationShown,
    role: &'static str,
    /// Which sites a site viewer sees; null for all.
    sites: Option<Vec<String>>,
    /// What they may do, as `verb:object`.
    may: Vec<String>,
    /// Whether the organization requires a second factor that this sign-in did not show: nothing of it is open.
    lacks_second_factor: bool,
    /// Owners whom somebody let in from the shell of the server in the last 30 days, for those who may see the audit log.
    break_glass: Vec<BreakGlassShown>,
}

/// An owner was let in from the shell of the server.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct BreakGlassShown {
    /// What they go by.
    person: String,
    #[schema(format = DateTime)]
    at: String,
}

/// An organization, as its people see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct OrganizationShown {
    pub(crate) id: u32,
    pub(crate) name: String,
    pub(crate) require_second_factor: bool,
}

/// Who is signed in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    person: PersonShown,
    /// Whether a second factor was shown.
    second_factor: bool,
    /// When it was last shown that it is they.
    #[schema(format = DateTime)]
    confirmed_at: String,
    memberships: Vec<MembershipShown>,
}

/// An answer that carries the cookie of a sign-in.
pub(crate) fn signed_in(token: &Token, status: StatusCode, body: impl IntoResponse) -> Response {
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie::set(token));
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
}

/// Signs in with a password, or says which second factor is wanted.
#[utoipa::path(
    post, path = "/api/session", request_body = Credentials,
    responses(
        (status = 200, description = "Signed in, or a second factor is wanted", body = SignInState),
        (status = 401, description = "The e-mail address or the password is wrong", body = Problem),
        (status = 429, description = "Too much was wrong; retry_after says when to try again", body = Problem),
        (status = 503, description = "Too many people are signing in at once", body = Problem),
    )
)]
pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    from: From,
    Input(credentials): Input<Credentials>,
) -> Result<Response, Problem> {
    let Credentials { email, password } = credentials;
    let ask = Ask::Prove(email.clone(), password.into_text(), from.network_text());
    let told = app.ask_slowly(ask).await?;
    app.off_thread(move |app| match told {
        Told::Proven(ticket, person, wanted) => proceed(app, ticket, person, &wanted, &from),
        told => Err(refuse(app, &told, Some(&email), None, &from)),
    })
    .await
}

/// Shows a second factor.
#[utoipa::path(
    post, path = "/api/session/second-factor", request_body = SecondFactor,
    responses(
        (status = 200, description = "Signed in", body = SignInState),
        (status = 401, description = "It is wrong", body = Problem),
        (status = 410, description = "The ticket was used or is too old: begin again", body = Problem),
        (status = 429, description = "Too much was wrong; retry_after says when to try again", body = Problem),
    )
)]
pub(crate) async fn show_second_factor(
    State(app): State<Arc<App>>,
    from: From,
    Input(shown): Input<SecondFactor>,
) -> Result<Response, Problem> {
    let ticket = passkeys::ticket(&shown.ticket)?;
    let proof = match (shown.totp, shown.recovery_code, shown.passkey) {
        (Some(code), None, None) => Proof::Totp(code.into_text()),
        (None, Some(code), None) => Proof::RecoveryCode(code.into_text()),
        (None, None, Some(passkey)) => passkey.proof()?,
        _ => return Err(Problem::invalid("show one second factor: totp, recovery_code or passkey")),
    };
    app.off_thread(move |app| {
        match app.keeper.people(Ask::ProveMore(ticket, proof, from.network_text()))? {
            Told::Proven(ticket, person, wanted) => proceed(app, ticket, person, &wanted, &from),
            told => Err(refuse(app, &told, None, None, &from)),
        }
    })
    .await
}

/// Options with which a browser shows a passkey as the second factor.
#[utoipa::path(
    post, path = "/api/session/second-factor/passkey", request_body = TicketOf,
    responses(
        (status = 200, description = "The options", body = PasskeyOptions),
        (status = 410, description = "The ticket was used or is too old: begin again", body = Problem),
    )
)]
pub(crate) async fn begin_second_passkey(
    State(app): State<Arc<App>>,
    Input(asked): Input<TicketOf>,
) -> Result<Json<PasskeyOptions>, Problem> {
    let ticket = passkeys::ticket(&asked.ticket)?;
    app.off_thread(move |app| PasskeyOptions::ask(app, PasskeyFor::SecondFactor(ticket))).await.map(Json)
}

/// Options with which a browser signs in by a passkey, without a name.
#[utoipa::path(
    post, path = "/api/session/passkey/options",
    responses((status = 200, description = "The options", body = PasskeyOptions))
)]
pub(crate) async fn begin_passkey(State(app): State<Arc<App>>) -> Result<Json<PasskeyOptions>, Problem> {
    app.off_thread(|app| PasskeyOptions::ask(app, PasskeyFor::SigningIn)).await.map(Json)
}

/// Signs in by a passkey, which counts as both factors.
#[utoipa::path(
    post, path = "/api/session/passkey", request_body = Shown,
    responses(
        (status = 200, description = "Signed in", body = SignInState),
        (status = 401, description = "The passkey is not known", body = Problem),
        (status = 410, description = "The options were used or are too old: begin again", body = Problem),
    )
)]
pub(crate) async fn sign_in_by_passkey(
    State(app): State<Arc<App>>,
    from: From,
    Input(shown): Input<Shown>,
) -> Result<Response, Problem> {
    let (ticket, credential) = shown.read()?;
    app.off_thread(move |app| match app.keeper.people(Ask::ProvePasskey(ticket, credential))? {
        Told::Proven(ticket, person, wanted) => proceed(app, ticket, person, &wanted, &from),
        told => Err(refuse(app, &told, None, None, &from)),
    })
    .await
}

/// Signs in by a one-time address, which is good once and for five minutes.
#[utoipa::path(
    post, path = "/api/session/one-time", request_body = OneTime,
    responses(
        (status = 200, description = "Signed in", body = SignInState),
        (status = 410, description = "It was used or is too old", body = Problem),
        (status = 429, description = "Too many links from that network were wrong: wait", body = Problem),
    )
)]
pub(crate) async fn sign_in_once(
    State(app): State<Arc<App>>,
    from: From,
    Input(shown): Input<OneTime>,
) -> Result<Response, Problem> {
    let gone = || Problem::new(Kind::Gone, "that address was used already, or is too old");
    let token = shown.token.token().ok_or_else(gone)?;
    app.off_thread(move |app| {
        // Whose it is shows when it is used, which it can be once.
        let entry = app.entry_of(None, &from, Act::SignIn).with("by", "one_time_address");
        app.try_link(Trying::OneTime, &from, || {
            app.act_of_nobody(&entry, Ask::SignInOnce(token, from.device()), |told| match told {
                Told::SignedIn(token, person) => Ok((token, person)),
                other => Err(unexpected(&other)),
            })
        })
        .map(|token| signed_in(&token, StatusCode::OK, Json(SignInState::done())))
    })
    .await
}

/// Who is signed in, and what they may do.
#[utoipa::path(
    get, path = "/api/session",
    responses(
        (status = 200, description = "Who it is", body = Session),
        (status = 401, description = "Nobody is signed in", body = Problem),
    )
)]
pub(crate) async fn read_session(
    State(app): State<Arc<App>>,
    asking: Asking,
) -> Result<Json<Session>, Problem> {
    app.off_thread(move |app| Session::of(app, &asking)).await.map(Json)
}

/// Signs out.
#[utoipa::path(
    delete, path = "/api/session",
    responses(
        (status = 204, description = "Signed out"),
        (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 403, description = "An API key is nobody's self", body = Problem),
    )
)]
pub(crate) async fn sign_out(State(app): State<Arc<App>>, asking: Asking) -> Result<Response, Problem> {
    app.off_thread(move |app| {
        let entry = app.entry_of_own(&asking, Act::SignOut);
        app.act_of(asking.person(), &entry, Ask::End(asking.token.clone(), Which::This), |_, _| Ok(()))
    })
    .await?;
    let clear = header::HeaderValue::from_static("\"cache\", \"storage\"");
    let headers =
        [(header::SET_COOKIE, cookie::clear()), (header::HeaderName::from_static("clear-site-data"), clear)];
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

/// Options with which a browser shows a passkey again.
#[utoipa::path(
    post, path = "/api/session/confirm/passkey",
    responses(
        (status = 200, description = "The options", body = PasskeyOptions),
        (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 403, description = "An API key is nobody's self", body = Problem),
        (status = 404, description = "There is no passkey", body = Problem),
    )
)]
pub(crate) async fn begin_confirm_passkey(
    State(app): State<Arc<App>>,
    asking: Asking,
) -> Result<Json<PasskeyOptions>, Problem> {
    app.off_thread(move |app| PasskeyOptions::ask(app, PasskeyFor::Confirming(asking.token.clone())))
        .await
        .map(Json)
}

/// Shows again that it is you, which sensitive changes want within ten minutes before.
#[utoipa::path(
    post, path = "/api/session/confirm", request_body = Confirmation,
    responses(
        (status = 204, description = "It was shown; the cookie is a new one"),
        (status = 401, description = "It is wrong, or nobody is signed in", body = Problem),
        (status = 403, description = "An API key is nobody's self", body = Problem),
        (status = 429, description = "Too much was wrong; retry_after says when to try again", body = Problem),
    )
)]
pub(crate) async fn confirm(
    State(app): State<Arc<App>>,
    asking: Asking,
    Input(shown): Input<Confirmation>,
) -> Result<Response, Problem> {
    let proof = match (shown.password, shown.totp, shown.passkey) {
        (Some(password), None, None) => Proof::Password(password.into_text()),
        (None, Some(code), None) => Proof::Totp(code.into_text()),
        (None, None, Some(passkey)) => passkey.proof()?,
        _ => return Err(Problem::invalid("show one of password, totp and passkey")),
    };
    match app.ask_slowly(Ask::Confirm(asking.token.clone(), proof)).await? {
        Told::SignedIn(token, _) => Ok(signed_in(&token, StatusCode::NO_CONTENT, ())),
        told => app.off_thread(move |app| Err(refuse(app, &told, None, Some(&asking), &asking.from))).await,
    }
}

/// A one-time address that signs another device of yours in.
#[utoipa::path(
    post, path = "/api/session/link",
    responses(
        (status = 201, description = "The address, good once and for five minutes", body = Link),
        (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 403, description = "Show again first that it is you", body = Problem),
    )
)]
pub(crate) async fn make_link(
    State(app): State<Arc<App>>,
    asking: Asking,
) -> Result<(StatusCode, Json<Link>), Problem> {
    app.off_thread(move |app| {
        let entry = app.entry_of_own(&asking, Act::SignInLink);
        let token =
            app.act_of(asking.person(), &entry, Ask::OneTime(asking.token.clone()), |_, told| match told {
                Told::Link(token) => Ok(token),
                other => Err(unexpected(&other)),
            })?;
        Ok((StatusCode::CREATED, Json(Link::to(app, "sign-in#one-time=", &token))))
    })
    .await
}

/// Signs in by what was shown, once nothing more is wanted.
fn proceed(
    app: &App,
    ticket: sealing::protocol::people::Ticket,
    person: domain::PersonId,
    wanted: &[Factor],
    from: &From,
) -> Result<Response, Problem> {
    if !wanted.is_empty() {
        let second_factors = wanted.iter().map(|factor| factor.as_str()).collect();
        let state = SignInState { signed_in: false, ticket: Some(passkeys::show(ticket)), second_factors };
        return Ok(Json(state).into_response());
    }
    let entry = app.entry_of(Some(person), from, Act::SignIn);
    let token = app.act_of(person, &entry, Ask::SignIn(ticket, from.device()), |_, told| match told {
        Told::SignedIn(token, _) => Ok(token),
        other => Err(unexpected(&other)),
    })?;
    Ok(signed_in(&token, StatusCode::OK, Json(SignInState::done())))
}

/// What was shown is wrong: it is written down, and a network that attacks is blocked.
fn refuse(app: &App, told: &Told, email: Option<&str>, asking: Option<&Asking>, from: &From) -> Problem {
    if let Some(block) = people::wrong(told) {
        let person = match (asking, email) {
            (Some(asking), _) => Ok(Some(asking.person())),
            (None, Some(email)) => app.control.person_of(email).map(|known| known.map(|person| person.id)),
            (None, None) => Ok(None),
        };
        let noted = person.map_err(Problem::from).and_then(|person| {
            let entry = app.entry_of(person, from, Act::SignInRefused);
            let entry = match (person, email) {
                (None, Some(email)) => entry.with_address("email", email),
                _ => entry,
            };
            app.note(person, &entry)
        });
        if let Err(problem) = noted {
            return problem;
        }
        if let (Some(until), Some(network)) = (block, from.network)
            && let Err(problem) = app.block(network, until)
        {
            return problem;
        }
        let sentence = match email {
            Some(_) => "the e-mail address or the password is wrong",
            None => "that is wrong",
        };
        return Problem::new(Kind::Unauthorized, sentence);
    }
    match told {
        Told::No(NotDone::Unknown) => {
            Problem::new(Kind::Gone, "that took too long, or was used already: begin again")
        }
        told => no(told),
    }
}

impl SignInState {
    pub(crate) const fn done() -> Self {
        Self { signed_in: true, ticket: None, second_factors: Vec::new() }
    }
}

impl Link {
    /// An address of the UI that carries a token in its fragment, which no server log ever sees.
    pub(crate) fn to(app: &App, page: &str, token: &Token) -> Self {
        let url = format!("{}/{page}{}", app.public_url, *token.text());
        Self { url: Secret::of(sealing::SecretText::new(url)) }
    }
}

impl Session {
    fn of(app: &App, asking: &Asking) -> Result<Self, Problem> {
        let identity = &asking.identity;
        let person = app.control.person(identity.person)?;
        let person = person.ok_or_else(|| Problem::not_found("you are not known any more"))?;
        let organizations = app.control.organizations()?;
        let sites = app.control.sites()?;
        let shown = |membership: &domain::Membership| {
            let organization = organizations.iter().find(|one| one.id == membership.organization);
            let Some(organization) = organization else { return Ok(None) };
            let lacks = identity.lacks_second_factor(membership.organization);
            let named = sites.iter().filter(|site| membership.sites.contains(&site.id));
            Ok(Some(MembershipShown {
                organization: OrganizationShown {
                    id: organization.id.0,
                    name: organization.name.clone(),
                    require_second_factor: identity.requiring.contains(&organization.id),
                },
                role: membership.role.as_str(),
                sites: (membership.role == domain::Role::SiteViewer)
                    .then(|| named.map(|site| site.domain.to_string()).collect()),
                may: may(asking, membership),
                lacks_second_factor: lacks,
                break_glass: BreakGlassShown::of(app, asking, membership.organization)?,
            }))
        };
        Ok(Self {
            person: PersonShown::of(&person),
            second_factor: identity.second_factor,
            confirmed_at: identity.confirmed_at.to_string(),
            memberships: identity
                .memberships
                .iter()
                .filter_map(|membership| shown(membership).transpose())
                .collect::<Result<_, Problem>>()?,
        })
    }
}

impl BreakGlassShown {
    fn of(app: &App, asking: &Asking, organization: OrganizationId) -> Result<Vec<Self>, Problem> {
        if !asking.identity.may(Verb::See, Object::AuditLog, Place::organization(organization)) {
            return Ok(Vec::new());
        }
        let filter = AuditFilter { act: Some(Act::BreakGlass), ..AuditFilter::default() };
        let page = app.control.audit_entries(Log(organization.0), &filter, BREAK_GLASS_SHOWN)?;
        let since = app.clock.now().0 - BREAK_GLASS_SHOWN_FOR_MS;
        let people = app.control.people(organization)?;
        let name = |id: &str| match id.parse().ok().and_then(|id| people.get(&id)) {
            Some(person) => called(person),
            None => "somebody who belongs to it no more".to_owned(),
        };
        let recent = page.entries.iter().filter(|entry| entry.at.0 >= since);
        Ok(recent.map(|entry| Self { person: name(&entry.object.id), at: entry.at.to_string() }).collect())
    }
}

/// What the table lets somebody do, of any site that they see.
fn may(asking: &Asking, membership: &domain::Membership) -> Vec<String> {
    let whole = Place::organization(membership.organization);
    let place = |object: Object| match membership.sites.first() {
        Some(site) if object.is_of_site() => Place::site(membership.organization, *site),
        _ => whole,
    };
    let pairs = Verb::ALL.into_iter().flat_map(|verb| Object::ALL.map(|object| (verb, object)));
    pairs
        .filter(|(verb, object)| asking.identity.may(*verb, *object, place(*object)))
        .map(|(verb, object)| format!("{}:{}", verb.as_str(), object.as_str()))
        .collect()
}
