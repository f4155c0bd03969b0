//! Which operator asks: found once for each request at their door, before anything else of it is looked at.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::{OperatorId, Timestamp, audit};
use sealing::Token;
use sealing::protocol::operators::{Ask, Badge, OperatorTold, Told};
use sealing::protocol::people::NotDone;

use super::super::asking::{From, refused};
use super::super::cookie;
use super::super::problem::{Kind, Problem};
use crate::processes::app::operators::unexpected;
use crate::processes::app::state::App;
use crate::processes::edge::operators::WITHIN;

/// What an operator's token begins with, so that whoever finds one knows what it is.
pub(crate) const PREFIX: &str = "candor_operator_";
/// What can be asked without being signed in.
const CHALLENGE: &str = "/api/operator/session/challenge";
const SESSION: &str = "/api/operator/session";

/// The operator who asks.
#[derive(Clone)]
pub(crate) struct OnDuty {
    pub(crate) badge: Badge,
    pub(crate) told: Arc<OperatorTold>,
    /// When both factors were shown, and when the sign-in ends at the latest.
    pub(crate) at: Timestamp,
    pub(crate) until: Timestamp,
    pub(crate) from: From,
}

impl OnDuty {
    pub(crate) fn id(&self) -> OperatorId {
        self.told.id
    }

    /// Who it is, for the audit log.
    pub(crate) fn actor(&self) -> audit::Actor {
        audit::Actor::new(audit::ActorKind::Operator, self.id())
    }
}

/// In which of the operators' networks somebody is, as the edge says.
#[derive(Clone)]
pub(crate) struct Within(pub(crate) Vec<String>);

impl Within {
    fn of(headers: &HeaderMap) -> Self {
        let text = headers.get(WITHIN).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Self(text.split(',').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect())
    }
}

/// Lets a request through where an operator asks, from where they may.
pub(crate) async fn identify(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (from, within) = (From::of(request.headers()), Within::of(request.headers()));
    if !(app.open_to_operators)(request.method(), request.uri().path()) {
        let token = borne(request.headers()).ok_or_else(not_signed_in)?;
        let badge = Badge { token, within: within.0.clone() };
        let on_duty = app.identify_operator(badge, from.clone()).await?;
        request.extensions_mut().insert(on_duty);
    }
    request.extensions_mut().insert(from);
    request.extensions_mut().insert(within);
    Ok(next.run(request).await)
}

/// Whether whoever has not signed in is answered: it is how they sign in.
pub(crate) fn is_open(method: &Method, path: &str) -> bool {
    *method == Method::POST && matches!(path, CHALLENGE | SESSION)
}

fn borne(headers: &HeaderMap) -> Option<Token> {
    match headers.get(header::AUTHORIZATION) {
        Some(value) => {
            let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
            let token = token.trim().strip_prefix(PREFIX)?;
            scheme.eq_ignore_ascii_case("bearer").then(|| Token::read(token)).flatten()
        }
        None => cookie::read_operator(headers),
    }
}

fn not_signed_in() -> Problem {
    Problem::new(Kind::Unauthorized, "sign in as an operator first: candor operator login")
}

impl App {
    async fn identify_operator(self: &Arc<Self>, badge: Badge, from: From) -> Result<OnDuty, Problem> {
        self.off_thread(move |app| match app.keeper.operators(Ask::Identify(badge.clone()))? {
            Told::Operator(told, at, until) => Ok(OnDuty { badge, told: Arc::new(told), at, until, from }),
            Told::No(NotDone::Unknown) => Err(not_signed_in()),
            Told::No(no @ NotDone::Elsewhere) => {
                app.note_operator(None, &from, audit::Act::SignInRefused)?;
                Err(refused(&no))
            }
            _ => Err(unexpected()),
        })
        .await
    }
}

impl<S: Sync> FromRequestParts<S> for OnDuty {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(not_signed_in)
    }
}

impl<S: Sync> FromRequestParts<S> for Within {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(not_signed_in)
    }
}
