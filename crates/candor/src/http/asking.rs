//! Who asks: found once for each request, before anything else of it is looked at. Everything but what is listed here as
//! open to all is answered only to somebody who is signed in, or bears an API key.

use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::{Decision, Identity, Network, Object, PersonId, Place, Verb, audit};
use sealing::Token;
use sealing::protocol::people::{Ask, Device, NotDone, Told};

use super::cookie;
use super::metrics::METRICS_PATH;
use super::problem::{Kind, Problem};
use super::said::{CONSENT_PATH, SAID_PATH};
use crate::processes::app::state::App;

/// What an API key begins with, so that whoever finds one knows what it is.
pub(crate) const KEY_PREFIX: &str = "candor_";
/// In which header the edge tells from which network a request is: the client's address, truncated.
pub(crate) const NETWORK: &str = "x-candor-network";

/// What anybody may ask. The UI's own files are not under `/api`; the numbers for metrics the edge alone can ask for.
const OPEN: [&str; 7] = [
    "/api/setup",
    "/api/session",
    "/api/password",
    "/api/invitations",
    "/api/privacy",
    "/api/contact",
    "/api/health",
];
const DOCUMENT: &str = "/api/openapi.json";

/// Whoever asks, and where from.
#[derive(Clone)]
pub(crate) struct Asking {
    pub(crate) token: Token,
    pub(crate) identity: Arc<Identity>,
    pub(crate) from: From,
    /// What decides what they may.
    pub(crate) decide: fn(&Identity, Verb, Object, Place) -> Decision,
}

/// From where somebody asks.
#[derive(Clone, Debug, Default)]
pub(crate) struct From {
    /// The truncated address; none for a command of this account.
    pub(crate) network: Option<Network>,
    agent: String,
}

impl Asking {
    pub(crate) fn person(&self) -> PersonId {
        self.identity.person
    }

    /// Who it is, for the audit log.
    pub(crate) fn actor(&self) -> audit::Actor {
        match &self.identity.key {
            Some(key) => audit::Actor::new(audit::ActorKind::Key, format!("{:016x}", key.key)),
            None => audit::Actor::new(audit::ActorKind::Person, self.identity.person),
        }
    }
}

impl From {
    /// As its person will see it in the list of their devices.
    pub(crate) fn device(&self) -> Device {
        Device { agent: self.agent.clone(), network: self.network_text() }
    }

    /// The truncated address as text; empty where there is none.
    pub(crate) fn network_text(&self) -> String {
        self.network.map(|network| network.to_string()).unwrap_or_default()
    }

    pub(super) fn of(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let network = text(NETWORK).parse().ok();
        Self { network, agent: text(header::USER_AGENT.as_str()).to_owned() }
    }
}

/// Lets a request through to what is open to all, or where somebody bears a token that is good; who it is goes with it.
pub(crate) async fn identify(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let from = From::of(request.headers());
    let path = request.uri().path();
    let open = is_open(path);
    let borne = if path.starts_with("/api/") || path.starts_with("/commands/") {
        borne(request.headers())
    } else {
        None
    };
    let asking = match borne {
        Some(token) => match app.identify(token.clone()).await {
            Ok(identity) => {
                Some(Asking { token, identity: Arc::new(identity), from: from.clone(), decide: app.decide })
            }
            Err(_) if open => None,
            Err(problem) => return Ok(problem.into_response()),
        },
        None if open => None,
        None => return Err(not_signed_in()),
    };
    request.extensions_mut().insert(from);
    if let Some(asking) = asking {
        request.extensions_mut().insert(asking);
    }
    Ok(next.run(request).await)
}

/// Commands of this account may ask what the server is, and care for it, without a key: nothing of that is data. To break
/// the glass is among them: for a day it opens none either, and all owners are told.
const OPEN_COMMANDS: [&str; 12] = [
    "/commands/server",
    "/commands/operators",
    "/commands/keys",
    "/commands/keys/rotate",
    "/commands/keys/rewrap",
    "/commands/check",
    "/commands/mail/test",
    "/commands/backup/now",
    "/commands/backup/list",
    "/commands/backup/drill",
    "/commands/break-glass",
    "/commands/tidy",
];

fn is_open(path: &str) -> bool {
    let under =
        |open: &str| path.strip_prefix(open).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let is_page = !path.starts_with("/api/") && path != "/api" && !path.starts_with("/commands/");
    is_page
        || path == DOCUMENT
        || path == METRICS_PATH
        || path == SAID_PATH
        || path == CONSENT_PATH
        || OPEN.into_iter().any(under)
        || OPEN_COMMANDS.contains(&path)
}

/// The token that a request bears, as an API key or in its cookie.
fn borne(headers: &HeaderMap) -> Option<Token> {
    match headers.get(header::AUTHORIZATION) {
        Some(value) => {
            let (scheme, key) = value.to_str().ok()?.split_once(' ')?;
            let key = key.trim().strip_prefix(KEY_PREFIX)?;
            scheme.eq_ignore_ascii_case("bearer").then(|| Token::read(key)).flatten()
        }
        None => cookie::read(headers),
    }
}

fn not_signed_in() -> Problem {
    Problem::new(Kind::Unauthorized, "sign in first, or send an API key as a bearer token")
}

impl<S: Sync> FromRequestParts<S> for Asking {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(not_signed_in)
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Asking {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Problem> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}

impl<S: Sync> FromRequestParts<S> for From {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

impl App {
    /// Who bears a token, as the keeper says.
    pub(crate) async fn identify(self: &Arc<Self>, token: Token) -> Result<Identity, Problem> {
        self.off_thread(move |app| match app.keeper.people(Ask::Identify(token))? {
            Told::Identity(identity) => Ok(*identity),
            Told::No(NotDone::Unknown) => Err(not_signed_in()),
            other => Err(unexpected(&other)),
        })
        .await
    }
}

/// What the keeper says no to, as an answer to whoever asked.
pub(crate) fn no(told: &Told) -> Problem {
    match told {
        Told::No(no) => refused(no),
        _ => unexpected(told),
    }
}

/// The same of the refusal itself.
pub(crate) fn refused(no: &NotDone) -> Problem {
    let kind = match no {
        NotDone::Unknown | NotDone::Closed => Kind::Gone,
        NotDone::Denied | NotDone::Confirm | NotDone::Required => Kind::Forbidden,
        NotDone::Elsewhere | NotDone::OwnAct => Kind::Forbidden,
        NotDone::NotThere => Kind::NotFound,
        NotDone::Wrong(_) | NotDone::Refused(_) | NotDone::CodeWanted => Kind::Unauthorized,
        NotDone::Wait(_) => Kind::TooMany,
        NotDone::Weak(_) | NotDone::Unfit(_) => Kind::Invalid,
        NotDone::Taken | NotDone::LastOwner | NotDone::LastCredential => Kind::Conflict,
        NotDone::TooMany | NotDone::NoPasskeys(_) => Kind::Conflict,
        NotDone::KeyTaken | NotDone::LastOperator | NotDone::SecondOperator(_) => Kind::Conflict,
        NotDone::Kept(_) => Kind::Conflict,
        NotDone::Busy => Kind::Unavailable,
    };
    let problem = Problem::new(kind, no.to_string());
    match no {
        NotDone::Confirm => problem.of_field("confirm"),
        NotDone::Weak(_) => problem.of_field("password"),
        NotDone::Taken => problem.of_field("email"),
        NotDone::Required => problem.of_field("second_factor"),
        NotDone::Wait(seconds) => problem.retry_after(*seconds),
        NotDone::CodeWanted => problem.of_field("totp"),
        NotDone::KeyTaken => problem.of_field("key"),
        _ => problem,
    }
}

/// The keeper answered something else.
pub(crate) fn unexpected(told: &Told) -> Problem {
    match told {
        Told::No(_) => no(told),
        _ => Problem::internal(&std::io::Error::other("the keeper answered something else")),
    }
}
