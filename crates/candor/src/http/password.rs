//! `/api/password`: choosing another password by a link. Asking for one tells nobody whether an address is known.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use domain::audit::Act;
use sealing::protocol::people::{Ask, Told};
use serde::Deserialize;
use utoipa::ToSchema;

use super::asking::{From, unexpected};
use super::input::Input;
use super::problem::{Kind, Problem};
use super::secret::Secret;
use crate::processes::app::people;
use crate::processes::app::state::App;
use crate::processes::app::tries::Trying;

/// An e-mail address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Address {
    email: String,
}

/// Another password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    /// That of the link.
    #[schema(value_type = String)]
    token: Secret,
    #[schema(value_type = String)]
    password: Secret,
}

/// Asks for a link by mail. The answer is the same, and as quick, for every address.
#[utoipa::path(
    post, path = "/api/password/reset", request_body = Address,
    responses(
        (status = 202, description = "If the address is known and mail is set up, a link is on its way"),
        (status = 400, description = "That is no e-mail address", body = Problem),
    )
)]
pub(crate) async fn ask_for_reset(
    State(app): State<Arc<App>>,
    from: From,
    Input(asked): Input<Address>,
) -> Result<StatusCode, Problem> {
    let email = people::email(&asked.email)?;
    // What follows is done after the answer, so that it shows in nothing.
    tokio::spawn(async move { app.off_thread(move |app| app.mail_reset(&email, &from)).await });
    Ok(StatusCode::ACCEPTED)
}

/// Chooses another password by a link. Every sign-in of the person ends; their second factor stays.
#[utoipa::path(
    post, path = "/api/password", request_body = NewPassword,
    responses(
        (status = 204, description = "It is changed: sign in with it"),
        (status = 400, description = "The password will not do; error says why", body = Problem),
        (status = 410, description = "The link was used, or is too old", body = Problem),
        (status = 429, description = "Too many links from that network were wrong: wait", body = Problem),
    )
)]
pub(crate) async fn reset_password(
    State(app): State<Arc<App>>,
    from: From,
    Input(new): Input<NewPassword>,
) -> Result<StatusCode, Problem> {
    let gone = || Problem::new(Kind::Gone, "that link was used already, or is too old: ask for another");
    let token = new.token.token().ok_or_else(gone)?;
    // A hash is not made for whom must wait.
    app.may_try(Trying::Password, &from)?;
    let ticket = app.choose(new.password.into_text(), Vec::new()).await?;
    app.off_thread(move |app| {
        let entry = app.entry_of(None, &from, Act::Reset);
        app.try_link(Trying::Password, &from, || {
            app.act_of_nobody(&entry, Ask::Reset(token, ticket), |told| match told {
                Told::Whose(Some(person)) => Ok(((), person)),
                other => Err(unexpected(&other)),
            })
        })
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
