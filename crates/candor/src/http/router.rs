//! Every address that `app` answers, in one readable list.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::admission::admitting;
use super::asking::identify;
use super::metrics::METRICS_PATH;
use super::{
    access, agreement, aliases, api_keys, audit, backups, break_glass, bulk, check, consents, contact,
    document, erasures, export, health, heatmaps, invitations, keys, live, mail, me, members, metrics,
    objections, operators, password, privacy_text, queries, recordings, refusals, replay, requests,
    retention, said, server, session, setup, sites, support_grants, ui, visitors,
};
use crate::processes::app::state::App;

/// The API's document without its paths, which the list below adds.
#[derive(OpenApi)]
#[openapi(info(
    title = "Candor",
    version = "2",
    description = "The public API of a Candor server. The UI uses nothing else. Whoever asks is signed in by the cookie \
                   of /api/session, or bears an API key.",
    license(name = "MIT OR Apache-2.0"),
))]
struct Document;

/// What the edge passes on: the API and the UI.
pub(crate) fn for_pages(app: Arc<App>) -> Router {
    let pages = api(&app)
        .route("/api/internal/said", post(said::take_said).layer(DefaultBodyLimit::max(said::TOLD_BYTES_MAX)))
        .route("/api/internal/consent", post(said::take_consent))
        .fallback(ui::send_ui);
    let pages = pages.layer(middleware::from_fn_with_state(app.clone(), identify));
    let pages = pages.merge(operators::for_operators(&app)).layer(middleware::from_fn(operators::by_door));
    admitting(pages, &app).with_state(app)
}

/// What commands of this account may ask: the API, for which they need a key as anybody does, and what cares for the
/// server without showing any data.
pub(crate) fn for_commands(app: Arc<App>) -> Router {
    api(&app)
        .route("/commands/server", get(server::describe_server))
        .route("/commands/bulk", post(bulk::import_events))
        .route("/commands/keys", get(keys::list_keys))
        .route("/commands/keys/rotate", post(keys::rotate_keys))
        .route("/commands/keys/rewrap", post(keys::rewrap_keys))
        .route("/commands/check", post(check::check_events))
        .route("/commands/mail/test", post(mail::test_mail))
        .route("/commands/backup/now", post(backups::make_backup))
        .route("/commands/backup/list", post(backups::list_backups))
        .route("/commands/backup/drill", post(backups::judge_drill))
        .route("/commands/break-glass", post(break_glass::break_glass))
        .route("/commands/tidy", post(server::tidy))
        .route("/commands/operators", get(operators::count_operators).post(operators::enrol_first))
        .layer(middleware::from_fn_with_state(app.clone(), identify))
        .merge(operators::for_operators(&app))
        .layer(middleware::from_fn(operators::by_door_of_commands))
        .with_state(app)
}

fn api(app: &Arc<App>) -> Router<Arc<App>> {
    let (router, mut document) = OpenApiRouter::with_openapi(Document::openapi())
        .merge(of_signing_in())
        .merge(of_people())
        .merge(of_sites())
        .routes(routes!(health::read_health))
        .routes(routes!(contact::find_contact))
        .with_state::<Arc<App>>(app.clone())
        .split_for_parts();
    document::complete(&mut document);
    let document = Arc::new(document);
    router
        .method_not_allowed_fallback(ui::refuse_method)
        .route("/api/openapi.json", get(move || async move { Json(document.as_ref().clone()) }))
        .route(METRICS_PATH, get(metrics::show_metrics).with_state(app.clone()))
        .with_state(app.clone())
}

fn of_signing_in() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(setup::read_setup, setup::set_up))
        .routes(routes!(setup::begin_setup_passkey))
        .routes(routes!(session::read_session, session::sign_in, session::sign_out))
        .routes(routes!(session::show_second_factor))
        .routes(routes!(session::begin_second_passkey))
        .routes(routes!(session::begin_passkey))
        .routes(routes!(session::sign_in_by_passkey))
        .routes(routes!(session::sign_in_once))
        .routes(routes!(session::confirm))
        .routes(routes!(session::begin_confirm_passkey))
        .routes(routes!(session::make_link))
        .routes(routes!(password::ask_for_reset))
        .routes(routes!(password::reset_password))
}

fn of_people() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(me::change_me))
        .routes(routes!(me::read_security))
        .routes(routes!(me::change_password))
        .routes(routes!(me::begin_totp, me::finish_totp, me::end_totp))
        .routes(routes!(me::begin_my_passkey))
        .routes(routes!(me::add_passkey))
        .routes(routes!(me::end_passkey))
        .routes(routes!(me::renew_recovery_codes))
        .routes(routes!(me::list_devices, me::end_other_devices))
        .routes(routes!(me::end_device))
        .routes(routes!(members::list_organizations))
        .routes(routes!(members::change_organization))
        .routes(routes!(agreement::read_agreement, agreement::accept_agreement))
        .routes(routes!(members::list_people))
        .routes(routes!(members::change_person, members::remove_person))
        .routes(routes!(members::make_reset_link))
        .routes(routes!(invitations::list_invitations, invitations::invite))
        .routes(routes!(invitations::end_invitation))
        .routes(routes!(invitations::look_at_invitation))
        .routes(routes!(invitations::begin_invitation_passkey))
        .routes(routes!(invitations::accept_invitation))
        .routes(routes!(api_keys::list_keys, api_keys::make_key))
        .routes(routes!(api_keys::end_key))
        .routes(routes!(audit::list_acts))
        .routes(routes!(audit::read_checkpoint))
        .routes(routes!(audit::export_acts))
        .routes(routes!(support_grants::list_grants))
        .routes(routes!(support_grants::approve_grant))
        .routes(routes!(support_grants::decline_grant))
        .routes(routes!(support_grants::end_grant))
}

fn of_sites() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(sites::list_sites, sites::add_site))
        .routes(routes!(sites::find_site, sites::change_site, sites::remove_site))
        .routes(routes!(refusals::list_refusals))
        .routes(routes!(recordings::list_recordings, recordings::remove_recordings))
        .routes(routes!(recordings::find_recording, recordings::remove_recording))
        .routes(routes!(recordings::read_recording))
        .routes(routes!(visitors::find_visitors))
        .routes(routes!(visitors::show_visitor))
        .routes(routes!(visitors::correct_visitor))
        .routes(routes!(consents::list_consents, consents::add_consent))
        .routes(routes!(consents::withdraw_consent))
        .routes(routes!(visitors::list_left_out))
        .routes(routes!(privacy_text::read_privacy_text))
        .routes(routes!(heatmaps::show_heatmap))
        .routes(routes!(heatmaps::list_heatmap_pages))
        .routes(routes!(heatmaps::list_heatmap_recordings))
        .routes(routes!(replay::find_replay))
        .routes(routes!(requests::ask_site))
        .routes(routes!(requests::list_requests))
        .routes(routes!(requests::answer_request))
        .routes(routes!(live::watch_site))
        .routes(routes!(export::export_events))
        .routes(routes!(queries::run_query))
        .routes(routes!(queries::run_queries))
        .routes(routes!(aliases::merge_visitors, aliases::unmerge_visitors))
        .routes(routes!(aliases::restrict_visitor, aliases::unrestrict_visitor))
        .routes(routes!(erasures::preview_erasure, erasures::erase_visitor))
        .routes(routes!(erasures::list_erasures))
        .routes(routes!(erasures::find_erasure))
        .routes(routes!(retention::show_retention))
        .routes(routes!(access::give_access))
        .routes(routes!(objections::add_objection, objections::end_objection))
}
