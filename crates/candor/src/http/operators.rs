//! The operators' API: a document of its own, at a door of its own. At that door there is nothing of the public API, and
//! nothing of this at any other. Nobody but who is asked to sign in sees any of it, its document included.

pub(crate) mod approvals;
pub(crate) mod asking;
mod audit;
mod backups;
mod enrolment;
pub(crate) mod grants;
mod health;
mod ledger;
mod organizations;
mod roster;
mod session;

use std::sync::Arc;

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use sealing::protocol::operators::LOOPBACK;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::Problem;
use super::ui;
use crate::processes::app::state::App;
use crate::processes::edge::operators::WITHIN;

pub(crate) use enrolment::{Counted, Enrolled, NewFirst, count_operators, enrol_first};

/// In which header the edge tells by which door a request came.
pub(crate) const DOOR: &str = "x-candor-door";
/// What it says of the operators' own.
pub(crate) const OPERATORS: &str = "operators";
/// Under what everything of this API is.
const ROOT: &str = "/api/operator";

/// The API's document without its paths, which the list below adds.
#[derive(OpenApi)]
#[openapi(info(
    title = "Candor for operators",
    version = "1",
    description = "How those who run a Candor server care for it, at a listener of its own. Whoever asks is signed in by \
                   the cookie of /api/operator/session, or bears its token.",
    license(name = "MIT OR Apache-2.0"),
))]
struct Document;

/// What operators may ask.
pub(crate) fn for_operators(app: &Arc<App>) -> Router<Arc<App>> {
    let (router, document) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(session::begin_session))
        .routes(routes!(session::read_session, session::sign_in, session::sign_out))
        .routes(routes!(organizations::list_organizations, organizations::add_organization))
        .routes(routes!(organizations::change_organization, organizations::remove_organization))
        .routes(routes!(organizations::change_subscription))
        .routes(routes!(ledger::read_ledger, ledger::add_to_ledger))
        .routes(routes!(organizations::invite_owner))
        .routes(routes!(approvals::list_approvals))
        .routes(routes!(approvals::approve))
        .routes(routes!(approvals::decline))
        .routes(routes!(audit::list_acts))
        .routes(routes!(audit::read_checkpoint))
        .routes(routes!(audit::export_acts))
        .routes(routes!(health::read_health))
        .routes(routes!(backups::show_backups, backups::make_backup))
        .routes(routes!(backups::list_backups))
        .routes(routes!(grants::list_grants, grants::ask_grant))
        .routes(routes!(grants::end_grant))
        .routes(routes!(grants::query_grant))
        .routes(routes!(roster::list_operators, roster::enrol_operator))
        .routes(routes!(roster::remove_operator))
        .with_state::<Arc<App>>(app.clone())
        .split_for_parts();
    let document = Arc::new(document);
    router
        .method_not_allowed_fallback(ui::refuse_method)
        .route("/api/operator/openapi.json", get(move || async move { Json(document.as_ref().clone()) }))
        .layer(middleware::from_fn_with_state(app.clone(), asking::identify))
        .with_state(app.clone())
}

/// Keeps the two doors apart.
pub(crate) async fn by_door(request: Request, next: Next) -> Response {
    let at_operators = request.headers().get(DOOR).is_some_and(|door| door == OPERATORS);
    let path = request.uri().path();
    let under =
        |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let of_operators = under(ROOT);
    let of_public = !of_operators && (under("/api") || under("/commands"));
    if (at_operators && of_public) || (!at_operators && of_operators) {
        return Problem::not_found("there is no such address in the API").into_response();
    }
    next.run(request).await
}

/// The same for commands of this account, which are on this machine whatever they say.
pub(crate) async fn by_door_of_commands(mut request: Request, next: Next) -> Response {
    let here = HeaderValue::from_str(&LOOPBACK.join(",")).expect("networks are plain text");
    request.headers_mut().insert(WITHIN, here);
    by_door(request, next).await
}
