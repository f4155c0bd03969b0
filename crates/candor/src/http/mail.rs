//! Whether mail goes out, for commands of this account alone.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use control::{Letter, MailState, NewMail};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::problem::{Kind, Problem};
use crate::mail;
use crate::processes::app::state::App;
use crate::processes::messages::FromChild;

/// How long a test mail is tried if it does not go out at once.
const TRIED_FOR: Duration = Duration::from_secs(60 * 60);
/// How long it is waited for what comes of it: as long as a connection and a mail may take.
const PATIENCE: Duration = Duration::from_secs(100);
/// How often it is looked at meanwhile.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// To whom a test mail goes.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Test {
    pub(crate) address: String,
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Tested {
    /// Whether the mail server has it.
    pub(crate) sent: bool,
    /// Why not, in a sentence.
    pub(crate) trouble: Option<String>,
    /// When it is tried again (RFC 3339).
    pub(crate) next_attempt_at: Option<String>,
}

/// Sends a mail the way all mail goes, and waits for what comes of it.
pub(crate) async fn test_mail(
    State(app): State<Arc<App>>,
    Json(Test { address }): Json<Test>,
) -> Result<Json<Tested>, Problem> {
    if !app.mail {
        return Err(Problem::new(
            Kind::Conflict,
            "mail is off: start candor serve with --smtp and --mail-from",
        ));
    }
    if mail::address(&address).is_none() {
        return Err(Problem::invalid("there is no writing to that address").of_field("address"));
    }
    let id = app
        .off_thread(move |app| {
            let expires_at = app.clock.now() + TRIED_FOR;
            let mail = NewMail {
                organization: None,
                address: &address,
                name: None,
                letter: &Letter::Test,
                expires_at,
            };
            app.control.enqueue_mail(&mail, &*app.clock, &*app.rng).map_err(|error| Problem::internal(&error))
        })
        .await?;
    app.voice.say(FromChild::Mail);
    let begun = Instant::now();
    loop {
        let look = move |app: &App| app.control.mail_state(id).map_err(|error| Problem::internal(&error));
        let state = app.off_thread(look).await?;
        if state.is_none_or(|state| state.trouble.is_some()) || begun.elapsed() >= PATIENCE {
            return Ok(Json(tested(state)));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn tested(state: Option<MailState>) -> Tested {
    Tested {
        sent: state.is_none(),
        trouble: state.map(|state| match state.trouble {
            Some(trouble) => trouble.to_string(),
            None => "it is still under way".to_owned(),
        }),
        next_attempt_at: state.and_then(|state| state.next_attempt_at).map(|at| at.to_string()),
    }
}
