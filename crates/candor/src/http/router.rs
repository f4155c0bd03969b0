//! Every address that `app` answers, in one readable list.

use std::sync::Arc;

use axum::routing::{delete, get, post};
use axum::{Json, Router, middleware};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::admission::{OwnNames, admit, secure};
use super::metrics::METRICS_PATH;
use super::{bulk, check, export, health, keys, live, metrics, queries, refusals, server, sites, ui};
use crate::processes::app::state::App;

/// The API's document without its paths, which the list below adds.
#[derive(OpenApi)]
#[openapi(info(
    title = "Candor",
    version = "2",
    description = "The public API of a Candor server. The UI uses nothing else.",
    license(name = "MIT OR Apache-2.0"),
))]
struct Document;

/// What the edge passes on: the API and the UI.
pub(crate) fn for_pages(app: Arc<App>) -> Router {
    let names = OwnNames::new(&app.public_url);
    api(&app)
        .fallback(ui::send_ui)
        .layer(middleware::from_fn_with_state(names, admit))
        .layer(middleware::from_fn(secure))
        .with_state(app)
}

/// What commands of this account may ask: the API, and what only they may.
pub(crate) fn for_commands(app: Arc<App>) -> Router {
    api(&app)
        .route("/commands/server", get(server::describe_server))
        .route("/commands/bulk", post(bulk::import_events))
        .route("/commands/sites/{domain}", delete(sites::remove_site))
        .route("/commands/sites/{domain}/export", get(export::export_events))
        .route("/commands/keys", get(keys::list_keys))
        .route("/commands/keys/rotate", post(keys::rotate_keys))
        .route("/commands/keys/rewrap", post(keys::rewrap_keys))
        .route("/commands/check", post(check::check_events))
        .route("/commands/tidy", post(server::tidy))
        .with_state(app)
}

fn api(app: &Arc<App>) -> Router<Arc<App>> {
    let (router, document) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(sites::list_sites, sites::add_site))
        .routes(routes!(sites::find_site, sites::change_site))
        .routes(routes!(refusals::list_refusals))
        .routes(routes!(live::watch_site))
        .routes(routes!(queries::run_query))
        .routes(routes!(queries::run_queries))
        .routes(routes!(health::read_health))
        .with_state::<Arc<App>>(app.clone())
        .split_for_parts();
    let document = Arc::new(document);
    router
        .method_not_allowed_fallback(ui::refuse_method)
        .route("/api/openapi.json", get(move || async move { Json(document.as_ref().clone()) }))
        .route(METRICS_PATH, get(metrics::show_metrics).with_state(app.clone()))
        .with_state(app.clone())
}
