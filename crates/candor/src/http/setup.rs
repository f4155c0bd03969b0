//! `/api/setup`: the first owner, made once by the one-time token that the server wrote down at its first start.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use sealing::protocol::people::{Ask, Credential, PasskeyFor};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asking::From;
use super::input::Input;
use super::passkeys::{PasskeyOptions, Shown};
use super::problem::{Kind, Problem};
use super::secret::Secret;
use super::session::signed_in;
use crate::processes::app::people::{self, Begun, NewOwner};
use crate::processes::app::state::App;

/// Whether there is anything to set up.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct Setup {
    /// Whether the first owner is still to be made.
    needed: bool,
}

/// The first owner, their organization, and by what they will sign in: a password or a passkey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSetup {
    /// The one-time token of `DATA/setup-token`.
    #[schema(value_type = String)]
    token: Secret,
    email: String,
    #[serde(default)]
    #[schema(value_type = Option<String>, nullable = false)]
    password: Option<Secret>,
    #[serde(default)]
    #[schema(nullable = false)]
    passkey: Option<Shown>,
    /// What the organization is called.
    organization: String,
    /// What the owner is called.
    #[serde(default)]
    #[schema(nullable = false)]
    name: Option<String>,
}

/// Somebody asks for a passkey with which they will begin.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupPasskey {
    #[schema(value_type = String)]
    token: Secret,
    email: String,
}

/// Somebody, as the API shows them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PersonShown {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) name: String,
}

/// An organization by its name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct OrganizationNamed {
    pub(crate) id: u32,
    pub(crate) name: String,
}

/// Who was made, and what they must keep.
#[derive(Serialize, ToSchema)]
pub(crate) struct Made {
    person: PersonShown,
    organization: OrganizationNamed,
    /// Codes that stand in for a lost second factor, shown once; none where none were made.
    #[schema(value_type = Vec<String>)]
    recovery_codes: Vec<Secret>,
}

/// Whether the first owner is still to be made.
#[utoipa::path(get, path = "/api/setup", responses((status = 200, description = "Whether it is", body = Setup)))]
pub(crate) async fn read_setup(State(app): State<Arc<App>>) -> Json<Setup> {
    Json(Setup { needed: app.setup.is_needed() })
}

/// Options with which a browser makes the first owner's passkey.
#[utoipa::path(
    post, path = "/api/setup/passkey", request_body = SetupPasskey,
    responses(
        (status = 200, description = "The options", body = PasskeyOptions),
        (status = 410, description = "The token is not that of this server's setup, or was used", body = Problem),
    )
)]
pub(crate) async fn begin_setup_passkey(
    State(app): State<Arc<App>>,
    Input(asked): Input<SetupPasskey>,
) -> Result<Json<PasskeyOptions>, Problem> {
    let email = people::email(&asked.email)?;
    let token = asked.token.token().ok_or_else(no_such_setup)?;
    app.off_thread(move |app| PasskeyOptions::ask(app, PasskeyFor::Beginning(token, email))).await.map(Json)
}

/// Makes the first owner and their organization, and signs in.
#[utoipa::path(
    post, path = "/api/setup", request_body = NewSetup,
    responses(
        (status = 201, description = "They are made; the cookie is that of the sign-in", body = Made),
        (status = 400, description = "Something is not allowed; field says what", body = Problem),
        (status = 410, description = "The token is not that of this server's setup, or was used", body = Problem),
    )
)]
pub(crate) async fn set_up(
    State(app): State<Arc<App>>,
    from: From,
    Input(new): Input<NewSetup>,
) -> Result<Response, Problem> {
    let email = people::email(&new.email)?;
    let organization = people::name(&new.organization, "organization")?;
    if organization.is_empty() {
        return Err(Problem::invalid("an organization needs a name").of_field("organization"));
    }
    let name = people::name(new.name.as_deref().unwrap_or_default(), "name")?;
    let token = new.token.token().ok_or_else(no_such_setup)?;
    let context = vec![email.clone(), organization.clone(), name.clone()];
    let credential = credential(&app, new.password, new.passkey, context).await?;
    let new = NewOwner { email, name, organization };
    let device = from.device();
    let (token, begun) = app
        .off_thread(move |app| {
            let ask = Ask::SetUp(token, new.email.clone(), credential, device);
            app.set_up(ask, &new, &from)
        })
        .await?;
    Ok(signed_in(&token, StatusCode::CREATED, Json(Made::of(begun))))
}

fn no_such_setup() -> Problem {
    Problem::new(Kind::Gone, "that is not this server's setup token, or it was used already")
}

/// By what a new person will sign in: one of the two.
pub(crate) async fn credential(
    app: &Arc<App>,
    password: Option<Secret>,
    passkey: Option<Shown>,
    context: Vec<String>,
) -> Result<Credential, Problem> {
    match (password, passkey) {
        (Some(password), None) => Ok(Credential::Password(app.choose(password.into_text(), context).await?)),
        (None, Some(shown)) => {
            let (ticket, credential) = shown.read()?;
            Ok(Credential::Passkey(ticket, credential))
        }
        _ => Err(Problem::invalid("choose a password, or use a passkey").of_field("password")),
    }
}

impl Made {
    pub(crate) fn of(begun: Begun) -> Self {
        let Begun { person, organization, recovery_codes } = begun;
        Self {
            person: PersonShown::of(&person),
            organization: OrganizationNamed { id: organization.id.0, name: organization.name },
            recovery_codes: recovery_codes.into_iter().map(Secret::of).collect(),
        }
    }
}

impl PersonShown {
    pub(crate) fn of(person: &control::Person) -> Self {
        Self { id: person.id.to_string(), email: person.email.clone(), name: person.name.clone() }
    }
}
