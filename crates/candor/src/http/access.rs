//! `/api/sites/{domain}/visitors/{visitor}/access`: everything that is kept of a visitor, as a ZIP of files that people and
//! programs read. It is made while it is sent, and never looks whole when it is not.

mod archive;
mod outlet;
mod readme;
mod table;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::{Object, Verb};
use tokio::sync::mpsc;

use super::asking::Asking;
use super::input::NamedVisitor;
use super::problem::Problem;
use super::whole::{Part, Whole};
use crate::processes::app::access::{Access, AccessError};
use crate::processes::app::state::App;
use outlet::{Outlet, Stopped};

/// Chunks that wait for a slow reader; more make the packing wait.
const WAITING_MAX: usize = 4;

/// Everything that is kept of a visitor, by every id: a ZIP with events, attributes, consents and recordings, and a page that says
/// what is in it. It is written down, and the owner's to allow.
#[utoipa::path(
    get, path = "/api/sites/{domain}/visitors/{visitor}/access",
    params(("domain" = String, Path), ("visitor" = String, Path)),
    responses(
        (status = 200, description = "The ZIP; what breaks off is not whole", content_type = "application/zip", body = Vec<u8>),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site, or nothing is kept of such a visitor", body = Problem),
        (status = 503, description = "As many are being given as may be; try again", body = Problem),
    )
)]
pub(crate) async fn give_access(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedVisitor { domain, visitor }: NamedVisitor,
) -> Result<Response, Problem> {
    let (place, access) = app
        .off_thread(move |app| {
            // Of the three things that it gives, this one is opened to the fewest.
            let permit = asking.of_site(app, Verb::Export, Object::Attributes, &domain)?;
            Ok((app.access.take()?, app.hold_access(&permit, visitor)?))
        })
        .await?;
    let name = format!("attachment; filename=\"{}-visitor.zip\"", access.domain);
    let (sender, parts) = mpsc::channel(WAITING_MAX);
    tokio::task::spawn_blocking(move || {
        let _place = place;
        give(&access, &sender);
    });
    let whole = Whole::begin(parts).await.map_err(|error| Problem::internal(&error))?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_DISPOSITION, &*name),
    ];
    Ok((headers, Body::new(whole)).into_response())
}

/// Hands the ZIP over, and at the very last that this was all of it.
fn give(access: &Access, reader: &mpsc::Sender<Part<AccessError>>) {
    let (outlet, valve) = Outlet::new(reader.clone(), || access.shelf.goes_on());
    let packed = archive::pack(access, outlet, &valve);
    let end = match (packed, valve.stopped()) {
        (_, Some(Stopped::Unwanted)) => return,
        (_, Some(Stopped::Gone)) => Part::Failed(AccessError::Gone),
        (Ok(()), _) => Part::End,
        (Err(error), _) => Part::Failed(error),
    };
    let _ = reader.blocking_send(end);
}
