//! `/api/operator/session`: signing in by an SSH signature and a code, and signing out.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64ct::{Base64UrlUnpadded, Encoding};
use domain::audit::Act;
use sealing::protocol::operators::{Ask, Told};
use sealing::protocol::people::NotDone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::asking::{From, refused};
use super::super::cookie;
use super::super::input::Input;
use super::super::passkeys;
use super::super::problem::{Kind, Problem};
use super::super::secret::Secret;
use super::asking::{OnDuty, Within};
use crate::processes::app::operators::unexpected;
use crate::processes::app::state::App;

/// Characters of a name or a fingerprint.
const NAMED_CHARS_MAX: usize = 200;

/// Who wants to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Their name, or the fingerprint of their key.
    operator: String,
}

/// A text to sign.
#[derive(Serialize, ToSchema)]
pub(crate) struct Challenge {
    /// To be sent with the signature; `candor operator login --challenge` signs it.
    challenge: String,
    /// To the byte what `ssh-keygen -Y sign -n candor-operator` is to sign.
    text: String,
}

/// Both factors. The first time the code is left out, and asked for next.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signature {
    challenge: String,
    /// As `ssh-keygen -Y sign` writes it.
    signature: String,
    #[serde(default)]
    #[schema(value_type = Option<String>, nullable = false)]
    totp: Option<Secret>,
}

/// An app for codes is to be set up.
#[derive(Serialize, ToSchema)]
pub(crate) struct Enrol {
    #[schema(value_type = String)]
    secret: Secret,
    #[schema(value_type = String)]
    uri: Secret,
}

/// How far signing in came.
#[derive(Serialize, ToSchema)]
pub(crate) struct SignInState {
    /// Whether the cookie of a sign-in came with this answer.
    signed_in: bool,
    /// The first time: a secret for an app for codes. A code of it is wanted with the same signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    enrol: Option<Enrol>,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct OperatorSession {
    id: String,
    /// What they are called.
    operator: String,
    /// When both factors were shown.
    #[schema(format = DateTime)]
    confirmed_at: String,
    /// When it ends at the latest.
    #[schema(format = DateTime)]
    ends_at: String,
    /// Whether there is only one operator, so that nobody else need approve.
    solo: bool,
}

/// A text to sign, whether there is such an operator or not.
#[utoipa::path(
    post, path = "/api/operator/session/challenge", request_body = Wanted,
    responses((status = 200, description = "A text to sign", body = Challenge))
)]
pub(crate) async fn begin_session(
    State(app): State<Arc<App>>,
    Input(wanted): Input<Wanted>,
) -> Result<Json<Challenge>, Problem> {
    let operator: String = wanted.operator.trim().chars().take(NAMED_CHARS_MAX).collect();
    app.off_thread(move |app| match app.ask_operators(Ask::Challenge(app.public_url.clone(), operator))? {
        Told::Challenge(ticket, text) => {
            // The text goes along, so that one word is all that must be carried to where the key is.
            let challenge =
                format!("{}.{}", passkeys::show(ticket), Base64UrlUnpadded::encode_string(text.as_bytes()));
            Ok(Json(Challenge { challenge, text }))
        }
        _ => Err(unexpected()),
    })
    .await
}

/// Signs in.
#[utoipa::path(
    post, path = "/api/operator/session", request_body = Signature,
    responses(
        (status = 200, description = "Signed in, or an app for codes is to be set up", body = SignInState),
        (status = 401, description = "The signature or the code is wrong, or field says that a code is wanted", body = Problem),
        (status = 403, description = "Not from that network", body = Problem),
        (status = 410, description = "The challenge was answered or is too old: ask for another", body = Problem),
        (status = 429, description = "Too much was wrong; retry_after says when to try again", body = Problem),
    )
)]
pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    from: From,
    within: Within,
    Input(shown): Input<Signature>,
) -> Result<Response, Problem> {
    let ticket = passkeys::ticket(shown.challenge.split('.').next().unwrap_or_default())?;
    let code = shown.totp.map(Secret::into_text);
    let ask = Ask::SignIn(ticket, shown.signature, code, within.0, from.network_text());
    app.off_thread(move |app| match app.keeper.operators(ask)? {
        Told::SignedIn(token, id) => {
            app.note_operator(Some(id), &from, Act::SignIn)?;
            let state = SignInState { signed_in: true, enrol: None };
            Ok(secret(state, Some(cookie::set_operator(&token))))
        }
        Told::EnrolTotp(id, text, uri) => {
            app.note_operator(Some(id), &from, Act::SecondFactorAdd)?;
            let enrol = Enrol { secret: Secret::of(text), uri: Secret::of(uri) };
            Ok(secret(SignInState { signed_in: false, enrol: Some(enrol) }, None))
        }
        Told::No(no) => {
            // A missing half is no refusal.
            if no != NotDone::CodeWanted {
                app.note_operator(None, &from, Act::SignInRefused)?;
            }
            Err(match no {
                NotDone::Wrong(_) => Problem::new(Kind::Unauthorized, "the signature or the code is wrong"),
                NotDone::Unfit(why) => Problem::new(Kind::Unauthorized, why).of_field("signature"),
                no => refused(&no),
            })
        }
        _ => Err(unexpected()),
    })
    .await
}

fn secret(state: SignInState, cookie: Option<HeaderValue>) -> Response {
    let mut response = Json(state).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(cookie) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// Who is signed in.
#[utoipa::path(
    get, path = "/api/operator/session",
    responses(
        (status = 200, description = "Who it is", body = OperatorSession),
        (status = 401, description = "Nobody is signed in", body = Problem),
    )
)]
pub(crate) async fn read_session(
    State(app): State<Arc<App>>,
    on_duty: OnDuty,
) -> Result<Json<OperatorSession>, Problem> {
    app.off_thread(move |app| {
        let roster = app.roster()?;
        Ok(Json(OperatorSession {
            id: on_duty.id().to_string(),
            operator: on_duty.told.name.clone(),
            confirmed_at: on_duty.at.to_string(),
            ends_at: on_duty.until.to_string(),
            solo: roster.count == 1 && roster.held_until.is_none(),
        }))
    })
    .await
}

/// Signs out; a support grant that was open by this sign-in ends with it.
#[utoipa::path(
    delete, path = "/api/operator/session",
    responses(
        (status = 204, description = "Signed out"),
        (status = 401, description = "Nobody is signed in", body = Problem),
    )
)]
pub(crate) async fn sign_out(State(app): State<Arc<App>>, on_duty: OnDuty) -> Result<Response, Problem> {
    app.off_thread(move |app| {
        let object = domain::audit::Object::new(domain::audit::ObjectKind::Operator, on_duty.id());
        let entry = app.entry_on_duty(&on_duty, Act::SignOut, object);
        app.act_as_operator(None, &entry, Ask::End(on_duty.badge.clone()), |_, _| Ok(()))
    })
    .await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie::clear_operator())]).into_response())
}
