//! `/api/me`: what you are called, by what you sign in, and where you are signed in.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use control::FactorChange;
use domain::audit::{Act, NewEntry, Object as Audited, ObjectKind};
use sealing::protocol::people::{Ask, PasskeyFor, Told, Which};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asking::{Asking, unexpected};
use super::input::{Input, Numbered};
use super::members::number;
use super::passkeys::{PasskeyOptions, Shown};
use super::problem::Problem;
use super::secret::Secret;
use super::session::signed_in;
use super::setup::PersonShown;
use crate::processes::app::people;
use crate::processes::app::state::App;

/// What to change of yourself; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MyChange {
    #[serde(default)]
    #[schema(nullable = false)]
    name: Option<String>,
    #[serde(default)]
    #[schema(nullable = false)]
    email: Option<String>,
}

/// Another password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MyPassword {
    #[schema(value_type = String)]
    password: Secret,
}

/// A code of an app for codes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    #[schema(value_type = String)]
    code: Secret,
}

/// A secret for an app for codes.
#[derive(Serialize, ToSchema)]
pub(crate) struct TotpSecret {
    /// Base32, to be typed.
    #[schema(value_type = String)]
    secret: Secret,
    /// `otpauth://`, to be shown as a QR code.
    #[schema(value_type = String)]
    uri: Secret,
}

/// Codes to be kept; empty where there were some already.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    #[schema(value_type = Vec<String>)]
    recovery_codes: Vec<Secret>,
}

/// A passkey to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPasskey {
    id: String,
    #[schema(value_type = Object)]
    credential: Box<serde_json::value::RawValue>,
    /// What you call it.
    name: String,
}

/// A passkey of yours.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PasskeyShown {
    id: String,
    name: String,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
}

/// By what you sign in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct MySecurity {
    password: bool,
    totp: bool,
    passkeys: Vec<PasskeyShown>,
    recovery_codes_left: u32,
}

/// Where you are signed in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct DeviceShown {
    id: String,
    /// Whether it is this one.
    current: bool,
    /// Browser and system, as it says.
    agent: String,
    /// Its network: the truncated address.
    network: String,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    last_seen_at: String,
}

/// Where you are signed in, the last seen first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct DeviceList {
    devices: Vec<DeviceShown>,
}

/// Changes what you are called, or where mail reaches you.
#[utoipa::path(
    patch, path = "/api/me", request_body = MyChange,
    responses(
        (status = 200, description = "As you are now", body = PersonShown),
        (status = 400, description = "Something is not allowed; field says what", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Show again first that it is you", body = Problem),
        (status = 409, description = "The address is somebody's", body = Problem),
    )
)]
pub(crate) async fn change_me(
    State(app): State<Arc<App>>,
    asking: Asking,
    Input(change): Input<MyChange>,
) -> Result<Json<PersonShown>, Problem> {
    let name = change.name.as_deref().map(|text| people::name(text, "name")).transpose()?;
    let email = change.email.as_deref().map(people::email).transpose()?;
    app.off_thread(move |app| {
        let person = asking.person();
        // A key is nobody's self.
        app.must_be_signed_in(&asking)?;
        if let Some(email) = &email {
            let entry = app.entry_of_own(&asking, Act::EmailChange).with_address("email", email);
            let ask = Ask::SetEmail(asking.token.clone(), email.clone());
            app.act_of(person, &entry, ask, |work, _| Ok(work.change_person(person, None, Some(email))?))?;
        }
        if let Some(name) = &name {
            let entry = app.entry_of_own(&asking, Act::ProfileChange);
            app.note_act_of(person, &entry, |work| Ok(work.change_person(person, Some(name), None)?))?;
        }
        let now =
            app.control.person(person)?.ok_or_else(|| Problem::not_found("you are not known any more"))?;
        Ok(Json(PersonShown::of(&now)))
    })
    .await
}

/// By what you sign in.
#[utoipa::path(
    get, path = "/api/me/security",
    responses(
        (status = 200, description = "By what", body = MySecurity),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "An API key is nobody's self", body = Problem),
    )
)]
pub(crate) async fn read_security(
    State(app): State<Arc<App>>,
    asking: Asking,
) -> Result<Json<MySecurity>, Problem> {
    app.off_thread(move |app| match app.ask(Ask::Security(asking.token.clone()))? {
        Told::Security(security) => {
            let shown = |passkey: sealing::protocol::people::PasskeyTold| PasskeyShown {
                id: number(passkey.id),
                name: passkey.name,
                created_at: passkey.created_at.to_string(),
                last_used_at: passkey.used_at.map(|at| at.to_string()),
            };
            Ok(Json(MySecurity {
                password: security.password,
                totp: security.totp,
                passkeys: security.passkeys.into_iter().map(shown).collect(),
                recovery_codes_left: security.recovery_codes,
            }))
        }
        other => Err(unexpected(&other)),
    })
    .await
}

/// Changes your password. You are signed out everywhere else.
#[utoipa::path(
    put, path = "/api/me/password", request_body = MyPassword,
    responses(
        (status = 204, description = "It is changed"),
        (status = 400, description = "It will not do; error says why", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Show again first that it is you", body = Problem),
    )
)]
pub(crate) async fn change_password(
    State(app): State<Arc<App>>,
    asking: Asking,
    Input(new): Input<MyPassword>,
) -> Result<StatusCode, Problem> {
    let person = asking.person();
    let known = app.off_thread(move |app| Ok(app.control.person(person)?)).await?;
    let context = known.map(|person| vec![person.email, person.name]).unwrap_or_default();
    let ticket = app.choose(new.password.into_text(), context).await?;
    app.off_thread(move |app| {
        let entry = app.entry_of_own(&asking, Act::PasswordChange);
        let ask = Ask::SetPassword(asking.token.clone(), ticket);
        app.act_of(person, &entry, ask, |work, _| app.mail_password_changed(work, person, &asking.from))?;
        app.mail_waits();
        Ok(())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A secret for an app for codes, put to use by a code of it.
#[utoipa::path(
    post, path = "/api/me/totp",
    responses(
        (status = 201, description = "The secret, shown once", body = TotpSecret),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Show again first that it is you", body = Problem),
    )
)]
pub(crate) async fn begin_totp(
    State(app): State<Arc<App>>,
    asking: Asking,
) -> Result<(StatusCode, Json<TotpSecret>), Problem> {
    app.off_thread(move |app| {
        let account = app.control.person(asking.person())?.map(|person| person.email).unwrap_or_default();
        match app.ask(Ask::BeginTotp(asking.token.clone(), account))? {
            Told::Totp(secret, uri) => Ok((
                StatusCode::CREATED,
                Json(TotpSecret { secret: Secret::of(secret), uri: Secret::of(uri) }),
            )),
            other => Err(unexpected(&other)),
        }
    })
    .await
}

/// Puts the app for codes to use.
#[utoipa::path(
    put, path = "/api/me/totp", request_body = Code,
    responses(
        (status = 200, description = "It is; codes to be kept where there were none", body = RecoveryCodes),
        (status = 401, description = "The code is wrong, or sign in first", body = Problem),
        (status = 403, description = "Show again first that it is you", body = Problem),
        (status = 410, description = "The secret is too old: begin again", body = Problem),
    )
)]
pub(crate) async fn finish_totp(
    State(app): State<Arc<App>>,
    asking: Asking,
    Input(shown): Input<Code>,
) -> Result<Response, Problem> {
    app.off_thread(move |app| {
        let entry = app.entry_of_own(&asking, Act::SecondFactorAdd).with("factor", "totp");
        let ask = Ask::FinishTotp(asking.token.clone(), shown.code.into_text());
        changed(app, &asking, &entry, ask, FactorChange::TotpAdded)
            .and_then(|told| strengthened(StatusCode::OK, told))
    })
    .await
}

/// Does without the app for codes.
#[utoipa::path(
    delete, path = "/api/me/totp",
    responses(
        (status = 204, description = "It is no factor of yours any more"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Show again first that it is you, or an organization requires it", body = Problem),
        (status = 404, description = "There is none", body = Problem),
    )
)]
pub(crate) async fn end_totp(State(app): State<Arc<App>>, asking: Asking) -> Result<StatusCode, Problem> {
    app.off_thread(move |app| {
        let entry = app.entry_of_own(&asking, Act::SecondFactorRemove).with("factor", "totp");
        changed(app, &asking, &entry, Ask::EndTotp(asking.token.clone()), FactorChange::TotpRemoved).map(drop)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Options with which a browser makes a passkey of yours.
#[utoipa::path(
    post, path = "/api/me/passkeys/options",
    responses(
        (status = 200, description = "The options", body = PasskeyOptions),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Show again first that it is you", body = Problem),
    )
)]
pub(crate) async fn begin_my_passkey(
    State(app): State<Arc<App>>,
    asking: Asking,
) -> Result<Json<PasskeyOptions>, Problem> {
    app.off_thread(move |app| {
        let email = app.control.person(asking.person())?.map(|person| person.email).unwrap_or_default();
        PasskeyOptions::ask(app, PasskeyFor::Adding(asking.token.clone(), email))
    })
    .await
    .map(Json)
}

/// Adds a passkey.
#[utoipa::path(
    post, path = "/api/me/passkeys", request_body = NewPasskey,
    responses(
        (status = 201, description = "It is added; codes to be kept where there were none", body = RecoveryCodes),
        (status = 401, description = "It is not right, or sign in first", body = Problem),
        (status = 403, description = "Show again first that it is you", body = Problem),
        (status = 409, description = "There are as many as there may be", body = Problem),
        (status = 410, description = "The options are too old: begin again", body = Problem),
    )
)]
pub(crate) async fn add_passkey(
    State(app): State<Arc<App>>,
    asking: Asking,
    Input(new): Input<NewPasskey>,
) -> Result<Response, Problem> {
    let name = people::name(&new.name, "name")?;
    let (ticket, credential) = Shown::of(new.id, new.credential).read()?;
    app.off_thread(move |app| {
        let entry = app.entry_of_own(&asking, Act::SecondFactorAdd).with("factor", "passkey");
        let ask = Ask::AddPasskey(asking.token.clone(), ticket, credential, name);
        changed(app, &asking, &entry, ask, FactorChange::PasskeyAdded)
            .and_then(|told| strengthened(StatusCode::CREATED, told))
    })
    .await
}

/// Does without a passkey.
#[utoipa::path(
    delete, path = "/api/me/passkeys/{id}", params(("id" = String, Path)),
    responses(
        (status = 204, description = "It is good no more"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Show again first that it is you, or an organization requires it", body = Problem),
        (status = 404, description = "There is no such passkey", body = Problem),
        (status = 409, description = "Nothing would be left to sign in by", body = Problem),
    )
)]
pub(crate) async fn end_passkey(
    State(app): State<Arc<App>>,
    asking: Asking,
    Numbered(id): Numbered,
) -> Result<StatusCode, Problem> {
    let id = read_number(&id, "there is no such passkey")?;
    app.off_thread(move |app| {
        let entry =
            app.entry(&asking, Act::SecondFactorRemove, Audited::new(ObjectKind::Passkey, number(id)));
        let ask = Ask::EndPasskey(asking.token.clone(), id);
        changed(app, &asking, &entry, ask, FactorChange::PasskeyRemoved).map(drop)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes new codes to be kept; those before are good no more.
#[utoipa::path(
    post, path = "/api/me/recovery-codes",
    responses(
        (status = 201, description = "The codes, shown once", body = RecoveryCodes),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Show again first that it is you", body = Problem),
    )
)]
pub(crate) async fn renew_recovery_codes(
    State(app): State<Arc<App>>,
    asking: Asking,
) -> Result<(StatusCode, Json<RecoveryCodes>), Problem> {
    app.off_thread(move |app| {
        let entry = app.entry_of_own(&asking, Act::RecoveryCodes);
        let ask = Ask::RenewRecoveryCodes(asking.token.clone());
        match changed(app, &asking, &entry, ask, FactorChange::RecoveryCodesMade)? {
            Told::RecoveryCodes(codes) => {
                let recovery_codes = codes.into_iter().map(Secret::of).collect();
                Ok((StatusCode::CREATED, Json(RecoveryCodes { recovery_codes })))
            }
            other => Err(unexpected(&other)),
        }
    })
    .await
}

/// Where you are signed in.
#[utoipa::path(
    get, path = "/api/me/devices",
    responses(
        (status = 200, description = "Where", body = DeviceList),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "An API key is nobody's self", body = Problem),
    )
)]
pub(crate) async fn list_devices(
    State(app): State<Arc<App>>,
    asking: Asking,
) -> Result<Json<DeviceList>, Problem> {
    app.off_thread(move |app| match app.ask(Ask::Devices(asking.token.clone()))? {
        Told::Devices(devices) => {
            let shown = |one: sealing::protocol::people::SignedIn| DeviceShown {
                id: number(one.id),
                current: one.current,
                agent: one.device.agent,
                network: one.device.network,
                created_at: one.created_at.to_string(),
                last_seen_at: one.seen_at.to_string(),
            };
            Ok(Json(DeviceList { devices: devices.into_iter().map(shown).collect() }))
        }
        other => Err(unexpected(&other)),
    })
    .await
}

/// Signs another device of yours out.
#[utoipa::path(
    delete, path = "/api/me/devices/{id}", params(("id" = String, Path)),
    responses(
        (status = 204, description = "It is signed out"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "An API key is nobody's self", body = Problem),
        (status = 404, description = "There is no such device", body = Problem),
    )
)]
pub(crate) async fn end_device(
    State(app): State<Arc<App>>,
    asking: Asking,
    Numbered(id): Numbered,
) -> Result<StatusCode, Problem> {
    let id = read_number(&id, "there is no such device")?;
    end(&app, asking, Which::Device(id)).await
}

/// Signs you out everywhere else.
#[utoipa::path(
    delete, path = "/api/me/devices",
    responses(
        (status = 204, description = "You are signed in here alone"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "An API key is nobody's self", body = Problem),
    )
)]
pub(crate) async fn end_other_devices(
    State(app): State<Arc<App>>,
    asking: Asking,
) -> Result<StatusCode, Problem> {
    end(&app, asking, Which::Others).await
}

async fn end(app: &Arc<App>, asking: Asking, which: Which) -> Result<StatusCode, Problem> {
    app.off_thread(move |app| {
        let object = match which {
            Which::Device(id) => Audited::new(ObjectKind::Device, number(id)),
            _ => Audited::sole(ObjectKind::Device),
        };
        let entry = app.entry(&asking, Act::DeviceEnd, object);
        app.act_of(asking.person(), &entry, Ask::End(asking.token.clone(), which), |_, _| Ok(()))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes a second factor of whoever asks, who is told of it by mail.
fn changed(
    app: &App,
    asking: &Asking,
    entry: &NewEntry,
    ask: Ask,
    change: FactorChange,
) -> Result<Told, Problem> {
    let told = app.act_of(asking.person(), entry, ask, |work, told| {
        app.mail_factor_changed(work, asking.person(), change, &asking.from)?;
        Ok(told)
    })?;
    app.mail_waits();
    Ok(told)
}

/// A second factor was added and shown: the sign-in's cookie is a new one.
fn strengthened(status: StatusCode, told: Told) -> Result<Response, Problem> {
    match told {
        Told::Strengthened(token, codes) => {
            let recovery_codes = codes.into_iter().map(Secret::of).collect();
            Ok(signed_in(&token, status, Json(RecoveryCodes { recovery_codes })).into_response())
        }
        other => Err(unexpected(&other)),
    }
}

fn read_number(text: &str, unknown: &'static str) -> Result<u64, Problem> {
    u64::from_str_radix(text, 16).map_err(|_| Problem::not_found(unknown))
}
