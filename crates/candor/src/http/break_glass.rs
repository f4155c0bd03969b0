//! Letting in an owner who is locked out, for commands of this account alone. That it was done is written down, and all who
//! belong to their organizations are told, in the transaction that has the link made. It never opens anything by itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::audit::{Act, Actor, NewEntry, Object, ObjectKind};
use sealing::protocol::people::{Ask, Told};
use serde::{Deserialize, Serialize};

use super::asking::unexpected;
use super::problem::{Kind, Problem};
use super::session::Link;
use crate::processes::app::letters::CLOSED_FOR;
use crate::processes::app::state::App;

/// Who is locked out.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LockedOut {
    pub(crate) email: String,
}

/// How they get in again.
#[derive(Serialize)]
pub(crate) struct WayIn {
    #[serde(flatten)]
    link: Link,
    /// Whether those who are to know are told by mail.
    mailed: bool,
}

/// Makes a link by which an owner chooses another password and lets go of their second factors.
pub(crate) async fn break_glass(
    State(app): State<Arc<App>>,
    Json(LockedOut { email }): Json<LockedOut>,
) -> Result<Json<WayIn>, Problem> {
    app.off_thread(move |app| {
        let unknown = || Problem::not_found("nobody here has that e-mail address");
        let owner = app.control.person_of(&email)?.ok_or_else(unknown)?;
        let now = app.clock.now();
        let object = Object::new(ObjectKind::Person, owner.id);
        let entry = NewEntry::new(now, Actor::system(), Act::BreakGlass, object);
        let ask = Ask::BreakGlass(owner.email.clone());
        let made = app.act_of(owner.id, &entry, ask, |work, told| {
            app.mail_break_glass(work, &owner, now + CLOSED_FOR)?;
            match told {
                Told::Link(token) => Ok(token),
                other => Err(unexpected(&other)),
            }
        });
        let token = made.map_err(|problem| {
            let sentence = "only an owner is let in from the shell: an owner or admin can make a link for anybody else, under People";
            if problem.is(Kind::Forbidden) { Problem::new(Kind::Conflict, sentence) } else { problem }
        })?;
        tracing::warn!("an owner is let in again from the shell: whoever has the link chooses another password");
        app.mail_waits();
        Ok(Json(WayIn { link: Link::to(app, "reset#", &token), mailed: app.mail }))
    })
    .await
}
